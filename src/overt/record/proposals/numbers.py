"""Numbers a sentence gives, as intervals, with their unit and the words for what they count."""

import math
import re
from dataclasses import dataclass

from overt.record.proposals.calendars import NUMBERS
from overt.record.proposals.grammar import word_set
from overt.vocabulary.stated import Quantity


# Origin of each: hand-set. What "about" leaves open is a tenth, either side.
_SLACK = 0.1
_MAGNITUDE = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5,
    "million": 1e6, "mn": 1e6, "m": 1e6, "crore": 1e7, "crores": 1e7, "billion": 1e9, "bn": 1e9,
    "b": 1e9, "trillion": 1e12, "tn": 1e12,
}  # fmt: skip
_CURRENCY = {
    "$": "USD", "us$": "USD", "usd": "USD", "£": "GBP", "€": "EUR", "eur": "EUR", "₹": "INR",
    "rs": "rupees", "rs.": "rupees", "pkr": "PKR", "inr": "INR", "ksh": "KES", "kes": "KES",
    "₦": "NGN", "r$": "BRL", "dollars": "USD", "euros": "EUR", "pounds": "GBP", "reais": "BRL",
    "naira": "NGN", "rupees": "rupees", "shillings": "shillings", "lira": "TRY", "roubles": "RUB",
    "rubles": "RUB",
}  # fmt: skip
_CURRENCY_WORDS = frozenset(w for w in _CURRENCY if w.isalpha() and w.endswith(("s", "a")))
_VAGUE = {
    "dozens": (24, 120), "scores": (40, 200), "hundreds": (200, 2e3), "thousands": (2e3, 2e5),
    "millions": (2e6, 2e9), "several": (3, 20),
}  # fmt: skip
_APPROX = {
    "over": "more", "more than": "more", "at least": "more", "upwards of": "more", "above": "more",
    "no fewer than": "more", "not less than": "more", "exceeding": "more", "up to": "most",
    "fewer than": "most", "less than": "most", "under": "most", "at most": "most", "below": "most",
    "as many as": "most", "about": "about", "around": "about", "roughly": "about", "some": "about",
    "approximately": "about", "nearly": "nearly", "almost": "nearly", "close to": "nearly",
    "an estimated": "about", "estimated": "about",
}  # fmt: skip
_WORDS = "|".join(sorted(NUMBERS, key=len, reverse=True))
_AMOUNT = (
    rf"(?:\d{{1,3}}(?:,\d{{2,3}}){{1,5}}(?:\.\d{{1,4}})?|\d{{1,12}}(?:\.\d{{1,4}})?|(?:{_WORDS}))"
)
_NUMBER = re.compile(
    rf"(?<![\w.,/:-])(?:(?P<approx>{'|'.join(sorted(_APPROX, key=len, reverse=True))}) )?"
    r"(?P<sign>US\$|R\$|\$|£|€|₹|₦|Rs\.? ?|PKR ?|INR ?|USD ?|KSh ?|KES ?)?"
    rf"(?P<low>{_AMOUNT})(?:(?: ?[-\u2013] ?| to )(?P<high>\d{{1,12}}(?:\.\d{{1,4}})?))?"
    rf"(?P<percent> ?%| per ?cent| percent)?"
    rf"(?:[ -]?(?P<magnitude>{'|'.join(sorted(_MAGNITUDE, key=len, reverse=True))})(?![\w]))?"
    r"(?![\w/])",
    re.IGNORECASE,
)
_VAGUELY = re.compile(rf"(?<![\w-])(?P<vague>{'|'.join(_VAGUE)})(?: of)?(?![\w-])", re.IGNORECASE)
_NOUNS = re.compile(r" ?((?:[A-Za-z][\w'\u2019-]{0,30} ?){1,6})")
_STOP = word_set("stop")
_ADJECTIVE = frozenset({"daily", "monthly", "active"})
_MONTH = re.compile(
    r"\s*(?:of\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\s*(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
_MONTH_BEFORE = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \Z", re.IGNORECASE
)
_UNIT = {
    "organisation": "organisations", "organization": "organisations",
    "organisations": "organisations",
    "organizations": "organisations", "groups": "organisations", "ngos": "organisations",
    "bodies": "organisations", "associations": "organisations", "signatories": "organisations",
    "people": "people", "users": "people", "followers": "accounts", "subscribers": "accounts",
    "accounts": "accounts", "customers": "people", "posts": "posts", "tweets": "posts",
    "links": "posts", "urls": "posts", "websites": "sites", "sites": "sites", "citizens": "people",
    "hours": "hours", "days": "days", "countries": "countries", "networks": "networks",
    "individuals": "people", "activists": "people", "journalists": "people",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A quantity at `start` to `end` of the text, with the words for what it counts.

    The numeral alone ends at `numeral_end`.
    """

    start: int
    numeral_end: int
    end: int
    quantity: Quantity
    noun: str


def find_numbers(text: str, start: int, end: int) -> list[Number]:
    """Return the numbers of `text[start:end]` that count something, in order.

    Days of a month, years, ordinals and numbers that nothing follows are left out.
    """
    sentence = text[start:end]
    found = []
    for match in _NUMBER.finditer(sentence):
        number = _exact(match, sentence, start)
        if number is not None:
            found.append(number)
    for match in _VAGUELY.finditer(sentence):
        nouns = _nouns(sentence[match.end() : match.end() + 120])
        if nouns and not any(
            n.start < start + match.end() and start + match.start() < n.end for n in found
        ):
            low, high = _VAGUE[match["vague"].lower()]
            found.append(_made(match.start(), match.end(), nouns, low, high, sentence, start, ""))
    return sorted(found, key=lambda n: n.start)


def _exact(match: re.Match[str], sentence: str, offset: int) -> Number | None:
    after = sentence[match.end() : match.end() + 120]
    said = match["low"].replace(",", "").lower()
    money = _CURRENCY.get((match["sign"] or "").strip().lower(), "")
    value = float(NUMBERS[said]) if said in NUMBERS else float(said)
    plain = not money and not match["magnitude"] and not match["percent"]
    if plain and (
        _MONTH.match(after)
        or _MONTH_BEFORE.search(sentence[max(0, match.start() - 12) : match.start()])
        or (not match["approx"] and re.fullmatch(r"(?:19|20)\d\d", match["low"]))
        or said in {"a", "an", "one"}
    ):
        return None
    if said in {"a", "an"} and not match["magnitude"]:
        return None
    scale = _MAGNITUDE.get((match["magnitude"] or "").lower(), 1.0)
    high = float(match["high"]) if match["high"] else value
    if high < value:
        return None
    low, high = value * scale, high * scale
    approx = _APPROX.get((match["approx"] or "").lower(), "")
    low, high = {
        "more": (low, math.inf),
        "most": (0.0, high),
        "about": (low * (1 - _SLACK), high * (1 + _SLACK)),
        "nearly": (low * (1 - _SLACK), high),
    }.get(approx, (low, high))
    nouns = _nouns(after)
    unit = money or ("percent" if match["percent"] else "")
    head, _, rest = nouns.partition(" ")
    if not unit and head.lower() in _CURRENCY_WORDS:
        unit, nouns = _CURRENCY[head.lower()], rest
    if not nouns and not unit:
        return None
    return _made(match.start(), match.end(), nouns, low, high, sentence, offset, unit)


def _nouns(after: str) -> str:
    """Return the words for what is counted that follow a number; empty where none do."""
    match = _NOUNS.match(after)
    words: list[str] = []
    for word in match[1].split() if match else []:
        if word.lower() in _STOP and not (not words and word.lower() in _ADJECTIVE):
            break
        words.append(word)
    return " ".join(words)


def _made(
    first: int,
    last: int,
    nouns: str,
    low: float,
    high: float,
    sentence: str,
    offset: int,
    unit: str,
) -> Number:
    tail = sentence.find(nouns, last) + len(nouns) if nouns else last
    head = nouns.split(" ")
    known = next((_UNIT[w.lower()] for w in reversed(head) if w.lower() in _UNIT), "")
    quantity = Quantity(
        low=low, high=high, unit=unit or known or (head[-1].lower() if nouns else ""),
        counts=nouns or unit, said=sentence[first:tail],
    )  # fmt: skip
    return Number(
        start=offset + first, numeral_end=offset + last, end=offset + tail,
        quantity=quantity, noun=head[-1].lower(),
    )  # fmt: skip
