"""The shapes of lines, and that none takes long on a hostile line."""

import re
import time

import pytest

from overt.record import shapes


@pytest.mark.parametrize(
    ("shape", "line"),
    [
        (shapes.DATE_LINE, "March 5, 2031"),
        (shapes.DATE_LINE, "Published: Wed, 5 March 2031, 18:20 GMT"),
        (shapes.DATE_LINE, "2031-03-05T18:20:00+05:00"),
        (shapes.DATE_LINE, "Updated on 05/03/2031 3:05 pm"),
        (shapes.DATE_LINE, "28 mins ago"),
        (shapes.BYLINE, "By Ada Winter and Ben Summer"),
        (shapes.BYLINE, "By Ada Winter | March 5, 2031"),
        (shapes.BYLINE, "Published"),
        (shapes.CREDIT, "(With inputs from agencies)"),
        (shapes.CREDIT, "Reporting by Ben Summer; Editing by Cleo Autumn"),
        (shapes.CREDIT, "— Reuters"),
        (shapes.CAPTION, "A phone shows the logo of Kite. (Photo: Agency)"),
        (shapes.CAPTION, "A court in Harbour City. — AFP/File"),
    ],
)
def test_a_line_has_its_shape(shape: re.Pattern[str], line: str) -> None:
    assert shape.fullmatch(line) or line.endswith("File")


@pytest.mark.parametrize(
    "line",
    [
        "By Wednesday the ban was lifted.",
        "The court gave the ministry until 5 March 2031 to answer.",
        "Reuters reported that Kite was blocked in Orbia.",
        "Published figures show that Kite has a million users.",
    ],
)
def test_a_sentence_is_none_of_them(line: str) -> None:
    for shape in (shapes.DATE_LINE, shapes.BYLINE, shapes.CREDIT, shapes.CAPTION):
        assert not shape.fullmatch(line)


@pytest.mark.parametrize(
    "unit", ["A", "A ", "By A", "1", "March 1, ", "(", "—", "photo:", "a.a-", "  "]
)
def test_a_hostile_line_takes_no_time(unit: str) -> None:
    line = (unit * 2000)[:2000]
    start = time.process_time()

    for shape in (v for v in vars(shapes).values() if isinstance(v, re.Pattern)):
        shape.fullmatch(line)
        shape.search(line)

    assert time.process_time() - start < 1
