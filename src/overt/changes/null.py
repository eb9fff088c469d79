"""How often each series fails as usual: the level its detector bets against, from other series.

The level never comes from a series' own past: otherwise a standing block would become the usual.
Two reference populations in the same data set it, and the higher of the two counts:

* the same target on the networks that measured it well, the half that fails most left out, so that
  neither blocked networks nor a forger raise the level of the rest;
* other platforms on the same network, so that a network that is simply bad is not called blocked.

Both are upper confidence limits, so that few votes make a high level and slow alarms, not wrong
ones.

No one unit sets a level. On each network the m units with the most failing votes are left out of
the failing votes, and the m with the most working votes out of the working ones (`weigh`). So
whatever one unit sends counts for no more than the next unit's votes do, and a network that only m
units measure sets no level at all.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np

from overt.changes.bets import trimmed_units
from overt.changes.detector import Floats, Series


MIN_USUAL, MAX_USUAL = 0.10, 0.15  # below, a burst looks like a block; above, blocks hide
FALLBACK = 0.10  # with too few votes to say; the pilot simulation bet against 0.15
MIN_VOTES = 30
MIN_NETWORK_VOTES = 20  # a network with fewer does not say which half it belongs to
LEFT_OUT_SHARE = 0.5
_Z = 3.09  # one-sided 99.9 %

Key = tuple[str, str, str, int]
Weighed = tuple[float, float]  # failing and working votes, each less those of its heaviest units


def upper_limit(failing: float, n: float) -> float:
    """Return an upper 99.9 % limit of a share, kept in [0.10, 0.15].

    A normal limit with half a failure added; 0.10 with fewer than 30 votes.
    """
    if n < MIN_VOTES:
        return FALLBACK
    share = min((failing + 0.5) / n, 1.0)
    upper = share + _Z * math.sqrt(share * (1 - share) / n)
    return min(max(upper, MIN_USUAL), MAX_USUAL)


def weigh(*parts: tuple[Sequence[str], Floats]) -> Weighed:
    """Return the failing and the working votes, in votes, without those of the heaviest units.

    `parts` are units and the values of their votes, side by side; a unit of one part is not one of
    another. A vote of value v is v failing and 1 - v working. The m units with the most failing
    votes count for no failing, the m with the most working votes for no working; m is that of the
    windows. Adding any votes of one more unit adds at most what the heaviest unit there already
    gives, and takes off at most what a greater m does: sums of order statistics.
    """
    sums = [_by_unit(units, values) for units, values in parts]
    failing = np.sort(np.concatenate([f for f, _ in sums])) if sums else np.zeros(0)
    working = np.sort(np.concatenate([w for _, w in sums])) if sums else np.zeros(0)
    kept = max(len(failing) - trimmed_units(len(failing)), 0)
    return float(failing[:kept].sum()), float(working[:kept].sum())


def _by_unit(units: Sequence[str], values: Floats) -> tuple[Floats, Floats]:
    """Return each unit's failing and working votes."""
    places: dict[str, int] = {}
    place = np.array([places.setdefault(u, len(places)) for u in units], dtype=np.int64)
    failing = np.bincount(place, values, len(places)).astype(np.float64)
    return failing, np.bincount(place, 1.0 - values, len(places)).astype(np.float64)


def key_of(series: Series) -> Key:
    """Return what names a series."""
    return series.cc, series.platform, series.target, series.asn


class Usual:
    """The usual failing share of each series of a population, in [0.10, 0.15]."""

    def __init__(self, weighed: Mapping[Key, Weighed]) -> None:
        self._weighed = dict(sorted(weighed.items()))

    @classmethod
    def of(cls, population: Iterable[Series]) -> "Usual":
        """Return the levels of a population, in any order."""
        return cls({key_of(s): weigh((s.unit, s.value)) for s in population if len(s.value)})

    def levels(self) -> dict[Key, float]:
        """Return the level of each series that has votes."""
        return {key: self._level(key) for key in self._weighed}

    def around(self, cc: str, platform: str) -> "Usual":
        """Return what else bears on the levels of a country and platform, less their own series."""
        near = {k: w for k, w in self._weighed.items() if (k[0] == cc) != (k[1] == platform)}
        return Usual(near)

    def levels_with(self, own: Mapping[Key, Weighed]) -> dict[Key, float]:
        """Return the levels of some more series, weighed, as part of this population."""
        together = Usual({**self._weighed, **own})
        return {key: together._level(key) for key in own}

    def _level(self, key: Key) -> float:
        cc, platform, target, asn = key
        return max(self._targets[platform, target], _beside(self._networks[cc, asn], platform))

    @cached_property
    def _targets(self) -> dict[tuple[str, str], float]:
        grouped: dict[tuple[str, str], list[Weighed]] = {}
        for (_, platform, target, _), weighed in self._weighed.items():
            grouped.setdefault((platform, target), []).append(weighed)
        return {key: _of_target(found) for key, found in grouped.items()}

    @cached_property
    def _networks(self) -> dict[tuple[str, int], dict[str, Weighed]]:
        grouped: dict[tuple[str, int], dict[str, Weighed]] = {}
        for (cc, platform, _, asn), (failing, working) in self._weighed.items():
            platforms = grouped.setdefault((cc, asn), {})
            before = platforms.get(platform, (0.0, 0.0))
            platforms[platform] = (before[0] + failing, before[1] + working)
        return grouped


def usual_shares(population: Iterable[Series]) -> dict[Key, float]:
    """Return the usual failing share of each series, in [0.05, 0.15]."""
    return Usual.of(population).levels()


def _of_target(found: Iterable[Weighed]) -> float:
    """Return the level of a target from its networks, the half that fails most left out.

    A network whose every vote is a heaviest unit's has no say, not even in how many are left out:
    one unit can invent a network.
    """
    heard = [w for w in found if sum(w) > 0]
    known = [w for w in heard if sum(w) >= MIN_NETWORK_VOTES] or heard
    ordered = sorted(known, key=lambda w: (_shrunk(w), w))
    kept = ordered[: len(known) - math.ceil(LEFT_OUT_SHARE * len(known))]
    return upper_limit(sum(w[0] for w in kept), sum(map(sum, kept)))


def _shrunk(weighed: Weighed) -> float:
    """Return a failing share, drawn to a half so that one vote does not look like a rate."""
    return (weighed[0] + 0.5) / (sum(weighed) + 1)


def _beside(platforms: Mapping[str, Weighed], own: str) -> float:
    """Return the level of the other platforms on a network, the one that fails most left out."""
    heard = [w for name, w in platforms.items() if name != own and sum(w) > 0]
    others = sorted(heard, key=lambda w: (w[0] / sum(w), w))[:-1]
    n = sum(map(sum, others))
    return upper_limit(sum(w[0] for w in others), n) if n >= MIN_VOTES else MIN_USUAL
