"""Observations into verdicts: one per measurement, target and layer, by the rulebook.

The rules speak on each endpoint; a measurement's verdict on a target is then the reading of enough
of its endpoints (`Target.failing_share`), so that one dead address does not make a site blocked and
one live data centre does not make a service whole.
"""

from datetime import date, datetime, timedelta

import pyarrow as pa

from overt.engine.base import conform
from overt.engine.duck import Duck
from overt.reference.platforms import PlatformList
from overt.verdicts.bound import BOUND, ELSEWHERE, ELSEWHERE_HOURS, FACTS, REACH
from overt.verdicts.rulebook import Rulebook
from overt.vocabulary.judgements import Verdict


REACH_BACK = timedelta(hours=ELSEWHERE_HOURS)

_FOLD = """
WITH judged AS (
  SELECT b.*, {winner} AS rule, {held} AS rules FROM bound b
), weighed AS (
  SELECT j.*, r.outcome, r.evidence, r.signal, r.mechanism
  FROM judged j JOIN rulebook r USING (rule)
), by_rule AS (
  SELECT layer, hour, measurement_uid, target, rule,
    any_value(signal) AS signal, count(*) AS n,
    min({{'source_id': source_id, 'source_line': source_line}}) AS seen_at
  FROM weighed GROUP BY ALL
), totals AS (
  SELECT layer, hour, measurement_uid, target,
    sum(n)::BIGINT AS n_endpoints,
    coalesce(sum(n) FILTER (signal = 1), 0)::BIGINT AS n_failing,
    coalesce(sum(n) FILTER (signal IS NOT NULL), 0)::BIGINT AS n_voting
  FROM by_rule GROUP BY ALL
), decided AS (
  SELECT t.*, CASE WHEN n_voting = 0 THEN NULL
    WHEN n_failing > 0 AND n_failing >= coalesce(rt.failing_share, 1.0) * n_voting THEN 1
    ELSE 0 END AS vote
  FROM totals t LEFT JOIN ref_target rt USING (target)
), spoke AS (
  SELECT d.*, arg_max(b.rule, (b.signal IS NOT DISTINCT FROM d.vote, b.n, b.rule)) AS rule
  FROM decided d JOIN by_rule b USING (layer, hour, measurement_uid, target) GROUP BY ALL
), context AS (
  SELECT layer, hour, measurement_uid, target,
    min(measurement_start_time) AS measurement_start_time, min(test_name) AS test_name,
    min(cc) AS cc, min(asn) AS asn, min(as_name) AS as_name, min(unit_key) AS unit_key,
    min(platform_id) AS platform_id, list_sort(list_distinct(flatten(list(rules)))) AS rules
  FROM weighed GROUP BY ALL
)
SELECT c.hour, c.measurement_uid,
  c.measurement_start_time, c.test_name, c.cc, c.asn, c.as_name,
  substr(md5(c.unit_key), 1, 12) AS unit, c.platform_id AS platform, c.target, c.layer,
  r.outcome, r.evidence, s.vote::BIGINT AS signal, s.rule, c.rules, r.mechanism,
  s.n_endpoints, s.n_failing, b.seen_at.source_id AS source_id,
  b.seen_at.source_line::BIGINT AS source_line
FROM spoke s
JOIN context c USING (layer, hour, measurement_uid, target)
JOIN by_rule b USING (layer, hour, measurement_uid, target, rule)
JOIN rulebook r USING (rule)
ORDER BY c.cc, c.asn, c.target, c.layer, c.measurement_start_time, c.measurement_uid
"""


def judge(duck: Duck, first: date, last: date, book: Rulebook, platforms: PlatformList) -> pa.Table:
    """Return the verdicts of the UTC days from `first` to `last`, both included.

    Grain: measurement x target x layer tried, `vocabulary.judgements.Verdict`.
    The relation `observation` must be readable in `duck` and hold the days and `REACH_BACK` either
    side, so that the controls of the first and last hours are whole; then it makes no difference
    how days are put together.
    Order: by place, target, layer and time; ties by uid, so equal input gives equal bytes.
    """
    for name, table in platforms.tables().items():
        duck.table(name, table)
    duck.table("rulebook", book.table())
    start = datetime(first.year, first.month, first.day)  # noqa: DTZ001 - tables are naive UTC
    end = datetime(last.year, last.month, last.day) + timedelta(days=1)  # noqa: DTZ001
    spans = {"low": start - REACH_BACK, "high": end + REACH_BACK, "start": start, "end": end}
    for sql in (FACTS, REACH, ELSEWHERE, BOUND):
        duck.run(_spelled(sql, spans))
    folded = duck.query(_FOLD.format(winner=book.winner_sql(), held=book.held_sql()))
    return conform(Verdict, folded)


def _spelled(sql: str, spans: dict[str, datetime]) -> str:
    """Return SQL with the instants of a span in place of their names.

    CREATE TABLE AS carries no parameters; the values are our own timestamps.
    """
    for name, instant in sorted(spans.items(), key=lambda item: -len(item[0])):
        sql = sql.replace(f"${name}", f"TIMESTAMP '{instant:%Y-%m-%d %H:%M:%S}'")
    return sql
