"""Kenya 2023 as published: what the data must give, by the data and not by special cases.

Source: OONI observation rows, ooni/notebooks @ 6858bc6, CC BY-NC-SA 4.0.
"""

import csv
import gzip
import json
import os
import random  # noqa: TID251 - a seeded shuffle of the input
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from overt import pipeline
from overt.engine.duck import Duck
from overt.engine.workspace import Workspace
from overt.settings import Settings


pytestmark = pytest.mark.acceptance

AFFECTED = {37061, 33771, 36926, 12455}
NOT_AFFECTED = {30844, 329014, 15399}
LIMIT_S, LIMIT_KIB = 60, 1024 * 1024


def overt(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "overt", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )


def answer(*words: object) -> Any:
    done = overt(*words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "ooni" / "kenya-telegram-2023"


@pytest.fixture(scope="module")
def workspace(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("kenya") / "w"
    done = overt("run", folder, "-w", place)
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def incident(workspace: Path) -> dict[str, Any]:
    found = answer("incidents", "-w", workspace, "--json")
    assert len(found) == 1
    return dict(found[0])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_there_is_exactly_one_incident_and_it_is_telegram_in_kenya(
    incident: dict[str, Any],
) -> None:
    assert (incident["cc"], incident["platform"]) == ("KE", "telegram")


def test_nothing_is_found_in_the_quiet_weeks_before(incident: dict[str, Any]) -> None:
    assert at(incident["onset"]["earliest"]) >= at("2023-11-07T00:00:00Z")


def test_the_onset_set_holds_the_known_onset_and_is_narrow(incident: dict[str, Any]) -> None:
    earliest, latest = at(incident["onset"]["earliest"]), at(incident["onset"]["latest"])

    assert earliest <= at("2023-11-08T11:45:00Z")
    assert latest >= at("2023-11-08T12:00:00Z")
    assert latest - earliest <= timedelta(hours=12)


def test_the_ending_lies_within_the_known_days(incident: dict[str, Any]) -> None:
    assert at("2023-11-23T00:00:00Z") <= at(incident["ending"]["earliest"])
    assert at(incident["ending"]["latest"]) < at("2023-11-27T00:00:00Z")


def test_networks_are_told_apart(incident: dict[str, Any]) -> None:
    states = {n["asn"]: n["state"] for n in incident["networks"]}
    affected = {a for a, s in states.items() if s not in {"reachable", "insufficient"}}

    assert affected == AFFECTED
    assert {states[a] for a in NOT_AFFECTED} == {"reachable"}


def test_the_extent_is_two_networks_at_least_and_never_more_than_show_it(
    incident: dict[str, Any],
) -> None:
    """AS12455 is nearly one reporter and AS36926 has few reports; both Safaricom networks count."""
    assert incident["n_networks_at_least"] == 2
    assert incident["n_networks_measured"] == len(incident["networks"]) == 23


def test_no_one_unit_carries_the_incident_and_the_few_that_do_can_be_looked_at(
    incident: dict[str, Any], workspace: Path
) -> None:
    removal = incident["removal"]

    assert 2 <= removal["at_least"] <= removal["at_most"] == len(removal["units"]) <= 5
    assert answer("explain", removal["units"][0], "-w", workspace, "--json")["kind"] == "unit"


def test_a_network_with_a_handful_of_reports_is_insufficient_and_not_ok(
    incident: dict[str, Any],
) -> None:
    few = [n for n in incident["networks"] if n["n_measurements"] < 10]

    assert few
    assert {n["state"] for n in few} == {"insufficient"}


def test_the_first_networks_began_about_noon_on_8_november(incident: dict[str, Any]) -> None:
    for network in incident["networks"]:
        if network["asn"] in {37061, 33771}:
            earliest, latest = at(network["onset"]["earliest"]), at(network["onset"]["latest"])
            assert earliest <= at("2023-11-08T11:45:00Z") < latest
            assert latest - earliest <= timedelta(hours=6)


def test_the_exam_hours_are_named_in_local_time_for_the_networks_that_keep_them(
    incident: dict[str, Any],
) -> None:
    kept = {n["asn"]: n["schedule"] for n in incident["networks"] if n["schedule"]}

    assert set(kept) == {33771, 37061}
    assert all(s["weekdays"] == [0, 1, 2, 3, 4] for s in kept.values())
    assert all(s["zone"] == "Africa/Nairobi" for s in kept.values())


def test_mechanisms_go_as_deep_as_the_rows_and_no_deeper(incident: dict[str, Any]) -> None:
    by_network = {n["asn"]: n["mechanisms"] for n in incident["networks"]}

    assert "tls.timeout" in by_network[37061]
    assert "tls.timeout" in by_network[33771]
    assert "dns.injection.bogon" in by_network[12455]
    assert not [m for m in incident["mechanisms"] if m.endswith((".sni", ".host"))]


def test_every_field_of_the_contract_is_there(incident: dict[str, Any]) -> None:
    network_keys = {"asn", "name", "state", "onset", "n_measurements", "n_units"}

    assert {
        "id", "cc", "platform", "state", "onset", "ending", "episodes", "networks",
        "mechanisms", "n_measurements", "n_units", "versions", "witnesses",
    } <= set(incident)  # fmt: skip
    assert set(incident["onset"]) == set(incident["ending"]) == {"earliest", "latest", "alerted_at"}
    assert all(set(e) == {"start", "end"} for e in incident["episodes"])
    assert all(network_keys <= set(n) for n in incident["networks"])
    assert set(incident["versions"]) == {"code", "rulebook", "reference"}
    assert incident["onset"]["alerted_at"].endswith("Z")


def test_ipv6_without_a_route_is_kept_apart(workspace: Path, settings: Settings) -> None:
    opened = Workspace(workspace)
    with Duck(settings) as duck:
        pipeline.relations(opened, duck, ["verdict", "observation"])
        [row] = duck.query(
            "SELECT count(*) AS n,"
            " count(*) FILTER (signal = 1 AND n_endpoints = n_failing) AS n_bad"
            " FROM verdict WHERE layer = 'tcp' AND list_contains(rules, 'tcp_ipv6_unreachable')"
            " AND measurement_start_time < TIMESTAMP '2023-11-08 07:00:00'"
        ).to_pylist()
    opened.close()

    assert row["n"] > 50
    assert row["n_bad"] == 0


def test_a_witness_is_the_line_it_says_it_is(incident: dict[str, Any], workspace: Path) -> None:
    explained = answer("explain", incident["id"], "-w", workspace, "--json")
    [table] = [t for t in explained["tables"] if t["heading"].startswith("Witnesses")]
    assert len(table["rows"]) == len(incident["witnesses"])
    for witness in table["rows"]:
        path, _, number = witness["read_from"].rpartition(":")
        with gzip.open(path, "rt", newline="") as stream:
            line = next(text for n, text in enumerate(stream, 1) if n == int(number))
        assert witness["measurement_uid"] in line


def test_explain_walks_from_the_incident_to_file_and_line(
    incident: dict[str, Any], workspace: Path
) -> None:
    for wanted in (
        incident["id"],
        *incident["changes"],
        incident["witnesses"][0]["measurement_uid"],
    ):
        done = overt("explain", wanted, "-w", workspace)
        assert done.returncode == 0, done.stderr
    last = overt("explain", incident["witnesses"][0]["measurement_uid"], "-w", workspace)

    assert ".csv.gz:" in last.stdout


def test_status_is_one_sentence_with_denominator_window_and_units(workspace: Path) -> None:
    said = answer(
        "status",
        "telegram",
        "--in",
        "KE",
        "--at",
        "2023-11-15T06:00:00Z",
        "-w",
        workspace,
        "--json",
    )

    assert said["state"] == "consistent with blocking"
    for needed in ("AS37061", "not on", "measurements", "units", "72 hours|24 hours"):
        assert any(part in said["sentence"] for part in needed.split("|"))


@pytest.mark.parametrize("quiet", ["2023-10-30", "2023-11-07T20:00:00Z", "2023-11-29T12:00:00Z"])
def test_status_before_and_after_is_reachable(workspace: Path, quiet: str) -> None:
    said = answer("status", "telegram", "--in", "KE", "--at", quiet, "-w", workspace, "--json")

    assert said["state"] == "reachable"


def test_giving_the_folder_again_changes_nothing(folder: Path, workspace: Path) -> None:
    before = overt("incidents", "-w", workspace, "--json").stdout
    parts = sorted(p.name for p in (workspace / "parts").iterdir())
    again = answer("run", folder, folder / "telegram.csv.gz", "-w", workspace, "--json")

    assert again["n_files_new"] == again["n_partitions_judged"] == 0
    assert sorted(p.name for p in (workspace / "parts").iterdir()) == parts
    assert overt("incidents", "-w", workspace, "--json").stdout == before


def test_shuffled_split_and_doubled_input_gives_the_same_incident(
    folder: Path, tmp_path: Path, incident: dict[str, Any]
) -> None:
    with gzip.open(folder / "telegram.csv.gz", "rt", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    with gzip.open(folder / "web_connectivity.csv.gz", "rt", newline="") as stream:
        rows += list(csv.reader(stream))[1:]
    random.Random(7).shuffle(rows)
    third = len(rows) // 3
    for index, piece in enumerate((rows[:third], rows[third : 2 * third], rows[third // 2 :])):
        with (tmp_path / f"{index}.csv").open("w", newline="") as out:
            csv.writer(out).writerows([header, *piece])
    done = overt("run", tmp_path, "-w", tmp_path / "w")
    assert done.returncode == 0, done.stderr

    assert answer("incidents", "-w", tmp_path / "w", "--json") == [incident]


def test_it_takes_under_a_minute_and_a_gibibyte(folder: Path, tmp_path: Path) -> None:
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "overt", "run", str(folder), "-w", str(tmp_path / "w")],
        os.environ,
    )
    start = os.times().elapsed
    _, status, usage = os.wait4(pid, 0)
    elapsed = os.times().elapsed - start

    assert os.waitstatus_to_exitcode(status) == 0
    assert elapsed < LIMIT_S
    assert usage.ru_maxrss < LIMIT_KIB
