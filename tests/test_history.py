"""Known at the time and known now: what a workspace's history holds after runs that changed it."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - a seeded shuffle
from typing import Any, TypeVar

import pytest
from typer.testing import CliRunner

from overt import cli, pipeline
from overt.engine.workspace import Workspace
from overt.errors import UsageError
from overt.lab.archive import simulate
from overt.lab.scenario import Interference, Scenario, SimulatedNetwork, load_scenario
from overt.settings import Settings
from overt.vocabulary.instants import rfc3339
from overt.vocabulary.records import Kind, RecordVersion


FIRST, SECOND = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
START = datetime(2024, 2, 17, 6, tzinfo=UTC)
LATE_ID, EARLY_ID = "XX-x-2024-02-18", "XX-x-2024-02-17"

Lines = list[bytes]
T = TypeVar("T")


def network(asn: int, cc: str = "XX", rate: float = 0.5, units: int = 5) -> SimulatedNetwork:
    return SimulatedNetwork(asn=asn, name=f"Net {asn}", cc=cc, reports_per_hour=rate, units=units)


def world(
    *networks: SimulatedNetwork,
    hit: tuple[int, ...],
    mechanism: str = "tls.reset",
    spans: tuple[tuple[float, float], ...] = ((0, 3),),
    seed: int = 5,
) -> Scenario:
    cuts = tuple(
        Interference(networks=hit, mechanism=mechanism, start=START + timedelta(days=a),
                     end=START + timedelta(days=b))
        for a, b in spans
    )  # fmt: skip
    base = load_scenario("x-tls-reset-two-of-three")
    return replace(base, networks=networks, interferences=cuts, seed=seed)


def lines_of(scenario: Scenario, *, control: bool = True) -> Lines:
    bodies: list[Any] = list(simulate(scenario))
    for body in bodies:
        if not control:
            body["test_keys"]["control"] = {}
    return [json.dumps(body).encode() + b"\n" for body in bodies]


def split(lines: Lines, day: str) -> tuple[Lines, Lines]:
    late = [n for n in lines if json.loads(n)["measurement_start_time"] >= day]
    return [n for n in lines if n not in set(late)], late


class Place:
    """A workspace that is brought lines at given instants."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        folder.mkdir()
        self.folder = folder
        self.settings = replace(settings, workspace=folder / "w")
        self.n = 0

    @property
    def root(self) -> Path:
        return self.settings.workspace

    def take(self, lines: Lines, now: datetime = FIRST) -> dict[str, int]:
        self.n += 1
        path = self.folder / f"{self.n}.jsonl"
        path.write_bytes(b"".join(lines))
        return self.again(path, now)

    def again(self, path: Path, now: datetime) -> dict[str, int]:
        return pipeline.run([path], self.settings, now).recorded

    def asked(self, question: Callable[[Workspace], T]) -> T:
        workspace = Workspace(self.root)
        try:
            return question(workspace)
        finally:
            workspace.close()

    def versions(self, record: str) -> list[RecordVersion]:
        return self.asked(lambda w: w.log.versions(record))

    def says(self, *words: str, code: int = 0) -> str:
        done = CliRunner().invoke(cli.app, [*words, "-w", str(self.root)])
        assert done.exit_code == code, done.output
        return done.stdout


@pytest.fixture
def place(tmp_path: Path, settings: Settings) -> Place:
    return Place(tmp_path / "here", settings)


@pytest.fixture(scope="module")
def halves() -> tuple[Lines, Lines]:
    scenario = world(*map(network, (64496, 64497, 64498)), hit=(64496, 64497))
    return split(lines_of(scenario), "2024-02-18")


