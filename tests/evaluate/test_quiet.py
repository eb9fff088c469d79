import pytest

from overt.changes.blocking import FALSE_ALARMS_A_YEAR
from overt.evaluate import quiet
from overt.evaluate.plan import FULL


def test_the_full_plan_has_a_thousand_series_years() -> None:
    tasks = quiet.tasks(FULL)
    networks = sum(len(t.rates) if t.world == "pilot" else 20 for t in tasks)

    assert networks >= 1000


def test_rates_are_alarms_over_years_with_their_upper_limit() -> None:
    rows = [
        quiet.Year("pilot", 6, 7, 0, (0, 1, 2, 3)),
        quiet.Year("uneven", 20, 21, 1, (2, 0, 0, 0)),
    ]
    found = quiet.summary(rows)

    assert found.bound == FALSE_ALARMS_A_YEAR
    assert (found.ours.alarms, found.ours.years) == (2, 28)
    assert found.ours.upper == pytest.approx(6.2958 / 28, abs=1e-4)
    assert found.by_world["uneven"].per_year == pytest.approx(2 / 21)
    assert found.incidents.years == 2
    assert found.incidents_bound == pytest.approx(FALSE_ALARMS_A_YEAR * 14)
    assert [found.others[m].alarms for m in quiet.METHODS[1:]] == [1, 2, 3]
    assert found.others["PELT"].years == 26


def test_a_quiet_year_is_drawn_and_raises_nothing() -> None:
    year = quiet.one(quiet.Task(seed=1, number=0, world="pilot", rates=(0.3, 1.0)))

    assert (year.n_networks, year.n_series, year.n_incidents, year.alarms[0]) == (2, 3, 0, 0)
