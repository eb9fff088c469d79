import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.record.yamltext import MOST_BYTES, MOST_NODES, dump, parse


def test_values_stay_text_and_know_their_lines() -> None:
    node, problems = parse(b"a: 1\nb:\n  - no\n  - ~\n  - ''\n", "a.yaml")

    assert problems == [] and node is not None and isinstance(node.value, dict)
    listed = node.value["b"].value
    assert isinstance(listed, list)
    assert [(n.line, n.value) for n in listed] == [(3, "no"), (4, None), (5, "")]
    assert node.key_lines == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"a: &x b", "anchor or alias 'x'"),
        (b"a: *x", "anchor or alias 'x'"),
        (b"a: !!python/object:os.system x", "the tag"),
        (b"a: ! x", "the tag"),
        (b"? [a]\n: b", "a key that is not text"),
        (b"a: b\n---\nc: d", "a second document"),
        (b"a: [", "not YAML"),
        (b"a: b: c", "not YAML"),
        (b"\ta: b", "not YAML"),
        (b"a: \x07", "not YAML"),
        (b"a: \xff", "not UTF-8"),
        (b"[" * 50, "nested"),
        (b"- a\n" * (MOST_NODES + 1), "values"),
        (b"a" * (MOST_BYTES + 1), "bytes"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(text: bytes, what: str) -> None:
    node, [problem] = parse(text, "a.yaml")

    assert node is None
    assert what in problem.what
    assert problem.remedy


def test_a_key_written_twice_is_told_with_both_lines() -> None:
    _, [problem] = parse(b"a: 1\nb: 2\na: 3\n", "a.yaml")

    assert (problem.line, problem.field) == (3, "a")
    assert "first on line 1" in problem.what


def test_an_empty_document_is_nothing() -> None:
    assert parse(b"# nothing\n", "a.yaml") == (None, [])


def test_lists_are_indented_and_days_stand_bare() -> None:
    assert dump({"on": "2024-04-17", "a": ["x"], "b": "yes"}) == (
        "'on': 2024-04-17\na:\n  - x\nb: 'yes'\n"
    )


@given(st.binary(max_size=200))
def test_no_bytes_whatever_break_the_parser(raw: bytes) -> None:
    node, problems = parse(raw, "a.yaml")

    assert node is None or node.line >= 0
    assert all(p.what and p.remedy for p in problems)
