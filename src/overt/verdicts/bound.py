"""Observations bound to what a rule may ask about: siblings, controls, failure classes, places.

Grain of the result (`BOUND`): observation x layer tried, with the columns of `COLUMNS`.
The control of a layer is `ok`, `failing` or `none`, from the strongest witness there is:

* the test helper's own attempt at that layer (web_connectivity);
* else other networks: at least `MIN_ELSEWHERE` other networks reached the same target within
  `ELSEWHERE_HOURS` hours either side (`ok`); or at least `MIN_ABROAD` networks abroad tried and
  most of them failed too (`failing`, the service itself is down).

No control is `none`, and `none` is no evidence. One network's say is never a control, and a unit
has one say in its network, so that a control `ok` has an honest witness, and `failing` two, as long
as at most one unit is forged. The three numbers are hand-set; in Kenya 2023, 424 of the 428 failing
measurements on the affected networks had such a control.
"""

from overt.vocabulary.facts import FAILURES, Layer


ELSEWHERE_HOURS = 6
MIN_ELSEWHERE = 2
MIN_ABROAD = 3

# The closed list of what a rule's condition may name, and the engine's type of each.
COLUMNS = {
    "layer": "VARCHAR",
    "test_name": "VARCHAR",
    "failure": "VARCHAR",
    "class": "VARCHAR",
    "ok": "BOOLEAN",
    "control": "VARCHAR",
    "ip_version": "INTEGER",
    "scheme": "VARCHAR",
    "dialled_by_address": "BOOLEAN",
    "resolver_in_network": "BOOLEAN",
    "own_resolver": "BOOLEAN",
    "dns_query_type": "VARCHAR",
    "dns_answer_is_bogon": "BOOLEAN",
    "dns_answer_in_control": "BOOLEAN",
    "control_answers_bogon": "BOOLEAN",
    "certificate_valid": "BOOLEAN",
    "address_vouched": "BOOLEAN",
    "address_untrusted": "BOOLEAN",
    "n_dns_ok": "BIGINT",
    "n_dns_failed": "BIGINT",
    "n_tcp_ok": "BIGINT",
    "n_tcp_failed": "BIGINT",
    "n_tls_ok": "BIGINT",
    "n_tls_failed": "BIGINT",
    "http_status_code": "BIGINT",
    "control_http_status_code": "BIGINT",
    "body_proportion": "DOUBLE",
    "same_title": "BOOLEAN",
}


def _class_case(column: str) -> str:
    by_class: dict[str, list[str]] = {}
    for failure, kind in FAILURES.items():
        by_class.setdefault(kind.value, []).append(failure)
    whens = " ".join(
        f"WHEN {column} IN ({', '.join(repr(f) for f in sorted(names))}) THEN '{kind}'"
        for kind, names in sorted(by_class.items())
    )
    return f"CASE {whens} WHEN {column} IS NOT NULL THEN 'other' END"


# A unit is a probe id, or what stays the same from one report session of a probe to its next:
# place, resolver's network, access type, software, platform. The resolver's address is left out:
# one probe's queries leave by changing addresses (Kenya 2023, AS12455: two in consecutive hours).
#
# The observations of a span of days, each fact once, with the target it is about. A target is found
# by name, or by address where the nettest dials addresses; any other host is a platform of its own.
FACTS = """
CREATE OR REPLACE TEMP TABLE facts AS
WITH once AS (
  SELECT DISTINCT ON (observation_id) * FROM observation
  WHERE measurement_start_time >= $low AND measurement_start_time < $high
    AND probe_cc <> 'ZZ' AND probe_asn <> 0
  ORDER BY observation_id, source_id, source_line
), hosted AS (
  SELECT *, coalesce(hostname, ip) AS host, regexp_replace(hostname, '^www\\.', '') AS site
  FROM once
  WHERE coalesce(hostname, ip) IS NOT NULL
)
SELECT o.*,
  coalesce(h.platform, a.platform, n.platform, o.site, o.ip) AS platform_id,
  coalesce(h.target, a.target, n.target, coalesce(o.site, o.ip) || '/web') AS target,
  h.target IS NULL AND coalesce(a.target, n.target) IS NOT NULL AS dialled_by_address,
  CASE WHEN o.ip LIKE '%:%' THEN 6 WHEN o.ip IS NOT NULL THEN 4 END AS ip_version,
  lower(split_part(o.http_request_url, ':', 1)) AS scheme,
  concat_ws('|', o.probe_cc, o.probe_asn, coalesce(o.probe_id, concat_ws('|', o.resolver_asn,
    o.network_type, o.software_name, o.software_version, o.platform, o.architecture))) AS unit_key,
  date_trunc('hour', o.measurement_start_time) AS hour
FROM hosted o
LEFT JOIN ref_hostname h ON h.hostname = o.hostname
LEFT JOIN ref_address a ON o.hostname IS NULL AND a.ip = o.ip
LEFT JOIN ref_address n ON o.hostname IS NULL AND a.target IS NULL
  AND n.ip IS NULL AND n.test_name = o.test_name
"""

