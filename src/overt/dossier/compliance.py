"""Compliance at each deadline: whether what an act demanded was so when it fell due.

It runs both ways: an order to restore is kept when the platform was reachable at the end of the due
date, an order to block when it was restricted. An order to withdraw an earlier act that blocks is
assessed by its effect, and said so. What leaves no trace in measurements is assessed from the
record alone, or not at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from overt.dossier import orders
from overt.dossier.measured import Fact, Measured, Reading, Stretch
from overt.dossier.rulings import basis, instant
from overt.dossier.spans import FOREVER, Window, window
from overt.dossier.witnesses import (
    denies_restriction,
    name_of,
    resting_on,
    said_when,
    speaker_of,
    standing_acts,
    standing_claims,
)
from overt.vocabulary.stated import (
    Act,
    ActKind,
    AuthorityKind,
    Claim,
    Compliance,
    Deadline,
    Demand,
    Polarity,
    Record,
    Topic,
)


RESTRICTS = frozenset({Demand.BLOCK})
FREES = frozenset({Demand.RESTORE, Demand.WITHDRAW, Demand.RESTRAIN})
BINDS = frozenset({ActKind.ORDER, ActKind.DIRECTIVE})
ANSWERS = frozenset(
    {ActKind.FILING, ActKind.STATEMENT, ActKind.ADMISSION, ActKind.DENIAL, ActKind.HEARING}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """How one demand stood at its due date; `deadline` is empty where the act sets none.

    `by_effect`: the demand was about a paper, and what is assessed is its effect. `versions` are
    the states that earlier versions of the incidents gave, with when they were recorded.
    """

    act: str
    deadline: str
    demand: Demand
    due: datetime | None
    state: Compliance
    by_effect: bool
    measured: str | None
    sentence: str
    versions: tuple[tuple[datetime, Compliance], ...]
    sources: tuple[str, ...]
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A state and why, before it is worded in full."""

    state: Compliance
    reason: str
    reading: Reading | None = None
    further: tuple[str, ...] = ()
    by_effect: bool = False


def assess_all(
    record: Record, measured: Measured, as_of: datetime, earlier: Sequence[Measured] = ()
) -> list[Assessment]:
    """Return how every demand on the platform in the country stood when it fell due.

    `earlier` are the measured sides as they were on record before, the first first.
    """
    found: list[Assessment] = []
    for act in standing_acts(record).values():
        if act.cc != measured.cc or measured.platform not in act.platforms:
            continue
        found += [_assessed(act, d, record, measured, as_of, earlier) for d in act.deadlines]
        if not act.deadlines and act.kind in BINDS and act.demand in RESTRICTS | FREES:
            found.append(_assessed(act, None, record, measured, as_of, ()))
    return sorted(found, key=lambda a: (a.due or FOREVER, a.act, a.deadline))


def outcome(
    act: Act, deadline: Deadline | None, record: Record, measured: Measured, as_of: datetime
) -> Outcome:
    """Return the state of one demand as of an instant, and why."""
    if deadline is None:
        return Outcome(state=Compliance.NOT_ASSESSABLE, reason=orders.no_due_date())
    due = window(deadline.due).end
    return (
        _untimely(act, deadline, record, due, as_of)
        or _unmeasured(act, deadline, record, measured, due)
        or _by_measurement(act, deadline, record, measured, due)
    )


def _untimely(
    act: Act, deadline: Deadline, record: Record, due: datetime, as_of: datetime
) -> Outcome | None:
    """Return the state of a demand whose due date is open, overtaken or still to come."""
    if due >= FOREVER:
        return Outcome(state=Compliance.NOT_ASSESSABLE, reason=orders.due_open())
    later = _superseding(act, deadline, record, due)
    if later is not None:
        reason = orders.superseded(name_of(record, later.issuer), later.on)
        return Outcome(state=Compliance.SUPERSEDED, reason=reason)
    if as_of < due:
        return Outcome(state=Compliance.PENDING, reason=orders.pending(instant(as_of)))
    return None


