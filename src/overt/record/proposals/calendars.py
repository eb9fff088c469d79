"""Days, months and years as the rules for dates need them; nothing here fails at an end of time."""

from calendar import monthrange
from datetime import date, timedelta


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: i + 1 for i, name in enumerate(_MONTHS)}
WEEKDAYS = {name: i for i, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15,
    "twenty": 20, "thirty": 30,
}  # fmt: skip


def day(year: int, month: int, number: int) -> date | None:
    """Return a day; None where the calendar has no such day."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def add(start: date, n_days: int) -> date:
    """Return the day so many days later; the first or last day there is where it would go past."""
    try:
        return start + timedelta(days=n_days)
    except OverflowError:
        return date.max if n_days > 0 else date.min


def month_span(year: int, month: int) -> tuple[date, date]:
    """Return the first and the last day of a month."""
    year = min(max(year, date.min.year), date.max.year)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def year_span(year: int) -> tuple[date, date]:
    """Return the first and the last day of a year."""
    year = min(max(year, date.min.year), date.max.year)
    return date(year, 1, 1), date(year, 12, 31)


def nearest(
    published: date, month: int, number: int, *, ahead: bool, weekday: int | None = None
) -> date | None:
    """Return the day of this month and number nearest to publication; None when there is none.

    `ahead`: not before publication. `weekday`: only years in which it falls on it, of ten around.
    """
    span = 5 if weekday is not None else 1
    years = range(published.year - span, published.year + span + 1)
    days = [d for y in years if (d := day(y, month, number)) is not None]
    if weekday is not None:
        days = [d for d in days if d.weekday() == weekday]
    if ahead:
        days = [d for d in days if d >= published]
    return min(days, key=lambda d: (abs(d - published), d), default=None)
