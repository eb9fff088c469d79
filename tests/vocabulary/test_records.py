from overt.vocabulary.records import CLOSING, Kind


def test_only_what_is_gone_or_absorbed_closes_a_record() -> None:
    assert set(Kind) - CLOSING == {
        Kind.NEW,
        Kind.INHERITED,
        Kind.UPDATED,
        Kind.RETURNED,
        Kind.MERGED,
        Kind.PARTED,
    }
