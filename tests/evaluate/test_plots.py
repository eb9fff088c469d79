import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from overt.errors import UsageError
from overt.evaluate import plots
from overt.evaluate.scorecard import Scorecard


def test_plots_are_well_formed_small_and_the_same_each_time(
    tiny: Scorecard, tmp_path: Path
) -> None:
    once, again = plots.write(tiny.scores, tmp_path / "a"), plots.write(tiny.scores, tmp_path / "b")

    assert len(once) == 4
    assert [p.read_bytes() for p in once] == [p.read_bytes() for p in again]
    assert all(ET.parse(p).getroot().tag.endswith("svg") for p in once)  # noqa: S314 - our own file
    assert all(p.stat().st_size < 60_000 for p in once)


def test_a_missing_package_is_named(
    tiny: Scorecard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    with pytest.raises(UsageError, match="matplotlib"):
        plots.write(tiny.scores, tmp_path)
