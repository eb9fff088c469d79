"""What a page says of itself: title, outlet, authors, publication date and language, with the rule.

Metadata go first, then what stands on the page. What cannot be told is left empty or None.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from overt.record import published, shapes
from overt.record.blocks import Kind, plain
from overt.record.extract import Extract
from overt.vocabulary.stated import When


_MOST_AUTHORS, _AUTHOR_CHARS = 10, 80
_LETTERS = 100  # hand-set: a text with fewer letters is too short to tell its language by
_NEAR = 4  # paragraphs after the headline among which a byline stands
_STAMPS = ("JSON-LD datePublished", "meta article:published_time")  # the most trusted first
_TITLES = ("JSON-LD headline", "meta og:title", "first heading")
_NAME = r"(?P<name>[A-Z][\w&.]*(?:[ -](?:of|the|[A-Z])[\w&.]*){0,4})"
# How pages speak of themselves in their furniture. A name two of these agree on is the outlet's.
_SELF = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i:subscribe to|welcome to|sign up (?:for|to)) (?:[Tt]he )?{_NAME}",
        rf"(?i:about|contact|advertise with|write for|follow|support|join|more from) {_NAME}",
        rf"(?i:delivered|stor(?:y|ies)|news|newsletter|updates?) .{{0,40}}\bfrom {_NAME}",
        rf"{_NAME}['\u2019]s (?:mission|newsletter|website|newsroom|journalism|app)\b",
        (
            rf"{_NAME} is (?:a|an|the|your)\b.{{0,40}}\b(?:source|newspaper|website|magazine|news|"
            r"publication|publisher|portal|platform|daily|broadcaster)\b"
        ),
        rf"(?:\u00a9|\([cC]\)|[Cc]opyright)[\s\d,\u2013-]*(?:[Bb]y )?{_NAME}",
    )
)
_NOT_OUTLETS = frozenset(
    {"us", "our", "the", "author", "terms", "privacy", "facebook", "twitter", "x", "instagram"}
    | {"youtube", "whatsapp", "telegram", "google", "google news", "linkedin", "comments", "rss"}
    | {"all", "all rights reserved", "developed", "this", "your", "me", "more", "news", "now"}
)
_CORPORATE = re.compile(r"[\s.,]*\b(?:Inc|Ltd|LLC|Pvt|Plc|Limited|GmbH|All|Developed|Rights)\b.*$")
_BY = re.compile(r"(?:written |posted |reported )?by[:\s]\s*(?P<who>.+)", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,|&|\||\band\b)\s*")
_NOT_PERSONS = re.compile(
    rf"{shapes.MONTH}\b|\d|\b(?:reuters|afp|desk|staff|agenc(?:y|ies)|correspondent|reporter|editor|"
    r"admin|team|bureau|monitoring|news|published|updated)\b|@|https?:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a page says of itself; `rules` tell how each was found."""

    title: str
    outlet: str
    authors: tuple[str, ...]
    published: When | None
    language: str
    rules: tuple[tuple[str, str], ...]


def describe(
    page: Extract,
    now: datetime,
    *,
    url: str = "",
    given_outlet: str = "",
    given_published: When | None = None,
) -> Description:
    """Return what a page says of itself.

    Args:
        page: the page.
        now: the present; no page is published later.
        url: its address, empty when there is none.
        given_outlet: the outlet as a person gave it; it wins.
        given_published: the date of publication as a person gave it; it wins.
    """
    starts = [b.start for b in page.blocks]
    head = starts.index(page.body[0][0]) if page.body else 0
    stamps = sorted(
        page.found.get("published", []),
        key=lambda f: _STAMPS.index(f[1]) if f[1] in _STAMPS else len(_STAMPS),
    )
    when = given_published or published.published(stamps, page.blocks, head, url, now)
    title, by_title = _title(page)
    outlet, by_outlet = (
        (given_outlet, "given by whoever took it in") if given_outlet else _outlet(page)
    )
    authors, by_authors = _authors(page, head)
    language, by_language = _language(page)
    rules = {
        "title": by_title,
        "outlet": by_outlet,
        "authors": by_authors,
        "published": when.rule if when else "",
        "language": by_language,
    }
    return Description(
        title=title,
        outlet=outlet,
        authors=authors,
        published=when,
        language=language,
        rules=tuple((k, v or "it is not said") for k, v in rules.items()),
    )


def _title(page: Extract) -> tuple[str, str]:
    """Return the headline of the body, which can be quoted, else what the metadata call it."""
    if page.title:
        return page.title, "the headline above the text"
    found = page.found.get("title", [])
    for rule in _TITLES:
        for value, mark in found:
            if mark == rule:
                return value, mark
    return found[0] if found else ("", "")


def _outlet(page: Extract) -> tuple[str, str]:
    found = page.found.get("outlet", [])
    if found:
        return found[0]
    printed = published.in_print(page.blocks)
    if printed:
        return printed, "the line that says where it was printed"
    hits: dict[str, set[int]] = defaultdict(set)
    texts = {plain(page.text[f.start : f.end]): page.text[f.start : f.end] for f in page.furniture}
    for text in texts.values():
        for number, pattern in enumerate(_SELF):
            for match in pattern.finditer(text[:500]):
                name = _CORPORATE.sub("", match["name"]).strip(" .-")
                if len(name) > 1 and name.casefold() not in _NOT_OUTLETS:
                    hits[name].add(number)
    ranked = sorted(hits.items(), key=lambda item: (-len(item[1]), item[0]))
    tied = len(ranked) > 1 and len(ranked[0][1]) == len(ranked[1][1])
    if not ranked or tied:
        return "", ""
    name, patterns = ranked[0]
    holds_copyright = len(_SELF) - 1 in patterns
    if len(patterns) > 1:
        return name, "the name the page calls itself by"
    return (name, "the copyright line") if holds_copyright else ("", "")


def _authors(page: Extract, head: int) -> tuple[tuple[str, ...], str]:
    found = page.found.get("author", [])
    names = _persons(value for value, _ in found)
    if names:
        return names, found[0][1]
    for block in page.blocks[head : head + _NEAR]:
        by = _BY.match(block.text) if block.kind == Kind.BYLINE else None
        if by:
            names = _persons(_AND.split(by["who"]))
            if names:
                return names, "the byline"
    return (), ""


def _persons(values: Iterable[str]) -> tuple[str, ...]:
    """Return what can be names of persons, each once."""
    names: dict[str, None] = {}
    for value in values:
        name = " ".join(value.split()).strip(" .,|-")
        if 1 < len(name) <= _AUTHOR_CHARS and not _NOT_PERSONS.search(name):
            names[name] = None
    return tuple(names)[:_MOST_AUTHORS]


def _language(page: Extract) -> tuple[str, str]:
    """Return the language's code: of the text where it is long enough, else as the page says."""
    body = "\n".join(page.text[start:end] for start, end in page.body)
    if sum(c.isalpha() for c in body) >= _LETTERS:
        return _classify(body[:20_000]), "the text of the body (py3langid)"
    for value, rule in page.found.get("language", []):
        code = re.match(r"[A-Za-z]{2,3}\b", value)
        if code:
            return code[0].lower(), rule
    return "", ""


@lru_cache(maxsize=64)
def _classify(text: str) -> str:
    from py3langid import classify  # noqa: PLC0415 - its model takes half a second to load

    return str(classify(text)[0])
