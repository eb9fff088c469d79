"""When a page was published, and when that cannot be told."""

from datetime import UTC, date, datetime

import pytest

from overt.errors import UsageError
from overt.record.blocks import blocks
from overt.record.published import given, published, stamped, written


NOW = datetime(2031, 3, 6, 12, tzinfo=UTC)
PROSE = "\n\nThe court ordered the ministry of Orbia to restore Kite within five days of today."


def day(text: str, url: str = "") -> date | None:
    found = published([], blocks(text), 0, url, NOW)
    return found.earliest if found else None


@pytest.mark.parametrize(
    "line",
    [
        "Published March 5, 2031", "Published: 5th March 2031 18:20 GMT", "March 5, 2031",
        "Wednesday, 5 March 2031", "2031-03-05", "Updated March 6, 2031\n\nPublished March 5, 2031",
        "Published March 5, 2031, updated March 6, 2031", "By Ada Winter | March 5, 2031",
    ],
)  # fmt: skip
def test_a_date_line_under_the_headline_is_read(line: str) -> None:
    assert day(f"Kite is back in Orbia after all\n\n{line}{PROSE}") == date(2031, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        f"Kite is back in Orbia{PROSE} It was cut off on March 5, 2031.",
        f"Kite is back in Orbia\n\n2 hours ago{PROSE}",
        f"Kite is back in Orbia\n\nUpdated March 5, 2031{PROSE}",
        f"Kite is back in Orbia\n\nPublished{PROSE}",
        f"Kite is back in Orbia\n\nPublished 04/05/2030{PROSE}",
        f"Kite is back in Orbia\n\nMarch 5, 2035{PROSE}",
        f"Kite is back in Orbia\n\nPublished February 30, 2031{PROSE}",
    ],
)
def test_what_is_no_date_of_publication_is_none(text: str) -> None:
    assert day(text) is None


def test_a_dateline_an_issue_and_an_address_are_read() -> None:
    dateline = f"HARBOUR CITY, March 5, 2031 (Agency) — {PROSE.strip()}"

    assert day(dateline) == date(2031, 3, 5)
    assert day(f"Kite is back{PROSE}\n\nPublished in The Gazette, March 5th, 2031") == date(
        2031, 3, 5
    )
    assert day("Kite", "https://example.org/2031/03/05/kite") == date(2031, 3, 5)


def test_metadata_go_first_and_keep_their_instant() -> None:
    stamps = [("2031-03-05T02:20:00+05:00", "meta article:published_time")]
    found = published(stamps, blocks(f"Kite is back\n\nMarch 1, 2031{PROSE}"), 0, "", NOW)

    assert found is not None
    assert (found.earliest, found.zone) == (date(2031, 3, 5), "Etc/GMT-5")
    assert found.at == datetime(2031, 3, 4, 21, 20, tzinfo=UTC)
    assert found.rule == "meta article:published_time"


@pytest.mark.parametrize(
    ("offset", "zone", "told"),
    [
        ("+00:00", "UTC", 5), ("-05:00", "Etc/GMT+5", 5), ("+05:30", "Asia/Kolkata", 5),
        ("+05:45", "Asia/Kathmandu", 5), ("+01:07", "UTC", 4), ("-14:00", "UTC", 5),
    ],
)  # fmt: skip
def test_an_offset_is_a_zone_where_one_stands_for_it(offset: str, zone: str, told: int) -> None:
    found = stamped(f"2031-03-05T00:30:00{offset}", "rule")

    assert found is not None
    assert (found.zone, found.earliest) == (zone, date(2031, 3, told))


def test_a_day_without_zone_says_so() -> None:
    found = written("5 March 2031", "the date line")

    assert found is not None
    assert found.rule == "the date line; no zone stated, read as UTC"


def test_a_given_date_is_in_the_given_zone() -> None:
    instant = given("2031-03-04T21:20:00Z", "Asia/Karachi")

    assert instant.earliest == date(2031, 3, 5)
    assert given("2031-03-05", "Asia/Karachi").zone == "Asia/Karachi"


@pytest.mark.parametrize("text", ["", "yesterday", "2031-13-01", "9999-99-99", "0001-01-01", "5"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        given(text)
