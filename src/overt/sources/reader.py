"""What every reader shares: bounded lines out of hostile bytes, and rows or quarantine, never less.

A reader exhausts its input. Each line of a file becomes either facts or a quarantine row with its
line number and a reason; nothing is dropped silently, and the counts must add up.
"""

import csv
import hashlib
import io
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from isal import isal_zlib


MAX_LINE_BYTES = 32 * 2**20
MAX_RECORD_LINES = 100  # hand-set: a title or URL of more lines is an open quote
_CHUNK = 2**20
_FEED = 2**12
CLOCK_TOLERANCE = timedelta(hours=1)  # hand-set: a probe may be an hour ahead, not a day


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, numbered from 1, without its line end."""

    number: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A line, or with number 0 the rest of a file, that cannot be used, and why."""

    number: int
    reason: str
    detail: str


class Damage(Exception):  # noqa: N818 - not an error of ours: the file itself is damaged
    """The file breaks off or stops being what it was; what came before it stays usable."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hexadecimal digits: the file's identity."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_gzip(path: Path) -> bool:
    """Say whether a file starts as gzip does (RFC 1952, section 2.3.1), whatever its name."""
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def read_chunks(path: Path) -> Iterator[bytes]:
    """Yield the content of a file, decompressed when it is gzip, at most 1 MiB at a time.

    Everything that can be decompressed before a break is yielded first.

    Raises:
        Damage: when the gzip stream is cut short or corrupt.
    """
    with path.open("rb") as stream:
        if not is_gzip(path):
            while chunk := stream.read(_CHUNK):
                yield chunk
            return
        yield from _members(stream)


def _members(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the content of every member of a gzip stream (RFC 1952, section 2.2).

    A decompressor is fed little at a time, because it throws away what one call had produced when
    that call meets the break.
    """
    member = _new_member()
    raw = stream.read(_FEED)
    while raw:
        try:
            yield from _unpacked(member, raw)
        except isal_zlib.error as problem:  # type: ignore[misc]
            raise Damage("corrupt_gzip", f"the gzip stream is corrupt: {problem}") from problem
        if not member.eof:
            raw = stream.read(_FEED)
            continue
        raw = (member.unused_data or stream.read(_FEED)).lstrip(b"\0")  # padding is allowed
        while not raw and (more := stream.read(_FEED)):
            raw = more.lstrip(b"\0")
        if raw:
            member = _new_member()
    if not member.eof:
        raise Damage("truncated_gzip", "the gzip stream ends before its trailer")


def _new_member() -> "isal_zlib.Decompress":
    return isal_zlib.decompressobj(wbits=31)


def _unpacked(member: "isal_zlib.Decompress", raw: bytes) -> Iterator[bytes]:
    while raw and not member.eof:
        produced = member.decompress(raw, _CHUNK)
        if produced:
            yield produced
        raw = member.unconsumed_tail


def read_lines(path: Path, max_bytes: int = MAX_LINE_BYTES) -> Iterator[Line | Spoiled]:
    """Yield every line of a file; a line over `max_bytes` comes as `Spoiled` and is not held.

    A damaged file ends with one `Spoiled` numbered after the last whole line; the unfinished line
    before the break is part of the damage, because half a line can look whole.
    """
    number, buffer, overflow = 0, io.BytesIO(), False
    try:
        for chunk in read_chunks(path):
            pieces = chunk.split(b"\n")
            for index, piece in enumerate(pieces):
                if buffer.tell() + len(piece) > max_bytes:
                    overflow, buffer = True, io.BytesIO()
                elif not overflow:
                    buffer.write(piece)
                if index == len(pieces) - 1:
                    break
                number += 1
                yield _whole(number, buffer, overflow, max_bytes)
                buffer, overflow = io.BytesIO(), False
    except Damage as damage:
        yield Spoiled(number + 1, damage.reason, damage.detail)
        return
    if overflow or buffer.tell():
        yield _whole(number + 1, buffer, overflow, max_bytes)


def _whole(number: int, buffer: io.BytesIO, overflow: bool, max_bytes: int) -> Line | Spoiled:  # noqa: FBT001
    if overflow:
        return Spoiled(number, "line_too_long", f"the line has more than {max_bytes} bytes")
    return Line(number, buffer.getvalue().rstrip(b"\r"))


Record = tuple[int, list[str]]


def read_records(lines: Iterator[Line | Spoiled]) -> Iterator[Record | Spoiled]:
    """Yield the records of a CSV with the number of their first line.

    A record runs on while a quote is open, for at most `MAX_RECORD_LINES` lines. A quote that stays
    open costs the line it stands on and no other: reading goes on with the next line.
    """
    waiting: deque[Line | Spoiled] = deque()
    while True:
        first = waiting.popleft() if waiting else next(lines, None)
        if first is None:
            return
        if isinstance(first, Spoiled):
            yield first
            continue
        taken = [first]
        quotes = first.body.count(b'"')
        while quotes % 2 and len(taken) < MAX_RECORD_LINES:
            more = waiting.popleft() if waiting else next(lines, None)
            if more is None:
                break
            if isinstance(more, Spoiled):
                waiting.appendleft(more)
                break
            taken.append(more)
            quotes += more.body.count(b'"')
        try:
            yield first.number, _parsed(taken)
        except csv.Error as problem:
            yield Spoiled(first.number, "not_csv", str(problem))
            waiting.extendleft(reversed(taken[1:]))


def _parsed(lines: Sequence[Line]) -> list[str]:
    """Return one record; bytes that are not UTF-8 travel as lone surrogates, found later."""
    text = b"\n".join(line.body for line in lines).decode("utf-8", "surrogateescape")
    if lines[0].number == 1:
        text = text.removeprefix("\ufeff")
    records = list(csv.reader(io.StringIO(text + "\n", newline=""), strict=True))
    if len(records) > 1:
        raise csv.Error("a quote closes and opens again over several lines")
    return records[0] if records else []


def time_defect(start: datetime, now: datetime) -> str | None:
    """Return why a measurement's start time cannot be right, or None.

    `now` is when the file is read: a measurement that says it started later has a wrong clock.
    """
    if start > now + CLOCK_TOLERANCE:
        return f"measurement_start_time {start:%Y-%m-%d %H:%M:%S} lies in the future"
    if start.year < 2012:  # noqa: PLR2004 - OONI's first measurements are of December 2012
        return f"measurement_start_time {start:%Y-%m-%d %H:%M:%S} lies before OONI existed"
    return None


Row = dict[str, Any]
