"""A workspace as the measured side of a dossier: its incidents, history and reports of a day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from overt.dossier.history import read
from overt.dossier.measured import Fact, Look, Measured, Seen, Stretch, clipped, of_incident
from overt.dossier.published import Published
from overt.dossier.status import Status
from overt.engine.log import Log
from overt.reference.zones import zone_of
from overt.vocabulary.judgements import Change, Collapse, Incident, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What a workspace holds of a country; `status` answers for an instant, from its reports."""

    incidents: Sequence[Incident] = ()
    collapses: Sequence[Collapse] = ()
    changes: Sequence[Change] = ()
    recorded: datetime | None = None
    status: Callable[[datetime], Status] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The measured side of a platform, as it was on record before, and every other stretch."""

    measured: Measured
    earlier: tuple[Measured, ...] = ()
    elsewhere: tuple[Stretch, ...] = ()
    changes: tuple[Change, ...] = field(default=())


def sides_of(
    cc: str,
    platform: str,
    as_of: datetime,
    holdings: Holdings | None = None,
    log: Log | None = None,
    published: Published | None = None,
) -> Sides:
    """Return the measured side of a platform in a country, as far as it had come at an instant.

    Published incidents stand in only for a platform of which the workspace has no incident.
    """
    zone = zone_of(cc) or "UTC"
    held = holdings or Holdings()
    known_at = held.recorded
    own = [
        of_incident(i, zone, known_at or i.as_of, held.collapses)
        for i in held.incidents
        if i.cc == cc
    ]
    have = {s.platform for s in own}
    theirs = [
        s
        for s in (published.stretches if published else ())
        if s.cc == cc and s.platform not in have
    ]
    every = [c for s in (*own, *theirs) if (c := clipped(s, as_of)) is not None]
    every.sort(key=lambda s: (s.onset.start, s.id))
    stretches = tuple(s for s in every if s.platform == platform)
    look = None if held.status is None else _look(held.status, as_of)
    return Sides(
        measured=Measured(
            platform=platform,
            cc=cc,
            stretches=stretches,
            look=look,
            known_at=known_at or max((s.known_at for s in stretches), default=None),
        ),
        earlier=tuple(_earlier(log, cc, platform, zone)) if log else (),
        elsewhere=tuple(every),
        changes=tuple(held.changes),
    )


def _look(status: Callable[[datetime], Status], as_of: datetime) -> Look:
    def look(instant: datetime) -> Seen:
        if instant > as_of:
            return Seen(fact=Fact.UNKNOWN, sentence="")
        # Only "reachable" rests on the reports of the day alone; a restricted state may be that of
        # an incident under way, and what an incident says of a time is read from its episodes.
        found = status(instant)
        fact = Fact.FREE if found.state is State.REACHABLE else Fact.UNKNOWN
        return Seen(fact=fact, sentence=found.sentence.removesuffix("."))

    return look


def _earlier(log: Log, cc: str, platform: str, zone: str) -> list[Measured]:
    """Return the measured side of every conclusion on record, the first first.

    A record that an older program wrote in another form is left out.
    """
    found = []
    for conclusion in log.conclusions():
        incidents = [
            i
            for head in log.heads(conclusion.seq)
            if head.is_open and (i := read(head.body)) is not None
        ]
        own = [i for i in incidents if (i.cc, i.platform) == (cc, platform)]
        found.append(
            Measured(
                platform=platform,
                cc=cc,
                stretches=tuple(of_incident(i, zone, conclusion.recorded) for i in own),
                known_at=conclusion.recorded,
            )
        )
    return found
