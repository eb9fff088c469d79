"""The shape of an entry: YAML nodes to the dataclasses of `vocabulary.stated`, and back.

The dataclasses are the schema. A value that does not fit is told and stands in as a placeholder,
so that the rest of the entry can still be checked; an entry with a problem is never handed on.
"""

import re
import types
import typing
import unicodedata
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from overt.record.problems import Problem, instead, listed, shown
from overt.record.yamltext import Node, Plain
from overt.vocabulary.instants import rfc3339


MOST_CHARACTERS = 20_000
MOST_ITEMS = 1_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?\Z")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x7f")
_AS_FOUND = {"quote", "said"}  # a source's own characters, which are kept whatever they are
_PLACEHOLDERS: dict[Any, Any] = {
    str: "",
    int: 0,
    float: 0.0,
    date: date(1970, 1, 1),
    datetime: datetime(1970, 1, 1, tzinfo=UTC),
}


@dataclass(slots=True)
class Entry:
    """One entry as read: what it says, where each field stands, and which fields do not count."""

    kind: str
    file: str
    body: Any
    prefix: str = ""
    line: int = 1
    lines: dict[str, int] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """Return the entry's id; empty where it could not be read."""
        return str(self.body.id)

    def has(self, *names: str) -> bool:
        """Say whether these fields could be read, so that a check of them means something."""
        return not any(
            b == n or b.startswith((f"{n}.", f"{n}[")) for n in names for b in self.broken
        )

    def problem(self, name: str, what: str, expected: str, remedy: str) -> Problem:
        """Return a problem of one field, at the line where it stands, or where its owner does."""
        at = name
        while at and at not in self.lines:
            at = re.sub(r"(\.[^.\[]*|\[\d+\]|^[^.\[]*)\Z", "", at)
        return Problem(
            file=self.file,
            line=self.lines.get(at, self.line),
            field=f"{self.prefix}{name}",
            what=what,
            expected=expected,
            remedy=remedy,
        )


@lru_cache
def hints(kind: type) -> dict[str, Any]:
    """Return the types of a dataclass's fields by name."""
    return typing.get_type_hints(kind)


def is_required(spec: "Field[Any]") -> bool:
    """Say whether a field must be written: it has no default, and may not be nothing."""
    return spec.default is MISSING and spec.default_factory is MISSING


def read(kind: type, node: Node, entry: Entry, problems: list[Problem]) -> Any:  # noqa: ANN401
    """Return the `kind` a node holds, placeholders where it does not; tell what is wrong."""
    return _Reader(entry, problems).record(kind, node, "")


