"""Finds who and what a sentence names: actors, platforms, places, dates and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from overt.record.proposals.dates import Mention, Relation, find_dates
from overt.record.proposals.dating import Frame
from overt.record.proposals.gazetteer import LETTERS, Gazetteer, Name, authority_id
from overt.record.proposals.grammar import word_set
from overt.record.proposals.numbers import Number, find_numbers
from overt.record.proposals.tokens import Token, tokens
from overt.vocabulary.stated import AuthorityKind


_RELATION = {
    Relation.ON: "d", Relation.SINCE: "s", Relation.UNTIL: "u", Relation.BY: "y",
    Relation.WITHIN: "w", Relation.BEFORE: "b", Relation.AFTER: "f", Relation.AROUND: "d",
}  # fmt: skip
_MAX_ASIDE = 8  # tokens in brackets that are left out
_ABBREVIATED = 5  # a name in capitals up to this long counts only where its country is named
_SOCIAL = word_set("social")
_OLD_NAME = word_set("old_name")
_SERVICE = word_set("service")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Tokens `first` to `last`, half-open, that name something; `letter` is its kind.

    `value` is the id of an authority or a platform, a country's code, or empty. `common`: words
    that stand for one named elsewhere. `role` are the words, when they are not all of the tokens.
    """

    first: int
    last: int
    letter: str
    value: str = ""
    cc: str = ""
    common: str = ""
    date: Mention | None = None
    number: Number | None = None
    office: tuple[int, int] | None = None
    forum: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a sentence is read with: the text's countries, its dates, whether X is the service."""

    text: str
    cc: str
    countries: frozenset[str]
    frame: Frame
    x_is_meant: bool


def without_asides(found: Sequence[Token]) -> list[Token]:
    """Return the tokens without what stands in short brackets."""
    kept: list[Token] = []
    at = 0
    while at < len(found):
        if found[at].word in "([":
            stop = next(
                (i for i in range(at + 1, min(at + _MAX_ASIDE + 2, len(found)))
                 if found[i].word in ")]"), -1,
            )  # fmt: skip
            if stop > 0:
                at = stop + 1
                continue
        kept.append(found[at])
        at += 1
    return kept


def marks(text: str, start: int, end: int, names: Gazetteer, scene: Scene) -> tuple[
    list[Token], list[Mark]
]:  # fmt: skip
    """Return the tokens of a sentence and the mentions in it, in order, none overlapping."""
    words = without_asides(tokens(text, start, end))
    found: list[Mark] = []
    taken = [False] * len(words)
    for mention in find_dates(text, start, end, scene.frame):
        _cover(words, taken, found, mention.start, mention.end, date=mention)
    _named(words, taken, found, names, scene)
    for number in find_numbers(text, start, end):
        _cover(words, taken, found, number.start, number.numeral_end, number=number)
    found.sort(key=lambda m: m.first)
    return words, found


def _cover(
    words: Sequence[Token], taken: list[bool], found: list[Mark], start: int, end: int,
    *, date: Mention | None = None, number: Number | None = None,
) -> None:  # fmt: skip
    inside = [i for i, t in enumerate(words) if t.start >= start and t.end <= end]
    if not inside or any(taken[i] for i in inside) or inside[-1] - inside[0] + 1 != len(inside):
        return
    letter = "d"
    if date is not None:
        letter = _RELATION[date.relation]
    elif number is not None:
        letter = "m" if number.quantity.unit.isupper() else "n"
    for i in inside:
        taken[i] = True
    found.append(
        Mark(first=inside[0], last=inside[-1] + 1, letter=letter, date=date, number=number)
    )


def _named(
    words: Sequence[Token], taken: list[bool], found: list[Mark], names: Gazetteer, scene: Scene
) -> None:
    at = 0
    while at < len(words):
        mark = None if taken[at] else _name_at(words, at, taken, names, scene)
        if mark is None:
            at += 1
            continue
        if mark.common and words[at].word in {"the", "a"} and taken[at + 1 : at + 2] == [False]:
            longer = _name_at(words, at + 1, taken, names, scene) if at + 1 < len(words) else None
            if longer is not None and longer.last > mark.last:
                mark = longer  # "the ministry" of "the Ministry of Interior"
        for i in range(mark.first, mark.last):
            taken[i] = True
        found.append(mark)
        at = mark.last


def _name_at(
    words: Sequence[Token], at: int, taken: Sequence[bool], names: Gazetteer, scene: Scene
) -> Mark | None:
    fitting: list[Name] = []
    for name in names.at(words[at].word):
        stop = at + len(name.words)
        if fitting and len(name.words) < len(fitting[0].words):
            break
        if stop <= len(words) and not any(taken[at:stop]) and _fits(name, words, at, names, scene):
            fitting.append(name)
    ruled = _office(words, at, taken, names, scene) or _ending(words, at, taken, names, scene)
    if fitting and (ruled is None or at + len(fitting[0].words) >= ruled.last):
        return _mark(fitting, at, scene)
    return ruled