def _unmeasured(
    act: Act, deadline: Deadline, record: Record, measured: Measured, due: datetime
) -> Outcome | None:
    """Return the state of a demand that leaves no trace in measurements of the platform."""
    if deadline.demand is Demand.REPORT:
        return _answer(act, deadline, record, due)
    if deadline.demand not in RESTRICTS | FREES:
        reason = orders.not_of_measurement(deadline.demand)
        return _or_claimed(act, deadline, record, due, Outcome(
            state=Compliance.NOT_ASSESSABLE, reason=reason
        ))  # fmt: skip
    if deadline.demand is Demand.WITHDRAW and not _withdraws_block(act, record, measured):
        return Outcome(state=Compliance.NOT_ASSESSABLE, reason=orders.target_unknown())
    return None


def _by_measurement(
    act: Act, deadline: Deadline, record: Record, measured: Measured, due: datetime
) -> Outcome:
    """Return the state by what was so in the last second of the due date."""
    moment = Window(start=due, end=due)
    reading = measured.read(moment)
    wants = deadline.demand in RESTRICTS
    by_effect = deadline.demand is Demand.WITHDRAW
    further = tuple(_further(act, deadline, record, measured, due, reading))
    if reading.fact is Fact.UNKNOWN:
        unknown = Outcome(
            state=Compliance.NOT_ASSESSABLE,
            reason=orders.not_so_known(reading),
            reading=reading,
            by_effect=by_effect,
        )
        return _or_claimed(act, deadline, record, due, unknown)
    restricted = reading.fact is Fact.RESTRICTED
    reason = orders.so_at_due(reading, restricted=restricted)
    if restricted and not wants and (share := _ended_share(reading.stretch, due)) is not None:
        reason = f"{reason}; {orders.partly(*share)}"
        state = Compliance.PARTLY
    else:
        state = Compliance.COMPLIED if restricted is wants else Compliance.NOT_COMPLIED
    return Outcome(
        state=state, reason=reason, reading=reading, further=further, by_effect=by_effect
    )


def _ended_share(stretch: Stretch | None, due: datetime) -> tuple[int, int] | None:
    """Return on how many affected networks it had ended by then, None where on none or all."""
    if stretch is None or stretch.incident is None:
        return None
    hit = [n for n in stretch.incident.networks if n.asn in stretch.asns]
    ended = [n for n in hit if n.ending is not None and n.ending.latest <= due]
    return (len(ended), len(hit)) if 0 < len(ended) < len(hit) else None


def _further(
    act: Act,
    deadline: Deadline,
    record: Record,
    measured: Measured,
    due: datetime,
    reading: Reading,
) -> Iterable[str]:
    """Yield what a reader should know beside the state at the due date."""
    if deadline.demand is Demand.WITHDRAW:
        yield orders.EFFECT_ONLY
    told = {
        str(c.demand)
        for k, c in standing_claims(record).items()
        if k in act.claims and c.demand is not None
    }
    if len(told) > 1:
        yield orders.demands_differ(sorted(told), deadline.demand)
    if deadline.demand not in RESTRICTS:
        for claim in _claims_of_compliance(act, deadline, record):
            when = claim.when or said_when(claim, record)
            of_then = when is not None and window(when).start <= due <= window(when).end
            contradicted = (
                of_then and reading.fact is Fact.RESTRICTED and claim.topic is Topic.RESTRICTION
            )
            who = speaker_of(claim, record)
            yield orders.claimed_otherwise(who, when, claim.span.quote, contradicted)
    if reading.fact is Fact.FREE:
        again = [s for s in measured.stretches if s.onset.start >= due]
        if again and deadline.demand not in RESTRICTS:
            yield orders.returned(min(again, key=lambda s: s.onset.start))
    stretch = reading.stretch
    if reading.fact is Fact.RESTRICTED and stretch is not None and stretch.ending is not None:
        yield orders.ended_later(stretch)


def _or_claimed(
    act: Act, deadline: Deadline, record: Record, due: datetime, unknown: Outcome
) -> Outcome:
    """Return that it is claimed to have been done by then, where somebody says so, else as was."""
    for claim in _claims_of_compliance(act, deadline, record):
        when = claim.when or said_when(claim, record)
        if when is not None and window(when).start < due:
            said = orders.claimed(speaker_of(claim, record), claim.span.quote)
            return Outcome(
                state=Compliance.CLAIMED,
                reason=f"{said}; {unknown.reason}",
                reading=unknown.reading,
                by_effect=unknown.by_effect,
            )
    return unknown


