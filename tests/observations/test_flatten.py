import base64
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.observations.flatten import Facts, failure_of, flatten, maybe_binary, title_of
from overt.sources.ooni_json import Malformed
from overt.sources.reader import Row


def lookup(**entry: Any) -> list[Row]:
    sound = {"hostname": "x.com", "query_type": "A", "failure": None, "engine": "system"}
    return flatten({"queries": [{**sound, **entry}]}).dns


def connect(**entry: Any) -> Row:
    sound = {"ip": "1.1.1.1", "port": 443, "status": {"success": True, "failure": None}}
    return flatten({"tcp_connect": [{**sound, **entry}]}).tcp[0]


def handshake(**entry: Any) -> Row:
    sound = {"address": "1.1.1.1:443", "server_name": "X.com", "failure": None}
    return flatten({"tls_handshakes": [{**sound, **entry}]}).tls[0]


def exchange(failure: Any = None, address: str = "", url: str = "https://x.com/", **to: Any) -> Row:
    response = {"code": 200, "body": "", "headers": {}, **to}
    entry = {"request": {"url": url}, "response": response, "failure": failure, "address": address}
    return flatten({"requests": [entry]}).http[0]


# -- lookups ---------------------------------------------------------------------------------------


def test_each_address_answered_is_a_fact() -> None:
    answers = [{"ipv4": "1.1.1.1"}, {"ipv4": "1.0.0.1"}]

    assert [fact["ip"] for fact in lookup(answers=answers)] == ["1.1.1.1", "1.0.0.1"]


def test_an_aaaa_answer_is_a_fact_in_canonical_form() -> None:
    [fact] = lookup(query_type="AAAA", answers=[{"ipv6": "2A00:1450:0:0::200E"}])

    assert (fact["dns_ok"], fact["dns_answer"], fact["dns_query_type"]) == (
        True,
        "2a00:1450::200e",
        "AAAA",
    )


def test_a_bogon_answer_is_marked() -> None:
    [fact] = lookup(answers=[{"ipv4": "10.10.34.34"}])

    assert fact["dns_answer_is_bogon"] is True


def test_a_name_of_a_name_is_not_an_address() -> None:
    answers = [{"answer_type": "CNAME", "hostname": "y.com"}, {"ipv4": "1.1.1.1"}]

    assert [fact["ip"] for fact in lookup(answers=answers)] == ["1.1.1.1"]


def test_a_failed_lookup_is_one_fact() -> None:
    [fact] = lookup(failure="dns_nxdomain_error", answers=None)

    assert (fact["dns_ok"], fact["dns_failure"]) == (False, "dns_nxdomain_error")


@pytest.mark.parametrize("answers", [None, [], [{"hostname": "y.com"}], [{"ipv4": "goose"}]])
def test_a_lookup_that_answered_no_address_says_so(answers: Any) -> None:
    [fact] = lookup(answers=answers)

    assert (fact["dns_ok"], fact["dns_failure"]) == (False, "dns_no_answer")


def test_resolving_an_address_asks_nobody_anything() -> None:
    assert lookup(hostname="1.1.1.1", answers=[{"ipv4": "1.1.1.1"}]) == []


def test_an_autonomous_system_of_zero_is_not_known() -> None:
    [fact] = lookup(answers=[{"ipv4": "1.1.1.1", "asn": 0}])

    assert fact["ip_asn"] is None


# -- failures --------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", [{}, {"failure": None}, {"failure": False}, {"failure": ""}])
def test_old_probes_wrote_false_for_no_failure(entry: dict[str, Any]) -> None:
    assert failure_of(entry) is None


@pytest.mark.parametrize("failure", [True, 5, ["connection_reset"]])
def test_a_failure_that_is_no_text_is_a_defect_of_the_document(failure: Any) -> None:
    with pytest.raises(Malformed, match="failure is a"):
        failure_of({"failure": failure})


# -- connections -----------------------------------------------------------------------------------


