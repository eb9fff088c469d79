"""The proposers there are, in order; an optional back-end is one more entry of this table."""

from collections.abc import Sequence

from overt.errors import UsageError
from overt.record.proposals.gazetteer import described
from overt.record.proposals.proposal import Proposal, Proposer, Text
from overt.record.proposals.reading import propose
from overt.vocabulary.stated import Authority


PROPOSERS: dict[str, Proposer] = {"rules": propose}


def proposals(text: Text, wanted: Sequence[str] = ("rules",)) -> list[Proposal]:
    """Return what the wanted proposers propose; of two with one id the first is kept.

    A proposal whose quote is not exactly its span of the text, that lies outside the body, or that
    was read already is not a proposal and is left out, whichever back-end made it.

    Raises:
        UsageError: when there is no such proposer.
    """
    found: dict[str, Proposal] = {}
    for name in wanted:
        if name not in PROPOSERS:
            raise UsageError(
                f"there is no proposer {name!r}", remedy=f"use one of {', '.join(PROPOSERS)}"
            )
        for proposal in PROPOSERS[name](text):
            if is_sound(proposal, text):
                found.setdefault(proposal.claim.id, proposal)
    return sorted(found.values(), key=lambda p: (p.claim.span.start, p.claim.span.end))


def authorities(found: Sequence[Proposal]) -> dict[str, Authority]:
    """Return the authorities proposals name, by id; one entered with a claim is described here."""
    claims = [p.claim for p in found]
    wanted = {i for c in claims for i in (c.speaker, c.issuer, c.addressee) if i}
    known = {i: described(i) for i in sorted(wanted)}
    return {i: authority for i, authority in known.items() if authority is not None}


def is_sound(proposal: Proposal, text: Text) -> bool:
    """Return whether a proposal quotes the body of the text exactly, and nobody has read it yet."""
    span = proposal.claim.span
    within = any(a <= span.start < span.end <= b for a, b in text.spans())
    exact = span.quote == text.text[span.start : span.end]
    return within and exact and span.source == text.source and not proposal.claim.readings
