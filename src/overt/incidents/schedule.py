"""Whether an incident keeps a timetable: restricted hours that recur by local clock and weekday.

Three descriptions of the same votes compete, and the shortest wins (minimum description length):

- constant: each network fails at one rate all the time;
- stretches: it fails at one of two rates and switches whenever it likes, each switch paid for;
- timetable: it fails at one of two rates, and the weekday and hour of day say which.

The odds a timetable wins against a constant rate are a betting score: by Markov's inequality,
networks with constant rates and independent hours reach `1 / ALPHA` with a chance of at most
`ALPHA`, over all timetables together and whatever the rates. Votes of one hour share the weight of
one vote, so that networks which fail together do not count as independent. Failures that last, and
a block that began once, are not independent from hour to hour; they are what "stretches" is for.

Limits: one timetable for the whole window and all networks given; edges on the grid of the votes,
whole UTC hours, so an edge inside an hour may fall on either side of it. A timetable that takes
turns by date (every second week) is not recognised, nor one that exempts single days.
Sources: Gruenwald, "The Minimum Description Length Principle", 2007; Gruenwald, de Heide and
Koolen, "Safe testing", JRSS B 2024.
"""

from collections.abc import Sequence
from math import log
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from overt.changes.detector import Hours, Series, hour_time
from overt.incidents.timetable import (
    COMMON_SETS,
    DAY_H,
    EVERY_DAY,
    WEEK_D,
    Interval,
    Timetable,
    Votes,
    fit,
    stretches,
)
from overt.vocabulary.instants import from_table
from overt.vocabulary.judgements import Schedule


ALPHA = 1e-3  # hand-set; the chance of naming a timetable where a constant rate rules is below it
MIN_DAYS = 3  # hand-set: days whose restricted hours have working hours before and after them
MIN_ON_SHARE = 0.5  # hand-set: failing within the timetable, all networks and votes together
MIN_DIFFERENCE = 0.4  # hand-set: between the failing shares within and outside the timetable


def find_schedule(series: Sequence[Series], window: tuple[int, int], zone: str) -> Schedule | None:
    """Return the timetable the networks keep in the hours of `window`, both included, or None.

    None means that the votes do not show one: there may be one all the same. A weekday on which
    the restricted hours were never measured is not named. Measured by
    `test_no_more_false_names_than_stated` over 250 seeded series on one network and 250 on three of
    each of eight kinds without a timetable (always blocked, random failures, failures in bursts, a
    block that began once, blocks that came and went, a single day, a single weekend, mildly worse
    evenings): 0 of 4,000 were named.

    Raises:
        ZoneInfoNotFoundError: when the machine has no data for `zone`.
    """
    inside = [s for s in (s.between(*window) for s in series) if len(s.hour)]
    if not inside:
        return None
    clock_of = _Clock(ZoneInfo(zone), window)
    votes = _votes(inside, clock_of)
    fitted, odds = fit(votes)
    if fitted is None or odds < -log(ALPHA) or odds < stretches(votes) - log(ALPHA):
        return None
    on = [fitted.covers(clock_of(s.hour)) for s in inside]
    is_on, value = np.concatenate(on), np.concatenate([s.value for s in inside])
    within, outside = value[is_on], value[~is_on]
    if not len(within) or not len(outside) or within.mean() < MIN_ON_SHARE:
        return None
    if within.mean() - outside.mean() < MIN_DIFFERENCE:
        return None
    around = [s.between(window[0] - DAY_H, window[1] + DAY_H) for s in series]
    days = _witnessed_days(_votes(around, clock_of), fitted)
    if not _recurs(days, fitted):
        return None
    return Schedule(
        weekdays=fitted.measured(votes.clock).weekdays,
        hours=tuple(_minutes(interval, clock_of.minute) for interval in fitted.intervals),
        zone=zone,
        explained_share=float(within.sum() / value.sum()),
        spared_share=float((1 - outside).sum() / (1 - value).sum()),
        n_votes=len(value),
        n_days=len(days),
    )


