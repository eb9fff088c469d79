"""What an incident's verdicts show in detail: mechanisms, names and the measurements to open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from overt.engine.duck import Duck
from overt.vocabulary.instants import from_table, to_table
from overt.vocabulary.judgements import Witness


WITNESSES_PER_NETWORK = 3
_LEAST_MECHANISM_SHARE = 0.05  # hand-set: a mechanism seen in fewer failing reports is not named


class Ledger(Protocol):
    """Where an incident's counts, names, mechanisms and witnesses come from."""

    def details(
        self, cc: str, platform: str, start: datetime, end: datetime
    ) -> dict[int, "NetworkDetail"]:
        """Return names, counts and mechanisms (commonest first) by network."""
        ...

    def witnesses(
        self, cc: str, platform: str, start: datetime, end: datetime, asns: Iterable[int]
    ) -> list[Witness]:
        """Return up to three failing measurements of each network, different units first."""
        ...


@dataclass(slots=True)
class NetworkDetail:
    """What the verdicts say of one network: its name, how much it was measured, how it failed."""

    name: str | None = None
    n_measurements: int = 0
    n_failing: int = 0
    n_units: int = 0
    mechanisms: list[str] = field(default_factory=list)


_WHERE = """
  FROM verdict WHERE cc = ? AND platform = ? AND measurement_start_time >= ?
    AND measurement_start_time < ?
"""

_MECHANISMS = f"""
WITH counted AS (
  SELECT asn, mechanism, count(DISTINCT measurement_uid) AS n
  {_WHERE} AND signal = 1 AND mechanism IS NOT NULL GROUP BY ALL
), summed AS (SELECT asn, sum(n) AS n_all FROM counted GROUP BY asn)
SELECT asn, mechanism FROM counted JOIN summed USING (asn)
WHERE n >= ? * n_all ORDER BY asn, n DESC, mechanism
"""

# A measurement counts once however many targets and layers it speaks of; one that does not vote
# (no evidence, or the instrument's own defect) is not counted.
_COUNTS = f"""
WITH voted AS (
  SELECT asn, measurement_uid, any_value(unit) AS unit, bool_or(signal = 1) AS failing
  {_WHERE} AND signal IS NOT NULL GROUP BY ALL
)
SELECT asn, count(*) AS n_measurements, count(*) FILTER (failing) AS n_failing,
  count(DISTINCT unit) AS n_units FROM voted GROUP BY asn
"""

_NAMES = """
SELECT asn, arg_max(as_name, (n, as_name)) AS name FROM (
  SELECT asn, as_name, count(*) AS n FROM verdict
  WHERE cc = ? AND as_name IS NOT NULL AND as_name <> '' GROUP BY ALL) GROUP BY asn
"""

# The first failing measurement of each unit before the second of any, so that witnesses differ.
_WITNESSES = f"""
WITH failing AS (
  SELECT *, row_number() OVER (PARTITION BY measurement_uid ORDER BY
      CASE layer WHEN 'dns' THEN 1 WHEN 'tcp' THEN 2 WHEN 'tls' THEN 3 ELSE 4 END, target) AS first
  {_WHERE} AND signal = 1
), one AS (
  SELECT *, row_number() OVER (PARTITION BY asn, unit
      ORDER BY measurement_start_time, measurement_uid) AS turn FROM failing WHERE first = 1
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY asn
      ORDER BY turn, measurement_start_time, measurement_uid) AS place FROM one
)
SELECT measurement_uid, measurement_start_time, asn, target, layer, rule, mechanism
FROM ranked WHERE place <= ? ORDER BY measurement_start_time, measurement_uid
"""


def _span(cc: str, platform: str, start: datetime, end: datetime) -> list[object]:
    return [cc, platform, to_table(start), to_table(end)]


class Verdicts:
    """The ledger of a workspace: its verdicts, readable in `duck` as the relation `verdict`."""

    def __init__(self, duck: Duck) -> None:
        self._duck = duck

    def details(
        self, cc: str, platform: str, start: datetime, end: datetime
    ) -> dict[int, NetworkDetail]:
        """Return names, counts and mechanisms (commonest first) by network."""
        details: dict[int, NetworkDetail] = {}
        for row in self._duck.query(_NAMES, [cc]).to_pylist():
            details.setdefault(row["asn"], NetworkDetail()).name = row["name"]
        span = _span(cc, platform, start, end)
        for row in self._duck.query(_COUNTS, span).to_pylist():
            detail = details.setdefault(row["asn"], NetworkDetail())
            detail.n_measurements, detail.n_failing = row["n_measurements"], row["n_failing"]
            detail.n_units = row["n_units"]
        spread = self._duck.query(_MECHANISMS, [*span, _LEAST_MECHANISM_SHARE]).to_pylist()
        for row in spread:
            details.setdefault(row["asn"], NetworkDetail()).mechanisms.append(row["mechanism"])
        return details

    def witnesses(
        self, cc: str, platform: str, start: datetime, end: datetime, asns: Iterable[int]
    ) -> list[Witness]:
        """Return up to three failing measurements of each network, different units first."""
        wanted = set(asns)
        rows = self._duck.query(
            _WITNESSES, [*_span(cc, platform, start, end), WITNESSES_PER_NETWORK]
        ).to_pylist()
        return [
            Witness(
                measurement_uid=row["measurement_uid"],
                time=from_table(row["measurement_start_time"]),
                asn=row["asn"],
                target=row["target"],
                layer=row["layer"],
                rule=row["rule"],
                mechanism=row["mechanism"],
            )
            for row in rows
            if row["asn"] in wanted
        ]


def commonest(of_networks: Sequence[list[str]]) -> list[str]:
    """Return every mechanism of several networks, those that lead on most networks first."""
    weight: dict[str, float] = {}
    for mechanisms in of_networks:
        for place, mechanism in enumerate(mechanisms):
            weight[mechanism] = weight.get(mechanism, 0.0) + 1.0 / (1 + place)
    return sorted(weight, key=lambda m: (-weight[m], m))
