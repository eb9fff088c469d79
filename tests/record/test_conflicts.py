from dataclasses import replace
from datetime import date

from overt.record.conflicts import conflicts
from overt.vocabulary.stated import (
    ActKind,
    Claim,
    Demand,
    Forum,
    Polarity,
    Quantity,
    Span,
    Standing,
    Topic,
    When,
)


def claim(n: int, **fields: object) -> Claim:
    made = Claim(
        id=f"claim:{n}",
        span=Span(source=f"source:{n}", start=0, end=1, quote="q"),
        speaker="",
        role="",
        forum=Forum.PRESS,
        polarity=Polarity.AFFIRMS,
        standing=Standing.REPORTS,
        topic=Topic.RESTRICTION,
        cc="PK",
        platforms=("x",),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def order(n: int, demand: Demand, issuer: str = "") -> Claim:
    return claim(n, topic=Topic.ACT, act_kind=ActKind.ORDER, demand=demand, issuer=issuer)


def on(day: date) -> When:
    return When(earliest=day, latest=day)


def test_two_words_for_one_order_are_a_conflict_with_both_claims() -> None:
    (found,) = conflicts(
        [order(1, Demand.REVIEW), order(2, Demand.WITHDRAW, "authority:pk-sindh-high-court")]
    )

    assert found.field == "demand"
    assert found.values == (("review", ("claim:1",)), ("withdraw", ("claim:2",)))


def test_orders_of_two_courts_or_of_one_report_are_two_orders() -> None:
    of_one = order(2, Demand.WITHDRAW)
    of_one = replace(of_one, span=replace(of_one.span, source="source:1"))

    assert conflicts([order(1, Demand.REVIEW, "a"), order(2, Demand.WITHDRAW, "b")]) == []
    assert conflicts([order(1, Demand.REVIEW), of_one]) == []


def test_an_order_to_answer_does_not_contradict_one_to_withdraw() -> None:
    assert conflicts([order(1, Demand.REPORT), order(2, Demand.WITHDRAW)]) == []


def test_twenty_seven_and_twenty_eight_signers_are_a_conflict() -> None:
    organisations = Quantity(low=27, high=27, unit="organisations", counts="groups")
    signatories = Quantity(low=28, high=28, unit="organisations", counts="signatories")

    (found,) = conflicts(
        [
            claim(1, topic=Topic.COUNT, quantities=(organisations,)),
            claim(2, topic=Topic.COUNT, quantities=(signatories,)),
        ]
    )

    assert found.field == "quantity"


def test_numbers_of_other_things_or_that_overlap_are_none() -> None:
    users = Quantity(low=27, high=27, unit="people", counts="users of X")
    more = Quantity(low=20, high=40, unit="people", counts="users of X")
    followers = Quantity(low=99, high=99, unit="accounts", counts="followers on X")
    made = [claim(i, quantities=(q,)) for i, q in enumerate((users, more, followers))]

    assert conflicts(made) == []


def test_before_the_election_and_seventeenth_of_february_are_a_conflict() -> None:
    before = When(earliest=None, latest=date(2024, 2, 7))

    (found,) = conflicts([claim(1, when=before), claim(2, when=on(date(2024, 2, 17)))])

    assert found.field == "when"
    assert [v for v, _ in found.values] == ["2024-02-17", "…/2024-02-07"]


def test_dates_that_may_be_one_day_or_two_years_apart_are_none() -> None:
    wide = When(earliest=date(2024, 2, 11), latest=date(2024, 2, 20))
    later = on(date(2026, 2, 17))

    assert conflicts([claim(1, when=wide), claim(2, when=on(date(2024, 2, 17)))]) == []
    assert conflicts([claim(1, when=wide), claim(2, when=later)]) == []


def test_a_denial_is_opposed_to_what_it_denies() -> None:
    (found,) = conflicts([claim(1), claim(2, polarity=Polarity.DENIES)])

    assert found.field == "polarity"


def test_another_country_or_platform_contradicts_nothing() -> None:
    denial = claim(2, polarity=Polarity.DENIES)

    assert conflicts([claim(1), replace(denial, cc="KE")]) == []
    assert conflicts([claim(1), replace(denial, platforms=("tiktok",))]) == []


def test_a_correction_does_not_contradict_what_it_corrects() -> None:
    assert conflicts([claim(1), claim(2, polarity=Polarity.DENIES, supersedes="claim:1")]) == []


def test_any_order_of_claims_gives_the_same_conflicts() -> None:
    made = [order(1, Demand.REVIEW), order(2, Demand.WITHDRAW), order(3, Demand.RESTORE)]

    assert conflicts(made) == conflicts(made[::-1])
