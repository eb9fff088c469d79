"""What can be said of a platform in a country at one instant, from incidents and recent votes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from overt.dossier import wording
from overt.engine.duck import Duck
from overt.incidents.affected import LEAST_RESTRICTED_SHARE, e_value_above, e_value_below
from overt.reference.platforms import PlatformList
from overt.vocabulary.instants import from_table, to_table
from overt.vocabulary.judgements import Bracket, Incident, NetworkState, State, Versions
from overt.vocabulary.places import Platform


# Hand-set: a day says what is so now where a day has enough reports; what was measured more than
# three days ago does not.
WINDOWS_H = (24, 72)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # stands for `at` where nothing was ever measured
_ENOUGH = 20.0  # e-value, 1/alpha at 5 %

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
  (SELECT coalesce(list(failing), []) FROM by_unit) AS failing,
  (SELECT coalesce(list(down), []) FROM by_unit) AS down
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
        and i.onset.earliest <= at
        and (i.ending is None or at < i.ending.earliest)
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
) -> Status:
    """Return what can be said; without `at`, as of the last measurement.

    The relation `verdict` must be readable in `duck`.
    """
    limit = None if at is None else to_table(at)
    seen = duck.query(_SEEN, [limit, cc, platform.id]).to_pylist()[0]
    last = None if seen["last_before"] is None else from_table(seen["last_before"])
    asked, at = at, at or last or EPOCH
    incident = incident_at(incidents, cc, platform.id, at)
    for window_h in WINDOWS_H:
        low = at - timedelta(hours=window_h)
        span = [cc, platform.id, to_table(low), to_table(at)]
        recent = duck.query(_RECENT, span).to_pylist()[0]
        state = _state(incident, recent["failing"], recent["down"])
        if state is not State.INSUFFICIENT:
            break
    shown = incident if state not in {State.INSUFFICIENT, State.REACHABLE} else None
    counted = wording.Recent(
        at=asked or last,
        window_h=window_h,
        last=last,
        **{
            k: recent[k] for k in ("n_measurements", "n_failing", "n_down", "n_units", "n_networks")
        },
    )
    sentence = wording.status_sentence(
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
        n_measurements=recent["n_measurements"],
        n_failing=recent["n_failing"],
        n_down=recent["n_down"],
        n_units=recent["n_units"],
        n_networks=recent["n_networks"],
        last_measurement=last,
        versions=versions,
    )


def _state(incident: Incident | None, failing: Sequence[float], down: Sequence[float]) -> State:
    """Return the state: an incident's own, else what the recent votes alone allow.

    An incident under way that nobody measured in the window is not confirmed: insufficient.
    Recent failures that no detector turned into an incident are never called blocking.
    """
    if not failing:
        return State.INSUFFICIENT
    if incident is not None:
        return incident.state
    if e_value_above(np.array(down), 0.5) >= _ENOUGH:
        return State.DOWN
    if e_value_below(np.array(failing), LEAST_RESTRICTED_SHARE) >= _ENOUGH:
        return State.REACHABLE
    return State.INSUFFICIENT
