"""record take-in as its user meets it: what is shown, as JSON, and how it fails."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import pages


def overt(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "overt", "record", "take-in", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


def test_a_page_is_shown_with_every_rule(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(pages.MENU_AND_CARDS.replace("2031", "2024"))

    done = overt("a.txt", cwd=tmp_path)

    assert done.returncode == 0
    assert "Orbia tells court it suspended Kite over national security" in done.stdout
    assert "2024-03-05 in UTC  (the date line by the headline; no zone stated" in done.stdout
    assert "wire:reuters:interior-ministry-court-paper  (seen)" in done.stdout
    assert "may be quoted" in done.stdout
    assert (tmp_path / "overt-record" / "vault" / "sources").is_dir()


def test_json_gives_every_span_with_its_quote(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(pages.HTML.replace("2031", "2024"))

    words = (
        "--url",
        "https://example.org/a",
        "--published",
        "2031-03-05",
        "--zone",
        "Asia/Karachi",
    )
    done = overt(
        "a.html", *words, "--outlet", "Harbour Post", "--vault", "v", "--json", cwd=tmp_path
    )

    told = json.loads(done.stdout)
    text = next((tmp_path / "v" / "texts").rglob("*.txt")).read_text()
    assert told["source"]["outlet"] == "Harbour Post"
    assert told["source"]["published"]["zone"] == "Asia/Karachi"
    assert all(text[s["start"] : s["end"]] == s["quote"] for s in told["body"])
    assert told["source"]["url"] == "https://example.org/a"


def test_a_title_cannot_steer_the_terminal(tmp_path: Path) -> None:
    page = pages.HTML.replace("Orbia suspends Kite over", "Orbia \u202e[red]\x1b[2J over")
    (tmp_path / "a.html").write_text(page)

    done = overt("a.html", cwd=tmp_path)

    assert done.returncode == 0
    assert "\u202e" not in done.stdout
    assert "\x1b[2J" not in done.stdout
    assert "[red]" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("missing.txt",), 65, "cannot be read"),
        (("http://127.0.0.1/",), 65, "not on the public Internet"),
        (("http://[::ffff:127.0.0.1]/",), 65, "not on the public Internet"),
        (("http://2130706433/",), 65, "not on the public Internet"),
        (("gopher://example.org/",), 64, "only http and https"),
        (("http://me:secret@example.org/",), 64, "user name or password"),
        (("a.txt", "--published", "soon"), 64, "not a date"),
        (("a.txt", "--published", "2031-03-05", "--zone", "Mars/Base"), 64, "no time zone"),
        (("a.txt", "--url", "javascript:alert(1)"), 64, "only http and https"),
    ],
)
def test_what_cannot_be_is_told_with_its_exit_code(
    tmp_path: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    (tmp_path / "a.txt").write_text(pages.NO_MARKERS)

    done = overt(*words, cwd=tmp_path)

    assert done.returncode == code
    assert told in done.stderr
    assert "try:" in done.stderr
    assert "secret" not in done.stderr


def test_a_vault_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(pages.NO_MARKERS)
    (tmp_path / "v").write_text("a file")

    done = overt("a.txt", "--vault", "v", cwd=tmp_path)

    assert done.returncode == 74
    assert "cannot be written" in done.stderr
