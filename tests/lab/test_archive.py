import gzip
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overt.lab.archive import simulate, write_archive
from overt.lab.scenario import Interference, Scenario, SimulatedNetwork, load_scenario
from overt.observations.build import Intake, batches


START = datetime(2024, 3, 4, tzinfo=UTC)
POND = SimulatedNetwork(asn=64496, name="Pond", cc="XX", reports_per_hour=20, units=3)
LAKE = SimulatedNetwork(asn=64497, name="Lake", cc="XX", reports_per_hour=20, units=3)
GOOSE = Scenario(
    name="goose",
    title="A goose",
    seed=7,
    cc="XX",
    platform="x",
    nettest="web_connectivity",
    url="https://x.com/",
    first_day=START.date(),
    days=2,
    networks=(POND, LAKE),
    interferences=(
        Interference(
            networks=(64496,),
            mechanism="dns.nxdomain",
            start=START + timedelta(hours=24),
            end=START + timedelta(hours=48),
        ),
    ),
    failing_share=0.0,
)


def test_the_same_scenario_gives_the_same_bytes(tmp_path: Path) -> None:
    first, first_truth, _ = write_archive(GOOSE, tmp_path / "a")
    second, second_truth, _ = write_archive(GOOSE, tmp_path / "b")

    assert first.read_bytes() == second.read_bytes()
    assert first_truth.read_bytes() == second_truth.read_bytes()


def test_another_seed_gives_other_measurements() -> None:
    assert list(simulate(GOOSE)) != list(simulate(replace(GOOSE, seed=8)))


def test_a_network_draws_its_own_lots() -> None:
    def times(scenario: Scenario) -> list[str]:
        return [
            body["measurement_start_time"]
            for body in simulate(scenario)
            if body["probe_asn"] == "AS64497"
        ]

    faster = replace(POND, reports_per_hour=40)

    assert times(GOOSE) == times(replace(GOOSE, networks=(faster, LAKE)))


def test_measurements_are_in_order_of_time_and_within_the_days() -> None:
    times = [body["measurement_start_time"] for body in simulate(GOOSE)]

    assert times == sorted(times)
    assert times[0] >= "2024-03-04 00:00:00" and times[-1] < "2024-03-06 00:00:00"


def test_no_two_measurements_have_the_same_identifier() -> None:
    identifiers = Counter(body["measurement_uid"] for body in simulate(GOOSE))

    assert identifiers.most_common(1)[0][1] == 1


def test_only_the_network_interfered_with_fails_and_only_while_it_is() -> None:
    failed = {
        (body["probe_asn"], body["measurement_start_time"][:10])
        for body in simulate(GOOSE)
        if body["test_keys"]["requests"][0]["failure"]
    }

    assert failed == {("AS64496", "2024-03-05")}


def test_everything_fails_while_it_is_interfered_with() -> None:
    outcomes = {
        body["test_keys"]["requests"][0]["failure"]
        for body in simulate(GOOSE)
        if body["probe_asn"] == "AS64496" and body["measurement_start_time"] >= "2024-03-05"
    }

    assert outcomes == {"dns_nxdomain_error"}


def test_people_measure_less_by_night() -> None:
    hours = Counter(int(body["measurement_start_time"][11:13]) for body in simulate(GOOSE))

    assert sum(hours[h] for h in range(9, 16)) > 2 * sum(hours[h] for h in (21, 22, 23, 0, 1, 2, 3))


def test_each_network_has_no_more_units_than_it_says() -> None:
    resolvers = {body["resolver_ip"] for body in simulate(GOOSE) if body["probe_asn"] == "AS64496"}

    assert len(resolvers) == 3


def test_the_archive_is_lines_of_json_and_their_number(tmp_path: Path) -> None:
    archive, _, n_lines = write_archive(GOOSE, tmp_path)

    with gzip.open(archive, "rt", encoding="utf-8") as stream:
        assert [json.loads(line)["probe_cc"] for line in stream] == ["XX"] * n_lines


def test_the_archive_carries_neither_clock_nor_name(tmp_path: Path) -> None:
    archive, _, _ = write_archive(GOOSE, tmp_path)

    assert archive.read_bytes()[3:8] == b"\0\0\0\0\0"


def test_the_truth_lies_beside_the_archive(tmp_path: Path) -> None:
    _, truth, _ = write_archive(GOOSE, tmp_path / "new" / "folder")

    assert json.loads(truth.read_text("utf-8")) == GOOSE.truth()


@pytest.mark.parametrize("name", ["x-tls-reset-two-of-three", "bogon-answers-broken-ipv6"])
def test_our_own_reader_reads_every_line(tmp_path: Path, name: str) -> None:
    archive, _, n_lines = write_archive(load_scenario(name), tmp_path)
    intake = Intake("s", archive)

    n_rows = sum(table.num_rows for table in batches(intake, datetime(2030, 1, 1, tzinfo=UTC)))

    assert (intake.n_read, intake.quarantined, n_rows) == (n_lines, [], intake.n_observations)
