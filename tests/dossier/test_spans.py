"""Local days as instants, with open sides and broken zones."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.dossier.spans import EVER, FOREVER, Window, covers, join, local_day, shifted, window
from overt.errors import InputError
from records import at, on


def test_a_local_day_begins_and_ends_at_local_midnight() -> None:
    found = window(on("2024-02-18"))

    assert (found.start, found.end) == (at(2, 17, 19), at(2, 18, 19))


def test_open_sides_stay_open_and_an_instant_has_no_width() -> None:
    assert window(on(None, "2024-02-07")).start == EVER
    assert window(on("2024-02-07", None)).end == FOREVER
    assert not window(on(None, None)).is_closed
    assert window(on("2024-02-07", at=at(2, 7, 3))) == Window(start=at(2, 7, 3), end=at(2, 7, 3))


def test_the_last_day_of_the_calendar_does_not_overflow() -> None:
    assert window(on("9999-12-31")).end == FOREVER
    assert window(on("0001-01-01", zone="Asia/Karachi")).start == EVER


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "a" * 5000])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(InputError, match="not a time zone"):
        window(on("2024-02-07", zone=zone))


def test_a_shift_stays_within_the_calendar() -> None:
    assert shifted(EVER, -timedelta(days=45)) == EVER
    assert shifted(FOREVER, timedelta(days=45)) == FOREVER
    assert shifted(EVER + timedelta(days=1), -timedelta(days=45)) == EVER
    assert shifted(at(2, 17), timedelta(days=1)) == at(2, 18)


def test_a_day_is_counted_where_it_is_lived() -> None:
    assert str(local_day(at(2, 17, 20), "Asia/Karachi")) == "2024-02-18"


HOURS = st.integers(0, 60).map(lambda h: datetime(2024, 1, 1 + h // 24, h % 24, tzinfo=UTC))
WINDOWS = st.tuples(HOURS, HOURS).map(lambda p: Window(start=min(p), end=max(p)))


@given(st.lists(WINDOWS, max_size=8), WINDOWS)
def test_joining_changes_nothing_of_what_is_covered(pieces: list[Window], wanted: Window) -> None:
    joined = join(pieces)

    assert covers(pieces, wanted) == any(j.holds(wanted) for j in joined)
    assert all(a.end < b.start for a, b in pairwise(joined))


@given(WINDOWS, WINDOWS)
def test_a_cut_lies_in_both(one: Window, other: Window) -> None:
    cut = one.cut(other)

    assert cut is None or (one.holds(cut) and other.holds(cut))
