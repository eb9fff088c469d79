"""A raw measurement into facts, one list per layer, each fact a mapping of observation fields.

Where the keys are: OONI df-001 (requests), df-002 (queries), df-005 (tcp_connect), df-006
(tls_handshakes). web_connectivity and telegram share these blocks; a nettest that carries others
gets its own function here.
"""

import base64
import binascii
import hashlib
import html
import re
from dataclasses import dataclass, field
from typing import Any

from overt.reference.hostnames import (
    canonical_address,
    canonical_hostname,
    is_bogon,
    split_endpoint,
    split_url,
)
from overt.sources.ooni_json import Malformed, mapping, mappings, number, text, whole
from overt.sources.reader import Row
from overt.vocabulary.facts import canonical_failure


_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,2000})</title", re.IGNORECASE)
_TITLE_WITHIN = 65_536  # a title further into a page than this is not looked for
_TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Facts:
    """What one measurement states, layer by layer, before anything is joined."""

    dns: list[Row] = field(default_factory=list)
    tcp: list[Row] = field(default_factory=list)
    tls: list[Row] = field(default_factory=list)
    http: list[Row] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.dns or self.tcp or self.tls or self.http)


def flatten(test_keys: dict[str, Any]) -> Facts:
    """Return the facts of a measurement's test keys.

    Raises:
        Malformed: when a block is not what its format says; names the field.
    """
    return Facts(
        dns=[fact for query in mappings(test_keys, "queries") for fact in _lookups(query)],
        tcp=[_connect(entry) for entry in mappings(test_keys, "tcp_connect")],
        tls=[_handshake(entry) for entry in mappings(test_keys, "tls_handshakes")],
        http=[_exchange(entry) for entry in mappings(test_keys, "requests")],
    )


def failure_of(entry: dict[str, Any]) -> str | None:
    """Return an entry's failure on the closed list; old probes wrote `false` for none."""
    if entry.get("failure") is False:
        return None
    return canonical_failure(text(entry, "failure"))


def _lookups(query: dict[str, Any]) -> list[Row]:
    """Return one fact per address answered, or one for a lookup that answered none."""
    if canonical_address(text(query, "hostname") or ""):
        return []  # "resolving" an address literal asks nobody anything
    failure = failure_of(query)
    name = canonical_hostname(text(query, "hostname") or "")
    common: Row = {
        "hostname": name,
        "dns_engine": text(query, "engine") or "unknown",
        "dns_query_type": text(query, "query_type"),
        "dns_failure": failure,
        "dns_ok": failure is None,
        "transaction_id": whole(query, "transaction_id"),
    }
    facts = []
    for answer in mappings(query, "answers"):
        literal = canonical_address(text(answer, "ipv4") or text(answer, "ipv6") or "")
        if literal:
            asn = whole(answer, "asn")
            facts.append(
                {
                    **common,
                    "ip": literal,
                    "ip_asn": asn or None,
                    "dns_answer": literal,
                    "dns_answer_is_bogon": is_bogon(literal),
                }
            )
    if not facts:
        if failure is None:
            common["dns_ok"], common["dns_failure"] = False, "dns_no_answer"
        facts.append(common)
    return facts


def _connect(entry: dict[str, Any]) -> Row:
    status = mapping(entry, "status") or {}
    success = status.get("success")
    if success is not None and not isinstance(success, bool):
        raise Malformed("wrong_type", "tcp_connect.status.success is not true or false")
    failure = failure_of(status)
    return {
        "ip": canonical_address(text(entry, "ip") or ""),
        "port": whole(entry, "port"),
        "tcp_ok": None if failure is None and success is None else failure is None and success,
        "tcp_failure": failure,
        "transaction_id": whole(entry, "transaction_id"),
    }


def _handshake(entry: dict[str, Any]) -> Row:
    address, port = split_endpoint(text(entry, "address") or "")
    failure = failure_of(entry)
    started, ended = number(entry, "t0"), number(entry, "t")
    row: Row = {
        "ip": address,
        "port": port,
        "tls_ok": failure is None,
        "tls_failure": failure,
        "tls_server_name": canonical_hostname(text(entry, "server_name") or ""),
        "transaction_id": whole(entry, "transaction_id"),
    }
    if failure is None and entry.get("no_tls_verify") is not True:
        row["tls_is_certificate_valid"] = True
    elif failure is not None and failure.startswith("ssl_"):
        row["tls_is_certificate_valid"] = False
    if started is not None and ended is not None and ended >= started:
        row["tls_handshake_time"] = float(ended - started)
    chain = entry.get("peer_certificates")
    if isinstance(chain, list) and chain:
        leaf = maybe_binary(chain[0])
        if leaf:
            row["tls_end_entity_certificate_fingerprint"] = hashlib.sha256(leaf).hexdigest()
    return row


def _exchange(entry: dict[str, Any]) -> Row:
    request = mapping(entry, "request") or {}
    response = mapping(entry, "response") or {}
    url = text(request, "url")
    hostname, address, port = split_url(url or "")
    failure = failure_of(entry)
    code = whole(response, "code")
    row: Row = {
        "hostname": hostname,
        "ip": address,
        "port": port,
        "http_ok": failure is None,
        "http_failure": failure,
        "http_request_url": url,
        "http_request_method": text(request, "method"),
        "http_response_status_code": code or None,
        "transaction_id": whole(entry, "transaction_id"),
    }
    dialled, dialled_port = split_endpoint(text(entry, "address") or "")
    if dialled:
        row["ip"], row["port"] = dialled, dialled_port
    started, ended = number(entry, "t0"), number(entry, "t")
    if started is not None and ended is not None and ended > started:
        row["http_runtime"] = float(ended - started)
    headers = mapping(response, "headers") or {}
    for name, value in headers.items():
        if name.lower() == "location" and isinstance(value, str):
            row["http_response_header_location"] = value[:2000]
    if code:
        row.update(_body_facts(response))
    return row


def _body_facts(response: dict[str, Any]) -> Row:
    body = maybe_binary(response.get("body"))
    if body is None:
        return {}
    return {
        "http_response_body_length": len(body),
        "http_response_body_sha256": hashlib.sha256(body).hexdigest(),
        "http_response_body_is_truncated": response.get("body_is_truncated") is True,
        "http_response_title": title_of(body),
    }


def maybe_binary(value: object) -> bytes | None:
    """Return the bytes of a df-001 MaybeBinary: text, or `{"format": "base64", "data": …}`.

    Base64 without its padding occurs in old data and is read; what is not base64 is None.
    """
    if isinstance(value, str):
        return value.encode("utf-8", errors="surrogatepass")
    if isinstance(value, dict) and value.get("format") == "base64":
        data = value.get("data")
        if isinstance(data, str):
            try:
                packed = "".join(data.split())
                return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
            except (binascii.Error, ValueError):
                return None
    return None


def title_of(body: bytes) -> str | None:
    """Return the first title of an HTML page, white space folded, at most 200 characters."""
    found = _TITLE.search(body[:_TITLE_WITHIN].decode("utf-8", errors="replace"))
    if found is None:
        return None
    return " ".join(html.unescape(found[1]).split())[:_TITLE_LENGTH] or None
