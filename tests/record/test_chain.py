import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.errors import RecordError, UsageError, WorkspaceError
from overt.record.chain import LOG, START, check_earlier, read_log
from overt.record.earlier import earlier
from overt.record.ledger import check, seal_all
from overt.record.problems import Problem
from record import sample
from record.sample import FILES, SOURCE_FILE


NOW = datetime(2024, 6, 1, tzinfo=UTC)
COURT, LETTER = "authorities/xx-court.yaml", "acts/xx-letter.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = sample.write(tmp_path / "record")
    seal_all(place, "A. Reader", NOW)
    return place


def edit(folder: Path, file: str, old: str, new: str) -> None:
    assert old in FILES[file]
    (folder / file).write_text(FILES[file].replace(old, new, 1))


def test_every_accepted_entry_is_in_the_log_once(folder: Path) -> None:
    lines, problems = read_log(folder)

    assert problems == []
    assert len(lines) == len({line.id for line in lines}) == 11
    assert lines[0].prev == START
    assert check(folder).notices == []
    assert seal_all(folder, "B. Reader", NOW) == []


def test_an_edited_claim_is_told_with_how_to_correct_it(folder: Path) -> None:
    edit(folder, SOURCE_FILE, "standing: alleges", "standing: finds")

    [problem] = check(folder).problems

    assert problem.field == "claims[2].standing"
    assert "'alleges' became 'finds'" in problem.what
    assert "supersedes: claim:loss" in problem.remedy


def test_a_deleted_act_is_told(folder: Path) -> None:
    (folder / LETTER).unlink()

    told = [p for p in check(folder).problems if "was deleted" in p.what]

    assert [p.file for p in told] == ["act act:xx-letter"]
    assert "log.jsonl" in told[0].remedy


def test_a_further_name_or_reader_is_growth_and_no_edit(folder: Path) -> None:
    (folder / COURT).write_text(FILES[COURT] + "names:\n  - HCE\n")
    (folder / LETTER).write_text(
        FILES[LETTER] + "  - {who: B. Reader, at: 2024-05-01T00:00:00Z, decision: accepted}\n"
    )

    assert check(folder).problems == []
    assert [line.what for line in seal_all(folder, "A. Reader", NOW)] == ["grown", "grown"]


def test_a_name_is_amended_with_a_reason_that_stays(folder: Path) -> None:
    edit(folder, COURT, "name: High Court", "name: The High Court")

    assert len(check(folder).problems) == 1
    with pytest.raises(RecordError):
        seal_all(folder, "A. Reader", NOW)
    [line] = seal_all(folder, "A. Reader", NOW, why="its own spelling")
    assert (line.what, line.why) == ("amended", "its own spelling")
    assert check(folder).problems == []


def test_a_claim_is_not_amended_whatever_the_reason(folder: Path) -> None:
    edit(folder, SOURCE_FILE, "standing: alleges", "standing: finds")

    with pytest.raises(RecordError):
        seal_all(folder, "A. Reader", NOW, why="I know better")


@pytest.mark.parametrize("line", [0, 4])
def test_an_edited_line_of_the_log_is_told(folder: Path, line: int) -> None:
    lines = (folder / LOG).read_text().splitlines()
    body = json.loads(lines[line])
    lines[line] = json.dumps({**body, "who": "Another"})
    (folder / LOG).write_text("\n".join(lines) + "\n")

    [problem] = [p for p in check(folder).problems if p.file == LOG]

    assert problem.line == line + 1
    assert "edited" in problem.what


def test_a_line_taken_out_of_the_log_is_told(folder: Path) -> None:
    lines = (folder / LOG).read_text().splitlines()
    (folder / LOG).write_text("\n".join(lines[:3] + lines[4:]) + "\n")

    assert "does not follow" in next(p for p in check(folder).problems if p.file == LOG).what
    with pytest.raises(WorkspaceError):
        seal_all_of_a_broken_log(folder)


def seal_all_of_a_broken_log(folder: Path) -> None:
    try:
        seal_all(folder, "A. Reader", NOW)
    except RecordError as error:
        raise WorkspaceError(error.what) from error


def against(folder: Path, named: str) -> list[Problem]:
    checked = check(folder)
    return [*check_earlier(checked.entries, checked.lines, earlier(named, folder))]


def test_an_earlier_copy_finds_edits_deletions_and_a_rewritten_log(
    folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert against(folder, str(copy)) == []
    (folder / LOG).unlink()
    (folder / LETTER).unlink()
    edit(folder, COURT, "XX", "PK")
    seal_all_quietly(folder)

    told = against(folder, str(copy))

    assert {p.field for p in told} >= {"hash", "id", "cc"}


def seal_all_quietly(folder: Path) -> None:
    edit(folder, "acts/xx-withdraw.yaml", "target_act: act:xx-letter\n", "")
    seal_all(folder, "Another", NOW)


def git(folder: Path, *words: str) -> None:
    name = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(folder), *name, *words], check=True, capture_output=True)  # noqa: S607


def test_a_revision_of_git_finds_the_same(folder: Path) -> None:
    git(folder.parent, "init", "-q")
    git(folder.parent, "add", ".")
    git(folder.parent, "commit", "-q", "-m", "a")
    assert against(folder, "HEAD") == []
    (folder / LETTER).unlink()

    [problem] = against(folder, "HEAD")

    assert "'act:xx-letter' was deleted; it stands in revision" in problem.what


@pytest.mark.parametrize("named", ["no-such-revision", "--output=/tmp/x", "", "a\0b"])
def test_what_is_neither_a_folder_nor_a_revision_is_refused(folder: Path, named: str) -> None:
    with pytest.raises((UsageError, ValueError)):
        against(folder, named)
