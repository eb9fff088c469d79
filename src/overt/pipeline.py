"""Runs the floors in order; the only room that knows the whole order.

Files become observations once, by content. Verdicts, cells and votes are derived by calendar month
(by day where a month is large), and only where their inputs changed; changes and incidents are
derived from all votes. A run over the same input with the same versions writes nothing.
"""

import calendar
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

import overt
from overt import cells
from overt.changes.registry import detect_all, series_of
from overt.engine.base import from_json, schema_of, table_of, to_json
from overt.engine.duck import Duck
from overt.engine.workspace import Part, SourceRecord, Workspace, fingerprint
from overt.errors import UsageError
from overt.incidents.gather import cases_of, gather
from overt.observations.build import Intake, batches
from overt.reference.platforms import PlatformList, load_platforms
from overt.settings import Settings
from overt.sources.reader import digest
from overt.verdicts.judge import REACH_BACK, judge
from overt.verdicts.rulebook import Rulebook, bundled
from overt.vocabulary.facts import Observation
from overt.vocabulary.judgements import Change, Incident, Verdict, Versions, Vote


INPUT_ENDINGS = (".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
PART_ROWS = 100_000
DAY_BY_DAY_ABOVE = 150_000  # observations in a month; above it a day at a time keeps memory bounded

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


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of whole UTC days that is judged at once, and its name in the catalog."""

    name: str
    first: date
    last: date


def find_inputs(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the files to read, and those in the folders that are not measurements by their name.

    A file named outright is read whatever its name.

    Raises:
        UsageError: when a path does not exist, or nothing to read is found.
    """
    files: list[Path] = []
    others: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError(
                "there is no such file or folder",
                where=str(path),
                remedy="check the path; overt run takes files and folders of measurements",
            )
        if path.is_file():
            files.append(path)
            continue
        # a link that leads nowhere is listed too: it is told as unreadable, not passed over
        for found in sorted(p for p in path.rglob("*") if p.is_file() or p.is_symlink()):
            (files if found.name.lower().endswith(INPUT_ENDINGS) else others).append(found)
    if not files:
        raise UsageError(
            f"no measurements found; looked for names ending in {', '.join(INPUT_ENDINGS)}",
            where=", ".join(map(str, paths)),
            remedy="name a file outright to have it read whatever its name",
        )
    return sorted(set(files)), others


def versions_of(book: Rulebook, platforms: PlatformList) -> Versions:
    """Return what names the program, rules and lists a conclusion was drawn with."""
    return Versions(code=overt.__version__, rulebook=book.version, reference=platforms.version)


def run(
    paths: Sequence[Path], settings: Settings, now: datetime, progress: Progress = no_progress
) -> RunReport:
    """Bring a workspace up to date with these files and folders.

    Raises:
        UsageError: a path that does not exist, or nothing to read.
        WorkspaceError: the workspace cannot be written, or another run is writing.
    """
    files, others = find_inputs(paths)
    workspace = Workspace(settings.workspace, create=True)
    report = RunReport(skipped=[str(p) for p in others])
    try:
        with workspace.writing():
            take_in(files, workspace, now, report, progress)
            derive(workspace, settings, report, progress)
    finally:
        workspace.close()
    return report


# -- observations ----------------------------------------------------------------------------------


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
    waiting: list[tuple[Intake, list[pa.Table]]] = []
    for done, path in enumerate(files):
        progress("reading", done, len(files))
        try:
            source_id = digest(path)
        except OSError as problem:
            report.defects.append((str(path), f"it cannot be read: {problem.strerror}"))
            continue
        if workspace.knows(source_id) or any(i.source_id == source_id for i, _ in waiting):
            report.n_files_known += 1
            if workspace.knows(source_id):
                workspace.enter_path(source_id, str(path))
            continue
        intake = Intake(source_id, path)
        parts: list[Part] = []
        tables: list[pa.Table] = []
        for table in batches(intake, now):
            tables.append(table)
            if sum(t.num_rows for t in tables) >= PART_ROWS:
                parts.append(_observation_part(workspace, [intake], len(parts), tables))
                tables = []
        _count(intake, report)
        if parts:
            if tables:
                parts.append(_observation_part(workspace, [intake], len(parts), tables))
            workspace.enter_source([_record(intake)], parts, intake.quarantined)
            continue
        waiting.append((intake, tables))
        if sum(t.num_rows for _, ts in waiting for t in ts) >= PART_ROWS // 4:
            _enter(workspace, waiting)
            waiting = []
    _enter(workspace, waiting)
    progress("reading", len(files), len(files))


def _enter(workspace: Workspace, waiting: Sequence[tuple[Intake, list[pa.Table]]]) -> None:
    intakes = [intake for intake, _ in waiting]
    tables = [table for _, some in waiting for table in some]
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


# -- verdicts, cells, votes ------------------------------------------------------------------------


def derive(
    workspace: Workspace,
    settings: Settings,
    report: RunReport,
    progress: Progress = no_progress,
) -> None:
    """Bring verdicts, cells, votes, changes and incidents up to date with the observations."""
    book, platforms = bundled(), load_platforms()
    versions = versions_of(book, platforms)
    observed = workspace.parts("observation")
    known = {part.partition: part for part in workspace.parts("verdict")}
    spans = list(_spans(workspace, settings, observed))
    for done, span in enumerate(spans):
        progress("judging", done, len(spans))
        near = _overlapping(observed, span)
        made_from = fingerprint(versions, [p.name for p in near], span.name)
        if span.name in known and known[span.name].fingerprint == made_from:
            continue
        added = _judge_span(workspace, settings, span, near, made_from, book, platforms)
        stale = [
            p
            for tier in ("verdict", "cell", "vote")
            for p in workspace.parts(tier)
            if p.partition == span.name
        ]
        workspace.replace_parts(stale, added)
        report.n_partitions_judged += 1
    progress("judging", len(spans), len(spans))
    gone = {span.name for span in spans}
    stale = [
        p
        for tier in ("verdict", "cell", "vote")
        for p in workspace.parts(tier)
        if p.partition not in gone
    ]
    if stale:
        workspace.replace_parts(stale, [])
    report.n_incidents = _conclude(workspace, settings, platforms, versions, progress)


def _spans(workspace: Workspace, settings: Settings, parts: Sequence[Part]) -> Iterator[Span]:
    """Yield the months that have observations, or their days where a month is large."""
    if not parts:
        return
    with Duck(settings) as duck:
        duck.parts("observation", [workspace.path_of(p) for p in parts], schema_of(Observation))
        rows = duck.query(
            "SELECT date_trunc('day', measurement_start_time)::DATE AS day, count(*) AS n"
            " FROM observation GROUP BY 1 ORDER BY 1"
        ).to_pylist()
    months: dict[tuple[int, int], list[tuple[date, int]]] = {}
    for row in rows:
        months.setdefault((row["day"].year, row["day"].month), []).append((row["day"], row["n"]))
    for (year, month), days in months.items():
        if sum(n for _, n in days) > DAY_BY_DAY_ABOVE:
            for day, _ in days:
                yield Span(day.isoformat(), day, day)
        else:
            last = calendar.monthrange(year, month)[1]
            yield Span(f"{year:04}-{month:02}", date(year, month, 1), date(year, month, last))


def _overlapping(parts: Sequence[Part], span: Span) -> list[Part]:
    """Return the parts that can hold a row of the span or of the hours around it."""
    low = datetime(span.first.year, span.first.month, span.first.day) - REACH_BACK  # noqa: DTZ001
    high = (
        datetime(span.last.year, span.last.month, span.last.day)  # noqa: DTZ001
        + timedelta(days=1)
        + REACH_BACK
    )
    return [
        p
        for p in parts
        if p.first_hour is not None
        and p.last_hour is not None
        and p.first_hour < high.isoformat()
        and p.last_hour >= low.isoformat()
    ]


def _judge_span(
    workspace: Workspace,
    settings: Settings,
    span: Span,
    near: Sequence[Part],
    made_from: str,
    book: Rulebook,
    platforms: PlatformList,
) -> list[Part]:
    with Duck(settings) as duck:
        duck.parts("observation", [workspace.path_of(p) for p in near], schema_of(Observation))
        verdicts = judge(duck, span.first, span.last, book, platforms)
        duck.table("verdict", verdicts)
        tables = {"verdict": verdicts, "cell": cells.tally(duck), "vote": cells.votes(duck)}
    return [
        workspace.write_part(tier, span.name, made_from, table, "hour")
        for tier, table in tables.items()
    ]


# -- changes and incidents -------------------------------------------------------------------------


def _conclude(
    workspace: Workspace,
    settings: Settings,
    platforms: PlatformList,
    versions: Versions,
    progress: Progress,
) -> int:
    """Derive changes and incidents when the votes changed; return how many incidents there are."""
    progress("detecting", 0, 1)
    votes = workspace.parts("vote")
    made_from = fingerprint(versions, [(p.name, p.fingerprint) for p in votes])
    stored = workspace.document("incidents")
    if stored is not None and stored[0] == made_from:
        progress("detecting", 1, 1)
        return len(stored[1])
    with Duck(settings) as duck:
        duck.parts("vote", [workspace.path_of(p) for p in votes], schema_of(Vote))
        duck.parts(
            "verdict",
            [workspace.path_of(p) for p in workspace.parts("verdict")],
            schema_of(Verdict),
        )
        table = duck.query("SELECT * FROM vote ORDER BY cc, target, asn, hour, unit")
        changes = detect_all(series_of(table.to_pylist()))
        combine = {p.id: p.combine for p in platforms.platforms}
        incidents = gather(cases_of(table, combine), changes, duck, versions)
    part = workspace.write_part(
        "change", "all", made_from, table_of(Change, map(asdict, changes)), "alerted_at"
    )
    workspace.replace_parts(workspace.parts("change"), [part])
    workspace.store_documents(made_from, {"incidents": to_json(incidents)})
    progress("detecting", 1, 1)
    return len(incidents)


def incidents_in(workspace: Workspace) -> list[Incident]:
    """Return the incidents a workspace holds, by country, platform and onset."""
    stored = workspace.document("incidents")
    return [] if stored is None else from_json(list[Incident], stored[1])


def relations(workspace: Workspace, duck: Duck, tiers: Iterable[str]) -> None:
    """Make tiers of a workspace readable in `duck` under their own names."""
    schemas = {
        "observation": schema_of(Observation),
        "verdict": schema_of(Verdict),
        "cell": schema_of(cells.Cell),
        "vote": schema_of(Vote),
        "change": schema_of(Change),
    }
    for tier in tiers:
        paths = [workspace.path_of(p) for p in workspace.parts(tier)]
        duck.parts(tier, paths, schemas[tier])
