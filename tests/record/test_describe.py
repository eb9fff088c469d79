"""Title, outlet, authors and language, with the rule each was found by."""

from datetime import UTC, date, datetime

import pages
from overt.record.describe import describe
from overt.record.extract import extract
from overt.record.published import given


NOW = datetime(2031, 3, 6, 12, tzinfo=UTC)


def test_a_page_is_described_by_its_metadata() -> None:
    told = describe(extract(pages.HTML.encode(), "text/html"), NOW)

    assert told.title == "Orbia suspends Kite over national security"
    assert (told.outlet, told.authors, told.language) == ("Morning Gazette", ("Ada Winter",), "en")
    assert told.published is not None
    assert told.published.earliest == date(2031, 3, 5)
    assert dict(told.rules)["outlet"] == "JSON-LD publisher"


def test_a_text_is_described_by_what_stands_on_it() -> None:
    told = describe(extract(pages.MENU_AND_CARDS.encode()), NOW)

    assert told.title == "Orbia tells court it suspended Kite over national security"
    assert (told.outlet, told.authors) == ("Morning Gazette", ("Ada Winter",))
    assert told.published is not None
    assert told.published.earliest == date(2031, 3, 5)  # not the masthead's day


def test_what_is_not_said_is_not_guessed() -> None:
    told = describe(extract(pages.NO_MARKERS.encode()), NOW)

    assert (told.outlet, told.authors, told.published) == ("", (), None)
    assert dict(told.rules)["outlet"] == "it is not said"


def test_what_a_person_gives_wins() -> None:
    told = describe(
        extract(pages.MENU_AND_CARDS.encode()),
        NOW,
        given_outlet="Another",
        given_published=given("2031-03-01"),
    )

    assert told.outlet == "Another"
    assert told.published == given("2031-03-01")


def test_the_language_is_the_texts_own() -> None:
    assert describe(extract(pages.CYRILLIC.encode()), NOW).language == "ru"
    assert describe(extract(b"Kite is blocked."), NOW).language == ""


def test_a_copyright_line_names_the_outlet_without_its_corporate_form() -> None:
    page = f"{pages.NO_MARKERS}\n© 2029-2031 Harbour Media Pvt. Ltd. Developed By Nobody"

    assert describe(extract(page.encode()), NOW).outlet == "Harbour Media"
