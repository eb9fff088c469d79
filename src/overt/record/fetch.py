"""A page from its address: public hosts only, few redirects, bounded size and time.

The host's addresses are vetted before every hop (`addresses`), and the connection is made to the
vetted one; the name stands in the Host header and in the TLS handshake, whose certificate is
verified against it. Proxies and credentials of the environment are not used.
"""

import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TypeVar

import httpx
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from overt.errors import InputError, OvertError, UsageError
from overt.record.addresses import AllowRule, is_public, vetted


T = TypeVar("T")

# All hand-set: an article page is a few MB at most, and court papers are seldom over ten.
MAX_BYTES = 20 * 1024 * 1024
MAX_SECONDS = 60.0
MAX_REDIRECTS = 5
_MAX_URL, _PORTS = 4096, 65536
_READ_SECONDS = 15.0
_MAX_HEADER_BYTES = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_AGENT = "overt (+record intake)"
_SAVE_IT = "save the page with a browser and take in the file, with --url for where it was"


class _Writer(WARCWriter):  # type: ignore[misc] # warcio has no types
    """Writes WARC records through memory: what is written is bounded already."""

    @staticmethod
    def _create_temp_file() -> BytesIO:
        return BytesIO()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an address answered: decoded bytes, the last hop's headers, all hops, and a WARC."""

    content: bytes
    url: str
    media_type: str
    headers: tuple[tuple[str, str], ...]
    hops: tuple[tuple[str, int], ...]
    warc: bytes


def fetch(
    url: str,
    *,
    allowed: AllowRule = is_public,
    max_bytes: int = MAX_BYTES,
    max_seconds: float = MAX_SECONDS,
) -> Fetched:
    """Return what an address answers.

    Args:
        url: an http or https address without credentials.
        allowed: which addresses may be connected to.
        max_bytes: the most that is read, on the wire and after decompression.
        max_seconds: the longest it may take, name look-ups and redirects included.

    Raises:
        UsageError: when it is no address of a page.
        InputError: when the host is refused, or the answer is none, an error, too big or too slow.
    """
    first = parsed(url)
    stop = threading.Event()
    return _within(
        max_seconds, stop, lambda: _follow(first, allowed, max_bytes, stop), where=str(first)
    )


def parsed(url: str) -> httpx.URL:
    """Return a checked address, without its fragment.

    Raises:
        UsageError: when it is not http or https, has no host, has credentials, or is malformed.
    """

    def refuse(what: str) -> UsageError:
        return UsageError(
            f"{what}: {url[:200]!r}", remedy="give an address such as https://example.org/a"
        )

    if len(url) > _MAX_URL or any(c.isspace() or not c.isprintable() for c in url):
        raise refuse("the address is over 4,096 characters long, or has white space in it")
    try:
        address = httpx.URL(url)
        port = address.port
    except (httpx.InvalidURL, ValueError) as problem:
        raise refuse("this is no address") from problem
    if address.scheme not in {"http", "https"}:
        raise refuse("only http and https addresses are fetched")
    if address.userinfo:
        raise UsageError(
            "the address carries a user name or password",
            remedy="take them out: an address is stored and shown",
        )
    if not address.host or (port is not None and not 0 < port < _PORTS):
        raise refuse("the address has no host, or a port that is none")
    return address.copy_with(fragment=None)


def _within(seconds: float, stop: threading.Event, do: Callable[[], T], *, where: str) -> T:
    """Return what `do` returns, or raise what it raises; give up after so many seconds.

    The work is in a daemon thread: a name look-up cannot be interrupted, only left behind.
    """
    results: list[T] = []
    problems: list[BaseException] = []

    def work() -> None:
        try:
            results.append(do())
        except BaseException as problem:  # noqa: BLE001 - raised again in the caller's thread
            problems.append(problem)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    stop.set()
    if problems:
        raise problems[0]
    if not results:
        raise InputError(
            f"the page did not come whole within {seconds:g} s", where=where, remedy=_SAVE_IT
        )
    return results[0]


def _follow(url: httpx.URL, allowed: AllowRule, max_bytes: int, stop: threading.Event) -> Fetched:
    """Return what the address, or the one it redirects to, answers."""
    hops: list[tuple[str, int]] = []
    kept = BytesIO()
    writer = _Writer(kept, gzip=True)
    while True:
        try:
            hop = _ask(url, allowed, max_bytes, stop)
        except OvertError as problem:
            problem.where = problem.where or str(url)
            raise
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as problem:
            raise InputError(
                f"the page could not be fetched: {type(problem).__name__}",
                where=str(url),
                remedy=f"try again later, or {_SAVE_IT}",
            ) from problem
        hops.append((str(url), hop.status))
        _keep(writer, url, hop)
        location = hop.header("location")
        if hop.status not in _REDIRECTS or not location:
            return _finished(url, hop, hops, kept.getvalue(), max_bytes)
        if len(hops) > MAX_REDIRECTS:
            raise InputError(
                f"the address redirects more than {MAX_REDIRECTS} times",
                where=hops[0][0],
                remedy=_SAVE_IT,
            )
        url = _next(url, location)


