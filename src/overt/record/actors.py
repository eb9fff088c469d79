"""Who a report speaks of, as short names: ministries, regulators, governments and courts.

The names are made from the words of the text alone, so that two reports of one act get the same:
"the Ministry of Interior" and "Pakistan's interior ministry" are both `interior-ministry`. A short
form in brackets stands for the long one, and "the ministry" for the one named last. Private
persons get no name here.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """One place in a text where an actor or court is named."""

    start: int
    end: int
    slug: str


_WORD = r"[A-Z][\w&-]*"
_BODIES = (
    r"(?:Authority|Commission|Agency|Regulator|Council|Bureau|Directorate|Department|Police|"
    r"Board|Cabinet|Parliament|Senate|Administration|Office)"
)
_MINISTRY_OF = re.compile(
    rf"\b[Mm]inistry (?:of|for) (?:the )?({_WORD}(?:,? (?:and |& )?{_WORD}){{0,4}}|[a-z]+)"
)
_A_MINISTRY = re.compile(r"\b([A-Za-z][\w&]*) [Mm]inistry\b(?! (?:of|for)\b)")
_MOST_CHARS, _MOST_SHORTS = 300_000, 50  # a longer text, or one with more, is not read to its end
_THE_MINISTRY = re.compile(r"\b(?:[Tt]he|[Tt]his|[Ii]ts|[Tt]hat) [Mm]inistry\b(?! (?:of|for)\b)")
_A_MINISTER = re.compile(r"\b([A-Za-z][\w&]*) [Mm]inister\b")
_BODY = re.compile(rf"\b((?:{_WORD} (?:of |for |and |& )?){{1,5}}{_BODIES})\b")
_REGULATOR = re.compile(
    r"\b(?:[a-z]{1,20}(?:ommunications?|coms?) )?(?:regulator|regulatory (?:body|authority))\b"
)
_GOVERNMENT = re.compile(r"\b[Gg]overnment\b(?! (?:officials?|critics?|agenc|affairs|websites?)\b)")
_COURT = re.compile(
    r"\b((?:[A-Z][\w-]+(?:['\u2019]s)? ){0,3}(?:(?:High|Supreme|Federal|Constitutional|Appeals?"
    r"|District|Magistrates?|Superior|Administrative|Regional|City) ){1,3}(?:Court|Tribunal)"
    rf"(?: (?:of|in|at) {_WORD}(?: {_WORD})?)?)\b"
)
_SHORT = re.compile(r"\s?\(([A-Z][A-Za-z]{1,9})\)")
_NOT_MINISTRIES = frozenset(
    {"the", "a", "an", "this", "that", "its", "their", "said", "same", "relevant", "concerned"}
    | {"each", "every", "another", "one", "federal", "provincial", "line", "and", "by", "of", "to"}
)
_NOT_MINISTERS = _NOT_MINISTRIES | {"former", "then", "ex", "cabinet", "senior"}
_DROPPED = frozenset({"the", "of", "for", "and", "in", "at"})
_ARTICLE = re.compile(r"^(?:The|A|An|In|At|On|By|But|And|Meanwhile|Another|When|While|After) ")


def slug(name: str) -> str:
    """Return a name as lower-case words with hyphens, without articles and possessives."""
    words = re.findall(r"\w+", re.sub(r"['\u2019]s\b", "", name).casefold())
    return "-".join(w for w in words if w not in _DROPPED)[:80]


class Cast:
    """The actors and courts of one text."""

    def __init__(self, text: str) -> None:
        self.text = text = text[:_MOST_CHARS]
        named = [*self._bodies(), *self._ministries()]
        self.courts = self._with_short(_courts(text))
        named = self._with_short(named)
        taken = {m.end for m in (*named, *self.courts)}
        loose = [
            *(Mention(m.start(), m.end(), "regulator") for m in _REGULATOR.finditer(text)),
            *(Mention(m.start(), m.end(), "government") for m in _GOVERNMENT.finditer(text)),
        ]
        named += [m for m in loose if m.end not in taken]
        self.actors = self._resolved(sorted(named, key=lambda m: (m.start, -m.end)))
        self._starts = [m.start for m in self.actors]
        self._court_starts = [m.start for m in self.courts]

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the actors named between two characters, in order."""
        return self.actors[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def court(self, start: int, end: int, back: int) -> str:
        """Return the court named between two characters, else the last within `back` before."""
        first = bisect_left(self._court_starts, start)
        if first < len(self.courts) and self.courts[first].start < end:
            return self.courts[first].slug
        is_near = first > 0 and self.courts[first - 1].start >= start - back
        return self.courts[first - 1].slug if is_near else ""

    def _ministries(self) -> Iterable[Mention]:
        for match in _MINISTRY_OF.finditer(self.text):
            yield Mention(match.start(), match.end(), f"{slug(match[1])}-ministry")
        for pattern, what, never in (
            (_A_MINISTRY, "ministry", _NOT_MINISTRIES),
            (_A_MINISTER, "minister", _NOT_MINISTERS),
        ):
            for match in pattern.finditer(self.text):
                word = match[1].casefold()
                if word not in never and not _is_nationality(word):
                    yield Mention(match.start(), match.end(), f"{slug(word)}-{what}")

    def _bodies(self) -> Iterable[Mention]:
        for match in _BODY.finditer(self.text):
            name = _ARTICLE.sub("", match[1])
            if " " in name:
                yield Mention(match.end() - len(name), match.end(), slug(name))

    def _with_short(self, mentions: Iterable[Mention]) -> list[Mention]:
        """Return the mentions, and those by the short forms that stand in brackets after one."""
        found = list(mentions)
        shorts: dict[str, str] = {}
        for mention in found:
            match = _SHORT.match(self.text, mention.end)
            if match:
                shorts.setdefault(match[1], mention.slug)
        for short, long in list(shorts.items())[:_MOST_SHORTS]:
            again = re.finditer(rf"\b{re.escape(short)}\b", self.text)
            found.extend(Mention(m.start(), m.end(), long) for m in again)
        return sorted(found, key=lambda m: m.start)

    def _resolved(self, mentions: Sequence[Mention]) -> list[Mention]:
        """Return the mentions with "the ministry" standing for the one named last, in order."""
        waiting = [(m.start(), m.end()) for m in _THE_MINISTRY.finditer(self.text)]
        ministries = [m for m in mentions if m.slug.endswith("-ministry")]
        starts = [m.start for m in ministries]
        found = list(mentions)
        for start, end in waiting:
            before = bisect_left(starts, start)
            if before:
                found.append(Mention(start, end, ministries[before - 1].slug))
        return sorted(found, key=lambda m: (m.start, -m.end))


def _courts(text: str) -> list[Mention]:
    found = []
    for match in _COURT.finditer(text):
        name = _ARTICLE.sub("", match[1])
        found.append(Mention(match.end() - len(name), match.end(), slug(name)))
    return found


def _is_nationality(word: str) -> bool:
    """Say whether a word is probably an adjective of a country, as in "the Pakistani ministry"."""
    return len(word) > 4 and word.endswith(("ani", "stani", "ian", "ese", "ish", "nean"))  # noqa: PLR2004
