"""What entries must say of each other: known ids, quotes in their texts, readers, supersession."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from overt.errors import UsageError
from overt.record.deadlines import AT_ONCE, counted_from, is_stated, worked_out_again
from overt.record.layout import TextOf, text_digest
from overt.record.problems import Problem, listed, nearest, shown
from overt.record.schema import Entry
from overt.record.soundness import YESES, name_of_reader
from overt.vocabulary.instants import rfc3339
from overt.vocabulary.stated import (
    Act,
    ActKind,
    Authority,
    AuthorityKind,
    Claim,
    Deadline,
    Forum,
    Proceeding,
    Reading,
    Source,
)


@dataclass(slots=True)
class Shelf:
    """Every entry by id, and every id that was met at all, also of what could not be read."""

    by_id: dict[str, Entry] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    by_file: dict[str, Entry] = field(default_factory=dict)

    def ids(self, kind: str) -> list[str]:
        """Return the ids of one kind, in order."""
        return sorted(i for i, e in self.by_id.items() if e.kind == kind)

    def authority(self, entry_id: str) -> Authority | None:
        """Return an authority, None where there is none or its kind could not be read."""
        entry = self.by_id.get(entry_id)
        if entry is None or not isinstance(entry.body, Authority) or not entry.has("kind"):
            return None
        return entry.body


def unique_ids(entries: list[Entry], shelf: Shelf) -> Iterator[Problem]:
    """Fill the shelf; yield the ids that two entries claim."""
    for entry in entries:
        if not entry.prefix:
            shelf.by_file[entry.file] = entry
        named = [("id", entry.id)]
        if isinstance(entry.body, Act):
            named += [(f"deadlines[{i}].id", d.id) for i, d in enumerate(entry.body.deadlines)]
        for path, name in named:
            if not name:
                continue
            first = shelf.by_id.get(name)
            if name in shelf.met:
                where = f"; first in {first.file}" if first else ""
                what = f"{shown(name)} is the id of two entries{where}"
                remedy = "give the later one an id of its own"
                yield entry.problem(path, what, "an id that is used once", remedy)
            shelf.met.add(name)
            if path == "id" and first is None:
                shelf.by_id[name] = entry


def check_links(entry: Entry, shelf: Shelf, text_of: TextOf) -> Iterator[Problem]:
    """Yield what is wrong between an entry and the others."""
    body = entry.body
    if isinstance(body, Authority):
        yield from _known(entry, shelf, "part_of", "authority")
    elif isinstance(body, Source):
        yield from _known(entry, shelf, "document_of", "authority")
        yield from _text(entry, body, text_of)
    elif isinstance(body, Claim):
        for name in ("speaker", "issuer", "addressee"):
            yield from _known(entry, shelf, name, "authority")
        yield from _known(entry, shelf, "act", "act")
        yield from _known(entry, shelf, "supersedes", "claim")
        yield from _quote(entry, body, shelf, text_of)
        yield from _readers(entry, body.readings, _two_for_claim(body, entry, shelf))
        yield from _read_after_retrieval(entry, body, shelf)
    elif isinstance(body, Act):
        yield from _act(entry, body, shelf)
    elif isinstance(body, Proceeding):
        yield from _proceeding(entry, body, shelf)


def supersession(shelf: Shelf) -> Iterator[Problem]:
    """Yield entries that supersede themselves, each other in a ring, or one that another did."""
    for chain in ("supersedes", "part_of", "target_act"):
        links = {
            i: str(getattr(e.body, chain))
            for i, e in shelf.by_id.items()
            if getattr(e.body, chain, "") and e.has(chain)
        }
        for start in sorted(links):
            seen, at = [start], links[start]
            while at in links and at not in seen:
                seen.append(at)
                at = links[at]
            if at == start:
                what = f"it leads back to itself: {listed([*seen, start], 'and')}"
                remedy = "let the later entry name the earlier one, and the first one none"
                yield shelf.by_id[start].problem(chain, what, "a chain with an end", remedy)
        if chain == "supersedes":
            twice = {old for old, n in Counter(links.values()).items() if n > 1}
            for new in sorted(n for n, old in links.items() if old in twice):
                what = f"{shown(links[new])} is superseded by more than one entry"
                remedy = "let the second correction supersede the first"
                yield shelf.by_id[new].problem(chain, what, "one successor to an entry", remedy)


def _known(entry: Entry, shelf: Shelf, name: str, kind: str) -> Iterator[Problem]:
    """Yield a reference to what is not in the record, or is something else."""
    value = getattr(entry.body, name)
    wanted = [(name, value)] if isinstance(value, str) else []
    if isinstance(value, tuple):
        wanted = [(f"{name}[{i}]", v) for i, v in enumerate(value)]
    for path, ref in wanted:
        if ref and entry.has(path):
            yield from _reference(entry, shelf, path, ref, kind)


def _reference(entry: Entry, shelf: Shelf, path: str, ref: str, kind: str) -> Iterator[Problem]:
    found = shelf.by_id.get(ref)
    if found is not None and found.kind == kind:
        return
    if found is None and ref in shelf.met and ref.partition(":")[0] == kind:
        return  # its own file is told of
    known = shelf.ids(kind)
    what = f"{shown(ref)} is not in the record"
    if found is not None:
        what = f"{shown(ref)} is of kind {found.kind}"
    near = nearest(ref, known)
    remedy = f"write {near}, or add {ref}" if near else f"add the {kind} first, or mend the id"
    yield entry.problem(path, what, f"the id of a known {kind}", remedy)


def _text(entry: Entry, body: Source, text_of: TextOf) -> Iterator[Problem]:
    text = text_of(body) if entry.has("text_sha256") else None
    if text is not None and text_digest(text) != body.text_sha256:
        what = f"the stored text has the digest {text_digest(text)}"
        remedy = "take the source in again; claims count characters in that very text"
        yield entry.problem("text_sha256", what, "the digest of the stored text", remedy)


def _quote(entry: Entry, body: Claim, shelf: Shelf, text_of: TextOf) -> Iterator[Problem]:
    if not entry.has("span"):
        return
    own = shelf.by_file.get(entry.file)
    if own is not None and own.has("id") and body.span.source != own.id:
        what = f"the claim stands in the file of {shown(own.id)} and quotes {body.span.source}"
        remedy = "move it to its source's file, or leave source out"
        yield entry.problem("span.source", what, own.id, remedy)
        return
    text = None
    if own is not None and isinstance(own.body, Source) and own.has("text_sha256"):
        text = text_of(own.body)
    quote, start, end = body.span.quote, body.span.start, body.span.end
    if text is None or text[start:end] == quote or not 0 <= start < end:
        return
    expected = f"the characters {start} to {end} of the stored text: {shown(text[start:end])}"
    found = text.find(quote) if quote else -1
    remedy = f"write start: {found}, end: {found + len(quote)}"
    if found < 0:
        remedy = "quote the words exactly as they are stored"
    yield entry.problem("span.quote", f"{shown(quote)} is not there", expected, remedy)


def _is_court(shelf: Shelf, authority: str) -> bool:
    found = shelf.authority(authority)
    return found is not None and found.kind is AuthorityKind.COURT


def _two_for_claim(body: Claim, entry: Entry, shelf: Shelf) -> str:
    """Return why a claim needs a second reader; empty where one is enough."""
    if not entry.has("forum", "act_kind", "issuer"):
        return ""
    if body.due is not None and body.demand is not None:
        return "a deadline"
    tells_order = body.act_kind is ActKind.ORDER and not body.issuer
    by_court = body.act_kind is ActKind.ORDER and _is_court(shelf, body.issuer)
    return "a court order" if body.forum is Forum.ORDER or tells_order or by_court else ""


def two_for_claim(body: Claim, authorities: Mapping[str, Authority]) -> bool:
    """Say whether a claim needs two readers: it tells of a court's order or of a deadline."""
    kinds = {a.id: Entry(kind="authority", file="", body=a) for a in authorities.values()}
    return bool(_two_for_claim(body, Entry(kind="claim", file="", body=body), Shelf(kinds)))


