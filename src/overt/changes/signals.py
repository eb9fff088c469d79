"""Turns a phenomenon into values in [0, 1] for which high means unusual, ready to be bet on.

The recursion in `bets` is the same for every phenomenon; what differs is the value. Each function
here takes what was measured beside what it is compared with and answers bit by bit. What cannot be
compared (no control, no baseline, a value that is not a finite number) is NaN, which the recursion
passes over; it is never taken for "as usual".
"""

import numpy as np

from overt.changes.detector import Floats, Hours


THROTTLED_SHARE = 0.2  # hand-set: below a fifth of the control in the same minute
BELOW_SHARE = 0.8  # hand-set
WEEK_H = 168
BASELINE_WEEKS = 4
LEAST_WEEKS = 2


def ran_below(target: Floats, control: Floats, share: float = THROTTLED_SHARE) -> Floats:
    """Say of each pair whether the target ran below a share of its control's rate.

    Grain: pair, the same client in the same minute. Units: both rates in the same unit, any.
    Missing: NaN where either rate is missing, not finite or negative, or where the control is zero.
    """
    comparable = _finite(target) & _finite(control) & (control > 0)
    slow = target < share * control
    return np.where(comparable, slow.astype(np.float64), np.nan)


def below(value: Floats, baseline: Floats, share: float = BELOW_SHARE) -> Floats:
    """Say of each bin whether a signal is below a share of its baseline.

    Missing: NaN where the value or the baseline is missing, not finite or negative, or where the
    baseline is zero.
    """
    comparable = _finite(value) & _finite(baseline) & (baseline > 0)
    return np.where(comparable, (value < share * baseline).astype(np.float64), np.nan)


def weekly_baseline(hour: Hours, value: Floats) -> Floats:
    """Return, for each hour, the median of the same hour of the week in the four weeks before.

    Grain: hour; `hour` holds distinct hour numbers in rising order. Missing: NaN with fewer than
    two of the four weeks. Nothing of the hour itself or later enters, so that the level of a bet is
    known before it.
    """
    known = {int(h): float(v) for h, v in zip(hour, value, strict=True) if np.isfinite(v)}
    found = np.full(len(hour), np.nan)
    for index, now in enumerate(hour.tolist()):
        weeks = [now - WEEK_H * k for k in range(1, BASELINE_WEEKS + 1)]
        past = [known[h] for h in weeks if h in known]
        if len(past) >= LEAST_WEEKS:
            found[index] = float(np.median(past))
    return found


def _finite(values: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.isfinite(values) & (np.nan_to_num(values) >= 0)
