"""What surrounds a restriction: earlier blocks and how they were lifted, and measures beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from overt.dossier import orders
from overt.dossier.checks import concerns
from overt.dossier.measured import Measured, Stretch
from overt.dossier.rulings import telling
from overt.dossier.spans import FOREVER, Window, shifted, window
from overt.dossier.witnesses import (
    name_of,
    resting_on,
    said_when,
    speaker_of,
    standing_acts,
    standing_claims,
)
from overt.reference.platforms import PlatformList
from overt.vocabulary.stated import (
    Act,
    ActKind,
    Claim,
    Demand,
    Polarity,
    Record,
    Restriction,
    Topic,
)


BEFOREHAND = timedelta(days=30)  # hand-set: what was done in the month before stands beside it
_BEGINS = frozenset({ActKind.RESTRICTION, ActKind.DIRECTIVE, ActKind.ORDER})
_LIFTS = frozenset({Demand.RESTORE, Demand.WITHDRAW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """An earlier block, or another measure at the time: what, when, and who tells of it."""

    platform: str
    start: datetime | None
    lifted: datetime | None
    acts: tuple[str, ...]
    claims: tuple[str, ...]
    measured: str | None
    sentence: str
    sources: tuple[str, ...]
    families: tuple[str, ...]


def reference(record: Record, measured: Measured) -> datetime | None:
    """Return when the restriction a dossier is about began, at the earliest.

    The last measured onset; without one, the earliest act on record that orders it.
    """
    if measured.stretches:
        return max(s.onset.start for s in measured.stretches)
    begun = [
        window(a.on).start
        for a in standing_acts(record).values()
        if a.cc == measured.cc and measured.platform in a.platforms and _begins(a)
    ]
    return min(begun, default=None)


def precedents(
    record: Record, measured: Measured, elsewhere: Sequence[Stretch], platforms: PlatformList
) -> list[Beside]:
    """Return earlier blocks in the country, of this platform and others, and how each was lifted.

    `elsewhere` are the measured or published stretches of every platform of the country.
    """
    now = reference(record, measured)
    acts = [a for a in standing_acts(record).values() if a.cc == measured.cc]
    named = sorted({p for a in acts for p in a.platforms})
    found = [
        b
        for platform in named
        for b in _of_acts(
            platform, [a for a in acts if platform in a.platforms], record, now, platforms
        )
    ]
    told = {c for a in acts for c in a.claims}
    for claim in standing_claims(record).values():
        lifts = claim.act_kind in {ActKind.LIFTING, ActKind.RESTRICTION}
        other = claim.platforms and measured.platform not in claim.platforms
        if claim.cc == measured.cc and lifts and other and claim.id not in told:
            found.append(_of_claim(claim, record))
    found += [
        _of_stretch(s, platforms)
        for s in elsewhere
        if s.cc == measured.cc and now is not None and s.onset.start < now
    ]
    return sorted(found, key=lambda b: (b.start or FOREVER, b.platform, b.sentence))


def _of_acts(
    platform: str,
    acts: Sequence[Act],
    record: Record,
    now: datetime | None,
    platforms: PlatformList,
) -> Iterable[Beside]:
    """Yield the blocks of one platform that acts tell of: each from its first act to its lifting.

    Acts that order, direct and carry out one block are one block.
    """
    group: list[Act] = []
    for act in sorted(acts, key=lambda a: (window(a.on).start, a.id)):
        if now is not None and window(act.on).end > now:
            break
        if _begins(act):
            group.append(act)
        elif _lifts(act) and group:
            yield _precedent(platform, group, act, record, platforms)
            group = []
    if group:
        yield _precedent(platform, group, None, record, platforms)


def _precedent(
    platform: str,
    group: Sequence[Act],
    lifting: Act | None,
    record: Record,
    platforms: PlatformList,
) -> Beside:
    first = group[0]
    every = [*group, lifting] if lifting else list(group)
    own = [record.claims[c] for a in every for c in a.claims if c in record.claims]
    resting = resting_on(own, record)
    lifted = orders.lifted_clause(lifting, name_of(record, lifting.issuer)) if lifting else ""
    return Beside(
        platform=platform,
        start=window(first.on).start,
        lifted=window(lifting.on).start if lifting else None,
        acts=tuple(a.id for a in every),
        claims=tuple(sorted({c.id for c in own})),
        measured=None,
        sentence=orders.precedent_sentence(
            platforms.name_of(platform),
            orders.begun_clause(first, name_of(record, first.issuer)),
            lifted,
        ),
        sources=resting.sources,
        families=resting.families,
    )


def _begins(act: Act) -> bool:
    return act.kind in _BEGINS and (act.demand is Demand.BLOCK or act.kind is ActKind.RESTRICTION)


def _lifts(act: Act) -> bool:
    return act.kind in {ActKind.LIFTING, ActKind.MEMORANDUM} or act.demand in _LIFTS


def _of_claim(claim: Claim, record: Record) -> Beside:
    when = claim.when or said_when(claim, record)
    start = window(when).start if when else None
    resting = resting_on([claim], record)
    return Beside(
        platform=", ".join(claim.platforms),
        start=start,
        lifted=None,
        acts=(claim.act,) if claim.act else (),
        claims=(claim.id,),
        measured=None,
        sentence=telling(claim, speaker_of(claim, record)) + ".",
        sources=resting.sources,
        families=resting.families,
    )


def _of_stretch(stretch: Stretch, platforms: PlatformList) -> Beside:
    return Beside(
        platform=stretch.platform,
        start=stretch.onset.start,
        lifted=stretch.ending.end if stretch.ending else None,
        acts=(),
        claims=(),
        measured=stretch.id,
        sentence=orders.measured_precedent(platforms.name_of(stretch.platform), stretch),
        sources=(),
        families=(),
    )


def other_measures(record: Record, measured: Measured) -> list[Beside]:
    """Return other measures claimed for the time of the restriction and the month before it.

    Such are a network switched off, a service slowed, or another platform blocked. They are linked,
    and not measured here.
    """
    now = reference(record, measured)
    last = max((s.end for s in measured.stretches), default=FOREVER)
    found = []
    for claim in standing_claims(record).values():
        if claim.cc != measured.cc or not _is_beside(claim, measured):
            continue
        when = claim.when or said_when(claim, record)
        span = window(when) if when else None
        around = Window(start=shifted(now, -BEFOREHAND), end=last) if now is not None else None
        if span is not None and around is not None and not span.overlaps(around):
            continue
        found.append(_of_claim(claim, record))
    return sorted(found, key=lambda b: (b.start or FOREVER, b.sentence))


def _is_beside(claim: Claim, measured: Measured) -> bool:
    if claim.polarity is Polarity.DECLINES:
        return False
    kind = claim.restriction in {Restriction.NETWORK_OFF, Restriction.SLOWED}
    return claim.topic is Topic.OTHER_MEASURE or (
        kind and claim.topic is Topic.RESTRICTION
        and not concerns(claim, measured.cc, measured.platform)
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is withheld according to the record, and how many sources and families say so."""

    restriction: Restriction
    sources: tuple[str, ...]
    families: tuple[str, ...]


def kinds(record: Record, measured: Measured) -> tuple[list[Kind], str]:
    """Return the restriction types the record gives for the platform, and the sentence on them."""
    groups: dict[Restriction, list[Claim]] = {}
    for claim in standing_claims(record).values():
        own = concerns(claim, measured.cc, measured.platform)
        if own and claim.restriction is not None and claim.polarity is Polarity.AFFIRMS:
            groups.setdefault(claim.restriction, []).append(claim)
    found = []
    for restriction in Restriction:
        if restriction in groups:
            resting = resting_on(groups[restriction], record)
            found.append(
                Kind(restriction=restriction, sources=resting.sources, families=resting.families)
            )
    counted = {k.restriction: (len(k.sources), len(k.families)) for k in found}
    return found, orders.kinds_sentence(counted, len(measured.stretches))
