"""The recursion: what a window is, what a bet returns, and the bound it keeps."""

from collections.abc import Sequence
from itertools import combinations
from random import Random  # noqa: TID251 - seeded

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.changes.bets import (
    HOURS_A_YEAR,
    STAKE_SHARES,
    aligned,
    evidence,
    first_alarms,
    representatives,
    trimmed_units,
    windows,
)
from strategies import FIRST_HOUR, series_of, votes


THRESHOLD = HOURS_A_YEAR / 0.01


@pytest.mark.parametrize(("n", "m"), [(1, 1), (3, 1), (9, 1), (10, 1), (11, 2), (20, 2), (95, 10)])
def test_one_unit_is_trimmed_of_few_and_a_tenth_of_many(n: int, m: int) -> None:
    assert trimmed_units(n) == m


def test_a_window_closes_with_its_third_unit_and_leaves_out_the_highest() -> None:
    bets = windows(series_of([(10, "a", 1.0), (11, "b", 0.0), (13, "c", 0.5), (14, "a", 1.0)]))

    assert (bets.opened.tolist(), bets.hour.tolist()) == ([10], [13])
    assert bets.x[0, :2].tolist() == [0.5, 0.0]


def test_a_day_with_two_units_is_a_window_of_one() -> None:
    bets = windows(series_of([(10, "a", 1.0), (12, "b", 0.5), (40, "a", 0.0)]))

    assert (bets.hour.tolist(), bets.x[:, 0].tolist(), bets.n_units.tolist()) == ([34], [0.5], [2])


def test_a_day_with_one_unit_says_nothing() -> None:
    assert len(windows(series_of([(h, "a", 1.0) for h in range(100)]))) == 0


def test_a_unit_that_votes_often_in_a_window_has_one_value() -> None:
    bets = windows(
        series_of([(10, "a", 1.0), (11, "a", 0.0), (12, "b", 0.0), (13, "c", 1.0), (13, "d", 1.0)])
    )

    assert bets.x[0].tolist() == [1.0, 0.5, 0.0]


def test_mirrored_windows_leave_out_the_lowest_and_bet_on_working() -> None:
    bets = windows(series_of([(1, "a", 0.0), (1, "b", 1.0), (1, "c", 1.0)]), mirrored=True)

    assert bets.x[0, :2].tolist() == [0.0, 0.0]


@given(votes())
def test_windows_are_ordered_disjoint_and_have_units_to_spare(
    drawn: list[tuple[int, str, float]],
) -> None:
    bets = windows(series_of(drawn))

    assert np.all(bets.opened <= bets.hour)
    assert np.all(bets.hour[:-1] <= bets.opened[1:])
    assert np.all(bets.n_units > bets.m)
    made = bets.x[~np.isnan(bets.x)]
    assert np.all((made >= 0) & (made <= 1))


VALUES = st.lists(st.sampled_from([0.0, 0.0, 0.25, 1.0, 1.0]) | st.floats(0, 1), max_size=9)


def returned(values: Sequence[float], j: int, stake: float, usual: float) -> float:
    """Return the mean over all choices of j values of the product of their bets, by definition."""
    bets = [[1 + stake * (v - usual) for v in some] for some in combinations(values, j)]
    return float(np.mean([np.prod(some) for some in bets]))


@given(VALUES.filter(bool), st.sampled_from(STAKE_SHARES.tolist()), st.sampled_from([0.1, 0.8]))
def test_a_window_returns_the_mean_over_all_choices_of_units(
    values: list[float], share: float, usual: float
) -> None:
    kept = sorted(values)
    bets = representatives(kept)
    j = min(len(kept), 3) if len(kept) <= 5 else 2
    product = float(np.prod([1 + share / usual * (r - usual) for r in bets]))

    assert len(bets) == j
    assert bets == sorted(bets, reverse=True)
    assert product == pytest.approx(returned(kept, j, share / usual, usual), rel=1e-5, abs=1e-9)


@settings(deadline=None)
@given(VALUES, st.lists(st.floats(0, 1), max_size=4), st.sampled_from(STAKE_SHARES.tolist()))
def test_forged_units_never_raise_a_window_above_what_honest_ones_return(
    honest: list[float], forged: list[float], share: float
) -> None:
    """The heart of the forgery bound: whichever n - m honest units are taken, they return more."""
    n = len(honest) + len(forged)
    m = trimmed_units(n)
    if len(forged) > m or n - m < 1:
        return
    kept = sorted([*honest, *forged])[: n - m]
    got = float(np.prod([1 + share / 0.1 * (r - 0.1) for r in representatives(kept)]))
    j = len(representatives(kept))

    for some in (honest[: n - m], honest[-(n - m) :], sorted(honest)[: n - m]):
        assert got <= returned(some, j, share / 0.1, 0.1) * (1 + 1e-6) + 1e-9


def test_evidence_is_what_the_bets_return() -> None:
    # by hand: one bet on x = 1 against 0.1 at each of the six stakes
    expected = float(np.mean(1 + STAKE_SHARES / 0.1 * 0.9))

    assert evidence(np.array([1.0]), 0.1)[0] == pytest.approx(expected)


@given(st.lists(st.floats(0, 1), max_size=60), st.sampled_from([0.05, 0.1, 0.8]))
def test_evidence_is_positive_and_a_batch_agrees_with_one_series(
    values: list[float], usual: float
) -> None:
    x = np.array(values)
    path = evidence(x, usual)
    [first] = first_alarms([(x[:, None], np.array([usual]))], 50.0)

    assert np.all(path > 0)
    assert first == (int(np.argmax(path >= 50.0)) if np.any(path >= 50.0) else -1)


def test_a_series_without_a_bet_stands_still() -> None:
    full, gaps = np.ones(20), np.full(40, np.nan)
    gaps[::2] = 1.0
    [a] = first_alarms([(full[:, None], np.array([0.1]))], THRESHOLD)
    [b] = first_alarms([(gaps[:, None], np.array([0.1]))], THRESHOLD)

    assert 2 * a == b


def test_series_of_different_length_are_aligned_by_bet() -> None:
    long = windows(series_of([(h, u, 1.0) for h in range(12) for u in "abc"]))
    short = windows(series_of([(h, u, 0.0) for h in range(3) for u in "abc"]))
    firsts = first_alarms(aligned([short, long], [0.1, 0.1]), THRESHOLD)

    assert firsts.tolist()[0] == -1
    assert firsts.tolist()[1] >= 0


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_under_the_null_the_expected_return_of_a_bet_is_at_most_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    usual = float(rng.uniform(0.03, 0.5))
    two = np.array([0.0, 1.0])
    returns = 1 + STAKE_SHARES[:, None] / usual * (two - usual)

    assert np.allclose(returns @ np.array([1 - usual, usual]), 1.0)


def test_alarms_under_the_null_keep_the_bound() -> None:
    rng = Random(20240217)
    years = 30
    x = np.array([[float(rng.random() < 0.1) for _ in range(years)] for _ in range(HOURS_A_YEAR)])
    firsts = first_alarms([(x, np.full(years, 0.1))], THRESHOLD / 100)

    # at a threshold a hundredth of ours the bound is one alarm a series-year
    assert int((firsts >= 0).sum()) <= years
    assert int((first_alarms([(x, np.full(years, 0.1))], THRESHOLD) >= 0).sum()) <= 1
    assert FIRST_HOUR > 0
