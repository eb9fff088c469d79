"""Writes a scenario as votes straight away, in bulk: one series per network, without documents.

The world is the one `archive` writes as documents: the same visits, weather, silences, units and
forged identities (`draws`). Only the lots of single reports are drawn anew, in bulk (`bulk`), so
that the two agree in distribution and not report by report. Equal worlds give equal votes.

Limits: a failing vote is what the judges make of an honest failure; `down` fails with its control
in web_connectivity and so votes as working. Votes are as of one hour, or of the day all is in.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from overt.lab.bulk import Floats, Integers, forged_reports, honest_reports, hour_of, is_on
from overt.lab.draws import forged_units, lots, unit_name
from overt.lab.world import Interference, Scenario, SimulatedNetwork, Weather


Key = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class VoteWorld:
    """A scenario and the one target its votes are about."""

    scenario: Scenario
    target: str

    def key(self, network: SimulatedNetwork) -> Key:
        """Return the key of a network's series."""
        return network.cc, self.scenario.platform, self.target, network.asn

    def replicate(self, number: int) -> "VoteWorld":
        """Return the same world with other lots, different for every number from 0."""
        seed = lots(self.scenario, self.scenario.networks[0], "replicate", number).getrandbits(63)
        return replace(self, scenario=replace(self.scenario, seed=seed))


