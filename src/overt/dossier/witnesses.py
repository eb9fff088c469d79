"""Who says what in the record: standing claims, their speakers, and how many sources are one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from overt.dossier.spans import Window, window
from overt.vocabulary.stated import (
    Act,
    ActKind,
    Claim,
    Polarity,
    Record,
    Source,
    Topic,
    When,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """What a statement rests on: sources, and families of sources that share an origin.

    A source that names no family is one by itself. A family counts once, however many it is.
    """

    sources: tuple[str, ...]
    families: tuple[str, ...]


def standing_claims(record: Record) -> dict[str, Claim]:
    """Return the claims no later one corrects, by id."""
    gone = {c.supersedes for c in record.claims.values() if c.supersedes}
    return {k: c for k, c in sorted(record.claims.items()) if k not in gone}


def standing_acts(record: Record) -> dict[str, Act]:
    """Return the acts no later one corrects, by id."""
    gone = {a.supersedes for a in record.acts.values() if a.supersedes}
    return {k: a for k, a in sorted(record.acts.items()) if k not in gone}


def name_of(record: Record, authority: str) -> str:
    """Return how an authority is called; its id where the record does not know it."""
    known = record.authorities.get(authority)
    return known.name if known else authority


def speaker_of(claim: Claim, record: Record) -> str:
    """Return who says it: the speaker by name, else the source speaking for itself."""
    if claim.speaker:
        return name_of(record, claim.speaker)
    source = record.sources.get(claim.span.source)
    outlet = source.outlet or source.title or source.url if source else claim.span.source
    return f"{outlet} (its own words)"


def denies_restriction(claim: Claim) -> bool:
    """Say whether a claim denies that there is a restriction.

    To deny that one was lifted is not that: it affirms it.
    """
    return (
        claim.topic is Topic.RESTRICTION
        and claim.polarity is Polarity.DENIES
        and claim.act_kind is not ActKind.LIFTING
    )


def resting_on(claims: Iterable[Claim], record: Record) -> Resting:
    """Return the sources and families that claims are taken from, each once."""
    sources = sorted({c.span.source for c in claims})
    return Resting(
        sources=tuple(sources),
        families=tuple(sorted({family_of(record.sources.get(s), s) for s in sources})),
    )


def family_of(source: Source | None, id_: str) -> str:
    """Return the family a source belongs to; its own id where it belongs to none."""
    return source.family if source and source.family else id_


def said_when(claim: Claim, record: Record) -> When | None:
    """Return when a claim was made: as given, else not after its source was published."""
    if claim.asserted is not None:
        return claim.asserted
    source = record.sources.get(claim.span.source)
    if source is None or source.published is None:
        return None
    return replace(source.published, earliest=None, at=None)


def known_by(record: Record, as_of: datetime) -> Record:
    """Return the record as far as it had come at an instant.

    Left out is what was said or done after it for certain. A claim whose time is not given is dated
    by its source; where neither is known it stays. An act stands as long as one of its claims does,
    or its own day had come.
    """

    def is_later(when: When | None) -> bool:
        return when is not None and _begins(when) > as_of

    claims = {
        k: c
        for k, c in record.claims.items()
        if not is_later(c.asserted) and not is_later(_published(c, record))
    }
    acts = {
        k: a
        for k, a in record.acts.items()
        if not is_later(a.on) and (any(c in claims for c in a.claims) or not a.claims)
    }
    return replace(record, claims=claims, acts=acts)


def _published(claim: Claim, record: Record) -> When | None:
    source = record.sources.get(claim.span.source)
    return source.published if source else None


def _begins(when: When) -> datetime:
    found: Window = window(when)
    return found.start
