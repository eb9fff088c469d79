"""Resolves a text's words for time to intervals of local days, each by a named rule.

Ambiguous words give a wider interval, never a guess. Without a publication date only dates that
name their year resolve, and days of a month where the text's full dates all lie in one year.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from overt.record.proposals.calendars import add, month_span
from overt.record.proposals.dating import RESOLVERS, Asked, Frame, month_of, number
from overt.vocabulary.stated import When


class Relation(StrEnum):
    """How the words place the time: on it, from it on, up to it, within or around it."""

    ON = "on"
    SINCE = "since"
    UNTIL = "until"
    BY = "by"
    WITHIN = "within"
    BEFORE = "before"
    AFTER = "after"
    AROUND = "around"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of time: `n` hours, days, weeks, months or years."""

    n: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words for a time at `start` to `end`, how they place it, and what they resolve to.

    `within` is set for `within a week`, which resolves only against the day of an act (`due`).
    """

    start: int
    end: int
    relation: Relation
    when: When
    within: Span | None = None


_M = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?"
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_D = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_W = r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_N = r"(?P<n>an?|one|two|three|four|five|six|seven|eight|nine|ten|fourteen|fifteen|\d{1,3})"
_U = r"(?P<unit>hour|day|working day|week|fortnight|month|year)s?"
_E = (
    r"(?P<election>(?:(?:national|general|presidential|parliamentary|federal) ){0,2}"
    r"(?:election|vote|poll)s?)"
)
_PART = rf"(?P<part>mid|early|late)[- ](?:in )?{_M}(?: (?P<year>(?:19|20)\d\d))?"
_DAY_WORD = (
    r"(?P<word>today|yesterday|tomorrow|overnight|tonight|earlier today|this morning"
    r"|this afternoon|this evening)"
)
_AGO = rf"(?P<about>about |around |more than |over |nearly |almost |some )?{_N} {_U} ago"
_WITHIN = rf"(?:within|in no more than|in less than) (?:the next )?{_N}[- ]{_U}(?:'s? time)?"
_PREFIX = re.compile(
    r"(?:(?P<since>since(?: at least| about| around)?|from|beginning|starting|as of)"
    r"|(?P<until>until|till|up to)|(?P<by>by|no later than|not later than|before the end of)"
    r"|(?P<around>around(?: the time of)?|about|on or about|at the time of)"
    r"|(?P<before>before|prior to|ahead of|in the run-up to)|(?P<after>after|following)"
    r"|(?P<on>(?:late |early )?on|in|during|of|back in|dated|for))"
    r"(?: the| its| their| (?:early|late) hours of)?(?: late| early)?\s\Z",
    re.IGNORECASE,
)

# Each: rule name, pattern. Longest and most exact first; the first that matches at a place holds.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?<![\w-])(?:{body})(?![\w-])", 0 if cased else re.IGNORECASE))
    for name, body, cased in (
        ("iso-date", r"(?P<year>(?:19|20)\d\d)-(?P<mm>\d\d)-(?P<day>\d\d)", True),
        ("full-date", rf"(?:{_W}, ?(?:the )?)?{_D}(?: of)? {_M},? (?P<year>(?:19|20)\d\d)", True),
        ("full-date", rf"(?:{_W}, ?)?{_M} {_D},? (?P<year>(?:19|20)\d\d)", True),
        ("election-day", rf"{_M} {_D}(?:'s|\u2019s)? {_E}", True),
        ("election-day", rf"{_D} {_M}(?:'s|\u2019s)? {_E}", True),
        ("weekday-and-day", rf"{_W},? (?:the )?{_D}(?: of)? {_M}", True),
        ("weekday-and-day", rf"{_W},? \(?{_M} {_D}\)?", True),
        ("month-day", rf"{_D}(?: of)? {_M}", True),
        ("month-day", rf"{_M} {_D}", True),
        ("part-of-month", _PART, True),
        ("election-month", rf"{_M}(?:'s|\u2019s) {_E}", True),
        ("month-of-year", rf"{_M},? (?P<year>(?:19|20)\d\d)", True),
        ("weekday", rf"(?P<which>last|next|this|coming) {_W}", True),
        ("weekday", rf"{_W}(?: (?:morning|afternoon|evening|night))?", True),
        ("day-word", _DAY_WORD, False),
        ("ago", _AGO, False),
        ("past-span", rf"(?:in|over|during|for) the (?:past|last) (?:{_N} )?{_U}", False),
        ("within", _WITHIN, False),
        ("part-of-year", r"earlier (?:in )?this (?P<period>year|month|week)", False),
        ("period", r"(?P<which>last|this|next|the previous) (?P<period>year|month|week)", False),
        ("month", rf"(?P<which>last |this |next ){_M}", True),
        ("month", _M, True),
        ("year", r"(?P<year>(?:19|20)\d\d)", True),
    )
)  # fmt: skip
_GIVEN = re.compile(rf"(?<!\w){_N}[- ]{_U}(?='? (?:to|deadline|ultimatum|time)\b)", re.IGNORECASE)
_GIVING = re.compile(
    r"\b(?:gave|given|gives|giving|grant(?:ed|s)?|allow(?:ed|s)?|set|ha[sd])\b", re.IGNORECASE
)
_COMING = re.compile(
    r"\b(?:will|shall|scheduled|adjourned|due|upcoming|next|expected|fixed)\b", re.IGNORECASE
)
_YEAR_NEEDS = re.compile(
    r"(?:in|since|until|by|of|during|from|early|late|mid)[ -]\Z", re.IGNORECASE
)
_NO_MONTH = re.compile(
    r"(?:in|since|until|till|by|of|during|from|for|last|this|next|before|after)\s\Z", re.IGNORECASE
)


def find_dates(text: str, start: int, end: int, frame: Frame) -> list[Mention]:
    """Return the times `text[start:end]` names, in order, none overlapping."""
    taken: list[Mention] = []
    sentence = text[start:end]
    for rule, match in _matches(sentence):
        mention = _mention(rule, match, sentence, start, frame)
        if mention is not None:
            taken.append(mention)
    return sorted(taken, key=lambda m: m.start)


def _matches(sentence: str) -> Iterator[tuple[str, re.Match[str]]]:
    used: list[tuple[int, int]] = []
    for rule, pattern in _PATTERNS:
        for match in pattern.finditer(sentence):
            if not any(a < match.end() and match.start() < b for a, b in used):
                before = sentence[max(0, match.start() - 12) : match.start()]
                if rule == "year" and not _YEAR_NEEDS.search(before):
                    continue
                if (
                    rule == "month"
                    and not match.groupdict().get("which")
                    and not _NO_MONTH.search(before)
                ):
                    continue
                used.append(match.span())
                yield rule, match
    for match in _GIVEN.finditer(sentence):
        before = sentence[max(0, match.start() - 60) : match.start()]
        if _GIVING.search(before) and not any(
            a < match.end() and match.start() < b for a, b in used
        ):
            yield "within", match


def _mention(
    rule: str, match: re.Match[str], sentence: str, offset: int, frame: Frame
) -> Mention | None:
    lead = _PREFIX.search(sentence[max(0, match.start() - 40) : match.start()])
    relation = Relation.ON
    first = match.start()
    if lead is not None and rule != "past-span":
        first -= len(lead[0])
        named = next((k for k, v in lead.groupdict().items() if v), "on")
        relation = Relation(named)
    if rule == "within":
        length = Span(n=number(match["n"]), unit=match["unit"].lower())
        when = When(
            earliest=None, latest=None, zone=frame.zone, said=match[0], rule="within: not resolved"
        )
        return Mention(
            start=offset + match.start(), end=offset + match.end(), relation=Relation.WITHIN,
            when=when, within=length,
        )  # fmt: skip
    ahead = relation in {Relation.UNTIL, Relation.BY} or bool(
        _COMING.search(sentence[max(0, match.start() - 50) : match.start()])
    )
    year = _year_of_sentence(sentence, match)
    how, earliest, latest = RESOLVERS[rule](match.groupdict(), frame, Asked(ahead=ahead, year=year))
    said = sentence[first : match.end()]
    when = _placed(relation, earliest, latest, said, how, frame)
    return Mention(start=offset + first, end=offset + match.end(), relation=relation, when=when)


def _placed(
    relation: Relation,
    earliest: date | None,
    latest: date | None,
    said: str,
    how: str,
    frame: Frame,
) -> When:
    """Return the interval after its preposition; `since` keeps the beginning it names."""
    rule = how if relation == Relation.ON else f"{relation}: {how}"
    if earliest is None or latest is None:
        return When(earliest=None, latest=None, zone=frame.zone, said=said, rule=rule)
    if relation == Relation.AROUND:
        earliest, latest = add(earliest, -7), add(latest, 7)
        rule = f"around, seven days either side: {how}"
    elif relation == Relation.BEFORE:
        return When(earliest=None, latest=add(earliest, -1), zone=frame.zone, said=said, rule=rule)
    elif relation == Relation.AFTER:
        return When(earliest=earliest, latest=None, zone=frame.zone, said=said, rule=rule)
    return When(earliest=earliest, latest=latest, zone=frame.zone, said=said, rule=rule)


def due(act: When, length: Span) -> When:
    """Return the day a demand is due that is to be met within a length of time from an act.

    Calendar days in local time: the day of the act is not counted, the last is included; hours
    are rounded up to days. An act dated to an interval gives an interval, an undated one nothing.
    """
    many = "" if length.n == 1 else "s"
    within = f"within {length.n} {length.unit}{many}"
    if act.earliest is None or act.latest is None:
        rule = f"{within} of an act whose day is not known: not resolved"
        return When(earliest=None, latest=None, zone=act.zone, rule=rule)
    until = "" if act.earliest == act.latest else f" to {act.latest}"
    return When(
        earliest=_after(act.earliest, length),
        latest=_after(act.latest, length),
        zone=act.zone,
        rule=f"{within} of {act.earliest}{until}: calendar days,"
        " the first day not counted, the last included",
    )


def _after(start: date, length: Span) -> date:
    per = {"hour": 0, "day": 1, "week": 7, "fortnight": 14}
    if length.unit == "hour":
        return add(start, -(-length.n // 24))
    if length.unit in per:
        return add(start, per[length.unit] * length.n)
    if length.unit == "working day":
        return add(start, length.n + 2 * (length.n // 5 + 1))  # weekends differ: the latest day
    months = length.n * (12 if length.unit == "year" else 1)
    total = start.year * 12 + start.month - 1 + months
    last = month_span(total // 12, total % 12 + 1)[1]
    return min(last, date(last.year, last.month, min(start.day, last.day)))


def _year_of_sentence(sentence: str, match: re.Match[str]) -> int | None:
    """Return the one year a sentence names outside the match; None for none or several."""
    rest = sentence[: match.start()] + " " + sentence[match.end() :]
    years = {int(y) for y in re.findall(r"(?<![\d.,$-])(?:19|20)\d\d(?![\d.,]\d|\w)", rest)}
    return years.pop() if len(years) == 1 else None


def frame_of(text: str, published: date | None, zone: str) -> Frame:
    """Return what a text's dates are resolved against: publication, its years, its elections."""
    years, days = set(), set()
    for rule, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if rule in {"iso-date", "full-date"}:
                years.add(int(match["year"]))
            elif rule == "election-day":
                days.add((month_of(match.groupdict()), int(match["day"])))
    one = tuple(sorted(d for d in days if sum(m == d[0] for m, _ in days) == 1))
    return Frame(published=published, zone=zone, years=frozenset(years), elections=one)
