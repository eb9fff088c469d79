"""Two real articles on one event, from text files as somebody copied them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.record.takein import take_in
from overt.record.taken import Taken
from overt.record.vault import Vault


pytestmark = pytest.mark.acceptance
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def articles(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Taken, Taken]:
    folder = shared_data / "articles"
    vault = Vault(tmp_path_factory.mktemp("articles") / "vault")
    first, second = (
        take_in(str(folder / f"article-{n}.txt"), vault, NOW).source.id for n in (1, 2)
    )
    return vault.taken(first), vault.taken(second)


def body(taken: Taken) -> str:
    return "\n".join(taken.text[start:end] for start, end in taken.body)


def test_both_rest_on_one_wire_story_of_the_ministrys_statement(
    articles: tuple[Taken, Taken],
) -> None:
    wires = [{o.id: o for o in t.origins if o.id.startswith("wire:")} for t in articles]

    assert set(wires[0]) == set(wires[1]) == {"wire:reuters:interior-ministry-court-paper"}
    for taken, wire in zip(articles, wires, strict=True):
        (origin,) = wire.values()
        quotes = [taken.text[start:end] for start, end in origin.spans]
        assert any("Reuters" in q and "ubmission" in q for q in quotes)


def test_both_are_of_one_family_that_counts_once(articles: tuple[Taken, Taken]) -> None:
    first, second = articles

    assert first.source.family == second.source.family != ""
    assert {k.source for k in first.why_family} == {second.source.id}


def test_nothing_but_the_first_article_is_its_body(articles: tuple[Taken, Taken]) -> None:
    taken = articles[0]

    assert len(taken.body) == 8
    assert {taken.text[f.start : f.end] for f in taken.furniture} == {
        "Post a Comment",
        "Previous Post Next Post",
    }


def test_the_second_article_ends_at_also_read_and_begins_at_its_headline(
    articles: tuple[Taken, Taken],
) -> None:
    taken = articles[1]
    start, end = taken.body[0][0], taken.body[-1][1]

    assert taken.text[start:].startswith("X banned in Pakistan, Interior Ministry confirms: Report")
    assert taken.text[end:].strip().startswith("Also Read:")
    assert body(taken).endswith("“maintain law and order.”")


def test_what_the_articles_do_not_say_is_not_guessed(articles: tuple[Taken, Taken]) -> None:
    first, second = articles

    assert (first.source.published, second.source.published) == (None, None)
    assert (first.source.outlet, second.source.outlet) == ("", "MediaNama")
    assert {first.source.language, second.source.language} == {"en"}
