"""Walks any printed id one step down: incident to changes, change to cells, cell to verdicts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from overt.changes.volume import ALL
from overt.dossier import accounts, history, trace, wording
from overt.dossier.shelf import MOST_ROWS, Explanation, Shelf, Table, rule_row
from overt.engine.base import from_json, to_json
from overt.errors import UsageError
from overt.vocabulary.judgements import Incident, Schedule


def explain(wanted: str, shelf: Shelf) -> Explanation:
    """Return the explanation of an id.

    Raises:
        UsageError: when nothing in the workspace has this id.
    """
    steps: tuple[Callable[[str, Shelf], Explanation | None], ...] = (
        _incident,
        _earlier,
        _collapse,
        _change,
        _hour,
        _cell,
        *trace.STEPS,
    )
    for step in steps:
        found = step(wanted, shelf)
        if found is not None:
            return found
    raise UsageError(
        f"nothing in this workspace is called {wanted!r}",
        remedy="use an id printed by overt incidents, overt status or overt explain",
    )


def _incident(wanted: str, shelf: Shelf) -> Explanation | None:
    incident = next((i for i in shelf.incidents if i.id.lower() == wanted.lower()), None)
    if incident is None:
        return None
    networks = [_network_row(n) for n in to_json(incident.networks)]
    witnesses = _witness_rows(incident, shelf)
    spoken = {w.rule for w in incident.witnesses}
    rules = [r for r in shelf.book.rules if r.id in spoken]
    changes = shelf.rows(
        "SELECT id, earliest, latest, alerted_at, round(evidence, 1) AS evidence, threshold,"
        " n_windows, forged_units_survived, len(cells) AS n_cells FROM change"
        " WHERE list_contains(?, id)"
        " ORDER BY alerted_at, id",
        incident.changes,
    )
    return Explanation(
        incident.id,
        "incident",
        [
            accounts.incident_sentence(incident, shelf.platforms),
            accounts.false_alarm_sentence(incident),
            *_standing(incident.id, shelf),
        ],
        [
            Table("Episodes", [_span_row(e) for e in to_json(incident.episodes)]),
            Table("Networks", networks),
            Table("Changes the incident rests on", changes),
            Table("Units whose removal would cancel it", _removed_rows(incident, shelf)),
            Table("Rules that spoke in the witnesses", [rule_row(r) for r in rules]),
            Table("Witnesses: measurements to open", witnesses),
            Table("Versions", [to_json(incident.versions)]),
        ],
        [
            *incident.changes[:3],
            *(w.measurement_uid for w in incident.witnesses[:3]),
            *(incident.removal.units[:1] if incident.removal else []),
        ],
    )


def _removed_rows(incident: Incident, shelf: Shelf) -> list[dict[str, Any]]:
    """Return what the units of one cancelling set sent of the platform, in and out of its hours."""
    if incident.removal is None:
        return []
    return shelf.rows(
        "SELECT unit, any_value(asn) AS asn, count(DISTINCT measurement_uid) AS n_measurements,"
        " count(DISTINCT measurement_uid) FILTER (signal = 1) AS n_failing FROM verdict"
        " WHERE cc = ? AND platform = ? AND signal IS NOT NULL AND list_contains(?, unit)"
        " GROUP BY unit ORDER BY unit",
        incident.cc,
        incident.platform,
        incident.removal.units,
    )


def _standing(incident_id: str, shelf: Shelf) -> list[str]:
    """Return since when an incident is on record; nothing in a workspace without a history."""
    if shelf.log is None:
        return []
    keys = shelf.log.records_called(incident_id)
    return [history.standing(shelf.log.versions(keys[0]))] if keys else []


def _earlier(wanted: str, shelf: Shelf) -> Explanation | None:
    """Explain what an incident that once was called so is called now, or what became of it."""
    found = None if shelf.log is None else history.renamed(wanted, shelf.log)
    if found is None:
        return None
    sentences, last = found
    now = _incident(last.id, shelf) if last.is_open else None
    if now is None:
        said = history.whole(last.body, shelf.platforms)
        return Explanation(wanted, "incident", [*sentences, said])
    return replace(now, sentences=[*sentences, *now.sentences])


def _span_row(span: Mapping[str, Any]) -> dict[str, Any]:
    return {"start": span["start"], "end": span["end"]}


def _network_row(network: Mapping[str, Any]) -> dict[str, Any]:
    row = {
        k: network[k] for k in ("asn", "name", "state", "n_measurements", "n_failing", "n_units")
    }
    for key in ("onset", "ending"):
        if network[key]:
            row[key] = f"{network[key]['earliest']} - {network[key]['latest']}"
    if network["schedule"]:
        row["hours"] = accounts.timetable(from_json(Schedule, network["schedule"]))
    row["mechanisms"] = ", ".join(network["mechanisms"])
    return {k: v for k, v in row.items() if v not in (None, "")}


def _witness_rows(incident: Incident, shelf: Shelf) -> list[dict[str, Any]]:
    """Return the witnesses with the file and line each was read from; the first of several."""
    uids = [w.measurement_uid for w in incident.witnesses]
    read = shelf.rows(
        "SELECT measurement_uid, min((source_id, source_line)) AS place FROM verdict"
        " WHERE list_contains(?, measurement_uid) GROUP BY measurement_uid",
        uids,
    )
    places = {row["measurement_uid"]: list(row["place"].values()) for row in read}
    rows = []
    for witness in to_json(incident.witnesses):
        row = {k: witness[k] for k in ("time", "asn", "target", "layer", "rule", "measurement_uid")}
        place = places.get(witness["measurement_uid"])
        if place is not None:
            row["read_from"] = f"{shelf.path(place[0])}:{place[1]}"
        rows.append(row)
    return rows


def _change(wanted: str, shelf: Shelf) -> Explanation | None:
    if not wanted.startswith("change:"):
        return None
    found = shelf.rows("SELECT * FROM change WHERE id = ?", wanted)
    if not found:
        return None
    change = found[0]
    listed = change.pop("cells")
    cells = [row for cell in listed[:MOST_ROWS] for row in _cells_named(cell, shelf)]
    return Explanation(
        wanted,
        "change",
        [
            wording.change_sentence(
                change["detector"],
                change["evidence"],
                change["threshold"],
                change["n_windows"],
                change["forged_units_survived"],
            )
        ],
        [Table("Change", [change]), Table("Cells it rests on", cells[:MOST_ROWS])],
        listed[:3],
    )


_CELLS = "SELECT id, n_measurements, n_units, n_failing, n_ok, rules, n_by_rule FROM cell WHERE"


def _cells_named(wanted: str, shelf: Shelf) -> list[dict[str, Any]]:
    """Return the cells of one hour of a series; of every target where the id says `all`.

    A silence rests on the hours in which anybody reported of anything, on one network or, with
    network 0, on any of the country.
    """
    parts = wanted.split(":")
    if len(parts) == len(("cell", "cc", "target", "asn", "hour")) and parts[2] == ALL:
        _, cc, _, asn, hour = parts
        return shelf.rows(
            f"{_CELLS} cc = ? AND ? IN ('0', asn::VARCHAR) AND strftime(hour, '%Y%m%dT%H') = ?"
            " ORDER BY id",
            cc,
            asn,
            hour,
        )
    return shelf.rows(f"{_CELLS} starts_with(id, ? || ':') ORDER BY id", wanted)


def _hour(wanted: str, shelf: Shelf) -> Explanation | None:
    """Return everything that was measured in an hour, by the id a silence gives it."""
    if not wanted.startswith("cell:") or f":{ALL}:" not in wanted:
        return None
    cells = _cells_named(wanted, shelf)
    if not cells:
        return None
    return Explanation(
        wanted,
        "hour",
        [wording.hour_sentence(wanted, len(cells))],
        [Table("Cells", cells[:MOST_ROWS])],
        [row["id"] for row in cells[:3]],
    )


def _collapse(wanted: str, shelf: Shelf) -> Explanation | None:
    collapse = next((c for c in shelf.collapses if c.id.lower() == wanted.lower()), None)
    if collapse is None:
        return None
    touched = [i.id for i in shelf.incidents if any(c.id == collapse.id for c in i.collapses)]
    return Explanation(
        collapse.id,
        "coverage collapse",
        [accounts.collapse_sentence(collapse)],
        [Table("Coverage collapse", [to_json(collapse)])],
        [collapse.change, *touched[:3]],
    )


def _cell(wanted: str, shelf: Shelf) -> Explanation | None:
    if not wanted.startswith("cell:"):
        return None
    cells = shelf.rows(
        "SELECT * FROM cell WHERE id = ? OR starts_with(id, ? || ':') ORDER BY id", wanted, wanted
    )
    if not cells:
        return None
    verdicts = shelf.rows(
        "SELECT measurement_uid, measurement_start_time, layer, outcome, rule, rules, mechanism,"
        " n_failing, n_endpoints, unit, source_id, source_line FROM verdict"
        " WHERE starts_with(concat_ws(':', 'cell', cc, target, asn, strftime(hour, '%Y%m%dT%H'),"
        " layer) || ':', ? || ':') ORDER BY measurement_start_time, measurement_uid, layer",
        wanted,
    )
    for row in verdicts:
        row["read_from"] = f"{shelf.path(row.pop('source_id'))}:{row.pop('source_line')}"
    rules = {rule for row in cells for rule in row["rules"]}
    return Explanation(
        wanted,
        "cell",
        [wording.cell_sentence(cells)],
        [
            Table("Histogram of rules", [_histogram_row(c) for c in cells]),
            Table("Rules", [rule_row(r) for r in shelf.book.rules if r.id in rules]),
            Table("Verdicts", verdicts[:MOST_ROWS]),
        ],
        list(dict.fromkeys(row["measurement_uid"] for row in verdicts))[:3],
    )


def _histogram_row(cell: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("id", "n_measurements", "n_units", "n_failing", "n_ok", "n_down", "n_discarded")
    spoke = zip(cell["rules"], cell["n_by_rule"], strict=True)
    return {**{k: cell[k] for k in keys}, "rules": ", ".join(f"{r} x{n}" for r, n in spoke)}
