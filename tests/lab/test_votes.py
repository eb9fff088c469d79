from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.changes.detector import Series
from overt.lab.archive import full_truth, simulate
from overt.lab.bulk import hour_of
from overt.lab.votes import VoteWorld, pilot_world, simulate_series, simulate_votes, truth_of
from overt.lab.world import Forgery, Interference, Outage, Scenario, Uploads, Weather


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUIET = pilot_world(7, (3.0, 0.3), days=60)
START_H = int(hour_of(QUIET.scenario.start))


def changed(world: VoteWorld, **fields: Any) -> VoteWorld:
    return replace(world, scenario=replace(world.scenario, **fields))


def forgery(world: VoteWorld, identities: int) -> Forgery:
    return Forgery(
        network=64496,
        identities=identities,
        reports_per_hour=5,
        start=world.scenario.start + timedelta(days=10),
        end=world.scenario.start + timedelta(days=24),
    )


# -- votes -----------------------------------------------------------------------------------------


def test_the_same_world_gives_the_same_votes() -> None:
    assert simulate_votes(QUIET) == simulate_votes(pilot_world(7, (3.0, 0.3), days=60))


def test_replicates_differ_and_are_the_same_each_time() -> None:
    first, second = QUIET.replicate(0), QUIET.replicate(1)

    assert simulate_votes(first) != simulate_votes(second)
    assert simulate_votes(first) == simulate_votes(QUIET.replicate(0))


def test_a_network_draws_its_own_lots() -> None:
    alone = pilot_world(7, (3.0,), days=60)

    assert simulate_votes(alone)[0] == simulate_votes(QUIET)[0]


def test_votes_come_with_the_key_of_their_series() -> None:
    assert [key for key, _ in simulate_votes(QUIET)] == [
        ("XX", "x", "x/web", 64496),
        ("XX", "x", "x/web", 64497),
    ]


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(min_value=-(2**40), max_value=2**70),
    rate=st.sampled_from([0.01, 0.3, 3.0]),
    identities=st.integers(min_value=1, max_value=3),
    missing=st.sampled_from([0.0, 0.4, 1.0]),
)
def test_a_detector_takes_every_series(
    seed: int, rate: float, identities: int, missing: float
) -> None:
    world = pilot_world(seed, (rate,), 30, blocked=(0,), span_h=(100, 200.5))
    world = changed(
        world, forgeries=(forgery(world, identities),), uploads=Uploads(missing_share=missing)
    )
    [(key, votes)] = simulate_votes(world)
    series = Series.of(key, votes)  # refuses two votes of a unit in an hour, and values outside

    assert votes == list(zip(series.hour.tolist(), series.unit, series.value.tolist(), strict=True))
    assert all(START_H <= hour < START_H + 720 for hour, _, _ in votes)


def test_an_hour_of_two_reports_by_one_unit_is_one_vote() -> None:
    world = pilot_world(7, (200.0,), days=3, blocked=(0,), share=0.5)
    values = {value for _, _, value in simulate_votes(world)[0][1]}

    assert {0.0, 0.5, 1.0} < values


def test_a_quiet_world_fails_as_often_as_the_pilot() -> None:
    series = next(simulate_series(pilot_world(7, (3.0,), days=365)))

    assert len(series.value) == pytest.approx(0.95 * 3 * 8760, rel=0.03)  # some hours hold two
    assert series.value.mean() == pytest.approx(0.052, abs=0.01)
    assert len(series.units) == 30


def test_a_world_without_reports_is_an_empty_series() -> None:
    silent = changed(QUIET, uploads=Uploads(missing_share=1.0))

    assert [votes for _, votes in simulate_votes(silent)] == [[], []]


def test_late_reports_are_not_yet_in_as_of_an_hour() -> None:
    late = changed(QUIET, uploads=Uploads(late_share=0.5, late_h=48))
    then = START_H + 30 * 24
    early, final = ({(h, u) for h, u, _ in simulate_votes(late, t)[0][1]} for t in (then, None))
    before = {(h, u) for h, u in final if h < then}

    assert early < before
    assert len(early & {(h, u) for h, u in final if h >= then - 24}) < 0.75 * len(
        {(h, u) for h, u in before if h >= then - 24}
    )


