from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from overt.engine.duck import Duck
from overt.settings import Settings


EMPTY = pa.schema({"a": pa.int64()})


@pytest.fixture
def duck(tmp_path: Path) -> Iterator[Duck]:
    with Duck(Settings(workspace=tmp_path, threads=1, memory_limit_mib=128)) as opened:
        yield opened


def part(folder: Path, name: str, *values: int) -> Path:
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.table({"a": pa.array(values, pa.int64())}), folder / name)
    return folder / name


def test_a_table_is_read_by_its_name(duck: Duck) -> None:
    duck.table("goose", pa.table({"a": [1, 2]}))

    assert duck.query("SELECT sum(a)::BIGINT AS s FROM goose").to_pylist() == [{"s": 3}]


def test_parts_are_read_as_one_relation(duck: Duck, tmp_path: Path) -> None:
    duck.parts("p", [part(tmp_path, "1.parquet", 1), part(tmp_path, "2.parquet", 2)], EMPTY)

    assert duck.query("SELECT a FROM p ORDER BY a").column("a").to_pylist() == [1, 2]


def test_no_parts_are_an_empty_relation_with_columns(duck: Duck) -> None:
    duck.parts("p", [], EMPTY)

    assert duck.query("SELECT a FROM p").to_pylist() == []


def test_parts_named_again_replace_those_before(duck: Duck, tmp_path: Path) -> None:
    duck.parts("p", [part(tmp_path, "1.parquet", 1)], EMPTY)
    duck.parts("p", [part(tmp_path, "2.parquet", 2)], EMPTY)

    assert duck.query("SELECT a FROM p").column("a").to_pylist() == [2]


@pytest.mark.parametrize("name", ["it's", "ooni [2024]", "a*b", "what?", 'so "called"', "gänse"])
def test_a_folder_may_have_any_name(duck: Duck, tmp_path: Path, name: str) -> None:
    duck.parts("p", [part(tmp_path / name, "1.parquet", 1)], EMPTY)

    assert duck.query("SELECT a FROM p").column("a").to_pylist() == [1]


def test_values_are_bound_and_never_read_as_sql(duck: Duck) -> None:
    hostile = "'; DROP TABLE goose; --"

    assert duck.query("SELECT ? AS a", [hostile]).to_pylist() == [{"a": hostile}]


def test_a_statement_run_for_its_effect_lasts_as_long_as_the_connection(duck: Duck) -> None:
    duck.run("CREATE TEMP TABLE goose AS SELECT 7 AS a")

    assert duck.query("SELECT a FROM goose").column("a").to_pylist() == [7]


def test_a_timestamp_passes_without_a_zone(duck: Duck) -> None:
    table = duck.query("SELECT TIMESTAMP '2024-02-17 12:00:00' AS t")

    assert table.schema.field("t").type == pa.timestamp("us")


def test_the_settings_bound_the_engine(duck: Duck) -> None:
    [row] = duck.query("SELECT current_setting('threads')::BIGINT AS n").to_pylist()

    assert row == {"n": 1}


def test_a_connection_is_closed_with_its_block(tmp_path: Path) -> None:
    with Duck(Settings(workspace=tmp_path)) as closed:
        pass

    with pytest.raises(duckdb.Error):
        closed.query("SELECT 1")


def test_long_queries_write_no_bar_among_the_data(settings: Settings) -> None:
    with Duck(settings) as duck:
        told = duck.query("SELECT current_setting('enable_progress_bar') AS bar").to_pylist()

    assert told == [{"bar": False}]