def _fits(name: Name, words: Sequence[Token], at: int, names: Gazetteer, scene: Scene) -> bool:
    stop = at + len(name.words)
    if tuple(t.word for t in words[at:stop]) != name.words:
        return False
    first, last = words[at], words[stop - 1]
    if name.exact:
        raw = scene.text[first.start : last.end].replace("\u2019", "'")
        short = name.letter not in "lP" and len(name.exact) <= _ABBREVIATED and name.cc
        return raw == name.exact and (not short or name.cc in scene.countries)
    if name.letter == "P":
        return first.capital and _is_platform(words, at, names, scene)
    if not name.capital:
        return True
    return first.capital or (name.letter == "l" and any(t.capital for t in words[at:stop]))


def _is_platform(words: Sequence[Token], at: int, names: Gazetteer, scene: Scene) -> bool:
    """Return whether a word that may be a platform is one here: a letter or a verb is not."""
    word = words[at].word
    if word not in names.lists["careful"]:
        return True
    before = words[at - 1].word if at else ""
    after = words[at + 1].word if at + 1 < len(words) else ""
    if word != "x":
        return (
            at > 0
            or after in {"was", "is", "has", "had", "were", "will", "and", ",", "'s"}
            or (after in {"blocked", "banned", "suspended"})
        )
    if before in names.lists["not_x_before"] or after in names.lists["not_x_after"]:
        return False
    if before[:1].isdigit() or after[:1].isdigit() or (before == "-" or after == "-"):
        return False
    if after == "banned" and at + 2 < len(words):
        following = words[at + 2].word
        if following not in names.lists["x_banned_in"] and scene.x_is_meant is False:
            return False
    return scene.x_is_meant


def _mark(fitting: Sequence[Name], at: int, scene: Scene) -> Mark:
    name = fitting[0]
    last = at + len(name.words)
    if name.common:
        return Mark(first=at, last=last, letter=name.letter, common=name.value)
    if name.letter in "lP":
        return Mark(first=at, last=last, letter=name.letter, value=name.value, cc=name.cc)
    local = [n for n in fitting if n.cc in {scene.cc, ""}]
    if local:
        return Mark(
            first=at, last=last, letter=local[0].letter, value=local[0].value, cc=local[0].cc
        )
    if len({n.value for n in fitting}) == 1 and not name.words[-1].startswith("minist"):
        return Mark(first=at, last=last, letter=name.letter, value=name.value, cc=name.cc)
    slug = "-".join(w for w in name.words if w.isalnum())
    return Mark(first=at, last=last, letter=name.letter, common=slug)


def _office(
    words: Sequence[Token], at: int, taken: Sequence[bool], names: Gazetteer, scene: Scene
) -> Mark | None:
    """Return a ministry or minister named by subject: "Ministry of Health", "ICT minister"."""
    word = words[at].word
    if word in {"ministry", "minister"} and at + 2 < len(words):
        if words[at + 1].word in {"of", "for"}:
            for n in (6, 5, 4, 3, 2, 1):
                subject = " ".join(t.word for t in words[at + 2 : at + 2 + n])
                subject = subject.removeprefix("the ")
                if subject in names.ministries and at + 2 + n <= len(words):
                    return _ministry(at, at + 2 + n, subject, names, scene)
        return None
    for n in (4, 3, 2, 1):
        stop = at + n
        if stop < len(words) and words[stop].word in {"ministry", "minister", "ministers"}:
            subject = " ".join(t.word for t in words[at:stop])
            if subject in names.ministries and not any(taken[at : stop + 1]):
                return _ministry(at, stop + 1, subject, names, scene)
    return None


def _ministry(first: int, last: int, subject: str, names: Gazetteer, scene: Scene) -> Mark:
    slug = "-".join(subject.split()) + "-ministry"
    known = authority_id(scene.cc, slug) if scene.cc else ""
    cc = scene.cc if known in names.authorities else ""
    return Mark(first=first, last=last, letter="M", value=known if cc else "", cc=cc, common=slug)


def _ending(
    words: Sequence[Token], at: int, taken: Sequence[bool], names: Gazetteer, scene: Scene
) -> Mark | None:
    """Return an authority named by how its name ends: "Patna High Court"."""
    if not words[at].capital or words[at].word in {"the", "a", "an", "another", "this", "that"}:
        return None
    for n in range(4):
        ways = names.endings.get(words[at + n].word, ()) if at + n < len(words) else ()
        for kind, ending in ways:
            stop = at + n + len(ending)
            if tuple(t.word for t in words[at + n : stop]) != ending or any(taken[at:stop]):
                continue
            if all(t.capital or t.word == "of" for t in words[at:stop]):
                slug = "-".join(t.word for t in words[at:stop])
                value = authority_id(scene.cc, slug) if scene.cc else ""
                letter = LETTERS[AuthorityKind(kind)]
                return Mark(
                    first=at, last=stop, letter=letter, value=value, cc=scene.cc, common=slug
                )
    return None


