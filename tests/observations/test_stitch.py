from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from overt.observations.flatten import Facts
from overt.observations.stitch import stitch
from overt.sources.reader import Row


def lookup(hostname: str | None = "x.com", ip: str | None = "1.1.1.1", **more: Any) -> Row:
    return {"hostname": hostname, "ip": ip, "dns_ok": ip is not None, **more}


def connect(ip: str | None = "1.1.1.1", port: int | None = 443, **more: Any) -> Row:
    return {"ip": ip, "port": port, "tcp_ok": True, **more}


def handshake(ip: str | None = "1.1.1.1", name: str | None = "x.com", **more: Any) -> Row:
    return {"ip": ip, "port": 443, "tls_ok": True, "tls_server_name": name, **more}


def exchange(hostname: str | None = "x.com", ip: str | None = "1.1.1.1", **more: Any) -> Row:
    return {"hostname": hostname, "ip": ip, "port": 443, "http_ok": True, **more}


def steps(row: Row) -> str:
    return " ".join(layer for layer in ("dns", "tcp", "tls", "http") if f"{layer}_ok" in row)


def named(rows: list[Row]) -> list[tuple[str, str]]:
    return [(row["hostname"], steps(row)) for row in rows]


# -- examples --------------------------------------------------------------------------------------


def test_the_four_steps_to_one_address_are_one_row() -> None:
    rows = stitch(Facts([lookup()], [connect()], [handshake()], [exchange()]))

    assert [steps(row) for row in rows] == ["dns tcp tls http"]


def test_steps_to_two_addresses_are_two_rows() -> None:
    tcp = [connect("1.1.1.1"), connect("9.9.9.9")]
    rows = stitch(Facts([lookup()], tcp, [handshake("9.9.9.9")], []))

    assert [(row["ip"], steps(row)) for row in rows] == [
        ("1.1.1.1", "dns tcp"),
        ("9.9.9.9", "tcp tls"),
    ]


def test_a_transaction_joins_an_exchange_that_names_no_address() -> None:
    tcp = [connect("1.1.1.1", transaction_id=1), connect("9.9.9.9", transaction_id=2)]
    rows = stitch(Facts([], tcp, [], [exchange(ip=None, transaction_id=2)]))

    assert [steps(row) for row in rows] == ["tcp", "tcp http"]


def test_another_transaction_to_the_same_endpoint_is_another_row() -> None:
    rows = stitch(Facts([], [connect(transaction_id=1)], [handshake(transaction_id=2)], []))

    assert [steps(row) for row in rows] == ["tcp", "tls"]


def test_one_transaction_over_two_addresses_stays_two_rows() -> None:
    tcp = [connect("1.1.1.1", transaction_id=1)]
    rows = stitch(Facts([], tcp, [handshake("9.9.9.9", transaction_id=1)], []))

    assert [(row["ip"], steps(row)) for row in rows] == [("1.1.1.1", "tcp"), ("9.9.9.9", "tls")]


def test_an_exchange_with_another_host_at_the_same_address_is_another_row() -> None:
    rows = stitch(Facts([], [connect()], [handshake(name="x.com")], [exchange("y.com")]))

    assert named(rows) == [("x.com", "tcp tls"), ("y.com", "http")]


def test_a_second_handshake_on_one_endpoint_is_not_folded_into_the_first() -> None:
    rows = stitch(Facts([], [connect()], [handshake(), handshake()], []))

    assert [steps(row) for row in rows] == ["tcp tls", "tls"]


def test_a_lookup_that_led_nowhere_is_a_row_of_its_own() -> None:
    rows = stitch(Facts([lookup(ip=None)], [connect()], [], []))

    assert [steps(row) for row in rows] == ["tcp", "dns"]


def test_a_lookup_is_counted_once_however_many_ports_were_dialled() -> None:
    rows = stitch(Facts([lookup()], [connect(port=80), connect(port=443)], [], []))

    assert named(rows) == [("x.com", "dns tcp"), ("x.com", "tcp")]


def test_a_lookup_of_another_name_is_not_given_to_the_connection() -> None:
    rows = stitch(Facts([lookup("y.com")], [connect()], [handshake(name="x.com")], []))

    assert named(rows) == [("x.com", "tcp tls"), ("y.com", "dns")]


def test_a_handshake_names_a_connection_nobody_looked_up() -> None:
    [row] = stitch(Facts([], [connect()], [handshake(name="x.com")], []))

    assert row["hostname"] == "x.com"


def test_nothing_gives_no_rows() -> None:
    assert stitch(Facts()) == []


# -- laws ------------------------------------------------------------------------------------------

addresses = st.sampled_from(["1.1.1.1", "9.9.9.9", "2a00::1", None])
names = st.sampled_from(["x.com", "y.com", None])
transactions = st.sampled_from([None, 0, 1, 2])


@st.composite
def measurements(draw: st.DrawFn) -> Facts:
    """Draw facts; each carries a mark of its own, so that it can be found again."""
    facts = Facts()
    for n in range(draw(st.integers(0, 4))):
        facts.dns.append(lookup(draw(names), draw(addresses), dns_mark=n))
    for n in range(draw(st.integers(0, 4))):
        port, transaction = draw(st.sampled_from([80, 443, None])), draw(transactions)
        facts.tcp.append(connect(draw(addresses), port, transaction_id=transaction, tcp_mark=n))
    for n in range(draw(st.integers(0, 4))):
        transaction = draw(transactions)
        facts.tls.append(
            handshake(draw(addresses), draw(names), transaction_id=transaction, tls_mark=n)
        )
    for n in range(draw(st.integers(0, 4))):
        transaction = draw(transactions)
        facts.http.append(
            exchange(draw(names), draw(addresses), transaction_id=transaction, http_mark=n)
        )
    return facts


def marks(rows: list[Row]) -> Counter[tuple[str, int]]:
    return Counter(
        (layer, row[f"{layer}_mark"])
        for row in rows
        for layer in ("dns", "tcp", "tls", "http")
        if f"{layer}_mark" in row
    )


@settings(max_examples=400)
@given(measurements())
def test_no_fact_is_lost_and_none_is_counted_twice(facts: Facts) -> None:
    rows = stitch(facts)

    assert marks(rows) == marks([*facts.dns, *facts.tcp, *facts.tls, *facts.http])


@settings(max_examples=400)
@given(measurements())
def test_a_fact_keeps_the_address_and_name_it_was_seen_with(facts: Facts) -> None:
    rows = stitch(facts)

    for layer in ("dns", "tcp", "tls", "http"):
        for fact in getattr(facts, layer):
            [home] = [r for r in rows if r.get(f"{layer}_mark") == fact[f"{layer}_mark"]]
            said = {k: v for k, v in fact.items() if v is not None and k != "transaction_id"}
            assert {k: home.get(k) for k in said} == said


@given(measurements())
def test_stitching_leaves_the_facts_as_they_were(facts: Facts) -> None:
    before = [dict(f) for f in (*facts.dns, *facts.tcp, *facts.tls, *facts.http)]

    stitch(facts)

    assert [*facts.dns, *facts.tcp, *facts.tls, *facts.http] == before


@given(measurements())
def test_the_same_facts_give_the_same_rows(facts: Facts) -> None:
    assert stitch(facts) == stitch(facts)
