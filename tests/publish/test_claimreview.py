"""ClaimReview: words for a rating, no number, and the claim as it was made."""

import json

from overt.dossier.roof import dossier_of
from overt.publish.claimreview import graph
from overt.reference.platforms import load_platforms
from overt.vocabulary.stated import Polarity
from records import AS_OF, claim, measured, on, record, source


PLATFORMS = load_platforms()
TOLD = record(
    claim("c", polarity=Polarity.DENIES, asserted=on("2024-03-16")),
    claim("d", speaker="", source="b", polarity=Polarity.DENIES, when=on("2024-03-28")),
    source("b", url=""),
)
DOSSIER = dossier_of(PLATFORMS.find("x"), TOLD, measured(), PLATFORMS, AS_OF)


def test_each_checked_claim_is_reviewed_in_words() -> None:
    found = graph(DOSSIER, TOLD)
    first, second = found["@graph"]

    assert found["@context"] == "https://schema.org"
    assert first["reviewRating"] == {"@type": "Rating", "alternateName": "contradicted by"}
    assert first["itemReviewed"]["author"]["name"] == "Interior Ministry"
    assert first["itemReviewed"]["datePublished"] == "2024-03-16"
    assert first["itemReviewed"]["appearance"]["url"] == "https://a.example/a"
    assert first["reviewBody"] == DOSSIER.checks[0].sentence
    assert not {"author", "appearance"} & set(second["itemReviewed"])


def test_a_review_can_be_read_back_to_its_claim_and_finding() -> None:
    read = json.loads(json.dumps(graph(DOSSIER, TOLD)))
    back = {
        r["itemReviewed"]["identifier"]: r["reviewRating"]["alternateName"] for r in read["@graph"]
    }

    assert back == {c.claim: str(c.finding) for c in DOSSIER.checks}
