"""The canonical line of a sentence: words and mentions, and what "it" and "the court" stand for.

What "the ministry", "it", "they" or "the report" stand for is taken from what came before; where
more than one could be meant it stays open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from overt.record.proposals.gazetteer import Gazetteer, authority_id
from overt.record.proposals.grammar import word_set
from overt.record.proposals.mentions import Mark, Scene, marks, merged
from overt.record.proposals.patterns import MARK
from overt.record.proposals.tokens import Token


_ACTORS = "MGCAVLOPYTSWUNR"
_PRONOUNS = frozenset({"he", "it", "she", "they"})
_LEAD_IN = word_set("lead_in")
_DONE_TO_PLATFORMS = word_set("done_to_platforms")
_PAPERS = {
    "submission": "filing", "report": "filing", "reply": "filing", "filing": "filing",
    "affidavit": "filing", "document": "filing", "response": "filing", "statement": "statement",
    "letter": "statement", "notice": "statement", "notification": "statement",
    "circular": "statement", "order": "statement",
}  # fmt: skip
_OWNS = word_set("owns")
_SOCIAL_WORDS = frozenset({"social", "media", "microblogging", "messaging"})
_SAID = frozenset({"added", "said", "says", "stated", "told", "wrote"})
_NOT_A_SUBJECT_AFTER = word_set("not_a_subject_after")
_MAX_NAME = 4  # words of a person's name
_SERVICES = frozenset({"app", "network", "platform", "service", "site", "website"})


@dataclass(slots=True)
class Memory:
    """What the sentences before have named: the last of each kind, the last subject, papers."""

    actors: dict[str, Mark] = field(default_factory=dict)
    people: dict[str, Mark] = field(default_factory=dict)
    papers: dict[str, Mark] = field(default_factory=dict)
    subject: Mark | None = None
    platforms: tuple[str, ...] = ()
    has_many: bool = False  # whether the last sentence named people, campaigners or parties


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence as patterns read it.

    `text` has one piece for each word or mention, each with a space after it; `pieces` its tokens,
    half-open; `starts` where each piece begins in `text`.
    """

    start: int
    end: int
    words: tuple[Token, ...]
    found: tuple[Mark, ...]
    text: str
    pieces: tuple[tuple[int, int], ...]
    starts: tuple[int, ...]

    def mark(self, piece: str) -> Mark:
        """Return the mention a piece such as MARK + `P3 ` stands for."""
        return self.found[int(piece.strip()[2:])]

    def said(self, text: str, first: int, last: int) -> str:
        """Return the source's words from piece `first` to piece `last`, half-open."""
        if first >= last:
            return ""
        a, b = self.pieces[first][0], self.pieces[last - 1][1]
        return text[self.words[a].start : self.words[b - 1].end]


def line_of(
    text: str, span: tuple[int, int], names: Gazetteer, scene: Scene, memory: Memory
) -> Line:
    """Return the canonical line of a sentence, and remember what it names."""
    words, first = marks(text, *span, names, scene)
    found = _people(words, merged(words, first, names), names, memory)
    found = [_resolved(m, words, found, scene, memory) for m in found]
    found = _pronouns(words, found, memory)
    _remember(words, found, memory)
    texts, pieces, starts, at, length = [], [], [], 0, 0
    by_first = {m.first: (i, m) for i, m in enumerate(found)}
    while at < len(words):
        number, mark = by_first.get(at, (0, None))
        stop = mark.last if mark else at + 1
        piece = f"{MARK}{mark.letter}{number} " if mark else f"{words[at].word} "
        texts.append(piece)
        pieces.append((at, stop))
        starts.append(length)
        length += len(piece)
        at = stop
    return Line(
        start=span[0], end=span[1], words=tuple(words), found=tuple(found), text="".join(texts),
        pieces=tuple(pieces), starts=tuple(starts),
    )  # fmt: skip


def _people(
    words: Sequence[Token], found: Sequence[Mark], names: Gazetteer, memory: Memory
) -> list[Mark]:
    """Return the mentions with persons: "a spokesman for <actor>", "Name, a lawyer"."""
    done = list(found)
    taken = {i for m in done for i in range(m.first, m.last)}
    for i, mark in enumerate(done):
        of, spokes = mark.first - 1, mark.first - 2
        if (
            spokes >= 0
            and words[of].word in {"for", "of"}
            and words[spokes].word in names.lists["spokes"]
            and mark.letter in _ACTORS
            and not {of, spokes} & taken
        ):
            done[i] = replace(mark, first=spokes, office=(spokes, mark.last))
            taken |= {of, spokes}
    extra = _named_persons(words, taken, done, memory)
    kept = sorted([*done, *[m for m in extra if m.letter != "?"]], key=lambda m: m.first)
    clear: list[Mark] = []
    for mark in kept:
        if not clear or mark.first >= clear[-1].last:
            clear.append(mark)
    return clear


