"""Tokens with offsets, and the canonical line of a sentence that patterns are read over."""

import re
from dataclasses import dataclass


MAX_TOKENS = 220  # of one sentence; the rest is not read
_MAX_WORD = 40
_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,6}"  # U.S.
    r"|\d+(?:[.,:]\d+){0,6}%?"
    r"|['\u2019](?:s|t|re|ve|ll|d)\b"
    r"|[^\W_]{1,40}(?:-[^\W_]{1,40}){0,4}"
    r"|\S"
)
_CONTRACTED = {"won": "will", "ca": "can", "wo": "will", "can": "can"}
_QUOTES = frozenset("\"\u201c\u201d\u00ab\u00bb\u2018\u2019'")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark: its span in the text, its canonical form, whether a capital begins it."""

    start: int
    end: int
    word: str
    capital: bool
    quoted: bool


def tokens(text: str, start: int, end: int) -> list[Token]:
    """Return the tokens of a sentence; marks of quotation are left out, and what they hold known.

    A contraction is two words (`didn't`: did, not). At most MAX_TOKENS are returned.
    """
    found: list[Token] = []
    quoted = False
    for match in _TOKEN.finditer(text, start, end):
        raw = match[0]
        if raw in _QUOTES:
            quoted = raw in "\u201c\u00ab" or (raw == '"' and not quoted)
            continue
        word = raw.lower()
        if word in {"'t", "\u2019t"}:
            if found and found[-1].word.endswith("n"):
                stem = found[-1].word[:-1]
                last = found.pop()
                stem = _CONTRACTED.get(last.word, stem)
                found.append(Token(last.start, last.end, stem, last.capital, last.quoted))
            word = "not"
        elif word[0] == "\u2019":
            word = "'" + word[1:]
        elif len(word) > _MAX_WORD or "\ue000" <= word[0] <= "\uf8ff":
            word = "\u00b7"
        found.append(Token(match.start(), match.end(), word, raw[0].isupper(), quoted))
        if len(found) >= MAX_TOKENS:
            break
    return found
