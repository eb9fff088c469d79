"""Which detectors run on which series; a new detector is a leaf and one line here."""

from collections.abc import Iterable, Mapping
from typing import Any

from overt.changes import blocking
from overt.changes.detector import Detector, Series, hour_number
from overt.vocabulary.judgements import Change


DETECTORS: tuple[Detector, ...] = (blocking.detect,)


def series_of(votes: Iterable[Mapping[str, Any]]) -> list[Series]:
    """Return every series in a table of votes, by country, platform, target and network.

    Grain of the input: `vocabulary.judgements.Vote`, in any order.
    """
    grouped: dict[tuple[str, str, str, int], list[tuple[int, str, float]]] = {}
    for vote in votes:
        key = (vote["cc"], vote["platform"], vote["target"], vote["asn"])
        value = vote["n_failing"] / vote["n_measurements"]
        grouped.setdefault(key, []).append((hour_number(vote["hour"]), vote["unit"], value))
    return [Series.of(key, rows) for key, rows in sorted(grouped.items())]


def detect_all(series: Iterable[Series]) -> list[Change]:
    """Return what every detector finds in a population of series, by id."""
    population = list(series)
    found = [change for detect in DETECTORS for change in detect(population)]
    return sorted(found, key=lambda c: c.id)
