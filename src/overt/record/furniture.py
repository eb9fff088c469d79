"""Which paragraphs of a page are the article and which are furniture, each with the reason.

By structure alone, the same for every outlet: the article is the run of paragraphs with the most
words; it begins at the headline above it and ends at a comment form, tags or a copyright line, or
where only headings, dates and cut-off teasers follow. A list of other pages inside the article is
left out, and the article goes on where a whole paragraph follows that speaks of the same names.
Where it cannot be told, a paragraph is furniture: what is not taken for the article cannot become
a claim.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from overt.record import shapes
from overt.record.blocks import Block, Kind, n_words, plain


# Hand-set on invented pages of several layouts (tests/record/test_furniture.py).
_GAP = 4  # paragraphs other than prose that an article may have between two of prose
_ABOVE = 12  # paragraphs above the first of prose among which the headline is sought
_HEADLINE_WORDS = 4
_STANDFIRSTS = 2
_REPEATED = 3  # a label that stands on a page so often heads cards of other articles
_LISTED = 8  # paragraphs after a label within which the article may go on
_SHARED_NAMES = 2
_LIST = 3  # headings, dates and teasers in a row that are a list and no part of an article

_LOOSE = frozenset({Kind.SHORT, Kind.TEASER, Kind.DATE})
_SET_APART = {
    Kind.NOTICE: "a notice to the reader",
    Kind.KNOB: "a button, a box or an advertisement",
    Kind.DATE: "a date line",
    Kind.BYLINE: "a byline",
    Kind.CREDIT: "a credit",
    Kind.CAPTION: "a caption",
    Kind.TEASER: "a teaser of another article, cut off",
}
_NAME = re.compile(r"[^\W\d_a-z][\w'-]*")
_LABEL_WORDS = 4  # "more on this story" and no headline
_LONG_WORD, _STEM = 5, 4
_SHOWN = 40  # characters of a label in a reason
_COMMON = frozenset(
    {"the", "a", "an", "in", "on", "at", "of", "to", "and", "but", "for", "with", "from", "by"}
    | {"as", "it", "he", "she", "they", "we", "i", "his", "her", "its", "our", "their", "this"}
    | {"that", "these", "those", "there", "here", "when", "while", "after", "before", "since"}
    | {"according", "however", "also", "meanwhile", "earlier", "last", "if", "news", "views"}
)


@dataclass(slots=True)
class _Marking:
    """The reasons so far, one for each paragraph; None is the body."""

    blocks: Sequence[Block]
    why: list[str | None] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)


def reasons(blocks: Sequence[Block]) -> list[str | None]:
    """Return for each paragraph why it is furniture; None where it is the article.

    A paragraph with a `hint` of the page's own marks is furniture for that reason.
    """
    shown = [i for i, b in enumerate(blocks) if not b.hint]
    found: list[str | None] = [b.hint or None for b in blocks]
    for i, why in zip(shown, _marked([blocks[i] for i in shown]), strict=True):
        found[i] = why
    return found


def headline(blocks: Sequence[Block], why: Sequence[str | None]) -> Block | None:
    """Return the paragraph that heads the body; None where the body begins with prose."""
    body = [b for b, reason in zip(blocks, why, strict=True) if reason is None]
    if not body or body[0].kind not in {Kind.SHORT, Kind.SENTENCE} or len(body) == 1:
        return None
    return body[0]


def _marked(blocks: Sequence[Block]) -> list[str | None]:
    cards = _cards(blocks)
    run = _main_run(blocks, cards)
    if run is None:
        return ["no article is found on the page"] * len(blocks)
    head = _head(blocks, run[0], cards)
    marking = _Marking(blocks, ["above the headline"] * head)
    for i in range(head, run[0]):
        marking.why.append(_aside(blocks[i]))
    _walk(marking, run[0], cards)
    _trim(marking)
    return marking.why


def _cards(blocks: Sequence[Block]) -> set[int]:
    """Return the paragraphs that belong to cards of other articles.

    A card is a heading, a teaser or sentence, and a date, in this order, and there are two or more
    of them; or whatever stands below a label that is repeated on the page.
    """
    labels = Counter(plain(b.text) for b in blocks if b.kind == Kind.SHORT)
    found = set()
    dated = []
    for i, block in enumerate(blocks):
        if block.kind == Kind.DATE and i > 1:
            above = [blocks[i - 1].kind, blocks[i - 2].kind]
            if above[0] in {Kind.TEASER, Kind.PROSE, Kind.SENTENCE} and above[1] == Kind.SHORT:
                dated.append((i - 2, i - 1, i))
        if block.kind == Kind.SHORT and labels[plain(block.text)] >= _REPEATED:
            found.add(i)
    if len(dated) > 1:
        found |= {i for card in dated for i in card}
    return found


def _main_run(blocks: Sequence[Block], cards: set[int]) -> tuple[int, int] | None:
    """Return the first and last prose of the run of paragraphs with the most words of prose."""
    runs: list[tuple[int, int, int]] = []  # words, minus the first, the last
    start = last = None
    words = 0
    for i, block in enumerate(blocks):
        is_prose = block.kind == Kind.PROSE and i not in cards
        is_over = last is not None and (i - last > _GAP + 1 or block.kind == Kind.END)
        if is_over and start is not None and last is not None:
            runs.append((words, -start, last))
            start = last = None
            words = 0
        if is_prose:
            start = i if start is None else start
            last = i
            words += n_words(block.text)
    if start is not None and last is not None:
        runs.append((words, -start, last))
    if not runs:
        sentences = [i for i, b in enumerate(blocks) if b.kind == Kind.SENTENCE and i not in cards]
        return (sentences[0], sentences[-1]) if sentences else None
    _, minus_first, last = max(runs)
    return -minus_first, last


def _head(blocks: Sequence[Block], first: int, cards: set[int]) -> int:
    """Return where the article begins: at its headline, or at its first paragraph."""
    candidates = _headings(blocks, first, cards)
    if not candidates:
        above = first - 1
        is_label = above >= 0 and blocks[above].kind == Kind.SHORT and above not in cards
        return above if is_label and n_words(blocks[above].text) > 1 else first
    told = names(" ".join(b.text for b in blocks[first : first + 2]))
    times = Counter(plain(b.text) for b in blocks)
    for i in reversed(candidates):  # the topmost that is the page's title, or speaks of the same
        if times[plain(blocks[i].text)] > 1 or len(names(blocks[i].text) & told) >= _SHARED_NAMES:
            return i
    headings = [i for i in candidates if blocks[i].kind == Kind.SHORT]
    return (headings or candidates)[0]


def _headings(blocks: Sequence[Block], first: int, cards: set[int]) -> list[int]:
    """Return what can be the headline of the prose at `first`, the nearest first."""
    found: list[int] = []
    n_standfirsts = 0
    for i in range(first - 1, max(-1, first - 1 - _ABOVE), -1):
        block = blocks[i]
        n_standfirsts += block.kind == Kind.PROSE
        is_other = block.kind == Kind.END or (i in cards and block.kind == Kind.SHORT)
        is_above = found and block.kind in {Kind.PROSE, Kind.SENTENCE, Kind.TEASER}
        if is_other or is_above or n_standfirsts > _STANDFIRSTS:
            break
        if block.kind not in {Kind.SHORT, Kind.SENTENCE}:
            continue
        if n_words(block.text) >= _HEADLINE_WORDS and not block.text.endswith(":"):
            found.append(i)
        elif found:
            break
    return found


def _aside(block: Block) -> str | None:
    """Return why a paragraph that stands in an article is not of it."""
    if block.kind in {Kind.END, Kind.LINK}:
        return f"a pointer to other pages: {_quoted(block)}"
    return _SET_APART.get(block.kind)


def _walk(marking: _Marking, first: int, cards: set[int]) -> None:
    """Mark everything from the first prose on."""
    blocks = marking.blocks
    label = ""  # of the list of other pages we are in
    since = 0
    for i in range(first, len(blocks)):
        block = blocks[i]
        if block.kind == Kind.END or (block.kind == Kind.NOTICE and "©" in block.text):
            marking.why += [f"at or after {_quoted(block)}"] * (len(blocks) - i)
            return
        if block.kind == Kind.LINK:
            label, since = _quoted(block), 0
            marking.why.append(f"a pointer to other pages: {label}")
            continue
        if not label and _begins_list(blocks, i, cards):
            label, since = "a list of other pages", 0
        if label:
            since += 1
            if not _goes_on(marking, i, since, cards):
                marking.why.append(f"after {label}")
                continue
            label = ""
        why = "a card of another article" if i in cards else _aside(block)
        marking.why.append(why)
        if why is None and block.kind == Kind.PROSE:
            marking.names |= names(block.text)
            marking.words |= _long_words(block.text)


def _begins_list(blocks: Sequence[Block], i: int, cards: set[int]) -> bool:
    """Say whether a list of other pages begins here without a label of the known ones."""
    if i in cards:
        return True
    block = blocks[i]
    if block.kind not in _LOOSE or shapes.ITEM.match(block.text):
        return False
    row = [b.kind for b in blocks[i : i + _LIST]]
    return len(row) == _LIST and all(kind in _LOOSE for kind in row)


def _goes_on(marking: _Marking, i: int, since: int, cards: set[int]) -> bool:
    """Say whether the article goes on with this paragraph after a list of other pages."""
    block = marking.blocks[i]
    above = marking.blocks[i - 1]
    is_next = since == 1 and above.kind == Kind.LINK
    # A pointer that carries its headline with it is one line in an article, seldom a list.
    is_inline = is_next and n_words(above.text) > _LABEL_WORDS
    told = block.kind == Kind.PROSE or (is_inline and block.kind == Kind.SENTENCE)
    if not told or i in cards or since > _LISTED:
        return False
    following = marking.blocks[i + 1].kind if i + 1 < len(marking.blocks) else None
    if following == Kind.DATE:
        return False
    n_shared = len(names(block.text) & marking.names)
    if is_inline and len(_long_words(block.text) & marking.words) >= _SHARED_NAMES:
        return True
    return n_shared >= (1 if is_next else _SHARED_NAMES)


def _trim(marking: _Marking) -> None:
    """Take headings and loose lines after the last paragraph out of the body."""
    for i in range(len(marking.why) - 1, -1, -1):
        if marking.why[i] is not None:
            continue
        if marking.blocks[i].kind != Kind.SHORT or shapes.ITEM.match(marking.blocks[i].text):
            return
        marking.why[i] = "a line after the last paragraph"


def names(text: str) -> set[str]:
    """Return the capitalised words of a text, or in a script without capitals its long words."""
    found = set()
    for word in _NAME.findall(text.replace("\u2019", "'")):
        is_name = word[0].isupper() or (word == word.upper() and len(word) >= _LONG_WORD)
        if is_name and word.casefold() not in _COMMON:
            name = word.casefold().removesuffix("'s")
            found.add(name if name.isascii() else name[:_STEM])  # other languages inflect names
    return found


def _long_words(text: str) -> set[str]:
    return {w for w in re.findall(r"[^\W\d_]+", text.casefold()) if len(w) >= _LONG_WORD}


def _quoted(block: Block) -> str:
    text = " ".join(block.text.split())
    return f'"{text[:_SHOWN]}…"' if len(text) > _SHOWN else f'"{text}"'
