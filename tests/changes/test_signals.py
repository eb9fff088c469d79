import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.changes.bets import evidence
from overt.changes.signals import WEEK_H, below, ran_below, weekly_baseline


RATES = st.lists(
    st.tuples(st.floats(0, 1e9), st.floats(0, 1e9)) | st.sampled_from([(np.nan, 1.0), (1.0, 0.0)]),
    max_size=30,
)


def test_a_target_below_a_fifth_of_its_control_is_slow() -> None:
    found = ran_below(np.array([1.0, 2.0, 3.0]), np.array([10.0, 10.0, 10.0]))

    assert found.tolist() == [1.0, 0.0, 0.0]


def test_both_slow_is_congestion_and_not_throttling() -> None:
    assert ran_below(np.full(20, 0.1), np.full(20, 0.12)).tolist() == [0.0] * 20


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_what_cannot_be_compared_is_missing_and_never_as_usual(bad: float) -> None:
    one, odd = np.array([1.0]), np.array([bad])

    assert np.isnan(ran_below(one, odd)).all() and np.isnan(ran_below(odd, one)).all()
    assert np.isnan(below(odd, one)).all() and np.isnan(below(one, odd)).all()
    assert np.isnan(ran_below(one, np.array([0.0]))).all()


@given(RATES)
def test_values_are_bits_or_missing(pairs: list[tuple[float, float]]) -> None:
    target, control = (np.array([p[k] for p in pairs]) for k in (0, 1))
    found = ran_below(target, control)

    assert set(found[~np.isnan(found)].tolist()) <= {0.0, 1.0}


def test_a_baseline_is_the_median_of_the_same_hour_of_earlier_weeks() -> None:
    hour = np.arange(0, WEEK_H * 5, WEEK_H)
    baseline = weekly_baseline(hour, np.array([10.0, 30.0, 20.0, 40.0, 0.0]))

    assert np.isnan(baseline[:2]).all()
    assert baseline[2:].tolist() == [20.0, 20.0, 25.0]


def test_a_daily_rhythm_is_no_drop_and_a_cut_is_heard() -> None:
    hour = np.arange(6 * WEEK_H)
    value = 100 + 50 * np.sin(2 * np.pi * hour / 24)
    value[5 * WEEK_H :] *= 0.3
    x = below(value, weekly_baseline(hour, value))
    known = ~np.isnan(x)
    path = evidence(x[known], 0.10)

    assert (path[: int(known[: 5 * WEEK_H].sum())] <= 1).all()
    assert path[-1] > 1e6


def test_twelve_slow_pairs_are_enough() -> None:
    x = ran_below(np.full(12, 0.14), np.full(12, 8.0))

    assert evidence(x, 0.10)[-1] > 876_000