def merged(words: Sequence[Token], found: Sequence[Mark], names: Gazetteer) -> list[Mark]:
    """Return the mentions with what belongs to them: articles, countries, offices, old names."""
    done: list[Mark] = []
    for i, mark in enumerate(found):
        ceiling = found[i + 1].first if i + 1 < len(found) else len(words)
        last = done[-1] if done else None
        if last is not None and last.last > mark.first:
            continue
        joined = _join(words, last, mark)
        if joined is not None:
            done[-1] = joined
            continue
        done.append(_widened(words, mark, done, names, ceiling))
    return done


def _between(words: Sequence[Token], a: Mark, b: Mark) -> tuple[str, ...]:
    return tuple(t.word for t in words[a.last : b.first])


def _join(words: Sequence[Token], last: Mark | None, mark: Mark) -> Mark | None:
    if last is None:
        return None
    between = _between(words, last, mark)
    if last.letter == "l":
        return _with_country(last, mark, between)
    if mark.letter == "l" and last.letter in "MGCAVLO" and last.common:
        if between not in {("of",), ("of", "the")} and (between != ("in",) or last.letter != "C"):
            return None
        value = authority_id(mark.value, last.common)
        return replace(last, last=mark.last, cc=mark.value, value=_of(last, mark.value, value))
    if last.letter == mark.letter:
        return _with_same(words, last, mark, between)
    return None


def _with_same(
    words: Sequence[Token], last: Mark, mark: Mark, between: tuple[str, ...]
) -> Mark | None:
    """Return two mentions of one thing as one: "network monitor NetBlocks", "X, once Twitter"."""
    if mark.letter in "WSUGY" and last.common and mark.value and not between:
        return replace(mark, first=last.first)
    if mark.letter == "P" and last.value == mark.value and between and set(between) <= _OLD_NAME:
        after = mark.last < len(words) and words[mark.last].word == ","
        return replace(last, last=mark.last + (1 if after and "," in between else 0))
    return None


def _with_country(place: Mark, mark: Mark, between: tuple[str, ...]) -> Mark | None:
    """Return an actor with the country before it: "Pakistan's interior ministry"."""
    is_actor = mark.letter in "MGCAVLOY" and (mark.common or mark.cc == place.value)
    if not is_actor or between not in {(), ("'s",), ("'",), ("'s", "federal"), ("'s", "top")}:
        return None
    if not mark.common:
        return replace(mark, first=place.first)
    value = authority_id(place.value, mark.common) if mark.letter in "MV" else mark.value
    return replace(mark, first=place.first, cc=place.value, value=_of(mark, place.value, value))


def _of(mark: Mark, cc: str, value: str) -> str:
    """Return the id of an actor known by kind and country; a court without a name has none."""
    if mark.letter == "V":
        return authority_id(cc, "government")
    return value if mark.letter == "M" and mark.common.endswith("-ministry") else ""


def _widened(
    words: Sequence[Token], mark: Mark, done: Sequence[Mark], names: Gazetteer, ceiling: int
) -> Mark:
    floor = done[-1].last if done else 0
    if mark.letter == "P":
        return _with_service(words, mark, floor, names)
    if mark.letter not in "MGCAVLOYTSWUNR":
        return mark
    article = mark.first > floor and words[mark.first - 1].word in {"the", "a", "an"}
    if article and not mark.common.startswith(("the", "a ")):
        mark = replace(mark, first=mark.first - 1)
    return _with_person(words[:ceiling], mark, names)


def _with_service(words: Sequence[Token], mark: Mark, floor: int, names: Gazetteer) -> Mark:
    """Return a platform with the words that describe it: "the social network X", "X's owner"."""
    at = first = mark.first
    last = mark.last
    while at > floor and at > first - 7 and words[at - 1].word in _SOCIAL:
        at -= 1
    said = {t.word for t in words[at:first]}
    if said & _SERVICE or said <= {"the"}:
        first = at
    while first < mark.first and words[first].word in {"'s", "and"}:
        first += 1
    offices = names.lists["platform_offices"]
    owned = 1 if last < len(words) and words[last].word == "'s" else 0
    for n in (4, 3, 2, 1) if owned else (1,):
        stop = last + owned + n
        if stop <= len(words) and " ".join(t.word for t in words[last + owned : stop]) in offices:
            return replace(mark, first=first, last=stop)
    return replace(mark, first=first, last=last)


def _with_person(words: Sequence[Token], mark: Mark, names: Gazetteer) -> Mark:
    """Return the mention with the office and the name of the person that follow it."""
    last, office = mark.last, (mark.first, mark.last)
    if mark.letter not in "NU":
        at = last + 1 if last < len(words) and words[last].word == "'s" else last
        if at < len(words) and words[at].word in names.lists["spokes"]:
            last = at + 1
            office = (mark.first, last)
        for _ in range(4):
            if last >= len(words) or not words[last].capital or not words[last].word.isalpha():
                break
            last += 1
    return replace(mark, last=last, office=office)
