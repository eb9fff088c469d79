from typing import Any

import pytest

from overt.observations.control import Control, lay_beside, read_control
from overt.observations.flatten import Facts, flatten
from overt.sources.ooni_json import Malformed


URL = "https://x.com/"
HELPER = {
    "dns": {"failure": None, "addrs": ["1.1.1.1", "2A00:0:0::1"]},
    "tcp_connect": {
        "1.1.1.1:443": {"status": True, "failure": None},
        "[2a00::1]:443": {"status": False, "failure": "connection_refused"},
    },
    "http_request": {
        "failure": None,
        "status_code": 200,
        "body_length": 70,
        "title": "Goose",
        "headers": {},
    },
}


def control(requested: str | None = URL, **block: Any) -> Control:
    return read_control({"control": {**HELPER, **block}}, requested)


def beside(keys: dict[str, Any], helper: Control | None = None) -> Facts:
    facts = flatten(keys)
    lay_beside(facts, helper if helper is not None else control())
    return facts


def query(hostname: str, *addresses: str) -> dict[str, Any]:
    return {"hostname": hostname, "query_type": "A", "answers": [{"ipv4": a} for a in addresses]}


def connect(ip: str, port: int = 443) -> dict[str, Any]:
    return {"ip": ip, "port": port, "status": {"success": True}}


def handshake(name: str, address: str = "1.1.1.1:443") -> dict[str, Any]:
    return {"server_name": name, "address": address, "failure": "connection_reset"}


def request(url: str) -> dict[str, Any]:
    return {"request": {"url": url}, "response": {"code": 200}, "failure": None}


# -- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [{}, {"control": None}, {"control": {}}])
def test_no_control_says_nothing(keys: dict[str, Any]) -> None:
    assert read_control(keys, URL) == Control()


def test_a_control_that_failed_says_only_that() -> None:
    keys = {"control_failure": "generic_timeout_error", "control": HELPER}

    assert read_control(keys, URL) == Control(failure="generic_timeout_error")


def test_the_helpers_addresses_are_canonical() -> None:
    assert control().addresses == {"1.1.1.1", "2a00::1"}


def test_a_helper_that_found_no_address_could_not_resolve() -> None:
    assert control(dns={"failure": "dns_nxdomain_error", "addrs": []}).dns_ok is False


def test_a_helper_that_does_not_speak_of_names_says_nothing_of_them() -> None:
    assert control(dns=None).dns_ok is None


def test_each_endpoint_was_reached_or_not() -> None:
    assert control().tcp == {("1.1.1.1", 443): True, ("2a00::1", 443): False}


@pytest.mark.parametrize("entry", [None, {}, {"status": None}, {"status": "ok"}, 5])
def test_an_endpoint_without_a_status_is_left_out(entry: Any) -> None:
    assert control(tcp_connect={"1.1.1.1:443": entry}).tcp == {}


def test_a_legacy_endpoint_with_failure_false_was_reached() -> None:
    reached = control(tcp_connect={"1.1.1.1:443": {"status": True, "failure": False}}).tcp

    assert reached == {("1.1.1.1", 443): True}


@pytest.mark.parametrize("code", [-1, 0, None])
def test_a_status_of_zero_or_below_means_the_helper_got_no_answer(code: int | None) -> None:
    page = control(http_request={"status_code": code, "body_length": -1, "failure": None}).http

    assert (page["control_http_ok"], page["control_http_status_code"]) == (False, None)


def test_a_length_below_nothing_is_no_length() -> None:
    page = control(http_request={"status_code": 200, "body_length": -1, "failure": None}).http

    assert page["control_http_body_length"] is None


@pytest.mark.parametrize(
    ("block", "value"),
    [
        ("dns", 5),
        ("dns", {"addrs": 5}),
        ("dns", {"addrs": "1.1.1.1"}),
        ("tcp_connect", []),
        ("tls_handshake", "ok"),
        ("http_request", {"status_code": "200"}),
        ("http_request", {"title": 5}),
        ("http_request", {"status_code": 200, "failure": 5}),
    ],
)
def test_a_control_of_another_shape_is_a_defect_of_the_document(block: str, value: Any) -> None:
    with pytest.raises(Malformed):
        control(**{block: value})


