from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from overt.record.proposals.sentences import MAX_SENTENCE, sentences
from overt.record.proposals.tokens import MAX_TOKENS, tokens


TEXTS = st.text(
    alphabet=st.sampled_from("aB X.!?\u201c\u201d\"'\n\r ,()0\u2028\u00a0é\U0001f600"), max_size=400
)


def cut(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


@given(TEXTS)
def test_sentences_are_in_order_and_lose_nothing_but_space(text: str) -> None:
    spans = list(sentences(text))

    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    kept = "".join(text[a:b] for a, b in spans)
    assert "".join(kept.split()) == "".join(text.split())


@given(TEXTS)
def test_tokens_lie_within_the_sentence_in_order(text: str) -> None:
    found = tokens(text, 0, len(text))

    assert all(0 <= t.start < t.end <= len(text) for t in found)
    assert [t.start for t in found] == sorted(t.start for t in found)
    assert len(found) <= MAX_TOKENS


def test_a_quotation_is_kept_whole() -> None:
    text = "\u201cWe said no. We meant it,\u201d he said. It rained."

    assert cut(text) == ["\u201cWe said no. We meant it,\u201d he said.", "It rained."]


def test_an_abbreviation_or_initial_ends_nothing() -> None:
    assert cut("Mr. Khan and J. Smith met the U.S. envoy. They left.") == [
        "Mr. Khan and J. Smith met the U.S. envoy.",
        "They left.",
    ]


def test_the_letter_x_ends_a_sentence_about_the_platform() -> None:
    assert cut("It blocked access to X. The ministry said so.") == [
        "It blocked access to X.",
        "The ministry said so.",
    ]


def test_a_stop_without_a_space_after_it_ends_a_sentence() -> None:
    assert cut("to block the platform.\u201dIt is clear.") == [
        "to block the platform.\u201d",
        "It is clear.",
    ]


def test_a_wrapped_line_is_one_sentence_and_a_headline_another() -> None:
    text = "X banned\n\nThe ministry said the platform was\nblocked in May.\nShort\nAnother one."

    assert cut(text) == [
        "X banned",
        "The ministry said the platform was\nblocked in May.",
        "Short",
        "Another one.",
    ]


def test_a_sentence_without_end_is_cut_at_a_space() -> None:
    assert all(len(s) <= MAX_SENTENCE for s in cut("word " * 2000))


def test_a_contraction_is_a_word_and_a_negation() -> None:
    text = "It didn\u2019t and won't"

    assert [t.word for t in tokens(text, 0, len(text))] == [
        "it",
        "did",
        "not",
        "and",
        "will",
        "not",
    ]
