"""How few units an incident rests on, against every subset and against forged worlds."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from overt.changes.detector import hour_time
from overt.changes.null import Usual
from overt.changes.registry import detect_all, series_of
from overt.incidents.case import Case, cases_of
from overt.incidents.fit import events
from overt.incidents.removal import EFFORT, MOST_TRIES, Rest, fewest
from overt.lab.votes import VoteWorld, pilot_world, simulate_votes, truth_of
from overt.lab.world import Forgery
from overt.vocabulary.judgements import Removal
from strategies import FIRST_HOUR


Row = dict[str, Any]
Hours = tuple[int, int]
KEY = ("XX", "x")


def row(key: tuple[str, str, str, int], hour: int, unit: str, value: float) -> Row:
    """Return a vote of 1,000 measurements, so that shares are kept."""
    cc, platform, target, asn = key
    failing = round(1000 * value)
    return {"hour": hour_time(hour), "cc": cc, "platform": platform, "target": target, "asn": asn,
            "unit": unit, "n_measurements": 1000, "n_failing": failing}  # fmt: skip


def case_of(rows: list[Row]) -> Case | None:
    return cases_of(pa.Table.from_pylist(rows), {}).get(KEY) if rows else None


def found_in(rows: list[Row]) -> list[Hours]:
    """Return the hours of every incident, from the votes up."""
    case = case_of(rows)
    if case is None:
        return []
    changes = [c for c in detect_all(series_of(rows)) if (c.cc, c.platform) == KEY]
    return [(f.segment.first, f.segment.last) for _, f in events(case, changes)]


def stands_without(rows: list[Row], hours: Hours, removed: frozenset[str]) -> bool:
    left = [r for r in rows if (r["cc"], r["platform"]) != KEY or r["unit"] not in removed]
    return any(a <= hours[1] and b >= hours[0] for a, b in found_in(left))


def rest_of(rows: list[Row]) -> Rest:
    case = case_of(rows)
    assert case is not None
    return Rest(case, Usual.of(series_of(rows)))


@st.composite
def worlds(draw: st.DrawFn) -> list[Row]:
    """Draw three days of two networks and seven units, of which some fail on the second day."""
    rows: list[Row] = []
    for number in range(7):
        asn = 1 if number < 4 else 2
        fails = draw(st.sampled_from([True, True, False] if asn == 1 else [True, False]))
        every, offset = draw(st.integers(1, 3)), draw(st.integers(0, 2))
        for hour in range(offset, 72, every):
            value = float(fails and 24 <= hour < 48)
            rows.append(row((*KEY, "x/web", asn), FIRST_HOUR + hour, f"u{number}", value))
    for asn in (1, 2):
        for platform in ("y", "z"):
            share = draw(st.sampled_from([0.0, 0.1]))
            for hour in range(40):
                value = float(hour % 10 < 10 * share)
                key = ("XX", platform, f"{platform}/web", asn)
                rows.append(row(key, FIRST_HOUR + hour, f"u{hour % 4}", value))
    return rows


@settings(max_examples=25, deadline=None)
@given(worlds())
def test_the_number_is_the_least_of_all_subsets(rows: list[Row]) -> None:
    incidents = found_in(rows)
    assume(incidents)
    hours = incidents[0]
    units = sorted({r["unit"] for r in rows if r["platform"] == "x"})
    least = next(
        n
        for n in range(1, len(units) + 1)
        if any(not stands_without(rows, hours, frozenset(s)) for s in combinations(units, n))
    )
    removal = fewest(rest_of(rows), hours)

    assert (removal.at_least, removal.at_most) == (least, least)
    assert len(removal.units) == least
    assert not stands_without(rows, hours, frozenset(removal.units))


@settings(max_examples=25, deadline=None)
@given(worlds(), st.sets(st.sampled_from([f"u{n}" for n in range(7)])))
def test_what_is_left_is_judged_as_if_the_units_had_never_reported(
    rows: list[Row], removed: set[str]
) -> None:
    hours = (FIRST_HOUR + 24, FIRST_HOUR + 47)
    gone = frozenset(removed)

    assert rest_of(rows).stands(hours, gone) == stands_without(rows, hours, gone)


@settings(max_examples=15, deadline=None)
@given(worlds(), st.integers(1, 100_000))
def test_with_little_effort_the_bracket_is_open_and_true(rows: list[Row], effort: int) -> None:
    incidents = found_in(rows)
    assume(incidents)
    exact = fewest(rest_of(rows), incidents[0])
    quick = fewest(rest_of(rows), incidents[0], effort)

    assert quick.at_least <= exact.at_least <= quick.at_most == len(quick.units)
    assert not stands_without(rows, incidents[0], frozenset(quick.units))


def test_shuffled_votes_give_the_same_units() -> None:
    world = forged(4)
    rows = rows_of(world)
    shuffled = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    [hours] = found_in(rows)

    assert found_in(shuffled) == [hours]
    assert fewest(rest_of(rows), hours, 90_000) == fewest(rest_of(shuffled), hours, 90_000)


# -- forged worlds ---------------------------------------------------------------------------------


def forged(identities: int, seed: int = 3) -> VoteWorld:
    """Return a quiet world of three networks in which invented units report a block for a week."""
    world = pilot_world(seed, (1.0, 1.0, 1.0), days=40)
    start = world.scenario.start + timedelta(days=20)
    forgery = Forgery(network=64496, identities=identities, reports_per_hour=2, start=start,
                      end=start + timedelta(days=7))  # fmt: skip
    return replace(world, scenario=replace(world.scenario, forgeries=(forgery,)))


def rows_of(world: VoteWorld) -> list[Row]:
    return [row(key, h, u, v) for key, votes in simulate_votes(world) for h, u, v in votes]


def removal_in(rows: list[Row]) -> Removal:
    [hours] = found_in(rows)
    return fewest(rest_of(rows), hours, EFFORT // 4)


@pytest.mark.parametrize("identities", [3, 4, 6])
def test_a_forged_incident_is_cancelled_by_some_of_its_forgers(identities: int) -> None:
    world = forged(identities)
    removal = removal_in(rows_of(world))
    forgers = {u for t in truth_of(world).values() for u in t.forged_units}

    assert removal.at_most < identities
    assert set(removal.units) <= forgers


def test_one_forger_makes_no_incident() -> None:
    assert found_in(rows_of(forged(1))) == []


def test_more_forgers_make_an_incident_that_rests_on_more() -> None:
    few, many = (removal_in(rows_of(forged(n))).at_most for n in (3, 12))

    assert few < many


def test_a_block_that_many_units_saw_rests_on_more_than_a_forged_one() -> None:
    blocked = pilot_world(3, (1.0, 1.0, 1.0), 40, (0, 1, 2), (480.0, 648.0))
    rows = rows_of(blocked)
    [hours] = found_in(rows)
    removal = fewest(rest_of(rows), hours)

    assert removal.at_least > 1
    assert removal.at_most > removal_in(rows_of(forged(4))).at_most


def test_thousands_of_units_are_bounded() -> None:
    """One report each: each try reads all votes, so what bounds the time is how many there are."""
    rows = [
        row((*KEY, "x/web", asn), FIRST_HOUR + n // 10, f"{asn}-{n}", float(200 <= n // 10 < 300))
        for asn in (1, 2)
        for n in range(4000)
    ]
    [hours] = found_in(rows)
    rest, asked = rest_of(rows), 0
    judge = rest.stands

    def counted(within: Hours, removed: frozenset[str]) -> bool:
        nonlocal asked
        asked += 1
        return judge(within, removed)

    rest.stands = counted  # type: ignore[method-assign,assignment]
    removal = fewest(rest, hours, 200_000)

    assert asked <= MOST_TRIES
    assert 1 < removal.at_most <= 2000
    assert not judge(hours, frozenset(removal.units))
