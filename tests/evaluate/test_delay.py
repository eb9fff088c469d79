import math

from overt.evaluate import baselines, delay
from overt.evaluate.plan import QUICK
from strategies import FIRST_HOUR, series_of, steady


def test_every_method_times_the_same_block() -> None:
    series = series_of([*steady(0, 0, 300, "abcd"), *steady(1, 300, 100, "abcd")])
    ours, cusum, pelt, threshold = delay.first_alarms(series, FIRST_HOUR + 300.0)

    assert cusum - FIRST_HOUR == 305
    assert ours <= cusum
    assert pelt <= cusum
    assert threshold - FIRST_HOUR == 311


def test_an_alarm_from_before_the_block_is_no_detection() -> None:
    series = series_of([*steady(1, 0, 100, "abcd"), *steady(0, 100, 300, "abcd")])

    assert set(delay.first_alarms(series, FIRST_HOUR + 200.0)) == {math.inf}


def test_a_history_is_timed_from_its_block() -> None:
    task = delay.Task(seed=1, number=0, rate=10.0)
    found = delay.one(task)

    assert found == delay.one(task)
    assert all(0 < h < 48 for h in found.hours)
    assert all(n > 0 for n in found.failing)


def test_what_was_never_found_is_counted_and_makes_the_quantile_never() -> None:
    never = (math.inf,) * 4
    rows = [delay.Delayed(1.0, (2.0,) * 4, (3.0,) * 4), *[delay.Delayed(1.0, never, never)] * 2]
    [rate] = delay.summary(rows)
    ours = rate.of(delay.OURS)

    assert (ours.median_h, ours.mean_found_h, ours.undetected.hits) == (None, 2.0, 2)


def test_a_plan_draws_each_rate_as_often() -> None:
    assert len(delay.tasks(QUICK)) == QUICK.delay * len(QUICK.delay_rates)
    assert delay.METHODS[1:] == baselines.METHODS
