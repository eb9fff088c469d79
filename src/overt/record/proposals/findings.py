"""What a sentence says, by the rules: matches that are neither supposed, asked nor negated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from overt.record.proposals.grammar import word_set
from overt.record.proposals.lines import Line
from overt.record.proposals.mentions import Mark
from overt.record.proposals.people import Speech, nearest, piece_at
from overt.record.proposals.rulebook import Rule
from overt.vocabulary.stated import ActKind, Demand, Polarity, Topic, When


# Words before the verb that are looked at, hand-set: an auxiliary, an adverb, a negation, a modal.
_REACH, _FAR = 4, 8
_BREAKS = frozenset({"while", "but", "whereas", "although", "though"})
_CLAUSE_ENDS = word_set("clause_ends")
_AFTER_COMMA = frozenset({"and", "which", "who", "after", "when", "as"})
_AFTER_AND = frozenset({"was", "were", "has", "had", "said", "lifted", "restored", "later"})
_PAPERS = frozenset({"letter", "notification", "directive", "order", "memo", "notice"})
_NOT_SUBJECT = word_set("not_subject")
_EVERYWHERE = frozenset({"worldwide", "globally"})
_DOUBTS = frozenset({"fake", "hoax", "if", "rumors", "rumours", "unless", "whether"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule's match on one line."""

    rule: Rule
    line: Line
    groups: Mapping[str, str | None]
    pieces: tuple[int, int]
    pivot: int
    polarity: Polarity
    demand: Demand | None
    speech: Speech | None

    def mark(self, *names: str) -> Mark | None:
        """Return the mention under the first of these names that matched."""
        for name in names:
            piece = self.groups.get(name)
            if piece and piece[0] == "\ue000":
                return self.line.mark(piece)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sets of words that findings are held against."""

    modal: frozenset[str]
    neg: frozenset[str]
    allege: frozenset[str]
    find: frozenset[str]
    confirm: frozenset[str]
    deny: frozenset[str]


def findings(
    line: Line, rules: Sequence[Rule], said: Sequence[Speech], words: Words
) -> list[Finding]:
    """Return what the rules find on a line, in the order of the rules."""
    if line.words and line.words[-1].word == "?":
        return []
    found: list[Finding] = []
    everywhere = bool({t.word for t in line.words} & _EVERYWHERE)
    for rule in rules:
        if everywhere and rule.family in {"restriction", "reason"}:
            continue  # an outage of the service itself
        for match in rule.expression.finditer(line.text):
            first, last = piece_at(line, match.start()), piece_at(line, match.end())
            pivot = piece_at(line, match.start("verb"))
            before = word(line, _head(line, first) - 1)
            acts = (
                match.start() == match.start("issuer") if "issuer" in match.re.groupindex else False
            )
            if before in rule.unless_before or (acts and before in _NOT_SUBJECT):
                continue
            if rule.counts and not _counts(line, match.group("verb"), rule):
                continue
            polarity = _polarity(line, rule, first, pivot, words)
            speech = nearest(said, pivot)
            if speech is not None and polarity is not None and speech.polarity == Polarity.DENIES:
                if polarity == Polarity.DENIES and rule.polarity is None:
                    continue  # a denial of a negation: what is meant is left to a reader
                polarity = Polarity.DENIES
            if polarity is None:
                continue
            groups = match.groupdict()
            demand = next(
                (Demand(k[7:]) for k, g in groups.items() if k.startswith("demand_") and g),
                rule.demand,
            )
            found.append(
                Finding(
                    rule=rule, line=line, groups=groups, pieces=(first, last), pivot=pivot,
                    polarity=polarity, demand=demand, speech=speech,
                )
            )  # fmt: skip
    return found


def _head(line: Line, first: int) -> int:
    """Return where a list of platforms begins that ends with the piece `first`."""
    while (
        first > 1
        and plain(line, first - 1) in {"and", ","}
        and line.text[line.starts[first - 2] + 1] == "P"
    ):
        first -= 2
    return first


def word(line: Line, number: int) -> str:
    """Return the word of a piece; of a mention the last of its words; empty past either end."""
    if not 0 <= number < len(line.pieces):
        return ""
    return line.words[line.pieces[number][1] - 1].word


def _counts(line: Line, piece: str, rule: Rule) -> bool:
    number = line.mark(piece).number if piece[0] == "\ue000" else None
    if number is None:
        return False
    return bool({w.lower() for w in number.quantity.counts.split()} & rule.counts)


def _polarity(line: Line, rule: Rule, first: int, pivot: int, words: Words) -> Polarity | None:
    """Return the polarity of a match; None when it is supposed, doubted or must not be negated."""
    low = max(0, pivot - _REACH)
    for number in range(pivot - 1, low - 1, -1):  # a clause before is another matter
        if word(line, number) in {";", *_BREAKS}:
            low = number + 1
            break
    near = [plain(line, n) for n in range(low, pivot)]
    far = [plain(line, n) for n in range(max(0, pivot - _FAR), pivot)]
    before = [plain(line, n) for n in range(max(0, first - 3), first)]
    if rule.family == "restriction" and rule.topic is Topic.REASON:
        return Polarity.AFFIRMS if not set(near) & words.neg else None
    if set(far) & _DOUBTS:
        return None
    if rule.family not in {"reason", "count", "reaction"}:
        modal = set(near) | (set(before) if rule.family == "act" else set())
        if modal & words.modal or _to_be(near):
            return None
    if rule.polarity is not None:
        return rule.polarity
    if set(near) & words.neg or plain(line, pivot) == "not":
        return rule.negated
    return Polarity.AFFIRMS


def _to_be(near: Sequence[str]) -> bool:
    return any(a == "to" and b in {"be", "have"} for a, b in pairwise(near))


def plain(line: Line, number: int) -> str:
    """Return the word of a piece that is no mention; empty for a mention."""
    first, last = line.pieces[number]
    return line.words[first].word if line.text[line.starts[number]] != "\ue000" and last else ""


def date_of(finding: Finding) -> tuple[Mark | None, str]:
    """Return the date of what a finding tells, and how it was chosen; deadlines are left out."""
    named = finding.mark("when", "when2", "when3", "when4")
    if named is not None:
        return named, "beside the verb"
    line = finding.line
    stop = _clause_end(line, finding.pivot)
    start = _clause_start(line, finding.pieces[0])
    a, b = line.pieces[start][0], line.pieces[stop - 1][1]
    barred = _barred(finding)
    near = [
        m
        for m in line.found
        if m.date is not None and m.letter in "dsfb" and a <= m.first < b and m.first not in barred
    ]
    if finding.rule.family == "act":
        chosen = _act_day(finding, near, stop)
        return chosen, "in the clause of the act" if chosen is not None else ""
    pivot = line.pieces[finding.pivot][0]
    around = [m for m in near if m.first > pivot] or near
    if not around:
        return None, ""
    best = min(around, key=lambda m: _width(m.date.when if m.date else None))
    if _is_one_of_two(line, best):
        return None, ""  # two times, two claims: which is meant is left to a reader
    return best, "in the same clause"


def _barred(finding: Finding) -> set[int]:
    """Return the tokens whose dates tell something else: when it was said, what is due."""
    barred: set[int] = set()
    line, speech = finding.line, finding.speech
    if speech is not None and finding.rule.family == "restriction":
        whole = speech.rule.scope == "after" and speech.asserted is not None
        for number in range(0 if whole else speech.region[0], speech.region[1]):
            barred |= set(range(*line.pieces[number]))
    for mark in (finding.mark("due"), finding.mark("asserted", "asserted2")):
        if mark is not None:
            barred |= set(range(mark.first, mark.last))
    return barred


def _act_day(finding: Finding, near: Sequence[Mark], stop: int) -> Mark | None:
    """Return the day of an act: at the head of the sentence, or at its end if none nests there."""
    line = finding.line
    pivot = line.pieces[finding.pivot][0]
    lead = [m for m in near if m.first <= 1 and m.letter == "d"]
    after = [m for m in near if m.first > pivot and m.letter == "d"]
    if finding.rule.act_kind in {ActKind.LIFTING, ActKind.MEMORANDUM}:
        return next(iter(after or lead), None)
    tail = [m for m in after if m.last >= len(line.words) - 1]
    weekday = [m for m in tail if m.date is not None and "weekday" in m.date.when.rule]
    nested = any(word(line, n) in _PAPERS for n in range(finding.pivot, stop))
    return next(iter(lead or weekday or ([] if nested else tail)), None)


def _is_one_of_two(line: Line, mark: Mark) -> bool:
    """Return whether another date or year follows after "and": "in 2022 and 2023"."""
    following = line.words[mark.last : mark.last + 2]
    if [t.word for t in following[:1]] != ["and"]:
        return False
    dated = any(m.date is not None and m.first == mark.last + 1 for m in line.found)
    return dated or any(t.word[:4].isdigit() for t in following[1:])


def _width(when: When | None) -> int:
    if when is None or when.earliest is None or when.latest is None:
        return 10**6
    return (when.latest - when.earliest).days


def _clause_end(line: Line, pivot: int) -> int:
    for number in range(pivot + 1, len(line.pieces)):
        here = plain(line, number)
        after = plain(line, number + 1) if number + 1 < len(line.pieces) else ""
        if here in _CLAUSE_ENDS or (here == "," and after in _AFTER_COMMA):
            return number
        if here == "and" and after in _AFTER_AND:
            return number
    return len(line.pieces)


def _clause_start(line: Line, first: int) -> int:
    for number in range(first - 1, -1, -1):
        if plain(line, number) in _BREAKS | {";", "after", "when", "which", "but"}:
            return number
    return 0
