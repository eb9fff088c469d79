"""What was known of Kenya 2023 as its data came in, from the history alone."""

import csv
import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overt import pipeline
from overt.dossier.history import History, history_of
from overt.engine.workspace import Workspace
from overt.reference.platforms import load_platforms
from overt.settings import Settings


pytestmark = pytest.mark.acceptance

ID = "KE-telegram-2023-11-08"
DAYS = ("2023-11-16", "2023-11-17", "2023-11-24", "2023-11-29")  # each holds what is not before
FIRST_RUN = datetime(2026, 1, 1, tzinfo=UTC)
MOST_BYTES = 20_000  # of one version; it is about 14,000 with 23 networks


@pytest.fixture(scope="module")
def workspace(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace that got the archive in four pieces, a day after another."""
    place = tmp_path_factory.mktemp("kenya")
    settings = Settings(workspace=place / "w")
    for source in sorted((shared_data / "ooni" / "kenya-telegram-2023").glob("*.csv.gz")):
        _split(source, place)
    for n, day in enumerate(DAYS):
        pipeline.run([place / day], settings, FIRST_RUN + timedelta(days=n))
    return Workspace(settings.workspace)


def _split(source: Path, place: Path) -> None:
    with gzip.open(source, "rt", newline="") as stream:
        rows = csv.reader(stream)
        heading = next(rows)
        column = heading.index("measurement_start_time")
        pieces: dict[str, list[list[str]]] = {day: [heading] for day in DAYS}
        for row in rows:
            pieces[next(d for d in DAYS if row[column][:10] <= d)].append(row)
    for day, piece in pieces.items():
        (place / day).mkdir(exist_ok=True)
        with (place / day / source.with_suffix("").name).open("w", newline="") as out:
            csv.writer(out).writerows(piece)


@pytest.fixture(scope="module")
def history(workspace: Workspace) -> History:
    [found] = history_of(ID, workspace.log, load_platforms())
    return found


def test_the_incident_is_on_record_from_the_run_that_saw_its_alarm(workspace: Workspace) -> None:
    _, before = pipeline.known_at(workspace, FIRST_RUN)
    _, after = pipeline.known_at(workspace, FIRST_RUN + timedelta(days=1))

    assert before == []
    assert [v.id for v in after] == [ID]


def test_its_onset_stays_and_its_ending_is_called_later(history: History) -> None:
    bodies = [v.incident for v in history.versions]

    assert [v.recorded.day for v in history.versions] == [2, 3, 4]
    assert {(b["onset"]["earliest"], b["onset"]["latest"]) for b in bodies} == {
        ("2023-11-08T07:00:00Z", "2023-11-08T12:00:00Z")
    }
    assert [b["ending"] is None for b in bodies] == [True, True, False]
    assert any(s.startswith("It is called ended: 24 Nov") for s in history.versions[-1].sentences)


def test_a_version_costs_a_few_kilobytes(workspace: Workspace) -> None:
    [(n, size)] = workspace._db.execute("SELECT count(*), sum(length(body)) FROM record_version")

    assert n == 3
    assert size / n < MOST_BYTES
