"""Hands simulated votes to the real detectors, and what they hear to the real gathering."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import numpy as np
import pyarrow as pa

import overt
from overt.changes.detector import Series, hour_number, hour_time
from overt.changes.registry import detect_all
from overt.changes.volume import ALL
from overt.engine.base import schema_of
from overt.incidents.case import cases_of
from overt.incidents.collapses import collapses_of
from overt.incidents.gather import gather
from overt.incidents.witnesses import NetworkDetail
from overt.lab.votes import VoteSeries, VoteWorld, simulate_series
from overt.vocabulary.instants import to_table
from overt.vocabulary.judgements import Change, Direction, Incident, Versions, Vote, Witness
from overt.vocabulary.places import Combine


VERSIONS = Versions(code=overt.__version__, rulebook="simulated", reference="simulated")
_MOST_REPORTS = 1000  # of a unit in an hour; a share of them is a fraction of two small numbers


def series_in(world: VoteWorld, as_of_h: int | None = None) -> list[Series]:
    """Return the series of a world as the detectors take them, those with votes."""
    heard = (series_from(votes) for votes in simulate_series(world, as_of_h))
    return [series for series in heard if len(series.hour)]


def series_from(votes: VoteSeries) -> Series:
    """Return simulated votes as a series."""
    units = tuple(votes.units[i] for i in votes.unit.tolist())
    return Series(*votes.key, hour=votes.hour, unit=units, value=votes.value)


def presence_from(series: Series) -> Series:
    """Return who reported, whatever was measured, from the votes of one target."""
    return Series(
        series.cc, ALL, ALL, series.asn, series.hour, series.unit, np.ones(len(series.hour))
    )


def onsets_of(changes: Iterable[Change]) -> list[Change]:
    """Return the changes that are alarms of a beginning, the first alarm first."""
    found = [c for c in changes if c.direction is Direction.ONSET]
    return sorted(found, key=lambda c: (c.alerted_at, c.id))


@dataclass(frozen=True, slots=True)
class Heard:
    """What the detectors found in a population of series, and what was gathered from it."""

    changes: list[Change]
    incidents: list[Incident]


def hear(population: Sequence[Series]) -> Heard:
    """Return the changes and incidents of a population.

    Where nothing changed nothing is gathered: an incident begins with a change.
    """
    presence = [presence_from(s) for s in population]
    changes = detect_all(population, presence)
    if not changes:
        return Heard([], [])
    collapses = collapses_of(changes, presence, {})
    platforms = {s.platform for s in population}
    cases = cases_of(votes_table(population), dict.fromkeys(platforms, Combine.ANY_OF))
    ledger = VoteLedger(population)
    return Heard(changes, gather(cases, changes, ledger, VERSIONS, collapses, effort=0))


def votes_table(population: Iterable[Series]) -> pa.Table:
    """Return votes as the table the pipeline hands on; every failing report had a control."""
    rows = [
        _row(series, hour, unit, value)
        for series in population
        for hour, unit, value in zip(
            series.hour.tolist(), series.unit, series.value.tolist(), strict=True
        )
    ]
    return pa.Table.from_pylist(rows, schema=schema_of(Vote))


def _row(series: Series, hour: int, unit: str, value: float) -> dict[str, object]:
    share = Fraction(value).limit_denominator(_MOST_REPORTS)
    at = hour_time(hour)
    fails, works = share.numerator, share.denominator - share.numerator
    return {
        "hour": at,
        "cc": series.cc,
        "platform": series.platform,
        "target": series.target,
        "asn": series.asn,
        "unit": unit,
        "n_measurements": share.denominator,
        "n_failing": fails,
        "n_controlled": fails,
        "n_artefact": 0,
        "first_failing": at if fails else None,
        "last_failing": at if fails else None,
        "first_ok": at if works else None,
        "last_ok": at if works else None,
    }


class VoteLedger:
    """A ledger of votes alone: a vote counts as one measurement, and there are none to open."""

    def __init__(self, population: Iterable[Series]) -> None:
        self._series: dict[tuple[str, str], list[Series]] = {}
        for series in population:
            self._series.setdefault((series.cc, series.platform), []).append(series)

    def details(
        self, cc: str, platform: str, start: datetime, end: datetime
    ) -> dict[int, NetworkDetail]:
        """Return counts by network; votes know neither names nor mechanisms."""
        first, last = hour_number(to_table(start)), hour_number(to_table(end)) - 1
        found = {}
        for series in self._series.get((cc, platform), []):
            inside = series.between(first, last)
            found[series.asn] = NetworkDetail(
                n_measurements=len(inside.hour),
                n_failing=int(np.count_nonzero(inside.value > 0)),
                n_units=len(set(inside.unit)),
            )
        return found

    def witnesses(
        self, cc: str, platform: str, start: datetime, end: datetime, asns: Iterable[int]
    ) -> list[Witness]:
        """Return none."""
        del cc, platform, start, end, asns
        return []
