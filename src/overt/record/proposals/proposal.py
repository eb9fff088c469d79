"""A text to read, a proposed claim and the reasons for it, and the seam other readers plug into."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from overt.vocabulary.stated import Claim, Span


# Read of one text, in characters, hand-set: a long article has 20,000. More is not read, and
# `Text.is_cut` says so; it keeps the time for hostile text below five seconds.
MAX_READ = 120_000
_ID_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The stored text of a source, and what is known of it beforehand.

    Spans count in characters of `text`. `body` are the spans that are not page furniture, half-open
    and in order; nothing outside them is read. `published` is the local day in `zone`; None where
    it is not known. `cc` and `outlet` may be given by the caller; empty where not known.
    """

    source: str
    text: str
    body: tuple[tuple[int, int], ...]
    published: date | None = None
    zone: str = "UTC"
    cc: str = ""
    outlet: str = ""

    def spans(self) -> tuple[tuple[int, int], ...]:
        """Return the body spans that are read: within the text, in order, at most MAX_READ."""
        kept: list[tuple[int, int]] = []
        left, last = MAX_READ, 0
        for start, end in sorted(self.body):
            first, stop = max(start, last), min(end, len(self.text))
            stop = min(stop, first + left)
            if stop > first:
                kept.append((first, stop))
                left -= stop - first
                last = stop
        return tuple(kept)

    @property
    def is_cut(self) -> bool:
        """Whether the body is longer than what is read of it."""
        return sum(max(0, end - start) for start, end in self.body) > MAX_READ

    def span(self, start: int, end: int) -> Span:
        """Return the quote of these characters; it is exactly `text[start:end]`."""
        return Span(source=self.source, start=start, end=end, quote=self.text[start:end])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a field of a proposal is what it is: the rule, and the words it read."""

    field: str
    rule: str
    words: str

    def __str__(self) -> str:
        return f"{self.field}: {self.rule} \u201c{self.words}\u201d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A claim that may be read out of a text, with the reasons; `claim.readings` is empty."""

    claim: Claim
    why: tuple[Reason, ...]


Proposer = Callable[[Text], Sequence[Proposal]]


def claim_id(span: Span, kind: str) -> str:
    """Return the id of a claim: the same source, span and kind give the same id anywhere."""
    key = f"{span.source}\0{span.start}\0{span.end}\0{kind}".encode("utf-8", "surrogatepass")
    return f"claim:{sha256(key).hexdigest()[:_ID_DIGITS]}"
