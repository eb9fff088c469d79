"""What was known when: a record's versions in words, and what was on record at an instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from overt.dossier import accounts, retold, wording
from overt.dossier.status import incident_at
from overt.engine.base import from_json
from overt.engine.log import Log
from overt.errors import UsageError
from overt.reference.platforms import PlatformList
from overt.vocabulary.judgements import Bracket, Incident, NetworkState, State, Versions
from overt.vocabulary.places import Platform
from overt.vocabulary.records import Conclusion, Kind, RecordVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldVersion:
    """One version of a record: when it was recorded, what changed, and the incident as it was.

    `changed` names the fields in which it differs from the version before.
    """

    version: int
    id: str
    kind: Kind
    recorded: datetime
    versions: Versions
    made_from: str
    took_in: Sequence[str]
    gave_off: Sequence[str]
    part_of: str | None
    changed: Sequence[str]
    sentences: Sequence[str]
    incident: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A record, what its incident is called now (or was last), and its versions in order."""

    record: str
    id: str
    is_open: bool
    versions: Sequence[ToldVersion]


def read(body: Mapping[str, Any]) -> Incident | None:
    """Return a recorded incident, None where another version of the program wrote it otherwise."""
    try:
        return from_json(Incident, body)
    except msgspec.ValidationError:
        return None


def history_of(wanted: str, log: Log, platforms: PlatformList) -> list[History]:
    """Return the history of every record that is or was called so, the one that is so now first.

    Raises:
        UsageError: when no record ever was.
    """
    keys = log.records_called(wanted)
    if not keys:
        raise UsageError(
            f"no incident on record here is or was called {wanted!r}",
            remedy="use an id printed by overt incidents, also an earlier one",
        )
    return [_history(log.versions(key), platforms) for key in keys]


def _history(versions: Sequence[RecordVersion], platforms: PlatformList) -> History:
    return History(
        record=versions[0].record,
        id=versions[-1].id,
        is_open=versions[-1].is_open,
        versions=[
            _told(version, before, platforms)
            for version, before in zip(versions, [None, *versions], strict=False)
        ],
    )


def _told(
    version: RecordVersion, before: RecordVersion | None, platforms: PlatformList
) -> ToldVersion:
    sentences = [s for s in (_event(version),) if s]
    if before is None:
        sentences.append(whole(version.body, platforms))
    else:
        sentences += retold.told(before.body, version.body)
    return ToldVersion(
        version=version.version,
        id=version.id,
        kind=version.kind,
        recorded=version.conclusion.recorded,
        versions=version.conclusion.versions,
        made_from=version.conclusion.made_from,
        took_in=version.took_in,
        gave_off=version.gave_off,
        part_of=version.part_of,
        changed=[] if before is None else retold.changed(before.body, version.body),
        sentences=sentences,
        incident=version.body,
    )


def _event(version: RecordVersion) -> str:
    """Return what happened to the record itself, nothing where it only says something else."""
    parts = wording.listing(version.gave_off)
    if version.kind is Kind.PARTED and version.part_of is not None:
        return f"It was parted from {version.part_of}."
    if version.kind is Kind.MERGED:
        added = f" {parts} is told by itself." if version.gave_off else ""
        return f"It took in {wording.listing(version.took_in)}: they are one incident.{added}"
    return {
        Kind.INHERITED: "It was known when this history began; since when is not recorded.",
        Kind.RETURNED: "It is found again.",
        Kind.PARTED: f"It was parted: {parts} is told by itself.",
        Kind.ABSORBED: f"It became part of {version.part_of}, called {version.id} at that time.",
        Kind.WITHDRAWN: "It was withdrawn: what was read by then does not support it.",
    }.get(version.kind, "")


def whole(body: Mapping[str, Any], platforms: PlatformList) -> str:
    """Return a recorded incident in one sentence; in short where its form is not ours."""
    incident = read(body)
    if incident is not None:
        return accounts.incident_sentence(incident, platforms)
    made_by = body.get("versions", {}).get("code", "of an unknown version")
    return (
        f"{platforms.name_of(body['platform'])} in {wording.country(body['cc'])}:"
        f" {body.get('state')}, from {body['onset']['earliest']} on; recorded by overt {made_by} in"
        " a form that is not worded in full here, and that --json prints."
    )


# -- in overt explain ------------------------------------------------------------------------------


def standing(versions: Sequence[RecordVersion]) -> str:
    """Return since when an incident is on record, and what it was called before."""
    first, last = versions[0], versions[-1]
    names = list(dict.fromkeys(v.id for v in versions if v.is_open and v.id != last.id))
    known = "when this history began, " if first.kind is Kind.INHERITED else ""
    return (
        f"On record since {known}{wording.moment(first.conclusion.recorded)} UTC; version"
        f" {last.version}, of {wording.moment(last.conclusion.recorded)} UTC"
        + (f"; earlier called {wording.listing(names)}" if names else "")
        + ". overt history tells what changed."
    )


