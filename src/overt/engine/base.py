"""How a row type becomes a table: one dataclass, one Arrow schema, one order of columns."""

import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import pyarrow as pa


_SCALARS: dict[object, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us"),
}


def _arrow_type(annotation: object) -> tuple[pa.DataType, bool]:
    """Return the Arrow type of a field and whether it may be missing."""
    if typing.get_origin(annotation) is types.UnionType:
        inner = [a for a in typing.get_args(annotation) if a is not type(None)]
        return _arrow_type(inner[0])[0], True
    if typing.get_origin(annotation) is list:
        return pa.list_(_arrow_type(typing.get_args(annotation)[0])[0]), False
    return _SCALARS[annotation], False


def schema_of(row_type: type[Any]) -> pa.Schema:
    """Return the Arrow schema of a row dataclass, columns in field order.

    Raises:
        KeyError: when a field has a type tables cannot hold; a defect of the row type.
    """
    hints = typing.get_type_hints(row_type)
    columns = []
    for field in fields(row_type):
        arrow, may_miss = _arrow_type(hints[field.name])
        columns.append(pa.field(field.name, arrow, nullable=may_miss))
    return pa.schema(columns)


def table_of(row_type: type[Any], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Return a table of `row_type` from mappings; a key that is left out is missing (None)."""
    return pa.Table.from_pylist(list(rows), schema=schema_of(row_type))


def conform(row_type: type[Any], table: pa.Table) -> pa.Table:
    """Return `table` with exactly the columns and types of `row_type`.

    Raises:
        pa.ArrowInvalid: when a column is missing or a value does not fit; a defect of our own SQL.
    """
    schema = schema_of(row_type)
    return table.select(schema.names).cast(schema)


T = TypeVar("T")


def to_json(document: object) -> Any:  # noqa: ANN401 - JSON
    """Return a frozen document (dataclasses, instants, enums) as JSON values.

    Instants must carry a time zone; they are written RFC 3339, UTC, with a Z.
    """
    return msgspec.to_builtins(document)


def from_json(kind: type[T], body: object) -> T:
    """Return the document of type `kind` that `to_json` made.

    Raises:
        msgspec.ValidationError: when the values are not of that type.
    """
    return msgspec.convert(body, kind)
