"""The command line as its user meets it: exit codes, streams, and never a traceback."""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from overt.lab.archive import write_archive
from overt.lab.scenario import load_scenario


def overt(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "overt", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario = load_scenario("x-tls-reset-two-of-three")
    return write_archive(scenario, tmp_path_factory.mktemp("archive"))[0]


@pytest.fixture(scope="module")
def workspace(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("cli") / "w"
    assert overt("run", archive, "-w", place).returncode == 0
    return place


def first_line(archive: Path) -> str:
    with gzip.open(archive, "rt") as stream:
        return next(stream)


HEADER = "measurement_uid,test_name,probe_cc,probe_asn,measurement_start_time,tcp_failure"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.jsonl", b"", "empty_file"),
        ("empty.csv.gz", gzip.compress(b""), "empty_file"),
        ("other.csv", b"date,value\n2024-01-01,3\n", "lacks the columns"),
        ("cut.jsonl.gz", gzip.compress(b'{"a": 1}\n' * 5000)[:60], "truncated_gzip"),
        ("corrupt.jsonl.gz", b"\x1f\x8b\x08\x00" + b"\xff" * 60, "corrupt_gzip"),
        ("binary.jsonl", bytes(range(256)) * 8, "not one line of it could be read"),
        ("binary", bytes(range(256)) * 8, "lacks the columns"),
        ("junk.jsonl", b"{not json\n{nor this\n", "not one line of it could be read"),
    ],
)
def test_a_damaged_file_is_named_and_ends_with_65(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = overt("run", tmp_path / name, "-w", tmp_path / "w")

    assert done.returncode == 65
    assert told in done.stderr
    assert name in done.stderr


def test_what_is_sound_beside_a_damaged_file_is_taken_in(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "broken.jsonl.gz").write_bytes(archive.read_bytes()[:2000])
    (tmp_path / "whole.jsonl.gz").write_bytes(archive.read_bytes())
    done = overt("run", tmp_path, "-w", tmp_path / "w")

    assert done.returncode == 65
    assert "1 incidents" in done.stderr


def test_bad_lines_are_counted_with_file_line_and_reason_and_the_run_succeeds(
    tmp_path: Path, archive: Path
) -> None:
    good = first_line(archive)
    future = json.dumps({**json.loads(good), "measurement_start_time": "2999-01-01 00:00:00"})
    (tmp_path / "a.jsonl").write_text(good + "{oops\n" + future + "\n\n" + "[1]\n")
    done = overt("run", tmp_path / "a.jsonl", "-w", tmp_path / "w", "--json")
    shown = overt("quarantine", "-w", tmp_path / "w", "--json")
    reasons = {row["line"]: row["reason"] for row in json.loads(shown.stdout)}

    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert (report["n_lines"], report["n_read"]) == (5, 1)
    assert reasons == {2: "not_json", 3: "wrong_clock", 4: "blank_line", 5: "not_a_measurement"}


def test_a_missing_path_ends_with_64_and_says_which(tmp_path: Path) -> None:
    done = overt("run", tmp_path / "nowhere.csv", "-w", tmp_path / "w")

    assert done.returncode == 64
    assert "nowhere.csv" in done.stderr
    assert "try:" in done.stderr


def test_a_folder_without_measurements_ends_with_64(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notes.txt").write_text("hello")

    assert overt("run", tmp_path / "in", "-w", tmp_path / "w").returncode == 64


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 64),
        (("frobnicate",), 64),
        (("run",), 64),
        (("status", "telegram"), 64),
        (("incidents", "--jsn"), 64),
    ],
)
def test_a_command_that_cannot_mean_anything_ends_with_64(
    words: tuple[str, ...], code: int
) -> None:
    assert overt(*words).returncode == code or words == ()


@pytest.mark.parametrize("command", ["incidents", "quarantine"])
def test_asking_a_workspace_that_is_not_there_says_how_to_make_one(
    tmp_path: Path, command: str
) -> None:
    done = overt(command, "-w", tmp_path / "none")

    assert done.returncode == 74
    assert "overt run" in done.stderr
    assert not (tmp_path / "none").exists()


def test_a_folder_of_somebody_else_is_never_used_as_a_workspace(
    tmp_path: Path, archive: Path
) -> None:
    (tmp_path / "mine.txt").write_text("precious")

    assert overt("run", archive, "-w", tmp_path).returncode == 74
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_incidents_as_json_go_to_stdout_and_nothing_else_does(workspace: Path) -> None:
    done = overt("incidents", "--json", "-w", workspace)

    [incident] = json.loads(done.stdout)
    assert incident["id"] == "XX-x-2024-02-17"
    assert done.stderr == ""


