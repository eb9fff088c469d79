import gzip
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.sources import ooni_csv, reader
from overt.sources.ooni_csv import ObservationCsv, header_defect, unknown_columns
from overt.sources.reader import Row, Spoiled


NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
SOUND = {
    "measurement_uid": "20240229120000.1_PK_webconnectivity_0",
    "test_name": "web_connectivity",
    "probe_cc": "PK",
    "probe_asn": "17557",
    "measurement_start_time": "2024-02-29 12:00:00",
    "hostname": "X.com",
    "ip": "1.1.1.1",
    "port": "443",
    "dns_answer": "",
    "dns_failure": "",
    "tcp_failure": "",
    "tcp_success": "",
    "tls_failure": "",
    "tls_success": "",
    "tls_handshake_time": "",
    "http_failure": "",
    "http_request_url": "",
    "http_response_title": "",
}
HEADER = ",".join(SOUND)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "export.csv"


def line(**cells: str) -> str:
    return ",".join({**SOUND, **cells}.values())


def items(path: Path, *lines: str | bytes, header: str = HEADER) -> list[tuple[int, Row] | Spoiled]:
    raw = [text if isinstance(text, bytes) else text.encode() for text in (header, *lines)]
    path.write_bytes(b"\n".join(raw) + b"\n")
    return list(ObservationCsv(path, NOW))


def only(path: Path, **cells: str) -> Row:
    [item] = items(path, line(**cells))
    assert not isinstance(item, Spoiled), item
    return item[1]


def spoiled(path: Path, *lines: str | bytes) -> list[tuple[int, str]]:
    return sorted((i.number, i.reason) for i in items(path, *lines) if isinstance(i, Spoiled))


def read(path: Path, *lines: str | bytes) -> list[int]:
    return [item[0] for item in items(path, *lines) if not isinstance(item, Spoiled)]


# -- headers ---------------------------------------------------------------------------------------


def test_a_sound_header_has_no_defect() -> None:
    assert header_defect(list(SOUND)) is None


def test_other_columns_are_named_in_the_defect() -> None:
    assert header_defect(["date", "deaths"]) == (
        "it lacks the columns measurement_uid, test_name, probe_cc, probe_asn,"
        " measurement_start_time; it has date, deaths"
    )


def test_a_table_without_evidence_is_not_observations() -> None:
    assert "carry evidence" in (header_defect(list(ooni_csv.REQUIRED)) or "")


def test_a_column_twice_is_a_defect() -> None:
    assert "hostname more than once" in (header_defect([*SOUND, "hostname"]) or "")


def test_columns_nobody_knows_are_listed_in_their_order() -> None:
    assert unknown_columns([*SOUND, "mood", "created_at", "colour"]) == ["mood", "colour"]


def test_a_byte_order_mark_is_no_part_of_the_first_column(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + HEADER.encode() + b"\n")

    assert ObservationCsv(path, NOW).columns == list(SOUND)


def test_an_empty_file_has_no_header(path: Path) -> None:
    path.write_bytes(b"")

    assert ObservationCsv(path, NOW).columns is None


# -- cells -----------------------------------------------------------------------------------------


def test_a_row_says_where_it_was_and_when(path: Path) -> None:
    row = only(path)

    assert {k: row[k] for k in ("probe_cc", "probe_asn", "measurement_start_time")} == {
        "probe_cc": "PK",
        "probe_asn": 17557,
        "measurement_start_time": datetime(2024, 2, 29, 12),  # noqa: DTZ001 - as tables hold
    }


def test_a_hostname_is_canonical(path: Path) -> None:
    assert only(path)["hostname"] == "x.com"


def test_an_address_in_the_hostname_column_is_an_address(path: Path) -> None:
    row = only(path, hostname="149.154.175.50", ip="")

    assert (row["hostname"], row["ip"]) == (None, "149.154.175.50")


def test_host_and_port_come_from_the_url_where_no_column_has_them(path: Path) -> None:
    row = only(path, hostname="", ip="", port="", http_request_url="https://Y.com/a")

    assert (row["hostname"], row["ip"], row["port"]) == ("y.com", None, 443)


