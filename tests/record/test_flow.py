"""From a page to the dossier: taken in, proposed, read by two, checked, and set on a timeline."""

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from overt.cli import app


PAGE = """Regulator told to block Telegram in Kenya, court hears

Nairobi, 9 November 2023. The Communications Authority of Kenya ordered operators to block Telegram
on November 8, 2023, the regulator said in a statement on Thursday.

The High Court of Kenya ordered the Communications Authority to restore Telegram within a week.

The Ministry of Interior denied that Telegram was blocked.

Related stories

Ten phones to buy this winter

Subscribe to our newsletter
"""


def overt(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.stdout


def open_ids(record: Path, who: str) -> list[str]:
    listed = json.loads(overt("record", "review", str(record), "--as", who, "--json"))
    return [item["entry"]["id"] for item in listed]


def test_a_page_comes_to_the_dossier_through_people_and_not_past_them(tmp_path: Path) -> None:
    page, vault, record = tmp_path / "page.txt", tmp_path / "vault", tmp_path / "record"
    page.write_text(PAGE)
    taken = overt(
        *("record", "take-in", str(page), "--vault", str(vault)),
        *("--published", "2023-11-09", "--zone", "Africa/Nairobi"),
    )
    found = re.search(r"source:[0-9a-f]{16}", taken)
    assert found is not None

    overt("record", "propose", found[0], "--vault", str(vault), "--queue", str(record))
    waiting = open_ids(record, "First Reader")
    assert waiting
    assert not (record / "sources").exists(), "nothing is in the record before a yes"

    for who in ("First Reader", "Second Reader"):
        words = [w for key in open_ids(record, who) for w in ("--accept", key)]
        if words:
            overt("record", "review", str(record), "--as", who, *words)

    assert "sound" in overt("record", "check", str(record))
    told = overt("dossier", "telegram", "--in", "KE", "--record", str(record))
    assert "Telegram in Kenya" in told
    assert "phones" not in told


def test_a_file_that_was_not_taken_in_cannot_be_queued(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(PAGE)
    done = CliRunner().invoke(
        app, ["record", "propose", str(page), "--queue", str(tmp_path / "record")]
    )

    assert "taken in" in str(done.exception)
    assert not (tmp_path / "record").exists()
