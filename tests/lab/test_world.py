from dataclasses import replace
from datetime import UTC, datetime, timedelta

from overt.lab.scenario import parse_scenario
from overt.lab.world import Interference, Outage, Scenario, Uploads


START = datetime(2024, 3, 4, tzinfo=UTC)  # a Monday
GOOSE = """
title = "A goose"
seed = 7
cc = "XX"
platform = "x"
nettest = "web_connectivity"
url = "https://x.com/"
first_day = 2024-03-04
days = 2

[[network]]
asn = 64496
name = "Pond"
reports_per_hour = 2.0
units = 3

[[interference]]
networks = [64496]
mechanism = "tls.reset"
start = 2024-03-05T00:00:00Z
end = 2024-03-06T00:00:00Z
hours = [[7, 10], [13, 16]]
weekdays = ["tue"]
utc_offset_h = 5
"""


def parsed(text: str) -> Scenario:
    return parse_scenario("goose", text, "goose.toml")


def interference(
    hours: tuple[tuple[int, int], ...] = (), weekdays: tuple[int, ...] = (), offset: int = 0
) -> Interference:
    return Interference(
        networks=(64496,),
        mechanism="tls.reset",
        start=START,
        end=START + timedelta(days=7),
        hours=hours,
        weekdays=weekdays,
        utc_offset_h=offset,
    )


# -- when an interference is on --------------------------------------------------------------------


def test_an_interference_is_on_from_its_start_until_its_end() -> None:
    rule = interference()

    assert [rule.is_on(64496, moment) for moment in (rule.start, rule.end)] == [True, False]


def test_an_interference_leaves_other_networks_alone() -> None:
    assert not interference().is_on(64497, START)


def test_hours_are_half_open() -> None:
    rule = interference(hours=((7, 10), (13, 16)))
    on = [h for h in range(24) if rule.is_on(64496, START + timedelta(hours=h))]

    assert on == [7, 8, 9, 13, 14, 15]


def test_hours_are_those_of_the_local_clock() -> None:
    rule = interference(hours=((7, 10),), offset=5)
    on = [h for h in range(24) if rule.is_on(64496, START + timedelta(hours=h))]

    assert on == [2, 3, 4]


def test_weekdays_are_those_of_the_local_calendar() -> None:
    rule = interference(weekdays=(1,), offset=5)  # Tuesday begins at 19:00 UTC on Monday
    on = [h for h in range(72) if rule.is_on(64496, START + timedelta(hours=h))]

    assert (on[0], on[-1]) == (19, 42)


def test_hours_and_weekdays_must_both_hold() -> None:
    rule = interference(hours=((7, 8),), weekdays=(1,))
    on = [h for h in range(72) if rule.is_on(64496, START + timedelta(hours=h))]

    assert on == [31]


# -- pauses and roll-out ---------------------------------------------------------------------------


def hours_on(rule: Interference, asn: int = 64496, n: int = 48) -> list[int]:
    return [h for h in range(n) if rule.is_on(asn, START + timedelta(hours=h))]


def test_a_pause_is_half_open_and_off_everywhere() -> None:
    pause = (START + timedelta(hours=2), START + timedelta(hours=4))
    rule = replace(interference(), networks=(64496, 64497), pauses=(pause,))

    assert hours_on(rule, 64496, 6) == hours_on(rule, 64497, 6) == [0, 1, 4, 5]


def test_a_pause_is_still_covered_by_the_schedule() -> None:
    rule = replace(interference(), pauses=((START, START + timedelta(hours=4)),))

    assert rule.covers(64496, START) and not rule.is_on(64496, START)


def test_a_staggered_interference_reaches_its_networks_in_the_order_listed() -> None:
    rule = replace(interference(), networks=(64497, 64496, 64498), stagger_h=5)

    assert [hours_on(rule, asn)[0] for asn in (64497, 64496, 64498)] == [0, 5, 10]


# -- uploads, versions -----------------------------------------------------------------------------


def test_uploads_are_the_same_while_blocked_unless_said() -> None:
    uploads = Uploads(late_share=0.1, missing_share=0.2, blocked_missing_share=0.0)

    assert [uploads.late(is_blocked=b) for b in (False, True)] == [0.1, 0.1]
    assert [uploads.missing(is_blocked=b) for b in (False, True)] == [0.2, 0.0]


def test_versions_are_dealt_in_turn() -> None:
    scenario = replace(parsed(GOOSE), versions=("a", "b"))

    assert [scenario.version_of(unit) for unit in range(3)] == ["a", "b", "a"]


# -- truth -----------------------------------------------------------------------------------------


def test_the_truth_says_that_it_is_simulated() -> None:
    assert parsed(GOOSE).truth()["simulated"] is True


def test_the_truth_says_what_was_done_to_whom_and_when() -> None:
    assert parsed(GOOSE).truth()["interference"] == [
        {
            "networks": [64496],
            "mechanism": "tls.reset",
            "start": "2024-03-05T00:00:00+00:00",
            "end": "2024-03-06T00:00:00+00:00",
            "hours": [[7, 10], [13, 16]],
            "weekdays": ["tue"],
            "utc_offset_h": 5,
        }
    ]


def test_the_truth_tells_a_roll_out_network_by_network() -> None:
    rule = replace(interference(), networks=(64496, 64497), stagger_h=6, share=0.5)
    [told] = replace(parsed(GOOSE), interferences=(rule,)).truth()["interference"]

    assert told["starts"] == {
        "64496": "2024-03-04T00:00:00+00:00",
        "64497": "2024-03-04T06:00:00+00:00",
    }
    assert told["share"] == 0.5


def test_the_truth_tells_nothing_that_was_not_asked_for() -> None:
    told = parsed(GOOSE).truth()

    assert list(told) == ["simulated", "scenario", "cc", "platform", "interference"]


def test_the_truth_tells_all_that_was_asked_for() -> None:
    outage = Outage(networks=(64496,), start=START, end=START + timedelta(hours=1))
    uploads = Uploads(late_share=0.5)
    told = replace(parsed(GOOSE), outages=(outage,), uploads=uploads, probe_ids=True).truth()

    assert told["outages"][0]["end"] == "2024-03-04T01:00:00+00:00"
    assert (told["uploads"]["late_share"], told["probe_ids"]) == (0.5, True)
