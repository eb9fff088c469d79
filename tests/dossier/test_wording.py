"""What a reader is told: plain words for everything, and nothing twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.dossier import wording
from overt.dossier.words import MECHANISM_WORDS
from overt.vocabulary.judgements import MECHANISMS


@pytest.mark.parametrize("node", MECHANISMS)
def test_every_mechanism_has_plain_words(node: str) -> None:
    assert MECHANISM_WORDS[node]


@given(st.lists(st.sampled_from(sorted(MECHANISMS)), max_size=6))
def test_how_never_says_the_same_thing_twice(nodes: list[str]) -> None:
    parts = wording.how(nodes).split("; ")

    assert len(parts) == len(set(parts))


def test_an_invented_country_is_called_so() -> None:
    assert wording.country("XX") == "XX (an invented country)"
    assert wording.country("KE") == "Kenya"
    assert wording.country("Q?") == "Q?"
