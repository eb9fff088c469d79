"""The draft of an act from accepted claims: what they agree on is taken, what they do not is told.

A draft is a proposal like any other: it waits at the desk, and a person reads it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from overt.errors import UsageError
from overt.record.deadlines import AS_GIVEN, Calendar, is_stated, resolve
from overt.record.problems import listed
from overt.vocabulary.stated import (
    Act,
    ActKind,
    Claim,
    Deadline,
    Demand,
    Forum,
    Record,
    Restriction,
    When,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the person who drafts says beside the claims; empty: as the claims say."""

    id: str = ""
    kind: ActKind | None = None
    demand: Demand | None = None
    issuer: str = ""
    addressees: tuple[str, ...] = ()
    on: date | None = None
    zone: str = ""
    within: str = ""
    calendar: Calendar | None = None
    proceeding: str = ""
    target_act: str = ""
    supersedes: str = ""


@dataclass(slots=True)
class _Reasons:
    why: list[str] = field(default_factory=list)

    def one(self, name: str, given: Any, claims: Sequence[Claim], said: Sequence[Any]) -> Any:  # noqa: ANN401
        """Return what is given, or the one thing that the claims say; None where none says any."""
        if given:
            self.why.append(f"{name}: as the person who drafts says")
            return given
        found = list(dict.fromkeys(s for s in said if s))
        if len(found) > 1:
            raise UsageError(
                f"the claims differ on {name}: {listed(map(str, found), 'and')}",
                remedy=f"choose with --{name}, or draft from fewer claims",
            )
        if found:
            names = [c.id for c, s in zip(claims, said, strict=True) if s]
            self.why.append(f"{name}: as {listed(names, 'and')} says")
        return found[0] if found else None


def draft(ids: Sequence[str], record: Record, given: Given) -> tuple[Act, tuple[str, ...]]:
    """Return the act that accepted claims tell of, and where each field is from.

    Raises:
        UsageError: when a claim is not in the record, the claims differ on what or when, or do not
            say it and nothing is given.
    """
    claims = [_claim(i, record) for i in dict.fromkeys(ids)]
    reasons = _Reasons()
    kind = reasons.one("kind", given.kind, claims, [c.act_kind for c in claims])
    issuer = reasons.one("issuer", given.issuer, claims, [_issuer(c) for c in claims])
    demand = reasons.one("demand", given.demand, claims, [c.demand for c in claims])
    forum = reasons.one("forum", None, claims, [_forum(claims)] * len(claims))
    restriction = reasons.one("restriction", None, claims, [_known_restriction(c) for c in claims])
    for name, value in (("kind", kind), ("issuer", issuer)):
        if not value:
            raise UsageError(f"no claim says the act's {name}", remedy=f"add --{name}")
    on = _on(claims, given)
    reasons.why.append(f"on: {on.rule}")
    addressees = given.addressees or tuple(
        dict.fromkeys(c.addressee for c in claims if c.addressee)
    )
    deadlines: tuple[Deadline, ...] = ()
    if kind not in _ADJOURNING:
        deadlines = _deadlines(claims, given, on, addressees, demand, str(issuer))
    reasons.why += [f"deadline: {d.due.rule}" for d in deadlines]
    made = Act(
        id=given.id or _named(claims[0].cc, str(issuer), on, str(demand or kind)),
        kind=kind,
        issuer=str(issuer),
        on=on,
        cc=claims[0].cc,
        platforms=tuple(dict.fromkeys(p for c in claims for p in c.platforms)),
        claims=tuple(c.id for c in claims),
        addressees=addressees,
        demand=demand,
        restriction=restriction,
        forum=forum,
        proceeding=given.proceeding,
        target_act=given.target_act,
        adjourned_to=_adjourned(claims, on, given) if kind in _ADJOURNING else None,
        deadlines=deadlines,
        confidence=_confidence(claims, record, str(issuer)),
        supersedes=given.supersedes,
    )
    return made, tuple(reasons.why)


_ADJOURNING = {ActKind.HEARING, ActKind.ADJOURNMENT}
_SPOKEN = {
    *(ActKind.STATEMENT, ActKind.DENIAL, ActKind.ADMISSION, ActKind.FILING, ActKind.PETITION),
}


def _issuer(claim: Claim) -> str:
    """Return who did it: of what is done by speaking, the speaker."""
    return claim.issuer or (claim.speaker if claim.act_kind in _SPOKEN else "")


def _claim(claim_id: str, record: Record) -> Claim:
    if claim_id not in record.claims:
        raise UsageError(
            f"{claim_id} is no accepted claim", remedy="accept it with overt record review first"
        )
    return record.claims[claim_id]