def two_for_act(body: Act, authorities: Mapping[str, Authority]) -> bool:
    """Say whether an act needs two readers: it is a court's order, or sets a deadline."""
    kinds = {a.id: Entry(kind="authority", file="", body=a) for a in authorities.values()}
    return bool(_two_for_act(body, Entry(kind="act", file="", body=body), Shelf(kinds)))


def _two_for_act(body: Act, entry: Entry, shelf: Shelf) -> str:
    if not entry.has("kind", "issuer", "deadlines", "forum"):
        return ""
    if body.deadlines:
        return "a deadline"
    is_order = body.kind is ActKind.ORDER and _is_court(shelf, body.issuer)
    return "a court order" if is_order or body.forum is Forum.ORDER else ""


def _readers(entry: Entry, readings: tuple[Reading, ...], why_two: str) -> Iterator[Problem]:
    if not entry.has("readings"):
        return
    names = [name_of_reader(r.who) for r in readings if r.decision in YESES and r.who.strip()]
    if not names and not readings:
        what, expected = "nobody has read it", "at least one reading with decision accepted"
        remedy = "read it with overt record review; nothing enters the record without a yes"
        yield entry.problem("readings", what, expected, remedy)
    elif why_two and len(set(names)) < 2:  # noqa: PLR2004 - two readers
        what = f"{why_two} was read by {listed(dict.fromkeys(names), 'and')} only"
        remedy = "let another person read it; add who, at and decision"
        yield entry.problem("readings", what, "two readers of different names", remedy)
    elif len(set(names)) < len(names):
        what, expected = "a reader is listed twice", "every reader once"
        yield entry.problem("readings", what, expected, "delete one of the two readings")


