from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.changes.detector import Series, hour_number
from overt.changes.volume import SLOWEST_H, THRESHOLD, detect, level_at
from overt.vocabulary.judgements import Change, Direction


DAY = 19_800 * 24  # the first hour of a UTC day
UNITS = "abcdef"


def presence(
    first: int, stop: int, asn: int = 1, cc: str = "XX", units: str = UNITS, every_h: int = 1
) -> Series:
    """Return a network on which some unit reports every so many hours."""
    votes = [
        (DAY + h, units[(h // every_h) % len(units)], 1.0) for h in range(first, stop, every_h)
    ]
    return Series.of((cc, "all", "all", asn), votes)


def joined(*parts: Series) -> Series:
    votes = [(int(h), u, 1.0) for p in parts for h, u in zip(p.hour, p.unit, strict=True)]
    return Series.of((parts[0].cc, "all", "all", parts[0].asn), votes)


def of(found: list[Change], asn: int) -> list[Change]:
    return [c for c in found if c.asn == asn]


def hours_after(change: Change, hour: int) -> int:
    return hour_number(change.alerted_at) - DAY - hour


def test_a_network_that_goes_dark_is_heard_within_a_day_and_never_as_an_ending() -> None:
    found = detect([presence(0, 500, 1), presence(0, 600, 2)])

    [silence] = of(found, 1)
    assert silence.direction == Direction.SILENCE
    assert hours_after(silence, 500) <= 24
    assert hour_number(silence.earliest) == DAY + 499
    assert hour_number(silence.latest) <= hour_number(silence.alerted_at)
    assert silence.evidence >= silence.threshold == THRESHOLD
    assert len(found) == 1


def test_a_network_that_comes_back_and_goes_again_is_silent_twice() -> None:
    twice = joined(presence(0, 500), presence(560, 900))

    found = detect([twice, presence(0, 1000, 2)])

    assert [hour_number(c.earliest) - DAY for c in of(found, 1)] == [499, 899]


def test_a_whole_country_is_silent_where_another_reports() -> None:
    dark = [presence(k, 700, 10 + k, every_h=3) for k in range(3)]

    found = detect([*dark, presence(0, 800, 2, "YY")])

    assert 0 in {c.asn for c in found}
    assert {c.cc for c in found} == {"XX"}


def test_a_collector_that_is_down_is_nobodys_silence() -> None:
    def broken(asn: int, cc: str) -> Series:
        return joined(presence(0, 500, asn, cc), presence(600, 900, asn, cc))

    assert detect([broken(1, "XX"), broken(2, "YY")]) == []


def test_with_one_country_alone_a_common_gap_is_told_as_a_silence() -> None:
    gap = joined(presence(0, 500), presence(600, 900))

    [silence] = detect([gap])
    assert hour_number(silence.earliest) == DAY + 499


def test_nights_off_are_usual() -> None:
    votes = [(DAY + 24 * d + h, UNITS[(d + h) % 6], 1.0) for d in range(60) for h in range(8, 20)]

    assert detect([Series.of(("XX", "all", "all", 1), votes), presence(0, 60 * 24, 2)]) == []


def test_a_network_measured_now_and_then_is_not_watched() -> None:
    sparse = presence(0, 40 * 24, every_h=13)

    assert level_at(sparse, DAY + 30 * 24) is None
    assert detect([sparse, presence(0, 60 * 24, 2)]) == []


def test_one_busy_probe_that_is_switched_off_is_no_silence() -> None:
    busy = presence(0, 500, units="a")
    rest = presence(0, 900, units="bc", every_h=17)
    votes = {(int(h), u): 1.0 for p in (busy, rest) for h, u in zip(p.hour, p.unit, strict=True)}
    network = Series.of(("XX", "all", "all", 1), [(h, u, v) for (h, u), v in votes.items()])

    assert of(detect([network, presence(0, 900, 2)]), 1) == []


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 40 * 24), min_size=1, max_size=300, unique=True))
def test_one_forged_unit_never_makes_a_network_dark(forged: list[int]) -> None:
    thin = presence(0, 45 * 24, units="bc", every_h=11)
    honest = {(int(h), u): 1.0 for h, u in zip(thin.hour, thin.unit, strict=True)}
    lies = {(DAY + h, "forger"): 1.0 for h in forged}
    votes = [(h, u, v) for (h, u), v in (honest | lies).items()]

    found = detect([Series.of(("XX", "all", "all", 1), votes), presence(0, 45 * 24, 2)])

    assert of(found, 1) == []


def test_the_order_of_networks_makes_no_difference() -> None:
    population = [presence(0, 500, 1), presence(0, 700, 2), presence(0, 900, 3, "YY")]
    answers = [
        sorted(detect(list(order)), key=lambda c: c.id) for order in permutations(population)
    ]

    assert answers[0] and all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("every_h", [1, 2])
def test_a_level_says_how_long_a_silence_must_last(every_h: int) -> None:
    level = level_at(presence(0, 1000, every_h=every_h), DAY + 35 * 24)

    assert level is not None
    assert level.alarm_h <= SLOWEST_H
    assert level.m == 1


def test_a_silence_names_the_cells_it_learned_from() -> None:
    [silence] = detect([presence(0, 500, 1), presence(0, 600, 2)])

    assert silence.cells[0].startswith("cell:XX:all:1:")
    assert len(silence.cells) == 500


def test_no_reports_are_no_silence() -> None:
    assert detect([]) == []
    assert detect([Series.of(("XX", "all", "all", 1), [])]) == []
