"""What a web_connectivity test helper saw of the same site, laid beside what the probe saw.

Source: OONI ts-017 and df-000; the helper resolves the host, connects to the addresses both sides
found, and fetches the page. A part of the control that is missing is missing: it says nothing.
"""

from dataclasses import dataclass, field
from typing import Any

from overt.observations.flatten import Facts, failure_of
from overt.reference.hostnames import canonical_address, is_bogon, split_endpoint, split_url
from overt.sources.ooni_json import Malformed, mapping, text, whole
from overt.sources.reader import Row
from overt.vocabulary.facts import canonical_failure


Endpoint = tuple[str | None, int | None]


@dataclass(frozen=True, slots=True)
class Control:
    """A test helper's answers for the host of the measurement's input."""

    failure: str | None = None
    hostname: str | None = None
    addresses: frozenset[str] = frozenset()
    dns_ok: bool | None = None
    tcp: dict[Endpoint, bool] = field(default_factory=dict)
    tls: dict[Endpoint, bool] = field(default_factory=dict)
    fetched_over_tls: bool = False
    reached: frozenset[str] = frozenset()
    http: Row = field(default_factory=dict)


def read_control(test_keys: dict[str, Any], requested: str | None) -> Control:
    """Return the control of a measurement, empty where the helper gave none.

    Raises:
        Malformed: when the control block is not what its specification says.
    """
    failure = canonical_failure(text(test_keys, "control_failure"))
    block = mapping(test_keys, "control") or {}
    if failure is not None or not block:
        return Control(failure=failure)
    hostname, literal, _ = split_url(requested or "")
    dns = mapping(block, "dns") or {}
    addresses = _addresses(dns)
    page = _page(mapping(block, "http_request") or {})
    over_tls = (requested or "").lower().startswith("https:") and page.get("control_http_ok")
    return Control(
        hostname=hostname,
        addresses=addresses,
        dns_ok=bool(addresses) if dns else None,
        tcp=_endpoints(mapping(block, "tcp_connect") or {}),
        tls=_endpoints(mapping(block, "tls_handshake") or {}),
        fetched_over_tls=bool(over_tls),
        reached=addresses | ({literal} if literal else set()),
        http=page,
    )


def _addresses(dns: dict[str, Any]) -> frozenset[str]:
    listed = dns.get("addrs") or []
    if not isinstance(listed, list):
        raise Malformed("wrong_type", "control.dns.addrs is not a list")
    found = (canonical_address(a) for a in listed if isinstance(a, str))
    return frozenset(a for a in found if a)


def _endpoints(block: dict[str, Any]) -> dict[Endpoint, bool]:
    reached = {}
    for endpoint, result in block.items():
        if isinstance(result, dict) and isinstance(result.get("status"), bool):
            reached[split_endpoint(endpoint)] = result["status"] and failure_of(result) is None
    return reached


def _page(block: dict[str, Any]) -> Row:
    """Return what the helper's fetch came to; a status of 0 or below means it got no answer."""
    if not block:
        return {}
    code, length = whole(block, "status_code"), whole(block, "body_length")
    answered = code is not None and code > 0
    return {
        "control_http_ok": answered and failure_of(block) is None,
        "control_http_status_code": code if answered else None,
        "control_http_body_length": length if answered and (length or 0) >= 0 else None,
        "control_http_title": text(block, "title") or None,
    }


def lay_beside(facts: Facts, control: Control) -> None:
    """Add the control's answers to the facts they are about, and only to those.

    The helper speaks of the input's own host; a redirect to another host has no control. Its page
    is the last of the redirects, so it is laid beside the probe's last exchange, the first listed.
    """
    of_host = {f["ip"] for f in facts.dns if f.get("hostname") == control.hostname and f.get("ip")}
    for fact in facts.dns:
        fact["control_failure"] = control.failure
        if control.hostname is not None and fact.get("hostname") == control.hostname:
            fact["control_dns_ok"] = control.dns_ok
            if control.addresses:
                fact["control_dns_is_bogon"] = all(is_bogon(a) for a in control.addresses)
                if fact.get("ip"):
                    fact["control_dns_has_answer"] = fact["ip"] in control.addresses
    for fact in facts.tcp:
        if fact["ip"] in of_host or fact["ip"] in control.addresses:
            fact["control_tcp_ok"] = control.tcp.get((fact["ip"], fact["port"]))
    for fact in facts.tls:
        if fact.get("tls_server_name") == control.hostname:
            said = control.tls.get((fact["ip"], fact["port"]))
            # helpers before 0.5 report no handshakes, but a page fetched over TLS had one
            fetched = control.fetched_over_tls and fact["ip"] in control.reached
            fact["control_tls_ok"] = True if said is None and fetched else said
    if facts.http and control.http:
        facts.http[0].update(control.http)
