"""The one recursion behind every detector: trimmed windows, bets, and the evidence they leave.

A window gathers votes until enough distinct units have spoken, leaves out the m units that say
most for the alarm, and bets on the k that are kept. At a stake it returns the mean, over every
choice of j kept units, of the product of `1 + stake (v - usual)` over their values v: j is all of
them up to three, and two where more than five are kept. Null hypothesis: given the past, and given
what any two others of its window said, the expected value of a unit is at most `usual`. Six stakes
run at once; a stake's wealth M becomes `max(M, 1)` times what a window returns, and the mean wealth
over the stakes is the evidence.

Guarantee. The evidence is dominated by a Shiryaev-Roberts e-detector, so in T windows under the
null at most T / threshold alarms are expected, whatever the dependence between windows (Shin,
Ramdas and Rinaldo, "E-detectors", arXiv 2203.03532). What a window returns rises with every value
and does not depend on their order. So if at most m of its units are forged, it returns at most what
any n - m of the honest ones would, and the same bound holds.

Why at most three. Units of one hour can fail for one shared reason; j bounds what one hour can say
to `(0.95 / usual)^j` or so, however many units speak in it.

Phenomena differ only in what a vote is: failed or not; ran below 20 % of its control or not; below
0.8 of the same hour's baseline or not. All are values in [0, 1] for which high means unusual.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from overt.changes.detector import Floats, Hours, Series


STAKE_SHARES = np.array([0.05, 0.1, 0.2, 0.4, 0.7, 1.0]) * 0.95  # of the largest stake allowed
WINDOW_H = 24  # a window waits no longer than a day
MORE_THAN_TRIMMED = 2  # distinct units beyond the trimmed ones that close a window early
MOST_BETS, FEW_KEPT, BETS_OF_MANY = 3, 5, 2  # bets a window makes; of more kept units than 5, two
SMALL_NETWORK = 10  # units; below it one is trimmed, above it a tenth
MOST = 1e100  # past any threshold; keeps a year of full blocking from overflowing
HOURS_A_YEAR = 8760
BATCH = 2048  # series in one batch: 2048 x 6 stakes stay in the processor's cache


def trimmed_units(n_units: int) -> int:
    """Return m, how many of a window's units are left out: 1 below 10 units, else a tenth."""
    return 1 if n_units < SMALL_NETWORK else math.ceil(0.1 * n_units)


@dataclass(frozen=True, slots=True)
class Bets:
    """The closed windows of one series, in time order.

    Grain: window. `hour` is when it closed, `opened` when its first vote came, both hour numbers;
    `x` (window x 3) what it bets on, descending, NaN where it makes fewer bets; `m` how many units
    were trimmed, `n_units` how many had voted.
    """

    opened: Hours
    hour: Hours
    x: Floats
    m: npt.NDArray[np.int64]
    n_units: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.hour)


def windows(series: Series, *, mirrored: bool = False) -> Bets:
    """Return the windows of a series.

    A window closes as soon as m + 2 distinct units have voted, or after a day with at least m + 1;
    a day with fewer says nothing and is dropped. `mirrored` leaves out the m lowest values and bets
    on `1 - x`: for endings, where a forger would send working reports.
    """
    rows = list(_closed(series, mirrored=mirrored))
    return Bets(
        opened=np.array([r[0] for r in rows], dtype=np.int64),
        hour=np.array([r[1] for r in rows], dtype=np.int64),
        x=np.array([r[2] for r in rows], dtype=np.float64).reshape(len(rows), MOST_BETS),
        m=np.array([r[3] for r in rows], dtype=np.int64),
        n_units=np.array([r[4] for r in rows], dtype=np.int64),
    )


Row = tuple[int, int, list[float], int, int]


def _closed(series: Series, *, mirrored: bool) -> Iterator[Row]:
    hours, units, values = series.hour.tolist(), series.unit, series.value.tolist()
    waiting: dict[str, list[float]] = {}
    opened, index, n = 0, 0, len(hours)
    while index < n:
        hour = hours[index]
        if waiting and hour - opened >= WINDOW_H:
            yield from _window(waiting, opened, opened + WINDOW_H, 1, mirrored=mirrored)
            waiting = {}
        if not waiting:
            opened = hour
        while index < n and hours[index] == hour:
            waiting.setdefault(units[index], []).append(values[index])
            index += 1
        closed = list(_window(waiting, opened, hour, MORE_THAN_TRIMMED, mirrored=mirrored))
        if closed:
            yield from closed
            waiting = {}