# -- what is done, and its truth -------------------------------------------------------------------


def share_by_state(world: VoteWorld) -> tuple[float, float]:
    """Return the failing share of the first series outside and inside its true span."""
    key, votes = simulate_votes(world)[0]
    truth = truth_of(world)[key]
    assert truth.onset_h is not None
    end = truth.end_h or 2**40
    inside = [v for h, _, v in votes if truth.onset_h <= h < end]
    outside = [v for h, _, v in votes if not truth.onset_h <= h < end]
    return float(np.mean(outside)), float(np.mean(inside))


def test_the_blocked_share_holds_between_onset_and_end() -> None:
    world = pilot_world(7, (3.0,), days=90, blocked=(0,), span_h=(720, 1440))

    assert share_by_state(world) == pytest.approx((0.052, 0.905), abs=0.02)


def test_the_truth_of_a_quiet_series_has_neither_onset_nor_end() -> None:
    world = pilot_world(7, (1.0, 1.0), days=10, blocked=(1,), span_h=(50.5, 100.5))
    quiet, hit = truth_of(world).values()

    assert (quiet.onset_h, quiet.end_h, quiet.networks_hit) == (None, None, (64497,))
    assert (hit.onset_h, hit.end_h) == (START_H + 50, START_H + 101)


def test_a_block_that_outlasts_the_days_has_no_end() -> None:
    [truth] = truth_of(pilot_world(7, (1.0,), days=10, blocked=(0,), span_h=(50, 240))).values()

    assert truth.end_h is None


def test_the_onset_of_a_schedule_is_its_first_hour() -> None:
    world = pilot_world(7, (1.0,), days=10, blocked=(0,), span_h=(0, 239))
    [rule] = world.scenario.interferences
    rule = replace(rule, hours=((7, 10),), utc_offset_h=3, weekdays=(1, 2))  # Monday is day one
    pause = (world.scenario.start + timedelta(hours=28), world.scenario.start + timedelta(hours=29))
    [truth] = truth_of(changed(world, interferences=(replace(rule, pauses=(pause,)),))).values()

    assert (truth.onset_h, truth.end_h) == (START_H + 29, START_H + 223)


def test_a_site_that_is_down_is_no_interference() -> None:
    world = pilot_world(7, (1.0,), days=10, blocked=(0,))
    [rule] = world.scenario.interferences
    [truth] = truth_of(changed(world, interferences=(replace(rule, mechanism="down"),))).values()

    assert (truth.onset_h, truth.networks_hit) == (None, ())


def test_forged_units_are_counted_named_and_leave_the_others_alone() -> None:
    world = changed(QUIET, forgeries=(forgery(QUIET, 2),))
    key, votes = simulate_votes(world)[0]
    named = truth_of(world)[key].forged_units
    by_unit: dict[str, list[float]] = defaultdict(list)
    for _, unit, value in votes:
        by_unit[unit].append(value)

    assert [by_unit[unit] for unit in named] == [[1.0] * 14 * 24] * 2
    assert [v for v in votes if v[1] not in named] == simulate_votes(QUIET)[0][1]


def test_an_outage_is_silent() -> None:
    start = QUIET.scenario.start + timedelta(days=10)
    outage = Outage(networks=(64496,), start=start, end=start + timedelta(days=5))
    votes, others = (v for _, v in simulate_votes(changed(QUIET, outages=(outage,))))
    out = range(START_H + 240, START_H + 360)

    assert not [h for h, _, _ in votes if h in out]
    assert others == simulate_votes(QUIET)[1][1]


def test_gaps_silence_their_share_of_the_time() -> None:
    gappy = replace(QUIET.scenario.networks[0], gaps_per_day=1.0, gap_h=12.0)
    [_, votes] = simulate_votes(changed(QUIET, networks=(gappy,)))[0]

    # half the time would be lost if gaps did not overlap; a Poisson cover leaves exp(-1/2) of it
    assert len(votes) / len(simulate_votes(QUIET)[0][1]) == pytest.approx(0.61, abs=0.15)


