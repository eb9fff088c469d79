"""The words a simulated world is told in: networks, their people, what is done to them, and when.

Nothing here draws lots; `draws` does, from the seed. Every phenomenon beyond the first ones is off
unless asked for, and what is off changes neither a measurement nor the truth.

Shapes, measured on OONI's telegram measurements of Kenya, 15 October to 29 November 2023 (2,344
reports, 26 networks, 1,099 hours). Networks are uneven: the first sends 31 % of all reports
(0.66 per hour), the first three 59 %, the median network 11.5 in all. Reports come in sessions:
the gaps of the 12 networks with 20 reports or more have a median of 0.5 to 1.2 hours, but a
coefficient of variation of 1.1 to 4.3 (a Poisson process: 1), and 16 % of all gaps are 55 to 65
minutes. Cut where a network is silent for two hours, a session has 5.0 reports in 3.0 hours in the
mean, 90 % last less than 8.7 hours, the longest 36; the silence after it has a median of 11 hours,
a 90th percentile of 46 and a 99th of 262. By resolver's network and access type there are 94
reporters; five send 42 % of the reports, 26 send one. `unit_skew`, `visits_per_day` with `visit_h`,
and `gaps_per_day` with `gap_h` give these shapes.
"""

from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from overt.vocabulary.instants import DAY


