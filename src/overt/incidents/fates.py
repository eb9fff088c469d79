"""How one network fared during an incident: its state, its own dates, hours and mechanisms."""

from collections.abc import Mapping, Sequence
from typing import Any

from overt.changes.detector import Segment, Series
from overt.incidents import affected, span
from overt.incidents.witnesses import NetworkDetail
from overt.vocabulary.judgements import Bracket, NetworkState, Schedule, State


def network_state(
    series: Series,
    votes: Sequence[Mapping[str, Any]],
    detail: NetworkDetail,
    own: Segment | None,
    runs: Sequence[tuple[int, int]] | None,
    schedule: Schedule | None,
    window: tuple[int, int],
    *,
    ended: bool,
) -> NetworkState:
    """Return how one network fared between an incident's onset and its ending or the last vote.

    Args:
        series: the network's votes on the platform, inside the window and around it.
        votes: its votes of the window, target by target.
        detail: what its verdicts show.
        own: its own restricted stretch; None when it shows none.
        runs: its episodes in hours; None when the incident did not affect it.
        schedule: the timetable it keeps, if any.
        window: first and last hour of the incident.
        ended: whether the incident is called ended.
    """
    onset: Bracket | None = None
    ending: Bracket | None = None
    state = State.INSUFFICIENT
    if runs is not None:
        state = _restricted_state(votes)
        if own is not None:
            before = span.voted_before([series], own.onset[0])
            onset = span.hours_of(own.onset[0] if before is None else before, own.onset[1])
            after = span.voted_after([series], own.last)
            if ended and after is not None:
                ending = span.hours_of(own.last, after)
    elif affected.is_reachable(series.between(*window)):
        state = State.REACHABLE
    return NetworkState(
        asn=series.asn,
        name=detail.name,
        state=state,
        onset=onset,
        ending=ending,
        episodes=span.as_episodes(runs or []),
        schedule=schedule,
        mechanisms=detail.mechanisms if runs is not None else [],
        n_measurements=detail.n_measurements,
        n_failing=detail.n_failing,
        n_units=detail.n_units,
    )


def _restricted_state(votes: Sequence[Mapping[str, Any]]) -> State:
    return affected.state_of(
        sum(v["n_failing"] for v in votes),
        sum(v["n_controlled"] for v in votes),
        sum(v["n_artefact"] for v in votes),
        len({v["unit"] for v in votes if v["n_artefact"]}),
    )
