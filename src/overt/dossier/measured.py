"""The measured side of a dossier: stretches of restriction, and what they say of a time.

A stretch is an incident of a workspace, or one that somebody published and whose measurements are
not at hand. Of a time outside every stretch, and of one inside an onset or ending set or a silence,
a stretch says nothing; a workspace can then be asked what its reports of that day show (`Look`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from overt.dossier.spans import Window, covers, join, local_day
from overt.vocabulary.judgements import Collapse, Incident, State


class Fact(StrEnum):
    """What the measured side shows of a time: one of these, for all of it."""

    RESTRICTED = "restricted"
    FREE = "not restricted"
    MIXED = "restricted for a part"
    UNKNOWN = "not known"


class Gap(StrEnum):
    """Why nothing is known of a time."""

    NO_SIDE = "nothing measured"
    ONSET = "onset set"
    ENDING = "ending set"
    SILENCE = "silence"
    PAUSE = "between episodes"
    AFTER_LAST = "after the last failing report"
    BEFORE = "before every incident"
    AFTER = "after every incident"
    FUTURE = "after the last measurement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One restriction of one platform in one country, as measured or as published.

    `days` are the first and last local day on which it can have begun; `None` in `last_sure` means
    that there is an ending. `known_to` is the last instant it speaks of, `known_at` when what is
    said of it was concluded or published. `incident` is None for a published one.
    """

    id: str
    platform: str
    cc: str
    onset: Window
    ending: Window | None
    days: tuple[date, date]
    sure: tuple[Window, ...]
    silences: tuple[Window, ...]
    is_standing: bool
    known_to: datetime
    known_at: datetime
    incident: Incident | None = None
    title: str = ""
    url: str = ""
    asns: tuple[int, ...] = ()

    @property
    def is_published(self) -> bool:
        """Say whether somebody else published it, so that its measurements are not at hand."""
        return self.incident is None

    @property
    def end(self) -> datetime:
        """Return the last instant at which it can have lasted."""
        return self.ending.end if self.ending else self.known_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the reports up to an instant show, and the sentence that counts them."""

    fact: Fact
    sentence: str


Look = Callable[[datetime], Seen]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the measured side shows of a window: the fact, by which stretch, or why not."""

    fact: Fact
    stretch: Stretch | None = None
    gap: Gap | None = None
    seen: Seen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All stretches of one platform in one country, and how to ask for a time outside them."""

    platform: str
    cc: str
    stretches: tuple[Stretch, ...] = ()
    look: Look | None = None
    known_at: datetime | None = None

    def read(self, wanted: Window) -> Reading:
        """Return what is shown of a closed window."""
        touching = [s for s in self.stretches if _reach(s).overlaps(wanted)]
        sure = [piece for s in touching for piece in s.sure]
        part = next((s for s in touching if any(p.overlaps(wanted) for p in s.sure)), None)
        if part is not None and covers(sure, wanted):
            return Reading(fact=Fact.RESTRICTED, stretch=part)
        if part is not None:
            return Reading(fact=Fact.MIXED, stretch=part)
        for stretch in touching:
            gap = _gap(stretch, wanted)
            if gap in {Gap.ONSET, Gap.ENDING, Gap.SILENCE}:
                return Reading(fact=Fact.UNKNOWN, stretch=stretch, gap=gap)
        return self._ask(wanted, touching)

    def _ask(self, wanted: Window, touching: Sequence[Stretch]) -> Reading:
        within = touching[0] if touching else None
        seen = self._look_through(wanted) if self.look else None
        if seen is not None and seen.fact is not Fact.UNKNOWN:
            return Reading(fact=seen.fact, stretch=within, seen=seen)
        if within is not None:
            return Reading(fact=Fact.UNKNOWN, stretch=within, gap=_gap(within, wanted), seen=seen)
        later = [s for s in self.stretches if s.onset.start >= wanted.end]
        earlier = [s for s in self.stretches if s.end <= wanted.start]
        if later:
            nearest = min(later, key=lambda s: s.onset.start)
            return Reading(fact=Fact.UNKNOWN, stretch=nearest, gap=Gap.BEFORE, seen=seen)
        if earlier:
            nearest = max(earlier, key=lambda s: s.end)
            gap = Gap.AFTER if nearest.ending else Gap.FUTURE
            return Reading(fact=Fact.UNKNOWN, stretch=nearest, gap=gap, seen=seen)
        return Reading(fact=Fact.UNKNOWN, gap=Gap.NO_SIDE, seen=seen)

    def _look_through(self, wanted: Window) -> Seen | None:
        """Return what the reports of each of a few days show when they agree, else None."""
        if self.look is None or wanted.end - wanted.start > LONGEST_LOOK:
            return None
        step, at = timedelta(days=1), wanted.end
        found: list[Seen] = []
        while at > wanted.start or not found:
            found.append(self.look(at))
            at -= step
        agree = all(f.fact is found[0].fact for f in found)
        return found[0] if agree else Seen(fact=Fact.UNKNOWN, sentence=found[0].sentence)

    def lasting_at(self, instant: datetime) -> Stretch | None:
        """Return the stretch that can have lasted at an instant, else the last before it."""
        begun = [s for s in self.stretches if s.onset.start <= instant]
        return max(begun, key=lambda s: s.onset.start, default=None)


LONGEST_LOOK = timedelta(days=7)  # hand-set: a longer time is not called free day by day


def _reach(stretch: Stretch) -> Window:
    return Window(start=stretch.onset.start, end=stretch.end)


def _gap(stretch: Stretch, wanted: Window) -> Gap:
    """Return why a stretch that reaches into a window does not speak of it."""
    if any(s.overlaps(wanted) for s in stretch.silences):
        return Gap.SILENCE
    if stretch.onset.overlaps(wanted):
        return Gap.ONSET
    if stretch.ending is not None and stretch.ending.overlaps(wanted):
        return Gap.ENDING
    if stretch.sure and wanted.start >= stretch.sure[-1].end:
        return Gap.AFTER_LAST
    return Gap.PAUSE


def of_incident(
    incident: Incident, zone: str, known_at: datetime, collapses: Sequence[Collapse] = ()
) -> Stretch:
    """Return an incident as a stretch; its days are counted in `zone`.

    Sure are its episodes, without its onset and ending sets and without the silences of its
    country or of all its affected networks.
    """
    onset = Window(start=incident.onset.earliest, end=incident.onset.latest)
    ending = None
    if incident.ending is not None:
        ending = Window(start=incident.ending.earliest, end=incident.ending.latest)
    first = onset.end
    last = ending.start if ending else incident.last_failing
    whole = [Window(start=first, end=last)] if first <= last else []
    spells = [Window(start=e.start, end=e.end) for e in incident.episodes] or whole
    silences = _silences(incident, [*incident.collapses, *collapses])
    sure = [p for w in join(spells) for limit in whole if (p := w.cut(limit)) is not None]
    return Stretch(
        id=incident.id,
        platform=incident.platform,
        cc=incident.cc,
        onset=onset,
        ending=ending,
        days=(local_day(onset.start, zone), local_day(onset.end, zone)),
        sure=tuple(piece for s in sure for piece in _without(s, silences)),
        silences=tuple(silences),
        is_standing=incident.is_standing,
        known_to=incident.as_of,
        known_at=known_at,
        incident=incident,
        asns=tuple(
            n.asn for n in incident.networks if n.state not in {State.REACHABLE, State.INSUFFICIENT}
        ),
    )


def _silences(incident: Incident, collapses: Sequence[Collapse]) -> list[Window]:
    """Return when nobody in the country reported, or on none of the affected networks at once."""
    hit = {n.asn for n in incident.networks if n.state not in {State.REACHABLE, State.INSUFFICIENT}}
    own = [c for c in collapses if c.cc == incident.cc]
    spans = {
        asn: [
            Window(start=c.last_heard, end=max(c.last_heard, c.until or incident.as_of))
            for c in own
            if c.asn == asn
        ]
        for asn in {0, *hit}
    }
    together: list[Window] | None = None
    for asn in sorted(hit):
        mine = spans[asn]
        if together is None:
            together = mine
        else:
            together = [c for a in together for b in mine if (c := a.cut(b)) is not None]
    return join([*spans[0], *(together or [])])


def _without(whole: Window, holes: Sequence[Window]) -> list[Window]:
    """Return what is left of a window outside some others, which are in order."""
    edges = [whole.start]
    for hole in holes:
        cut = hole.cut(whole)
        if cut is not None and cut.start < cut.end:
            edges += [cut.start, cut.end]
    edges.append(whole.end)
    left = list(pairwise(edges))[::2]
    return [Window(start=a, end=b) for a, b in left if a < b]


def clipped(stretch: Stretch, as_of: datetime) -> Stretch | None:
    """Return a stretch as far as it had come at an instant; None when it had not begun."""
    if stretch.onset.start >= as_of:
        return None
    ended = stretch.ending is not None and stretch.ending.end <= as_of
    limit = Window(start=stretch.onset.start, end=as_of)
    return Stretch(
        id=stretch.id,
        platform=stretch.platform,
        cc=stretch.cc,
        onset=stretch.onset,
        ending=stretch.ending if ended else None,
        days=stretch.days,
        sure=tuple(p for s in stretch.sure if (p := s.cut(limit)) is not None),
        silences=stretch.silences,
        is_standing=stretch.is_standing,
        known_to=min(stretch.known_to, as_of),
        known_at=stretch.known_at,
        incident=stretch.incident,
        title=stretch.title,
        url=stretch.url,
        asns=stretch.asns,
    )
