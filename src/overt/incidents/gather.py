"""Gathers changes into incidents: one real event in one country on one platform, one record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from overt.changes.detector import (
    Segment,
    Series,
    hour_number,
    hour_time,
    restricted_segments,
    scores,
)
from overt.engine.duck import Duck
from overt.incidents import affected as judged
from overt.incidents import span, witnesses
from overt.incidents.schedule import find_schedule
from overt.reference.zones import zone_of
from overt.vocabulary.instants import HOUR, from_table
from overt.vocabulary.judgements import (
    Bracket,
    Change,
    Direction,
    Episode,
    Incident,
    NetworkState,
    Schedule,
    State,
    Versions,
)
from overt.vocabulary.places import Combine


MIN_UNITS = 2  # the evidence floor: one reporter alone is never an incident
_ROUNDS = 3  # which networks are affected and when it was fitted to each other so often

Vote = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """The votes of one country and platform, network by network, targets combined by its rule."""

    cc: str
    platform: str
    votes: list[Vote]
    series: dict[int, Series]


def cases_of(votes: pa.Table, combine: Mapping[str, Combine]) -> dict[tuple[str, str], Case]:
    """Return the votes by country and platform.

    A unit's value in an hour is, over the platform's targets it measured then, the greatest
    ("any-of") or the least ("all-of") failing share.
    """
    grouped: dict[tuple[str, str], list[Vote]] = {}
    for vote in votes.to_pylist():
        grouped.setdefault((vote["cc"], vote["platform"]), []).append(vote)
    return {
        (cc, platform): Case(
            cc,
            platform,
            rows,
            _by_network(cc, platform, rows, combine.get(platform, Combine.ANY_OF)),
        )
        for (cc, platform), rows in sorted(grouped.items())
    }


def _by_network(
    cc: str, platform: str, rows: Iterable[Vote], combine: Combine
) -> dict[int, Series]:
    choose = max if combine is Combine.ANY_OF else min
    values: dict[int, dict[tuple[int, str], float]] = {}
    for vote in rows:
        key = (hour_number(vote["hour"]), vote["unit"])
        value = vote["n_failing"] / vote["n_measurements"]
        network = values.setdefault(vote["asn"], {})
        network[key] = choose(network[key], value) if key in network else value
    return {
        asn: Series.of(
            (cc, platform, platform, asn), [(h, unit, v) for (h, unit), v in votes.items()]
        )
        for asn, votes in sorted(values.items())
    }


def gather(
    cases: Mapping[tuple[str, str], Case],
    changes: Sequence[Change],
    duck: Duck,
    versions: Versions,
) -> list[Incident]:
    """Return the incidents, by country, platform and onset.

    The relation `verdict` must be readable in `duck`. A change whose evidence rests on one unit
    stays a change: below the floor nothing is claimed.
    """
    incidents: list[Incident] = []
    for key, case in cases.items():
        own = [c for c in changes if (c.cc, c.platform) == key]
        done_until: int | None = None
        for segment in _seeds(case, own):
            if done_until is not None and segment.first <= done_until:
                continue
            fitted = _fit(case, segment)
            if fitted is None or (done_until is not None and fitted.segment.first <= done_until):
                continue
            done_until = fitted.segment.last
            incidents.append(_incident(case, fitted, own, duck, versions))
    return incidents


def _seeds(case: Case, changes: Sequence[Change]) -> list[Segment]:
    """Return the restricted stretches that alarmed, earliest first.

    Networks that alarmed by themselves are taken together. An alarm of the whole country that no
    network's stretch explains is looked for in all its networks.
    """
    onsets = [c for c in changes if c.direction == Direction.ONSET]
    own = [c for c in onsets if c.asn]
    found = _stretches([case.series[asn] for asn in sorted({c.asn for c in own})], own)
    national = [c for c in onsets if not c.asn and not any(_meet(c, g) for g in found)]
    found += _stretches(list(case.series.values()), national)
    return sorted(found, key=lambda g: (g.first, g.last))


def _meet(change: Change, segment: Segment) -> bool:
    """Say whether a change's onset and alarm lie around a stretch."""
    return (
        hour_number(change.earliest) <= segment.last
        and hour_number(change.alerted_at) >= segment.first
    )


