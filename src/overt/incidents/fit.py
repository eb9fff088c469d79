"""Which hours and networks an incident covers, fitted to each other from what alarmed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from overt.changes.bets import WINDOW_H
from overt.changes.detector import Segment, Series, hour_number, restricted_segments, scores
from overt.incidents import affected as judged
from overt.incidents import span
from overt.incidents.case import LAST_HOUR, Case
from overt.vocabulary.judgements import Change, Direction


MIN_UNITS = 2  # the evidence floor: one reporter alone is never an incident
_ROUNDS = 3  # which networks are affected and when it was fitted to each other so often


def events(case: Case, changes: Sequence[Change]) -> Iterator[tuple[Case, "Fitted"]]:
    """Yield each event of a country and platform, with the votes between its neighbours.

    `changes` are those of this country and platform. A change whose evidence rests on one unit
    stays a change: below the floor nothing is claimed.
    """
    done_until = -1
    for segment in _seeds(case, changes):
        if segment.first <= done_until:
            continue
        pieces = _events(case.between(done_until + 1, LAST_HOUR), segment)
        for part, fitted in pieces:
            done_until = max(done_until, fitted.segment.last)
            if len(pieces) < 2 or _alarms(fitted.segment, changes):  # noqa: PLR2004 - one is whole
                yield part, fitted


def _events(case: Case, seed: Segment) -> list[tuple[Case, "Fitted"]]:
    """Return the events a restricted stretch holds, each with the votes between its neighbours.

    One stretch can hold two events: fitted to both, its restricted share is low enough for the gap
    between them to cost little. Where a long pause shows that all worked, they are taken apart.
    """
    fitted = _fit(case, seed)
    if fitted is None:
        return []
    involved = [case.series[a] for a in fitted.affected]
    within = (fitted.segment.first, fitted.segment.last)
    runs = span.union([run for s in involved for run in span.episodes_of(s, within)])
    inside = np.concatenate([s.between(*within).value for s in involved])
    pieces = span.parted(involved, runs, float(inside.mean()))
    if len(pieces) < 2:  # noqa: PLR2004 - nothing to take apart
        return [(case, fitted)]
    found: list[tuple[Case, Fitted]] = []
    for index, piece in enumerate(pieces):
        low = pieces[index - 1][-1][1] + 1 if index else -1
        high = pieces[index + 1][0][0] - 1 if index + 1 < len(pieces) else LAST_HOUR
        first, last = piece[0][0], piece[-1][1]
        smaller = Segment(first, last, 0.0, (first, first), (last, last))
        found += _events(case.between(low, high), smaller)
    return found


def _seeds(case: Case, changes: Sequence[Change]) -> list[Segment]:
    """Return the restricted stretches that alarmed, earliest first.

    Networks that alarmed by themselves are taken together. An alarm of the whole country that no
    network's stretch explains is looked for in all its networks.
    """
    onsets = [c for c in changes if c.direction == Direction.ONSET]
    own = [c for c in onsets if c.asn]
    found = _stretches([case.series[asn] for asn in sorted({c.asn for c in own})], own)
    national = [c for c in onsets if not c.asn and not any(meets(c, g) for g in found)]
    found += _stretches(list(case.series.values()), national)
    return sorted(found, key=lambda g: (g.first, g.last))


def meets(change: Change, segment: Segment) -> bool:
    """Say whether a change's onset and alarm lie around a stretch."""
    return (
        hour_number(change.earliest) <= segment.last
        and hour_number(change.alerted_at) >= segment.first
    )


def _alarms(segment: Segment, changes: Sequence[Change]) -> bool:
    """Say whether a piece of a stretch alarmed itself, and not another piece of it alone.

    An alarm is raised by the last window of its evidence, which waits a day at most.
    """
    return any(
        segment.first <= hour_number(c.alerted_at) <= segment.last + WINDOW_H + 1
        for c in changes
        if c.direction == Direction.ONSET
    )


def _stretches(series: Sequence[Series], changes: Sequence[Change]) -> list[Segment]:
    if not series or not changes:
        return []
    hour = np.concatenate([s.hour for s in series])
    value = np.concatenate([s.value for s in series])
    order = np.argsort(hour, kind="stable")
    usual = judged.MAX_USUAL / 2
    found = restricted_segments(hour[order], scores(value[order], usual, 0.5))
    return [g for g in found if any(meets(c, g) for c in changes)]


@dataclass(frozen=True, slots=True)
class Fitted:
    """An incident's extent in hours and the networks in it."""

    segment: Segment
    usual: float
    affected: dict[int, float]  # network: its restricted share
    n_tested: int


def _fit(case: Case, seed: Segment) -> Fitted | None:
    """Return which networks a restricted stretch covers and its extent, fitted to each other."""
    segment = seed
    affected: dict[int, float] = {}
    usual = judged.MAX_USUAL
    inside: dict[int, Series] = {}
    for _ in range(_ROUNDS):
        outside = [s.outside(segment.first, segment.last) for s in case.series.values()]
        usual = judged.usual_share(outside)
        within = {a: s.between(segment.first, segment.last) for a, s in case.series.items()}
        inside = {a: s for a, s in within.items() if len(s.hour)}
        affected = {
            a: min(max(s.share, 0.2), 0.98)
            for a, s in inside.items()
            if judged.is_affected(s, usual, len(inside))
        }
        failing_units = {
            (a, u)
            for a in affected
            for u, v in zip(inside[a].unit, inside[a].value, strict=True)
            if v > span.FAILING
        }
        if len(failing_units) < MIN_UNITS:
            return None
        again = span.stretch(
            [case.series[a] for a in affected],
            usual,
            list(affected.values()),
            (segment.first, segment.last),
        )
        if again is None:
            return None
        if (again.first, again.last) == (segment.first, segment.last):
            return Fitted(again, usual, affected, len(inside))
        segment = again
    return Fitted(segment, usual, affected, len(inside))