def _window(
    waiting: dict[str, list[float]], opened: int, hour: int, beyond: int, *, mirrored: bool
) -> Iterator[Row]:
    """Yield the window's row if enough units have voted, else nothing."""
    n_units = len(waiting)
    m = trimmed_units(n_units)
    if n_units < m + beyond:
        return
    values = sorted(sum(v) / len(v) for v in waiting.values())
    kept = values[m:] if mirrored else values[: n_units - m]
    x = representatives([1.0 - v for v in reversed(kept)] if mirrored else kept)
    yield opened, hour, x + [math.nan] * (MOST_BETS - len(x)), m, n_units


def representatives(kept: Sequence[float]) -> list[float]:
    """Return the values r whose bets multiply to what a window of these values returns, descending.

    The mean over all choices of j values of the product of `c + v` is a polynomial in c of degree j
    whose roots are real, as those of the product of all are (Newton); -r are its roots. Up to three
    values stand for themselves.
    """
    if len(kept) <= MOST_BETS:
        return sorted(kept, reverse=True)
    sums = [1.0, 0.0, 0.0, 0.0]  # elementary symmetric polynomials
    for value in kept:
        for j in (3, 2, 1):
            sums[j] += sums[j - 1] * value
    mean, pairs, triples = (sums[j] / math.comb(len(kept), j) for j in (1, 2, 3))
    spread = math.sqrt(max(mean * mean - pairs, 0.0))
    if len(kept) > FEW_KEPT:
        return [min(mean + spread, 1.0), max(mean - spread, 0.0)]
    if spread == 0.0:
        return [mean] * MOST_BETS
    turn = (triples - 3 * mean * pairs + 2 * mean**3) / (2 * spread**3)
    angle = math.acos(min(max(turn, -1.0), 1.0)) / 3
    roots = (mean + 2 * spread * math.cos(angle - 2 * math.pi * t / 3) for t in range(3))
    return sorted((min(max(r, 0.0), 1.0) for r in roots), reverse=True)


def advance(wealth: Floats, x: Floats, usual: Floats) -> Floats:
    """Return the wealth after one bet on each series.

    Args:
        wealth: stake x series, as it was; zeros to start afresh.
        x: one value a series; NaN where it has no bet now, so that its wealth stands still.
        usual: the null level of each series, in (0, 1).
    """
    stakes = STAKE_SHARES[:, None] / usual
    grown = np.maximum(wealth, 1.0)
    grown *= 1.0 + stakes * (x - usual)
    np.minimum(grown, MOST, out=grown)
    return np.where(np.isnan(x), wealth, grown)


def evidence(x: Floats, usual: float | Floats, stakes: Floats = STAKE_SHARES) -> Floats:
    """Return the evidence after each window of one series that starts afresh and never stops.

    `x` is one bet a window, or window x bets. `usual` is one null level, or one for each window,
    known before it; `stakes` are shares of the largest stake allowed. Units: e-value; 1 is no
    evidence.
    """
    levels = np.broadcast_to(np.asarray(usual, dtype=np.float64), x.shape[:1])[:, None]
    wealth = np.zeros(len(stakes))
    path = np.empty(len(x))
    bets = x.reshape(len(x), x[:1].size or 1, 1)
    returned = 1.0 + stakes / levels[:, None] * (bets - levels[:, None])
    for index, of_window in enumerate(np.nanprod(returned, axis=1)):
        wealth = np.minimum(np.maximum(wealth, 1.0) * of_window, MOST)
        path[index] = wealth.mean()
    return path


def first_alarms(
    batches: Iterable[tuple[Floats, Floats]], threshold: float
) -> npt.NDArray[np.int64]:
    """Return, for each series, the step of its first alarm, or -1.

    Args:
        batches: (bets, usual of each series), any number; bets are step x series, or step x bets of
            a window, descending, x series. One batch is held at once, so memory is bounded by the
            largest.
        threshold: the evidence that is an alarm.
    """
    found = []
    for x, usual in batches:
        wealth = np.zeros((len(STAKE_SHARES), x.shape[-1]))
        first = np.full(x.shape[-1], -1, dtype=np.int64)
        for step in range(x.shape[0]):
            for bet in np.atleast_2d(x[step]):
                wealth = advance(wealth, bet, usual)
            first[(first < 0) & (wealth.mean(axis=0) >= threshold)] = step
        found.append(first)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def aligned(bets: Sequence[Bets], usual: Sequence[float]) -> Iterator[tuple[Floats, Floats]]:
    """Yield batches of up to `BATCH` series, aligned by the number of the window."""
    for start in range(0, len(bets), BATCH):
        some = bets[start : start + BATCH]
        x = np.full((max(map(len, some)), MOST_BETS, len(some)), np.nan)
        for column, one in enumerate(some):
            x[: len(one), :, column] = one.x
        yield x, np.array(usual[start : start + BATCH], dtype=np.float64)
