import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.evaluate.limits import poisson_upper, quantile, share_of


@pytest.mark.parametrize(("count", "upper"), [(0, 2.9957), (1, 4.7439), (3, 7.7537), (10, 16.9622)])
def test_the_upper_limit_of_a_poisson_mean_is_garwoods(count: int, upper: float) -> None:
    assert poisson_upper(count) == pytest.approx(upper, abs=1e-4)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (95, 100, 0.8872, 0.9836),
        (1, 30, 0.0008, 0.1722),
    ],
)
def test_the_interval_of_a_share_is_clopper_and_pearsons(
    hits: int, n: int, low: float, high: float
) -> None:
    found = share_of(hits, n)

    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)


@given(st.integers(1, 300), st.data())
def test_an_interval_holds_its_share(n: int, data: st.DataObject) -> None:
    found = share_of(data.draw(st.integers(0, n)), n)

    assert found.share is not None
    assert found.low - 1e-9 <= found.share <= found.high + 1e-9


def test_a_share_of_nothing_is_none_and_its_interval_is_everything() -> None:
    found = share_of(0, 0)

    assert (found.share, found.low, found.high) == (None, 0.0, 1.0)


def test_a_quantile_counts_what_never_came() -> None:
    assert quantile([1.0, 2.0, math.inf], 0.5) == 2.0
    assert quantile([1.0, 2.0, math.inf], 0.9) is None
    assert quantile([], 0.5) is None
