import pytest

from overt.errors import RuleError
from overt.record.proposals.patterns import MARK, Language


LANGUAGE = Language({"stop": ["halt", "shut_down"]}, {"report": ["give|file ..2 reasons"]})


def holds(pattern: str, line: str) -> bool:
    return LANGUAGE.compiled(pattern, "test").search(line) is not None


def test_a_phrase_is_words_in_a_row() -> None:
    assert holds("@stop it", "they shut down it ")
    assert not holds("@stop it", "they shut it ")


def test_a_gap_without_commas_stops_at_one() -> None:
    assert holds("a ..2 b", "a x y b ")
    assert not holds("a ..2 b", "a x , b ")
    assert holds("a ,,2 b", "a x , b ")
    assert not holds("a ..2 b", "a x y z b ")


def test_a_mention_matches_its_kind_only() -> None:
    assert holds("<court> x", f"{MARK}C12 x ")
    assert not holds("<court> x", f"{MARK}M12 x ")


def test_words_match_whole_words_only() -> None:
    assert not holds("ban", "urban ")
    assert not holds("ban", "bank ")


def test_a_demand_is_remembered_by_name() -> None:
    match = LANGUAGE.compiled("to <demand>", "test").search("to give valid reasons ")

    assert match is not None and match["demand_report"]


@pytest.mark.parametrize("pattern", ["@nothing", "<nobody>", "a ..99 b", "a:x a:y"])
def test_an_unsound_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(RuleError):
        LANGUAGE.compiled(pattern, "test")
