"""Loads rules/*.toml and words.toml, proves them sound, and gives the set a version."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec

from overt.errors import RuleError
from overt.record.proposals.patterns import Language
from overt.vocabulary.stated import ActKind, Demand, Polarity, Restriction, Standing, Topic


_WHERE = "record/proposals/rules"
_FAMILIES = ("attribution", "restriction", "act", "other", "count", "reaction", "reason")


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    """A `[[rule]]` as the file has it."""

    id: str
    family: str
    pattern: str
    fires_on: list[str]
    silent_on: list[str]
    scope: str = ""
    topic: Topic | None = None
    act_kind: ActKind | None = None
    demand: Demand | None = None
    restriction: Restriction | None = None
    polarity: Polarity | None = None
    standing: Standing | None = None
    negated: Polarity | None = None
    platform: str = ""
    issuer: str = ""
    whose: str = ""
    says: bool = False
    unless_before: list[str] = []
    counts: list[str] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way a sentence says something, as data.

    Attributes:
        id: public name; added and retired, never renamed.
        family: `attribution` finds who speaks; the others what is said.
        expression: over the canonical line of a sentence. Its `verb` is looked at for negation.
        scope: of an attribution, where what is said stands: after, before, around.
        negated: the polarity if the verb is negated; None: nothing is proposed then.
        platform: `focus`: the platform the text is about, where the pattern names none; `none`.
        issuer: `platform`: the platform is who acted.
        whose: `addressee_of_order`: a letter called "its" is that of the addressee of the order.
        says: the verb is one of saying: a date beside it tells when it was said.
        unless_before: not where one of these words stands before the match.
        counts: the nouns one of which a number must count.
    """

    id: str
    family: str
    pattern: str
    expression: re.Pattern[str]
    scope: str
    topic: Topic | None
    act_kind: ActKind | None
    demand: Demand | None
    restriction: Restriction | None
    polarity: Polarity | None
    standing: Standing | None
    negated: Polarity | None
    platform: str
    issuer: str
    whose: str
    says: bool
    unless_before: frozenset[str]
    counts: frozenset[str]
    fires_on: tuple[str, ...]
    silent_on: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules in the order they are tried, the language, and the version of the set."""

    version: str
    rules: tuple[Rule, ...]
    language: Language

    def of_family(self, *families: str) -> tuple[Rule, ...]:
        """Return the rules of these families in order."""
        return tuple(rule for rule in self.rules if rule.family in families)


@lru_cache(maxsize=1)
def load_rulebook() -> Rulebook:
    """Return the rules this package ships.

    Raises:
        RuleError: when a rule is unsound.
    """
    folder = files("overt").joinpath(_WHERE)
    texts = {f.name: f.read_text("utf-8") for f in folder.iterdir() if f.name.endswith(".toml")}
    return read_rulebook(texts)


def read_rulebook(texts: dict[str, str]) -> Rulebook:
    """Return the rules of these files, by name; `words.toml` holds the sets.

    Raises:
        RuleError: when a file is not TOML, a key or word unknown, an id taken, a pattern unsound.
    """
    bodies = {name: _toml(name, text) for name, text in texts.items()}
    words = bodies.pop("words.toml", {})
    language = Language(words.get("sets", {}), words.get("demand", {}))
    unknown = sorted(set(words.get("demand", {})) - {d.value for d in Demand})
    if unknown:
        raise RuleError(
            f"there is no demand {unknown[0]!r}",
            where=f"{_WHERE}/words.toml",
            remedy=f"use one of {', '.join(d.value for d in Demand)}",
        )
    rules: list[Rule] = []
    for name in sorted(bodies):
        for entry in bodies[name].get("rule", []):
            rule = _rule(entry, f"{_WHERE}/{name}", language)
            if any(r.id == rule.id for r in rules):
                raise RuleError(f"the id {rule.id!r} is taken", where=name, remedy="choose another")
            rules.append(rule)
    digest = hashlib.sha256("\0".join(texts[n] for n in sorted(texts)).encode()).hexdigest()
    return Rulebook(version=digest[:16], rules=tuple(rules), language=language)


def _toml(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise RuleError(
            f"not TOML: {problem}", where=f"{_WHERE}/{name}", remedy="mend the file"
        ) from problem


def _rule(body: object, where: str, language: Language) -> Rule:
    try:
        entry = msgspec.convert(body, _Entry)
    except msgspec.ValidationError as problem:
        name = body.get("id") if isinstance(body, dict) else body
        raise RuleError(
            f"rule {name!r} is unsound: {problem}",
            where=where,
            remedy="give it id, family, pattern, fires_on, silent_on; see docs/how-to",
        ) from problem
    place = f"{where}, {entry.id}"
    wrong = (
        (entry.family not in _FAMILIES, f"its family {entry.family!r} is unknown"),
        (not entry.fires_on or not entry.silent_on, "it needs fires_on and silent_on examples"),
        ("verb:" not in entry.pattern, "its pattern names no verb"),
        (entry.family == "attribution" and entry.scope not in {"after", "before", "around"},
         "an attribution needs a scope of after, before or around"),
        (entry.family != "attribution" and entry.topic is None, "it needs a topic"),
        (entry.family == "act" and entry.act_kind is None, "an act needs an act_kind"),
    )  # fmt: skip
    for is_wrong, what in wrong:
        if is_wrong:
            raise RuleError(what, where=place, remedy="mend the rule")
    fields = {f: getattr(entry, f) for f in _Entry.__struct_fields__}
    return Rule(
        **(
            fields
            | {
                "expression": language.compiled(entry.pattern, place),
                "unless_before": frozenset(entry.unless_before),
                "counts": frozenset(entry.counts),
                "fires_on": tuple(entry.fires_on),
                "silent_on": tuple(entry.silent_on),
            }
        )
    )
