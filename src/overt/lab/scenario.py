"""A scenario is data: which networks measure how often, and what is done to them, when and how."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from overt.errors import RuleError
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
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedNetwork:
    """One network and the people who measure on it.

    `reports_per_hour` is the mean rate of a Poisson process with a day and a night; `ipv6_broken`
    gives every probe there the failing IPv6 connections of a network without a route.
    """

    asn: int
    name: str
    cc: str
    reports_per_hour: float
    units: int = 5
    ipv6_broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Interference:
    """What is done to some networks from `start` until `end`, UTC.

    `hours` are local clock hours in which it is on, half-open; none: round the clock.
    `weekdays` are local weekdays, Monday 0; none: every day.
    """

    networks: tuple[int, ...]
    mechanism: str
    start: datetime
    end: datetime
    hours: tuple[tuple[int, int], ...] = ()
    weekdays: tuple[int, ...] = ()
    utc_offset_h: int = 0

    def is_on(self, asn: int, moment: datetime) -> bool:
        """Say whether this network is interfered with at this instant."""
        if asn not in self.networks or not self.start <= moment < self.end:
            return False
        local = moment + timedelta(hours=self.utc_offset_h)
        if self.weekdays and local.weekday() not in self.weekdays:
            return False
        return not self.hours or any(a <= local.hour < b for a, b in self.hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A world to simulate, from the first instant of `first_day` for `days` days."""

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

    @property
    def start(self) -> datetime:
        """The first instant simulated."""
        return datetime.combine(self.first_day, time(), tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first instant no longer simulated."""
        return self.start + self.days * DAY

    def truth(self) -> dict[str, Any]:
        """Return what a perfect observer would say, as JSON values."""
        return {
            "simulated": True,
            "scenario": self.name,
            "cc": self.cc,
            "platform": self.platform,
            "interference": [
                {
                    "networks": list(i.networks),
                    "mechanism": i.mechanism,
                    "start": i.start.isoformat(),
                    "end": i.end.isoformat(),
                    "hours": [list(h) for h in i.hours],
                    "weekdays": [_WEEKDAYS[d] for d in i.weekdays],
                    "utc_offset_h": i.utc_offset_h,
                }
                for i in self.interferences
            ],
        }


def bundled_scenarios() -> list[str]:
    """Return the names of the scenarios this version ships."""
    folder = files("overt").joinpath("lab/scenarios")
    return sorted(
        p.name.removesuffix(".toml") for p in folder.iterdir() if p.name.endswith(".toml")
    )


def load_scenario(name_or_path: str) -> Scenario:
    """Return a bundled scenario by name, or the one in a TOML file.

    Raises:
        RuleError: when there is no such scenario or it is unsound; names the key.
    """
    path = Path(name_or_path)
    if path.suffix == ".toml" and path.is_file():
        return parse_scenario(path.stem, path.read_bytes(), str(path))
    if name_or_path not in bundled_scenarios():
        raise RuleError(
            f"there is no scenario {name_or_path!r}",
            remedy=f"use one of {', '.join(bundled_scenarios())}, or a path ending in .toml",
        )
    where = f"lab/scenarios/{name_or_path}.toml"
    return parse_scenario(name_or_path, files("overt").joinpath(where).read_bytes(), where)


class _NetworkEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A `[[network]]` as the file has it; see `SimulatedNetwork`."""

    asn: Annotated[int, msgspec.Meta(ge=1, le=2**32 - 1)]
    name: str
    reports_per_hour: Annotated[float, msgspec.Meta(gt=0, le=10_000)]
    cc: str = ""
    units: Annotated[int, msgspec.Meta(ge=1)] = 5
    ipv6_broken: bool = False


_Hour = Annotated[int, msgspec.Meta(ge=0, le=24)]
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class _InterferenceEntry(msgspec.Struct, forbid_unknown_fields=True):
    """An `[[interference]]` as the file has it; see `Interference`."""

    networks: tuple[int, ...]
    mechanism: str
    start: _Instant
    end: _Instant
    hours: tuple[tuple[_Hour, _Hour], ...] = ()
    weekdays: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()
    utc_offset_h: Annotated[int, msgspec.Meta(ge=-12, le=14)] = 0


class _ScenarioEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A scenario file; see `Scenario`."""

    title: str
    seed: int
    cc: str
    platform: str
    nettest: Literal["web_connectivity", "telegram"]
    url: str
    first_day: date
    days: Annotated[int, msgspec.Meta(ge=1, le=3660)]
    network: Annotated[list[_NetworkEntry], msgspec.Meta(min_length=1)]
    interference: list[_InterferenceEntry] = []
    failing_share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.01


def parse_scenario(name: str, text: str | bytes, where: str) -> Scenario:
    """Return the scenario in a TOML text.

    Raises:
        RuleError: when it is unsound; names the key.
    """
    raw = text.encode() if isinstance(text, str) else text
    try:
        entry = msgspec.convert(
            tomllib.loads(raw.decode()), _ScenarioEntry, builtin_types=(date, datetime)
        )
        known = {network.asn for network in entry.network}
        return Scenario(
            name=name,
            networks=tuple(
                SimulatedNetwork(**{**msgspec.structs.asdict(n), "cc": n.cc or entry.cc})
                for n in entry.network
            ),
            interferences=tuple(_interference(i, known) for i in entry.interference),
            **{f: getattr(entry, f) for f in _SHARED_FIELDS},
        )
    except (tomllib.TOMLDecodeError, ValueError) as problem:
        raise RuleError(
            f"the scenario is unsound: {problem}",
            where=where,
            remedy="it needs a [[network]] table; compare it with the bundled ones: overt lab list",
        ) from problem


_SHARED_FIELDS = tuple(
    f for f in _ScenarioEntry.__struct_fields__ if f not in {"network", "interference"}
)


def _interference(entry: _InterferenceEntry, known: set[int]) -> Interference:
    strangers = set(entry.networks) - known
    if strangers:
        raise ValueError(f"interference names networks {sorted(strangers)} that do not exist")
    if entry.mechanism not in MECHANISMS:
        raise ValueError(f"mechanism {entry.mechanism!r} is not one of {', '.join(MECHANISMS)}")
    if entry.end <= entry.start:
        raise ValueError("an interference ends before it starts")
    if any(first >= last for first, last in entry.hours):
        raise ValueError(f"hours {entry.hours} must each begin before they end, within one day")
    return Interference(
        networks=entry.networks,
        mechanism=entry.mechanism,
        start=entry.start,
        end=entry.end,
        hours=entry.hours,
        weekdays=tuple(_WEEKDAYS.index(d) for d in entry.weekdays),
        utc_offset_h=entry.utc_offset_h,
    )
