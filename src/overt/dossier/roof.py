"""The dossier of a platform in a country: the record and the measurements on one timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from overt.dossier import story
from overt.dossier.checks import Checked, check_claims
from overt.dossier.compliance import Assessment, assess_all
from overt.dossier.conflicts import Conflict, conflicts_of
from overt.dossier.context import Beside, Kind, kinds, other_measures, precedents
from overt.dossier.lags import Lag, lags_of
from overt.dossier.measured import Measured, Stretch
from overt.dossier.timeline import Entry, timeline
from overt.dossier.witnesses import family_of, known_by
from overt.reference.platforms import PlatformList
from overt.vocabulary.judgements import Change
from overt.vocabulary.places import Platform
from overt.vocabulary.stated import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """One measured restriction as a dossier shows it.

    `published` names who published it, empty where it is ours; `state` is empty where it is theirs.
    """

    id: str
    published: str
    title: str
    url: str
    onset_earliest: datetime
    onset_latest: datetime
    ending_earliest: datetime | None
    ending_latest: datetime | None
    is_standing: bool
    known_to: datetime
    known_at: datetime
    networks: tuple[int, ...]
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """One source a dossier rests on: what, whose, when it was had, and its family."""

    id: str
    url: str
    title: str
    outlet: str
    sha256: str
    retrieved_at: datetime
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything said of one platform in one country, and how it compares with what was measured.

    `as_of`: nothing said, done or measured after it is in it. Every sentence is composed below.
    """

    platform: str
    name: str
    cc: str
    as_of: datetime
    title: str
    sentence: str
    measured: tuple[Spell, ...]
    timeline: tuple[Entry, ...]
    lags: tuple[Lag, ...]
    checks: tuple[Checked, ...]
    compliance: tuple[Assessment, ...]
    conflicts: tuple[Conflict, ...]
    precedents: tuple[Beside, ...]
    other_measures: tuple[Beside, ...]
    kinds: tuple[Kind, ...]
    kinds_sentence: str
    sources: tuple[Cited, ...]
    limits: tuple[str, ...]
    harm: Any = None


def dossier_of(
    platform: Platform,
    record: Record,
    measured: Measured,
    platforms: PlatformList,
    as_of: datetime,
    *,
    elsewhere: Sequence[Stretch] = (),
    changes: Sequence[Change] = (),
    earlier: Sequence[Measured] = (),
) -> Dossier:
    """Return the dossier of a platform in a country as of an instant.

    Args:
        platform: the platform it is about, as the list of platforms has it.
        record: the stated column.
        measured: the measured side of the platform in the country, already cut at `as_of`.
        platforms: names for other platforms.
        as_of: nothing later is told.
        elsewhere: stretches of other platforms of the country, for the precedents.
        changes: the detected changes of a workspace.
        earlier: the measured side as it was on record before, the first first.

    Raises:
        InputError: when a statement names a time zone that does not exist.
    """
    known = known_by(record, as_of)
    own_kinds, kinds_said = kinds(known, measured)
    lines = timeline(known, measured, changes, as_of, platforms)
    checked = check_claims(known, measured)
    assessed = assess_all(known, measured, as_of, earlier)
    opposed = conflicts_of(known, measured.cc, platform.id, platform.name)
    before = precedents(known, measured, elsewhere, platforms)
    beside = other_measures(known, measured)
    cited = sorted(
        {s for e in lines for s in e.sources}
        | {s for c in checked for s in c.sources}
        | {s for b in (*before, *beside) for s in b.sources}
    )
    families = {family_of(known.sources.get(s), s) for s in cited}
    return Dossier(
        platform=platform.id,
        name=platform.name,
        cc=measured.cc,
        as_of=as_of,
        title=story.title(platform.name, measured.cc),
        sentence=story.head(platform.name, measured, len(cited), len(families), as_of),
        measured=tuple(_spell(s) for s in measured.stretches),
        timeline=tuple(lines),
        lags=tuple(lags_of(known, measured)),
        checks=tuple(checked),
        compliance=tuple(assessed),
        conflicts=tuple(opposed),
        precedents=tuple(before),
        other_measures=tuple(beside),
        kinds=tuple(own_kinds),
        kinds_sentence=kinds_said,
        sources=tuple(_cited(known, s) for s in cited if s in known.sources),
        limits=tuple(story.limits(measured)),
    )


def _spell(stretch: Stretch) -> Spell:
    return Spell(
        id=stretch.id,
        published="OONI" if stretch.is_published else "",
        title=stretch.title,
        url=stretch.url,
        onset_earliest=stretch.onset.start,
        onset_latest=stretch.onset.end,
        ending_earliest=stretch.ending.start if stretch.ending else None,
        ending_latest=stretch.ending.end if stretch.ending else None,
        is_standing=stretch.is_standing,
        known_to=stretch.known_to,
        known_at=stretch.known_at,
        networks=stretch.asns,
        state=str(stretch.incident.state) if stretch.incident else "",
    )


def _cited(record: Record, id_: str) -> Cited:
    source = record.sources[id_]
    return Cited(
        id=source.id,
        url=source.url,
        title=source.title,
        outlet=source.outlet,
        sha256=source.sha256,
        retrieved_at=source.retrieved_at,
        family=family_of(source, source.id),
    )
