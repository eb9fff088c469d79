"""Which sources are one, and why."""

import hashlib
import itertools
from datetime import UTC, datetime

import pytest

import pages
from overt.record.blocks import blocks
from overt.record.families import families
from overt.record.furniture import reasons
from overt.record.origins import origins
from overt.record.published import given
from overt.record.taken import Taken
from overt.record.vault import source_id
from overt.vocabulary.stated import Source


NOW = datetime(2031, 5, 6, 12, tzinfo=UTC)


def taken(text: str, day: str = "") -> Taken:
    parts = blocks(text)
    why = reasons(parts)
    sha = hashlib.sha256((text + day).encode()).hexdigest()
    rests_on = origins(text, parts, why)
    source = Source(
        id=source_id(sha),
        sha256=sha,
        text_sha256=sha,
        media_type="text/plain",
        retrieved_at=NOW,
        published=given(day) if day else None,
        origins=tuple(o.id for o in rests_on if o.binding),
    )
    body = tuple((b.start, b.end) for b, w in zip(parts, why, strict=True) if w is None)
    return Taken(source=source, text=text, body=body, furniture=(), origins=rests_on)


def n_families(*sources: Taken) -> int:
    return len({key for key, _ in families(sources).values()})


def test_reports_of_one_wire_story_are_one_family_and_say_why() -> None:
    first, second = taken(pages.MENU_AND_CARDS), taken(pages.TOLD)
    told = families([first, second])

    key, kin = told[first.source.id]
    assert key == told[second.source.id][0]
    assert key == min(first.source.id, second.source.id).replace("source:", "family:")
    assert {k.origin for k in kin} == {
        "wire:reuters:interior-ministry-court-paper",
        "paper:orbia-high-court:interior-ministry",
    }


def test_a_source_alone_is_a_family_of_its_own() -> None:
    assert n_families(taken(pages.TOLD), taken(pages.OTHER), taken(pages.NO_MARKERS)) == 3


def test_a_near_copy_is_of_the_family_and_says_how_near() -> None:
    copy = pages.NO_MARKERS.replace("Monday", "Tuesday").replace("Friday", "Saturday")
    first, second = taken(pages.NO_MARKERS), taken(copy)

    kin = families([first, second])[first.source.id][1]
    assert [k.why for k in kin] == ["near-copy"]
    assert kin[0].share is not None
    assert 0.5 <= kin[0].share < 1


def test_an_excerpt_is_of_the_family() -> None:
    excerpt = pages.NO_MARKERS.partition("Measurements")[0]

    assert n_families(taken(pages.NO_MARKERS), taken(excerpt)) == 1


@pytest.mark.parametrize(("day", "n"), [("2031-03-08", 1), ("2031-04-20", 2), ("", 1)])
def test_the_same_words_weeks_later_are_of_another_story(day: str, n: int) -> None:
    assert n_families(taken(pages.MENU_AND_CARDS, "2031-03-05"), taken(pages.TOLD, day)) == n


def test_an_undated_report_joins_no_one_where_two_stories_could_be_its() -> None:
    late = (
        pages.TOLD.replace("three", "nine").replace("admits", "defends").replace("whole", "entire")
    )
    sources = [
        taken(pages.MENU_AND_CARDS, "2031-03-05"),
        taken(pages.TOLD),
        taken(late, "2031-04-20"),
    ]
    told = families(sources)

    assert told[sources[0].source.id][0] != told[sources[2].source.id][0]


def test_another_court_is_another_paper() -> None:
    sea = pages.TOLD.replace("Orbia High Court", "Sea High Court").replace("admitted", "said")

    kin = families([taken(pages.TOLD), sea_taken := taken(sea)])[sea_taken.source.id][1]
    assert all(k.why == "near-copy" for k in kin)


def test_the_families_do_not_depend_on_the_order() -> None:
    sources = [
        taken(pages.MENU_AND_CARDS),
        taken(pages.TOLD),
        taken(pages.OTHER),
        taken(pages.WIRE),
    ]

    answers = [families(list(order)) for order in itertools.permutations(sources)]
    assert all(answer == answers[0] for answer in answers)
