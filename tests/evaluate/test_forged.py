from hypothesis import given, settings
from hypothesis import strategies as st

from overt.changes.blocking import detect
from overt.evaluate import forged
from overt.evaluate.heard import onsets_of
from overt.evaluate.plan import QUICK


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**40), rate=st.sampled_from([0.3, 1.0, 3.0]))
def test_as_many_forgers_as_are_trimmed_change_nothing(seed: int, rate: float) -> None:
    task = forged.Task(seed, 0, rate, forged.M)

    assert onsets_of(detect(forged.forged_series(task))) == []


def test_more_forgers_than_are_trimmed_are_believed() -> None:
    assert forged.one(forged.Task(1, 0, 0.3, forged.M + 2)).alarmed[0]


def test_the_honest_reports_are_the_same_for_every_forger() -> None:
    honest, lied_to = (
        forged.forged_series(forged.Task(1, 0, 1.0, n))[0] for n in (0, forged.M + 1)
    )
    told = set(zip(honest.hour.tolist(), honest.unit, honest.value.tolist(), strict=True))
    more = set(zip(lied_to.hour.tolist(), lied_to.unit, lied_to.value.tolist(), strict=True))

    assert told < more


def test_shares_are_by_rate_and_number_of_forgers() -> None:
    rows = [forged.Forged(1.0, 1, (False,) * 5), forged.Forged(1.0, 1, (True,) * 5)]
    [found] = forged.summary(rows)

    assert found.alarmed["overt"].share == 0.5
    assert set(found.alarmed) == set(forged.METHODS)
    assert len(forged.tasks(QUICK)) == QUICK.forged * 3 * len(forged.IDENTITIES)
