from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.record.proposals.calendars import add, month_span, nearest
from overt.record.proposals.dates import Mention, Span, due, find_dates, frame_of
from overt.vocabulary.stated import When


PUBLISHED = date(2024, 4, 18)  # a Thursday
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS = st.dates(min_value=date(1995, 1, 1), max_value=date(2090, 12, 31))


def found(text: str, published: date | None = PUBLISHED) -> list[Mention]:
    return find_dates(text, 0, len(text), frame_of(text, published, "Asia/Karachi"))


def only(text: str, published: date | None = PUBLISHED) -> When:
    (mention,) = found(text, published)
    return mention.when


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("on Wednesday", "2024-04-17", "2024-04-17"),
        ("on Thursday night", "2024-04-18", "2024-04-18"),
        ("on April 17", "2024-04-17", "2024-04-17"),
        ("on 17 February 2024", "2024-02-17", "2024-02-17"),
        ("on February 17, 2024", "2024-02-17", "2024-02-17"),
        ("on Wednesday, April 17", "2024-04-17", "2024-04-17"),
        ("since mid-February", "2024-02-11", "2024-02-20"),
        ("in late February 2023", "2023-02-21", "2023-02-28"),
        ("in March", "2024-03-01", "2024-03-31"),
        ("in November", "2023-11-01", "2023-11-30"),
        ("in March 2021", "2021-03-01", "2021-03-31"),
        ("since earlier this year", "2024-01-01", "2024-04-18"),
        ("last year", "2023-01-01", "2023-12-31"),
        ("last month", "2024-03-01", "2024-03-31"),
        ("last week", "2024-04-08", "2024-04-14"),
        ("yesterday", "2024-04-17", "2024-04-17"),
        ("till May 9", "2024-05-09", "2024-05-09"),
        ("by Friday", "2024-04-19", "2024-04-19"),
        ("three days ago", "2024-04-15", "2024-04-15"),
        ("last Wednesday", "2024-04-10", "2024-04-17"),
        ("in 2021", "2021-01-01", "2021-12-31"),
        ("February\u2019s election", "2024-02-01", "2024-02-29"),
        ("since the February 8 election", "2024-02-08", "2024-02-08"),
    ],
)
def test_words_for_a_time_resolve_against_publication(
    text: str, earliest: str, latest: str
) -> None:
    when = only(f"It was so {text}.")

    assert (str(when.earliest), str(when.latest)) == (earliest, latest)
    assert when.zone == "Asia/Karachi"
    assert when.rule != "as given"


def test_an_election_named_by_its_month_is_on_the_day_the_text_gives() -> None:
    first, second = found("Around the time of February's election. Since the February 8 election.")

    assert (first.when.earliest, first.when.latest) == (date(2024, 2, 1), date(2024, 2, 15))
    assert second.when.earliest == date(2024, 2, 8)


def test_without_publication_only_full_dates_resolve() -> None:
    unresolved = [m.when.earliest for m in found("on Wednesday, in March, last year", None)]

    assert unresolved == [None, None, None]
    assert only("on 17 February 2024", None).earliest == date(2024, 2, 17)


def test_without_publication_the_one_year_of_the_full_dates_is_that_of_the_others() -> None:
    text = "On April 17 it was said."
    frame = frame_of(f"On February 17, 2024 it began. {text}", None, "Asia/Karachi")

    (mention,) = find_dates(text, 0, len(text), frame)

    assert mention.when.earliest == date(2024, 4, 17)
    assert "the one year" in mention.when.rule


def test_years_that_disagree_resolve_nothing() -> None:
    text = "On April 17 it was said."
    frame = frame_of(f"On 1 May 2020 and 1 May 2021. {text}", None, "Asia/Karachi")

    (mention,) = find_dates(text, 0, len(text), frame)

    assert mention.when.earliest is None


def test_may_and_march_are_months_only_where_a_month_can_stand() -> None:
    assert found("The court may ban it. They march on. Its march was long.") == []


def test_a_day_that_no_calendar_has_is_open() -> None:
    assert only("on February 31").earliest is None


def test_within_a_week_counts_from_the_day_of_the_act() -> None:
    act = When(earliest=date(2024, 4, 17), latest=date(2024, 4, 17), zone="Asia/Karachi")

    when = due(act, Span(n=1, unit="week"))

    assert (when.earliest, when.latest) == (date(2024, 4, 24), date(2024, 4, 24))
    assert when.rule == (
        "within 1 week of 2024-04-17: calendar days, the first day not counted, the last included"
    )


def test_a_deadline_from_an_act_dated_to_an_interval_is_an_interval() -> None:
    act = When(earliest=date(2024, 4, 17), latest=date(2024, 4, 18))

    when = due(act, Span(n=24, unit="hour"))

    assert (when.earliest, when.latest) == (date(2024, 4, 18), date(2024, 4, 19))


def test_a_deadline_from_an_undated_act_is_open() -> None:
    assert due(When(earliest=None, latest=None), Span(n=1, unit="week")).earliest is None


@given(DAYS, st.integers(1, 400), st.sampled_from(["hour", "day", "week", "month", "year"]))
def test_a_due_date_is_never_before_the_act(start: date, n: int, unit: str) -> None:
    when = due(When(earliest=start, latest=start), Span(n=n, unit=unit))

    assert when.earliest is not None
    assert when.earliest > start or (unit == "hour" and when.earliest >= start)


@given(DAYS, st.sampled_from(WEEK))
def test_a_weekday_is_one_of_the_seven_days_up_to_publication(published: date, name: str) -> None:
    when = only(f"on {name}", published)

    assert when.earliest == when.latest
    assert when.earliest is not None and when.earliest.strftime("%A") == name
    assert timedelta(0) <= published - when.earliest < timedelta(7)


@given(DAYS, st.integers(1, 12), st.integers(1, 28))
def test_a_day_of_a_month_is_within_half_a_year_of_publication(
    published: date, month: int, number: int
) -> None:
    when = nearest(published, month, number, ahead=False)

    assert when is not None and abs(when - published) <= timedelta(183)


@given(st.text(max_size=200), DAYS)
def test_intervals_are_never_upside_down(text: str, published: date) -> None:
    for mention in found(f"{text} since mid-May, two weeks ago, by Friday {text}", published):
        when = mention.when
        assert mention.start < mention.end
        if when.earliest is not None and when.latest is not None:
            assert when.earliest <= when.latest


def test_the_calendar_has_ends() -> None:
    assert add(date.max, 7) == date.max
    assert add(date.min, -7) == date.min
    assert month_span(99999, 2)[1] == date(9999, 2, 28)
