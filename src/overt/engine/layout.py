"""The tables of a workspace's catalog, and which of their layouts this version can read.

A layout is named by a number in the table `meta`; it is raised when tables or parts change shape.
"""

import sqlite3
from pathlib import Path

from overt.engine import log
from overt.errors import WorkspaceError


LAYOUT = 2
_WITHOUT_LOG = "1"  # the layout before the history: a writer adds one, a reader finds none

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS source (
  id TEXT PRIMARY KEY, path TEXT NOT NULL, kind TEXT NOT NULL, size_bytes INTEGER NOT NULL,
  reader TEXT NOT NULL, n_lines INTEGER NOT NULL, n_read INTEGER NOT NULL,
  n_quarantined INTEGER NOT NULL, n_observations INTEGER NOT NULL, defect TEXT,
  notices TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS source_path (
  source TEXT NOT NULL REFERENCES source(id), path TEXT NOT NULL, PRIMARY KEY (source, path));
CREATE TABLE IF NOT EXISTS quarantine (
  source TEXT NOT NULL REFERENCES source(id), line INTEGER NOT NULL, reason TEXT NOT NULL,
  detail TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS quarantine_reason ON quarantine (reason);
CREATE TABLE IF NOT EXISTS part (
  tier TEXT NOT NULL, name TEXT NOT NULL, partition TEXT NOT NULL, fingerprint TEXT NOT NULL,
  n_rows INTEGER NOT NULL, first_hour TEXT, last_hour TEXT, PRIMARY KEY (tier, name));
CREATE TABLE IF NOT EXISTS document (
  name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, body TEXT NOT NULL);
"""


def check(db: sqlite3.Connection, root: Path) -> None:
    """Make the tables of a new catalog; leave one of another layout as it is.

    It looks before it writes: a reader must not wait for a writer's transaction.

    Raises:
        WorkspaceError: when the layout is not one this version reads.
    """
    made = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
    if made is None:
        db.executescript(
            f"BEGIN IMMEDIATE; {_TABLES} {log.TABLES}"
            f" INSERT OR IGNORE INTO meta VALUES ('layout', '{LAYOUT}'); COMMIT;"
        )
    found = _found(db)
    if found not in {_WITHOUT_LOG, str(LAYOUT)}:
        raise WorkspaceError(
            f"the workspace has layout {found}; this version of overt reads layout {LAYOUT}",
            where=str(root),
            remedy="use the version of overt that made it, or run into a new folder: all but the"
            " history can be derived again",
        )


def add_log(db: sqlite3.Connection) -> None:
    """Give a catalog of the layout before it a history, all of it or nothing."""
    if _found(db) == _WITHOUT_LOG:
        db.executescript(
            f"BEGIN IMMEDIATE; {log.TABLES}"
            f" UPDATE meta SET value = '{LAYOUT}' WHERE key = 'layout'; COMMIT;"
        )


def _found(db: sqlite3.Connection) -> str:
    row = db.execute("SELECT value FROM meta WHERE key = 'layout'").fetchone()
    return "none" if row is None else str(row[0])
