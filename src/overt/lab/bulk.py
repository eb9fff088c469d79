"""Draws the reports of a simulated network in bulk: when, by whom, whether they fail and arrive.

The numpy half of `votes`. Lots come from numpy's PCG64, seeded from integers alone: the scenario's
seed, the country's letters, the network's number and a number for what the lots are for. So each
kind of lot on each network has its own source, and one thing added leaves the rest as it was.
Times are hours since 1970, with the fraction.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from overt.lab.draws import (
    JITTER_H,
    forged_units,
    silences,
    unit_weights,
    usual_share,
    visits,
    weather,
)
from overt.lab.world import Interference, Scenario, SimulatedNetwork, Span


Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_THURSDAY = 3  # the weekday of the epoch


def hour_of(moment: datetime) -> float:
    """Return an instant as hours since 1970."""
    return (moment - _EPOCH) / _HOUR


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports of one network, side by side; `arrived` is infinite for what never arrives."""

    at: Floats
    unit: Integers
    fails: Floats
    arrived: Floats


def honest_reports(scenario: Scenario, network: SimulatedNetwork) -> Reports:
    """Return the reports of the people of a network, the regular ones first."""
    at, unit = _made(scenario, network)
    is_blocked, fails = _failing(scenario, network, at, unit)
    return Reports(at, unit, fails, _arrived(scenario, network, at, is_blocked))


