"""HTML pages: what they show, what is furniture by their own marks, what they say of themselves."""

import time

import pytest

import pages
from overt.record.page import read


def texts(html: str, *, hinted: bool) -> list[str]:
    return [p.text for p in read(html).pieces if bool(p.hint) is hinted]


def test_the_article_is_free_and_the_rest_is_hinted() -> None:
    free = texts(pages.HTML, hinted=False)

    assert free[0] == "Orbia suspends Kite over national security"
    assert any(t.startswith("Orbia's interior ministry") and "var hidden" not in t for t in free)
    assert {"Home", "World", "Related", "© 2031 Morning Gazette"} <= set(
        texts(pages.HTML, hinted=True)
    )
    assert not any("island team" in t or "Great article" in t for t in free)


def test_two_line_breaks_end_a_paragraph_and_one_does_not() -> None:
    assert texts("<p>a<br>b<br> <br>c</p>", hinted=False) == ["a b", "c"]


def test_a_misnamed_box_does_not_swallow_the_article() -> None:
    sentence = "The court of Orbia ordered the ministry to restore Kite within five days of today."
    html = f"<div class='content-share widget'><p>{sentence}</p><p>{sentence[:-1]} now.</p></div>"

    assert len(texts(html, hinted=False)) == 2


def test_what_is_hidden_is_furniture() -> None:
    html = "<p>Kite is down.</p><p style='display: none'>Kite is free.</p><p hidden>No.</p>"

    assert texts(html, hinted=True) == ["Kite is free.", "No."]


def test_metadata_are_read_with_their_marks() -> None:
    found = read(pages.HTML).found

    assert ("2031-03-05T18:20:00+05:00", "JSON-LD datePublished") in found["published"]
    assert ("Ada Winter", "JSON-LD author") in found["author"]
    assert ("Morning Gazette", "meta og:site_name") in found["outlet"]
    assert found["language"] == [("en-GB", "the page's lang")]


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 30_000 + "Kite" + "</div>" * 30_000,
        "<p " + "a=b " * 100_000 + ">Kite</p>",
        f"<p class='{'related ' * 100_000}'>Kite</p>",
        "<script>" + "<p>" * 100_000,
        "<p>" * 20_000 + "Kite",
        "<table>" * 3_000 + "<b>" * 3_000 + "Kite",
        "<!--" * 50_000,
        "&#0;&#x202e;&#xffffffff;<p>Kite</p>",
        "<script type='application/ld+json'>" + "[" * 100_000 + "</script><p>Kite</p>",
        '<script type="application/ld+json">{"@type": "Article", "author": [[1]]}</script><p>a',
        "<html",
        "",
    ],
)
def test_a_hostile_page_is_read_or_not_in_little_time(html: str) -> None:
    start = time.process_time()

    page = read(html)

    assert len(page.pieces) < 50_000
    assert time.process_time() - start < 20
