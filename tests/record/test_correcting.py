import json
import math
from typing import Any

import pytest

from overt.errors import InputError, RecordError, UsageError
from overt.record.correcting import assigned, batches
from overt.record.ledger import load
from overt.record.schema import plain
from overt.vocabulary.stated import Record
from record import sample


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return load(sample.write(tmp_path_factory.mktemp("whole")))


def test_fields_are_set_and_left_out_by_their_paths(record: Record) -> None:
    fields = plain(record.claims["claim:loss"])
    made = assigned(
        "claim",
        fields,
        [
            "when.earliest=2024-04-01",
            "platforms=x, tiktok",
            "quantities[0].low=4",
            "role=",
            "speaker=authority:a=b",
            "platforms[0]=x",
        ],
    )

    assert made["when"] == {"earliest": "2024-04-01"}
    assert made["platforms"] == ["x", "tiktok"]
    assert made["quantities"][0]["low"] == "4"
    assert "role" not in made
    assert made["speaker"] == "authority:a=b"
    assert "when" not in fields


@pytest.mark.parametrize(
    ("assignment", "what"),
    [
        ("polarty=denies", "write polarity"),
        ("when.erliest=2024-01-01", "write earliest"),
        ("quantities[9].low=4", "count from 0"),
        ("polarity", "write field=value"),
        ("=x", "no field"),
        ("polarity.x=y", "no field"),
        ("a[b]=y", "no field"),
    ],
)
def test_an_assignment_that_names_no_field_is_refused(
    record: Record, assignment: str, what: str
) -> None:
    with pytest.raises(UsageError) as error:
        assigned("claim", plain(record.claims["claim:loss"]), [assignment])

    assert what in str(error.value)


def lines_of(*bodies: Any) -> list[str]:
    return [json.dumps(b) for b in bodies]


def test_proposals_follow_their_source(record: Record) -> None:
    claim = plain(record.claims["claim:loss"])
    head = {
        "source": plain(record.sources[sample.SOURCE_ID]),
        "text": sample.TEXT,
        "authorities": [plain(record.authorities["authority:xx-court"])],
    }
    why = [{"field": "topic", "rule": "a number", "words": "million"}]
    [batch] = batches(lines_of(head, {"claim": claim, "why": why}), "a.jsonl", {})

    assert batch.text == sample.TEXT
    assert list(batch.authorities) == ["authority:xx-court"]
    assert batch.proposals[0].claim == record.claims["claim:loss"]
    [again] = batches(lines_of({"claim": claim}), "a.jsonl", record.sources)
    assert again.source == record.sources[sample.SOURCE_ID]


def test_a_list_is_read_as_its_items_and_an_open_end_as_open(record: Record) -> None:
    claim = plain(record.claims["claim:loss"])
    claim["quantities"][0]["high"] = None
    text = json.dumps([{"claim": claim}], indent=2)

    [batch] = batches(text.split("\n"), "a.json", record.sources)

    assert batch.proposals[0].claim.quantities[0].high == math.inf


def test_a_line_that_is_no_proposal_is_told_with_its_number(record: Record) -> None:
    claim = plain(record.claims["claim:loss"])
    for bad in ("{", "[]", '"claim"', '{"claim": 1}', '{"source": null}', "[" * 100_000):
        with pytest.raises(InputError) as error:
            list(batches(["", bad], "a.jsonl", {}))
        assert error.value.where == "a.jsonl, line 2"
    for bad in ("[", "[" * 100_000, "[1]"):
        with pytest.raises(InputError):
            list(batches([bad], "a.jsonl", {}))
    with pytest.raises(InputError, match="neither in the file nor the record"):
        list(batches(lines_of({"claim": claim}), "a.jsonl", {}))
    with pytest.raises(RecordError):
        list(batches(lines_of({"claim": {**claim, "forum": "agora"}}), "a.jsonl", {}))
