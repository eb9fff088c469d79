import gzip
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from overt.sources.ooni_json import (
    Document,
    Malformed,
    computed_uid,
    mapping,
    mappings,
    number,
    read_documents,
    text,
    whole,
)
from overt.sources.reader import Spoiled


NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
SOUND: dict[str, Any] = {
    "measurement_uid": "20240229120000.1_PK_webconnectivity_0",
    "test_name": "web_connectivity",
    "input": "https://x.com/",
    "probe_cc": "PK",
    "probe_asn": "AS17557",
    "measurement_start_time": "2024-02-29 12:00:00",
    "annotations": {"platform": "android", "network_type": "mobile"},
    "test_keys": {"queries": []},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "measurements.jsonl"


def without(key: str) -> dict[str, Any]:
    return {k: v for k, v in SOUND.items() if k != key}


def items(path: Path, *lines: Any) -> list[Document | Spoiled]:
    raw = [body if isinstance(body, bytes) else json.dumps(body).encode() for body in lines]
    path.write_bytes(b"".join(body + b"\n" for body in raw))
    return list(read_documents(path, NOW))


def only(path: Path, body: Any) -> Document:
    [item] = items(path, body)
    assert isinstance(item, Document), item
    return item


def spoiled(path: Path, *lines: Any) -> list[tuple[int, str]]:
    return [(i.number, i.reason) for i in items(path, *lines) if isinstance(i, Spoiled)]


# -- documents -------------------------------------------------------------------------------------


def test_a_document_knows_its_line(path: Path) -> None:
    found = items(path, SOUND, b"honk", SOUND)

    assert [item.line for item in found if isinstance(item, Document)] == [1, 3]


def test_the_base_fields_are_typed(path: Path) -> None:
    base = only(path, SOUND).base

    assert {k: base[k] for k in ("probe_cc", "probe_asn", "measurement_start_time")} == {
        "probe_cc": "PK",
        "probe_asn": 17557,
        "measurement_start_time": datetime(2024, 2, 29, 12),  # noqa: DTZ001 - as tables hold
    }


def test_platform_and_network_type_come_from_the_annotations(path: Path) -> None:
    base = only(path, SOUND).base

    assert (base["platform"], base["network_type"]) == ("android", "mobile")


def test_the_start_of_the_test_stands_in_for_that_of_the_measurement(path: Path) -> None:
    body = without("measurement_start_time") | {"test_start_time": "2024-02-29 12:00:00"}

    assert only(path, body).base["measurement_start_time"].hour == 12


def test_an_unknown_place_is_kept_and_marked(path: Path) -> None:
    base = only(path, SOUND | {"probe_cc": "ZZ", "probe_asn": "AS0"}).base

    assert (base["probe_cc"], base["probe_asn"]) == ("ZZ", 0)


def test_an_input_in_a_list_of_one_is_read(path: Path) -> None:
    assert only(path, SOUND | {"input": ["https://x.com/"]}).base["input"] == "https://x.com/"


@pytest.mark.parametrize("empty", [None, []])
def test_a_measurement_may_have_no_input(path: Path, empty: Any) -> None:
    assert only(path, SOUND | {"input": empty}).base["input"] is None


def test_a_measurement_filed_without_identifier_gets_oonis(path: Path) -> None:
    body = without("measurement_uid")
    raw = json.dumps(body).encode()

    found = only(path, body).base["measurement_uid"]

    assert found == computed_uid(raw, datetime(2024, 2, 29, 12, tzinfo=UTC))


def test_a_computed_identifier_carries_the_day_and_thirty_digits() -> None:
    uid = computed_uid(b"{}", datetime(2024, 2, 29, tzinfo=UTC))

    assert (uid[:10], len(uid)) == ("0120240229", 40)


def test_a_byte_order_mark_is_no_reason_to_lose_the_first_document(path: Path) -> None:
    raw = b"\xef\xbb\xbf" + json.dumps(SOUND).encode()

    assert [type(item) for item in items(path, raw, SOUND)] == [Document, Document]


# -- lines set apart -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "blank_line"),
        (b"  \t ", "blank_line"),
        (b"honk", "not_json"),
        (b'{"test_name": "web_conn', "not_json"),
        (b'{"test_name": "caf\xe9"}', "not_json"),
        (b'{"test_name": NaN}', "not_json"),
        (b'{"test_name": 1e999}', "not_json"),
        (b'{"test_name": "\\ud800"}', "not_json"),
        (b'{"test_name": "a\0b"}', "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"a":' * 100_000, "not_json"),
        ([SOUND], "not_a_measurement"),
        (5, "not_a_measurement"),
        (None, "not_a_measurement"),
        ({}, "not_a_measurement"),
        (without("test_name"), "not_a_measurement"),
        (SOUND | {"test_name": 5}, "wrong_type"),
        (SOUND | {"test_name": "ndt"}, "no_reader_yet"),
        (without("test_keys"), "no_facts"),
        (SOUND | {"test_keys": {}}, "no_facts"),
        (SOUND | {"test_keys": []}, "wrong_type"),
        (without("measurement_start_time"), "missing_field"),
        (SOUND | {"measurement_start_time": "soon"}, "wrong_value"),
        (SOUND | {"measurement_start_time": 1709208000}, "wrong_type"),
        (SOUND | {"measurement_start_time": "0001-01-01T00:00:00+14:00"}, "wrong_value"),
        (SOUND | {"measurement_start_time": "2024-03-02 12:00:00"}, "wrong_clock"),
        (SOUND | {"measurement_start_time": "1970-01-01 00:00:00"}, "wrong_clock"),
        (SOUND | {"probe_cc": "PAK"}, "wrong_value"),
        (SOUND | {"probe_asn": "PTCL"}, "wrong_value"),
        (SOUND | {"probe_asn": 17557}, "wrong_type"),
        (SOUND | {"annotations": "android"}, "wrong_type"),
        (SOUND | {"annotations": {"platform": 5}}, "wrong_type"),
        (SOUND | {"input": {"url": "https://x.com/"}}, "wrong_type"),
        (SOUND | {"input": [5]}, "wrong_type"),
    ],
)
def test_a_line_that_is_no_measurement_is_set_apart_with_its_number(
    path: Path, body: Any, reason: str
) -> None:
    assert spoiled(path, SOUND, body, SOUND) == [(2, reason)]


