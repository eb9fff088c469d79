"""Silence: how long until a network that goes dark is told, and whether that ever ends a block.

Two networks of a country are blocked; two days later one of them goes dark for the rest of the
history. A third network, abroad, reports on, so that the collector is not to blame.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from overt.changes import volume
from overt.changes.detector import hour_number
from overt.evaluate.heard import hear, presence_from, series_in
from overt.evaluate.limits import Rate, Share, quantile, rate_of, share_of
from overt.evaluate.plan import Plan
from overt.evaluate.worlds import changed, seeded, uneven_world
from overt.lab.bulk import hour_of
from overt.lab.votes import VoteWorld, pilot_world
from overt.lab.world import Outage
from overt.vocabulary.judgements import Direction


QUIET_D, BLOCKED_D, DARK_D = 40, 2, 6
ABROAD_PER_HOUR = 3.0
YEAR_D = 365
_KIND = 7  # keeps this part's lots apart from the others'


@dataclass(frozen=True, slots=True)
class Task:
    """One history to draw: of a network that goes dark, or of a quiet year where `rate` is 0."""

    seed: int
    number: int
    rate: float


@dataclass(frozen=True, slots=True)
class Fell:
    """Hours from dark to the alarm, infinite for none; and whether the incident was called ended.

    Of a quiet year: how many silences were told on how many series, and none of the rest.
    """

    rate: float
    hours: float = math.inf
    has_incident: bool = False
    is_ended: bool = False
    n_told: int = 0
    n_series: int = 0


def tasks(plan: Plan) -> list[Task]:
    """Return the histories of a plan, the quiet years first."""
    years = [Task(plan.seed, number, 0.0) for number in range(plan.silence_years)]
    return years + [
        Task(plan.seed, number, rate)
        for rate in plan.silence_rates
        for number in range(plan.silence)
    ]


def one(task: Task) -> Fell:
    """Draw one history and hear it."""
    rng = seeded(task.seed, _KIND, task.number, round(1000 * task.rate))
    lot = int(rng.integers(2**62))
    if not task.rate:
        return _quiet_year(lot, is_uneven=task.number % 2 == 1)
    start_h = QUIET_D * 24 + float(rng.uniform(0, 24))
    world, dark_h = _dark_world(lot, task.rate, start_h)
    population = series_in(world)
    dark = world.scenario.networks[0].asn
    heard = hear(population)
    told = [
        hour_number(c.alerted_at) - dark_h
        for c in heard.changes
        if c.direction == Direction.SILENCE
        and c.asn == dark
        and hour_number(c.alerted_at) >= dark_h
    ]
    hit = [i for i in heard.incidents if any(n.asn == dark for n in i.networks)]
    return Fell(
        task.rate,
        hours=min(told, default=math.inf),
        has_incident=bool(hit),
        is_ended=any(i.ending is not None for i in hit),
    )


def _dark_world(lot: int, rate: float, start_h: float) -> tuple[VoteWorld, float]:
    """Return the world, and the hour since 1970 from which its first network is dark."""
    days = QUIET_D + BLOCKED_D + DARK_D + 1
    rates = (rate, rate, ABROAD_PER_HOUR)
    world = pilot_world(lot, rates, days, blocked=(0, 1), span_h=(start_h, days * 24.0))
    networks = world.scenario.networks
    dark_from = world.scenario.start + timedelta(hours=start_h + BLOCKED_D * 24)
    outage = Outage(networks=(networks[0].asn,), start=dark_from, end=world.scenario.end)
    abroad = replace(networks[2], cc="YY")
    world = changed(world, networks=(*networks[:2], abroad), outages=(outage,))
    return world, hour_of(dark_from)


def _quiet_year(lot: int, *, is_uneven: bool) -> Fell:
    world = uneven_world(lot) if is_uneven else pilot_world(lot, (0.3, 1.0, 3.0, 10.0), YEAR_D)
    presence = [presence_from(s) for s in series_in(world)]
    return Fell(0.0, n_told=len(volume.detect(presence)), n_series=len(presence))


@dataclass(frozen=True, slots=True)
class Dark:
    """How networks of one rate that went dark were told. None: not for so many of them."""

    reports_per_hour: float
    n: int
    median_h: float | None
    p90_h: float | None
    told: Share
    within_a_day: Share
    ended: Share


@dataclass(frozen=True, slots=True)
class Summary:
    """Silences told by rate, and in quiet years."""

    rates: tuple[Dark, ...]
    quiet: Rate


def summary(rows: Sequence[Fell]) -> Summary:
    """Return what histories come to."""
    rates = sorted({r.rate for r in rows if r.rate})
    years = [r for r in rows if not r.rate]
    return Summary(
        rates=tuple(_rate(rate, [r for r in rows if r.rate == rate]) for rate in rates),
        quiet=rate_of(sum(y.n_told for y in years), sum(y.n_series for y in years)),
    )


def _rate(rate: float, rows: Sequence[Fell]) -> Dark:
    hours = [r.hours for r in rows]
    known = [r for r in rows if r.has_incident]
    return Dark(
        reports_per_hour=rate,
        n=len(rows),
        median_h=quantile(hours, 0.5),
        p90_h=quantile(hours, 0.9),
        told=share_of(sum(math.isfinite(h) for h in hours), len(rows)),
        within_a_day=share_of(sum(h <= 24 for h in hours), len(rows)),  # noqa: PLR2004 - a day
        ended=share_of(sum(r.is_ended for r in known), len(known)),
    )
