"""The ledger: a folder of YAML files that is checked whole and loaded whole, and added to.

`check` tells every problem; `load` hands out a record only where there is none. Nothing here edits
an entry: `enter` writes a new file, or adds a claim to the end of its source's file.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from overt.errors import RecordError, WorkspaceError
from overt.record.chain import EDITED, START, Sealed, check_log, held, seal
from overt.record.crosscheck import Shelf, check_links, supersession, unique_ids
from overt.record.layout import FOLDERS, TextOf, file_name, folder_of, read_folder, texts_beside
from overt.record.problems import Problem
from overt.record.schema import Entry, plain
from overt.record.soundness import check_entry
from overt.record.yamltext import dump
from overt.vocabulary.stated import Act, Authority, Claim, Proceeding, Record, Source


@dataclass(slots=True)
class Checked:
    """What a check found: the record as far as it could be read, problems, and remarks.

    `notices` are no faults: quotes that could not be compared, entries not in the log yet.
    """

    record: Record
    problems: list[Problem]
    notices: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    lines: list[Sealed] = field(default_factory=list)

    @property
    def head(self) -> str:
        """Return the hash of the log's last line: keep it elsewhere, and compare."""
        return self.lines[-1].hash if self.lines else START

    @property
    def counts(self) -> dict[str, int]:
        """Return how many entries of each kind could be read."""
        return {name: len(getattr(self.record, name)) for name in (*FOLDERS, "claims")}


def check(folder: Path, text_of: TextOf | None = None, now: datetime | None = None) -> Checked:
    """Return everything that is wrong with a record, in the order of files and lines.

    Args:
        folder: the record's folder.
        text_of: the stored text of a source, None where it is not at hand; by default the file
            `texts/<text_sha256>.txt` of the folder.
        now: the present; readings after it are refused. None: not checked.
    """
    files = read_folder(folder)
    problems, shelf = files.problems, Shelf(met=set(files.unread_ids))
    at_hand = lru_cache(maxsize=64)(text_of or texts_beside(folder))
    problems += unique_ids(files.entries, shelf)
    unread = files.unread_ids
    for entry in files.entries:
        problems += check_entry(entry, now)
        problems += check_links(entry, shelf, at_hand)
    problems += supersession(shelf)
    unlike, lines = check_log(files.entries, folder)
    problems += unlike
    checked = Checked(record_of(files.entries), sorted(set(problems)))
    checked.entries, checked.lines = files.entries, lines
    checked.notices += _notices(checked.record, at_hand, n_unread=len(unread))
    n_unsealed = len({e.id for e in files.entries} - {line.id for line in lines})
    if n_unsealed:
        checked.notices.append(
            f"{n_unsealed} entries are not in the log yet; overt record seal adds them"
        )
    return checked


def seal_all(folder: Path, who: str, at: datetime, why: str = "") -> list[Sealed]:
    """Add every entry that the log does not have yet, and return its new lines.

    Raises:
        RecordError: when the record is unsound; amended entries do not count, if `why` is given.
        UsageError: when something was amended and no reason is given.
    """
    with held(folder):
        checked = check(folder, now=at)
        amendable = {e.id for e in checked.entries if e.kind not in {"claim", "act"}}
        sealed = {line.id for line in checked.lines}
        by_place = {(e.file, e.prefix): e.id for e in checked.entries}
        grave = [
            p
            for p in checked.problems
            if not (
                why.strip()
                and p.what.startswith(EDITED)
                and by_place.get((p.file, "")) in amendable & sealed
                and not p.field.startswith("claims[")
            )
        ]
        if grave:
            raise unsound(grave, folder)
        return seal(folder, checked.entries, who, at, why)


def load(folder: Path, text_of: TextOf | None = None) -> Record:
    """Return the record of a folder.

    Raises:
        RecordError: when anything is wrong with it; `problems` has every single thing.
    """
    checked = check(folder, text_of)
    if checked.problems:
        raise unsound(checked.problems, folder)
    return checked.record


def unsound(problems: Iterable[Problem], folder: Path) -> RecordError:
    """Return the error that tells these problems."""
    found = list(problems)
    said = "1 problem" if len(found) == 1 else f"{len(found):,} problems"
    return RecordError(f"the record has {said}", problems=found, where=str(folder))


