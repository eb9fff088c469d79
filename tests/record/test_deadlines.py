from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.errors import UsageError
from overt.record.deadlines import (
    AT_ONCE,
    Calendar,
    counted_from,
    day_begins,
    day_ends,
    is_stated,
    resolve,
    worked_out_again,
)
from overt.vocabulary.stated import When


PLACES = ["Asia/Karachi", "Africa/Cairo", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
UNITS = st.sampled_from(["hour", "day", "week", "fortnight", "month", "year"])


def on(day: date, zone: str = "Asia/Karachi", at: datetime | None = None) -> When:
    return When(earliest=day, latest=day, zone=zone, at=at)


@pytest.mark.parametrize(
    ("said", "ordered", "due"),
    [
        ("within a week", date(2024, 4, 17), date(2024, 4, 24)),
        ("to rescind within a week its February 17 letter", date(2024, 4, 17), date(2024, 4, 24)),
        ("within seven (7) days", date(2024, 4, 17), date(2024, 4, 24)),
        ("Within  ONE\nweek's time", date(2024, 4, 17), date(2024, 4, 24)),
        ("within a fortnight", date(2024, 2, 20), date(2024, 3, 5)),
        ("within one month", date(2024, 1, 31), date(2024, 2, 29)),
        ("within one month", date(2023, 1, 31), date(2023, 2, 28)),
        ("within a year", date(2024, 2, 29), date(2025, 2, 28)),
        ("in 48 hours", date(2024, 4, 17), date(2024, 4, 19)),
        ("till May 9", date(2024, 4, 17), date(2024, 5, 9)),
        ("adjourned the hearing until Thursday, 9 May", date(2024, 4, 17), date(2024, 5, 9)),
        ("by 3 January", date(2024, 12, 20), date(2025, 1, 3)),
        ("no later than the 5th of June, 2024", date(2024, 4, 17), date(2024, 6, 5)),
        ("2024-04-24", date(2024, 4, 17), date(2024, 4, 24)),
        ("forthwith", date(2024, 4, 17), date(2024, 4, 17)),
    ],
)
def test_a_due_date_follows_from_the_words(said: str, ordered: date, due: date) -> None:
    resolved = resolve(said, on(ordered))

    assert (resolved.earliest, resolved.latest) == (due, due)
    assert (resolved.said, resolved.zone) == (said, "Asia/Karachi")
    assert is_stated(resolved.rule)


@pytest.mark.parametrize(
    "said",
    [
        "till further orders",
        "soon",
        "",
        "within 0 days",
        "within 99999 years",
        "by 30 February 2024",
        "within a week, and by 9 May",
        "within 10 working days",
        "its letter of 17 February",
        "within several days",
        "by 2024-13-01",
    ],
)
def test_words_that_set_no_date_are_refused(said: str) -> None:
    with pytest.raises(UsageError):
        resolve(said, on(date(2024, 4, 17)))


def test_working_days_skip_the_rest_days_and_holidays_that_are_named() -> None:
    calendar = Calendar(rest=(5, 6), holidays=(date(2024, 5, 1),))
    due = resolve("within 10 working days", on(date(2024, 4, 17)), calendar=calendar)

    assert due.latest == date(2024, 5, 2)
    assert "rest days Saturday Sunday; holidays 2024-05-01" in due.rule
    assert worked_out_again(due) == due
    with pytest.raises(UsageError, match="rest days"):
        resolve("within 2 working days", on(date(2024, 4, 17)), calendar=Calendar(rest=range(7)))


def test_what_is_open_about_the_order_stays_open_about_the_due_date() -> None:
    ordered = When(earliest=date(2024, 4, 15), latest=date(2024, 4, 17), zone="Asia/Karachi")
    due = resolve("within a week", ordered)

    assert (due.earliest, due.latest) == (date(2024, 4, 22), date(2024, 4, 24))
    assert worked_out_again(due) == due
    with pytest.raises(UsageError, match="no date to count from"):
        resolve("within a week", When(earliest=None, latest=date(2024, 4, 17)))


def test_hours_are_elapsed_time_across_a_clock_change() -> None:
    noon = datetime(2024, 3, 9, 12, tzinfo=ZoneInfo("America/New_York"))
    due = resolve("within 24 hours", on(date(2024, 3, 9), "America/New_York", noon))

    assert due.at == noon.astimezone(UTC) + timedelta(hours=24)
    assert due.at is not None
    assert due.at.astimezone(ZoneInfo("America/New_York")).hour == 13
    assert counted_from(due) == date(2024, 3, 9)


def test_a_deadline_ends_at_local_midnight_even_where_the_clock_skips_it() -> None:
    assert day_ends(date(2024, 4, 24), "Asia/Karachi") == datetime(2024, 4, 24, 19, tzinfo=UTC)
    assert day_begins(date(2023, 4, 28), "Africa/Cairo") == datetime(2023, 4, 27, 22, tzinfo=UTC)
    # Toronto's clock went from 23:30 to 00:30, so that its day began with the change.
    assert day_begins(date(1919, 3, 31), "America/Toronto").minute == 30
    # Samoa left out 30 December 2011.
    assert day_begins(date(2011, 12, 30), "Pacific/Apia") == day_ends(
        date(2011, 12, 30), "Pacific/Apia"
    )


@given(DAYS, st.sampled_from(PLACES))
def test_days_follow_each_other_without_a_gap(day: date, zone: str) -> None:
    begins, ends = day_begins(day, zone), day_ends(day, zone)

    assert begins <= ends <= begins + timedelta(hours=26)
    assert begins.astimezone(ZoneInfo(zone)).date() >= day
    assert (begins - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() < day


@given(DAYS, st.integers(1, 400), UNITS, st.sampled_from(PLACES))
def test_a_rule_in_words_gives_the_same_due_date_again(
    day: date, n: int, unit: str, zone: str
) -> None:
    n = min(n, 80) if unit == "year" else n
    due = resolve(f"within {n} {unit}s", on(day, zone))

    assert worked_out_again(due) == due
    assert due.earliest is not None and due.earliest >= day
    assert counted_from(due) == day


@given(DAYS, st.integers(1, 600))
def test_months_end_on_the_same_day_or_the_last(day: date, n: int) -> None:
    due = resolve(f"within {n} months", on(day)).latest

    assert due is not None
    assert due.day == min(day.day, monthrange(due.year, due.month)[1])
    assert (due.year - day.year) * 12 + due.month - day.month == n


@given(DAYS, st.integers(1, 60), st.sets(st.integers(0, 6), min_size=1, max_size=6))
def test_as_many_working_days_lie_between_as_were_given(day: date, n: int, rest: set[int]) -> None:
    due = resolve(f"within {n} working days", on(day), calendar=Calendar(rest=rest)).latest

    assert due is not None
    between = [day + timedelta(days=i) for i in range(1, (due - day).days + 1)]
    assert sum(d.weekday() not in rest for d in between) == n
    assert due.weekday() not in rest


@given(st.text(max_size=60))
def test_any_words_are_resolved_or_refused(said: str) -> None:
    try:
        due = resolve(said, on(date(2024, 4, 17)))
    except UsageError:
        return
    assert is_stated(due.rule)


@pytest.mark.parametrize(
    "rule",
    [
        "within 1 week of 2024-02-30: calendar days, the first day not counted, the last included",
        "within 1 hour of 2024-02-03T99:00:00Z: elapsed time",
    ],
)
def test_a_rule_with_days_that_do_not_exist_is_refused(rule: str) -> None:
    with pytest.raises(UsageError):
        worked_out_again(When(earliest=None, latest=None, zone="UTC", rule=rule))


def test_another_rule_is_not_worked_out() -> None:
    for rule in ("as given", AT_ONCE, "weekday before", "within 1 week of 2024-04-17: some days"):
        assert worked_out_again(When(earliest=None, latest=None, rule=rule)) is None
