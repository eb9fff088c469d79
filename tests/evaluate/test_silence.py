import math

from overt.evaluate import silence
from overt.evaluate.plan import QUICK


def test_a_history_of_a_dark_network_is_told_and_not_ended() -> None:
    task = silence.Task(seed=1, number=0, rate=10.0)
    found = silence.one(task)

    assert found == silence.one(task)
    assert 0 < found.hours <= 24
    assert found.has_incident
    assert not found.is_ended


def test_a_network_that_nobody_hears_is_never_told() -> None:
    found = silence.one(silence.Task(seed=1, number=0, rate=0.05))

    assert math.isinf(found.hours)


def test_quiet_years_count_silences_by_series() -> None:
    pilot, uneven = (silence.one(silence.Task(1, number, 0.0)) for number in (0, 1))

    assert (pilot.n_told, pilot.n_series) == (0, 4)
    assert uneven.n_series == 20


def test_what_was_never_told_is_counted() -> None:
    rows = [
        silence.Fell(3.0, 12.0, has_incident=True),
        silence.Fell(3.0, 30.0, has_incident=True, is_ended=True),
        silence.Fell(3.0),
        silence.Fell(0.0, n_told=1, n_series=10),
    ]
    found = silence.summary(rows)

    [rate] = found.rates
    assert (rate.told.hits, rate.within_a_day.hits, rate.ended.hits, rate.ended.n) == (2, 1, 1, 2)
    assert rate.median_h == 30
    assert rate.p90_h is None
    assert (found.quiet.alarms, found.quiet.years) == (1, 10)


def test_the_plan_is_drawn_whole() -> None:
    assert len(silence.tasks(QUICK)) == QUICK.silence_years + QUICK.silence
