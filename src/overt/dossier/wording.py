"""Every sentence a reader sees: the strongest the evidence allows, and not one word more.

A sentence that counts always says out of how many, over which time, and from how many independent
reporters (units).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from babel import Locale

from overt.dossier.words import MECHANISM_WORDS, STATE_HAS_BEEN, STATE_WAS
from overt.engine.workspace import SourceRecord
from overt.reference.platforms import PlatformList
from overt.vocabulary.judgements import Bracket, Incident, NetworkState, Schedule, State


DAY_NAMES = ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
DAY_MINUTES = 24 * 60
STILL = timedelta(days=1)  # a failing report older than this does not say what is so now
LISTED = 6  # networks named in a sentence; the rest are counted


def printable(value: object) -> str:
    """Return text with control and direction-changing characters made visible.

    A network's name or a URL is a stranger's; it must not move the cursor or reverse a line.
    """
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


@lru_cache(maxsize=512)
def country(cc: str, language: str = "en") -> str:
    """Return a country's name, or its code where it has none (XX stands for an invented one)."""
    if cc == "XX":
        return "XX (an invented country)"
    return str(Locale(language).territories.get(cc, cc))


def moment(instant: datetime) -> str:
    """Return an instant as `8 Nov 2023 07:00`; the sentence says UTC."""
    return f"{instant.day} {instant:%b %Y %H:%M}"


def bracket(span: Bracket) -> str:
    """Return when something happened, as widely as it is known."""
    if span.earliest.date() == span.latest.date():
        return f"{moment(span.earliest)}-{span.latest:%H:%M} UTC"
    return f"{moment(span.earliest)} - {moment(span.latest)} UTC"


def listing(items: Sequence[str], most: int = LISTED) -> str:
    """Return `a, b and c`, or the first few and how many more."""
    if not items:
        return "none"
    if len(items) > most:
        return f"{', '.join(items[:most])} and {len(items) - most} more"
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def number(count: int, one: str, many: str | None = None) -> str:
    """Return `1 network` or `1,234 networks`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def how(mechanisms: Sequence[str]) -> str:
    """Return mechanism nodes in plain words, the commonest first."""
    words: list[str] = []
    for node in mechanisms:
        if MECHANISM_WORDS[node] not in words:
            words.append(MECHANISM_WORDS[node])
    return "; ".join(words) if words else "not shown by the measurements"


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


def extent(networks: Sequence[NetworkState]) -> str:
    """Return on which networks, out of how many, and on which not."""
    affected, reachable, scarce = by_fate(networks)
    sentence = (
        f"on {len(affected)} of {number(len(networks), 'network')} measured:"
        f" {listing([network(n) for n in affected])}"
    )
    if reachable:
        spared = listing([network(n) for n in reachable])
        sentence += f"; not on {number(len(reachable), 'other')}: {spared}"
    if scarce:
        sentence += f"; {number(len(scarce), 'network')} measured too little to say"
    return sentence


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
        f" {extent(incident.networks)}.{schedules(incident.networks)}"
        f" How: {how(incident.mechanisms)}."
        f" {counts(incident)}.{caveat(incident.state)}"
    )


def false_alarm_sentence(incident: Incident) -> str:
    """Return the error bound of the alarm behind an incident, in words."""
    return (
        f"Error bound: over {number(incident.n_series, 'series', 'series')} watched for this"
        f" country and platform, at most {incident.false_alarms_per_year:.2g} false alarms are"
        " expected a year while reports fail at most 10 % of the time, however they depend on each"
        " other. The bound is on the alarm, not on the dates."
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
            f"{opening}, {began(incident)}, {extent(incident.networks)}."
            f"{schedules(incident.networks)}"
            f" How: {how(incident.mechanisms)}. {counts(incident)}; {basis}.{caveat(state)}"
        )
    if state is State.INSUFFICIENT:
        last = f"; the last measurement is of {moment(recent.last)} UTC"
        return f"{opening}; {basis}{recent.trouble or last}."
    return f"{opening}; {basis}{recent.trouble}."


def trouble(n_failing: int, n_votes: int, n_networks: int, hours: int) -> str:
    """Return a clause on recent failures that no detector has confirmed."""
    return (
        f"; in the last {hours} hours {n_failing:,} of {number(n_votes, 'report')} on"
        f" {number(n_networks, 'network')} failed or found it down, which no detector has confirmed"
    )


def unconfirmed(incident: Incident) -> str:
    """Return a clause on an incident that is not called ended while all works at the moment."""
    return f"; the incident {began(incident)} is off at this time or over, and not called ended"


def change_sentence(
    detector: str, evidence: float, threshold: float, n_windows: int, forged: int
) -> str:
    """Return what a change's evidence is worth, in words."""
    return (
        f"The {detector} reached an e-value of {evidence:,.0f}, past its threshold of"
        f" {threshold:,.0f}, in {number(n_windows, 'bet')}. Under the null at most one alarm is"
        f" expected in {threshold:,.0f} bets, with up to {number(forged, 'forged unit')} a window."
    )


