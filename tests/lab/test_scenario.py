from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from overt.errors import RuleError
from overt.lab.scenario import (
    MECHANISMS,
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


# -- scenarios -------------------------------------------------------------------------------------


def test_a_scenario_lasts_whole_days() -> None:
    scenario = parsed(GOOSE)

    assert (scenario.start, scenario.end) == (START, datetime(2024, 3, 6, tzinfo=UTC))


def test_a_network_is_in_the_scenarios_country_unless_it_says_otherwise() -> None:
    more = GOOSE + '[[network]]\nasn = 64497\nname = "Lake"\ncc = "XY"\nreports_per_hour = 1\n'

    assert [network.cc for network in parsed(more).networks] == ["XX", "XY"]


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
        ("utc_offset_h = 5", "share = 1.5", "share"),
        ("utc_offset_h = 5", "stagger_h = -1", "stagger_h"),
        ("utc_offset_h = 5", "pauses = [[2024-03-05T02:00:00Z]]", "pauses"),
        (
            "utc_offset_h = 5",
            "pauses = [[2024-03-05T02:00:00Z, 2024-03-05T01:00:00Z]]",
            "a pause ends before it starts",
        ),
        ("units = 3", "visit_h = 0", "visit_h"),
        ("days = 2", "days = 2\nversions = ['1', 2]", "versions"),
        ("days = 2", "days = 2\nweather = {rain = 1}", "rain"),
        ("days = 2", "days = 2\nuploads = {late_share = 2}", "late_share"),
        ("days = 2", "days = 2\naddress_changes = [2024-03-05T02:00:00]", "address_changes"),
    ],
)
def test_an_unsound_scenario_is_refused_naming_the_key(sound: str, unsound: str, key: str) -> None:
    with pytest.raises(RuleError, match=key):
        parsed(GOOSE.replace(sound, unsound))


SPAN = "start = 2024-03-05T00:00:00Z\nend = 2024-03-06T00:00:00Z\n"


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (f"[[outage]]\nnetworks = [64497]\n{SPAN}", "64497"),
        (f"[[outage]]\nnetworks = []\n{SPAN}", "networks"),
        ("[[outage]]\nnetworks = [64496]\nstart = 2024-03-05T00:00:00Z", "end"),
        (f"[[probe]]\nnetwork = 64497\n{SPAN}", "64497"),
        (f"[[probe]]\nnetwork = 64496\nevery_h = 0\n{SPAN}", "every_h"),
        (f"[[probe]]\nnetwork = 64496\nversion = '9'\n{SPAN}", "version '9'"),
        (f"[[defect]]\nversion = '9'\n{SPAN}", "version '9'"),
        (f"[[defect]]\nversion = '3.20.0'\nmechanism = 'honk'\n{SPAN}", "honk"),
        (f"[[forgery]]\nnetwork = 64496\nidentities = 0\n{SPAN}", "identities"),
        (
            f"[[forgery]]\nnetwork = 64496\nidentities = 1\nreports_per_hour = 1\n{SPAN}",
            "probe_ids",
        ),
    ],
)
def test_an_unsound_table_is_refused_naming_the_key(table: str, key: str) -> None:
    with pytest.raises(RuleError, match=key):
        parsed(GOOSE + table)


def test_a_file_may_ask_for_everything() -> None:
    scenario = parsed(FULL)

    assert scenario.networks[0].visits_per_day == 0.5
    assert scenario.interferences[0].stagger_h == 3
    assert [len(t) for t in (scenario.probes, scenario.defects, scenario.outages)] == [1, 1, 1]
    assert scenario.forgeries[0].identities == 4
    assert scenario.uploads.blocked_missing_share == 0.5
    assert scenario.weather is not None and scenario.weather.burst_h == 3.0
    assert scenario.probe_ids and len(scenario.address_changes) == 1


FULL = """
title = "Everything"
seed = 7
cc = "XX"
platform = "x"
nettest = "web_connectivity"
url = "https://x.com/"
first_day = 2024-03-04
days = 6
failing_spread = 0.01
versions = ["1.0", "1.1", "1.2"]
probe_ids = true
address_changes = [2024-03-05T12:00:00Z]

[[network]]
asn = 64496
name = "Pond"
reports_per_hour = 3.0
unit_skew = 1.0
visits_per_day = 0.5
visit_h = 30
gaps_per_day = 0.1
gap_h = 5

[[network]]
asn = 64497
name = "Lake"
reports_per_hour = 1.0

[[probe]]
network = 64497
start = 2024-03-04T06:00:00Z
end = 2024-03-06T06:00:00Z
version = "1.1"

[[interference]]
networks = [64496, 64497]
mechanism = "tls.reset"
start = 2024-03-05T00:00:00Z
end = 2024-03-08T00:00:00Z
share = 0.8
stagger_h = 3
pauses = [[2024-03-06T00:00:00Z, 2024-03-06T00:15:00Z]]

[[defect]]
version = "1.2"
start = 2024-03-07T00:00:00Z

[[outage]]
networks = [64497]
start = 2024-03-08T00:00:00Z
end = 2024-03-08T12:00:00Z

[[forgery]]
network = 64496
identities = 4
reports_per_hour = 2
start = 2024-03-09T00:00:00Z
end = 2024-03-09T12:00:00Z

[uploads]
late_share = 0.1
missing_share = 0.1
blocked_missing_share = 0.5

[weather]
"""


def test_instants_without_a_zone_are_refused() -> None:
    text = GOOSE.replace("T00:00:00Z", "T00:00:00")

    with pytest.raises(RuleError, match="start"):
        parsed(text)


def test_an_unsound_scenario_is_refused_naming_its_file() -> None:
    with pytest.raises(RuleError) as refused:
        parsed("")

    assert refused.value.where == "goose.toml"


def test_a_roll_out_that_outlasts_its_interference_is_refused() -> None:
    with pytest.raises(RuleError, match="stagger_h"):
        parsed(FULL.replace("stagger_h = 3", "stagger_h = 72"))
