"""What is said of incidents: never more than the evidence, always out of how many."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.dossier import accounts
from overt.reference.platforms import load_platforms
from overt.vocabulary.judgements import (
    Bracket,
    Episode,
    Incident,
    NetworkState,
    Removal,
    Schedule,
    State,
    Versions,
)


PLATFORMS = load_platforms()


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 2, day, hour, tzinfo=UTC)


def network(asn: int, state: State, n: int = 50) -> NetworkState:
    return NetworkState(
        asn=asn, name=f"Net {asn}", state=state, onset=None, ending=None, episodes=[],
        schedule=None, mechanisms=[], n_measurements=n, n_failing=n // 2, n_units=5,
    )  # fmt: skip


INCIDENT = Incident(
    id="PK-x-2024-02-17",
    cc="PK",
    platform="x",
    state=State.CONSISTENT,
    onset=Bracket(earliest=at(17, 10), latest=at(17, 14), alerted_at=at(18)),
    ending=Bracket(earliest=at(20, 1), latest=at(21, 3), alerted_at=at(22)),
    episodes=[],
    networks=[
        network(1, State.CONSISTENT),
        network(2, State.REACHABLE),
        network(3, State.INSUFFICIENT, 2),
    ],
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
    changes=[],
    collapses=[],
    witnesses=[],
    versions=Versions(code="1", rulebook="2", reference="3"),
)


def sentence(incident: Incident) -> str:
    return accounts.incident_sentence(incident, PLATFORMS)


def test_an_incident_says_what_where_when_on_which_networks_how_and_out_of_how_many() -> None:
    assert sentence(INCIDENT) == (
        "X in Pakistan failed in a way consistent with blocking from 17 Feb 2024 10:00-14:00 UTC"
        " to 20 Feb 2024 01:00 - 21 Feb 2024 03:00 UTC, on at least 1 of 3 networks measured, at"
        " 99 % confidence; it shows on 1: AS1 (Net 1); not on 1 other: AS2 (Net 2);"
        " 1 network measured too little to say."
        " How: connections are reset during the secure handshake."
        " 600 of 1,234 measurements by 40 units failed between 17 Feb 2024 10:00 and"
        " 20 Feb 2024 02:00 UTC."
    )


@pytest.mark.parametrize("state", [s for s in State if s not in {State.BLOCKED, State.IMPAIRED}])
def test_only_an_artefact_is_called_blocked(state: State) -> None:
    said = sentence(replace(INCIDENT, state=state))

    assert not re.search(r"was blocked|has been blocked", said)


def test_an_impaired_service_says_that_blocked_and_down_cannot_be_told() -> None:
    assert "blocked or down cannot be told" in sentence(replace(INCIDENT, state=State.IMPAIRED))


def test_an_incident_without_an_ending_is_so_as_of_the_last_measurement() -> None:
    said = sentence(replace(INCIDENT, ending=None))

    assert "has failed in a way" in said
    assert "still so as of 25 Feb 2024 00:00 UTC" in said


def test_a_standing_block_has_no_onset() -> None:
    said = sentence(replace(INCIDENT, is_standing=True, ending=None))

    assert "since before the measurements begin" in said


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_said(state: State) -> None:
    assert (
        str(State.CONSISTENT) not in sentence(replace(INCIDENT, state=state))
        or state is State.CONSISTENT
    )


def test_many_networks_are_counted_and_not_all_named() -> None:
    networks = [network(n, State.CONSISTENT) for n in range(1, 20)]
    said = sentence(replace(INCIDENT, networks=networks))

    assert "it shows on 19: " in said
    assert "and 13 more" in said


def recent(**changes: object) -> accounts.Recent:
    values: dict[str, object] = {
        "at": at(18), "window_h": 24, "n_measurements": 20, "n_failing": 5, "n_down": 18,
        "n_units": 7, "n_networks": 3, "last": at(17, 23), **changes,
    }  # fmt: skip
    return accounts.Recent(**values)  # type: ignore[arg-type]


def test_status_without_any_measurement_is_insufficient_and_says_so() -> None:
    said = accounts.status_sentence("X", "Pakistan", State.INSUFFICIENT, None, recent(last=None))

    assert (
        said
        == "X in Pakistan: insufficient; there are no measurements up to 18 Feb 2024 00:00 UTC."
    )


def test_status_always_has_denominator_window_and_units() -> None:
    for state in State:
        said = accounts.status_sentence("X", "Pakistan", state, None, recent())
        assert "of 20 measurements by 7 units on 3 networks" in said
        assert "24 hours before 18 Feb 2024 00:00 UTC" in said


def test_down_counts_what_the_control_could_not_reach_either() -> None:
    said = accounts.status_sentence("X", "Pakistan", State.DOWN, None, recent())

    assert "18 of 20 measurements" in said
    assert "down for the control too" in said


def test_a_timetable_is_said_of_the_networks_that_keep_it_and_no_other() -> None:
    kept = Schedule(
        weekdays=(0, 1, 2, 3, 4), hours=((420, 660), (780, 1020)), zone="Asia/Karachi",
        explained_share=0.9, spared_share=0.9, n_votes=100, n_days=8,
    )  # fmt: skip
    networks = [replace(network(1, State.CONSISTENT), schedule=kept), network(2, State.CONSISTENT)]

    assert (
        "On 1 of 2 affected networks (AS1) it keeps hours: weekdays 07-11 h and 13-17 h,"
        " local time (Asia/Karachi)." in sentence(replace(INCIDENT, networks=networks))
    )


# -- how sure, and on how few it rests -------------------------------------------------------------


@given(st.integers(0, 40), st.integers(1, 40), st.sampled_from([0.01, 0.05]))
def test_no_extent_is_said_without_how_many_of_how_many(r: int, n: int, alpha: float) -> None:
    changed = replace(INCIDENT, n_networks_at_least=r, n_networks_measured=n, alpha=alpha)
    count = f"{n} network{'' if n == 1 else 's'} measured"
    for said in (
        sentence(changed),
        accounts.status_sentence("X", "Pakistan", State.CONSISTENT, changed, recent()),
    ):
        assert (f"on at least {r} of {count}, at {round(100 - 100 * alpha)} %" in said) == (r > 0)
        assert count in said
        assert not re.search("nationwide|countrywide|national|everywhere", said)


def test_where_no_number_is_sure_none_is_given() -> None:
    said = sentence(replace(INCIDENT, n_networks_at_least=0))

    assert "on no certain number of 3 networks measured; it shows on 1: AS1" in said


@pytest.mark.parametrize(
    ("removal", "said"),
    [
        (None, ""),
        (Removal(at_least=1, at_most=1, units=["a"]),
         " Removing 1 unit would cancel it."),
        (Removal(at_least=3, at_most=3, units=list("abc")),
         " Removing 3 units would cancel it, and no fewer."),
        (Removal(at_least=1, at_most=5, units=list("abcde")),
         " Removing at most 5 units would cancel it."),
        (Removal(at_least=2, at_most=5, units=list("abcde")),
         " Removing at most 5 units would cancel it, and at least 2."),
    ],
)  # fmt: skip
def test_an_incident_says_on_how_few_units_it_rests(removal: Removal | None, said: str) -> None:
    assert accounts.rests_on(removal) == said
    assert sentence(replace(INCIDENT, removal=removal)).endswith(f"02:00 UTC.{said}")
