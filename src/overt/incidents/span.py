"""When an incident began and ended, and the episodes in between, from the votes of its networks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np

from overt.changes.detector import Segment, Series, hour_time, restricted_segments, scores
from overt.incidents.affected import ALPHA_REACHABLE, LEAST_RESTRICTED_SHARE, e_value_below
from overt.incidents.schedule import covers
from overt.vocabulary.instants import HOUR, from_table
from overt.vocabulary.judgements import Bracket, Episode, Schedule


LONGEST_BLIND_STRETCH_H = 24  # an episode is not carried across a longer stretch without votes
QUIET_H = 24  # nothing is called ended before a day without a failing report
QUIET_FACTOR = 1.25  # nor before the quiet is longer than any earlier pause by a quarter,
LONGEST_PAUSE_H = 96  # hand-set: a long weekend; a longer pause in which all works parts two events
ALPHA_ONSET = 0.05  # chance that failures before it are taken for the beginning
FAILING = 0.5  # an hour of a network counts as restricted when more than half of its votes fail


def hours_of(earliest: int, latest: int, alerted: int | None = None) -> Bracket:
    """Return a bracket from hour numbers: it reaches to the end of the latest hour."""
    return Bracket(
        earliest=from_table(hour_time(earliest)),
        latest=from_table(hour_time(latest)) + HOUR,
        alerted_at=None if alerted is None else from_table(hour_time(alerted)),
    )


def stretch(
    series: Sequence[Series], usual: float, shares: Sequence[float], within: tuple[int, int]
) -> Segment | None:
    """Return the restricted stretch of several networks together that overlaps `within`.

    Each network's votes are scored against its own restricted share, so that a network blocked for
    exam hours only and one blocked round the clock weigh as what they are.
    """
    hour = np.concatenate([s.hour for s in series])
    score = np.concatenate(
        [scores(s.value, usual, share) for s, share in zip(series, shares, strict=True)]
    )
    order = np.argsort(hour, kind="stable")
    touching = [
        g
        for g in restricted_segments(hour[order], score[order])
        if g.first <= within[1] and g.last >= within[0]
    ]
    if not touching:
        return None
    strongest = max(touching, key=lambda g: g.score)
    return Segment(
        first=min(g.first for g in touching),
        last=max(g.last for g in touching),
        score=strongest.score,
        onset=min(touching, key=lambda g: g.first).onset,
        end=max(touching, key=lambda g: g.last).end,
    )


@dataclass(frozen=True, slots=True)
class Onset:
    """The first and last hour in which an incident can have begun on its first network.

    `is_standing`: that network has no vote before, so that the onset itself was not seen.
    """

    earliest: int
    latest: int
    is_standing: bool


class OffHours:
    """Tells each network's own stretch inside an incident from the incident's off-hours.

    From `begun` on, a working report does not speak against a network being restricted in the hours
    the network has off: those outside its timetable where it keeps one, else those in which, give
    or take one, no other affected network failed. Before `begun`, and where there is neither a
    timetable nor another network, every report counts.
    """

    def __init__(
        self,
        series: Sequence[Series],
        usual: float,
        within: tuple[int, int],
        begun: int,
        schedules: Mapping[int, Schedule | None],
    ) -> None:
        self._usual, self._within, self._begun = usual, within, begun
        self._alone = len(series) < 2  # noqa: PLR2004 - a network and another
        self._own = {s.asn: _around(failing_hours(s.between(*within))) for s in series}
        self._all = Counter(h for hours in self._own.values() for h in hours)
        self._schedules = schedules

    def _is_on(self, asn: int, hours: list[int]) -> list[bool]:
        """Say of each hour whether the network should be restricted then, if it is at all."""
        schedule = self._schedules.get(asn)
        if schedule is not None:
            return [bool(on) for on in covers(schedule, hours)]
        own = self._own[asn]
        return [self._alone or self._all[h] > (h in own) for h in hours]

    def stretch(self, series: Series) -> Segment | None:
        """Return the stretch of one network, which may lack a unit; None when it shows none.

        A piece from before the incident can have begun is where this network began only if its
        score is beyond the chance of any of the hours looked at so far (Bonferroni). Until one is,
        the onset set reaches on: two failures in a row are common in a day and a half of votes.
        """
        inside = series.between(*self._within)
        hours = inside.hour.tolist()
        on = self._is_on(series.asn, hours)
        counts = np.array(
            [
                is_on or v > 0 or h < self._begun
                for h, v, is_on in zip(hours, inside.value.tolist(), on, strict=True)
            ],
            dtype=bool,
        )
        under_way = counts & (inside.hour >= self._begun)
        if not bool(under_way.any()):
            return None
        share = min(max(float(inside.value[under_way].mean()), 0.2), 0.98)
        score = np.where(counts, scores(inside.value, self._usual, share), 0.0)
        found = restricted_segments(inside.hour, score)
        if not found:
            return None
        best = max(g.score for g in found)
        looked_at = np.unique(inside.hour)
        sure = next(
            g
            for g in found
            if g.last >= self._begun
            or g.score >= min(log(np.sum(looked_at <= g.last) / ALPHA_ONSET), best)
        )
        return Segment(
            first=found[0].first,
            last=found[-1].last,
            score=best,
            onset=(found[0].onset[0], sure.onset[1]),
            end=found[-1].end,
        )


def _around(hours: set[int]) -> set[int]:
    return {h + d for h in hours for d in (-1, 0, 1)}


def onset_of(
    series: Sequence[Series],
    usual: float,
    segment: Segment,
    schedules: Mapping[int, Schedule | None],
) -> Onset:
    """Return when the incident can have begun.

    Each network dates its own onset, because a block can be rolled out network by network; the
    incident began with the first of them. The set reaches from the last vote before the earliest
    onset any network allows to the latest that the first network allows, and is widened over the
    evidence less any one unit that failed early, so that no single reporter sets the date.
    """
    window = (segment.onset[0] - LONGEST_BLIND_STRETCH_H, segment.last)
    off = OffHours(series, usual, window, segment.onset[0], schedules)
    dated = {s.asn: found for s in series if (found := off.stretch(s)) is not None}
    low, high, standing = _first(dated, series, segment)
    suspects = {
        (s.asn, unit)
        for s in series
        for hour, unit, value in zip(s.hour.tolist(), s.unit, s.value.tolist(), strict=True)
        if low <= hour <= high + LONGEST_BLIND_STRETCH_H and value > 0
    }
    by_asn = {s.asn: s for s in series}
    for asn, unit in sorted(suspects):
        without = off.stretch(by_asn[asn].without(unit))
        others = {a: g for a, g in dated.items() if a != asn}
        rest = others if without is None else {**others, asn: without}
        other = _first(rest, series, segment)
        low, high = min(low, other[0]), max(high, other[1])
    return Onset(low, high, standing)


def _first(
    dated: Mapping[int, Segment], series: Sequence[Series], segment: Segment
) -> tuple[int, int, bool]:
    """Return the onset set of the first network, and whether nothing was measured before it."""
    if not dated:
        return *segment.onset, voted_before(series, segment.onset[0]) is None
    first = min(g.onset[1] for g in dated.values())
    lows = []
    for s in series:
        own = dated.get(s.asn)
        if own is not None and own.first <= first:
            before = voted_before([s], own.onset[0])
            lows.append((own.onset[0] if before is None else before, before is None))
    low, standing = min(lows)
    return low, first, standing


def voted_before(series: Sequence[Series], hour: int) -> int | None:
    """Return the last hour before `hour` in which any of the series has a vote, or None."""
    earlier = [int(s.hour[s.hour < hour].max()) for s in series if bool((s.hour < hour).any())]
    return max(earlier, default=None)


def voted_after(series: Sequence[Series], hour: int) -> int | None:
    """Return the first hour after `hour` in which any of the series has a vote, or None."""
    later = [int(s.hour[s.hour > hour].min()) for s in series if bool((s.hour > hour).any())]
    return min(later, default=None)


def failing_hours(series: Series) -> set[int]:
    """Return the hours in which more than half of a network's votes fail."""
    hours, shares = series.by_hour()
    return {int(h) for h, share in zip(hours, shares, strict=True) if share > FAILING}


