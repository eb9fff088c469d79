import dataclasses
import types
import typing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.record.schema import describe, hints, placeholder, plain
from overt.record.trial import entry_of
from overt.record.yamltext import dump
from overt.vocabulary.stated import Act, Authority, Claim, Proceeding, Quantity, Source, Span, When


KINDS = (Authority, Source, Claim, Act, Proceeding)
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf"], include_characters="\n\t"), max_size=40
)
FIRST, LAST = datetime(1900, 1, 2, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    date: st.dates(FIRST.date(), LAST.date()),
    datetime: st.integers(0, int((LAST - FIRST).total_seconds())).map(
        lambda n: FIRST + timedelta(seconds=n)
    ),
    int: st.integers(-(10**12), 10**12),
    float: st.integers(-(10**9), 10**9).map(lambda n: n / 1000)
    | st.sampled_from([float("inf"), float("-inf")]),
}


def drawn(hint: Any) -> st.SearchStrategy[Any]:
    """Return values of a field's type; numbers are decimal, as a source writes them."""
    if typing.get_origin(hint) is tuple:
        return st.lists(drawn(typing.get_args(hint)[0]), max_size=2).map(tuple)
    if typing.get_origin(hint) is types.UnionType:
        return st.one_of(
            *(st.none() if a is type(None) else drawn(a) for a in typing.get_args(hint))
        )
    if dataclasses.is_dataclass(hint):
        kind = typing.cast("type", hint)
        return st.builds(kind, **{name: drawn(h) for name, h in hints(kind).items()})
    return SIMPLE[hint] if hint in SIMPLE else st.sampled_from(list(hint))


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_the_schema_has_a_placeholder_and_words(kind: type) -> None:
    made = placeholder(kind)

    assert isinstance(made, kind)
    assert all(describe(h) for h in hints(kind).values())


@given(st.one_of(*map(drawn, KINDS)))
def test_what_is_written_reads_the_same(body: Any) -> None:
    kind = type(body)

    again, problems = entry_of(kind.__name__.lower(), dump(plain(body)), "a.yaml")

    assert problems == []
    assert again.body == body
    assert dump(plain(again.body)) == dump(plain(body))


def test_defaults_are_left_out_so_that_a_later_field_changes_no_digest() -> None:
    when = When(earliest=date(2024, 4, 17), latest=None)

    assert plain(when) == {"earliest": "2024-04-17", "zone": "UTC"}
    assert plain(Quantity(low=4.0, high=4.5, unit="USD", counts="loss"))["low"] == 4


def test_norway_is_a_country_and_a_number_like_text_is_text() -> None:
    entry, problems = entry_of(
        "authority", "id: a\nname: 1e3\nkind: court\ncc: NO\nnames: [on, 2024-01-01]", "a.yaml"
    )

    assert problems == []
    assert (entry.body.cc, entry.body.name) == ("NO", "1e3")
    assert entry.body.names == ("on", "2024-01-01")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_words_of_a_source_are_kept_whatever_they_are(quote: str) -> None:
    span = Span(source="a", start=0, end=1, quote=quote)

    again, problems = entry_of("claim", dump({"span": plain(span)}), "a.yaml")

    assert again.body.span == span
    assert dump({"span": plain(span)}).replace("\n", "").isprintable()
    assert "span" not in {p.field for p in problems}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("id: a\nname: x\nkind: court\nnames:\n  - [a]", "names[0]"),
        ("id: a\nname: {a: b}\nkind: court", "name"),
        ('id: a\nname: "\\0"\nkind: court', "name"),
        ("id:\nname: x\nkind: court", "id"),
        (f"id: a\nname: {'x' * 20_001}\nkind: court", "name"),
        (f"id: a\nname: x\nkind: court\nnames: [{'a, ' * 1001}]", "names"),
    ],
)
def test_a_value_of_the_wrong_shape_is_told_by_its_path(text: str, field: str) -> None:
    entry, problems = entry_of("authority", text, "a.yaml")

    assert [p.field for p in problems] == [field]
    assert not entry.has(field)


VALUES = st.recursive(
    st.none() | TEXT | st.integers(), lambda s: st.lists(s) | st.dictionaries(TEXT, s)
)


@given(st.dictionaries(st.sampled_from([*hints(Claim), "x"]), VALUES))
def test_no_plain_value_whatever_breaks_the_reader(body: Any) -> None:
    entry, problems = entry_of("claim", dump(body), "a.yaml")

    assert isinstance(entry.body, Claim)
    assert problems  # no such claim has a span
    assert all(p.what and p.expected and p.remedy for p in problems)
