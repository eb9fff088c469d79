from datetime import UTC, datetime, timedelta

from overt.changes.detector import Series, hour_number
from overt.changes.volume import detect
from overt.incidents.collapses import FORGOTTEN, collapses_of, dark_hours, reaching
from overt.vocabulary.judgements import Collapse


START = datetime(2024, 3, 4, tzinfo=UTC)
FIRST = hour_number(START.replace(tzinfo=None))
UNITS = "abcdef"


def presence(*spans: tuple[int, int], asn: int = 1, cc: str = "XX") -> Series:
    votes = [(FIRST + h, UNITS[h % 6], 1.0) for a, b in spans for h in range(a, b)]
    return Series.of((cc, "all", "all", asn), votes)


def found(*population: Series) -> list[Collapse]:
    return collapses_of(detect(population), population, {("XX", 1): "Net 1"})


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def test_a_silence_has_a_beginning_and_an_end() -> None:
    [collapse] = found(presence((0, 500), (580, 700)), presence((0, 700), asn=2))

    assert collapse.id == "XX-1-silent-2024-03-24T19"
    assert (collapse.last_heard, collapse.until) == (at(500), at(580))
    assert collapse.as_of == at(580)
    assert collapse.since.earliest <= at(500) <= collapse.since.latest
    assert collapse.name == "Net 1"
    assert collapse.usual_units == 6
    assert collapse.is_alone


def test_a_silence_that_lasts_has_no_end_and_is_as_of_the_last_report_of_anybody() -> None:
    silent = found(presence((0, 500)), presence((0, 700), asn=2, cc="YY"))
    [collapse] = [c for c in silent if c.asn == 1]

    assert collapse.until is None
    assert collapse.as_of == at(700)
    assert not collapse.is_alone


def test_only_what_reaches_into_a_span_concerns_it() -> None:
    [one] = found(presence((0, 500), (580, 700)), presence((0, 700), asn=2))

    assert reaching([one], "XX", [1], at(510), at(520)) == [one]
    assert reaching([one], "XX", [2], at(510), at(520)) == []
    assert reaching([one], "YY", [1], at(510), at(520)) == []
    assert reaching([one], "XX", [1], at(590), at(600)) == []
    assert reaching([one], "XX", [1], at(100), at(499)) == []


def test_a_network_nobody_measures_any_more_is_forgotten() -> None:
    [one] = found(presence((0, 500)), presence((0, 2000), asn=2))
    [(first, last)] = dark_hours([one])

    assert first == FIRST + 500
    assert last == FIRST + 500 + FORGOTTEN // timedelta(hours=1) + 1
