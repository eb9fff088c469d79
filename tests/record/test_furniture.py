"""What is the article and what is furniture, on invented pages of several layouts."""

import time

import pytest

import pages
from overt.record.blocks import blocks
from overt.record.furniture import headline, reasons


def parted(text: str) -> tuple[list[str], list[str]]:
    found = blocks(text)
    why = reasons(found)
    body = [b.text for b, w in zip(found, why, strict=True) if w is None]
    return body, [b.text for b, w in zip(found, why, strict=True) if w is not None]


@pytest.mark.parametrize("name", pages.TEXTS)
def test_every_sentence_of_the_article_and_none_other_is_the_body(name: str) -> None:
    body, furniture = parted(pages.TEXTS[name])

    def own(text: str) -> bool:
        return any(w in text for w in ("Orbia", "ORBIA", "Kite", "Орби", "What users say"))

    assert [t for t in body if not own(t)] == []
    assert [t for t in furniture if own(t)] == []


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("menu and cards", "Orbia tells court it suspended Kite over national security"),
        ("no markers", "Regulator denies that Kite was throttled in Orbia"),
        ("cards first", "Orbia orders Kite restored within five days"),
        ("wrapped", "KITE BLOCKED IN ORBIA, SAYS MINISTRY"),
    ],
)
def test_the_headline_is_found(name: str, title: str) -> None:
    found = blocks(pages.TEXTS[name])
    head = headline(found, reasons(found))

    assert head is not None
    assert head.text == title


def test_every_reason_quotes_the_label_it_rests_on() -> None:
    found = blocks(pages.MENU_AND_CARDS)
    why = {b.text: w for b, w in zip(found, reasons(found), strict=True)}

    assert why["Leave a Reply"] == 'at or after "Tags: courts, messaging"'
    assert why["Home"] == "above the headline"
    assert why["By Ada Winter"] == "a byline"


@pytest.mark.parametrize("label", ["Tags: courts, messaging", "You may also like", "Leave a Reply"])
def test_the_article_ends_in_time_without_any_one_label(label: str) -> None:
    whole, _ = parted(pages.MENU_AND_CARDS)
    body, _ = parted(pages.MENU_AND_CARDS.replace(label + "\n", "\n"))

    assert body == whole


def test_a_page_of_menus_has_no_article() -> None:
    body, furniture = parted("Home\nWorld\n\nSign in\n\nContact")

    assert body == []
    assert len(furniture) == 4


def test_one_sentence_is_an_article() -> None:
    assert parted("Kite is blocked in Orbia.")[0] == ["Kite is blocked in Orbia."]


@pytest.mark.parametrize(
    "unit", ["Home\n\n", "Also read:\n\n", "A b c d e.\n\n", "2 hours ago\n\n", "A "]
)
def test_a_long_page_takes_little_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    start = time.process_time()

    reasons(blocks(text))

    assert time.process_time() - start < 10


def test_short_sentences_go_on_after_a_pointer_that_carries_its_headline() -> None:
    text = (
        "Orbia's high court ordered the interior ministry to withdraw its letter within a week.\n\n"
        "ALSO READ: Seven soups for cold days\n\n"
        "The ministry told the court nothing new.\n\nThe hearing was adjourned.\n\n"
        "Trending\n\nGold prices are up again."
    )

    assert len(parted(text)[0]) == 3
