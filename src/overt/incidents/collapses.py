"""Coverage collapses: silences with a beginning, an end or none, and what they keep from ending."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from overt.changes.detector import Series, hour_number, hour_time
from overt.changes.volume import REFERENCE_H, WHOLE_COUNTRY
from overt.vocabulary.instants import HOUR, from_table, to_table
from overt.vocabulary.judgements import Bracket, Change, Collapse, Direction


# A network that is silent for four weeks is one that nobody measures any more: hand-set.
FORGOTTEN = timedelta(days=28)


def collapses_of(
    changes: Iterable[Change],
    presence: Sequence[Series],
    names: Mapping[tuple[str, int], str | None],
) -> list[Collapse]:
    """Return the silences among the changes, by country, network and time.

    Args:
        changes: what the detectors found; only silences are read.
        presence: who reported on each network, hour by hour.
        names: the name of each country's networks, where one is known.
    """
    present = max((int(s.hour[-1]) for s in presence if len(s.hour)), default=0)
    is_alone = len({s.cc for s in presence}) < 2  # noqa: PLR2004 - a country and another
    found = []
    for change in changes:
        if change.direction != Direction.SILENCE:
            continue
        last, alarm = hour_number(change.earliest), hour_number(change.alerted_at)
        own = [s for s in presence if s.cc == change.cc and change.asn in (s.asn, WHOLE_COUNTRY)]
        hours = np.unique(np.concatenate([s.hour for s in own]))
        later = hours[hours >= alarm]
        units = {(s.asn, u) for s in own for u in s.between(last - REFERENCE_H, last).unit}
        place = change.asn or "all"
        found.append(
            Collapse(
                id=f"{change.cc}-{place}-silent-{change.earliest:%Y-%m-%dT%H}",
                cc=change.cc,
                asn=change.asn,
                name=names.get((change.cc, change.asn)),
                last_heard=from_table(change.earliest) + HOUR,
                since=Bracket(
                    earliest=from_table(change.earliest),
                    latest=from_table(change.latest),
                    alerted_at=from_table(change.alerted_at),
                ),
                until=from_table(hour_time(int(later[0]))) if len(later) else None,
                as_of=from_table(hour_time(int(later[0]) if len(later) else present + 1)),
                usual_units=len(units),
                is_alone=is_alone,
                change=change.id,
            )
        )
    return sorted(found, key=lambda c: (c.cc, c.asn, c.last_heard))


def reaching(
    collapses: Iterable[Collapse], cc: str, asns: Iterable[int], start: datetime, end: datetime
) -> list[Collapse]:
    """Return the collapses of some networks, or of their country, that reach into a span of time.

    One that was over when the span began, or began when it was over, does not.
    """
    wanted = {*asns, WHOLE_COUNTRY}
    return [
        c
        for c in collapses
        if c.cc == cc
        and c.asn in wanted
        and c.last_heard <= end
        and (c.until is None or c.until > start)
    ]


def dark_hours(collapses: Iterable[Collapse]) -> list[tuple[int, int]]:
    """Return the hours, half-open, in which somebody is silent and not yet forgotten."""
    return [
        (
            hour_number(to_table(c.last_heard)),
            hour_number(to_table(min(c.until or c.as_of, c.last_heard + FORGOTTEN))) + 1,
        )
        for c in collapses
    ]
