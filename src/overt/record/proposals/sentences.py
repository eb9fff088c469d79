"""Cuts a text into sentences with exact offsets; a quotation is kept whole, and nothing is lost."""

import re
from collections.abc import Iterator
from itertools import pairwise

from overt.record.proposals.grammar import word_set


# A longer stretch without an end of sentence is cut at a space: hand-set, four long sentences.
MAX_SENTENCE = 1200
# A quotation up to this long is kept whole: hand-set.
MAX_QUOTE = 700

_PARAGRAPH = re.compile(r"\n[ \t\r\f\v\u00a0]*\n|[\u2028\u2029]|\r(?!\n)")
_END = re.compile("[.!?\u2026]{1,8}[\"\u201d\u2019')\\]]{0,3}")
_WORD_BEFORE = re.compile(r"[^\s(\[\"\u201c\u201d]{1,30}\Z")
_OPENERS = "\"\u201c\u2018'(["
_HEADLINE = 60  # a line shorter than this that ends without a stop stands for itself
_ABBREVIATIONS = word_set("abbreviations")


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the sentences of `text[start:end]` as half-open spans, without space around them."""
    stop = len(text) if end is None else end
    for first, last in _paragraphs(text, start, stop):
        cuts = [first, *_cuts(text, first, last), last]
        for a, b in pairwise(cuts):
            yield from _pieces(text, a, b)


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for gap in _PARAGRAPH.finditer(text, start, end):
        yield from _lines(text, at, gap.start())
        at = gap.end()
    yield from _lines(text, at, end)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield runs of lines: a line break parts sentences unless the line was merely wrapped."""
    at = start
    while (brk := text.find("\n", at, end)) >= 0:
        line = text[max(start, brk - 400) : brk].rpartition("\n")[2].rstrip()
        after = text[brk + 1 : brk + 40].lstrip()
        ended = not line or line[-1] in '.!?:\u2026"\u201d'
        if ended or not after or (len(line) < _HEADLINE and not after[0].islower()):
            yield start, brk
            start = brk + 1
        at = brk + 1
    yield start, end


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where sentences of one paragraph end, outside quotations."""
    quotes = _quotations(text, start, end)
    for mark in _END.finditer(text, start, end):
        while quotes and quotes[0][1] <= mark.start():
            quotes.pop(0)
        at = mark.end()
        inside = bool(quotes) and quotes[0][0] < mark.start() and at < quotes[0][1]
        if not inside and at < end and _ends(text, mark.start(), at, start, end):
            yield at


def _ends(text: str, mark: int, at: int, start: int, end: int) -> bool:
    following = text[at : min(at + 4, end)]
    spaced = following.lstrip()
    if not spaced or (not following[0].isspace() and not _unspaced(text, mark, at, following)):
        return False
    if not (spaced[0].isupper() or spaced[0].isdigit() or spaced[0] in _OPENERS):
        return False
    if text[mark] != "." or at - mark > 1:
        return True
    found = _WORD_BEFORE.search(text, max(start, mark - 31), mark)
    word = found[0] if found else ""
    if word.lower() in _ABBREVIATIONS:
        return False
    if len(word) == 1 and word.isupper():
        # An initial follows a name or begins the sentence; the platform X follows a lower word.
        before = text[max(start, mark - 25) : mark - 1].split()
        return word == "X" and bool(before) and before[-1][:1].islower()
    return True


def _unspaced(text: str, mark: int, at: int, following: str) -> bool:
    """Return whether a stop without a space after it may end a sentence, as in `ban.”It is`."""
    return following[0].isupper() and (at - mark > 1 or (mark > 0 and text[mark - 1].islower()))


def _quotations(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the quotations of a paragraph, half-open, in order; an unclosed one is none."""
    found, opened, straight = [], -1, -1
    for mark in re.finditer('["\u201c\u201d]', text[start:end]):
        at = start + mark.start()
        if mark[0] == "\u201c":
            opened = at
        elif mark[0] == "\u201d":
            if opened >= 0 and at - opened <= MAX_QUOTE:
                found.append((opened, at + 1))
            opened = -1
        elif straight < 0:
            straight = at
        else:
            if at - straight <= MAX_QUOTE:
                found.append((straight, at + 1))
            straight = -1
    return sorted(found)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence without space around it, in pieces if it is longer than MAX_SENTENCE."""
    while start < end:
        while start < end and text[start].isspace():
            start += 1
        stop = min(end, start + MAX_SENTENCE)
        if stop < end:
            space = max(text.rfind(" ", start, stop), text.rfind("\n", start, stop))
            stop = space if space > start else stop
        last = stop
        while last > start and text[last - 1].isspace():
            last -= 1
        if last > start:
            yield start, last
        start = stop
