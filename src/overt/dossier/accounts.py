"""What is said of incidents and of a platform's status: how sure, out of how many, and where not.

No extent is stated without its two numbers: on at least r of n networks measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from overt.dossier.wording import bracket, country, how, listing, moment, number
from overt.dossier.words import STATE_HAS_BEEN, STATE_WAS
from overt.reference.platforms import PlatformList
from overt.vocabulary.judgements import Collapse, Incident, NetworkState, Removal, Schedule, State


DAY_NAMES = ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
DAY_MINUTES = 24 * 60
STILL = timedelta(days=1)  # a failing report older than this does not say what is so now


def network(state: NetworkState) -> str:
    """Return a network as `AS37061 (Safaricom Limited)`."""
    return f"AS{state.asn} ({state.name})" if state.name else f"AS{state.asn}"


def by_fate(
    networks: Sequence[NetworkState],
) -> tuple[list[NetworkState], list[NetworkState], list[NetworkState]]:
    """Return the networks affected, reachable, and measured too little; most measured first."""
    ordered = sorted(networks, key=lambda n: (-n.n_measurements, n.asn))
    reachable = [n for n in ordered if n.state is State.REACHABLE]
    scarce = [n for n in ordered if n.state is State.INSUFFICIENT]
    affected = [n for n in ordered if n not in reachable and n not in scarce]
    return affected, reachable, scarce


def extent(incident: Incident) -> str:
    """Return on how many networks at least, out of how many; on which it shows, and on which not.

    The number is one statement about all networks together, which no choice of hours and no m
    forged units a window can force; the names are what each network's votes show by themselves.
    """
    affected, reachable, scarce = by_fate(incident.networks)
    named = listing([network(n) for n in affected])
    sentence = f"{at_least(incident)}; it shows on {len(affected)}: {named}"
    if reachable:
        spared = listing([network(n) for n in reachable])
        sentence += f"; not on {number(len(reachable), 'other')}: {spared}"
    if scarce:
        sentence += f"; {number(len(scarce), 'network')} measured too little to say"
    return sentence


def at_least(incident: Incident) -> str:
    """Return the partial conjunction: how many of the networks measured are surely affected."""
    measured = f"{number(incident.n_networks_measured, 'network')} measured"
    if not incident.n_networks_at_least:
        return f"on no certain number of {measured}"
    sure = f"{1 - incident.alpha:.0%}".replace("%", " %")
    return f"on at least {incident.n_networks_at_least} of {measured}, at {sure} confidence"


def timetable(schedule: Schedule) -> str:
    """Return a timetable as `weekdays 07-10 h and 13-16 h`, in its local time."""
    days = {
        (0, 1, 2, 3, 4, 5, 6): "every day",
        (0, 1, 2, 3, 4): "weekdays",
        (5, 6): "weekends",
    }
    names = [f"{DAY_NAMES[d]}days" for d in schedule.weekdays]
    when = days.get(schedule.weekdays) or listing(names)
    if schedule.hours == ((0, DAY_MINUTES),):
        return f"{when}, all day"
    return f"{when} {listing([f'{clock(a)}-{clock(b)} h' for a, b in schedule.hours])}"


def clock(minutes: int) -> str:
    """Return minutes since midnight as `07` or `16:30`."""
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}" if minute else f"{hour:02}"


def schedules(networks: Sequence[NetworkState]) -> str:
    """Return the timetables of an incident's networks as sentences, each after a space.

    A timetable is said of the networks that keep it and of no other.
    """
    kept: dict[tuple[str, str], list[NetworkState]] = {}
    for state in networks:
        if state.schedule is not None:
            key = (timetable(state.schedule), state.schedule.zone)
            kept.setdefault(key, []).append(state)
    affected, _, _ = by_fate(networks)
    return "".join(
        f" On {len(members)} of {number(len(affected), 'affected network')}"
        f" ({listing([f'AS{m.asn}' for m in members])}) it keeps hours: {said}, local time"
        f" ({zone})."
        for (said, zone), members in sorted(kept.items(), key=lambda item: -len(item[1]))
    )


def counts(incident: Incident) -> str:
    """Return the denominator, the window and the independence count of an incident."""
    return (
        f"{incident.n_failing:,} of {number(incident.n_measurements, 'measurement')} by"
        f" {number(incident.n_units, 'unit')} failed between {moment(incident.counted.start)} and"
        f" {moment(incident.counted.end)} UTC"
    )


def began(incident: Incident) -> str:
    """Return since when, or that it was so when the measurements begin."""
    if incident.is_standing:
        return f"since before the measurements begin ({moment(incident.onset.earliest)} UTC)"
    return f"since {bracket(incident.onset)}"


def still(incident: Incident) -> str:
    """Return whether an incident that is not called ended was failing within the last day."""
    if incident.as_of - incident.last_failing <= STILL:
        return f"still so as of {moment(incident.as_of)} UTC"
    return (
        f"last seen failing {moment(incident.last_failing)} UTC and not called ended yet: from then"
        f" to {moment(incident.as_of)} UTC {incident.n_failing_since:,} of"
        f" {number(incident.n_measurements_since, 'measurement')} on the affected networks failed"
    )


def caveat(state: State) -> str:
    """Return what a state leaves open, as a sentence with a space before it, or nothing."""
    if state is State.IMPAIRED:
        return (
            " Whether it was blocked or down cannot be told: most failing reports had no working"
            " control elsewhere."
        )
    return ""


def silent(collapse: Collapse) -> str:
    """Return who is silent and since when, as `nobody on AS1 (Net) reported from … to …`."""
    who = "any network" if not collapse.asn else f"AS{collapse.asn}"
    if collapse.name:
        who += f" ({collapse.name})"
    since = f"nobody on {who} reported from {moment(collapse.last_heard)} UTC"
    if collapse.until is None:
        return f"{since} on, up to {moment(collapse.as_of)} UTC"
    return f"{since} to {moment(collapse.until)} UTC"


def collapse_sentence(collapse: Collapse) -> str:
    """Return a coverage collapse in one sentence: who, since when, out of how many, and no why."""
    alone = (
        " The data hold no other country, so that a gap in the data looks the same."
        if collapse.is_alone
        else ""
    )
    return (
        f"Coverage collapse in {country(collapse.cc)}: {silent(collapse)}, where"
        f" {number(collapse.usual_units, 'unit')} reported in the 84 days before. It says nothing"
        f" of what is reachable there, and not why nobody reported.{alone}"
    )


def collapsed(incident: Incident) -> str:
    """Return the silences that reach into an incident, as a sentence after a space, or nothing."""
    if not incident.collapses:
        return ""
    said = listing([silent(c) for c in incident.collapses])
    lasts = any(c.until is None for c in incident.collapses)
    kept = "; while that lasts nothing is called ended" if lasts and not incident.ending else ""
    return f" Coverage collapse: {said}{kept}."


def unheard(collapses: Sequence[Collapse], at: datetime) -> str:
    """Return a clause on the silences of a country at an instant, or nothing."""
    lasting = [c for c in collapses if c.last_heard <= at and (c.until is None or at < c.until)]
    return f"; coverage collapse: {listing([silent(c) for c in lasting])}" if lasting else ""


def rests_on(removal: Removal | None) -> str:
    """Return how few units an incident rests on, with a space before it; nothing if not known."""
    if removal is None:
        return ""
    units = number(removal.at_most, "unit")
    if removal.at_most == 1:
        return f" Removing {units} would cancel it."
    if removal.at_least == removal.at_most:
        return f" Removing {units} would cancel it, and no fewer."
    proven = f", and at least {removal.at_least}" if removal.at_least > 1 else ""
    return f" Removing at most {units} would cancel it{proven}."


def incident_sentence(incident: Incident, platforms: PlatformList) -> str:
    """Return an incident in one sentence: what, where, since when, until when, where not, how."""
    name, place = platforms.name_of(incident.platform), country(incident.cc)
    verb = (STATE_WAS if incident.ending else STATE_HAS_BEEN)[incident.state]
    if incident.ending:
        time = f"from {bracket(incident.onset)} to {bracket(incident.ending)}"
        if incident.is_standing:
            time = (
                f"until {bracket(incident.ending)}, from before the measurements begin"
                f" ({moment(incident.onset.earliest)} UTC)"
            )
    else:
        time = f"{began(incident)}, {still(incident)}"
    return (
        f"{name} in {place} {verb} {time},"
        f" {extent(incident)}.{schedules(incident.networks)}"
        f" How: {how(incident.mechanisms)}."
        f" {counts(incident)}.{caveat(incident.state)}{collapsed(incident)}"
        f"{rests_on(incident.removal)}"
    )


def false_alarm_sentence(incident: Incident) -> str:
    """Return the error bound of the alarm behind an incident, in words."""
    return (
        f"Error bound: over {number(incident.n_series, 'series', 'series')} watched for this"
        f" country and platform, at most {incident.false_alarms_per_year:.2g} false alarms are"
        " expected a year while reports fail at most 10 % of the time, whatever others reported"
        " before and beside them. The bound is on the alarm, not on the dates."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """What was measured of a platform in a country in the hours before an instant."""

    at: datetime | None
    window_h: int
    n_measurements: int
    n_failing: int
    n_down: int
    n_units: int
    n_networks: int
    last: datetime | None
    known: datetime | None = None
    trouble: str = ""
    unheard: str = ""


def status_sentence(
    platform: str, place: str, state: State, incident: Incident | None, recent: Recent
) -> str:
    """Return the one honest sentence of `overt status`.

    `platform` and `place` are names as they are to be read.
    """
    if recent.last is None:
        limit = "" if recent.at is None else f" up to {moment(recent.at)} UTC"
        return f"{platform} in {place}: insufficient; there are no measurements{limit}."
    if recent.at is None:
        raise ValueError("an instant is needed once there are measurements")
    counted, fate = recent.n_failing, "failed"
    if state is State.DOWN:
        counted, fate = recent.n_down, "found it down for the control too"
    basis = (
        f"{counted:,} of {number(recent.n_measurements, 'measurement')} by"
        f" {number(recent.n_units, 'unit')} on {number(recent.n_networks, 'network')} {fate} in the"
        f" {recent.window_h} hours before {moment(recent.at)} UTC"
    )
    opening = f"{platform} in {place}, as of {moment(recent.at)} UTC"
    if recent.known is not None and recent.known > recent.at:
        opening += f" and as known from measurements up to {moment(recent.known)} UTC"
    opening += f": {state}"
    if incident is not None:
        return (
            f"{opening}, {began(incident)}, {extent(incident)}."
            f"{schedules(incident.networks)}"
            f" How: {how(incident.mechanisms)}. {counts(incident)};"
            f" {basis}{recent.unheard}.{caveat(state)}"
        )
    if state is State.INSUFFICIENT:
        last = f"; the last measurement is of {moment(recent.last)} UTC"
        return f"{opening}; {basis}{recent.trouble or last}{recent.unheard}."
    return f"{opening}; {basis}{recent.trouble}{recent.unheard}."


def trouble(n_failing: int, n_votes: int, n_networks: int, hours: int) -> str:
    """Return a clause on recent failures that no detector has confirmed."""
    return (
        f"; in the last {hours} hours {n_failing:,} of {number(n_votes, 'report')} on"
        f" {number(n_networks, 'network')} failed or found it down, which no detector has confirmed"
    )


def unconfirmed(incident: Incident) -> str:
    """Return a clause on an incident that is not called ended while all works at the moment."""
    return f"; the incident {began(incident)} is off at this time or over, and not called ended"
