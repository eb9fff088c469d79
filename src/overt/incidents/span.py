"""When an incident began and ended, and the episodes in between, from the votes of its networks."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from overt.changes.detector import Segment, Series, hour_time, restricted_segments, scores
from overt.vocabulary.instants import HOUR, from_table
from overt.vocabulary.judgements import Bracket, Episode


LONGEST_BLIND_STRETCH_H = 24  # an episode is not carried across a longer stretch without votes
QUIET_H = 24  # nothing is called ended before a day without a failing report
QUIET_FACTOR = 1.25  # nor before the quiet is longer than any earlier pause by a quarter
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


def onset_set(series: Sequence[Series], usual: float, segment: Segment) -> tuple[int, int]:
    """Return the first and last hour in which the incident can have begun on its first network.

    Each network dates its own onset (`on_stretch`), because a block can be rolled out network by
    network; the incident began with the first of them. The set reaches from the last vote before
    the earliest onset any network allows to the latest that the first network allows, and is
    widened over the evidence less any one unit that failed early, so that no single reporter sets
    the date.
    """
    low, high = _first_onset(series, series, usual, segment)
    suspects = sorted(
        {
            (s.asn, unit)
            for s in series
            for hour, unit, value in zip(s.hour, s.unit, s.value, strict=True)
            if low <= hour <= high + LONGEST_BLIND_STRETCH_H and value > 0
        }
    )
    for asn, unit in suspects:
        rest = [s.without(unit) if s.asn == asn else s for s in series]
        other = _first_onset(rest, series, usual, segment)
        low, high = min(low, other[0]), max(high, other[1])
    return low, high


def _first_onset(
    series: Sequence[Series], voters: Sequence[Series], usual: float, segment: Segment
) -> tuple[int, int]:
    """Return the onset set of the first network; `voters` say when each was measured before."""
    window = (segment.onset[0] - LONGEST_BLIND_STRETCH_H, segment.last)
    dated = []
    for one, voter in zip(series, voters, strict=True):
        others = [s for s in series if s.asn != one.asn]
        own = on_stretch(one, others, usual, window, segment.onset[0])
        if own is not None:
            before = voted_before([voter], own.onset[0])
            dated.append((own.onset[0] if before is None else before, own.onset[1], own.first))
    if not dated:
        return segment.onset
    first = min(high for _, high, _ in dated)
    return min(low for low, _, best in dated if best <= first), first


def is_standing(series: Sequence[Series], usual: float, segment: Segment) -> bool:
    """Say whether the incident was there when the data begin.

    So it is when the network it began on has no vote before it: its onset is not seen.
    """
    window = (segment.onset[0] - LONGEST_BLIND_STRETCH_H, segment.last)
    firsts = []
    for one in series:
        others = [s for s in series if s.asn != one.asn]
        own = on_stretch(one, others, usual, window, segment.onset[0])
        if own is not None:
            firsts.append((own.first, voted_before([one], own.onset[0]) is None))
    return bool(firsts) and min(firsts)[1]


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


def on_stretch(
    series: Series,
    others: Sequence[Series],
    usual: float,
    within: tuple[int, int],
    begun: int,
) -> Segment | None:
    """Return one network's own stretch inside an incident, told from the incident's off-hours.

    From `begun` on, a working report speaks against the network being restricted only in an hour in
    which, give or take one, another affected network failed: when all of them work, the block is
    off, as at night. Before it, and with no other network, every report counts.
    """
    inside = series.between(*within)
    on: set[int] = set()
    for other in others:
        on |= {h + d for h in failing_hours(other.between(*within)) for d in (-1, 0, 1)}
    counts = np.array(
        [
            not others or v > 0 or int(h) in on or h < begun
            for h, v in zip(inside.hour, inside.value, strict=True)
        ],
        dtype=bool,
    )
    under_way = counts & (inside.hour >= begun)
    if not bool(under_way.any()):
        return None
    share = min(max(float(inside.value[under_way].mean()), 0.2), 0.98)
    score = np.where(counts, scores(inside.value, usual, share), 0.0)
    found = restricted_segments(inside.hour, score, alpha=0.5)
    if not found:
        return None
    return Segment(
        first=found[0].first,
        last=found[-1].last,
        score=max(g.score for g in found),
        onset=found[0].onset,
        end=found[-1].end,
    )


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


def ending_hour(series: Sequence[Series], runs: Sequence[tuple[int, int]], last: int) -> int | None:
    """Return the hour at whose start the incident could first be called ended, None if never.

    It takes a day without a failing hour, a quiet longer by a quarter than any pause inside the
    incident, and working reports in that time from at least half of the affected networks and from
    two units. Before that a silence may be a night, a weekend, or nobody looking.
    """
    pauses = [b[0] - a[1] for a, b in pairwise(runs)]
    needed = int(max([QUIET_H, *(QUIET_FACTOR * p for p in pauses)]))
    after = sorted(
        (int(hour), s.asn, unit)
        for s in series
        for hour, unit, value in zip(s.hour, s.unit, s.value, strict=True)
        if hour > last and value <= FAILING
    )
    networks: set[int] = set()
    units: set[tuple[int, str]] = set()
    for hour, asn, unit in after:
        networks.add(asn)
        units.add((asn, unit))
        waited = hour - last >= needed
        if waited and 2 * len(networks) >= len(series) and len(units) > 1:
            return hour + 1
    return None