class _Reader:
    def __init__(self, entry: Entry, problems: list[Problem]) -> None:
        self._entry, self._problems = entry, problems

    def _tell(self, path: str, what: str, expected: str, remedy: str) -> None:
        self._entry.broken.add(path)
        self._problems.append(self._entry.problem(path, what, expected, remedy))

    def record(self, kind: type, node: Node, path: str) -> Any:  # noqa: ANN401
        known = hints(kind)
        name = kind.__name__.lower()
        if not isinstance(node.value, dict):
            expected = f"a mapping with the fields of {_a(name)}"
            remedy = f"write its fields below, indented: {', '.join(list(known)[:3])}, …"
            self._tell(path, f"found {node.shape}{_text(node)}", expected, remedy)
            return placeholder(kind)
        for key in node.value:
            self._entry.lines[_join(path, key)] = node.key_lines[key]
        for key in node.value:
            if key not in known:
                what = f"{shown(key)} is not a field of {_a(name)}"
                otherwise = "delete it; what has no field does not belong into the record"
                remedy = instead(key, known, otherwise)
                self._problems.append(
                    self._entry.problem(
                        _join(path, key), what, f"one of {', '.join(known)}", remedy
                    )
                )
        values = {}
        for spec in fields(kind):
            at = _join(path, spec.name)
            child = node.value.get(spec.name)
            if child is not None:
                values[spec.name] = self.value(known[spec.name], child, at)
            elif is_required(spec) and not _may_be_none(known[spec.name]):
                what = f"the field is missing from this {name}"
                self._tell(at, what, describe(known[spec.name]), f"add {spec.name}: …")
                values[spec.name] = placeholder(known[spec.name])
            elif is_required(spec):
                values[spec.name] = None
        return kind(**values)

    def value(self, hint: Any, node: Node, path: str) -> Any:  # noqa: ANN401, PLR0911
        if _may_be_none(hint):
            return None if node.value is None else self.value(_inner(hint), node, path)
        if typing.get_origin(hint) is tuple:
            return self._items(typing.get_args(hint)[0], node, path)
        if is_dataclass(hint):
            return self.record(typing.cast("type", hint), node, path)
        if not isinstance(node.value, str):
            what = "the field is empty" if node.value is None else f"found {node.shape}"
            self._tell(path, what, describe(hint), "write a value, or leave the field out")
            return placeholder(hint)
        if hint is str:
            return self._text(node.value, path)
        if issubclass(hint, StrEnum):
            return self._word(hint, node.value, path)
        return self._scalar(hint, node.value, path)

    def _items(self, hint: Any, node: Node, path: str) -> tuple[Any, ...]:  # noqa: ANN401
        if not isinstance(node.value, list):
            what = "the list is empty" if node.value is None else f"found {node.shape}{_text(node)}"
            remedy = (
                "add its items, or write [] for none"
                if node.value is None
                else "write it below, after a dash: -"
            )
            self._tell(path, what, f"a list; each item {describe(hint)}", remedy)
            return ()
        if len(node.value) > MOST_ITEMS:
            what, most = f"{len(node.value):,} items", f"at most {MOST_ITEMS:,}"
            self._tell(path, what, most, "spread them over several entries")
            return ()
        values = []
        for i, child in enumerate(node.value):
            at = f"{path}[{i}]"
            self._entry.lines[at] = child.line
            values.append(self.value(hint, child, at))
        return tuple(values)

    def _text(self, text: str, path: str) -> str:
        name = re.sub(r"\[\d+\]\Z", "", path).rpartition(".")[2]
        strange = next(
            (c for c in text if unicodedata.category(c) == "Cs" or (c < " " and c not in "\n\t")),
            None,
        ) or next((c for c in text if c in _TURNING and name not in _AS_FOUND), None)
        if len(text) > MOST_CHARACTERS:
            what, expected = f"{len(text):,} characters", f"at most {MOST_CHARACTERS:,}"
            self._tell(path, what, expected, "quote less of it; the source is stored whole")
        elif strange:
            what = f"the invisible character U+{ord(strange):04X} in {shown(text)}"
            self._tell(path, what, "printable text", "delete the character, or type it anew")
        else:
            return text
        return ""

    def _word(self, hint: type[StrEnum], text: str, path: str) -> StrEnum:
        if text in {str(m) for m in hint}:
            return hint(text)
        options = [str(m) for m in hint]
        remedy = instead(text, options, "choose the word that fits; see docs/reference/record.md")
        if hint.__name__ == "AuthorityKind" and text.casefold() in _PERSONS:
            remedy = (
                "write the office, or the role in a case with kind litigant; no private persons"
            )
        self._tell(
            path, f"{shown(text)} is not a word for {_spaced(hint)}", listed(options), remedy
        )
        return next(iter(hint))

    def _scalar(self, hint: Any, text: str, path: str) -> Any:  # noqa: ANN401
        try:
            return _PARSERS[hint](text)
        except (ValueError, OverflowError):
            self._tell(path, f"found {shown(text)}", describe(hint), _REMEDIES[hint])
            return placeholder(hint)


_PERSONS = {"person", "individual", "citizen", "journalist", "activist", "lawyer", "user", "people"}


