"""Onsets and endings of blocking: the trimmed betting e-CUSUM over the share of units that fail.

Runs on every network's series and, for each country and target, on the windows of all its networks
in turn, which alarms sooner where reports are scarce and says only "somewhere in this country".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from overt.changes.bets import (
    HOURS_A_YEAR,
    Bets,
    aligned,
    evidence,
    first_alarms,
    windows,
)
from overt.changes.detector import Segment, Series, fit_segments, hour_number, hour_time
from overt.changes.null import FALLBACK, Key, key_of, usual_shares
from overt.vocabulary.instants import HOUR
from overt.vocabulary.judgements import Change, Direction


FALSE_ALARMS_A_YEAR = 0.01
THRESHOLD = HOURS_A_YEAR / FALSE_ALARMS_A_YEAR
ENDED_SHARE = 0.20  # an ending is evidence against "still fails at least a fifth of the time"
COVERAGE = 0.95  # nominal coverage of the onset and ending sets
NAME = "trimmed betting e-CUSUM"
NATIONAL = 0  # the network number of a whole country's series


@dataclass(frozen=True, slots=True)
class Watched:
    """A series with its windows and the level they are bet against.

    The bound is for a window in every hour. Networks that take turns can make more: the threshold
    is as many times higher, so that the bound is the same.
    """

    series: Series
    bets: Bets
    usual: float

    @property
    def threshold(self) -> float:
        """The evidence that is an alarm."""
        if not len(self.bets):
            return THRESHOLD
        hours = int(self.bets.hour[-1] - self.bets.opened[0]) + 1
        return THRESHOLD * max(len(self.bets) / hours, 1.0)


def detect(population: Sequence[Series]) -> list[Change]:
    """Return the onsets and endings of a population of series, in no order of its own.

    The answer does not depend on the order of the series or of their votes. Each change carries the
    bound it implies: for its series, and for all series watched here together.
    """
    watched = _watch(population, usual_shares(population), windows)
    return [
        _with_cells(w, change) for w in _alarmed(watched) for change in _changes(w, len(watched))
    ]


def onsets(
    population: Sequence[Series],
    levels: Mapping[Key, float],
    windows_of: Callable[[Series], Bets] = windows,
) -> list[Change]:
    """Return the onsets alone, without the ids of their cells, at given levels.

    `windows_of` may remember the windows it gave.
    """
    watched = _watch(population, levels, windows_of)
    found = [c for w in _alarmed(watched) for c in _changes(w, len(watched), brief=True)]
    return sorted(found, key=lambda c: c.id)


def _watch(
    population: Sequence[Series],
    levels: Mapping[Key, float],
    windows_of: Callable[[Series], Bets],
) -> list[Watched]:
    own = [Watched(s, windows_of(s), levels.get(key_of(s), FALLBACK)) for s in population]
    return [*own, *_national(own)]


def _alarmed(watched: Sequence[Watched]) -> list[Watched]:
    firsts = first_alarms(aligned([w.bets for w in watched], [w.usual for w in watched]), THRESHOLD)
    # what never reached the lowest threshold is done with; `_changes` applies each one's own
    return [w for w, first in zip(watched, firsts.tolist(), strict=True) if first >= 0]


def _national(own: Iterable[Watched]) -> Iterator[Watched]:
    """Yield one series a country and target: its networks' windows, in the order they closed."""
    grouped: dict[tuple[str, str, str], list[Watched]] = {}
    for w in own:
        key = (w.series.cc, w.series.platform, w.series.target)
        grouped.setdefault(key, []).append(w)
    for (cc, platform, target), members in sorted(grouped.items()):
        if len(members) < 2:  # noqa: PLR2004 - one network is its own series
            continue
        votes = [
            (int(h), f"{w.series.asn}|{u}", float(v))
            for w in members
            for h, u, v in zip(w.series.hour, w.series.unit, w.series.value, strict=True)
        ]
        series = Series.of((cc, platform, target, NATIONAL), votes)
        weights = [len(w.bets) + 1 for w in members]
        usual = float(np.average([w.usual for w in members], weights=weights))
        yield Watched(series, _in_turn(members), usual)


def _in_turn(members: Sequence[Watched]) -> Bets:
    """Return the windows of several networks as one sequence, by hour and then by network."""
    asn = np.concatenate([np.full(len(w.bets), w.series.asn) for w in members])
    joined = {
        name: np.concatenate([getattr(w.bets, name) for w in members])
        for name in ("opened", "hour", "x", "m", "n_units")
    }
    order = np.lexsort((asn, joined["hour"]))
    return Bets(**{name: column[order] for name, column in joined.items()})


