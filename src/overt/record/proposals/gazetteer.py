"""Names of authorities, platforms and places, as data; resolution takes a country from outside."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec
from babel import Locale

from overt.errors import RuleError
from overt.record.proposals.tokens import tokens
from overt.reference.platforms import load_platforms
from overt.vocabulary.stated import Authority, AuthorityKind


_WHERE = "record/proposals"
# The letter of each kind of authority in a canonical line; see patterns.KINDS.
LETTERS: Mapping[AuthorityKind, str] = {
    AuthorityKind.MINISTRY: "M", AuthorityKind.REGULATOR: "G", AuthorityKind.COURT: "C",
    AuthorityKind.AGENCY: "A", AuthorityKind.GOVERNMENT: "V", AuthorityKind.LEGISLATURE: "L",
    AuthorityKind.PLATFORM: "P", AuthorityKind.OPERATOR: "O", AuthorityKind.PARTY: "Y",
    AuthorityKind.LITIGANT: "T", AuthorityKind.CIVIL_SOCIETY: "S", AuthorityKind.WATCHDOG: "W",
    AuthorityKind.OUTLET: "U",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Words that stand for something, and what: an authority, a platform, a place, a kind.

    `letter` is that of the mention. `exact` is the spelling that is asked for, case and all; empty:
    any. `capital`: its first word must have one. `common`: words for one named before, or for many.
    """

    words: tuple[str, ...]
    letter: str
    value: str = ""
    cc: str = ""
    exact: str = ""
    capital: bool = True
    common: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Every name by its first word, and the authorities by id."""

    authorities: Mapping[str, Authority]
    names: Mapping[str, tuple[Name, ...]]
    ministries: frozenset[str]
    endings: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]
    lists: Mapping[str, frozenset[str]]
    platform_names: Mapping[str, str]

    def at(self, first: str) -> tuple[Name, ...]:
        """Return the names that begin with a word, longest first."""
        return self.names.get(first, ())


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    """An `[[authority]]` as a file has it."""

    id: str
    name: str
    kind: AuthorityKind
    names: tuple[str, ...] = ()
    part_of: str = ""


def authority_id(cc: str, slug: str) -> str:
    """Return the id of an authority of a country; of none: without a code."""
    return f"authority:{cc.lower()}-{slug}" if cc else f"authority:{slug}"


def described(wanted: str) -> Authority | None:
    """Return the authority an id of a proposal stands for; None for an id no proposal has.

    One that is listed is the entry. A platform, a government, and an office or court known by its
    name alone are described from the id.
    """
    names = load_gazetteer()
    if wanted in names.authorities:
        return names.authorities[wanted]
    slug = wanted.removeprefix("authority:")
    platform = {n.value for row in names.names.values() for n in row if n.letter == "P"}
    if slug in platform:
        name = names.platform_names.get(slug, slug.capitalize())
        return Authority(id=wanted, name=name, kind=AuthorityKind.PLATFORM)
    code, _, office = slug.partition("-")
    country = Locale("en").territories.get(code.upper())
    if country is None or not office or not wanted.startswith("authority:"):
        return None
    words = tuple(office.split("-"))
    kind = AuthorityKind.GOVERNMENT if words == ("government",) else AuthorityKind.MINISTRY
    for ways in names.endings.values():
        for ending, tail in ways:
            kind = AuthorityKind(ending) if words[-len(tail) :] == tail else kind
    if kind is AuthorityKind.MINISTRY and words[-1] != "ministry":
        return None
    name = " ".join(w.capitalize() for w in words)
    return Authority(id=wanted, name=f"{name} ({country})", kind=kind, cc=code.upper())


def split(name: str) -> tuple[str, ...]:
    """Return the canonical words of a name."""
    return tuple(t.word for t in tokens(name, 0, len(name)))


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer this package ships.

    Raises:
        RuleError: when a file is unsound or two authorities have one id.
    """
    folder = files("overt").joinpath(_WHERE)
    rows = []
    for file in sorted(folder.joinpath("gazetteer").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            rows += read_authorities(file.read_text("utf-8"), f"{_WHERE}/gazetteer/{file.name}")
    lists = {
        name: _toml(folder.joinpath("lists", f"{name}.toml").read_text("utf-8"), name)
        for name in ("services", "places", "actors")
    }
    return gazetteer(rows, lists)


def _toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise RuleError(f"not TOML: {problem}", where=where, remedy="mend the file") from problem


def read_authorities(text: str, where: str) -> list[Authority]:
    """Return the authorities of one file.

    Raises:
        RuleError: when it is unsound.
    """
    body = _toml(text, where)
    try:
        found = msgspec.convert(body.get("authority", []), list[_Row])
        cc = msgspec.convert(body["cc"], str)
    except (msgspec.ValidationError, KeyError) as problem:
        raise RuleError(
            f"the file is unsound: {problem}",
            where=where,
            remedy="write cc, and each [[authority]] with id, name, kind, names",
        ) from problem
    return [
        Authority(
            id=authority_id(cc, row.id),
            name=row.name,
            kind=row.kind,
            cc=cc,
            names=row.names,
            part_of=authority_id(cc, row.part_of) if row.part_of else "",
        )
        for row in found
    ]


def gazetteer(rows: Iterable[Authority], lists: Mapping[str, Any]) -> Gazetteer:
    """Return the gazetteer of these authorities and lists.

    Raises:
        RuleError: when two authorities have one id.
    """
    authorities: dict[str, Authority] = {}
    for row in rows:
        if row.id in authorities:
            raise RuleError(f"the id {row.id!r} is taken", where=_WHERE, remedy="choose another")
        authorities[row.id] = row
    actors = lists["actors"]
    names = [*_authority_names(authorities.values()), *_places(lists["places"]["names"])]
    names += _platforms(lists["services"])
    for kind, words in actors["common"].items():
        letter = "N" if kind == "user" else LETTERS[AuthorityKind(kind)]
        names += [
            Name(words=split(w), letter=letter, value=kind, capital=False, common=True)
            for w in words
        ]
    names += [
        Name(words=split(w), letter="R", value="document", capital=False, common=True)
        for w in actors["documents"]["words"]
    ]
    by_first: dict[str, list[Name]] = {}
    for name in names:
        by_first.setdefault(name.words[0], []).append(name)
    flat = {k: v for k, v in lists["services"].items() if isinstance(v, list) and k != "service"}
    return Gazetteer(
        authorities=authorities,
        names={w: tuple(sorted(n, key=lambda x: -len(x.words))) for w, n in by_first.items()},
        ministries=frozenset(actors["ministries"]),
        endings=_endings(actors["endings"]),
        lists={
            **{k: frozenset(v) for k, v in flat.items()},
            "spokes": frozenset(w.replace("_", " ") for w in actors["documents"]["spokes"]),
            "platform_offices": frozenset(actors["documents"]["platform_offices"]),
        },
        platform_names={p.id: p.name for p in load_platforms().platforms},
    )


def _endings(kinds: Mapping[str, list[str]]) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return how names end, with the kind, by the first word of the ending."""
    found: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
    for kind, endings in kinds.items():
        for ending in map(split, endings):
            found[ending[0]] = (*found.get(ending[0], ()), (kind, ending))
    return found


def _authority_names(rows: Iterable[Authority]) -> Iterable[Name]:
    for row in rows:
        for name in (row.name, *row.names):
            short = name.isupper() or (" " not in name and sum(c.isupper() for c in name) > 1)
            made = Name(
                words=split(name), letter=LETTERS[row.kind], value=row.id, cc=row.cc,
                exact=name if short else "",
            )  # fmt: skip
            yield made
            generic = made.words[-1] in {"ministry", "minister"} or made.words[0] == "ministry"
            if generic and not short:
                yield replace(made, capital=False)


def _places(extra: Mapping[str, list[str]]) -> Iterable[Name]:
    for code, name in Locale("en").territories.items():
        if len(code) == len("PK") and code.isalpha():
            yield Name(words=split(name), letter="l", value=code, cc=code)
    for code, names in extra.items():
        for name in names:
            yield Name(
                words=split(name), letter="l", value=code, cc=code,
                exact=name if name.isupper() else "",
            )  # fmt: skip


def _platforms(services: Mapping[str, Any]) -> Iterable[Name]:
    for platform in load_platforms().platforms:
        for name in (platform.name, *platform.aliases):
            if name.isalnum():
                yield Name(words=(name.lower(),), letter="P", value=platform.id)
    for service in services["service"]:
        for name in service["names"]:
            yield Name(
                words=split(name), letter="P", value=service["id"],
                exact=name if name.isupper() else "",
            )  # fmt: skip
