"""Gathers changes into incidents: one real event in one country on one platform, one record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from overt.incidents import affected as judged
from overt.incidents import span
from overt.incidents.collapses import dark_hours, reaching
from overt.incidents.fates import network_state
from overt.incidents.schedule import find_schedule
from overt.incidents.witnesses import Ledger, NetworkDetail, commonest
from overt.reference.zones import zone_of
from overt.vocabulary.judgements import (
    Bracket,
    Change,
    Collapse,
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
LAST_HOUR = 2**40  # after every vote
_ROUNDS = 3  # which networks are affected and when it was fitted to each other so often

Vote = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """The votes of one country and platform, network by network, targets combined by its rule."""

    cc: str
    platform: str
    votes: dict[int, list[Vote]]
    series: dict[int, Series]

    def between(self, first: int, last: int) -> "Case":
        """Return the case as the votes of these hours alone show it."""
        cut = {asn: s.between(first, last) for asn, s in self.series.items()}
        return replace(self, series={asn: s for asn, s in cut.items() if len(s.hour)})


def cases_of(votes: pa.Table, combine: Mapping[str, Combine]) -> dict[tuple[str, str], Case]:
    """Return the votes by country and platform.

    A unit's value in an hour is, over the platform's targets it measured then, the greatest
    ("any-of") or the least ("all-of") failing share.
    """
    grouped: dict[tuple[str, str], dict[int, list[Vote]]] = {}
    for vote in votes.to_pylist():
        networks = grouped.setdefault((vote["cc"], vote["platform"]), {})
        networks.setdefault(vote["asn"], []).append(vote)
    return {
        (cc, platform): Case(
            cc,
            platform,
            networks,
            {
                asn: _series(cc, platform, asn, rows, combine.get(platform, Combine.ANY_OF))
                for asn, rows in sorted(networks.items())
            },
        )
        for (cc, platform), networks in sorted(grouped.items())
    }


def _series(cc: str, platform: str, asn: int, rows: Iterable[Vote], combine: Combine) -> Series:
    choose = max if combine is Combine.ANY_OF else min
    values: dict[tuple[int, str], float] = {}
    for vote in rows:
        key = (hour_number(vote["hour"]), vote["unit"])
        value = vote["n_failing"] / vote["n_measurements"]
        values[key] = choose(values[key], value) if key in values else value
    return Series.of((cc, platform, platform, asn), [(h, u, v) for (h, u), v in values.items()])


def gather(
    cases: Mapping[tuple[str, str], Case],
    changes: Sequence[Change],
    ledger: Ledger,
    versions: Versions,
    collapses: Sequence[Collapse] = (),
) -> list[Incident]:
    """Return the incidents, by country, platform and onset.

    Counts, mechanisms and witnesses come from `ledger`. A change whose evidence rests on one unit
    stays a change: below the floor nothing is claimed.
    """
    incidents: list[Incident] = []
    for key, case in cases.items():
        own = [c for c in changes if (c.cc, c.platform) == key]
        done_until = -1
        for segment in _seeds(case, own):
            if segment.first <= done_until:
                continue
            for part, fitted in _events(case.between(done_until + 1, LAST_HOUR), segment):
                done_until = max(done_until, fitted.segment.last)
                incidents.append(_incident(part, fitted, own, ledger, versions, collapses))
    return sorted(incidents, key=lambda i: (i.cc, i.platform, i.onset.earliest))


def _events(case: Case, seed: Segment) -> list[tuple[Case, "_Fitted"]]:
    """Return the events a restricted stretch holds, each with the votes between its neighbours.

    One stretch can hold two events: fitted to both, its restricted share is low enough for the gap
    between them to cost little. Where a long pause shows that all worked, they are taken apart.
    """
    fitted = _fit(case, seed)
    if fitted is None:
        return []
    involved = [case.series[a] for a in fitted.affected]
    within = (fitted.segment.first, fitted.segment.last)
    runs = span.union([run for s in involved for run in span.episodes_of(s, within)])
    pieces = span.parted(involved, runs)
    if len(pieces) < 2:  # noqa: PLR2004 - nothing to take apart
        return [(case, fitted)]
    found: list[tuple[Case, _Fitted]] = []
    for index, piece in enumerate(pieces):
        low = pieces[index - 1][-1][1] + 1 if index else -1
        high = pieces[index + 1][0][0] - 1 if index + 1 < len(pieces) else LAST_HOUR
        first, last = piece[0][0], piece[-1][1]
        smaller = Segment(first, last, 0.0, (first, first), (last, last))
        found += _events(case.between(low, high), smaller)
    return found


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
    case: Case,
    fitted: _Fitted,
    changes: Sequence[Change],
    ledger: Ledger,
    versions: Versions,
    collapses: Sequence[Collapse],
) -> Incident:
    segment = fitted.segment
    involved = [case.series[a] for a in fitted.affected]
    schedules = _schedules(case.cc, involved, (segment.first, segment.last))
    onset = span.onset_of(involved, fitted.usual, segment, schedules)
    runs = {s.asn: span.episodes_of(s, (onset.earliest, segment.last)) for s in involved}
    all_runs = span.union([run for network in runs.values() for run in network])
    as_of = max(int(s.hour[-1]) for s in case.series.values())
    seen = span.hours_of(onset.earliest, as_of)
    silent = reaching(collapses, case.cc, fitted.affected, seen.earliest, seen.latest)
    ending = _ending(involved, segment, all_runs, silent)
    window = (onset.earliest, segment.last if ending else as_of)
    networks = _networks(case, fitted, runs, window, schedules, ledger, ended=ending is not None)
    own = [c for c in changes if _meet(c, segment)]
    alerts = [hour_number(c.alerted_at) for c in own if c.direction == Direction.ONSET]
    failed = max((last for _, last in all_runs), default=segment.last)
    since = _counts(case, ledger, failed + 1, as_of, fitted.affected)
    counted = span.hours_of(*window)
    return Incident(
        id=f"{case.cc}-{case.platform}-{hour_time(segment.first):%Y-%m-%d}",
        cc=case.cc,
        platform=case.platform,
        state=_overall([n.state for n in networks if n.asn in fitted.affected]),
        onset=span.hours_of(onset.earliest, onset.latest, min(alerts, default=None)),
        ending=ending,
        episodes=span.as_episodes(all_runs),
        networks=networks,
        mechanisms=commonest([n.mechanisms for n in networks if n.mechanisms]),
        counted=Episode(start=counted.earliest, end=counted.latest),
        n_measurements=sum(n.n_measurements for n in networks),
        n_failing=sum(n.n_failing for n in networks),
        n_units=sum(n.n_units for n in networks),
        last_failing=span.hours_of(failed, failed).latest,
        n_measurements_since=since[0],
        n_failing_since=since[1],
        as_of=span.hours_of(as_of, as_of).latest,
        is_standing=onset.is_standing,
        false_alarms_per_year=_bound(changes) * _n_series(case),
        n_series=_n_series(case),
        changes=[c.id for c in own],
        collapses=[c for c in silent if ending is None or c.last_heard <= ending.latest],
        witnesses=ledger.witnesses(
            case.cc, case.platform, counted.earliest, counted.latest, fitted.affected
        ),
        versions=versions,
    )


def _schedules(
    cc: str, involved: Sequence[Series], within: tuple[int, int]
) -> dict[int, Schedule | None]:
    """Return the timetable each network keeps; none where the country has no one clock."""
    zone = zone_of(cc)
    if zone is None:
        return {}
    return {s.asn: find_schedule([s], within, zone) for s in involved}


def _networks(
    case: Case,
    fitted: _Fitted,
    runs: Mapping[int, list[tuple[int, int]]],
    window: tuple[int, int],
    schedules: Mapping[int, Schedule | None],
    ledger: Ledger,
    *,
    ended: bool,
) -> list[NetworkState]:
    """Return every network measured in the window, affected or not."""
    span_of = span.hours_of(*window)
    details = ledger.details(case.cc, case.platform, span_of.earliest, span_of.latest)
    involved = [case.series[a] for a in fitted.affected]
    off = span.OffHours(involved, fitted.usual, window, fitted.segment.onset[0], schedules)
    networks = [
        network_state(
            series,
            [v for v in case.votes[asn] if window[0] <= hour_number(v["hour"]) <= window[1]],
            details.get(asn) or NetworkDetail(),
            off.stretch(series) if asn in fitted.affected else None,
            runs.get(asn),
            schedules.get(asn),
            window,
            ended=ended,
        )
        for asn, series in case.series.items()
    ]
    return [n for n in networks if n.n_measurements]


def _counts(
    case: Case, ledger: Ledger, first: int, last: int, asns: Iterable[int]
) -> tuple[int, int]:
    """Return how many measurements of some networks there are from hour to hour, and failing."""
    if last < first:
        return 0, 0
    hours = span.hours_of(first, last)
    details = ledger.details(case.cc, case.platform, hours.earliest, hours.latest)
    wanted = [details[a] for a in asns if a in details]
    return sum(d.n_measurements for d in wanted), sum(d.n_failing for d in wanted)


def _n_series(case: Case) -> int:
    """Return how many series are watched for a case: each network's, and the country's own."""
    watched = {(asn, v["target"]) for asn, votes in case.votes.items() for v in votes}
    return len(watched) + len({target for _, target in watched})


def _bound(changes: Sequence[Change]) -> float:
    """Return the false alarms a year one series may raise, over the detectors that raised any."""
    by_detector = {c.detector: c.false_alarms_per_year for c in changes}
    return sum(by_detector.values())


def _ending(
    involved: Sequence[Series],
    segment: Segment,
    runs: Sequence[tuple[int, int]],
    silent: Sequence[Collapse],
) -> Bracket | None:
    """Return when the incident ended, None while it cannot be said.

    It reaches at least to where the network that was last seen restricted is next seen working.
    """
    called = span.ending_hour(involved, runs, segment.last, dark_hours(silent))
    if called is None:
        return None
    last_failing = [s for s in involved if segment.last in span.failing_hours(s)]
    next_seen = [span.voted_after([s], segment.last) for s in last_failing or involved]
    latest = max([segment.end[1], *(h for h in next_seen if h is not None)])
    return span.hours_of(segment.end[0], latest, max(called, latest + 1))


def _overall(states: Sequence[State]) -> State:
    """Return what can be said of the platform in the country: what holds on most networks.

    `blocked` on fewer than half of the affected networks still supports `consistent with blocking`.
    """
    blocked = sum(1 for s in states if s is State.BLOCKED)
    consistent = sum(1 for s in states if s is State.CONSISTENT)
    if 2 * blocked > len(states):
        return State.BLOCKED
    return State.CONSISTENT if blocked + consistent else State.IMPAIRED
