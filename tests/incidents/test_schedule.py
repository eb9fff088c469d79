"""Timetables found, and timetables not found where there are none, over seeded series."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from overt.changes.detector import EPOCH, Floats, Series, hour_time
from overt.dossier.accounts import timetable
from overt.incidents.schedule import find_schedule
from overt.incidents.timetable import WEEKDAYS
from overt.vocabulary.judgements import Schedule


N_SERIES = 250  # of each kind without a timetable; one false name in all of them is a failure
N_RECOGNISED = 40  # of each kind with one
MONDAY = (datetime(2024, 1, 1) - EPOCH) // timedelta(hours=1)  # noqa: DTZ001 - tables are naive

Draws = np.random.Generator
Restricted = Callable[[datetime], bool]


def votes_of(
    lots: Draws, rates: Floats, *, asn: int = 1, density: float | None = None, begin: int = MONDAY
) -> Series:
    """Up to three units an hour that mostly agree, fewer at night, hours missing at random."""
    density = lots.uniform(0.15, 0.9) if density is None else density
    votes = []
    for hour, rate in enumerate(rates):
        at_night = (hour + 3) % 24 < 7
        if lots.random() > density * (0.5 if at_night else 1.0):
            continue
        fails = lots.random() < rate
        for unit in range(lots.integers(1, 4)):
            same = lots.random() < 0.8
            value = fails if same else lots.random() < rate
            votes.append((begin + hour, f"{unit}", float(value)))
    return Series.of(("XX", "x", "x", asn), votes)


def days(lots: Draws) -> int:
    return int(lots.integers(3, 36)) * 24


def always(lots: Draws) -> Floats:
    return np.full(days(lots), lots.uniform(0.7, 1.0))


def at_random(lots: Draws) -> Floats:
    return np.full(days(lots), lots.uniform(0.05, 0.7))


def in_bursts(lots: Draws) -> Floats:
    n, on, rates = days(lots), False, []
    lasts = {True: lots.uniform(2, 14), False: lots.uniform(4, 40)}
    for _ in range(n):
        on = on ^ bool(lots.random() < 1 / lasts[on])
        rates.append(0.95 if on else 0.03)
    return np.array(rates)


def began_once(lots: Draws) -> Floats:
    n = days(lots)
    return np.where(np.arange(n) < lots.integers(5, n - 5), 0.03, lots.uniform(0.7, 1.0))


def came_and_went(lots: Draws) -> Floats:
    rates = np.full(days(lots), 0.03)
    for _ in range(lots.integers(2, 7)):
        start = lots.integers(0, len(rates) - 6)
        rates[start : start + lots.integers(4, 90)] = 0.95
    return rates


def one_day(lots: Draws) -> Floats:
    rates = np.full(days(lots), 0.02)
    start = 24 * lots.integers(0, len(rates) // 24) + 8
    rates[start : start + 10] = 0.97
    return rates


def one_weekend(lots: Draws) -> Floats:
    rates = np.full(14 * 24, 0.02)
    rates[5 * 24 : 7 * 24] = 0.97
    return rates if lots.random() < 0.5 else 1 - rates


def bad_evenings(lots: Draws) -> Floats:
    hours = np.arange(days(lots)) % 24
    return np.where((hours >= 17) & (hours < 22), lots.uniform(0.15, 0.3), 0.05)


NONE = (always, at_random, in_bursts, began_once, came_and_went, one_day, one_weekend, bad_evenings)


def false_names(kind: Callable[[Draws], Floats], n_networks: int) -> list[Schedule]:
    found = []
    for seed in range(N_SERIES):
        lots = np.random.default_rng([seed, NONE.index(kind), n_networks])
        rates = kind(lots)
        series = [votes_of(lots, rates, asn=asn) for asn in range(1, n_networks + 1)]
        found.append(find_schedule(series, (MONDAY, MONDAY + len(rates) - 1), "UTC"))
    return [f for f in found if f]


@pytest.mark.parametrize("n_networks", [1, 3])
@pytest.mark.parametrize("kind", NONE, ids=lambda k: k.__name__)
def test_no_more_false_names_than_stated(kind: Callable[[Draws], Floats], n_networks: int) -> None:
    assert false_names(kind, n_networks) == []


def on_days(*wanted: int, hours: range = range(24)) -> Restricted:
    return lambda t: t.weekday() in wanted and t.hour in hours


def exam_day(t: datetime) -> bool:
    return t.weekday() < 5 and (7 <= t.hour < 10 or 13 <= t.hour < 16)


def friday_night(t: datetime) -> bool:
    return (t - timedelta(hours=4)).weekday() == 4 and (t.hour >= 21 or t.hour < 4)


KINDS: dict[str, tuple[Restricted, int, str]] = {
    "every day 01-09 h": (on_days(*range(7), hours=range(1, 9)), 8, "Asia/Karachi"),
    "every day 22-05 h": (lambda t: t.hour >= 22 or t.hour < 5, 10, "Africa/Nairobi"),
    "weekdays 07-10 h and 13-16 h": (exam_day, 17, "Africa/Nairobi"),
    "weekdays 09-17 h": (on_days(*range(5), hours=range(9, 17)), 14, "America/Bogota"),
    "weekends, all day": (on_days(5, 6), 35, "Europe/Istanbul"),
    "Fridays, all day": (on_days(4), 42, "Asia/Baghdad"),
    "Fridays 12-15 h": (on_days(4, hours=range(12, 15)), 56, "Asia/Baghdad"),
    "Fridays 21-04 h": (friday_night, 56, "Asia/Baghdad"),
    "Wednesdays and Saturdays 18-22 h": (on_days(2, 5, hours=range(18, 22)), 42, "Europe/Madrid"),
}


def simulated(
    restricted: Restricted,
    n_days: int,
    zone: str,
    seed: int,
    *,
    begin: int = MONDAY,
    density: float = 0.7,
) -> Schedule | None:
    lots = np.random.default_rng(seed)
    place = ZoneInfo(zone)
    local = [hour_time(begin + h).replace(tzinfo=UTC).astimezone(place) for h in range(24 * n_days)]
    rates = np.array([0.93 if restricted(t) else 0.03 for t in local])
    series = [votes_of(lots, rates, asn=asn, density=density, begin=begin) for asn in (1, 2)]
    return find_schedule(series, (begin, begin + len(rates) - 1), zone)


@pytest.mark.parametrize("kind", KINDS)
def test_a_timetable_that_recurs_is_named(kind: str) -> None:
    found = [simulated(*KINDS[kind], seed) for seed in range(N_RECOGNISED)]
    said = [timetable(f) for f in found if f]

    assert said.count(kind) >= 0.95 * N_RECOGNISED


def test_a_third_of_the_votes_is_enough_for_a_timetable_of_three_weeks() -> None:
    found = [simulated(exam_day, 21, "Africa/Nairobi", s, density=0.3) for s in range(N_RECOGNISED)]

    assert len([f for f in found if f and f.weekdays == WEEKDAYS]) >= 0.9 * N_RECOGNISED


def test_the_local_clock_counts_where_summer_time_ends() -> None:
    begin = MONDAY + 24 * 7 * 41  # 14 October 2024; the clocks of Berlin change on the 27th
    found = simulated(on_days(*range(7), hours=range(8, 12)), 28, "Europe/Berlin", 1, begin=begin)

    assert found is not None
    assert timetable(found) == "every day 08-12 h"


def test_hours_in_a_zone_of_half_hours_begin_at_the_half() -> None:
    found = simulated(on_days(*range(7), hours=range(16, 24)), 14, "Asia/Kolkata", 1)

    assert found is not None
    assert timetable(found) == "every day 16:30-00:30 h"


def test_the_order_of_networks_changes_nothing() -> None:
    hours = [h for h in range(21 * 24) if h % 5]
    votes = [(MONDAY + h, "a", float(h % 24 in range(7, 10))) for h in hours]
    one, two = (Series.of(("XX", "x", "x", asn), votes[asn::2]) for asn in (1, 2))
    window = (MONDAY, MONDAY + 21 * 24)

    assert find_schedule([one, two], window, "UTC") == find_schedule([two, one], window, "UTC")
    assert find_schedule([one, two], window, "UTC") is not None


def test_weekdays_never_measured_are_not_named() -> None:
    votes = [(MONDAY + h, "a", float(h % 24 in range(7, 10))) for h in range(5 * 24)]
    series = Series.of(("XX", "x", "x", 1), votes)
    found = find_schedule([series], (MONDAY, MONDAY + 7 * 24), "UTC")

    assert found is not None
    assert timetable(found) == "weekdays 07-10 h"
    assert (found.explained_share, found.spared_share) == (1.0, 1.0)
    assert (found.n_votes, found.n_days) == (120, 5)


def test_two_days_are_not_enough() -> None:
    votes = [(MONDAY + h, "a", float(h % 24 in range(6, 18))) for h in range(48)]

    assert (
        find_schedule([Series.of(("XX", "x", "x", 1), votes)], (MONDAY, MONDAY + 47), "UTC") is None
    )


def test_no_votes_are_no_timetable() -> None:
    assert find_schedule([], (MONDAY, MONDAY + 100), "UTC") is None
    assert find_schedule([Series.of(("XX", "x", "x", 1), [])], (MONDAY, MONDAY), "UTC") is None


@pytest.mark.parametrize(
    ("weekdays", "hours", "expected"),
    [
        ((0, 1, 2, 3, 4), ((420, 600), (780, 960)), "weekdays 07-10 h and 13-16 h"),
        ((0, 1, 2, 3, 4, 5, 6), ((60, 540),), "every day 01-09 h"),
        ((4,), ((720, 900),), "Fridays 12-15 h"),
        ((5, 6), ((0, 1440),), "weekends, all day"),
        ((0, 2, 4), ((1320, 270),), "Mondays, Wednesdays and Fridays 22-04:30 h"),
        ((3,), ((1200, 1440),), "Thursdays 20-24 h"),
    ],
)
def test_a_timetable_in_timetable(
    weekdays: tuple[int, ...], hours: tuple[tuple[int, int], ...], expected: str
) -> None:
    schedule = Schedule(
        weekdays=weekdays,
        hours=hours,
        zone="UTC",
        explained_share=1.0,
        spared_share=1.0,
        n_votes=100,
        n_days=5,
    )

    assert timetable(schedule) == expected
