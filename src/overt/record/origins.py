"""What a report rests on: a wire agency's story, or a paper before a court, with the quotes.

A wire story is named by its agency and the act it tells of: who did it and by which kind of
utterance. The rules, in the order of their strength:

- *seen*: "seen by Reuters", "told AFP": the agency had it first; the act is the sentence's.
- *reported*: "Reuters reported", "according to AFP": the same.
- *wire text*: a dateline or credit of an agency, or "did not respond to Reuters' request", which
  only Reuters' own text says; the whole report is the agency's, and the act is its main one.
- *paper*: a report that gives what an actor wrote to a court rests on that paper, whoever saw it.

What a report recalls of other days ("Reuters reported last year") is kept, and binds nothing; so
is a paper that is not the report's main matter.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from overt.record.actors import Cast, Mention, slug
from overt.record.blocks import Block, Kind
from overt.record.taken import Origin


# Names of agencies, as regular expressions. Add one by adding a line.
AGENCIES = {
    "reuters": r"Reuters(?! (?:Institute|Foundation|Digital News))",
    "afp": r"(?:AFP|Agence[ -]France[ -]Presse)",
    "ap": r"(?:(?:the )?AP|(?:the )?Associated Press(?! of Pakistan))",
    "bloomberg": r"Bloomberg(?: News)?",
    "dpa": r"dpa",
    "efe": r"EFE",
    "xinhua": r"Xinhua",
    "anadolu": r"Anadolu(?: Agency)?",
    "tass": r"(?:TASS|Tass)",
    "interfax": r"Interfax",
    "kyodo": r"Kyodo(?: News)?",
    "yonhap": r"Yonhap",
    "upi": r"United Press International",
    # Bare, PTI is a party and UPI a way to pay.
    "pti": r"(?:Press Trust of India|(?<=agency )PTI|(?<=inputs from )PTI)",
    "ani": r"ANI",
    "ians": r"IANS",
    "app": r"(?:APP|Associated Press of Pakistan)",
    "nan": r"(?:NAN|News Agency of Nigeria)",
    "antara": r"(?:ANTARA|Antara)",
}
_AGENCY = (
    r"(?:(?:the )?(?:news ?(?:agency|wire)|wire (?:agency|service)) )?"
    rf"\b(?:{'|'.join(AGENCIES.values())})\b"
)
_HAD = r"(?:seen|reviewed|obtained|viewed|accessed|read|examined)"
_RULES = {
    "seen": (
        rf"\b(?i:{_HAD}) by {_AGENCY}|\b(?:shared|available) with {_AGENCY}",
        rf"{_AGENCY} (?:has|had) {_HAD}|\btold {_AGENCY}",
        rf"\b(?:interview|statement|comments?|e-?mail) (?:with|to) {_AGENCY}",
        rf"\b(?i:speaking|spoke|speaks) (?:to|with) {_AGENCY}",
    ),
    "reported": (
        rf"{_AGENCY}(?:,? (?:has|had|also|first|earlier))? (?:report(?:ed|s)|quoted|cited)\b",
        rf"{_AGENCY}['\u2019]s? report\b|\breport(?:ed)?,? (?:by|from|in) {_AGENCY}",
        rf"\b(?i:according to) (?:an? |the )?(?:report (?:by|from|in) )?{_AGENCY}",
        rf"\b(?i:citing|quoting|quoted by|cited by|as per) {_AGENCY}",
    ),
    "wire text": (
        rf"{_AGENCY}(?:['\u2019]s?)? (?:requests?|queries|questions|emails?)\b",
        rf"\b(?:requests?|queries|questions)(?: for comments?)? (?:from|by) {_AGENCY}",
        rf"\brespond(?:ed)? to {_AGENCY}",
        rf"{_AGENCY} (?:could not|was unable to|was not able to|has not been able to)\b",
        rf"\ba {_AGENCY} (?:witness|reporter|correspondent|journalist|review|tally|calculation)",
    ),
}
_COMPILED = tuple((rule, re.compile("|".join(patterns))) for rule, patterns in _RULES.items())
_NAMED = re.compile(
    r"\b(?:" + "|".join(f"(?P<{name}>{p})" for name, p in AGENCIES.items()) + r")\b"
)
_DATELINE = re.compile(r"[^\n.]{0,60}\((?P<who>[\w /-]{2,30})\)\s?[\u2014\u2013:-]")
_OTHER_DAYS = re.compile(
    r"\b(?:last (?:year|month)|previously|years? ago|months? ago|(?:in|back in) (?:19|20)\d\d)\b"
)
_PAPER = re.compile(
    r"\b(?:submission|filing|affidavit|(?:court|legal) (?:papers?|documents?|records?)"
    r"|written (?:reply|response|report|statement|answer|reasons)"
    r"|(?:submitted|filed|replied) (?:[\w,' -]{0,60} )?(?:to|before|in|with|at) (?:the )?"
    r"[\w'\u2019 ]{0,40}[Cc]ourt"
    r"|(?:reply|response|report|statement|comments|answer) (?:submitted |filed )?"
    r"(?:to|in|before|with) (?:the )?[\w'\u2019 ]{0,30}[Cc]ourt"
    r"|(?:told|informed) (?:the )?[\w'\u2019 ]{0,30}[Cc]ourt)\b"
)
_LETTER = re.compile(r"\b(?:letter|notification|directive|circular|memorandum|notice)\b")
_ORDER = re.compile(
    r"\b[Cc]ourt\b[^.]{0,40}?\b(?:order|direct|rule|instruct|suspend|issue|grant|give|tell)(?:s|d|ed)\b"
    r"|\b[Cc]ourt\b[^.]{0,40}?\b(?:gave|given|told)\b"
)
_SENTENCE_END = re.compile(
    r"(?<![A-Z]\.)(?<!\b[A-Z][a-z]\.)(?<!\b[A-Z][a-z]{2}\.)(?<=[.!?\u06d4\u0964])"
    r"[\"'\u201d\u2019)]{0,3}\s*(?=[A-Z\"'\u201c\u2018(\u0600-\u0fff]|$)"
)
_BACK = 600  # characters before a sentence in which the court of "the court" is sought
_BEFORE = 2  # sentences before one without an actor in which its actor is sought
_AFTER = 25  # characters after a paper in which its author is named: "by the interior ministry"
_VAGUE = frozenset({"government", "regulator"})
_DEFINITE = re.compile(r"\b(?:[Tt]he|[Ii]ts|[Tt]his|[Tt]hat|[Tt]heir) (?:\w+ )?$")
_LEAD = 5  # sentences at the beginning that say what a report is about
_MOST_SPANS, _MOST_SENTENCES = 5, 5000


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    text: str


def origins(
    text: str, blocks: Sequence[Block], why: Sequence[str | None], outlet: str = ""
) -> tuple[Origin, ...]:
    """Return what the body of a page rests on, each origin once, sorted by id.

    Args:
        text: the stored text.
        blocks: its paragraphs.
        why: for each paragraph why it is furniture; None where it is the body.
        outlet: who published it; where that is an agency, the report is a wire story itself.
    """
    told = _Report(text, blocks, why, outlet)
    found: dict[str, Origin] = {}
    for origin in (*told.wires(), *told.papers()):
        known = found.get(origin.id)
        if known is not None:
            spans = tuple(sorted({*known.spans, *origin.spans}))[:_MOST_SPANS]
            origin = Origin(  # noqa: PLW2901 - one origin, told in several places
                id=known.id,
                why=known.why,
                spans=spans,
                court=known.court or origin.court,
                binding=known.binding or origin.binding,
            )
        found[origin.id] = origin
    return tuple(found[i] for i in sorted(found))


class _Report:
    """A report's sentences, who is in them, and what it is mainly about."""

    def __init__(
        self, text: str, blocks: Sequence[Block], why: Sequence[str | None], outlet: str
    ) -> None:
        pairs = list(zip(blocks, why, strict=True))
        body = [b for b, w in pairs if w is None]
        self.cast = Cast(_only(text, body))
        self.sentences = [s for b in body for s in _sentences(b)][:_MOST_SENTENCES]
        self.credits = [
            b
            for b, w in pairs
            if w is not None and not b.hint and b.kind in {Kind.CREDIT, Kind.BYLINE}
        ]
        self.first = next((b for b, w in pairs if w is None and b.kind == Kind.PROSE), None)
        self.outlet = outlet
        self.papers_of = self._papers_of()

    def wires(self) -> Iterable[Origin]:
        """Yield the wire stories the report rests on."""
        for number, sentence in enumerate(self.sentences):
            for rule, pattern in _COMPILED:
                for match in pattern.finditer(sentence.text):
                    at = (sentence.start, sentence.end)
                    for agency in _agencies(match[0]):
                        act, court = self._act(number) if rule != "wire text" else self._main()
                        is_other = _OTHER_DAYS.search(sentence.text) is not None
                        yield _wire(agency, act, court, rule, at, binding=not is_other)
        lines = [(b.start, b.end, b.text) for b in self.credits]
        if self.first is not None:
            dateline = _DATELINE.match(self.first.text)
            if dateline:
                start = self.first.start
                lines.append((start, start + dateline.end(), dateline["who"]))
            if _NAMED.fullmatch(self.outlet):
                lines.append((self.first.start, self.first.end, self.outlet))
        for start, end, line in lines:
            for agency in _agencies(line):
                act, court = self._main()
                yield _wire(agency, act, court, "wire text", (start, end), binding=True)

    def papers(self) -> Iterable[Origin]:
        """Yield the court papers the report gives."""
        leading = {self._main()[0].rpartition(".")[0]}
        for actor, told in self.papers_of.items():
            court = next((c for c, _ in told if c), "")
            spans = tuple((s.start, s.end) for _, s in told)[:_MOST_SPANS]
            is_main = actor in leading
            yield Origin(
                id=f"paper:{court or 'court'}:{actor}",
                why="paper",
                spans=spans,
                court=court,
                binding=is_main and bool(court),
            )

    def _papers_of(self) -> dict[str, list[tuple[str, _Sentence]]]:
        """Return for each actor the sentences that give its papers before a court, and which."""
        found: dict[str, list[tuple[str, _Sentence]]] = {}
        for number, sentence in enumerate(self.sentences):
            paper = _PAPER.search(sentence.text)
            if paper is None or _OTHER_DAYS.search(sentence.text):
                continue
            actor = self._author(number, paper, found)
            if actor:
                court = self.cast.court(sentence.start, sentence.end, 0)
                found.setdefault(actor, []).append((court, sentence))
        return found

    def _author(self, number: int, paper: re.Match[str], before: Iterable[str]) -> str:
        """Return whose a paper is: who is named before or right after it, else the last one's."""
        sentence = self.sentences[number]
        named = self.cast.within(sentence.start, sentence.start + paper.end() + _AFTER)
        if any(m.slug not in _VAGUE for m in named):
            return _weightiest(named)
        known = list(before)
        if known and _DEFINITE.search(sentence.text, 0, paper.start()):
            return known[-1]
        actor = self._actor(number)
        return "" if actor in _VAGUE else actor

    def _actor(self, number: int) -> str:
        """Return who acts in a sentence: the first named in it, else in those before it."""
        for back in range(min(number, _BEFORE) + 1):
            sentence = self.sentences[number - back]
            named = self.cast.within(sentence.start, sentence.end)
            if named:
                return _weightiest(named)
        return ""

    def _act(self, number: int) -> tuple[str, str]:
        """Return the act a sentence tells of, as actor and kind, and the court it is before."""
        sentence = self.sentences[number]
        court = self.cast.court(sentence.start, sentence.end, _BACK)
        paper = _PAPER.search(sentence.text)
        if _ORDER.search(sentence.text) and paper is None and court:
            return f"{court}.order", court
        named = self.cast.within(sentence.start, sentence.end)
        actor = _weightiest(named) if named else ""
        if paper:
            actor = self._author(number, paper, self.papers_of)
        if not actor or actor in _VAGUE:
            return self._main()
        if actor in self.papers_of and not _LETTER.search(sentence.text):
            courts = [c for c, _ in self.papers_of[actor] if c]
            return f"{actor}.court-paper", courts[0] if courts else ""
        kind = "letter" if _LETTER.search(sentence.text) else "statement"
        return f"{actor}.{kind}", ""

    def _main(self) -> tuple[str, str]:
        """Return the act the report is mainly about: its first actor's, of the weightiest kind."""
        vague = ""
        for sentence in self.sentences[:_LEAD]:
            named = self.cast.within(sentence.start, sentence.end)
            court = self.cast.court(sentence.start, sentence.end, 0)
            order = _ORDER.search(sentence.text) if court else None
            if order and not any(m.start < sentence.start + order.start() for m in named):
                return f"{court}.order", court
            actor = _weightiest(named) if named else ""
            if actor and actor not in _VAGUE:
                told = self.papers_of.get(actor)
                if told:
                    return f"{actor}.court-paper", next((c for c, _ in told if c), "")
                return f"{actor}.statement", ""
            vague = vague or actor
        return (f"{vague}.statement", "") if vague else ("", "")


