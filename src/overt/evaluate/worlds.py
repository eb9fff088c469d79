"""The worlds an evaluation is drawn from: the pilot's, an uneven country's, and one with an event.

`uneven` has the shapes measured in Kenya (`lab.world`): 20 networks whose rates fall from 0.66
reports an hour to 0.007, a few units that send most, visitors who come for hours and vanish, and
silences of half a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from overt.lab.votes import VoteWorld, pilot_world
from overt.lab.world import Interference, Scenario, SimulatedNetwork, Span, Uploads


UNEVEN_RATES = (
    *(0.66, 0.36, 0.25, 0.16, 0.12, 0.1, 0.08, 0.06, 0.05, 0.04),
    *(0.03, 0.025, 0.02, 0.018, 0.015, 0.012, 0.01, 0.01, 0.008, 0.007),
)
BANDS = ("national", "multi-network", "single-network", "micro")
COUNTRIES = ("KE", "PK", "TZ", "VE")  # one clock each, so that timetables can be named
UTC_OFFSETS = {"KE": 3, "PK": 5, "TZ": 3, "VE": -4}
EXAM_HOURS = ((7, 10), (13, 16))


def seeded(*numbers: int) -> np.random.Generator:
    """Return a source of lots for these numbers and no other."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(numbers)))


def changed(world: VoteWorld, **fields: object) -> VoteWorld:
    """Return a world with some fields of its scenario replaced."""
    return replace(world, scenario=replace(world.scenario, **fields))  # type: ignore[arg-type]


def uneven_world(seed: int, rates: Sequence[float] = UNEVEN_RATES, days: int = 365) -> VoteWorld:
    """Return a quiet country measured as unevenly as Kenya was."""
    world = pilot_world(seed, rates, days)
    networks = tuple(
        replace(n, units=12, unit_skew=1.1, visits_per_day=0.4 * rate, gaps_per_day=0.4)
        for n, rate in zip(world.scenario.networks, rates, strict=True)
    )
    return changed(world, networks=networks)


@dataclass(frozen=True, slots=True)
class Event:
    """One event in one simulated country, and the hour as of which it is looked at.

    `as_of_h` is an hour number; None: when all has arrived.
    """

    world: VoteWorld
    band: str
    traits: tuple[str, ...]
    as_of_h: int | None


def event_world(seed: int, number: int) -> Event:
    """Return the n-th history of one event, with gaps, visitors, and late and missing reports.

    Half of the events are looked at while late reports are still to come. A third is rolled out
    network by network, a third has brief returns, and a fifth keeps exam hours.
    """
    rng = seeded(seed, number)
    cc = COUNTRIES[number % len(COUNTRIES)]
    band = BANDS[number // len(COUNTRIES) % len(BANDS)]
    days = 75
    rates = sorted(
        np.exp(rng.uniform(np.log(0.08), np.log(3.0), int(rng.integers(4, 9)))), reverse=True
    )
    if band == "micro":
        rates[0] = max(rates[0], 1.0)
    base = pilot_world(int(rng.integers(2**62)), [float(r) for r in rates], days)
    networks = tuple(_lived_in(n, rng, cc) for n in base.scenario.networks)
    start_h = float(rng.uniform(24 * 25, 24 * 32))
    length_h = float(rng.uniform(10, 48) if band == "micro" else rng.uniform(72, 480))
    hit = _hit(band, [n.asn for n in networks], rng)
    rule, traits = _rule(base.scenario, hit, (start_h, length_h), cc, rng, is_micro=band == "micro")
    uploads = Uploads(
        late_share=0.2,
        late_h=24.0,
        missing_share=0.1,
        blocked_late_share=0.4,
        blocked_missing_share=0.3,
    )
    world = changed(
        base, cc=cc, networks=networks, interferences=(rule,), uploads=uploads, platform="x"
    )
    as_of_h = None
    if rng.random() < 0.5:  # noqa: PLR2004 - half
        traits = (*traits, "late")
        first = int((base.scenario.start.timestamp()) // 3600)
        as_of_h = first + int(start_h + rng.uniform(72, 24 * 30))
    return Event(world, band, traits, as_of_h)


def _lived_in(network: SimulatedNetwork, rng: np.random.Generator, cc: str) -> SimulatedNetwork:
    return replace(
        network,
        cc=cc,
        units=int(rng.integers(8, 31)),
        unit_skew=float(rng.uniform(0, 1.2)),
        visits_per_day=float(rng.uniform(0, 0.6)),
        gaps_per_day=float(rng.uniform(0.1, 0.6)),
    )


def _hit(band: str, asns: Sequence[int], rng: np.random.Generator) -> tuple[int, ...]:
    """Return which networks are blocked, in the order of the roll-out."""
    if band == "micro":
        return (asns[0],)
    if band == "single-network":
        return (asns[int(rng.integers(0, 2))],)
    all_but = len(asns) - int(rng.integers(0, 2))
    n = all_but if band == "national" else max(2, len(asns) // 2)
    return tuple(int(a) for a in rng.permutation(np.array(asns))[:n])


def _rule(
    scenario: Scenario,
    hit: tuple[int, ...],
    span: tuple[float, float],
    cc: str,
    rng: np.random.Generator,
    *,
    is_micro: bool,
) -> tuple[Interference, tuple[str, ...]]:
    """Return what is done, and the names of what makes it hard to date."""
    start = scenario.start + timedelta(hours=span[0])
    end = start + timedelta(hours=span[1])
    traits, stagger_h = list[str](), 0.0
    pauses: tuple[Span, ...] = ()
    hours: tuple[tuple[int, int], ...] = ()
    weekdays: tuple[int, ...] = ()
    kind = rng.random()
    if kind < 1 / 3 and len(hit) > 1:
        traits.append("roll-out")
        stagger_h = float(rng.uniform(0.5, 8))
    elif kind < 2 / 3 and not is_micro:
        traits.append("returns")
        pauses = _returns(start, end, rng)
    if rng.random() < 1 / 5 and not is_micro:
        traits.append("timetable")
        hours, weekdays = EXAM_HOURS, (0, 1, 2, 3, 4)
        end += timedelta(days=7)
    rule = Interference(
        networks=hit,
        mechanism="tls.reset",
        start=start,
        end=end,
        hours=hours,
        weekdays=weekdays,
        utc_offset_h=UTC_OFFSETS[cc],
        share=float(rng.uniform(0.8, 1.0)),
        pauses=pauses,
        stagger_h=stagger_h,
    )
    return rule, tuple(traits)


def _returns(start: datetime, end: datetime, rng: np.random.Generator) -> tuple[Span, ...]:
    """Return one to three spans of half an hour to six hours in which all works."""
    length = end - start
    found = []
    for _ in range(int(rng.integers(1, 4))):
        at = start + float(rng.uniform(0.1, 0.9)) * length
        found.append((at, at + timedelta(hours=float(rng.uniform(0.5, 6)))))
    return tuple(sorted(found))