@pytest.mark.parametrize("text", ["", "nan", "NaN", "None", "null", "\\N", "<NA>"])
def test_a_data_frames_marks_for_missing_are_missing(path: Path, text: str) -> None:
    assert "port" not in only(path, port=text)


def test_a_number_that_passed_through_a_data_frame_is_whole(path: Path) -> None:
    assert only(path, port="443.0")["port"] == 443


def test_an_unknown_place_is_kept_and_marked(path: Path) -> None:
    row = only(path, probe_cc="", probe_asn="AS0")

    assert (row["probe_cc"], row["probe_asn"]) == ("ZZ", 0)


def test_a_bogon_answer_is_marked(path: Path) -> None:
    assert only(path, dns_answer="10.10.34.34")["dns_answer_is_bogon"] is True


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"dns_answer": "1.1.1.1"}, {"dns_ok": True}),
        ({"dns_failure": "dns_nxdomain_error"}, {"dns_ok": False}),
        ({"tcp_success": "1"}, {"tcp_ok": True}),
        ({"tcp_success": "0"}, {"tcp_ok": False}),
        ({"tcp_success": "1.0"}, {"tcp_ok": True}),
        ({"tcp_failure": "connection_reset", "tcp_success": "0"}, {"tcp_ok": False}),
        ({"tls_success": "0"}, {}),
        ({"tls_success": "1"}, {"tls_ok": True}),
        ({"tls_failure": "connection_reset", "tls_success": "1"}, {"tls_ok": False}),
        ({"http_request_url": "https://x.com/"}, {"http_ok": True}),
        ({"http_failure": "eof_error"}, {"http_ok": False}),
        ({}, {}),
    ],
)
def test_a_step_was_tried_when_it_has_a_failure_or_a_result(
    path: Path, cells: dict[str, str], expected: dict[str, bool]
) -> None:
    row = only(path, **cells)

    assert {k: v for k, v in row.items() if k.endswith("_ok")} == expected


def test_a_duration_below_nothing_is_not_observed_and_is_counted(path: Path) -> None:
    path.write_text(f"{HEADER}\n{line(tls_handshake_time='-0.5')}\n")
    table = ObservationCsv(path, NOW)

    rows: list[Any] = list(table)

    assert ("tls_handshake_time" in rows[0][1], table.n_negative_durations) == (False, 1)


# -- lines set apart -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"measurement_start_time": "2024-03-02 12:00:00"}, "wrong_clock"),
        ({"measurement_start_time": "1970-01-01 00:00:00"}, "wrong_clock"),
        ({"measurement_start_time": "soon"}, "wrong_value"),
        ({"measurement_start_time": "0001-01-01T00:00:00+14:00"}, "wrong_value"),
        ({"measurement_start_time": ""}, "missing_field"),
        ({"measurement_uid": ""}, "missing_field"),
        ({"test_name": "nan"}, "missing_field"),
        ({"probe_cc": "PAK"}, "wrong_value"),
        ({"probe_asn": "-1"}, "wrong_value"),
        ({"port": "443.5"}, "wrong_value"),
        ({"port": "9" * 500}, "wrong_value"),
        ({"port": "1e400"}, "wrong_value"),
        ({"port": "-inf"}, "wrong_value"),
        ({"port": "1_0"}, "wrong_value"),
        ({"tls_handshake_time": "NAN"}, "wrong_value"),
        ({"tls_handshake_time": "inf"}, "wrong_value"),
        ({"tls_handshake_time": "fast"}, "wrong_value"),
        ({"tcp_success": "maybe"}, "wrong_value"),
        ({"tls_success": "2"}, "wrong_value"),
    ],
)
def test_a_value_that_cannot_be_is_set_apart_with_its_line(
    path: Path, cells: dict[str, str], reason: str
) -> None:
    assert spoiled(path, line(), line(**cells)) == [(3, reason)]


def test_a_line_with_other_fields_than_the_header_is_set_apart(path: Path) -> None:
    assert spoiled(path, "too,few", line() + ",too many") == [
        (2, "wrong_field_count"),
        (3, "wrong_field_count"),
    ]


