import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from overt.engine.layout import LAYOUT
from overt.engine.workspace import Part, SourceRecord, Workspace, fingerprint
from overt.errors import WorkspaceError
from overt.vocabulary.facts import Quarantined


RECORD = SourceRecord(
    id="5" * 64,
    path="goose.jsonl",
    kind="jsonl",
    size_bytes=7,
    reader="0.1.0",
    n_lines=3,
    n_read=2,
    n_quarantined=1,
    n_observations=4,
    defect=None,
    notices=["a notice"],
)
SPOILED = Quarantined(source_id=RECORD.id, line=2, reason="not_json", detail="honk")
TABLE = pa.table(
    {
        "a": [1, 2],
        "hour": pa.array(
            [datetime(2024, 2, 17, 9), datetime(2024, 2, 17, 7)],  # noqa: DTZ001 - as tables hold
            pa.timestamp("us"),
        ),
    }
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def workspace(root: Path) -> Iterator[Workspace]:
    opened = Workspace(root, create=True)
    yield opened
    opened.close()


def written(workspace: Workspace, made_from: str = "m", tier: str = "observation") -> Part:
    return workspace.write_part(tier, "2024-02", made_from, TABLE, "hour")


def files_in(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "parts").iterdir())


# -- opening ---------------------------------------------------------------------------------------


def test_a_workspace_that_is_not_there_is_not_made_by_reading(root: Path) -> None:
    with pytest.raises(WorkspaceError, match="no workspace here yet"):
        Workspace(root)

    assert not root.exists()


def test_an_empty_folder_becomes_a_workspace(root: Path) -> None:
    root.mkdir()

    Workspace(root, create=True).close()

    assert (root / "catalog.sqlite").exists()