def _read_after_retrieval(entry: Entry, body: Claim, shelf: Shelf) -> Iterator[Problem]:
    source = shelf.by_id.get(body.span.source)
    if source is None or not source.has("retrieved_at") or not entry.has("readings"):
        return
    had = source.body.retrieved_at
    for i, reading in enumerate(body.readings):
        if reading.at < had:
            what = f"read at {rfc3339(reading.at)}, before the source was had"
            expected = f"{rfc3339(had)} or later"
            remedy = "correct the reading's time, or the source's retrieved_at"
            yield entry.problem(f"readings[{i}].at", what, expected, remedy)


def _act(entry: Entry, body: Act, shelf: Shelf) -> Iterator[Problem]:
    for name in ("issuer", "addressees"):
        yield from _known(entry, shelf, name, "authority")
    yield from _known(entry, shelf, "claims", "claim")
    yield from _known(entry, shelf, "proceeding", "proceeding")
    for name in ("target_act", "supersedes"):
        yield from _known(entry, shelf, name, "act")
    if not body.issuer and entry.has("issuer"):
        what, remedy = "the act has no issuer", "name the authority; add it first if need be"
        yield entry.problem("issuer", what, "the id of a known authority", remedy)
    target = shelf.by_id.get(body.target_act)
    if target is not None and isinstance(target.body, Act) and target.has("on") and entry.has("on"):
        began, ended = target.body.on.earliest, body.on.latest
        if began and ended and began > ended:
            what = f"it is of {ended}, before its target {shown(body.target_act)} of {began}"
            remedy = "correct one of the days, or the target"
            yield entry.problem("target_act", what, "an earlier act", remedy)
    for i, deadline in enumerate(body.deadlines):
        path = f"deadlines[{i}]"
        if entry.has(path) and entry.has("on"):
            yield from _reference(
                entry, shelf, f"{path}.addressee", deadline.addressee, "authority"
            )
            yield from _due(entry, body, path, deadline)
    yield from _documented(entry, body, shelf)
    yield from _readers(entry, body.readings, _two_for_act(body, entry, shelf))


