"""Which detectors run on which series; a new detector is a leaf and one line here."""

from collections.abc import Iterable, Mapping
from typing import Any

from overt.changes import blocking, volume
from overt.changes.admission import admit
from overt.changes.detector import Detector, Series, hour_number
from overt.vocabulary.judgements import Change


OF_VOTES: tuple[Detector, ...] = (blocking.detect,)
OF_PRESENCE: tuple[Detector, ...] = (volume.detect,)


def series_of(votes: Iterable[Mapping[str, Any]]) -> list[Series]:
    """Return every series in a table of votes that can be watched, by its key.

    Grain of the input: `vocabulary.judgements.Vote`, in any order. What is set apart is told by
    `admission.admit`.
    """
    return admit(votes)[0]


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
