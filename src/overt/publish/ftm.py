"""The record behind a dossier as FollowTheMoney statements, one JSON line for each value.

Authorities become Organization, PublicBody or LegalEntity, sources Article, proceedings CourtCase
and acts Event, whose `proof` are the articles that tell of them. FollowTheMoney has no negation, no
speaker and no deadline: denials and due dates are text in `summary` and `description`, and nothing
is stated that its schema would turn into an affirmation.
Source: followthemoney 4.11 (MIT), `followthemoney/statement/statement.py` and `schema/*.yaml`; the
id of a statement is the SHA-1 of `dataset.entity.property.value` (`Statement.make_key`).
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from overt.dossier.roof import Dossier
from overt.dossier.witnesses import known_by, standing_acts
from overt.vocabulary.instants import rfc3339
from overt.vocabulary.stated import Act, Authority, AuthorityKind, Proceeding, Record, Source


DATASET = "overt"
LONGEST_SLUG = 60
PUBLIC = frozenset(
    {
        AuthorityKind.MINISTRY,
        AuthorityKind.REGULATOR,
        AuthorityKind.COURT,
        AuthorityKind.AGENCY,
        AuthorityKind.GOVERNMENT,
        AuthorityKind.LEGISLATURE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One value of one property of one entity, in FollowTheMoney's fields."""

    canonical_id: str
    entity_id: str
    prop: str
    schema: str
    value: str
    dataset: str
    lang: str | None
    original_value: str | None
    first_seen: str | None
    last_seen: str | None
    external: bool
    origin: str | None
    id: str


def lines(dossier: Dossier, record: Record) -> Iterator[str]:
    """Yield every statement as a line of JSON, in order of its entity."""
    for statement in statements(dossier, record):
        yield json.dumps({f: getattr(statement, f) for f in Statement.__dataclass_fields__})


def statements(dossier: Dossier, record: Record) -> list[Statement]:
    """Return what the record says of the acts of a dossier, as statements without doubles."""
    known = known_by(record, dossier.as_of)
    listed = {e.id for e in dossier.timeline} | {a for b in dossier.precedents for a in b.acts}
    acts = [a for a in standing_acts(known).values() if a.id in listed]
    cited = {s.id for s in dossier.sources}
    who = {p for a in acts for p in (a.issuer, *a.addressees) if p}
    cases = [known.proceedings[a.proceeding] for a in acts if a.proceeding in known.proceedings]
    who |= {p for c in cases for p in (c.court, *c.parties)}
    seen = rfc3339(dossier.as_of)
    found = [
        s
        for rows in (
            *(_authority(known.authorities[a]) for a in sorted(who) if a in known.authorities),
            *(_source(known.sources[s]) for s in sorted(cited)),
            *(_case(c, known) for c in cases),
            *(_act(a, known, cited, dossier) for a in acts),
        )
        for s in _stated(rows, seen)
    ]
    return list(
        {s.id: s for s in sorted(found, key=lambda s: (s.entity_id, s.prop, s.value))}.values()
    )


def entity_id(id_: str) -> str:
    """Return one of our ids as FollowTheMoney allows it: letters, digits, points and dashes."""
    slug = re.sub(r"[^0-9a-zA-Z]+", "-", id_).strip("-")[:LONGEST_SLUG].strip("-")
    return f"overt-{slug}-{hashlib.sha256(id_.encode()).hexdigest()[:8]}"


Rows = tuple[str, str, list[tuple[str, str]]]  # schema, our id, and (property, value) pairs


def _stated(rows: Rows, seen: str) -> Iterator[Statement]:
    schema, id_, values = rows
    entity = entity_id(id_)
    for prop, value in values:
        if not value:
            continue
        key = f"{DATASET}.{entity}.{prop}.{value}"
        yield Statement(
            canonical_id=entity,
            entity_id=entity,
            prop=prop,
            schema=schema,
            value=value,
            dataset=DATASET,
            lang=None,
            original_value=None,
            first_seen=seen,
            last_seen=seen,
            external=False,
            origin=None,
            id=hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest(),
        )


def schema_of(kind: AuthorityKind) -> str:
    """Return the schema an authority of a kind has."""
    if kind in PUBLIC:
        return "PublicBody"
    return "LegalEntity" if kind is AuthorityKind.LITIGANT else "Organization"


def _authority(authority: Authority) -> Rows:
    values = [("name", authority.name), ("country", authority.cc.lower())]
    values += [("alias", other) for other in authority.names]
    return schema_of(authority.kind), authority.id, values


def _source(source: Source) -> Rows:
    published = source.published
    single = published is not None and published.earliest == published.latest
    day = published.earliest if published is not None and single else None
    return (
        "Article",
        source.id,
        [
            ("title", source.title),
            ("fileName", source.sha256),
            ("publisher", source.outlet),
            ("sourceUrl", source.url),
            ("mimeType", source.media_type.partition(";")[0]),
            ("publishedAt", day.isoformat() if day else ""),
            ("retrievedAt", rfc3339(source.retrieved_at)[: len("2024-02-17")]),
        ],
    )


def _case(case: Proceeding, record: Record) -> Rows:
    court = record.authorities.get(case.court)
    name = court.name if court else case.court
    return (
        "CourtCase",
        case.id,
        [
            ("name", f"{name}, {case.number}"),
            ("court", name),
            ("country", court.cc.lower() if court else ""),
        ],
    )


def _act(act: Act, record: Record, cited: set[str], dossier: Dossier) -> Rows:
    told = [record.claims[c] for c in act.claims if c in record.claims]
    proofs = sorted({c.span.source for c in told} & cited)
    entries = [e for e in dossier.timeline if e.id == act.id]
    deadlines = {d.id for d in act.deadlines}
    due = [e.sentence for e in dossier.timeline if e.id in deadlines]
    issuer = record.authorities.get(act.issuer)
    about = f"{act.kind}: {issuer.name if issuer else act.issuer}"
    values = [
        ("name", f"{about} ({', '.join(act.platforms)})" if act.platforms else about),
        ("country", act.cc.lower()),
        ("startDate", _iso(act.on.earliest)),
        ("endDate", _iso(act.on.latest)),
        ("organizer", entity_id(act.issuer) if act.issuer in record.authorities else ""),
        ("recordId", act.id),
    ]
    known = [a for a in act.addressees if a in record.authorities]
    values += [("involved", entity_id(a)) for a in known]
    values += [("summary", e.sentence) for e in entries]
    values += [("description", sentence) for sentence in due]
    values += [("proof", entity_id(s)) for s in proofs]
    return "Event", act.id, values


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""
