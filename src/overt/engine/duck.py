"""DuckDB on this machine: bounded memory, one statement at a time, Arrow in and out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa

from overt.settings import Settings


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


class Duck:
    """A private in-memory DuckDB connection; tables come in by name and results leave as Arrow.

    Time zones never enter: timestamps are naive UTC (`vocabulary.instants.to_table`).
    """

    def __init__(self, settings: Settings) -> None:
        self._con = duckdb.connect(
            ":memory:",
            config={
                "threads": settings.threads,
                "memory_limit": f"{settings.memory_limit_mib}MiB",
                "temp_directory": str(settings.workspace / "tmp"),
                "preserve_insertion_order": False,
            },
        )
        self._con.execute("SET enable_progress_bar = false")  # it writes to stdout, among data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._con.close()

    def table(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable in SQL under `name`."""
        self._con.register(name, table)

    def parts(self, name: str, paths: Sequence[Path], empty: pa.Schema) -> None:
        """Make Parquet parts readable in SQL under `name`; an empty table when there are none."""
        if not paths:
            self._con.register(name, empty.empty_table())
            return
        listed = ", ".join(_quoted(p) for p in paths)
        self._con.execute(
            f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet([{listed}])"
        )

    def run(self, sql: str) -> None:
        """Run a statement for its effect inside this connection."""
        self._con.execute(sql)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        """Return the rows of a query as an Arrow table; `parameters` fill its question marks."""
        relation = self._con.sql(sql, params=list(parameters) or None)
        return relation.to_arrow_table()
