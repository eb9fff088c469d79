"""The log of accepted entries, chained by hash: what was on record stays, and corrections follow.

`log.jsonl` has one line for every entry when it was accepted, with the whole entry, its digest and
the hash of the line before. An entry that is edited or deleted afterwards no longer agrees with its
line; a line that is edited or deleted breaks the chain. It guards against mistakes and quiet edits.
A person who writes the whole log anew is found out by anybody who kept an earlier head.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from overt.errors import UsageError, WorkspaceError
from overt.record.problems import Problem, shown
from overt.record.schema import Entry, plain
from overt.vocabulary.instants import rfc3339


LOG = "log.jsonl"
START = "0" * 64
EDITED = "the accepted entry was edited"
MOST_BYTES = 512 * 1024 * 1024
# What may be added to an entry on record: items to these lists, and what was empty before.
GROWING = {
    "authority": {"names"},
    "source": {"origins"},
    "claim": {"readings"},
    "act": {"readings"},
    "proceeding": {"parties", "judges", "consolidated_with", "claims"},
}
ONCE = {"source": {"family"}, "claim": {"act"}, "act": {"proceeding"}}
_SUPERSEDED = {
    "claim",
    "act",
}  # corrected by a successor only; the others are amended with a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """One line of the log: an entry as it was accepted, by whom and when."""

    seq: int
    at: str
    who: str
    what: str  # entered, grown, amended
    kind: str
    id: str
    fields: dict[str, Any]
    why: str
    prev: str
    hash: str


def fields_of(entry: Entry) -> dict[str, Any]:
    """Return an entry as it is kept in the log: plain values, defaults left out."""
    body: dict[str, Any] = plain(entry.body)
    return body


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the record's lock, so that of two writers one waits for the other."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        raise WorkspaceError(
            f"the record cannot be written: {problem.strerror}", where=str(folder)
        ) from problem
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read_log(folder: Path) -> tuple[list[Sealed], list[Problem]]:
    """Return the lines of the log up to the first that is unsound, and what is wrong with it."""
    path = folder / LOG
    if not path.exists():
        return [], []
    try:
        if path.is_symlink() or path.stat().st_size > MOST_BYTES:
            return [], [_told(0, "", "it is a link, or larger than any record", "restore the file")]
        return log_of(path.read_bytes())
    except OSError as problem:
        return [], [_told(0, "", f"it cannot be read: {problem.strerror}", "mend its permissions")]


def log_of(raw: bytes) -> tuple[list[Sealed], list[Problem]]:
    """Return the lines that these bytes of a log hold, and what is wrong with the first bad one."""
    lines: list[Sealed] = []
    for number, text in enumerate(raw.split(b"\n"), 1):
        if not text.strip():
            continue
        try:
            body = json.loads(text)
            line = Sealed(**body)
            is_whole = line.hash == _hash(body)
        except (ValueError, TypeError, RecursionError):
            is_whole, line = False, None
        if not is_whole or line is None:
            what = "this line was edited: it does not agree with its own hash"
            return lines, [_told(number, "hash", what, _RESTORE)]
        last = lines[-1].hash if lines else START
        if line.prev != last or line.seq != len(lines) + 1:
            what = f"line {line.seq} does not follow the one before it"
            return lines, [_told(number, "prev", what, _RESTORE)]
        lines.append(line)
    return lines, []


def compare(
    entries: Iterable[Entry], before: Mapping[str, tuple[str, Mapping[str, Any]]], origin: str
) -> Iterator[Problem]:
    """Yield what was edited or deleted since: each with how to correct an entry instead.

    Args:
        entries: the entries of the record now.
        before: id -> kind and fields, as they were on record.
        origin: where they were on record, in words.
    """
    now = {e.id: e for e in entries}
    for entry_id, (kind, old) in sorted(before.items()):
        entry = now.get(entry_id)
        if entry is None:
            yield Problem(
                file=f"{kind} {entry_id}",
                line=0,
                field="id",
                what=f"{shown(entry_id)} was deleted; it stands in {origin}",
                expected="every accepted entry stays",
                remedy=f"put it back as {origin} has it; {_correct(kind, entry_id)}",
            )
        elif not entry.broken and (changed := _edited(kind, old, fields_of(entry))):
            name = changed[0]
            yield entry.problem(
                name,
                f"{EDITED}: {shown(old.get(name, 'nothing'))} became"
                f" {shown(fields_of(entry).get(name, 'nothing'))}",
                f"{', '.join(changed)} as in {origin}",
                f"put it back; {_correct(kind, entry_id)}",
            )


def check_log(entries: Sequence[Entry], folder: Path) -> tuple[list[Problem], list[Sealed]]:
    """Return how a record departs from its own log, and the log."""
    lines, problems = read_log(folder)
    latest = {line.id: (line.kind, line.fields) for line in lines}
    return [*problems, *compare(entries, latest, LOG)], lines


def check_earlier(
    entries: Sequence[Entry], lines: Sequence[Sealed], earlier: "Earlier"
) -> Iterator[Problem]:
    """Yield how a record and its log depart from an earlier state of both."""
    for mine, theirs in zip(lines, earlier.lines, strict=False):
        if mine.hash != theirs.hash:
            what = f"line {theirs.seq} is not the one {earlier.name} has"
            yield _told(theirs.seq, "hash", what, _RESTORE)
            break
    if len(lines) < len(earlier.lines):
        what = f"{len(lines)} lines; {earlier.name} has {len(earlier.lines)}"
        yield _told(0, "", what, _RESTORE)
    amended = {line.id: line.fields for line in lines if line.what == "amended"}
    before = {
        e.id: (e.kind, fields_of(e))
        for e in earlier.entries
        if not e.broken and e.id and not _same(amended.get(e.id), e.id, entries)
    }
    yield from compare(entries, before, earlier.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier state of a record: its entries and its log, and what to call it."""

    name: str
    entries: list[Entry]
    lines: list[Sealed]