def test_a_nettest_without_reader_is_named(path: Path) -> None:
    [item] = items(path, SOUND | {"test_name": "ndt"})

    assert isinstance(item, Spoiled) and item.detail == "ndt"


def test_documents_before_a_cut_stay_usable(path: Path) -> None:
    line = json.dumps(SOUND).encode() + b"\n"
    path.write_bytes(gzip.compress(line * 20)[:-8])

    found = list(read_documents(path, NOW))

    assert [type(item) for item in found] == [Document] * 20 + [Spoiled]


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
oddities = st.dictionaries(st.sampled_from(sorted(SOUND)), json_values)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        oddities.map(lambda odd: json.dumps(SOUND | odd).encode())
        | st.binary(max_size=40).map(lambda b: b.replace(b"\n", b"")),
        max_size=12,
    )
)
def test_lines_read_and_set_apart_are_the_lines_of_the_file(lines: list[bytes]) -> None:
    assume(not lines or not lines[0].startswith(b"\x1f\x8b"))
    with tempfile.TemporaryDirectory() as folder:
        found = items(Path(folder) / "measurements.jsonl", *lines)

    numbers = [item.number if isinstance(item, Spoiled) else item.line for item in found]
    assert numbers == list(range(1, len(lines) + 1))


# -- typed access ----------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [text, mapping, number, whole])
def test_a_field_that_is_missing_or_null_is_none(read: Any) -> None:
    assert (read({}, "a"), read({"a": None}, "a")) == (None, None)


def test_a_list_of_objects_that_is_missing_or_null_is_empty() -> None:
    assert (mappings({}, "a"), mappings({"a": None}, "a")) == ([], [])


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (text, 5),
        (text, False),
        (mapping, []),
        (mappings, {}),
        (mappings, [{}, None]),
        (number, True),
        (number, "5"),
        (number, 10**30),
        (number, 1e300),
        (whole, 0.5),
    ],
)
def test_a_field_of_another_type_is_a_defect_of_the_document(read: Any, value: Any) -> None:
    with pytest.raises(Malformed) as defect:
        read({"a": value}, "a")

    assert defect.value.reason == "wrong_type" and defect.value.detail.startswith("a is ")


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert whole({"a": 443.0}, "a") == 443
