"""A file into observation tables and quarantine rows, in batches, whatever its format."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from overt.engine.base import table_of
from overt.observations.control import lay_beside, read_control
from overt.observations.flatten import flatten
from overt.observations.stitch import stitch
from overt.sources.ooni_csv import ObservationCsv, header_defect, unknown_columns
from overt.sources.ooni_json import Document, Malformed, read_documents
from overt.sources.reader import Damage, Row, Spoiled, read_chunks
from overt.vocabulary.facts import Observation, Quarantined


BATCH_ROWS = 20_000
# Reasons that condemn the file and not one of its lines.
FILE_REASONS = frozenset(
    {"truncated_gzip", "corrupt_gzip", "empty_file", "other_columns", "unreadable"}
)
_SOURCE_FIELDS = ("observation_id", "source_id", "source_line")
_FACT_FIELDS = tuple(f.name for f in fields(Observation) if f.name not in _SOURCE_FIELDS)
_DETAIL_LENGTH = 300


@dataclass(slots=True)
class Intake:
    """One file on its way in; the counts are final once `batches` is exhausted.

    A line is a measurement in a JSON-lines file and an observation in a CSV; the header of a CSV
    is not a line. `n_lines == n_read + n_quarantined` always holds.
    """

    source_id: str
    path: Path
    kind: str = "unknown"
    n_read: int = 0
    n_observations: int = 0
    defect: str | None = None
    notices: list[str] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)

    @property
    def n_lines(self) -> int:
        """How many lines the file had, read or set apart; defects of the whole file aside."""
        return self.n_read + self.n_quarantined

    @property
    def n_quarantined(self) -> int:
        """How many lines were set apart."""
        return len(self.spoiled_lines())

    def spoiled_lines(self) -> list[Quarantined]:
        """Return what was set apart line by line, the file's own defects left out."""
        return [q for q in self.quarantined if q.reason not in FILE_REASONS]

    def set_apart(self, spoiled: Spoiled) -> None:
        """Record a line, or the rest of the file, that could not be used."""
        detail = "".join(c if c.isprintable() else "\ufffd" for c in spoiled.detail)
        self.quarantined.append(
            Quarantined(
                source_id=self.source_id,
                line=spoiled.number,
                reason=spoiled.reason,
                detail=detail[:_DETAIL_LENGTH],
            )
        )
        if spoiled.reason in FILE_REASONS:
            self.defect = f"{spoiled.reason}: {detail}"


def sniff(path: Path) -> str:
    """Return what a file holds, `jsonl`, `csv` or `empty`: by its name, else by its first lines.

    A name that says what it is is believed, so that one bad first line costs no more than itself.

    Raises:
        Damage: when not even the first bytes can be decompressed.
    """
    said = path.name.lower().removesuffix(".gz")
    for chunk in read_chunks(path):
        head = chunk.lstrip(b"\xef\xbb\xbf \t\r\n")
        if not head:
            continue
        if said.endswith(".jsonl"):
            return "jsonl"
        if said.endswith(".csv"):
            return "csv"
        is_json = any(line.lstrip()[:1] in {b"{", b"["} for line in head.split(b"\n")[:20])
        return "jsonl" if is_json else "csv"
    return "empty"


def batches(intake: Intake, now: datetime) -> Iterator[pa.Table]:
    """Yield a file's observations as tables of at most about `BATCH_ROWS` rows.

    A file that breaks off, or stops being readable, yields what came before and is marked damaged.
    """
    try:
        intake.kind = sniff(intake.path)
        if intake.kind == "empty":
            intake.set_apart(Spoiled(0, "empty_file", "the file holds nothing"))
            return
        rows = _csv_rows(intake, now) if intake.kind == "csv" else _json_rows(intake, now)
        yield from _tables(rows, intake)
    except Damage as damage:
        intake.set_apart(Spoiled(0, damage.reason, damage.detail))
    except OSError as problem:
        intake.set_apart(Spoiled(0, "unreadable", f"reading stopped: {problem.strerror}"))


def _csv_rows(intake: Intake, now: datetime) -> Iterator[tuple[int, Row]]:
    reader = ObservationCsv(intake.path, now)
    columns = reader.columns or []
    cut = reader.cut_in_header()
    if cut:
        intake.set_apart(cut)
        return
    defect = header_defect(columns)
    if defect:
        intake.set_apart(Spoiled(0, "other_columns", f"not OONI observations: {defect}"))
        return
    strangers = unknown_columns(columns)
    if strangers:
        intake.notices.append(f"columns not understood and left out: {', '.join(strangers)}")
    for item in reader:
        if isinstance(item, Spoiled):
            intake.set_apart(item)
        else:
            intake.n_read += 1
            yield item
    if reader.n_negative_durations:
        intake.notices.append(
            f"{reader.n_negative_durations} durations below zero read as not observed"
        )


def _json_rows(intake: Intake, now: datetime) -> Iterator[tuple[int, Row]]:
    for item in read_documents(intake.path, now):
        if isinstance(item, Spoiled):
            intake.set_apart(item)
            continue
        try:
            rows = observe(item)
        except Malformed as defect:
            intake.set_apart(Spoiled(item.line, defect.reason, defect.detail))
            continue
        intake.n_read += 1
        for row in rows:
            yield item.line, row


def observe(document: Document) -> list[Row]:
    """Return the observation rows of one raw measurement.

    Raises:
        Malformed: when a block of its test keys is not what its format says, or holds no fact.
    """
    facts = flatten(document.test_keys)
    if not facts:
        raise Malformed("no_facts", "test_keys holds no lookup, connection, handshake or exchange")
    lay_beside(facts, read_control(document.test_keys, document.base.get("input")))
    analysis = document.test_keys.get("blocking")
    said = None if analysis is None else str(analysis).lower()[:100]
    return [{**row, **document.base, "probe_analysis": said} for row in stitch(facts)]


def observation_id(row: Row) -> str:
    """Return the name of a fact: 16 hexadecimal digits over every field that states something."""
    values = tuple(row.get(name) for name in _FACT_FIELDS)
    return hashlib.blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _tables(rows: Iterable[tuple[int, Row]], intake: Intake) -> Iterator[pa.Table]:
    pending: list[dict[str, Any]] = []
    for line, row in rows:
        for key, value in row.items():
            if isinstance(value, str) and not value.isascii():
                row[key] = value.encode("utf-8", "replace").decode()  # no lone surrogates in tables
        row["observation_id"] = observation_id(row)
        row["source_id"], row["source_line"] = intake.source_id, line
        intake.n_observations += 1
        pending.append(row)
        if len(pending) >= BATCH_ROWS:
            yield table_of(Observation, pending)
            pending = []
    if pending:
        yield table_of(Observation, pending)
