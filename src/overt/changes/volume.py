"""Silence: a network that reports all day and then does not, heard by the same recursion.

Time is cut into bins of W hours. A bin bets 1 when nobody on the network reported in it, else 0,
against the level `usual`: how often, given what came before, such a bin is empty as usual. Silence
therefore makes bets, and raises the evidence where it stops every other detector.

The level is learned from the 84 days before, with the m units that report most left out, so that
neither one busy probe that is switched off nor m forged ones that come and go look like a network
that goes dark. Hours of the day that are alike share a level, an upper limit. Silences last, so
that a bin after an empty one is bet at how often silences of that age went on. W is the width that
would alarm soonest. A network too thinly measured to alarm in two days at any width is not watched:
there, silence is nothing unusual. All networks of a country are watched as one, too.

A bin is bet on only while someone abroad reported: a collector that is down silences everybody.
Where the data hold one country only, the two cannot be told apart.

Limits: how a silence goes on is learned from few, so that the bound is as good as that model; the
rate is to be measured. A silence says that nobody reported, and not why. A forger who reports can
hide a silence, and m of them cannot make one.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from overt.changes.bets import HOURS_A_YEAR, evidence, trimmed_units
from overt.changes.detector import Floats, Hours, Series, hour_time
from overt.vocabulary.judgements import Change, Direction


NAME = "betting e-CUSUM on silence"
ALL = "all"  # stands for every platform and target: silence is a network's
WHOLE_COUNTRY = 0  # the network number of all networks of a country together
FALSE_ALARMS_A_YEAR = 0.01
THRESHOLD = HOURS_A_YEAR / FALSE_ALARMS_A_YEAR
COVERAGE = 0.95
REFERENCE_H = 84 * 24
LEAST_REFERENCE_H = 7 * 24
RENEWED_H = 7 * 24  # how often the level is learned anew
WIDTHS_H = (1, 2, 3, 4, 6)
TIERS = (
    0.01,
    0.03,
    0.06,
    0.12,
    0.25,
    0.5,
    0.7,
)  # hand-set: hours with such shares of empty bins are alike
AGES_H = (1, 4, 9)  # hand-set: a silence of 1-3 h, of 4-8 h, and a longer one go on differently
MOST_OF_ONE_H = 16  # hand-set: so much of one silence is learned from; one outage is not a habit
PRIOR = (1.0, 4.0)  # hand-set: as if four silences had been seen at each age, one of which went on
BY_NIGHT = 0.25  # hand-set: hours of the day with more empty bins are told from the others
SLOWEST_H = 48
STAKES = np.array([0.45, 0.95])  # a silence is whole, so that high stakes alone are worth it
_Z = 2.33  # one-sided 99 %

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Level:
    """How often a network's bins are empty as usual.

    `usual` is age of the silence so far x bin of the day; NaN: no bet at that phase.
    `alarm_h` is how long a silence must last to alarm.
    """

    width_h: int
    usual: Floats
    alarm_h: float
    m: int


def detect(population: Sequence[Series]) -> list[Change]:
    """Return the silences of networks, in no order of its own.

    Each series holds who reported on one network, whatever was measured: a vote a unit and hour,
    its value unused. The last hour of the population is taken for the present.
    """
    networks = [s for s in population if len(s.hour)]
    heard = [*networks, *_countries(networks)]
    present = max((int(s.hour[-1]) for s in heard), default=0)
    abroad = _abroad(heard)
    answers = [_silences(s, present, abroad.get(s.cc)) for s in heard]
    n_watched = sum(1 for answer in answers if answer is not None)
    return [
        replace(change, system_false_alarms_per_year=FALSE_ALARMS_A_YEAR * n_watched)
        for answer in answers
        for change in answer or ()
    ]


def _countries(networks: Sequence[Series]) -> Iterator[Series]:
    """Yield who reported in each country, on whatever network; none where there is one network."""
    for cc in sorted({s.cc for s in networks}):
        own = [s for s in networks if s.cc == cc]
        if len(own) > 1:
            votes = [
                (h, f"{s.asn}|{u}", 1.0)
                for s in own
                for h, u in zip(s.hour.tolist(), s.unit, strict=True)
            ]
            yield Series.of((cc, ALL, ALL, WHOLE_COUNTRY), votes)


def _abroad(heard: Sequence[Series]) -> Mapping[str, Flags]:
    """Return, for each country, in which hours anybody in another country reported.

    Empty when there is one country only: then nothing tells a collector that is down.
    """
    countries = sorted({s.cc for s in heard})
    if len(countries) < 2:  # noqa: PLR2004 - a country and another
        return {}
    n_hours = max(int(s.hour[-1]) for s in heard) + 1
    of = {cc: np.zeros(n_hours, dtype=bool) for cc in countries}
    n_countries = np.zeros(n_hours, dtype=np.int64)
    for s in heard:
        of[s.cc][s.hour] = True
    for flags in of.values():
        n_countries += flags
    return {cc: n_countries - flags > 0 for cc, flags in of.items()}


@dataclass(frozen=True, slots=True)
class _Bins:
    """The bets of one network in time order; `start` and `stop` are hour numbers, half-open."""

    start: list[int]
    stop: list[int]
    is_empty: list[float]
    usual: list[float]
    m: list[int]


def _silences(series: Series, present: int, abroad: Flags | None) -> list[Change] | None:
    """Return the silences of one network; None when it is nowhere covered well enough to tell."""
    bins = _bins(series, present, abroad)
    if not bins.start:
        return None
    found = []
    hours = np.unique(series.hour)
    x, usual = np.array(bins.is_empty), np.array(bins.usual)
    begin = 0
    while begin < len(x):
        path = evidence(x[begin:], usual[begin:], STAKES)
        above = np.nonzero(path >= THRESHOLD)[0]
        if not len(above):
            break
        at = int(above[0])
        calm = np.nonzero(path[:at] <= 1)[0]
        first = begin + (int(calm[-1]) + 1 if len(calm) else 0)
        at += begin
        found.append(_change(series, hours, bins, (first, at), float(path[at - begin])))
        later = hours[hours >= bins.stop[at]]
        if not len(later):
            break
        begin = int(np.searchsorted(np.array(bins.start), later[0], side="left"))
    return found


def _bins(series: Series, present: int, abroad: Flags | None) -> _Bins:
    bins = _Bins([], [], [], [], [])
    first = int(series.hour[0])
    reported = np.zeros(present + 1 - first, dtype=bool)
    reported[series.hour - first] = True
    day = -(-(first + LEAST_REFERENCE_H) // 24) * 24
    for block in range(day, present + 1, RENEWED_H):
        level = level_at(series, block, abroad)
        if level is None:
            continue
        width = level.width_h
        heard_last = first + int(np.nonzero(reported[: block - first])[0][-1])
        for start in range(block, min(block + RENEWED_H, present + 1) - width + 1, width):
            is_empty = not reported[start - first : start - first + width].any()
            phase = start % 24 // width
            usual = level.usual[_age(start - heard_last - 1), phase]
            is_heard = abroad is None or bool(abroad[start : start + width].any())
            if np.isfinite(usual) and is_heard:
                bins.start.append(start)
                bins.stop.append(start + width)
                bins.is_empty.append(float(is_empty))
                bins.usual.append(float(usual))
                bins.m.append(level.m)
            if not is_empty:
                heard_last = start + width - 1
    return bins


def level_at(series: Series, at: int, abroad: Flags | None = None) -> Level | None:
    """Return how often a network is silent as usual, from the 84 days before the hour `at`.

    `at` is the first hour of a UTC day. None with less than a week to learn from, or where silence
    is usual.
    """
    since = max(at - REFERENCE_H, -(-int(series.hour[0]) // 24) * 24)
    if at - since < LEAST_REFERENCE_H:
        return None
    in_reference = (series.hour >= since) & (series.hour < at)
    hours = series.hour[in_reference]
    units = [u for u, keep in zip(series.unit, in_reference.tolist(), strict=True) if keep]
    busiest = Counter(units)
    m = trimmed_units(len(busiest))
    left_out = {u for u, _ in sorted(busiest.items(), key=lambda item: (-item[1], item[0]))[:m]}
    kept = np.array([u not in left_out for u in units], dtype=bool)
    reported = np.zeros(at - since, dtype=bool)
    reported[hours[kept] - since] = True
    heard = np.ones(at - since, dtype=bool) if abroad is None else abroad[since:at]
    levels = [_level(reported, heard, width, m) for width in WIDTHS_H]
    soonest = min(levels, key=lambda level: level.alarm_h)
    return soonest if soonest.alarm_h <= SLOWEST_H else None


def _level(reported: Flags, heard: Flags, width: int, m: int) -> Level:
    """Return the level of a reference of whole days in bins of one width."""
    n_phases = 24 // width
    is_empty, counted = ~_any_in(reported, width), _any_in(heard, width)
    phase = np.arange(len(is_empty)) % n_phases
    n = np.bincount(phase[counted], minlength=n_phases)
    share = np.bincount(phase[counted & is_empty], minlength=n_phases) / np.maximum(n, 1)
    tier_of = np.searchsorted(TIERS, share, side="left")
    silent = _silent_before(is_empty)
    after = np.array([_age(n * width) for n in silent])
    counts_again = counted & (silent * width < MOST_OF_ONE_H)
    usual = np.full((len(AGES_H) + 1, n_phases), np.nan)
    for tier in range(len(TIERS)):
        here = (tier_of == tier) & (n > 0)
        inside = here[phase] & counted
        if inside.any():
            usual[:, here] = upper_limit(int(is_empty[inside].sum()), int(inside.sum()))
    for by_night in (False, True):
        here = (share >= BY_NIGHT) == by_night
        for age in range(1, len(AGES_H) + 1):
            inside = here[phase] & counts_again & (after == age)
            again = _again(int(is_empty[inside].sum()), int(inside.sum()))
            usual[age, here] = np.maximum(usual[0, here], again)
    return Level(width, usual, _alarm_h(width, usual), m)


def _any_in(flags: Flags, width: int) -> Flags:
    return np.asarray(flags.reshape(-1, width).max(axis=1), dtype=bool)


def _silent_before(is_empty: Flags) -> Hours:
    """Return, for each bin, how many bins in a row before it are empty."""
    place = np.arange(len(is_empty))
    last_heard = np.maximum.accumulate(np.where(is_empty, -1, place))
    return place - np.concatenate(([-1], last_heard[:-1])) - 1


def _age(silent_h: int) -> int:
    """Return the class of a silence by how many hours it has lasted; 0: there is none."""
    return 0 if silent_h == 0 else int(np.searchsorted(AGES_H, silent_h, side="right"))


def _again(n_empty: int, n: int) -> float:
    """Return how often silence goes on, drawn towards a quarter where it was seldom seen."""
    return (n_empty + PRIOR[0]) / (n + PRIOR[1])


def upper_limit(n_empty: int, n: int) -> float:
    """Return an upper 99 % limit of a share. Source: Wilson, JASA 22 (1927), score interval."""
    share, z2 = n_empty / n, _Z**2
    half = _Z * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return float((share + z2 / (2 * n) + half) / (1 + z2 / n))


def _alarm_h(width: int, usual: Floats) -> float:
    """Return how many hours a silence lasts until it alarms, in the mean over when it begins."""
    n_phases, n_bins = usual.shape[1], SLOWEST_H // width + 1
    ages = [_age(silent * width) for silent in range(n_bins)]
    waits = []
    for begin in range(n_phases):
        levels = usual[ages, (begin + np.arange(n_bins)) % n_phases]
        gains = 1 + STAKES[:, None] * (1 - levels) / levels
        wealth = np.exp(np.cumsum(np.log(np.where(np.isnan(gains), 1.0, gains)), axis=1))
        above = np.nonzero(wealth.mean(axis=0) >= THRESHOLD)[0]
        waits.append((int(above[0]) + 1) * width if len(above) else 2 * SLOWEST_H)
    return float(np.mean(waits))


def _change(
    series: Series,
    hours: Hours,
    bins: _Bins,
    used: tuple[int, int],
    value: float,
) -> Change:
    """Return the silence that alarmed at bin `used[1]` on the bets since bin `used[0]`."""
    first, at = used
    x, usual = np.array(bins.is_empty[first : at + 1]), np.array(bins.usual[first : at + 1])
    shown = np.nonzero(evidence(x, usual, STAKES) >= 1 / (1 - COVERAGE))[0]
    alarm = bins.stop[at]
    before = hours[hours < bins.stop[first]]
    last_heard = int(before[-1])
    latest = bins.stop[first + int(shown[0])] if len(shown) else alarm
    place = f"{series.cc}:{ALL}:{series.asn}"
    reference = hours[(hours >= bins.start[first] - REFERENCE_H) & (hours <= last_heard)]
    return Change(
        id=f"change:{place}:{Direction.SILENCE}:{hour_time(alarm):%Y%m%dT%H}",
        cc=series.cc,
        platform=ALL,
        target=ALL,
        asn=series.asn,
        direction=Direction.SILENCE,
        earliest=hour_time(last_heard),
        latest=hour_time(latest),
        coverage=COVERAGE,
        alerted_at=hour_time(alarm),
        evidence=value,
        threshold=THRESHOLD,
        usual_share=bins.usual[first],
        false_alarms_per_year=FALSE_ALARMS_A_YEAR,
        system_false_alarms_per_year=FALSE_ALARMS_A_YEAR,
        forged_units_survived=min(bins.m[first : at + 1]),
        n_windows=at + 1 - first,
        detector=NAME,
        cells=[f"cell:{place}:{hour_time(int(h)):%Y%m%dT%H}" for h in reference],
    )