# Which units reached which target in which hour, over the day and the hours around it. Only what
# a middlebox cannot easily counterfeit counts as reached: a verified handshake, or an answer from
# an address dialled directly.
REACH = """
CREATE OR REPLACE TEMP TABLE reach AS
WITH tried AS (
  SELECT target, hour, probe_cc AS cc, probe_asn AS asn, unit_key, measurement_uid,
    bool_or((http_ok AND (dialled_by_address OR scheme = 'https'))
      OR (tls_ok AND coalesce(tls_is_certificate_valid, true))) AS reached,
    bool_or(http_ok IS false OR tls_ok IS false OR tcp_ok IS false) AS failed
  FROM facts GROUP BY ALL
)
SELECT target, hour, cc, asn, unit_key, count(*) FILTER (reached) AS n_reached,
  count(*) FILTER (failed AND NOT coalesce(reached, false)) AS n_failed
FROM tried GROUP BY ALL
"""

# A unit has one say whatever it sends, and a network says what most of its units say, so that one
# forged unit can neither drown the honest ones of a network nor be more than one network.
ELSEWHERE = f"""
CREATE OR REPLACE TEMP TABLE elsewhere AS
WITH here AS (
  SELECT DISTINCT target, hour, cc, asn FROM reach
), unit_near AS (
  SELECT here.target, here.hour, here.cc, here.asn, there.cc AS there_cc, there.asn AS there_asn,
    sum(there.n_reached) > sum(there.n_failed) AS reached, sum(there.n_failed) > 0 AS failed
  FROM here JOIN reach there
    ON there.target = here.target AND (there.cc <> here.cc OR there.asn <> here.asn)
    AND there.hour BETWEEN here.hour - INTERVAL {ELSEWHERE_HOURS} HOUR
                       AND here.hour + INTERVAL {ELSEWHERE_HOURS} HOUR
  GROUP BY here.target, here.hour, here.cc, here.asn, there.cc, there.asn, there.unit_key
), near AS (
  SELECT target, hour, cc, asn, there_cc, there_asn, count(*) FILTER (reached) AS n_reached,
    count(*) FILTER (failed AND NOT reached) AS n_failed
  FROM unit_near GROUP BY ALL
), counted AS (
  SELECT target, hour, cc, asn,
    count(*) FILTER (n_reached > n_failed) AS n_elsewhere_ok,
    count(*) FILTER (there_cc <> cc AND n_reached > n_failed) AS n_abroad_ok,
    count(*) FILTER (there_cc <> cc AND n_failed >= n_reached AND n_failed > 0) AS n_abroad_failing
  FROM near GROUP BY ALL
)
SELECT target, hour, cc, asn, CASE
  WHEN n_abroad_failing >= {MIN_ABROAD} AND n_abroad_failing > n_abroad_ok THEN 'failing'
  WHEN n_elsewhere_ok >= {MIN_ELSEWHERE} THEN 'ok'
  ELSE 'none' END AS control
FROM counted
"""

