"""What an explanation is drawn from, and what it is made of: sentences, tables and further ids."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from overt.engine.duck import Duck
from overt.engine.log import Log
from overt.engine.workspace import SourceRecord
from overt.reference.platforms import PlatformList
from overt.verdicts.rulebook import Rule, Rulebook
from overt.vocabulary.facts import Quarantined
from overt.vocabulary.instants import from_table, rfc3339
from overt.vocabulary.judgements import Collapse, Incident


MOST_ROWS = 200  # of one kind in an explanation; the rest are counted


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to show under a heading; every id in them can be explained in turn."""

    heading: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an id stands for: its kind, sentences, tables, and the ids to go on with."""

    id: str
    kind: str
    sentences: list[str]
    tables: list[Table] = field(default_factory=list)
    next: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What an explanation is drawn from.

    The relations `observation`, `verdict`, `cell` and `change` must be readable in `duck`.
    """

    incidents: Sequence[Incident]
    sources: Sequence[SourceRecord]
    duck: Duck
    book: Rulebook
    platforms: PlatformList
    set_apart: Callable[[str, int], Sequence[Quarantined]]  # of a source and line
    log: Log | None = None  # without it, only what is known now can be explained
    collapses: Sequence[Collapse] = ()

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """Return the rows of a query with instants in RFC 3339 and NULLs left out."""
        found = self.duck.query(sql, list(parameters)).to_pylist()
        return [{k: _plain(v) for k, v in row.items() if v is not None} for row in found]

    def path(self, source_id: str) -> str:
        """Return where a source's bytes were read from."""
        return next((s.path for s in self.sources if s.id == source_id), source_id)


def _plain(value: object) -> object:
    if hasattr(value, "hour"):
        return rfc3339(from_table(value))  # type: ignore[arg-type]
    return value


def rule_row(rule: Rule) -> dict[str, Any]:
    """Return a rule as a row: what it says of what it holds on."""
    return {
        "rule": rule.id,
        "outcome": str(rule.outcome),
        "mechanism": rule.mechanism or "-",
        "says": rule.says,
    }
