"""Which addresses a page may be fetched from: public ones only, vetted before every connection.

An address a stranger writes into a link must not reach a router, a cloud's metadata service or a
database of whoever takes it in. A name is resolved here, all its addresses are vetted, and the
connection goes to the vetted address itself, so that a second answer of the name server (DNS
rebinding) is never asked for.
"""

import ipaddress
import socket
from collections.abc import Callable

from overt.errors import InputError


IP = ipaddress.IPv4Address | ipaddress.IPv6Address
AllowRule = Callable[[IP], bool]

# IPv6 ranges that carry an IPv4 address to someone else's door: translation (RFC 6052, RFC 8215),
# 6to4 (RFC 3056), Teredo (RFC 4380), IPv4-compatible (RFC 4291, 2.5.5.1).
_CARRIERS = tuple(
    ipaddress.ip_network(n)
    for n in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)


def is_public(address: IP) -> bool:
    """Say whether an address is one on the public Internet, after IANA's registries.

    Private, loopback, link-local, multicast, reserved, shared and documentation addresses are not,
    nor is any IPv6 address that stands for an IPv4 one.
    """
    if isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped is not None
        or address.is_site_local
        or any(address in network for network in _CARRIERS)
    ):
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    )


def vetted(host: str, port: int, allowed: AllowRule = is_public) -> IP:
    """Return the first address of a host; every address it has must be allowed.

    Raises:
        InputError: when the host has no address, or one that is not allowed.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise InputError(
            f"the host {host!r} has no address",
            remedy="check the address, or save the page and take in the file",
        ) from problem
    found = [ipaddress.ip_address(str(a[4][0]).partition("%")[0]) for a in answers]
    refused = [a for a in found if not allowed(a)]
    if refused or not found:
        raise InputError(
            f"the host {host!r} has the address {refused[0] if refused else 'none'}, which is not"
            " on the public Internet",
            remedy="pages are fetched from public addresses only; save the page and take in the"
            " file, with --url for where it was",
        )
    return found[0]
