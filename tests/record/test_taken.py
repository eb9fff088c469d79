"""What was taken in, and what of it may be quoted."""

from datetime import UTC, datetime

import pytest

from overt.record.taken import Furniture, Taken
from overt.vocabulary.stated import Source


SOURCE = Source(
    id="source:0123456789abcdef",
    sha256="0" * 64,
    text_sha256="0" * 64,
    media_type="text/plain",
    retrieved_at=datetime(2031, 3, 6, tzinfo=UTC),
)
TAKEN = Taken(
    source=SOURCE,
    text="Kite is down.\n\nAd\n\nKite is up.",
    body=((0, 13), (19, 30)),
    furniture=(Furniture(start=15, end=17, why="an advertisement"),),
)


@pytest.mark.parametrize(
    ("start", "end", "may"),
    [(0, 13, True), (5, 7, True), (19, 30, True), (15, 17, False), (5, 20, False), (5, 5, False)],
)
def test_only_what_lies_in_one_paragraph_of_the_body_may_be_quoted(
    start: int,
    end: int,
    may: bool,  # noqa: FBT001
) -> None:
    assert TAKEN.quotable(start, end) is may
