"""The house keeps its own rules: captions, small rooms, a test beside every room."""

import ast
import re
import subprocess
from pathlib import Path

import pytest


ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "overt"
ROOMS = sorted(p for p in SOURCE.rglob("*.py"))
MAX_LINES, MAX_FUNCTION_LINES, MAX_CAPTION = 400, 60, 100

# Rooms without a test file of their own, and where they are tested instead.
TESTED_ELSEWHERE = {
    "__init__.py": "test_house.py",
    "__main__.py": "test_cli.py",
    "cli/record_propose.py": "record/test_propose.py",
    "record/proposals/calendars.py": "record/proposals/test_dates.py",
    "record/proposals/claims.py": "record/proposals/test_reading.py",
    "record/proposals/dating.py": "record/proposals/test_dates.py",
    "record/proposals/findings.py": "record/proposals/test_reading.py",
    "record/proposals/grammar.py": "record/proposals/test_rulebook.py",
    "record/proposals/lines.py": "record/proposals/test_reading.py",
    "record/proposals/mentions.py": "record/proposals/test_reading.py",
    "record/proposals/people.py": "record/proposals/test_reading.py",
    "record/proposals/proposal.py": "record/proposals/test_registry.py",
    "record/proposals/tokens.py": "record/proposals/test_sentences.py",
    "cells.py": "verdicts/test_judge.py",
    "cli/answers.py": "test_cli.py",
    "cli/recall.py": "test_history.py",
    "cli/shared.py": "test_cli.py",
    "cli/simulated.py": "test_cli.py",
    "cli/taking.py": "test_cli.py",
    "verdicts/bound.py": "verdicts/test_judge.py",
    "observations/intake.py": "test_pipeline.py",
    "incidents/case.py": "incidents/test_removal.py",
    "incidents/fit.py": "incidents/test_removal.py",
    "incidents/gather.py": "test_pipeline.py",
    "incidents/witnesses.py": "acceptance/test_kenya_2023.py",
    "dossier/explain.py": "test_cli.py",
    "dossier/shelf.py": "dossier/test_trace.py",
    "dossier/words.py": "dossier/test_wording.py",
}


def name(room: Path) -> str:
    return str(room.relative_to(SOURCE))


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - git is found on the path
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / n for n in listed.stdout.split("\0") if n]


@pytest.mark.parametrize("room", ROOMS, ids=name)
def test_every_room_has_a_caption_of_one_line(room: Path) -> None:
    caption = (ast.get_docstring(ast.parse(room.read_text())) or "").partition("\n")[0]

    assert caption.endswith((".", ":"))
    assert len(caption) <= MAX_CAPTION


@pytest.mark.parametrize("room", ROOMS, ids=name)
def test_rooms_and_functions_are_small(room: Path) -> None:
    text = room.read_text()
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]
    long = [f.name for f in functions if (f.end_lineno or 0) - f.lineno > MAX_FUNCTION_LINES]

    assert len(text.splitlines()) <= MAX_LINES
    assert long == []


@pytest.mark.parametrize("room", [r for r in ROOMS if r.name != "__init__.py"], ids=name)
def test_every_room_has_a_test_beside_it(room: Path) -> None:
    own = ROOT / "tests" / room.relative_to(SOURCE).parent / f"test_{room.name}"
    elsewhere = TESTED_ELSEWHERE.get(name(room))

    assert own.exists() or (elsewhere and (ROOT / "tests" / elsewhere).exists())
    assert not (own.exists() and elsewhere), f"{name(room)} need not be excused any more"


def test_no_file_names_a_machine_or_a_package_index() -> None:
    forbidden = re.compile(
        r"--(extra-)?index-url|\"resolved\": *\"http|https?://[^ \"]+/simple(/|$)"
        r"|(^|[\s\"'`(=])/(work|home|root)/"
    )
    found = []
    for path in tracked():
        if path.name == Path(__file__).name or not path.is_file():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.name}: {m[0]}" for m in forbidden.finditer(text)]

    assert found == []


def test_every_requirement_in_the_lock_file_is_hashed() -> None:
    text = (ROOT / "requirements" / "lock.txt").read_text()
    entries = re.split(r"\n(?=\S)", text.strip())

    assert len(entries) > 20
    assert [e.split()[0] for e in entries if "--hash=sha256:" not in e] == []
