"""OONI observation tables exported as CSV: one row per measurement and endpoint, already flat.

Column names are those of the `obs_web` table of OONI's v5 pipeline, which exports and notebooks
carry over; numbers may have passed through a data frame ("443.0", "nan").
"""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from overt.reference.hostnames import canonical_address, canonical_hostname, is_bogon, split_url
from overt.sources.reader import Row, Spoiled, read_lines, read_records, time_defect
from overt.vocabulary.facts import canonical_failure
from overt.vocabulary.instants import parse_measurement_time, to_table
from overt.vocabulary.places import UNKNOWN_ASN, UNKNOWN_CC, parse_asn, parse_cc


REQUIRED = ("measurement_uid", "test_name", "probe_cc", "probe_asn", "measurement_start_time")
NEEDED = ("measurement_uid", "test_name", "measurement_start_time")  # place may be unknown
EVIDENCE = (
    "dns_failure",
    "dns_answer",
    "tcp_failure",
    "tcp_success",
    "tls_failure",
    "http_failure",
)
_MISSING = {"", "nan", "NaN", "None", "null", "NULL", "\\N", "<NA>", "NaT"}
MAX_FIELD_BYTES = 2**20
_WHOLE = re.compile(r"-?[0-9]{1,15}(\.0*)?\Z")
_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{0,30})?(e-?[0-9]{1,3})?\Z", re.IGNORECASE)
# The exporter subtracts two clocks and sometimes gets less than nothing; such a duration is read as
# not observed and counted, because the rest of its row is sound.
NEGATIVE = -1.0


def _text(value: str) -> str | None:
    return None if value in _MISSING else value


@lru_cache(maxsize=65_536)
def _integer(value: str) -> int | None:
    if value in _MISSING:
        return None
    if not _WHOLE.match(value):
        raise ValueError(f"{value[:40]!r} is not a whole number of usual size")
    return int(value.partition(".")[0])


def _seconds(value: str) -> float | None:
    if value in _MISSING:
        return None
    number = float(value) if _DECIMAL.match(value) else float("nan")
    if not abs(number) < 1e9:  # noqa: PLR2004 - refuses NaN and infinities too
        raise ValueError(f"{value[:40]!r} is not a duration in seconds")
    return number if number >= 0 else NEGATIVE


@lru_cache(maxsize=1024)
def _truth(value: str) -> bool | None:
    if value in _MISSING:
        return None
    if value.lower() in {"1", "1.0", "true", "t"}:
        return True
    if value.lower() in {"0", "0.0", "false", "f"}:
        return False
    raise ValueError(f"{value!r} is neither true nor false")


# our field: (column, converter). What is not here is derived from others or not needed.
_FIELDS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "report_id": ("report_id", _text),
    "test_version": ("test_version", _text),
    "input": ("input", _text),
    "software_name": ("software_name", _text),
    "software_version": ("software_version", _text),
    "platform": ("platform", _text),
    "architecture": ("architecture", _text),
    "network_type": ("network_type", _text),
    "probe_id": ("probe_id", _text),
    "probe_as_org_name": ("probe_as_org_name", _text),
    "resolver_cc": ("resolver_cc", _text),
    "ip_asn": ("ip_asn", _integer),
    "port": ("port", _integer),
    "dns_engine": ("dns_engine", _text),
    "dns_query_type": ("dns_query_type", _text),
    "dns_answer": ("dns_answer", _text),
    "tls_server_name": ("tls_server_name", _text),
    "tls_is_certificate_valid": ("tls_is_certificate_valid", _truth),
    "tls_handshake_time": ("tls_handshake_time", _seconds),
    "tls_handshake_read_bytes": ("tls_handshake_read_bytes", _integer),
    "tls_end_entity_certificate_issuer_common_name": (
        "tls_end_entity_certificate_issuer_common_name",
        _text,
    ),
    "tls_end_entity_certificate_fingerprint": ("tls_end_entity_certificate_fingerprint", _text),
    "http_request_url": ("http_request_url", _text),
    "http_request_method": ("http_request_method", _text),
    "http_response_status_code": ("http_response_status_code", _integer),
    "http_response_body_length": ("http_response_body_length", _integer),
    "http_response_body_is_truncated": ("http_response_body_is_truncated", _truth),
    "http_response_title": ("http_response_title", _text),
    "http_response_header_location": ("http_response_header_location", _text),
    "http_runtime": ("http_runtime", _seconds),
    "probe_analysis": ("probe_analysis", _text),
}

