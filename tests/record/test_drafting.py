from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from overt.errors import UsageError
from overt.record.drafting import Given, draft
from overt.record.ledger import load
from overt.vocabulary.stated import ActKind, Demand, Record
from record import sample


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return load(sample.write(tmp_path))


def test_an_order_is_drafted_with_its_deadline_resolved(record: Record) -> None:
    act, why = draft(["claim:order"], record, Given())

    [deadline] = act.deadlines
    assert act.id == "act:xx-court-2024-04-17-withdraw"
    assert (act.kind, act.demand, act.issuer) == (ActKind.ORDER, "withdraw", "authority:xx-court")
    assert act.addressees == ("authority:xx-ministry",)
    assert (deadline.due.earliest, deadline.due.said) == (date(2024, 4, 24), "within a week")
    assert "demand: as claim:order says" in why
    assert act.confidence == "reported"


def test_claims_that_differ_are_told_and_not_chosen_between(record: Record) -> None:
    other = replace(record.claims["claim:order"], id="claim:b", demand=Demand.REVIEW)
    record.claims["claim:b"] = other

    with pytest.raises(UsageError, match="differ on demand: withdraw and review"):
        draft(["claim:order", "claim:b"], record, Given())
    act, _ = draft(["claim:order", "claim:b"], record, Given(demand=Demand.WITHDRAW))
    assert act.claims == ("claim:order", "claim:b")


def test_what_no_claim_says_is_asked_for(record: Record) -> None:
    with pytest.raises(UsageError, match="the act's kind"):
        draft(["claim:blocked"], record, Given())
    with pytest.raises(UsageError, match="no day"):
        draft(["claim:blocked"], record, Given(kind=ActKind.STATEMENT, issuer="authority:xx-court"))


def test_only_accepted_claims_make_an_act(record: Record) -> None:
    with pytest.raises(UsageError, match="no accepted claim"):
        draft(["claim:nothing"], record, Given())


def test_a_given_limit_goes_before_the_quotes(record: Record) -> None:
    act, _ = draft(["claim:order"], record, Given(within="within 48 hours"))

    assert act.deadlines[0].due.rule == "within 48 hours of 2024-04-17: elapsed time"


def test_a_limit_for_another_act_in_the_same_quote_sets_no_deadline(record: Record) -> None:
    letter = replace(
        record.claims["claim:order"],
        id="claim:letter",
        act_kind=ActKind.DIRECTIVE,
        demand=Demand.BLOCK,
        due=None,
    )
    record.claims["claim:letter"] = letter

    act, _ = draft(["claim:letter"], record, Given())

    assert act.deadlines == ()


def test_a_due_date_whose_words_give_another_day_is_kept_as_given(record: Record) -> None:
    order = record.claims["claim:order"]
    assert order.due is not None
    due = replace(order.due, earliest=date(2024, 4, 25), latest=date(2024, 4, 25))
    record.claims["claim:order"] = replace(order, due=due)

    act, _ = draft(["claim:order"], record, Given())

    assert (act.deadlines[0].due.earliest, act.deadlines[0].due.rule) == (
        date(2024, 4, 25),
        "as given",
    )


def test_a_hearing_is_put_off_to_the_day_its_claim_names(record: Record) -> None:
    order = replace(record.claims["claim:order"], act_kind=ActKind.ADJOURNMENT, demand=None)
    record.claims["claim:order"] = order

    act, _ = draft(["claim:order"], record, Given())

    assert act.adjourned_to is not None and act.adjourned_to.earliest == date(2024, 4, 24)
    assert act.deadlines == ()


def test_what_is_done_by_speaking_is_done_by_the_speaker(record: Record) -> None:
    said = replace(record.claims["claim:blocked"], act_kind=ActKind.ADMISSION)
    record.claims["claim:blocked"] = said

    act, _ = draft(["claim:blocked"], record, Given(on=date(2024, 4, 17), zone="Asia/Karachi"))

    assert act.issuer == "authority:xx-regulator"
