"""Which networks an incident affected, which it did not, and which nobody measured enough.

Each network's votes during the incident are tested twice, with bets whose wealth is an e-value:
against "as usual", to call it affected, and against "restricted at least a fifth of the time", to
call it reachable. What passes neither test is `insufficient`: not "ok".
Source: betting e-values, Waudby-Smith and Ramdas, "Estimating means of bounded random variables by
betting", JRSS B 2024; 1/alpha as threshold by Ville's inequality.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from overt.changes.detector import Floats, Series
from overt.changes.null import weigh
from overt.vocabulary.judgements import State


ALPHA_AFFECTED = 0.01
ALPHA_REACHABLE = 0.05
LEAST_RESTRICTED_SHARE = 0.20  # hand-set: an exam-hours block seen round the clock fails a third
MIN_USUAL, MAX_USUAL = 0.03, 0.10  # hand-set: 3 % is above every quiet network of Kenya 2023
MIN_UNITS_FOR_ARTEFACT = 2
LEAST_ARTEFACT_SHARE = 0.1  # hand-set: fewer do not speak for the network
_STAKES = np.array([0.05, 0.1, 0.2, 0.4, 0.7, 0.95])
_MIN_REFERENCE = 50


def usual_share(reference: Iterable[Series]) -> float:
    """Return how often this platform fails here as usual, on the high side.

    `reference` are the networks' votes from before the incident and after it. The share is an upper
    confidence limit (99.9 %, normal with a continuity correction), kept in [0.03, 0.10]; with fewer
    than 50 votes it is 0.10. The votes of the heaviest units are left out as `changes.null.weigh`
    does, so that no one unit can make the usual high enough to hide a network, or lower it.
    """
    failing, working = weigh(*((s.unit, s.value) for s in reference))
    n = failing + working
    if n < _MIN_REFERENCE:
        return MAX_USUAL
    share = min((failing + 0.5) / n, 1.0)
    upper = share + 3.09 * float(np.sqrt(share * (1 - share) / n))
    return min(max(upper, MIN_USUAL), MAX_USUAL)


def e_value_above(values: Floats, level: float) -> float:
    """Return the e-value against "the expected value is at most `level`"; 1 is no evidence."""
    wealth = 1.0 + np.outer(_STAKES / level, values - level)
    return _mean_wealth(wealth) if len(values) else 1.0


def _mean_wealth(wealth: npt.NDArray[np.float64]) -> float:
    """Return the mean final wealth over the stakes, held below 1e100 so that it cannot overflow."""
    return float(np.exp(np.minimum(np.log(wealth).sum(axis=1), np.log(1e100))).mean())


def e_value_below(values: Floats, level: float) -> float:
    """Return the e-value against "the expected value is at least `level`"; 1 is no evidence."""
    wealth = 1.0 + np.outer(_STAKES / (1.0 - level), level - values)
    return _mean_wealth(wealth) if len(values) else 1.0


def is_affected(votes: Series, usual: float, n_networks: int) -> bool:
    """Say whether a network failed more than usual, at level `ALPHA_AFFECTED` over all networks."""
    threshold = max(n_networks, 1) / ALPHA_AFFECTED
    return e_value_above(votes.value, usual) >= threshold


def is_reachable(votes: Series) -> bool:
    """Say whether a network was measured enough to rule out that it was restricted."""
    return e_value_below(votes.value, LEAST_RESTRICTED_SHARE) >= 1 / ALPHA_REACHABLE


def state_of(n_failing: int, n_controlled: int, n_artefact: int, artefact_units: int) -> State:
    """Return the state of an affected network, never stronger than its failing reports allow.

    `blocked` needs a distinctive artefact in a tenth of the failing reports, from two units;
    `consistent with blocking` needs a control that worked for most failing reports; without one it
    is `impaired`.
    """
    shown = n_artefact >= LEAST_ARTEFACT_SHARE * n_failing
    if artefact_units >= MIN_UNITS_FOR_ARTEFACT and shown:
        return State.BLOCKED
    if 2 * n_controlled > n_failing:
        return State.CONSISTENT
    return State.IMPAIRED
