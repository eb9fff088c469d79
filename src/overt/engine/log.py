"""The append-only history in the catalog: what was concluded when, and every incident's versions.

Triggers abort any UPDATE, DELETE or replacement and any number out of turn, whoever asks. They
guard against mistakes, not against a person who drops them or writes to the file's bytes.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from overt.vocabulary.instants import rfc3339
from overt.vocabulary.judgements import Versions
from overt.vocabulary.records import Conclusion, Kind, RecordVersion


# INSERT OR REPLACE fires no delete trigger, so the insert triggers refuse every number but the
# next; without a rowid there is no second key by which a row could be replaced.
TABLES = """
CREATE TABLE IF NOT EXISTS conclusion (
  seq INTEGER PRIMARY KEY, recorded TEXT NOT NULL, code TEXT NOT NULL, rulebook TEXT NOT NULL,
  reference TEXT NOT NULL, made_from TEXT NOT NULL, n_incidents INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS record_version (
  record TEXT NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
  took_in TEXT NOT NULL, gave_off TEXT NOT NULL, part_of TEXT, body TEXT NOT NULL,
  conclusion INTEGER NOT NULL REFERENCES conclusion(seq),
  PRIMARY KEY (record, version)) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS conclusion_in_turn BEFORE INSERT ON conclusion
  WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM conclusion)
  BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER IF NOT EXISTS conclusion_not_edited BEFORE UPDATE ON conclusion
  BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER IF NOT EXISTS conclusion_not_deleted BEFORE DELETE ON conclusion
  BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER IF NOT EXISTS record_version_in_turn BEFORE INSERT ON record_version
  WHEN NEW.version IS NOT
    (SELECT coalesce(max(version), 0) + 1 FROM record_version WHERE record = NEW.record)
    OR NEW.conclusion IS NOT (SELECT max(seq) FROM conclusion)
  BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER IF NOT EXISTS record_version_not_edited BEFORE UPDATE ON record_version
  BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER IF NOT EXISTS record_version_not_deleted BEFORE DELETE ON record_version
  BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
"""

_SELECT = """
SELECT v.record, v.version, v.id, v.kind, v.took_in, v.gave_off, v.part_of, v.body,
  c.seq, c.recorded, c.code, c.rulebook, c.reference, c.made_from, c.n_incidents
FROM record_version v JOIN conclusion c ON c.seq = v.conclusion
"""
_CONCLUSION = (
    "SELECT seq, recorded, code, rulebook, reference, made_from, n_incidents FROM conclusion"
)


class Log:
    """The history of one catalog; empty in a workspace that an earlier version made."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def append(self, conclusion: Conclusion, versions: Iterable[RecordVersion]) -> None:
        """Append a conclusion and the record versions it gave, inside the caller's transaction.

        Raises:
            sqlite3.IntegrityError: when a number is not the next one; a defect of the caller.
        """
        self._db.execute(
            "INSERT INTO conclusion VALUES (?,?,?,?,?,?,?)",
            (
                conclusion.seq,
                rfc3339(conclusion.recorded),
                conclusion.versions.code,
                conclusion.versions.rulebook,
                conclusion.versions.reference,
                conclusion.made_from,
                conclusion.n_incidents,
            ),
        )
        for v in versions:
            self._db.execute(
                "INSERT INTO record_version VALUES (?,?,?,?,?,?,?,?,?)",
                (
                    v.record,
                    v.version,
                    v.id,
                    str(v.kind),
                    json.dumps(v.took_in),
                    json.dumps(v.gave_off),
                    v.part_of,
                    json.dumps(v.body, sort_keys=True),
                    v.conclusion.seq,
                ),
            )

    def conclusions(self) -> list[Conclusion]:
        """Return every conclusion, in the order in which they were recorded."""
        if not self._is_there():
            return []
        return [_conclusion(row) for row in self._db.execute(f"{_CONCLUSION} ORDER BY seq")]

    def as_of(self, instant: datetime) -> Conclusion | None:
        """Return the last conclusion recorded at or before an instant, None where there is none.

        The last in order: a clock that was once set back does not hide what was recorded before.
        """
        if not self._is_there():
            return None
        row = self._db.execute(
            f"{_CONCLUSION} WHERE recorded <= ? ORDER BY seq DESC LIMIT 1", (rfc3339(instant),)
        ).fetchone()
        return None if row is None else _conclusion(row)

    def heads(self, conclusion: int | None = None) -> list[RecordVersion]:
        """Return the last version of every record, closed ones too, as of a conclusion, by key."""
        if not self._is_there():
            return []
        rows = self._db.execute(
            f"{_SELECT} JOIN (SELECT record, max(version) AS version FROM record_version"
            " WHERE conclusion <= coalesce(?, conclusion) GROUP BY record) h"
            " ON h.record = v.record AND h.version = v.version ORDER BY v.record",
            (conclusion,),
        )
        return [_version(row) for row in rows]

    def versions(self, record: str) -> list[RecordVersion]:
        """Return every version of a record, the first first."""
        if not self._is_there():
            return []
        rows = self._db.execute(f"{_SELECT} WHERE v.record = ? ORDER BY v.version", (record,))
        return [_version(row) for row in rows]

    def records_called(self, name: str) -> list[str]:
        """Return the keys of records that are, or ever were, called so; whatever the case.

        First those that are called so now, then those that have it as their key, then the others.
        """
        if not self._is_there():
            return []
        rows = self._db.execute(
            "SELECT v.record, max(v.version = h.version AND lower(v.id) = lower(:name)"
            "   AND v.kind NOT IN ('absorbed', 'withdrawn')) AS is_so_now,"
            " lower(v.record) = lower(:name) AS is_key"
            " FROM record_version v JOIN (SELECT record, max(version) AS version"
            "   FROM record_version GROUP BY record) h ON h.record = v.record"
            " WHERE (lower(v.id) = lower(:name) AND v.kind <> 'absorbed')"
            "   OR lower(v.record) = lower(:name)"
            " GROUP BY v.record ORDER BY is_so_now DESC, is_key DESC, v.record",
            {"name": name},
        )
        return [row[0] for row in rows]

    def _is_there(self) -> bool:
        """Say whether the catalog has a history; a reader adds none to an older workspace."""
        found = self._db.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'record_version'"
        ).fetchone()
        return found is not None


def _conclusion(row: Sequence[object]) -> Conclusion:
    seq, recorded, code, rulebook, reference, made_from, n_incidents = row
    return Conclusion(
        seq=int(str(seq)),
        recorded=datetime.fromisoformat(str(recorded)).astimezone(UTC),
        versions=Versions(code=str(code), rulebook=str(rulebook), reference=str(reference)),
        made_from=str(made_from),
        n_incidents=int(str(n_incidents)),
    )


def _version(row: Sequence[str]) -> RecordVersion:
    record, version, called, kind, took_in, gave_off, part_of, body = row[:8]
    return RecordVersion(
        record=record,
        version=int(version),
        id=called,
        kind=Kind(kind),
        took_in=json.loads(took_in),
        gave_off=json.loads(gave_off),
        part_of=part_of,
        body=json.loads(body),
        conclusion=_conclusion(row[8:]),
    )
