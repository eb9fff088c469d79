"""How often each series fails as usual: the level its detector bets against, from other series.

The level never comes from a series' own past: otherwise a standing block would become the usual.
Two reference populations in the same data set it, and the higher of the two counts:

* the same target on the networks that measured it well, the half that fails most left out, so that
  neither blocked networks nor a forger raise the level of the rest;
* other platforms on the same network, so that a network that is simply bad is not called blocked.

Both are upper confidence limits, so that few votes make a high level and slow alarms, not wrong
ones.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from overt.changes.detector import Series


MIN_USUAL, MAX_USUAL = 0.05, 0.15  # hand-set: below, a burst looks like a block; above, blocks hide
FALLBACK = 0.10  # with too few votes to say; the pilot simulation bet against 0.15
MIN_VOTES = 30
MIN_NETWORK_VOTES = 20  # a network with fewer does not say which half it belongs to
LEFT_OUT_SHARE = 0.5
_Z = 3.09  # one-sided 99.9 %

Key = tuple[str, str, str, int]
Counted = tuple[float, float, float]  # share that failed (shrunk), how many failed, of how many


def upper_limit(failing: float, n: float) -> float:
    """Return an upper 99.9 % limit of a share, kept in [0.05, 0.15].

    A normal limit with half a failure added; 0.10 with fewer than 30 votes.
    """
    if n < MIN_VOTES:
        return FALLBACK
    share = min((failing + 0.5) / n, 1.0)
    upper = share + _Z * math.sqrt(share * (1 - share) / n)
    return min(max(upper, MIN_USUAL), MAX_USUAL)


def key_of(series: Series) -> Key:
    """Return what names a series."""
    return series.cc, series.platform, series.target, series.asn


def usual_shares(population: Sequence[Series]) -> dict[Key, float]:
    """Return the usual failing share of each series, in [0.05, 0.15]."""
    counted = {key_of(s): _count(s) for s in population if len(s.value)}
    by_target: dict[tuple[str, str], list[Counted]] = {}
    by_network: dict[tuple[str, int], dict[str, tuple[float, float]]] = {}
    for (cc, platform, target, asn), found in counted.items():
        by_target.setdefault((platform, target), []).append(found)
        platforms = by_network.setdefault((cc, asn), {})
        failing, n = platforms.get(platform, (0.0, 0.0))
        platforms[platform] = (failing + found[1], n + found[2])
    targets = {key: _of_target(found) for key, found in by_target.items()}
    levels = {}
    for key in counted:
        cc, platform, target, asn = key
        beside = _beside(by_network[cc, asn], platform)
        levels[key] = max(targets[platform, target], beside)
    return levels


def _count(series: Series) -> Counted:
    """Return a series' counts; its share is shrunk, so that one vote does not look like a rate."""
    failing, n = float(np.sum(series.value)), float(len(series.value))
    return (failing + 0.5) / (n + 1), failing, n


def _of_target(found: Sequence[Counted]) -> float:
    known = [f for f in found if f[2] >= MIN_NETWORK_VOTES] or list(found)
    kept = sorted(known)[: len(known) - math.ceil(LEFT_OUT_SHARE * len(known))]
    return upper_limit(sum(k[1] for k in kept), sum(k[2] for k in kept))


def _beside(platforms: Mapping[str, tuple[float, float]], own: str) -> float:
    """Return the level of the other platforms on a network, the one that fails most left out."""
    others = sorted(
        (failing / n, failing, n) for name, (failing, n) in platforms.items() if name != own
    )[:-1]
    n = sum(o[2] for o in others)
    return upper_limit(sum(o[1] for o in others), n) if n >= MIN_VOTES else MIN_USUAL
