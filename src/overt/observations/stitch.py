"""Facts into one row per endpoint tried: DNS, TCP, TLS and HTTP of one address side by side.

Facts of one connection share a transaction id where the probe wrote one; else the address and port
decide. What cannot be joined stays a row of its own: no fact is lost and none is counted twice.
"""

from overt.observations.flatten import Facts
from overt.sources.reader import Row


Key = tuple[object, ...]


def stitch(facts: Facts) -> list[Row]:
    """Return the endpoint rows of one measurement, in a fixed order."""
    rows: list[Row] = [dict(fact) for fact in facts.tcp]
    _merge(rows, facts.tls, "tls_ok")
    _merge(rows, facts.http, "http_ok")
    _attach_names(rows, facts.dns)
    return rows


def _keys(row: Row) -> list[Key]:
    """Return what a row can be joined by, strongest first."""
    keys: list[Key] = []
    if row.get("transaction_id"):
        keys.append(("transaction", row["transaction_id"]))
    if row.get("ip") and row.get("port"):
        keys.append(("endpoint", row["ip"], row["port"]))
    return keys


def _merge(rows: list[Row], facts: list[Row], step: str) -> None:
    """Join each fact to the first row of its connection that has no such step yet."""
    index: dict[Key, list[Row]] = {}
    for row in rows:
        for key in _keys(row):
            index.setdefault(key, []).append(row)
    for fact in facts:
        home = next(
            (
                row
                for key in _keys(fact)
                for row in index.get(key, ())
                if step not in row and _compatible(row, fact)
            ),
            None,
        )
        if home is None:
            rows.append(dict(fact))
        else:
            home.update({k: v for k, v in fact.items() if v is not None or k not in home})


def _compatible(row: Row, fact: Row) -> bool:
    """Say whether row and fact can be one connection: they name nothing differently."""
    for field in ("transaction_id", "hostname", "ip", "port"):
        mine, theirs = row.get(field), fact.get(field)
        if mine and theirs and mine != theirs:
            return False
    for name, asked in (
        (fact.get("hostname"), row.get("tls_server_name")),
        (row.get("hostname"), fact.get("tls_server_name")),
    ):
        if name and asked and name != asked:
            return False
    return True


def _attach_names(rows: list[Row], lookups: list[Row]) -> None:
    """Give each connection the lookup that led to it; every other lookup is its own row."""
    waiting: dict[object, list[Row]] = {}
    for row in rows:
        if row.get("ip"):
            waiting.setdefault(row["ip"], []).append(row)
    for lookup in lookups:
        homes = [
            row
            for row in waiting.get(lookup.get("ip"), [])
            if "dns_ok" not in row
            and (row.get("hostname") or row.get("tls_server_name") or lookup["hostname"])
            == lookup["hostname"]
        ]
        if not homes:
            rows.append(dict(lookup))
            continue
        for index, row in enumerate(homes):
            row["hostname"] = lookup["hostname"]
            if index == 0:  # the fact is one; further connections to the address take the name only
                row.update({k: v for k, v in lookup.items() if k != "transaction_id"})
    for row in rows:
        if row.get("hostname") is None and row.get("tls_server_name"):
            row["hostname"] = row["tls_server_name"]
