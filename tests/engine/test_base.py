from dataclasses import dataclass, fields
from datetime import UTC, datetime

import msgspec
import pyarrow as pa
import pytest

from overt.engine.base import conform, from_json, schema_of, table_of, to_json
from overt.vocabulary.facts import Observation
from overt.vocabulary.judgements import Bracket, Change, State, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Bird:
    name: str
    n_eggs: int
    weight_kg: float | None = None
    seen: datetime | None = None
    songs: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unholdable:
    thing: object


BIRD = {"name": "goose", "n_eggs": 6, "songs": ["honk"]}


def test_a_schema_has_the_fields_in_their_order() -> None:
    assert schema_of(Observation).names == [field.name for field in fields(Observation)]


def test_a_field_that_may_be_none_may_be_missing_and_no_other() -> None:
    nullable = [column.name for column in schema_of(Bird) if column.nullable]

    assert nullable == ["weight_kg", "seen"]


def test_an_instant_becomes_a_timestamp_without_zone() -> None:
    assert schema_of(Bird).field("seen").type == pa.timestamp("us")


def test_a_list_becomes_a_list_column() -> None:
    assert schema_of(Verdict).field("rules").type == pa.list_(pa.string())


def test_a_type_no_table_holds_is_our_defect() -> None:
    with pytest.raises(KeyError):
        schema_of(Unholdable)


def test_a_key_left_out_is_missing() -> None:
    [row] = table_of(Bird, [BIRD]).to_pylist()

    assert row == {**BIRD, "weight_kg": None, "seen": None}


def test_no_rows_make_an_empty_table_with_every_column() -> None:
    table = table_of(Bird, [])

    assert (table.num_rows, table.schema) == (0, schema_of(Bird))


def test_a_value_of_another_type_is_not_let_into_a_table() -> None:
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        table_of(Bird, [{**BIRD, "n_eggs": "six"}])


def test_conforming_puts_columns_in_order_and_drops_strangers() -> None:
    disordered = pa.table(
        {"songs": [["honk"]], "extra": [1], "n_eggs": [6], "name": ["goose"]}
    ).append_column("weight_kg", pa.array([4.5]))
    disordered = disordered.append_column("seen", pa.array([None], pa.timestamp("us")))

    assert conform(Bird, disordered).schema == schema_of(Bird)


def test_conforming_makes_narrow_numbers_wide() -> None:
    narrow = table_of(Bird, [BIRD]).set_column(1, "n_eggs", pa.array([6], pa.int8()))

    assert conform(Bird, narrow).column("n_eggs").to_pylist() == [6]


def test_a_column_our_own_sql_forgot_is_our_defect() -> None:
    with pytest.raises(KeyError):
        conform(Bird, pa.table({"name": ["goose"]}))


def test_a_value_our_own_sql_got_wrong_is_our_defect() -> None:
    wrong = table_of(Bird, [BIRD]).set_column(1, "n_eggs", pa.array(["six"]))

    with pytest.raises(pa.ArrowInvalid):
        conform(Bird, wrong)


def test_a_document_is_read_back_as_it_was_written() -> None:
    bracket = Bracket(
        earliest=datetime(2024, 2, 17, tzinfo=UTC), latest=datetime(2024, 2, 18, tzinfo=UTC)
    )

    assert from_json(Bracket, to_json(bracket)) == bracket


def test_instants_in_a_document_end_in_z() -> None:
    body = to_json({"at": datetime(2024, 2, 17, tzinfo=UTC), "state": State.DOWN})

    assert body == {"at": "2024-02-17T00:00:00Z", "state": "down"}


def test_a_document_of_another_type_is_not_read() -> None:
    with pytest.raises(msgspec.ValidationError):
        from_json(Change, {"id": 5})
