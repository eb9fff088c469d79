"""Bytes into text, whatever they claim to be."""

import pytest

from overt.errors import InputError
from overt.record.decode import decoded, media_type


RUSSIAN = "Министерство связи сообщило, что сервис заблокирован по решению суда. " * 8


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"), (b" \n\t", "empty"), (b"\x89PNG\r\n", "PNG"), (b"PK\x03\x04xx", "ZIP"),
        (b"\x1f\x8b\x08", "gzip"), (b"\x7fELF", "program"), (b"GIF89a", "GIF"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_named(content: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        media_type(content)


@pytest.mark.parametrize(
    ("content", "declared", "found"),
    [
        (b"%PDF-1.7", "text/html", "application/pdf"),
        (b"  <!DOCTYPE html><p>", "", "text/html"),
        (b"Kite", "text/html; charset=x", "text/html"),
        (b"Kite is < 3 and > 2", "", "text/plain"),
        ("<html>".encode("utf-16"), "", "text/html"),
    ],
)
def test_the_kind_is_what_the_bytes_are(content: bytes, declared: str, found: str) -> None:
    assert media_type(content, declared) == found


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("utf-16-le", ""), ("utf-32", ""),
        ("utf-8", "text/html; charset=iso-8859-1"), ("cp1251", "text/html; charset=windows-1251"),
        ("cp1251", ""), ("koi8-r", "text/plain; charset=KOI8-R"),
        ("cp1251", "text/html; charset=utf-8"), ("cp1251", "text/html; charset=nonsense"),
        ("cp1251", "text/html; charset=zlib_codec"),
    ],
)  # fmt: skip
def test_a_text_is_read_in_its_encoding(encoding: str, declared: str) -> None:
    text = "Kite: blocked. " * 8 if encoding == "utf-16-le" else RUSSIAN

    assert decoded(text.encode(encoding), declared)[0] == text


def test_a_guess_is_told() -> None:
    assert "guessed" in decoded(RUSSIAN.encode("cp1251"))[2]


def test_a_page_declares_its_own_encoding() -> None:
    page = f'<html><meta charset="windows-1251"><p>{RUSSIAN}'

    assert decoded(page.encode("cp1251"))[:2] == (page, "cp1251")


def test_a_text_that_is_mostly_sound_is_kept_with_a_note() -> None:
    text, _, note = decoded(RUSSIAN.encode() + b"\xff\xfe\xff" + RUSSIAN.encode())

    assert text.count("\ufffd") == 3
    assert note.startswith("3 damaged")


def test_line_ends_become_one_kind_and_controls_go() -> None:
    text = "a\r\nb\rc\u2028d" + "e" * 500 + "\x07\x00\u202e"

    assert decoded(text.encode())[0] == "a\nb\nc\nd" + "e" * 500 + "\u202e"


def test_binary_is_no_text() -> None:
    with pytest.raises(InputError, match="cannot be told"):
        decoded(bytes(range(256)) * 40)
    with pytest.raises(InputError, match="no text"):
        decoded(bytes(range(1, 32)) * 40)