# Columns OONI's exports carry that say nothing the fields above do not, or nothing we judge by yet.
KNOWN_UNUSED = frozenset(
    [
        "bucket_date",
        "probe_as_cc",
        "probe_as_name",
        "origin",
        "engine_name",
        "engine_version",
        "resolver_as_org_name",
        "resolver_as_cc",
        "resolver_is_scrubbed",
        "resolver_asn_probe",
        "resolver_as_org_name_probe",
        "observation_idx",
        "observation_id",
        "created_at",
        "target_id",
        "ip_as_org_name",
        "ip_as_cc",
        "ip_cc",
        "ip_is_bogon",
        "dns_engine_resolver_address",
        "dns_answer_type",
        "dns_answer_asn",
        "dns_answer_as_org_name",
        "dns_t",
        "tcp_t",
        "tls_outer_server_name",
        "tls_echconfig",
        "tls_version",
        "tls_cipher_suite",
        "tls_t",
        "tls_end_entity_certificate_subject",
        "tls_end_entity_certificate_subject_common_name",
        "tls_end_entity_certificate_issuer",
        "tls_end_entity_certificate_san_list",
        "tls_end_entity_certificate_not_valid_after",
        "tls_end_entity_certificate_not_valid_before",
        "tls_certificate_chain_length",
        "tls_certificate_chain_fingerprints",
        "tls_handshake_read_count",
        "tls_handshake_write_count",
        "tls_handshake_write_bytes",
        "tls_handshake_last_operation",
        "tls_handshake_time_s",
        "http_network",
        "http_alpn",
        "http_request_body_length",
        "http_response_body_sha1",
        "http_response_header_server",
        "http_request_redirect_from",
        "http_request_body_is_truncated",
        "http_t",
        "failure_class",
        "failure_str_full",
        "failure_str",
        "failure_str_raw",
        "transaction_id",
        "tcp_success",
        "tls_success",
    ]
)
_READ_DIRECTLY = frozenset(
    [
        "measurement_uid",
        "test_name",
        "probe_cc",
        "probe_asn",
        "measurement_start_time",
        "hostname",
        "ip",
        "resolver_ip",
        "resolver_asn",
        "dns_failure",
        "tcp_failure",
        "tls_failure",
        "http_failure",
    ]
)


def header_defect(columns: list[str]) -> str | None:
    """Return why a CSV with these columns cannot be read as OONI observations, or None."""
    missing = [c for c in REQUIRED if c not in columns]
    if missing:
        found = ", ".join(columns[:8]) + (", …" if len(columns) > 8 else "")  # noqa: PLR2004
        return f"it lacks the columns {', '.join(missing)}; it has {found}"
    if not any(c in columns for c in EVIDENCE):
        return f"it has none of the columns that carry evidence: {', '.join(EVIDENCE)}"
    repeated = sorted({c for c in columns if columns.count(c) > 1})
    if repeated:
        return f"it has the columns {', '.join(repeated)} more than once"
    return None


def unknown_columns(columns: list[str]) -> list[str]:
    """Return the columns this reader knows nothing about, in the file's order."""
    known = {column for column, _ in _FIELDS.values()} | KNOWN_UNUSED | _READ_DIRECTLY
    return [c for c in columns if c not in known]


