"""Real histories, scored as `overt evaluate --history` does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt import pipeline
from overt.evaluate.history import HISTORIES, READ_AT, score
from overt.settings import Settings


pytestmark = pytest.mark.acceptance

KENYA, BRAZIL = HISTORIES


def test_kenya_is_one_incident_with_its_dates_and_others_raise_many(
    shared_data: Path, tmp_path: Path
) -> None:
    settings = Settings(workspace=tmp_path / "kenya", threads=2, memory_limit_mib=512)
    pipeline.run([shared_data / KENYA.path], settings, READ_AT)
    found = score(KENYA, None, settings.workspace)
    ours, *others = found.methods

    assert (ours.n_alerts, ours.n_before, ours.onset_holds, ours.ending_holds) == (1, 0, True, True)
    assert all(o.n_alerts > ours.n_alerts for o in others)
    assert not any(o.ending_holds for o in others)


def test_brazil_is_one_incident_raised_in_march_2019(shared_data: Path) -> None:
    found = score(BRAZIL, shared_data)
    ours = found.methods[0]

    assert (found.n_votes, ours.n_alerts, ours.n_before, ours.ending) == (911, 1, 0, None)
    assert ours.delay_h is not None
    assert ours.delay_h <= (datetime(2019, 3, 18, tzinfo=UTC) - BRAZIL.begun[0]).days * 24
