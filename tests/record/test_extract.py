"""Bytes into a stored text whose every span can be trusted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pages
from overt.errors import InputError, OvertError
from overt.record.extract import Extract, extract


def spans(page: Extract) -> list[tuple[int, int]]:
    return sorted([*page.body, *((f.start, f.end) for f in page.furniture)])


def assert_sound(page: Extract) -> None:
    at = 0
    for start, end in spans(page):
        assert at <= start < end <= len(page.text)
        assert page.text[at:start].strip() == ""
        at = end
    assert page.text[at:].strip() == ""
    assert list(page.body) == sorted(page.body)


@pytest.mark.parametrize("name", pages.TEXTS)
def test_body_and_furniture_are_the_whole_text(name: str) -> None:
    page = extract(pages.TEXTS[name].encode())

    assert page.text == pages.TEXTS[name]
    assert_sound(page)


def test_a_page_and_its_spans_are_sound() -> None:
    page = extract(pages.HTML.encode(), "text/html")

    assert_sound(page)
    assert page.title == "Orbia suspends Kite over national security"
    assert [page.text[s:e][:5] for s, e in page.body] == [
        "Orbia",
        "Orbia",
        "The m",
        '"We w',
        "Kite ",
    ]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=600), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_any_text_is_taken_soundly_or_refused(text: str, encoding: str) -> None:
    try:
        page = extract(text.encode(encoding, "ignore"))
    except OvertError:
        return

    assert_sound(page)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(sorted({*pages.MENU_AND_CARDS.split("\n"), *pages.NO_MARKERS.split("\n")})),
        max_size=40,
    )
)
def test_pages_of_any_order_are_parted_soundly(lines: list[str]) -> None:
    try:
        page = extract("\n\n".join(lines).encode())
    except InputError:
        assert not any(line.strip() for line in lines)
        return

    assert_sound(page)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"<html><body><script>1</script></body></html>", "no text"),
        (b"<html></html>", "no text"),
        (b"%PDF-1.4 nothing", "broken"),
        (b"\x1f\x8b\x08\x00 bomb", "gzip"),
        (b"a " * 1_500_000, "at most"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        extract(content)
