import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from overt import cli
from overt.engine.base import to_json
from overt.evaluate import command, scorecard
from overt.evaluate.plan import Plan
from overt.evaluate.scorecard import Scorecard


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, tiny: Scorecard) -> CliRunner:
    def made(plan: Plan, *_: object) -> Scorecard:
        assert plan.name == "quick"
        return tiny

    monkeypatch.setattr(scorecard, "evaluate", made)
    return CliRunner()


def test_json_keeps_what_depends_on_the_machine_apart(runner: CliRunner, tiny: Scorecard) -> None:
    body = json.loads(runner.invoke(cli.app, ["evaluate", "--quick", "--json"]).stdout)

    assert sorted(body) == ["bars", "scores", "timings"]
    assert body["scores"] == json.loads(json.dumps(to_json(tiny.scores)))
    assert "seconds" not in json.dumps(body["scores"])


def test_a_missed_bar_ends_with_one(runner: CliRunner, tiny: Scorecard) -> None:
    done = runner.invoke(cli.app, ["evaluate", "--quick"])

    assert "Bars" in done.stdout
    assert done.exit_code == int(not all(b.reached for b in tiny.bars))


def test_plots_are_written_where_asked(runner: CliRunner, tmp_path: Path) -> None:
    done = runner.invoke(cli.app, ["evaluate", "--quick", "--plots", str(tmp_path / "p")])

    assert "wrote" in done.stderr
    assert len(list((tmp_path / "p").glob("*.svg"))) == 4


def test_the_command_is_not_taken_in_the_way_of_the_library() -> None:
    assert command.evaluate.__doc__ is not None
    assert "Example: overt evaluate" in command.evaluate.__doc__
