"""The 153 raw measurements: every line is read or set apart with its line and reason.

Source: fixtures and printed examples of OONI's repositories, CC BY-NC-SA 4.0.
"""

import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.observations.build import Intake, batches
from overt.sources.reader import digest


pytestmark = pytest.mark.acceptance

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def corpus(shared_data: Path) -> Path:
    return shared_data / "ooni" / "raw" / "measurements.jsonl.gz"


@pytest.fixture(scope="module")
def intake(corpus: Path) -> tuple[Intake, set[int]]:
    taken = Intake(digest(corpus), corpus)
    lines: set[int] = set()
    for table in batches(taken, NOW):
        lines |= set(table.column("source_line").to_pylist())
    return taken, lines


def test_read_and_set_apart_add_up_to_the_lines_of_the_file(
    corpus: Path, intake: tuple[Intake, set[int]]
) -> None:
    with gzip.open(corpus) as stream:
        n_lines = sum(1 for _ in stream)
    taken, read = intake
    apart = {q.line for q in taken.quarantined}

    assert taken.n_lines == taken.n_read + taken.n_quarantined == n_lines
    assert read | apart == set(range(1, n_lines + 1))
    assert not read & apart


def test_every_web_connectivity_and_telegram_measurement_with_facts_is_read(
    corpus: Path, intake: tuple[Intake, set[int]]
) -> None:
    _, read = intake
    with gzip.open(corpus) as stream:
        bodies = dict(enumerate(map(json.loads, stream), 1))
    wanted = {
        line
        for line, body in bodies.items()
        if body.get("test_name") in {"web_connectivity", "telegram"} and body.get("test_keys")
    }

    assert wanted
    assert wanted <= read


def test_the_rest_is_counted_as_having_no_reader_yet_under_its_name(
    corpus: Path, intake: tuple[Intake, set[int]]
) -> None:
    taken, _ = intake
    with gzip.open(corpus) as stream:
        names = Counter(json.loads(line).get("test_name") for line in stream)
    unread = Counter(q.detail for q in taken.quarantined if q.reason == "no_reader_yet")
    expected = {n: c for n, c in names.items() if n not in {"web_connectivity", "telegram"}}

    assert dict(unread) == expected
    assert {q.reason for q in taken.quarantined} <= {"no_reader_yet", "no_facts"}
