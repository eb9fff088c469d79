"""What a report rests on, with the quotes that say so."""

import pytest

import pages
from overt.record.blocks import blocks
from overt.record.furniture import reasons
from overt.record.origins import origins
from overt.record.taken import Origin


MINISTRY = (
    "Orbia's interior ministry told the Orbia High Court in a written reply"
    " that it had suspended Kite."
)
REST = " The suspension of Kite in Orbia goes on, and users of Kite in Orbia speak of great losses."


def found(text: str, outlet: str = "") -> list[Origin]:
    parts = blocks(text)
    return list(origins(text, parts, reasons(parts), outlet))


def binding(text: str, outlet: str = "") -> set[str]:
    return {o.id for o in found(text, outlet) if o.binding}


WIRE = "wire:reuters:interior-ministry-court-paper"
PAPER = "paper:orbia-high-court:interior-ministry"


@pytest.mark.parametrize(
    "said",
    [
        "The ministry made the statement in its court submission, seen by Reuters.",
        "The ministry blamed Kite in the submission, Reuters reported.",
        "The ministry blamed Kite, according to Reuters.",
        "According to a report by Reuters, the ministry blamed Kite.",
        "The ministry blamed Kite, news agency Reuters reported on Wednesday.",
        "Kite did not immediately respond to Reuters' request for comment.",
        "Kite did not respond to a Reuters request for comment.",
        "Reuters could not independently verify the ministry's account.",
        "Citing Reuters, the ministry's reply blames Kite.",
    ],
)
def test_one_wire_story_has_one_name_however_it_is_credited(said: str) -> None:
    assert binding(f"{MINISTRY} {said}{REST}") == {WIRE, PAPER}


@pytest.mark.parametrize(
    "credit", ["(Reuters)", "— Reuters", "Source: Reuters", "(With inputs from Reuters)"]
)
def test_a_credit_line_makes_the_whole_report_the_agencys(credit: str) -> None:
    assert WIRE in binding(f"{MINISTRY}{REST}\n\n{credit}\n\nPost a comment")


def test_an_agencys_own_report_rests_on_itself() -> None:
    assert WIRE in binding(MINISTRY + REST, outlet="Reuters")


def test_a_dateline_is_a_credit() -> None:
    assert "wire:reuters:interior-ministry-court-paper" in binding(pages.WIRE)


def test_every_origin_quotes_the_sentence_it_rests_on() -> None:
    text = f"{MINISTRY} The ministry blamed Kite, Reuters reported.{REST}"
    wire = next(o for o in found(text) if o.id == WIRE)

    assert [text[s:e] for s, e in wire.spans] == ["The ministry blamed Kite, Reuters reported."]


def test_what_is_recalled_of_other_days_binds_nothing() -> None:
    recalled = "Reuters reported last year that the interior ministry feared Kite."

    assert binding(f"Kite is down in Orbia.{REST} {recalled}") == set()


def test_an_agency_and_the_institute_of_its_name_are_two() -> None:
    assert found(f"A study of the Reuters Institute found so.{REST}") == []


def test_a_party_of_the_same_letters_is_no_agency() -> None:
    assert found(f"The court told PTI to respond to the notice. PTI reported losses.{REST}") == []


def test_another_agency_and_another_act_are_other_origins() -> None:
    text = f"The telecoms regulator denied that Kite was slowed, a spokesman told AFP.{REST}"

    assert binding(text) == {"wire:afp:regulator-statement"}


def test_a_court_paper_is_an_origin_whoever_saw_it() -> None:
    assert binding(f"{MINISTRY} A copy of it is available with this newspaper.{REST}") == {PAPER}


def test_a_paper_in_passing_binds_nothing() -> None:
    text = (
        f"The Orbia Telecom Authority said that Kite was back.{REST}\n\n{REST.strip()}\n\n"
        f"{REST.strip()}\n\n{MINISTRY}"
    )
    paper = next(o for o in found(text) if o.id == PAPER)

    assert not paper.binding


def test_furniture_names_no_origin() -> None:
    assert (
        found(f"Kite is down in Orbia.{REST}\n\nPost a comment\n\n{MINISTRY} Reuters reported.")
        == []
    )


def test_what_a_court_ordered_is_the_courts_act() -> None:
    text = (
        "The Sea High Court on Wednesday ordered the interior ministry to withdraw its letter."
        f' "The court gave a week," lawyer Ada Winter told AFP.{REST}'
    )

    assert binding(text) == {"wire:afp:sea-high-court-order"}


def test_a_private_persons_words_to_an_agency_are_told_of_the_reports_own_act() -> None:
    text = f'{MINISTRY} "This is ridiculous," activist Ada Winter told AFP.{REST}'

    assert binding(text) == {"wire:afp:interior-ministry-court-paper", PAPER}
