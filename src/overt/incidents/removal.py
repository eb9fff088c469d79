"""The fewest units whose removal would cancel an incident: how few reporters it rests on.

To remove a unit is to take every vote it cast on this country and platform out, as if it had never
reported there. An incident is cancelled when then no incident overlaps its hours: no onset alarm is
left that leads to one, or no network is affected, or fewer than two units fail there.

The usual levels are worked out anew from the votes that are left: what is asked is what a reader
would find who never had those reports, and a forger can press a level down with working reports as
well as send failing ones. Only votes are taken out; what the reports left over say was judged once,
also where a removed unit's measurement was their control.

Removal is not monotone: a working report less can make an incident stand again. So a small
cancelling set is looked for (`_shrunk`), and that nothing smaller cancels is known only where every
smaller set was tried. Both stop at a fixed number of votes read, so that the answer depends on the
votes alone and its time is bounded; the bracket is then open, and says so.
Source for taking a set apart by ever smaller pieces: Zeller and Hildebrandt, "Simplifying and
isolating failure-inducing input", IEEE TSE 2002.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

from overt.changes.bets import Bets, windows
from overt.changes.blocking import onsets
from overt.changes.detector import Series
from overt.changes.null import Usual, Weighed, key_of, weigh
from overt.incidents.case import Case
from overt.incidents.fit import events
from overt.vocabulary.judgements import Removal


EFFORT = 1_000_000  # votes read again for one incident: some seconds; hand-set
MOST_TRIES, FEWEST_TRIES = 256, 32  # sets tried, whatever the effort; hand-set
MOST_REMEMBERED = 2_000_000  # votes of what is left, so that memory is bounded too

Hours = tuple[int, int]
Units = tuple[str, ...]
Removed = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of a series, and what the detectors make of it."""

    series: Series
    bets: Bets
    weighed: Weighed


class Rest:
    """What is left of a country and platform without some units."""

    def __init__(self, case: Case, usual: Usual) -> None:
        """Take a case and the usual levels of the population it belongs to."""
        self._case, self._usual = case, usual.around(case.cc, case.platform)
        self._targets = case.by_target()
        self._units = [frozenset(s.unit) for s in self._targets]
        self._left: dict[tuple[int, Removed], _Left] = {}
        self._n_remembered = 0

    @property
    def n_votes(self) -> int:
        """How many votes the case has, targets apart."""
        return sum(len(s.hour) for s in self._targets)

    def ranked(self, hours: Hours) -> tuple[list[str], list[str]]:
        """Return the units that fail, those with most failing votes in some hours first; and all.

        Both hold each unit once; equals are ordered by name.
        """
        weight: dict[str, tuple[float, float]] = {}
        for series in self._case.series.values():
            for hour, unit, value in zip(
                series.hour.tolist(), series.unit, series.value.tolist(), strict=True
            ):
                within, in_all = weight.get(unit, (0.0, 0.0))
                inside = value if hours[0] <= hour <= hours[1] else 0.0
                weight[unit] = (within + inside, in_all + value)
        order = sorted(weight, key=lambda u: (-weight[u][0], -weight[u][1], u))
        return [u for u in order if weight[u][1] > 0], order

    def stands(self, hours: Hours, removed: Removed) -> bool:
        """Say whether an incident overlaps some hours without these units."""
        left = [self._without(i, removed & units) for i, units in enumerate(self._units)]
        left = [part for part in left if len(part.series.hour)]
        levels = self._usual.levels_with({key_of(part.series): part.weighed for part in left})
        remembered = {id(part.series): part.bets for part in left}
        changes = onsets([p.series for p in left], levels, lambda s: remembered[id(s)])
        if not changes:
            return False
        some = {a: s.without(*removed) for a, s in self._case.series.items()}
        smaller = replace(self._case, series={a: s for a, s in some.items() if len(s.hour)})
        return any(
            found.segment.first <= hours[1] and found.segment.last >= hours[0]
            for _, found in events(smaller, changes)
        )

    def _without(self, index: int, removed: Removed) -> _Left:
        known = self._left.get((index, removed))
        if known is not None:
            return known
        series = self._targets[index].without(*removed)
        found = _Left(series, windows(series), weigh((series.unit, series.value)))
        if not removed or self._n_remembered < MOST_REMEMBERED:
            self._n_remembered += len(series.hour)
            self._left[index, removed] = found
        return found


class _Trials:
    """Asks at most so often whether an incident stands, and never twice for one set."""

    def __init__(self, rest: Rest, hours: Hours, effort: int) -> None:
        self._rest, self._hours = rest, hours
        self.left = min(max(effort // max(rest.n_votes, 1), FEWEST_TRIES), MOST_TRIES)
        self._known: dict[Removed, bool] = {}

    def cancels(self, units: Units) -> bool:
        """Say whether removing some units cancels the incident; False once the tries are spent."""
        removed = frozenset(units)
        if removed not in self._known:
            if self.left <= 0:
                return False
            self.left -= 1
            self._known[removed] = not self._rest.stands(self._hours, removed)
        return self._known[removed]


def fewest(rest: Rest, hours: Hours, effort: int = EFFORT) -> Removal:
    """Return how few units an incident rests on that covers `hours`, first and last.

    `effort` is how many votes may be read again. Without the units that ever fail nothing fails and
    nothing alarms, so there is always a set that cancels.
    """
    failing, everyone = rest.ranked(hours)
    trials = _Trials(rest, hours, effort)
    found = _prefix(tuple(failing), trials)
    at_least, found = _proven(1, found, everyone, trials, trials.left // 2)
    found = _shrunk(found, trials)
    at_least, found = _proven(at_least, found, everyone, trials, trials.left)
    return Removal(at_least=at_least, at_most=len(found), units=sorted(found))


def _proven(
    at_least: int, found: Units, units: Sequence[str], trials: _Trials, tries: int
) -> tuple[int, Units]:
    """Try every set smaller than `found`, size by size, while all of a size can still be tried.

    Returns:
        How many units it takes at least, and the smallest set known.
    """
    end = trials.left - tries
    while at_least < len(found) and comb(len(units), at_least) <= trials.left - end:
        smaller = next(filter(trials.cancels, combinations(units, at_least)), None)
        if smaller is not None:
            return at_least, smaller
        at_least += 1
    return at_least, found


def _prefix(ranked: Units, trials: _Trials) -> Units:
    """Return the first few of the ranking that cancel, by doubling and then halving."""
    stands, cancels = 0, 1
    while cancels < len(ranked) and not trials.cancels(ranked[:cancels]):
        stands, cancels = cancels, 2 * cancels
    cancels = min(cancels, len(ranked))
    while cancels - stands > 1:
        middle = (stands + cancels) // 2
        if trials.cancels(ranked[:middle]):
            cancels = middle
        else:
            stands = middle
    return ranked[:cancels]


def _shrunk(units: Units, trials: _Trials) -> Units:
    """Return a cancelling set without what it does not need, tried in ever smaller pieces."""
    size = max(len(units) // 2, 1)
    while True:
        dropped = False
        for start in _starts(len(units), size):
            fewer = units[:start] + units[start + size :]
            if fewer and trials.cancels(fewer):
                units, dropped = fewer, True
        if size == 1 and not dropped:
            return units
        size = max(size // 2, 1)


def _starts(n: int, size: int) -> Iterator[int]:
    """Yield where pieces of a sequence start, the last piece first."""
    yield from range((n - 1) // size * size, -1, -size)
