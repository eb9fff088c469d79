"""Conflicts: shown with their sources, and a family once."""

from typing import Any

from overt.dossier.conflicts import About, Conflict, conflicts_of
from overt.dossier.witnesses import known_by, resting_on
from overt.vocabulary.stated import (
    ActKind,
    Claim,
    Demand,
    Polarity,
    Quantity,
    Record,
    Standing,
    Topic,
)
from records import act, at, claim, on, record, source


def found_in(told: Record) -> list[Conflict]:
    return conflicts_of(told, "PK", "x", "X")


def count(name: str, n: float, high: float | None = None, **kw: Any) -> Claim:
    number = Quantity(low=n, high=high or n, unit="organisations", counts="signatories")
    return claim(name, topic=Topic.COUNT, quantities=(number,), restriction=None, **kw)


def test_27_or_28_signatories_is_a_conflict_with_its_sources() -> None:
    told = record(
        count("a", 27, source="a"),
        count("b", 28, source="b"),
        count("c", 28, source="c"),
        source("b", "family:wire"),
        source("c", "family:wire"),
    )

    [conflict] = found_in(told)

    assert conflict.about is About.COUNT
    assert [(s.value, len(s.sources), len(s.families)) for s in conflict.sides] == [
        ("27 organisations", 1, 1),
        ("28 organisations", 2, 1),
    ]
    assert "told by 2 sources, 1 independent family" in conflict.sentence


def test_intervals_that_share_a_number_do_not_conflict() -> None:
    assert found_in(record(count("a", 27), count("b", 25, 30))) == []


def test_numbers_of_different_things_do_not_conflict() -> None:
    other = Quantity(low=5, high=5, unit="petitions", counts="petitions heard")

    told = record(count("a", 27), claim("b", topic=Topic.COUNT, quantities=(other,)))

    assert found_in(told) == []


def test_17_or_18_february_is_a_conflict_of_days_as_given() -> None:
    onset: dict[str, Any] = {"act_kind": ActKind.RESTRICTION}
    told = record(
        claim("a", when=on("2024-02-17", zone="UTC"), **onset),
        claim("b", when=on("2024-02-18"), **onset),
        claim("c", when=on(None, "2024-02-07"), **onset),
        claim("earlier", when=on("2023-05-09"), **onset),
    )

    [conflict] = found_in(told)

    assert conflict.about is About.ONSET
    assert [s.value for s in conflict.sides] == [
        "on or before 7 Feb 2024",
        "17 Feb 2024",
        "18 Feb 2024",
    ]


def test_review_and_withdraw_are_a_conflict_on_one_order() -> None:
    order = act("o", ActKind.ORDER, on("2024-04-17"), issuer="authority:shc")
    given: dict[str, Any] = {"topic": Topic.ACT, "act": "act:o", "act_kind": ActKind.ORDER}
    told = record(
        order,
        claim("a", demand=Demand.REVIEW, **given),
        claim("b", demand=Demand.WITHDRAW, **given),
    )

    [conflict] = found_in(told)

    assert conflict.about is About.DEMAND
    assert "the order of Sindh High Court on 17 Apr 2024" in conflict.sentence


def test_withdrawn_or_not_is_a_conflict_on_one_letter() -> None:
    letter = act("l", ActKind.DIRECTIVE, on("2024-02-17"))
    given: dict[str, Any] = {"topic": Topic.ACT, "act": "act:l", "act_kind": ActKind.LIFTING}
    told = record(letter, claim("a", **given), claim("b", polarity=Polarity.DENIES, **given))

    assert [c.about for c in found_in(told)] == [About.DEED]


def test_operational_against_blocked_on_the_same_day_is_a_conflict() -> None:
    told = record(
        claim("a", polarity=Polarity.DENIES, when=on("2024-03-28")),
        claim("b", when=on("2024-03-01", "2024-04-01"), standing=Standing.ALLEGES),
        claim("c", when=on("2024-05-01")),
    )

    [conflict] = found_in(told)

    assert conflict.about is About.STATE
    assert {c for s in conflict.sides for c in s.claims} == {"claim:a", "claim:b"}


def test_blocked_since_reaches_to_the_day_it_was_said() -> None:
    told = record(
        claim("a", polarity=Polarity.DENIES, when=on("2024-03-13")),
        claim("b", when=on("2024-02-17", None, said="since"), asserted=on("2024-03-20")),
        claim("c", when=on("2024-02-17", None, said="since"), asserted=on("2024-03-01")),
    )

    [conflict] = found_in(told)

    assert {c for s in conflict.sides for c in s.claims} == {"claim:a", "claim:b"}


def test_a_corrected_claim_conflicts_with_nothing() -> None:
    assert found_in(record(count("a", 27), count("b", 28, supersedes="claim:a"))) == []


def test_sources_without_a_family_are_one_each() -> None:
    told = record(claim("a", source="a"), claim("b", source="b"), source("b"))

    assert len(resting_on(told.claims.values(), told).families) == 2


def test_the_record_as_of_an_instant_has_nothing_said_after_it() -> None:
    told = record(
        claim("early", asserted=on("2024-03-13")),
        claim("late", asserted=on("2024-03-20")),
        claim("undated"),
        act("a", ActKind.ADMISSION, on("2024-03-20"), claims=("claim:late",)),
    )
    cut = known_by(told, at(3, 15))

    assert sorted(cut.claims) == ["claim:early", "claim:undated"]
    assert cut.acts == {}


def test_reports_of_one_order_that_nobody_entered_are_set_side_by_side() -> None:
    given: dict[str, Any] = {"topic": Topic.ACT, "act_kind": ActKind.ORDER}
    told = record(
        claim("a", demand=Demand.REVIEW, **given),
        claim("b", demand=Demand.WITHDRAW, issuer="authority:shc", source="b", **given),
    )

    [conflict] = found_in(told)

    assert conflict.about is About.DEMAND
    assert {side.value for side in conflict.sides} == {"review", "withdraw"}
    assert "an order of Sindh High Court demands, as it is reported" in conflict.sentence


def test_two_orders_of_two_courts_are_no_conflict() -> None:
    given: dict[str, Any] = {"topic": Topic.ACT, "act_kind": ActKind.ORDER}
    told = record(
        claim("a", demand=Demand.REVIEW, issuer="authority:ihc", **given),
        claim("b", demand=Demand.WITHDRAW, issuer="authority:shc", source="b", **given),
    )

    assert found_in(told) == []