def _whole(text: str) -> int:
    if not _NUMBER.match(text):
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float:
    if not _NUMBER.match(text):
        raise ValueError(text)
    return float(text)


def _day(text: str) -> date:
    if not _DAY.match(text):
        raise ValueError(text)
    day = date.fromisoformat(text)
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(text)
    return day


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None or not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise ValueError(text)
    return instant.astimezone(UTC).replace(microsecond=0)  # the record counts in seconds


_PARSERS: dict[Any, typing.Callable[[str], Any]] = {
    int: _whole,
    float: _number,
    date: _day,
    datetime: _instant,
}
_DESCRIBED = {
    str: "text",
    int: "a whole number",
    float: "a number",
    date: f"a day that exists, as 2024-02-29, {_FIRST_YEAR} to {_LAST_YEAR}",
    datetime: "an instant with its zone, as 2024-04-17T10:00:00Z",
}
_REMEDIES = {
    int: "write digits only, as 120",
    float: "write digits only, without separators or units, as 20000000 or 4.5",
    date: "write year-month-day, and look the day up in a calendar",
    datetime: "write the day, T, the time and the zone: Z for UTC, or +05:00",
}


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _a(noun: str) -> str:
    return f"an {noun}" if noun[:1] in "aeiou" else f"a {noun}"


def _text(node: Node) -> str:
    return f" {shown(node.value)}" if isinstance(node.value, str) else ""


def _spaced(hint: type) -> str:
    return re.sub(r"(?<!\A)(?=[A-Z])", " ", hint.__name__).lower()


def _may_be_none(hint: Any) -> bool:  # noqa: ANN401
    return typing.get_origin(hint) is types.UnionType


def _inner(hint: Any) -> Any:  # noqa: ANN401
    return next(a for a in typing.get_args(hint) if a is not type(None))


def placeholder(hint: Any) -> Any:  # noqa: ANN401
    """Return a value of a type that stands in for one that could not be read."""
    if _may_be_none(hint):
        return None
    if typing.get_origin(hint) is tuple:
        return ()
    if is_dataclass(hint):
        kind = typing.cast("type", hint)
        required = [f.name for f in fields(kind) if is_required(f)]
        return kind(**{name: placeholder(hints(kind)[name]) for name in required})
    if hint in _PLACEHOLDERS:
        return _PLACEHOLDERS[hint]
    return next(iter(hint))


def describe(hint: Any) -> str:  # noqa: ANN401
    """Return what a type asks for, in words."""
    if _may_be_none(hint):
        return describe(_inner(hint))
    if typing.get_origin(hint) is tuple:
        return f"a list; each item {describe(typing.get_args(hint)[0])}"
    if is_dataclass(hint):
        name = typing.cast("type", hint).__name__.lower()
        return f"the fields of {_a(name)}"
    if hint in _DESCRIBED:
        return _DESCRIBED[hint]
    return f"one of {listed(str(m) for m in hint)}"


def plain(body: Any) -> Any:  # noqa: ANN401, PLR0911 - the plain values of YAML and JSON
    """Return an entry as plain values, fields in the order of the schema, defaults left out.

    What is left out reads as its default, so that a field added to the schema later changes
    neither the text nor the digest of an older entry.
    """
    if is_dataclass(body):
        written = {}
        for spec in fields(body):
            value = getattr(body, spec.name)
            is_default = spec.default is not MISSING and value == spec.default
            if not (is_default or value is None) or (spec.name == "zone"):
                written[spec.name] = plain(value)
        return written
    if isinstance(body, tuple | list):
        return [plain(item) for item in body]
    if isinstance(body, datetime):
        return Plain(rfc3339(body))
    if isinstance(body, date):
        return Plain(body.isoformat())
    if isinstance(body, StrEnum):
        return str(body)
    if isinstance(body, float) and body.is_integer():
        return int(body)
    return body
