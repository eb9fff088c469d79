from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from overt.record.deskpage import flat, in_context, listing, refusal, shown
from overt.record.proposed import Item, State


def item(text: str, start: int, end: int) -> Item:
    entry = {"id": "claim:a", "span": {"start": start, "end": end, "quote": text[start:end]}}
    return Item(
        key="0" * 16,
        kind="claim",
        entry=entry,
        why=(),
        proposed_at=datetime(2024, 6, 1, tzinfo=UTC),
    )


@given(st.text(min_size=1), st.data())
def test_a_quote_stands_between_what_is_before_and_after_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    assert "".join(in_context(item(text, start, end), text, around=len(text))) == text


def test_a_text_that_has_not_the_quote_there_is_no_context() -> None:
    assert in_context(item("a quote", 2, 7), "another text") == ("", "quote", "")
    assert in_context(item("a quote", 2, 7), None) == ("", "quote", "")


@given(st.text())
def test_no_text_becomes_markup(text: str) -> None:
    for page in (shown(text), refusal(text), listing([item(text + "x", 0, len(text))], {})):
        assert text == "" or "<script" not in page.lower()
    assert not set(shown(text)) & set("<>\"'\u202e\x1b")


def test_fields_are_listed_with_their_paths() -> None:
    fields = {"a": {"b": ["c", "d"]}, "e": [{"f": 1}]}

    assert list(flat(fields)) == [("a.b", "c, d"), ("e[0].f", "1")]


def test_an_empty_desk_says_so() -> None:
    assert "Nothing waits" in listing([], {State.ACCEPTED: 2})
