"""Hostnames and addresses in one canonical form, so that equal names compare equal."""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

import idna


_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_MAX_NAME = 253
_PORT_DIGITS, _MAX_PORT = 5, 65_535
DEFAULT_PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=65_536)
def canonical_hostname(name: str) -> str | None:
    """Return a hostname as lower-case A-labels without the final dot; None if it is no hostname.

    Source: RFC 5891 by way of the `idna` package, with UTS 46 mapping, so that a capital letter in
    an internationalised name makes no difference.
    Underscores are allowed: they occur in names that do resolve.
    """
    text = name.strip()
    if not text or len(text) > _MAX_NAME + 1:
        return None
    if not text.isascii():
        # capitals are folded by UTS 46 and not before: Python's lower() knows a final sigma
        try:
            text = idna.uts46_remap(text).rstrip(".")
            text = idna.encode(text).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    text = text.rstrip(".").lower()
    if not text or canonical_address(text):
        return None
    if len(text) > _MAX_NAME or not all(_LABEL.match(label) for label in text.split(".")):
        return None
    return text


@lru_cache(maxsize=65_536)
def canonical_address(text: str) -> str | None:
    """Return an IP address in its canonical text form; None if `text` is not one."""
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def is_bogon(address: str) -> bool:
    """Say whether an address cannot be a public server's: it is private, loopback or reserved.

    Source: the IANA special-purpose address registries as kept by Python's `ipaddress`.
    """
    ip = ipaddress.ip_address(address)
    return not ip.is_global or ip.is_multicast


def split_endpoint(text: str) -> tuple[str | None, int | None]:
    """Return address and port of `1.2.3.4:443` or `[::1]:443`; None for what is not there."""
    host, _, port = text.rpartition(":")
    if not host:
        return canonical_address(text), None
    known = port.isdecimal() and port.isascii() and len(port) <= _PORT_DIGITS
    number = int(port) if known and int(port) <= _MAX_PORT else None
    return canonical_address(host), number


def split_url(url: str) -> tuple[str | None, str | None, int | None]:
    """Return hostname, address and port a URL points at; the host is one of the first two.

    The port is the scheme's own when the URL names none, and None when neither does.
    """
    try:
        parts: SplitResult = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None, None, None
    if port is None:
        port = DEFAULT_PORTS.get(parts.scheme.lower())
    if host is None:
        return None, None, port
    address = canonical_address(host)
    return (None, address, port) if address else (canonical_hostname(host), None, port)
