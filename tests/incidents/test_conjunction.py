"""On how many networks at least: never too many, whatever hours are chosen and whoever lies."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.changes.bets import STAKE_SHARES, trimmed_units
from overt.changes.detector import Series, hour_time
from overt.changes.registry import detect_all, series_of
from overt.incidents.affected import MAX_USUAL
from overt.incidents.case import cases_of
from overt.incidents.conjunction import ALPHA, at_least, e_value, pairs_of_hours
from overt.incidents.fit import events
from overt.lab.votes import VoteWorld, pilot_world, simulate_votes
from overt.lab.world import Forgery


REPLICATES = 500
ALL = (0, 10_000)


def series(votes: list[tuple[int, str, float]]) -> Series:
    return Series.of(("XX", "x", "x", 1), votes)


def plain(values: list[float]) -> float:
    """Return the e-value of votes of which none is left out."""
    wealth = 1 + np.outer(STAKE_SHARES / MAX_USUAL, np.array(values) - MAX_USUAL)
    return float(wealth.prod(axis=1).mean())


# -- one network -----------------------------------------------------------------------------------


@pytest.mark.parametrize("units", ["aabbcc", "abcdef", "aaaaab"])
def test_its_expectation_as_usual_is_at_most_one(units: str) -> None:
    # exactly, over all outcomes of six votes that fail as often as the level allows
    total = 0.0
    for fails in product((0.0, 1.0), repeat=len(units)):
        chance = float(np.prod([MAX_USUAL if f else 1 - MAX_USUAL for f in fails]))
        votes = [(h, u, f) for h, (u, f) in enumerate(zip(units, fails, strict=True))]
        total += chance * e_value(series(votes), ALL)

    assert total <= 1 + 1e-12


@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from([0.0, 0.4, 1.0])), max_size=40),
    st.lists(st.sampled_from([0.0, 0.4, 1.0]), min_size=1, max_size=60),
    st.integers(1, 3),
)
def test_forged_units_give_no_more_than_the_honest_votes_alone(
    honest: list[tuple[str, float]], forged: list[float], n_forgers: int
) -> None:
    votes = [(h, u, v) for h, (u, v) in enumerate(honest)]
    lies = [(h, f"forged {n}", v) for h, v in enumerate(forged) for n in range(n_forgers)]
    n_units = len({u for u, _ in honest}) + n_forgers
    if n_forgers <= trimmed_units(n_units):
        honest_alone = plain([v for _, v in honest])

        assert e_value(series([*votes, *lies]), ALL) <= honest_alone * (1 + 1e-9)


def test_a_network_of_one_unit_or_none_is_no_evidence() -> None:
    assert e_value(series([(h, "a", 1.0) for h in range(100)]), ALL) == 1.0
    assert e_value(series([]), ALL) == 1.0


def test_hours_outside_do_not_count() -> None:
    votes = [(h, u, 1.0) for h in range(50, 60) for u in "abc"]

    assert e_value(series(votes), (60, 90)) == 1.0
    assert e_value(series(votes), (50, 59)) > 1e9


# -- several networks ------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12), st.integers(1, 1000))
def test_it_is_the_largest_number_whose_smallest_values_average_enough(
    e_values: list[float], chosen_from: int
) -> None:
    ordered, n = sorted(e_values), len(e_values)
    holds = [
        r for r in range(1, n + 1) if np.mean(ordered[: n - r + 1]) >= chosen_from / ALPHA * 1.0001
    ]
    may_hold = [
        r for r in range(1, n + 1) if np.mean(ordered[: n - r + 1]) >= chosen_from / ALPHA * 0.9999
    ]

    assert max(holds, default=0) <= at_least(e_values, chosen_from) <= max(may_hold, default=0)


@pytest.mark.parametrize("k", range(6))
def test_clear_networks_are_counted_and_the_others_are_not(k: int) -> None:
    assert at_least([1e9] * k + [0.5] * (5 - k)) == k


def test_no_network_is_no_number() -> None:
    assert at_least([]) == 0
    assert pairs_of_hours([]) == 0


def test_pairs_of_hours_are_counted_over_all_networks() -> None:
    assert pairs_of_hours([series([(3, "a", 0.0)]), series([(1, "a", 0.0), (2, "b", 0.0)])]) == 6


def test_hours_chosen_for_their_failures_do_not_make_a_number_too_high() -> None:
    """Two networks fail exactly as often as the level allows; the worst of all hours is taken.

    Votes are bet on as they are: with the heaviest units left out there is much less to choose.
    """
    rng = np.random.default_rng(20240217)
    n_hours = 96
    chosen = [(a, b) for a in range(0, n_hours, 3) for b in range(a + 3, n_hours + 1, 3)]
    wrong = wrong_as_if_not_chosen = 0
    for _ in range(REPLICATES):
        fails = (rng.random((2, n_hours)) < MAX_USUAL).astype(float)
        logs = [np.log1p(np.outer(STAKE_SHARES / MAX_USUAL, v - MAX_USUAL)) for v in fails]
        until = [np.pad(one.cumsum(axis=1), ((0, 0), (1, 0))) for one in logs]
        found = [[float(np.exp(u[:, b] - u[:, a]).mean()) for u in until] for a, b in chosen]
        wrong += any(at_least(e, n_hours * (n_hours + 1) // 2) for e in found)
        wrong_as_if_not_chosen += any(at_least(e) for e in found)

    assert wrong <= ALPHA * REPLICATES < wrong_as_if_not_chosen


# -- simulated countries ---------------------------------------------------------------------------


def numbers(world: VoteWorld) -> list[int]:
    """Return the number of each incident of a world, from its votes up."""
    rows = [
        {"hour": hour_time(h), "cc": key[0], "platform": key[1], "target": key[2], "asn": key[3],
         "unit": u, "n_measurements": 1000, "n_failing": round(1000 * v)}
        for key, votes in simulate_votes(world) for h, u, v in votes
    ]  # fmt: skip
    [case] = cases_of(pa.Table.from_pylist(rows), {}).values()
    everyone = list(case.series.values())
    return [
        at_least(
            [e_value(s, (f.segment.first, f.segment.last)) for s in everyone],
            pairs_of_hours(everyone),
        )
        for _, f in events(case, detect_all(series_of(rows)))
    ]


def test_with_three_of_six_networks_blocked_it_is_three_and_never_more() -> None:
    world = pilot_world(11, (1.5,) * 6, 12, (0, 2, 4), (96.0, 216.0))
    found = Counter(r for n in range(REPLICATES) for r in numbers(world.replicate(n)))
    print(dict(found))  # noqa: T201 - the figures of docs/explanation/detection.md: pytest -s

    assert sum(n for r, n in found.items() if r > 3) <= ALPHA * REPLICATES
    assert found[3] >= 0.95 * REPLICATES


@pytest.mark.parametrize("k", [1, 6])
def test_one_network_and_all_networks_are_told_apart(k: int) -> None:
    world = pilot_world(12, (1.5,) * 6, 16, range(k), (144.0, 264.0))
    found = Counter(r for n in range(20) for r in numbers(world.replicate(n)))

    assert found[k] >= 19


def test_forgers_on_one_network_beside_a_real_block_do_not_raise_the_number() -> None:
    world = pilot_world(13, (1.5,) * 3, 16, (0,), (144.0, 264.0))
    start = world.scenario.start + timedelta(hours=144)
    forgery = Forgery(network=64497, identities=3, reports_per_hour=5, start=start,
                      end=start + timedelta(hours=120))  # fmt: skip
    lying = replace(world, scenario=replace(world.scenario, forgeries=(forgery,)))

    assert numbers(world) == [1]
    assert numbers(lying) == [1]