def covers(schedule: Schedule, hours: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Say of each hour number whether the timetable restricts it, give or take its edges."""
    zone, day = ZoneInfo(schedule.zone), DAY_H * 60
    local = [from_table(hour_time(h)).astimezone(zone) for h in hours]
    return np.array(
        [
            any(
                (t.weekday() - late) % WEEK_D in schedule.weekdays
                and start <= t.hour * 60 + t.minute + late * day < end
                for start, end in ((a, b if b > a else b + day) for a, b in schedule.hours)
                for late in (0, 1)
            )
            for t in local
        ],
        dtype=bool,
    )


def _minutes(interval: Interval, minute: int) -> Interval:
    """Return an interval of the grid in minutes of the day; the grid is `minute` past the hour."""
    day = DAY_H * 60
    if interval == (0, DAY_H):
        return 0, day
    start, end = (h * 60 + minute for h in interval)
    return start, end if end <= day else end - day


class _Clock:
    """The local hour numbers of the hours of a window and of a day on either side.

    They count from Monday 1 January of the year 1. Where the local clock is not at a whole hour
    when a UTC hour begins, as in India, hours are counted from the minute at which it is.
    """

    def __init__(self, zone: ZoneInfo, window: tuple[int, int]) -> None:
        self.first = window[0] - DAY_H
        hours = range(self.first, window[1] + DAY_H + 1)
        local = [from_table(hour_time(h)).astimezone(zone) for h in hours]
        self.minute = local[0].minute
        self.number: Hours = np.array(
            [
                ((t.toordinal() - 1) * DAY_H * 60 + t.hour * 60 + t.minute - self.minute) // 60
                for t in local
            ],
            dtype=np.int64,
        )

    def __call__(self, hour: Hours) -> Hours:
        """Return the local hour number of each UTC hour number."""
        return self.number[hour - self.first]


def _votes(series: Sequence[Series], clock: _Clock) -> Votes:
    hours, shares = zip(*(s.by_hour() for s in series), strict=True)
    hour, network = (
        np.concatenate(hours),
        np.repeat(np.arange(len(series)), [len(h) for h in hours]),
    )
    order = np.lexsort((network, hour))
    _, group, size = np.unique(hour[order], return_inverse=True, return_counts=True)
    return Votes(
        hour=group,
        clock=clock(hour[order]),
        network=network[order],
        share=np.concatenate(shares)[order],
        weight=1.0 / size[group],
    )


def _witnessed_days(votes: Votes, timetable: Timetable) -> set[int]:
    """Return the local days on which restricted hours fail between other hours that work."""
    on = timetable.covers(votes.clock)
    edges = np.flatnonzero(np.diff(on.astype(np.int8))) + 1
    runs = np.split(np.arange(len(on)), edges)
    fails = [
        float(np.average(votes.share[r], weights=votes.weight[r])) > MIN_ON_SHARE for r in runs
    ]
    return {
        int(votes.clock[runs[i][0]]) // DAY_H
        for i in range(1, len(runs) - 1)
        if on[runs[i][0]] and fails[i] and not fails[i - 1] and not fails[i + 1]
    }


def _recurs(days: set[int], timetable: Timetable) -> bool:
    """Say whether restricted hours were witnessed on days enough to show that they come back.

    What is said of the week takes more than one week, and an uncommon set of weekdays takes each
    of them twice in the mean: three days one after another are some set of weekdays by necessity.
    """
    if len(days) < MIN_DAYS:
        return False
    if timetable.weekdays == EVERY_DAY:
        return True
    is_common = timetable.weekdays in COMMON_SETS
    n_weeks = len({day // WEEK_D for day in days})
    return n_weeks > 1 and (is_common or len(days) >= 2 * len(timetable.weekdays))