def forged_reports(scenario: Scenario, network: SimulatedNetwork) -> Reports:
    """Return the forged reports that claim to be from a network."""
    ats, units, fails = [np.zeros(0)], [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for number, forgery in enumerate(scenario.forgeries):
        if forgery.network != network.asn:
            continue
        start = max(hour_of(forgery.start), hour_of(scenario.start))
        end = min(hour_of(forgery.end), hour_of(scenario.end))
        hours = np.repeat(np.arange(start, end), forgery.reports_per_hour)
        for unit in forged_units(scenario, network, forgery):
            rng = _source(scenario, network, f"forgery {number} {unit}")
            at = hours + rng.random(len(hours))
            ats.append(at[at < end])
            units.append(np.full(len(ats[-1]), unit, dtype=np.int64))
            fails.append(np.full(len(ats[-1]), vote_of(scenario, forgery.mechanism)))
    at = np.concatenate(ats)
    return Reports(at, np.concatenate(units), np.concatenate(fails), at)


def vote_of(scenario: Scenario, mechanism: str) -> float:
    """Return how a report that meets a mechanism votes.

    A site that is down fails for web_connectivity's helper too, and such a failure votes as working
    (`verdicts/rules`); telegram has no helper.
    """
    return 0.0 if mechanism == "down" and scenario.nettest == "web_connectivity" else 1.0


def is_on(rule: Interference, asn: int, at: Floats) -> Mask:
    """Say at each time whether a network is interfered with by a rule that names it."""
    on = (at >= hour_of(rule.start_on(asn))) & (at < hour_of(rule.end))
    on &= ~inside(at, rule.pauses)
    local = np.floor(at).astype(np.int64) + rule.utc_offset_h
    if rule.weekdays:
        on &= np.isin((local // 24 + _THURSDAY) % 7, rule.weekdays)
    if rule.hours:
        clock = local % 24
        on &= np.any([(clock >= a) & (clock < b) for a, b in rule.hours], axis=0)
    return np.asarray(on)


def inside(at: Floats, spans: Sequence[Span]) -> Mask:
    """Say of each time whether it lies in any of the half-open spans, which may overlap."""
    starts = np.sort([hour_of(a) for a, _ in spans])
    ends = np.sort([hour_of(b) for _, b in spans])
    begun = np.searchsorted(starts, at, side="right")
    return np.asarray(begun > np.searchsorted(ends, at, side="right"))


def _source(scenario: Scenario, network: SimulatedNetwork, purpose: str) -> np.random.Generator:
    """Return a network's own source of bulk lots for one purpose."""
    numbers = (
        scenario.seed % 2**64,
        int.from_bytes(network.cc.encode(), "big"),
        network.asn,
        zlib.crc32(purpose.encode()),
    )
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(numbers)))


def _made(scenario: Scenario, network: SimulatedNetwork) -> tuple[Floats, Integers]:
    """Return when each honest report is made, in hours since 1970, and by which unit."""
    first, n_hours = hour_of(scenario.start), scenario.days * 24
    rng = _source(scenario, network, "steady")
    hours = np.arange(n_hours)
    awake = 1 + 0.8 * np.sin(2 * np.pi * (hours % 24 - 6) / 24)
    counts = rng.poisson(network.reports_per_hour * awake)
    at = first + np.repeat(hours, counts) + rng.random(int(counts.sum()))
    edges = np.cumsum(unit_weights(network))[:-1]
    picks = _source(scenario, network, "units").random(len(at))
    ats, units = [at], [np.searchsorted(edges, picks, side="right").astype(np.int64)]
    for number, visit in enumerate(visits(scenario, network)):
        jitter = _source(scenario, network, f"visit {number}").random(visit.n_reports) * JITTER_H
        turns = hour_of(visit.start) + visit.every_h * np.arange(visit.n_reports) + jitter
        turns = turns[(turns >= first) & (turns < first + n_hours)]
        ats.append(turns)
        units.append(np.full(len(turns), visit.unit, dtype=np.int64))
    return np.concatenate(ats), np.concatenate(units)


def _hits(
    scenario: Scenario, network: SimulatedNetwork, purpose: str, share: Floats | float, n: int
) -> Mask:
    """Draw for each of `n` reports the lot it has for one purpose alone."""
    return np.asarray(_source(scenario, network, purpose).random(n) < share)


def _failing(
    scenario: Scenario, network: SimulatedNetwork, at: Floats, unit: Integers
) -> tuple[Mask, Floats]:
    """Return when a network is blocked and how its reports vote: by chance, defect, interference.

    The first thing listed that befalls a report decides, so the last is set first.
    """
    numbers, index = np.unique(unit, return_inverse=True)
    usual = np.array([usual_share(scenario, network, n) for n in numbers.tolist()])[index]
    if scenario.weather:
        bad = inside(at, weather(scenario, network))
        usual = np.where(bad, np.maximum(usual, scenario.weather.failing_share), usual)
    fails = _hits(scenario, network, "chance", usual, len(at)).astype(np.float64)
    versions = np.array([scenario.version_of(n) for n in numbers.tolist()], dtype=np.str_)[index]
    for number, defect in reversed(list(enumerate(scenario.defects))):
        end = hour_of(defect.end or scenario.end)
        met = (at >= hour_of(defect.start)) & (at < end) & (versions == defect.version)
        met &= _hits(scenario, network, f"defect {number}", defect.share, len(at))
        fails[met] = vote_of(scenario, defect.mechanism)
    is_blocked = np.zeros(len(at), dtype=np.bool_)
    rules = [r for r in scenario.interferences if network.asn in r.networks]
    for number, rule in reversed(list(enumerate(rules))):
        on = is_on(rule, network.asn, at)
        is_blocked |= on & (rule.mechanism != "down")
        met = on & _hits(scenario, network, f"rule {number}", rule.share, len(at))
        fails[met] = vote_of(scenario, rule.mechanism)
    return is_blocked, fails


def _arrived(scenario: Scenario, network: SimulatedNetwork, at: Floats, is_blocked: Mask) -> Floats:
    """Return when each report arrives; late ones wait for the end of a silence they fall into."""
    uploads, still = scenario.uploads, silences(scenario, network)
    late_share, missing_share = (
        np.where(is_blocked, share(is_blocked=True), share(is_blocked=False))
        for share in (uploads.late, uploads.missing)
    )
    late = _hits(scenario, network, "late", late_share, len(at))
    delays = _source(scenario, network, "delay").exponential(uploads.late_h, len(at))
    arrived = np.where(late, at + delays, at)
    for start, end in sorted((hour_of(a), hour_of(b)) for a, b in still):
        arrived[late & (arrived >= start) & (arrived < end)] = end
    lost = _hits(scenario, network, "missing", missing_share, len(at)) | inside(at, still)
    arrived[lost] = np.inf
    return arrived
