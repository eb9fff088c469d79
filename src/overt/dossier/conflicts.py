"""Claims set against each other: numbers, dates, demands and denials that cannot all be so.

Two values conflict when their intervals share nothing. Each side is shown with its sources and with
how many families they are, and a family counts once. Which side is right is not said.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from overt.dossier import orders
from overt.dossier.checks import NEAR, Aspect, aspect_of
from overt.dossier.rulings import days, quoted
from overt.dossier.witnesses import (
    denies_restriction,
    name_of,
    resting_on,
    said_when,
    speaker_of,
    standing_claims,
)
from overt.record import conflicts as reported
from overt.vocabulary.stated import ActKind, Claim, Polarity, Quantity, Record, Topic, When


Days = tuple[date, date]
V = TypeVar("V", bound=Hashable)
T = TypeVar("T", float, date)


class About(StrEnum):
    """What a conflict is about."""

    COUNT = "count"
    DATE = "date"
    ONSET = "onset"
    DEMAND = "demand"
    STATE = "state"
    DEED = "deed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One value of a conflict, and the claims, sources and families that hold it."""

    value: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Values that cannot all be so, each with what it rests on."""

    about: About
    what: str
    sides: tuple[Side, ...]
    sentence: str


def conflicts_of(record: Record, cc: str, platform: str, called: str) -> list[Conflict]:
    """Return every conflict between claims of one country, of a platform or of acts upon it.

    `called` is the platform's name as it is to be read.
    """
    acts = {a.id for a in record.acts.values() if a.cc == cc and platform in a.platforms}
    own = [
        c
        for c in standing_claims(record).values()
        if c.cc == cc and (platform in c.platforms or c.act in acts or not c.platforms)
    ]
    found = [
        *_counts(own, record),
        *_dates(own, record),
        *_onsets(own, platform, called, record),
        *_demands(own, record),
        *_reported_orders(own, record),
        *_deeds(own, record),
        *_states(own, platform, called, record),
    ]
    return [c for c in found if c is not None]


def _counts(claims: Sequence[Claim], record: Record) -> Iterable[Conflict | None]:
    """Yield conflicts between numbers of the same: of one act and unit, or in the same words."""
    groups: dict[tuple[str, str, str], list[tuple[Claim, Quantity]]] = {}
    for claim in claims:
        for quantity in claim.quantities:
            unit, counts = _bare(quantity.unit), _bare(quantity.counts)
            key = (claim.act, unit, "" if claim.act else counts)
            groups.setdefault(key, []).append((claim, quantity))
    for pairs in groups.values():
        values: dict[tuple[float, float], list[Claim]] = {}
        for claim, quantity in pairs:
            values.setdefault((quantity.low, quantity.high), []).append(claim)
        named = pairs[0][1]
        yield _conflict(
            About.COUNT,
            named.counts or named.unit,
            values,
            lambda v, unit=named.unit: _numbers(v, unit),  # type: ignore[misc]
            _apart,
            record,
        )


def _dates(claims: Sequence[Claim], record: Record) -> Iterable[Conflict | None]:
    """Yield conflicts between the days that claims of one act give for it."""
    groups: dict[tuple[str, ActKind | None], list[tuple[Claim, When]]] = {}
    for claim in claims:
        if claim.act and claim.when and claim.topic is Topic.ACT and _affirms(claim):
            groups.setdefault((claim.act, claim.act_kind), []).append((claim, claim.when))
    for (act, _), pairs in groups.items():
        yield _day_conflict(About.DATE, f"the date of {_named(act, record)}", pairs, record)


def _onsets(
    claims: Sequence[Claim], platform: str, called: str, record: Record
) -> Iterable[Conflict | None]:
    """Yield conflicts between the days claimed for the beginning of one restriction.

    Claims no farther than 45 days apart are taken to be of one and the same.
    """
    onsets = [
        (c, c.when)
        for c in claims
        if platform in c.platforms and c.when and _affirms(c) and aspect_of(c) is Aspect.ONSET
    ]
    onsets.sort(key=lambda p: (p[1].latest or p[1].earliest or date.max, p[0].id))
    cluster: list[tuple[Claim, When]] = []
    for pair in [*onsets, None]:
        if pair is not None and (not cluster or _beginning(pair[1], cluster[-1][1]) <= NEAR.days):
            cluster.append(pair)
            continue
        if cluster:
            yield _day_conflict(About.ONSET, f"since when {called} was restricted", cluster, record)
        cluster = [pair] if pair is not None else []


def _beginning(later: When, earlier: When) -> int:
    """Return how many days lie between two beginnings; an open side reaches no other event."""
    one, other = (
        (a if a != date.min else b, b if b != date.max else a)
        for a, b in (_onset_days(later), _onset_days(earlier))
    )
    return max(0, (one[0] - other[1]).days, (other[0] - one[1]).days)


def _demands(claims: Sequence[Claim], record: Record) -> Iterable[Conflict | None]:
    """Yield conflicts between what claims of one act say it demands."""
    groups: dict[str, dict[str, list[Claim]]] = {}
    for claim in claims:
        if claim.act and claim.demand is not None and _affirms(claim):
            groups.setdefault(claim.act, {}).setdefault(str(claim.demand), []).append(claim)
    for act, values in groups.items():
        yield _conflict(
            About.DEMAND,
            f"what {_named(act, record)} demands",
            values,
            str,
            lambda a, b: a != b,
            record,
        )


def _reported_orders(claims: Sequence[Claim], record: Record) -> Iterable[Conflict | None]:
    """Yield conflicts between reports of one order that nobody has entered as an act yet."""
    loose = {c.id: c for c in claims if not c.act and c.act_kind is ActKind.ORDER}
    for found in reported.conflicts(loose.values()):
        if found.field == "demand":
            values = {said: [loose[i] for i in ids] for said, ids in found.values}
            issuers = {c.issuer for side in values.values() for c in side if c.issuer}
            who = name_of(record, min(issuers)) if issuers else ""
            yield _conflict(
                About.DEMAND,
                orders.reported_order(who),
                values,
                str,
                lambda a, b: a != b,
                record,
            )


def _deeds(claims: Sequence[Claim], record: Record) -> Iterable[Conflict | None]:
    """Yield conflicts between saying and denying that the same was done to one act."""
    groups: dict[tuple[str, ActKind], dict[str, list[Claim]]] = {}
    for claim in claims:
        if claim.act and claim.act_kind and claim.topic is Topic.ACT:
            sides = groups.setdefault((claim.act, claim.act_kind), {})
            sides.setdefault(str(claim.polarity), []).append(claim)
    for (act, kind), values in groups.items():
        yield _conflict(
            About.DEED,
            f"whether {_named(act, record)} saw a {kind}",
            values,
            str,
            lambda a, b: a != b,
            record,
        )


def _states(
    claims: Sequence[Claim], platform: str, called: str, record: Record
) -> Iterable[Conflict | None]:
    """Yield conflicts between denying a restriction in a time and affirming it for the same."""
    own = [c for c in claims if c.topic is Topic.RESTRICTION and platform in c.platforms]
    for denial in own:
        spoken = denial.when or said_when(denial, record)
        if not denies_restriction(denial) or spoken is None or spoken.latest is None:
            continue
        against = [c for c in own if _affirms(c) and _covers(c, spoken, record)]
        values = {Polarity.DENIES.value: [denial], Polarity.AFFIRMS.value: against}
        yield _conflict(
            About.STATE,
            f"whether {called} was restricted, {days(spoken)}",
            {k: v for k, v in values.items() if v},
            str,
            lambda a, b: a != b,
            record,
        )


def _covers(claim: Claim, spoken: When, record: Record) -> bool:
    """Say whether a claim affirms the restriction for a day of the time spoken of.

    One that tells since when reaches to the day it was said.
    """
    when = claim.when or said_when(claim, record)
    if when is None or claim.act_kind is ActKind.LIFTING:
        return False
    first, last = _days(when)
    said = said_when(claim, record)
    if aspect_of(claim) is Aspect.ONSET:
        if when.earliest is None:
            return False  # "before" a day does not say until when
        first = when.latest or first
        last = _days(said)[1] if said is not None else last
    low, high = _days(spoken)
    return first <= high and low <= last


def _day_conflict(
    about: About, what: str, pairs: Sequence[tuple[Claim, When]], record: Record
) -> Conflict | None:
    values: dict[Days, list[Claim]] = {}
    words: dict[Days, str] = {}
    for claim, when in pairs:
        key = _onset_days(when) if about is About.ONSET else _days(when)
        values.setdefault(key, []).append(claim)
        words.setdefault(key, days(when))
    return _conflict(about, what, values, lambda v: words[v], _apart, record)


def _conflict(
    about: About,
    what: str,
    values: Mapping[V, list[Claim]],
    word: Callable[[V], str],
    apart: Callable[[V, V], bool],
    record: Record,
) -> Conflict | None:
    """Return the conflict between values, None where no two of them exclude each other."""
    keys = sorted(values, key=str)
    odd = [k for k in keys if any(apart(k, other) for other in keys if other != k)]
    if not odd:
        return None
    sides, told = [], []
    for key in odd:
        claims = sorted(values[key], key=lambda c: c.id)
        resting = resting_on(claims, record)
        side = Side(
            value=word(key),
            claims=tuple(c.id for c in claims),
            sources=resting.sources,
            families=resting.families,
        )
        sides.append(side)
        told.append(
            {
                "value": side.value,
                "n_sources": len(side.sources),
                "n_families": len(side.families),
                "said": f"{speaker_of(claims[0], record)}: {quoted(claims[0].span.quote)}",
            }
        )
    return Conflict(
        about=about, what=what, sides=tuple(sides), sentence=orders.conflict_sentence(what, told)
    )


def _named(act: str, record: Record) -> str:
    known = record.acts.get(act)
    return orders.act_named(known, name_of(record, known.issuer)) if known else act


def _affirms(claim: Claim) -> bool:
    return claim.polarity is Polarity.AFFIRMS


def _apart(one: tuple[T, T], other: tuple[T, T]) -> bool:
    return one[1] < other[0] or other[1] < one[0]


def _days(when: When) -> Days:
    """Return a time as the local days its source gives, open sides at the end of the calendar."""
    return when.earliest or date.min, when.latest or date.max


def _onset_days(when: When) -> Days:
    """Return the days claimed for a beginning: "since" a day is on that day."""
    first, last = _days(when)
    if when.latest is None and when.said.lower().split()[:1] in (["since"], ["from"]):
        return first, first
    return first, last


def _numbers(value: tuple[float, float], unit: str) -> str:
    low, high = value
    return f"{low:,g} {unit}" if low == high else f"{low:,g} to {high:,g} {unit}"


def _bare(text: str) -> str:
    return " ".join(text.lower().split())