def _stretches(series: Sequence[Series], changes: Sequence[Change]) -> list[Segment]:
    if not series or not changes:
        return []
    hour = np.concatenate([s.hour for s in series])
    value = np.concatenate([s.value for s in series])
    order = np.argsort(hour, kind="stable")
    usual = judged.MAX_USUAL / 2
    found = restricted_segments(hour[order], scores(value[order], usual, 0.5))
    return [g for g in found if any(_meet(c, g) for c in changes)]


@dataclass(frozen=True, slots=True)
class _Fitted:
    """An incident's extent in hours and the networks in it."""

    segment: Segment
    usual: float
    affected: dict[int, float]  # network: its restricted share
    n_tested: int


def _fit(case: Case, seed: Segment) -> _Fitted | None:
    """Return which networks a restricted stretch covers and its extent, fitted to each other."""
    segment = seed
    affected: dict[int, float] = {}
    usual = judged.MAX_USUAL
    inside: dict[int, Series] = {}
    for _ in range(_ROUNDS):
        outside = [
            s.value[(s.hour < segment.first) | (s.hour > segment.last)]
            for s in case.series.values()
        ]
        usual = judged.usual_share(np.concatenate(outside))
        within = {a: s.between(segment.first, segment.last) for a, s in case.series.items()}
        inside = {a: s for a, s in within.items() if len(s.hour)}
        affected = {
            a: min(max(s.share, 0.2), 0.98)
            for a, s in inside.items()
            if judged.is_affected(s, usual, len(inside))
        }
        failing_units = {
            (a, u)
            for a in affected
            for u, v in zip(inside[a].unit, inside[a].value, strict=True)
            if v > span.FAILING
        }
        if len(failing_units) < MIN_UNITS:
            return None
        again = span.stretch(
            [case.series[a] for a in affected],
            usual,
            list(affected.values()),
            (segment.first, segment.last),
        )
        if again is None:
            return None
        if (again.first, again.last) == (segment.first, segment.last):
            return _Fitted(again, usual, affected, len(inside))
        segment = again
    return _Fitted(segment, usual, affected, len(inside))


def _incident(
    case: Case, fitted: _Fitted, changes: Sequence[Change], duck: Duck, versions: Versions
) -> Incident:
    segment = fitted.segment
    involved = [case.series[a] for a in fitted.affected]
    low, high = span.onset_set(involved, fitted.usual, segment)
    runs = {a: span.episodes_of(case.series[a], (low, segment.last)) for a in fitted.affected}
    all_runs = span.union([run for network in runs.values() for run in network])
    ending = _ending(involved, segment, all_runs)
    targets = {v["target"] for v in case.votes}
    n_series = len({(v["asn"], v["target"]) for v in case.votes}) + len(targets)  # and nationally
    as_of = max(int(s.hour[-1]) for s in case.series.values())
    until = segment.last if ending else as_of
    own = [c for c in changes if _meet(c, segment)]
    alerts = [hour_number(c.alerted_at) for c in own if c.direction == Direction.ONSET]
    start, end = from_table(hour_time(low)), from_table(hour_time(until)) + HOUR
    details = witnesses.network_details(duck, case.cc, case.platform, start, end)
    networks = [
        _network(
            case,
            asn,
            fitted,
            runs,
            (low, until),
            details.get(asn) or witnesses.NetworkDetail(),
            ended=ending is not None,
        )
        for asn in case.series
    ]
    networks = [n for n in networks if n.n_measurements]
    return Incident(
        id=f"{case.cc}-{case.platform}-{hour_time(segment.first):%Y-%m-%d}",
        cc=case.cc,
        platform=case.platform,
        state=_overall([n.state for n in networks if n.asn in fitted.affected]),
        onset=span.hours_of(
            low,
            high,
            min(alerts, default=None),
        ),
        ending=ending,
        episodes=span.as_episodes(all_runs),
        networks=networks,
        mechanisms=witnesses.commonest([n.mechanisms for n in networks if n.mechanisms]),
        counted=Episode(start=start, end=end),
        n_measurements=sum(n.n_measurements for n in networks),
        n_failing=sum(n.n_failing for n in networks),
        n_units=sum(n.n_units for n in networks),
        as_of=from_table(hour_time(as_of)) + HOUR,
        is_standing=span.is_standing(involved, fitted.usual, segment),
        false_alarms_per_year=_bound(changes) * n_series,
        n_series=n_series,
        changes=[c.id for c in own],
        witnesses=witnesses.witnesses(duck, case.cc, case.platform, start, end, fitted.affected),
        versions=versions,
    )


