"""PROV-JSON: another implementation reads it and writes the same statements back."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from prov.model import ProvDocument

from overt.dossier.roof import dossier_of
from overt.publish.prov import document, name
from overt.reference.platforms import load_platforms
from overt.vocabulary.stated import Polarity, Reading
from records import AS_OF, claim, measured, on, record, source


PLATFORMS = load_platforms()
READ = Reading(who="A. Reader (desk 1)", at=datetime(2024, 6, 2, tzinfo=UTC), decision="accepted")
TOLD = record(
    replace(
        claim("c", polarity=Polarity.DENIES, asserted=on("2024-03-16"), quote='say "no"'),
        readings=(READ,),
    ),
    source("a", title="A title, with (marks)"),
)
BODY = document(dossier_of(PLATFORMS.find("x"), TOLD, measured(), PLATFORMS, AS_OF), TOLD)


def test_the_prov_library_reads_it_and_writes_equal_provenance() -> None:
    read = ProvDocument.deserialize(content=json.dumps(BODY), format="json")
    again = ProvDocument.deserialize(content=read.serialize(format="json"), format="json")

    assert read == again
    assert len(list(read.get_records())) == sum(
        len(rows) for kind, rows in BODY.items() if kind != "prefix"
    )


def test_a_finding_walks_back_to_the_source_the_incident_and_the_reader() -> None:
    derived = {
        (d["prov:generatedEntity"], d["prov:usedEntity"]) for d in BODY["wasDerivedFrom"].values()
    }
    [finding] = [k for k in BODY["entity"] if "/finding/" in k]

    assert (finding, name("claim:c")) in derived
    assert (finding, name("published-incident/1")) in derived
    assert (name("claim:c"), name("source:a")) in derived
    assert BODY["entity"][name("source:a")]["overt:sha256"] == "a".ljust(64, "0")
    assert name("reader/A. Reader (desk 1)") in BODY["agent"]


def test_every_end_of_a_link_is_there() -> None:
    known = set(BODY["entity"]) | set(BODY["activity"]) | set(BODY["agent"])
    links = ("wasDerivedFrom", "wasAttributedTo", "wasGeneratedBy", "wasAssociatedWith", "used")
    ends = {
        value
        for kind in links
        for row in BODY[kind].values()
        for key, value in row.items()
        if key != "prov:type"
    }

    assert ends <= known


@given(
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.text(st.characters(codec="utf-8"), max_size=30),
)
def test_two_ids_never_share_a_name(one: str, other: str) -> None:
    assert (name(one) == name(other)) == (one == other)