def test_a_connection_made_is_ok() -> None:
    fact = connect()

    assert (fact["ip"], fact["port"], fact["tcp_ok"], fact["tcp_failure"]) == (
        *("1.1.1.1", 443),
        *(True, None),
    )


def test_a_legacy_connection_with_failure_false_is_ok() -> None:
    fact = connect(status={"success": True, "failure": False})

    assert (fact["tcp_ok"], fact["tcp_failure"]) == (True, None)


def test_a_connection_that_failed_without_saying_why_is_not_ok() -> None:
    fact = connect(status={"success": False, "failure": None})

    assert (fact["tcp_ok"], fact["tcp_failure"]) == (False, None)


@pytest.mark.parametrize("status", [None, {}])
def test_a_connection_that_says_nothing_is_not_taken_for_a_success(status: Any) -> None:
    assert connect(status=status)["tcp_ok"] is None


@pytest.mark.parametrize("success", ["yes", 1])
def test_a_success_that_is_neither_true_nor_false_is_a_defect(success: Any) -> None:
    with pytest.raises(Malformed, match="success"):
        connect(status={"success": success})


@pytest.mark.parametrize("port", ["443", 443.5, True, 10**20])
def test_a_port_that_is_no_whole_number_is_a_defect(port: Any) -> None:
    with pytest.raises(Malformed, match="port is"):
        connect(port=port)


# -- handshakes ------------------------------------------------------------------------------------


def test_a_handshake_knows_its_endpoint_and_name() -> None:
    fact = handshake(address="[2A00::1]:443")

    assert (fact["ip"], fact["port"], fact["tls_server_name"]) == ("2a00::1", 443, "x.com")


def test_a_handshake_that_verified_has_a_valid_certificate() -> None:
    assert handshake()["tls_is_certificate_valid"] is True


def test_a_handshake_that_did_not_verify_says_nothing_of_the_certificate() -> None:
    assert "tls_is_certificate_valid" not in handshake(no_tls_verify=True)


def test_a_certificate_that_was_refused_is_not_valid() -> None:
    assert handshake(failure="ssl_invalid_hostname")["tls_is_certificate_valid"] is False


def test_a_reset_says_nothing_of_the_certificate() -> None:
    assert "tls_is_certificate_valid" not in handshake(failure="connection_reset")


def test_a_handshake_took_from_its_start_to_its_end() -> None:
    assert handshake(t0=0.5, t=2.0)["tls_handshake_time"] == 1.5


@pytest.mark.parametrize("times", [{}, {"t0": 1}, {"t": 1}, {"t0": 2, "t": 1}])
def test_a_handshake_without_two_times_in_order_has_no_duration(times: dict[str, int]) -> None:
    assert "tls_handshake_time" not in handshake(**times)


def test_the_leaf_of_the_chain_is_named_by_its_hash() -> None:
    data = base64.b64encode(b"leaf").decode()
    fact = handshake(peer_certificates=[{"format": "base64", "data": data}, "not looked at"])

    expected = hashlib.sha256(b"leaf").hexdigest()
    assert fact["tls_end_entity_certificate_fingerprint"] == expected


@pytest.mark.parametrize("chain", [None, [], "leaf", [None], [5], [{"format": "hex"}]])
def test_a_chain_that_cannot_be_read_has_no_fingerprint(chain: Any) -> None:
    assert "tls_end_entity_certificate_fingerprint" not in handshake(peer_certificates=chain)


# -- exchanges -------------------------------------------------------------------------------------


def test_an_exchange_knows_what_was_asked_of_whom() -> None:
    fact = exchange(url="https://X.com:8443/a")

    assert (fact["hostname"], fact["ip"], fact["port"]) == ("x.com", None, 8443)


def test_the_address_dialled_wins_over_the_url() -> None:
    fact = exchange(address="1.1.1.1:443", url="http://x.com/")

    assert (fact["hostname"], fact["ip"], fact["port"]) == ("x.com", "1.1.1.1", 443)