def _named_persons(
    words: Sequence[Token], taken: set[int], done: Sequence[Mark], memory: Memory
) -> list[Mark]:
    """Return the runs of capitals that may be a person: one named before, or a stranger."""
    extra: list[Mark] = []
    at = 0
    while at < len(words):
        stop = at
        while (
            stop < len(words)
            and stop - at < _MAX_NAME
            and stop not in taken
            and words[stop].capital
            and words[stop].word.isalpha()
        ):
            stop += 1
        if stop == at:
            at += 1
            continue
        known = memory.people.get(words[stop - 1].word)
        if known is not None:
            extra.append(replace(known, first=at, last=stop))
        elif stop - at > 1 or at > 0 or (stop < len(words) and words[stop].word == ","):
            extra.append(_stranger(words, at, stop, done))
        at = stop
    return extra


def _stranger(words: Sequence[Token], at: int, stop: int, done: Sequence[Mark]) -> Mark:
    """Return a mention of a person nothing is known of, with the office in apposition."""
    if stop < len(words) and words[stop].word == ",":
        office = next(
            (m for m in done if stop < m.first <= stop + 3 and m.letter in "MGAVLTSWO"), None
        )
        if office is not None:
            last = next(
                (
                    i
                    for i in range(office.first, min(len(words), office.first + 8))
                    if words[i].word in {",", "."}
                ),
                min(len(words), office.first + 8),
            )
            return replace(office, first=at, last=stop, office=(stop + 1, max(last, office.last)))
    return Mark(first=at, last=stop, letter="?" if stop - at == 1 else "Q")


def _author(mark: Mark, words: Sequence[Token], memory: Memory) -> Mark:
    """Return a paper as the mention of who wrote it; itself where that is not known."""
    named = [w.word for w in words[mark.first : mark.last] if w.word in _PAPERS]
    kind = _PAPERS[named[-1] if named else "report"]
    author = memory.papers.get(kind)
    if author is None:
        return mark
    return replace(
        author,
        first=mark.first,
        last=mark.last,
        common=mark.common,
        office=(mark.first, mark.last),
        forum=kind,
    )


def _resolved(
    mark: Mark, words: Sequence[Token], found: Sequence[Mark], scene: Scene, memory: Memory
) -> Mark:
    if not mark.common or mark.value:
        return mark
    cc = mark.cc or scene.cc
    if mark.letter == "R":
        return _author(mark, words, memory)
    if mark.letter == "P":
        one = len(memory.platforms) == 1
        return replace(mark, value=memory.platforms[0]) if one else replace(mark, letter="?")
    slug = "government" if mark.letter == "V" else mark.common
    if mark.letter == "V" or (mark.letter == "M" and slug.endswith("-ministry")):
        return replace(mark, value=authority_id(cc, slug) if cc else "", cc=cc)
    known = _named_before(mark, words, found, memory)
    return replace(mark, value=known.value, cc=known.cc) if known else replace(mark, cc=cc)


def _named_before(
    mark: Mark, words: Sequence[Token], found: Sequence[Mark], memory: Memory
) -> Mark | None:
    """Return the last authority of the kind, which "the court" stands for; "a court" for none."""
    opening, last = words[mark.first].word, words[mark.last - 1].word
    definite = opening in {"the", "ministry"} or mark.common in {"ministry", "regulator", "agency"}
    if mark.letter not in "MCGAY" or not definite or last.endswith("ies"):
        return None
    before = [m for m in found if m.first < mark.first and m.letter == mark.letter and m.value]
    known = before[-1] if before else memory.actors.get(mark.letter)
    return known if known is not None and known.value else None


def _pronouns(words: Sequence[Token], found: list[Mark], memory: Memory) -> list[Mark]:
    """Return the mentions with those that pronouns and "the platform" stand for."""
    taken = {i for m in found for i in range(m.first, m.last)}
    extra: list[Mark] = []
    for i, token in enumerate(words):
        if i in taken:
            continue
        if token.word == "the":
            mark = _the_platform(words, i, found, taken, memory)
        elif token.word in _PRONOUNS:
            mark = _it(words, i, found, memory) or _he(words, i, found, memory)
        else:
            continue
        if mark is not None:
            extra.append(mark)
    return sorted([*found, *extra], key=lambda m: m.first)


