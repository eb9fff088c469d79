"""The desk's queue: what was proposed, who read it and what they decided; one JSON file each.

A proposal enters the record when enough readers said yes to the very same words: one, or two for a
court's order and for an act with a deadline. A correction begins the count anew. Refused proposals
stay in the queue, so that they are not proposed again. Files are replaced whole under the record's
lock; a decision names the version it was taken on, so that two readers never overwrite each other.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from overt.engine.base import from_json, to_json
from overt.errors import RecordError, UsageError, WorkspaceError
from overt.record.chain import held, seal
from overt.record.crosscheck import two_for_act, two_for_claim
from overt.record.layout import TextOf, read_folder, text_digest, texts_beside
from overt.record.ledger import enter, record_of, write_whole
from overt.record.problems import listed, shown
from overt.record.proposed import OPEN, Added, Item, Proposed, State, key_of, place, reason
from overt.record.schema import Entry, plain
from overt.record.soundness import YESES, name_of_reader
from overt.record.trial import as_entry, entry_from, entry_of, faults
from overt.vocabulary.stated import Act, Authority, Claim, Reading, Record, Source


MOST_WAITING = 20_000
_KEY = re.compile(r"[0-9a-f]{16}\Z")
_MOST_NAME = 80
_MOST_NOTE = 2_000


class Queue:
    """The queue in a record's folder."""

    def __init__(self, folder: Path, text_of: TextOf | None = None) -> None:
        self.folder = folder
        self.text_of = text_of or texts_beside(folder)
        self._files = folder / "queue"

    def add(
        self,
        proposals: Iterable[Proposed],
        source: Source,
        *,
        at: datetime,
        text: str | None = None,
        authorities: Mapping[str, Authority] | None = None,
    ) -> Added:
        """Queue the proposals read from one source; known, refused, unsound ones are passed over.

        Raises:
            UsageError: when a proposal quotes another source, or `text` is not the source's.
        """
        if text is not None and text_digest(text) != source.text_sha256:
            raise UsageError("the text is not the one the source was described with")
        n_new = n_known = n_refused = 0
        unsound: list[str] = []
        with held(self.folder):
            if text is not None and self.text_of(source) is None:
                write_whole(self.folder / "texts" / f"{source.text_sha256}.txt", text)
            in_record = {key_of(c) for c in self._record().claims.values()}
            for proposal in proposals:
                claim = replace(proposal.claim, readings=())
                if claim.span.source != source.id:
                    raise UsageError(f"{claim.id} quotes {claim.span.source}, not {source.id}")
                known = self._read(key_of(claim))
                if known is not None or key_of(claim) in in_record:
                    n_refused += known is not None and known.state is State.REFUSED
                    n_known += known is None or known.state is not State.REFUSED
                    continue
                try:
                    as_entry(claim, claim.id)
                except RecordError as problem:
                    unsound += map(str, problem.problems)
                    continue
                named = [claim.speaker, claim.issuer, claim.addressee]
                new = self._item(claim, proposal.why, at, named, authorities or {})
                self._write(replace(new, source=plain(source)))
                n_new += 1
        return Added(n_new=n_new, n_known=n_known, n_refused=n_refused, unsound=tuple(unsound))

    def add_act(self, act: Act, why: Sequence[object], at: datetime) -> Item:
        """Queue the draft of an act, and return it; the same draft twice is one.

        Raises:
            UsageError: when the same draft was refused before.
        """
        with held(self.folder):
            new = self._item(replace(act, readings=()), why, at, [], {})
            known = self._read(new.key)
            if known is not None and known.state is State.REFUSED:
                raise UsageError(f"{act.id} was refused before", remedy="draft it differently")
            if known is None:
                self._write(new)
            return known or new

    def enter_authority(self, body: Authority, who: str, at: datetime) -> Path:
        """Enter an authority that a person names, and return its file.

        Raises:
            RecordError: when it would be unsound in the record.
            UsageError: when nobody is named.
        """
        reading = _reading(who, at, "accepted", "")
        with held(self.folder):
            found = faults([as_entry(body)], self.folder, self.text_of)
            if found:
                raise RecordError("the authority would be unsound", problems=found)
            path = enter(body, self._record(), self.folder)
            named = Entry(kind="authority", file=str(path.relative_to(self.folder)), body=body)
            seal(self.folder, [named], reading.who, at, "")
        return path

    def items(self, states: Sequence[State] = OPEN) -> list[Item]:
        """Return the proposals in these states: by state as given, then by source and place."""
        found = [i for p in sorted(self._files.glob("*.json")) if (i := self._read(p.stem))]
        order = {state: n for n, state in enumerate(states)}
        return sorted(
            (i for i in found[:MOST_WAITING] if i.state in order),
            key=lambda i: (order[i.state], i.kind, *place(i), i.key),
        )

    def find(self, key: str) -> Item | None:
        """Return the proposal of exactly this key, None where there is none."""
        return self._read(key) if _KEY.match(key) else None

    def get(self, wanted: str) -> Item:
        """Return the proposal of this key, beginning of a key, or id of an entry.

        Raises:
            UsageError: when there is none, or several.
        """
        every = self.items([*State])
        found = [i for i in every if wanted in {i.key, i.entry.get("id")}] or [
            i for i in every if wanted and i.key.startswith(wanted)
        ]
        if len(found) != 1:
            what = "no proposal" if not found else f"{len(found)} proposals"
            raise UsageError(
                f"{what} called {shown(wanted)}",
                remedy="overt record review --list shows their keys",
            )
        return found[0]

    def wants(self, item: Item) -> int:
        """Return how many readers a proposal needs."""
        body, authorities = item.body, self._record().authorities
        authorities |= {a["id"]: entry_from("authority", a).body for a in item.authorities}
        two = two_for_act if isinstance(body, Act) else two_for_claim
        return 2 if two(body, authorities) else 1

    def decide(
        self,
        key: str,
        decision: str,
        *,
        who: str,
        at: datetime,
        note: str = "",
        corrected: str | None = None,
        version: int | None = None,
    ) -> Item:
        """Return the proposal after a reader's decision; with enough yeses it is in the record.

        Args:
            key: the proposal.
            decision: accepted, corrected, refused or deferred.
            who: the reader's name.
            at: the present.
            note: why, in the reader's words.
            corrected: the whole entry as YAML, for a correction.
            version: the version the reader saw; a decision on an older one is refused.

        Raises:
            UsageError: when the decision cannot be taken by this reader.
            WorkspaceError: when another reader decided meanwhile, or nothing can be written.
            RecordError: when the entry would be unsound; nothing is changed.
        """
        reading = _reading(who, at, decision, note)
        with held(self.folder):
            item = self.find(key)
            if item is None:
                raise UsageError(f"no proposal {shown(key)}")
            _may_decide(item, version)
            if decision == "corrected":
                item = _with(item, corrected or "")
            elif decision == "accepted" and name_of_reader(who) in {
                name_of_reader(r.who) for r in item.yeses
            }:
                raise UsageError(
                    f"{who} said yes already", remedy="another person must read it too"
                )
            item = replace(item, readings=(*item.readings, reading))
            if decision in YESES:
                item = self._take_yes(item, who, at)
            else:
                state = State.REFUSED if decision == "refused" else State.DEFERRED
                item = replace(item, state=state)
            self._write(item)
        return item

    def _take_yes(self, item: Item, who: str, at: datetime) -> Item:
        files = read_folder(self.folder)
        record = record_of(files.entries)
        is_enough = len(item.yeses) >= self.wants(item)
        body = replace(item.body, readings=item.yeses)
        held_there = record.claims | record.acts
        if body.id in held_there and key_of(held_there[body.id]) == key_of(body):
            return replace(item, state=State.ACCEPTED)  # a broken-off decision got this far
        body = replace(body, id=_free(body.id, {e.id for e in files.entries}))
        entering = [*_missing(item, body, record), body]
        files.problems = []
        found = faults([as_entry(b) for b in entering], self.folder, self.text_of, files)
        if not is_enough:
            found = [p for p in found if not p.field.endswith("readings")]
        if found:
            raise RecordError("the entry would be unsound in the record", problems=found)
        if not is_enough:
            return replace(item, state=State.SECOND)
        sealed = []
        for part in entering:
            if isinstance(part, Source):
                record.sources[part.id] = part
            path = enter(part, record, self.folder)
            kind = type(part).__name__.lower()
            sealed.append(Entry(kind=kind, file=str(path.relative_to(self.folder)), body=part))
        seal(self.folder, sealed, who, at, "")
        return replace(item, state=State.ACCEPTED, entry=plain(replace(body, readings=())))

    def sources(self) -> dict[str, Source]:
        """Return the sources of the record, by id."""
        return self._record().sources

    def _record(self) -> Record:
        return record_of(read_folder(self.folder).entries) if self.folder.exists() else Record()

    def _item(
        self,
        body: Claim | Act,
        why: Sequence[object],
        at: datetime,
        named: Sequence[str],
        authorities: Mapping[str, Authority],
    ) -> Item:
        reasons = [why] if isinstance(why, str) else why
        return Item(
            key=key_of(body),
            kind=type(body).__name__.lower(),
            entry=plain(body),
            why=tuple(map(reason, reasons)),
            proposed_at=at,
            authorities=tuple(plain(authorities[a]) for a in _with_parents(named, authorities)),
        )

    def _read(self, key: str) -> Item | None:
        path = self._files / f"{key}.json"
        try:
            return from_json(Item, json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as problem:
            raise WorkspaceError(
                "a file of the queue cannot be read",
                where=str(path),
                remedy="restore it from a copy, or delete it: it is proposed again",
            ) from problem

    def _write(self, item: Item) -> None:
        text = json.dumps(to_json(item), indent=1, ensure_ascii=False) + "\n"
        write_whole(self._files / f"{item.key}.json", text)


def _reading(who: str, at: datetime, decision: str, note: str) -> Reading:
    name = " ".join(who.split())
    if not name or len(name) > _MOST_NAME or not name.isprintable():
        raise UsageError(
            "a decision needs the name of its reader", remedy="add --as NAME, as you are known here"
        )
    choices = (*YESES, "refused", "deferred")
    if decision not in choices:
        raise UsageError(f"{shown(decision)} is no decision", remedy=f"one of {listed(choices)}")
    return Reading(
        who=name, at=at.replace(microsecond=0), decision=decision, note=note[:_MOST_NOTE]
    )


def _may_decide(item: Item, version: int | None) -> None:
    if item.state not in OPEN:
        raise UsageError(
            f"this proposal is {item.state} already",
            remedy="an accepted entry is corrected by a new one with supersedes:",
        )
    if version is not None and version != item.version:
        raise WorkspaceError(
            "somebody else decided on this proposal meanwhile",
            remedy="look at it again, then decide",
        )


def _with(item: Item, text: str) -> Item:
    """Return the proposal with the entry as a reader corrected it; yeses count from here."""
    entry, problems = entry_of(item.kind, text, "the correction")
    if problems:
        raise RecordError("the correction is unsound", problems=problems)
    body = replace(entry.body, readings=())
    if isinstance(body, Claim) and body.span.source != place(item)[0]:
        raise UsageError("a correction may not quote another source")
    return replace(item, entry=plain(body), counted_from=len(item.readings))


def _missing(item: Item, body: Claim | Act, record: Record) -> list[Authority | Source]:
    """Return the authorities and the source that have to enter with an entry."""
    new: list[Authority | Source] = []
    if isinstance(body, Claim):
        offered = {f["id"]: entry_from("authority", f).body for f in item.authorities}
        named = _with_parents([body.speaker, body.issuer, body.addressee], offered)
        new += [offered[name] for name in named if name not in record.authorities]
        if body.span.source not in record.sources and item.source is not None:
            new.append(entry_from("source", item.source).body)
    return new


def _with_parents(named: Sequence[str], authorities: Mapping[str, Authority]) -> list[str]:
    """Return the ids that are known, each after what it is part of."""
    found: list[str] = []
    for name in named:
        chain, at = [], name
        while at in authorities and at not in chain:
            chain.append(at)
            at = authorities[at].part_of
        found += [a for a in reversed(chain) if a not in found]
    return found


def _free(wanted: str, taken: set[str]) -> str:
    """Return an id that no entry has yet."""
    n = 2
    free = wanted
    while free in taken:
        free, n = f"{wanted}-{n}", n + 1
    return free
