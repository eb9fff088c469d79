"""Compliance at the due date, both ways, and every reason for not assessing it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dossier.test_accounts import INCIDENT
from overt.dossier.compliance import Assessment, assess_all
from overt.dossier.measured import Fact, Measured, Seen, of_incident
from overt.dossier.spans import Window
from overt.vocabulary.judgements import Bracket
from overt.vocabulary.stated import (
    Act,
    ActKind,
    Claim,
    Compliance,
    Demand,
    Forum,
    Polarity,
    Topic,
    When,
)
from records import AS_OF, act, at, claim, deadline, measured, on, record, stretch


LETTER = act("letter", ActKind.DIRECTIVE, on("2024-02-17"), demand=Demand.BLOCK)
FREE = measured(look=lambda _: Seen(fact=Fact.FREE, sentence="0 of 31 reports failed"))


def order(demand: Demand, due: When | None, **kw: Any) -> Act:
    given: dict[str, Any] = {
        "issuer": "authority:shc",
        "target_act": "act:letter",
        "proceeding": "proceeding:shc",
        "demand": demand,
        "deadlines": (deadline(demand, due),) if due else (),
    }
    day = kw.pop("day", on("2024-04-17"))
    return act("order", ActKind.ORDER, day, **{**given, **kw})


def assess(
    demand: Demand,
    due: When | None = None,
    *others: Act | Claim,
    side: Measured | None = None,
    as_of: datetime = AS_OF,
    earlier: tuple[Measured, ...] = (),
    **kw: Any,
) -> Assessment:
    told = record(order(demand, due or on("2024-04-24"), **kw), LETTER, *others)
    found = assess_all(told, side or measured(), as_of, earlier)

    return next(a for a in found if a.act == "act:order")


def test_an_order_to_withdraw_that_the_block_outlived_is_not_complied_in_effect() -> None:
    found = assess(Demand.WITHDRAW)

    assert (found.state, found.by_effect) == (Compliance.NOT_COMPLIED, True)
    assert "not complied in effect" in found.sentence
    assert "from 17 Feb 2024 to 6 May 2025" in found.sentence
    assert "show the effect and not the paper" in found.sentence


@pytest.mark.parametrize(
    ("demand", "state"),
    [(Demand.RESTORE, Compliance.NOT_COMPLIED), (Demand.BLOCK, Compliance.COMPLIED)],
)
def test_compliance_runs_both_ways_while_it_is_restricted(
    demand: Demand, state: Compliance
) -> None:
    assert assess(demand).state is state


@pytest.mark.parametrize(
    ("demand", "state"),
    [(Demand.RESTORE, Compliance.COMPLIED), (Demand.BLOCK, Compliance.NOT_COMPLIED)],
)
def test_compliance_runs_both_ways_where_reports_show_it_reachable(
    demand: Demand, state: Compliance
) -> None:
    found = assess(demand, on("2025-06-01"), side=FREE)

    assert found.state is state
    assert "0 of 31 reports failed" in found.sentence


@pytest.mark.parametrize(
    ("due", "reason"),
    [
        (on("2024-02-17"), "can have begun"),
        (on("2025-05-06"), "can have ended"),
        (on("2025-06-01"), "after it ended"),
        (on("2024-02-10"), "before it began"),
    ],
)
def test_a_due_date_of_which_nothing_is_known_is_not_assessable_with_the_reason(
    due: When, reason: str
) -> None:
    found = assess(Demand.RESTORE, due, day=on("2024-02-01"))

    assert found.state is Compliance.NOT_ASSESSABLE
    assert reason in found.sentence


def test_a_silence_at_the_due_date_is_not_assessable() -> None:
    hole = Window(start=at(4, 23), end=at(4, 26))
    quiet = stretch(
        silences=(hole,),
        sure=(Window(start=at(2, 18), end=hole.start), Window(start=hole.end, end=at(5, 1))),
    )

    found = assess(Demand.RESTORE, side=measured(quiet))

    assert found.state is Compliance.NOT_ASSESSABLE
    assert "coverage collapse" in found.sentence


def test_with_no_measured_side_nothing_is_assessed() -> None:
    assert assess(Demand.RESTORE, side=Measured(platform="x", cc="PK")).state is (
        Compliance.NOT_ASSESSABLE
    )


def test_before_the_end_of_the_local_due_date_it_is_pending() -> None:
    last_second = at(4, 24, 19) - timedelta(seconds=1)

    assert assess(Demand.RESTORE, as_of=last_second).state is Compliance.PENDING
    assert assess(Demand.RESTORE, as_of=at(4, 24, 19)).state is Compliance.NOT_COMPLIED


def test_an_open_due_date_and_none_at_all_are_not_assessable() -> None:
    assert assess(Demand.RESTORE, on("2024-04-24", None)).state is Compliance.NOT_ASSESSABLE
    told = record(order(Demand.RESTORE, None), LETTER)
    assert {a.state for a in assess_all(told, measured(), AS_OF)} == {Compliance.NOT_ASSESSABLE}


def test_a_demand_that_was_lifted_before_it_fell_due_is_superseded() -> None:
    lifted = act(
        "l", ActKind.LIFTING, on("2024-04-20"), issuer="authority:shc", target_act="act:order"
    )
    late = replace(lifted, on=on("2024-04-25"))

    assert assess(Demand.RESTORE, None, lifted).state is Compliance.SUPERSEDED
    assert assess(Demand.RESTORE, None, late).state is Compliance.NOT_COMPLIED


def test_a_stranger_cannot_supersede() -> None:
    lifted = act(
        "l", ActKind.LIFTING, on("2024-04-20"), issuer="authority:party", target_act="act:order"
    )

    assert assess(Demand.RESTORE, None, lifted).state is Compliance.NOT_COMPLIED


def test_claimed_done_where_nothing_measured_bears_is_claimed() -> None:
    says = claim("done", act_kind=ActKind.LIFTING, asserted=on("2024-04-22"), when=on("2024-04-22"))

    found = assess(Demand.RESTORE, None, says, side=Measured(platform="x", cc="PK"))

    assert found.state is Compliance.CLAIMED


def test_claimed_done_while_failing_is_not_complied_and_the_claim_is_told() -> None:
    says = claim("done", polarity=Polarity.DENIES, when=on("2024-04-24"))

    found = assess(Demand.RESTORE, None, says)

    assert found.state is Compliance.NOT_COMPLIED
    assert "which the measured state at the due date contradicts" in found.sentence


def test_a_claim_of_a_later_day_is_told_and_not_called_contradicted() -> None:
    says = claim("later", polarity=Polarity.DENIES, when=on("2024-09-12"))

    found = assess(Demand.RESTORE, None, says)

    assert "claimed it done, 12 Sep 2024: “" in found.sentence


def test_sources_that_differ_on_the_demand_are_told_beside_the_state() -> None:
    withdraw = claim("w", topic=Topic.ACT, demand=Demand.WITHDRAW)
    review = claim("r", topic=Topic.ACT, demand=Demand.REVIEW)

    found = assess(Demand.WITHDRAW, None, withdraw, review, claims=("claim:w", "claim:r"))

    assert "Sources differ on what was demanded (review and withdraw)" in found.sentence


def test_what_is_to_be_withdrawn_must_be_known_as_an_act_that_blocks() -> None:
    assert assess(Demand.WITHDRAW, target_act="act:none").state is Compliance.NOT_ASSESSABLE


@pytest.mark.parametrize("demand", [Demand.REVIEW, Demand.REMOVE])
def test_what_leaves_no_trace_in_measurements_is_not_assessed_by_them(demand: Demand) -> None:
    assert assess(demand).state is Compliance.NOT_ASSESSABLE


def answer(day: str, proceeding: str) -> Act:
    return act("p", ActKind.FILING, on(day), forum=Forum.FILING, proceeding=proceeding)


@pytest.mark.parametrize(
    ("day", "proceeding", "state"),
    [
        ("2024-04-24", "proceeding:shc", Compliance.COMPLIED),
        ("2024-04-20", "proceeding:ihc", Compliance.NOT_ASSESSABLE),
        ("2024-04-25", "proceeding:shc", Compliance.NOT_ASSESSABLE),
    ],
)
def test_an_answer_counts_in_its_own_proceeding_and_in_time(
    day: str, proceeding: str, state: Compliance
) -> None:
    assert assess(Demand.REPORT, None, answer(day, proceeding)).state is state


def test_ended_on_some_of_the_affected_networks_is_partly() -> None:
    ended = Bracket(earliest=at(2, 18), latest=at(2, 18, 12))
    first, second, *_ = INCIDENT.networks
    networks = [replace(first, ending=ended), replace(second, state=first.state)]
    side = measured(of_incident(replace(INCIDENT, networks=networks), "UTC", AS_OF))

    found = assess(Demand.RESTORE, on("2024-02-19"), side=side, day=on("2024-02-17"))

    assert found.state is Compliance.PARTLY
    assert "1 of 2 affected networks" in found.sentence


def test_free_at_the_due_date_and_restricted_again_later_is_complied_and_said() -> None:
    again = stretch(id="2", onset=Window(start=at(6, 1), end=at(6, 2)), ending=None, sure=())
    first = stretch(
        ending=Window(start=at(4, 20), end=at(4, 21)),
        sure=(Window(start=at(2, 18), end=at(4, 20)),),
    )
    free = measured(first, again, look=lambda _: Seen(fact=Fact.FREE, sentence="0 of 9 failed"))

    found = assess(Demand.RESTORE, side=free)

    assert found.state is Compliance.COMPLIED
    assert "restricted again later" in found.sentence


def test_an_order_to_block_says_when_the_block_ended() -> None:
    assert "It ended later" in assess(Demand.BLOCK).sentence


def test_earlier_versions_of_the_incidents_are_kept_beside_the_state() -> None:
    before = Measured(platform="x", cc="PK", known_at=at(5, 1))

    found = assess(Demand.RESTORE, earlier=(before,))

    assert found.versions == ((at(5, 1), Compliance.NOT_ASSESSABLE),)
    assert "As recorded on 1 May 2024 00:00 UTC it was: not assessable." in found.sentence


def test_acts_of_another_platform_or_country_are_not_assessed() -> None:
    told = record(
        order(Demand.RESTORE, on("2024-04-24"), platforms=("tiktok",)),
        replace(order(Demand.RESTORE, on("2024-04-24"), cc="IN"), id="act:b"),
    )

    assert assess_all(told, measured(), AS_OF) == []