def _bound(changes: Sequence[Change]) -> float:
    """Return the false alarms a year one series may raise, over the detectors that raised any."""
    by_detector = {c.detector: c.false_alarms_per_year for c in changes}
    return sum(by_detector.values())


def _ending(
    involved: Sequence[Series], segment: Segment, runs: Sequence[tuple[int, int]]
) -> Bracket | None:
    """Return when the incident ended, None while it cannot be said.

    It reaches at least to where the network that was last seen restricted is next seen working.
    """
    called = span.ending_hour(involved, runs, segment.last)
    if called is None:
        return None
    last_failing = [s for s in involved if segment.last in span.failing_hours(s)]
    next_seen = [span.voted_after([s], segment.last) for s in last_failing or involved]
    latest = max([segment.end[1], *(h for h in next_seen if h is not None)])
    return span.hours_of(segment.end[0], latest, max(called, latest + 1))


def _network(
    case: Case,
    asn: int,
    fitted: _Fitted,
    runs: Mapping[int, list[tuple[int, int]]],
    window: tuple[int, int],
    detail: witnesses.NetworkDetail,
    *,
    ended: bool,
) -> NetworkState:
    """Return how one network fared between an incident's onset and its ending or the last vote."""
    votes = [
        v
        for v in case.votes
        if v["asn"] == asn and window[0] <= hour_number(v["hour"]) <= window[1]
    ]
    series = case.series[asn]
    onset: Bracket | None = None
    ending: Bracket | None = None
    schedule: Schedule | None = None
    zone = zone_of(case.cc)
    if asn in fitted.affected:
        artefact_units = len({v["unit"] for v in votes if v["n_artefact"]})
        failing = sum(v["n_failing"] for v in votes)
        controlled = sum(v["n_controlled"] for v in votes)
        state = judged.state_of(failing, controlled, artefact_units)
        others = [case.series[a] for a in fitted.affected if a != asn]
        begun = fitted.segment.onset[0]
        own = span.on_stretch(series, others, fitted.usual, window, begun)
        if own is not None:
            before = span.voted_before([series], own.onset[0])
            onset = span.hours_of(own.onset[0] if before is None else before, own.onset[1])
            after = span.voted_after([series], own.last)
            if ended and after is not None:
                ending = span.hours_of(own.last, after)
        schedule = None if zone is None else find_schedule([series], window, zone)
    elif judged.is_reachable(series.between(*window)):
        state = State.REACHABLE
    else:
        state = State.INSUFFICIENT
    return NetworkState(
        asn=asn,
        name=detail.name,
        state=state,
        onset=onset,
        ending=ending,
        episodes=span.as_episodes(runs.get(asn, [])),
        schedule=schedule,
        mechanisms=detail.mechanisms if asn in fitted.affected else [],
        n_measurements=detail.n_measurements,
        n_failing=detail.n_failing,
        n_units=detail.n_units,
    )


def _overall(states: Sequence[State]) -> State:
    """Return what can be said of the platform in the country: what holds on most networks.

    `blocked` on fewer than half of the affected networks still supports `consistent with blocking`.
    """
    blocked = sum(1 for s in states if s is State.BLOCKED)
    consistent = sum(1 for s in states if s is State.CONSISTENT)
    if 2 * blocked > len(states):
        return State.BLOCKED
    return State.CONSISTENT if blocked + consistent else State.IMPAIRED