def _only(text: str, body: Sequence[Block]) -> str:
    """Return a text of the same length with spaces in place of all that is not the body."""
    parts = []
    at = 0
    for block in body:
        parts += [" " * (block.start - at), block.text]
        at = block.end
    return "".join(parts) + " " * (len(text) - at)


def _weightiest(named: Sequence[Mention]) -> str:
    """Return the first actor that is more than "the government" or "the regulator"."""
    return next((m.slug for m in named if m.slug not in _VAGUE), named[0].slug)


def _wire(
    agency: str, act: str, court: str, rule: str, at: tuple[int, int], *, binding: bool
) -> Origin:
    what = slug(act.replace(".", " ")) if act else "unnamed"
    return Origin(
        id=f"wire:{agency}:{what}",
        why=rule,
        spans=(at,),
        court=court,
        binding=bool(act) and binding,
    )


def _agencies(words: str) -> list[str]:
    return [str(m.lastgroup) for m in _NAMED.finditer(words)]


def _sentences(block: Block) -> list[_Sentence]:
    """Return the sentences of a paragraph, each a span of the text."""
    found = []
    at = 0
    for end in (*(m.end() for m in _SENTENCE_END.finditer(block.text)), len(block.text)):
        part = block.text[at:end]
        if part.strip():
            left = len(part) - len(part.lstrip())
            start = block.start + at + left
            own = part.strip()
            found.append(_Sentence(start, start + len(own), own))
        at = end
    return found
