"""A betting e-CUSUM over the share of units that fail, hour by hour.

Null hypothesis: given the past, the expected share is at most `usual`; nothing is assumed about
independence or distribution. Each hour with votes is one bet `E = 1 + stake (x - usual)`, for six
stakes at once; each stake's wealth is `M <- max(M, 1) E`, and their mean is the evidence.
An alarm comes when it reaches `threshold`, after which the search goes on beyond the restricted
stretch.

The bound: the evidence is dominated by a Shiryaev-Roberts e-detector, so the expected number of
alarms in T bets under the null is at most T / threshold, whatever the dependence between hours.
Source: Shin, Ramdas and Rinaldo, "E-detectors", arXiv 2203.03532.

Limits: units are not trimmed here, so that one forged unit can move a series that has few others;
the evidence floor of `incidents` asks for more than one unit before anything is said. The level
`usual` is hand-set: in Kenya 2023 no quiet network failed in more than 3 % of its measurements.
"""

import numpy as np

from overt.changes.detector import Floats, Series, fit_segments, hour_time
from overt.vocabulary.instants import HOUR
from overt.vocabulary.judgements import Change, Direction


USUAL_SHARE = 0.10
HOURS_A_YEAR = 8760
FALSE_ALARMS_A_YEAR = 0.01
THRESHOLD = HOURS_A_YEAR / FALSE_ALARMS_A_YEAR
STAKES = np.array([0.05, 0.1, 0.2, 0.4, 0.7, 1.0]) * 0.95 / USUAL_SHARE
MOST = 1e100  # past any threshold; a year of full blocking would overflow
NAME = "betting e-CUSUM, m=0"


def evidence(shares: Floats) -> Floats:
    """Return the evidence after each bet of a run that starts afresh and never stops.

    Units: e-value; 1 is no evidence.
    """
    wealth = np.zeros(len(STAKES))
    path = np.empty(len(shares))
    for index, share in enumerate(shares):
        wealth = np.maximum(wealth, 1.0) * (1.0 + STAKES * (share - USUAL_SHARE))
        wealth = np.minimum(wealth, MOST)
        path[index] = wealth.mean()
    return path


def detect(series: Series) -> list[Change]:
    """Return the onsets of one series, in time order: one a restricted stretch that alarms.

    Each carries the bound it implies: at most `threshold` bets expected per false alarm, which is
    `FALSE_ALARMS_A_YEAR` for a series with votes in every hour of the year and less for others.
    """
    changes: list[Change] = []
    hours, shares = series.by_hour()
    segments, _ = fit_segments(series, USUAL_SHARE / 2)
    start = 0
    for segment in segments:
        stop = int(np.searchsorted(hours, segment.last, side="right"))
        path = evidence(shares[start:stop])
        above = np.nonzero(path >= THRESHOLD)[0]
        if len(above):
            at = int(above[0])
            changes.append(_change(series, hours[start + at], path[at], at + 1, segment.onset))
        start = stop
    return changes


def _change(
    series: Series, alarm: np.int64, value: float, n_windows: int, onset: tuple[int, int]
) -> Change:
    earliest, latest = min(onset[0], int(alarm)), min(onset[1], int(alarm))
    used = [int(h) for h in np.unique(series.hour) if earliest <= h <= alarm]
    place = f"{series.cc}:{series.target}:{series.asn}"
    return Change(
        id=f"change:{place}:{Direction.ONSET}:{hour_time(int(alarm)):%Y%m%dT%H}",
        cc=series.cc,
        platform=series.platform,
        target=series.target,
        asn=series.asn,
        direction=Direction.ONSET,
        earliest=hour_time(earliest),
        latest=hour_time(latest) + HOUR,
        alerted_at=hour_time(int(alarm)) + HOUR,
        evidence=float(value),
        threshold=THRESHOLD,
        false_alarms_per_year=FALSE_ALARMS_A_YEAR,
        n_windows=n_windows,
        detector=NAME,
        cells=[f"cell:{place}:{hour_time(h):%Y%m%dT%H}" for h in used],
    )
