from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import fmean, stdev

import pytest

from overt.lab.draws import (
    drawn_truth,
    forged_units,
    silences,
    unit_name,
    unit_weights,
    usual_share,
    visits,
    weather,
)
from overt.lab.world import Forgery, HourlyProbe, Outage, Scenario, SimulatedNetwork, Weather


START = datetime(2024, 3, 4, tzinfo=UTC)
POND = SimulatedNetwork(asn=64496, name="Pond", cc="XX", reports_per_hour=1)
LAKE = replace(POND, asn=64497, name="Lake")
WORLD = Scenario(
    name="goose",
    title="A goose",
    seed=7,
    cc="XX",
    platform="x",
    nettest="web_connectivity",
    url="https://x.com/",
    first_day=START.date(),
    days=400,
    networks=(POND, LAKE),
)


def test_visits_come_at_their_rate_and_stay_as_long_as_they_should() -> None:
    came = visits(WORLD, replace(POND, visits_per_day=2.0, visit_h=30.0))

    assert len(came) == pytest.approx(800, rel=0.1)
    assert fmean(v.n_reports for v in came) == pytest.approx(30.5, rel=0.1)


def test_visitors_are_strangers_to_the_network_and_to_one_another() -> None:
    units = [v.unit for v in visits(WORLD, replace(POND, visits_per_day=2.0))]

    assert min(units) >= POND.units and len(set(units)) == len(units)


def test_a_listed_probe_reports_every_hour_of_its_days_and_then_vanishes() -> None:
    probe = HourlyProbe(network=64496, start=START, end=START + timedelta(days=3))
    [visit] = visits(replace(WORLD, probes=(probe,)), POND)

    assert (visit.start, visit.every_h, visit.n_reports) == (START, 1.0, 72)


@pytest.mark.parametrize("version", ["3.20.0", "3.21.0", "3.22.0", "3.23.0"])
def test_a_listed_probe_runs_the_version_it_is_to_run(version: str) -> None:
    probe = HourlyProbe(network=64496, start=START, end=START + timedelta(hours=1), version=version)
    [visit] = visits(replace(WORLD, probes=(probe,)), POND)

    assert WORLD.version_of(visit.unit) == version


def test_forged_identities_are_as_many_as_asked_for_and_none_is_regular() -> None:
    forgery = Forgery(
        network=64496, identities=9, reports_per_hour=1, start=START, end=START + timedelta(1)
    )
    units = forged_units(replace(WORLD, forgeries=(forgery,)), POND, forgery)

    assert len(set(units)) == 9 and min(units) >= POND.units


def test_weather_comes_at_its_rate_and_lasts_its_hours() -> None:
    spans = weather(replace(WORLD, weather=Weather(bursts_per_day=1.0)), POND)

    assert len(spans) == pytest.approx(400, rel=0.15)
    assert {b - a for a, b in spans} == {timedelta(hours=3)}


def test_networks_have_weather_of_their_own() -> None:
    world = replace(WORLD, weather=Weather())

    assert weather(world, POND) != weather(world, LAKE)


def test_silences_are_outages_and_gaps() -> None:
    outage = Outage(networks=(64496,), start=START, end=START + timedelta(hours=1))
    world, gappy = replace(WORLD, outages=(outage,)), replace(POND, gaps_per_day=1.0, gap_h=4.0)
    spans = silences(world, gappy)
    gaps_h = [(b - a) / timedelta(hours=1) for a, b in spans[1:]]

    assert spans[0] == (outage.start, outage.end)
    assert (len(gaps_h), fmean(gaps_h)) == pytest.approx((400, 4.0), rel=0.15)
    assert silences(world, LAKE) == []


def test_units_share_a_failing_share_unless_it_spreads() -> None:
    assert usual_share(WORLD, POND, 1) == usual_share(WORLD, POND, 2) == 0.01


def test_a_units_failing_share_spreads_and_stays_within_bounds() -> None:
    world = replace(WORLD, failing_share=0.25, failing_spread=0.05)
    shares = [usual_share(world, POND, unit) for unit in range(500)]

    assert fmean(shares) == pytest.approx(0.25, abs=0.01)
    assert stdev(shares) == pytest.approx(0.05, rel=0.15)
    assert min(shares) >= 0 and max(shares) <= 0.5


def test_skew_gives_most_reports_to_few_units() -> None:
    weights = unit_weights(replace(POND, units=94, unit_skew=1.0))

    assert sum(weights) == pytest.approx(1.0)
    assert sum(weights[:5]) == pytest.approx(0.445, abs=0.01)


def test_names_tell_units_and_networks_apart() -> None:
    names = {unit_name(WORLD, network, unit) for network in (POND, LAKE) for unit in range(100)}

    assert len(names) == 200


def test_nothing_is_drawn_that_was_not_asked_for() -> None:
    assert drawn_truth(WORLD) == {}


def test_the_drawn_truth_is_kept_by_network() -> None:
    world = replace(WORLD, networks=(replace(POND, visits_per_day=1.0), LAKE))

    assert list(drawn_truth(world)["visits"]) == ["XX:64496"]
