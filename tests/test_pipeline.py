"""The whole way from files to incidents, on simulated archives with a known truth."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - a seeded shuffle

import pytest

from overt import pipeline
from overt.engine.base import to_json
from overt.engine.duck import Duck
from overt.engine.workspace import Workspace
from overt.errors import UsageError, WorkspaceError
from overt.lab.archive import simulate
from overt.lab.scenario import Interference, Scenario, SimulatedNetwork, load_scenario
from overt.lab.world import Outage
from overt.settings import Settings
from overt.vocabulary.judgements import Incident, State


NOW = datetime(2026, 1, 1, tzinfo=UTC)
START = datetime(2024, 2, 17, 6, tzinfo=UTC)
END = START + timedelta(days=3)


def network(asn: int, cc: str = "XX", rate: float = 0.5, units: int = 5) -> SimulatedNetwork:
    return SimulatedNetwork(asn=asn, name=f"Net {asn}", cc=cc, reports_per_hour=rate, units=units)


def world(*networks: SimulatedNetwork, mechanism: str, hit: tuple[int, ...]) -> Scenario:
    base = load_scenario("x-tls-reset-two-of-three")
    cut = Interference(networks=hit, mechanism=mechanism, start=START, end=END)
    return replace(base, networks=networks, interferences=(cut,), seed=5)


Lines = list[bytes]


def lines_of(scenario: Scenario) -> Lines:
    return [json.dumps(body).encode() + b"\n" for body in simulate(scenario)]


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> Callable[..., list[Incident]]:
    def of(*files: Lines, into: str = "w") -> list[Incident]:
        folder = tmp_path / f"{into}-input"
        folder.mkdir(exist_ok=True)
        for index, lines in enumerate(files):
            (folder / f"{index}.jsonl").write_bytes(b"".join(lines))
        chosen = replace(settings, workspace=tmp_path / into)
        pipeline.run([folder], chosen, NOW)
        workspace = Workspace(chosen.workspace)
        found = pipeline.incidents_in(workspace)
        workspace.close()
        return found

    return of


Run = Callable[..., list[Incident]]


def affected(incident: Incident) -> set[int]:
    return {
        n.asn for n in incident.networks if n.state not in {State.REACHABLE, State.INSUFFICIENT}
    }


def as_bytes(found: list[Incident]) -> bytes:
    return json.dumps(to_json(found), sort_keys=True).encode()


def test_a_block_on_two_networks_is_one_incident_on_those_two(run: Run) -> None:
    hit = (64496, 64497)
    found = run(
        lines_of(world(*map(network, (*hit, 64498, 64499)), mechanism="tls.reset", hit=hit))
    )

    [incident] = found
    assert affected(incident) == set(hit)
    assert incident.state is State.CONSISTENT
    assert incident.onset.earliest <= START <= incident.onset.latest
    assert incident.ending is not None
    assert incident.ending.earliest <= END <= incident.ending.latest


def test_a_quiet_world_has_no_incident(run: Run) -> None:
    quiet = replace(
        world(*map(network, (64496, 64497)), mechanism="down", hit=(64496,)), interferences=(),
        failing_share=0.03, days=30,
    )  # fmt: skip

    assert run(lines_of(quiet)) == []


def test_a_server_down_for_everyone_is_no_incident(run: Run) -> None:
    hit = (64496, 64497, 64498)

    assert run(lines_of(world(*map(network, hit), mechanism="down", hit=hit))) == []


def without_control(lines: Lines) -> Lines:
    bare = []
    for line in lines:
        body = json.loads(line)
        body["test_keys"]["control"] = {}
        bare.append(json.dumps(body).encode() + b"\n")
    return bare


def test_failing_everywhere_with_no_control_at_all_is_impaired_and_not_blocked(run: Run) -> None:
    hit = (64496, 64497, 64498)
    [incident] = run(
        without_control(lines_of(world(*map(network, hit), mechanism="tls.timeout", hit=hit)))
    )

    assert incident.state is State.IMPAIRED


def test_failing_in_one_country_while_it_works_abroad_is_consistent_with_blocking(run: Run) -> None:
    hit = (64496, 64497)
    abroad = [network(a, "QM") for a in (64500, 64501, 64502)]
    scenario = world(*map(network, hit), *abroad, mechanism="tls.timeout", hit=hit)
    [incident] = run(without_control(lines_of(scenario)))

    assert (incident.cc, incident.state) == ("XX", State.CONSISTENT)


def test_failing_here_and_on_most_networks_abroad_is_down_and_no_incident(run: Run) -> None:
    here = [network(a) for a in (64496, 64497, 64498)]
    abroad = [network(a, "QM") for a in (64500, 64501, 64502)]
    everyone = tuple(n.asn for n in (*here, *abroad))
    scenario = world(*here, *abroad, mechanism="tls.timeout", hit=everyone)

    assert run(without_control(lines_of(scenario))) == []


def test_a_network_that_goes_dark_in_a_block_is_a_collapse_and_never_an_ending(
    run: Run, tmp_path: Path
) -> None:
    hit = (64496, 64497)
    busy = [network(asn, rate=2.5, units=12) for asn in (*hit, 64498)]
    base = world(*busy, mechanism="tls.reset", hit=hit)
    start, end = base.start + timedelta(days=20), base.start + timedelta(days=24)
    dark = base.start + timedelta(days=22)
    scenario = replace(
        base,
        days=32,
        interferences=(replace(base.interferences[0], start=start, end=end),),
        outages=(Outage(networks=(hit[0],), start=dark, end=base.start + timedelta(days=60)),),
    )

    [incident] = run(lines_of(scenario))

    workspace = Workspace(tmp_path / "w")
    [collapse] = pipeline.collapses_in(workspace)
    workspace.close()
    assert incident.ending is None
    assert incident.collapses == [collapse]
    assert collapse.asn == hit[0]
    assert collapse.until is None
    assert collapse.since.alerted_at is not None
    assert collapse.since.alerted_at - dark <= timedelta(hours=24)
    gone = next(n for n in incident.networks if n.asn == hit[0])
    assert gone.ending is None


def test_one_reporter_alone_is_never_an_incident(run: Run) -> None:
    one = network(64496, units=1, rate=1.0)
    many = [network(a) for a in (64497, 64498)]

    assert run(lines_of(world(one, *many, mechanism="tls.reset", hit=(64496,)))) == []


def test_a_distinctive_artefact_on_the_affected_network_is_blocked(run: Run) -> None:
    scenario = world(*map(network, (64496, 64497)), mechanism="dns.injection.bogon", hit=(64496,))
    [incident] = run(lines_of(scenario))

    assert incident.state is State.BLOCKED
    assert incident.mechanisms == ["dns.injection.bogon"]


def test_a_block_that_was_there_before_the_data_has_no_seen_onset(run: Run) -> None:
    scenario = world(
        *map(network, (64496, 64497, 64498)), mechanism="tls.reset", hit=(64496, 64497)
    )
    lines = [
        line
        for line in lines_of(scenario)
        if json.loads(line)["measurement_start_time"] >= "2024-02-18"
    ]
    [incident] = run(lines)

    assert incident.is_standing


def test_two_blocks_far_apart_are_two_incidents(run: Run) -> None:
    networks = tuple(map(network, (64496, 64497, 64498)))
    base = world(*networks, mechanism="tls.reset", hit=(64496, 64497))
    later = replace(base.interferences[0], start=START + timedelta(days=40),
                    end=END + timedelta(days=40))  # fmt: skip
    found = run(lines_of(replace(base, days=60, interferences=(*base.interferences, later))))

    assert [i.id for i in found] == ["XX-x-2024-02-17", "XX-x-2024-03-28"]


def test_two_blocks_a_week_apart_are_two_incidents(run: Run) -> None:
    networks = tuple(network(a, rate=2.0) for a in (64496, 64497, 64498))
    base = world(*networks, mechanism="tls.reset", hit=(64496, 64497))
    later = replace(base.interferences[0], mechanism="tcp.timeout", start=START + timedelta(days=9),
                    end=END + timedelta(days=9))  # fmt: skip
    found = run(lines_of(replace(base, days=21, interferences=(*base.interferences, later))))

    assert [i.mechanisms for i in found] == [["tls.reset"], ["tcp.timeout"]]
    for incident, start in zip(found, (START, START + timedelta(days=9)), strict=True):
        assert incident.onset.earliest <= start <= incident.onset.latest


def test_a_service_that_is_bad_everywhere_is_no_incident(run: Run) -> None:
    networks = tuple(network(a, rate=2.0, units=8) for a in (64496, 64497, 64498, 64499))
    flaky = replace(
        world(*networks, mechanism="down", hit=(64496,)), interferences=(), failing_share=0.15,
        days=21,
    )  # fmt: skip

    assert run(lines_of(flaky)) == []


def test_shuffled_split_and_overlapping_files_give_the_same_incidents(run: Run) -> None:
    lines = lines_of(
        world(*map(network, (64496, 64497, 64498)), mechanism="tls.reset", hit=(64496, 64497))
    )
    mixed = lines.copy()
    Random(3).shuffle(mixed)
    half = len(mixed) // 2

    whole = run(lines, into="whole")
    pieces = run(mixed[: half + 20], mixed[half - 20 :], into="pieces")
    assert as_bytes(whole) == as_bytes(pieces)


def test_files_that_come_later_give_what_they_would_have_given_at_once(
    settings: Settings, tmp_path: Path
) -> None:
    lines = lines_of(
        world(*map(network, (64496, 64497, 64498)), mechanism="tls.reset", hit=(64496, 64497))
    )
    late, early = tmp_path / "late.jsonl", tmp_path / "early.jsonl"
    early.write_bytes(b"".join(lines[1::2]))
    late.write_bytes(b"".join(lines[0::2]))
    both = replace(settings, workspace=tmp_path / "both")
    pipeline.run([early, late], both, NOW)
    pipeline.run([late], settings, NOW)
    pipeline.run([early], settings, NOW)

    answers = []
    for place in (both.workspace, settings.workspace):
        workspace = Workspace(place)
        answers.append(to_json(pipeline.incidents_in(workspace)))
        workspace.close()
    assert answers[0] == answers[1]


def test_a_file_is_counted_once_however_often_and_under_whatever_name_it_is_given(
    settings: Settings, tmp_path: Path
) -> None:
    lines = lines_of(world(*map(network, (64496, 64497)), mechanism="tls.reset", hit=(64496,)))
    first, copy = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_bytes(b"".join(lines))
    copy.write_bytes(b"".join(lines))
    report = pipeline.run([first, copy, tmp_path], settings, NOW)
    again = pipeline.run([copy], settings, NOW)
    workspace = Workspace(settings.workspace)
    [source] = workspace.sources()
    workspace.close()

    assert (report.n_files_new, report.n_files_known) == (1, 1)
    assert (again.n_files_new, again.n_partitions_judged) == (0, 0)
    assert source.n_read == len(lines)


def test_the_same_measurement_in_two_different_files_counts_once(
    settings: Settings, tmp_path: Path
) -> None:
    lines = lines_of(world(*map(network, (64496, 64497)), mechanism="tls.reset", hit=(64496,)))
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    with gzip.open(tmp_path / "b.jsonl.gz", "wb") as packed:
        packed.writelines(lines)
    pipeline.run([tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz"], settings, NOW)
    workspace = Workspace(settings.workspace)
    with Duck(settings) as duck:
        pipeline.relations(workspace, duck, ["cell"])
        [row] = duck.query(
            "SELECT sum(n_measurements)::BIGINT AS n FROM cell WHERE layer = 'dns'"
        ).to_pylist()
    workspace.close()

    assert row["n"] == len(lines)


def test_nothing_is_written_by_a_second_run(settings: Settings, tmp_path: Path) -> None:
    lines = lines_of(world(*map(network, (64496, 64497)), mechanism="tls.reset", hit=(64496,)))
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    pipeline.run([tmp_path / "a.jsonl"], settings, NOW)
    before = {p.name: p.stat().st_mtime_ns for p in (settings.workspace / "parts").iterdir()}
    pipeline.run([tmp_path / "a.jsonl"], settings, NOW)

    assert before == {
        p.name: p.stat().st_mtime_ns for p in (settings.workspace / "parts").iterdir()
    }


def test_a_second_writer_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"{}\n")
    workspace = Workspace(settings.workspace, create=True)
    with workspace.writing(), pytest.raises(WorkspaceError, match="another run"):
        pipeline.run([tmp_path / "a.jsonl"], settings, NOW)
    workspace.close()


def test_a_path_that_does_not_exist_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file") as refused:
        pipeline.run([tmp_path / "nowhere"], settings, NOW)

    assert refused.value.where == str(tmp_path / "nowhere")
    assert not settings.workspace.exists()


def test_a_link_that_leads_nowhere_is_told_and_the_rest_is_read(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    lines = lines_of(world(network(64496), mechanism="down", hit=(64496,)))
    (folder / "here.jsonl").write_bytes(b"".join(lines))
    report = pipeline.run([folder], settings, NOW)

    assert report.n_read == len(lines)
    assert [Path(path).name for path, _ in report.defects] == ["gone.jsonl"]