# What a middlebox, or a broken server, does to a connection; `down` is the server itself.
MECHANISMS = (
    "dns.injection.bogon",
    "dns.nxdomain",
    "tcp.timeout",
    "tcp.refused",
    "tls.timeout",
    "tls.reset",
    "http.timeout",
    "down",
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
VERSIONS = ("3.20.0", "3.21.0", "3.22.0", "3.23.0")

Span = tuple[datetime, datetime]  # half-open


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedNetwork:
    """One network and the people who measure on it.

    `reports_per_hour` is the mean rate of a Poisson process with a day and a night; `ipv6_broken`
    gives every probe there the failing IPv6 connections of a network without a route.
    `unit_skew` shares these reports among the units as 1 / rank^skew; 0: evenly.
    `visits_per_day` new probes come a day, report every hour for `visit_h` hours in the mean, and
    vanish. `gaps_per_day` silences of the whole network begin a day and last `gap_h` in the mean.
    `visit_h` and `gap_h` are the 90th percentile of sessions and the median silence in Kenya.
    """

    asn: int
    name: str
    cc: str
    reports_per_hour: float
    units: int = 5
    ipv6_broken: bool = False
    unit_skew: float = 0.0
    visits_per_day: float = 0.0
    visit_h: float = 9.0
    gaps_per_day: float = 0.0
    gap_h: float = 11.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Interference:
    """What is done to some networks from `start` until `end`, UTC.

    `hours` are local clock hours in which it is on, half-open; none: round the clock.
    `weekdays` are local weekdays, Monday 0; none: every day.
    `share` of the reports meet it while it is on; `pauses` are spans in which it is off everywhere.
    `stagger_h` rolls it out: the network listed k-th, from 0, starts k times so many hours later.
    """

    networks: tuple[int, ...]
    mechanism: str
    start: datetime
    end: datetime
    hours: tuple[tuple[int, int], ...] = ()
    weekdays: tuple[int, ...] = ()
    utc_offset_h: int = 0
    share: float = 1.0
    pauses: tuple[Span, ...] = ()
    stagger_h: float = 0.0

    def covers(self, asn: int, moment: datetime) -> bool:
        """Say whether an instant lies in its schedule, be it paused or not yet rolled out."""
        if asn not in self.networks or not self.start <= moment < self.end:
            return False
        local = moment + timedelta(hours=self.utc_offset_h)
        if self.weekdays and local.weekday() not in self.weekdays:
            return False
        return not self.hours or any(a <= local.hour < b for a, b in self.hours)

    def start_on(self, asn: int) -> datetime:
        """Return when it starts on one of its networks."""
        return self.start + timedelta(hours=self.stagger_h * self.networks.index(asn))

    def is_on(self, asn: int, moment: datetime) -> bool:
        """Say whether this network is interfered with at this instant."""
        return (
            self.covers(asn, moment)
            and moment >= self.start_on(asn)
            and not any(a <= moment < b for a, b in self.pauses)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyProbe:
    """A probe that reports every `every_h` hours from `start` until `end`, and then vanishes."""

    network: int
    start: datetime
    end: datetime
    every_h: float = 1.0
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """A software version whose measurements fail from `start` on, whatever the network."""

    version: str
    start: datetime
    end: datetime | None = None
    mechanism: str = "http.timeout"
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Networks without any connection: nobody there measures or uploads from `start` until `end`.

    Forged reports go on, as they need not come from there.
    """

    networks: tuple[int, ...]
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """Invented probes that claim to be on a network and to fail, each so many times in every hour.

    Their documents are made as those of honest visitors are. What no forger avoids: the collector's
    own stamp, identities without a past, and failing while the others do not.
    """

    network: int
    identities: int
    reports_per_hour: int
    start: datetime
    end: datetime
    mechanism: str = "tls.reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """How reports get through; the `blocked_` shares hold while the network is interfered with.

    `missing_share` of the reports never arrive; `late_share` of the rest arrive later, by
    `late_h` hours in the mean, exponentially. A `blocked_` share of None is as in quiet times.
    """

    late_share: float = 0.0
    late_h: float = 24.0
    missing_share: float = 0.0
    blocked_late_share: float | None = None
    blocked_missing_share: float | None = None

    def late(self, *, is_blocked: bool) -> float:
        """Return the share of reports that arrive late."""
        other = self.blocked_late_share
        return other if is_blocked and other is not None else self.late_share

    def missing(self, *, is_blocked: bool) -> float:
        """Return the share of reports that never arrive."""
        other = self.blocked_missing_share
        return other if is_blocked and other is not None else self.missing_share


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Bad hours of a network, in which every unit fails at least in this share of its reports.

    The defaults are those of the pilot simulation of the detector, where a series has a burst in
    0.2 % of its hours (hand-set).
    """

    bursts_per_day: float = 0.048
    burst_h: float = 3.0
    failing_share: float = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A world to simulate, from the first instant of `first_day` for `days` days.

    `failing_share` of the reports fail by chance; `failing_spread` is the standard deviation of
    that share between units. `versions` are dealt to the units in turn; none: `VERSIONS`.
    `probe_ids` gives each measurement a probe's identity. At each of `address_changes` the site
    moves to another address, for everyone.
    """

    name: str
    title: str
    seed: int
    cc: str
    platform: str
    nettest: str
    url: str
    first_day: date
    days: int
    networks: tuple[SimulatedNetwork, ...]
    interferences: tuple[Interference, ...] = ()
    failing_share: float = 0.01
    failing_spread: float = 0.0
    versions: tuple[str, ...] = ()
    probe_ids: bool = False
    address_changes: tuple[datetime, ...] = ()
    probes: tuple[HourlyProbe, ...] = ()
    defects: tuple[Defect, ...] = ()
    outages: tuple[Outage, ...] = ()
    forgeries: tuple[Forgery, ...] = ()
    uploads: Uploads = field(default_factory=Uploads)
    weather: Weather | None = None

    @property
    def start(self) -> datetime:
        """The first instant simulated."""
        return datetime.combine(self.first_day, time(), tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first instant no longer simulated."""
        return self.start + self.days * DAY

    def version_of(self, unit: int) -> str:
        """Return the software version a unit runs, by the unit's number."""
        versions = self.versions or VERSIONS
        return versions[unit % len(versions)]

    def truth(self) -> dict[str, Any]:
        """Return what was done, as JSON values: the interference, and all else that was asked for.

        What the lots made of it is `draws.drawn_truth`.
        """
        told = {
            "simulated": True,
            "scenario": self.name,
            "cc": self.cc,
            "platform": self.platform,
            "interference": [_interference_told(i) for i in self.interferences],
        }
        return told | {n: v for n, v in _told(self).items() if n in _TOLD_IF_ASKED_FOR}


_TOLD_IF_ASKED_FOR = (
    *("failing_spread", "versions", "probe_ids", "address_changes", "probes", "defects", "outages"),
    *("forgeries", "uploads", "weather"),
)
_TOLD_OF_EVERY_INTERFERENCE = ("hours", "weekdays", "utc_offset_h")


def _interference_told(rule: Interference) -> dict[str, Any]:
    told = _told(rule, _TOLD_OF_EVERY_INTERFERENCE)
    told["weekdays"] = [WEEKDAYS[d] for d in rule.weekdays]
    if rule.stagger_h:
        told["starts"] = {str(n): rule.start_on(n).isoformat() for n in rule.networks}
    return told


def _told(thing: Any, always: tuple[str, ...] = ()) -> dict[str, Any]:  # noqa: ANN401
    """Return the fields of a dataclass that are not at their defaults, as JSON values."""
    told = {}
    for f in fields(thing):
        value = getattr(thing, f.name)
        usual = f.default if f.default_factory is MISSING else f.default_factory()
        if f.name in always or value != usual:
            told[f.name] = _json(value)
    return told


def _json(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_json(v) for v in value]
    return _told(value, tuple(f.name for f in fields(value))) if is_dataclass(value) else value