@pytest.fixture(scope="module")
def moved(halves: tuple[Lines, Lines], tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return a workspace whose incident's onset was moved by data that came late."""
    place = Place(tmp_path_factory.mktemp("moved") / "here", Settings(memory_limit_mib=256))
    early, late = halves
    assert place.take(late, FIRST) == {"new": 1}
    assert place.take(early, SECOND) == {"updated": 1}
    return place


# -- versions --------------------------------------------------------------------------------------


def test_late_data_that_move_an_onset_add_a_version_and_keep_the_old_one(moved: Place) -> None:
    first, second = moved.versions(LATE_ID)

    assert (first.id, second.id) == (LATE_ID, EARLY_ID)
    assert first.body["is_standing"] and not second.body["is_standing"]
    assert [v.conclusion.recorded for v in (first, second)] == [FIRST, SECOND]
    assert first.conclusion.made_from != second.conclusion.made_from


def test_the_newest_version_is_the_incident_as_it_is_told_now(moved: Place) -> None:
    stored = moved.asked(lambda w: w.document("incidents"))
    last = moved.versions(LATE_ID)[-1]

    assert stored == (last.conclusion.made_from, [last.body])


def test_a_run_that_brings_nothing_new_appends_nothing(moved: Place) -> None:
    before = moved.asked(lambda w: w.log.conclusions())

    assert moved.again(moved.folder / "1.jsonl", SECOND + timedelta(days=1)) == {}
    assert moved.asked(lambda w: w.log.conclusions()) == before


def test_the_same_measurements_in_another_order_and_file_add_no_version(
    place: Place, halves: tuple[Lines, Lines]
) -> None:
    lines = [*halves[0], *halves[1]]
    place.take(lines, FIRST)
    Random(3).shuffle(lines)

    assert place.take(lines, SECOND) == {}
    assert len(place.versions(EARLY_ID)) == 1


def test_an_incident_the_data_no_longer_support_is_withdrawn_and_can_be_read(place: Place) -> None:
    here = [network(a) for a in (64496, 64497, 64498)]
    abroad = [network(a, "QM") for a in (64500, 64501, 64502)]
    everyone = tuple(n.asn for n in (*here, *abroad))
    lines = lines_of(world(*here, *abroad, hit=everyone, mechanism="tls.timeout"), control=False)
    ours = [n for n in lines if json.loads(n)["probe_cc"] == "XX"]

    assert place.take(ours, FIRST) == {"new": 1}
    assert place.take([n for n in lines if n not in set(ours)], SECOND) == {"withdrawn": 1}

    assert json.loads(place.says("incidents", "--json")) == []
    assert "was withdrawn on 2 Jan 2026" in place.says("explain", EARLY_ID)
    [history] = json.loads(place.says("history", EARLY_ID, "--json"))
    assert [v["kind"] for v in history["versions"]] == ["new", "withdrawn"]
    assert not history["is_open"]
    [then] = json.loads(place.says("incidents", "--known-at", "2026-01-01", "--json"))
    assert then["id"] == EARLY_ID


def test_two_events_that_late_data_show_to_be_one_are_merged(place: Place) -> None:
    networks = [network(a, rate=2.0) for a in (64496, 64497, 64498)]
    two = world(*networks, hit=(64496, 64497), spans=((0, 3), (9, 12)))
    thick = [network(a, rate=7.0, units=15) for a in (64496, 64497, 64498)]
    one = lines_of(replace(world(*thick, hit=(64496, 64497), spans=((0, 12),), seed=6), days=21))
    between = split(split(one, "2024-02-20")[1], "2024-02-27")[0]

    assert place.take(lines_of(replace(two, days=21)), FIRST) == {"new": 2}
    assert place.take(between, SECOND) == {"absorbed": 1, "merged": 1}

    merged = place.versions(EARLY_ID)[-1]
    [absorbed] = [v for k in merged.took_in for v in place.versions(k)[-1:]]
    assert (merged.kind, absorbed.kind, absorbed.part_of) == (Kind.MERGED, Kind.ABSORBED, EARLY_ID)
    explained = json.loads(place.says("explain", absorbed.record, "--json"))
    assert explained["id"] == merged.id
    assert f"became part of {EARLY_ID}" in explained["sentences"][0]


def test_what_an_older_workspace_knew_is_inherited(
    place: Place, halves: tuple[Lines, Lines]
) -> None:
    place.take(halves[1], FIRST)
    with closing(sqlite3.connect(place.root / "catalog.sqlite")) as catalog:
        catalog.executescript(
            "DROP TABLE record_version; DROP TABLE conclusion;"
            "UPDATE meta SET value = '1' WHERE key = 'layout'"
        )
    assert place.says("incidents", "--json")
    with pytest.raises(UsageError, match="nothing was on record"):
        place.asked(lambda w: pipeline.known_at(w, SECOND))

    assert place.take(halves[0], SECOND) == {"inherited": 1, "updated": 1}
    assert "since when is not recorded" in place.says("history", LATE_ID)


def test_documents_are_the_same_bytes_whenever_the_runs_were_and_the_history_is_not(
    place: Place, halves: tuple[Lines, Lines], tmp_path: Path
) -> None:
    other = Place(tmp_path / "other", place.settings)
    place.take(halves[0], FIRST)
    place.take(halves[1], SECOND)
    other.take(halves[1], SECOND)
    other.take(halves[0], SECOND)

    def stored(at: Place) -> str:
        return at.asked(lambda w: str(w._db.execute("SELECT body FROM document").fetchall()))

    assert stored(place) == stored(other)
    assert place.asked(lambda w: w.log.heads()) != other.asked(lambda w: w.log.heads())


# -- asked -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [LATE_ID, EARLY_ID, EARLY_ID.lower()])
def test_history_is_told_under_any_name_the_incident_ever_had(moved: Place, name: str) -> None:
    shown = moved.says("history", name)

    assert f"record {LATE_ID}, called {EARLY_ID} now" in shown
    assert "version 1  new  recorded 2026-01-01T00:00:00Z" in shown
    assert "version 2  updated  recorded 2026-01-02T00:00:00Z" in shown
    assert f"It is called {EARLY_ID}; earlier {LATE_ID}." in shown
    assert "Onset: " in shown


def test_history_as_json_holds_every_version_whole(moved: Place) -> None:
    [history] = json.loads(moved.says("history", LATE_ID, "--json"))
    first, second = history["versions"]

    assert {"id", "onset", "networks"} <= set(second["changed"])
    assert (first["incident"]["id"], second["incident"]["id"]) == (LATE_ID, EARLY_ID)
    assert second["versions"] == second["incident"]["versions"]


def test_an_id_of_old_is_explained_as_what_it_is_called_now(moved: Place) -> None:
    explained = json.loads(moved.says("explain", LATE_ID, "--json"))

    assert (explained["id"], explained["kind"]) == (EARLY_ID, "incident")
    assert explained["sentences"][0] == (
        f"What was once called {LATE_ID} is called {EARLY_ID} now."
    )
    assert any(s.startswith("On record since 1 Jan 2026") for s in explained["sentences"])


@pytest.mark.parametrize(
    ("instant", "known"),
    [
        (FIRST, LATE_ID),
        (SECOND - timedelta(seconds=1), LATE_ID),
        (SECOND, EARLY_ID),
        (SECOND + timedelta(days=999), EARLY_ID),
    ],
)
def test_incidents_are_told_as_they_were_on_record(
    moved: Place, instant: datetime, known: str
) -> None:
    [found] = json.loads(moved.says("incidents", "--known-at", rfc3339(instant), "--json"))

    assert found["id"] == known
    assert known in moved.says("incidents", "--known-at", rfc3339(instant))


def test_before_anything_was_on_record_there_is_no_answer(moved: Place) -> None:
    with pytest.raises(UsageError, match="nothing was on record") as refused:
        moved.asked(lambda w: pipeline.known_at(w, FIRST - timedelta(seconds=1)))

    assert "from 2026-01-01T00:00:00Z on" in (refused.value.remedy or "")


@pytest.mark.parametrize(
    ("known_at", "at", "said"),
    [
        ("2026-01-01", "2024-02-19", "consistent with blocking, since before the measurements"),
        ("2026-01-01", "2024-02-17T12:00:00Z", "insufficient; no incident was on record for that"),
        ("2026-01-02", "2024-02-17T12:00:00Z", "consistent with blocking, since 1"),
    ],
)
def test_status_says_what_was_on_record_and_when_it_was_recorded(
    moved: Place, known_at: str, at: str, said: str
) -> None:
    shown = moved.says("status", "x", "--in", "XX", "--at", at, "--known-at", known_at)

    assert "as recorded on" in shown
    assert said in shown


def test_status_of_an_instant_that_was_still_to_come_is_refused(moved: Place) -> None:
    words = ["status", "x", "--in", "XX", "--at", "2026-02-01", "--known-at", "2026-01-01"]
    done = CliRunner().invoke(cli.app, [*words, "-w", str(moved.root)])

    assert isinstance(done.exception, UsageError)


# -- killed ----------------------------------------------------------------------------------------


def test_a_run_broken_off_before_it_stores_leaves_everything_as_it_was_and_can_be_repeated(
    place: Place, moved: Place, halves: tuple[Lines, Lines], monkeypatch: pytest.MonkeyPatch
) -> None:
    place.take(halves[1], FIRST)
    before = place.asked(lambda w: (w.document("incidents"), w.log.heads(), w.parts("change")))
    with monkeypatch.context() as patched:
        patched.setattr(Workspace, "store_documents", _broken_off)
        with pytest.raises(KeyboardInterrupt):
            place.take(halves[0], SECOND)

    after = place.asked(lambda w: (w.document("incidents"), w.log.heads(), w.parts("change")))
    assert after == before
    assert place.again(place.folder / "2.jsonl", SECOND) == {"updated": 1}
    assert place.versions(LATE_ID)[-1].body["onset"] == moved.versions(LATE_ID)[-1].body["onset"]


def _broken_off(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


# Stores a second conclusion and is killed as the statement of a given number is about to run.
KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from overt.engine.workspace import Part, Workspace
from overt.vocabulary.judgements import Versions
from overt.vocabulary.records import Conclusion, Kind, RecordVersion

workspace, number, seq = Workspace(Path(sys.argv[1]), create=True), int(sys.argv[2]), sys.argv[3]
left = iter(range(number + 1))
if number >= 0:
    workspace._db.set_trace_callback(lambda _: next(left) == number and os._exit(9))
conclusion = Conclusion(
    seq=int(seq), recorded=datetime(2026, 1, int(seq), tzinfo=UTC), made_from=seq, n_incidents=2,
    versions=Versions(code="", rulebook="", reference=""),
)
part = [
    Part(tier="change", name=n, partition="all", fingerprint=n, n_rows=0) for n in ("0", "1", "2")
]
versions = [
    RecordVersion(
        record=key, version=int(seq), id=key, kind=Kind.UPDATED, took_in=[], gave_off=[],
        part_of=None, body={"seq": seq}, conclusion=conclusion,
    )
    for key in ("a", "b")
]
workspace.store_documents(
    seq, {"incidents": [seq], "other": seq}, removed=[part[int(seq) - 1]], added=[part[int(seq)]],
    history=[(conclusion, versions)],
)
workspace.close()
"""


def test_a_process_killed_at_any_statement_leaves_the_old_conclusions_and_history_whole(
    tmp_path: Path,
) -> None:
    root = tmp_path / "w"

    def store(number: int, seq: int) -> int:
        words = [sys.executable, "-c", KILLED, str(root), str(number), str(seq)]
        return subprocess.run(words, check=False).returncode

    def held() -> tuple[object, ...]:
        workspace = Workspace(root)
        found = (
            workspace.document("incidents"),
            workspace.document("other"),
            [p.name for p in workspace.parts("change")],
            [c.seq for c in workspace.log.conclusions()],
            [(v.record, v.version, v.body) for v in workspace.log.heads()],
        )
        workspace.close()
        return found

    def whole(seq: str) -> tuple[object, ...]:
        versions = [(key, int(seq), {"seq": seq}) for key in ("a", "b")]
        done = list(range(1, int(seq) + 1))
        return ((seq, [seq]), (seq, seq), [seq], done, versions)

    assert store(-1, 1) == 0
    killed = 0
    while store(killed, 2) == 9:
        assert held() == whole("1"), f"half of it is there after statement {killed}"
        killed += 1

    assert killed >= 9
    assert held() == whole("2")