def _next(url: httpx.URL, location: str) -> httpx.URL:
    try:
        following = str(url.join(location))
        return parsed(following)
    except (UsageError, httpx.InvalidURL, ValueError) as problem:
        raise InputError(
            f"the address redirects to what is no public page: {location[:200]!r}",
            where=str(url),
            remedy=_SAVE_IT,
        ) from problem


@dataclass(frozen=True, slots=True)
class _Hop:
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    sent: tuple[tuple[str, str], ...]
    raw: bytes

    def header(self, name: str) -> str:
        return next((v for n, v in self.headers if n.lower() == name), "")


def _ask(url: httpx.URL, allowed: AllowRule, max_bytes: int, stop: threading.Event) -> _Hop:
    """Return one answer as it came over the wire, from a vetted address of the host."""
    port = url.port or (443 if url.scheme == "https" else 80)
    address = vetted(url.host, port, allowed)
    host = url.netloc.decode("ascii")
    sent = {
        "Host": host,
        "User-Agent": _AGENT,
        "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.1",
        "Accept-Encoding": "gzip, identity",
    }
    timeout = httpx.Timeout(_READ_SECONDS)
    with (
        httpx.Client(trust_env=False, follow_redirects=False, timeout=timeout) as client,
        client.stream(
            "GET",
            url.copy_with(host=str(address)),
            headers=sent,
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        ) as answer,
    ):
        headers = tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in answer.headers.raw)
        if sum(len(n) + len(v) for n, v in headers) > _MAX_HEADER_BYTES:
            raise InputError("the page's headers are over 64 KiB", remedy=_SAVE_IT)
        told = answer.headers.get("content-length", "")
        if told.isdecimal() and len(told) < 20 and int(told) > max_bytes:  # noqa: PLR2004
            raise _too_big(max_bytes)
        raw = bytearray()
        for chunk in answer.iter_raw():
            raw += chunk
            if len(raw) > max_bytes:
                raise _too_big(max_bytes)
            if stop.is_set():
                break
        reason = answer.reason_phrase
    return _Hop(answer.status_code, reason, headers, tuple(sent.items()), bytes(raw))


def _finished(
    url: httpx.URL, hop: _Hop, hops: list[tuple[str, int]], warc: bytes, max_bytes: int
) -> Fetched:
    if hop.status != httpx.codes.OK:
        raise InputError(
            f"the server answered {hop.status} {hop.reason[:60]}, not the page",
            where=str(url),
            remedy=_SAVE_IT,
        )
    return Fetched(
        content=_decoded(hop, max_bytes, str(url)),
        url=str(url),
        media_type=hop.header("content-type"),
        headers=hop.headers,
        hops=tuple(hops),
        warc=warc,
    )


def _decoded(hop: _Hop, max_bytes: int, where: str) -> bytes:
    """Return the answer without its transport compression, never more than is allowed."""
    encoding = hop.header("content-encoding").strip().lower()
    if encoding in {"", "identity"}:
        return hop.raw
    if encoding not in {"gzip", "x-gzip"}:
        raise InputError(
            f"the page is compressed as {encoding[:40]!r}, which was not asked for",
            where=where,
            remedy=_SAVE_IT,
        )
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = inflater.decompress(hop.raw, max_bytes + 1)
    except zlib.error as problem:
        raise InputError(
            "the page's compression is damaged", where=where, remedy=_SAVE_IT
        ) from problem
    if len(content) > max_bytes:
        raise _too_big(max_bytes)
    if not inflater.eof:
        raise InputError("the page's compression breaks off", where=where, remedy="try again later")
    return content


def _too_big(max_bytes: int) -> InputError:
    return InputError(
        f"the page is over {max_bytes // (1024 * 1024) or 1} MiB",
        remedy="take in the part that matters as a file of its own",
    )


def _keep(writer: _Writer, url: httpx.URL, hop: _Hop) -> None:
    """Write one exchange: the response as it came over the wire, and the request.

    Chunks are joined already, so that the header that tells of them is kept under another name,
    as other crawlers do.
    """
    kept = [
        (f"X-Archive-Orig-{n}" if n.lower() == "transfer-encoding" else n, v)
        for n, v in hop.headers
    ]
    answer = StatusAndHeaders(f"{hop.status} {hop.reason}", kept, protocol="HTTP/1.1")
    asked = StatusAndHeaders(
        f"GET {url.raw_path.decode('ascii')} HTTP/1.1", list(hop.sent), is_http_request=True
    )
    response = writer.create_warc_record(
        str(url), "response", payload=BytesIO(hop.raw), http_headers=answer
    )
    request = writer.create_warc_record(str(url), "request", http_headers=asked)
    writer.write_request_response_pair(request, response)
