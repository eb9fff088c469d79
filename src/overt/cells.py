"""Verdicts per target, network, layer and hour: a histogram of rules, never an average; and votes.

A cell is what is counted and shown: how often each rule spoke. A vote is what the detectors hear:
one value per unit and hour, whatever that unit sent, so that a chatty probe weighs like any other.
"""

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from overt.engine.base import conform
from overt.engine.duck import Duck
from overt.vocabulary.judgements import Vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What was judged of one target on one network at one layer in one hour.

    Grain: cc x target x asn x layer x hour; key `id`, `cell:<cc>:<target>:<asn>:<hour>:<layer>`.
    `rules` and `n_by_rule` run side by side: the rules that spoke and how many measurements each.
    """

    id: str
    hour: datetime
    cc: str
    platform: str
    target: str
    asn: int
    as_name: str | None
    layer: str
    n_measurements: int
    n_units: int
    n_failing: int
    n_ok: int
    n_down: int
    n_discarded: int
    rules: list[str]
    n_by_rule: list[int]


_CELLS = """
WITH by_rule AS (
  SELECT hour, cc, platform, target, asn, layer, rule,
    count(DISTINCT measurement_uid) AS n FROM verdict GROUP BY ALL
), histogram AS (
  SELECT hour, cc, platform, target, asn, layer,
    list(rule ORDER BY n DESC, rule) AS rules, list(n ORDER BY n DESC, rule) AS n_by_rule
  FROM by_rule GROUP BY ALL
), counts AS (
  SELECT hour, cc, platform, target, asn, layer, max(as_name) AS as_name,
    count(DISTINCT measurement_uid) AS n_measurements, count(DISTINCT unit) AS n_units,
    count(*) FILTER (signal = 1) AS n_failing, count(*) FILTER (outcome = 'ok') AS n_ok,
    count(*) FILTER (outcome = 'down') AS n_down,
    count(*) FILTER (evidence = 'discarded') AS n_discarded
  FROM verdict GROUP BY ALL
)
SELECT concat_ws(':', 'cell', cc, target, asn, strftime(hour, '%Y%m%dT%H'), layer) AS id, *
FROM counts JOIN histogram USING (hour, cc, platform, target, asn, layer)
ORDER BY cc, target, asn, layer, hour
"""

# A measurement fails at a target when any layer fails there; it works when the deepest layer it
# tried works; otherwise it does not vote. An instrument's defect is not a layer tried.
_VOTES = """
WITH ballot AS (
  SELECT hour, cc, platform, target, asn, unit, measurement_uid,
    min(measurement_start_time) AS started,
    bool_or(signal = 1) AS failing,
    bool_or(signal = 1 AND outcome = 'blocked') AS controlled,
    bool_or(signal = 1 AND coalesce(is_artefact, false)) AS artefact,
    -- arg_max passes over NULL, so a layer that was tried and does not vote counts as -1
    arg_max(coalesce(signal, -1), CASE layer
        WHEN 'http' THEN 4 WHEN 'tls' THEN 3 WHEN 'tcp' THEN 2 ELSE 1 END)
      FILTER (evidence <> 'discarded') AS deepest
  FROM verdict LEFT JOIN (SELECT rule, is_artefact FROM rulebook) USING (rule)
  GROUP BY ALL
)
SELECT hour, cc, platform, target, asn, unit,
  count(*) AS n_measurements,
  count(*) FILTER (failing) AS n_failing,
  count(*) FILTER (failing AND controlled) AS n_controlled,
  count(*) FILTER (failing AND artefact) AS n_artefact,
  min(started) FILTER (failing) AS first_failing, max(started) FILTER (failing) AS last_failing,
  min(started) FILTER (NOT failing) AS first_ok, max(started) FILTER (NOT failing) AS last_ok
FROM ballot WHERE failing OR deepest = 0
GROUP BY ALL
ORDER BY cc, target, asn, hour, unit
"""


def tally(duck: Duck) -> pa.Table:
    """Return the cells of the verdicts readable as `verdict` in `duck`, by series and hour."""
    return conform(Cell, duck.query(_CELLS))


def votes(duck: Duck) -> pa.Table:
    """Return the votes of the verdicts readable as `verdict`, ordered by series, hour and unit.

    Grain: `vocabulary.judgements.Vote`. The relation `rulebook` must be readable too.
    A measurement without a voting verdict is in no vote; the cells still count it.
    """
    return conform(Vote, duck.query(_VOTES))
