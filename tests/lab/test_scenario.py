from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from overt.errors import RuleError
from overt.lab.scenario import (
    MECHANISMS,
    Interference,
    Scenario,
    bundled_scenarios,
    load_scenario,
    parse_scenario,
)


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


# -- scenarios -------------------------------------------------------------------------------------


def test_a_scenario_lasts_whole_days() -> None:
    scenario = parsed(GOOSE)

    assert (scenario.start, scenario.end) == (START, datetime(2024, 3, 6, tzinfo=UTC))


def test_a_network_is_in_the_scenarios_country_unless_it_says_otherwise() -> None:
    more = GOOSE + '[[network]]\nasn = 64497\nname = "Lake"\ncc = "XY"\nreports_per_hour = 1\n'

    assert [network.cc for network in parsed(more).networks] == ["XX", "XY"]


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


@pytest.mark.parametrize("name", bundled_scenarios())
def test_a_bundled_scenario_is_sound_and_invented(name: str) -> None:
    scenario = load_scenario(name)

    assert scenario.cc == "XX"
    assert all(64496 <= network.asn <= 64511 for network in scenario.networks)


@pytest.mark.parametrize("name", bundled_scenarios())
def test_a_bundled_scenario_interferes_within_its_days(name: str) -> None:
    scenario = load_scenario(name)

    for rule in scenario.interferences:
        assert scenario.start <= rule.start < rule.end <= scenario.end
        assert rule.mechanism in MECHANISMS


def test_a_scenario_in_a_file_is_named_after_it(tmp_path: Path) -> None:
    (tmp_path / "goose.toml").write_text(GOOSE)

    scenario = load_scenario(str(tmp_path / "goose.toml"))

    assert (scenario.name, scenario.first_day) == ("goose", date(2024, 3, 4))


@pytest.mark.parametrize("name", ["gander", "gander.toml", "", "../demo"])
def test_a_scenario_that_is_not_there_is_refused_naming_those_that_are(name: str) -> None:
    with pytest.raises(RuleError) as refused:
        load_scenario(name)

    assert "demo" in (refused.value.remedy or "")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "goose.toml").write_bytes(b"# caf\xe9\n" + GOOSE.encode())

    with pytest.raises(RuleError, match="unsound"):
        load_scenario(str(tmp_path / "goose.toml"))


@pytest.mark.parametrize(
    ("sound", "unsound", "key"),
    [
        ('title = "A goose"', "", "title"),
        ("seed = 7", "", "seed"),
        ('cc = "XX"', "", "cc"),
        ("first_day = 2024-03-04", 'first_day = "2024-03-04"', "first_day"),
        ("days = 2", "", "days"),
        ("days = 2", 'days = "2"', "days"),
        ("days = 2", "days = 2\nmotto = 1", "motto"),
        ('nettest = "web_connectivity"', 'nettest = "honk"', "nettest"),
        ("asn = 64496\n", "", "asn"),
        ("units = 3", "units = 0", "units"),
        ("units = 3", "unit = 3", "unit"),
        ("reports_per_hour = 2.0", "reports_per_hour = 0", "reports_per_hour"),
        ("reports_per_hour = 2.0", "reports_per_hour = -1", "reports_per_hour"),
        ("[[network]]", "[[net]]", "network"),
        ("[[network]]", "[network]", "network"),
        ("networks = [64496]", "networks = [64497]", "64497"),
        ("networks = [64496]", "", "networks"),
        ('mechanism = "tls.reset"', 'mechanism = "honk"', "honk"),
        ("start = 2024-03-05T00:00:00Z", "", "start"),
        ("start = 2024-03-05T00:00:00Z", "start = 2024-03-07T00:00:00Z", "ends before it starts"),
        ("start = 2024-03-05T00:00:00Z", 'start = "monday"', "start"),
        ("hours = [[7, 10], [13, 16]]", "hours = [[7]]", "hours"),
        ("hours = [[7, 10], [13, 16]]", "hours = [[22, 2]]", "hours"),
        ("hours = [[7, 10], [13, 16]]", "hours = [[7, 25]]", "hours"),
        ("hours =", "hour =", "hour"),
        ('weekdays = ["tue"]', 'weekdays = ["honkday"]', "weekdays"),
        ("seed = 7", "seed = = 7", "line 3"),
    ],
)
def test_an_unsound_scenario_is_refused_naming_the_key(sound: str, unsound: str, key: str) -> None:
    with pytest.raises(RuleError, match=key):
        parsed(GOOSE.replace(sound, unsound))


def test_instants_without_a_zone_are_refused() -> None:
    text = GOOSE.replace("T00:00:00Z", "T00:00:00")

    with pytest.raises(RuleError, match="start"):
        parsed(text)


def test_an_unsound_scenario_is_refused_naming_its_file() -> None:
    with pytest.raises(RuleError) as refused:
        parsed("")

    assert refused.value.where == "goose.toml"
