"""The named rules that resolve words for a time against the day of publication."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from overt.record.proposals.calendars import (
    MONTHS,
    NUMBERS,
    WEEKDAYS,
    add,
    day,
    month_span,
    nearest,
    year_span,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What dates of a text are resolved against.

    `years` are the years of the text's full dates; `elections` the one day of an election the text
    names, by month.
    """

    published: date | None
    zone: str = "UTC"
    years: frozenset[int] = frozenset()
    elections: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the words around a date tell of it: whether it is to come, the sentence's one year."""

    ahead: bool
    year: int | None


Answer = tuple[str, date | None, date | None]
Groups = dict[str, str | None]


def number(text: str | None) -> int:
    """Return the number a word or digits stand for; one where there is none."""
    word = (text or "a").lower()
    return NUMBERS.get(word) or (int(word) if word.isdigit() else 1)


def month_of(g: Groups) -> int:
    """Return the number of the month a match names."""
    return MONTHS[(g["month"] or "").lower()[:3]]


def _full(g: Groups, _f: Frame, _asked: Asked) -> Answer:
    month = int(g["mm"] or 0) if g.get("mm") else month_of(g)
    found = day(int(g["year"] or 0), month, int(g["day"] or 0))
    return "full-date", found, found


def _month_day(g: Groups, f: Frame, asked: Asked) -> Answer:
    month, number = month_of(g), int(g["day"] or 0)
    year, ahead = asked.year, asked.ahead
    if f.published is not None and (year is None or abs(year - f.published.year) <= 1):
        weekday = (g.get("weekday") or "").lower()[:3]
        found = nearest(f.published, month, number, ahead=ahead, weekday=WEEKDAYS.get(weekday))
        if found is not None and year is not None and found.year != year and year < found.year:
            found = day(year, month, number)
            return "month-day: the year the sentence names", found, found
        return "month-day: the year nearest to publication", found, found
    if year is not None:
        found = day(year, month, number)
        return "month-day: the year the sentence names", found, found
    if f.published is None and len(f.years) == 1:
        found = day(next(iter(f.years)), month, number)
        return "month-day: the one year of the text's full dates", found, found
    return "month-day: year not known", None, None


def _part(g: Groups, f: Frame, asked: Asked) -> Answer:
    first, last = _month_interval(g, f, asked)
    if first is None or last is None:
        return "part-of-month: year not known", None, None
    part = (g["part"] or "").lower()
    a, b = {"early": (1, 10), "mid": (11, 20), "late": (21, last.day)}[part]
    return f"{part}-month: days {a} to {b}", first.replace(day=a), first.replace(day=b)


def _month_interval(g: Groups, f: Frame, asked: Asked) -> tuple[date | None, date | None]:
    month, ahead = month_of(g), asked.ahead
    named = int(g["year"] or 0) if g.get("year") else asked.year
    if named is None and f.published is not None:
        named = f.published.year
        if ahead and month < f.published.month:
            named += 1
        elif not ahead and month > f.published.month:
            named -= 1
    if named is None and len(f.years) == 1:
        named = next(iter(f.years))
    return (None, None) if named is None else month_span(named, month)


def _whole_month(g: Groups, f: Frame, asked: Asked) -> Answer:
    ahead = asked.ahead or (g.get("which") or "").strip() == "next"
    first, last = _month_interval(g, f, replace(asked, ahead=ahead))
    return "month: the latest, or the next for what is to come", first, last


def _election_month(g: Groups, f: Frame, asked: Asked) -> Answer:
    first, last = _month_interval(g, f, asked)
    days = [d for m, d in f.elections if m == month_of(g)]
    if first is not None and len(days) == 1:
        found = day(first.year, first.month, days[0])
        return "election: the day the text gives for it", found, found
    return "election: the month", first, last


def _election_day(g: Groups, f: Frame, asked: Asked) -> Answer:
    how, first, last = _month_day(g, f, asked)
    return f"election, {how}", first, last


