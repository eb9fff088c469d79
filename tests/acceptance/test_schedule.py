"""The timetable of Kenya 2023 as the published data have it.

Source: OONI observation rows, ooni/notebooks @ 6858bc6, CC BY-NC-SA 4.0.
"""

from datetime import datetime
from pathlib import Path

import pytest

from overt import pipeline
from overt.changes.detector import Series, hour_number
from overt.dossier.accounts import timetable
from overt.engine.duck import Duck
from overt.engine.workspace import Workspace
from overt.incidents.case import cases_of
from overt.incidents.schedule import find_schedule
from overt.incidents.timetable import WEEKDAYS
from overt.reference.platforms import load_platforms
from overt.reference.zones import zone_of
from overt.settings import Settings
from overt.vocabulary.instants import now, parse_rfc3339, to_table
from overt.vocabulary.judgements import Schedule


pytestmark = pytest.mark.acceptance

WINDOW = ("2023-11-08T08:00:00Z", "2023-11-24T20:00:00Z")
EXAM_HOURS = ((7 * 60, 10 * 60), (13 * 60, 16 * 60))


@pytest.fixture(scope="module")
def series(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Series]:
    settings = Settings(workspace=tmp_path_factory.mktemp("kenya") / "w")
    pipeline.run([shared_data / "ooni" / "kenya-telegram-2023"], settings, now())
    workspace = Workspace(settings.workspace)
    with Duck(settings) as duck:
        pipeline.relations(workspace, duck, ["vote"])
        votes = duck.query("SELECT * FROM vote ORDER BY cc, target, asn, hour, unit")
    workspace.close()
    combine = {p.id: p.combine for p in load_platforms().platforms}
    return cases_of(votes, combine)[("KE", "telegram")].series


def hour_of(text: str) -> int:
    moment: datetime = to_table(parse_rfc3339(text))
    return hour_number(moment)


def found(series: dict[int, Series], *networks: int) -> Schedule | None:
    zone = zone_of("KE")
    assert zone is not None
    window = (hour_of(WINDOW[0]), hour_of(WINDOW[1]))
    return find_schedule([series[asn] for asn in networks], window, zone)


@pytest.mark.parametrize("networks", [(33771, 37061), (33771,), (37061,)])
def test_safaricom_was_blocked_in_exam_hours(
    series: dict[int, Series], networks: tuple[int, ...]
) -> None:
    schedule = found(series, *networks)

    assert schedule is not None
    assert schedule.weekdays == WEEKDAYS
    assert len(schedule.hours) == len(EXAM_HOURS)
    for interval, known in zip(schedule.hours, EXAM_HOURS, strict=True):
        assert all(abs(a - b) <= 60 for a, b in zip(interval, known, strict=True))
    assert timetable(schedule).startswith("weekdays 0")


def test_nine_of_ten_votes_keep_to_the_timetable(series: dict[int, Series]) -> None:
    schedule = found(series, 33771, 37061)

    assert schedule is not None
    assert min(schedule.explained_share, schedule.spared_share) > 0.9
    assert schedule.n_days >= 9


def test_a_network_blocked_round_the_clock_has_no_timetable(series: dict[int, Series]) -> None:
    assert found(series, 12455) is None
