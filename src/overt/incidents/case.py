"""The votes of one country and platform: what an incident is gathered from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from overt.changes.detector import Series, hour_number
from overt.changes.registry import series_of
from overt.vocabulary.places import Combine


LAST_HOUR = 2**40  # after every vote

Vote = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """The votes of one country and platform, network by network, targets combined by its rule."""

    cc: str
    platform: str
    votes: dict[int, list[Vote]]
    series: dict[int, Series]

    def by_target(self) -> list[Series]:
        """Return the votes as the detectors hear them: a series for each target and network."""
        return series_of(v for _, votes in sorted(self.votes.items()) for v in votes)

    def between(self, first: int, last: int) -> "Case":
        """Return the case as the votes of these hours alone show it."""
        cut = {asn: s.between(first, last) for asn, s in self.series.items()}
        return replace(self, series={asn: s for asn, s in cut.items() if len(s.hour)})


def cases_of(votes: pa.Table, combine: Mapping[str, Combine]) -> dict[tuple[str, str], Case]:
    """Return the votes by country and platform.

    A unit's value in an hour is, over the platform's targets it measured then, the greatest
    ("any-of") or the least ("all-of") failing share.
    """
    grouped: dict[tuple[str, str], dict[int, list[Vote]]] = {}
    for vote in votes.to_pylist():
        networks = grouped.setdefault((vote["cc"], vote["platform"]), {})
        networks.setdefault(vote["asn"], []).append(vote)
    return {
        (cc, platform): Case(
            cc,
            platform,
            networks,
            {
                asn: _series(cc, platform, asn, rows, combine.get(platform, Combine.ANY_OF))
                for asn, rows in sorted(networks.items())
            },
        )
        for (cc, platform), networks in sorted(grouped.items())
    }


def _series(cc: str, platform: str, asn: int, rows: Iterable[Vote], combine: Combine) -> Series:
    choose = max if combine is Combine.ANY_OF else min
    values: dict[tuple[int, str], float] = {}
    for vote in rows:
        key = (hour_number(vote["hour"]), vote["unit"])
        value = vote["n_failing"] / vote["n_measurements"]
        values[key] = choose(values[key], value) if key in values else value
    return Series.of((cc, platform, platform, asn), [(h, u, v) for (h, u), v in values.items()])
