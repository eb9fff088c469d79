import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.changes.bets import trimmed_units
from overt.changes.detector import Series
from overt.changes.null import (
    FALLBACK,
    MAX_USUAL,
    MIN_USUAL,
    Usual,
    key_of,
    upper_limit,
    usual_shares,
    weigh,
)


UNITS = "abcdefgh"
Forged = tuple[float, int]  # value of each vote, how many


def series(asn: int, failing: int, working: int, platform: str = "x", cc: str = "XX") -> Series:
    """Return a series of which these votes are left once the heaviest unit is left out."""
    per_unit = len(UNITS) / (len(UNITS) - 1)
    values = [1.0] * round(failing * per_unit) + [0.0] * round(working * per_unit)
    votes = [(h, UNITS[h % len(UNITS)], v) for h, v in enumerate(values)]
    return Series.of((cc, platform, f"{platform}/web", asn), votes)


def with_unit(one: Series, forged: Forged, name: str = "forged") -> Series:
    votes = list(zip(one.hour.tolist(), one.unit, one.value.tolist(), strict=True))
    more = [(h, name, forged[0]) for h in range(forged[1])]
    return Series.of(key_of(one), [*votes, *more])


def per_unit(one: Series) -> tuple[dict[str, float], dict[str, float]]:
    failing: dict[str, float] = {}
    working: dict[str, float] = {}
    for unit, value in zip(one.unit, one.value.tolist(), strict=True):
        failing[unit] = failing.get(unit, 0.0) + value
        working[unit] = working.get(unit, 0.0) + 1 - value
    return failing, working


forgeries = st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.integers(1, 5000))
counts = st.tuples(st.integers(0, 60), st.integers(0, 400))


@st.composite
def networks(draw: st.DrawFn, asn: int, platform: str = "x", max_units: int = 12) -> Series:
    """Draw a network of some units that each vote as often as they like."""
    votes: list[tuple[int, str, float]] = []
    for number, (failing, working) in enumerate(draw(st.lists(counts, max_size=max_units))):
        values = [1.0] * failing + [0.0] * working
        votes += [(h, f"u{number}", v) for h, v in enumerate(values)]
    return Series.of(("XX", platform, f"{platform}/web", asn), votes)


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


# -- no one unit sets a level ----------------------------------------------------------------------


@given(networks(1), forgeries)
def test_one_unit_more_adds_at_most_what_the_heaviest_gives(one: Series, forged: Forged) -> None:
    """The forged unit can bring back what was left out, and no more; see `weigh`."""
    failing, working = per_unit(one)
    more = with_unit(one, forged)
    most = trimmed_units(len(failing) + 1)
    for got, honest in zip(weigh((more.unit, more.value)), (failing, working), strict=True):
        ordered = sorted(honest.values())

        assert sum(ordered[: max(len(ordered) - most, 0)]) - 1e-6 <= got <= sum(ordered) + 1e-6


populations = st.tuples(networks(1), networks(2), networks(3), networks(1, "y"), networks(1, "z"))


@given(populations, st.integers(0, 4), st.sampled_from([0.0, 1.0]), st.integers(1, 4000))
def test_one_unit_counts_for_no_more_than_the_next_whatever_it_sends(
    population: tuple[Series, ...], place: int, value: float, n: int
) -> None:
    failing, working = per_unit(population[place])
    heaviest = int(max((failing if value else working).values(), default=0.0))

    def levels(sent: int) -> dict[tuple[str, str, str, int], float]:
        forged = with_unit(population[place], (value, sent))
        return usual_shares([forged if s is population[place] else s for s in population])

    loud, expected = levels(max(n, heaviest)), levels(heaviest)

    assert {k: loud[k] for k in expected} == pytest.approx(expected)


@given(networks(1), networks(2), networks(3), forgeries)
def test_one_unit_cannot_invent_a_network_or_a_platform_that_sets_a_level(
    a: Series, b: Series, c: Series, forged: Forged
) -> None:
    population = [s for s in (a, b, c) if len(s.value)]
    nothing = [Series.of(("XX", p, f"{p}/web", n), []) for p, n in (("x", 9), ("w", 1), ("v", 1))]
    invented = [with_unit(s, forged) for s in nothing]
    levels = usual_shares([*population, *invented])

    assert {k: levels[k] for k in map(key_of, population)} == usual_shares(population)


@pytest.mark.parametrize("working", [1000, 100_000])
def test_thousands_of_working_votes_of_one_unit_do_not_lower_a_level(working: int) -> None:
    bad = [series(n, 120, 880) for n in (1, 2, 3, 4)]
    forged = [with_unit(bad[0], (0.0, working)), *bad[1:]]

    assert level(forged, 2) > 0.9 * level(bad, 2) > 0.12


def test_thousands_of_failing_votes_of_one_unit_do_not_raise_a_level() -> None:
    quiet = [series(1, 2, 500), series(2, 2, 500)]

    assert level([with_unit(quiet[0], (1.0, 5000)), quiet[1]], 2) == MIN_USUAL


@given(st.permutations(range(1, 7)))
def test_levels_of_a_part_are_those_of_the_whole(order: list[int]) -> None:
    def of(cc: str, platform: str) -> list[Series]:
        return [series(n, 9 * n, 300, platform, cc) for n in order]

    own, others = of("XX", "x"), [*of("XX", "y"), *of("YY", "x"), *of("XX", "z"), *of("ZZ", "y")]
    around = Usual.of([*of("XX", "x"), *others]).around("XX", "x")
    expected = usual_shares([*own[:4], *others])

    assert around.levels_with({key_of(s): weigh((s.unit, s.value)) for s in own[:4]}) == {
        key_of(s): expected[key_of(s)] for s in own[:4]
    }
