"""`overt dossier` on the reference case: what must show, in every form."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from overt.record.ledger import check


EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "pakistan-x-2024"
PUBLISHED = ("--measured", str(EXAMPLE / "measured.json"))
RECORD = ("--record", str(EXAMPLE))


@cache
def overt(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "overt", "dossier", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "COLUMNS": "200"},
    )


def pakistan(*more: str, as_of: str = "2025-07-09") -> str:
    done = overt("x", "--in", "PK", *RECORD, *PUBLISHED, "--as-of", as_of, *more)

    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def body(as_of: str = "2025-07-09", *more: str) -> Any:
    return json.loads(pakistan("--json", *more, as_of=as_of))


def test_the_example_is_a_sound_record() -> None:
    assert check(EXAMPLE).problems == []


def test_every_claim_is_a_span_of_its_stored_text_and_paraphrases_say_so() -> None:
    texts = "".join(p.read_text() for p in sorted((EXAMPLE / "texts").iterdir()))
    quotes = [c.span.quote for c in check(EXAMPLE).record.claims.values()]

    assert all(q in texts for q in quotes)
    assert sum(q.startswith("[paraphrase]") for q in quotes) == 48
    assert max(len(q) for q in quotes if not q.startswith("[paraphrase]")) < 100


def test_lags_of_32_and_60_days_are_told_per_actor_and_forum() -> None:
    lags = {
        (g["actor"], g["forum"], g["court"]): (g["days_low"], g["days_high"])
        for g in body()["lags"]
    }

    assert lags == {
        ("authority:pk-information-ministry", "press", ""): (30, 30),
        ("authority:pk-pta", "filing", "authority:pk-sindh-high-court"): (32, 32),
        ("authority:pk-interior-ministry", "filing", "authority:pk-islamabad-high-court"): (60, 60),
    }


def assessed(name: str, as_of: str = "2025-07-09") -> dict[str, Any]:
    [found] = [a for a in body(as_of)["compliance"] if a["deadline"] == f"deadline:{name}"]
    return dict(found)


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        ("2024-04-24", "pending"),
        ("2024-04-24T18:59:59Z", "pending"),
        ("2024-04-24T19:00:00Z", "not complied"),
        ("2025-07-09", "not complied"),
    ],
)
def test_the_deadline_of_24_april_is_assessed_at_the_end_of_its_local_day(
    as_of: str, state: str
) -> None:
    assert assessed("pk-shc-2024-04-17-withdraw", as_of)["state"] == state


def test_an_answer_in_another_court_does_not_meet_a_deadline() -> None:
    assert assessed("pk-shc-2024-03-20-answer")["state"] == "not assessable"


def findings() -> dict[str, str]:
    return {c["claim"].removeprefix("claim:"): c["finding"] for c in body()["checks"]}


@pytest.mark.parametrize(
    ("claim", "finding"),
    [
        ("pk-moib-2024-03-13-denial", "contradicted by"),
        ("pk-federal-2024-operational", "contradicted by"),
        ("pk-federal-2024-04-17-running", "contradicted by"),
        ("pk-pta-a-2024-09-12-open", "contradicted by"),
        ("pk-moib-2024-09-27-before-election", "contradicted by"),
        ("netblocks-2024-02-17-onset", "consistent with"),
        ("top10vpn-2025-01-02-onset", "consistent with"),
        ("netblocks-2024-02-10", "not testable by"),
        ("techx-2024-02-18-back", "not testable by"),
        ("pk-pta-a-2024-09-12-withdrawn", None),
    ],
)
def test_each_claim_stands_to_the_published_incident_as_the_evidence_goes(
    claim: str, finding: str | None
) -> None:
    assert findings().get(claim) == finding


def test_conflicts_are_shown_with_every_side() -> None:
    sides = {c["about"]: {s["value"] for s in c["sides"]} for c in body()["conflicts"]}

    assert {"27 organisations", "28 organisations", "31 organisations"} == sides["count"]
    assert {"on or before 7 Feb 2024", "17 Feb 2024", "18 Feb 2024"} == sides["onset"]
    assert {"withdraw", "restore", "review"} == sides["demand"]
    assert {"affirms", "declines", "denies"} == sides["deed"]


def test_tiktok_is_a_precedent_four_times_each_with_its_lifting() -> None:
    tiktok = [b for b in body()["precedents"] if b["platform"] == "tiktok" and b["acts"]]

    assert len(tiktok) == 4
    assert all(b["lifted"] for b in tiktok)
    assert "assurances" in tiktok[-1]["sentence"]


def test_the_mobile_shutdown_and_the_throttling_of_vpns_stand_beside_it() -> None:
    told = " ".join(b["sentence"] for b in body()["other_measures"])

    assert "mobile services were suspended" in told
    assert "(alleged): “We are also dismayed by reports of throttling of VPNs”" in told


def test_the_measured_side_is_named_as_published_and_not_as_ours() -> None:
    text = pakistan()

    assert "published incident (OONI) 255040833200" in text
    assert "without its measurements" in text
    assert "false:" not in text.lower().replace("called false:", "")


def test_without_a_measured_side_nothing_is_contradicted() -> None:
    done = overt("x", "--in", "PK", *RECORD, "--as-of", "2025-07-09", "--json")
    found = json.loads(done.stdout)

    assert {c["finding"] for c in found["checks"]} == {"not testable by"}
    assert all(g["days_low"] is None for g in found["lags"])


def test_a_court_ordered_block_of_another_platform_has_its_own_dossier() -> None:
    done = overt("tiktok", "--in", "PK", *RECORD, "--as-of", "2025-07-09")

    assert done.returncode == 0
    assert "Peshawar High Court on 11 Mar 2021 to block" in done.stdout.replace("\n", " ")


def test_as_of_a_day_nothing_later_is_told() -> None:
    text = pakistan(as_of="2024-03-19")

    assert "20 Mar 2024" not in text
    assert "without an end as of 19 Mar 2024" in text.replace("\n", " ")


def test_markdown_has_every_section_and_the_addresses() -> None:
    text = pakistan("--md")

    assert text.startswith("# X in Pakistan\n")
    assert text.count("\n## ") == 10
    assert "<https://dailytimes.com.pk/1186910>" in text


@pytest.mark.parametrize("export", ["stop", "claimreview", "prov"])
def test_every_export_is_json(export: str) -> None:
    assert json.loads(pakistan("--export", export))


def test_statements_are_json_lines() -> None:
    lines = pakistan("--export", "ftm").splitlines()

    assert {json.loads(line)["dataset"] for line in lines} == {"overt"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("x", "--in", "Pakistan"), 64),
        (("no platform", "--in", "PK"), 64),
        (("x", "--in", "PK", "--as-of", "soon"), 64),
        (("x", "--in", "PK", "--measured", "none.json"), 65),
        (("x", "--in", "PK", *PUBLISHED, "--harm", "none.toml"), 65),
        (("x", "--in", "PK", *PUBLISHED, "--export", "pdf"), 64),
    ],
)
def test_what_cannot_be_answered_is_refused_without_a_traceback(
    words: tuple[str, ...], code: int
) -> None:
    done = overt(*words)

    assert done.returncode == code
    assert "Traceback" not in done.stderr
