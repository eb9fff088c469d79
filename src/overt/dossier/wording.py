"""Every sentence a reader sees: the strongest the evidence allows, and not one word more.

A sentence that counts always says out of how many, over which time, and from how many independent
reporters (units). What is said of incidents and of a platform's status is in `accounts`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from babel import Locale

from overt.dossier.words import MECHANISM_WORDS
from overt.engine.workspace import SourceRecord
from overt.vocabulary.judgements import Bracket


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


def further(count: int) -> str:
    """Return how many are not shown, and where they are."""
    return f"{count:,} earlier ones are not shown; overt collapses has them all"


def how(mechanisms: Sequence[str]) -> str:
    """Return mechanism nodes in plain words, the commonest first."""
    words: list[str] = []
    for node in mechanisms:
        if MECHANISM_WORDS[node] not in words:
            words.append(MECHANISM_WORDS[node])
    return "; ".join(words) if words else "not shown by the measurements"


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


def hour_sentence(wanted: str, n_cells: int) -> str:
    """Return what the id of an hour of a network, or of a country, stands for."""
    return f"{wanted}: {number(n_cells, 'cell')} of every target measured there in that hour."


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
