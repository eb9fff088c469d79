import gzip
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.engine.base import schema_of
from overt.observations import build
from overt.observations.build import Intake, batches, observation_id, sniff
from overt.sources.reader import Damage, Spoiled
from overt.vocabulary.facts import Observation, Quarantined


NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
HEADER = (
    b"measurement_uid,test_name,probe_cc,probe_asn,measurement_start_time,hostname,dns_failure\n"
)
ROW = b"u,web_connectivity,PK,17557,2024-02-29 12:00:00,x.com,dns_nxdomain_error\n"
DOCUMENT: dict[str, Any] = {
    "measurement_uid": "u",
    "test_name": "web_connectivity",
    "input": "https://x.com/",
    "probe_cc": "PK",
    "probe_asn": "AS17557",
    "measurement_start_time": "2024-02-29 12:00:00",
    "test_keys": {
        "queries": [{"hostname": "x.com", "query_type": "A", "answers": [{"ipv4": "1.1.1.1"}]}],
        "tcp_connect": [{"ip": "1.1.1.1", "port": 443, "status": {"success": True}}],
        "requests": [{"request": {"url": "https://y.com/"}, "failure": "connection_reset"}],
        "blocking": "http-failure",
    },
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "measurements"


def line(**keys: Any) -> bytes:
    body = {**DOCUMENT, "test_keys": {**DOCUMENT["test_keys"], **keys}}
    return json.dumps(body).encode() + b"\n"


def taken_in(path: Path, content: bytes) -> tuple[Intake, list[dict[str, Any]]]:
    path.write_bytes(content)
    intake = Intake("s" * 64, path)
    return intake, [row for table in batches(intake, NOW) for row in table.to_pylist()]


def reasons(intake: Intake) -> list[tuple[int, str]]:
    return [(q.line, q.reason) for q in intake.quarantined]


# -- what a file holds -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b'{"a": 1}', "jsonl"),
        (b"\n\n  [", "jsonl"),
        (b"\xef\xbb\xbf{", "jsonl"),
        (b"a,b", "csv"),
        (b"\x89PNG", "csv"),
        (gzip.compress(b"{"), "jsonl"),
        (gzip.compress(b""), "empty"),
    ],
)
def test_a_file_is_known_by_its_first_bytes(path: Path, content: bytes, kind: str) -> None:
    path.write_bytes(content)

    assert sniff(path) == kind


def test_a_gzip_stream_without_one_byte_of_content_is_damage(path: Path) -> None:
    path.write_bytes(gzip.compress(b"{}")[:10])

    with pytest.raises(Damage):
        sniff(path)


# -- files that cannot be used ---------------------------------------------------------------------


def test_an_empty_file_is_a_defect_and_no_line(path: Path) -> None:
    intake, _ = taken_in(path, b"")

    assert (reasons(intake), intake.n_lines) == ([(0, "empty_file")], 0)


def test_a_table_of_something_else_is_a_defect_that_names_its_columns(path: Path) -> None:
    intake, _ = taken_in(path, b"date,deaths\n2024-02-29,7\n")

    assert "it has date, deaths" in (intake.defect or "")


def test_a_picture_is_a_table_of_something_else(path: Path) -> None:
    intake, _ = taken_in(path, b"\x89PNG\r\n\x1a\n" + bytes(range(256)))

    assert reasons(intake) == [(0, "other_columns")]


def test_a_header_cut_short_is_told_as_the_cut(path: Path) -> None:
    intake, _ = taken_in(path, gzip.compress(HEADER + ROW, compresslevel=0)[:60])

    assert (intake.defect or "").startswith("truncated_gzip")


def test_a_file_that_went_away_is_a_defect_of_the_file(path: Path) -> None:
    intake = Intake("s", path)

    assert (list(batches(intake, NOW)), reasons(intake)) == ([], [(0, "unreadable")])


def test_a_folder_cannot_be_read_as_a_file(tmp_path: Path) -> None:
    intake = Intake("s", tmp_path)

    assert (list(batches(intake, NOW)), reasons(intake)) == ([], [(0, "unreadable")])


