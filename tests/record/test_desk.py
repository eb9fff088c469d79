import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest

from overt.record.desk import LOOPBACK, MOST_BYTES, Desk
from overt.record.ledger import load
from overt.record.proposed import State
from overt.record.queue import Queue
from record import sample
from record.test_queue import Proposal


NOW = datetime(2024, 6, 1, tzinfo=UTC)
EVIL = "<script>alert(1)</script>\u202e\x1b[2J"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    whole = load(sample.write(tmp_path / "whole"))
    claims = [replace(c, act="", role=f"{c.role} {EVIL}") for c in whole.claims.values()]
    queue = Queue(tmp_path / "record")
    source = replace(whole.sources[sample.SOURCE_ID], title=EVIL)
    queue.add(
        [Proposal(c, (EVIL,)) for c in claims],
        source,
        at=NOW,
        text=sample.TEXT,
        authorities=whole.authorities,
    )
    with Desk(queue, 0, lambda: NOW, "A. Reader") as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(
    desk: Desk, method: str, path: str, body: str | None = None, **headers: str
) -> tuple[HTTPResponse, str]:
    connection = HTTPConnection(LOOPBACK, desk.server_address[1], timeout=10)
    given = {"Cookie": f"desk={desk.key}", "Host": f"{LOOPBACK}:{desk.server_address[1]}"}
    sent = {k: v for k, v in {**given, **headers}.items() if v}
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def key(desk: Desk, claim: str) -> str:
    return desk.queue.get(claim).key


def decide(desk: Desk, claim: str, **form: str) -> tuple[HTTPResponse, str]:
    item = desk.queue.get(claim)
    given = {"token": desk.token, "version": str(item.version), "who": "A. Reader", **form}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return ask(desk, "POST", f"/item/{item.key}", urlencode(given), **headers)


def test_the_printed_address_gives_a_cookie_and_takes_the_key_out_of_the_address(
    desk: Desk,
) -> None:
    path = desk.address.partition(str(desk.server_address[1]))[2]
    answer, _ = ask(desk, "GET", path, Cookie="")

    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert "HttpOnly; SameSite=Strict" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("path", ["/", "/item/0123456789abcdef", "/?key=wrong"])
def test_who_does_not_hold_the_key_sees_nothing(desk: Desk, path: str) -> None:
    answer, text = ask(desk, "GET", path, Cookie="desk=wrong")

    assert answer.status == 403
    assert "claim" not in text


def test_a_proposal_is_shown_in_its_context_beside_its_fields(desk: Desk) -> None:
    _, listing = ask(desk, "GET", "/")
    answer, text = ask(desk, "GET", f"/item/{key(desk, 'claim:blocked')}")

    assert "3 waiting" in listing
    assert answer.status == 200
    assert f"regulator. <mark>{sample.SAID}</mark>. A party" in text
    assert '<th scope="row">speaker</th><td>authority:xx-regulator</td>' in text
    assert "Telecommunication Authority (regulator" in text


def test_everything_of_a_stranger_is_escaped_and_no_script_may_run(desk: Desk) -> None:
    for path in ("/", f"/item/{key(desk, 'claim:blocked')}", "/item/<script>", "/<script>"):
        answer, text = ask(desk, "GET", path.replace("<", "%3C"))

        assert "<script" not in text
        assert "\u202e" not in text and "\x1b" not in text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_yes_on_the_page_enters_the_claim(desk: Desk) -> None:
    answer, _ = decide(desk, "claim:blocked", decision="accepted", note="read twice")

    assert answer.status == 303
    [reading] = load(desk.queue.folder).claims["claim:blocked"].readings
    assert (reading.who, reading.note, reading.at) == ("A. Reader", "read twice", NOW)


def test_a_correction_on_the_page_is_checked_and_kept_for_mending(desk: Desk) -> None:
    text = desk.queue.get("claim:blocked").yaml
    answer, shown = decide(
        desk, "claim:blocked", decision="corrected", entry=text.replace("affirms", "affirmz")
    )

    assert answer.status == 422
    assert "polarity" in shown and "write affirms" in shown
    assert "polarity: affirmz" in re.sub(r".*<textarea[^>]*>", "", shown, flags=re.DOTALL)
    fixed = text.replace("polarity: affirms", "polarity: declines").replace("\n", "\r\n")
    answer, _ = decide(desk, "claim:blocked", decision="corrected", entry=fixed)
    assert answer.status == 303
    assert load(desk.queue.folder).claims["claim:blocked"].polarity == "declines"


def test_the_entry_in_the_form_is_the_entry_whatever_its_characters(desk: Desk) -> None:
    _, text = ask(desk, "GET", f"/item/{key(desk, 'claim:blocked')}")
    entry = unescape(text.partition('spellcheck="false">')[2].partition("</textarea>")[0])

    answer, _ = decide(desk, "claim:blocked", decision="corrected", entry=entry)

    assert answer.status == 303
    assert load(desk.queue.folder).claims["claim:blocked"].role == f"the regulator {EVIL}"


def test_a_court_order_waits_for_another_name(desk: Desk) -> None:
    decide(desk, "claim:order", decision="accepted")
    answer, text = decide(desk, "claim:order", decision="accepted")

    assert answer.status == 422
    assert "said yes already" in text
    assert decide(desk, "claim:order", decision="accepted", who="B. Reader")[0].status == 303
    assert desk.queue.get("claim:order").state is State.ACCEPTED


@pytest.mark.parametrize(
    ("form", "headers", "status"),
    [
        ({"token": "wrong"}, {}, 403),
        ({"token": ""}, {}, 403),
        ({}, {"Cookie": ""}, 403),
        ({}, {"Cookie": "desk=\x00;;="}, 403),
        ({}, {"Origin": "https://evil.example"}, 403),
        ({}, {"Origin": "null"}, 403),
        ({}, {"Host": "evil.example"}, 403),
        ({}, {"Content-Length": str(MOST_BYTES + 1)}, 413),
        ({}, {"Content-Length": "-1"}, 413),
        ({"version": "7"}, {}, 422),
        ({"version": "x"}, {}, 422),
        ({"who": ""}, {}, 422),
        ({"decision": "burned"}, {}, 422),
        ({"decision": ""}, {}, 422),
    ],
)
def test_a_forged_or_broken_form_decides_nothing(
    desk: Desk, form: dict[str, str], headers: dict[str, str], status: int
) -> None:
    given = {"token": desk.token, "version": "0", "who": "A", "decision": "accepted", **form}
    path = f"/item/{key(desk, 'claim:blocked')}"

    answer, _ = ask(desk, "POST", path, urlencode(given), **headers)

    assert answer.status == status
    assert desk.queue.get("claim:blocked").version == 0


@pytest.mark.parametrize(
    "path", ["/item/", "/item/../../etc/passwd", "/item/..%2f..%2fx", "/item/0", "/x", "//x"]
)
def test_a_path_that_is_no_proposal_is_not_found(desk: Desk, path: str) -> None:
    assert ask(desk, "GET", path)[0].status == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(desk: Desk, method: str) -> None:
    assert ask(desk, method, "/")[0].status == 501


def test_the_desk_is_on_the_loopback_address_alone(desk: Desk) -> None:
    assert desk.socket.getsockname()[0] == LOOPBACK


def test_a_visitor_who_says_nothing_does_not_keep_others_waiting(desk: Desk) -> None:
    with socket.create_connection(desk.server_address[:2]):  # type: ignore[arg-type]
        assert ask(desk, "GET", "/")[0].status == 200
