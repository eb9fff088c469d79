"""Whatever is printed beside an id can be explained too, down to the line it was read from."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt import pipeline
from overt.dossier.explain import explain
from overt.dossier.shelf import Explanation, Shelf
from overt.engine.duck import Duck
from overt.engine.workspace import Workspace
from overt.errors import UsageError
from overt.lab.archive import simulate
from overt.lab.scenario import load_scenario
from overt.reference.platforms import load_platforms
from overt.settings import Settings
from overt.verdicts.rulebook import bundled


Ask = Callable[[str], Explanation]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    bodies = simulate(load_scenario("x-tls-reset-two-of-three"))
    path.write_text("".join(json.dumps(b) + "\n" for b in bodies) + "not json\n")
    return path


@pytest.fixture
def ask(settings: Settings, archive: Path) -> Iterator[Ask]:
    pipeline.run([archive], settings, datetime(2026, 1, 1, tzinfo=UTC))
    workspace = Workspace(settings.workspace)
    with Duck(settings) as duck:
        pipeline.relations(workspace, duck, ["observation", "verdict", "cell", "change"])
        shelf = Shelf(
            pipeline.incidents_in(workspace),
            workspace.sources(),
            duck,
            bundled(),
            load_platforms(),
            workspace.set_apart,
        )
        yield lambda wanted: explain(wanted, shelf)
    workspace.close()


def uid_at(archive: Path, line: int) -> str:
    return str(json.loads(archive.read_text().splitlines()[line - 1])["measurement_uid"])


def test_a_line_leads_to_its_measurement(ask: Ask, archive: Path) -> None:
    found = ask(f"{archive}:7")

    assert (found.kind, found.next) == ("line", [uid_at(archive, 7)])
    assert found.tables[1].rows


def test_a_line_that_was_set_apart_says_why(ask: Ask, archive: Path) -> None:
    last = len(archive.read_text().splitlines())
    found = ask(f"{archive}:{last}")

    assert "set apart as not_json" in found.sentences[0]
    assert [row["reason"] for row in found.tables[0].rows] == ["not_json"]


def test_a_line_the_file_does_not_have_is_said_to_be_none(ask: Ask, archive: Path) -> None:
    assert "nothing was read there" in ask(f"{archive}:999999999999999999999").sentences[0]


def test_every_name_in_an_incident_can_be_explained(ask: Ask) -> None:
    incident = ask("XX-x-2024-02-17")
    [networks] = [t for t in incident.tables if t.heading == "Networks"]
    [witnesses] = [t for t in incident.tables if t.heading.startswith("Witnesses")]
    names = [str(row["asn"]) for row in networks.rows]
    for row in witnesses.rows:
        names += [row["target"], row["rule"], row["measurement_uid"], row["read_from"]]
    mechanisms = {m for row in networks.rows for m in row.get("mechanisms", "").split(", ") if m}

    for name in (*names, *mechanisms, "x"):
        assert ask(name).sentences


def test_the_counts_of_a_network_agree_with_those_of_its_targets(ask: Ask) -> None:
    network, target = ask("AS64496"), ask("x/web")
    of_network = network.tables[0].rows
    of_target = [row for row in target.tables[1].rows if row["asn"] == 64496]

    assert [r["n_measurements"] for r in of_network] == [r["n_measurements"] for r in of_target]
    assert f"of {of_network[0]['n_measurements']:,} measurements by" in network.sentences[0]


def test_a_unit_is_explained_by_what_it_sent(ask: Ask, archive: Path) -> None:
    [verdicts, *_] = ask(uid_at(archive, 1)).tables
    unit = verdicts.rows[0]["unit"]
    found = ask(unit)

    assert (found.kind, found.id) == ("unit", unit)
    assert ask(found.next[0]).tables[0].rows[0]["unit"] == unit


@pytest.mark.parametrize("wanted", ["", ":", "x:1", "AS", "AS٣", "ffffffffffff", "4294967296", "%"])
def test_what_was_never_printed_is_refused(ask: Ask, wanted: str) -> None:
    with pytest.raises(UsageError, match="nothing in this workspace"):
        ask(wanted)
