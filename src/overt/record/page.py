"""An HTML page as paragraphs with the page's own marks, and what its metadata say.

The paragraphs are all that the page shows, in order. What lies in a menu, a form, a footer, an
aside or a box named so by its class, and what trafilatura does not take for the main text, is
hinted as furniture. Meant to run in a bounded process (`bounded`): pages are hostile.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import lxml.html
from lxml import etree
from trafilatura import bare_extraction

from overt.record.blocks import n_words


MAX_BLOCKS, MAX_CHARS = 50_000, 2_000_000
_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "head", "iframe", "object"}
    | {"embed", "canvas", "audio", "video", "map", "datalist", "input", "textarea", "select"}
    | {"option"}
)
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn"}
    | {"em", "font", "i", "img", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s"}
    | {"samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
_ELEMENTS = {
    "nav": "in the page's navigation",
    "footer": "in a footer",
    "aside": "in an aside",
    "form": "in a form",
    "menu": "in a menu",
    "dialog": "in a dialog",
    "button": "a button",
    "figcaption": "a caption",
}
_ROLES = {
    "navigation": "in the page's navigation",
    "contentinfo": "in a footer",
    "complementary": "in an aside",
    "search": "in a form",
    "dialog": "in a dialog",
    "menu": "in a menu",
    "banner": "in the page's banner",
}
_BOXES = frozenset(
    {"nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "sidebar", "footer"}
    | {"comment", "comments", "respond", "disqus", "related", "recommended", "recommendation"}
    | {"recommendations", "newsletter", "subscribe", "subscription", "signup", "promo"}
    | {"promotion", "advert", "advertisement", "ads", "sponsored", "share", "sharing"}
    | {"addtoany", "cookie", "cookies", "consent", "popup", "modal", "trending", "popular"}
    | {"taboola", "outbrain", "widget"}
)
_NEVER_A_BOX = frozenset({"html", "body", "main", "article", "h1"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_WHITE = re.compile(r"\s+")
_BREAKS = re.compile(r"\n[^\S\n]*\n\s*")  # two line breaks end a paragraph
_MOST_HINTED = 0.5  # of the main text's words: boxes that hold more are misnamed
_LEAST_MAIN = 0.4  # of the words outside boxes: a main text with less was misjudged
_JSON_CHARS, _ATTRIBUTE_CHARS = 200_000, 2_000


@dataclass(slots=True)
class Piece:
    """One paragraph of a page: its text, and why it is furniture by the page's own marks."""

    text: str
    hint: str = ""
    is_box: bool = False  # hinted by a class, which is a weaker mark
    is_title: bool = False


@dataclass(slots=True)
class Page:
    """A page's paragraphs and its metadata, each value with the mark it was found by."""

    pieces: list[Piece] = field(default_factory=list)
    found: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, what: str, value: object, rule: str) -> None:
        """Keep a value of the metadata, bounded."""
        text = " ".join(str(value)[:_ATTRIBUTE_CHARS].split()) if value is not None else ""
        if text:
            self.found.setdefault(what, []).append((text, rule))


def read(text: str) -> Page:
    """Return a page's paragraphs and metadata; none where there is no element at all."""
    text = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text)
    try:
        tree = lxml.html.document_fromstring(
            text, parser=lxml.html.HTMLParser(remove_comments=True)
        )
    except (etree.ParserError, ValueError):
        return Page()
    page = Page()
    _metadata(tree, page)
    page.pieces = _pieces(tree)
    _settle(page.pieces, _main_text(text))
    return page


