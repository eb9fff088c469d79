"""Which record each incident continues: one event keeps one record, however its dates move.

Works on incidents as JSON values, so that what an earlier version of the program recorded, with
fewer or other fields, can still be compared.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from overt.vocabulary.records import Conclusion, Kind, RecordVersion


Body = Mapping[str, Any]

# This says nothing of the event: who derived it.
_SILENT = ("versions",)
# Once an ending is called these go on moving with every later measurement and are told nowhere.
_SILENT_ONCE_ENDED = ("as_of", "n_measurements_since", "n_failing_since")


def said(body: Body) -> dict[str, Any]:
    """Return what an incident says of its event; two versions that agree in it are one.

    Everything counts that is not listed here, so that a field added later is heard.
    """
    silent = _SILENT + (_SILENT_ONCE_ENDED if body.get("ending") else ())
    return {k: v for k, v in body.items() if k not in silent}


def inherited(found: Sequence[Body], conclusion: Conclusion) -> list[RecordVersion]:
    """Return first versions of incidents that were known before there was a log."""
    versions = succeed([], found, conclusion)
    return [replace(v, kind=Kind.INHERITED) for v in versions]


def succeed(
    heads: Sequence[RecordVersion], found: Sequence[Body], conclusion: Conclusion
) -> list[RecordVersion]:
    """Return the versions to append when `found` are the incidents now and `heads` the last known.

    An incident continues the open record of its country and platform whose span it shares, the one
    of the same id before the one that shares most; else a closed record it returns to. What is left
    over is new, parted, absorbed or withdrawn. An incident that says what was said before, without
    merging or parting, gives no version.
    """
    links = _links(heads, found)
    match = _matched(links)
    keys = _keys(heads, found, match)
    took_in, gave_off, part_of = _regroupings(heads, len(found), links, match)
    by_key = {head.record: head for head in heads}
    versions = []
    for index, body in enumerate(found):
        before = by_key.get(keys[index])
        version = RecordVersion(
            record=keys[index],
            version=before.version + 1 if before else 1,
            id=body["id"],
            kind=_kind(before, bool(took_in[index]), bool(gave_off[index] or part_of[index])),
            took_in=took_in[index],
            gave_off=sorted(keys[i] for i in gave_off[index]),
            part_of=part_of[index],
            body=body,
            conclusion=conclusion,
        )
        if version.kind is not Kind.UPDATED or before is None or said(before.body) != said(body):
            versions.append(version)
    continued = set(match.values())
    closed = [h for h in heads if h.is_open and h.record not in continued]
    shared: dict[str, list[_Link]] = defaultdict(list)
    for link in links:
        if link.shared_s:
            shared[link.record].append(link)
    return versions + [_closing(h, shared[h.record], found, keys, conclusion) for h in closed]


# -- which continues which -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Link:
    """A known record and an incident found now that share country, platform and some time."""

    record: str
    is_open: bool
    index: int
    has_same_id: bool
    shared_s: float  # 0 where only the id, that is the day, is shared


def _span(body: Body) -> tuple[datetime, datetime]:
    """Return from when to when an incident was seen to restrict: its first and last such instant.

    Not to `as_of`: an incident that is not called ended would reach over all that came later.
    """
    return (
        datetime.fromisoformat(body["onset"]["earliest"]),
        datetime.fromisoformat(body["last_failing"]),
    )


def _links(heads: Sequence[RecordVersion], found: Sequence[Body]) -> list[_Link]:
    by_place: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, body in enumerate(found):
        by_place[body["cc"], body["platform"]].append(index)
    return [
        link
        for head in heads
        for index in by_place.get((head.body["cc"], head.body["platform"]), [])
        if (link := _link(head, index, found[index])) is not None
    ]


def _link(head: RecordVersion, index: int, body: Body) -> _Link | None:
    (first, last), (low, high) = _span(head.body), _span(body)
    shared = max((min(last, high) - max(first, low)).total_seconds(), 0.0)
    # the id in the body: that of an absorbed record's last version is another record's
    same = head.body["id"] == body["id"]
    return _Link(head.record, head.is_open, index, same, shared) if shared or same else None


def _matched(links: Sequence[_Link]) -> dict[int, str]:
    """Return the record each incident continues; each continues at most one, and each once."""
    match: dict[int, str] = {}
    continued: set[str] = set()
    for link in sorted(
        links,
        key=lambda k: (
            not k.is_open,
            not k.shared_s,
            not k.has_same_id,
            -k.shared_s,
            k.record,
            k.index,
        ),
    ):
        if link.index not in match and link.record not in continued:
            match[link.index] = link.record
            continued.add(link.record)
    return match


def _keys(
    heads: Sequence[RecordVersion], found: Sequence[Body], match: Mapping[int, str]
) -> list[str]:
    """Return the record key of each incident: the one it continues, else its id, made unique."""
    taken = {head.record for head in heads}
    keys = []
    for index, body in enumerate(found):
        key = match.get(index)
        if key is None:
            key, count = body["id"], 1
            while key in taken:
                count += 1
                key = f"{body['id']}~{count}"
            taken.add(key)
        keys.append(key)
    return keys


def _regroupings(
    heads: Sequence[RecordVersion],
    n_found: int,
    links: Sequence[_Link],
    match: Mapping[int, str],
) -> tuple[list[list[str]], list[list[int]], list[str | None]]:
    """Return, for each incident, the records it took in, incidents it gave off, and its origin."""
    index_of = {record: index for index, record in match.items()}
    took_in: list[list[str]] = [[] for _ in range(n_found)]
    gave_off: list[list[int]] = [[] for _ in range(n_found)]
    part_of: list[str | None] = [None] * n_found
    of_record: dict[str, list[_Link]] = defaultdict(list)
    of_index: dict[int, list[_Link]] = defaultdict(list)
    for link in links:
        if link.is_open and link.shared_s:
            of_record[link.record].append(link)
            if link.record in index_of:
                of_index[link.index].append(link)
    for record, mine in sorted(of_record.items()):
        if record not in index_of:
            took_in[_most(mine).index].append(record)
    was_open = {head.record for head in heads if head.is_open}
    for index, mine in sorted(of_index.items()):
        if match.get(index) not in was_open:
            origin = _most(mine).record
            part_of[index] = origin
            gave_off[index_of[origin]].append(index)
    return took_in, gave_off, part_of


def _most(links: Sequence[_Link]) -> _Link:
    """Return the link that shares most time; of equals the first by record and place."""
    return min(links, key=lambda k: (-k.shared_s, k.record, k.index))


def _kind(before: RecordVersion | None, is_merged: bool, is_parted: bool) -> Kind:  # noqa: FBT001
    if is_merged:
        return Kind.MERGED
    if is_parted:
        return Kind.PARTED
    if before is None:
        return Kind.NEW
    return Kind.UPDATED if before.is_open else Kind.RETURNED


def _closing(
    head: RecordVersion,
    links: Sequence[_Link],
    found: Sequence[Body],
    keys: Sequence[str],
    conclusion: Conclusion,
) -> RecordVersion:
    """Return the version that closes a record: absorbed where its time is shared, or withdrawn."""
    into = _most(links).index if links else None
    return RecordVersion(
        record=head.record,
        version=head.version + 1,
        id=head.id if into is None else found[into]["id"],
        kind=Kind.WITHDRAWN if into is None else Kind.ABSORBED,
        took_in=[],
        gave_off=[],
        part_of=None if into is None else keys[into],
        body=head.body,
        conclusion=conclusion,
    )
