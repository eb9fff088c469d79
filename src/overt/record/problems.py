"""What is wrong with a record: file, line, field, what was found, what was expected, the remedy."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


_MOST_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing that is wrong in one place. `line` is 0 where the file as a whole is meant."""

    file: str
    line: int
    field: str
    what: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if not self.line else f"{self.file}, line {self.line}"
        field = f", {self.field}" if self.field else ""
        return (
            f"{place}{field}: {self.what}\n  expected: {self.expected}\n  try:      {self.remedy}"
        )


def shown(value: object) -> str:
    """Return a stranger's value in quotes, short, with nothing in it that moves a cursor."""
    text = str(value)
    cut = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
    return "'" + "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in cut) + "'"


def listed(words: Iterable[str], last: str = "or") -> str:
    """Return words as `a, b or c`."""
    *others, final = [*words] or ["nothing"]
    return f"{', '.join(others)} {last} {final}" if others else final


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word a person most likely meant, None where none is near."""
    folded = {k.casefold(): k for k in known}
    close = get_close_matches(word.casefold()[:200], folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def instead(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the remedy for a word that is not known: the nearest one, or what else to do."""
    near = nearest(word, known)
    return f"write {near}" if near else otherwise
