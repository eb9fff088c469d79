import pytest

from overt.errors import RuleError
from overt.record.proposals.gazetteer import load_gazetteer, read_authorities
from overt.vocabulary.stated import AuthorityKind


def test_every_authority_has_an_id_of_its_country() -> None:
    known = load_gazetteer().authorities

    assert len(known) > 150
    for authority in known.values():
        prefix = f"authority:{authority.cc.lower()}-" if authority.cc else "authority:"
        assert authority.id.startswith(prefix)


def test_what_is_part_of_another_names_one_that_is_there() -> None:
    known = load_gazetteer().authorities

    assert [a.id for a in known.values() if a.part_of and a.part_of not in known] == []


def test_the_regulator_and_its_abbreviation_are_one() -> None:
    named = {n.value for n in load_gazetteer().at("pta")}

    assert named == {"authority:pk-pta"}
    assert load_gazetteer().authorities["authority:pk-pta"].kind is AuthorityKind.REGULATOR


@pytest.mark.parametrize(
    "text", ["authority = 1", "cc = 'PK'\n[[authority]]\nid = 'a'", "[[authority", "cc = 1"]
)
def test_an_unsound_file_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        read_authorities(text, "test")