def renamed(wanted: str, log: Log) -> tuple[list[str], RecordVersion] | None:
    """Return what became of an incident once called so, and where its record ends up today.

    None when no record ever was called so.
    """
    keys = log.records_called(wanted)
    if not keys:
        return None
    last = log.versions(keys[0])[-1]
    sentences = []
    while last.kind is Kind.ABSORBED and last.part_of is not None:
        when = wording.moment(last.conclusion.recorded)
        sentences.append(f"{last.record} became part of {last.part_of} on {when} UTC.")
        last = log.versions(last.part_of)[-1]
    if last.kind is Kind.WITHDRAWN:
        when = wording.moment(last.conclusion.recorded)
        sentences.append(f"{last.id} was withdrawn on {when} UTC. What was said of it last:")
    else:
        sentences.append(f"What was once called {wanted} is called {last.id} now.")
    return sentences, last


# -- overt status --known-at -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedStatus:
    """The answer of `overt status --known-at`: what was on record, not what is known now.

    `recorded` is when the conclusion was recorded that stood at `known_at`.
    """

    platform: str
    cc: str
    at: datetime
    known_at: datetime
    recorded: datetime
    state: State
    sentence: str
    since: Bracket | None
    networks: Sequence[NetworkState]
    mechanisms: Sequence[str]
    incident: str | None
    record: str | None
    versions: Versions


def status_as_recorded(
    platform: Platform,
    cc: str,
    at: datetime | None,
    known_at: datetime,
    on_record: tuple[Conclusion, Sequence[RecordVersion]],
    platforms: PlatformList,
) -> RecordedStatus:
    """Return what the incidents on record at an instant said of another, or of the last they knew.

    Votes are not kept as they were, so that nothing is called reachable here: where no incident was
    on record, or it was in a pause of more than a day, the state is `insufficient`.

    Raises:
        UsageError: when `at` is later than `known_at`, or the incidents are of another form.
    """
    if at is not None and at > known_at:
        raise UsageError(
            "--at lies after --known-at: nothing was known of it then",
            remedy="name an earlier --at or a later --known-at",
        )
    conclusion, versions = on_record
    own = [v for v in versions if (v.body["cc"], v.body["platform"]) == (cc, platform.id)]
    records = {v.body["id"]: v.record for v in own}
    incidents = [i for v in own if (i := read(v.body)) is not None]
    if len(incidents) < len(own):
        raise UsageError(
            f"recorded by overt {conclusion.versions.code}, in a form this version does not word",
            remedy="see it as it was recorded with: overt incidents --known-at … --json",
        )
    at = at or min(max((i.as_of for i in incidents), default=known_at), known_at)
    incident = incident_at(incidents, cc, platform.id, at)
    shown = incident if incident is not None and _is_restricted(incident, at) else None
    state = shown.state if shown else State.INSUFFICIENT
    opening = (
        f"{platforms.name_of(platform.id)} in {wording.country(cc)}, as of {wording.moment(at)} UTC"
        f" and as recorded on {wording.moment(conclusion.recorded)} UTC: {state}"
    )
    return RecordedStatus(
        platform=platform.id,
        cc=cc,
        at=at,
        known_at=known_at,
        recorded=conclusion.recorded,
        state=state,
        sentence=opening + _recorded_clause(incident, shown),
        since=shown.onset if shown else None,
        networks=shown.networks if shown else [],
        mechanisms=shown.mechanisms if shown else [],
        incident=incident.id if incident else None,
        record=records[incident.id] if incident else None,
        versions=conclusion.versions,
    )


def _recorded_clause(incident: Incident | None, shown: Incident | None) -> str:
    if shown is not None:
        return (
            f", {accounts.began(shown)}, {accounts.extent(shown)}."
            f"{accounts.schedules(shown.networks)} How: {wording.how(shown.mechanisms)}."
            f" {accounts.counts(shown)}.{accounts.caveat(shown.state)}"
        )
    kept = "; votes are not kept as they were then, so it is not said whether it was reachable."
    if incident is not None:
        return (
            f"; the incident {accounts.began(incident)} was on record as under way, and not as"
            f" failing in the day before{kept}"
        )
    return f"; no incident was on record for that time{kept}"


def _is_restricted(incident: Incident, at: datetime) -> bool:
    """Say whether an instant lies in an episode or within a day after one."""
    begun = [e for e in incident.episodes if e.start <= at]
    return not begun or at < max(e.end for e in begun) + accounts.STILL