# What happened at the other steps of the same measurement towards the same host.
_SIBLINGS = """
siblings AS (
  SELECT measurement_uid, host,
    count(*) FILTER (dns_ok) AS n_dns_ok, count(*) FILTER (dns_ok IS false) AS n_dns_failed,
    count(*) FILTER (tcp_ok) AS n_tcp_ok,
    -- IPv6 without a route is the probe's condition, not a failed step of the path
    count(*) FILTER (tcp_ok IS false AND NOT (ip_version = 6
      AND tcp_failure IN ('host_unreachable', 'network_unreachable'))) AS n_tcp_failed,
    count(*) FILTER (tls_ok) AS n_tls_ok, count(*) FILTER (tls_ok IS false) AS n_tls_failed
  FROM facts GROUP BY ALL
), by_port AS (
  SELECT measurement_uid, host, port, count(*) FILTER (tcp_ok) AS n_tcp_ok,
    count(*) FILTER (tcp_ok IS false) AS n_tcp_failed
  FROM facts WHERE dialled_by_address GROUP BY ALL
), vouched AS (
  SELECT DISTINCT measurement_uid, ip FROM facts
  WHERE tls_ok AND coalesce(tls_is_certificate_valid, true) AND ip IS NOT NULL
), bogus AS (
  SELECT DISTINCT measurement_uid, ip FROM facts WHERE dns_answer_is_bogon AND ip IS NOT NULL
)
"""

_HELPER = {
    Layer.DNS: "f.control_dns_ok",
    Layer.TCP: "f.control_tcp_ok",
    Layer.TLS: "f.control_tls_ok",
    Layer.HTTP: "f.control_http_ok",
}


def _layer_select(layer: Layer) -> str:
    """Return the SELECT that binds the observations of one layer."""
    helper = _HELPER[layer]
    return f"""
SELECT '{layer}' AS layer, f.hour, f.measurement_uid, f.measurement_start_time, f.test_name,
  f.probe_cc AS cc, f.probe_asn AS asn, f.probe_as_org_name AS as_name, f.unit_key,
  f.platform_id, f.target, f.source_id, f.source_line, f.observation_id,
  concat_ws('|', f.host, f.ip, f.port, f.http_request_url, f.dns_engine) AS endpoint,
  f.{layer}_ok AS ok, f.{layer}_failure AS failure,
  {_class_case(f"f.{layer}_failure")} AS class,
  CASE WHEN {helper} THEN 'ok' WHEN {helper} IS false THEN 'failing'
       ELSE coalesce(e.control, 'none') END AS control,
  f.ip_version, f.scheme, f.dialled_by_address,
  f.resolver_asn = f.probe_asn AS resolver_in_network,
  coalesce(f.dns_engine, 'system') IN ('system', 'getaddrinfo', 'golang_net_resolver', 'go',
    'unknown') AS own_resolver,
  f.dns_query_type, f.dns_answer_is_bogon,
  f.control_dns_has_answer AS dns_answer_in_control,
  f.control_dns_is_bogon AS control_answers_bogon,
  f.tls_is_certificate_valid AS certificate_valid,
  v.ip IS NOT NULL AS address_vouched,
  coalesce(f.dns_answer_is_bogon, false) OR b.ip IS NOT NULL AS address_untrusted,
  s.n_dns_ok, s.n_dns_failed,
  CASE WHEN f.dialled_by_address THEN coalesce(p.n_tcp_ok, 0) ELSE s.n_tcp_ok END AS n_tcp_ok,
  CASE WHEN f.dialled_by_address THEN coalesce(p.n_tcp_failed, 0) ELSE s.n_tcp_failed END
    AS n_tcp_failed,
  s.n_tls_ok, s.n_tls_failed,
  f.http_response_status_code AS http_status_code, f.control_http_status_code,
  CASE WHEN greatest(f.http_response_body_length, f.control_http_body_length) > 0
       THEN least(f.http_response_body_length, f.control_http_body_length)
          / greatest(f.http_response_body_length, f.control_http_body_length) END
    AS body_proportion,
  f.http_response_title = f.control_http_title AS same_title
FROM facts f
LEFT JOIN siblings s USING (measurement_uid, host)
LEFT JOIN by_port p ON p.measurement_uid = f.measurement_uid AND p.host = f.host AND p.port = f.port
LEFT JOIN vouched v ON v.measurement_uid = f.measurement_uid AND v.ip = f.ip
LEFT JOIN bogus b ON b.measurement_uid = f.measurement_uid AND b.ip = f.ip
LEFT JOIN elsewhere e ON e.target = f.target AND e.hour = f.hour
  AND e.cc = f.probe_cc AND e.asn = f.probe_asn
WHERE f.{layer}_ok IS NOT NULL AND f.measurement_start_time >= $start
  AND f.measurement_start_time < $end"""


BOUND = f"CREATE OR REPLACE TEMP TABLE bound AS WITH {_SIBLINGS} " + " UNION ALL ".join(
    _layer_select(layer) for layer in Layer
)
