"""What a sentence says, by the rules: matches that are neither supposed, asked nor negated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from overt.record.proposals.lines import Line
from overt.record.proposals.mentions import Mark
from overt.record.proposals.people import Speech, nearest, piece_at
from overt.record.proposals.rulebook import Rule
from overt.vocabulary.stated import Demand, Polarity, When


# Words before the verb that are looked at, hand-set: an auxiliary, an adverb, a negation, a modal.
_REACH, _FAR = 4, 8
_BREAKS = frozenset({"while", "but", "whereas", "although", "though"})
_PAPERS = frozenset({"letter", "notification", "directive", "order", "memo", "notice"})
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
    for rule in rules:
        for match in rule.expression.finditer(line.text):
            first, last = piece_at(line, match.start()), piece_at(line, match.end())
            pivot = piece_at(line, match.start("verb"))
            if word(line, _head(line, first) - 1) in rule.unless_before:
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
    if rule.family == "restriction" and rule.topic is not None and rule.topic.value == "reason":
        return Polarity.AFFIRMS if not set(near) & words.neg else None
    if set(far) & _DOUBTS:
        return None
    if rule.family not in {"reason", "count", "reaction"}:
        modal = set(near) | (set(before) if rule.family == "act" else set())
        if modal & words.modal or _to_be(near):
            return None
        if before[-1:] == ["to"] and rule.family == "restriction" and "access" not in before:
            pass
    if rule.polarity is not None:
        return rule.polarity
    if set(near) & words.neg or plain(line, pivot) in {"not"}:
        return rule.negated
    return Polarity.AFFIRMS


def _to_be(near: Sequence[str]) -> bool:
    return any(a == "to" and b in {"be", "have"} for a, b in zip(near, near[1:], strict=False))


def plain(line: Line, number: int) -> str:
    """Return the word of a piece that is no mention; empty for a mention."""
    first, last = line.pieces[number]
    return line.words[first].word if line.text[line.starts[number]] != "\ue000" and last else ""


def date_of(finding: Finding) -> tuple[Mark | None, str]:
    """Return the date of what a finding tells, and how it was chosen; deadlines are left out."""
    named = finding.mark("when", "when2", "when3", "when4")
    if named is not None:
        return named, "beside the act's verb"
    line = finding.line
    asserted = finding.mark("asserted", "asserted2")
    barred = set()
    if finding.speech is not None and finding.rule.family == "restriction":
        whole = finding.speech.rule.scope == "after" and finding.speech.asserted is not None
        for n in range(0 if whole else finding.speech.region[0], finding.speech.region[1]):
            barred |= set(range(*line.pieces[n]))
    put_off = finding.mark("due")
    if put_off is not None:
        barred |= set(range(put_off.first, put_off.last))
    if asserted is not None:
        barred |= set(range(asserted.first, asserted.last))
    stop = _clause_end(line, finding.pivot)
    start = _clause_start(line, finding.pieces[0])
    a, b = line.pieces[start][0], line.pieces[stop - 1][1]
    pivot = line.pieces[finding.pivot][0]
    near = [
        m
        for m in line.found
        if m.date is not None and m.letter in "dsfb" and a <= m.first < b and m.first not in barred
    ]
    if finding.rule.family == "act":
        lead = [m for m in near if m.first <= 1 and m.letter == "d"]
        if finding.rule.act_kind is not None and finding.rule.act_kind.value in {
            "lifting",
            "memorandum",
        }:
            near = [m for m in near if m.first > pivot and m.letter in "d"] or lead
        else:
            tail = [
                m
                for m in near
                if m.first > pivot and m.letter == "d" and m.last >= len(line.words) - 1
            ]
            weekday = [m for m in tail if m.date is not None and "day" in m.date.when.rule]
            nested = any(word(line, n) in _PAPERS for n in range(finding.pivot, stop))
            near = lead or weekday or ([] if nested else tail)
        return (near[0], "in the clause of the act") if near else (None, "")
    behind = [m for m in near if m.first > pivot]
    chosen = behind or [m for m in near if m.first < pivot]
    if not chosen:
        return None, ""
    best = min(chosen, key=lambda m: _width(m.date.when if m.date else None))
    if any(
        word(line, n) == "and" and line.pieces[n][0] == best.last
        for n in range(len(line.pieces) - 1)
    ):
        after = [m for m in line.found if m.date is not None and m.first == best.last + 1]
        years = [t for t in line.words[best.last + 1 : best.last + 2] if t.word[:4].isdigit()]
        if after or years:
            return None, ""  # two times, two claims: which is meant is left to a reader
    return best, "in the same clause"


def _width(when: When | None) -> int:
    if when is None or when.earliest is None or when.latest is None:
        return 10**6
    return (when.latest - when.earliest).days


def _clause_end(line: Line, pivot: int) -> int:
    for number in range(pivot + 1, len(line.pieces)):
        here = plain(line, number)
        after = plain(line, number + 1) if number + 1 < len(line.pieces) else ""
        if here in _BREAKS | {";", "after", "when", "until", "till"} and here not in {"after"}:
            return number
        if here in {"after", "which", "amid", "following", "before"}:
            return number
        if here == "," and after in {"and", "which", "who", "after", "when", "as"}:
            return number
        if here == "and" and after in {
            "was",
            "were",
            "has",
            "had",
            "said",
            "lifted",
            "restored",
            "later",
        }:
            return number
    return len(line.pieces)


def _clause_start(line: Line, first: int) -> int:
    for number in range(first - 1, -1, -1):
        if plain(line, number) in _BREAKS | {";", "after", "when", "which", "but"}:
            return number
    return 0
