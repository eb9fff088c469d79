"""The list of platforms: which hostname or address is which service role, pinned by content."""

import hashlib
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files

import pyarrow as pa

from overt.errors import RuleError, UsageError
from overt.reference.hostnames import canonical_address, canonical_hostname
from overt.vocabulary.places import Combine, Platform, Target


_PLATFORM_KEYS = {"id", "name", "aliases", "combine", "target"}
_TARGET_KEYS = {"id", "hostnames", "addresses", "nettests", "failing_share"}


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
            if wanted in {platform.id, platform.name.lower(), *platform.aliases}:
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

    def combine_of(self, platform_id: str) -> Combine:
        """Return the rule that makes the platform of its targets."""
        for platform in self.platforms:
            if platform.id == platform_id:
                return platform.combine
        return Combine.ANY_OF

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
        entries = tomllib.loads(raw.decode()).get("platform", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise RuleError(f"not TOML: {problem}", where=where, remedy="mend the file") from problem
    claimed: dict[str, str] = {}
    platforms = tuple(_platform(entry, claimed, where) for entry in entries)
    return PlatformList(version=hashlib.sha256(raw).hexdigest()[:16], platforms=platforms)


def _platform(entry: dict[str, object], claimed: dict[str, str], where: str) -> Platform:
    _only(entry, _PLATFORM_KEYS, where)
    try:
        targets = tuple(
            _target(t, str(entry["id"]), claimed, where)
            for t in entry["target"]  # type: ignore[attr-defined]
        )
        return Platform(
            id=str(entry["id"]),
            name=str(entry["name"]),
            combine=Combine(str(entry.get("combine", "any-of"))),
            aliases=tuple(str(a) for a in entry.get("aliases", [])),  # type: ignore[attr-defined]
            targets=targets,
        )
    except (KeyError, ValueError) as problem:
        raise RuleError(
            f"platform {entry.get('id')!r} is unsound: {problem}",
            where=where,
            remedy="give it id, name, at least one target, and combine any-of or all-of",
        ) from problem


def _target(entry: dict[str, object], platform: str, claimed: dict[str, str], where: str) -> Target:
    _only(entry, _TARGET_KEYS, where)
    target = Target(**{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})  # type: ignore[arg-type]
    for hostname in target.hostnames:
        if canonical_hostname(hostname) != hostname:
            raise RuleError(
                f"{hostname!r} is not in canonical form",
                where=f"{where}, {target.id}",
                remedy=f"write {canonical_hostname(hostname)!r}",
            )
    for address in target.addresses:
        if canonical_address(address) != address:
            raise RuleError(
                f"{address!r} is not an IP address in canonical form",
                where=f"{where}, {target.id}",
                remedy="mend the address",
            )
    if not target.id.startswith(f"{platform}/"):
        raise ValueError(f"target {target.id!r} does not start with {platform!r} and a slash")
    if not 0 < target.failing_share <= 1:
        raise ValueError(f"failing_share {target.failing_share} is not in (0, 1]")
    for key in (*target.hostnames, *target.addresses):
        if key in claimed:
            raise RuleError(
                f"{key} is claimed by {claimed[key]} and by {target.id}",
                where=where,
                remedy="a hostname or address plays one role; take it out of one of them",
            )
        claimed[key] = target.id
    return target


def _only(entry: dict[str, object], allowed: set[str], where: str) -> None:
    unknown = sorted(set(entry) - allowed)
    if unknown:
        raise RuleError(
            f"{', '.join(unknown)} in {entry.get('id')!r} is not a key of the platform list",
            where=where,
            remedy=f"use only {', '.join(sorted(allowed))}",
        )
