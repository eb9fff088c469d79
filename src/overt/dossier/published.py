"""Incidents that others published: OONI's list, read into stretches without their measurements.

OONI gives a first and, where it has ended, a last day, and no pauses, counts or hours. Each day is
taken whole, in UTC, and what came before the first and after the last is not said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec

from overt.dossier.measured import Stretch
from overt.dossier.spans import Window
from overt.errors import InputError, UsageError
from overt.reference.platforms import PlatformList
from overt.vocabulary.instants import DAY


LARGEST_FILE = 64 * 2**20  # bytes; OONI's whole list is under 1 MB
FINDINGS = "https://explorer.ooni.org/findings/"
_Short = Annotated[str, msgspec.Meta(max_length=2000)]


class _Entry(msgspec.Struct, kw_only=True):
    """One incident as OONI's API gives it; fields we do not use are left."""

    id: _Short
    title: _Short
    start_time: datetime
    end_time: datetime | None = None
    create_time: datetime | None = None
    update_time: datetime
    published: bool = True
    ccs: list[_Short] = msgspec.field(name="CCs", default_factory=list)
    asns: list[int] = msgspec.field(name="ASNs", default_factory=list)
    domains: list[_Short] = msgspec.field(default_factory=list)
    test_names: list[_Short] = msgspec.field(default_factory=list)


class _List(msgspec.Struct):
    """The answer of OONI's API, or the facts of a few of its incidents: `{"incidents": […]}`."""

    incidents: list[_Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Published incidents as stretches, every platform of every country."""

    stretches: tuple[Stretch, ...]

    def of(self, cc: str, platform: str) -> tuple[Stretch, ...]:
        """Return those of one platform in one country, in order."""
        own = [s for s in self.stretches if (s.cc, s.platform) == (cc, platform)]
        return tuple(sorted(own, key=lambda s: (s.onset.start, s.id)))


def read_published(path: Path, platforms: PlatformList) -> Published:
    """Return the published incidents of a file.

    Raises:
        InputError: when the file cannot be read, is too large, or is not such a list.
    """
    where = str(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(
                f"more than {LARGEST_FILE} bytes", where=where, remedy="name a list of incidents"
            )
        raw = path.read_bytes()
    except OSError as problem:
        raise InputError(
            f"cannot be read: {problem.strerror}", where=where, remedy="name a file that is there"
        ) from problem
    try:
        listed = msgspec.json.decode(raw, type=_List)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise InputError(
            f"not a list of published incidents: {problem}",
            where=where,
            remedy='give {"incidents": […]} as OONI\'s API does: id, title, start_time,'
            " update_time, CCs, domains",
        ) from problem
    return Published(stretches=tuple(_stretches(listed.incidents, platforms, where)))


def _stretches(entries: Sequence[_Entry], platforms: PlatformList, where: str) -> list[Stretch]:
    found = []
    for entry in entries:
        if not entry.published:
            continue
        first = _day(entry.start_time)
        last = None if entry.end_time is None else _day(entry.end_time)
        if last is not None and last < first:
            raise InputError(
                f"incident {entry.id} ends before it starts",
                where=where,
                remedy="mend its start_time or end_time",
            )
        named = sorted({p for d in entry.domains if (p := _platform(d, platforms)) is not None})
        for cc in sorted(set(entry.ccs)):
            found += [_stretch(entry, cc.upper(), p, first, last) for p in named]
    return found


def _stretch(
    entry: _Entry, cc: str, platform: str, first: datetime, last: datetime | None
) -> Stretch:
    updated = _utc(entry.update_time)
    onset = Window(start=first, end=first + DAY)
    ending = None if last is None else Window(start=last, end=last + DAY)
    until = updated if ending is None else ending.start
    sure = (Window(start=onset.end, end=until),) if until > onset.end else ()
    return Stretch(
        id=entry.id,
        platform=platform,
        cc=cc,
        onset=onset,
        ending=ending,
        days=(first.date(), first.date()),
        sure=sure,
        silences=(),
        is_standing=False,
        known_to=updated,
        known_at=updated,
        title=entry.title,
        url=FINDINGS + entry.id if entry.id.isdigit() else "",
        asns=tuple(sorted(set(entry.asns))),
    )


def _platform(domain: str, platforms: PlatformList) -> str | None:
    try:
        return platforms.find(domain).id
    except UsageError:
        return None


def _utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _day(instant: datetime) -> datetime:
    moved = _utc(instant)
    return moved - timedelta(
        hours=moved.hour,
        minutes=moved.minute,
        seconds=moved.second,
        microseconds=moved.microsecond,
    )