class _Walk:
    """A walk over a page's elements that gathers its paragraphs."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._words: list[str] = []
        self._marks: list[tuple[Any, str, bool]] = []
        self._unseen = 0
        self._heading = 0

    def flush(self) -> None:
        """End a paragraph."""
        texts = _BREAKS.split("".join(self._words))
        self._words.clear()
        outermost = self._marks[0] if self._marks else (None, "", False)
        mark = next((m for m in self._marks if not m[2]), outermost)
        for text in (" ".join(t.split()) for t in texts):
            if text and len(self.pieces) < MAX_BLOCKS:
                self.pieces.append(Piece(text, mark[1], mark[2], self._heading > 0))

    def enter(self, node: Any, tag: str) -> None:  # noqa: ANN401
        """Go into an element."""
        self._unseen += _is_unseen(tag)
        self._heading += tag == "h1"
        mark = _mark(node, tag)
        if mark is not None:
            self.flush()
            self._marks.append((node, *mark))
        self._say(node.text)
        if tag == "br" and not self._unseen:
            self._words.append("\n")

    def leave(self, node: Any, tag: str) -> None:  # noqa: ANN401
        """Come out of an element, to the text after it."""
        self._unseen -= _is_unseen(tag)
        if self._marks and self._marks[-1][0] is node:
            self.flush()
            self._marks.pop()
        self._heading -= tag == "h1"
        self._say(node.tail)

    def _say(self, text: str | None) -> None:
        if text and not self._unseen:
            self._words.append(_WHITE.sub(" ", text))


def _is_unseen(tag: str) -> bool:
    return not tag or tag in _UNSEEN


def _pieces(tree: Any) -> list[Piece]:  # noqa: ANN401 - lxml has no types
    """Return every paragraph the page shows, in order."""
    walk = _Walk()
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag not in _INLINE and tag != "br" and not (_is_unseen(tag) and tag != "head"):
            walk.flush()
        (walk.enter if event == "start" else walk.leave)(node, tag)
    walk.flush()
    return walk.pieces


def _mark(node: Any, tag: str) -> tuple[str, bool] | None:  # noqa: ANN401
    """Return why what is in this element is furniture, and whether a class alone says so."""
    if tag in _ELEMENTS:
        return _ELEMENTS[tag], False
    role = node.get("role")
    if role in _ROLES:
        return _ROLES[role], False
    is_hidden = node.get("hidden") is not None or node.get("aria-hidden") == "true"
    if is_hidden or _HIDDEN.search((node.get("style") or "")[:_ATTRIBUTE_CHARS]):
        return "hidden on the page", False
    if tag in _NEVER_A_BOX:
        return None
    named = f"{node.get('class') or ''} {node.get('id') or ''}"[:_ATTRIBUTE_CHARS]
    for word in _CLASS_WORD.findall(named):
        if word.lower() in _BOXES:
            return f"in a box named {word.lower()!r}", True
    return None


def _main_text(text: str) -> str | None:
    """Return the main text as trafilatura judges it, squeezed; None when it finds none."""
    try:
        found = bare_extraction(text, include_comments=False, include_tables=True)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, etree.LxmlError):
        return None  # a page it stumbles over is judged by the page's marks alone
    main = getattr(found, "text", None)
    return _squeezed(main) if isinstance(main, str) and main.strip() else None


def _squeezed(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _settle(pieces: list[Piece], main: str | None) -> None:
    """Hint what is outside the main text, and drop hints of misnamed boxes."""
    is_main = [main is not None and (s := _squeezed(p.text)) != "" and s in main for p in pieces]
    words = [n_words(p.text) for p in pieces]
    in_main = sum(w for w, m in zip(words, is_main, strict=True) if m)
    in_boxes = sum(
        w for w, m, p in zip(words, is_main, pieces, strict=True) if m and p.hint and p.is_box
    )
    if in_boxes > in_main * _MOST_HINTED:
        for piece in pieces:
            piece.hint = "" if piece.is_box else piece.hint
    free = sum(w for w, p in zip(words, pieces, strict=True) if not p.hint)
    if in_main < free * _LEAST_MAIN:
        return
    for piece, inside in zip(pieces, is_main, strict=True):
        if not inside and not piece.hint and not piece.is_title:
            piece.hint = "outside the main text"


def _metadata(tree: Any, page: Page) -> None:  # noqa: ANN401
    """Read title, outlet, authors, dates, language and address as the page states them."""
    page.add("language", tree.get("lang") or tree.get("xml:lang"), "the page's lang")
    for script in tree.xpath("//script[@type='application/ld+json']"):
        _linked_data((script.text or "")[:_JSON_CHARS], page)
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        what = _META.get(name)
        if what:
            page.add(what, meta.get("content"), f"meta {name}")
    for stamp in tree.iter("time"):
        is_stated = "published" in f"{stamp.get('itemprop')} {stamp.get('class')}".lower()
        if stamp.get("datetime") and (is_stated or stamp.get("pubdate") is not None):
            page.add("published", stamp.get("datetime"), "time element")
    for tag, rule in (("h1", "first heading"), ("title", "title element")):
        first = next(tree.iter(tag), None)
        if first is not None:
            page.add("title", first.text_content(), rule)


_META = {
    "og:title": "title",
    "twitter:title": "title",
    "dc.title": "title",
    "citation_title": "title",
    "og:site_name": "outlet",
    "application-name": "outlet",
    "dc.publisher": "outlet",
    "author": "author",
    "article:author": "author",
    "dc.creator": "author",
    "parsely-author": "author",
    "sailthru.author": "author",
    "article:published_time": "published",
    "og:published_time": "published",
    "datepublished": "published",
    "parsely-pub-date": "published",
    "sailthru.date": "published",
    "dc.date.issued": "published",
    "dcterms.created": "published",
    "pubdate": "published",
    "publish-date": "published",
    "publishdate": "published",
    "og:url": "url",
}
_ARTICLES = frozenset(
    {"article", "newsarticle", "reportagenewsarticle", "blogposting", "analysisnewsarticle"}
    | {"liveblogposting", "report", "opinionnewsarticle", "webpage"}
)


def _linked_data(text: str, page: Page) -> None:
    """Read schema.org's article from a JSON-LD script; what is not JSON is passed over."""
    try:
        waiting: list[Any] = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(MAX_BLOCKS):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            waiting += [v for k, v in node.items() if k in {"@graph", "mainEntity"}]
            kinds = node.get("@type")
            listed = kinds if isinstance(kinds, list) else [kinds]
            if _ARTICLES & {str(k).lower() for k in listed}:
                _article(node, page)


def _article(node: dict[str, Any], page: Page) -> None:
    page.add("title", node.get("headline"), "JSON-LD headline")
    page.add("published", node.get("datePublished"), "JSON-LD datePublished")
    page.add("language", node.get("inLanguage"), "JSON-LD inLanguage")
    for what, key in (("outlet", "publisher"), ("author", "author")):
        listed = node.get(key)
        for one in listed if isinstance(listed, list) else [listed]:
            name = one.get("name") if isinstance(one, dict) else one
            if isinstance(name, str):
                page.add(what, name, f"JSON-LD {key}")