def episodes_of(series: Series, segment: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the runs of restricted hours of one network, as first and last hour.

    A run ends at an hour that works, and at a stretch of more than a day that nobody measured.
    """
    hours, shares = series.between(*segment).by_hour()
    runs: list[tuple[int, int]] = []
    unbroken = False
    for hour, share in zip(hours.tolist(), shares.tolist(), strict=True):
        if share > FAILING:
            if unbroken and hour - runs[-1][1] <= LONGEST_BLIND_STRETCH_H:
                runs[-1] = (runs[-1][0], hour)
            else:
                runs.append((hour, hour))
            unbroken = True
        else:
            unbroken = False
    return runs


def union(runs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return runs of hours joined where they overlap or touch."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(runs):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def as_episodes(runs: Sequence[tuple[int, int]]) -> list[Episode]:
    """Return runs of hours as episodes; the end is the end of the last restricted hour."""
    return [
        Episode(start=from_table(hour_time(first)), end=from_table(hour_time(last)) + HOUR)
        for first, last in runs
    ]


def ending_hour(
    series: Sequence[Series],
    runs: Sequence[tuple[int, int]],
    last: int,
    dark: Sequence[tuple[int, int]] = (),
) -> int | None:
    """Return the hour at whose start the incident could first be called ended, None if never.

    It takes a day without a failing hour; a quiet longer by a quarter than any pause inside the
    incident, or of four days; and working reports in that time from at least half of the affected
    networks and from two units, or one where the incident itself had one. Before that a silence
    may be a night, a weekend, or nobody looking. In the hours of `dark`, half-open, one of the
    networks is silent that usually is not, and nothing is called ended.
    """
    pauses = [b[0] - a[1] for a, b in pairwise(runs)]
    longest = min(LONGEST_PAUSE_H, max((QUIET_FACTOR * p for p in pauses), default=0.0))
    needed = int(max(QUIET_H, longest))
    failed = {
        (s.asn, unit)
        for s in series
        for unit, value in zip(s.unit, s.value.tolist(), strict=True)
        if value > FAILING
    }
    enough = min(2, len(failed))
    after = sorted(
        (hour, s.asn, unit)
        for s in series
        for hour, unit, value in zip(s.hour.tolist(), s.unit, s.value.tolist(), strict=True)
        if hour > last and value <= FAILING
    )
    networks: set[int] = set()
    units: set[tuple[int, str]] = set()
    for hour, asn, unit in after:
        networks.add(asn)
        units.add((asn, unit))
        waited = hour - last >= needed
        lit = not any(a <= hour < b for a, b in dark)
        if waited and lit and 2 * len(networks) >= len(series) and len(units) >= enough:
            return int(hour) + 1
    return None


def parted(
    series: Sequence[Series], runs: Sequence[tuple[int, int]], share: float
) -> list[list[tuple[int, int]]]:
    """Return the runs of an incident, parted where a long pause shows that it was over.

    A pause of more than four days parts two events when the networks were measured enough in it to
    rule out that they were restricted half as often as around it; `share` is how often they were.
    """
    level = max(LEAST_RESTRICTED_SHARE, share / 2)
    pieces: list[list[tuple[int, int]]] = []
    for run in runs:
        if pieces:
            gap = (pieces[-1][-1][1] + 1, run[0] - 1)
            votes = np.concatenate([s.between(*gap).value for s in series])
            quiet = e_value_below(votes, level) >= 1 / ALPHA_REACHABLE
            if gap[1] - gap[0] >= LONGEST_PAUSE_H and quiet:
                pieces.append([run])
                continue
            pieces[-1].append(run)
        else:
            pieces.append([run])
    return pieces
