"""What a record's versions are told as, and what was on record of a platform at an instant."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from overt.dossier.history import history_of, read, renamed, status_as_recorded, whole
from overt.engine import log
from overt.engine.base import to_json
from overt.errors import UsageError
from overt.incidents.succession import succeed
from overt.reference.platforms import load_platforms
from overt.vocabulary.judgements import (
    Bracket,
    Episode,
    Incident,
    NetworkState,
    State,
    Versions,
)
from overt.vocabulary.records import Conclusion, RecordVersion


PLATFORMS = load_platforms()
X = PLATFORMS.find("x")
MADE_BY = Versions(code="1", rulebook="2", reference="3")
KNOWN = datetime(2026, 1, 1, tzinfo=UTC)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 2, day, hour, tzinfo=UTC)


def incident(first: int, last: int, **others: Any) -> Incident:
    one = NetworkState(
        asn=1, name="Net 1", state=State.CONSISTENT, onset=None, ending=None, episodes=[],
        schedule=None, mechanisms=["tls.reset"], n_measurements=9, n_failing=8, n_units=5,
    )  # fmt: skip
    plain = Incident(
        id=f"PK-x-{at(first):%Y-%m-%d}",
        cc="PK",
        platform="x",
        state=State.CONSISTENT,
        onset=Bracket(earliest=at(first), latest=at(first, 2), alerted_at=at(first, 9)),
        ending=None,
        episodes=[Episode(start=at(first, 1), end=at(last))],
        networks=[one],
        mechanisms=["tls.reset"],
        counted=Episode(start=at(first), end=at(last)),
        n_measurements=9,
        n_failing=8,
        n_units=5,
        last_failing=at(last),
        n_measurements_since=0,
        n_failing_since=0,
        as_of=at(last, 5),
        is_standing=False,
        false_alarms_per_year=0.03,
        n_series=3,
        n_networks_at_least=1,
        n_networks_measured=1,
        alpha=0.01,
        removal=None,
        changes=[],
        collapses=[],
        witnesses=[],
        versions=MADE_BY,
    )
    return replace(plain, **others)


def recorded(*runs: Sequence[Incident]) -> log.Log:
    """Return the history of runs that found these incidents, a day after another."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(log.TABLES)
    history = log.Log(db)
    for seq, found in enumerate(runs, 1):
        conclusion = Conclusion(
            seq=seq,
            recorded=KNOWN + timedelta(days=seq - 1),
            versions=MADE_BY,
            made_from=f"m{seq}",
            n_incidents=len(found),
        )
        history.append(conclusion, succeed(history.heads(), to_json(found), conclusion))
    return history


def told(wanted: str, *runs: Sequence[Incident]) -> list[list[str]]:
    [history] = history_of(wanted, recorded(*runs), PLATFORMS)
    return [list(v.sentences) for v in history.versions]


A, B, BOTH = incident(2, 5), incident(9, 12), incident(2, 12)


def test_the_first_version_is_told_whole_and_the_next_by_what_is_new() -> None:
    first, second = told(A.id, [A], [replace(A, n_units=6)])

    assert first == [whole(to_json(A), PLATFORMS)]
    assert second == [
        (
            "Failed: 8 of 9 measurements by 6 units up to 5 Feb 2024 00:00 UTC;"
            " earlier 8 of 9 measurements by 5 units up to 5 Feb 2024 00:00 UTC."
        )
    ]


@pytest.mark.parametrize(
    ("wanted", "runs", "sentence"),
    [
        (A.id, ([A], []), "It was withdrawn: what was read by then does not support it."),
        (A.id, ([A], [], [A]), "It is found again."),
        (A.id, ([A, B], [BOTH]), f"It took in {B.id}: they are one incident."),
        (B.id, ([A, B], [BOTH]), f"It became part of {A.id}, called {A.id} at that time."),
        (A.id, ([BOTH], [A, B]), f"It was parted: {B.id} is told by itself."),
        (B.id, ([BOTH], [A, B]), f"It was parted from {A.id}."),
    ],
)
def test_what_became_of_a_record_is_told_first(
    wanted: str, runs: tuple[list[Incident], ...], sentence: str
) -> None:
    assert told(wanted, *runs)[-1][0] == sentence


