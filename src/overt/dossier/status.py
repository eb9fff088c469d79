"""What can be said of a platform in a country at one instant, from incidents and recent votes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from overt.dossier import accounts, wording
from overt.engine.duck import Duck
from overt.incidents.affected import (
    ALPHA_REACHABLE,
    LEAST_RESTRICTED_SHARE,
    e_value_above,
    e_value_below,
)
from overt.reference.platforms import PlatformList
from overt.vocabulary.instants import from_table, to_table
from overt.vocabulary.judgements import Bracket, Collapse, Incident, NetworkState, State, Versions
from overt.vocabulary.places import Platform


# Hand-set: a day says what is so now where a day has enough reports; what was measured more than
# three days ago does not.
WINDOWS_H = (24, 72)
ENOUGH_VOTES = 10  # hand-set: with as many in a day the day is not widened
LATELY_H = 6  # hand-set: what failed in the last hours may be a block that no detector shows yet
LATELY_VOTES = 3
COUNTS = ("n_measurements", "n_failing", "n_down", "n_units", "n_networks")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # stands for `at` where nothing was ever measured
_ENOUGH = 1 / ALPHA_REACHABLE  # e-value

_RECENT = """
WITH recent AS (
  SELECT * FROM verdict WHERE cc = ? AND platform = ?
    AND measurement_start_time >= ? AND measurement_start_time <= ?
), by_measurement AS (
  SELECT measurement_uid, any_value(asn) AS asn, any_value(unit) AS unit, any_value(hour) AS hour,
    bool_or(signal = 1) AS failing, bool_or(outcome = 'down') AS down
  FROM recent WHERE signal IS NOT NULL GROUP BY measurement_uid
), by_unit AS (
  SELECT asn, unit, hour, avg(failing::INTEGER) AS failing, avg(down::INTEGER) AS down
  FROM by_measurement GROUP BY ALL ORDER BY asn, hour, unit
)
SELECT (SELECT count(*) FROM by_measurement) AS n_measurements,
  (SELECT count(*) FILTER (failing) FROM by_measurement) AS n_failing,
  (SELECT count(*) FILTER (down) FROM by_measurement) AS n_down,
  (SELECT count(DISTINCT unit) FROM by_measurement) AS n_units,
  (SELECT count(DISTINCT asn) FROM by_measurement) AS n_networks,
  (SELECT coalesce(list({'asn': asn, 'hour': hour, 'failing': failing, 'down': down}), [])
    FROM by_unit) AS votes
"""

_SEEN = """
SELECT max(measurement_start_time) AS last, max(measurement_start_time)
  FILTER (measurement_start_time <= coalesce(?, TIMESTAMP '9999-01-01')) AS last_before