def _forum(claims: Sequence[Claim]) -> Forum:
    """Return the forum nearest to the act itself: an order before a hearing before the press."""
    order = [Forum.ORDER, Forum.FILING, Forum.LETTER, Forum.PARLIAMENT, Forum.HEARING]
    return next((f for f in order if any(c.forum is f for c in claims)), claims[0].forum)


def _known_restriction(claim: Claim) -> Restriction | None:
    return None if claim.restriction is Restriction.UNKNOWN else claim.restriction


def _on(claims: Sequence[Claim], given: Given) -> When:
    """Return when the act was done: as given, or where the claims' times overlap."""
    times = [w for c in claims if (w := c.when or c.asserted) and w.earliest and w.latest]
    zones = list(dict.fromkeys(w.zone for w in times))
    zone = given.zone or (zones[0] if zones else "")
    if given.on:
        if not zone:
            raise UsageError("no claim names the zone of that day", remedy="add --zone")
        return When(earliest=given.on, latest=given.on, zone=zone, rule="as given")
    if not times or len(zones) > 1:
        raise UsageError(
            "the claims name no day of the act" if not times else "the claims' zones differ",
            remedy="add --on 2024-04-17 --zone Asia/Karachi",
        )
    first = max(w.earliest for w in times if w.earliest)
    last = min(w.latest for w in times if w.latest)
    if last < first:
        days = [f"{w.earliest} to {w.latest}" for w in times]
        raise UsageError(f"the claims differ on the day: {listed(days, 'and')}", remedy="add --on")
    said = "; ".join(dict.fromkeys(w.said for w in times if w.said))
    rule = times[0].rule if len(times) == 1 else "the days all its claims allow"
    return When(earliest=first, latest=last, zone=zone, said=said, rule=rule)


def _adjourned(claims: Sequence[Claim], on: When, given: Given) -> When | None:
    """Return the day a hearing was put off to, where the claims or the person who drafts say."""
    if given.within:
        return resolve(given.within, on, calendar=given.calendar)
    found = _agreed([c.due for c in claims if c.due], "day it was put off to")
    return None if found is None else _stated(found, on, given)


def _agreed(days: Sequence[When], what: str) -> When | None:
    if len({(d.earliest, d.latest) for d in days}) > 1:
        told = [f"{d.earliest} ({d.said})" for d in days]
        raise UsageError(
            f"the claims differ on the {what}: {listed(told, 'and')}", remedy="add --within"
        )
    return days[0] if days else None


def _stated(due: When, on: When, given: Given) -> When:
    """Return a due date with a rule of ours: from its words, or as a source gives it."""
    try:
        again = resolve(due.said, on, calendar=given.calendar)
    except UsageError:
        again = due
    if (again.earliest, again.latest) != (due.earliest, due.latest):
        again = due
    return again if is_stated(again.rule) else replace(again, rule=AS_GIVEN)


def _deadlines(
    claims: Sequence[Claim],
    given: Given,
    on: When,
    addressees: Sequence[str],
    demand: Demand | None,
    issuer: str,
) -> tuple[Deadline, ...]:
    """Return the due dates that are given or that the claims set; none where none does.

    A quote may tell of two acts, and set a limit for one of them; so the claim's own `due` counts,
    and not the words around it.
    """
    if given.within:
        due = resolve(given.within, on, calendar=given.calendar)
    else:
        found = _agreed([c.due for c in claims if c.due], "due date")
        if found is None:
            return ()
        due = _stated(found, on, given)
    if demand is None:
        raise UsageError("a deadline needs what is demanded", remedy="add --demand")
    name = _named("", issuer, on, str(demand)).removeprefix("act:")
    return tuple(
        Deadline(id=f"deadline:{name}{f'-{i}' * (i > 1)}", demand=demand, addressee=who, due=due)
        for i, who in enumerate(addressees or ("",), 1)
    )


def _confidence(claims: Sequence[Claim], record: Record, issuer: str) -> str:
    own = [record.sources[c.span.source].document_of for c in claims]
    return "documented" if issuer in own else "reported"


def _named(cc: str, issuer: str, on: When, what: str) -> str:
    """Return an id that tells who did what when."""
    slug = re.sub(r"[^a-z0-9-]+", "-", issuer.partition(":")[2].lower()).strip("-")
    place = f"{cc.lower()}-" if cc and not slug.startswith(f"{cc.lower()}-") else ""
    return f"act:{place}{slug}-{on.earliest}-{what.replace('_', '-')}"