def _the_platform(
    words: Sequence[Token], i: int, found: Sequence[Mark], taken: set[int], memory: Memory
) -> Mark | None:
    """Return what "the social media platform" stands for: the one platform named last."""
    stop = i + 1
    while stop < min(i + _MAX_NAME, len(words)) and words[stop].word in _SOCIAL_WORDS:
        stop += 1
    service = stop < len(words) and words[stop].word in _SERVICES and stop not in taken
    if not service or stop + 1 in taken or len(memory.platforms) != 1:
        return None
    if any(m.letter == "P" for m in found):
        return None
    return Mark(
        first=i, last=stop + 1, letter="P", value=memory.platforms[0], common="the platform"
    )


def _it(words: Sequence[Token], i: int, found: Sequence[Mark], memory: Memory) -> Mark | None:
    """Return the platform "it" stands for, where something is done to it or it begins a clause."""
    if words[i].word != "it":
        return None
    following = [t.word for t in words[i + 1 : i + 5]]
    passive = following[:1] and (following[0] in {"was", "is", "were"} or "been" in following[:3])
    here = {m.value for m in found if m.letter == "P" and m.first < i}
    first = next((m for m in found if m.letter in _ACTORS), None)
    after = i > 0 and words[i - 1].word in {"after", "because", "once", "when"}
    if passive and _DONE_TO_PLATFORMS & set(following):
        meant = here or set(memory.platforms)
    elif after and first is not None and first.letter == "P" and first.first < i:
        meant = {first.value}
    else:
        return None
    if len(meant) != 1:
        return None
    return Mark(first=i, last=i + 1, letter="P", value=next(iter(meant)), common="it")


def _he(words: Sequence[Token], i: int, found: Sequence[Mark], memory: Memory) -> Mark | None:
    """Return who a pronoun that begins the sentence or speaks stands for: the last subject."""
    subject = memory.subject
    if subject is None or not _agrees(words[i].word, memory):
        return None
    first = next((m for m in found if m.letter in _ACTORS), None)
    speaks = i + 1 < len(words) and words[i + 1].word in _SAID
    alone = first is None or first.letter == "P"
    if (speaks and alone) or all(t.word in _LEAD_IN for t in words[:i]):
        return replace(subject, first=i, last=i + 1, common=words[i].word, office=None)
    return None


def _agrees(pronoun: str, memory: Memory) -> bool:
    """Return whether a pronoun may stand for the last subject; "they" for no one of several."""
    subject = memory.subject
    if subject is None:
        return False
    if pronoun == "it":
        return subject.letter in "MGCAVLPOYSW"
    if pronoun == "they":
        return subject.letter in ("MGAVPO" if not memory.has_many else "") + "TSNRYW"
    return subject.letter in "MGVLTQS"


def _remember(words: Sequence[Token], found: Sequence[Mark], memory: Memory) -> None:
    subject = None
    for mark in found:
        if mark.letter in "MGCAY" and mark.value:
            memory.actors[mark.letter] = mark
        if (mark.office is not None and mark.last > mark.office[1] and mark.letter != "?") or (
            mark.letter in "MGVTS" and mark.office is not None and mark.office[0] > mark.last
        ):
            memory.people[words[mark.last - 1].word] = mark
        led = mark.first == 0 or words[mark.first - 1].word not in _NOT_A_SUBJECT_AFTER
        if subject is None and mark.letter in _ACTORS and led:
            subject = mark
    named = tuple(dict.fromkeys(m.value for m in found if m.letter == "P" and m.value))
    if named:
        memory.platforms = named
    _remember_papers(words, found, memory)
    memory.has_many = any(m.letter in "TSNYQ" for m in found)
    if subject is not None:
        memory.subject = subject


def _remember_papers(words: Sequence[Token], found: Sequence[Mark], memory: Memory) -> None:
    """Remember whose a submission or a statement is: the actor before it, or the next one."""
    for i, token in enumerate(words):
        kind = _PAPERS.get(token.word)
        if kind is None or not i or words[i - 1].word not in _OWNS | {"joint"}:
            continue
        author = next((m for m in found if m.letter in "MGAVSOP" and m.last <= i + 1), None)
        if author is None:
            author = next((m for m in found if m.letter in "MGAVS" and m.first >= i), None)
        if author is not None and words[i - 1].word != "the":
            memory.papers[kind] = author
