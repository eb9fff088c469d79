"""Reading in a bounded process: the answer comes whole, or a message in time."""

import time
import zlib

import pytest

import pages
from overt.errors import InputError
from overt.record import bounded


def test_a_page_comes_back_whole() -> None:
    page = bounded.read("text/html", pages.HTML.encode())

    assert page.pieces[0].hint
    assert ("Morning Gazette", "meta og:site_name") in page.found["outlet"]


def test_a_bomb_in_a_pdf_is_defused() -> None:
    stream = zlib.compress(bytes(400_000_000), 9)
    bomb = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length " + str(len(stream)).encode() + b"/Filter/FlateDecode>>stream\n"
        + stream + b"\nendstream endobj\ntrailer<</Root 1 0 R>>"
    )  # fmt: skip
    start = time.monotonic()

    with pytest.raises(InputError):
        bounded.read("application/pdf", bomb)
    assert time.monotonic() - start < bounded.MAX_SECONDS


def test_what_takes_too_long_is_given_up() -> None:
    with pytest.raises(InputError, match=r"within 0\.01 s"):
        bounded.read("text/html", pages.HTML.encode(), seconds=0.01)


def test_a_problem_of_the_page_is_told_as_such() -> None:
    with pytest.raises(InputError, match="broken"):
        bounded.read("application/pdf", b"%PDF-1.4 nothing")
