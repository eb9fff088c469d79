import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from overt.record.ledger import load
from overt.record.schema import plain
from record import sample


def overt(*words: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "overt", *map(str, words)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sample.write(tmp_path / "record")


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    whole = load(sample.write(tmp_path / "whole"))
    head = {
        "source": plain(whole.sources[sample.SOURCE_ID]),
        "text": sample.TEXT,
        "authorities": [plain(a) for a in whole.authorities.values()],
    }
    claims = [{"claim": {**plain(c), "act": ""}, "why": ["a"]} for c in whole.claims.values()]
    lines = "\n".join(map(json.dumps, [head, *claims]))
    done = overt("record", "enqueue", "-", "--record", tmp_path / "record", stdin=lines)
    assert done.stdout == "3 new, 0 known, 0 refused before\n", done.stderr
    return tmp_path / "record"


def test_a_sound_record_is_called_sound(folder: Path) -> None:
    done = overt("record", "check", folder)

    assert done.returncode == 0
    assert done.stdout.startswith("sound: 4 authorities, 1 sources, 2 acts")


def test_a_broken_record_ends_with_65_and_every_problem(folder: Path) -> None:
    (folder / "acts/xx-letter.yaml").write_text("kind: order\n")
    done = overt("record", "check", folder)
    told = overt("record", "check", folder, "--json")

    assert (done.returncode, told.returncode) == (65, 65)
    assert "acts/xx-letter.yaml, line 1, id: the field is missing" in done.stderr
    assert "Traceback" not in done.stderr
    problems = json.loads(told.stdout)["problems"]
    assert {p["field"] for p in problems} >= {"id", "issuer", "on", "claims"}
    assert set(problems[0]) == {"file", "line", "field", "what", "expected", "remedy"}


def test_a_sealed_record_tells_edits_and_a_lost_head(folder: Path) -> None:
    assert overt("record", "seal", folder, "--as", "A. Reader").returncode == 0
    head = json.loads(overt("record", "check", folder, "--json").stdout)["head"]
    assert overt("record", "check", folder, "--head", head).returncode == 0
    (folder / "acts/xx-letter.yaml").unlink()
    (folder / "log.jsonl").unlink()

    done = overt("record", "check", folder, "--head", head)

    assert done.returncode == 65
    assert "no line has the hash" in done.stderr


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    done = overt("record", "check", tmp_path / "nothing")

    assert done.returncode == 65
    assert "there is no record in this folder" in done.stderr


def test_a_due_date_is_told_with_its_rule_and_end() -> None:
    where = ("--on", "2024-04-17", "--zone", "Asia/Karachi")
    done = overt("record", "due", "within a week", *where)
    body = json.loads(overt("record", "due", "in 48 hours", *where, "--json").stdout)

    assert done.stdout.splitlines()[0] == "due 2024-04-24 (Asia/Karachi)"
    assert done.stdout.splitlines()[2] == "has passed from 2024-04-24T19:00:00Z"
    assert body["rule"] == "within 48 hours of 2024-04-17: elapsed time"


@pytest.mark.parametrize(
    "words",
    [
        ("soon", "--on", "2024-04-17", "--zone", "Asia/Karachi"),
        ("within a week", "--on", "2024-02-30", "--zone", "Asia/Karachi"),
        ("within a week", "--on", "2024-04-17", "--zone", "Mars"),
        ("within a week", "--on", "2024-04-17T10:00:00", "--zone", "Asia/Karachi"),
        ("in 2 working days", "--on", "2024-04-17", "--zone", "UTC", "--rest", "Blursday"),
    ],
)
def test_a_due_date_that_cannot_be_had_is_refused(words: tuple[str, ...]) -> None:
    done = overt("record", "due", *words)

    assert done.returncode == 64
    assert "try:" in done.stderr


def test_proposals_are_decided_from_the_command_line(queue: Path) -> None:
    as_a, as_b = ("--as", "A. Reader"), ("--as", "B. Reader")
    listed = json.loads(overt("record", "review", queue, "--json").stdout)
    assert len(listed) == 3
    overt("record", "review", queue, "--accept", "claim:order", *as_a)
    overt("record", "review", queue, "--accept", "claim:order", *as_b)
    words = ("--set", "polarity=denies", "--note", "no")
    overt("record", "review", queue, "--correct", "claim:blocked", *words, *as_a)
    done = overt("record", "review", queue, "--refuse", "claim:loss", *as_a)

    assert "refused" in done.stdout
    record = load(queue)
    assert set(record.claims) == {"claim:order", "claim:blocked"}
    assert record.claims["claim:blocked"].polarity == "denies"
    act = overt("record", "act", "new", queue, "--from", "claim:order")
    assert "earliest: 2024-04-24" in act.stdout
    for who in (as_a, as_b):
        overt("record", "review", queue, "--accept", "act:xx-court-2024-04-17-withdraw", *who)
    assert len(load(queue).acts) == 1
    assert overt("record", "check", queue).returncode == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--accept", "claim:blocked"), 64),
        (("--accept", "claim:nothing", "--as", "A"), 64),
        (("--correct", "claim:blocked", "--set", "polarity=maybe", "--as", "A"), 65),
        (("--correct", "claim:blocked", "--set", "polarty=denies", "--as", "A"), 64),
        (("--set", "polarity=denies", "--as", "A"), 64),
        (("--as", "A"), 64),
    ],
)
def test_a_decision_that_cannot_be_taken_is_refused(
    queue: Path, words: tuple[str, ...], code: int
) -> None:
    done = overt("record", "review", queue, *words)

    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert not (queue / "sources").exists()


def test_an_authority_is_entered_by_name_once(folder: Path) -> None:
    words = ("--name", "X", "--kind", "platform", "--as", "A. Reader", "--record", folder)

    assert overt("record", "authority", "new", "authority:x", *words).returncode == 0
    assert load(folder).authorities["authority:x"].name == "X"
    assert overt("record", "authority", "new", "authority:x", *words).returncode == 65
    assert overt("record", "authority", "new", "X", *words).returncode == 65


def test_a_reader_is_asked_in_the_terminal(queue: Path) -> None:
    primary, secondary = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "overt", "record", "review", str(queue), "--as", "A. Reader"],
        stdin=secondary,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.close(secondary)
    os.write(primary, b"c\npolarity=maybe\n\n\nd\n\na\n\nr\na menu\n")
    said, _ = done.communicate(timeout=60)
    os.close(primary)

    assert done.returncode == 0, said
    assert "write" in said or "choose" in said
    assert "nothing is left to read" in said
    decided = {json.loads(p.read_text())["state"] for p in (queue / "queue").glob("*.json")}
    assert "refused" in decided and "deferred" in decided


def test_the_desk_prints_its_address_and_ends_when_it_is_interrupted(queue: Path) -> None:
    desk = subprocess.Popen(
        [sys.executable, "-m", "overt", "record", "desk", str(queue)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert desk.stdout is not None
    address = desk.stdout.readline()
    desk.send_signal(2)
    _, said = desk.communicate(timeout=30)

    assert address.startswith("http://127.0.0.1:")
    assert desk.returncode == 130
    assert "Traceback" not in said
