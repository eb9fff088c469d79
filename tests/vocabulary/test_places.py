import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.vocabulary.places import MAX_ASN, parse_asn, parse_cc, platform_of


@pytest.mark.parametrize("text", ["AS17557", "as17557", "17557", "17557.0", " AS17557 "])
def test_an_as_number_is_read_however_it_is_written(text: str) -> None:
    assert parse_asn(text) == 17557


@pytest.mark.parametrize("text", [None, "", "  ", "AS", "AS0", "0", "0.0"])
def test_an_unknown_network_has_no_number(text: str | None) -> None:
    assert parse_asn(text) is None


@pytest.mark.parametrize(
    "text", ["AS-1", "17557.5", "PTCL", "AS4294967296", "AS99999999999", "1e3"]
)
def test_what_is_no_as_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an AS number"):
        parse_asn(text)


@given(st.integers(min_value=1, max_value=MAX_ASN))
def test_every_as_number_is_read_back(asn: int) -> None:
    assert parse_asn(f"AS{asn}") == asn


@pytest.mark.parametrize("text", ["PK", "pk", " Pk "])
def test_a_country_code_is_two_capitals(text: str) -> None:
    assert parse_cc(text) == "PK"


@pytest.mark.parametrize("text", [None, "", " ", "ZZ", "zz"])
def test_an_unknown_country_has_no_code(text: str | None) -> None:
    assert parse_cc(text) is None


@pytest.mark.parametrize("text", ["PAK", "P", "P1", "--", "\N{CYRILLIC CAPITAL LETTER ER}K"])
def test_what_is_no_country_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a country code"):
        parse_cc(text)


@pytest.mark.parametrize(
    "text",
    [
        "\N{LATIN SMALL LETTER SHARP S}",  # in capitals: SS, South Sudan
        "\N{LATIN SMALL LIGATURE FI}",  # in capitals: FI, Finland
        "\N{LATIN SMALL LETTER DOTLESS I}t",  # in capitals: IT, Italy
    ],
)
def test_a_letter_that_only_capitals_make_latin_names_no_country(text: str) -> None:
    with pytest.raises(ValueError, match="is not a country code"):
        parse_cc(text)


def test_a_target_belongs_to_what_stands_before_its_last_slash() -> None:
    assert platform_of("x/web") == "x"
