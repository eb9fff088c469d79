import sys

import numpy as np
import pytest

from overt.changes.detector import Series
from overt.errors import UsageError
from overt.evaluate import baselines
from strategies import FIRST_HOUR, series_of, steady


def told(series: Series, method: str) -> list[baselines.Alarm]:
    return baselines.alarms(series)[method]


def event(first: int, hours: int, after: int) -> Series:
    return series_of(
        [
            *steady(0, 0, first, "abc"),
            *steady(1, first, hours, "abc"),
            *steady(0, first + hours, after, "abc"),
        ]
    )


def test_the_cusum_takes_six_full_hours_and_dates_the_beginning() -> None:
    [alarm] = told(event(100, 48, 100), "median-CUSUM")

    # 6 x (1 - 0.35) is the first sum of at least 3.5
    assert alarm.hour - FIRST_HOUR == 105
    assert alarm.onset - FIRST_HOUR == 100
    assert alarm.over is not None
    assert alarm.over - FIRST_HOUR == 148 + 9  # 10 x (0.7 - 0.35) is the first of at least 3.5


def test_the_cusum_halves_its_sums_over_long_gaps() -> None:
    hours = np.array([0, 1, 2, 3, 4, 4 + 96])
    values = np.ones(6)

    assert baselines.median_cusum(hours[:5], values[:5]) == []
    assert baselines.median_cusum(hours, values) == []
    assert len(baselines.median_cusum(np.arange(6), values)) == 1


def test_pelt_dates_a_rise_and_a_fall() -> None:
    [alarm] = told(event(100, 48, 100), "PELT")

    assert (alarm.onset - FIRST_HOUR, alarm.over) == (100, FIRST_HOUR + 148)


def test_pelt_run_hour_by_hour_knows_only_what_it_has_seen() -> None:
    hours, medians = baselines.hourly_medians(event(100, 48, 100))
    first = baselines.pelt_first(hours, medians, FIRST_HOUR + 90)

    assert first is not None
    assert 100 <= first.hour - FIRST_HOUR <= 110
    assert baselines.pelt_first(hours[:100], medians[:100], FIRST_HOUR) is None


def test_the_threshold_needs_half_of_a_days_votes_and_three() -> None:
    [alarm] = told(event(100, 48, 100), "fixed threshold")
    few = series_of([(0, "a", 1.0), (1, "b", 1.0)])

    assert alarm.hour - FIRST_HOUR == 111  # twelve of 24 hours
    assert told(few, "fixed threshold") == []


@pytest.mark.parametrize("method", baselines.METHODS)
def test_nothing_is_said_of_a_quiet_series_or_of_none(method: str) -> None:
    assert told(event(300, 0, 0), method) == []
    assert told(series_of([]), method) == []


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ruptures", None)

    with pytest.raises(UsageError, match="ruptures") as raised:
        told(event(10, 10, 10), "PELT")
    assert "overt[evaluate]" in str(raised.value)
