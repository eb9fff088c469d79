"""Where and what: networks, targets, platforms, and how a platform is made of its targets."""

import re
from dataclasses import dataclass
from enum import StrEnum


_ASN = re.compile(r"(?:AS)?(\d{1,10})(?:\.0)?\Z", re.IGNORECASE)
_CC = re.compile(r"[A-Za-z]{2}\Z")
MAX_ASN = 2**32 - 1
# OONI's marks for "not known" (df-000). Such a measurement is kept, and belongs to no cell.
UNKNOWN_ASN = 0
UNKNOWN_CC = "ZZ"


def parse_asn(text: str | None) -> int | None:
    """Return the number of an autonomous system from `AS123`, `123` or `123.0`; None for AS0.

    AS0 is OONI's mark for "not known" (df-000), and so is an empty field.

    Raises:
        ValueError: when the text is neither empty nor an AS number.
    """
    if text is None or text.strip() in {"", "AS"}:
        return None
    found = _ASN.match(text.strip())
    if found is None or int(found[1]) > MAX_ASN:
        raise ValueError(f"{text!r} is not an AS number")
    return int(found[1]) or None


def parse_cc(text: str | None) -> str | None:
    """Return an ISO 3166-1 alpha-2 code in capitals; None for ZZ, OONI's mark for "not known".

    Raises:
        ValueError: when the text is neither empty nor two letters.
    """
    if text is None or not text.strip():
        return None
    code = text.strip()
    if not _CC.match(code):
        raise ValueError(f"{text!r} is not a country code")
    code = code.upper()
    return None if code == "ZZ" else code


class Combine(StrEnum):
    """When a platform counts as restricted: if any of its targets is, or only if all are."""

    ANY_OF = "any-of"
    ALL_OF = "all-of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A service role of a platform, such as `x/web` or `telegram/dc`.

    Attributes:
        id: platform id, a slash, the role.
        hostnames: names that play this role, lower case A-labels.
        addresses: IP addresses that play this role where the nettest dials addresses.
        nettests: nettests whose address-only endpoints all play this role.
        failing_share: in one measurement, the share of the role's endpoints that must fail
            before the role counts as failing. 1.0: one working endpoint keeps the role up.
    """

    id: str
    hostnames: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    nettests: tuple[str, ...] = ()
    failing_share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A named set of targets; a rename of the service is a new hostname, not a new platform."""

    id: str
    name: str
    combine: Combine = Combine.ANY_OF
    targets: tuple[Target, ...] = ()
    aliases: tuple[str, ...] = ()


def platform_of(target: str) -> str:
    """Return the platform a target id belongs to: what stands before the last slash."""
    return target.rpartition("/")[0]
