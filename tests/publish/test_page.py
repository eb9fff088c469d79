"""A dossier as text and Markdown: whatever a stranger wrote stays text."""

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from overt.dossier.roof import Dossier, dossier_of
from overt.publish.page import escape, markdown, show_dossier
from overt.reference.platforms import load_platforms
from overt.vocabulary.stated import Polarity
from records import AS_OF, claim, measured, on, record, source


PLATFORMS = load_platforms()


def dossier(quote: str = "no ban", **kw: str) -> Dossier:
    told = record(
        claim("c", quote=quote, polarity=Polarity.DENIES, asserted=on("2024-03-16")),
        source("a", **kw),
    )
    return dossier_of(PLATFORMS.find("x"), told, measured(), PLATFORMS, AS_OF)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "![](https://tracker.example/p.png)",
        "`code` *bold* _it_ | cell | # head",
        "&lt;b&gt; &#x3c;",
        "a\n\n# a heading of its own\n",
        "$x$ ~~gone~~",
    ],
)
def test_no_markup_of_a_stranger_survives(hostile: str) -> None:
    text = markdown(dossier(hostile, outlet=hostile))
    bare = re.sub(r"\\.", "", text)

    assert bare.count("\n# ") == 0
    assert not re.search(r"<(?!https://)", bare)
    assert not re.search(r"[\[\]*~$&|!]", bare)
    assert "](" not in bare


def test_an_address_that_is_none_is_no_link() -> None:
    text = markdown(dossier(url="https://a.example/><script>"))

    assert "<https://a.example" not in text


def test_a_line_that_looks_like_a_list_is_none() -> None:
    assert escape("- item") == "\\- item"
    assert escape("1. item") == "\\1. item"


def test_the_terminal_shows_control_characters_as_text() -> None:
    out = io.StringIO()

    show_dossier(dossier("\x1b]0;owned\x07 \u202eabc"), Console(file=out, width=200))

    assert "\x1b" not in out.getvalue()
    assert "\u202e" not in out.getvalue()


def test_sections_without_entries_say_none() -> None:
    text = markdown(replace(dossier(), precedents=(), conflicts=()))

    assert text.count("- none on record") >= 2
