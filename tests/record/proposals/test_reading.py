import time
from datetime import date

import pytest

from overt.record.proposals.proposal import Text
from overt.record.proposals.registry import proposals
from overt.vocabulary.stated import ActKind, Claim, Demand, Forum, Polarity, Standing, Topic
from record.proposals.scored_corpus import scores


CONTEXT = "The social network X, formerly Twitter, was blocked in Pakistan."


def claims(text: str, published: date | None = date(2024, 4, 18)) -> list[Claim]:
    """Return the claims proposed from a text that stands after a sentence about a block."""
    whole = f"{CONTEXT}\n\n{text}"
    found = proposals(
        Text(
            source="source:t",
            text=whole,
            body=((0, len(whole)),),
            published=published,
            zone="Asia/Karachi",
        )
    )
    return [p.claim for p in found if p.claim.span.start > len(CONTEXT)]


def one(text: str, topic: Topic = Topic.ACT) -> Claim:
    (claim,) = [c for c in claims(text) if c.topic is topic]
    return claim


def test_the_corpus_is_read_with_fewer_than_one_in_ten_wrong() -> None:
    done = list(scores())
    proposed = sum(s.n_proposed for s in done)
    wrong = [w for s in done for w in s.wrong]
    missed = [m for s in done for m in s.missed]

    assert len(done) >= 12 and proposed > 60
    assert len(wrong) * 10 < proposed, wrong
    assert len(missed) * 10 < 2 * sum(s.n_expected for s in done), missed


def test_followers_on_x_are_a_persons_and_users_of_x_are_its_own() -> None:
    his = one("Khan is in jail. He has 20 million followers on X.", Topic.COUNT)
    its = one("X has 20 million users in Pakistan.", Topic.COUNT)

    assert his.quantities[0].counts == "followers on X, of him"
    assert its.quantities[0].counts == "users of X"


def test_an_order_to_review_is_not_one_to_withdraw() -> None:
    review = one("The Sindh High Court ordered the government to review the ban on X.")
    withdraw = one("The Sindh High Court ordered the government to rescind its letter on X.")

    assert (review.demand, withdraw.demand) == (Demand.REVIEW, Demand.WITHDRAW)


@pytest.mark.parametrize(
    ("text", "polarity", "act"),
    [
        ("The interior ministry said X was blocked.", Polarity.AFFIRMS, ActKind.ADMISSION),
        ("The interior ministry denied that X was blocked.", Polarity.DENIES, ActKind.DENIAL),
        ("The interior ministry said X was not blocked.", Polarity.DENIES, ActKind.DENIAL),
        ("The interior ministry said there was no ban on X.", Polarity.DENIES, ActKind.DENIAL),
        ("The government had not officially acknowledged the ban.", Polarity.DECLINES, None),
        ("The telecom regulator declined to comment.", Polarity.DECLINES, None),
    ],
)
def test_affirming_denying_and_declining_differ(
    text: str, polarity: Polarity, act: ActKind | None
) -> None:
    claim = one(text, Topic.RESTRICTION)

    assert (claim.polarity, claim.act_kind) == (polarity, act)


@pytest.mark.parametrize(
    "text",
    [
        "Will X be blocked in Pakistan?",
        "X could be blocked in Pakistan.",
        "If X is blocked in Pakistan, users will leave.",
        "The government plans to block X.",
        "A minister blocked a critic on X.",
        "Malcolm X was banned from speaking in Pakistan.",
        "Article X was suspended in Pakistan.",
        "The petitioner asked the court to order the government to restore X.",
        "Accounts on X were suspended.",
        "It is not clear whether X was blocked.",
    ],
)
def test_what_is_supposed_asked_or_of_another_matter_is_not_proposed(text: str) -> None:
    assert [c for c in claims(text) if c.topic in {Topic.RESTRICTION, Topic.ACT}] == []


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("A court in Pakistan ruled that X was blocked.", Standing.FINDS),
        ("The interior ministry said that X was blocked.", Standing.STATES),
        ("The petitioner alleged that X was blocked.", Standing.ALLEGES),
        ("X was blocked in Lahore.", Standing.REPORTS),
        ("Reuters reported that X was blocked.", Standing.REPORTS),
    ],
)
def test_a_finding_a_statement_an_allegation_and_a_report_differ(
    text: str, standing: Standing
) -> None:
    assert one(text, Topic.RESTRICTION).standing is standing


def test_of_speech_in_speech_the_inner_speaker_is_named() -> None:
    claim = one(
        "Reuters reported that the interior ministry said X was blocked.", Topic.RESTRICTION
    )

    assert claim.speaker == "authority:pk-interior-ministry"


def test_the_day_of_saying_is_not_the_day_of_the_block() -> None:
    claim = one(
        "The interior ministry said on Wednesday that X was blocked on February 17.",
        Topic.RESTRICTION,
    )

    assert claim.asserted is not None and claim.asserted.earliest == date(2024, 4, 17)
    assert claim.when is not None and claim.when.earliest == date(2024, 2, 17)


def test_a_day_named_at_the_head_of_the_sentence_is_that_of_saying() -> None:
    claim = one(
        "On Wednesday, the interior ministry told the Islamabad High Court that X was blocked.",
        Topic.RESTRICTION,
    )

    assert claim.asserted is not None and claim.asserted.earliest == date(2024, 4, 17)
    assert claim.when is None
    assert claim.forum is Forum.HEARING


def test_the_date_of_a_letter_is_not_the_date_of_the_order_on_it() -> None:
    claim = one("The Sindh High Court ordered the ministry to withdraw its letter of February 17.")

    assert claim.demand is Demand.WITHDRAW
    assert claim.when is None


def test_an_undated_order_of_an_unknown_day_has_an_open_deadline() -> None:
    (claim,) = [
        c
        for c in claims("The Sindh High Court ordered the government to restore X in a week.", None)
        if c.topic is Topic.ACT
    ] or claims("The Sindh High Court ordered the government to restore X within a week.", None)

    assert claim.due is None or claim.due.earliest is None


def test_a_private_person_is_named_by_role_alone() -> None:
    claim = one(
        "X was shut in Lahore, said Jane Doe. Advocate Jane Doe alleged that X was blocked.",
        Topic.RESTRICTION,
    )

    assert claim.speaker == ""
    assert "Doe" not in claim.role


def test_x_in_a_text_on_other_things_is_a_letter() -> None:
    text = (
        "Solve for X. X banned Y from Z in 2021. The High Court ordered the ministry to review it."
    )
    found = proposals(
        Text(source="source:t", text=text, body=((0, len(text)),), published=date(2024, 4, 18))
    )

    assert found == []


@pytest.mark.parametrize(
    "hostile",
    [
        "X " * 500_000,
        "\u201c" * 1_000_000,
        "." * 1_000_000,
        "1," * 500_000,
        "Aa Bb " * 166_000,
        "(" * 1_000_000,
        "the ministry said X was blocked in Pakistan on Wednesday " * 17_000,
        "the ministry , " * 66_000,
        "\ue000C0 " * 250_000,
        "A." * 500_000,
        "over " + " " * 1_000_000,
        "within a " * 110_000,
    ],
    ids=lambda t: repr(t[:12]),
)
def test_a_megabyte_of_hostile_text_is_read_in_five_seconds(hostile: str) -> None:
    claims("warm")  # the rules are loaded once
    begun = time.process_time()

    claims(hostile)

    assert time.process_time() - begun < 5