# -- counts ----------------------------------------------------------------------------------------


def test_lines_read_and_set_apart_add_up(path: Path) -> None:
    intake, _ = taken_in(path, line() + b"honk\n" + line() + b"\n" + line(queries=5))

    assert (intake.n_lines, intake.n_read, intake.n_quarantined) == (5, 2, 3)


def test_every_observation_is_counted(path: Path) -> None:
    intake, rows = taken_in(path, line() + line())

    assert intake.n_observations == len(rows) == 4


def test_the_header_of_a_table_is_no_line(path: Path) -> None:
    intake, _ = taken_in(path, HEADER + ROW)

    assert (intake.n_lines, intake.n_read, intake.n_observations) == (1, 1, 1)


def test_a_table_without_rows_is_sound(path: Path) -> None:
    intake, _ = taken_in(path, HEADER)

    assert (intake.n_lines, intake.defect) == (0, None)


def test_documents_before_a_cut_are_observed_and_the_cut_is_a_defect(path: Path) -> None:
    intake, _ = taken_in(path, gzip.compress(line() * 20)[:-8])

    assert (intake.n_read, (intake.defect or "")[:14]) == (20, "truncated_gzip")


def test_a_cut_is_a_defect_of_the_file_and_not_a_line(path: Path) -> None:
    intake, _ = taken_in(path, gzip.compress(line() * 20)[:-8])

    assert intake.n_lines == 20


def test_columns_nobody_knows_are_noticed(path: Path) -> None:
    intake, _ = taken_in(path, HEADER.rstrip() + b",mood\n" + ROW.rstrip() + b",sad\n")

    assert intake.notices == ["columns not understood and left out: mood"]


def test_negative_durations_are_noticed_with_their_number(path: Path) -> None:
    header = HEADER.rstrip() + b",http_runtime\n"
    intake, _ = taken_in(path, header + (ROW.rstrip() + b",-0.1\n") * 2)

    assert intake.notices == ["2 durations below zero read as not observed"]


def test_batches_are_bounded_and_lose_no_row(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "BATCH_ROWS", 4)
    path.write_bytes(line() * 5)

    sizes = [table.num_rows for table in batches(Intake("s", path), NOW)]

    assert sizes == [4, 4, 2]


# -- rows ------------------------------------------------------------------------------------------


def test_a_batch_has_the_columns_of_an_observation(path: Path) -> None:
    path.write_bytes(line())

    [table] = batches(Intake("s", path), NOW)

    assert table.schema == schema_of(Observation)


def test_an_observation_knows_the_line_it_was_read_from(path: Path) -> None:
    _, rows = taken_in(path, b"{honk\n" + line())

    assert {row["source_line"] for row in rows} == {2}


def test_a_redirect_to_another_host_is_a_row_of_its_own(path: Path) -> None:
    _, rows = taken_in(path, line())

    seen = [(row["hostname"], row["http_ok"]) for row in rows]
    assert seen == [("x.com", None), ("y.com", False)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [("http-failure", "http-failure"), (False, "false"), (None, None), ([7], "[7]")],
)
def test_what_the_probe_itself_concluded_is_kept(path: Path, said: Any, expected: str) -> None:
    _, rows = taken_in(path, line(blocking=said))

    assert {row["probe_analysis"] for row in rows} == {expected}


def test_a_document_without_facts_is_set_apart(path: Path) -> None:
    intake, _ = taken_in(path, line(queries=[], tcp_connect=None, requests=[]))

    assert reasons(intake) == [(1, "no_facts")]


@pytest.mark.parametrize(
    "keys",
    [
        {"control": {"dns": {"addrs": 5}}},
        {"control": 5},
        {"control_failure": 5},
        {"tls_handshakes": [{"address": "1.1.1.1:" + "9" * 5000, "failure": 5}]},
        {"queries": [{"answers": [{"asn": "AS5", "ipv4": "1.1.1.1"}]}]},
        {"requests": [{"request": {"url": 5}}]},
    ],
)
def test_a_block_that_is_wrong_costs_its_line_and_no_other(
    path: Path, keys: dict[str, Any]
) -> None:
    intake, _ = taken_in(path, line() + line(**keys) + line())

    assert (reasons(intake), intake.n_read) == ([(2, "wrong_type")], 2)


