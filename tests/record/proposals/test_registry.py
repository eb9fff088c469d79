from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.errors import UsageError
from overt.record.proposals import registry
from overt.record.proposals.gazetteer import described
from overt.record.proposals.proposal import MAX_READ, Proposal, Reason, Text, claim_id
from overt.record.proposals.registry import authorities, proposals
from overt.vocabulary.stated import AuthorityKind, Reading


WORDS = [
    *("X", "Twitter", "Telegram", "was", "blocked", "in", "Pakistan", "Kenya", "the", "ministry"),
    *("said", "that", "court", "ordered", "to", "withdraw", "within", "a", "week", "on", "PTA"),
    *("Wednesday", "17", "April", "2024", "not", "denied", "ban", "lifted", ",", ".", "\n\n"),
    *("\u201c", "\u201d", '"', "'", "(", ")", "20", "million", "followers", "it", "they"),
    *("\ue000C0", "\U0001f600", "\u202e", "users", "reported"),
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=120).map(" ".join)


def text_of(text: str, body: tuple[tuple[int, int], ...] | None = None) -> Text:
    return Text(
        source="source:0123456789abcdef",
        text=text,
        body=((0, len(text)),) if body is None else body,
        published=date(2024, 4, 18),
        zone="Asia/Karachi",
    )


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(0, 60), st.integers(0, 600))
def test_every_quote_is_its_span_of_the_body(text: str, first: int, last: int) -> None:
    body = ((first, last), (last + 5, len(text)))

    for proposal in proposals(text_of(text, body)):
        span = proposal.claim.span
        assert span.quote == text[span.start : span.end]
        assert any(a <= span.start < span.end <= b for a, b in body)
        assert proposal.claim.readings == ()
        assert proposal.why


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_the_same_text_gives_the_same_proposals(text: str) -> None:
    assert proposals(text_of(text)) == proposals(text_of(text))


def test_an_id_follows_from_source_span_and_kind() -> None:
    span = text_of("X was blocked.").span(0, 14)

    assert claim_id(span, "a") == claim_id(span, "a")
    assert claim_id(span, "a") != claim_id(span, "b")
    assert claim_id(span, "a") != claim_id(replace(span, source="source:other"), "a")


def test_ids_of_one_text_differ() -> None:
    text = "X, once Twitter, was blocked in Pakistan over national security.\n\nX was restored."

    ids = [p.claim.id for p in proposals(text_of(text))]

    assert len(ids) == len(set(ids)) >= 2


def test_what_another_proposer_misquotes_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    text = text_of("X, formerly Twitter, was blocked in Pakistan.")
    (good,) = proposals(text)
    read = Reading(who="A", at=datetime(2024, 4, 19, tzinfo=UTC), decision="accepted")
    span = good.claim.span

    def careless(_: Text) -> Sequence[Proposal]:
        bad = (
            replace(good.claim, id="claim:1", span=replace(span, quote="Y")),
            replace(good.claim, id="claim:2", span=replace(span, source="source:other")),
            replace(good.claim, id="claim:3", span=replace(span, end=9999)),
            replace(good.claim, id="claim:4", readings=(read,)),
        )
        return [good, *[replace(good, claim=c) for c in bad]]

    monkeypatch.setitem(registry.PROPOSERS, "careless", careless)

    assert proposals(text, ("careless",)) == [good]


def test_an_unknown_proposer_is_refused() -> None:
    with pytest.raises(UsageError):
        proposals(text_of("X"), ("oracle",))


def test_nothing_beyond_the_bound_is_read_and_that_is_known() -> None:
    long = text_of("a " * MAX_READ)

    assert long.is_cut
    assert sum(b - a for a, b in long.spans()) == MAX_READ
    assert not text_of("a").is_cut


def test_bodies_out_of_order_or_overlapping_are_read_once() -> None:
    text = text_of("X, formerly Twitter, was blocked.", ((5, 33), (0, 10), (40, 90)))

    assert text.spans() == ((0, 10), (10, 33))


def test_every_authority_a_proposal_names_is_described() -> None:
    text = text_of(
        "Pakistan's government said X, formerly Twitter, was blocked. The Sindh High Court ordered"
        " the transport minister to restore X.\n\n"
        "The Quetta High Court ordered the PTA to restore X."
        "\n\nX did not respond to a request for comment."
    )
    found = proposals(text)
    named = {i for p in found for i in (p.claim.speaker, p.claim.issuer, p.claim.addressee) if i}

    described = authorities(found)

    assert set(described) == named
    assert len(named) >= 5
    assert described["authority:pk-government"].name == "Government (Pakistan)"
    assert described["authority:pk-quetta-high-court"].kind is AuthorityKind.COURT
    assert described["authority:x"].kind is AuthorityKind.PLATFORM


def test_an_id_no_proposal_has_is_not_described() -> None:
    odd = ("authority:pk-nonsense", "pk-government", "authority:zz", "authority:qq-government")

    assert [described(i) for i in odd] == [None] * 4


def test_a_reason_reads_as_a_line() -> None:
    assert str(Reason(field="when", rule="full-date", words="17 May 2024")) == (
        "when: full-date \u201c17 May 2024\u201d"
    )
