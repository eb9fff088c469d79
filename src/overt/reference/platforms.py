"""The list of platforms: which hostname or address is which service role, pinned by content."""

import hashlib
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Annotated

import msgspec
import pyarrow as pa

from overt.errors import RuleError, UsageError
from overt.reference.hostnames import canonical_address, canonical_hostname
from overt.vocabulary.places import Combine, Platform, Target


class _TargetEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A `[[platform.target]]` as the file has it; see `vocabulary.places.Target`."""

    id: str
    hostnames: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    nettests: tuple[str, ...] = ()
    failing_share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0


class _PlatformEntry(msgspec.Struct, forbid_unknown_fields=True):
    """A `[[platform]]` as the file has it; see `vocabulary.places.Platform`."""

    id: Annotated[str, msgspec.Meta(min_length=1)]
    name: Annotated[str, msgspec.Meta(min_length=1)]
    target: Annotated[list[_TargetEntry], msgspec.Meta(min_length=1)]
    combine: Combine = Combine.ANY_OF
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformList:
    """Every platform we know by name, and the version of the list (a hash of its bytes)."""

    version: str
    platforms: tuple[Platform, ...] = field(default=())

    def find(self, text: str) -> Platform:
        """Return the platform a person means by `text`: an id, a name, an alias or a hostname.

        A hostname no platform lists is a platform of its own.

        Raises:
            UsageError: when the text is none of these.
        """
        wanted = text.strip().lower()
        for platform in self.platforms:
            names = (platform.id, platform.name, *platform.aliases)
            if wanted in {name.lower() for name in names}:
                return platform
        host = canonical_hostname(wanted)
        for platform in self.platforms:
            if any(host in target.hostnames for target in platform.targets):
                return platform
        if host is None or "." not in host:
            known = ", ".join(p.id for p in self.platforms)
            raise UsageError(
                f"{text!r} is neither a platform nor a hostname",
                remedy=f"use one of {known}; or a hostname such as www.example.org",
            )
        return site(host)

    def name_of(self, platform_id: str) -> str:
        """Return how a platform is called in a sentence; a website is called by its hostname."""
        for platform in self.platforms:
            if platform.id == platform_id:
                return platform.name
        return platform_id

    def tables(self) -> dict[str, pa.Table]:
        """Return the list as three tables for SQL.

        `ref_hostname` (hostname, target, platform), `ref_address` (ip or NULL for any, test_name or
        NULL for any, target, platform), `ref_target` (target, failing_share).
        """
        hostnames, addresses, targets = [], [], []
        for platform in self.platforms:
            for target in platform.targets:
                key = {"target": target.id, "platform": platform.id}
                hostnames += [{"hostname": h, **key} for h in target.hostnames]
                addresses += [{"ip": a, "test_name": None, **key} for a in target.addresses]
                addresses += [{"ip": None, "test_name": n, **key} for n in target.nettests]
                targets.append({"target": target.id, "failing_share": target.failing_share})
        text = pa.string()
        return {
            "ref_hostname": pa.Table.from_pylist(
                hostnames, pa.schema({"hostname": text, "target": text, "platform": text})
            ),
            "ref_address": pa.Table.from_pylist(
                addresses,
                pa.schema({"ip": text, "test_name": text, "target": text, "platform": text}),
            ),
            "ref_target": pa.Table.from_pylist(
                targets, pa.schema({"target": text, "failing_share": pa.float64()})
            ),
        }


def site(hostname: str) -> Platform:
    """Return the platform that a website nobody listed is by itself, without its leading www."""
    bare = hostname.removeprefix("www.")
    bare = bare if "." in bare else hostname
    target = Target(id=f"{bare}/web", hostnames=tuple(sorted({bare, f"www.{bare}", hostname})))
    return Platform(id=bare, name=bare, targets=(target,))


def load_platforms(text: bytes | None = None) -> PlatformList:
    """Return the bundled list of platforms, or the one in `text` (TOML).

    Raises:
        RuleError: when the list is unsound: an unknown key, a name that is not canonical, or a
            hostname or address that two targets claim.
    """
    where = "reference/platforms.toml"
    raw = text if text is not None else files("overt").joinpath(where).read_bytes()
    try:
        body = tomllib.loads(raw.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise RuleError(f"not TOML: {problem}", where=where, remedy="mend the file") from problem
    entries = body.get("platform", [])
    if set(body) - {"platform"} or not isinstance(entries, list):
        raise RuleError(
            f"it holds {', '.join(sorted(body))}; expected nothing but [[platform]] entries",
            where=where,
            remedy="write each platform as [[platform]], its targets as [[platform.target]] below",
        )
    claimed: dict[str, str] = {}
    platforms = tuple(_platform(entry, claimed, where) for entry in entries)
    return PlatformList(version=hashlib.sha256(raw).hexdigest()[:16], platforms=platforms)


def _platform(body: object, claimed: dict[str, str], where: str) -> Platform:
    name = body.get("id") if isinstance(body, dict) else body
    try:
        entry = msgspec.convert(body, _PlatformEntry)
    except msgspec.ValidationError as problem:
        raise RuleError(
            f"platform {name!r} is unsound: {problem}",
            where=where,
            remedy="give it id, name, at least one target, and combine any-of or all-of",
        ) from problem
    targets = tuple(
        Target(**{f: getattr(t, f) for f in _TargetEntry.__struct_fields__}) for t in entry.target
    )
    for target in targets:
        _check_target(target, entry.id, claimed, where)
    return Platform(
        id=entry.id,
        name=entry.name,
        combine=entry.combine,
        aliases=entry.aliases,
        targets=targets,
    )


def _check_target(target: Target, platform: str, claimed: dict[str, str], where: str) -> None:
    place = f"{where}, {target.id}"
    if not target.id.startswith(f"{platform}/"):
        raise RuleError(
            f"target {target.id!r} does not start with {platform!r} and a slash",
            where=where,
            remedy="name it after its platform and its role",
        )
    for hostname in target.hostnames:
        if canonical_hostname(hostname) != hostname:
            raise RuleError(
                f"{hostname!r} is not in canonical form",
                where=place,
                remedy=f"write {canonical_hostname(hostname)!r}",
            )
    for address in target.addresses:
        if canonical_address(address) != address:
            raise RuleError(
                f"{address!r} is not an IP address in canonical form",
                where=place,
                remedy="mend the address",
            )
    for key in (target.id, *target.hostnames, *target.addresses):
        if key in claimed:
            raise RuleError(
                f"{key} is claimed by {claimed[key]} and by {target.id}",
                where=where,
                remedy="a hostname or address plays one role; take it out of one of them",
            )
        claimed[key] = target.id
