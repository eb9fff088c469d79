"""What is said of a platform at an instant: inside, between and after episodes."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overt import pipeline
from overt.dossier.status import Status, status_of
from overt.engine.duck import Duck
from overt.engine.workspace import Workspace
from overt.lab.archive import simulate
from overt.lab.scenario import Interference, Scenario, SimulatedNetwork, load_scenario
from overt.reference.platforms import load_platforms
from overt.settings import Settings
from overt.verdicts.rulebook import bundled
from overt.vocabulary.judgements import State


NOW = datetime(2026, 1, 1, tzinfo=UTC)
START = datetime(2024, 2, 20, 6, tzinfo=UTC)
Ask = Callable[[datetime | None], Status]


def world(mechanism: str, hours: int, hit: tuple[int, ...], rate: float = 3.0) -> Scenario:
    networks = tuple(
        SimulatedNetwork(asn=a, name=f"Net {a}", cc="XX", reports_per_hour=rate, units=8)
        for a in (64496, 64497, 64498)
    )
    cut = Interference(
        networks=hit, mechanism=mechanism, start=START, end=START + timedelta(hours=hours)
    )
    base = load_scenario("x-tls-reset-two-of-three")
    return replace(base, networks=networks, interferences=(cut,), days=12, failing_share=0.005)


@pytest.fixture
def asking(settings: Settings, tmp_path: Path) -> Callable[[Scenario], Ask]:
    def of(scenario: Scenario) -> Ask:
        archive = tmp_path / "a.jsonl"
        archive.write_text("".join(json.dumps(b) + "\n" for b in simulate(scenario)))
        pipeline.run([archive], settings, NOW)
        platforms = load_platforms()

        def ask(at: datetime | None) -> Status:
            workspace = Workspace(settings.workspace)
            with Duck(settings) as duck:
                pipeline.relations(workspace, duck, ["verdict"])
                found = status_of(
                    platforms.find("x"),
                    "XX",
                    at,
                    pipeline.incidents_in(workspace),
                    duck,
                    platforms,
                    pipeline.versions_of(bundled(), platforms),
                )
            workspace.close()
            return found

        return ask

    return of


def after(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def test_a_block_is_said_while_it_lasts_and_not_when_it_is_over(
    asking: Callable[[Scenario], Ask],
) -> None:
    ask = asking(world("tls.reset", 48, (64496, 64497)))

    assert ask(after(-6)).state is State.REACHABLE
    assert ask(after(24)).state is State.CONSISTENT
    assert ask(after(47)).state is State.CONSISTENT
    assert ask(after(90)).state is State.REACHABLE
    assert ask(None).state is State.REACHABLE


def test_the_first_hours_of_a_block_are_never_called_reachable(
    asking: Callable[[Scenario], Ask],
) -> None:
    ask = asking(world("tls.reset", 3, (64496, 64497, 64498), rate=2.0))

    for hours in (1.5, 2.5):
        assert ask(after(hours)).state is not State.REACHABLE


def test_a_few_hours_after_the_lifting_the_block_is_not_still_so(
    asking: Callable[[Scenario], Ask],
) -> None:
    ask = asking(replace(world("tls.reset", 48, (64496, 64497)), days=8))
    said = ask(after(48 + 16))

    assert said.state is State.REACHABLE


def test_what_is_known_later_is_said_to_be(asking: Callable[[Scenario], Ask]) -> None:
    ask = asking(world("tls.reset", 48, (64496, 64497)))

    assert "as known from measurements up to" in ask(after(24)).sentence
    assert "as known from" not in ask(None).sentence


def test_a_server_down_for_everyone_is_down_within_hours(
    asking: Callable[[Scenario], Ask],
) -> None:
    ask = asking(world("down", 48, (64496, 64497, 64498)))

    assert ask(after(12)).state is State.DOWN
    assert ask(after(2)).state is not State.REACHABLE