def cell_sentence(cells: Sequence[Mapping[str, Any]]) -> str:
    """Return what was counted in one hour of one series."""
    first = cells[0]
    most = max(int(c["n_measurements"]) for c in cells)
    units = max(int(c["n_units"]) for c in cells)
    return (
        f"{first['target']} on AS{first['asn']} in {country(first['cc'])}, the hour from"
        f" {first['hour']}: {number(most, 'measurement')} by {number(units, 'unit')};"
        f" {listing([_layer_count(c) for c in cells])}."
    )


def _layer_count(cell: Mapping[str, Any]) -> str:
    return f"{cell['n_failing']} of {cell['n_measurements']} failed at {cell['layer']}"


def measurement_sentence(context: Mapping[str, Any]) -> str:
    """Return what a measurement was: which nettest, of what, where and when."""
    what = f" of {context['input']}" if context.get("input") else ""
    return (
        f"A {context['test_name']} measurement{what} on AS{context['probe_asn']} in"
        f" {country(str(context['probe_cc']))}, {context['measurement_start_time']}."
    )


def mechanism_sentence(node: str) -> str:
    """Return what a mechanism node means."""
    return f"{node}: {MECHANISM_WORDS[node]}."


UNIT_MEANS = (
    "A unit is one independent reporter, as far as the measurements tell; its name is a hash, and"
    " a chatty unit counts once an hour."
)


def fate_sentence(what: str, fate: Mapping[str, Any]) -> str:
    """Return how often measurements of, on or by something failed, with the window and units.

    `fate` has `n_measurements`, `n_failing`, `n_units`, and `first` and `last` unless it has none.
    """
    if not fate["n_measurements"]:
        return f"{what}: there are no measurements that vote."
    return (
        f"{what}: {fate['n_failing']:,} of {number(fate['n_measurements'], 'measurement')} by"
        f" {number(fate['n_units'], 'unit')} failed between {fate['first']} and {fate['last']}."
    )


def line_sentence(
    source: SourceRecord, line: int, n_rows: int, uids: Sequence[str], reasons: Sequence[str]
) -> str:
    """Return what became of one line of a file."""
    where = f"{source.path}, line {line:,}"
    if n_rows:
        said = f"{where}: {number(n_rows, 'observation')} of the measurement {listing(uids)}"
        return f"{said}; set apart as {listing(reasons)}." if reasons else f"{said}."
    if reasons:
        return f"{where}: set apart as {listing(reasons)}; nothing of it is counted."
    return f"{where}: nothing was read there. The file has {number(source.n_lines, 'line')}."


def source_sentence(source: SourceRecord) -> str:
    """Return what became of a file's lines."""
    return (
        f"{source.path}: {number(source.n_lines, 'line')}, {source.n_read:,} read and"
        f" {source.n_quarantined:,} set apart; {number(source.n_observations, 'observation')}."
    )
