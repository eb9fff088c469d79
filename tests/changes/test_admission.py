from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.changes.admission import REASONS, admit
from overt.changes.registry import detect_all


START = datetime(2024, 2, 17)  # noqa: DTZ001 - tables are naive UTC
ODD = st.one_of(
    st.integers(-3, 5), st.floats(), st.none(), st.booleans(), st.just("1"), st.just(np.nan)
)


def vote(at: int, unit: str = "a", failing: Any = 0, n: Any = 1, **others: Any) -> dict[str, Any]:
    row = {"cc": "XX", "platform": "x", "target": "x/web", "asn": 1, "unit": unit}
    row |= {"hour": START + timedelta(hours=at), "n_failing": failing, "n_measurements": n}
    return row | others


SOUND = [vote(0), vote(1, "b", 1, 2), vote(2, "c", 1)]


def test_sound_votes_are_a_series() -> None:
    [series], apart = admit(SOUND)

    assert apart == []
    assert series.value.tolist() == [0, 0.5, 1]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (vote(3, failing=-1), "not_a_count"),
        (vote(3, failing=np.nan), "not_a_count"),
        (vote(3, failing=None), "not_a_count"),
        (vote(3, n=float("inf")), "not_a_count"),
        (vote(3, n=0), "no_measurements"),
        (vote(3, failing=2), "more_failing_than_measured"),
        (vote(3, hour=START + timedelta(minutes=3)), "not_an_hour"),
        (vote(3, hour=START.replace(year=1970)), "not_an_hour"),
        (vote(3, hour=None), "not_an_hour"),
    ],
)
def test_what_makes_no_sense_is_set_apart_with_its_reason(bad: dict[str, Any], reason: str) -> None:
    [series], [apart] = admit([*SOUND, bad])

    assert apart.reason == reason
    assert apart.unit == "a"
    assert len(series.hour) == 3


def test_a_unit_that_votes_twice_in_an_hour_is_left_out_whatever_the_order() -> None:
    votes = [*SOUND, vote(5, "d", 0), vote(5, "d", 1)]
    answers = [admit(list(order)) for order in permutations(votes)]

    for [series], [apart] in answers:
        assert apart.reason == "duplicated_unit"
        assert series.value.tolist() == [0, 0.5, 1]


@pytest.mark.parametrize(
    ("votes", "reasons"),
    [
        ([vote(0, "a"), vote(0, "b")], ["one_hour"]),
        ([vote(0, n=0), vote(1, n=0)], ["no_measurements", "no_measurements", "no_votes"]),
    ],
)
def test_a_series_that_cannot_change_is_set_apart(
    votes: list[dict[str, Any]], reasons: list[str]
) -> None:
    series, apart = admit(votes)

    assert series == []
    assert [one.reason for one in apart] == reasons


@given(st.lists(st.builds(vote, st.integers(0, 9), st.sampled_from("ab"), ODD, ODD), max_size=30))
def test_nothing_that_makes_no_sense_reaches_a_detector_and_all_is_told(
    votes: list[dict[str, Any]],
) -> None:
    series, apart = admit(votes)
    kept = sum(len(s.value) for s in series)

    assert all(((s.value >= 0) & (s.value <= 1)).all() for s in series)
    assert {one.reason for one in apart} <= set(REASONS)
    assert kept == 0 or kept + len(apart) <= len(votes)
    assert detect_all(series) == []
