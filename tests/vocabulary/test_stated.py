import dataclasses

import pytest

from overt.vocabulary import stated


RECORDS = [
    thing
    for thing in vars(stated).values()
    if dataclasses.is_dataclass(thing) and isinstance(thing, type)
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.__name__)
def test_what_was_stated_cannot_be_changed_after_the_fact(record: type) -> None:
    assert record.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_a_deadline_and_an_act_speak_of_the_same_demands() -> None:
    kinds = {f.name: f.type for f in dataclasses.fields(stated.Deadline)}

    assert kinds["demand"] is stated.Demand
