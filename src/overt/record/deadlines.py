"""Due dates from the words of an order, by a stated rule in local time.

Days are counted on the calendar of the court's zone, the day of the order is not counted and the
last day is included, until it ends at local midnight. A week is seven days; a month ends on the
same day of the month, or on its last; hours are elapsed time. What the words leave open stays an
interval. The rule is written out in `When.rule`, and can be worked out again from those words.
"""

import re
from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from overt.errors import UsageError
from overt.vocabulary.instants import rfc3339
from overt.vocabulary.stated import When


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MOST = 10_000  # units; beyond, a due date means nothing
AS_GIVEN = "as given"
AT_ONCE = "at once: the day of the order itself"
_COUNTED = "the first day not counted, the last included"
_UNITS = ("hour", "day", "week", "fortnight", "month", "year")
_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_NUMBERS = {w: i for i, w in enumerate(_SMALL)} | {
    "a": 1,
    "an": 1,
    "thirty": 30,
    "forty": 40,
    "forty-eight": 48,
    "forty-five": 45,
    "twenty-four": 24,
    "twenty-one": 21,
    "sixty": 60,
    "seventy-two": 72,
    "ninety": 90,
}
_SPAN = re.compile(
    r"\b(?:with)?in\s+(?:a\s+period\s+of\s+|the\s+next\s+)?(?P<n>\d{1,5}|[a-z]+(?:-[a-z]+)?)"
    r"(?:\s*\(\d+\))?[\s-]+(?P<working>working\s+|business\s+|court\s+)?(?:calendar\s+)?"
    r"(?P<unit>hour|day|week|fortnight|month|year)(?:s|'s|s')?\b(?:\s*'?s?\s+time)?"
)
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
_MONTH = rf"(?P<month>{'|'.join(m[:3] for m in MONTHS)})[a-z]*\.?"
_ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})\b"),
    re.compile(rf"\b{_ORDINAL}\s+(?:of\s+)?{_MONTH}{_YEAR}"),
    re.compile(rf"\b{_MONTH}\s+{_ORDINAL}\b{_YEAR}"),
)
_DAY = r"\d{4}-\d{2}-\d{2}"
_STATED = re.compile(
    rf"within (?P<n>\d{{1,5}}) (?P<unit>{'|'.join(_UNITS)})s? of (?P<from>{_DAY}(?:T[0-9:]+Z)?)"
    rf"(?: to (?P<to>{_DAY}(?:T[0-9:]+Z)?))?: (?P<how>.+)\Z"
)
_UNTIL = (
    r"\b(?:by|till|until|(?:not|no) later than|on or before)\s+(?:the\s+)?"
    rf"(?:(?:{'|'.join(d.lower() for d in WEEKDAYS)}),?\s+)?"
)
_WORKING = re.compile(
    rf"working days; rest days (?P<rest>[A-Za-z ]+?)(?:; holidays (?P<holidays>[-0-9 ]+?))?;"
    rf" {_COUNTED}\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which days do not count where an order counts working days: weekdays (0 Monday), dates."""

    rest: Collection[int]
    holidays: Collection[date] = ()


def day_begins(day: date, zone: str) -> datetime:
    """Return the first instant of a local day, UTC; also where a clock change skips midnight.

    Of a midnight that comes twice the first is meant. A day that a zone left out altogether has
    no length: it begins where the next one does.
    """
    place = ZoneInfo(zone)
    start = datetime.combine(day, time(), place).astimezone(UTC)
    second = timedelta(seconds=1)
    low, high = start - timedelta(hours=3), start
    if (start - second).astimezone(place).date() < day or low.astimezone(place).date() >= day:
        return start
    while high - low > second:  # a change jumped over midnight: the day begins with the change
        middle = low + (high - low) // 2
        low, high = (middle, high) if middle.astimezone(place).date() < day else (low, middle)
    return high.replace(microsecond=0)


def day_ends(day: date, zone: str) -> datetime:
    """Return the first instant after a local day, UTC: until then a deadline has not passed."""
    return day_begins(day + timedelta(days=1), zone)


def resolve(said: str, ordered: When, *, calendar: Calendar | None = None) -> When:
    """Return when something is due that an order of `ordered` asks for in the words `said`.

    Args:
        said: as "within a week", "in 48 hours", "by 24 April 2024", "till May 9", "forthwith".
        ordered: when the order was made; its zone is that of the due date.
        calendar: the rest days and holidays where "working days" are to be counted.

    Raises:
        UsageError: when the words set no date, or the date the order was made is open.
    """
    if ordered.earliest is None or ordered.latest is None:
        raise UsageError("the order has no date to count from", remedy="give the order's date")
    words = " ".join(said.lower().split())
    fixed = _fixed(words, ordered.earliest)
    if fixed is not None:
        return When(earliest=fixed, latest=fixed, zone=ordered.zone, said=said, rule=AS_GIVEN)
    found = _SPAN.search(words)
    amount = _amount(found["n"]) if found else None
    if found is not None and amount is not None:
        unit = found["unit"]
        if unit == "fortnight":
            amount, unit = 2 * amount, "week"
        if found["working"] and unit == "day" and calendar is None:
            raise UsageError(
                f"{said!r} counts working days, and no rest days are given",
                remedy="name the weekly rest days, as --rest Saturday --rest Sunday",
            )
        days = calendar if found["working"] else None
        return _within(amount, unit, ordered, said, days)
    if re.search(r"\b(forthwith|immediately|at once|with immediate effect)\b", words):
        return When(
            earliest=ordered.earliest,
            latest=ordered.latest,
            zone=ordered.zone,
            said=said,
            rule=AT_ONCE,
        )
    raise UsageError(
        f"no due date follows from {said!r}",
        remedy="write within N hours, days, weeks or months; by or till a date; or no deadline",
    )


def worked_out_again(due: When) -> When | None:
    """Return the due date that the words of its own rule give; None where they are not ours.

    Raises:
        UsageError: when the words are ours and impossible.
    """
    found = _STATED.match(due.rule)
    if found is None:
        return None
    working = _WORKING.match(found["how"])
    if working is None and found["how"] != _how(found["unit"], None):
        return None
    try:
        starts = [found["from"], found["to"] or found["from"]]
        at = None
        if "T" in found["from"]:
            at = datetime.fromisoformat(found["from"])
            first = last = at.astimezone(ZoneInfo(due.zone)).date()
        else:
            first, last = (date.fromisoformat(s) for s in starts)
        ordered = When(earliest=first, latest=last, zone=due.zone, at=at)
        calendar = _calendar(working) if working else None
    except ValueError as problem:
        raise UsageError(
            f"the rule {due.rule!r} names what no calendar has", remedy="mind its dates and days"
        ) from problem
    return _within(int(found["n"]), found["unit"], ordered, due.said, calendar)


def counted_from(due: When) -> date | None:
    """Return the local day that a stated rule counts from; None where it is not ours."""
    found = _STATED.match(due.rule)
    if found is None:
        return None
    if "T" in found["from"]:
        return datetime.fromisoformat(found["from"]).astimezone(ZoneInfo(due.zone)).date()
    return date.fromisoformat(found["from"])


def is_stated(rule: str) -> bool:
    """Say whether a rule is one of those a due date may rest on."""
    return rule in {AS_GIVEN, AT_ONCE} or _STATED.match(rule) is not None


def _calendar(found: re.Match[str]) -> Calendar:
    days = [WEEKDAYS.index(name) for name in found["rest"].split()]
    return Calendar(
        rest=days, holidays=[date.fromisoformat(h) for h in (found["holidays"] or "").split()]
    )


def _amount(word: str) -> int | None:
    return int(word) if word.isdecimal() else _NUMBERS.get(word)


def _how(unit: str, calendar: Calendar | None) -> str:
    if unit == "hour":
        return "elapsed time"
    if calendar is None:
        return f"calendar days, {_COUNTED}"
    rest = " ".join(WEEKDAYS[d] for d in sorted(set(calendar.rest)))
    holidays = " ".join(d.isoformat() for d in sorted(set(calendar.holidays)))
    return f"working days; rest days {rest}{f'; holidays {holidays}' * bool(holidays)}; {_COUNTED}"


def _within(n: int, unit: str, ordered: When, said: str, calendar: Calendar | None) -> When:
    if not 0 < n <= MOST or ordered.earliest is None or ordered.latest is None:
        raise UsageError(f"{n} {unit}s is no time limit", remedy=f"count from 1 to {MOST:,}")
    if calendar is not None and not 0 < len(set(calendar.rest)) < len(WEEKDAYS):
        raise UsageError("a week has from 1 to 6 rest days", remedy="name the weekly rest days")
    first, last = ordered.earliest.isoformat(), ordered.latest.isoformat()
    if unit == "hour" and ordered.at is not None:
        first = last = rfc3339(ordered.at)
    frame = first if first == last else f"{first} to {last}"
    rule = f"within {n} {unit}{'s' * (n > 1)} of {frame}: {_how(unit, calendar)}"
    try:
        if unit == "hour":
            return _hours(n, ordered, said, rule)
        due = [_later(day, n, unit, calendar) for day in (ordered.earliest, ordered.latest)]
    except OverflowError as problem:
        raise UsageError(f"{said!r} ends beyond the calendar", remedy="check it") from problem
    return When(earliest=due[0], latest=due[1], zone=ordered.zone, said=said, rule=rule)


def _hours(n: int, ordered: When, said: str, rule: str) -> When:
    """Return the end of elapsed hours; where only the day is known, from its first to last."""
    place, span = ZoneInfo(ordered.zone), timedelta(hours=n)
    if ordered.at is not None:
        at = ordered.at.astimezone(UTC) + span
        day = at.astimezone(place).date()
        return When(earliest=day, latest=day, zone=ordered.zone, said=said, rule=rule, at=at)
    if ordered.earliest is None or ordered.latest is None:
        raise TypeError(said)
    first = day_begins(ordered.earliest, ordered.zone) + span
    last = day_ends(ordered.latest, ordered.zone) + span - timedelta(seconds=1)
    return When(
        earliest=first.astimezone(place).date(),
        latest=last.astimezone(place).date(),
        zone=ordered.zone,
        said=said,
        rule=rule,
    )


def _later(day: date, n: int, unit: str, calendar: Calendar | None) -> date:
    if unit in {"month", "year"}:
        months = day.year * 12 + day.month - 1 + n * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        if year > date.max.year:
            raise OverflowError(year)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    if calendar is None or unit != "day":
        return day + timedelta(days=n * (7 if unit == "week" else 1))
    left = n
    while left:
        day += timedelta(days=1)
        left -= day.weekday() not in calendar.rest and day not in calendar.holidays
    return day


def _fixed(words: str, ordered: date) -> date | None:
    """Return the date that stands alone or after by, till or until; the next such date.

    Any other date in the words is one they tell of ("withdraw its letter of 17 February").
    """
    for pattern in _DATES:
        match = pattern.fullmatch(words) or re.search(_UNTIL + pattern.pattern, words)
        if match is None:
            continue
        if _SPAN.search(words):
            raise UsageError(f"{words!r} sets two time limits", remedy="resolve them one by one")
        parts = match.groupdict()
        month = int(parts["number"]) if parts.get("number") else _month(parts["month"])
        return _on_or_after(ordered, parts.get("year"), month, int(parts["day"]), words)
    return None


def _month(word: str) -> int:
    return [m[:3] for m in MONTHS].index(word[:3]) + 1


def _on_or_after(ordered: date, year: str | None, month: int, day: int, said: str) -> date:
    years: Sequence[int] = [int(year)] if year else range(ordered.year, ordered.year + 9)
    for candidate in years:
        try:
            due = date(candidate, month, day)
        except ValueError:
            continue
        if due >= ordered or year:
            return due
    raise UsageError(f"{said!r} names a day that does not exist", remedy="look it up in a calendar")