def test_a_port_of_thousands_of_digits_costs_nobody_anything(path: Path) -> None:
    intake, _ = taken_in(path, line(tls_handshakes=[{"address": "1.1.1.1:" + "9" * 5000}]))

    assert intake.n_read == 1


def test_the_same_fact_has_the_same_name_wherever_it_was_read(path: Path) -> None:
    _, first = taken_in(path, line())
    _, second = taken_in(path, b"\n\n" + line())

    assert [row["observation_id"] for row in first] == [row["observation_id"] for row in second]


def test_another_fact_has_another_name() -> None:
    assert observation_id({"tcp_ok": True}) != observation_id({"tcp_ok": False})


def test_an_empty_text_and_no_text_are_two_facts() -> None:
    assert observation_id({"input": ""}) != observation_id({"input": None})


# -- quarantine ------------------------------------------------------------------------------------


def test_a_strangers_control_characters_do_not_reach_the_quarantine(path: Path) -> None:
    intake = Intake("s", path)

    intake.set_apart(Spoiled(1, "no_reader_yet", "a\x1b[31m\u202eb"))

    assert intake.quarantined == [
        Quarantined(source_id="s", line=1, reason="no_reader_yet", detail="a\ufffd[31m\ufffdb")
    ]


def test_a_strangers_words_are_cut_at_length(path: Path) -> None:
    intake = Intake("s", path)

    intake.set_apart(Spoiled(1, "no_reader_yet", "a" * 1000))

    assert len(intake.quarantined[0].detail) == 300


# -- laws ------------------------------------------------------------------------------------------

junk: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
BLOCKS = {
    "queries": ("hostname", "failure", "answers", "engine", "query_type", "transaction_id"),
    "tcp_connect": ("ip", "port", "status", "transaction_id"),
    "tls_handshakes": ("address", "server_name", "failure", "t0", "t", "peer_certificates"),
    "requests": ("request", "response", "failure", "address", "t0", "t"),
}
entries = {
    block: st.lists(st.dictionaries(st.sampled_from(keys), junk), max_size=2) | junk
    for block, keys in BLOCKS.items()
}
controls = st.fixed_dictionaries(
    {},
    optional={
        "dns": st.fixed_dictionaries({"addrs": junk}),
        "tcp_connect": st.dictionaries(st.just("1.1.1.1:443"), junk),
        "tls_handshake": st.dictionaries(st.text(max_size=9), junk),
        "http_request": st.fixed_dictionaries({"status_code": junk, "failure": junk}) | junk,
    },
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.fixed_dictionaries({}, optional={**entries, "control": controls}), max_size=4))
def test_whatever_the_keys_hold_each_line_is_read_or_set_apart(keys: list[dict[str, Any]]) -> None:
    content = b"".join(line(**some) for some in keys) + line()
    with tempfile.TemporaryDirectory() as folder:
        intake, rows = taken_in(Path(folder) / "measurements", content)

    assert intake.n_lines == len(keys) + 1
    assert intake.n_observations == len(rows)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([b"", b"{", b"[", HEADER, HEADER + ROW, b"\x1f\x8b\x08", b"\xef\xbb\xbf{"]),
    st.binary(max_size=120),
)
def test_any_bytes_at_all_are_read_or_set_apart(start: bytes, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        intake, rows = taken_in(Path(folder) / "measurements", start + content)

    assert intake.n_lines == intake.n_read + intake.n_quarantined
    assert intake.n_observations == len(rows)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 400), st.integers(1, 255))
def test_a_gzip_file_with_any_byte_changed_is_read_or_set_apart(place: int, change: int) -> None:
    packed = bytearray(gzip.compress(line() * 3, mtime=0))
    packed[place % len(packed)] ^= change
    with tempfile.TemporaryDirectory() as folder:
        intake, rows = taken_in(Path(folder) / "measurements", bytes(packed))

    assert intake.n_read > 0 or intake.quarantined
    assert pa.array(rows).null_count == 0
