"""YAML as plain text with lines: no anchors, no tags, no duplicate keys, bounded; and written back.

Scalars stay text. What type a value has is said by the schema, never guessed from how it looks:
`NO` is Norway and `1e3` is three characters until a field asks for a number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from overt.record.problems import Problem, shown


MOST_BYTES = 2 * 1024 * 1024
MOST_NODES = 50_000
MOST_DEPTH = 12  # the schema itself needs six
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = {"", "~", "null", "Null", "NULL"}


@dataclass(slots=True)
class Node:
    """A value and the line it begins on: text, None, a list, or a mapping of text to nodes."""

    line: int
    value: "str | list[Node] | dict[str, Node] | None"
    key_lines: dict[str, int] = field(default_factory=dict)

    @property
    def shape(self) -> str:
        """Return what kind of value this is, in words."""
        if isinstance(self.value, str):
            return "text"
        names = {list: "a list", dict: "a mapping of fields", type(None): "nothing"}
        return names[type(self.value)]


class _Refused(Exception):  # noqa: N818 - it ends one file, and is caught below
    def __init__(self, line: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.line, self.what, self.remedy = line, what, remedy


def parse(raw: bytes, file: str) -> tuple[Node | None, list[Problem]]:
    """Return the document of a file, None where there is none to speak of, and what is wrong."""
    try:
        return _Builder(file).build(raw)
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        refused = _Refused(line, "the file is not UTF-8", "save it as UTF-8")
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
        said = getattr(problem, "problem", None) or getattr(problem, "reason", None) or "unreadable"
        remedy = "mind the indentation, and put text with ': ', '#' or quotes in it into quotes"
        refused = _Refused(mark.line + 1 if mark else 0, f"this is not YAML: {said}", remedy)
    except _Refused as problem:
        refused = problem
    expected = f"one YAML mapping in UTF-8, at most {MOST_BYTES // 1024:,} KiB, without anchors"
    found = Problem(
        file=file,
        line=refused.line,
        field="",
        what=refused.what,
        expected=f"{expected}, aliases, tags or duplicate keys",
        remedy=refused.remedy,
    )
    return None, [found]


class _Builder:
    """Builds the nodes of one document from parser events; no recursion, so depth cannot hurt."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._problems: list[Problem] = []

    def build(self, raw: bytes) -> tuple[Node | None, list[Problem]]:
        if len(raw) > MOST_BYTES:
            raise _Refused(0, f"the file has over {MOST_BYTES:,} bytes", "split it")
        root: Node | None = None
        open_nodes: list[Node] = []
        keys: list[Node | None] = []  # for each open mapping, the key that waits for its value
        for n_events, event in enumerate(self._events(raw.decode("utf-8-sig"))):
            line = event.start_mark.line + 1
            if n_events > MOST_NODES:
                raise _Refused(line, f"more than {MOST_NODES:,} values", "split the file")
            if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                open_nodes.pop()
                keys.pop()
                continue
            node = self._node(event, line)
            if not open_nodes:
                if root is not None:
                    raise _Refused(line, "a second document", "keep one entry in one file")
                root = node
            elif keys[-1] is None and isinstance(open_nodes[-1].value, dict):
                keys[-1] = self._key(node)
                continue
            else:
                self._place(node, open_nodes[-1], keys)
            if not isinstance(event, yaml.ScalarEvent):
                open_nodes.append(node)
                keys.append(None)
                if len(open_nodes) > MOST_DEPTH:
                    raise _Refused(line, f"values nested over {MOST_DEPTH} deep", "flatten it")
        return root, self._problems

    @staticmethod
    def _events(text: str) -> Iterator[Any]:
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.NodeEvent):
                line = event.start_mark.line + 1 if event.start_mark else 0
                if isinstance(event, yaml.AliasEvent) or event.anchor:
                    what = f"the anchor or alias {shown(event.anchor)}"
                    raise _Refused(line, what, "write the value out; quote a text with & or *")
                if getattr(event, "tag", None):
                    what = f"the tag {shown(getattr(event, 'tag', ''))}"
                    raise _Refused(line, what, "leave it out; quote a text that begins with !")
                yield event
            elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                yield event

    @staticmethod
    def _node(event: Any, line: int) -> Node:  # noqa: ANN401 - a parser event
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(line, [])
        if isinstance(event, yaml.MappingStartEvent):
            return Node(line, {})
        is_null = not event.style and event.value in _NULLS
        return Node(line, None if is_null else event.value)

    @staticmethod
    def _key(node: Node) -> Node:
        if not isinstance(node.value, str):
            raise _Refused(node.line, "a key that is not text", "write the name of a field")
        return node

    def _place(self, node: Node, parent: Node, keys: list[Node | None]) -> None:
        if isinstance(parent.value, list):
            parent.value.append(node)
            return
        waiting, keys[-1] = keys[-1], None
        mapping = parent.value
        if waiting is None or not isinstance(mapping, dict):
            raise TypeError(parent.shape)
        key = str(waiting.value)
        if key in mapping:
            again = Problem(
                file=self._file,
                line=waiting.line,
                field=key,
                what=f"{shown(key)} is written twice; first on line {parent.key_lines[key]}",
                expected="every field once",
                remedy="keep the right one and delete the other",
            )
            self._problems.append(again)
            return
        mapping[key] = node
        parent.key_lines[key] = waiting.line


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        del data
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        del indentless
        return super().increase_indent(flow, indentless=False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Return a scalar; days and instants stand without quotes, as a person would write them."""
    if not text.replace("\n", "").isprintable():  # other styles fold U+0085 and its like to a space
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
    kind = "timestamp" if _DAY_OR_INSTANT.match(text) else "str"
    kind = "float" if text in {".inf", "-.inf"} else kind
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


_DAY_OR_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?\Z")
_Dumper.add_representer(str, _text)


def dump(body: Any) -> str:  # noqa: ANN401 - plain mappings, lists and scalars
    """Return plain values as YAML: fields in the order given, one list item to a line.

    Characters that are not seen, as those that turn the direction of a line, are written as
    escapes; every text that has one stands in double quotes, where escapes are read.
    """
    text: str = yaml.dump(
        body, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, indent=2
    )
    return "".join(c if c.isprintable() or c == "\n" else _escape(ord(c)) for c in text)


def _escape(code: int) -> str:
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 - YAML 1.1, 5.8