def test_more_networks_than_are_reserved_are_refused() -> None:
    with pytest.raises(ValueError, match="32 networks"):
        pilot_world(1, (1.0,) * 33)


# -- the two outputs are one world -----------------------------------------------------------------


def shared_world() -> VoteWorld:
    """Return a world both outputs can afford: a schedule, half-hit, in bad weather, with losses."""
    world = pilot_world(11, (12.0, 6.0), days=20, blocked=(0,), span_h=(200.5, 400), share=0.6)
    [rule] = world.scenario.interferences
    networks = tuple(
        replace(n, unit_skew=0.8, visits_per_day=1.0, gaps_per_day=0.1)
        for n in world.scenario.networks
    )
    return changed(
        world,
        networks=networks,
        interferences=(replace(rule, hours=((6, 18),), utc_offset_h=3),),
        uploads=Uploads(missing_share=0.1, blocked_missing_share=0.4),
        weather=Weather(bursts_per_day=0.5),
        forgeries=(forgery(world, 2),),
    )


def documents_as_votes(scenario: Scenario) -> dict[int, dict[tuple[int, str], list[float]]]:
    """Return for each network, hour and probe the reports of the archive that fail, 1, or not."""
    found: dict[int, dict[tuple[int, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    for body in simulate(scenario):
        at = datetime.fromisoformat(body["measurement_start_time"] + "+00:00")
        place = (int(hour_of(at)), body["probe_id"])
        fails = body["test_keys"]["requests"][0]["failure"] is not None
        found[int(body["probe_asn"][2:])][place].append(float(fails))
    return found


def test_the_outputs_agree_in_failing_share_and_volume_within_sampling_error() -> None:
    world = shared_world()
    documents = documents_as_votes(world.scenario)
    [rule] = world.scenario.interferences
    for (_, _, _, asn), votes in simulate_votes(world):
        told = {place: float(np.mean(v)) for place, v in documents[asn].items()}
        drawn = {(hour, unit): value for hour, unit, value in votes}
        for is_blocked in (False, True):
            a, b = (
                [v for (h, _), v in found.items() if on(rule, asn, h) == is_blocked]
                for found in (told, drawn)
            )
            if not a and not b:
                continue
            spread = (np.var(a) / len(a) + np.var(b) / len(b)) ** 0.5
            assert abs(np.mean(a) - np.mean(b)) < 4 * spread
            assert abs(len(a) - len(b)) < 4 * (len(a) + len(b)) ** 0.5


def test_the_outputs_agree_by_hour_of_the_day() -> None:
    world = shared_world()
    documents = documents_as_votes(world.scenario)
    for (_, _, _, asn), votes in simulate_votes(world):
        for clock in range(24):
            a = [np.mean(v) for (h, _), v in documents[asn].items() if h % 24 == clock]
            b = [v for h, _, v in votes if h % 24 == clock]
            spread = (np.var(a) / len(a) + np.var(b) / len(b)) ** 0.5
            assert abs(np.mean(a) - np.mean(b)) <= 4.5 * spread  # 48 comparisons


def test_the_outputs_name_the_same_units_and_the_same_forged_ones() -> None:
    world = shared_world()
    documents = documents_as_votes(world.scenario)
    for key, votes in simulate_votes(world):
        told, drawn = {unit for _, unit in documents[key[3]]}, {unit for _, unit, _ in votes}
        assert len(told & drawn) > 0.9 * len(told | drawn)
    named = full_truth(world.scenario)["drawn"]["forged_units"]["XX:64496"]

    assert tuple(named) == truth_of(world)["XX", "x", "x/web", 64496].forged_units


def on(rule: Interference, asn: int, hour: int) -> bool:
    return rule.is_on(asn, EPOCH + timedelta(hours=hour, minutes=30))
