"""How long an alarm takes: one network at several rates, beside the methods of others."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from overt.changes.detector import Series, hour_number
from overt.changes.registry import detect_all
from overt.evaluate import baselines
from overt.evaluate.heard import onsets_of, series_in
from overt.evaluate.limits import Share, quantile, share_of
from overt.evaluate.plan import Plan
from overt.evaluate.worlds import seeded
from overt.lab.bulk import hour_of
from overt.lab.votes import pilot_world


QUIET_D, BLOCKED_D = 14, 14
SHARE = 0.9
OURS = "overt"
METHODS = (OURS, *baselines.METHODS)
_KIND = 1  # keeps this part's lots apart from the others'


@dataclass(frozen=True, slots=True)
class Task:
    """One history to draw."""

    seed: int
    number: int
    rate: float


@dataclass(frozen=True, slots=True)
class Delayed:
    """Hours from the block to the end of the hour of the alarm, and failing votes it took.

    By method, in the order of `METHODS`; infinite where no alarm came in 14 days.
    """

    rate: float
    hours: tuple[float, ...]
    failing: tuple[float, ...]


def tasks(plan: Plan) -> list[Task]:
    """Return the histories of a plan."""
    return [
        Task(plan.seed, number, rate) for rate in plan.delay_rates for number in range(plan.delay)
    ]


def one(task: Task) -> Delayed:
    """Draw one history and time the first alarm of each method."""
    rng = seeded(task.seed, _KIND, task.number, round(1000 * task.rate))
    start_h = QUIET_D * 24 + float(rng.uniform(0, 24))
    days = QUIET_D + BLOCKED_D + 1
    world = pilot_world(
        int(rng.integers(2**62)),
        (task.rate,),
        days,
        blocked=(0,),
        span_h=(start_h, days * 24.0),
        share=SHARE,
    )
    onset = hour_of(world.scenario.start) + start_h
    population = series_in(world)
    if not population:
        return Delayed(task.rate, (math.inf,) * len(METHODS), (math.inf,) * len(METHODS))
    [series] = population
    alarms = first_alarms(series, onset)
    limit = onset + BLOCKED_D * 24
    alarms = [math.inf if a + 1 > limit else a for a in alarms]
    return Delayed(
        task.rate,
        hours=tuple(a + 1 - onset for a in alarms),
        failing=tuple(_failing(series, onset, a) for a in alarms),
    )


def first_alarms(series: Series, onset: float) -> list[float]:
    """Return the hour of each method's first alarm from the onset on; infinite: none."""
    first = math.floor(onset)
    own = [hour_number(c.alerted_at) - 1 for c in onsets_of(detect_all([series]))]
    hours, medians = baselines.hourly_medians(series)
    others = (
        baselines.first_from(baselines.median_cusum(hours, medians), first),
        baselines.pelt_first(hours, medians, first),
        baselines.first_from(baselines.fixed_threshold(series), first),
    )
    ours = min((h for h in own if h >= first), default=math.inf)
    return [ours, *(math.inf if a is None else a.hour for a in others)]


def _failing(series: Series, onset: float, alarm: float) -> float:
    if not math.isfinite(alarm):
        return math.inf
    inside = (series.hour >= math.floor(onset)) & (series.hour <= alarm)
    return float(np.count_nonzero(series.value[inside] > 0))


@dataclass(frozen=True, slots=True)
class Method:
    """How one method did at one rate. None: not in 14 days, for so many that it is the quantile."""

    method: str
    median_h: float | None
    p90_h: float | None
    mean_found_h: float | None
    failing: float | None
    undetected: Share


@dataclass(frozen=True, slots=True)
class Rate:
    """How all methods did on the same histories of one rate."""

    reports_per_hour: float
    n: int
    methods: tuple[Method, ...]

    def of(self, method: str) -> Method:
        """Return one method's figures."""
        return next(m for m in self.methods if m.method == method)


def summary(rows: Sequence[Delayed]) -> tuple[Rate, ...]:
    """Return what histories come to, rate by rate."""
    rates = sorted({r.rate for r in rows})
    return tuple(_rate(rate, [r for r in rows if r.rate == rate]) for rate in rates)


def _rate(rate: float, rows: Sequence[Delayed]) -> Rate:
    methods = tuple(
        method_of(name, [r.hours[k] for r in rows], [r.failing[k] for r in rows])
        for k, name in enumerate(METHODS)
    )
    return Rate(rate, len(rows), methods)


def method_of(name: str, hours: Sequence[float], failing: Sequence[float] = ()) -> Method:
    """Return one method's figures from its delays."""
    found = [h for h in hours if math.isfinite(h)]
    return Method(
        method=name,
        median_h=quantile(hours, 0.5),
        p90_h=quantile(hours, 0.9),
        mean_found_h=sum(found) / len(found) if found else None,
        failing=quantile(failing, 0.5),
        undetected=share_of(len(hours) - len(found), len(hours)),
    )
