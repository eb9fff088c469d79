"""The rival descriptions of votes that come and go: a timetable, or stretches at any hours.

Every description says when each network fails at the higher of its two rates, "within", and is
scored by its log odds against the best constant rate. The two rates are paid for by coding the
votes with the Krichevsky-Trofimov mixture, which never beats the rate that rules by luck more
often than a fair bet does; the hours are paid for out of a prior that sums to at most one.
Source: Krichevsky and Trofimov, "The performance of universal encoding", IEEE Trans. Inf. Theory
1981.
"""

from dataclasses import dataclass
from math import lgamma, log

import numpy as np
import numpy.typing as npt

from overt.changes.detector import Floats, Hours


DAY_H, WEEK_D = 24, 7
WEEK_H = DAY_H * WEEK_D
EVERY_DAY, WEEKDAYS, WEEKEND = (0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4), (5, 6)
COMMON_SETS = (WEEKDAYS, WEEKEND, (0, 1, 2, 3, 6), (4, 5))  # working weeks of Monday and of Sunday

_SETS = tuple(tuple(d for d in EVERY_DAY if bits >> d & 1) for bits in range(1, 2**WEEK_D))
_LATEST_CROSSING_H = 12  # an interval that crosses midnight ends by noon
_INTERVAL_COST = log(600)  # nats; there are 500 intervals, 25,000 pairs of them, and so on
_STARTS = ((0.9, 0.05), (0.5, 0.05), (0.9, 0.4))  # hand-set: rates within and outside at first
_ROUNDS = 6  # hours and rates are fitted to each other at most so often