def test_a_blank_line_is_set_apart_with_its_line(path: Path) -> None:
    assert spoiled(path, line(), "", line()) == [(3, "blank_line")]


def test_bytes_that_are_not_utf8_are_set_apart(path: Path) -> None:
    latin_1 = line(http_response_title="café").encode("latin-1")

    assert spoiled(path, line(), latin_1, line()) == [(3, "invalid_utf8")]


def test_a_replacement_character_the_exporter_wrote_is_text(path: Path) -> None:
    assert only(path, http_response_title="caf\ufffd")["http_response_title"] == "caf\ufffd"


def test_a_nul_byte_is_text_and_no_end(path: Path) -> None:
    assert only(path, http_response_title="a\0b")["http_response_title"] == "a\0b"


def test_a_quoted_field_may_hold_commas_quotes_and_line_ends(path: Path) -> None:
    row = only(path, http_response_title='"a, ""b""\nc"')

    assert row["http_response_title"] == 'a, "b"\nc'


def test_a_record_over_two_lines_has_the_number_of_its_first(path: Path) -> None:
    assert read(path, line(http_response_title='"a\nb"'), line()) == [2, 4]


def test_a_line_after_a_record_over_two_lines_keeps_its_number(path: Path) -> None:
    assert spoiled(path, line(http_response_title='"a\nb"'), "bad") == [(4, "wrong_field_count")]


def test_a_carriage_return_in_a_field_is_set_apart(path: Path) -> None:
    assert spoiled(path, line(http_response_title="a\rb"), "bad") == [
        (2, "not_csv"),
        (3, "wrong_field_count"),
    ]


def test_a_quote_that_never_closes_is_set_apart(path: Path) -> None:
    assert spoiled(path, line(), line(http_response_title='"a')) == [(3, "not_csv")]


def test_an_open_quote_costs_its_own_line_and_no_other(path: Path) -> None:
    swallowing = line(http_response_title='"a')

    found = items(path, line(), swallowing, *[line()] * 300)

    numbers = [i.number if isinstance(i, Spoiled) else i[0] for i in found]
    assert numbers == list(range(2, 304))
    assert [i.number for i in found if isinstance(i, Spoiled)] == [3]


def test_a_field_over_the_limit_is_set_apart(path: Path) -> None:
    huge = line(http_response_title="a" * (ooni_csv.MAX_FIELD_BYTES + 1))

    assert spoiled(path, huge, line()) == [(2, "not_csv")]


def test_lines_after_an_over_long_one_keep_their_numbers(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ooni_csv, "read_lines", lambda p: reader.read_lines(p, 400))

    found = spoiled(path, line(), line(http_response_title="a" * 500), line(), "bad")

    assert found == [(3, "line_too_long"), (5, "wrong_field_count")]


def test_rows_before_a_cut_stay_usable(path: Path) -> None:
    stored = gzip.compress((HEADER + "\n" + (line() + "\n") * 5).encode(), compresslevel=0)
    path.write_bytes(stored[:-40])

    found = list(ObservationCsv(path, NOW))

    assert [i.reason if isinstance(i, Spoiled) else i[0] for i in found] == [
        *(2, 3, 4, 5),
        "truncated_gzip",
    ]


hostile = st.one_of(
    st.builds(lambda t: line(http_response_title=t), st.text("ab\u20ac \0'", max_size=5)),
    st.builds(lambda t: line(port=t), st.text("0123456789.e-", max_size=5)),
    st.text("a,b\0\ufffd", max_size=8),
).map(lambda text: text.encode())


@settings(max_examples=200, deadline=None)
@given(st.lists(hostile | st.binary(max_size=9).map(lambda b: b.translate(None, b'\n\r"'))))
def test_lines_read_and_set_apart_are_the_lines_of_the_file(lines: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = items(Path(folder) / "export.csv", *lines)

    numbers = sorted(i.number if isinstance(i, Spoiled) else i[0] for i in found)
    assert numbers == list(range(2, len(lines) + 2))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_after_a_header_are_rows_or_set_apart(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = items(Path(folder) / "export.csv", content)

    numbers = [i.number if isinstance(i, Spoiled) else i[0] for i in found]
    assert len(numbers) == len(set(numbers))
