"""The detectors others use, on the same series: a CUSUM of medians, PELT, and a fixed threshold.

They see hours that have votes; the value of an hour is the median over its units, as in OONI's
detector, or for the threshold the votes themselves. Each answer is a list of alarms.

* median-CUSUM: two-sided and aware of its state, mu0 = 0, mu1 = 0.7, h = 3.5 (deployed: expected
  delay 10), sums halved every 48 h once a gap is longer than 24 h. Source: OONI's
  `oonipipeline/analysis/detector.py`, after Basseville and Nikiforov, 1993, 2.2.5.
* PELT: least squares, penalty 10 s^2 ln n (five times BIC) with s^2 half the mean squared
  difference between one hour and the next, at least 0.01; a piece whose mean is above 0.35 after
  one whose mean is not is an alarm. Source: Killick, Fearnhead and Eckley, JASA 2012, as in
  `ruptures` (exact, kernel).
* fixed threshold: at least half of the votes of the last 24 h fail, of at least three.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from overt.changes.detector import Floats, Hours, Series
from overt.errors import UsageError


METHODS = ("median-CUSUM", "PELT", "fixed threshold")
DRIFT, HIGH = 0.35, 0.7
LIMIT = 3.5 - 1e-9  # ten times 0.35 is 3.5, but for the last bits
GAP_H, HALF_LIFE_H = 24, 48
WINDOW_H, LEAST_VOTES, LEAST_SHARE = 24, 3, 0.5
PENALTY, LEAST_VARIANCE = 10.0, 0.01


@dataclass(frozen=True, slots=True)
class Alarm:
    """The hour whose votes raised it, the hour it dates the beginning to, and when it was over.

    Units: hour numbers; `over` is None while it lasts.
    """

    hour: int
    onset: int
    over: int | None = None


def alarms(series: Series) -> dict[str, list[Alarm]]:
    """Return what each method says of a whole series, by method."""
    hours, medians = hourly_medians(series)
    found = (median_cusum(hours, medians), pelt(hours, medians), fixed_threshold(series))
    return dict(zip(METHODS, found, strict=True))


def hourly_medians(series: Series) -> tuple[Hours, Floats]:
    """Return the hours that have votes and the median over the units of each."""
    hours, first = np.unique(series.hour, return_index=True)
    if not len(hours):
        return hours, np.zeros(0)
    return hours, np.array([np.median(part) for part in np.split(series.value, first[1:])])


def median_cusum(hours: Hours, medians: Floats) -> list[Alarm]:
    """Return the alarms of the median-CUSUM; the beginning is where its sum last left zero."""
    found: list[Alarm] = []
    state, up, down, since, last = "unknown", 0.0, 0.0, 0, None
    for hour, x in zip(hours.tolist(), medians.tolist(), strict=True):
        if last is not None and hour - last > GAP_H:
            decay = 0.5 ** ((hour - last) / HALF_LIFE_H)
            up, down = up * decay, down * decay
        last = hour
        since = hour if up == 0.0 else since
        up = max(0.0, up + x - DRIFT) if state != "blocked" else 0.0
        down = max(0.0, down + HIGH - x - DRIFT) if state != "ok" else 0.0
        if up >= LIMIT:
            found.append(Alarm(hour, since))
            state, up, down = "blocked", 0.0, 0.0
        elif down >= LIMIT:
            if state == "blocked":
                found[-1] = Alarm(found[-1].hour, found[-1].onset, hour)
            state, up, down = "ok", 0.0, 0.0
    return found


def pelt(hours: Hours, medians: Floats) -> list[Alarm]:
    """Return the rises of a whole series, dated; as if each were known in its first hour."""
    found: list[Alarm] = []
    was_high = False
    for start, end in _pieces(medians):
        is_high = float(medians[start:end].mean()) > DRIFT
        if is_high and not was_high:
            found.append(Alarm(int(hours[start]), int(hours[start])))
        elif was_high and not is_high:
            found[-1] = Alarm(found[-1].hour, found[-1].onset, int(hours[start]))
        was_high = is_high
    return found


def pelt_first(hours: Hours, medians: Floats, after: int) -> Alarm | None:
    """Return PELT's first alarm from the hour `after` on, run anew after every hour with votes."""
    for stop in range(int(np.searchsorted(hours, after)) + 1, len(hours) + 1):
        seen = pelt(hours[:stop], medians[:stop])
        if seen and seen[-1].over is None:
            return Alarm(int(hours[stop - 1]), seen[-1].onset)
    return None


def _pieces(medians: Floats) -> list[tuple[int, int]]:
    n = len(medians)
    if n < 2:  # noqa: PLR2004 - nothing to part
        return [(0, n)] if n else []
    variance = max(float(np.mean(np.diff(medians) ** 2)) / 2, LEAST_VARIANCE)
    ends = _ruptures().fit(medians).predict(pen=PENALTY * variance * float(np.log(n)))
    return list(zip([0, *ends[:-1]], ends, strict=True))


def _ruptures() -> Any:  # noqa: ANN401 - an optional package without types
    try:
        from ruptures import KernelCPD  # noqa: PLC0415 - an extra; asked for when it is needed
    except ImportError as missing:
        raise UsageError(
            "PELT needs the package ruptures, which is not installed",
            remedy="install overt with its extra: pip install 'overt[evaluate]'",
        ) from missing
    return KernelCPD(kernel="linear", min_size=1)


def fixed_threshold(series: Series) -> list[Alarm]:
    """Return the alarms of the fixed threshold; it is over in the first hour below it."""
    hours, first = np.unique(series.hour, return_index=True)
    ends = np.append(first[1:], len(series.hour))
    total = np.concatenate(([0.0], np.cumsum(series.value)))
    starts = np.searchsorted(series.hour, hours - WINDOW_H, side="right")
    n = ends - starts
    share = (total[ends] - total[starts]) / n
    high = (n >= LEAST_VOTES) & (share >= LEAST_SHARE)
    found: list[Alarm] = []
    was_high = False
    for hour, is_high in zip(hours.tolist(), high.tolist(), strict=True):
        if is_high and not was_high:
            found.append(Alarm(hour, hour))
        elif was_high and not is_high:
            found[-1] = Alarm(found[-1].hour, found[-1].onset, hour)
        was_high = is_high
    return found


def first_from(found: Sequence[Alarm], after: int) -> Alarm | None:
    """Return the first alarm raised by the votes of the hour `after` or a later one."""
    return next((a for a in found if a.hour >= after), None)
