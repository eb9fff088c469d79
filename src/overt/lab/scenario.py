"""A scenario is data: a TOML file that is read, checked and turned into a world."""

import tomllib
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from overt.errors import RuleError
from overt.lab.world import (
    MECHANISMS,
    WEEKDAYS,
    Defect,
    Forgery,
    HourlyProbe,
    Interference,
    Outage,
    Scenario,
    SimulatedNetwork,
    Uploads,
    Weather,
)


__all__ = [
    "MECHANISMS",
    "Interference",
    "Scenario",
    "SimulatedNetwork",
    "bundled_scenarios",
    "load_scenario",
    "parse_scenario",
]


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


_Hour = Annotated[int, msgspec.Meta(ge=0, le=24)]
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
_Rate = Annotated[float, msgspec.Meta(ge=0, le=10_000)]
_Length = Annotated[float, msgspec.Meta(gt=0)]
_Count = Annotated[int, msgspec.Meta(ge=1)]
_Networks = Annotated[tuple[int, ...], msgspec.Meta(min_length=1)]


class _NetworkEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A `[[network]]` as the file has it; see `SimulatedNetwork`."""

    asn: Annotated[int, msgspec.Meta(ge=1, le=2**32 - 1)]
    name: str
    reports_per_hour: Annotated[float, msgspec.Meta(gt=0, le=10_000)]
    cc: str = ""
    units: _Count = 5
    ipv6_broken: bool = False
    unit_skew: Annotated[float, msgspec.Meta(ge=0, le=10)] = 0.0
    visits_per_day: _Rate = 0.0
    visit_h: _Length = 9.0
    gaps_per_day: _Rate = 0.0
    gap_h: _Length = 11.0


class _InterferenceEntry(msgspec.Struct, forbid_unknown_fields=True):
    """An `[[interference]]` as the file has it; see `Interference`."""

    networks: tuple[int, ...]
    mechanism: str
    start: _Instant
    end: _Instant
    hours: tuple[tuple[_Hour, _Hour], ...] = ()
    weekdays: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()
    utc_offset_h: Annotated[int, msgspec.Meta(ge=-12, le=14)] = 0
    share: _Share = 1.0
    pauses: tuple[tuple[_Instant, _Instant], ...] = ()
    stagger_h: Annotated[float, msgspec.Meta(ge=0)] = 0.0


class _ProbeEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A `[[probe]]` as the file has it; see `HourlyProbe`."""

    network: int
    start: _Instant
    end: _Instant
    every_h: _Length = 1.0
    version: str | None = None


class _DefectEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A `[[defect]]` as the file has it; see `Defect`."""

    version: str
    start: _Instant
    end: _Instant | None = None
    mechanism: str = "http.timeout"
    share: _Share = 1.0


class _OutageEntry(msgspec.Struct, forbid_unknown_fields=True):
    """An `[[outage]]` as the file has it; see `Outage`."""

    networks: _Networks
    start: _Instant
    end: _Instant


class _ForgeryEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A `[[forgery]]` as the file has it; see `Forgery`."""

    network: int
    identities: _Count
    reports_per_hour: _Count
    start: _Instant
    end: _Instant
    mechanism: str = "tls.reset"


class _UploadsEntry(msgspec.Struct, forbid_unknown_fields=True):
    """The `[uploads]` table; see `Uploads`."""

    late_share: _Share = 0.0
    late_h: _Length = 24.0
    missing_share: _Share = 0.0
    blocked_late_share: _Share | None = None
    blocked_missing_share: _Share | None = None


class _WeatherEntry(msgspec.Struct, forbid_unknown_fields=True):
    """The `[weather]` table; see `Weather`."""

    bursts_per_day: _Rate = 0.048
    burst_h: _Length = 3.0
    failing_share: _Share = 0.35


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
    failing_share: _Share = 0.01
    failing_spread: _Share = 0.0
    versions: tuple[str, ...] = ()
    probe_ids: bool = False
    address_changes: tuple[_Instant, ...] = ()
    probe: list[_ProbeEntry] = []
    defect: list[_DefectEntry] = []
    outage: list[_OutageEntry] = []
    forgery: list[_ForgeryEntry] = []
    uploads: _UploadsEntry = msgspec.field(default_factory=_UploadsEntry)
    weather: _WeatherEntry | None = None


