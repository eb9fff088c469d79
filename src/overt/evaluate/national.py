"""How long an incident takes where six networks of a country are each measured thinly."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from overt.changes.detector import hour_number
from overt.evaluate import baselines, delay
from overt.evaluate.heard import hear, series_in
from overt.evaluate.plan import Plan
from overt.evaluate.worlds import seeded
from overt.lab.bulk import hour_of
from overt.lab.votes import pilot_world
from overt.vocabulary.instants import to_table


N_NETWORKS = 6
BLOCKED = (6, 3)
METHODS = (delay.OURS, "median-CUSUM")
_KIND = 2


@dataclass(frozen=True, slots=True)
class Task:
    """One history to draw."""

    seed: int
    number: int
    rate: float
    n_blocked: int


@dataclass(frozen=True, slots=True)
class Delayed:
    """Hours from the block to the first alarm of its incident, and to any network's CUSUM."""

    rate: float
    n_blocked: int
    hours: tuple[float, float]


def tasks(plan: Plan) -> list[Task]:
    """Return the histories of a plan."""
    return [
        Task(plan.seed, number, rate, n)
        for rate in plan.national_rates
        for n in BLOCKED
        for number in range(plan.national)
    ]


def one(task: Task) -> Delayed:
    """Draw one history and time the first alarm of the incident it becomes."""
    rng = seeded(task.seed, _KIND, task.number, round(1000 * task.rate), task.n_blocked)
    start_h = delay.QUIET_D * 24 + float(rng.uniform(0, 24))
    days = delay.QUIET_D + delay.BLOCKED_D + 1
    world = pilot_world(
        int(rng.integers(2**62)),
        (task.rate,) * N_NETWORKS,
        days,
        blocked=range(task.n_blocked),
        span_h=(start_h, days * 24.0),
        share=delay.SHARE,
    )
    onset = hour_of(world.scenario.start) + start_h
    population = series_in(world)
    alerts = [
        hour_number(to_table(i.onset.alerted_at))
        for i in hear(population).incidents
        if i.onset.alerted_at is not None
    ]
    ours = min((a for a in alerts if a > onset), default=math.inf)
    theirs = math.inf
    for series in population:
        told = baselines.median_cusum(*baselines.hourly_medians(series))
        first = baselines.first_from(told, math.floor(onset))
        theirs = theirs if first is None else min(theirs, first.hour + 1)
    limit = onset + delay.BLOCKED_D * 24
    hours = [a - onset if a <= limit else math.inf for a in (ours, theirs)]
    return Delayed(task.rate, task.n_blocked, (hours[0], hours[1]))


@dataclass(frozen=True, slots=True)
class Country:
    """How the methods did where so many of six networks were blocked."""

    reports_per_hour: float
    n_blocked: int
    n: int
    methods: tuple[delay.Method, ...]

    def of(self, method: str) -> delay.Method:
        """Return one method's figures."""
        return next(m for m in self.methods if m.method == method)


def summary(rows: Sequence[Delayed]) -> tuple[Country, ...]:
    """Return what histories come to, by rate and number of networks blocked."""
    found = []
    for rate, n_blocked in sorted({(r.rate, -r.n_blocked) for r in rows}):
        some = [r for r in rows if (r.rate, r.n_blocked) == (rate, -n_blocked)]
        methods = tuple(
            delay.method_of(name, [r.hours[k] for r in some]) for k, name in enumerate(METHODS)
        )
        found.append(Country(rate, -n_blocked, len(some), methods))
    return tuple(found)
