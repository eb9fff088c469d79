"""FollowTheMoney statements: their documented shape, checked field by field."""

import hashlib
import json
import re
from dataclasses import replace
from typing import Any

from overt.dossier.roof import dossier_of
from overt.publish.ftm import entity_id, lines, schema_of
from overt.reference.platforms import load_platforms
from overt.vocabulary.stated import ActKind, AuthorityKind, Demand
from records import AS_OF, act, claim, deadline, measured, on, record, source


PLATFORMS = load_platforms()
# What followthemoney 4.11 says of the properties that are used here: schema -> property -> type.
SCHEMA = {
    "PublicBody": {"name": "name", "country": "country", "alias": "name"},
    "Organization": {"name": "name", "country": "country", "alias": "name"},
    "LegalEntity": {"name": "name", "country": "country", "alias": "name"},
    "Article": {
        "title": "string", "fileName": "string", "publisher": "string", "sourceUrl": "url",
        "mimeType": "mimetype", "publishedAt": "date", "retrievedAt": "date",
    },
    "CourtCase": {"name": "name", "court": "string", "country": "country"},
    "Event": {
        "name": "name", "country": "country", "startDate": "date", "endDate": "date",
        "organizer": "entity", "involved": "entity", "recordId": "string", "summary": "text",
        "description": "text", "proof": "entity",
    },
}  # fmt: skip
FIELDS = [
    "canonical_id", "entity_id", "prop", "schema", "value", "dataset", "lang", "original_value",
    "first_seen", "last_seen", "external", "origin", "id",
]  # fmt: skip
SHAPES = {
    "date": r"\d{4}-\d\d-\d\d",
    "country": r"[a-z]{2}",
    "url": r"https?://\S+",
    "entity": r"[0-9a-zA-Z]([0-9a-zA-Z.\-]*[0-9a-zA-Z])?",
    "mimetype": r"[a-z]+/[a-z0-9.+\-]+",
}
TOLD = record(
    act(
        "o", ActKind.ORDER, on("2024-04-17"), issuer="authority:shc", demand=Demand.RESTORE,
        addressees=("authority:moi",), claims=("claim:c",), proceeding="proceeding:shc",
        deadlines=(deadline(Demand.RESTORE, on("2024-04-24")),),
    ),
    claim("c", act="act:o"),
    replace(source("a", title="A page", published=on("2024-04-17")), media_type="text/html; x=1"),
)  # fmt: skip


def written() -> list[dict[str, Any]]:
    found = dossier_of(PLATFORMS.find("x"), TOLD, measured(), PLATFORMS, AS_OF)
    return [json.loads(line) for line in lines(found, TOLD)]


def test_a_statement_has_the_fields_and_the_id_of_its_documentation() -> None:
    for row in written():
        key = f"{row['dataset']}.{row['entity_id']}.{row['prop']}.{row['value']}"
        assert list(row) == FIELDS
        assert row["id"] == hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()


def test_every_value_is_of_a_property_of_its_schema_and_of_its_type() -> None:
    for row in written():
        shape = SHAPES.get(SCHEMA[row["schema"]][row["prop"]], r"(?s).+")
        assert re.fullmatch(shape, row["value"]), row


def test_every_entity_that_is_named_is_stated() -> None:
    rows = written()
    entities = {r["entity_id"] for r in rows}
    named = {r["value"] for r in rows if SCHEMA[r["schema"]][r["prop"]] == "entity"}

    assert named <= entities


def test_statements_gathered_by_entity_give_the_act_back() -> None:
    act_id = entity_id("act:o")
    back: dict[str, list[str]] = {}
    for row in written():
        if row["entity_id"] == act_id:
            back.setdefault(row["prop"], []).append(row["value"])

    assert back["recordId"] == ["act:o"]
    assert (back["startDate"], back["endDate"]) == (["2024-04-17"], ["2024-04-17"])
    assert back["organizer"] == [entity_id("authority:shc")]
    assert back["proof"] == [entity_id("source:a")]
    assert "Due by the end of 24 Apr 2024" in back["description"][0]


def test_no_two_ids_become_one() -> None:
    assert entity_id("act:a-b") != entity_id("act:a/b")
    assert len(entity_id("act:" + "x" * 500)) < 100


def test_a_person_before_a_court_is_no_public_body() -> None:
    assert schema_of(AuthorityKind.LITIGANT) == "LegalEntity"
    assert schema_of(AuthorityKind.COURT) == "PublicBody"