def seal(folder: Path, entries: Iterable[Entry], who: str, at: datetime, why: str) -> list[Sealed]:
    """Append every entry that is new, grown or amended to the log; the caller holds the lock.

    Raises:
        UsageError: when an entry was amended and no reason is given, or nobody is named.
        WorkspaceError: when the log is unsound or cannot be written.
    """
    if not who.strip():
        raise UsageError("nobody is named", remedy="add --as NAME: the log keeps who and when")
    lines, problems = read_log(folder)
    if problems:
        raise WorkspaceError(problems[0].what, where=f"{folder / LOG}", remedy=_RESTORE)
    latest = {line.id: line for line in lines}
    last = lines[-1].hash if lines else START
    added: list[Sealed] = []
    for entry in entries:
        fields = fields_of(entry)
        old = latest.get(entry.id)
        if old is not None and old.fields == fields:
            continue
        what = "entered" if old is None else "grown"
        if old is not None and _edited(entry.kind, old.fields, fields):
            what = "amended"
            if entry.kind in _SUPERSEDED or not why.strip():
                raise UsageError(
                    f"{entry.id} was edited after it was accepted",
                    where=entry.file,
                    remedy=_correct(entry.kind, entry.id),
                )
        body: dict[str, Any] = {
            "seq": len(lines) + len(added) + 1,
            "at": rfc3339(at),
            "who": who.strip(),
            "what": what,
            "kind": entry.kind,
            "id": entry.id,
            "fields": fields,
            "why": why.strip() if what == "amended" else "",
            "prev": last,
        }
        last = _hash(body)
        added.append(Sealed(**body, hash=last))
    _append(folder / LOG, added)
    return added


def _append(path: Path, lines: Sequence[Sealed]) -> None:
    if not lines:
        return
    text = "".join(json.dumps(asdict(s), ensure_ascii=False) + "\n" for s in lines)
    try:
        torn = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size
        with path.open("a", encoding="utf-8", newline="\n") as opened:
            opened.write(f"\n{text}" if torn else text)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as problem:
        raise WorkspaceError(
            f"the log cannot be written: {problem.strerror}", where=str(path)
        ) from problem


def _hash(body: Mapping[str, Any]) -> str:
    kept = {k: v for k, v in body.items() if k != "hash"}
    text = json.dumps(kept, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return sha256(text.encode("ascii")).hexdigest()


def _edited(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return the fields that are not as they were, and did not just grow."""
    changed = []
    for name in [*old, *(n for n in new if n not in old)]:
        was, is_now = old.get(name), new.get(name)
        grew = name in GROWING.get(kind, ()) and (is_now or [])[: len(was or [])] == (was or [])
        once = name in ONCE.get(kind, ()) and not was
        if was != is_now and not grew and not once:
            changed.append(name)
    return changed


def _same(fields: Mapping[str, Any] | None, entry_id: str, entries: Iterable[Entry]) -> bool:
    return fields is not None and any(e.id == entry_id and fields_of(e) == fields for e in entries)


_RESTORE = "restore the log from a copy; lines are only ever added, by overt record seal"


def _correct(kind: str, entry_id: str) -> str:
    if kind in _SUPERSEDED:
        return f"to correct it, add a new {kind} with an id of its own and supersedes: {entry_id}"
    return "to correct it, change the file and run overt record seal --as NAME --why REASON"


def _told(line: int, field: str, what: str, remedy: str) -> Problem:
    expected = "the lines as they were written, each with the hash of the one before"
    return Problem(file=LOG, line=line, field=field, what=what, expected=expected, remedy=remedy)
