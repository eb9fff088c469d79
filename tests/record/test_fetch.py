"""Fetching from a server on this machine: redirects, sizes, times, compression, refusals."""

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import ClassVar

import pytest
from warcio.archiveiterator import ArchiveIterator

from overt.errors import InputError, UsageError
from overt.record.addresses import IP, is_public
from overt.record.fetch import fetch, parsed


PAGE = b"<html><body><p>Kite is blocked in Orbia.</p></body></html>"


def loopback(address: IP) -> bool:
    return address.is_loopback


class Site(BaseHTTPRequestHandler):
    hosts: ClassVar[list[str]] = []

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.hosts.append(self.headers["Host"])
        route = getattr(self, "on_" + self.path.strip("/").partition("/")[0], None)
        try:
            if route:
                route()
            else:
                self.answer(200, PAGE)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        sent = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        for name, value in {**sent, **{k.replace("_", "-"): v for k, v in headers.items()}}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def on_hop(self) -> None:
        left = int(self.path.rpartition("/")[2])
        self.answer(302, b"", Location=f"/hop/{left - 1}" if left else "/page")

    def on_away(self) -> None:
        self.answer(301, b"", Location="http://10.0.0.1/secret")

    def on_file(self) -> None:
        self.answer(301, b"", Location="file:///etc/passwd")

    def on_user(self) -> None:
        self.answer(301, b"", Location="http://me:secret@example.org/")

    def on_gone(self) -> None:
        self.answer(404, b"no")

    def on_zip(self) -> None:
        self.answer(200, gzip.compress(PAGE), Content_Encoding="gzip")

    def on_bomb(self) -> None:
        self.answer(200, gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")

    def on_cut(self) -> None:
        self.answer(200, gzip.compress(PAGE)[:-12], Content_Encoding="gzip")

    def on_brotli(self) -> None:
        self.answer(200, PAGE, Content_Encoding="br")

    def on_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(bytes(65536))

    def on_slow(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x")
            time.sleep(0.1)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_is_had_with_its_type_and_a_warc(site: str) -> None:
    had = fetch(f"{site}/page#part", allowed=loopback)

    assert had.content == PAGE
    assert had.media_type == "text/html; charset=utf-8"
    assert had.hops == ((f"{site}/page", 200),)
    records = [(r.rec_type, r.content_stream().read()) for r in ArchiveIterator(BytesIO(had.warc))]
    assert records == [("response", PAGE), ("request", b"")]


def test_the_name_is_asked_for_at_the_vetted_address(site: str) -> None:
    fetch(f"{site}/page", allowed=loopback)

    assert Site.hosts[-1] == site.removeprefix("http://")


def test_redirects_are_followed_and_kept(site: str) -> None:
    had = fetch(f"{site}/hop/2", allowed=loopback)

    assert [status for _, status in had.hops] == [302, 302, 302, 200]
    assert had.url == f"{site}/page"
    assert sum(r.rec_type == "response" for r in ArchiveIterator(BytesIO(had.warc))) == 4


def test_many_redirects_are_refused(site: str) -> None:
    with pytest.raises(InputError, match="redirects more than 5"):
        fetch(f"{site}/hop/30", allowed=loopback)


def test_a_redirect_to_a_private_address_is_refused(site: str) -> None:
    def rule(address: IP) -> bool:
        return address.is_loopback or is_public(address)

    with pytest.raises(InputError, match=r"10\.0\.0\.1.*not\s+on the public"):
        fetch(f"{site}/away", allowed=rule)


@pytest.mark.parametrize("path", ["file", "user"])
def test_a_redirect_to_what_is_no_page_is_refused(site: str, path: str) -> None:
    with pytest.raises(InputError, match="no public page"):
        fetch(f"{site}/{path}", allowed=loopback)


def test_loopback_is_refused_unless_a_test_allows_it(site: str) -> None:
    with pytest.raises(InputError, match="not on the public Internet"):
        fetch(site)


def test_an_error_is_no_page(site: str) -> None:
    with pytest.raises(InputError, match="404"):
        fetch(f"{site}/gone", allowed=loopback)


def test_a_compressed_page_is_unpacked_and_the_warc_keeps_it_packed(site: str) -> None:
    had = fetch(f"{site}/zip", allowed=loopback)

    record = next(iter(ArchiveIterator(BytesIO(had.warc))))
    assert had.content == PAGE
    assert gzip.decompress(record.raw_stream.read()) == PAGE


@pytest.mark.parametrize(
    ("path", "told"),
    [("bomb", "over 20 MiB"), ("cut", "breaks off"), ("brotli", "not asked for")],
)
def test_bad_compression_is_refused(site: str, path: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        fetch(f"{site}/{path}", allowed=loopback)


def test_an_endless_page_is_refused(site: str) -> None:
    with pytest.raises(InputError, match="over 1 MiB"):
        fetch(f"{site}/endless", allowed=loopback, max_bytes=1024**2)


def test_a_page_that_drips_is_given_up(site: str) -> None:
    start = time.monotonic()

    with pytest.raises(InputError, match=r"within 0\.5 s"):
        fetch(f"{site}/slow", allowed=loopback, max_seconds=0.5)
    assert time.monotonic() - start < 3


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError, match="could not be fetched"):
        fetch("http://127.0.0.1:9/", allowed=loopback)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/a", "file:///etc/passwd", "http://", "http:///a", "http://a b/",
        "http://user:word@example.org/", "http://example.org:99999/", "http://example.org/\n",
        "javascript:alert(1)", "http://[::1", "https://example.org/" + "a" * 5000, "//example.org",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        parsed(url)
