"""A text as paragraphs, each with its kind by its own shape: prose, heading, label, date, notice.

The kinds are by structure and by lists of words that any outlet uses (`furniture.toml`); nothing
here knows one outlet from another. What the kinds mean for a page is decided in `furniture`.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from overt.record import shapes


class Kind(StrEnum):
    """What a paragraph is by its own shape."""

    PROSE = "prose"
    SENTENCE = "sentence"  # one that is too short to tell an article by
    SHORT = "short"  # a heading, a link, a label of unknown use
    END = "end"
    LINK = "link"
    KNOB = "knob"
    NOTICE = "notice"
    DATE = "date"
    BYLINE = "byline"
    CREDIT = "credit"
    CAPTION = "caption"
    TEASER = "teaser"  # cut off with an ellipsis


@dataclass(frozen=True, slots=True)
class Block:
    """Characters `start` to `end` of a text, trimmed of white space, and what they are."""

    start: int
    end: int
    text: str
    kind: Kind
    hint: str = ""  # why it is furniture, where the page's own marks say so


# Hand-set on invented pages: words of prose, of a short sentence, of prose without a full stop.
_PROSE_WORDS, _SENTENCE_WORDS, _LONG_WORDS = 12, 4, 30
_WIDE = 8  # characters of a script without spaces that count as one word
_WRAPPED = 45  # characters: lines that are shorter are not a paragraph broken into lines
_LABEL_CHARS, _LINE_CHARS = 60, 2000  # a label is no longer, and a line is judged by its start
_SHAPES = (
    (Kind.DATE, shapes.DATE_LINE),
    (Kind.CREDIT, shapes.CREDIT),
    (Kind.BYLINE, shapes.BYLINE),
    (Kind.CAPTION, shapes.CAPTION),
)
_GAP = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    body = tomllib.loads((files("overt.record") / "furniture.toml").read_text("utf-8"))
    listed = {name: frozenset(plain(w) for w in body[name]) for name in ("end", "link", "knob")}
    return {
        **listed,
        "buttons": frozenset(body["buttons"]),
        "notice": re.compile("|".join(body["notice"]), re.IGNORECASE),
    }


def plain(label: str) -> str:
    """Return a label without case, punctuation at its ends, and numbers after it."""
    return " ".join(shapes.EDGES.sub("", label.casefold().replace("\u2019", "'")).split())


def n_words(text: str) -> int:
    """Return how many words a text has; scripts without spaces are counted by characters."""
    return len(shapes.WORD.findall(text)) + len(shapes.NO_SPACES.findall(text)) // _WIDE


def blocks(text: str) -> list[Block]:
    """Return the paragraphs of a text in order.

    Blank lines part paragraphs. Lines that follow each other are one paragraph where all but the
    last are long, as in a text broken into lines of one width, and each its own otherwise.
    """
    found = []
    position = 0
    for gap in (*_GAP.finditer(text), None):
        end = gap.start() if gap else len(text)
        for start, stop in _lines(text, position, end):
            found.append(block(text, start, stop))
        position = gap.end() if gap else len(text)
    return found


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    at = start
    for line in text[start:end].split("\n"):
        stripped = line.strip()
        if stripped:
            left = at + line.index(stripped[0])
            spans.append((left, left + len(stripped)))
        at += len(line) + 1
    if len(spans) > 1 and all(b - a >= _WRAPPED for a, b in spans[:-1]):
        ended = sum(shapes.STOP.search(text[a:b]) is not None for a, b in spans[:-1])
        if ended * 2 <= len(spans) - 1:  # lines broken at a width seldom end a sentence
            return [(spans[0][0], spans[-1][1])]
    return spans


def block(text: str, start: int, end: int, hint: str = "") -> Block:
    """Return one paragraph with its kind."""
    own = text[start:end]
    return Block(start, end, own, _kind(own), hint)


def _kind(own: str) -> Kind:
    line = " ".join(own[:_LINE_CHARS].split())
    words = n_words(own)
    marked = _label(line) or _labelled(line)
    if marked is not None:
        return marked
    if words < _LONG_WORDS * 2 and _words()["notice"].search(line):
        return Kind.NOTICE
    if words < _LONG_WORDS:
        for kind, shape in _SHAPES:
            if shape.fullmatch(line):
                return kind
    if shapes.CUT.search(line):
        return Kind.TEASER
    is_ended = shapes.STOP.search(own) is not None
    if words >= _LONG_WORDS or (words >= _PROSE_WORDS and is_ended):
        return Kind.PROSE
    return Kind.SENTENCE if words >= _SENTENCE_WORDS and is_ended else Kind.SHORT


def _label(line: str) -> Kind | None:
    """Return the kind of a line that is a label of the lists and nothing else."""
    if len(line) > _LABEL_CHARS:
        return None
    label = plain(line)
    for kind in (Kind.END, Kind.LINK, Kind.KNOB):
        if label in _words()[str(kind)]:
            return kind
    tokens = re.findall(r"[\w-]+", line.casefold())
    is_buttons = all(t in _words()["buttons"] or t.isdigit() for t in tokens)
    return Kind.KNOB if is_buttons else None


def _labelled(line: str) -> Kind | None:
    """Return the kind of a line that begins with a label and a colon or bar."""
    head, colon, rest = line.partition(":" if ":" in line[:_LABEL_CHARS] else "|")
    words = n_words(rest)
    if not colon or len(head) > _LABEL_CHARS or words >= _LONG_WORDS:
        return None
    label = plain(head)
    if label in _words()["link"]:
        return Kind.LINK
    if words >= _PROSE_WORDS:
        return None
    kinds = [k for k in (Kind.END, Kind.KNOB) if label in _words()[str(k)]]
    return kinds[0] if kinds else None
