"""Who speaks: the frames of a sentence, each with its speaker, where and when it was said."""

from collections.abc import Sequence
from dataclasses import dataclass

from overt.record.proposals.grammar import word_set
from overt.record.proposals.lines import Line
from overt.record.proposals.mentions import Mark
from overt.record.proposals.rulebook import Rule
from overt.vocabulary.stated import Forum, Polarity, Standing, When


_BREAKS = word_set("breaks")
_PLATFORM_NOT_AFTER = frozenset({"on", "via", "from", "of", "to", "by", "in", "with", "and", "for"})
_NOT_SUBJECT = word_set("not_subject")
# In the order they are tried.
_FORUMS = tuple(
    (forum, word_set(f"forum_{forum}"))
    for forum in (
        Forum.FILING,
        Forum.POST,
        Forum.PARLIAMENT,
        Forum.HEARING,
        Forum.LETTER,
        Forum.STATEMENT,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A speaker and what of a line is theirs: pieces `first` to `last`, half-open.

    `region` are the pieces of the attribution itself; dates in it tell when it was said.
    """

    rule: Rule
    speaker: Mark
    verb: str
    first: int
    last: int
    region: tuple[int, int]
    asserted: When | None
    polarity: Polarity | None
    to_court: bool = False


def speeches(line: Line, rules: Sequence[Rule], deny: frozenset[str]) -> list[Speech]:
    """Return the frames of a line; of several that cover a word one is `nearest`."""
    found: list[Speech] = []
    for rule in rules:
        for match in rule.expression.finditer(line.text):
            groups = match.groupdict()
            speaker = line.mark(groups["speaker"])
            start = piece_at(line, match.start("speaker"))
            before = _piece(line, start - 1)
            if before in _NOT_SUBJECT and rule.scope == "after":
                continue
            if speaker.letter == "P" and (
                before in _PLATFORM_NOT_AFTER or (rule.scope == "after" and before == "'s")
            ):
                continue
            a, b = piece_at(line, match.start()), piece_at(line, match.end())
            if speaker.letter == "U" and " seen by " in f" {match[0]}":
                continue  # a paper the outlet has seen, not the outlet's word
            verb = (groups.get("verb") or "").strip()
            if _piece(line, b) in {"to", "of"} and rule.scope == "after":
                continue
            first, last = {"after": (b, _break(line, b)), "before": (0, a)}.get(
                rule.scope, (0, len(line.pieces))
            )
            said = next(
                (line.mark(g) for k, g in groups.items() if k.startswith("asserted") and g), None
            )
            polarity = Polarity.DENIES if verb in deny else rule.polarity
            opening = _opening(line, a) if rule.scope == "after" else a
            found.append(
                Speech(
                    rule=rule, speaker=speaker, verb=verb, first=first, last=last, region=(a, b),
                    asserted=_day(line, (opening, b), said), polarity=polarity,
                    to_court=(groups.get("audience") or "  ")[1] == "C",
                )
            )  # fmt: skip
    return found


def nearest(found: Sequence[Speech], piece: int) -> Speech | None:
    """Return the frame a piece belongs to: of those that begin before it the last, or any."""
    covering = [s for s in found if s.first <= piece < s.last]
    after = [s for s in covering if s.rule.scope == "after"]
    if after:
        return max(after, key=lambda s: (s.first, s.region[0]))
    named = [s for s in covering if s.speaker.letter not in "UQ"]
    return next(iter(named or covering), None)


def forum_of(line: Line, speech: Speech | None) -> Forum:
    """Return where it was said, from the words of the sentence; PRESS where they do not tell."""
    said = " ".join(t.word for t in line.words)
    if speech is not None and speech.to_court:
        return Forum.HEARING
    if speech is not None and speech.speaker.forum:
        return Forum(speech.speaker.forum)
    for forum, cues in _FORUMS:
        if any(f" {cue} " in f" {said} " for cue in cues):
            return forum
    return Forum.PRESS


def standing_of(
    speech: Speech | None,
    speaker: Mark | None,
    allege: frozenset[str],
    find: frozenset[str],
    *,
    spoken: bool = True,
) -> Standing:
    """Return how the words stand, from who says them and with which verb."""
    if speaker is None:
        return Standing.REPORTS
    verb = speech.verb if speech is not None else ""
    if not spoken:
        return Standing.REPORTS
    if speaker.letter == "C" and verb in find:
        return Standing.FINDS
    if verb in allege or speaker.letter in "TYSNQ":
        return Standing.ALLEGES
    if speaker.letter in "WUR":
        return Standing.REPORTS
    return Standing.STATES


def piece_at(line: Line, offset: int) -> int:
    """Return the number of the piece that begins at an offset of the line's text."""
    low, high = 0, len(line.starts)
    while low < high:
        middle = (low + high) // 2
        if line.starts[middle] < offset:
            low = middle + 1
        else:
            high = middle
    return low


def _piece(line: Line, number: int) -> str:
    if not 0 <= number < len(line.pieces):
        return ""
    first, last = line.pieces[number]
    return line.words[first].word if last - first == 1 else ""


def _break(line: Line, first: int) -> int:
    """Return where what is said ends: at a turn to something else outside quotation marks."""
    for number in range(first + 1, len(line.pieces)):
        a, _ = line.pieces[number]
        if (
            line.words[a].word in _BREAKS
            and not line.words[a].quoted
            and _piece(line, number - 1) == ","
        ):
            return number
    return len(line.pieces)


def _opening(line: Line, first: int) -> int:
    """Return where the clause begins that a frame stands in."""
    for number in range(first - 1, -1, -1):
        if _piece(line, number) in _BREAKS | {";", "which", "after", "when"}:
            return number
    return 0


def _day(line: Line, region: tuple[int, int], named: Mark | None) -> When | None:
    if named is not None and named.date is not None:
        return named.date.when
    tokens_of = {i for n in range(*region) for i in range(*line.pieces[n])}
    inside = [
        m for m in line.found if m.date is not None and m.letter == "d" and m.first in tokens_of
    ]
    return inside[0].date.when if len(inside) == 1 and inside[0].date else None
