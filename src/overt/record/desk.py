"""The desk as a local web page: loopback only, for whoever holds the key it printed at its start.

Other pages in the same browser are kept out by the Host and Origin checks, a same-site cookie, a
token in every form, and a policy under which nothing but our own style sheet loads. Other users of
the machine are kept out by the key.
"""

import hmac
import secrets
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from overt.errors import OvertError, RecordError
from overt.record import deskpage as page
from overt.record.proposed import OPEN, Item, State
from overt.record.queue import Queue
from overt.record.trial import entry_from


LOOPBACK = "127.0.0.1"
MOST_BYTES = 512 * 1024
_SECONDS = 15
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Desk(ThreadingHTTPServer):
    """A desk over one queue.

    Args:
        queue: the queue that is read.
        port: the port on the loopback address; 0: any that is free.
        now: the clock.
        who: the name the form begins with.
    """

    daemon_threads = True

    def __init__(self, queue: Queue, port: int, now: Callable[[], datetime], who: str = "") -> None:
        self.queue, self.now, self.who = queue, now, who
        self.key = secrets.token_urlsafe(32)
        self.token = hmac.new(self.key.encode(), b"form", sha256).hexdigest()
        super().__init__((LOOPBACK, port), _Visit)

    @property
    def address(self) -> str:
        """Return the address to open: it carries the key, once."""
        return f"http://{LOOPBACK}:{self.server_address[1]}/?key={self.key}"

    def hosts(self) -> set[str]:
        """Return the names by which a browser may call this desk."""
        return {f"{name}:{self.server_address[1]}" for name in (LOOPBACK, "localhost")}


class _Visit(BaseHTTPRequestHandler):
    server: Desk
    timeout = _SECONDS
    protocol_version = "HTTP/1.1"
    server_version = "overt"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def log_message(self, *_: object) -> None:
        """Say nothing: a request line may carry the key."""

    def _answer(self, work: Callable[[], None]) -> None:
        self.close_connection = True  # one request each: nothing is left unread in between
        if self.headers.get("Host", "") not in self.server.hosts():
            self._say(HTTPStatus.FORBIDDEN, "this address is not the desk's")
            return
        try:
            work()
        except OvertError as problem:
            self._say(HTTPStatus.BAD_REQUEST, str(problem))

    def _get(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/desk.css":
            self._send(HTTPStatus.OK, page.STYLE, "text/css")
        elif parts.path == "/" and self._is_key(parse_qs(parts.query).get("key", [""])[0]):
            self._redirect("/", cookie=True)
        elif not self._is_key(self._cookie()):
            self._say(HTTPStatus.FORBIDDEN, "open the address that overt record desk printed")
        elif parts.path == "/":
            every = self.server.queue.items([*OPEN, State.ACCEPTED, State.REFUSED])
            counts = Counter(i.state for i in every)
            self._send(HTTPStatus.OK, page.listing([i for i in every if i.state in OPEN], counts))
        elif (item := self._item(parts.path)) is not None:
            self._send(HTTPStatus.OK, self._reading(item))
        else:
            self._say(HTTPStatus.NOT_FOUND, "there is no such proposal")

    def _post(self) -> None:
        own = {f"http://{host}" for host in self.server.hosts()}
        if self.headers.get("Origin", next(iter(own))) not in own:
            self._say(HTTPStatus.FORBIDDEN, "another page may not decide here")
            return
        form = self._form()
        token = form.get("token", "")
        if form is _TOO_LARGE:
            self._say(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the form is too large")
        elif not self._is_key(self._cookie()) or not _equal(token, self.server.token):
            self._say(HTTPStatus.FORBIDDEN, "the form is not from this desk; load the page anew")
        elif (item := self._item(urlsplit(self.path).path)) is None:
            self._say(HTTPStatus.NOT_FOUND, "there is no such proposal")
        else:
            self._decide(item, form)

    def _decide(self, item: Item, form: dict[str, str]) -> None:
        version, decision = form.get("version", ""), form.get("decision", "")
        entry = form.get("entry", "").replace("\r\n", "\n")
        try:
            self.server.queue.decide(
                item.key,
                decision,
                who=form.get("who", ""),
                at=self.server.now(),
                note=form.get("note", ""),
                corrected=entry if decision == "corrected" else None,
                version=int(version) if version.isdecimal() and len(version) < 9 else -1,  # noqa: PLR2004
            )
        except OvertError as problem:
            told = problem.problems if isinstance(problem, RecordError) else (str(problem),)
            seen = self._item(f"/item/{item.key}") or item
            text = self._reading(
                seen,
                told=[str(t) for t in told],
                entry=entry if decision == "corrected" else None,
                who=form.get("who", ""),
            )
            self._send(HTTPStatus.UNPROCESSABLE_ENTITY, text)
            return
        left = self.server.queue.items()
        following = next((i for i in left if i.key != item.key and not i.yeses), None)
        self._redirect(f"/item/{following.key}" if following else "/")

    def _reading(
        self, item: Item, told: list[str] | None = None, entry: str | None = None, who: str = ""
    ) -> str:
        text = None
        if item.source is not None:
            text = self.server.queue.text_of(entry_from("source", item.source).body)
        return page.reading(
            item,
            text=text,
            wants=self.server.queue.wants(item),
            token=self.server.token,
            who=who or self.server.who,
            told=told or (),
            entry=entry,
        )

    def _item(self, path: str) -> Item | None:
        key = path.removeprefix("/item/")
        return self.server.queue.find(key) if path.startswith("/item/") else None

    def _form(self) -> dict[str, str]:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES:
            return _TOO_LARGE
        raw = self.rfile.read(int(length)).decode("utf-8", "replace")
        try:
            found = parse_qs(raw, keep_blank_values=True, max_num_fields=20)
        except ValueError:
            return {}
        return {name: values[0] for name, values in found.items()}

    def _cookie(self) -> str:
        try:
            jar = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            return ""
        return jar["desk"].value if "desk" in jar else ""

    def _is_key(self, given: str) -> bool:
        return _equal(given, self.server.key)

    def _redirect(self, where: str, *, cookie: bool = False) -> None:
        headers = {"Location": where}
        if cookie:
            headers["Set-Cookie"] = f"desk={self.server.key}; Path=/; HttpOnly; SameSite=Strict"
        self._send(HTTPStatus.SEE_OTHER, "", headers=headers)

    def _say(self, status: HTTPStatus, what: str) -> None:
        self._send(status, page.refusal(what))

    def _send(
        self,
        status: HTTPStatus,
        text: str,
        media_type: str = "text/html",
        headers: dict[str, str] | None = None,
    ) -> None:
        raw = text.encode("utf-8", "backslashreplace")
        self.send_response(status)
        for name, value in {**_HEADERS, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{media_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(raw)


_TOO_LARGE: dict[str, str] = {"token": ""}


def _equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
