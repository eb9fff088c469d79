"""Bytes into the stored text, its body and its furniture, and what the page says of itself.

The text is the whole text; the body are the spans that may be quoted. Plain text is read here, a
page or PDF in a process of its own (`bounded`), and both are marked by the same rules.
"""

from dataclasses import dataclass, field

from overt.errors import InputError
from overt.record import bounded, decode
from overt.record.blocks import Block, Kind, block, blocks
from overt.record.furniture import headline, reasons
from overt.record.page import MAX_CHARS, Piece
from overt.record.taken import Furniture


_SET_APART = {
    Kind.KNOB: "a button, a box or an advertisement",
    Kind.NOTICE: "a notice to the reader",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What a page or document holds.

    `found` are values the page's metadata give, by what they tell of, each with its mark.
    """

    media_type: str
    text: str
    body: tuple[tuple[int, int], ...]
    furniture: tuple[Furniture, ...]
    title: str
    blocks: tuple[Block, ...]
    found: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def extract(content: bytes, declared: str = "") -> Extract:
    """Return the text of a page, PDF or plain text, and which spans of it may be quoted.

    Args:
        content: its bytes.
        declared: the media type its server declared, with a charset where it gave one.

    Raises:
        InputError: when it is none of these, is damaged or locked, or holds no text.
    """
    media_type = decode.media_type(content, declared)
    notes: tuple[str, ...] = ()
    found: dict[str, list[tuple[str, str]]] = {}
    if media_type == "application/pdf":
        page = bounded.read(media_type, content)
        text, parts, found = (*_joined(page.pieces), page.found)
    else:
        text, _, note = decode.decoded(content, declared)
        notes = (note,) if note else ()
        if media_type == "text/html":
            page = bounded.read(media_type, text.encode("utf-8", "replace"))
            text, parts, found = (*_joined(page.pieces), page.found)
        else:
            _refuse_long(text)
            parts = blocks(text)
    if not parts:
        raise InputError(
            "it holds no text",
            remedy="the text may be made by scripts: save the page from a browser, or its text",
        )
    is_paper = media_type == "application/pdf"
    why = [b.hint or _SET_APART.get(b.kind) for b in parts] if is_paper else reasons(parts)
    head = None if is_paper else headline(parts, why)
    return Extract(
        media_type=media_type,
        text=text,
        body=tuple((b.start, b.end) for b, w in zip(parts, why, strict=True) if w is None),
        furniture=tuple(
            Furniture(start=b.start, end=b.end, why=w)
            for b, w in zip(parts, why, strict=True)
            if w is not None
        ),
        title=head.text if head else "",
        blocks=tuple(parts),
        found=found,
        notes=notes,
    )


def _joined(pieces: list[Piece]) -> tuple[str, list[Block]]:
    """Return a text of the pieces, a blank line between two, and its paragraphs."""
    text = "\n\n".join(p.text for p in pieces)
    parts = []
    at = 0
    for piece in pieces:
        parts.append(block(text, at, at + len(piece.text), piece.hint))
        at += len(piece.text) + 2
    return text, parts


def _refuse_long(text: str) -> None:
    if len(text) > MAX_CHARS:
        raise InputError(
            f"its text has {len(text):,} characters; at most {MAX_CHARS:,} are read",
            remedy="cut out the part that matters and take that in",
        )
