"""Simulated measurements in OONI's format: web_connectivity 0.4 and telegram 0.3 documents.

The shapes follow OONI df-000, -001, -002, -005, -006, ts-017 and ts-020; the content is invented.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from overt.lab.draws import unit_name
from overt.lab.world import Scenario, SimulatedNetwork


DATA_CENTRES = (
    "149.154.175.50",
    "149.154.167.51",
    "149.154.175.100",
    "149.154.167.91",
    "149.154.171.5",
    "95.161.76.100",
)
BOGON = "10.10.34.34"
_TIMEOUT, _RESET, _REFUSED = "generic_timeout_error", "connection_reset", "connection_refused"
_NO_ROUTE = "network_unreachable"
_IPV6 = "2a00:1450:4009:81f::200e"
_PAGE = "<html><head><title>Welcome</title></head><body>" + "hello " * 40 + "</body></html>"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """One measurement about to be written: who measures, when, and what befalls it.

    `lot` is the random part of its identifiers; `arrived` is when the collector had it, None: at
    once.
    """

    network: SimulatedNetwork
    unit: int
    at: datetime
    mechanism: str | None
    lot: int = 0
    arrived: datetime | None = None


def address_of(host: str, n_moves: int = 0) -> str:
    """Return a stable, invented public address for a host that has moved so many times."""
    digest = hashlib.sha256((f"{host} {n_moves}" if n_moves else host).encode()).digest()
    return f"151.101.{digest[0]}.{digest[1] or 1}"


def document(scenario: Scenario, moment: Moment) -> Json:
    """Return one measurement as OONI would archive it.

    Its identifier carries the collector's clock, so that a late upload shows there.
    """
    n_moves = sum(change <= moment.at for change in scenario.address_changes)
    keys = (
        telegram_keys(moment, n_moves)
        if scenario.nettest == "telegram"
        else web_keys(moment, scenario.url, n_moves)
    )
    arrived = moment.arrived or moment.at
    test = scenario.nettest.replace("_", "")
    lot = f"{moment.lot:016x}"
    network = moment.network
    body = {
        "annotations": {
            "architecture": "arm64",
            "network_type": ("wifi", "mobile")[moment.unit % 2],
            "platform": ("android", "linux", "macos")[moment.unit % 3],
            "simulated": "true",
        },
        "data_format_version": "0.2.0",
        "input": None if scenario.nettest == "telegram" else scenario.url,
        "measurement_start_time": f"{moment.at:%Y-%m-%d %H:%M:%S}",
        "measurement_uid": f"{arrived:%Y%m%d%H%M%S.%f}_{network.cc}_{test}_{lot}",
        "probe_asn": f"AS{network.asn}",
        "probe_cc": network.cc,
        "probe_ip": "127.0.0.1",
        "probe_network_name": network.name,
        "report_id": f"{moment.at:%Y%m%dT%H%M%SZ}_{test}_{network.cc}_{network.asn}_n1_{lot}",
        "resolver_asn": f"AS{network.asn}",
        "resolver_ip": f"151.102.{network.asn % 250}.{_resolver(moment)}",
        "resolver_network_name": network.name,
        "software_name": "overt-lab",
        "software_version": scenario.version_of(moment.unit),
        "test_keys": keys,
        "test_name": scenario.nettest,
        "test_runtime": 5.0,
        "test_start_time": f"{moment.at:%Y-%m-%d %H:%M:%S}",
        "test_version": "0.3.1" if scenario.nettest == "telegram" else "0.4.3",
    }
    if scenario.probe_ids:
        body["probe_id"] = unit_name(scenario, network, moment.unit)
    return body


def _resolver(moment: Moment) -> int:
    """Return the last byte of a unit's resolver: strangers use one of the network's own."""
    return moment.unit % moment.network.units % 254 + 1


def telegram_keys(moment: Moment, n_moves: int = 0) -> Json:
    """Return the test keys of a telegram measurement (OONI ts-020)."""
    m = moment.mechanism
    connects: list[Json] = []
    requests: list[Json] = []
    for address in DATA_CENTRES:
        for port in (443, 80):
            connect = {"tcp.timeout": _TIMEOUT, "tcp.refused": _REFUSED, "down": _REFUSED}.get(
                m or ""
            )
            connects.append(_connect(address, port, connect))
            failed = connect or (_TIMEOUT if m in {"http.timeout", "tls.timeout"} else None)
            failed = failed or (_RESET if m == "tls.reset" else None)
            requests.append(_request(f"http://{address}:{port}/", failed, 501))
    web = _web(moment, "web.telegram.org", n_moves)
    page_failure = web["http_failure"]
    return {
        "queries": web["queries"],
        "tcp_connect": connects + web["tcp_connect"],
        "tls_handshakes": web["tls_handshakes"],
        "requests": [*requests, _request("https://web.telegram.org/", page_failure, 200)],
        "telegram_http_blocking": all(r["failure"] for r in requests),
        "telegram_tcp_blocking": not any(c["status"]["success"] for c in connects),
        "telegram_web_failure": page_failure,
        "telegram_web_status": "blocked" if page_failure else "ok",
    }


def web_keys(moment: Moment, url: str, n_moves: int = 0) -> Json:
    """Return the test keys of a web_connectivity measurement (OONI ts-017)."""
    host = urlsplit(url).hostname or ""
    web = _web(moment, host, n_moves)
    address = address_of(host, n_moves)
    down = moment.mechanism == "down"
    failure = web["http_failure"]
    return {
        "queries": web["queries"],
        "tcp_connect": web["tcp_connect"],
        "tls_handshakes": web["tls_handshakes"],
        "requests": [_request(url, failure, 200)],
        "control_failure": None,
        "control": {
            "dns": {"failure": None, "addrs": [address]},
            "tcp_connect": {
                f"{address}:443": {"status": not down, "failure": _REFUSED if down else None}
            },
            "http_request": {
                "failure": _REFUSED if down else None,
                "status_code": -1 if down else 200,
                "body_length": -1 if down else len(_PAGE),
                "title": "" if down else "Welcome",
                "headers": {},
            },
        },
        "blocking": False if failure is None or down else "http-failure",
        "accessible": failure is None,
    }


def _web(moment: Moment, host: str, n_moves: int) -> Json:
    """Return the blocks of one attempt to reach `https://host/`, with how the page fetch ended."""
    m = moment.mechanism
    address = BOGON if m == "dns.injection.bogon" else address_of(host, n_moves)
    if m == "dns.nxdomain":
        return {
            "queries": [_query(host, None, "dns_nxdomain_error")],
            "tcp_connect": [],
            "tls_handshakes": [],
            "http_failure": "dns_nxdomain_error",
        }
    queries, connects, handshakes = [_query(host, address, None)], [], []
    connect = {
        "tcp.timeout": _TIMEOUT,
        "dns.injection.bogon": _TIMEOUT,
        "tcp.refused": _REFUSED,
        "down": _REFUSED,
    }.get(m or "")
    connects.append(_connect(address, 443, connect))
    if moment.network.ipv6_broken:
        queries.append(_query(host, _IPV6, None, kind="AAAA"))
        connects.append(_connect(_IPV6, 443, _NO_ROUTE))
    handshake = {"tls.timeout": _TIMEOUT, "tls.reset": _RESET}.get(m or "")
    if connect is None:
        handshakes.append(_handshake(host, address, handshake))
    failure = connect or handshake or (_TIMEOUT if m == "http.timeout" else None)
    return {
        "queries": queries,
        "tcp_connect": connects,
        "tls_handshakes": handshakes,
        "http_failure": failure,
    }


def _query(host: str, address: str | None, failure: str | None, kind: str = "A") -> Json:
    family = "ipv6" if kind == "AAAA" else "ipv4"
    answers = [] if address is None else [{"answer_type": kind, family: address, "ttl": None}]
    return {
        "engine": "system",
        "hostname": host,
        "query_type": kind,
        "failure": failure,
        "answers": answers,
        "resolver_address": "",
    }


def _connect(address: str, port: int, failure: str | None) -> Json:
    return {
        "ip": address,
        "port": port,
        "status": {"success": failure is None, "failure": failure, "blocked": failure is not None},
    }


def _handshake(host: str, address: str, failure: str | None) -> Json:
    return {
        "network": "tcp",
        "address": f"{address}:443",
        "server_name": host,
        "tls_version": "" if failure else "TLSv1.3",
        "no_tls_verify": False,
        "peer_certificates": None,
        "failure": failure,
        "t0": 0.1,
        "t": 10.1 if failure == _TIMEOUT else 0.3,
    }


def _request(url: str, failure: str | None, code: int) -> Json:
    answered = failure is None
    return {
        "request": {"url": url, "method": "GET", "headers": {}, "body": ""},
        "response": {
            "code": code if answered else 0,
            "headers": {},
            "body": _PAGE if answered else "",
            "body_is_truncated": False,
        },
        "failure": failure,
    }
