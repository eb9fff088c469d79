import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overt.engine.log import Log
from overt.engine.workspace import Workspace
from overt.vocabulary.judgements import Versions
from overt.vocabulary.records import Conclusion, Kind, RecordVersion


NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
FIRST = Conclusion(
    seq=1,
    recorded=NOW,
    versions=Versions(code="0.1", rulebook="r", reference="l"),
    made_from="m",
    n_incidents=1,
)
SECOND = replace(FIRST, seq=2, recorded=NOW + timedelta(days=1))
GOOSE = RecordVersion(
    record="XX-x-2024-02-17",
    version=1,
    id="XX-x-2024-02-17",
    kind=Kind.NEW,
    took_in=[],
    gave_off=[],
    part_of=None,
    body={"id": "XX-x-2024-02-17", "name": "gänse"},
    conclusion=FIRST,
)
MOVED = replace(
    GOOSE, version=2, id="XX-x-2024-02-16", kind=Kind.UPDATED, took_in=["b"], conclusion=SECOND
)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = Workspace(tmp_path / "w", create=True)
    opened.log.append(FIRST, [GOOSE])
    opened.log.append(SECOND, [MOVED])
    yield opened
    opened.close()


def test_what_was_appended_is_read_back(workspace: Workspace) -> None:
    assert workspace.log.conclusions() == [FIRST, SECOND]
    assert workspace.log.versions(GOOSE.record) == [GOOSE, MOVED]


def test_the_head_of_a_record_is_its_last_version_as_of_a_conclusion(workspace: Workspace) -> None:
    assert workspace.log.heads() == [MOVED]
    assert workspace.log.heads(1) == [GOOSE]


@pytest.mark.parametrize(
    ("instant", "seq"),
    [
        (NOW - timedelta(seconds=1), None),
        (NOW, 1),
        (NOW + timedelta(hours=23), 1),
        (NOW + timedelta(days=1), 2),
        (NOW + timedelta(days=900), 2),
    ],
)
def test_an_instant_is_answered_by_the_last_conclusion_before_it(
    workspace: Workspace, instant: datetime, seq: int | None
) -> None:
    found = workspace.log.as_of(instant)

    assert (found.seq if found else None) == seq


def test_a_clock_set_back_hides_nothing_that_was_recorded_before(workspace: Workspace) -> None:
    workspace.log.append(replace(FIRST, seq=3, recorded=NOW - timedelta(days=9)), [])

    found = workspace.log.as_of(NOW - timedelta(days=8))
    assert found is not None and found.seq == 3
    assert workspace.log.heads(found.seq) == [MOVED]


@pytest.mark.parametrize("table", ["conclusion", "record_version"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET rowid = rowid",
        "DELETE FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "INSERT OR IGNORE INTO {table} SELECT * FROM {table}",
        "REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    ],
)
def test_nothing_in_the_history_can_be_edited_deleted_or_replaced(
    workspace: Workspace, table: str, statement: str
) -> None:
    column = "made_from" if table == "conclusion" else "body"
    said = statement.format(table=table).replace("rowid", column)

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        workspace._db.execute(said)

    assert workspace.log.conclusions() == [FIRST, SECOND]
    assert workspace.log.versions(GOOSE.record) == [GOOSE, MOVED]


@pytest.mark.parametrize(
    "unsound",
    [
        replace(MOVED, version=2),
        replace(MOVED, version=4),
        replace(MOVED, record="other", version=2),
        replace(MOVED, version=3, conclusion=FIRST),
    ],
)
def test_a_version_out_of_turn_is_refused(workspace: Workspace, unsound: RecordVersion) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        workspace.log.append(replace(SECOND, seq=3), [unsound])


def test_a_conclusion_out_of_turn_is_refused(workspace: Workspace) -> None:
    for seq in (1, 2, 4):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            workspace.log.append(replace(SECOND, seq=seq), [])


@pytest.mark.parametrize("name", ["XX-x-2024-02-17", "xx-X-2024-02-16"])
def test_a_record_is_found_by_every_id_it_ever_had(workspace: Workspace, name: str) -> None:
    assert workspace.log.records_called(name) == [GOOSE.record]


def test_the_record_that_is_called_so_now_comes_before_those_that_were(
    workspace: Workspace,
) -> None:
    third = replace(SECOND, seq=3)
    namesake = replace(GOOSE, record="XX-x-2024-02-17~2", conclusion=third)
    workspace.log.append(third, [namesake])

    found = workspace.log.records_called("XX-x-2024-02-17")
    assert found == ["XX-x-2024-02-17~2", "XX-x-2024-02-17"]


def test_what_absorbed_a_record_is_not_taken_for_it(workspace: Workspace) -> None:
    third = replace(SECOND, seq=3)
    other = replace(GOOSE, record="b", id="b", conclusion=third)
    workspace.log.append(third, [other])
    fourth = replace(SECOND, seq=4)
    absorbed = replace(
        other, version=2, id=MOVED.id, kind=Kind.ABSORBED, part_of=GOOSE.record, conclusion=fourth
    )
    workspace.log.append(fourth, [absorbed])

    assert workspace.log.records_called(MOVED.id) == [GOOSE.record]
    assert workspace.log.records_called("b") == ["b"]


def test_a_catalog_without_a_history_reads_as_an_empty_one() -> None:
    empty = Log(sqlite3.connect(":memory:"))

    assert not empty.conclusions()
    assert not empty.heads() + empty.versions("a")
    assert empty.records_called("a") == []
    assert empty.as_of(NOW) is None
