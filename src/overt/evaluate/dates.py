"""Events with gaps and late data: found or not, as one incident or more, and how well dated."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from overt.changes.detector import hour_number
from overt.evaluate.heard import Heard, hear, series_in
from overt.evaluate.limits import Share, quantile, share_of
from overt.evaluate.plan import Plan
from overt.evaluate.worlds import BANDS, Event, event_world
from overt.lab.votes import truth_of
from overt.vocabulary.instants import to_table
from overt.vocabulary.judgements import Bracket, Incident


@dataclass(frozen=True, slots=True)
class Task:
    """One history to draw."""

    seed: int
    number: int


@dataclass(frozen=True, slots=True)
class Dated:
    """How one history came out. Units: hours; None where there is nothing to date.

    `covered` says whether the onset set of the first incident of the event holds the truth, and
    `miss_h` by how much the truth lies after (+) or before (-) it. `own` holds, for each network
    truly blocked and called affected, whether its own set does, and that set's width.
    `ending_error_h` is from the end of the last blocked hour to the nearest hour of the ending set.
    """

    number: int
    band: str
    traits: tuple[str, ...]
    n_incidents: int
    n_elsewhere: int
    has_ended: bool
    covered: bool | None = None
    miss_h: int | None = None
    width_h: int | None = None
    own: tuple[tuple[bool, int], ...] = ()
    ending_covered: bool | None = None
    ending_width_h: int | None = None
    ending_error_h: int | None = None


def tasks(plan: Plan) -> list[Task]:
    """Return the histories of a plan."""
    return [Task(plan.seed, number) for number in range(plan.dates)]


def one(task: Task) -> Dated:
    """Draw one history, look for its event, and compare the dates with the truth."""
    event = event_world(task.seed, task.number)
    return compare(event, task.number, hear(series_in(event.world, event.as_of_h)))


def compare(event: Event, number: int, heard: Heard) -> Dated:
    """Return how the incidents found stand to the event."""
    truths = {key[3]: t for key, t in truth_of(event.world).items() if t.onset_h is not None}
    onsets = {asn: t.onset_h for asn, t in truths.items() if t.onset_h is not None}
    first = min(onsets.values())
    ends = [t.end_h for t in truths.values()]
    end = None if None in ends else max(e for e in ends if e is not None)
    if end is not None and event.as_of_h is not None and event.as_of_h <= end:
        end = None
    last = end if end is not None else event.as_of_h or 2**40
    ours = [i for i in heard.incidents if _overlaps(i, first, last)]
    others = len(heard.incidents) - len(ours)
    if not ours:
        return Dated(number, event.band, event.traits, 0, others, end is not None)
    incident = ours[0]
    own = tuple(
        (_miss(n.onset, onsets[n.asn]) == 0, _width(n.onset))
        for n in incident.networks
        if n.onset is not None and n.asn in onsets
    )
    miss = _miss(incident.onset, first)
    ending = ours[-1].ending if end is not None else None
    off = None if ending is None or end is None else _miss(ending, end - 1)
    return Dated(
        number=number,
        band=event.band,
        traits=event.traits,
        n_incidents=len(ours),
        n_elsewhere=others,
        covered=miss == 0,
        miss_h=miss,
        width_h=_width(incident.onset),
        own=own,
        has_ended=end is not None,
        ending_covered=None if off is None else off == 0,
        ending_width_h=None if ending is None else _width(ending),
        ending_error_h=None if off is None else abs(off),
    )


def _hours(bracket: Bracket) -> tuple[int, int]:
    """Return the first and last hour of a bracket."""
    return _hour(bracket.earliest), _hour(bracket.latest) - 1


def _hour(moment: datetime) -> int:
    return hour_number(to_table(moment))


def _width(bracket: Bracket) -> int:
    low, high = _hours(bracket)
    return high - low + 1


def _miss(bracket: Bracket, truth: int) -> int:
    """Return by how many hours the truth lies after (+) or before (-) a bracket; 0: inside."""
    low, high = _hours(bracket)
    return min(truth - low, 0) + max(truth - high, 0)


def _overlaps(incident: Incident, first: int, last: int) -> bool:
    """Say whether an incident is about the event: it was under way in some hour of it."""
    low, _ = _hours(incident.onset)
    high = _hour(incident.last_failing)
    return low <= last and high >= first


@dataclass(frozen=True, slots=True)
class Band:
    """How the events of one size came out."""

    band: str
    found: Share
    alerts_per_event: float
    onset: Share
    width_h: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How well events are found and dated, over all histories and by size. Units: hours.

    `alerts_per_event` counts every incident, those about nothing included, for each event found.
    """

    n: int
    found: Share
    n_elsewhere: int
    alerts_per_event: float
    onset: Share
    width_h: float | None
    width_p90_h: float | None
    own_onset: Share
    own_width_h: float | None
    ending_called: Share
    ending: Share
    ending_width_h: float | None
    ending_error_mean_h: float | None
    bands: tuple[Band, ...]
    traits: tuple[Band, ...]


def summary(rows: Sequence[Dated]) -> Summary:
    """Return what histories come to."""
    own = [o for r in rows for o in r.own]
    found = [r for r in rows if r.n_incidents]
    called = [r for r in found if r.ending_covered is not None]
    errors = [r.ending_error_h for r in called if r.ending_error_h is not None]
    whole = _band("all", rows)
    traits = sorted({t for r in rows for t in r.traits})
    return Summary(
        n=len(rows),
        found=whole.found,
        n_elsewhere=sum(r.n_elsewhere for r in rows),
        alerts_per_event=whole.alerts_per_event,
        onset=whole.onset,
        width_h=whole.width_h,
        width_p90_h=quantile([r.width_h for r in found if r.width_h is not None], 0.9),
        own_onset=share_of(sum(c for c, _ in own), len(own)),
        own_width_h=quantile([w for _, w in own], 0.5),
        ending_called=share_of(len(called), sum(r.has_ended for r in found)),
        ending=share_of(sum(bool(r.ending_covered) for r in called), len(called)),
        ending_width_h=quantile([r.ending_width_h for r in called if r.ending_width_h], 0.5),
        ending_error_mean_h=statistics.fmean(errors) if errors else None,
        bands=tuple(_band(b, [r for r in rows if r.band == b]) for b in BANDS),
        traits=tuple(_band(t, [r for r in rows if t in r.traits]) for t in traits),
    )


def _band(name: str, rows: Sequence[Dated]) -> Band:
    found = [r for r in rows if r.n_incidents]
    alerts = sum(r.n_incidents + r.n_elsewhere for r in rows)
    return Band(
        band=name,
        found=share_of(len(found), len(rows)),
        alerts_per_event=alerts / max(len(found), 1),
        onset=share_of(sum(bool(r.covered) for r in found), len(found)),
        width_h=quantile([r.width_h for r in found if r.width_h is not None], 0.5),
    )