_TABLES = frozenset(
    ["network", "interference", "probe", "defect", "outage", "forgery", "uploads", "weather"]
)
_SHARED_FIELDS = tuple(f for f in _ScenarioEntry.__struct_fields__ if f not in _TABLES)


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
        return _scenario(name, entry)
    except (tomllib.TOMLDecodeError, ValueError) as problem:
        raise RuleError(
            f"the scenario is unsound: {problem}",
            where=where,
            remedy="it needs a [[network]] table; compare it with the bundled ones: overt lab list",
        ) from problem


def _scenario(name: str, entry: _ScenarioEntry) -> Scenario:
    told = msgspec.structs.asdict
    scenario = Scenario(
        name=name,
        networks=tuple(
            SimulatedNetwork(**{**told(n), "cc": n.cc or entry.cc}) for n in entry.network
        ),
        interferences=tuple(
            Interference(**{**told(i), "weekdays": tuple(map(WEEKDAYS.index, i.weekdays))})
            for i in entry.interference
        ),
        probes=tuple(HourlyProbe(**told(p)) for p in entry.probe),
        defects=tuple(Defect(**told(d)) for d in entry.defect),
        outages=tuple(Outage(**told(o)) for o in entry.outage),
        forgeries=tuple(Forgery(**told(f)) for f in entry.forgery),
        uploads=Uploads(**told(entry.uploads)),
        weather=None if entry.weather is None else Weather(**told(entry.weather)),
        **{f: getattr(entry, f) for f in _SHARED_FIELDS},
    )
    _check(scenario)
    return scenario


def _check(scenario: Scenario) -> None:
    known = {network.asn for network in scenario.networks}
    for rule in scenario.interferences:
        _check_place("interference", rule.networks, known)
        _check_mechanism(rule.mechanism)
        _check_spans("an interference", (rule.start, rule.end))
        _check_spans("a pause", *rule.pauses)
        if any(first >= last for first, last in rule.hours):
            raise ValueError(f"hours {rule.hours} must each begin before they end, within one day")
        if rule.stagger_h and rule.start_on(rule.networks[-1]) >= rule.end:
            raise ValueError(f"stagger_h {rule.stagger_h} starts a network after the end")
    for outage in scenario.outages:
        _check_place("outage", outage.networks, known)
        _check_spans("an outage", (outage.start, outage.end))
    for probe in scenario.probes:
        _check_place("probe", (probe.network,), known)
        _check_spans("a probe", (probe.start, probe.end))
        _check_version("probe", probe.version or scenario.version_of(0), scenario)
    for defect in scenario.defects:
        _check_mechanism(defect.mechanism)
        _check_version("defect", defect.version, scenario)
        _check_spans("a defect", (defect.start, defect.end or scenario.end))
    for forgery in scenario.forgeries:
        _check_place("forgery", (forgery.network,), known)
        _check_mechanism(forgery.mechanism)
        _check_spans("a forgery", (forgery.start, forgery.end))
    if scenario.forgeries and not scenario.probe_ids:
        raise ValueError("a forgery invents identities: set probe_ids = true")


def _check_place(what: str, networks: tuple[int, ...], known: set[int]) -> None:
    strangers = set(networks) - known
    if strangers:
        raise ValueError(f"{what} names networks {sorted(strangers)} that do not exist")


def _check_mechanism(mechanism: str) -> None:
    if mechanism not in MECHANISMS:
        raise ValueError(f"mechanism {mechanism!r} is not one of {', '.join(MECHANISMS)}")


def _check_version(what: str, version: str, scenario: Scenario) -> None:
    runs = {scenario.version_of(unit) for unit in range(len(scenario.versions) or 4)}
    if version not in runs:
        raise ValueError(f"{what} names version {version!r}; there are {', '.join(sorted(runs))}")


def _check_spans(what: str, *spans: tuple[datetime, datetime]) -> None:
    if any(end <= start for start, end in spans):
        raise ValueError(f"{what} ends before it starts")
