"""Who a report speaks of."""

import time

import pytest

from overt.record.actors import Cast


def actors(text: str) -> list[str]:
    return [m.slug for m in Cast(text).actors]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Orbia's interior ministry said so.", "interior-ministry"),
        ("The Ministry of Interior said so.", "interior-ministry"),
        ("the Ministry of the Interior said so.", "interior-ministry"),
        ("Interior Minister Ada Winter said so.", "interior-minister"),
        ("The Orbia Telecommunication Authority said so.", "orbia-telecommunication-authority"),
        ("The telecoms regulator said so.", "regulator"),
        ("The federal government said so.", "government"),
    ],
)
def test_an_actor_is_named_by_the_words_of_the_text(text: str, slug: str) -> None:
    assert actors(text) == [slug]


def test_the_ministry_is_the_one_named_last() -> None:
    text = "The IT ministry spoke. The interior ministry wrote. The ministry gave no reason."

    assert actors(text) == ["it-ministry", "interior-ministry", "interior-ministry"]


def test_a_short_form_stands_for_the_long_one() -> None:
    text = (
        "The Orbia Telecom Authority (OTA) spoke. The OTA wrote. The Sea High Court (SHC) sat. SHC."
    )
    cast = Cast(text)

    assert [m.slug for m in cast.actors][-1] == "orbia-telecom-authority"
    assert [m.slug for m in cast.courts] == ["sea-high-court"] * 3


def test_a_person_is_nobody_here() -> None:
    assert actors("Ada Winter told reporters that Kite was down.") == []


@pytest.mark.parametrize(
    "unit",
    ["the ministry ", "A (Ab) ", "Sea Authority (Ab) ", "Sea High Court ", "Aa ", "IT ministry "],
)
def test_a_hostile_text_takes_little_time(unit: str) -> None:
    start = time.process_time()

    Cast(unit * (1_000_000 // len(unit)))

    assert time.process_time() - start < 10