FROM verdict WHERE cc = ? AND platform = ? AND signal IS NOT NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The answer of `overt status`; counts are of the `window_h` hours before `at`."""

    platform: str
    cc: str
    at: datetime
    state: State
    sentence: str
    since: Bracket | None
    networks: Sequence[NetworkState]
    mechanisms: Sequence[str]
    incident: str | None
    window_h: int
    n_measurements: int
    n_failing: int
    n_down: int
    n_units: int
    n_networks: int
    last_measurement: datetime | None
    versions: Versions


def incident_at(
    incidents: Sequence[Incident], cc: str, platform: str, at: datetime
) -> Incident | None:
    """Return the incident that was under way at an instant, the latest begun of several."""
    under_way = [
        i
        for i in incidents
        if (i.cc, i.platform) == (cc, platform)
        and (i.onset.earliest if i.is_standing else i.onset.latest) <= at
        and (i.ending is None or at < max(i.ending.earliest, i.last_failing))
    ]
    return max(under_way, key=lambda i: i.onset.earliest, default=None)


def status_of(
    platform: Platform,
    cc: str,
    at: datetime | None,
    incidents: Sequence[Incident],
    duck: Duck,
    platforms: PlatformList,
    versions: Versions,
    collapses: Sequence[Collapse] = (),
) -> Status:
    """Return what can be said; without `at`, as of the last measurement.

    The relation `verdict` must be readable in `duck`.
    """
    limit = None if at is None else to_table(at)
    seen = duck.query(_SEEN, [limit, cc, platform.id]).to_pylist()[0]
    last = None if seen["last_before"] is None else from_table(seen["last_before"])
    asked, at = at, at or last or EPOCH
    incident = incident_at(incidents, cc, platform.id, at)
    window_h, recent = _recent(duck, cc, platform.id, at)
    state = _state(incident, recent["votes"], to_table(at))
    shown = incident if incident is not None and state is incident.state else None
    aside = _trouble(recent["votes"], to_table(at)) if incident is None else ""
    if incident is not None and shown is None:
        aside = accounts.unconfirmed(incident)
    counted = accounts.Recent(
        at=asked or last,
        window_h=window_h,
        last=last,
        known=None if seen["last"] is None else from_table(seen["last"]),
        trouble=aside,
        unheard=accounts.unheard([c for c in collapses if c.cc == cc], at),
        **{k: recent[k] for k in COUNTS},
    )
    sentence = accounts.status_sentence(
        platforms.name_of(platform.id), wording.country(cc), state, shown, counted
    )
    return Status(
        platform=platform.id,
        cc=cc,
        at=at,
        state=state,
        sentence=sentence,
        since=shown.onset if shown else None,
        networks=shown.networks if shown else [],
        mechanisms=shown.mechanisms if shown else [],
        incident=incident.id if incident else None,
        window_h=window_h,
        **{k: recent[k] for k in COUNTS},
        last_measurement=last,
        versions=versions,
    )


def _recent(duck: Duck, cc: str, platform: str, at: datetime) -> tuple[int, dict[str, Any]]:
    """Return how many hours before an instant are looked at, and what was measured in them."""
    for window_h in WINDOWS_H:
        span = [cc, platform, to_table(at - timedelta(hours=window_h)), to_table(at)]
        recent = duck.query(_RECENT, span).to_pylist()[0]
        if len(recent["votes"]) >= ENOUGH_VOTES:
            break
    return window_h, recent


Votes = Sequence[Mapping[str, Any]]


def _state(incident: Incident | None, votes: Votes, at: datetime) -> State:
    """Return the state: an incident's own, else what the recent votes alone allow.

    An incident under way that nobody measured lately is not confirmed: insufficient; one whose
    networks all work lately is reachable, whether or not it is called ended.
    Recent failures that no detector turned into an incident are never called blocking, and never
    let the platform be called reachable.
    """
    if not votes:
        return State.INSUFFICIENT
    if incident is not None:
        return _state_within(incident, votes, at)
    for some in (votes, _lately(votes, at)):
        if e_value_above(np.array([v["down"] for v in some]), 0.5) >= _ENOUGH:
            return State.DOWN
    failing = np.array([v["failing"] for v in votes])
    if not _troubled(votes, at) and e_value_below(failing, LEAST_RESTRICTED_SHARE) >= _ENOUGH:
        return State.REACHABLE
    return State.INSUFFICIENT


def _state_within(incident: Incident, votes: Votes, at: datetime) -> State:
    """Return the state while an incident is under way: its own, unless its networks now all work.

    That takes reports since its last episode before the instant that leave no room for a fifth
    failing; a few working reports in a night off do not change what is said.
    """
    hit = {n.asn for n in accounts.by_fate(incident.networks)[0]}
    own = [v for v in votes if v["asn"] in hit]
    if not own:
        return State.INSUFFICIENT
    begun = [e for e in incident.episodes if to_table(e.start) <= at]
    if not begun or at < to_table(begun[-1].end):
        return incident.state
    since = np.array([v["failing"] for v in own if v["hour"] >= to_table(begun[-1].end)])
    works = e_value_below(since, LEAST_RESTRICTED_SHARE) >= _ENOUGH
    return State.REACHABLE if works else incident.state


def _lately(votes: Votes, at: datetime) -> Votes:
    return [v for v in votes if v["hour"] > at - timedelta(hours=LATELY_H)]


def _troubled(votes: Votes, at: datetime) -> Votes:
    """Return the late votes of the networks on which most of the last few did not work."""
    by_network: dict[int, list[Mapping[str, Any]]] = {}
    for vote in sorted(_lately(votes, at), key=lambda v: v["hour"]):
        by_network.setdefault(vote["asn"], []).append(vote)
    return [
        vote
        for own in by_network.values()
        if len(own) >= LATELY_VOTES
        and sum(max(v["failing"], v["down"]) for v in own[-LATELY_VOTES:]) > LATELY_VOTES / 2
        for vote in own
    ]


def _trouble(votes: Votes, at: datetime) -> str:
    troubled = _troubled(votes, at)
    if not troubled:
        return ""
    n_failing = sum(1 for v in troubled if max(v["failing"], v["down"]) > 0)
    return accounts.trouble(n_failing, len(troubled), len({v["asn"] for v in troubled}), LATELY_H)