def _due(entry: Entry, act: Act, path: str, deadline: Deadline) -> Iterator[Problem]:
    due, on = deadline.due, act.on
    if due.earliest is None or due.latest is None:
        what, expected = "the due date is open", "both earliest and latest"
        yield entry.problem(f"{path}.due", what, expected, "give both; the same day for one day")
        return
    if due.zone != on.zone:
        what = f"due in the zone {shown(due.zone)}, and the act is of {shown(on.zone)}"
        remedy = "count in the zone of who set the deadline"
        yield entry.problem(f"{path}.due.zone", what, on.zone, remedy)
    if on.earliest and due.latest < on.earliest:
        what = f"{due.latest} lies before the act, {on.earliest}"
        remedy = "correct the due date or the act's"
        yield entry.problem(f"{path}.due.latest", what, f"{on.earliest} or later", remedy)
        return
    if not is_stated(due.rule):
        what = f"{shown(due.rule)} is no rule that can be worked out again"
        expected = "as given; at once …; or within N days of DATE: calendar days, …"
        remedy = "resolve it with overt record due; or write as given for a date a source names"
        yield entry.problem(f"{path}.due.rule", what, expected, remedy)
        return
    try:
        again = worked_out_again(due)
    except (UsageError, KeyError, ValueError):
        what, expected = f"{shown(due.rule)} cannot be worked out", "a rule with days that exist"
        yield entry.problem(f"{path}.due.rule", what, expected, "resolve it with overt record due")
        return
    if due.rule == AT_ONCE:
        again = on
    elif again is None and due.rule.startswith("within"):
        what = f"{shown(due.rule)} does not say how days are counted"
        expected = (
            "within N days of DATE: calendar days, the first day not counted, the last included"
        )
        yield entry.problem(f"{path}.due.rule", what, expected, "resolve it with overt record due")
        return
    if again and (again.earliest, again.latest) != (due.earliest, due.latest):
        what = f"due {due.earliest} to {due.latest}"
        expected = f"{again.earliest} to {again.latest}, as its rule gives: {shown(due.rule)}"
        yield entry.problem(f"{path}.due", what, expected, "correct the days, or the rule")
    elif again and due.rule != AT_ONCE and counted_from(due) != on.earliest:
        what = f"the rule counts from {counted_from(due)}, and the act is of {on.earliest}"
        expected = f"within … of {on.earliest}"
        yield entry.problem(f"{path}.due.rule", what, expected, "resolve it anew")


def _documented(entry: Entry, body: Act, shelf: Shelf) -> Iterator[Problem]:
    if body.confidence != "documented" or not entry.has("claims", "issuer", "proceeding"):
        return
    proceeding = shelf.by_id.get(body.proceeding)
    own = {body.issuer}
    if proceeding is not None and isinstance(proceeding.body, Proceeding):
        own.add(proceeding.body.court)
    for ref in body.claims:
        claim = shelf.by_id.get(ref)
        if claim is None or not isinstance(claim.body, Claim):
            if ref in shelf.met:
                return  # its own file is told of
            continue
        source = shelf.by_id.get(claim.body.span.source)
        if source is not None and (source.body.document_of in own - {""}):
            return
    what = "none of its claims comes from the document itself"
    expected = f"a source with document_of: {listed(sorted(own))}; a report supports reported only"
    remedy = "write confidence: reported, or take the document in"
    yield entry.problem("confidence", what, expected, remedy)


def _proceeding(entry: Entry, body: Proceeding, shelf: Shelf) -> Iterator[Problem]:
    yield from _known(entry, shelf, "court", "authority")
    yield from _known(entry, shelf, "parties", "authority")
    yield from _known(entry, shelf, "claims", "claim")
    yield from _known(entry, shelf, "consolidated_with", "proceeding")
    court = shelf.authority(body.court)
    if court is not None and entry.has("court") and court.kind is not AuthorityKind.COURT:
        what = f"{shown(body.court)} is of kind {court.kind}"
        yield entry.problem("court", what, "an authority of kind court", "name the court")
    if not body.number.strip() and entry.has("number"):
        what, expected = "the number is blank", "the case number, or: not given"
        yield entry.problem("number", what, expected, "write number: not given")
