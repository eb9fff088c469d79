"""False alarms over quiet years, in worlds with bursts of failures, against the bound printed."""

from collections.abc import Sequence
from dataclasses import dataclass

from overt.changes.blocking import FALSE_ALARMS_A_YEAR
from overt.evaluate import baselines, delay
from overt.evaluate.heard import hear, onsets_of, series_in
from overt.evaluate.limits import Rate, rate_of
from overt.evaluate.plan import Plan
from overt.evaluate.worlds import seeded, uneven_world
from overt.lab.votes import pilot_world


WORLDS = ("pilot", "uneven")
METHODS = (delay.OURS, *baselines.METHODS)
_KIND = 4


@dataclass(frozen=True, slots=True)
class Task:
    """One country's quiet year to draw."""

    seed: int
    number: int
    world: str
    rates: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """What one quiet year of a country raised. `alarms` by method, in the order of `METHODS`."""

    world: str
    n_networks: int
    n_series: int
    n_incidents: int
    alarms: tuple[int, ...]


def tasks(plan: Plan) -> list[Task]:
    """Return the years of a plan."""
    counts = ((WORLDS[0], plan.quiet_pilot), (WORLDS[1], plan.quiet_uneven))
    return [
        Task(plan.seed, number, world, plan.quiet_rates)
        for world, count in counts
        for number in range(count)
    ]


def one(task: Task) -> Year:
    """Draw one year and count what it raises; the country's own series counts as one more."""
    rng = seeded(task.seed, _KIND, task.number, WORLDS.index(task.world))
    seed = int(rng.integers(2**62))
    pilot = task.world == WORLDS[0]
    population = series_in(pilot_world(seed, task.rates) if pilot else uneven_world(seed))
    heard = hear(population)
    told = [baselines.alarms(series) for series in population]
    return Year(
        world=task.world,
        n_networks=len(population),
        n_series=len(population) + (len(population) > 1),
        n_incidents=len(heard.incidents),
        alarms=(
            len(onsets_of(heard.changes)),
            *(sum(len(t[name]) for t in told) for name in baselines.METHODS),
        ),
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """False alarms a series-year, beside the bound each change prints.

    `ours` is over networks and countries; the methods of others watch networks alone.
    `incidents` is per year of a country and platform; its bound is what an incident prints.
    """

    bound: float
    ours: Rate
    by_world: dict[str, Rate]
    incidents: Rate
    incidents_bound: float
    others: dict[str, Rate]


def summary(rows: Sequence[Year]) -> Summary:
    """Return what years come to."""
    networks = sum(r.n_networks for r in rows)
    series = sum(r.n_series for r in rows)
    by_world = {}
    for world in WORLDS:
        some = [r for r in rows if r.world == world]
        by_world[world] = rate_of(sum(r.alarms[0] for r in some), sum(r.n_series for r in some))
    return Summary(
        bound=FALSE_ALARMS_A_YEAR,
        ours=rate_of(sum(r.alarms[0] for r in rows), series),
        by_world=by_world,
        incidents=rate_of(sum(r.n_incidents for r in rows), len(rows)),
        incidents_bound=FALSE_ALARMS_A_YEAR * series / max(len(rows), 1),
        others={
            name: rate_of(sum(r.alarms[k] for r in rows), networks)
            for k, name in enumerate(METHODS)
            if k
        },
    )
