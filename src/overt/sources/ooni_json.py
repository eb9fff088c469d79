"""OONI raw measurements, JSON lines, ours and everyone's: one document per line (OONI df-000)."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from overt.reference.hostnames import canonical_address
from overt.sources.reader import Line, Row, Spoiled, read_lines, time_defect
from overt.vocabulary.instants import parse_measurement_time, to_table
from overt.vocabulary.places import UNKNOWN_ASN, UNKNOWN_CC, parse_asn, parse_cc


# Nettests that become observations. Any other test name is counted as having no reader yet.
NETTESTS = frozenset({"web_connectivity", "telegram"})
MAX_DEPTH_ERROR = "the document is nested too deeply"


class Malformed(Exception):  # noqa: N818 - a defect of one document, turned into a quarantine row
    """One field of a document is not what df-000 or the nettest's specification says."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Document:
    """A measurement as its line carries it: the base fields, typed, and `test_keys` as JSON."""

    line: int
    base: Row
    test_keys: dict[str, Any]


def read_documents(path: Path, now: datetime) -> Iterator[Document | Spoiled]:
    """Yield one item per line of a JSON-lines file: a document, or why there is none."""
    decoder = msgspec.json.Decoder()
    for line in read_lines(path):
        if isinstance(line, Spoiled):
            yield line
            continue
        try:
            yield _document(line, decoder, now)
        except Malformed as defect:
            yield Spoiled(line.number, defect.reason, defect.detail)


def _document(line: Line, decoder: msgspec.json.Decoder[Any], now: datetime) -> Document:
    raw = line.body.removeprefix(b"\xef\xbb\xbf") if line.number == 1 else line.body
    if not raw.strip():
        raise Malformed("blank_line", "the line is empty")
    try:
        body = decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise Malformed("not_json", str(problem)) from problem
    except RecursionError as problem:
        raise Malformed("not_json", MAX_DEPTH_ERROR) from problem
    if not isinstance(body, dict):
        raise Malformed("not_a_measurement", f"the line is a JSON {type(body).__name__}")
    test_name = text(body, "test_name")
    if test_name is None:
        raise Malformed("not_a_measurement", "test_name is missing")
    if test_name not in NETTESTS:
        raise Malformed("no_reader_yet", test_name)
    test_keys = mapping(body, "test_keys")
    if not test_keys:
        raise Malformed("no_facts", "test_keys is missing or empty")
    return Document(line.number, _base(body, test_name, raw, now), test_keys)


def _base(body: dict[str, Any], test_name: str, raw: bytes, now: datetime) -> Row:
    start_text = text(body, "measurement_start_time") or text(body, "test_start_time")
    if start_text is None:
        raise Malformed("missing_field", "measurement_start_time is missing")
    try:
        start = parse_measurement_time(start_text)
        cc, asn = parse_cc(text(body, "probe_cc")), parse_asn(text(body, "probe_asn"))
        resolver_asn = parse_asn(text(body, "resolver_asn"))
    except ValueError as problem:
        raise Malformed("wrong_value", str(problem)) from problem
    defect = time_defect(start, now)
    if defect:
        raise Malformed("wrong_clock", defect)
    annotations = mapping(body, "annotations") or {}
    return {
        "measurement_uid": text(body, "measurement_uid") or computed_uid(raw, start),
        "report_id": text(body, "report_id") or None,
        "test_name": test_name,
        "test_version": text(body, "test_version"),
        "input": _input(body),
        "measurement_start_time": to_table(start),
        "software_name": text(body, "software_name"),
        "software_version": text(body, "software_version"),
        "platform": text(annotations, "platform"),
        "architecture": text(annotations, "architecture"),
        "network_type": text(annotations, "network_type"),
        "probe_id": text(body, "probe_id"),
        "probe_cc": cc or UNKNOWN_CC,
        "probe_asn": asn or UNKNOWN_ASN,
        "probe_as_org_name": text(body, "probe_network_name") or None,
        "resolver_ip": canonical_address(text(body, "resolver_ip") or ""),
        "resolver_asn": resolver_asn,
    }


def _input(body: dict[str, Any]) -> str | None:
    """Return the input; very old documents carry a list of one."""
    value = body.get("input")
    if isinstance(value, list):
        value = value[0] if value else None
    if value is not None and not isinstance(value, str):
        raise Malformed("wrong_type", f"input is a {type(value).__name__}")
    return value


def computed_uid(raw: bytes, start: datetime) -> str:
    """Return the identifier OONI gives a measurement that was filed without one.

    Source: OONI's archive of old cans: `01`, the day, and 15 bytes of SHAKE-128 of the raw line.
    """
    return f"01{start:%Y%m%d}{hashlib.shake_128(raw).hexdigest(15)}"


# -- typed access; a wrong type is a defect of the document, a missing key is not -----------------


def text(parent: dict[str, Any], key: str) -> str | None:
    """Return a string field, None when it is missing or null.

    Raises:
        Malformed: when it is something else.
    """
    value = parent.get(key)
    if value is None or isinstance(value, str):
        return value
    raise Malformed("wrong_type", f"{key} is a {type(value).__name__}, expected a string")


def mapping(parent: dict[str, Any], key: str) -> dict[str, Any] | None:
    """Return an object field, None when it is missing or null.

    Raises:
        Malformed: when it is something else.
    """
    value = parent.get(key)
    if value is None or isinstance(value, dict):
        return value
    raise Malformed("wrong_type", f"{key} is a {type(value).__name__}, expected an object")


def mappings(parent: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return a list of objects, empty when it is missing or null.

    Raises:
        Malformed: when it is something else, or holds something else.
    """
    value = parent.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Malformed("wrong_type", f"{key} is not a list of objects")
    return value


def number(parent: dict[str, Any], key: str) -> float | None:
    """Return a finite number field, None when it is missing or null.

    Raises:
        Malformed: when it is something else.
    """
    value = parent.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 2**53:
        raise Malformed("wrong_type", f"{key} is not a finite number of usual size")
    return value


def whole(parent: dict[str, Any], key: str) -> int | None:
    """Return a whole-number field, None when it is missing or null.

    Raises:
        Malformed: when it is something else.
    """
    value = number(parent, key)
    if value is not None and value != int(value):
        raise Malformed("wrong_type", f"{key} is {value}, expected a whole number")
    return None if value is None else int(value)
