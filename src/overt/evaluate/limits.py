"""Exact limits of a rate and of a share from a count, and medians of delays that may never end."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


_STEPS = 200  # halvings; far below the last digit of a double


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, with the exact 95 % interval of Clopper and Pearson (Biometrika 1934)."""

    hits: int
    n: int
    share: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """How many alarms in so many years, and the exact upper 95 % limit of the yearly rate."""

    alarms: int
    years: int
    per_year: float
    upper: float


def rate_of(alarms: int, years: int) -> Rate:
    """Return a yearly rate and its limit; of no years as of one."""
    return Rate(alarms, years, alarms / max(years, 1), poisson_upper(alarms) / max(years, 1))


def share_of(hits: int, n: int) -> Share:
    """Return a share and its two-sided 95 % interval; None of nothing."""
    low = 0.0 if hits == 0 else _solve(lambda p: _tail(hits, n, p) - 0.025)
    high = 1.0 if hits == n else _solve(lambda p: 0.975 - _tail(hits + 1, n, p), falling=True)
    return Share(hits, n, hits / n if n else None, low, high)


def poisson_upper(count: int, confidence: float = 0.95) -> float:
    """Return the exact one-sided upper limit of a Poisson mean after so many events.

    Source: Garwood, "Fiducial limits for the Poisson distribution", Biometrika 1936.
    """
    high = 10.0 + 4.0 * count
    scaled = _solve(lambda p: _poisson_below(count, p * high) - (1 - confidence), falling=True)
    return scaled * high


def quantile(values: Sequence[float], q: float) -> float | None:
    """Return the smallest value that a share `q` of the values does not exceed; None if infinite.

    A delay that never ended is infinite, so it counts. None for no values too.
    """
    if not values:
        return None
    found = sorted(values)[max(math.ceil(q * len(values)) - 1, 0)]
    return found if math.isfinite(found) else None


def _solve(f: Callable[[float], float], *, falling: bool = False) -> float:
    """Return where a monotone function on [0, 1] crosses zero."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if (f(middle) > 0) != falling:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _tail(k: int, n: int, p: float) -> float:
    """Return the chance of at least k of n at p."""
    if k <= 0:
        return 1.0
    if p in {0.0, 1.0}:
        return p
    logs = (
        math.lgamma(n + 1)
        - math.lgamma(i + 1)
        - math.lgamma(n - i + 1)
        + i * math.log(p)
        + (n - i) * math.log1p(-p)
        for i in range(k, n + 1)
    )
    return min(math.fsum(math.exp(x) for x in logs), 1.0)


def _poisson_below(k: int, mean: float) -> float:
    """Return the chance of at most k events."""
    if mean == 0:
        return 1.0
    logs = (i * math.log(mean) - mean - math.lgamma(i + 1) for i in range(k + 1))
    return math.fsum(math.exp(x) for x in logs)
