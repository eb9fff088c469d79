import math

from overt.evaluate import national
from overt.evaluate.delay import OURS


def test_a_blocked_country_is_an_incident_within_a_day() -> None:
    found = national.one(national.Task(seed=1, number=0, rate=1.0, n_blocked=6))

    assert 0 < found.hours[0] < 24


def test_figures_are_kept_apart_by_rate_and_by_networks_blocked() -> None:
    rows = [
        national.Delayed(0.3, 6, (10.0, 12.0)),
        national.Delayed(0.3, 3, (math.inf, 20.0)),
        national.Delayed(0.3, 3, (40.0, 30.0)),
    ]
    all_blocked, half = national.summary(rows)

    assert (all_blocked.n_blocked, all_blocked.of(OURS).median_h) == (6, 10.0)
    assert (half.n_blocked, half.of(OURS).median_h, half.of(OURS).undetected.hits) == (3, 40.0, 1)
