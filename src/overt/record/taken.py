"""What taking in a page or document yields: its source, its text, and which spans may be quoted.

A span is a pair of characters `start` and `end`, half-open, of the stored text; the stored text is
the whole text of the page, furniture and all, so that a span never moves when rules for furniture
change. Bodies and furniture together cover every character that is not white space, and never
overlap.
"""

from dataclasses import dataclass

from overt.vocabulary.stated import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """A span of the page that is not the article, and why: a menu, a form, a list of others."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a report rests on, with the spans of the stored text that say so.

    `id` is `wire:<agency>:<actor>-<what>` for a wire story and `paper:<court>:<actor>` for a court
    paper. `why` says which rule spoke. `court` is empty where the evidence names none. One that is
    not `binding` is a credit without an act, and makes no family by itself.
    """

    id: str
    why: str
    spans: tuple[tuple[int, int], ...]
    court: str = ""
    binding: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinship:
    """A source of the vault that is of the same family, and why: a shared origin or near-copy."""

    source: str
    why: str
    origin: str = ""  # the shared origin's id; empty for near-copies
    share: float | None = None  # of near-copies: the Jaccard similarity of their shingles


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A source taken in: what is known of it, its text, and how each of it was found.

    `body` are the spans that may be quoted, in order, one for each paragraph; the headline is the
    first. `rules` tell for title, outlet, authors, published and language how they were found.
    `notes` are what a reader should know: a guessed encoding, a cut text, a mended vault entry.
    `is_new` is false where the same bytes were in the vault before.
    """

    source: Source
    text: str
    body: tuple[tuple[int, int], ...]
    furniture: tuple[Furniture, ...]
    origins: tuple[Origin, ...] = ()
    why_family: tuple[Kinship, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    is_new: bool = True

    def quotable(self, start: int, end: int) -> bool:
        """Say whether these characters lie within one paragraph of the body."""
        return start < end and any(s <= start and end <= e for s, e in self.body)
