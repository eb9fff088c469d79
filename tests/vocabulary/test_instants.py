from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.errors import UsageError
from overt.vocabulary.instants import (
    from_table,
    now,
    parse_measurement_time,
    parse_rfc3339,
    rfc3339,
    to_table,
)


NOON = datetime(2024, 2, 17, 12, tzinfo=UTC)
NAIVE = datetime(2024, 2, 17, 12)  # noqa: DTZ001 - what tables hold
instants = st.datetimes(
    min_value=datetime(2012, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))]),
)


def test_the_present_carries_its_zone() -> None:
    assert now().tzinfo is UTC


def test_an_instant_is_printed_in_utc_whatever_its_zone() -> None:
    karachi = NOON.astimezone(timezone(timedelta(hours=5)))

    assert rfc3339(karachi) == "2024-02-17T12:00:00Z"


def test_an_instant_is_printed_in_whole_seconds() -> None:
    assert rfc3339(NOON.replace(microsecond=999_999)) == "2024-02-17T12:00:00Z"


def test_an_instant_without_a_zone_is_not_printed() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        rfc3339(NAIVE)


@given(instants)
def test_what_is_printed_is_read_back(instant: datetime) -> None:
    assert parse_rfc3339(rfc3339(instant)) == instant.replace(microsecond=0)


def test_a_date_alone_is_its_first_second() -> None:
    assert parse_rfc3339(" 2024-02-17 ") == datetime(2024, 2, 17, tzinfo=UTC)


def test_an_offset_is_turned_into_utc() -> None:
    assert parse_rfc3339("2024-02-17T17:00:00+05:00") == NOON


@pytest.mark.parametrize(
    "text", ["2024-02-17T12:00", "2024-02-17 12:00:00", "2024-02-17 12", "20240217T12"]
)
def test_a_time_of_day_without_a_zone_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no time zone"):
        parse_rfc3339(text)


@pytest.mark.parametrize("text", ["", "yesterday", "2024-02-30", "17/02/2024", "2024-02-17T25:00Z"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        parse_rfc3339(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_outside_the_calendar_is_refused_as_no_time(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        parse_rfc3339(text)


@pytest.mark.parametrize(
    "text",
    ["2024-02-17 12:00:00", "2024-02-17 12:00:00+00:00", "2024-02-17T12:00:00Z", " 2024-02-17T12 "],
)
def test_a_measurement_time_is_utc_said_or_unsaid(text: str) -> None:
    assert parse_measurement_time(text) == NOON


def test_a_measurement_time_that_is_none_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="soon"):
        parse_measurement_time("soon")


def test_a_measurement_time_outside_the_calendar_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="0001-01-01"):
        parse_measurement_time("0001-01-01T00:00:00+14:00")


@given(instants)
def test_a_table_gives_back_the_instant_it_was_given(instant: datetime) -> None:
    assert from_table(to_table(instant)) == instant


def test_a_table_is_given_no_instant_without_a_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        to_table(NAIVE)
