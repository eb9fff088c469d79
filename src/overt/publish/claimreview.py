"""Checked claims as schema.org ClaimReview, JSON-LD, one review for each checked claim.

ClaimReview rates claims on a scale from worst to best. What is found here is how a claim stands to
measurements, so that the rating is in words (`alternateName`) without a number: no claim is called
true or false. Source: https://schema.org/ClaimReview.
"""

from typing import Any

from overt.dossier.checks import Checked
from overt.dossier.roof import Dossier
from overt.dossier.rulings import quoted
from overt.dossier.witnesses import name_of
from overt.vocabulary.instants import rfc3339
from overt.vocabulary.stated import Claim, Record, When


def graph(dossier: Dossier, record: Record) -> dict[str, Any]:
    """Return every checked claim of a dossier as one JSON-LD graph."""
    return {
        "@context": "https://schema.org",
        "@graph": [
            _review(checked, record.claims[checked.claim], dossier, record)
            for checked in dossier.checks
            if checked.claim in record.claims
        ],
    }


def _review(checked: Checked, claim: Claim, dossier: Dossier, record: Record) -> dict[str, Any]:
    source = record.sources.get(claim.span.source)
    reviewed: dict[str, Any] = {"@type": "Claim", "identifier": claim.id}
    if claim.asserted is not None:
        reviewed |= _published(claim.asserted)
    if claim.speaker:
        reviewed["author"] = {
            "@type": "Organization",
            "identifier": claim.speaker,
            "name": name_of(record, claim.speaker),
        }
    if source is not None and source.url:
        reviewed["appearance"] = {"@type": "CreativeWork", "url": source.url}
        if source.outlet:
            publisher = {"@type": "Organization", "name": source.outlet}
            reviewed["appearance"]["publisher"] = publisher
    return {
        "@type": "ClaimReview",
        "identifier": f"{claim.id}#{dossier.cc}-{dossier.platform}",
        "datePublished": rfc3339(dossier.as_of),
        "author": {"@type": "Organization", "name": "Overt"},
        "claimReviewed": quoted(claim.span.quote),
        "itemReviewed": reviewed,
        "reviewRating": {"@type": "Rating", "alternateName": str(checked.finding)},
        "reviewBody": checked.sentence,
    }


def _published(when: When) -> dict[str, str]:
    """Return the date a claim was made on; none where it is known only as a span of days."""
    if when.at is not None:
        return {"datePublished": rfc3339(when.at)}
    if when.earliest is not None and when.earliest == when.latest:
        return {"datePublished": when.earliest.isoformat()}
    return {}
