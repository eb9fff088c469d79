"""YAML as plain text with lines: no anchors, no tags, no duplicate keys, bounded; and written back.

Scalars stay text. What type a value has is said by the schema, never guessed from how it looks:
`NO` is Norway and `1e3` is three characters until a field asks for a number.
"""

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
        keys: list[str | None] = []  # for each open mapping, the key that waits for its value
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
    def _key(node: Node) -> str:
        if not isinstance(node.value, str):
            raise _Refused(node.line, "a key that is not text", "write the name of a field")
        return node.value

    def _place(self, node: Node, parent: Node, keys: list[str | None]) -> None:
        if isinstance(parent.value, list):
            parent.value.append(node)
            return
        key = str(keys[-1])
        keys[-1] = None
        mapping = parent.value
        if not isinstance(mapping, dict):
            raise TypeError(parent.shape)
        if key in mapping:
            again = Problem(
                file=self._file,
                line=node.line,
                field=key,
                what=f"{shown(key)} is written twice; first on line {parent.key_lines[key]}",
                expected="every field once",
                remedy="keep the right one and delete the other",
            )
            self._problems.append(again)
            return
        mapping[key] = node
        parent.key_lines[key] = node.line


class Plain(str):
    """Text that is written without quotes although it looks like a date."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        del data
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        del indentless
        return super().increase_indent(flow, indentless=False)


def _plain(dumper: yaml.SafeDumper, text: Plain) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", str(text))


_Dumper.add_representer(Plain, _plain)


def dump(body: Any) -> str:  # noqa: ANN401 - plain mappings, lists and scalars
    """Return plain values as YAML: fields in the order given, one list item to a line."""
    text: str = yaml.dump(
        body, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, indent=2
    )
    return text