@dataclass(frozen=True, slots=True)
class VoteSeries:
    """The votes of one series, ordered by hour and unit.

    Grain: hour x unit. `hour` counts hours since 1970; `unit` is an index into `units`, which is in
    order; `value` is the share of the unit's reports in that hour that fail.
    """

    key: Key
    hour: Integers
    unit: Integers
    units: tuple[str, ...]
    value: Floats

    def votes(self) -> list[tuple[int, str, float]]:
        """Return the votes as (hour number, unit, value)."""
        names = [self.units[i] for i in self.unit.tolist()]
        return list(zip(self.hour.tolist(), names, self.value.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class VoteTruth:
    """What a perfect observer would say of one series; hours are numbers of hours since 1970.

    `onset_h` is the first hour in which its network is interfered with, `end_h` the hour after the
    last; None: never, or not before the simulation ends. `networks_hit` are all those of the world.
    """

    onset_h: int | None
    end_h: int | None
    networks_hit: tuple[int, ...]
    forged_units: tuple[str, ...]


def simulate_votes(
    world: VoteWorld, as_of_h: int | None = None
) -> list[tuple[Key, list[tuple[int, str, float]]]]:
    """Return every series of a world as its key and its votes, ordered by hour and unit."""
    return [(series.key, series.votes()) for series in simulate_series(world, as_of_h)]


def simulate_series(world: VoteWorld, as_of_h: int | None = None) -> Iterator[VoteSeries]:
    """Yield the series of a world, network by network, so that one is in memory at a time.

    With `as_of_h` they hold what had arrived before that hour began.
    """
    for network in world.scenario.networks:
        yield _series(world, network, as_of_h)


def truth_of(world: VoteWorld) -> dict[Key, VoteTruth]:
    """Return the truth of each series, by key. A site that is down is no interference."""
    scenario = world.scenario
    spans = {n.asn: _span_on(scenario, n.asn) for n in scenario.networks}
    hit = tuple(sorted(asn for asn, span in spans.items() if span[0] is not None))
    return {
        world.key(network): VoteTruth(
            *spans[network.asn],
            networks_hit=hit,
            forged_units=tuple(
                sorted(
                    unit_name(scenario, network, unit)
                    for forgery in scenario.forgeries
                    if forgery.network == network.asn
                    for unit in forged_units(scenario, network, forgery)
                )
            ),
        )
        for network in scenario.networks
    }


def _span_on(scenario: Scenario, asn: int) -> tuple[int | None, int | None]:
    """Return the first hour in which a network is interfered with, and the hour after the last."""
    first, last = hour_of(scenario.start), hour_of(scenario.end)
    begins, ends = [], []
    for rule in scenario.interferences:
        if asn not in rule.networks or rule.mechanism == "down":
            continue
        edges = [first, last, hour_of(rule.start_on(asn)), hour_of(rule.end)]
        edges += [hour_of(edge) for pause in rule.pauses for edge in pause]
        at = np.unique(np.concatenate((np.arange(first, last), edges)))
        at = at[(at >= first) & (at <= last)]
        after = at[:-1][is_on(rule, asn, at[:-1])]  # nothing changes between two edges
        if len(after):
            begins.append(float(after[0]))
            ends.append(float(at[np.searchsorted(at, after[-1]) + 1]))
    if not begins:
        return None, None
    return math.floor(min(begins)), None if max(ends) >= last else math.ceil(max(ends))


def _series(world: VoteWorld, network: SimulatedNetwork, as_of_h: int | None) -> VoteSeries:
    scenario = world.scenario
    parts = (honest_reports(scenario, network), forged_reports(scenario, network))
    arrived = np.concatenate([p.arrived for p in parts])
    kept = arrived < (math.inf if as_of_h is None else as_of_h)
    at, unit, fails = (
        np.concatenate(columns)[kept]
        for columns in zip(*((p.at, p.unit, p.fails) for p in parts), strict=True)
    )
    numbers, index = np.unique(unit, return_inverse=True)
    names = [unit_name(scenario, network, n) for n in numbers.tolist()]
    rank = np.argsort(np.argsort(np.array(names, dtype=np.str_)))
    n_units = max(len(names), 1)
    place = np.floor(at).astype(np.int64) * n_units + rank[index]
    places, vote = np.unique(place, return_inverse=True)
    n_reports = np.bincount(vote, minlength=len(places))
    n_failing = np.bincount(vote, weights=fails, minlength=len(places))
    hour, who = np.divmod(places, n_units)
    return VoteSeries(world.key(network), hour, who, tuple(sorted(names)), n_failing / n_reports)


def pilot_world(
    seed: int,
    rates: Sequence[float],
    days: int = 365,
    blocked: Sequence[int] = (),
    span_h: tuple[float, float] | None = None,
    share: float = 0.9,
) -> VoteWorld:
    """Return the world of the detector's pilot simulation, with one network for each rate.

    30 units a network fail in 5 % of their reports, spread by 3 %, and in 35 % during bursts of 3
    hours that begin in 0.2 % of the hours (all hand-set). Rates are reports per hour. `blocked` are
    indices of networks, blocked in `share` of the reports for the hours of `span_h`, counted from
    the start; None: all days. What the block misses fails as usual, so 0.905 fail where the pilot
    had 0.9. Everything else is for `dataclasses.replace` on `scenario`.

    Raises:
        ValueError: when there are more rates than networks reserved for documentation, 32.
    """
    if len(rates) > len(_DOCUMENTATION):
        raise ValueError(f"{len(rates)} rates; there are {len(_DOCUMENTATION)} networks")
    networks = tuple(
        SimulatedNetwork(asn=asn, name=f"AS{asn}", cc="XX", reports_per_hour=rate, units=30)
        for asn, rate in zip(_DOCUMENTATION, rates, strict=False)
    )
    scenario = Scenario(
        name="pilot",
        title="The pilot simulation of the detector",
        seed=seed,
        cc="XX",
        platform="x",
        nettest="web_connectivity",
        url="https://x.com/",
        first_day=date(2024, 1, 1),
        days=days,
        networks=networks,
        failing_share=0.05,
        failing_spread=0.03,
        probe_ids=True,
        weather=Weather(),
    )
    start, end = span_h or (0.0, days * 24.0)
    block = Interference(
        networks=tuple(networks[k].asn for k in blocked),
        mechanism="tls.reset",
        start=scenario.start + timedelta(hours=start),
        end=scenario.start + timedelta(hours=end),
        share=share,
    )
    return VoteWorld(replace(scenario, interferences=(block,) if blocked else ()), "x/web")


_DOCUMENTATION = (*range(64496, 64512), *range(65536, 65552))  # RFC 5398
