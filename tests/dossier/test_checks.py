"""Claims against measurements: never more than the evidence, and never "false"."""

from datetime import timedelta
from typing import Any

import pytest

from dossier.test_accounts import INCIDENT
from overt.dossier.checks import Aspect, Checked, check_claims
from overt.dossier.measured import Fact, Measured, Seen, of_incident
from overt.dossier.rulings import Finding
from overt.dossier.spans import Window
from overt.vocabulary.stated import ActKind, Polarity, Quantity, Restriction, Topic
from records import AS_OF, at, claim, measured, on, record, source, stretch


CONTRADICTED, CONSISTENT, UNTESTABLE = Finding


def check(side: Measured | None = None, **kw: Any) -> Checked:
    found = check_claims(record(claim("c", **kw)), side or measured())

    assert len(found) == 1
    return found[0]


DENIES: dict[str, Any] = {"polarity": Polarity.DENIES}
ONSET: dict[str, Any] = {"act_kind": ActKind.RESTRICTION}
LIFTED: dict[str, Any] = {"act_kind": ActKind.LIFTING}


@pytest.mark.parametrize(
    ("given", "finding"),
    [
        ({**DENIES, "asserted": on("2024-03-16")}, CONTRADICTED),
        ({**DENIES, "when": on("2024-03-28")}, CONTRADICTED),
        ({**DENIES, "asserted": on("2024-02-10")}, UNTESTABLE),
        ({**DENIES, "asserted": on("2024-02-17")}, UNTESTABLE),
        ({**DENIES, "asserted": on("2025-06-10")}, UNTESTABLE),
        ({**DENIES, "when": on(None, "2024-03-28"), "asserted": on("2024-03-28")}, CONTRADICTED),
        ({**DENIES}, UNTESTABLE),
        ({"when": on("2024-03-16")}, CONSISTENT),
        ({"when": on("2024-02-16", "2024-02-20")}, CONSISTENT),
        ({**ONSET, "when": on("2024-02-17")}, CONSISTENT),
        ({**ONSET, "when": on("2024-02-18")}, CONSISTENT),
        ({**ONSET, "when": on("2024-02-19")}, CONTRADICTED),
        ({**ONSET, "when": on("2024-02-08")}, CONTRADICTED),
        ({**ONSET, "when": on("2024-02-10", "2024-02-20")}, CONSISTENT),
        ({**ONSET, "when": on(None, "2024-02-07")}, CONTRADICTED),
        ({"when": on(None, "2024-02-07")}, CONTRADICTED),
        ({"when": on("2024-02-08", None, said="since the election")}, CONTRADICTED),
        ({"when": on("2024-02-08", None, said="after the election")}, CONSISTENT),
        ({**ONSET, "when": on("2022-01-01")}, UNTESTABLE),
        ({**ONSET, "when": on("2024-08-01")}, UNTESTABLE),
        ({**LIFTED, "when": on("2025-05-06")}, CONSISTENT),
        ({**LIFTED, "when": on("2025-05-20")}, CONTRADICTED),
        ({**LIFTED, "when": on("2024-02-19")}, UNTESTABLE),
        ({**DENIES, "restriction": Restriction.ACCOUNT_OR_POST}, UNTESTABLE),
        ({**DENIES, **LIFTED, "when": on("2024-03-16")}, CONSISTENT),
        ({"polarity": Polarity.DECLINES, "asserted": on("2024-03-16")}, UNTESTABLE),
        ({**DENIES, "topic": Topic.ACT, "asserted": on("2024-03-16")}, UNTESTABLE),
    ],
)
def test_a_claim_stands_to_a_published_incident_as_its_days_allow(
    given: dict[str, Any], finding: Finding
) -> None:
    assert check(**given).finding is finding


def test_a_page_that_puts_the_block_before_the_election_is_contradicted_and_not_called_false() -> (
    None
):
    found = check(**ONSET, when=on(None, "2024-02-07"))

    assert (
        "contradicted by the published incident (OONI) 1 as known at 9 Jul 2025" in found.sentence
    )
    assert "at least 9 days before it" in found.sentence
    assert "another restriction of the same platform at the time claimed is not excluded" in (
        found.sentence
    )
    assert "false" not in found.sentence.lower()


