import json
from datetime import timedelta
from pathlib import Path

import pytest

from overt.errors import InputError
from overt.evaluate import history


BRAZIL = history.HISTORIES[1]


def write(folder: Path, rows: object) -> Path:
    path = folder / BRAZIL.path
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(rows))
    return folder


def rows() -> list[dict[str, object]]:
    """Return a year with four measurements a day, blocked in a part of it."""
    begun = BRAZIL.begun[1] - timedelta(days=3)
    found: list[dict[str, object]] = []
    for hour in range(0, 24 * 120, 6):
        at = begun + timedelta(hours=hour - 24 * 60)
        found.append(
            {
                "measurement_start_time": f"{at:%Y-%m-%d %H:%M:%S}",
                "anomaly": True if at >= begun else None,
            }
        )
    return found


def test_without_a_folder_everything_is_skipped_with_the_reason() -> None:
    assert all("--history" in (s.skipped or "") for s in history.score_all(None))


def test_what_is_not_in_the_folder_is_skipped_with_the_reason(tmp_path: Path) -> None:
    assert all("is not in the folder" in (s.skipped or "") for s in history.score_all(tmp_path))


def test_a_series_of_the_shape_published_is_scored_for_every_method(tmp_path: Path) -> None:
    found = history.score(BRAZIL, write(tmp_path, rows()))

    assert (found.skipped, found.n_votes) == (None, 480)
    assert [m.method for m in found.methods] == [
        "overt", "median-CUSUM", "PELT", "fixed threshold",
    ]  # fmt: skip
    assert all(m.onset_holds for m in found.methods[:3])
    assert all(m.n_before == 0 for m in found.methods)
    assert found.methods[0].n_alerts == 1
    assert found.methods[0].ending is None


@pytest.mark.parametrize(
    "broken", [{"a": 1}, [{"anomaly": True}], [{"measurement_start_time": "x"}]]
)
def test_another_shape_is_refused_by_name(tmp_path: Path, broken: object) -> None:
    with pytest.raises(InputError, match="measurement_start_time"):
        history.score(BRAZIL, write(tmp_path, broken))
