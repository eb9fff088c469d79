from math import exp

import numpy as np
import pytest

from overt.incidents import timetable
from overt.incidents.timetable import EVERY_DAY, WEEKDAYS, Timetable, Votes, fit, stretches


def votes(clock: list[int], share: list[float]) -> Votes:
    hours = np.array(clock, dtype=np.int64)
    return Votes(
        hour=np.arange(len(hours), dtype=np.int64),
        clock=hours,
        network=np.zeros(len(hours), dtype=np.int64),
        share=np.array(share, dtype=np.float64),
        weight=np.ones(len(hours)),
    )


def test_an_interval_over_midnight_belongs_to_the_day_it_begins_on() -> None:
    friday = 4 * 24
    covered = Timetable((4,), ((22, 28),)).covers(np.arange(7 * 24, dtype=np.int64))

    assert np.flatnonzero(covered).tolist() == list(range(friday + 22, friday + 28))


def test_the_week_ends_where_it_begins() -> None:
    covered = Timetable((6,), ((22, 26),)).covers(np.arange(7 * 24, dtype=np.int64))

    assert np.flatnonzero(covered).tolist() == [0, 1, 6 * 24 + 22, 6 * 24 + 23]


def test_the_prior_over_timetables_sums_to_at_most_one() -> None:
    sets = [exp(-timetable._set_cost(days)) for days in timetable._SETS]
    linear = [300, 12_650, 177_100]  # one, two and three intervals between midnight and midnight
    crossing = sum(24 - end for end in range(1, timetable._LATEST_CROSSING_H + 1))
    hours = sum(
        2 * n * exp(-timetable._INTERVAL_COST * k) for k, n in enumerate(linear[1:], start=2)
    ) + (linear[0] + crossing) * exp(-timetable._INTERVAL_COST)

    assert sum(sets) == pytest.approx(1)
    assert hours < 1


def test_the_odds_against_a_constant_rate_are_a_fair_bet() -> None:
    lots = np.random.default_rng(5)
    clock = list(range(200))
    on = np.array([c % 24 < 8 for c in clock])
    won = [
        exp(timetable._odds(votes(clock, (lots.random(200) < 0.3).astype(float).tolist()), on))
        for _ in range(500)
    ]

    assert np.mean(won) < 1


def test_clean_votes_give_the_timetable_they_were_made_with() -> None:
    made = Timetable(WEEKDAYS, ((7, 10), (13, 16)))
    clock = list(range(3 * 7 * 24))
    one = votes(clock, made.covers(np.array(clock)).astype(float).tolist())
    found, odds = fit(one)

    assert found == made
    assert odds > stretches(one) + 50


def test_a_block_that_began_once_is_a_stretch_before_it_is_a_timetable() -> None:
    one = votes(list(range(240)), [float(h >= 100) for h in range(240)])
    _, odds = fit(one)

    assert stretches(one) > max(odds, 100)


def test_votes_at_one_rate_have_no_timetable() -> None:
    found, odds = fit(votes(list(range(240)), [1.0] * 240))

    assert (found is None or found.weekdays == EVERY_DAY) and odds <= 0
