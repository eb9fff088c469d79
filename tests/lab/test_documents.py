import ipaddress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from overt.lab.documents import BOGON, DATA_CENTRES, Moment, address_of, document
from overt.lab.scenario import MECHANISMS, Scenario, SimulatedNetwork, load_scenario
from overt.reference.hostnames import is_bogon
from overt.reference.platforms import load_platforms


WEB = load_scenario("x-tls-reset-two-of-three")
TELEGRAM = load_scenario("demo")
AT = datetime(2024, 3, 4, 12, 0, 0, 123_456, tzinfo=UTC)


def made(
    mechanism: str | None, scenario: Scenario = WEB, *, ipv6_broken: bool = False
) -> dict[str, Any]:
    network = SimulatedNetwork(
        asn=64496, name="Pond", cc="XX", reports_per_hour=1, ipv6_broken=ipv6_broken
    )
    return document(scenario, Moment(network, 2, AT, mechanism))


def keys(mechanism: str | None, scenario: Scenario = WEB) -> dict[str, Any]:
    found: dict[str, Any] = made(mechanism, scenario)["test_keys"]
    return found


@pytest.mark.parametrize("scenario", [WEB, TELEGRAM])
def test_every_measurement_says_that_it_is_simulated(scenario: Scenario) -> None:
    body = made(None, scenario)

    assert (body["annotations"]["simulated"], body["software_name"]) == ("true", "overt-lab")


def test_the_identifier_carries_the_instant_to_the_microsecond() -> None:
    assert made(None)["measurement_uid"].startswith("20240304120000.123456_XX_webconnectivity_")


@pytest.mark.parametrize("scenario", [WEB, TELEGRAM])
@pytest.mark.parametrize("mechanism", [None, *MECHANISMS])
def test_every_mechanism_can_be_simulated(scenario: Scenario, mechanism: str | None) -> None:
    assert made(mechanism, scenario)["test_name"] == scenario.nettest


@pytest.mark.parametrize(
    ("mechanism", "failure"),
    [
        (None, None),
        ("dns.injection.bogon", "generic_timeout_error"),
        ("dns.nxdomain", "dns_nxdomain_error"),
        ("tcp.timeout", "generic_timeout_error"),
        ("tcp.refused", "connection_refused"),
        ("tls.timeout", "generic_timeout_error"),
        ("tls.reset", "connection_reset"),
        ("http.timeout", "generic_timeout_error"),
        ("down", "connection_refused"),
    ],
)
def test_a_page_fails_as_its_mechanism_makes_it(mechanism: str | None, failure: str | None) -> None:
    assert keys(mechanism)["requests"][0]["failure"] == failure


def test_a_forged_answer_is_an_address_no_public_server_can_have() -> None:
    answers = keys("dns.injection.bogon")["queries"][0]["answers"]

    assert answers[0]["ipv4"] == BOGON and is_bogon(BOGON)


def test_nothing_is_dialled_without_an_address() -> None:
    assert keys("dns.nxdomain")["tcp_connect"] == []


def test_no_handshake_follows_a_connection_that_failed() -> None:
    assert keys("tcp.timeout")["tls_handshakes"] == []


def test_a_handshake_that_was_reset_followed_a_connection_that_was_made() -> None:
    test_keys = keys("tls.reset")

    assert test_keys["tcp_connect"][0]["status"]["success"] is True
    assert test_keys["tls_handshakes"][0]["failure"] == "connection_reset"


def test_what_is_blocked_here_works_for_the_helper() -> None:
    assert keys("tls.reset")["control"]["http_request"]["status_code"] == 200


def test_what_is_down_is_down_for_the_helper_too() -> None:
    assert keys("down")["control"]["http_request"]["failure"] == "connection_refused"


def test_a_network_without_ipv6_fails_only_there() -> None:
    connects = made(None, ipv6_broken=True)["test_keys"]["tcp_connect"]

    assert [c["status"]["failure"] for c in connects] == [None, "network_unreachable"]


def test_telegram_is_dialled_where_the_reference_says_it_is() -> None:
    listed = {
        address
        for target in load_platforms().find("telegram").targets
        for address in target.addresses
    }

    assert listed == set(DATA_CENTRES)


@pytest.mark.parametrize(
    ("mechanism", "tcp", "http"), [(None, False, False), ("tcp.timeout", True, True)]
)
def test_telegram_says_itself_whether_every_endpoint_failed(
    mechanism: str | None, *, tcp: bool, http: bool
) -> None:
    test_keys = keys(mechanism, TELEGRAM)

    assert test_keys["telegram_tcp_blocking"] is tcp
    assert test_keys["telegram_http_blocking"] is http


@pytest.mark.parametrize("host", ["x.com", "web.telegram.org", "goose.example"])
def test_an_invented_address_is_stable_and_public(host: str) -> None:
    address = address_of(host)

    assert address == address_of(host) and ipaddress.ip_address(address).is_global


# -- what scenarios may ask for --------------------------------------------------------------------


def test_a_late_upload_shows_in_the_collectors_stamp_alone() -> None:
    network = SimulatedNetwork(asn=64496, name="Pond", cc="XX", reports_per_hour=1)
    late = document(WEB, Moment(network, 2, AT, None, 7, AT + timedelta(hours=30)))
    prompt = document(WEB, Moment(network, 2, AT, None, 7))

    assert late["measurement_uid"].startswith("20240305180000.123456_")
    assert {**late, "measurement_uid": ""} == {**prompt, "measurement_uid": ""}


def test_there_is_no_probe_identity_unless_asked_for() -> None:
    assert "probe_id" not in made(None)
    assert len(made(None, replace(WEB, probe_ids=True))["probe_id"]) == 32


@pytest.mark.parametrize("scenario", [WEB, TELEGRAM])
def test_a_change_of_address_moves_the_site_and_harms_nothing(scenario: Scenario) -> None:
    moved = replace(scenario, address_changes=(AT,))
    before, after = keys(None, scenario), keys(None, moved)
    failures = [r["failure"] for r in after["requests"]]

    assert before["queries"] != after["queries"]
    assert failures == [None] * len(failures)


def test_a_site_that_moves_moves_for_the_helper_too() -> None:
    test_keys = keys(None, replace(WEB, address_changes=(AT,)))

    assert test_keys["control"]["dns"]["addrs"] == [test_keys["queries"][0]["answers"][0]["ipv4"]]


def test_a_site_has_not_moved_before_it_does() -> None:
    later = replace(WEB, address_changes=(AT + timedelta(seconds=1),))

    assert made(None) == made(None, later)


@pytest.mark.parametrize("unit", [0, 253, 254, 2**31 - 1])
def test_every_unit_has_a_resolver_of_its_network(unit: int) -> None:
    network = SimulatedNetwork(asn=64496, name="Pond", cc="XX", reports_per_hour=1, units=300)
    body = document(WEB, Moment(network, unit, AT, None))

    assert 1 <= int(body["resolver_ip"].split(".")[3]) <= 254
