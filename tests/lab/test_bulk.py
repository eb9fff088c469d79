from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from overt.lab.bulk import (
    Reports,
    forged_reports,
    honest_reports,
    hour_of,
    inside,
    is_on,
    vote_of,
)
from overt.lab.world import (
    Defect,
    Forgery,
    Interference,
    Outage,
    Scenario,
    SimulatedNetwork,
    Uploads,
    Weather,
)


START = datetime(2024, 3, 4, tzinfo=UTC)  # a Monday
POND = SimulatedNetwork(asn=64496, name="Pond", cc="XX", reports_per_hour=20, units=8)
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
    failing_share=0.05,
)
RULE = Interference(
    networks=(64497, 64496),
    mechanism="tls.reset",
    start=START + timedelta(hours=7, minutes=20),
    end=START + timedelta(days=7),
    hours=((7, 10), (13, 16)),
    weekdays=(0, 1, 4),
    utc_offset_h=5,
    pauses=((START + timedelta(hours=28), START + timedelta(hours=29, minutes=15)),),
    stagger_h=2.5,
)
EXTRA = replace(
    WORLD,
    weather=Weather(bursts_per_day=1),
    interferences=(replace(RULE, share=0.5),),
    uploads=Uploads(late_share=0.2, missing_share=0.2),
)


def same(a: Reports, b: Reports) -> bool:
    return all(np.array_equal(getattr(a, f), getattr(b, f)) for f in ("at", "unit"))


def test_a_rule_is_on_in_bulk_when_it_is_on_one_by_one() -> None:
    minutes = [START + timedelta(minutes=5 * k) for k in range(12 * 24 * 8)]
    in_bulk = is_on(RULE, 64496, np.array([hour_of(m) for m in minutes]))

    assert in_bulk.tolist() == [RULE.is_on(64496, m) for m in minutes]
    assert 0 < in_bulk.sum() < len(minutes)


def test_spans_are_half_open_and_may_overlap() -> None:
    spans = [(START + timedelta(hours=a), START + timedelta(hours=b)) for a, b in ((0, 5), (1, 2))]
    at = hour_of(START) + np.array([-0.1, 0, 1.5, 3, 5])

    assert inside(at, spans).tolist() == [False, True, True, True, False]
    assert not inside(at, []).any()


def test_reports_come_at_their_rate_and_less_by_night() -> None:
    at = honest_reports(WORLD, POND).at
    clock = np.floor(at).astype(int) % 24

    assert len(at) == pytest.approx(20 * 24 * 8, rel=0.06)
    assert np.isin(clock, range(9, 16)).sum() > 2 * np.isin(clock, [21, 22, 23, 0, 1, 2, 3]).sum()


def test_what_befalls_reports_leaves_who_reports_when() -> None:
    assert same(honest_reports(WORLD, POND), honest_reports(EXTRA, POND))


def test_visits_are_appended_to_reports_that_stay() -> None:
    alone = honest_reports(WORLD, POND)
    visited = honest_reports(WORLD, replace(POND, visits_per_day=3.0))
    n = len(alone.at)

    assert len(visited.at) > n
    assert np.array_equal(visited.at[:n], alone.at) and np.array_equal(
        visited.fails[:n], alone.fails
    )


def test_skew_shares_reports_unevenly() -> None:
    unit = honest_reports(WORLD, replace(POND, unit_skew=1.5)).unit

    assert np.mean(unit == 0) == pytest.approx(0.51, abs=0.03)


def test_a_defective_version_fails_and_no_other_does() -> None:
    defect = Defect(version="3.21.0", start=START + timedelta(days=4))
    reports = honest_reports(replace(WORLD, failing_share=0.0, defects=(defect,)), POND)
    since = reports.at >= hour_of(defect.start)

    assert np.array_equal(reports.fails == 1, since & (reports.unit % 4 == 1))


def test_the_first_of_two_rules_decides() -> None:
    down = Interference(
        networks=(64496,), mechanism="down", start=START, end=START + timedelta(days=8)
    )
    world = replace(WORLD, interferences=(down, replace(down, mechanism="tls.reset")))

    assert honest_reports(world, POND).fails.sum() == 0


def test_what_is_down_votes_as_working_where_a_helper_says_so() -> None:
    telegram = replace(WORLD, nettest="telegram")

    assert (vote_of(WORLD, "down"), vote_of(telegram, "down")) == (0.0, 1.0)


def test_uploads_are_late_and_missing_at_their_shares() -> None:
    reports = honest_reports(EXTRA, POND)
    missing = np.isinf(reports.arrived)

    assert missing.mean() == pytest.approx(0.2, abs=0.02)
    assert (reports.arrived > reports.at)[~missing].mean() == pytest.approx(0.2, abs=0.02)


def test_nothing_arrives_of_or_during_an_outage() -> None:
    outage = Outage(
        networks=(64496,), start=START + timedelta(days=2), end=START + timedelta(days=5)
    )
    world = replace(WORLD, outages=(outage,), uploads=Uploads(late_share=0.5))
    reports = honest_reports(world, POND)
    span = [(outage.start, outage.end)]

    assert np.isinf(reports.arrived[inside(reports.at, span)]).all()
    assert not inside(reports.arrived, span).any()


def test_forged_reports_are_as_many_as_asked_for_and_fail() -> None:
    forgery = Forgery(
        network=64496,
        identities=3,
        reports_per_hour=5,
        start=START + timedelta(hours=1),
        end=START + timedelta(hours=11),
    )
    forged = forged_reports(replace(WORLD, forgeries=(forgery,)), POND)

    assert np.unique(forged.unit, return_counts=True)[1].tolist() == [50, 50, 50]
    assert forged.fails.all()
    assert inside(forged.at, [(forgery.start, forgery.end)]).all()
