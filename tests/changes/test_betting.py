from random import Random  # noqa: TID251 - seeded

import numpy as np
import pytest
from hypothesis import given, settings

from overt.changes.betting import HOURS_A_YEAR, THRESHOLD, USUAL_SHARE, detect, evidence
from overt.changes.detector import hour_number
from strategies import FIRST_HOUR, series_of, steady, votes


def test_evidence_multiplies_what_the_bets_return() -> None:
    # by hand: six stakes of 0.95/q times (.05, .1, .2, .4, .7, 1), one bet on x = 1, q = 0.1
    stakes = [f * 9.5 for f in (0.05, 0.1, 0.2, 0.4, 0.7, 1.0)]
    expected = sum(1 + s * 0.9 for s in stakes) / 6

    assert evidence(np.array([1.0]))[0] == pytest.approx(expected)


def test_evidence_never_falls_below_what_no_bet_would_leave() -> None:
    path = evidence(np.zeros(1000))

    assert 0 < path.min() <= path.max() < 1


def test_a_full_block_alarms_within_nine_hours_of_reports() -> None:
    [change] = detect(series_of([*steady(0, 0, 200), *steady(1, 200, 24)]))

    assert hour_number(change.alerted_at) - FIRST_HOUR <= 209
    assert (
        hour_number(change.earliest) - FIRST_HOUR <= 200 < hour_number(change.latest) - FIRST_HOUR
    )


def test_a_quiet_series_never_alarms() -> None:
    assert detect(series_of(steady(0, 0, HOURS_A_YEAR))) == []


def test_series_that_fail_as_usual_alarm_no_oftener_than_the_bound() -> None:
    rng = Random(20240217)
    alarms, years = 0, 12
    for _ in range(years):
        drawn = [
            (FIRST_HOUR + h, "a", float(rng.random() < USUAL_SHARE)) for h in range(HOURS_A_YEAR)
        ]
        alarms += len(detect(series_of(drawn)))

    assert alarms <= max(1, years * HOURS_A_YEAR / THRESHOLD)


@settings(deadline=None, max_examples=50)
@given(votes())
def test_any_order_of_votes_gives_the_same_changes(drawn: list[tuple[int, str, float]]) -> None:
    assert detect(series_of(drawn)) == detect(series_of(sorted(drawn, reverse=True)))


@settings(deadline=None, max_examples=50)
@given(votes())
def test_a_change_names_its_bound_and_the_cells_up_to_its_alarm(
    drawn: list[tuple[int, str, float]],
) -> None:
    for change in detect(series_of([*drawn, *steady(1, 500, 24)])):
        assert change.evidence >= change.threshold == THRESHOLD
        assert change.earliest < change.latest <= change.alerted_at
        assert change.cells == sorted(change.cells)
        assert change.cells[-1].endswith(f"{change.id.rpartition(':')[2]}")


def test_two_events_are_two_changes() -> None:
    gap = 24 * 60
    series = series_of(
        [*steady(0, 0, 100), *steady(1, 100, 48), *steady(0, 148, gap), *steady(1, 148 + gap, 48)]
    )

    assert len(detect(series)) == 2
