from dataclasses import replace

import pytest

from overt.engine.base import to_json
from overt.evaluate.plan import QUICK, Plan
from overt.evaluate.scorecard import Scorecard, bars_of_speed, evaluate
from overt.evaluate.speed import Speed


def silent(stage: str, done: int, total: int) -> None:
    assert 0 <= done <= total, stage


@pytest.fixture(scope="module")
def card() -> Scorecard:
    return evaluate(QUICK, None, None, 2, silent)


def test_the_quick_run_reaches_every_bar(card: Scorecard) -> None:
    missed = [b for b in card.bars if not b.reached]

    assert missed == []
    assert len(card.bars) == 13


def test_the_bars_are_those_of_the_figures(card: Scorecard) -> None:
    found = {b.what: b for b in card.bars}
    coverage = card.scores.dates.onset

    assert coverage.n >= 30
    assert f"{coverage.share:.4g}" in found["onset sets that hold the truth"].found


def test_a_bar_not_reached_says_so() -> None:
    slow = Speed(100, 100, 0, 1.0, 1e4, 2000.0)

    assert [b.reached for b in bars_of_speed(slow)] == [False, False]
    assert [b.reached for b in bars_of_speed(replace(slow, cell_hours_per_second=6e6, peak_mib=9))]


def test_the_same_plan_gives_the_same_scores_in_one_process_or_two(
    tiny: Scorecard, tiny_plan: Plan
) -> None:
    assert to_json(evaluate(tiny_plan, None, None, 2, silent).scores) == to_json(tiny.scores)


def test_another_seed_gives_other_scores(tiny: Scorecard, tiny_plan: Plan) -> None:
    other = evaluate(replace(tiny_plan, seed=1), None, None, 1, silent)

    assert other.scores.delay != tiny.scores.delay