def test_an_open_date_is_not_met_by_the_onset_of_an_earlier_event() -> None:
    earlier = stretch(
        id="0",
        onset=Window(start=at(5, 9, year=2023), end=at(5, 10, year=2023)),
        ending=Window(start=at(5, 17, year=2023), end=at(5, 18, year=2023)),
    )

    assert check(measured(earlier, stretch()), **ONSET, when=on(None, "2024-02-07")).measured == "1"


def test_with_no_measured_side_nothing_is_testable() -> None:
    side = Measured(platform="x", cc="PK")

    assert check(side, **DENIES, asserted=on("2024-03-16")).finding is UNTESTABLE
    assert check(side, **ONSET, when=on("2024-02-17")).finding is UNTESTABLE


def test_a_denial_before_the_onset_is_consistent_where_reports_show_it_reachable() -> None:
    free = measured(look=lambda _: Seen(fact=Fact.FREE, sentence="0 of 31 reports failed"))

    found = check(free, **DENIES, asserted=on("2024-02-10"))

    assert found.finding is CONSISTENT
    assert "0 of 31 reports failed" in found.sentence


OURS = of_incident(INCIDENT, "Asia/Karachi", AS_OF)


def test_against_our_own_incident_the_sentence_has_its_counts() -> None:
    found = check(measured(OURS), **DENIES, when=on("2024-02-18"))

    assert found.finding is CONTRADICTED
    assert "600 of 1,234 measurements by 40 units failed between" in found.sentence


def test_restored_while_failing_is_contradicted_by_our_own_measurements() -> None:
    assert check(measured(OURS), **LIFTED, when=on("2024-02-18", at=at(2, 18))).finding is (
        CONTRADICTED
    )


def test_where_it_stood_when_the_measurements_begin_an_earlier_date_is_not_testable() -> None:
    standing = measured(stretch(is_standing=True))

    assert check(standing, **ONSET, when=on("2024-02-08")).finding is UNTESTABLE
    assert check(standing, **ONSET, when=on("2024-02-20")).finding is CONTRADICTED


@pytest.mark.parametrize(
    ("n", "unit", "finding"),
    [(29, "days", CONSISTENT), (4, "weeks", CONSISTENT), (90, "days", CONTRADICTED)],
)
def test_a_length_is_checked_up_to_the_day_it_was_said(n: int, unit: str, finding: Finding) -> None:
    quantity = Quantity(low=n, high=n, unit=unit, counts="time since it was banned")
    found = check(
        topic=Topic.COUNT, restriction=None, quantities=(quantity,), asserted=on("2024-03-16")
    )

    assert (found.aspect, found.finding) == (Aspect.DURATION, finding)


def test_a_number_of_something_else_is_not_testable() -> None:
    followers = Quantity(low=2e7, high=2e7, unit="followers", counts="followers of an account")

    found = check(topic=Topic.COUNT, restriction=None, quantities=(followers,))

    assert found.finding is UNTESTABLE


def test_claims_of_other_places_and_corrected_ones_are_not_checked() -> None:
    told = record(
        claim("other", cc="IN", **DENIES),
        claim("old", **DENIES, asserted=on("2024-03-16")),
        claim("new", supersedes="claim:old", **DENIES, asserted=on("2024-03-16")),
    )

    assert [c.claim for c in check_claims(told, measured())] == ["claim:new"]


def test_a_strangers_text_cannot_move_the_cursor_nor_fill_the_page() -> None:
    found = check(**DENIES, quote="\x1b[2J\u202e" + "a" * 5000)

    assert "\x1b" not in found.sentence
    assert "\u202e" not in found.sentence
    assert len(found.sentence) < 1500


def test_a_paraphrase_has_no_quotation_marks() -> None:
    found = check(**DENIES, quote="[paraphrase] The minister said it works.")

    assert "(in our words: The minister said it works)" in found.sentence
    assert "“" not in found.sentence


def test_an_undated_claim_is_dated_not_after_its_source_and_then_not_testable() -> None:
    told = record(claim("c", **DENIES), source("a", published=on("2024-03-16")))

    assert check_claims(told, measured())[0].finding is UNTESTABLE


def test_a_pause_of_our_own_incident_is_no_contradiction() -> None:
    gap = stretch(
        sure=(
            Window(start=at(2, 18), end=at(3, 1)),
            Window(start=at(3, 1) + timedelta(hours=40), end=at(5, 6, year=2025)),
        )
    )

    assert check(measured(gap), **DENIES, when=on("2024-03-02", at=at(3, 2))).finding is UNTESTABLE
