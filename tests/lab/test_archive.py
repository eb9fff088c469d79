import gzip
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overt.lab.archive import full_truth, simulate, write_archive
from overt.lab.scenario import Interference, Scenario, SimulatedNetwork, load_scenario
from overt.lab.world import Forgery, Outage, Uploads, Weather
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


# -- one thing added leaves the rest as it was -----------------------------------------------------


BUSY = replace(GOOSE, failing_share=0.05, probe_ids=True)
DAY_ONE = START + timedelta(hours=6), START + timedelta(hours=12)
FORGED = Forgery(network=64496, identities=3, reports_per_hour=2, start=DAY_ONE[0], end=DAY_ONE[1])
FASTER = tuple(replace(n, visits_per_day=4.0) for n in BUSY.networks)
ADDITIONS = {
    "forged reporters": replace(BUSY, forgeries=(FORGED,)),
    "visits": replace(BUSY, networks=FASTER),
    "an outage": replace(
        BUSY, outages=(Outage(networks=(64496,), start=DAY_ONE[0], end=DAY_ONE[1]),)
    ),
    "lost uploads": replace(BUSY, uploads=Uploads(missing_share=0.3)),
    "late uploads": replace(BUSY, uploads=Uploads(late_share=0.3)),
    "weather": replace(BUSY, weather=Weather(bursts_per_day=1)),
    "a spread": replace(BUSY, failing_spread=0.03),
    "a share": replace(BUSY, interferences=(replace(BUSY.interferences[0], share=0.5),)),
    "a pause": replace(BUSY, interferences=(replace(BUSY.interferences[0], pauses=(DAY_ONE,)),)),
}


def lots_of(scenario: Scenario) -> dict[str, tuple[str, str]]:
    """Return by the random part of its identifier when each measurement was made, and by whom."""
    return {
        body["measurement_uid"][-16:]: (body["measurement_start_time"], body["probe_id"])
        for body in simulate(scenario)
    }


@pytest.mark.parametrize("what", ADDITIONS)
def test_what_is_added_leaves_the_other_reports_as_they_were(what: str) -> None:
    before, after = lots_of(BUSY), lots_of(ADDITIONS[what])
    lost = {"an outage", "lost uploads"}

    assert (before.items() >= after.items()) if what in lost else (before.items() <= after.items())


@pytest.mark.parametrize("what", ADDITIONS)
def test_the_same_scenario_gives_the_same_bytes_with(what: str, tmp_path: Path) -> None:
    first, first_truth, _ = write_archive(ADDITIONS[what], tmp_path / "a")
    second, second_truth, _ = write_archive(ADDITIONS[what], tmp_path / "b")

    assert first.read_bytes() == second.read_bytes()
    assert first_truth.read_bytes() == second_truth.read_bytes()


# -- forged reporters ------------------------------------------------------------------------------


def test_the_truth_names_the_forged_identities_and_counts_agree() -> None:
    named = full_truth(ADDITIONS["forged reporters"])["drawn"]["forged_units"]["XX:64496"]
    sent = Counter(body["probe_id"] for body in simulate(ADDITIONS["forged reporters"]))

    assert [sent[unit] for unit in named] == [2 * 6] * 3


def test_every_forged_report_fails_in_its_hours_on_its_network() -> None:
    scenario = ADDITIONS["forged reporters"]
    named = full_truth(scenario)["drawn"]["forged_units"]["XX:64496"]
    forged = [body for body in simulate(scenario) if body["probe_id"] in named]

    assert {body["probe_asn"] for body in forged} == {"AS64496"}
    assert {body["test_keys"]["requests"][0]["failure"] for body in forged} == {"connection_reset"}
    assert {body["measurement_start_time"][11:13] for body in forged} == {
        f"{h:02}" for h in range(6, 12)
    }


def test_a_forged_document_has_the_keys_and_the_values_of_an_honest_one() -> None:
    scenario = ADDITIONS["forged reporters"]
    named = set(full_truth(scenario)["drawn"]["forged_units"]["XX:64496"])
    here = [body for body in simulate(scenario) if body["probe_asn"] == "AS64496"]
    forged = [body for body in here if body["probe_id"] in named]
    honest = [body for body in here if body["probe_id"] not in named]
    resolvers, versions = ({b[k] for b in honest} for k in ("resolver_ip", "software_version"))

    assert {tuple(body) for body in forged} == {tuple(body) for body in honest}
    assert all(body["resolver_ip"] in resolvers for body in forged)
    assert {body["software_version"] for body in forged} <= versions | {"3.23.0"}


def test_no_word_of_forgery_is_in_the_archive(tmp_path: Path) -> None:
    archive, _, _ = write_archive(ADDITIONS["forged reporters"], tmp_path)

    assert b"forge" not in gzip.decompress(archive.read_bytes())


# -- outages and uploads ---------------------------------------------------------------------------


def test_a_network_that_is_out_is_silent_and_the_others_are_not() -> None:
    times = [
        (body["probe_asn"], body["measurement_start_time"][:13])
        for body in simulate(ADDITIONS["an outage"])
    ]
    out = {f"2024-03-04 {h:02}" for h in range(6, 12)}

    assert not [t for asn, t in times if asn == "AS64496" and t in out]
    assert {t for asn, t in times if asn == "AS64497"} >= out


def test_late_uploads_are_in_the_archive_where_they_arrived() -> None:
    stamps = [body["measurement_uid"][:21] for body in simulate(ADDITIONS["late uploads"])]
    late = [
        body
        for body in simulate(ADDITIONS["late uploads"])
        if body["measurement_uid"][:14] > re.sub(r"\D", "", body["measurement_start_time"])
    ]

    assert stamps == sorted(stamps)
    assert len(late) / len(stamps) == pytest.approx(0.3, abs=0.05)


def test_uploads_go_missing_more_often_while_blocked() -> None:
    worse = replace(GOOSE, uploads=Uploads(missing_share=0.1, blocked_missing_share=0.6))

    def counts(scenario: Scenario) -> Counter[str]:
        return Counter(
            body["measurement_start_time"][:10]
            for body in simulate(scenario)
            if body["probe_asn"] == "AS64496"
        )

    before, after = counts(GOOSE), counts(worse)

    assert after["2024-03-04"] / before["2024-03-04"] == pytest.approx(0.9, abs=0.06)
    assert after["2024-03-05"] / before["2024-03-05"] == pytest.approx(0.4, abs=0.09)


FULL = replace(
    ADDITIONS["visits"],
    forgeries=(FORGED,),
    uploads=Uploads(late_share=0.2, missing_share=0.1),
    weather=Weather(bursts_per_day=1),
    address_changes=(START + timedelta(hours=20),),
)


def test_our_own_reader_reads_a_scenario_that_asks_for_everything(tmp_path: Path) -> None:
    archive, _, n_lines = write_archive(FULL, tmp_path)
    intake = Intake("s", archive)

    n_rows = sum(table.num_rows for table in batches(intake, datetime(2030, 1, 1, tzinfo=UTC)))

    assert (intake.n_read, intake.quarantined, n_rows) == (n_lines, [], intake.n_observations)
