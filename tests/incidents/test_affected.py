import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.changes.detector import Series
from overt.incidents.affected import (
    MAX_USUAL,
    MIN_USUAL,
    e_value_above,
    e_value_below,
    is_affected,
    is_reachable,
    state_of,
    usual_share,
)
from overt.vocabulary.judgements import State


def series(values: list[float]) -> Series:
    return Series.of(("XX", "x", "x", 1), [(n, "a", v) for n, v in enumerate(values)])


def test_no_votes_are_no_evidence_either_way() -> None:
    assert e_value_above(np.zeros(0), 0.1) == e_value_below(np.zeros(0), 0.2) == 1.0


@pytest.mark.parametrize("level", [0.03, 0.1, 0.2, 0.5])
def test_the_expected_e_value_at_the_null_is_one(level: float) -> None:
    # exactly, over all outcomes of six votes that fail with probability `level`
    n = 6
    total_above = total_below = 0.0
    for bits in range(2**n):
        votes = np.array([float(bits >> k & 1) for k in range(n)])
        probability = float(np.prod(np.where(votes > 0, level, 1 - level)))
        total_above += probability * e_value_above(votes, level)
        total_below += probability * e_value_below(votes, level)

    assert total_above == pytest.approx(1.0)
    assert total_below == pytest.approx(1.0)


@given(st.lists(st.floats(0, 1), max_size=40))
def test_more_failing_is_more_evidence_above_and_less_below(values: list[float]) -> None:
    low, high = np.array(values), np.ones(len(values))

    assert e_value_above(high, 0.1) >= e_value_above(low, 0.1) - 1e-12
    assert e_value_below(high, 0.2) <= e_value_below(low, 0.2) + 1e-12


def test_few_working_reports_do_not_make_a_network_reachable() -> None:
    assert not is_reachable(series([0.0] * 10))
    assert is_reachable(series([0.0] * 40))


def test_few_failing_reports_do_not_make_a_network_affected() -> None:
    assert not is_affected(series([1.0] * 2), 0.03, 20)
    assert is_affected(series([1.0] * 6), 0.03, 20)


def test_more_networks_looked_at_ask_for_more_evidence() -> None:
    votes = series([1.0] * 3 + [0.0] * 2)

    assert is_affected(votes, 0.03, 1)
    assert not is_affected(votes, 0.03, 100_000)


def by_units(values: list[float], asn: int = 1) -> Series:
    votes = [(n, "abcdefgh"[n % 8], v) for n, v in enumerate(values)]
    return Series.of(("XX", "x", "x", asn), votes)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], MAX_USUAL), ([0.0] * 10, MAX_USUAL), ([0.0] * 9000, MIN_USUAL), ([1.0] * 900, MAX_USUAL)],
)
def test_the_usual_share_is_kept_in_bounds(values: list[float], expected: float) -> None:
    assert usual_share([by_units(values)]) == expected


@given(
    st.lists(st.sampled_from([0.0, 0.0, 0.0, 1.0]), max_size=300),
    st.sampled_from([0.0, 1.0]),
    st.integers(400, 9000),
)
def test_what_one_unit_sends_does_not_change_the_usual_share(
    values: list[float], forged: float, n: int
) -> None:
    # a unit with as many votes as all others is the heaviest, however many more it has
    honest = by_units(values)

    assert usual_share([honest, series([forged] * n)]) == usual_share(
        [honest, series([forged] * 300)]
    )


def test_one_failing_unit_cannot_hide_a_network_by_raising_the_usual_share() -> None:
    quiet = by_units([0.0] * 4000)
    forged = Series.of(("XX", "x", "x", 2), [(n, "f", 1.0) for n in range(4000)])

    assert usual_share([quiet, forged]) == MIN_USUAL


@pytest.mark.parametrize(
    ("failing", "controlled", "artefacts", "artefact_units", "state"),
    [
        (10, 10, 5, 2, State.BLOCKED),
        (90, 90, 3, 2, State.CONSISTENT),
        (10, 10, 5, 1, State.CONSISTENT),
        (10, 6, 0, 0, State.CONSISTENT),
        (10, 5, 0, 0, State.IMPAIRED),
        (10, 0, 0, 0, State.IMPAIRED),
    ],
)
def test_a_state_is_never_stronger_than_its_reports(
    failing: int, controlled: int, artefacts: int, artefact_units: int, state: State
) -> None:
    assert state_of(failing, controlled, artefacts, artefact_units) is state
