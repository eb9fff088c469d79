from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from overt.lab.archive import moments
from overt.lab.draws import forged_units
from overt.lab.reporters import forged_moments, steady_reports, visiting_reports
from overt.lab.world import (
    Defect,
    Forgery,
    HourlyProbe,
    Interference,
    Outage,
    Scenario,
    SimulatedNetwork,
    Uploads,
    Weather,
)


START = datetime(2024, 3, 4, tzinfo=UTC)
POND = SimulatedNetwork(asn=64496, name="Pond", cc="XX", reports_per_hour=20, units=8)
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
    days=8,
    networks=(POND,),
    failing_share=0.0,
)
BLOCK = Interference(
    networks=(64496,), mechanism="tls.reset", start=START, end=START + timedelta(days=8)
)


def failing_share(scenario: Scenario) -> float:
    failing = [m.mechanism is not None for m in moments(scenario)]
    return sum(failing) / len(failing)


def test_steady_reports_come_at_their_rate() -> None:
    n_reports = len(list(steady_reports(WORLD, POND)))

    assert n_reports == pytest.approx(20 * 24 * 8, rel=0.06)


def test_skew_moves_reports_between_units_and_in_time_none() -> None:
    even = list(steady_reports(WORLD, POND))
    skewed = list(steady_reports(WORLD, replace(POND, unit_skew=1.5)))
    sent = Counter(r.unit for r in skewed)

    assert [r.at for r in even] == [r.at for r in skewed]
    assert sent[0] / len(skewed) == pytest.approx(0.51, abs=0.03)


def test_a_visitor_reports_every_hour_and_then_no_more() -> None:
    probe = HourlyProbe(network=64496, start=START, end=START + timedelta(days=3))
    times = [r.at for r in visiting_reports(replace(WORLD, probes=(probe,)), POND)]
    hours = [(t - START) // timedelta(hours=1) for t in times]

    assert hours == list(range(72))


def test_nobody_reports_outside_the_days_simulated() -> None:
    probe = HourlyProbe(
        network=64496, start=START - timedelta(days=3), end=START + timedelta(days=99)
    )
    times = [r.at for r in visiting_reports(replace(WORLD, probes=(probe,)), POND)]

    assert min(times) >= START and max(times) < WORLD.end


def test_a_share_of_the_reports_is_interfered_with() -> None:
    world = replace(WORLD, interferences=(replace(BLOCK, share=0.7),))

    assert failing_share(world) == pytest.approx(0.7, abs=0.025)


def test_what_an_interference_misses_fails_as_usual() -> None:
    world = replace(WORLD, interferences=(replace(BLOCK, share=0.5),), failing_share=0.2)

    assert failing_share(world) == pytest.approx(0.6, abs=0.025)


def test_a_pause_is_respected() -> None:
    pause = (START + timedelta(hours=30), START + timedelta(hours=50))
    world = replace(WORLD, interferences=(replace(BLOCK, pauses=(pause,)),))

    assert all((m.mechanism is None) == (pause[0] <= m.at < pause[1]) for m in moments(world))


def test_a_roll_out_reaches_each_network_at_its_time() -> None:
    rule = replace(BLOCK, networks=(64496, 64497), stagger_h=48)
    world = replace(WORLD, networks=(POND, LAKE), interferences=(rule,))

    assert all(
        (m.mechanism is None) == (m.network.asn == 64497 and m.at < START + timedelta(hours=48))
        for m in moments(world)
    )


def test_a_defective_version_fails_on_every_network_and_no_other_version_does() -> None:
    since = START + timedelta(days=2)
    defect = Defect(version="3.21.0", start=since)
    world = replace(WORLD, networks=(POND, LAKE), defects=(defect,))
    failing = {(m.network.asn, world.version_of(m.unit)) for m in moments(world) if m.mechanism}

    assert failing == {(64496, "3.21.0"), (64497, "3.21.0")}
    assert min(m.at for m in moments(world) if m.mechanism) >= since


def test_units_spread_about_the_failing_share() -> None:
    world = replace(WORLD, failing_share=0.2, failing_spread=0.1)
    by_unit = Counter(m.unit for m in moments(world) if m.mechanism)

    assert max(by_unit.values()) > 1.5 * min(by_unit.values())


def test_in_bad_weather_everyone_fails_more() -> None:
    world = replace(
        WORLD, failing_share=0.05, weather=Weather(bursts_per_day=200, failing_share=0.35)
    )

    assert failing_share(world) == pytest.approx(0.35, abs=0.025)


def test_forged_reports_keep_their_rate_and_their_hours() -> None:
    forgery = Forgery(
        network=64496,
        identities=2,
        reports_per_hour=5,
        start=START + timedelta(minutes=30),
        end=START + timedelta(hours=24, minutes=30),
    )
    world = replace(WORLD, forgeries=(forgery,))
    forged = list(forged_moments(world, POND))

    assert Counter(m.unit for m in forged) == dict.fromkeys(forged_units(world, POND, forgery), 120)
    assert all(forgery.start <= m.at < forgery.end for m in forged)
    assert list(forged_moments(world, LAKE)) == []


def test_an_upload_waits_for_the_network_to_return() -> None:
    outage = Outage(
        networks=(64496,), start=START + timedelta(days=1), end=START + timedelta(days=6)
    )
    world = replace(WORLD, outages=(outage,), uploads=Uploads(late_share=1.0))
    arrived = [m.arrived for m in moments(world) if m.arrived]

    assert arrived and not [a for a in arrived if outage.start <= a < outage.end]
    assert outage.end in arrived
