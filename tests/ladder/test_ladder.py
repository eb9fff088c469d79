"""Bytes to sentence, every rung a committed file: a change shows on the rung where meaning moved.

`make ladder` writes the rungs anew. Read the diff before you commit it: the last rung is what the
public would read.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from overt import pipeline
from overt.dossier import accounts
from overt.dossier.status import status_of
from overt.engine.base import to_json
from overt.engine.duck import Duck
from overt.engine.workspace import Workspace
from overt.lab.archive import simulate
from overt.lab.scenario import load_scenario
from overt.reference.platforms import load_platforms
from overt.settings import Settings
from overt.verdicts.rulebook import bundled


HERE = Path(__file__).parent
SCENARIOS = sorted(p.name for p in HERE.iterdir() if (p / "measurements.jsonl").exists())
READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = ["x-tls-reset-two-of-three", "site-down-everywhere", "bogon-answers-broken-ipv6"]
TIERS = {
    "observations": ("observation", "measurement_start_time, source_line, observation_id"),
    "verdicts": ("verdict", "measurement_start_time, measurement_uid, target, layer"),
    "cells": ("cell", "id"),
    "changes": ("change", "id"),
}


@dataclass(frozen=True)
class Climb:
    """A scenario run through every tier: the text of each rung above the measurements."""

    rungs: dict[str, str]


@cache
def climb(scenario: str) -> Climb:
    """Run the committed measurements of a scenario through every tier."""
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "measurements.jsonl"
        archive.write_bytes((HERE / scenario / "measurements.jsonl").read_bytes())
        settings = Settings(workspace=Path(folder) / "w", threads=2, memory_limit_mib=256)
        pipeline.run([archive], settings, READ_AT)
        workspace = Workspace(settings.workspace)
        with Duck(settings) as duck:
            pipeline.relations(workspace, duck, ["observation", "verdict", "cell", "change"])
            rungs = {f"{rung}.jsonl": _rows(duck, *source) for rung, source in TIERS.items()}
            incidents = pipeline.incidents_in(workspace)
            bodies = to_json(incidents)
            for body in bodies:
                del body["versions"]  # hashes of files; the other rungs show what they changed
            rungs["incidents.json"] = json.dumps(bodies, indent=1, sort_keys=True) + "\n"
            rungs["sentence.txt"] = _sentences(scenario, duck, incidents)
        workspace.close()
    return Climb(rungs)


def _rows(duck: Duck, tier: str, order: str) -> str:
    rows = duck.query(f"SELECT * FROM {tier} ORDER BY {order}").to_pylist()
    kept = [{k: v for k, v in row.items() if v is not None} for row in rows]
    return "".join(json.dumps(row, default=str, separators=(",", ":")) + "\n" for row in kept)


def _sentences(name: str, duck: Duck, incidents: list[Any]) -> str:
    scenario, platforms = load_scenario(name), load_platforms()
    lines = [accounts.incident_sentence(i, platforms) for i in incidents] or ["No incident."]
    for interference in scenario.interferences[:1]:
        middle = interference.start + (interference.end - interference.start) / 2
        status = status_of(
            platforms.find(scenario.platform),
            scenario.cc,
            middle,
            incidents,
            duck,
            platforms,
            pipeline.versions_of(bundled(), platforms),
        )
        lines.append(status.sentence)
    return "\n".join(lines) + "\n"


def compare(path: Path, actual: str, bless: Callable[[], bool]) -> None:
    if bless():
        path.parent.mkdir(exist_ok=True)
        path.write_text(actual, "utf-8")
    expected = path.read_text("utf-8") if path.exists() else "(missing: run make ladder)"

    assert expected == actual, f"{path.relative_to(HERE)} moved; make ladder writes it anew"


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> Callable[[], bool]:
    return lambda: bool(request.config.getoption("--bless"))


def test_the_first_scenarios_are_on_the_ladder(bless: Callable[[], bool]) -> None:
    assert set(FIRST) <= set(SCENARIOS) or bless()


@pytest.mark.parametrize("scenario", sorted({*SCENARIOS, *FIRST}))
def test_the_simulator_writes_the_measurements_rung(
    scenario: str, bless: Callable[[], bool]
) -> None:
    world = load_scenario(scenario)
    lines = [json.dumps(b, separators=(",", ":"), sort_keys=True) for b in simulate(world)]

    compare(HERE / scenario / "measurements.jsonl", "\n".join(lines) + "\n", bless)
    compare(HERE / scenario / "truth.json", json.dumps(world.truth(), indent=1) + "\n", bless)


@pytest.mark.parametrize("scenario", sorted({*SCENARIOS, *FIRST}))
@pytest.mark.parametrize("rung", [*(f"{t}.jsonl" for t in TIERS), "incidents.json", "sentence.txt"])
def test_each_rung_follows_from_the_measurements(
    scenario: str, rung: str, bless: Callable[[], bool]
) -> None:
    compare(HERE / scenario / rung, climb(scenario).rungs[rung], bless)


@pytest.mark.parametrize("scenario", sorted({*SCENARIOS, *FIRST}))
def test_the_incident_agrees_with_the_simulated_truth(scenario: str) -> None:
    world = load_scenario(scenario)
    incidents = json.loads(climb(scenario).rungs["incidents.json"])
    blocked = [i for i in world.interferences if i.mechanism != "down"]
    if not blocked:
        assert incidents == []
        return
    [incident] = incidents
    begun = min(i.start for i in blocked).isoformat().replace("+00:00", "Z")
    hit = {asn for i in blocked for asn in i.networks}
    affected = {
        n["asn"] for n in incident["networks"] if n["state"] not in {"reachable", "insufficient"}
    }

    assert hit == affected
    assert incident["onset"]["earliest"] <= begun <= incident["onset"]["latest"]
