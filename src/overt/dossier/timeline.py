"""One timeline of acts, claims, deadlines, episodes and changes, in order of when they were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from overt.dossier import orders, rulings, story
from overt.dossier.measured import Measured, Stretch
from overt.dossier.spans import EVER, FOREVER, window
from overt.dossier.witnesses import (
    Resting,
    name_of,
    resting_on,
    said_when,
    speaker_of,
    standing_acts,
    standing_claims,
)
from overt.reference.platforms import PlatformList
from overt.vocabulary.judgements import Change
from overt.vocabulary.stated import Act, Claim, Record, Restriction, Topic


class Sort(StrEnum):
    """What an entry of the timeline is."""

    ACT = "act"
    CLAIM = "claim"
    DEADLINE = "deadline"
    ONSET = "onset"
    ENDING = "ending"
    EPISODE = "episode"
    SILENCE = "silence"
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the timeline, at the widest time it can have been, UTC; None is an open side.

    `column` is `stated` or `measured`; `id` is of the act, claim, deadline, incident or change.
    """

    column: str
    sort: Sort
    id: str
    start: datetime | None
    end: datetime | None
    when: str
    sentence: str
    sources: tuple[str, ...] = ()
    families: tuple[str, ...] = ()


NONE = Resting(sources=(), families=())


def timeline(
    record: Record,
    measured: Measured,
    changes: Sequence[Change],
    as_of: datetime,
    platforms: PlatformList,
) -> list[Entry]:
    """Return every entry on a platform in a country up to an instant, and what falls due later.

    A claim that tells of an act stands with its act; every other one has a line of its own. Acts
    and claims of the country that name no platform, and other measures, are part of it.
    """
    found = [
        *_acts(record, measured, platforms),
        *_claims(record, measured),
        *(e for s in measured.stretches for e in _stretch(s)),
        *_changes(changes, measured, as_of),
    ]
    return sorted(found, key=lambda e: (e.start or e.end or FOREVER, e.end or FOREVER, e.id))


def _belongs(platforms: Sequence[str], measured: Measured) -> bool:
    return not platforms or measured.platform in platforms


def _acts(record: Record, measured: Measured, platforms: PlatformList) -> Iterable[Entry]:
    for act in standing_acts(record).values():
        if act.cc != measured.cc or not _belongs(act.platforms, measured):
            continue
        own = [record.claims[c] for c in act.claims if c in record.claims]
        resting = resting_on(own, record)
        counted = (len(resting.sources), len(resting.families))
        addressees = [name_of(record, a) for a in act.addressees]
        sentence = orders.act_sentence(
            act,
            name_of(record, act.issuer),
            addressees,
            [platforms.name_of(p) for p in act.platforms],
            counted,
        )
        yield _entry(Sort.ACT, act.id, act, sentence, resting)
        for deadline in act.deadlines:
            said = orders.deadline_sentence(deadline, name_of(record, deadline.addressee))
            span = window(deadline.due)
            yield Entry(
                column="stated",
                sort=Sort.DEADLINE,
                id=deadline.id,
                start=_given(span.end),
                end=_given(span.end),
                when=rulings.days(deadline.due),
                sentence=said,
                sources=resting.sources,
                families=resting.families,
            )


def _entry(sort: Sort, id_: str, act: Act, sentence: str, resting: Resting) -> Entry:
    span = window(act.on)
    return Entry(
        column="stated",
        sort=sort,
        id=id_,
        start=_given(span.start),
        end=_given(span.end),
        when=rulings.days(act.on),
        sentence=sentence,
        sources=resting.sources,
        families=resting.families,
    )


def _claims(record: Record, measured: Measured) -> Iterable[Entry]:
    told = {c for a in record.acts.values() for c in a.claims}
    for claim in standing_claims(record).values():
        if claim.cc != measured.cc or claim.id in told or not _is_own(claim, measured):
            continue
        when = said_when(claim, record) or claim.when
        span = window(when) if when else None
        resting = resting_on([claim], record)
        yield Entry(
            column="stated",
            sort=Sort.CLAIM,
            id=claim.id,
            start=_given(span.start) if span else None,
            end=_given(span.end) if span else None,
            when=rulings.days(when),
            sentence=story.claim_line(claim, speaker_of(claim, record)),
            sources=resting.sources,
            families=resting.families,
        )


def _is_own(claim: Claim, measured: Measured) -> bool:
    beside = claim.topic is Topic.OTHER_MEASURE or claim.restriction is Restriction.NETWORK_OFF
    return beside or _belongs(claim.platforms, measured)


def _stretch(stretch: Stretch) -> Iterable[Entry]:
    def entry(sort: Sort, start: datetime, end: datetime, sentence: str) -> Entry:
        return Entry(
            column="measured",
            sort=sort,
            id=stretch.id,
            start=start,
            end=end,
            when=story.measured_when(stretch, start, end),
            sentence=sentence,
        )

    yield entry(Sort.ONSET, stretch.onset.start, stretch.onset.end, story.onset_line(stretch))
    incident = stretch.incident
    episodes = incident.episodes if incident else []
    for number, episode in enumerate(episodes, 1):
        if len(episodes) > 1 and episode.start < stretch.known_to:
            said = story.episode_line(stretch, number, len(episodes))
            yield entry(Sort.EPISODE, episode.start, min(episode.end, stretch.known_to), said)
    for silence in stretch.silences:
        if silence.start < stretch.known_to:
            yield entry(Sort.SILENCE, silence.start, silence.end, story.silence_line(stretch))
    if stretch.ending is not None:
        yield entry(
            Sort.ENDING, stretch.ending.start, stretch.ending.end, story.ending_line(stretch)
        )


def _changes(changes: Sequence[Change], measured: Measured, as_of: datetime) -> Iterable[Entry]:
    for change in changes:
        own = (change.cc, change.platform) == (measured.cc, measured.platform)
        if own and change.earliest < as_of:
            yield Entry(
                column="measured",
                sort=Sort.CHANGE,
                id=change.id,
                start=change.earliest,
                end=change.latest,
                when=story.instants(change.earliest, change.latest),
                sentence=story.change_line(change),
            )


def _given(instant: datetime) -> datetime | None:
    return None if instant in {EVER, FOREVER} else instant
