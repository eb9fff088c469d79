import io
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from rich.console import Console

import overt
from overt.engine.workspace import SourceRecord, Workspace
from overt.publish.doctor import Health, examine, show
from overt.settings import Settings
from overt.vocabulary.facts import Quarantined


HEALTH = Health(
    overt="0.1.0",
    python="3.11.7",
    packages={"rich": "14.0", "duckdb": "2.0"},
    rulebook="abc",
    n_rules=49,
    reference="def",
    n_platforms=10,
    workspace="here",
    holds={"lines": 1234},
    quarantined={"not_json": 3},
    damaged=[],
    problems=[],
)
RECORD = SourceRecord(
    id="5" * 64,
    path="gone.jsonl",
    kind="jsonl",
    size_bytes=7,
    reader="0.1.0",
    n_lines=3,
    n_read=2,
    n_quarantined=1,
    n_observations=4,
    defect=None,
    notices=[],
)


def shown(health: Health, *, terminal: bool = False) -> str:
    stream = io.StringIO()
    show(health, Console(file=stream, width=200, force_terminal=terminal, color_system=None))
    return stream.getvalue()


def settings_of(root: Path) -> Settings:
    return Settings(workspace=root / "workspace")


def prepared(root: Path, *records: SourceRecord) -> Workspace:
    workspace = Workspace(root / "workspace", create=True)
    rows = [Quarantined(source_id=r.id, line=2, reason="not_json", detail="honk") for r in records]
    workspace.enter_source(records, [], rows)
    return workspace


# -- examining -------------------------------------------------------------------------------------


def test_a_workspace_that_is_not_there_yet_is_no_problem(tmp_path: Path) -> None:
    health = examine(settings_of(tmp_path))

    assert (health.problems, health.holds) == ([], {})


def test_looking_makes_no_workspace(tmp_path: Path) -> None:
    examine(settings_of(tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_the_packages_we_need_are_found_with_their_versions(tmp_path: Path) -> None:
    assert {"duckdb", "pyarrow", "rich"} <= set(examine(settings_of(tmp_path)).packages)


def test_the_program_names_its_version(tmp_path: Path) -> None:
    assert examine(settings_of(tmp_path)).overt == overt.__version__


def test_lines_are_counted_read_and_set_apart(tmp_path: Path) -> None:
    prepared(tmp_path, RECORD).close()

    holds = examine(settings_of(tmp_path)).holds

    assert (holds["lines"], holds["lines read"], holds["lines set apart"]) == (3, 2, 1)


def test_lines_set_apart_are_counted_by_reason(tmp_path: Path) -> None:
    prepared(tmp_path, RECORD).close()

    assert examine(settings_of(tmp_path)).quarantined == {"not_json": 1}


def test_a_damaged_file_is_named_with_its_damage(tmp_path: Path) -> None:
    prepared(tmp_path, replace(RECORD, defect="truncated_gzip: it ends")).close()

    assert examine(settings_of(tmp_path)).damaged == ["gone.jsonl: truncated_gzip: it ends"]


def test_a_file_that_is_gone_is_counted_and_no_problem(tmp_path: Path) -> None:
    prepared(tmp_path, RECORD).close()

    health = examine(settings_of(tmp_path))

    assert health.holds["files no longer where they were read"] == 1
    assert health.problems == []


def test_a_part_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    workspace = prepared(tmp_path, RECORD)
    part = workspace.write_part("cell", "p", "m", pa.table({"a": [1]}), None)
    workspace.replace_parts([], [part])
    workspace.path_of(part).unlink()
    workspace.close()

    assert examine(settings_of(tmp_path)).problems == [
        f"1 cell parts are gone, among them {part.name}"
    ]


def test_a_catalog_that_is_no_database_is_a_problem_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "catalog.sqlite").write_bytes(b"chapter one" * 100)

    [problem] = examine(settings_of(tmp_path)).problems

    assert "cannot be opened" in problem


# -- showing ---------------------------------------------------------------------------------------


def test_all_is_well_when_there_is_no_problem() -> None:
    assert shown(HEALTH).splitlines()[-1] == "no problem found"


def test_a_problem_takes_the_place_of_all_is_well() -> None:
    last = shown(replace(HEALTH, problems=["a goose is loose"])).splitlines()[-1]

    assert last == "problem: a goose is loose"


def test_numbers_are_grouped_and_say_of_what() -> None:
    assert "1,234  lines\n" in shown(HEALTH)


def test_an_empty_workspace_says_how_to_make_one() -> None:
    assert "none yet; make one with: overt run PATH" in shown(replace(HEALTH, holds={}))


def test_markup_in_a_strangers_file_name_is_text() -> None:
    health = replace(HEALTH, damaged=["[red]goose[/red].gz: truncated_gzip"])

    assert "[red]goose[/red].gz" in shown(health, terminal=True)


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x07", "\r", "\u202e", "\u2066", "\x9b31m", "\n"])
def test_a_strangers_file_name_can_neither_move_the_cursor_nor_turn_a_line(hostile: str) -> None:
    health = replace(HEALTH, damaged=[f"a{hostile}b.gz: truncated_gzip"])

    lines = shown(health, terminal=True).split("\n")

    assert sum("b.gz" in line and "damaged file: a" in line for line in lines) == 1
    assert all(character.isprintable() for line in lines for character in line)