def test_somebody_elses_folder_is_refused_and_left_alone(root: Path) -> None:
    root.mkdir()
    (root / "thesis.txt").write_text("chapter one")

    with pytest.raises(WorkspaceError, match="not an empty folder"):
        Workspace(root, create=True)

    assert [path.name for path in root.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_workspace(root: Path) -> None:
    root.write_text("chapter one")

    with pytest.raises(WorkspaceError, match="not an empty folder"):
        Workspace(root, create=True)


def test_a_catalog_that_is_no_database_is_refused(root: Path) -> None:
    root.mkdir()
    (root / "catalog.sqlite").write_bytes(b"chapter one" * 100)

    with pytest.raises(WorkspaceError, match="cannot be opened"):
        Workspace(root)


def test_another_layout_is_refused(workspace: Workspace, root: Path) -> None:
    workspace._db.execute("UPDATE meta SET value = ? WHERE key = 'layout'", (str(LAYOUT + 1),))

    with pytest.raises(WorkspaceError, match=f"layout {LAYOUT + 1}.*reads layout {LAYOUT}"):
        Workspace(root)


def test_a_refused_layout_says_that_all_can_be_derived_again(
    workspace: Workspace, root: Path
) -> None:
    workspace._db.execute("UPDATE meta SET value = '0' WHERE key = 'layout'")

    with pytest.raises(WorkspaceError) as refused:
        Workspace(root)

    assert "new folder" in (refused.value.remedy or "")


def test_a_reader_is_not_kept_waiting_by_a_writer_in_mid_transaction(
    workspace: Workspace, root: Path
) -> None:
    with workspace._transaction():
        reader = Workspace(root)

    assert reader.sources() == []
    reader.close()


# -- one writer ------------------------------------------------------------------------------------


def test_a_second_writer_is_refused_at_once(workspace: Workspace, root: Path) -> None:
    second = Workspace(root)

    with (
        workspace.writing(),
        pytest.raises(WorkspaceError, match="another run is writing"),
        second.writing(),
    ):
        pass

    second.close()


def test_a_writer_that_failed_lets_the_next_one_in(workspace: Workspace) -> None:
    with pytest.raises(ZeroDivisionError), workspace.writing():
        raise ZeroDivisionError

    with workspace.writing():
        pass


def test_a_full_disk_is_told_as_a_workspace_error(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="No space left"), workspace.writing():
        raise OSError(28, "No space left on device")


# -- parts -----------------------------------------------------------------------------------------


def test_a_part_is_named_by_what_it_was_made_from(workspace: Workspace) -> None:
    assert written(workspace, "m").name == written(workspace, "m").name


@pytest.mark.parametrize(
    "other",
    [("verdict", "2024-02", "m"), ("observation", "2024-03", "m"), ("observation", "", "n")],
)
def test_parts_made_from_something_else_have_another_name(
    workspace: Workspace, other: tuple[str, str, str]
) -> None:
    first = written(workspace, "m")
    second = workspace.write_part(*other, TABLE, "hour")

    assert first.name != second.name


def test_a_part_written_twice_has_the_same_bytes(workspace: Workspace) -> None:
    first = workspace.path_of(written(workspace)).read_bytes()
    second = workspace.path_of(written(workspace)).read_bytes()

    assert first == second


def test_a_part_holds_the_table(workspace: Workspace) -> None:
    part = written(workspace)

    assert pq.read_table(workspace.path_of(part)).equals(TABLE)


def test_a_part_knows_the_first_and_last_of_its_hours(workspace: Workspace) -> None:
    part = written(workspace)

    assert (part.first_hour, part.last_hour) == ("2024-02-17T07:00:00", "2024-02-17T09:00:00")


def test_a_part_without_rows_has_no_hours(workspace: Workspace) -> None:
    part = workspace.write_part("observation", "p", "m", TABLE.slice(0, 0), "hour")

    assert (part.n_rows, part.first_hour, part.last_hour) == (0, None, None)


def test_a_written_part_is_not_in_the_catalog_until_it_is_entered(workspace: Workspace) -> None:
    written(workspace)

    assert workspace.parts("observation") == []


def test_replacing_swaps_old_parts_for_new(workspace: Workspace) -> None:
    old, new = written(workspace, "m"), written(workspace, "n")
    workspace.replace_parts([], [old])

    workspace.replace_parts([old], [new])

    assert workspace.parts("observation") == [new]


def test_a_tier_lists_only_its_own_parts(workspace: Workspace) -> None:
    observation, verdict = written(workspace), written(workspace, tier="verdict")

    workspace.replace_parts([], [observation, verdict])

    assert workspace.parts("verdict") == [verdict]


def test_a_failed_swap_leaves_the_old_parts(workspace: Workspace) -> None:
    old = written(workspace, "m")
    workspace.replace_parts([], [old])
    unsound = replace(old, n_rows=None)  # type: ignore[arg-type]

    with pytest.raises(sqlite3.IntegrityError):
        workspace.replace_parts([old], [unsound])

    assert workspace.parts("observation") == [old]


# -- sweeping --------------------------------------------------------------------------------------


def test_a_part_left_half_written_is_swept_by_the_next_writer(
    workspace: Workspace, root: Path
) -> None:
    (root / "parts" / "observation-0.tmp").write_bytes(b"half a par")

    with workspace.writing():
        pass

    assert files_in(root) == []


def test_an_old_part_nobody_names_is_swept(workspace: Workspace, root: Path) -> None:
    orphan = workspace.path_of(written(workspace))
    os.utime(orphan, (0, 0))

    with workspace.writing():
        pass

    assert files_in(root) == []


def test_a_young_part_nobody_names_may_still_have_readers(workspace: Workspace, root: Path) -> None:
    part = written(workspace)

    with workspace.writing():
        pass

    assert files_in(root) == [part.name]


def test_a_part_the_catalog_names_is_never_swept(workspace: Workspace, root: Path) -> None:
    part = written(workspace)
    workspace.replace_parts([], [part])
    os.utime(workspace.path_of(part), (0, 0))

    with workspace.writing():
        pass

    assert files_in(root) == [part.name]


# -- sources ---------------------------------------------------------------------------------------


def test_bytes_not_yet_entered_are_not_known(workspace: Workspace) -> None:
    assert not workspace.knows(RECORD.id)


def test_an_entered_source_is_known_and_read_back(workspace: Workspace) -> None:
    workspace.enter_source([RECORD], [], [SPOILED])

    assert (workspace.knows(RECORD.id), workspace.sources()) == (True, [RECORD])


def test_what_was_entered_is_there_for_the_next_run(workspace: Workspace, root: Path) -> None:
    part = written(workspace)
    workspace.enter_source([RECORD], [part], [SPOILED])
    workspace.close()

    reopened = Workspace(root)

    assert (reopened.sources(), reopened.parts("observation")) == ([RECORD], [part])
    reopened.close()


def test_the_same_bytes_are_entered_exactly_once(workspace: Workspace) -> None:
    workspace.enter_source([RECORD], [], [SPOILED])

    with pytest.raises(sqlite3.IntegrityError):
        workspace.enter_source([RECORD], [written(workspace)], [SPOILED])

    assert (workspace.quarantine(), workspace.parts("observation")) == ([SPOILED], [])


def test_a_source_that_cannot_be_entered_leaves_nothing_of_its_batch(workspace: Workspace) -> None:
    other = replace(RECORD, id="6" * 64)
    unsound = replace(RECORD, n_lines=None)  # type: ignore[arg-type]

    with pytest.raises(sqlite3.IntegrityError):
        workspace.enter_source([other, unsound], [], [])

    assert workspace.sources() == []


def test_a_quarantine_row_needs_its_source(workspace: Workspace) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        workspace.enter_source([], [], [SPOILED])


def test_another_path_to_known_bytes_is_remembered_once(workspace: Workspace) -> None:
    workspace.enter_source([RECORD], [], [])

    workspace.enter_path(RECORD.id, "copy.jsonl")
    workspace.enter_path(RECORD.id, "copy.jsonl")

    paths = workspace._db.execute("SELECT path FROM source_path ORDER BY path").fetchall()
    assert paths == [("copy.jsonl",), ("goose.jsonl",)]


def test_a_file_name_that_is_not_utf8_can_be_entered(workspace: Workspace) -> None:
    latin_1 = os.fsdecode(b"caf\xe9.jsonl")

    workspace.enter_source([replace(RECORD, path=latin_1)], [], [])

    assert workspace.sources()[0].path.startswith("caf")


def test_sources_are_listed_by_path(workspace: Workspace) -> None:
    first = replace(RECORD, id="6" * 64, path="duck.jsonl")

    workspace.enter_source([RECORD, first], [], [])

    assert [source.path for source in workspace.sources()] == ["duck.jsonl", "goose.jsonl"]


# -- quarantine ------------------------------------------------------------------------------------


def test_quarantined_lines_are_counted_by_reason_most_first(workspace: Workspace) -> None:
    rows = [replace(SPOILED, line=n, reason=r) for n, r in enumerate(("b", "a", "c", "a"), 1)]

    workspace.enter_source([RECORD], [], rows)

    assert list(workspace.quarantine_counts().items()) == [("a", 2), ("b", 1), ("c", 1)]


def test_quarantined_lines_are_listed_in_the_order_of_their_file(workspace: Workspace) -> None:
    workspace.enter_source([RECORD], [], [replace(SPOILED, line=n) for n in (10, 9, 2)])

    assert [row.line for row in workspace.quarantine()] == [2, 9, 10]


def test_no_more_quarantined_lines_are_listed_than_asked_for(workspace: Workspace) -> None:
    workspace.enter_source([RECORD], [], [replace(SPOILED, line=n) for n in (1, 2, 3)])

    assert [row.line for row in workspace.quarantine(limit=2)] == [1, 2]


# -- documents -------------------------------------------------------------------------------------


def test_a_document_is_read_back_with_what_it_was_made_from(workspace: Workspace) -> None:
    workspace.store_documents("m", {"incidents": [{"id": "gänse"}]})

    assert workspace.document("incidents") == ("m", [{"id": "gänse"}])


def test_a_document_nobody_stored_is_none(workspace: Workspace) -> None:
    assert workspace.document("incidents") is None


def test_documents_are_stored_all_or_none(workspace: Workspace) -> None:
    workspace.store_documents("old", {"a": 1, "b": 1})

    with pytest.raises(TypeError):
        workspace.store_documents("new", {"a": 2, "b": object()})

    assert workspace.document("a") == ("old", 1)


def test_a_document_stored_again_replaces_the_one_before(workspace: Workspace) -> None:
    workspace.store_documents("old", {"a": 1})
    workspace.store_documents("new", {"a": 2})

    assert workspace.document("a") == ("new", 2)


# -- fingerprints ----------------------------------------------------------------------------------


def test_equal_inputs_have_equal_fingerprints_whatever_the_order_of_keys() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


def test_inputs_that_only_run_together_alike_have_different_fingerprints() -> None:
    assert fingerprint("ab", "c") != fingerprint("a", "bc")


def test_a_fingerprint_is_pinned_for_every_machine() -> None:
    assert fingerprint("observation", "2024-02", 1) == "64dc864a119f68b5"
