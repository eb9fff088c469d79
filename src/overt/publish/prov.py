"""Where a dossier comes from, as W3C PROV-JSON: sources, claims, acts, readings and conclusions.

A source is an entity, a claim is quoted from it (`wasQuotedFrom` as a derivation of that type) and
attributed to its speaker, a person's reading is the activity by which it entered the record, and
each checked sentence is derived from its claim and from the measured restriction.
Source: W3C Member Submission PROV-JSON, 24 April 2013.
"""

from typing import Any

from overt.dossier.roof import Dossier
from overt.dossier.witnesses import known_by, name_of
from overt.vocabulary.instants import rfc3339
from overt.vocabulary.stated import Claim, Record, Source


SPACE = "urn:overt:"


def document(dossier: Dossier, record: Record) -> dict[str, Any]:
    """Return the provenance of everything a dossier says, as one PROV-JSON document."""
    known = known_by(record, dossier.as_of)
    body: dict[str, dict[str, Any]] = {
        k: {}
        for k in (
            "entity", "activity", "agent", "wasDerivedFrom", "wasAttributedTo", "wasGeneratedBy",
            "wasAssociatedWith", "used",
        )
    }  # fmt: skip
    page = f"dossier/{dossier.cc}/{dossier.platform}/{rfc3339(dossier.as_of)}"
    body["entity"][name(page)] = {"prov:label": dossier.title}
    body["activity"][name(f"{page}/making")] = {"prov:endTime": rfc3339(dossier.as_of)}
    _link(body, "wasGeneratedBy", entity=name(page), activity=name(f"{page}/making"))
    for spell in dossier.measured:
        kind = "published-incident" if spell.published else "incident"
        body["entity"][name(f"{kind}/{spell.id}")] = {
            "prov:label": spell.title or spell.id,
            "overt:knownAt": rfc3339(spell.known_at),
        } | ({"prov:location": spell.url} if spell.url else {})
        _link(body, "used", activity=name(f"{page}/making"), entity=name(f"{kind}/{spell.id}"))
    for cited in dossier.sources:
        _source(body, known.sources[cited.id], page)
    for claim in known.claims.values():
        if name(claim.span.source) in body["entity"]:
            _claim(body, claim, known)
    for checked in dossier.checks:
        finding = name(f"{page}/finding/{checked.claim}")
        body["entity"][finding] = {
            "prov:label": checked.sentence,
            "overt:finding": str(checked.finding),
        }
        _derived(body, finding, name(checked.claim))
        if checked.measured is not None:
            kind = "published-incident" if checked.published else "incident"
            spell_name = name(f"{kind}/{checked.measured}")
            _derived(body, finding, spell_name)
    return {"prefix": {"overt": SPACE}} | {k: v for k, v in body.items() if v}


def name(id_: str) -> str:
    """Return an id as a qualified name whose local part any reader can parse.

    PROV-N reserves characters in a local name; each is written `%` and its code in hexadecimal.
    """
    plain = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./")
    local = "".join(c if c in plain else "".join(f"%{b:02X}" for b in c.encode()) for c in id_)
    return f"overt:{local}"


def _source(body: dict[str, dict[str, Any]], source: Source, page: str) -> None:
    shown = {"overt:sha256": source.sha256, "overt:retrievedAt": rfc3339(source.retrieved_at)}
    if source.url:
        shown["prov:location"] = source.url
    if source.title:
        shown["prov:label"] = source.title
    body["entity"][name(source.id)] = shown
    _link(body, "used", activity=name(f"{page}/making"), entity=name(source.id))


def _claim(body: dict[str, dict[str, Any]], claim: Claim, record: Record) -> None:
    key = name(claim.id)
    body["entity"][key] = {"prov:value": claim.span.quote, "overt:polarity": str(claim.polarity)}
    _derived(body, key, name(claim.span.source), "prov:Quotation")
    if claim.speaker:
        body["agent"].setdefault(
            name(claim.speaker), {"prov:label": name_of(record, claim.speaker)}
        )
        _link(body, "wasAttributedTo", entity=key, agent=name(claim.speaker))
    for nth, reading in enumerate(claim.readings, 1):
        activity, reader = name(f"{claim.id}/reading/{nth}"), name(f"reader/{reading.who}")
        body["activity"][activity] = {
            "prov:endTime": rfc3339(reading.at),
            "overt:decision": reading.decision,
        }
        body["agent"].setdefault(reader, {"prov:label": reading.who})
        _link(body, "used", activity=activity, entity=key)
        _link(body, "wasAssociatedWith", activity=activity, agent=reader)


def _derived(body: dict[str, dict[str, Any]], made: str, used: str, kind: str = "") -> None:
    extra = {"prov:type": {"$": kind, "type": "prov:QUALIFIED_NAME"}} if kind else {}
    key = f"_:derived{len(body['wasDerivedFrom']) + 1}"
    body["wasDerivedFrom"][key] = {"prov:generatedEntity": made, "prov:usedEntity": used, **extra}


def _link(body: dict[str, dict[str, Any]], kind: str, **ends: str) -> None:
    key = f"_:{kind}{len(body[kind]) + 1}"
    body[kind][key] = {f"prov:{end}": value for end, value in ends.items()}
