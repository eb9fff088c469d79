"""What a detector is, and the arithmetic detectors and incidents share: series, scores, segments.

A series is what the units said of one target on one network, hour by hour. A detector is a pure
function `detect(population) -> list[Change]` of all series: no clock, no randomness, no state
between calls, and the same answer for any order of the series and their votes.

Scores. A unit's value v in an hour scores `v log(p/q) + (1 - v) log((1 - p)/(1 - q))`: the log
likelihood ratio of "fails as often as while restricted" (p) against "as usual" (q). The stretch of
the series in which it was restricted is the one of greatest total score, so that a night or a
weekend off inside it costs less than the blocked hours around it give.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from overt.vocabulary.instants import HOUR
from overt.vocabulary.judgements import Change


Floats = npt.NDArray[np.float64]
Hours = npt.NDArray[np.int64]

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - tables are naive UTC


def hour_number(moment: datetime) -> int:
    """Return the number of whole hours since 1970 of a table's naive UTC datetime."""
    return int((moment - EPOCH) // HOUR)


def hour_time(number: int) -> datetime:
    """Return the table's datetime at which an hour, by its number, starts."""
    return EPOCH + timedelta(hours=int(number))


@dataclass(frozen=True, slots=True)
class Series:
    """Votes of one series, ordered by hour and unit.

    Grain: hour x unit. `value` is the share of the unit's measurements that failed, in [0, 1].
    """

    cc: str
    platform: str
    target: str
    asn: int
    hour: Hours
    unit: tuple[str, ...]
    value: Floats

    @classmethod
    def of(
        cls, key: tuple[str, str, str, int], votes: Sequence[tuple[int, str, float]]
    ) -> "Series":
        """Return a series from (hour number, unit, value) in any order.

        Raises:
            ValueError: when a value is not in [0, 1], or a unit votes twice in an hour.
        """
        ordered = sorted(votes)
        places = [(hour, unit) for hour, unit, _ in ordered]
        if len(set(places)) != len(places):
            raise ValueError(f"{key}: a unit votes twice in one hour")
        value = np.array([v for _, _, v in ordered], dtype=np.float64)
        if not bool(np.all((value >= 0) & (value <= 1))):
            raise ValueError(f"{key}: a vote is not in [0, 1]")
        return cls(
            *key,
            hour=np.array([h for h, _, _ in ordered], dtype=np.int64),
            unit=tuple(u for _, u, _ in ordered),
            value=value,
        )

    def between(self, first: int, last: int) -> "Series":
        """Return the votes of the hours from `first` to `last`, both included."""
        keep = (self.hour >= first) & (self.hour <= last)
        return self._only(keep)

    def outside(self, first: int, last: int) -> "Series":
        """Return the votes of the hours before `first` and after `last`."""
        return self._only((self.hour < first) | (self.hour > last))

    def without(self, *units: str) -> "Series":
        """Return the series as it would be had these units never reported."""
        gone = set(units)
        keep = np.array([u not in gone for u in self.unit], dtype=bool)
        return self if bool(keep.all()) else self._only(keep)

    def _only(self, keep: npt.NDArray[np.bool_]) -> "Series":
        units = tuple(u for u, k in zip(self.unit, keep, strict=True) if k)
        return Series(
            self.cc,
            self.platform,
            self.target,
            self.asn,
            hour=self.hour[keep],
            unit=units,
            value=self.value[keep],
        )

    def by_hour(self) -> tuple[Hours, Floats]:
        """Return the hours that have votes and, for each, the mean over its units."""
        hours, first = np.unique(self.hour, return_index=True)
        if not len(hours):
            return hours, np.zeros(0)
        sums = np.add.reduceat(self.value, first)
        return hours, sums / np.diff(np.append(first, len(self.hour)))

    @property
    def share(self) -> float:
        """The mean value of all votes; 0 when there are none."""
        return float(self.value.mean()) if len(self.value) else 0.0


Detector = Callable[[Sequence[Series]], list[Change]]


def scores(value: Floats, usual: float, restricted: float) -> Floats:
    """Return each vote's log likelihood ratio, in nats."""
    fails = np.log(restricted / usual)
    works = np.log((1 - restricted) / (1 - usual))
    return np.asarray(value * fails + (1 - value) * works, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Segment:
    """One restricted stretch of a series; `onset` and `end` bound where it starts and ends.

    Units: hour numbers. `first` and `last` are its best first and last hour.
    The sets hold every hour that, taken as the first (or last), loses less than `log(1 / alpha)` of
    the score: profile-likelihood sets, which reach about their nominal coverage where votes are
    independent given the state; simulation checks it.
    """

    first: int
    last: int
    score: float
    onset: tuple[int, int]
    end: tuple[int, int]


def restricted_segments(hour: Hours, score: Floats, alpha: float = 0.05) -> list[Segment]:
    """Return every stretch of hours that scores for itself, in time order.

    Two stretches are one when the gap between them costs less than either gives. Stretches that
    score less than `log(1 / alpha)` are chance and left out.
    Source: Ruzzo and Tompa, "A linear time algorithm for finding all maximal scoring
    subsequences", ISMB 1999.
    """
    hours, first = np.unique(hour, return_index=True)
    if not len(hours):
        return []
    total = np.concatenate(([0.0], np.cumsum(np.add.reduceat(score, first))))
    slack = float(np.log(1 / alpha))
    kept = [(i, j) for i, j in _maximal(total) if total[j] - total[i] >= slack]
    segments = []
    for index, (i, j) in enumerate(kept):
        low = kept[index - 1][1] if index else 0
        high = kept[index + 1][0] if index + 1 < len(kept) else len(hours)
        starts = np.nonzero(total[low:j] <= total[i] + slack)[0] + low
        ends = np.nonzero(total[i + 1 : high + 1] >= total[j] - slack)[0] + i
        segments.append(
            Segment(
                first=int(hours[i]),
                last=int(hours[j - 1]),
                score=float(total[j] - total[i]),
                onset=(int(hours[starts[0]]), int(hours[starts[-1]])),
                end=(int(hours[ends[0]]), int(hours[ends[-1]])),
            )
        )
    return segments


def _maximal(total: Floats) -> list[tuple[int, int]]:
    """Return the maximal scoring subsequences as half-open index pairs into the hours."""
    found: list[tuple[int, int]] = []
    for index in range(len(total) - 1):
        if total[index + 1] <= total[index]:
            continue
        left, right = index, index + 1
        while True:
            before = next(
                (k for k in range(len(found) - 1, -1, -1) if total[found[k][0]] < total[left]), None
            )
            if before is None or total[found[before][1]] >= total[right]:
                found.append((left, right))
                break
            left = found[before][0]
            del found[before:]
    return found


def fit_segments(series: Series, usual: float, rounds: int = 5) -> tuple[list[Segment], float]:
    """Return the restricted stretches and the share that fails inside them, fitted in turn.

    The share is kept in [0.2, 0.98], and at or above four times `usual`, so that a stretch hardly
    worse than usual never fits. It starts from one half.
    """
    floor = max(0.2, min(4 * usual, 0.9))
    restricted, segments = max(0.5, floor), list[Segment]()
    for _ in range(rounds):
        previous = segments
        segments = restricted_segments(series.hour, scores(series.value, usual, restricted))
        if not segments or segments == previous:
            break
        inside = np.zeros(len(series.hour), dtype=bool)
        for segment in segments:
            inside |= (series.hour >= segment.first) & (series.hour <= segment.last)
        restricted = min(max(float(series.value[inside].mean()), floor), 0.98)
    return segments, restricted
