"""What stands around a restriction: precedents, and measures beside it."""

from overt.dossier.context import kinds, other_measures, precedents
from overt.dossier.measured import Measured
from overt.dossier.spans import Window
from overt.reference.platforms import load_platforms
from overt.vocabulary.stated import ActKind, Demand, Polarity, Restriction, Standing, Topic
from records import act, at, claim, measured, on, record, stretch


PLATFORMS = load_platforms()
TIKTOK = ("tiktok",)


def test_an_order_to_block_its_execution_and_its_lifting_are_one_precedent() -> None:
    told = record(
        act("a", ActKind.ORDER, on("2021-06-28"), platforms=TIKTOK, demand=Demand.BLOCK),
        act("b", ActKind.RESTRICTION, on("2021-06-30"), issuer="authority:pta", platforms=TIKTOK),
        act("c", ActKind.LIFTING, on("2021-07-02"), issuer="authority:shc",
            platforms=TIKTOK, reason="on an assurance"),
        act("d", ActKind.RESTRICTION, on("2021-07-20"), issuer="authority:pta", platforms=TIKTOK),
    )  # fmt: skip

    found = precedents(told, measured(), (), PLATFORMS)

    assert [b.acts for b in found] == [("act:a", "act:b", "act:c"), ("act:d",)]
    assert "lifted on 2 Jul 2021 by Sindh High Court, on an assurance" in found[0].sentence
    assert "how it was lifted is not on record" in found[1].sentence
    assert found[0].platform == "tiktok"


def test_what_came_with_or_after_the_restriction_is_no_precedent() -> None:
    told = record(
        act("now", ActKind.DIRECTIVE, on("2024-02-17"), demand=Demand.BLOCK),
        act("later", ActKind.RESTRICTION, on("2024-08-01"), platforms=TIKTOK),
    )

    assert precedents(told, measured(), (stretch(),), PLATFORMS) == []


def test_a_published_restriction_before_is_a_precedent_by_name() -> None:
    before = stretch(
        id="0",
        platform="youtube",
        onset=Window(start=at(5, 9, year=2023), end=at(5, 10, year=2023)),
        ending=Window(start=at(5, 17, year=2023), end=at(5, 18, year=2023)),
    )

    [found] = precedents(record(), measured(), (before,), PLATFORMS)

    assert (
        found.sentence
        == "YouTube: the published incident (OONI) 0, from 9 May 2023 to 17 May 2023."
    )


def test_a_claim_of_an_earlier_ban_lifted_on_a_memorandum_is_a_precedent() -> None:
    told = claim("c", topic=Topic.ACT, act_kind=ActKind.LIFTING, platforms=TIKTOK)

    assert [b.claims for b in precedents(record(told), measured(), (), PLATFORMS)] == [("claim:c",)]


def test_a_network_switched_off_the_week_before_is_linked_and_one_of_another_year_is_not() -> None:
    off = {"topic": Topic.OTHER_MEASURE, "restriction": Restriction.NETWORK_OFF, "platforms": ()}
    told = record(
        claim("election", when=on("2024-02-08"), **off),
        claim("long ago", when=on("2019-02-08"), **off),
        claim("vpn", standing=Standing.ALLEGES, **{**off, "restriction": Restriction.SLOWED}),
        claim("silent", polarity=Polarity.DECLINES, when=on("2024-02-08"), **off),
    )

    found = other_measures(told, measured())

    assert [b.claims for b in found] == [("claim:election",), ("claim:vpn",)]
    assert "(alleged)" in found[1].sentence


def test_restriction_types_are_told_with_their_sources_beside_what_is_measured() -> None:
    told = record(
        claim("a"),
        claim("b", restriction=Restriction.ACCOUNT_OR_POST),
        claim("c", restriction=Restriction.SLOWED, polarity=Polarity.DENIES),
    )

    found, sentence = kinds(told, measured())

    assert [k.restriction for k in found] == [Restriction.SERVICE, Restriction.ACCOUNT_OR_POST]
    assert "what is measured is the service as a whole (1 incident)" in sentence
    assert "nothing is measured" in kinds(told, Measured(platform="x", cc="PK"))[1]
