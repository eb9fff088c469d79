"""Acknowledgement lags: from the measured onset to the first admission, per actor and forum.

An admission is an act of that kind, or a claim in which an authority that governs, regulates or
operates says of itself that the platform is or was restricted. What a court finds and what a party,
an outlet or a platform says is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from overt.dossier import orders
from overt.dossier.measured import Measured, Stretch
from overt.dossier.spans import Window, local_day, window
from overt.dossier.witnesses import (
    name_of,
    resting_on,
    said_when,
    standing_acts,
    standing_claims,
)
from overt.vocabulary.stated import (
    Act,
    ActKind,
    AuthorityKind,
    Claim,
    Forum,
    Polarity,
    Record,
    Standing,
    Topic,
    When,
)


ANSWERABLE = frozenset(
    {
        AuthorityKind.MINISTRY,
        AuthorityKind.REGULATOR,
        AuthorityKind.AGENCY,
        AuthorityKind.GOVERNMENT,
        AuthorityKind.LEGISLATURE,
        AuthorityKind.OPERATOR,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How long one actor took to admit a restriction in one forum.

    `days_low` and `days_high` count local calendar dates from the onset set to the admission; both
    None where no onset is measured. `days_high` alone is None where the restriction stood when the
    measurements began, or the admission is dated on or after a day: the lag is at least `days_low`.
    """

    actor: str
    forum: Forum
    court: str
    admitted: When
    days_low: int | None
    days_high: int | None
    measured: str | None
    is_first: bool
    sentence: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """One admission of one actor, before it is compared with the others."""

    actor: str
    forum: Forum
    court: str
    when: When
    claims: tuple[str, ...]


def lags_of(record: Record, measured: Measured) -> list[Lag]:
    """Return the first admission of each actor in each forum after each onset, earliest first."""
    courts: set[str] = set()
    first: dict[tuple[str, str, Forum, str], tuple[Admission, Stretch | None]] = {}
    every = admissions(record, measured.cc, measured.platform)
    found = sorted((a for a in every if _is_dated(a.when)), key=lambda a: _closed(a.when))
    for one in found:
        stretch = measured.lasting_at(_span(one).end)
        key = (stretch.id if stretch else "", one.actor, one.forum, one.court)
        if not one.court and any((*key[:3], c) in first for c in courts if c):
            continue  # said again, before a court the record does not name
        courts.add(one.court)
        if key in first:
            kept, _ = first[key]
            if kept.when == one.when:
                merged = tuple(sorted({*kept.claims, *one.claims}))
                first[key] = (_with_claims(kept, merged), stretch)
            continue
        first[key] = (one, stretch)
    ordered = list(first.values())
    begun: set[str] = set()
    told = []
    for one, stretch in ordered:
        is_first = stretch is not None and stretch.id not in begun
        if stretch is not None:
            begun.add(stretch.id)
        told.append(_lag(one, stretch, record, is_first=is_first))
    return told


def admissions(record: Record, cc: str, platform: str) -> Iterable[Admission]:
    """Return every admission on record that can be placed in time, acts first."""
    acts, claims = standing_acts(record), standing_claims(record)
    told: set[str] = set()
    for act in acts.values():
        own = act.cc == cc and platform in act.platforms
        if own and act.kind is ActKind.ADMISSION and _is_answerable(act.issuer, record):
            told.update(act.claims)
            yield Admission(
                actor=act.issuer,
                forum=act.forum,
                court=_court(act, record),
                when=act.on,
                claims=act.claims,
            )
    for claim in claims.values():
        if claim.id in told or not _admits(claim, cc, platform, record):
            continue
        said = said_when(claim, record)
        if said is None:
            continue
        yield Admission(
            actor=claim.speaker,
            forum=claim.forum,
            court=_court(acts.get(claim.act), record),
            when=said,
            claims=(claim.id,),
        )


def _admits(claim: Claim, cc: str, platform: str, record: Record) -> bool:
    return (
        claim.cc == cc
        and platform in claim.platforms
        and claim.topic is Topic.RESTRICTION
        and claim.polarity is Polarity.AFFIRMS
        and claim.standing is Standing.STATES
        and claim.act_kind is not ActKind.LIFTING
        and claim.restriction not in orders.BESIDE
        and _is_answerable(claim.speaker, record)
    )


def _is_answerable(authority: str, record: Record) -> bool:
    known = record.authorities.get(authority)
    return known is not None and known.kind in ANSWERABLE


def _court(act: Act | None, record: Record) -> str:
    proceeding = record.proceedings.get(act.proceeding) if act else None
    return proceeding.court if proceeding else ""


def _with_claims(one: Admission, claims: tuple[str, ...]) -> Admission:
    return Admission(
        actor=one.actor, forum=one.forum, court=one.court, when=one.when, claims=claims
    )


def _span(one: Admission) -> Window:
    return window(one.when)


def _is_dated(when: When) -> bool:
    return when.earliest is not None or when.latest is not None or when.at is not None


def _closed(when: When) -> tuple[date, date]:
    """Return the first and last day of a time, an open side taken as the other one."""
    if when.at is not None:
        at = local_day(when.at, when.zone)
        return at, at
    days = [d for d in (when.earliest, when.latest) if d is not None]
    return (days[0], days[-1]) if days else (date.max, date.max)


def _lag(one: Admission, stretch: Stretch | None, record: Record, *, is_first: bool) -> Lag:
    low = high = None
    if stretch is not None:
        early, late = _closed(one.when)
        low = max(0, (early - stretch.days[1]).days)
        open_end = one.when.latest is None and one.when.at is None
        high = None if stretch.is_standing or open_end else max(0, (late - stretch.days[0]).days)
        if one.when.earliest is None and one.when.at is None:
            low = 0
    own = [record.claims[c] for c in one.claims if c in record.claims]
    resting = resting_on(own, record)
    sentence = orders.lag_sentence(
        name_of(record, one.actor),
        one.forum,
        name_of(record, one.court) if one.court else "",
        one.when,
        (low, high),
        stretch,
        (len(resting.sources), len(resting.families)),
    )
    return Lag(
        actor=one.actor,
        forum=one.forum,
        court=one.court,
        admitted=one.when,
        days_low=low,
        days_high=high,
        measured=stretch.id if stretch else None,
        is_first=is_first,
        sentence=sentence,
        claims=one.claims,
        sources=resting.sources,
        families=resting.families,
    )
