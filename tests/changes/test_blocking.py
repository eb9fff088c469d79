from itertools import permutations

import pytest
from hypothesis import given, settings

from overt.changes.blocking import THRESHOLD, detect
from overt.changes.detector import Series, hour_number
from overt.vocabulary.judgements import Change
from strategies import FIRST_HOUR, series_of, steady, votes


UNITS = "abcd"


def block(first: int, hours: int, asn: int = 1, *, quiet: int = 400, units: str = UNITS) -> Series:
    """Return a series that works, is blocked from `first` for some hours, and works again."""
    return series_of(
        [
            *steady(0, 0, first, units),
            *steady(1, first, hours, units),
            *steady(0, first + hours, quiet - first - hours, units),
        ],
        asn,
    )


def onsets(found: list[Change], asn: int | None = None) -> list[Change]:
    return [c for c in found if c.direction == "onset" and asn in {None, c.asn}]


def test_a_full_block_alarms_within_ten_hours_of_reports() -> None:
    [change] = onsets(detect([block(200, 48)]))

    assert hour_number(change.alerted_at) - FIRST_HOUR <= 210
    assert hour_number(change.earliest) - FIRST_HOUR <= 200
    assert hour_number(change.latest) - FIRST_HOUR > 200


def test_an_ending_is_found_and_dated() -> None:
    [ending] = [c for c in detect([block(100, 48)]) if c.direction == "ending"]

    assert (
        hour_number(ending.earliest) - FIRST_HOUR <= 147 < hour_number(ending.latest) - FIRST_HOUR
    )


def test_silence_after_a_block_is_no_ending() -> None:
    series = series_of([*steady(0, 0, 200, UNITS), *steady(1, 200, 48, UNITS)])

    assert [c.direction for c in detect([series])] == ["onset"]


def test_two_events_are_two_onsets() -> None:
    gap = 24 * 30
    series = series_of(
        [
            *steady(0, 0, 100, UNITS),
            *steady(1, 100, 48, UNITS),
            *steady(0, 148, gap, UNITS),
            *steady(1, 148 + gap, 48, UNITS),
        ]
    )

    assert len(onsets(detect([series]))) == 2


def test_a_quiet_population_never_alarms() -> None:
    assert detect([series_of(steady(0, 0, 2000, UNITS), asn) for asn in range(1, 6)]) == []


def forged(first: int, hours: int, n: int) -> list[tuple[int, str, float]]:
    return [(FIRST_HOUR + first + h, f"forger{k}", 1.0) for h in range(hours) for k in range(n)]


@pytest.mark.parametrize(("n_forged", "alarms"), [(0, 0), (1, 0), (3, 1)])
def test_one_forged_unit_a_window_changes_nothing(n_forged: int, alarms: int) -> None:
    quiet = steady(0, 0, 400, "abc")

    assert len(onsets(detect([series_of([*quiet, *forged(100, 200, n_forged)])]))) == alarms


@settings(deadline=None, max_examples=40)
@given(votes(max_hours=200))
def test_a_forger_on_a_quiet_network_never_alarms_whatever_the_rhythm(
    drawn: list[tuple[int, str, float]],
) -> None:
    quiet = steady(0, 0, 200, "xyz")
    lies = {(hour, "forger"): 1.0 for hour, _, _ in drawn}

    assert detect([series_of([*quiet, *((h, u, v) for (h, u), v in lies.items())])]) == []


def test_a_country_alarms_together_where_no_network_has_enough_reports_alone() -> None:
    def sparse(asn: int) -> Series:
        votes = [(FIRST_HOUR + h, UNITS[h % 4], float(h >= 480)) for h in range(asn, 540, 6)]
        return series_of(votes, asn)

    found = onsets(detect([sparse(asn) for asn in range(1, 7)]))

    assert [c.asn for c in found] == [0]
    assert found[0].id.startswith("change:XX:x/web:all:onset:")
    assert all(cell.startswith("cell:XX:x/web:") for cell in found[0].cells)


def test_a_country_needs_more_evidence_the_more_windows_its_networks_make_an_hour() -> None:
    found = onsets(detect([block(200, 48, asn) for asn in (1, 2, 3)]))
    thresholds = {c.asn: c.threshold for c in found}

    assert thresholds == {0: 3 * THRESHOLD, 1: THRESHOLD, 2: THRESHOLD, 3: THRESHOLD}
    assert all(c.evidence >= c.threshold for c in found)


def test_the_order_of_series_makes_no_difference() -> None:
    population = [block(200, 48, 1), block(210, 48, 2), block(400, 0, 3)]
    answers = [
        sorted(detect(list(order)), key=lambda c: c.id) for order in permutations(population)
    ]

    assert all(answer == answers[0] for answer in answers)


def test_a_change_states_its_bounds_and_its_cells() -> None:
    population = [block(200, 48, 1), block(400, 0, 2)]
    [change] = onsets(detect(population), asn=1)

    assert change.evidence >= change.threshold == THRESHOLD
    assert change.forged_units_survived == 1
    assert change.coverage == 0.95
    assert change.system_false_alarms_per_year == pytest.approx(0.03)
    assert change.cells == sorted(change.cells)
