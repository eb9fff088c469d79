"""Paragraphs and their kinds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.record.blocks import Kind, blocks, n_words


def kinds(text: str) -> list[Kind]:
    return [b.kind for b in blocks(text)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Also Read:", Kind.LINK),
        ("READ MORE: The ten best phones of the year", Kind.LINK),
        ("You may also like", Kind.LINK),
        ("Post a Comment", Kind.END),
        ("Comments (12)", Kind.END),
        ("Tags: courts, messaging", Kind.END),
        ("Advertisement", Kind.KNOB),
        ("Facebook Twitter WhatsApp", Kind.KNOB),
        ("Subscribe to our daily newsletter", Kind.NOTICE),
        ("© 2031 Morning Gazette", Kind.NOTICE),
        ("2 hours ago", Kind.DATE),
        ("By Ada Winter", Kind.BYLINE),
        ("(Reuters)", Kind.CREDIT),
        ("The bank raised its main rate by a quarter of a point and said that more…", Kind.TEASER),
        ("Orbia suspends Kite", Kind.SHORT),
        ("Kite declined to comment.", Kind.SENTENCE),
        ("The court ordered the ministry of Orbia to restore Kite within five days.", Kind.PROSE),
        ("ہائی کورٹ نے وزارت کو حکم دیا ہے کہ وہ ایک ہفتے کے اندر خط واپس لے\u06d4", Kind.PROSE),
        (f"Latest: the ministry of Orbia told the court {'again and again ' * 9}so.", Kind.PROSE),
    ],
)  # fmt: skip
def test_a_line_is_of_its_kind(line: str, kind: Kind) -> None:
    assert kinds(line) == [kind]


def test_lines_broken_at_a_width_are_one_paragraph() -> None:
    wrapped = (
        "The interior ministry of Orbia confirmed on Wednesday that it had\n"
        "ordered networks to block the messaging service Kite, ending weeks\n"
        "of doubt."
    )

    assert kinds(wrapped) == [Kind.PROSE]


def test_lines_of_a_list_are_each_their_own() -> None:
    assert len(blocks("Home\nWorld\nTechnology\n\nSign in")) == 4


def test_scripts_without_spaces_have_words_too() -> None:
    assert n_words("法院周三命令内政部在一周内撤回封锁该平台的信函并说明理由") >= 3


@given(st.text(max_size=400))
def test_paragraphs_are_all_that_is_not_white_space_in_order(text: str) -> None:
    found = blocks(text)

    at = 0
    for block in found:
        assert text[at : block.start].strip() == ""
        assert block.text == text[block.start : block.end] == block.text.strip() != ""
        at = block.end
    assert text[at:].strip() == ""
