"""An estimate of harm as ranges: account-hours without direct access, and economic cost.

Every input is an interval with its source and date; where one is missing there is no number. How
long the restriction lasted comes from the measured side alone. The 90 % range is of a deterministic
quasi-Monte Carlo: 4,096 points of a Halton sequence (Halton 1960), each input uniform between its
ends and independent of the others, so that the same inputs give the same bytes.

The formula is that of user-proportional models, beside which published figures are quoted:
cost = GDP / 365 x digital share x the platform's share of it x days x network share x
(1 - circumvention share) x geographic share.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
import numpy as np
from numpy.typing import NDArray

from overt.dossier import toll
from overt.dossier.measured import Measured
from overt.dossier.spans import Window
from overt.dossier.witnesses import resting_on, speaker_of, standing_claims
from overt.errors import InputError
from overt.vocabulary.instants import DAY, HOUR
from overt.vocabulary.stated import Claim, Quantity, Record, Topic


N_POINTS = 4096
SKIPPED = 32  # the first points of a Halton sequence are poorly spread in high dimensions
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)
LARGEST_FILE = 2**20  # bytes
SHARES = (
    "network_share",
    "circumvention_share",
    "geographic_share",
    "digital_share",
    "platform_share",
)
UNITS = {"platform_users": "accounts", "gdp_per_year": "USD", **dict.fromkeys(SHARES, "share")}
FOR_HOURS = ("platform_users", "network_share", "circumvention_share")
FOR_COST = (
    "gdp_per_year",
    "digital_share",
    "platform_share",
    "network_share",
    "circumvention_share",
    "geographic_share",
)
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Input(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One input: from `low` to `high` of `unit`, where it was taken from, and of when it is."""

    name: _Text
    low: float
    high: float
    unit: _Text
    source: _Text
    date: date
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Inputs(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The inputs of one estimate; `first` and `last` are the UTC days it is for, if not all."""

    input: list[Input]
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A result: its 90 % range, its median, and how far each input alone would move it."""

    what: str
    unit: str
    low: float
    median: float
    high: float
    sensitivity: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A published figure, as an attributed claim, and how it lies to our range."""

    claim: str
    low: float
    high: float
    unit: str
    place: str
    sources: tuple[str, ...]
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """What was estimated, from which inputs; empty of results where an input is missing."""

    hours_low: float | None
    hours_high: float | None
    results: tuple[Range, ...]
    figures: tuple[Figure, ...]
    inputs: tuple[Input, ...]
    sentences: tuple[str, ...]


def read_inputs(path: Path) -> Inputs:
    """Return the inputs of a TOML file.

    Raises:
        InputError: when the file cannot be read or an input is unsound, with its name.
    """
    where = str(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError("larger than 1 MiB", where=where, remedy="name a file of inputs")
        body: dict[str, Any] = tomllib.loads(path.read_bytes().decode())
    except OSError as problem:
        raise InputError(
            f"cannot be read: {problem.strerror}", where=where, remedy="name a file that is there"
        ) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise InputError(f"not TOML: {problem}", where=where, remedy="mend the file") from problem
    try:
        inputs = msgspec.convert(body, Inputs)
    except msgspec.ValidationError as problem:
        raise InputError(
            f"unsound: {problem}",
            where=where,
            remedy="give [[input]] entries with name, low, high, unit, source and date",
        ) from problem
    seen: set[str] = set()
    for one in inputs.input:
        _check(one, seen, where)
    if inputs.first and inputs.last and inputs.last < inputs.first:
        raise InputError("last lies before first", where=where, remedy="mend one of the two")
    return inputs


def _check(one: Input, seen: set[str], where: str) -> None:
    place = f"{where}, input {one.name!r}"
    if one.name not in UNITS:
        raise InputError(
            "not an input of the estimate", where=place, remedy=f"use one of {', '.join(UNITS)}"
        )
    if one.name in seen:
        raise InputError("given twice", where=place, remedy="keep one, as wide as both")
    seen.add(one.name)
    if not (math.isfinite(one.low) and math.isfinite(one.high) and 0 <= one.low <= one.high):
        raise InputError(
            f"from {one.low} to {one.high}",
            where=place,
            remedy="give finite numbers of at least 0, low not above high",
        )
    if one.name in SHARES and one.high > 1:
        raise InputError(f"a share of {one.high}", where=place, remedy="write 4 % as 0.04")
    if one.unit != UNITS[one.name]:
        raise InputError(
            f"its unit is {one.unit!r}", where=place, remedy=f"give it in {UNITS[one.name]}"
        )
    try:
        address = urlsplit(one.source)
    except ValueError:
        address = urlsplit("")
    if address.scheme not in {"http", "https"} or not address.netloc:
        raise InputError(
            f"its source is {one.source!r}", where=place, remedy="give the address it is taken from"
        )


def estimate(inputs: Inputs, measured: Measured, record: Record, as_of: datetime) -> Harm:
    """Return the estimate for the measured restriction, up to an instant."""
    hours = duration(inputs, measured, as_of)
    have = {i.name: i for i in inputs.input}
    results, said = [], []
    if hours is None:
        said.append(toll.no_duration())
    else:
        said.append(toll.duration_sentence(*hours))
        for what, unit, names, formula in (
            ("account-hours without direct access", "account-hours", FOR_HOURS, _account_hours),
            ("economic cost", "USD", FOR_COST, _cost),
        ):
            missing = [n for n in names if n not in have]
            if missing:
                said.append(toll.missing_inputs(what, missing))
                continue
            ends = {n: (have[n].low, have[n].high) for n in names}
            results.append(_range(what, unit, {"hours": hours, **ends}, formula))
            said.append(toll.range_sentence(results[-1]))
            said.append(toll.sensitivity_sentence(results[-1]))
    costs = [r for r in results if r.unit == "USD"]
    figures = []
    for claim, quantity in _published(record, measured):
        figure = _figure(claim, quantity, costs[0] if costs else None, record)
        figures.append(figure)
        said.append(toll.figure_sentence(figure, claim, speaker_of(claim, record)))
    said += [toll.input_sentence(i) for i in inputs.input]
    return Harm(
        hours_low=hours[0] if hours else None,
        hours_high=hours[1] if hours else None,
        results=tuple(results),
        figures=tuple(figures),
        inputs=tuple(inputs.input),
        sentences=tuple(said),
    )


def duration(inputs: Inputs, measured: Measured, as_of: datetime) -> tuple[float, float] | None:
    """Return for how many hours the last restriction lasted, at least and at most.

    At least: the hours that surely lie within it. At most: from the first instant at which it can
    have begun to the last at which it can have ended. None where nothing is measured.
    """
    if not measured.stretches:
        return None
    last = max(measured.stretches, key=lambda s: s.onset.start)
    limit = Window(start=_start(inputs.first), end=min(as_of, _end(inputs.last)))
    if limit.end <= limit.start:
        return 0.0, 0.0
    sure = [p for s in last.sure if (p := s.cut(limit)) is not None]
    whole = Window(start=last.onset.start, end=last.end).cut(limit)
    low = sum((p.end - p.start) / HOUR for p in sure)
    high = (whole.end - whole.start) / HOUR if whole else 0.0
    return low, max(low, high)


def _start(first: date | None) -> datetime:
    return datetime.combine(first or date(1, 1, 2), time(0), tzinfo=UTC)


def _end(last: date | None) -> datetime:
    return datetime.combine(last or date(9999, 12, 30), time(0), tzinfo=UTC) + DAY


def halton(n_points: int, base: int, skipped: int = SKIPPED) -> NDArray[np.float64]:
    """Return points of the van der Corput sequence in a base, one coordinate of Halton's."""
    index = np.arange(skipped + 1, skipped + 1 + n_points)
    value, fraction = np.zeros(n_points), 1.0 / base
    while index.any():
        value += fraction * (index % base)
        index //= base
        fraction /= base
    return value


Values = Mapping[str, Any]


def _account_hours(v: Values) -> Any:  # noqa: ANN401 - an array, or one number
    return v["hours"] * v["platform_users"] * v["network_share"] * (1 - v["circumvention_share"])


def _cost(v: Values) -> Any:  # noqa: ANN401 - an array, or one number
    share = v["digital_share"] * v["platform_share"] * v["network_share"] * v["geographic_share"]
    return v["gdp_per_year"] / 365 * share * (1 - v["circumvention_share"]) * v["hours"] / 24


def _range(
    what: str,
    unit: str,
    ends: Mapping[str, tuple[float, float]],
    formula: Any,  # noqa: ANN401
) -> Range:
    drawn = {
        name: low + (high - low) * halton(N_POINTS, base)
        for (name, (low, high)), base in zip(ends.items(), PRIMES, strict=False)
    }
    low, median, high = (float(q) for q in np.quantile(formula(drawn), (0.05, 0.5, 0.95)))
    middle = {name: (a + b) / 2 for name, (a, b) in ends.items()}
    moved = [
        (name, float(formula({**middle, name: a})), float(formula({**middle, name: b})))
        for name, (a, b) in ends.items()
    ]
    moved.sort(key=lambda m: (-abs(m[2] - m[1]), m[0]))
    return Range(what=what, unit=unit, low=low, median=median, high=high, sensitivity=tuple(moved))


def _published(record: Record, measured: Measured) -> Sequence[tuple[Claim, Quantity]]:
    """Return the figures of cost that the record has for the platform in the country."""
    return [
        (claim, quantity)
        for claim in standing_claims(record).values()
        if claim.topic is Topic.COUNT
        and claim.cc == measured.cc
        and measured.platform in claim.platforms
        for quantity in claim.quantities
        if quantity.unit.upper() in {"USD", "US$", "DOLLARS"}
    ]


def _figure(claim: Claim, quantity: Quantity, ours: Range | None, record: Record) -> Figure:
    resting = resting_on([claim], record)
    place = ""
    if ours is not None:
        place = "within"
        if quantity.low > ours.high:
            place = "above"
        elif quantity.high < ours.low:
            place = "below"
    return Figure(
        claim=claim.id,
        low=quantity.low,
        high=quantity.high,
        unit=quantity.unit,
        place=place,
        sources=resting.sources,
        families=resting.families,
    )
