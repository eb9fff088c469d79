"""What is new in a version, in words; whatever field it is in."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from overt.dossier.retold import changed, told
from overt.engine.base import to_json
from overt.vocabulary.judgements import (
    Bracket,
    Episode,
    Incident,
    NetworkState,
    Schedule,
    State,
    Versions,
    Witness,
)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 2, day, hour, tzinfo=UTC)


def network(asn: int, state: State, **others: Any) -> NetworkState:
    plain = NetworkState(
        asn=asn, name=f"Net {asn}", state=state, onset=None, ending=None, episodes=[],
        schedule=None, mechanisms=[], n_measurements=50, n_failing=25, n_units=5,
    )  # fmt: skip
    return replace(plain, **others)


ONE = network(1, State.CONSISTENT)
INCIDENT = Incident(
    id="PK-x-2024-02-17",
    cc="PK",
    platform="x",
    state=State.CONSISTENT,
    onset=Bracket(earliest=at(17, 10), latest=at(17, 14), alerted_at=at(18)),
    ending=None,
    episodes=[Episode(start=at(17, 12), end=at(25))],
    networks=[ONE, network(2, State.REACHABLE), network(3, State.INSUFFICIENT)],
    mechanisms=["tls.reset"],
    counted=Episode(start=at(17, 10), end=at(20, 2)),
    n_measurements=1234,
    n_failing=600,
    n_units=40,
    last_failing=at(25),
    n_measurements_since=0,
    n_failing_since=0,
    as_of=at(25),
    is_standing=False,
    false_alarms_per_year=0.03,
    n_series=3,
    n_networks_at_least=1,
    n_networks_measured=3,
    alpha=0.01,
    removal=None,
    changes=["a", "b"],
    collapses=[],
    witnesses=[],
    versions=Versions(code="1", rulebook="2", reference="3"),
)
WITNESS = Witness(
    measurement_uid="u", time=at(18), asn=1, target="x/web", layer="tls", rule="r",
    mechanism=None,
)  # fmt: skip
ENDING = Bracket(earliest=at(25), latest=at(26), alerted_at=at(27))
HOURS = Schedule(
    weekdays=(0, 1, 2, 3, 4), hours=((420, 660),), zone="Asia/Karachi", explained_share=1.0,
    spared_share=1.0, n_votes=90, n_days=9,
)  # fmt: skip


def retold(before: Incident = INCIDENT, **others: Any) -> list[str]:
    return told(to_json(before), to_json(replace(before, **others)))


def only(asn: int, **others: Any) -> list[NetworkState]:
    return [replace(n, **others) if n.asn == asn else n for n in INCIDENT.networks]


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ({"id": "PK-x-2024-02-16"}, "It is called PK-x-2024-02-16; earlier PK-x-2024-02-17."),
        ({"state": State.BLOCKED}, "State: blocked; earlier consistent with blocking."),
        (
            {"onset": Bracket(earliest=at(16, 1), latest=at(16, 3), alerted_at=at(18))},
            "Onset: 16 Feb 2024 01:00-03:00 UTC; earlier 17 Feb 2024 10:00-14:00 UTC.",
        ),
        (
            {"is_standing": True},
            (
                "Onset: not seen, the measurements begin 17 Feb 2024 10:00 UTC;"
                " earlier 17 Feb 2024 10:00-14:00 UTC."
            ),
        ),
        (
            {"onset": replace(INCIDENT.onset, alerted_at=at(19))},
            "First alarm: 19 Feb 2024 00:00 UTC; earlier 18 Feb 2024 00:00 UTC.",
        ),
        (
            {"ending": ENDING},
            "It is called ended: 25 Feb 2024 00:00 - 26 Feb 2024 00:00 UTC.",
        ),
        ({"mechanisms": ["dns.injection.bogon"]}, "How: looking up the name gives an address"),
        (
            {"n_failing": 700, "n_units": 41},
            (
                "Failed: 700 of 1,234 measurements by 41 units up to 20 Feb 2024 02:00 UTC;"
                " earlier 600 of 1,234 measurements by 40 units up to 20 Feb 2024 02:00 UTC."
            ),
        ),
        (
            {"as_of": at(26)},
            "Known from measurements up to 26 Feb 2024 00:00 UTC; earlier 25 Feb 2024 00:00 UTC.",
        ),
        (
            {"last_failing": at(26)},
            "Last seen failing 26 Feb 2024 00:00 UTC; earlier 25 Feb 2024 00:00 UTC.",
        ),
        (
            {"changes": ["b", "c", "d"]},
            "It rests on 3 changes: 2 not there before, 1 of the earlier ones gone.",
        ),
        ({"witnesses": [WITNESS]}, "1 other measurement shown as witnesses."),
        ({"n_series": 4}, "Error bound: at most 0.03 a year over 4 series; earlier 0.03"),
        ({"episodes": []}, "Episodes: 0; earlier 1."),
        (
            {"networks": only(3, state=State.BLOCKED)},
            "Affected, and not said to be before: AS3 (Net 3).",
        ),
        ({"networks": only(1, state=State.REACHABLE)}, "Affected no longer: AS1 (Net 1)."),
        ({"networks": INCIDENT.networks[1:]}, "Affected no longer: AS1 (Net 1)."),
        (
            {"networks": only(3, state=State.REACHABLE)},
            "Shown to be reachable, and not before: AS3 (Net 3).",
        ),
        (
            {"networks": only(2, state=State.INSUFFICIENT)},
            "Measured too little to call reachable any more: AS2 (Net 2).",
        ),
        (
            {"networks": only(1, state=State.BLOCKED)},
            "AS1 (Net 1): blocked; earlier consistent with blocking.",
        ),
        (
            {"networks": only(1, onset=ENDING)},
            "AS1 (Net 1): onset 25 Feb 2024 00:00 - 26 Feb 2024 00:00 UTC; earlier none.",
        ),
        (
            {"networks": only(1, schedule=HOURS)},
            "AS1 (Net 1) keeps hours: weekdays 07-11 h, local time (Asia/Karachi).",
        ),
        ({"networks": INCIDENT.networks[:2]}, "Networks measured: 2; earlier 3."),
        (
            {"networks": only(2, n_failing=3)},
            "Network by network these differ too: failing.",
        ),
        (
            {"versions": Versions(code="2", rulebook="2", reference="3")},
            "Derived by overt 2, rulebook 2, reference 3; earlier overt 1, rulebook 2",
        ),
    ],
)
def test_what_changed_is_told_with_what_was_said_before(
    others: dict[str, Any], sentence: str
) -> None:
    assert any(s.startswith(sentence) for s in retold(**others)), retold(**others)


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        (None, "The ending was taken back: it had been 25 Feb 2024 00:00 - 26 Feb 2024 00:00 UTC."),
        (replace(ENDING, latest=at(25, 5)), "Ending: 25 Feb 2024 00:00-05:00 UTC; earlier"),
    ],
)
def test_an_ending_can_be_taken_back_or_moved(ending: Bracket | None, sentence: str) -> None:
    [said] = retold(replace(INCIDENT, ending=ENDING), ending=ending)

    assert said.startswith(sentence)


def test_what_did_not_change_is_not_told() -> None:
    assert retold() == []


@pytest.mark.parametrize("name", [f.name for f in fields(Incident)])
def test_no_field_can_change_unsaid(name: str) -> None:
    before = to_json(INCIDENT)
    after = {k: v for k, v in before.items() if k != name}

    assert changed(before, after) == [name]
    assert told(before, after) and told(after, before)


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        (2, 3, "Units to cancel: 3; earlier 2."),
        (None, True, "Units to cancel: yes; earlier none."),
        ([1], [1, 2], "Units to cancel: 2 entries; earlier 1 entry."),
        ([1], [2], "Units to cancel: told differently."),
    ],
)
def test_a_field_without_words_of_its_own_is_told_by_its_name(
    was: object, now: object, sentence: str
) -> None:
    assert told({"n_units_to_cancel": was}, {"n_units_to_cancel": now}) == [sentence]


def test_a_field_that_comes_or_goes_with_a_version_of_the_program_is_told() -> None:
    assert told({}, {"n_units_to_cancel": 3}) == ["Units to cancel: 3; not said earlier."]
    assert told({"n_units_to_cancel": 3}, {}) == ["Units to cancel: not said any more."]


def test_dates_that_moved_are_not_told_as_if_the_network_were_new() -> None:
    said = retold(networks=only(1, episodes=[Episode(start=at(1), end=at(1) + timedelta(hours=1))]))

    assert said == ["Other episodes on 1 affected network: AS1 (Net 1)."]


def test_hours_that_are_only_better_supported_are_not_told_as_new() -> None:
    before = replace(INCIDENT, networks=only(1, schedule=HOURS))

    assert retold(before, networks=only(1, schedule=replace(HOURS, n_votes=99))) == [
        "Network by network these differ too: schedule."
    ]


def test_dates_of_many_networks_are_counted() -> None:
    before = [network(n, State.BLOCKED) for n in range(1, 9)]
    after = [replace(n, ending=ENDING) for n in before]

    [said] = retold(replace(INCIDENT, networks=before), networks=after)
    assert said.startswith("Another ending on 8 affected networks: AS1 (Net 1), ")
    assert said.endswith(" and 2 more.")