def _claims_of_compliance(act: Act, deadline: Deadline, record: Record) -> list[Claim]:
    """Return the claims that what was demanded had been done, in order of their ids.

    For a demand that frees these say that the earlier act was withdrawn, that the service was
    restored, or that it is not restricted; they speak of a time after the act.
    """
    if deadline.demand not in FREES:
        return []
    begun = window(act.on).end
    found = []
    for claim in standing_claims(record).values():
        if claim.cc != act.cc or not set(claim.platforms) & set(act.platforms):
            continue
        spoken = claim.when or said_when(claim, record)
        if spoken is None or window(spoken).end <= begun:
            continue
        lifts = claim.act_kind is ActKind.LIFTING and claim.polarity is Polarity.AFFIRMS
        if lifts or denies_restriction(claim):
            found.append(claim)
    return found


def _superseding(act: Act, deadline: Deadline, record: Record, due: datetime) -> Act | None:
    """Return the act that withdrew the demand, or set it another date, before it fell due."""
    for other in standing_acts(record).values():
        if other.target_act != act.id or window(other.on).end > due:
            continue
        issuer = record.authorities.get(other.issuer)
        may = other.issuer == act.issuer or (issuer and issuer.kind is AuthorityKind.COURT)
        undone = other.kind is ActKind.LIFTING or (
            other.demand is Demand.WITHDRAW and not other.deadlines
        )
        moved = other.demand is deadline.demand and bool(other.deadlines)
        if may and (undone or moved):
            return other
    return None


def _answer(act: Act, deadline: Deadline, record: Record, due: datetime) -> Outcome:
    """Return whether the record has the answer that was asked for, in the same proceeding."""
    papers = [
        a
        for a in standing_acts(record).values()
        if a.issuer == deadline.addressee
        and a.kind in ANSWERS
        and window(a.on).start >= window(act.on).start
        and a.id != act.id
        and act.proceeding
        and a.proceeding == act.proceeding
    ]
    if not papers:
        return Outcome(state=Compliance.NOT_ASSESSABLE, reason=orders.unanswered())
    first = min(papers, key=lambda a: (window(a.on).end, a.id))
    who = name_of(record, deadline.addressee)
    if window(first.on).end <= due:
        return Outcome(state=Compliance.COMPLIED, reason=orders.answered(first, who))
    return Outcome(state=Compliance.NOT_ASSESSABLE, reason=orders.answered_later(first, who))


def _withdraws_block(act: Act, record: Record, measured: Measured) -> bool:
    """Say whether what is to be withdrawn is on record as an act that blocks the platform."""
    target = record.acts.get(act.target_act)
    if target is None or measured.platform not in target.platforms:
        return False
    return target.demand is Demand.BLOCK or target.kind is ActKind.RESTRICTION


def _assessed(
    act: Act,
    deadline: Deadline | None,
    record: Record,
    measured: Measured,
    as_of: datetime,
    earlier: Sequence[Measured],
) -> Assessment:
    found = outcome(act, deadline, record, measured, as_of)
    demand = deadline.demand if deadline else act.demand
    if demand is None:
        raise ValueError(f"{act.id} demands nothing")
    versions: list[tuple[datetime, Compliance]] = []
    for side in earlier:
        if side.known_at is not None:
            then = replace(side, look=measured.look)  # the reports are kept as they are now
            state = outcome(act, deadline, record, then, min(as_of, side.known_at)).state
            if not versions or versions[-1][1] is not state:
                versions.append((side.known_at, state))
    addressees = (deadline.addressee,) if deadline else act.addressees
    who = " and ".join(name_of(record, a) for a in addressees if a)
    stretch = found.reading.stretch if found.reading else None
    told = [s for s in found.further if s]
    told += [orders.as_recorded(instant(at), s) for at, s in versions if s is not found.state]
    told += [basis(stretch)] if stretch else []
    opening = orders.due_opening(who, demand, deadline, name_of(record, act.issuer), act.on)
    resting = resting_on([record.claims[c] for c in act.claims if c in record.claims], record)
    return Assessment(
        act=act.id,
        deadline=deadline.id if deadline else "",
        demand=demand,
        due=window(deadline.due).end if deadline and window(deadline.due).end < FOREVER else None,
        state=found.state,
        by_effect=found.by_effect,
        measured=stretch.id if stretch else None,
        sentence=orders.compliance_sentence(
            found.state, opening, found.reason, told, by_effect=found.by_effect
        ),
        versions=tuple(versions),
        sources=resting.sources,
        families=resting.families,
    )
