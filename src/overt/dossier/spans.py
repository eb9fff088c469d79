"""Stated days as instants: between which two instants a statement speaks, at the widest.

A `When` counts whole local days, both ends included; a `Window` is half-open and in UTC, so that it
can be laid beside what was measured. A side that a source leaves open stays open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from overt.errors import InputError
from overt.vocabulary.stated import When


EVER = datetime(1, 1, 2, tzinfo=UTC)  # stands for an open beginning
FOREVER = datetime(9999, 12, 30, tzinfo=UTC)  # stands for an open end


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of time, UTC, half-open; of one instant where `start` is `end`."""

    start: datetime
    end: datetime

    @property
    def is_closed(self) -> bool:
        """Say whether both ends are given."""
        return self.start > EVER and self.end < FOREVER

    def overlaps(self, other: "Window") -> bool:
        """Say whether the two share an instant; an instant lies in a window that begins with it."""
        if self.start == self.end or other.start == other.end:
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Window") -> bool:
        """Say whether all of `other` lies within."""
        return self.start <= other.start and other.end <= self.end

    def cut(self, other: "Window") -> "Window | None":
        """Return what the two share, None when nothing."""
        if not self.overlaps(other):
            return None
        return Window(start=max(self.start, other.start), end=min(self.end, other.end))


def window(when: When) -> Window:
    """Return the instants a `When` can mean.

    Raises:
        InputError: when its time zone is not one of the IANA's.
    """
    if when.at is not None:
        return Window(start=when.at.astimezone(UTC), end=when.at.astimezone(UTC))
    start = EVER if when.earliest is None else midnight(when.earliest, when.zone)
    end = FOREVER if when.latest is None else midnight(when.latest, when.zone, days=1)
    return Window(start=start, end=max(start, end))


def midnight(day: date, zone: str, days: int = 0) -> datetime:
    """Return the first instant of a local day, or of the one so many days after it, UTC.

    Raises:
        InputError: when the time zone is not one of the IANA's.
    """
    place = _place(zone)
    try:
        moved = day + timedelta(days=days)
        found = datetime.combine(moved, time(0), tzinfo=place).astimezone(UTC)
    except OverflowError:
        return EVER if day.year < EVER.year + 1 else FOREVER
    return min(max(found, EVER), FOREVER)


def shifted(instant: datetime, by: timedelta) -> datetime:
    """Return an instant moved by a time, held within the calendar; an open side stays open."""
    if instant in {EVER, FOREVER}:
        return instant
    try:
        return min(max(instant + by, EVER), FOREVER)
    except OverflowError:
        return EVER if by < timedelta(0) else FOREVER


def local_day(instant: datetime, zone: str) -> date:
    """Return the local date of an instant.

    Raises:
        InputError: when the time zone is not one of the IANA's.
    """
    return instant.astimezone(_place(zone)).date()


def _place(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as problem:
        raise InputError(
            f"{zone!r} is not a time zone", remedy="use an IANA name such as Asia/Karachi"
        ) from problem


def join(windows: Iterable[Window]) -> list[Window]:
    """Return windows in order, with those that touch made one."""
    joined: list[Window] = []
    for one in sorted(windows, key=lambda w: (w.start, w.end)):
        if joined and one.start <= joined[-1].end:
            joined[-1] = Window(start=joined[-1].start, end=max(joined[-1].end, one.end))
        else:
            joined.append(one)
    return joined


def covers(pieces: Iterable[Window], wanted: Window) -> bool:
    """Say whether pieces together leave nothing of `wanted` uncovered."""
    return any(piece.holds(wanted) for piece in join(pieces))
