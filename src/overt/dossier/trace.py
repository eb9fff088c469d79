"""Walks whatever stands beside an id to its bytes: rules, names, units, measurements, lines."""

from collections.abc import Callable
from typing import Any

from overt.dossier import wording
from overt.dossier.shelf import MOST_ROWS, Explanation, Shelf, Table, rule_row
from overt.dossier.words import MECHANISM_WORDS
from overt.engine.base import to_json
from overt.engine.workspace import SourceRecord
from overt.vocabulary.places import platform_of


LEAST_PREFIX = 8  # characters of a source's hash that name it

_FATE = """
WITH one AS (
  SELECT measurement_uid, cc, asn, platform, target, any_value(unit) AS unit,
    min(measurement_start_time) AS time, bool_or(signal = 1) AS failing
  FROM verdict WHERE {which} AND signal IS NOT NULL
  GROUP BY measurement_uid, cc, asn, platform, target
)
SELECT {by} count(DISTINCT measurement_uid) AS n_measurements,
  count(DISTINCT measurement_uid) FILTER (failing) AS n_failing,
  count(DISTINCT unit) AS n_units, min(time) AS first, max(time) AS last
FROM one {grouped}
"""


def _fates(
    shelf: Shelf, by: str, which: str, *parameters: object
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return how what `which` selects fared, in all and by some columns, most measured first."""
    total = shelf.rows(_FATE.format(by="", which=which, grouped=""), *parameters)[0]
    grouped = f"GROUP BY {by} ORDER BY n_measurements DESC, {by}"
    rows = shelf.rows(_FATE.format(by=f"{by},", which=which, grouped=grouped), *parameters)
    return total, rows[:MOST_ROWS]


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


def _mechanism(wanted: str, shelf: Shelf) -> Explanation | None:
    if wanted not in MECHANISM_WORDS:
        return None
    rules = [rule_row(r) for r in shelf.book.rules if r.mechanism == wanted]
    return Explanation(
        wanted,
        "mechanism",
        [wording.mechanism_sentence(wanted)],
        [Table("Rules that say so", rules)],
    )


def _platform(wanted: str, shelf: Shelf) -> Explanation | None:
    """Return what a platform, or one target of it, is made of and how it fared."""
    listed = next(
        (p for p in shelf.platforms.platforms if wanted in {p.id, *(t.id for t in p.targets)}), None
    )
    total, fates = _fates(shelf, "cc, target, asn", "(target = ? OR platform = ?)", wanted, wanted)
    if listed is None and not fates:
        return None
    targets = [
        {
            "target": t.id,
            "hostnames": ", ".join(t.hostnames),
            "addresses": ", ".join(t.addresses),
            "nettests": ", ".join(t.nettests),
            "failing_share": t.failing_share,
        }
        for t in (listed.targets if listed else ())
        if wanted in {listed.id if listed else "", t.id}
    ]
    kind = "platform" if (listed and wanted == listed.id) or "/" not in wanted else "target"
    return Explanation(
        wanted,
        kind,
        [wording.fate_sentence(wanted, total)],
        [Table("Targets", targets), Table("By network", fates)],
        [i.id for i in shelf.incidents if i.platform in {wanted, platform_of(wanted)}][:3],
    )


def _network(wanted: str, shelf: Shelf) -> Explanation | None:
    digits = wanted.upper().removeprefix("AS")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len("4294967295")):
        return None
    asn = int(digits)
    total, fates = _fates(shelf, "cc, platform, target", "asn = ?", asn)
    if not fates:
        return None
    return Explanation(
        f"AS{asn}",
        "network",
        [wording.fate_sentence(f"AS{asn}", total)],
        [Table("By target", fates)],
        [i.id for i in shelf.incidents if any(n.asn == asn for n in i.networks)][:3],
    )


def _unit(wanted: str, shelf: Shelf) -> Explanation | None:
    if not _is_hexadecimal(wanted):
        return None
    total, fates = _fates(shelf, "cc, asn, target", "unit = ?", wanted)
    if not fates:
        return None
    sent = shelf.rows(
        "SELECT measurement_uid, min(measurement_start_time) AS time FROM verdict"
        " WHERE unit = ? GROUP BY measurement_uid ORDER BY bool_or(signal = 1) DESC, time LIMIT 3",
        wanted,
    )
    return Explanation(
        wanted,
        "unit",
        [wording.fate_sentence(f"Unit {wanted}", total), wording.UNIT_MEANS],
        [Table("By target", fates)],
        [row["measurement_uid"] for row in sent],
    )


def _is_hexadecimal(text: str) -> bool:
    return bool(text) and set(text) <= set("0123456789abcdef")


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
            Table("Rules that spoke", [rule_row(r) for r in shelf.book.rules if r.id in spoke]),
            Table("Observations", facts),
        ],
        [row["cell"] for row in verdicts[:3]],
    )


def _source(wanted: str, shelf: Shelf) -> Explanation | None:
    matches = _sources(wanted, shelf)
    if not matches:
        return None
    return Explanation(
        matches[0].id,
        "source",
        [wording.source_sentence(matches[0])],
        [Table("File", [to_json(s) for s in matches])],
    )


def _sources(wanted: str, shelf: Shelf) -> list[SourceRecord]:
    named = [s for s in shelf.sources if s.path == wanted]
    if len(wanted) >= LEAST_PREFIX:
        named += [s for s in shelf.sources if s.id.startswith(wanted.lower()) and s not in named]
    return named


def _line(wanted: str, shelf: Shelf) -> Explanation | None:
    """Return what one line of a file stated, or why it was set apart."""
    path, _, number = wanted.rpartition(":")
    matches = _sources(path, shelf)
    if not matches or not (number.isascii() and number.isdigit()):
        return None
    source, line = matches[0], int(number[:18])
    rows = shelf.rows(
        "SELECT * FROM observation WHERE source_id = ? AND source_line = ?", source.id, line
    )
    apart = shelf.set_apart(source.id, line)
    reasons = [{"reason": str(q.reason), "detail": q.detail} for q in apart]
    facts = [{k: v for k, v in r.items() if k not in ("source_id", "source_line")} for r in rows]
    uids = list(dict.fromkeys(row["measurement_uid"] for row in rows))
    return Explanation(
        f"{source.path}:{line}",
        "line",
        [wording.line_sentence(source, line, len(rows), uids, [r["reason"] for r in reasons])],
        [Table("Set apart", reasons), Table("Observations", facts[:MOST_ROWS])],
        uids[:3],
    )


Step = Callable[[str, Shelf], Explanation | None]
STEPS: tuple[Step, ...] = (
    _rule,
    _mechanism,
    _measurement,
    _source,
    _line,
    _network,
    _unit,
    _platform,
)