class ObservationCsv:
    """One CSV file of observations.

    Iterating yields one item per record: a mapping of observation fields with its line, or
    `Spoiled`. `columns` is None when the file has no header to speak of.
    """

    def __init__(self, path: Path, now: datetime) -> None:
        self._now = now
        self._records = read_records(read_lines(path))
        self._damage: Spoiled | None = None
        self.n_negative_durations = 0
        csv.field_size_limit(MAX_FIELD_BYTES)
        header = next(self._records, None)
        self.columns: list[str] | None = None
        if isinstance(header, Spoiled):
            self._damage = header
        elif header is not None:
            self.columns = header[1]

    def cut_in_header(self) -> Spoiled | None:
        """Return what spoiled the file before its header was whole, or None."""
        return self._damage

    def __iter__(self) -> Iterator[tuple[int, Row] | Spoiled]:
        columns = self.columns or []
        places = {name: i for i, name in enumerate(columns)}
        fields = [
            (field, places[column], convert)
            for field, (column, convert) in _FIELDS.items()
            if column in places
        ]
        for item in self._records:
            if isinstance(item, Spoiled):
                yield item
                continue
            line, record = item
            if not record:
                yield Spoiled(line, "blank_line", "the line is empty")
            elif len(record) != len(columns):
                yield Spoiled(
                    line,
                    "wrong_field_count",
                    f"{len(record)} fields where the header has {len(columns)}",
                )
            else:
                yield self._row(line, record, places, fields)

    def _row(
        self,
        line: int,
        record: list[str],
        places: dict[str, int],
        fields: list[tuple[str, int, Callable[[str], Any]]],
    ) -> tuple[int, Row] | Spoiled:
        def cell(column: str) -> str | None:
            place = places.get(column)
            return None if place is None else _text(record[place])

        if any("\udc80" <= c <= "\udcff" for value in record for c in value if c > "\x7f"):
            return Spoiled(line, "invalid_utf8", "a field is not UTF-8")
        for required in NEEDED:
            if cell(required) is None:
                return Spoiled(line, "missing_field", f"{required} is empty")
        try:
            row: Row = {}
            for field, place, convert in fields:
                value = convert(record[place])
                if value == NEGATIVE and convert is _seconds:
                    self.n_negative_durations += 1
                elif value is not None:
                    row[field] = value
            start = _start(cell("measurement_start_time") or "")
            row["measurement_start_time"] = to_table(start)
            row["measurement_uid"], row["test_name"] = cell("measurement_uid"), cell("test_name")
            row["probe_cc"] = parse_cc(cell("probe_cc")) or UNKNOWN_CC
            row["probe_asn"] = parse_asn(cell("probe_asn")) or UNKNOWN_ASN
            row["resolver_asn"] = parse_asn(cell("resolver_asn"))
            _place(row, cell)
            _steps(row, cell)
        except (ValueError, OverflowError) as problem:
            return Spoiled(line, "wrong_value", str(problem))
        defect = time_defect(start, self._now)
        if defect:
            return Spoiled(line, "wrong_clock", defect)
        return line, row


@lru_cache(maxsize=65_536)
def _start(text: str) -> datetime:
    return parse_measurement_time(text)


def _place(row: Row, cell: Callable[[str], str | None]) -> None:
    """Fill in which endpoint the row is about; an address in the hostname column is an address."""
    name, address = cell("hostname"), cell("ip")
    row["resolver_ip"] = canonical_address(cell("resolver_ip") or "")
    row["ip"] = canonical_address(address) if address else None
    if name:
        literal = canonical_address(name)
        row["hostname"] = None if literal else canonical_hostname(name)
        row["ip"] = row["ip"] or literal
    url = row.get("http_request_url")
    if url:
        host, literal, port = split_url(url)
        if name is None:
            row["hostname"], row["ip"] = host, row["ip"] or literal
        if row.get("port") is None:
            row["port"] = port


def _steps(row: Row, cell: Callable[[str], str | None]) -> None:
    """Fill in which steps were tried and how they went.

    The export writes `tls_success = 0` where no handshake was tried and 1 beside a failure, so the
    flags alone say little: a step was tried when it has a failure or a result, and went well when
    it was tried and has no failure.
    """
    for step in ("dns", "tcp", "tls", "http"):
        row[f"{step}_failure"] = canonical_failure(cell(f"{step}_failure"))
    tried = {
        "dns": row.get("dns_answer") is not None,
        "tcp": _truth(cell("tcp_success") or "") is not None,
        "tls": bool(_truth(cell("tls_success") or ""))
        or row.get("tls_is_certificate_valid") is not None,
        "http": row.get("http_request_url") is not None,
    }
    for step, had_result in tried.items():
        failed = row[f"{step}_failure"] is not None
        if failed:
            row[f"{step}_ok"] = False
        elif had_result:
            row[f"{step}_ok"] = True
    if row.get("tcp_ok") and _truth(cell("tcp_success") or "") is False:
        row["tcp_ok"] = False
    answer = canonical_address(row.get("dns_answer") or "")
    if answer:
        row["dns_answer"] = answer
        row["dns_answer_is_bogon"] = is_bogon(answer)
