"""Walks any printed id back to the bytes: incident, change, cell, measurement, rule, source."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from overt.dossier import wording
from overt.engine.base import from_json, to_json
from overt.engine.duck import Duck
from overt.engine.workspace import SourceRecord
from overt.errors import UsageError
from overt.reference.platforms import PlatformList
from overt.verdicts.rulebook import Rulebook
from overt.vocabulary.instants import from_table, rfc3339
from overt.vocabulary.judgements import Incident, Schedule


MOST_ROWS = 200  # of one kind in an explanation; the rest are counted


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to show under a heading; every id in them can be explained in turn."""

    heading: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an id stands for: its kind, sentences, tables, and the ids to go on with."""

    id: str
    kind: str
    sentences: list[str]
    tables: list[Table] = field(default_factory=list)
    next: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What an explanation is drawn from.

    The relations `observation`, `verdict`, `cell` and `change` must be readable in `duck`.
    """

    incidents: Sequence[Incident]
    sources: Sequence[SourceRecord]
    duck: Duck
    book: Rulebook
    platforms: PlatformList

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """Return the rows of a query with instants in RFC 3339 and NULLs left out."""
        found = self.duck.query(sql, list(parameters)).to_pylist()
        return [{k: _plain(v) for k, v in row.items() if v is not None} for row in found]

    def path(self, source_id: str) -> str:
        """Return where a source's bytes were read from."""
        return next((s.path for s in self.sources if s.id == source_id), source_id)


def _plain(value: object) -> object:
    if hasattr(value, "hour"):
        return rfc3339(from_table(value))  # type: ignore[arg-type]
    return value


def explain(wanted: str, shelf: Shelf) -> Explanation:
    """Return the explanation of an id.

    Raises:
        UsageError: when nothing in the workspace has this id.
    """
    steps: tuple[Callable[[str, Shelf], Explanation | None], ...] = (
        _incident,
        _change,
        _cell,
        _rule,
        _measurement,
        _source,
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
    witnesses = [_witness_row(w, shelf) for w in to_json(incident.witnesses)]
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
            wording.incident_sentence(incident, shelf.platforms),
            wording.false_alarm_sentence(incident),
        ],
        [
            Table("Episodes", [_span_row(e) for e in to_json(incident.episodes)]),
            Table("Networks", networks),
            Table("Changes the incident rests on", changes),
            Table("Rules that spoke in the witnesses", [_rule_row(r) for r in rules]),
            Table("Witnesses: measurements to open", witnesses),
            Table("Versions", [to_json(incident.versions)]),
        ],
        [*incident.changes[:3], *(w.measurement_uid for w in incident.witnesses[:3])],
    )


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
        row["hours"] = wording.timetable(from_json(Schedule, network["schedule"]))
    row["mechanisms"] = ", ".join(network["mechanisms"])
    return {k: v for k, v in row.items() if v not in (None, "")}


def _witness_row(witness: Mapping[str, Any], shelf: Shelf) -> dict[str, Any]:
    return {
        "time": witness["time"],
        "asn": witness["asn"],
        "target": witness["target"],
        "layer": witness["layer"],
        "rule": witness["rule"],
        "measurement_uid": witness["measurement_uid"],
        "read_from": f"{shelf.path(witness['source'])}:{witness['line']}",
    }


def _change(wanted: str, shelf: Shelf) -> Explanation | None:
    if not wanted.startswith("change:"):
        return None
    found = shelf.rows("SELECT * FROM change WHERE id = ?", wanted)
    if not found:
        return None
    change = found[0]
    listed = change.pop("cells")
    cells = [
        row
        for cell in listed[:MOST_ROWS]
        for row in shelf.rows(
            "SELECT id, n_measurements, n_units, n_failing, n_ok, rules, n_by_rule FROM cell"
            " WHERE starts_with(id, ? || ':') ORDER BY id",
            cell,
        )
    ]
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
            Table("Rules", [_rule_row(r) for r in shelf.book.rules if r.id in rules]),
            Table("Verdicts", verdicts[:MOST_ROWS]),
        ],
        list(dict.fromkeys(row["measurement_uid"] for row in verdicts))[:3],
    )


def _histogram_row(cell: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("id", "n_measurements", "n_units", "n_failing", "n_ok", "n_down", "n_discarded")
    spoke = zip(cell["rules"], cell["n_by_rule"], strict=True)
    return {**{k: cell[k] for k in keys}, "rules": ", ".join(f"{r} x{n}" for r, n in spoke)}


def _rule_row(rule: Any) -> dict[str, Any]:  # noqa: ANN401 - a Rule; keeps the row flat
    return {
        "rule": rule.id,
        "outcome": str(rule.outcome),
        "mechanism": rule.mechanism or "-",
        "says": rule.says,
    }


def _rule(wanted: str, shelf: Shelf) -> Explanation | None:
    rule = shelf.book.rule(wanted)
    if rule is None:
        return None
    row = {
        "layer": str(rule.layer),
        "when": rule.when,
        "outcome": str(rule.outcome),
        "evidence": str(rule.evidence),
        "mechanism": rule.mechanism or "-",
        "source": rule.source,
        "rulebook": shelf.book.version,
    }
    return Explanation(wanted, "rule", [rule.says], [Table("Rule", [row])])


def _measurement(wanted: str, shelf: Shelf) -> Explanation | None:
    observations = shelf.rows(
        "SELECT * FROM (SELECT DISTINCT ON (observation_id) * FROM observation"
        " WHERE measurement_uid = ? ORDER BY observation_id, source_id, source_line)"
        " ORDER BY source_id, source_line, observation_id",
        wanted,
    )
    if not observations:
        return None
    verdicts = shelf.rows(
        "SELECT target, layer, outcome, evidence, rule, rules, mechanism, n_failing, n_endpoints,"
        " unit, concat_ws(':', 'cell', cc, target, asn, strftime(hour, '%Y%m%dT%H'), layer) AS cell"
        " FROM verdict WHERE measurement_uid = ? ORDER BY target, layer",
        wanted,
    )
    spoke = {row["rule"] for row in verdicts}
    context = ("test_name", "input", "measurement_start_time", "probe_cc", "probe_asn")
    facts = []
    for row in observations[:MOST_ROWS]:
        where = f"{shelf.path(row['source_id'])}:{row['source_line']}"
        shown = {
            k: v
            for k, v in row.items()
            if k.startswith(("hostname", "ip", "port", "dns_", "tcp_", "tls_", "http_", "control_"))
        }
        facts.append({**shown, "read_from": where})
    return Explanation(
        wanted,
        "measurement",
        [wording.measurement_sentence({k: observations[0].get(k) for k in context})],
        [
            Table("Verdicts", verdicts),
            Table("Rules that spoke", [_rule_row(r) for r in shelf.book.rules if r.id in spoke]),
            Table("Observations", facts),
        ],
        [row["cell"] for row in verdicts[:3]],
    )


def _source(wanted: str, shelf: Shelf) -> Explanation | None:
    least = 8
    if len(wanted) < least:
        return None
    matches = [s for s in shelf.sources if s.id.startswith(wanted.lower()) or s.path == wanted]
    if not matches:
        return None
    return Explanation(
        matches[0].id,
        "source",
        [wording.source_sentence(matches[0])],
        [Table("File", [to_json(s) for s in matches])],
    )
