import json
import subprocess
import sys
from pathlib import Path


ARTICLE = """Regulator blocks X

Pakistan's interior ministry said on Wednesday that X, formerly Twitter, was blocked on April 3.

Khan has over 20 million followers on X. \u202e\x1b[31mUsers said X was blocked in Lahore.
"""


def overt(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "overt", "record", "propose", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def article(tmp_path: Path) -> str:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, "utf-8")
    return str(path)


def test_json_holds_quote_fields_and_reasons(tmp_path: Path) -> None:
    done = overt(article(tmp_path), "--published", "2024-04-18", "--zone", "Asia/Karachi", "--json")

    body = json.loads(done.stdout)
    claims = [p["claim"] for p in body]
    assert done.returncode == 0
    assert any(c["when"] and c["when"]["earliest"] == "2024-04-03" for c in claims)
    assert all(ARTICLE[c["span"]["start"] : c["span"]["end"]] == c["span"]["quote"] for c in claims)
    assert all(p["why"] for p in body)
    assert [q["high"] for c in claims for q in c["quantities"]] == [None]


def test_what_is_shown_is_escaped_and_says_why(tmp_path: Path) -> None:
    done = overt(article(tmp_path))

    assert "why what: platform_was_blocked" in done.stdout
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout
    assert "give --published" in done.stderr


def test_bad_requests_are_refused_with_a_remedy(tmp_path: Path) -> None:
    good = article(tmp_path)
    binary = tmp_path / "page.bin"
    binary.write_bytes(b"\xff\xfe\x00")
    for arguments, code in (
        (("absent.txt",), 64),
        ((str(binary),), 65),
        ((good, "--published", "yesterday"), 64),
        ((good, "--zone", "Mars/Olympus"), 64),
        ((good, "--zone", "../etc"), 64),
        ((good, "--in", "Pakistan"), 64),
        ((good, "--proposer", "oracle"), 64),
    ):
        done = overt(*arguments)
        assert done.returncode == code, (arguments, done.stderr)
        assert "try:" in done.stderr