def test_a_failed_exchange_has_no_status() -> None:
    fact = exchange("connection_reset", code=0)

    assert (fact["http_ok"], fact["http_response_status_code"]) == (False, None)


def test_an_exchange_without_answer_has_no_body() -> None:
    assert "http_response_body_sha256" not in exchange("connection_reset", code=0)


def test_a_body_is_measured_hashed_and_titled() -> None:
    fact = exchange(body="<TITLE>Gänse</TITLE>")

    assert (fact["http_response_body_length"], fact["http_response_title"]) == (21, "Gänse")


def test_a_location_is_read_whatever_its_capitals_and_cut_at_length() -> None:
    fact = exchange(headers={"LOCATION": "https://y.com/" + "a" * 5000})

    assert len(fact["http_response_header_location"]) == 2000


def test_a_header_that_is_binary_is_left_out() -> None:
    fact = exchange(headers={"Location": {"format": "base64", "data": "YQ=="}})

    assert "http_response_header_location" not in fact


# -- bodies ----------------------------------------------------------------------------------------


@given(st.binary(max_size=40))
def test_base64_is_read_with_and_without_its_padding(body: bytes) -> None:
    data = base64.b64encode(body).decode()

    assert [
        maybe_binary({"format": "base64", "data": data}),
        maybe_binary({"format": "base64", "data": data.rstrip("=")}),
    ] == [body, body]


def test_base64_over_several_lines_is_read() -> None:
    assert maybe_binary({"format": "base64", "data": "aG9u\r\naw==\n"}) == b"honk"


@pytest.mark.parametrize("data", ["!!!!", "not base64, at all", "a", "aG9u*aw==", "\u0430\u0430"])
def test_what_is_not_base64_is_none(data: str) -> None:
    assert maybe_binary({"format": "base64", "data": data}) is None


@pytest.mark.parametrize("value", [None, 5, [], {}, {"format": "hex"}, {"format": "base64"}])
def test_what_is_neither_text_nor_base64_is_none(value: object) -> None:
    assert maybe_binary(value) is None


def test_a_body_as_text_is_its_utf8() -> None:
    assert maybe_binary("Gänse") == "Gänse".encode()


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (b"<title>a</title>", "a"),
        (b"<html><TITLE lang='x'> a\n  b </TITLE>", "a b"),
        (b"<title>a &amp; b</title>", "a & b"),
        (b"<title>one</title><title>two</title>", "one"),
        (b"<title>" + b"a" * 500 + b"</title>", "a" * 200),
        (b"<title>caf\xe9</title>", "caf\ufffd"),
        (b"<title></title>", None),
        (b"<title>  &nbsp; </title>", None),
        (b"<title>never closed", None),
        (b" " * 70_000 + b"<title>too far in</title>", None),
        (b"", None),
    ],
)
def test_a_title_is_the_first_folded_and_cut(body: bytes, title: str | None) -> None:
    assert title_of(body) == title


# -- whole measurements ----------------------------------------------------------------------------


def test_a_measurement_without_blocks_has_no_facts() -> None:
    assert not flatten({"blocking": False})


@pytest.mark.parametrize("block", ["queries", "tcp_connect", "tls_handshakes", "requests"])
@pytest.mark.parametrize("value", [5, {}, "text", [5], [None]])
def test_a_block_that_is_no_list_of_objects_is_a_defect_that_names_it(
    block: str, value: Any
) -> None:
    with pytest.raises(Malformed, match=block):
        flatten({block: value})


@pytest.mark.parametrize("block", ["queries", "tcp_connect", "tls_handshakes", "requests"])
def test_a_block_that_is_null_is_empty(block: str) -> None:
    assert flatten({block: None}) == Facts()


def test_an_entry_without_fields_is_still_one_fact() -> None:
    facts = flatten({b: [{}] for b in ("queries", "tcp_connect", "tls_handshakes", "requests")})

    assert [len(layer) for layer in (facts.dns, facts.tcp, facts.tls, facts.http)] == [1, 1, 1, 1]