def test_records_that_share_a_name_are_all_told_the_present_bearer_first() -> None:
    moved = incident(3, 5)
    found = history_of(A.id, recorded([A], [moved], [incident(2, 2, last_failing=at(2, 9)), moved]),
                       PLATFORMS)  # fmt: skip

    assert [(h.record, h.id) for h in found] == [(f"{A.id}~2", A.id), (A.id, moved.id)]


def test_a_name_nobody_bore_is_refused() -> None:
    with pytest.raises(UsageError, match="no incident on record"):
        history_of("PK-x-2030-01-01", recorded([A]), PLATFORMS)


def test_an_absorbed_record_is_followed_to_where_it_ends_up() -> None:
    found = renamed(B.id, recorded([A, B], [BOTH], []))

    assert found is not None
    sentences, last = found
    assert (last.record, last.is_open) == (A.id, False)
    assert sentences == [
        f"{B.id} became part of {A.id} on 2 Jan 2026 00:00 UTC.",
        f"{A.id} was withdrawn on 3 Jan 2026 00:00 UTC. What was said of it last:",
    ]


def test_an_incident_of_another_form_is_told_in_short_and_never_guessed() -> None:
    body = {k: v for k, v in to_json(A).items() if k != "n_series"}

    assert read(body) is None
    said = whole(body, PLATFORMS)
    assert said.startswith("X in Pakistan: consistent with blocking, from 2024-02-02T00:00:00Z on")
    assert "recorded by overt 1" in said


# -- status ----------------------------------------------------------------------------------------


def on_record(history: log.Log) -> tuple[Conclusion, list[RecordVersion]]:
    return history.conclusions()[-1], [h for h in history.heads() if h.is_open]


def asked(instant: datetime | None, *found: Incident) -> tuple[State, str]:
    status = status_as_recorded(
        X, "PK", instant, KNOWN + timedelta(hours=9), on_record(recorded(list(found))), PLATFORMS
    )
    return status.state, status.sentence


@pytest.mark.parametrize(
    ("instant", "state"),
    [
        (at(1), State.INSUFFICIENT),
        (at(4), State.CONSISTENT),
        (at(5, 20), State.CONSISTENT),
        (at(6, 1), State.INSUFFICIENT),
        (None, State.CONSISTENT),
    ],
)
def test_a_state_is_what_was_on_record_within_a_day_of_an_episode(
    instant: datetime | None, state: State
) -> None:
    assert asked(instant, A)[0] is state


def test_a_recorded_status_names_both_instants_and_out_of_how_many() -> None:
    assert asked(at(4), A)[1] == (
        "X in Pakistan, as of 4 Feb 2024 00:00 UTC and as recorded on 1 Jan 2026 00:00 UTC:"
        " consistent with blocking, since 2 Feb 2024 00:00-02:00 UTC, on at least 1 of 1 network"
        " measured, at 99 % confidence; it shows on 1:"
        " AS1 (Net 1). How: connections are reset during the secure handshake."
        " 8 of 9 measurements by 5 units failed between 2 Feb 2024 00:00 and 5 Feb 2024 00:00 UTC."
    )


@pytest.mark.parametrize("found", [[], [A]])
def test_what_was_not_on_record_is_never_called_reachable(found: list[Incident]) -> None:
    state, sentence = asked(at(20), *found)

    assert state is State.INSUFFICIENT
    assert "it is not said whether it was reachable" in sentence
    assert ("not as failing in the day before" in sentence) is bool(found)


def test_incidents_of_another_form_are_not_passed_over() -> None:
    history = recorded([A])
    conclusion, [version] = on_record(history)
    body = {k: v for k, v in version.body.items() if k != "n_series"}

    with pytest.raises(UsageError, match="a form this version does not word"):
        status_as_recorded(
            X, "PK", None, KNOWN, (conclusion, [replace(version, body=body)]), PLATFORMS
        )
