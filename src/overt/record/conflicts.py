"""Finds where claims of the record contradict one another: demands, dates, numbers, yes and no.

A conflict is shown with every claim and its source; nothing here decides which is right. Claims
are set side by side only where they may speak of one thing, and differ only where what they say
cannot both hold: an interval against one that shares no day with it, a number outside the other's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from overt.vocabulary.stated import ActKind, Claim, Demand, Polarity, Quantity, Topic, When


# Onsets and acts further apart than this are taken for two events: hand-set, half of the shortest
# time between two blocks of one platform in one country in the reference list of precedents.
_ONE_EVENT_DAYS = 60
# Demands on an earlier act: a court makes one of them, and reports differ on which.
_ON_AN_ACT = frozenset({Demand.WITHDRAW, Demand.REVIEW, Demand.RESTORE})
_SIGNERS = frozenset({"organisations", "signatories", "organizations", "groups"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One field in which claims differ, each value with the ids of the claims that give it."""

    field: str
    about: str
    values: tuple[tuple[str, tuple[str, ...]], ...]


def conflicts(claims: Iterable[Claim]) -> list[Conflict]:
    """Return every conflict among claims, in the order of the first claim's id, then the field."""
    ordered = sorted(claims, key=lambda c: c.id)
    pairs: dict[tuple[str, str], dict[str, set[str]]] = {}
    for a, b in combinations(ordered, 2):
        for field, about, said_a, said_b in _differences(a, b):
            values = pairs.setdefault((field, about), {})
            values.setdefault(said_a, set()).add(a.id)
            values.setdefault(said_b, set()).add(b.id)
    return [
        Conflict(
            field=field,
            about=about,
            values=tuple((said, tuple(sorted(ids))) for said, ids in sorted(values.items())),
        )
        for (field, about), values in sorted(pairs.items())
    ]


def _differences(a: Claim, b: Claim) -> Iterable[tuple[str, str, str, str]]:
    if a.cc != b.cc or a.id in {b.id, b.supersedes} or b.id == a.supersedes:
        return
    about = f"{a.cc} {','.join(sorted(set(a.platforms) & set(b.platforms))) or 'all'}"
    if _one_order(a, b):
        if a.demand != b.demand and a.demand is not None and b.demand is not None:
            yield "demand", f"{about} order", a.demand.value, b.demand.value
        yield from _dates("due", f"{about} order", a.due, b.due)
        return
    if _same_act(a, b):
        yield from _dates("when", f"{about} {a.act_kind}", a.when, b.when)
    if _same_restriction(a, b):
        yield from _dates("when", f"{about} restriction", a.when, b.when)
    if _opposed(a, b):
        yield "polarity", f"{about} restriction", a.polarity.value, b.polarity.value
    for p, q in ((p, q) for p in a.quantities for q in b.quantities):
        if _one_count(a, b, p, q) and (p.high < q.low or q.high < p.low):
            yield "quantity", f"{about} {_counted(p)}", _amount(p), _amount(q)


def _shares_platform(a: Claim, b: Claim) -> bool:
    return bool(set(a.platforms) & set(b.platforms)) or not (a.platforms or b.platforms)


def _one_order(a: Claim, b: Claim) -> bool:
    """Return whether two claims of different sources may tell of one order on an earlier act."""
    return (
        a.act_kind is b.act_kind is ActKind.ORDER
        and a.span.source != b.span.source
        and {a.demand, b.demand} <= _ON_AN_ACT
        and _shares_platform(a, b)
        and _may_be_one(a.issuer, b.issuer)
        and _near(a.when, b.when, 3)
        and (a.due is None) == (b.due is None)
    )


def _same_act(a: Claim, b: Claim) -> bool:
    kinds = {ActKind.DIRECTIVE, ActKind.LIFTING, ActKind.REQUEST, ActKind.FILING}
    return (
        a.topic is b.topic is Topic.ACT
        and a.act_kind is b.act_kind
        and a.act_kind in kinds
        and a.demand == b.demand
        and bool(a.issuer)
        and a.issuer == b.issuer
        and _shares_platform(a, b)
        and a.act_kind is not ActKind.FILING
        and _near(a.when, b.when, _ONE_EVENT_DAYS)
    )


def _same_restriction(a: Claim, b: Claim) -> bool:
    return (
        a.topic is b.topic is Topic.RESTRICTION
        and a.polarity is b.polarity is Polarity.AFFIRMS
        and _shares_platform(a, b)
        and _near(a.when, b.when, _ONE_EVENT_DAYS)
        and _tells_onset(a.when)
        and _tells_onset(b.when)
    )


def _tells_onset(when: When | None) -> bool:
    """Return whether a time is of the beginning: "since", "around", a plain day or an interval."""
    return when is not None and not when.rule.startswith(("until", "by:"))


def _opposed(a: Claim, b: Claim) -> bool:
    """Return whether one denies what the other affirms; a denial of another time is not opposed."""
    return (
        a.topic is b.topic is Topic.RESTRICTION
        and {a.polarity, b.polarity} == {Polarity.AFFIRMS, Polarity.DENIES}
        and _shares_platform(a, b)
        and _near(a.when, b.when, _ONE_EVENT_DAYS)
    )


def _may_be_one(a: str, b: str) -> bool:
    return a == b or not a or not b


def _near(a: When | None, b: When | None, days: int) -> bool:
    """Return whether two times may belong to one event; an unknown one may."""
    if a is None or b is None:
        return True
    first, last = _edges(a), _edges(b)
    if None in first or None in last:
        return True
    gap = max((last[0] - first[1]).days, (first[0] - last[1]).days)  # type: ignore[operator]
    return gap <= days


def _edges(when: When) -> tuple[date | None, date | None]:
    """Return both ends; of an interval open on one side the end there is, twice."""
    return when.earliest or when.latest, when.latest or when.earliest


def _dates(
    field: str, about: str, a: When | None, b: When | None
) -> Iterable[tuple[str, str, str, str]]:
    if a is None or b is None or not _apart(a, b):
        return
    yield field, about, _interval(a), _interval(b)


def _apart(a: When, b: When) -> bool:
    """Return whether two intervals share no day."""
    return bool(
        (a.latest and b.earliest and a.latest < b.earliest)
        or (b.latest and a.earliest and b.latest < a.earliest)
    )


def _interval(when: When) -> str:
    first = when.earliest.isoformat() if when.earliest else "…"
    last = when.latest.isoformat() if when.latest else "…"
    return first if first == last else f"{first}/{last}"


def _counted(quantity: Quantity) -> str:
    unit = "organisations" if quantity.unit in _SIGNERS else quantity.unit
    return f"number of {unit}"


def _one_count(a: Claim, b: Claim, p: Quantity, q: Quantity) -> bool:
    """Return whether two quantities count one thing: signers, or the same words and unit."""
    if not _shares_platform(a, b):
        return False
    if p.unit in _SIGNERS and q.unit in _SIGNERS:
        return _near(a.when, b.when, _ONE_EVENT_DAYS)
    return p.unit == q.unit and _plain(p.counts) == _plain(q.counts)


def _plain(words: str) -> str:
    return " ".join(words.lower().replace(",", " ").split())


def _amount(quantity: Quantity) -> str:
    if quantity.low == quantity.high:
        return f"{quantity.low:g} {quantity.unit}"
    return f"{quantity.low:g} to {quantity.high:g} {quantity.unit}"
