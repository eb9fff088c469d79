"""What may be bet on: votes that make sense, in series that can change; the rest with a reason.

A detector takes its series on trust, so nothing reaches it that is not a share of measurements, by
one unit, in one hour. Whatever is set apart is returned, so that it can be counted and shown.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from overt.changes.detector import Series, hour_number


EARLIEST = datetime(2012, 1, 1)  # noqa: DTZ001 - tables are naive UTC; OONI's first year
Key = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class SetApart:
    """A vote or a whole series that is not bet on. Missing: `hour`, `unit` None for a series."""

    key: Key
    reason: str
    hour: datetime | None = None
    unit: str | None = None


# What is said of each reason: what was found and what was expected.
REASONS = {
    "not_a_count": "a count of measurements is missing, negative or not a finite number",
    "no_measurements": "a vote rests on no measurement",
    "more_failing_than_measured": "more measurements fail than there are",
    "not_an_hour": "the time of a vote is not the start of an hour, or is before 2012",
    "duplicated_unit": "a unit votes twice in one hour of a series; all its votes there are left",
    "one_hour": "a series of one hour has nothing to change from",
    "no_votes": "every vote of a series was set apart",
}


def admit(votes: Iterable[Mapping[str, Any]]) -> tuple[list[Series], list[SetApart]]:
    """Return the series that can be watched, by key, and what was set apart, in order.

    Grain of the input: `vocabulary.judgements.Vote`, in any order. A unit that votes twice in an
    hour is left out of it altogether: which of the two to believe would depend on their order.
    """
    grouped: dict[Key, dict[tuple[int, str], list[float]]] = {}
    apart: list[SetApart] = []
    for vote in votes:
        key = (vote["cc"], vote["platform"], vote["target"], vote["asn"])
        rows = grouped.setdefault(key, {})
        reason = _fault(vote)
        if reason is not None:
            hour = vote["hour"] if isinstance(vote["hour"], datetime) else None
            apart.append(SetApart(key, reason, hour, vote["unit"]))
            continue
        place = (hour_number(vote["hour"]), vote["unit"])
        rows.setdefault(place, []).append(vote["n_failing"] / vote["n_measurements"])
    series = []
    for key, rows in sorted(grouped.items()):
        twice = [place for place, values in rows.items() if len(values) > 1]
        apart += [SetApart(key, "duplicated_unit", None, unit) for _, unit in sorted(twice)]
        kept = [(h, u, values[0]) for (h, u), values in rows.items() if len(values) == 1]
        n_hours = len({h for h, _, _ in kept})
        if n_hours > 1:
            series.append(Series.of(key, kept))
        else:
            apart.append(SetApart(key, "one_hour" if n_hours else "no_votes"))
    return series, sorted(apart, key=_order)


def _order(one: SetApart) -> tuple[str, str, str]:
    return str(one.key), one.reason, f"{one.hour} {one.unit}"


def _fault(vote: Mapping[str, Any]) -> str | None:
    """Return why a vote makes no sense, None when it does."""
    failing, n = vote["n_failing"], vote["n_measurements"]
    if not all(_is_count(count) for count in (failing, n)):
        return "not_a_count"
    if n == 0:
        return "no_measurements"
    if failing > n:
        return "more_failing_than_measured"
    hour = vote["hour"]
    if not isinstance(hour, datetime) or hour < EARLIEST or hour.minute or hour.second:
        return "not_an_hour"
    return None


def _is_count(value: object) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and value >= 0
    )
