"""Gathers changes into incidents: one real event in one country on one platform, one record."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from overt.changes.detector import Segment, Series, hour_number, hour_time
from overt.changes.null import Usual
from overt.incidents import conjunction, span
from overt.incidents.case import Case
from overt.incidents.collapses import dark_hours, reaching
from overt.incidents.fates import network_state
from overt.incidents.fit import Fitted, events, meets
from overt.incidents.removal import EFFORT, Rest, fewest
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


def gather(
    cases: Mapping[tuple[str, str], Case],
    changes: Sequence[Change],
    ledger: Ledger,
    versions: Versions,
    collapses: Sequence[Collapse] = (),
    effort: int = EFFORT,
) -> list[Incident]:
    """Return the incidents, by country, platform and onset.

    Counts, mechanisms and witnesses come from `ledger`. `effort` is how many votes may be read
    again for an incident to work out its `removal`; 0 leaves that out.
    """
    incidents: list[Incident] = []
    usual: Usual | None = None
    for key, case in cases.items():
        own = [c for c in changes if (c.cc, c.platform) == key]
        rest: Rest | None = None
        for part, fitted in events(case, own):
            n_pairs = conjunction.pairs_of_hours(list(case.series.values()))
            incident = _incident(part, fitted, own, ledger, versions, collapses, n_pairs)
            if effort:
                usual = usual or Usual.of(s for c in cases.values() for s in c.by_target())
                rest = rest or Rest(case, usual)
                extent = (fitted.segment.first, fitted.segment.last)
                incident = replace(incident, removal=fewest(rest, extent, effort))
            incidents.append(incident)
    return sorted(incidents, key=lambda i: (i.cc, i.platform, i.onset.earliest))


def _incident(
    case: Case,
    fitted: Fitted,
    changes: Sequence[Change],
    ledger: Ledger,
    versions: Versions,
    collapses: Sequence[Collapse],
    n_pairs: int,
) -> Incident:
    """Return the record of one event, its hours chosen from `n_pairs` of them."""
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
    own = [c for c in changes if meets(c, segment)]
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
        n_networks_at_least=_at_least(case, segment, networks, n_pairs),
        n_networks_measured=len(networks),
        alpha=conjunction.ALPHA,
        removal=None,
        changes=[c.id for c in own],
        collapses=[c for c in silent if ending is None or c.last_heard <= ending.latest],
        witnesses=ledger.witnesses(
            case.cc, case.platform, counted.earliest, counted.latest, fitted.affected
        ),
        versions=versions,
    )


def _at_least(case: Case, segment: Segment, networks: Sequence[NetworkState], n_pairs: int) -> int:
    hours = (segment.first, segment.last)
    e_values = [conjunction.e_value(case.series[n.asn], hours) for n in networks]
    return conjunction.at_least(e_values, n_pairs)


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
    fitted: Fitted,
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
    """Return how many series are watched for a case: each network's, and the country's own.

    A series of one hour is not watched (`changes.admission`), nor a country of one network.
    """
    hours: dict[tuple[int, str], set[object]] = {}
    for asn, votes in case.votes.items():
        for vote in votes:
            hours.setdefault((asn, vote["target"]), set()).add(vote["hour"])
    watched = [target for (_, target), seen in hours.items() if len(seen) > 1]
    return len(watched) + sum(1 for n in Counter(watched).values() if n > 1)


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
