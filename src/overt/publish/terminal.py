"""Tables and sentences on a terminal; text from strangers is shown as text, never as markup."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from overt.dossier import accounts, retold, wording
from overt.dossier.history import History
from overt.dossier.shelf import Explanation
from overt.dossier.wording import printable as safe
from overt.engine.base import to_json
from overt.reference.platforms import PlatformList
from overt.vocabulary.instants import rfc3339
from overt.vocabulary.judgements import Collapse, Incident, State


_COLOURS = {
    State.BLOCKED: "bold red",
    State.CONSISTENT: "red",
    State.THROTTLED: "magenta",
    State.IMPAIRED: "yellow",
    State.DOWN: "blue",
    State.REACHABLE: "green",
    State.INSUFFICIENT: "dim",
}
_WIDEST = 100
_MOST_COLLAPSES = 10

__all__ = [
    "safe",
    "show_collapses",
    "show_explanation",
    "show_history",
    "show_incidents",
    "show_networks",
]


def show_incidents(
    incidents: Sequence[Incident], platforms: PlatformList, console: Console
) -> None:
    """Print incidents as a table and each in one sentence."""
    table = RichTable(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "state", "onset (UTC)", "ending (UTC)", "networks", "failing", "units"):
        table.add_column(heading, overflow="fold")
    for incident in incidents:
        table.add_row(
            Text(safe(incident.id)),
            Text(str(incident.state), style=_COLOURS[incident.state]),
            wording.bracket(incident.onset).removesuffix(" UTC"),
            wording.bracket(incident.ending).removesuffix(" UTC")
            if incident.ending
            else "none yet",
            f"at least {incident.n_networks_at_least} of {incident.n_networks_measured}",
            f"{incident.n_failing:,} of {incident.n_measurements:,}",
            f"{incident.n_units:,}",
        )
    console.print(table)
    for incident in incidents:
        console.print()
        console.print(Text(safe(accounts.incident_sentence(incident, platforms))))


def show_collapses(
    collapses: Sequence[Collapse], console: Console, most: int = _MOST_COLLAPSES
) -> None:
    """Print the last coverage collapses, each in one sentence with its id."""
    latest = sorted(collapses, key=lambda c: (c.last_heard, c.id), reverse=True)
    for collapse in latest[:most]:
        console.print()
        console.print(Text(safe(f"{collapse.id}  {accounts.collapse_sentence(collapse)}")))
    if len(latest) > most:
        console.print(Text(wording.further(len(latest) - most)))


def show_networks(incident: Incident, console: Console) -> None:
    """Print how each network fared, affected ones first."""
    affected, reachable, scarce = accounts.by_fate(incident.networks)
    table = RichTable(box=None, pad_edge=False, header_style="bold")
    for heading in ("network", "state", "onset (UTC)", "failing", "units", "how"):
        table.add_column(heading, overflow="fold")
    for network in (*affected, *reachable, *scarce):
        table.add_row(
            Text(safe(accounts.network(network))),
            Text(str(network.state), style=_COLOURS[network.state]),
            wording.bracket(network.onset).removesuffix(" UTC") if network.onset else "",
            f"{network.n_failing:,} of {network.n_measurements:,}",
            f"{network.n_units:,}",
            ", ".join(network.mechanisms),
        )
    console.print(table)


def show_history(history: History, console: Console) -> None:
    """Print the versions of a record, the first first, each with what it says that is new."""
    is_called = f", called {history.id} now" if history.id != history.record else ""
    fate = is_called if history.is_open else ", which is closed"
    console.print(Text(safe(f"record {history.record}{fate}"), style="bold"))
    for version in history.versions:
        console.print()
        recorded = rfc3339(version.recorded)
        console.print(Text(f"version {version.version}  {version.kind}  recorded {recorded}"))
        for sentence in version.sentences:
            console.print(Text(safe(f"  - {sentence}")))
        drawn_with = retold.derived_by(to_json(version.versions))
        console.print(Text(safe(f"  {drawn_with}; from {version.made_from}"), style="dim"))


def show_explanation(explanation: Explanation, console: Console, options: str = "") -> None:
    """Print an explanation: sentences, its tables, and where to go on (with these options)."""
    console.print(Text(f"{explanation.kind} {safe(explanation.id)}", style="bold"))
    for sentence in explanation.sentences:
        console.print(Text(safe(sentence)))
    for table in explanation.tables:
        if table.rows:
            console.print()
            console.print(Text(f"{table.heading} ({len(table.rows)})", style="bold"))
            _show_rows(table.rows, console)
    if explanation.next:
        console.print()
        for following in explanation.next:
            console.print(Text(f"next: overt explain {safe(following)}{options}", style="dim"))


def _show_rows(rows: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Print rows as a table, or one under another where there are too many columns to read."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    few = 9
    if len(columns) > few:
        for row in rows:
            line = "  ".join(f"{key}={safe(value)}" for key, value in row.items())
            console.print(Text(f"- {line}"))
        return
    table = RichTable(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", max_width=_WIDEST)
    for row in rows:
        table.add_row(*(Text(safe(row.get(column, ""))) for column in columns))
    console.print(table)
