"""On how many networks at least an incident holds: the partial conjunction of their e-values.

Each network's e-value bets against "as usual": given the past, a vote is expected to be at most
0.10, the highest usual share there is. That level is fixed, so nothing was looked at to set it. At
each stake the m units that add most are left out, so that what is left is at most what the honest
votes give when m of a network's units are forged, and is an e-value still (`e_value`).

"At least r of n": were fewer than r networks affected, at least n - r + 1 would be as usual, and
the mean of the n - r + 1 smallest e-values is at most the mean of theirs, whose expectation is at
most 1, whatever the dependence between networks. It is 1/alpha or more with a chance of at most
alpha, and falls as r grows, so the largest r that reaches it is too high with no greater chance.
Source: Vovk and Wang, "E-values: calibration, combination and applications", Annals of Statistics
2021; Benjamini and Heller, "Screening for partial conjunction hypotheses", Biometrics 2008.

The hours of an incident were chosen after looking. So alpha is shared out evenly among all pairs of
a first and a last hour in the data, and by the union bound the statement holds for all of them at
once, chosen how they may be: over all incidents of a country and platform together, one of the
numbers is too high with a chance of at most alpha.
"""

from collections.abc import Sequence

import numpy as np

from overt.changes.bets import MOST, STAKE_SHARES, trimmed_units
from overt.changes.detector import Series
from overt.incidents.affected import MAX_USUAL


ALPHA = 0.01


def e_value(series: Series, hours: tuple[int, int]) -> float:
    """Return the e-value of one network against "as usual" in some hours; 1 is no evidence.

    Of a network's n units m say nothing, 1 below ten and a tenth above: at each stake those whose
    votes multiply the wealth most. A unit that divides it is kept.
    """
    votes = series.between(*hours)
    units, place = np.unique(np.array(votes.unit, dtype=np.str_), return_inverse=True)
    stakes = STAKE_SHARES / MAX_USUAL
    logs = np.log1p(np.outer(stakes, votes.value - MAX_USUAL))
    by_unit = np.sort([np.bincount(place, own, len(units)) for own in logs], axis=1)
    most = by_unit[:, max(len(units) - trimmed_units(len(units)), 0) :]
    left = by_unit.sum(axis=1) - np.maximum(most, 0.0).sum(axis=1)
    return float(np.exp(np.minimum(left, np.log(MOST))).mean())


def pairs_of_hours(series: Sequence[Series]) -> int:
    """Return how many pairs of a first and a last hour the hours of some votes have."""
    voted = [s.hour for s in series if len(s.hour)]
    if not voted:
        return 0
    n_hours = max(int(h[-1]) for h in voted) - min(int(h[0]) for h in voted) + 1
    return n_hours * (n_hours + 1) // 2


def at_least(e_values: Sequence[float], n_chosen_from: int = 1, alpha: float = ALPHA) -> int:
    """Return the largest r for which "at least r networks are affected" holds; 0 when none does.

    Args:
        e_values: one for each network measured.
        n_chosen_from: how many pairs of hours the hours of the e-values were chosen from.
        alpha: the chance of a number that is too high, over all these pairs.
    """
    ordered = np.sort(np.array(e_values, dtype=np.float64))
    means = np.cumsum(ordered)[::-1] / np.arange(len(ordered), 0, -1)
    return int(np.count_nonzero(means >= n_chosen_from / alpha))