def _weekday(g: Groups, f: Frame, asked: Asked) -> Answer:
    if f.published is None:
        return "weekday: publication not known", None, None
    wanted = WEEKDAYS[(g["weekday"] or "").lower()[:3]]
    back = (f.published.weekday() - wanted) % 7
    which = g.get("which") or ""
    if which in {"next", "coming"} or (asked.ahead and which != "last"):
        first = add(f.published, (wanted - f.published.weekday()) % 7)
        later = add(first, 7) if which == "next" else first
        return "weekday: the next on or after publication", first, later
    if which == "last":
        return (
            "weekday, last: one of the two before",
            add(f.published, -back - 7),
            add(f.published, -back if back else -7),
        )
    return (
        "weekday: the latest on or before publication",
        add(f.published, -back),
        add(f.published, -back),
    )


def _day_word(g: Groups, f: Frame, _asked: Asked) -> Answer:
    if f.published is None:
        return "day-word: publication not known", None, None
    word = (g["word"] or "").lower()
    a, b = {"yesterday": (-1, -1), "tomorrow": (1, 1), "overnight": (-1, 0)}.get(word, (0, 0))
    return "day-word: counted from publication", add(f.published, a), add(f.published, b)


def _ago(g: Groups, f: Frame, _asked: Asked) -> Answer:
    if f.published is None:
        return "ago: publication not known", None, None
    n, unit = number(g["n"]), (g["unit"] or "").lower()
    size = {"hour": 0, "day": 1, "working day": 1, "week": 7, "fortnight": 14}.get(unit)
    size = size if size is not None else (30 if unit == "month" else 365)
    slack = max(1 if unit == "hour" or g.get("about") else 0, size // 2)
    centre = add(f.published, -n * size)
    return (
        f"ago: half a {unit} either side",
        add(centre, -slack),
        min(add(centre, slack), f.published),
    )


def _past_span(g: Groups, f: Frame, _asked: Asked) -> Answer:
    if f.published is None:
        return "past-span: publication not known", None, None
    unit = (g["unit"] or "").lower()
    size = {"hour": 1, "day": 1, "week": 7, "fortnight": 14, "month": 31}.get(unit, 366)
    return "past-span: up to publication", add(f.published, -size * number(g["n"])), f.published


def _part_of_year(g: Groups, f: Frame, asked: Asked) -> Answer:
    how, first, _last = _period({**g, "which": "this"}, f, asked)
    return f"{how}, up to publication", first, f.published


def _period(g: Groups, f: Frame, _asked: Asked) -> Answer:
    if f.published is None:
        return "period: publication not known", None, None
    step = {"last": -1, "the previous": -1, "this": 0, "next": 1}[(g["which"] or "").lower()]
    period, p = (g["period"] or "").lower(), f.published
    if period == "year":
        first, last = year_span(p.year + step)
    elif period == "month":
        total = p.year * 12 + p.month - 1 + step
        first, last = month_span(total // 12, total % 12 + 1)
    else:
        monday = add(p, -p.weekday() + 7 * step)
        first, last = (min(monday, add(p, -7)) if step < 0 else monday), add(monday, 6)
    return f"period: the calendar {period}", first, last


def _year(g: Groups, _f: Frame, _asked: Asked) -> Answer:
    return "year", *year_span(int(g["year"] or 0))


RESOLVERS: dict[str, Callable[[Groups, Frame, Asked], Answer]] = {
    "iso-date": _full, "full-date": _full, "election-day": _election_day,
    "weekday-and-day": _month_day, "month-day": _month_day, "part-of-month": _part,
    "election-month": _election_month, "month-of-year": _whole_month, "month": _whole_month,
    "weekday": _weekday, "day-word": _day_word, "ago": _ago, "past-span": _past_span,
    "part-of-year": _part_of_year, "period": _period, "year": _year,
}  # fmt: skip
