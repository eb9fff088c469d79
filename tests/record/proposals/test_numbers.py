import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.record.proposals.numbers import find_numbers


def read(text: str) -> list[tuple[float, float, str, str]]:
    found = find_numbers(text, 0, len(text))
    return [(n.quantity.low, n.quantity.high, n.quantity.unit, n.quantity.counts) for n in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("over 20 million followers", (2e7, math.inf, "accounts", "followers")),
        (
            "27 civil society organizations signed",
            (27, 27, "organisations", "civil society organizations"),
        ),
        ("28 signatories", (28, 28, "organisations", "signatories")),
        ("lost $1.62 bn", (1.62e9, 1.62e9, "USD", "USD")),
        ("10-15 accounts", (10, 15, "accounts", "accounts")),
        ("50 lakh users", (5e6, 5e6, "people", "users")),
        ("Rs 5 crore", (5e7, 5e7, "rupees", "rupees")),
        ("43 per cent of users", (43, 43, "percent", "percent")),
        ("up to 1,100 accounts", (0, 1100, "accounts", "accounts")),
    ],
)
def test_a_number_has_an_interval_a_unit_and_what_it_counts(
    text: str, expected: tuple[float, float, str, str]
) -> None:
    assert read(text) == [expected]


def test_dates_and_years_count_nothing() -> None:
    assert read("On 17 February 2024 and April 17, in 2021.") == []


def test_about_leaves_a_tenth_open_either_side() -> None:
    ((low, high, unit, _),) = read("about 100 users")

    assert (low, unit) == (90.0, "people")
    assert high == pytest.approx(110.0)


@given(st.text(alphabet="0123456789,.-%$ millionover users", max_size=80))
def test_no_number_is_upside_down_or_outside_the_text(text: str) -> None:
    for number in find_numbers(text, 0, len(text)):
        assert 0 <= number.start < number.numeral_end <= number.end <= len(text)
        assert number.quantity.low <= number.quantity.high
