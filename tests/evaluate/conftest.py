"""A scorecard small enough to be made for every run of the tests."""

import pytest

from overt.evaluate.plan import Plan
from overt.evaluate.scorecard import Scorecard, evaluate


@pytest.fixture(scope="session")
def tiny_plan() -> Plan:
    return Plan(
        *("tiny", 1, 0, 1, 2, 1, 4, 64, 1, 1),
        speed_hours=20,
        quiet_rates=(0.3, 1.0),
        forged_rates=(1.0,),
        silence_rates=(3.0,),
    )


@pytest.fixture(scope="session")
def tiny(tiny_plan: Plan) -> Scorecard:
    return evaluate(tiny_plan, None, None, 1, lambda *_: None)
