"""A PDF as paragraphs: its lines joined, with running heads, feet and page numbers hinted.

A document is not an article: nothing in it is furniture but what repeats from page to page. Meant
to run in a bounded process (`bounded`): a small PDF can unpack to a very large one.
"""

import re
from collections import Counter
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from overt.errors import InputError
from overt.record.page import MAX_CHARS, Page, Piece


MAX_PAGES = 500
_EDGE = 2  # lines at the top and bottom of a page among which running heads are sought
_REPEATED = 3  # pages on which a line stands to be a running head; half of them in short documents
_FULL = 0.75  # of the width of a page's widest lines: a shorter line ends a paragraph
_ITEM = re.compile(r"(?:\(?\d{1,3}[.)]|\([a-z]{1,4}\)|[\u2022\u25cf\u25aa-])\s")
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page|p\.|-)?\s*\d{1,4}\s*(?:(?:of|/)\s*\d{1,4}|-)?", re.IGNORECASE)


def read(content: bytes) -> Page:
    """Return the paragraphs and metadata of a PDF.

    Raises:
        InputError: when it is broken, locked, too long, or holds no text.
    """
    try:
        title, pages = _sheets(PdfReader(BytesIO(content), strict=False))
    except DependencyError as problem:
        raise _locked() from problem
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError) as problem:
        raise _broken() from problem
    except (RecursionError, OverflowError, AssertionError, ArithmeticError, OSError) as problem:
        raise _broken() from problem
    if sum(len(line) for lines in pages for line in lines) > MAX_CHARS:
        raise InputError(f"the PDF's text is over {MAX_CHARS:,} characters", remedy="cut it up")
    if not any(pages):
        raise InputError(
            "the PDF holds no text, only images",
            remedy="run text recognition over it (such as ocrmypdf), and take in what that writes",
        )
    page = Page(pieces=_pieces(pages))
    page.add("title", title, "PDF title")
    return page


def _sheets(reader: PdfReader) -> tuple[str | None, list[list[str]]]:
    """Return the title, and the lines of every page."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise _locked()
    n_pages = len(reader.pages)
    if n_pages > MAX_PAGES:
        raise InputError(
            f"the PDF has {n_pages:,} pages; at most {MAX_PAGES} are read",
            remedy="cut out the pages that matter and take them in",
        )
    pages = [_lines(sheet.extract_text() or "") for sheet in reader.pages]
    return (reader.metadata.title if reader.metadata else None), pages


def _lines(text: str) -> list[str]:
    return [line for line in (" ".join(part.split()) for part in text.split("\n")) if line]


def _pieces(pages: list[list[str]]) -> list[Piece]:
    seen = Counter(
        _DIGITS.sub("#", e) for lines in pages for e in {*lines[:_EDGE], *lines[-_EDGE:]}
    )
    pieces = []
    for lines in pages:
        edges = {*range(min(_EDGE, len(lines))), *range(max(0, len(lines) - _EDGE), len(lines))}
        width = sorted(map(len, lines))[int(len(lines) * 0.9)] if lines else 0
        words: list[str] = []
        for i, line in enumerate(lines):
            is_head = i in edges and (
                _PAGE_NUMBER.fullmatch(line) or seen[_DIGITS.sub("#", line)] >= _REPEATED
            )
            if is_head:
                pieces.append(Piece(line, "a running head or page number"))
                continue
            if words and _ITEM.match(line):
                pieces.append(Piece(" ".join(words)))
                words = []
            words.append(line)
            if len(line) < width * _FULL:
                pieces.append(Piece(" ".join(words)))
                words = []
        if words:
            pieces.append(Piece(" ".join(words)))
    return pieces


def _locked() -> InputError:
    return InputError(
        "the PDF is locked by a password", remedy="unlock it (such as with qpdf --decrypt) first"
    )


def _broken() -> InputError:
    return InputError(
        "the PDF is broken and cannot be read", remedy="get it again, or print it anew to a PDF"
    )
