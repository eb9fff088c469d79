import numpy as np
import pytest

from overt.changes.detector import Series
from overt.changes.null import FALLBACK, MAX_USUAL, MIN_USUAL, upper_limit, usual_shares


def series(asn: int, failing: int, working: int, platform: str = "x", cc: str = "XX") -> Series:
    values = [1.0] * failing + [0.0] * working
    votes = [(h, "a", v) for h, v in enumerate(values)]
    return Series.of((cc, platform, f"{platform}/web", asn), votes)


def level(population: list[Series], asn: int, platform: str = "x") -> float:
    return usual_shares(population)["XX", platform, f"{platform}/web", asn]


def test_few_votes_give_the_fallback() -> None:
    assert upper_limit(0, 10) == FALLBACK


@pytest.mark.parametrize(
    ("failing", "n", "expected"), [(0, 10_000, MIN_USUAL), (900, 1000, MAX_USUAL)]
)
def test_the_level_is_kept_in_bounds(failing: int, n: int, expected: float) -> None:
    assert upper_limit(failing, n) == expected


def test_more_votes_lower_the_limit() -> None:
    assert upper_limit(5, 100) > upper_limit(50, 1000)


def test_blocked_networks_do_not_raise_the_level_of_the_rest() -> None:
    quiet = [series(n, 2, 500) for n in (1, 2, 3)]
    blocked = [series(n, 400, 100) for n in (4, 5)]

    assert level([*quiet, *blocked], 4) == level([*quiet, *blocked], 1) == MIN_USUAL


def test_a_series_never_sets_its_own_level() -> None:
    assert level([series(1, 900, 100)], 1) == FALLBACK


def test_a_network_where_other_platforms_fail_too_has_a_higher_level() -> None:
    others = [series(1, 120, 880, p) for p in ("y", "z")]
    population = [series(1, 0, 500), series(2, 0, 500), *others]

    assert level(population, 1) > level(population, 2)


def test_one_blocked_platform_does_not_raise_the_level_of_another_on_its_network() -> None:
    population = [series(1, 0, 500), series(2, 0, 500), series(1, 400, 100, "y")]

    assert level(population, 1) == MIN_USUAL


def test_the_order_of_the_series_makes_no_difference() -> None:
    population = [series(n, n, 300 * n) for n in range(1, 9)]
    shuffled = [population[i] for i in np.random.default_rng(1).permutation(8)]

    assert usual_shares(population) == usual_shares(shuffled)