Flags = npt.NDArray[np.bool_]
Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes at a grain of network x hour, in time order.

    `hour` counts the hours that have votes, `clock` is the local hour number.
    """

    hour: Hours
    clock: Hours
    network: Hours
    share: Floats
    weight: Floats

    @property
    def n_networks(self) -> int:
        """How many networks voted."""
        return int(self.network.max()) + 1


@dataclass(frozen=True, slots=True)
class Timetable:
    """Weekdays and intervals in hours of the grid; an interval may end past 24."""

    weekdays: tuple[int, ...]
    intervals: tuple[Interval, ...]

    def covers(self, clock: Hours) -> Flags:
        """Return which of these local hours the timetable restricts."""
        table = np.zeros(WEEK_H, dtype=bool)
        for day in self.weekdays:
            for start, end in self.intervals:
                table[np.arange(day * DAY_H + start, day * DAY_H + end) % len(table)] = True
        return table[clock % len(table)]

    def measured(self, clock: Hours) -> "Timetable":
        """Return the timetable without the weekdays on which none of these hours is restricted."""
        each = {d: Timetable((d,), self.intervals).covers(clock) for d in self.weekdays}
        return Timetable(tuple(d for d, on in each.items() if bool(on.any())), self.intervals)

    @property
    def cost(self) -> float:
        """What naming these weekdays and hours costs, in nats."""
        return _set_cost(self.weekdays) + _INTERVAL_COST * len(self.intervals)


def _sums(votes: Votes, on: Flags) -> tuple[Floats, Floats]:
    """Return failing weight and weight, each by network x (outside, within)."""
    cell = votes.network * 2 + on
    length = 2 * votes.n_networks
    fails = _binned(cell, votes.weight * votes.share, length).reshape(-1, 2)
    return fails, _binned(cell, votes.weight, length).reshape(-1, 2)


def _binned(place: Hours, value: Floats, length: int) -> Floats:
    return np.bincount(place, value, length).astype(np.float64)


def _scores(votes: Votes, within: Floats, outside: Floats) -> Floats:
    """Return what each vote says for "within", given the two rates of each network."""
    fails, works = np.log(within / outside), np.log((1 - within) / (1 - outside))
    worse = (within > outside)[votes.network]
    score = votes.share * fails[votes.network] + (1 - votes.share) * works[votes.network]
    return np.where(worse, votes.weight * score, 0.0)


def _fitted_scores(votes: Votes, on: Flags) -> Floats:
    """Return the scores with the rates the votes have; few votes are drawn to the rate of all."""
    fails, weight = _sums(votes, on)
    pooled = (fails.sum(0) + 0.5) / (weight.sum(0) + 1.0)
    rates = np.clip((fails + pooled) / (weight + 1.0), 0.02, 0.98)
    return _scores(votes, rates[:, 1], rates[:, 0])


def _odds(votes: Votes, on: Flags) -> float:
    """Return the log odds of two rates against the best constant rate, network by network."""
    fails, weight = _sums(votes, on)
    works = np.maximum(weight - fails, 0.0)
    coded = sum(
        lgamma(f + 0.5) + lgamma(w + 0.5) - lgamma(f + w + 1.0) - 2 * lgamma(0.5)
        for f, w in zip(fails.ravel().tolist(), works.ravel().tolist(), strict=True)
    )
    constant = sum(
        k * log(k / (f + w))
        for f, w in zip(fails.sum(1).tolist(), works.sum(1).tolist(), strict=True)
        for k in (f, w)
        if k > 0
    )
    return float(coded - constant)


def _set_cost(weekdays: tuple[int, ...]) -> float:
    """Return the cost of a set of weekdays; the prior sums to one over the 127 sets."""
    if weekdays == EVERY_DAY:
        return log(4)
    if weekdays in COMMON_SETS:
        return log(4 * len(COMMON_SETS))
    n_others = 2**WEEK_D - 2 - len(COMMON_SETS) - WEEK_D
    return log(4 * WEEK_D) if len(weekdays) == 1 else log(4 * n_others)


def fit(votes: Votes) -> tuple[Timetable | None, float]:
    """Return the timetable that codes the votes best, and its log odds less its cost."""
    best: tuple[Timetable | None, float] = (None, 0.0)
    networks = np.ones(votes.n_networks)
    for within, outside in _STARTS:
        score = _scores(votes, within * networks, outside * networks)
        seen: set[Timetable] = set()
        for _ in range(_ROUNDS):
            table = _binned(votes.clock % WEEK_H, score, WEEK_H)
            found = _best_timetable(table)
            if found is None or found in seen:
                break
            seen.add(found)
            on = found.covers(votes.clock)
            odds = _odds(votes, on) - found.cost
            best = max(best, (found, odds), key=lambda b: b[1])
            score = _fitted_scores(votes, on)
    return best


def _best_timetable(table: Floats) -> Timetable | None:
    """Return the weekdays and intervals of greatest total score less cost, None when none gains.

    `table` is the score of each hour of the week. The day is cut at each hour from midnight to
    noon in turn, and an interval begins before midnight; dynamic programming over the hours of
    the cut day, for every set of weekdays at once.
    """
    cuts = np.arange(_LATEST_CROSSING_H + 1, dtype=np.int64)
    step = np.arange(DAY_H, dtype=np.int64)
    at = (cuts[:, None, None] + np.arange(WEEK_D)[None, :, None] * DAY_H + step) % len(table)
    member = np.array([[d in days for d in range(WEEK_D)] for days in _SETS], dtype=np.float64)
    gain = np.einsum("sw,cwj->jcs", member, table[at])
    may_begin = (cuts + step[:, None] < DAY_H)[:, :, None]
    off, on = np.zeros(gain.shape[1:]), np.full(gain.shape[1:], -np.inf)
    began, ended = [], []
    for j in range(DAY_H):
        begin = np.where(may_begin[j], off - _INTERVAL_COST, -np.inf)
        began.append(begin > on)
        ended.append(on > off)
        off, on = np.maximum(off, on), np.maximum(on, begin) + gain[j]
    total = np.maximum(off, on) - np.array([_set_cost(days) for days in _SETS])
    cut, chosen = np.unravel_index(int(total.argmax()), total.shape)
    if total[cut, chosen] <= 0:
        return None
    intervals: list[Interval] = []
    is_on, end = bool(on[cut, chosen] > off[cut, chosen]), DAY_H
    for j in reversed(range(DAY_H)):
        if is_on and began[j][cut, chosen]:
            intervals.append((int(cut) + j, int(cut) + end))
            is_on = False
        elif not is_on and ended[j][cut, chosen]:
            is_on, end = True, j
    return Timetable(_SETS[chosen], tuple(reversed(intervals)))


def stretches(votes: Votes) -> float:
    """Return the best log odds, less cost, of two rates that switch at any hours; at least 0."""
    n_hours = int(votes.hour.max()) + 1
    networks = np.ones(votes.n_networks)
    best = 0.0
    for within, outside in _STARTS:
        score = _scores(votes, within * networks, outside * networks)
        price = log(n_hours + 1)
        for _ in range(_ROUNDS):
            states = _switching(_binned(votes.hour, score, n_hours), price)
            n = int(np.count_nonzero(states[1:] != states[:-1]))
            others = n_hours - 1 - n
            cost = log(2 * n_hours) + lgamma(n_hours) - lgamma(n + 1) - lgamma(others + 1)
            on = states[votes.hour]
            best = max(best, _odds(votes, on) - cost)
            score = _fitted_scores(votes, on)
            price = max(log((others + 1) / (n + 1)), 0.1)
    return best


def _switching(score: Floats, price: float) -> Flags:
    """Return the on and off hours of greatest total score when each switch costs `price`."""
    off, on = 0.0, 0.0
    from_off, from_on = [], []
    for gain in score.tolist():
        from_off.append(off - price > on)
        from_on.append(on - price > off)
        off, on = max(off, on - price), max(on, off - price) + gain
    states = np.zeros(len(score), dtype=bool)
    is_on = on > off
    for index in reversed(range(len(score))):
        states[index] = is_on
        is_on = not from_off[index] if is_on else from_on[index]
    return states
