"""Which detectors run on which series; a new detector is a leaf and one line here."""

from collections.abc import Iterable, Mapping
from typing import Any

from overt.changes import blocking, volume
from overt.changes.detector import Detector, Series, hour_number
from overt.vocabulary.judgements import Change


OF_VOTES: tuple[Detector, ...] = (blocking.detect,)
OF_PRESENCE: tuple[Detector, ...] = (volume.detect,)


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


def presence_of(rows: Iterable[Mapping[str, Any]]) -> list[Series]:
    """Return who reported, by country and network, whatever was measured and whatever it showed.

    Grain of the input: cc x asn x hour x unit, in any order.
    """
    grouped: dict[tuple[str, int], set[tuple[int, str, float]]] = {}
    for row in rows:
        seen = grouped.setdefault((row["cc"], row["asn"]), set())
        seen.add((hour_number(row["hour"]), row["unit"], 1.0))
    return [
        Series.of((cc, volume.ALL, volume.ALL, asn), list(votes))
        for (cc, asn), votes in sorted(grouped.items())
    ]


def detect_all(series: Iterable[Series], presence: Iterable[Series] = ()) -> list[Change]:
    """Return what every detector finds in a population of votes and of presence, by id."""
    found: list[Change] = []
    for detectors, population in ((OF_VOTES, list(series)), (OF_PRESENCE, list(presence))):
        found += [change for detect in detectors for change in detect(population)]
    return sorted(found, key=lambda c: c.id)
