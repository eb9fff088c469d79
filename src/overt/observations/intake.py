"""Files into the workspace, each once by its content, with every line read or set apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa

import overt
from overt.engine.workspace import Part, SourceRecord, Workspace, fingerprint
from overt.errors import UsageError
from overt.observations.build import Intake, batches
from overt.sources.reader import digest


INPUT_ENDINGS = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
PART_ROWS = 100_000
FILES_AT_ONCE = 1000  # files that give no observations are entered too, and not kept waiting

Progress = Callable[[str, int, int], None]


def no_progress(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class RunReport:
    """What a run did; every line of every new file is in exactly one of `n_read`, `quarantined`."""

    n_files_new: int = 0
    n_files_known: int = 0
    n_lines: int = 0
    n_read: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    defects: list[tuple[str, str]] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    n_partitions_judged: int = 0
    n_incidents: int = 0
    not_watched: dict[str, int] = field(default_factory=dict)  # votes and series, by reason
    recorded: dict[str, int] = field(default_factory=dict)  # versions appended, by kind


def find_inputs(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the files to read, and those in the folders that are not measurements by their name.

    A file named outright is read whatever its name.

    Raises:
        UsageError: when a path does not exist, or nothing to read is found.
    """
    files: list[Path] = []
    others: list[Path] = []
    for path in paths:
        try:
            is_there = path.exists()
        except OSError:  # for one a name longer than the file system allows
            is_there = False
        if not is_there:
            raise UsageError(
                "there is no such file or folder",
                where=str(path)[:200],
                remedy="check the path; overt run takes files and folders of measurements",
            )
        if path.is_file():
            files.append(path)
            continue
        # a link that leads nowhere is listed too and told as unreadable; a pipe or device, or a
        # link to one, is not: it may never end
        for found in sorted(p for p in path.rglob("*") if p.is_file() or not p.exists()):
            (files if found.name.lower().endswith(INPUT_ENDINGS) else others).append(found)
    if not files:
        raise UsageError(
            f"no measurements found; looked for names ending in {', '.join(INPUT_ENDINGS)}",
            where=", ".join(map(str, paths)),
            remedy="name a file outright to have it read whatever its name",
        )
    return sorted(set(files)), others


def take_in(
    files: Sequence[Path],
    workspace: Workspace,
    now: datetime,
    report: RunReport,
    progress: Progress = no_progress,
) -> None:
    """Turn files not yet known by their content into observations and quarantine rows.

    Small files share a part; a file and its parts are entered together, so that a killed run
    leaves a file either wholly in or wholly out.
    """
    waiting = _Waiting(workspace)
    defects = {s.id: s.defect for s in workspace.sources() if s.defect}
    for done, path in enumerate(files):
        progress("reading", done, len(files))
        try:
            source_id = digest(path)
        except OSError as problem:
            report.defects.append((str(path), f"it cannot be read: {problem.strerror}"))
            continue
        if workspace.knows(source_id) or source_id in waiting.ids:
            report.n_files_known += 1
            if source_id not in waiting.ids:
                workspace.enter_path(source_id, str(path))
            if source_id in defects:
                report.defects.append((str(path), f"{defects[source_id]} (known before)"))
            continue
        _take_in_one(Intake(source_id, path), waiting, now, report)
    waiting.flush()
    progress("reading", len(files), len(files))


class _Waiting:
    """Small files on their way into one part together."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.ids: set[str] = set()
        self._intakes: list[Intake] = []
        self._tables: list[pa.Table] = []
        self._n_rows = 0

    def add(self, intake: Intake, tables: Sequence[pa.Table]) -> None:
        """Take a file, and enter all that wait when they are enough for a part."""
        self._intakes.append(intake)
        self._tables += tables
        self.ids.add(intake.source_id)
        self._n_rows += sum(t.num_rows for t in tables)
        if self._n_rows >= PART_ROWS // 4 or len(self._intakes) >= FILES_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Enter what waits."""
        _enter(self.workspace, self._intakes, self._tables)
        self.ids.clear()
        self._intakes, self._tables, self._n_rows = [], [], 0


def _take_in_one(intake: Intake, waiting: _Waiting, now: datetime, report: RunReport) -> None:
    parts: list[Part] = []
    tables: list[pa.Table] = []
    n_rows = 0
    for table in batches(intake, now):
        tables.append(table)
        n_rows += table.num_rows
        if n_rows >= PART_ROWS:
            parts.append(_observation_part(waiting.workspace, [intake], len(parts), tables))
            tables, n_rows = [], 0
    _count(intake, report)
    if not parts:
        waiting.add(intake, tables)
        return
    if tables:
        parts.append(_observation_part(waiting.workspace, [intake], len(parts), tables))
    waiting.workspace.enter_source([_record(intake)], parts, intake.quarantined)


def _enter(workspace: Workspace, intakes: Sequence[Intake], tables: Sequence[pa.Table]) -> None:
    if not intakes:
        return
    parts = [_observation_part(workspace, intakes, 0, tables)] if tables else []
    workspace.enter_source(
        [_record(i) for i in intakes], parts, [q for i in intakes for q in i.quarantined]
    )


def _observation_part(
    workspace: Workspace, intakes: Sequence[Intake], index: int, tables: Sequence[pa.Table]
) -> Part:
    made_from = fingerprint(overt.__version__, [i.source_id for i in intakes], index)
    return workspace.write_part(
        "observation",
        intakes[0].source_id[:16],
        made_from,
        pa.concat_tables(tables),
        "measurement_start_time",
    )


def _record(intake: Intake) -> SourceRecord:
    return SourceRecord(
        id=intake.source_id,
        path=str(intake.path),
        kind=intake.kind,
        size_bytes=intake.path.stat().st_size,
        reader=overt.__version__,
        n_lines=intake.n_lines,
        n_read=intake.n_read,
        n_quarantined=intake.n_quarantined,
        n_observations=intake.n_observations,
        defect=intake.defect,
        notices=intake.notices,
    )


def _count(intake: Intake, report: RunReport) -> None:
    report.n_files_new += 1
    report.n_lines += intake.n_lines
    report.n_read += intake.n_read
    for quarantined in intake.spoiled_lines():
        reason = quarantined.reason
        report.quarantined[reason] = report.quarantined.get(reason, 0) + 1
    if intake.defect:
        report.defects.append((str(intake.path), intake.defect))
    elif intake.n_lines and not intake.n_read and not _only_unread(intake):
        report.defects.append((str(intake.path), "not one line of it could be read"))
    report.notices += [(str(intake.path), notice) for notice in intake.notices]


def _only_unread(intake: Intake) -> bool:
    return all(q.reason == "no_reader_yet" for q in intake.quarantined)
