"""Verdicts of small hand-made measurements: what each shows, and what it must not show."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pytest

from overt.cells import tally, votes
from overt.engine.base import table_of
from overt.engine.duck import Duck
from overt.reference.platforms import load_platforms
from overt.settings import Settings
from overt.verdicts.judge import judge
from overt.verdicts.rulebook import bundled
from overt.vocabulary.facts import Observation


Row = dict[str, Any]
NOON = datetime(2024, 2, 17, 12, 0)  # noqa: DTZ001 - tables are naive UTC
X = "104.244.42.1"


def row(uid: str, asn: int = 64496, **facts: object) -> Row:
    return {
        "observation_id": f"{uid}|{sorted(facts.items())}",
        "source_id": "f" * 64,
        "source_line": 1,
        "measurement_uid": uid,
        "test_name": "web_connectivity",
        "measurement_start_time": NOON,
        "probe_cc": "XX",
        "probe_asn": asn,
        "resolver_asn": asn,
        **facts,
    }


def dns(uid: str, answer: str = X, **facts: Any) -> Row:
    return row(uid, **{"hostname": "x.com", "ip": answer, "dns_ok": True, "dns_answer": answer,
                       "dns_answer_is_bogon": False, **facts})  # fmt: skip


def tcp(uid: str, failure: str | None = None, ip: str = X, **facts: Any) -> Row:
    return row(uid, **{"hostname": "x.com", "ip": ip, "port": 443, "tcp_ok": failure is None,
                       "tcp_failure": failure, **facts})  # fmt: skip


def tls(uid: str, failure: str | None = None, **facts: Any) -> Row:
    ok = failure is None
    return tcp(uid, None, tls_ok=ok, tls_failure=failure,
               tls_is_certificate_valid=True if ok else None, **facts)  # fmt: skip


def http(uid: str, failure: str | None = None, url: str = "https://x.com/", **facts: Any) -> Row:
    return row(uid, **{"hostname": "x.com", "http_ok": failure is None, "http_failure": failure,
                       "http_request_url": url, **facts})  # fmt: skip


def reached_elsewhere(*asns: int) -> list[Row]:
    """Other networks that fetched the page over TLS in the same hour."""
    return [r for asn in asns for r in (tls(f"ok{asn}", asn=asn), http(f"ok{asn}", asn=asn))]


def failing_abroad(*ccs: str) -> list[Row]:
    return [
        tcp(f"bad{cc}", "connection_refused", asn=65000 + n, probe_cc=cc)
        for n, cc in enumerate(ccs)
    ]


@pytest.fixture
def verdicts(settings: Settings) -> Any:
    def of(rows: Iterable[Row]) -> dict[tuple[str, str], Row]:
        with Duck(settings) as duck:
            duck.table("observation", table_of(Observation, rows))
            day = date(2024, 2, 17)
            table = judge(duck, day, day, bundled(), load_platforms())
        return {(v["measurement_uid"], v["layer"]): v for v in table.to_pylist()}

    return of


def test_a_reset_handshake_while_others_complete_it_is_blocked_as_tls_reset(verdicts: Any) -> None:
    found = verdicts([tls("m", "connection_reset"), *reached_elsewhere(64497, 64498)])

    verdict = found["m", "tls"]
    assert (verdict["outcome"], verdict["mechanism"]) == ("blocked", "tls.reset")


def test_one_other_network_is_not_a_control(verdicts: Any) -> None:
    found = verdicts([tls("m", "connection_reset"), *reached_elsewhere(64497)])

    assert found["m", "tls"]["rule"] == "tls_failure_no_control"


def test_reports_from_the_same_network_are_never_its_control(verdicts: Any) -> None:
    found = verdicts([tls("m", "connection_reset"), *reached_elsewhere(64496)])

    assert found["m", "tls"]["outcome"] == "unknown"


def test_no_control_still_votes_but_does_not_say_blocked(verdicts: Any) -> None:
    verdict = verdicts([tls("m", "generic_timeout_error")])["m", "tls"]

    assert (verdict["outcome"], verdict["signal"]) == ("unknown", 1)


def test_a_service_failing_on_most_networks_abroad_is_down(verdicts: Any) -> None:
    found = verdicts([tcp("m", "connection_refused"), *failing_abroad("AA", "BB", "CC")])

    assert found["m", "tcp"]["outcome"] == "down"


def test_two_failing_networks_abroad_do_not_make_a_service_down(verdicts: Any) -> None:
    found = verdicts([tcp("m", "connection_refused"), *failing_abroad("AA", "BB")])

    assert found["m", "tcp"]["outcome"] == "unknown"


def many(make: Any, asn: int, **facts: Any) -> list[Row]:
    """Return a hundred measurements of one unit."""
    return [make(f"loud{asn}-{n}", asn=asn, probe_id="loud", **facts) for n in range(100)]


def test_one_loud_unit_does_not_silence_a_network_that_is_a_control(verdicts: Any) -> None:
    honest = [tls(f"a{n}", asn=64497, probe_id=f"a{n}") for n in range(2)]
    loud = [
        r | {"tls_ok": False, "tls_is_certificate_valid": None, "tls_failure": "connection_reset"}
        for r in many(tls, 64497)
    ]
    found = verdicts([tls("m", "connection_reset"), *honest, *loud, *reached_elsewhere(64498)])

    assert found["m", "tls"]["outcome"] == "blocked"


def test_one_loud_unit_makes_no_network_a_control_where_others_fail(verdicts: Any) -> None:
    honest = [tls(f"a{n}", "connection_reset", asn=64497, probe_id=f"a{n}") for n in range(2)]
    loud = many(tls, 64497)
    found = verdicts([tls("m", "connection_reset"), *honest, *loud, *reached_elsewhere(64498)])

    assert found["m", "tls"]["outcome"] == "unknown"


def test_one_loud_unit_does_not_turn_a_service_that_is_down_into_a_blocked_one(
    verdicts: Any,
) -> None:
    down = failing_abroad("AA", "BB", "CC", "DD")
    again = tcp("more", "connection_refused", asn=65000, probe_cc="AA", probe_id="more")
    loud = many(tls, 65000, probe_cc="AA")
    found = verdicts([tcp("m", "connection_refused"), *down, again, *loud])

    assert found["m", "tcp"]["outcome"] == "down"


def test_the_test_helper_outweighs_other_networks(verdicts: Any) -> None:
    found = verdicts(
        [tcp("m", "connection_refused", control_tcp_ok=False), *reached_elsewhere(64497, 64498)]
    )

    assert found["m", "tcp"]["outcome"] == "down"


def test_ipv6_without_a_route_is_an_instrument_condition(verdicts: Any) -> None:
    found = verdicts(
        [tcp("m", "network_unreachable", ip="2a00:1450:4009::1"), *reached_elsewhere(64497, 64498)]
    )

    verdict = found["m", "tcp"]
    assert (verdict["evidence"], verdict["signal"]) == ("discarded", None)


def test_an_unreachable_ipv4_address_is_no_instrument_condition(verdicts: Any) -> None:
    found = verdicts([tcp("m", "host_unreachable"), *reached_elsewhere(64497, 64498)])

    assert found["m", "tcp"]["mechanism"] == "ip.unreachable"


def test_one_working_address_keeps_a_site_up(verdicts: Any) -> None:
    found = verdicts(
        [
            tcp("m", "generic_timeout_error", ip="104.244.42.65"),
            tcp("m"),
            *reached_elsewhere(64497, 64498),
        ]
    )

    verdict = found["m", "tcp"]
    assert (verdict["signal"], verdict["n_failing"], verdict["n_endpoints"]) == (0, 1, 2)


def test_a_bogon_answer_while_the_control_has_a_public_one_is_injection(verdicts: Any) -> None:
    found = verdicts(
        [dns("m", "10.10.34.34", dns_answer_is_bogon=True, control_dns_is_bogon=False)]
    )

    assert found["m", "dns"]["mechanism"] == "dns.injection.bogon"


def test_a_bogon_answer_the_control_got_too_is_not_injection(verdicts: Any) -> None:
    found = verdicts(
        [dns("m", "127.0.0.1", dns_answer_is_bogon=True, control_dns_is_bogon=True,
             control_dns_has_answer=True)]
    )  # fmt: skip

    assert found["m", "dns"]["outcome"] == "ok"


def test_what_happens_at_a_bogon_address_says_nothing_of_the_service(verdicts: Any) -> None:
    found = verdicts(
        [
            dns("m", "10.10.34.34", dns_answer_is_bogon=True, control_dns_is_bogon=False),
            tcp("m", "generic_timeout_error", ip="10.10.34.34"),
            *reached_elsewhere(64497, 64498),
        ]
    )

    assert found["m", "tcp"]["rule"] == "tcp_untrusted_address"
    assert found["m", "tcp"]["signal"] is None


def test_a_request_that_failed_below_is_judged_below(verdicts: Any) -> None:
    found = verdicts(
        [
            tls("m", "connection_reset"),
            http("m", "connection_reset"),
            *reached_elsewhere(64497, 64498),
        ]
    )

    assert found["m", "http"]["rule"] == "http_follows_lower_failure"
    assert found["m", "tls"]["outcome"] == "blocked"


def test_a_page_in_the_clear_is_not_ok_without_a_control(verdicts: Any) -> None:
    verdict = verdicts([tcp("m"), http("m", url="http://x.com/")])["m", "http"]

    assert (verdict["outcome"], verdict["signal"]) == ("unknown", None)


def test_the_same_fact_in_two_rows_counts_once(verdicts: Any) -> None:
    once = tls("m", "connection_reset")
    found = verdicts([once, {**once, "source_line": 9}, *reached_elsewhere(64497, 64498)])

    assert found["m", "tls"]["n_endpoints"] == 1


def test_a_rename_does_not_start_a_new_series(verdicts: Any) -> None:
    old = {**tls("old"), "hostname": "twitter.com"}
    found = verdicts([old, tls("new")])

    assert found["old", "tls"]["target"] == found["new", "tls"]["target"] == "x/web"


def test_an_unlisted_site_is_its_own_platform_with_and_without_www(verdicts: Any) -> None:
    found = verdicts(
        [{**tls("a"), "hostname": "www.example.org"}, {**tls("b"), "hostname": "example.org"}]
    )

    assert found["a", "tls"]["target"] == found["b", "tls"]["target"] == "example.org/web"


def test_a_measurement_from_an_unknown_place_is_in_no_verdict(verdicts: Any) -> None:
    assert verdicts([tls("m", probe_cc="ZZ"), tls("n", asn=0)]) == {}


def telegram(uid: str, failing: int, asn: int = 64496) -> list[Row]:
    addresses = ["149.154.175.50", "149.154.167.51", "149.154.175.100", "149.154.167.91"]
    return [
        row(uid, asn=asn, test_name="telegram", ip=a, port=80, http_request_url=f"http://{a}/",
            http_ok=n >= failing, http_failure=None if n >= failing else "generic_timeout_error")
        for n, a in enumerate(addresses)
    ]  # fmt: skip


@pytest.mark.parametrize(("failing", "signal"), [(0, 0), (1, 0), (2, 1), (4, 1)])
def test_telegram_is_failing_from_half_of_its_data_centres_on(
    verdicts: Any, failing: int, signal: int
) -> None:
    found = verdicts([*telegram("m", failing), *telegram("a", 0, 64497), *telegram("b", 0, 64498)])

    assert found["m", "http"]["signal"] == signal


def test_a_timeout_with_no_connection_beside_it_is_placed_no_deeper_than_http(
    verdicts: Any,
) -> None:
    found = verdicts([*telegram("m", 4), *telegram("a", 0, 64497), *telegram("b", 0, 64498)])

    assert found["m", "http"]["mechanism"] == "http"


def test_every_rule_that_held_is_kept(verdicts: Any) -> None:
    verdict = verdicts([tls("m", "connection_reset"), *reached_elsewhere(64497, 64498)])["m", "tls"]

    assert verdict["rules"] == [
        "tls_failure_control_ok",
        "tls_reset_control_ok",
    ]


def test_how_days_are_put_together_makes_no_difference(settings: Settings) -> None:
    rows = []
    for day in (16, 17, 18):
        for r in [tls("m", "connection_reset"), *reached_elsewhere(64497, 64498)]:
            uid = f"{r['measurement_uid']}-{day}"
            at = NOON.replace(day=day, hour=23)
            rows.append({**r, "measurement_uid": uid, "measurement_start_time": at,
                         "observation_id": f"{r['observation_id']}{day}"})  # fmt: skip
    with Duck(settings) as duck:
        duck.table("observation", table_of(Observation, rows))
        platforms = load_platforms()
        together = judge(duck, date(2024, 2, 16), date(2024, 2, 18), bundled(), platforms)
        alone = [
            v
            for d in (16, 17, 18)
            for v in judge(
                duck, date(2024, 2, d), date(2024, 2, d), bundled(), platforms
            ).to_pylist()
        ]
    key = lambda v: (v["measurement_uid"], v["layer"])  # noqa: E731

    assert sorted(together.to_pylist(), key=key) == sorted(alone, key=key)


def test_cells_count_measurements_and_units_and_keep_the_histogram(settings: Settings) -> None:
    rows = [
        tls("a", "connection_reset", probe_id="p1"),
        tls("b", "connection_reset", probe_id="p1"),
        tls("c", probe_id="p2"),
        *reached_elsewhere(64497, 64498),
    ]
    with Duck(settings) as duck:
        duck.table("observation", table_of(Observation, rows))
        day = date(2024, 2, 17)
        duck.table("verdict", judge(duck, day, day, bundled(), load_platforms()))
        cells = {c["id"]: c for c in tally(duck).to_pylist()}
        ballots = [v for v in votes(duck).to_pylist() if v["asn"] == 64496]
    cell = cells["cell:XX:x/web:64496:20240217T12:tls"]

    assert (cell["n_measurements"], cell["n_units"], cell["n_failing"]) == (3, 2, 2)
    assert dict(zip(cell["rules"], cell["n_by_rule"], strict=True)) == {
        "tls_reset_control_ok": 2,
        "tls_handshake_completed": 1,
    }
    assert sorted((v["n_measurements"], v["n_failing"]) for v in ballots) == [(1, 0), (2, 2)]


def test_a_chatty_probe_has_one_vote(settings: Settings) -> None:
    rows = [tls(f"m{n}", "connection_reset", probe_id="p1") for n in range(50)]
    with Duck(settings) as duck:
        duck.table("observation", table_of(Observation, rows))
        day = date(2024, 2, 17)
        duck.table("verdict", judge(duck, day, day, bundled(), load_platforms()))
        ballots = votes(duck).to_pylist()

    assert [(v["n_measurements"], v["n_failing"]) for v in ballots] == [(50, 50)]


def test_a_public_resolver_that_answers_does_not_excuse_the_networks_own(verdicts: Any) -> None:
    found = verdicts(
        [
            row("m", hostname="x.com", dns_ok=False, dns_failure="dns_nxdomain_error",
                dns_engine="getaddrinfo", control_dns_ok=True),
            dns("m", dns_engine="udp", control_dns_ok=True, control_dns_has_answer=True),
            dns("m", dns_engine="doh", control_dns_ok=True, control_dns_has_answer=True),
            *reached_elsewhere(64497, 64498),
        ]
    )  # fmt: skip

    assert found["m", "dns"]["mechanism"] == "dns.nxdomain"
    assert found["m", "dns"]["signal"] == 1
