"""Proposals from two real articles on one block; they are test input and are not shipped."""

from datetime import date
from pathlib import Path

import pytest

from overt.record.conflicts import conflicts
from overt.record.proposals.proposal import Text
from overt.record.proposals.registry import proposals
from overt.vocabulary.stated import (
    ActKind,
    Claim,
    Demand,
    Forum,
    Polarity,
    Restriction,
    Standing,
    Topic,
)


ARTICLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "articles"
PTA, MINISTRY = "authority:pk-pta", "authority:pk-interior-ministry"
FIA, SHC = "authority:pk-fia", "authority:pk-sindh-high-court"
PUBLISHED = date(2024, 4, 18)
pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(not ARTICLES.is_dir(), reason="../shared/data/articles is not here"),
]


def read(number: int, published: date | None = PUBLISHED) -> list[Claim]:
    text = (ARTICLES / f"article-{number}.txt").read_text("utf-8")
    first, last = {1: ("Social media platform X", "Post a Comment"), 2: ("X banned", "Also Read")}[
        number
    ]
    body = (text.index(first), text.index(last))
    found = proposals(
        Text(
            source=f"source:{number}",
            text=text,
            body=(body,),
            published=published,
            zone="Asia/Karachi",
        )
    )
    for proposal in found:
        span = proposal.claim.span
        assert span.quote == text[span.start : span.end]
    return [p.claim for p in found]


def test_the_directive_of_17_february_to_the_regulator() -> None:
    found = [c for c in read(2) if c.act_kind is ActKind.DIRECTIVE and c.addressee == PTA]

    (directive,) = found
    assert (directive.issuer, directive.demand) == (MINISTRY, Demand.BLOCK)
    assert directive.when is not None and directive.when.earliest == date(2024, 2, 17)


def test_the_agencys_request() -> None:
    found = [c for c in read(2) if c.act_kind is ActKind.REQUEST and c.issuer == FIA]

    (request,) = found
    assert (request.demand, request.standing) == (Demand.REMOVE, Standing.ALLEGES)
    assert request.restriction is Restriction.ACCOUNT_OR_POST
    assert request.speaker == MINISTRY


@pytest.mark.parametrize("number", [1, 2])
def test_the_ministrys_admission_in_court_on_17_april(number: int) -> None:
    found = [
        c
        for c in read(number)
        if c.act_kind is ActKind.ADMISSION and c.forum is Forum.FILING and c.speaker == MINISTRY
    ]

    assert any(c.asserted and c.asserted.earliest == date(2024, 4, 17) for c in found)


def test_the_order_to_withdraw_within_a_week_is_due_on_24_april() -> None:
    (order,) = [c for c in read(2) if c.demand is Demand.WITHDRAW]

    assert (order.issuer, order.addressee) == (SHC, MINISTRY)
    assert order.due is not None
    assert (order.due.earliest, order.due.latest) == (date(2024, 4, 24), date(2024, 4, 24))


def test_without_a_day_of_publication_the_due_date_stays_open() -> None:
    (order,) = [c for c in read(2, None) if c.demand is Demand.WITHDRAW]
    directives = [c for c in read(2, None) if c.act_kind is ActKind.DIRECTIVE]

    assert order.due is None
    assert any(c.when and c.when.earliest == date(2024, 2, 17) for c in directives)


def test_the_adjournment_to_9_may() -> None:
    (adjournment,) = [c for c in read(2) if c.act_kind is ActKind.ADJOURNMENT]

    assert adjournment.issuer == SHC
    assert adjournment.due is not None and adjournment.due.earliest == date(2024, 5, 9)


def test_the_platforms_own_statement_and_its_silence() -> None:
    statement = [c for c in read(2) if c.topic is Topic.REACTION and c.speaker == "authority:x"]
    silence = [c for c in read(1) if c.topic is Topic.REACTION and c.speaker == "authority:x"]

    assert [c.polarity for c in statement] == [Polarity.AFFIRMS]
    assert [c.polarity for c in silence] == [Polarity.DECLINES]


def test_the_ban_and_lifting_of_another_platform_on_a_memorandum() -> None:
    found = {(c.topic, c.act_kind) for c in read(2) if c.platforms == ("tiktok",)}

    assert (Topic.OTHER_MEASURE, ActKind.RESTRICTION) in found
    assert (Topic.ACT, ActKind.LIFTING) in found
    assert (Topic.ACT, ActKind.MEMORANDUM) in found


def test_the_throttling_of_vpns_is_alleged() -> None:
    (vpn,) = [c for c in read(2) if c.restriction is Restriction.SLOWED]

    assert (vpn.topic, vpn.standing) == (Topic.OTHER_MEASURE, Standing.ALLEGES)


def test_the_mobile_service_cut_and_the_twenty_seven_organisations() -> None:
    found = read(2)

    assert any(c.restriction is Restriction.NETWORK_OFF for c in found)
    assert [q.low for c in found for q in c.quantities] == [27]


def test_the_followers_are_the_persons_and_not_the_platforms() -> None:
    (count,) = [c for c in read(1) if c.topic is Topic.COUNT]

    assert count.quantities[0].counts == "followers on X, of Khan"
    assert count.quantities[0].low == 20e6


def test_review_and_rescind_are_shown_as_a_conflict() -> None:
    found = conflicts([*read(1), *read(2)])

    (demand,) = [c for c in found if c.field == "demand"]
    assert [said for said, _ in demand.values] == ["review", "withdraw"]


def test_since_the_election_and_17_february_are_shown_as_a_conflict() -> None:
    found = [c for c in conflicts([*read(1), *read(2)]) if c.field == "when"]

    said = {value for c in found for value, _ in c.values}
    assert {"2024-02-08", "2024-02-17"} <= said