def test_addresses_that_are_none_are_left_out() -> None:
    assert control(dns={"addrs": ["x.com", None, 5, "1.1.1.1"]}).addresses == {"1.1.1.1"}


# -- laying beside ---------------------------------------------------------------------------------


def test_the_helpers_lookup_stands_beside_the_probes() -> None:
    [fact] = beside({"queries": [query("x.com", "1.1.1.1")]}).dns

    assert (fact["control_dns_ok"], fact["control_dns_has_answer"]) == (True, True)


def test_an_answer_the_helper_did_not_get_is_marked() -> None:
    [fact] = beside({"queries": [query("x.com", "9.9.9.9")]}).dns

    assert fact["control_dns_has_answer"] is False


def test_a_name_in_other_capitals_is_the_same_host() -> None:
    facts = beside({"queries": [query("x.com", "1.1.1.1")]}, control("https://X.COM/"))

    assert facts.dns[0]["control_dns_ok"] is True


def test_a_lookup_of_another_host_has_no_control() -> None:
    [fact] = beside({"queries": [query("y.com", "1.1.1.1")]}).dns

    assert "control_dns_ok" not in fact


def test_a_site_the_helper_finds_only_at_bogons_is_marked() -> None:
    helper = control(dns={"addrs": ["10.0.0.1"]})
    [fact] = beside({"queries": [query("x.com", "10.0.0.1")]}, helper).dns

    assert fact["control_dns_is_bogon"] is True


def test_a_failed_control_is_told_beside_the_lookup() -> None:
    helper = Control(failure="generic_timeout_error")
    [fact] = beside({"queries": [query("x.com", "1.1.1.1")]}, helper).dns

    assert fact["control_failure"] == "generic_timeout_error"


def test_the_helpers_connection_stands_beside_the_same_endpoint() -> None:
    keys = {"tcp_connect": [connect("1.1.1.1"), connect("2a00::1")]}

    assert [f["control_tcp_ok"] for f in beside(keys).tcp] == [True, False]


def test_an_endpoint_the_helper_did_not_dial_is_not_known() -> None:
    [fact] = beside({"tcp_connect": [connect("1.1.1.1", 80)]}).tcp

    assert fact["control_tcp_ok"] is None


def test_an_address_of_another_host_has_no_control() -> None:
    keys = {"queries": [query("y.com", "9.9.9.9")], "tcp_connect": [connect("9.9.9.9")]}

    assert "control_tcp_ok" not in beside(keys).tcp[0]


def test_a_page_fetched_over_tls_had_a_handshake() -> None:
    assert beside({"tls_handshakes": [handshake("x.com")]}).tls[0]["control_tls_ok"] is True


def test_a_page_fetched_in_the_clear_says_nothing_of_handshakes() -> None:
    facts = beside({"tls_handshakes": [handshake("x.com")]}, control("http://x.com/"))

    assert facts.tls[0]["control_tls_ok"] is None


def test_what_the_helper_says_of_a_handshake_wins_over_the_page() -> None:
    said = {"1.1.1.1:443": {"status": False, "failure": "connection_reset"}}
    facts = beside({"tls_handshakes": [handshake("x.com")]}, control(tls_handshake=said))

    assert facts.tls[0]["control_tls_ok"] is False


def test_a_handshake_with_another_host_has_no_control() -> None:
    assert "control_tls_ok" not in beside({"tls_handshakes": [handshake("y.com")]}).tls[0]


def test_a_handshake_with_another_address_has_no_control() -> None:
    keys = {"tls_handshakes": [handshake("", "1.1.1.1:443"), handshake("", "9.9.9.9:443")]}
    facts = beside(keys, control("https://1.1.1.1/"))

    assert [fact.get("control_tls_ok") for fact in facts.tls] == [True, None]


def test_the_helpers_page_stands_beside_the_last_exchange_which_is_listed_first() -> None:
    facts = beside({"requests": [request("https://x.com/home"), request(URL)]})

    assert [fact.get("control_http_title") for fact in facts.http] == ["Goose", None]


def test_a_measurement_without_exchange_is_laid_beside_no_page() -> None:
    assert beside({"queries": [query("x.com", "1.1.1.1")]}).http == []
