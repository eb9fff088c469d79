"""The workspace folder: immutable Parquet parts, a SQLite catalog of them, one writer at a time.

A part is written under a temporary name, flushed to disk, renamed, and only then entered in the
catalog in one transaction with the sources it was made from: a killed run leaves at worst a part
nobody names, which the next run sweeps. Readers use the catalog and are never blocked (WAL).
All but the history (`log`) can be derived again from the input.
"""

import fcntl
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from overt.engine import layout
from overt.engine.log import Log
from overt.errors import WorkspaceError
from overt.vocabulary.facts import Quarantined
from overt.vocabulary.records import Conclusion, RecordVersion


_SWEEP_AGE_S = 3600  # readers that listed a part an hour ago are done with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One Parquet file of one tier; `first_hour` and `last_hour` bound its rows' times, ISO."""

    tier: str
    name: str
    partition: str
    fingerprint: str
    n_rows: int
    first_hour: str | None = None
    last_hour: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """One input file, named by the SHA-256 of its bytes, and what became of its lines."""

    id: str
    path: str
    kind: str
    size_bytes: int
    reader: str
    n_lines: int
    n_read: int
    n_quarantined: int
    n_observations: int
    defect: str | None
    notices: Sequence[str]


def spelled(path: str) -> str:
    """Return a file name as text that can be stored; bytes that are not UTF-8 are written out."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def fingerprint(*parts: object) -> str:
    """Return 16 hexadecimal digits that name a set of inputs, the same on every machine."""
    text = json.dumps(parts, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Workspace:
    """A folder that holds what is derived from the input, and the history of what was concluded."""

    def __init__(self, root: Path, *, create: bool = False) -> None:
        self.root = root
        if not (root / "catalog.sqlite").exists():
            if not create:
                raise WorkspaceError(
                    "there is no workspace here yet",
                    where=str(root),
                    remedy=f"bring measurements in with: overt run PATH -w {root}",
                )
            if root.exists() and (not root.is_dir() or _holds_anything_else(root)):
                raise WorkspaceError(
                    "this is not an Overt workspace and not an empty folder",
                    where=str(root),
                    remedy="name another folder with -w",
                )
        try:
            (root / "parts").mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(root / "catalog.sqlite", isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA foreign_keys=ON")
            layout.check(self._db, root)
            self.log = Log(self._db)
        except (OSError, sqlite3.Error) as problem:
            raise WorkspaceError(
                f"the workspace cannot be opened: {problem}",
                where=str(root),
                remedy="check the folder's permissions and free space, or name another with -w",
            ) from problem

    def close(self) -> None:
        """Let go of the catalog."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the workspace for one writer; a second one is refused at once, never queued.

        Raises:
            WorkspaceError: when another process is writing, or the disk is full.
        """
        with (self.root / "writer.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as problem:
                raise WorkspaceError(
                    "another run is writing to this workspace",
                    where=str(self.root),
                    remedy="wait for it to end, or use another folder with -w",
                ) from problem
            try:
                layout.add_log(self._db)
                self._sweep()
                yield
            except (OSError, sqlite3.OperationalError) as problem:
                raise WorkspaceError(
                    f"the workspace could not be written: {problem}",
                    where=str(self.root),
                    remedy="free some space and run the same command again; nothing is lost",
                ) from problem

    def _sweep(self) -> None:
        """Remove parts no catalog row names, once readers that might still hold them are done."""
        named = {row[0] for row in self._db.execute("SELECT name FROM part")}
        for path in (self.root / "parts").iterdir():
            too_young = path.stat().st_mtime > self._clock() - _SWEEP_AGE_S
            if path.name not in named and (path.suffix == ".tmp" or not too_young):
                path.unlink()

    def _clock(self) -> float:
        """Return the file system's own present, so that no wall clock is consulted."""
        probe = self.root / "writer.lock"
        os.utime(probe)
        return probe.stat().st_mtime

    # -- parts -----------------------------------------------------------------------------------

    def write_part(
        self, tier: str, partition: str, made_from: str, table: pa.Table, time_column: str | None
    ) -> Part:
        """Write a table as an immutable Parquet file and return its catalog row, not yet entered.

        The name is derived from what the part was made from, so the same input gives the same name.
        """
        name = f"{tier}-{fingerprint(tier, partition, made_from)}.parquet"
        target = self.root / "parts" / name
        temporary = target.with_suffix(".tmp")
        pq.write_table(table, temporary, compression="zstd", compression_level=1)
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(target)
        first = last = None
        if time_column and table.num_rows:
            low, high = _min_max(table.column(time_column))
            if low is not None:
                first, last = low.isoformat(), high.isoformat()
        return Part(
            tier=tier,
            name=name,
            partition=partition,
            fingerprint=made_from,
            n_rows=table.num_rows,
            first_hour=first,
            last_hour=last,
        )

    def enter_source(
        self, records: Iterable[SourceRecord], parts: Iterable[Part], rows: Iterable[Quarantined]
    ) -> None:
        """Enter sources, their quarantine rows and their parts in one transaction.

        From then on the workspace is behind its input, until documents are stored.
        """
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('behind', '1')")
            for record in records:
                self._db.execute(
                    "INSERT INTO source VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                    (
                        record.id,
                        spelled(record.path),
                        record.kind,
                        record.size_bytes,
                        record.reader,
                        record.n_lines,
                        record.n_read,
                        record.n_quarantined,
                        record.n_observations,
                        record.defect,
                        json.dumps(list(record.notices)),
                    ),
                )
                self._db.execute(
                    "INSERT INTO source_path VALUES (?,?)", (record.id, spelled(record.path))
                )
            self._db.executemany(
                "INSERT INTO quarantine VALUES (?,?,?,?)",
                ((q.source_id, q.line, q.reason, q.detail) for q in rows),
            )
            self._insert_parts(parts)

    def enter_path(self, source_id: str, path: str) -> None:
        """Remember that known bytes were also seen under this path."""
        self._db.execute(
            "INSERT OR IGNORE INTO source_path VALUES (?,?)", (source_id, spelled(path))
        )

    def replace_parts(self, removed: Iterable[Part], added: Iterable[Part]) -> None:
        """Swap derived parts in one transaction; the old files are swept by a later run.

        From then on the workspace is behind, until documents are stored.
        """
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('behind', '1')")
            self._swap(removed, added)

    def _swap(self, removed: Iterable[Part], added: Iterable[Part]) -> None:
        self._db.executemany(
            "DELETE FROM part WHERE tier = ? AND name = ?", [(p.tier, p.name) for p in removed]
        )
        self._insert_parts(added)

    def _insert_parts(self, parts: Iterable[Part]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO part VALUES (?,?,?,?,?,?,?)",
            [
                (p.tier, p.name, p.partition, p.fingerprint, p.n_rows, p.first_hour, p.last_hour)
                for p in parts
            ],
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def parts(self, tier: str) -> list[Part]:
        """Return the catalogued parts of a tier, in name order."""
        rows = self._db.execute(
            "SELECT tier, name, partition, fingerprint, n_rows, first_hour, last_hour"
            " FROM part WHERE tier = ? ORDER BY partition, name",
            (tier,),
        )
        keys = ("tier", "name", "partition", "fingerprint", "n_rows", "first_hour", "last_hour")
        return [Part(**dict(zip(keys, row, strict=True))) for row in rows]

    def path_of(self, part: Part) -> Path:
        """Return where a part's bytes are."""
        return self.root / "parts" / part.name

    # -- sources and documents -------------------------------------------------------------------

    def knows(self, source_id: str) -> bool:
        """Say whether these bytes have been taken in."""
        found = self._db.execute("SELECT 1 FROM source WHERE id = ?", (source_id,)).fetchone()
        return found is not None

    def sources(self) -> list[SourceRecord]:
        """Return every source taken in, by path."""
        rows = self._db.execute(
            "SELECT id, path, kind, size_bytes, reader, n_lines, n_read, n_quarantined,"
            " n_observations, defect, notices FROM source ORDER BY path, id"
        )
        keys = [f for f in SourceRecord.__dataclass_fields__ if f != "notices"]
        return [
            SourceRecord(**dict(zip(keys, row[:-1], strict=True)), notices=json.loads(row[-1]))
            for row in rows
        ]

    def quarantine_counts(self) -> dict[str, int]:
        """Return how many lines were set apart, by reason."""
        rows = self._db.execute(
            "SELECT reason, count(*) FROM quarantine GROUP BY reason ORDER BY 2 DESC, 1"
        )
        return dict(rows.fetchall())

    def quarantine(self, limit: int | None = None) -> list[Quarantined]:
        """Return the lines that were set apart, by source and line."""
        rows = self._db.execute(
            "SELECT source, line, reason, detail FROM quarantine ORDER BY source, line LIMIT ?",
            (-1 if limit is None else limit,),
        )
        return [Quarantined(source_id=s, line=n, reason=r, detail=d) for s, n, r, d in rows]

    def set_apart(self, source_id: str, line: int) -> list[Quarantined]:
        """Return why one line was set apart; empty when it was not."""
        rows = self._db.execute(
            "SELECT reason, detail FROM quarantine WHERE source = ? AND line = ?", (source_id, line)
        )
        return [Quarantined(source_id=source_id, line=line, reason=r, detail=d) for r, d in rows]

    def store_documents(
        self,
        made_from: str,
        documents: Mapping[str, Any],
        *,
        removed: Iterable[Part] = (),
        added: Iterable[Part] = (),
        history: Iterable[tuple[Conclusion, Sequence[RecordVersion]]] = (),
    ) -> None:
        """Store JSON documents derived from all that was entered, all of them at once.

        The parts they go with and what the history says of them are in the same transaction.
        """
        with self._transaction():
            self._db.execute("DELETE FROM meta WHERE key = 'behind'")
            self._swap(removed, added)
            for conclusion, versions in history:
                self.log.append(conclusion, versions)
            for name, body in documents.items():
                self._db.execute(
                    "INSERT OR REPLACE INTO document VALUES (?,?,?)",
                    (name, made_from, json.dumps(body, sort_keys=True)),
                )

    def is_behind(self) -> bool:
        """Say whether something was entered that the documents do not know yet."""
        found = self._db.execute("SELECT 1 FROM meta WHERE key = 'behind'").fetchone()
        return found is not None

    def caught_up(self) -> None:
        """Record that the documents are what all that was entered gives."""
        with self._transaction():
            self._db.execute("DELETE FROM meta WHERE key = 'behind'")

    def document(self, name: str) -> tuple[str, Any] | None:
        """Return what a document was made from and its content, or None before the first run."""
        row = self._db.execute(
            "SELECT fingerprint, body FROM document WHERE name = ?", (name,)
        ).fetchone()
        return None if row is None else (row[0], json.loads(row[1]))


def _holds_anything_else(root: Path) -> bool:
    """Say whether a folder holds what is not ours; a run killed at its start leaves ours."""
    ours = {"parts", "tmp", "writer.lock"}
    return any(p.name not in ours and not p.name.startswith("catalog.") for p in root.iterdir())


def _min_max(column: pa.ChunkedArray) -> tuple[Any, Any]:
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import and needed only when writing

    found = pc.min_max(column).as_py()
    return found["min"], found["max"]
