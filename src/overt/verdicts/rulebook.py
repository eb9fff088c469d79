"""Loads rules/*.toml, proves them sound, and gives the set a version.

A rule's condition is SQL over the closed list of columns in `verdicts.bound`; its examples run in
the same engine the verdicts run in, so a rule has one meaning. Sound means: known keys and words
only, unique ids, every condition binds, every rule speaks (is first to hold) on at least one of its
own `fires_on` examples and holds on none of its `silent_on`. The version is a hash of the files.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

from overt.errors import RuleError
from overt.verdicts.bound import COLUMNS
from overt.vocabulary.facts import Layer
from overt.vocabulary.judgements import MECHANISMS, Evidence, Outcome


_WHERE = "verdicts/rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One reading of one layer's observation.

    Attributes:
        id: public name; added and retired, never renamed.
        layer: the layer whose observations it reads.
        when: the condition, DuckDB SQL over `bound.COLUMNS`.
        outcome: what the rule concludes.
        evidence: whether that counts.
        signal: its vote to the detectors, 1 failing or 0 working; None: it does not vote.
        mechanism: the deepest taxonomy node the condition supports; None unless something failed.
        says: one sentence for readers.
        source: where the reading comes from, or "hand-set".
        fires_on: examples it holds on. A column left out is NULL.
        silent_on: examples it does not hold on.
    """

    id: str
    layer: Layer
    when: str
    outcome: Outcome
    evidence: Evidence
    signal: int | None = None
    mechanism: str | None = None
    says: str
    source: str
    fires_on: tuple[Mapping[str, Any], ...]
    silent_on: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules of every layer, in the order they speak, and the version of the set."""

    version: str
    rules: tuple[Rule, ...]

    def of_layer(self, layer: Layer) -> tuple[Rule, ...]:
        """Return the rules of one layer in order."""
        return tuple(rule for rule in self.rules if rule.layer == layer)

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule with this id, None when the book has none."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def winner_sql(self) -> str:
        """Return SQL for the id of the first rule that holds; NULL when none does."""
        layers = []
        for layer in Layer:
            whens = " ".join(f"WHEN {r.when} THEN '{r.id}'" for r in self.of_layer(layer))
            if whens:
                layers.append(f"WHEN layer = '{layer}' THEN CASE {whens} END")
        return f"CASE {' '.join(layers)} END"

    def held_sql(self) -> str:
        """Return SQL for the list of every rule that holds, in the order they speak."""
        cases = ", ".join(
            f"CASE WHEN layer = '{r.layer}' AND ({r.when}) THEN '{r.id}' END" for r in self.rules
        )
        return f"list_filter([{cases}], lambda x: x IS NOT NULL)"

    def table(self) -> pa.Table:
        """Return the rules as a table for SQL, with whether each shows a distinctive artefact."""
        rows = [
            {
                "rule": r.id,
                "outcome": r.outcome.value,
                "evidence": r.evidence.value,
                "signal": r.signal,
                "mechanism": r.mechanism,
                "is_artefact": bool(r.mechanism and MECHANISMS[r.mechanism]),
            }
            for r in self.rules
        ]
        schema = pa.schema(
            {
                "rule": pa.string(),
                "outcome": pa.string(),
                "evidence": pa.string(),
                "signal": pa.int64(),
                "mechanism": pa.string(),
                "is_artefact": pa.bool_(),
            }
        )
        return pa.Table.from_pylist(rows, schema)


@lru_cache(maxsize=1)
def bundled() -> Rulebook:
    """Return the rulebook this version of the program ships, proved sound."""
    folder = files("overt").joinpath(_WHERE)
    texts = {f"{layer}.toml": folder.joinpath(f"{layer}.toml").read_bytes() for layer in Layer}
    return load_rulebook(texts)


def load_rulebook(texts: Mapping[str, bytes]) -> Rulebook:
    """Return the rulebook in these TOML files, named `<layer>.toml`, proved sound.

    Raises:
        RuleError: names the file, the rule, what is wrong and the remedy.
    """
    rules: list[Rule] = []
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(name.encode() + b"\0" + texts[name] + b"\0")
    for layer in Layer:
        name = f"{layer}.toml"
        if name in texts:
            rules += _rules(name, layer, texts[name])
    repeated = sorted({r.id for r in rules if [x.id for x in rules].count(r.id) > 1})
    if repeated:
        raise RuleError(
            f"more than one rule is called {', '.join(repeated)}",
            where=_WHERE,
            remedy="ids are public names; give each rule its own",
        )
    book = Rulebook(version=digest.hexdigest()[:16], rules=tuple(rules))
    _prove(book)
    return book


def _rules(name: str, layer: Layer, text: bytes) -> list[Rule]:
    try:
        entries = tomllib.loads(text.decode()).get("rule", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise RuleError(
            f"not TOML: {problem}", where=f"{_WHERE}/{name}", remedy="mend the file"
        ) from problem
    return [_rule(entry, layer, f"{_WHERE}/{name}") for entry in entries]


def _rule(entry: dict[str, Any], layer: Layer, where: str) -> Rule:
    allowed = {f.name for f in fields(Rule)} - {"layer"}
    unknown = sorted(set(entry) - allowed)
    required = allowed - {"signal", "mechanism"}
    missing = sorted(required - set(entry))
    place = f"{where}, rule {entry.get('id', '(no id)')}"
    if unknown or missing:
        raise RuleError(
            f"unknown keys {unknown}, missing keys {missing}",
            where=place,
            remedy=f"a rule has {', '.join(sorted(required))} and may have signal, mechanism",
        )
    try:
        rule = Rule(
            **{
                **entry,
                "layer": layer,
                "outcome": Outcome(entry["outcome"]),
                "evidence": Evidence(entry["evidence"]),
                "fires_on": tuple(entry["fires_on"]),
                "silent_on": tuple(entry["silent_on"]),
            }
        )
    except ValueError as problem:
        raise RuleError(str(problem), where=place, remedy="use a word of the vocabulary") from None
    _check_words(rule, place)
    return rule


def _check_words(rule: Rule, place: str) -> None:
    """Refuse a rule whose parts contradict each other or leave the vocabulary."""
    problem = None
    if rule.mechanism is not None and rule.mechanism not in MECHANISMS:
        problem = f"mechanism {rule.mechanism!r} is not in the taxonomy"
    elif rule.signal not in {None, 0, 1}:
        problem = f"signal is {rule.signal!r}, expected 0 or 1"
    elif rule.outcome == Outcome.BLOCKED and (rule.mechanism is None or rule.signal != 1):
        problem = "a rule that says blocked needs a mechanism and signal = 1"
    elif rule.outcome in {Outcome.OK, Outcome.DOWN} and rule.signal != 0:
        problem = f"a rule that says {rule.outcome} needs signal = 0"
    elif rule.evidence != Evidence.SCORED and rule.signal is not None:
        problem = f"evidence {rule.evidence} cannot vote"
    elif not rule.fires_on or not rule.silent_on:
        problem = "a rule needs examples it fires on and examples it is silent on"
    else:
        strangers = {c for example in (*rule.fires_on, *rule.silent_on) for c in example}
        strangers -= set(COLUMNS)
        if strangers:
            problem = f"examples name {sorted(strangers)}, which are not columns"
    if problem:
        raise RuleError(problem, where=place, remedy="see docs/reference/rules.md for the words")


def example_row(layer: Layer, example: Mapping[str, Any]) -> dict[str, Any]:
    """Return a full bound row for an example; a column it leaves out is NULL."""
    return {**dict.fromkeys(COLUMNS), "layer": layer.value, **example}


def _prove(book: Rulebook) -> None:
    """Run every example in the engine.

    Raises:
        RuleError: when a condition does not bind, or an example does not do what it promises.
    """
    con = duckdb.connect(":memory:")
    columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    con.execute(f"CREATE TABLE example (rule VARCHAR, fires BOOLEAN, {columns})")
    for rule in book.rules:
        try:
            con.execute(f"SELECT {rule.when} FROM example WHERE false")
        except duckdb.Error as problem:
            raise RuleError(
                f"the condition does not bind: {str(problem).splitlines()[0]}",
                where=f"{_WHERE}/{rule.layer}.toml, rule {rule.id}",
                remedy=f"use the columns {', '.join(COLUMNS)}",
            ) from problem
        for fires, examples in ((True, rule.fires_on), (False, rule.silent_on)):
            for example in examples:
                row = example_row(rule.layer, example)
                marks = ", ".join("?" for _ in range(len(row) + 2))
                con.execute(
                    f"INSERT INTO example VALUES ({marks})", [rule.id, fires, *row.values()]
                )
    judged = con.execute(
        f"SELECT rule, fires, {book.winner_sql()} AS winner, {book.held_sql()} AS held FROM example"
    ).fetchall()
    con.close()
    spoke = {rule for rule, fires, winner, _ in judged if fires and winner == rule}
    for rule_id, fires, _, held in judged:
        if fires != (rule_id in held):
            raise RuleError(
                f"it {'does not hold' if fires else 'holds'} on one of its"
                f" {'fires_on' if fires else 'silent_on'} examples",
                where=f"{_WHERE}, rule {rule_id}",
                remedy="mend the condition or the example",
            )
    mute = [rule.id for rule in book.rules if rule.id not in spoke]
    if mute:
        raise RuleError(
            f"{', '.join(mute)} never speaks: an earlier rule holds on all its examples",
            where=_WHERE,
            remedy="move it up, narrow the earlier rule, or retire it",
        )