def test_incidents_as_a_table_name_the_state_and_the_networks(workspace: Path) -> None:
    shown = overt("incidents", "-w", workspace).stdout

    assert "consistent with blocking" in shown
    assert "2 of 3" in shown


@pytest.mark.parametrize("name", ["x", "X", "twitter", "twitter.com", "x.com"])
def test_status_knows_a_platform_by_id_name_alias_and_hostname(workspace: Path, name: str) -> None:
    done = overt("status", name, "--in", "xx", "--at", "2024-02-18T12:00:00Z", "-w", workspace)

    assert done.returncode == 0
    assert done.stdout.startswith("X in XX (an invented country)")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("status", "nonsense", "--in", "XX"), "neither a platform nor a hostname"),
        (("status", "x", "--in", "Pakistan"), "not a country code"),
        (("status", "x", "--in", "XX", "--at", "yesterday"), "not a time"),
        (("status", "x", "--in", "XX", "--at", "2024-02-18T12:00:00"), "no time zone"),
        (("explain", "no-such-id"), "nothing in this workspace"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why_and_what_to_do(
    workspace: Path, words: tuple[str, ...], told: str
) -> None:
    done = overt(*words, "-w", workspace)

    assert done.returncode == 64
    assert told in done.stderr
    assert "try:" in done.stderr


def test_status_of_what_nobody_measured_is_insufficient(workspace: Path) -> None:
    done = overt("status", "telegram", "--in", "PK", "-w", workspace, "--json")

    assert json.loads(done.stdout)["state"] == "insufficient"


def test_explain_goes_down_every_step_it_names(workspace: Path) -> None:
    waiting, seen, kinds = ["XX-x-2024-02-17", "tls_reset_control_ok"], set[str](), set[str]()
    while waiting and len(seen) < 12:
        wanted = waiting.pop(0)
        done = overt("explain", wanted, "-w", workspace, "--json")
        assert done.returncode == 0, done.stderr
        body = json.loads(done.stdout)
        kinds.add(body["kind"])
        seen.add(wanted)
        waiting += [n for n in body["next"][:2] if n not in seen]

    assert kinds >= {"incident", "change", "cell", "measurement", "rule"}


def test_explain_of_a_measurement_names_file_and_line(workspace: Path, archive: Path) -> None:
    uid = json.loads(first_line(archive))["measurement_uid"]
    shown = overt("explain", uid, "-w", workspace).stdout

    assert f"{archive}:1" in shown


def test_doctor_counts_what_the_workspace_holds(workspace: Path) -> None:
    done = overt("doctor", "-w", workspace, "--json")
    body = json.loads(done.stdout)

    assert done.returncode == 0
    assert body["holds"]["files"] == body["holds"]["incidents"] == 1
    assert body["problems"] == []


def test_doctor_finds_a_part_that_is_gone(tmp_path: Path, archive: Path) -> None:
    overt("run", archive, "-w", tmp_path / "w")
    next((tmp_path / "w" / "parts").glob("cell-*")).unlink()
    done = overt("doctor", "-w", tmp_path / "w")

    assert done.returncode == 1
    assert "cell parts are gone" in done.stdout


def test_the_demonstration_names_itself_simulated_and_finds_the_truth(tmp_path: Path) -> None:
    done = overt("demo", "-w", tmp_path / "demo")

    assert done.returncode == 0
    assert "simulated" in done.stderr
    assert "AS64496 (Simulated Mobile One)" in done.stdout
    assert "XX-telegram-2024-03-18" in done.stdout


def test_the_simulator_writes_what_run_reads(tmp_path: Path) -> None:
    done = overt("lab", "simulate", "site-down-everywhere", "-o", tmp_path)

    assert Path(done.stdout.strip()).exists()
    assert (tmp_path / "site-down-everywhere.truth.json").exists()


def test_an_interrupted_pipe_is_no_error(workspace: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m overt incidents --json -w {workspace} | head -c 10",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""


def test_a_workspace_that_was_read_and_not_concluded_claims_nothing(
    tmp_path: Path, archive: Path
) -> None:
    overt("run", archive, "-w", tmp_path / "w")
    with closing(sqlite3.connect(tmp_path / "w" / "catalog.sqlite")) as catalog:
        catalog.execute("DELETE FROM document")
        catalog.execute("INSERT OR REPLACE INTO meta VALUES ('behind', '1')")
        catalog.commit()
    done = overt("incidents", "-w", tmp_path / "w")

    assert done.returncode == 74
    assert "nothing was concluded" in done.stderr
    assert overt("run", archive, "-w", tmp_path / "w").returncode == 0
    assert overt("incidents", "-w", tmp_path / "w").returncode == 0


def test_a_damaged_file_is_told_again_when_it_is_given_again(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "cut.jsonl.gz").write_bytes(archive.read_bytes()[:2000])

    for _ in range(2):
        done = overt("run", tmp_path / "cut.jsonl.gz", "-w", tmp_path / "w")
        assert done.returncode == 65
        assert "truncated_gzip" in done.stderr


def test_one_bad_first_line_costs_no_more_than_itself(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "a.jsonl").write_text("hello, not json\n" + first_line(archive))
    done = overt("run", tmp_path / "a.jsonl", "-w", tmp_path / "w", "--json")

    report = json.loads(done.stdout)
    assert (report["n_lines"], report["n_read"], report["quarantined"]) == (2, 1, {"not_json": 1})


def test_a_run_killed_at_its_very_start_leaves_a_folder_that_can_be_used(
    tmp_path: Path, archive: Path
) -> None:
    (tmp_path / "w" / "parts").mkdir(parents=True)

    assert overt("run", archive, "-w", tmp_path / "w").returncode == 0


@pytest.mark.parametrize("words", [("status", "x", "--in", "XX", "--at", "0001-01-01")])
def test_a_time_before_everything_is_refused(workspace: Path, words: tuple[str, ...]) -> None:
    assert overt(*words, "-w", workspace).returncode == 64


def test_a_path_longer_than_any_is_refused(tmp_path: Path) -> None:
    assert overt("run", "x" * 5000, "-w", tmp_path / "w").returncode == 64


def test_what_is_no_file_is_passed_over_in_a_folder(tmp_path: Path, archive: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text(first_line(archive))
    (folder / "endless.csv").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.csv")
    done = overt("run", folder, "-w", tmp_path / "w", "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["n_files_new"] == 1


DARK = """
title = "A network goes dark inside a block"
seed = 5
cc = "XX"
platform = "telegram"
nettest = "telegram"
url = ""
first_day = 2024-03-01
days = 32
network = [
  {asn = 64496, name = "Dark", reports_per_hour = 2.0, units = 12},
  {asn = 64497, name = "Lit", reports_per_hour = 2.0, units = 12},
]

[[interference]]
networks = [64496, 64497]
mechanism = "tcp.timeout"
start = 2024-03-22T10:00:00Z
end = 2024-03-27T10:00:00Z

[[outage]]
networks = [64496]
start = 2024-03-25T10:00:00Z
end = 2024-05-01T10:00:00Z
"""


@pytest.fixture(scope="module")
def gone_dark(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("dark")
    (place / "dark.toml").write_text(DARK)
    archive, _, _ = write_archive(load_scenario(str(place / "dark.toml")), place / "input")
    assert overt("run", archive, "-w", place / "w").returncode == 0
    return place / "w"


def test_a_silence_is_told_beside_the_incidents_and_never_as_an_ending(gone_dark: Path) -> None:
    listed = overt("incidents", "-w", gone_dark)
    status = overt("status", "telegram", "--in", "XX", "--at", "2024-03-30", "-w", gone_dark)

    assert "none yet" in listed.stdout
    assert "while that lasts nothing is called ended" in listed.stdout
    assert "nobody on AS64496 (Dark) reported from 25 Mar 2024" in listed.stdout
    assert "coverage collapse: nobody on AS64496 (Dark) reported from" in status.stdout


def test_a_silence_is_explained_down_to_cells(gone_dark: Path) -> None:
    [collapse] = json.loads(overt("collapses", "-w", gone_dark, "--json").stdout)
    kinds, wanted = [], collapse["id"]
    for _ in range(5):
        told = json.loads(overt("explain", wanted, "-w", gone_dark, "--json").stdout)
        kinds.append(told["kind"])
        wanted = told["next"][0]

    assert kinds == ["coverage collapse", "change", "hour", "cell", "measurement"]
    assert collapse["until"] is None
    assert collapse["id"] in overt("collapses", "-w", gone_dark).stdout


def test_where_nothing_went_dark_that_is_said(workspace: Path) -> None:
    done = overt("collapses", "-w", workspace)

    assert done.returncode == 0
    assert done.stdout == ""
    assert "no coverage collapse" in done.stderr