def _changes(watched: Watched, n_watched: int, *, brief: bool = False) -> Iterator[Change]:
    """Yield the onset of every restricted stretch that alarms, and its ending where it is shown."""
    series, bets = watched.series, watched.bets
    segments, _ = fit_segments(series, watched.usual / 2)
    mirrored = None if brief else windows(series, mirrored=True)
    after = -1  # the last hour of the stretch before
    for index, segment in enumerate(segments):
        start = int(np.searchsorted(bets.hour, after, side="right"))
        stop = int(np.searchsorted(bets.hour, segment.last, side="right"))
        path = evidence(bets.x[start:stop], watched.usual)
        above = np.nonzero(path >= watched.threshold)[0]
        after = segment.last
        if not len(above):
            continue
        at = int(above[0])
        used = slice(start, start + at + 1)
        alarm = int(bets.hour[start + at])
        m = int(bets.m[used].min())
        found = (alarm, float(path[at]), at + 1, m, n_watched)
        yield _change(watched, Direction.ONSET, segment, *found)
        if mirrored is None:
            continue
        until = segments[index + 1].first if index + 1 < len(segments) else int(series.hour[-1]) + 1
        yield from _ending(watched, mirrored, segment, until, n_watched)


def _ending(
    watched: Watched, mirrored: Bets, segment: Segment, until: int, n_watched: int
) -> Iterator[Change]:
    """Yield the ending of a stretch when the reports after it leave no room for a fifth failing."""
    start = int(np.searchsorted(mirrored.opened, segment.last, side="right"))
    stop = int(np.searchsorted(mirrored.hour, until, side="left"))
    path = evidence(mirrored.x[start:stop], 1.0 - ENDED_SHARE)
    above = np.nonzero(path >= watched.threshold)[0]
    if len(above):
        at = int(above[0])
        used = slice(start, start + at + 1)
        yield _change(
            watched,
            Direction.ENDING,
            segment,
            int(mirrored.hour[start + at]),
            float(path[at]),
            at + 1,
            int(mirrored.m[used].min()),
            n_watched,
        )


def _change(
    watched: Watched,
    direction: Direction,
    segment: Segment,
    alarm: int,
    value: float,
    n_windows: int,
    m: int,
    n_watched: int,
) -> Change:
    series = watched.series
    low, high = segment.onset if direction is Direction.ONSET else segment.end
    earliest, latest = min(low, alarm), min(high, alarm)
    place = f"{series.cc}:{series.target}:{series.asn or 'all'}"
    return Change(
        id=f"change:{place}:{direction}:{hour_time(alarm):%Y%m%dT%H}",
        cc=series.cc,
        platform=series.platform,
        target=series.target,
        asn=series.asn,
        direction=direction,
        earliest=hour_time(earliest),
        latest=hour_time(latest) + HOUR,
        coverage=COVERAGE,
        alerted_at=hour_time(alarm) + HOUR,
        evidence=value,
        threshold=watched.threshold,
        usual_share=watched.usual,
        false_alarms_per_year=FALSE_ALARMS_A_YEAR,
        system_false_alarms_per_year=FALSE_ALARMS_A_YEAR * n_watched,
        forged_units_survived=m,
        n_windows=n_windows,
        detector=NAME,
        cells=[],
    )


def _with_cells(watched: Watched, change: Change) -> Change:
    """Return a change with the ids of the cells it rests on, up to the hour of its alarm."""
    hour = watched.series.hour
    first, after = hour_number(change.earliest), hour_number(change.alerted_at)
    used = np.unique(hour[(hour >= first) & (hour < after)])
    return replace(change, cells=_cells(watched.series, used.tolist()))


def _cells(series: Series, hours: Sequence[int]) -> list[str]:
    """Return the ids of the cells behind these hours; a country's series names each network's."""
    place = f"cell:{series.cc}:{series.target}"
    if series.asn != NATIONAL:
        return [f"{place}:{series.asn}:{hour_time(h):%Y%m%dT%H}" for h in hours]
    wanted = set(hours)
    pairs = {
        (int(h), u.partition("|")[0])
        for h, u in zip(series.hour, series.unit, strict=True)
        if int(h) in wanted
    }
    return sorted(f"{place}:{asn}:{hour_time(h):%Y%m%dT%H}" for h, asn in pairs)