def record_of(entries: Iterable[Entry]) -> Record:
    """Return the entries that could be read whole, by id."""
    record = Record()
    shelves: dict[type, dict[str, Any]] = {
        Authority: record.authorities,
        Source: record.sources,
        Claim: record.claims,
        Act: record.acts,
        Proceeding: record.proceedings,
    }
    for entry in entries:
        if not entry.broken:
            shelves[type(entry.body)].setdefault(entry.id, entry.body)
    return record


def superseded(record: Record) -> frozenset[str]:
    """Return the ids of claims and acts that a later entry corrects; they stay on record."""
    later: list[Claim | Act] = [*record.claims.values(), *record.acts.values()]
    return frozenset(e.supersedes for e in later if e.supersedes)


def written(body: Any, claims: Iterable[Claim] = ()) -> str:  # noqa: ANN401 - an entry
    """Return an entry as the text of its file; a source with its claims, in the order given."""
    fields = plain(body)
    quoted = [_claim_fields(c) for c in claims]
    if quoted:
        fields["claims"] = quoted
    return dump(fields)


def path_of(body: Any, record: Record, folder: Path) -> Path:  # noqa: ANN401 - an entry
    """Return the file an entry belongs into."""
    owner = record.sources[body.span.source].id if isinstance(body, Claim) else body.id
    return folder / folder_of(type(body).__name__.lower()) / file_name(owner)


def enter(body: Any, record: Record, folder: Path) -> Path:  # noqa: ANN401 - an entry
    """Write an accepted entry and return its file; the folder's other bytes stay as they are.

    A claim is added below the claims of its source. The file is replaced whole or not at all.

    Raises:
        WorkspaceError: when the file is there already, or cannot be written.
    """
    path = path_of(body, record, folder)
    if not isinstance(body, Claim):
        if path.exists():
            raise WorkspaceError(
                f"{path.name} is there already; entries are not edited",
                where=str(path),
                remedy="give the new entry an id of its own, and supersedes: the id it corrects",
            )
        write_whole(path, written(body))
        return path
    try:
        text = path.read_text("utf-8")
    except OSError as problem:
        raise WorkspaceError(
            f"the source's file cannot be read: {problem}", where=str(path)
        ) from problem
    has_claims = any(c.span.source == body.span.source for c in record.claims.values())
    write_whole(path, _with_claim(text, body, has_claims=has_claims))
    return path


def _with_claim(text: str, claim: Claim, *, has_claims: bool) -> str:
    """Return a source's file with one more claim at its end, by hand-written files' own layout."""
    added = dump({"claims": [_claim_fields(claim)]})
    kept = text if text.endswith("\n") else f"{text}\n"
    if not has_claims:
        lines = [ln for ln in kept.splitlines(keepends=True) if ln.strip() not in _NO_CLAIMS]
        return "".join(lines) + added
    return kept + added.partition("\n")[2]


_NO_CLAIMS = {"claims: []", "claims:"}


def _claim_fields(claim: Claim) -> dict[str, Any]:
    fields: dict[str, Any] = plain(claim)
    del fields["span"]["source"]  # it is the file's
    return fields


def write_whole(path: Path, text: str) -> None:
    """Replace a file by a text, all of it or nothing, and see it to the disk.

    Raises:
        WorkspaceError: when it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(path)
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as problem:
        with suppress(OSError):
            beside.unlink()
        raise WorkspaceError(
            f"the file cannot be written: {problem.strerror or problem}",
            where=str(path),
            remedy="mind the permissions and the free space of the record's folder",
        ) from problem


def _notices(record: Record, text_of: TextOf, n_unread: int) -> list[str]:
    said = []
    quoted = {c.span.source for c in record.claims.values()}
    absent = sorted(i for i in quoted if i in record.sources and text_of(record.sources[i]) is None)
    if absent:
        said.append(
            f"quotes from {len(absent)} of {len(quoted)} sources were not compared:"
            " their texts are not at hand"
        )
    old = superseded(record)
    for act in record.acts.values():
        rests = sorted(set(act.claims) & old)
        if rests and act.id not in old:
            said.append(f"{act.id} rests on {', '.join(rests)}, which was superseded since")
    if n_unread:
        said.append("some files could not be read; what refers to them was not checked")
    return said
