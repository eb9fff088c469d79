"""What we conclude: outcomes, states, mechanisms, and the rows of verdicts, cells and changes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class Outcome(StrEnum):
    """What a rule says of one layer: it works, the far side is down, the path is blocked."""

    OK = "ok"
    DOWN = "down"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """Whether an outcome counts: it does, there was nothing, or the instrument is at fault."""

    SCORED = "scored"
    NONE = "none"
    DISCARDED = "discarded"


class State(StrEnum):
    """What a reader sees of a platform at a place and a time."""

    BLOCKED = "blocked"
    CONSISTENT = "consistent with blocking"
    THROTTLED = "throttled"
    IMPAIRED = "impaired"
    DOWN = "down"
    REACHABLE = "reachable"
    INSUFFICIENT = "insufficient"


# OONI's taxonomy v1, `<layer>.<action>.<qualifier>`, extended only by adding; any prefix is valid.
# True marks a distinctive artefact: something a broken server or path does not produce by itself.
MECHANISMS = MappingProxyType(
    {
        "dns": False,
        "dns.injection": True,
        "dns.injection.blockpage": True,
        "dns.injection.bogon": True,
        "dns.injection.other": True,
        "dns.nxdomain": False,
        "dns.refused": False,
        "dns.timeout": False,
        "tcp": False,
        "tcp.reset": False,
        "tcp.timeout": False,
        "tcp.refused": False,
        "tls": False,
        "tls.reset": False,
        "tls.reset.sni": False,
        "tls.reset.other": False,
        "tls.timeout": False,
        "tls.mitm": True,
        "tls.mitm.self_signed": True,
        "tls.mitm.ca_signed": True,
        "tls.throttle": False,
        "tls.throttle.sni": False,
        "http": False,
        "http.blockpage": True,
        "http.redirect": False,
        "http.error": False,
        "http.reset": False,
        "http.reset.host": False,
        "http.timeout": False,
        "http.throttle": False,
        "http.throttle.host": False,
        "ip": False,
        "ip.drop": False,
        "ip.unreachable": False,
        "ip.prefix_null_route": False,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one measurement shows of one target at one layer.

    Grain: measurement x target x layer.
    Missing: `signal` is None when the verdict does not vote (no evidence, or the instrument's own
    defect); `mechanism` is None unless something failed. `rules` holds every rule that held on any
    endpoint, `rule` the one that spoke. `evidence_*` name one observation that shows it.
    """

    hour: datetime
    measurement_uid: str
    measurement_start_time: datetime
    test_name: str
    cc: str
    asn: int
    as_name: str | None
    unit: str
    platform: str
    target: str
    layer: str
    outcome: str
    evidence: str
    signal: int | None
    rule: str
    rules: list[str]
    mechanism: str | None
    n_endpoints: int
    n_failing: int
    source_id: str
    source_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one unit says of one target on one network in one hour.

    Grain: cc x target x asn x hour x unit. A unit has one vote whatever it sends: `n_failing` of
    `n_measurements` make its value in [0, 1]. `n_controlled` of the failing ones had a control that
    worked, so that they speak of the path and not of the far side. `n_artefact` of them carried a
    distinctive artefact.
    """

    hour: datetime
    cc: str
    platform: str
    target: str
    asn: int
    unit: str
    n_measurements: int
    n_failing: int
    n_controlled: int
    n_artefact: int
    first_failing: datetime | None
    last_failing: datetime | None
    first_ok: datetime | None
    last_ok: datetime | None


class Direction(StrEnum):
    """Which way a series changed, or that it fell silent."""

    ONSET = "onset"
    ENDING = "ending"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One detected transition of one series.

    Grain: series x alarm; `asn` 0 is all networks of the country in turn. `earliest` and `latest`
    bound the set of instants at which it can have happened, with nominal `coverage`; `alerted_at`
    is when the evidence, in measurement order, first passed `threshold`. `evidence` is that
    e-value, `n_windows` how many bets led to it, `usual_share` the level they were placed against.
    `false_alarms_per_year` bounds the expected false alarms of this series, and
    `system_false_alarms_per_year` those of every series watched with it, as long as no window holds
    more than `forged_units_survived` forged units. `cells` are the ids of the cells it rests on.
    """

    id: str
    cc: str
    platform: str
    target: str
    asn: int
    direction: str
    earliest: datetime
    latest: datetime
    coverage: float
    alerted_at: datetime
    evidence: float
    threshold: float
    usual_share: float
    false_alarms_per_year: float
    system_false_alarms_per_year: float
    forged_units_survived: int
    n_windows: int
    detector: str
    cells: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """Between which two instants something happened, UTC, and when the data first showed it.

    `alerted_at` is None for what is only worked out afterwards, such as one network's onset.
    """

    earliest: datetime
    latest: datetime
    alerted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One restricted stretch inside an incident: from the first failing report to the last, UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A timetable of restricted hours in local time, and how well the votes keep to it.

    `hours` are half-open intervals in minutes since local midnight; one whose end is not after its
    start crosses midnight and counts to the weekday on which it starts. (0, 1440) is all day.
    `explained_share` is the share of failing votes within the timetable and `spared_share` that of
    working votes outside it, of the `n_votes` (hour x unit) in the window. `n_days` counts the
    local days whose restricted hours were seen failing, with working hours before and after.
    """

    weekdays: tuple[int, ...]  # Monday is 0
    hours: tuple[tuple[int, int], ...]
    zone: str
    explained_share: float
    spared_share: float
    n_votes: int
    n_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkState:
    """How one network fared during an incident.

    `state` is `reachable` for a network that was measured enough to say it was not affected, and
    `insufficient` for one that was not. `schedule` is None unless the network was restricted by the
    clock. `n_measurements`, `n_failing` and `n_units` count what
    voted between the incident's onset and its ending (or the last measurement).
    """

    asn: int
    name: str | None
    state: State
    onset: Bracket | None
    ending: Bracket | None
    episodes: list[Episode]
    schedule: Schedule | None
    mechanisms: list[str]
    n_measurements: int
    n_failing: int
    n_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Collapse:
    """A coverage collapse: a network that is heard all day, and then nobody on it reports.

    Grain: country x network x silence; `asn` 0 is every network of the country together.
    `last_heard` is the end of the last hour with a report, `since` the set of instants at which it
    can have gone dark, `until` the first hour with a report again: None while it lasts, as of
    `as_of`. It says that nobody reported, and not why. `is_alone`: the data hold no other country,
    so that a gap in the data looks the same. `change` is the id of the change it rests on.
    """

    id: str
    cc: str
    asn: int
    name: str | None
    last_heard: datetime
    since: Bracket
    until: datetime | None
    as_of: datetime
    usual_units: int
    is_alone: bool
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """How few units an incident rests on: the fewest whose removal would cancel it.

    Without the votes of `units`, this country and platform has no incident in its hours. No set of
    fewer than `at_least` units does that, which was tried; `at_most` is how many `units` are. The
    two are equal when the number is proven.
    """

    at_least: int
    at_most: int
    units: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """One measurement a reader can open.

    It names no file: which files a measurement was read from is not a fact of the event, and the
    same measurements in other files are the same incident. `overt explain` finds file and line.
    """

    measurement_uid: str
    time: datetime
    asn: int
    target: str
    layer: str
    rule: str
    mechanism: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What produced a conclusion: program, rules, reference lists."""

    code: str
    rulebook: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Changes that agree, in one country on one platform: one real event.

    `as_of` is the last vote on the platform in the country, so that an incident without an ending
    is ongoing as of then. `counted` is the span the counts are over.
    `last_failing` is the end of the last restricted hour of an affected network, and the counts
    `_since` are of the affected networks from then to `as_of`.
    `is_standing`: it was there when the data begin; its onset is not seen, and `onset.earliest` is
    only where the data begin.
    `false_alarms_per_year` bounds how often a quiet country and platform would raise an alarm here.
    `collapses` are the silences of its affected networks, or of the whole country, that reach into
    it; while one lasts the incident is not called ended.
    `n_networks_at_least` of the `n_networks_measured` are affected; over all incidents of this
    country and platform together, one such number is too high with a chance of at most `alpha`. It
    is 0 when none is sure; the networks that show it by themselves are in `networks`.
    `removal` says how few units it rests on; None where nobody asked for it to be worked out.
    """

    id: str
    cc: str
    platform: str
    state: State
    onset: Bracket
    ending: Bracket | None
    episodes: list[Episode]
    networks: list[NetworkState]
    mechanisms: list[str]
    counted: Episode
    n_measurements: int
    n_failing: int
    n_units: int
    last_failing: datetime
    n_measurements_since: int
    n_failing_since: int
    as_of: datetime
    is_standing: bool
    false_alarms_per_year: float
    n_series: int
    n_networks_at_least: int
    n_networks_measured: int
    alpha: float
    removal: Removal | None
    changes: list[str]
    collapses: list[Collapse]
    witnesses: list[Witness]
    versions: Versions
