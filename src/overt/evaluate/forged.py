"""What forged reports do: m, m + 1 and m + 2 invented identities on a quiet network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from overt.changes.bets import trimmed_units
from overt.changes.detector import Series
from overt.evaluate import baselines, delay
from overt.evaluate.heard import hear, onsets_of, series_in
from overt.evaluate.limits import Share, share_of
from overt.evaluate.plan import Plan
from overt.evaluate.worlds import changed, seeded
from overt.lab.votes import pilot_world
from overt.lab.world import Forgery


QUIET_D, FORGED_D, AFTER_D = 14, 14, 14
REPORTS_PER_HOUR = 5
M = trimmed_units(1)  # a window of fewer than ten units leaves out so many
IDENTITIES = (0, M, M + 1, M + 2)
METHODS = (delay.OURS, "incident", *baselines.METHODS)
_KIND = 3


@dataclass(frozen=True, slots=True)
class Task:
    """One history to draw."""

    seed: int
    number: int
    rate: float
    identities: int


@dataclass(frozen=True, slots=True)
class Forged:
    """Whether each method raised an alarm, in the order of `METHODS`."""

    rate: float
    identities: int
    alarmed: tuple[bool, ...]


def tasks(plan: Plan) -> list[Task]:
    """Return the histories of a plan; the honest reports are the same for every forger."""
    return [
        Task(plan.seed, number, rate, n)
        for rate in plan.forged_rates
        for n in IDENTITIES
        for number in range(plan.forged)
    ]


def one(task: Task) -> Forged:
    """Draw one history and see who alarms."""
    return Forged(task.rate, task.identities, alarmed(forged_series(task)))


def forged_series(task: Task) -> list[Series]:
    """Return the votes of one quiet network with forgers on it for two weeks."""
    rng = seeded(task.seed, _KIND, task.number, round(1000 * task.rate))
    world = pilot_world(int(rng.integers(2**62)), (task.rate,), QUIET_D + FORGED_D + AFTER_D)
    start = world.scenario.start + timedelta(days=QUIET_D)
    forgery = Forgery(
        network=world.scenario.networks[0].asn,
        identities=task.identities,
        reports_per_hour=REPORTS_PER_HOUR,
        start=start,
        end=start + timedelta(days=FORGED_D),
    )
    return series_in(changed(world, forgeries=(forgery,) if task.identities else ()))


def alarmed(population: Sequence[Series]) -> tuple[bool, ...]:
    """Return whether each method raises any alarm on the one network there is."""
    heard = hear(population)
    told = [baselines.alarms(series) for series in population]
    return (
        bool(onsets_of(heard.changes)),
        bool(heard.incidents),
        *(any(t[name] for t in told) for name in baselines.METHODS),
    )


@dataclass(frozen=True, slots=True)
class Forgers:
    """The share of histories with an alarm, by method, at one rate and number of forgers."""

    reports_per_hour: float
    identities: int
    alarmed: dict[str, Share]


def summary(rows: Sequence[Forged]) -> tuple[Forgers, ...]:
    """Return what histories come to."""
    found = []
    for rate, identities in sorted({(r.rate, r.identities) for r in rows}):
        some = [r for r in rows if (r.rate, r.identities) == (rate, identities)]
        shares = {
            name: share_of(sum(r.alarmed[k] for r in some), len(some))
            for k, name in enumerate(METHODS)
        }
        found.append(Forgers(rate, identities, shares))
    return tuple(found)
