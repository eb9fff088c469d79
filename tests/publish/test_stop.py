"""The registry's fields: filled from evidence, or left empty."""

from typing import Any

import pytest

from overt.dossier.roof import dossier_of
from overt.dossier.spans import Window
from overt.publish.stop import COLUMNS, rows
from overt.reference.platforms import load_platforms
from overt.vocabulary.stated import ActKind, Demand, Forum
from records import AS_OF, act, at, claim, measured, on, record, source, stretch


PLATFORMS = load_platforms()
TOLD = record(
    act("letter", ActKind.DIRECTIVE, on("2024-02-17"), demand=Demand.BLOCK, reason="security"),
    act("old", ActKind.ORDER, on("2021-03-11"), issuer="authority:shc", demand=Demand.BLOCK),
    act("a", ActKind.ADMISSION, on("2024-03-20"), issuer="authority:pta", claims=("claim:a",)),
    claim("a", speaker="authority:pta", quote="on orders", forum=Forum.FILING, act="act:a"),
    source("a"),
)


def row(**kw: Any) -> dict[str, str | None]:
    side = measured(stretch(**kw))
    [found] = rows(dossier_of(PLATFORMS.find("x"), TOLD, side, PLATFORMS, AS_OF), TOLD)
    return found


def test_a_row_has_the_registrys_columns_in_its_order() -> None:
    assert tuple(row()) == COLUMNS


def test_what_the_evidence_gives_is_filled() -> None:
    found = row()

    assert {k: found[k] for k in ("start_date", "end_date", "country", "shutdown_status")} == {
        "start_date": "2024-02-17",
        "end_date": "2025-05-06",
        "country": "Pakistan",
        "shutdown_status": "Ended",
    }
    assert found["ordered_by"] == "Executive government"
    assert found["decision_maker"] == "Interior Ministry"
    assert found["gov_just_details"] == "security"
    assert (found["gov_ack"], found["gov_ack_quote"]) == ("Yes", "on orders")
    assert found["gov_ack_source"] == "https://a.example/a"
    assert found["twitter_affected"] == "Yes"


def test_what_there_is_no_evidence_for_stays_empty() -> None:
    found = row(ending=None)

    assert [found[k] for k in ("end_date", "election", "violence", "telco_ack", "area_name")] == (
        [None] * 5
    )
    assert found["shutdown_status"] == "Ongoing"


def test_the_acts_of_one_restriction_are_not_told_of_another() -> None:
    before = stretch(
        id="0",
        onset=Window(start=at(5, 9, year=2023), end=at(5, 10, year=2023)),
        ending=Window(start=at(5, 17, year=2023), end=at(5, 18, year=2023)),
    )
    side = measured(before, stretch())

    first, second = rows(dossier_of(PLATFORMS.find("x"), TOLD, side, PLATFORMS, AS_OF), TOLD)

    assert [first[k] for k in ("ordered_by", "gov_just_details", "gov_ack")] == [None] * 3
    assert first["info_source_link"] is None
    assert second["gov_just_details"] == "security"


@pytest.mark.acceptance
def test_the_columns_are_those_of_the_published_registry(shared_data: Any) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    path = shared_data / "events" / "access-now-stop-registry.parquet"

    assert tuple(pq.read_schema(path).names) == COLUMNS
