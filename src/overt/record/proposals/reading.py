"""Reads a text: its sentences, what it is about, and the claims its rules propose."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from overt.record.proposals.claims import Orders, Subject, also, of_line
from overt.record.proposals.dates import frame_of
from overt.record.proposals.findings import Finding, Words, findings
from overt.record.proposals.gazetteer import Gazetteer, load_gazetteer
from overt.record.proposals.grammar import word_set
from overt.record.proposals.lines import Line, Memory, line_of
from overt.record.proposals.mentions import Scene, marks
from overt.record.proposals.people import speeches
from overt.record.proposals.proposal import Proposal, Text
from overt.record.proposals.rulebook import Rulebook, load_rulebook
from overt.record.proposals.sentences import sentences
from overt.vocabulary.stated import ActKind, Polarity, Restriction, When


MAX_PROPOSALS = 400  # of one text: a reader's day; hand-set
MAX_SENTENCES = 2000
_OPENING = 120  # sentences that tell which country a text is about
_BLOCK = word_set("block")
_CASE = _BLOCK | word_set("case")


def propose(text: Text) -> list[Proposal]:
    """Return the claims a text may be read to make, in the order of the text."""
    book, names = load_rulebook(), load_gazetteer()
    spans = [s for a, b in text.spans() for s in sentences(text.text, a, b)][:MAX_SENTENCES]
    if not spans:
        return []
    scene = scene_of(text, spans, names)
    memory = Memory()
    lines = [line_of(text.text, span, names, scene, memory) for span in spans]
    words = Words(
        **{k: book.language.words(k) for k in ("modal", "neg", "allege", "find", "confirm", "deny")}
    )
    foci = _foci(lines)
    found = list(_relevant(lines, book, words, foci))
    if not any(f.rule.family in {"restriction", "act", "other"} for _, of in found for f in of):
        return []  # a platform's news, and nothing withheld
    subject = Subject(
        foci=foci, withheld=_withheld(found) | set(foci), cc=scene.cc, news=_news_day(found, text)
    )
    made: list[Proposal] = []
    orders = Orders()
    for _, found_here in found:
        made += of_line(found_here, text, subject, words, orders)
        if len(made) >= MAX_PROPOSALS:
            break
    return made[:MAX_PROPOSALS]


def scene_of(text: Text, spans: Sequence[tuple[int, int]], names: Gazetteer) -> Scene:
    """Return what the sentences of a text are read with."""
    whole = "\n".join(text.text[a:b] for a, b in spans)
    frame = frame_of(whole, text.published, text.zone)
    lower = whole.lower()
    bare = Scene(text=text.text, cc="", countries=frozenset(), frame=frame, x_is_meant=False)
    heard: Counter[str] = Counter()
    for i, (a, b) in enumerate(spans[:_OPENING]):
        for name in _places(text.text, a, b, names, bare):
            heard[name] += 4 if i < 3 else 1  # noqa: PLR2004 - the headline and the lead
    top = heard.most_common(2)
    cc = text.cc or (top[0][0] if top and (len(top) == 1 or top[0][1] > top[1][1]) else "")
    is_x = any(f"{c}" in _bag(lower) for c in names.lists["x_context"]) or "x.com" in lower
    return Scene(
        text=text.text, cc=cc, countries=frozenset(heard) | {cc}, frame=frame, x_is_meant=is_x
    )


def _bag(lower: str) -> frozenset[str]:
    return frozenset("".join(c if c.isalnum() else " " for c in lower).split())


def _places(text: str, start: int, end: int, names: Gazetteer, scene: Scene) -> Iterator[str]:
    for mark in marks(text, start, end, names, scene)[1]:
        if mark.cc:
            yield mark.cc


def _foci(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the platform most spoken of beside a restriction, and those first named with it."""
    heard: Counter[str] = Counter()
    beside: dict[str, set[str]] = {}
    for line in lines:
        if {t.word for t in line.words} & _BLOCK:
            named = {m.value for m in line.found if m.letter == "P" and m.common != "it"} - {""}
            heard.update(named)
            for platform in named:
                beside.setdefault(platform, named)
    if not heard:
        return ()
    first = min(heard, key=lambda p: (-heard[p], p))
    with_it = sorted(p for p in beside[first] - {first} if heard[p] * 2 >= heard[first])
    return (first, *with_it)


def _withheld(found: Sequence[tuple[Line, list[Finding]]]) -> frozenset[str]:
    """Return the platforms a text says were restricted or lifted."""
    told: set[str] = set()
    for finding in (f for _, of in found for f in of if f.rule.family != "reaction"):
        mark = finding.mark("platform")
        if mark is not None and mark.value:
            told |= {mark.value, *also(finding, mark)}
    return frozenset(told)


def _relevant(
    lines: Sequence[Line], book: Rulebook, words: Words, foci: tuple[str, ...]
) -> Iterator[tuple[Line, list[Finding]]]:
    attribution = book.of_family("attribution")
    rest = tuple(r for r in book.rules if r.family != "attribution")
    about = [
        bool({t.word for t in line.words} & _CASE) or any(m.letter == "P" for m in line.found)
        for line in lines
    ]
    for i, line in enumerate(lines):
        if not any(about[max(0, i - 1) : i + 2]):
            continue
        found = findings(line, rest, speeches(line, attribution, words.deny), words)
        beside: tuple[object, ...] = (ActKind.ADJOURNMENT, Polarity.DECLINES)
        if i and about[i - 1]:
            beside = (*beside, ActKind.ORDER)
        kept = [
            f for f in found if about[i] or f.rule.act_kind in beside or f.rule.polarity in beside
        ]
        firm = [f for f in kept if f.rule.family not in {"reason", "count"}]
        if not any(f.rule.family == "restriction" and f.polarity is Polarity.AFFIRMS for f in firm):
            kept = [f for f in kept if f.rule.family != "reason"]
        if kept and (foci or any(f.rule.restriction is Restriction.NETWORK_OFF for f in kept)):
            yield line, kept


def _news_day(found: Sequence[tuple[Line, list[Finding]]], text: Text) -> When | None:
    """Return the day a report's undated acts are taken to be of; None if there is not one.

    The one day, of the three up to publication, on which the report says a filing, an order, a
    hearing or a statement was made.
    """
    if text.published is None:
        return None
    days: dict[object, When] = {}
    for line, _ in found:
        for mark in line.found:
            when = mark.date.when if mark.date is not None and mark.letter == "d" else None
            if when is None or when.earliest is None or when.earliest != when.latest:
                continue
            if 0 <= (text.published - when.earliest).days <= 2:  # noqa: PLR2004 - see above
                days[when.earliest] = when
    if len(days) != 1:
        return None
    when = next(iter(days.values()))
    return replace(when, rule=f"the one recent day the report names: {when.rule}")
