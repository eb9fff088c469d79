"""When a page was published, as it says itself, as a day in a zone with the rule it was read by.

A date is read only where it stands for publication: metadata made for it, a date line or byline
under the headline, a dateline with a year, the page's address. A date elsewhere in the text, a
masthead's date of today and a list's relative times say nothing of it. Where nothing does, there
is none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from overt.errors import UsageError
from overt.record import shapes
from overt.record.blocks import Block, Kind
from overt.vocabulary.instants import EARLIEST_YEAR
from overt.vocabulary.stated import When


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(
    rf"(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m1>{shapes.MONTH})"
    rf"|(?P<m2>{shapes.MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?),?\s+(?P<y>\d{{4}})",
    re.IGNORECASE,
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s?(?:Z|[+-]\d\d:?\d\d)?)?")
_NUMBERS = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b")
_CHANGED = re.compile(r"(?:last )?(?:updated|modified)\b", re.IGNORECASE)
_STATED = re.compile(r"\b(?:published|posted|first published|date)\b", re.IGNORECASE)
_DATELINE = re.compile(
    rf"[A-Z][A-Z .'/-]{{2,40}}[,:]?(?:\s[A-Za-z .]{{2,30}},)?\s(?P<date>(?i:{shapes.DATE}))\s?"
    r"(?:\([^)]{2,40}\)\s?)?[\u2014\u2013:-]{1,2}\s"
)
_IN_PRINT = re.compile(
    rf"published in (?P<outlet>[^,]{{2,60}}),?\s(?P<date>{shapes.DATE})", re.IGNORECASE
)
_ADDRESS = re.compile(r"/(20\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:[/-]|$)")
# Zones that stand for an offset without an `Etc` zone of its own; they keep no summer time.
_ODD = {
    210: "Asia/Tehran",
    270: "Asia/Kabul",
    330: "Asia/Kolkata",
    345: "Asia/Kathmandu",
    390: "Asia/Yangon",
    570: "Australia/Darwin",
}
_HOUR, _MOST_HOURS = 60, 14
_NEAR = 6  # paragraphs after the headline among which a date line stands


def given(text: str, zone: str = "UTC") -> When:
    """Return the day or instant a person wrote, in the zone they named.

    Raises:
        UsageError: when it is no date.
    """
    found = stamped(text.strip(), "given by whoever took it in", zone)
    if found is None:
        raise UsageError(
            f"{text!r} is not a date", remedy="write it as 2024-04-17 or 2024-04-17T15:00:00+05:00"
        )
    if found.at is None or zone == "UTC":
        return found
    day = found.at.astimezone(ZoneInfo(zone)).date()
    return replace(found, earliest=day, latest=day, zone=zone)


def stamped(text: str, rule: str, zone: str = "UTC") -> When | None:
    """Return the day a machine's date names, and its instant where it states an offset."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        try:
            instant = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    try:
        return _when(instant, text, rule, zone)
    except (OverflowError, ValueError):
        return None


def _when(instant: datetime, said: str, rule: str, zone: str) -> When | None:
    if instant.year < EARLIEST_YEAR:
        return None
    offset = instant.utcoffset()
    if offset is None:
        unknown = "" if zone != "UTC" else "; no zone stated, read as UTC"
        return _day(instant.date(), said, rule + unknown, zone)
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(minutes, _HOUR)
    if minutes == 0:
        zone = "UTC"
    elif rest == 0 and abs(hours) <= _MOST_HOURS - 2 * (hours < 0):
        zone = f"Etc/GMT{-hours:+d}"  # POSIX signs: Etc/GMT-5 is five hours ahead
    else:
        zone = _ODD.get(minutes, "UTC")
    at = instant.astimezone(UTC)
    day = at.date() if zone == "UTC" else instant.date()
    return When(earliest=day, latest=day, zone=zone, said=said, rule=rule, at=at)


def _day(day: date, said: str, rule: str, zone: str = "UTC") -> When:
    return When(earliest=day, latest=day, zone=zone, said=said, rule=rule)


def published(
    stamps: Iterable[tuple[str, str]], blocks: Sequence[Block], head: int, url: str, now: datetime
) -> When | None:
    """Return when a page was published; None where it does not say.

    Args:
        stamps: dates of the page's metadata, the most trusted first, each with its mark.
        blocks: its paragraphs.
        head: the index of the headline, or of the first paragraph of the body.
        url: its address, empty when there is none.
        now: the present; a later date is not believed.
    """
    address = _ADDRESS.search(url)
    in_address = "-".join(p.zfill(2) for p in address.groups()) if address else ""
    candidates = (
        *(stamped(value, rule) for value, rule in stamps),
        *_near(blocks, head),
        *_elsewhere(blocks, head),
        stamped(in_address, "the date in the address"),
    )
    latest = (now + timedelta(days=1)).date()
    return next((c for c in candidates if c and c.latest and c.latest <= latest), None)


def _near(blocks: Sequence[Block], head: int) -> Iterable[When | None]:
    """Yield the dates of the lines under the headline, those that say published first."""
    lines = [b.text for b in blocks[head : head + _NEAR] if b.kind in {Kind.DATE, Kind.BYLINE}]
    if head > 0 and blocks[head - 1].kind == Kind.DATE and _STATED.search(blocks[head - 1].text):
        lines.append(blocks[head - 1].text)
    for line in sorted(lines, key=lambda text: _STATED.search(text) is None):
        changed = _CHANGED.search(line)
        yield written(line[: changed.start()] if changed else line, "the date line by the headline")


def _elsewhere(blocks: Sequence[Block], head: int) -> Iterable[When | None]:
    """Yield the date of a dateline, and of a line that says in which issue it was printed."""
    for block in blocks[head : head + _NEAR]:
        dateline = _DATELINE.match(block.text)
        if dateline:
            yield written(dateline["date"], "the dateline")
    for block in blocks[head:]:
        printed = _IN_PRINT.fullmatch(block.text.strip(" .")[:200])
        if printed:
            yield written(printed["date"], "the line that says where it was printed")


def in_print(blocks: Sequence[Block]) -> str:
    """Return the outlet in whose issue the page says it was printed; empty when it does not."""
    found = (_IN_PRINT.fullmatch(b.text.strip(" .")[:200]) for b in blocks)
    return next((m["outlet"].strip() for m in found if m), "")


def written(text: str, rule: str) -> When | None:
    """Return the day that words name with its year; None when there is none, or two readings."""
    iso = _ISO.search(text)
    if iso:
        return stamped(iso[0], rule)
    named = _NAMED.search(text)
    if named:
        month = _MONTHS.index((named["m1"] or named["m2"])[:3].lower()) + 1
        return _valid(int(named["y"]), month, int(named["d1"] or named["d2"]), named[0], rule)
    numbers = _NUMBERS.search(text)
    if numbers is None:
        return None
    first, second, year = (int(n) for n in numbers.groups())
    if first != second and max(first, second) <= len(_MONTHS):
        return None  # 4/5 is the fourth of May here and the fifth of April there
    month, day = (second, first) if first > len(_MONTHS) else (first, second)
    return _valid(year, month, day, numbers[0], rule)


def _valid(year: int, month: int, day: int, said: str, rule: str) -> When | None:
    try:
        return _when(datetime(year, month, day), said, rule, "UTC")  # noqa: DTZ001 - a day alone
    except ValueError:
        return None
