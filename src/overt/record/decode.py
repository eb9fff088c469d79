"""Bytes into text: which kind of document they are, and in which encoding they are written.

What is certain goes first: a byte-order mark, then valid UTF-8, which no other text is by chance,
then what the page or its server declares, then a guess, which is told as one.
"""

import codecs
import re

from charset_normalizer import from_bytes

from overt.errors import InputError


# Signatures of what is neither page, document nor text, with what to call it.
_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "an image, sound or film"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document of the old format"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"{\\rtf", "an RTF document"),
)
_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|article|main|section|div|p|meta|title|table|script|h[12])"
    rb"[\s>/]",
    re.IGNORECASE,
)
_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})"
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TEXT = frozenset(
    {
        "idna",
        "mbcs",
        "oem",
        "punycode",
        "raw-unicode-escape",
        "undefined",
        "unicode-escape",
        "utf-7",
    }
)
_SNIFFED = 4096
_GUESSED_FROM = 65536
# Hand-set shares: of control characters in what is still text, of zero bytes in UTF-16 of Latin
# script, and of damaged sequences among the sound ones in what is still UTF-8.
_MOST_CONTROLS, _ZEROS, _MOST_DAMAGED = 0.01, 0.3, 0.05
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def media_type(content: bytes, declared: str = "") -> str:
    """Return `application/pdf`, `text/html` or `text/plain`, by what the bytes are.

    Raises:
        InputError: when they are none of these, or there are none.
    """
    if not content.strip():
        raise InputError("it is empty", remedy="save the page again")
    head = content[:_SNIFFED]
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            raise InputError(
                f"it is {name}; expected a page, a PDF or plain text",
                remedy="save the page as HTML, or its text as .txt, and take that in",
            )
    declared = declared.partition(";")[0].strip().lower()
    plain = head.replace(b"\x00", b"")
    if _TAG.search(plain) or declared in {"text/html", "application/xhtml+xml"}:
        return "text/html"
    return "text/plain"


def decoded(content: bytes, declared: str = "") -> tuple[str, str, str]:
    r"""Return the text, the encoding it was read in, and a note where that was a guess.

    Line ends become `\n` and control characters are dropped; nothing else is changed.

    Raises:
        InputError: when it is no text, or in no encoding that can be told.
    """
    text, encoding, note = _decoded(content, declared)
    text = _LINE_ENDS.sub("\n", text)
    n_controls = len(_CONTROLS.findall(text))
    if n_controls > len(text) * _MOST_CONTROLS:
        raise InputError(
            f"it is no text: {n_controls:,} of its {len(text):,} characters are control characters",
            remedy="save the page as HTML, or its text as .txt, and take that in",
        )
    return _CONTROLS.sub("", text), encoding, note


def _decoded(content: bytes, declared: str) -> tuple[str, str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), encoding, ""
    wide = _wide(content)
    if wide:
        return content.decode(wide, "replace"), wide, f"encoding guessed: {wide}"
    name = _declared(content, declared)
    if not name.startswith(("iso2022", "hz")):  # their bytes are ASCII, and valid UTF-8
        try:
            return content.decode("utf-8"), "utf-8", ""
        except UnicodeDecodeError:
            pass
    if name:
        try:
            return content.decode(name), name, ""
        except (UnicodeDecodeError, LookupError):
            pass
    return _guessed(content)


def _declared(content: bytes, declared: str) -> str:
    """Return the encoding the server or the page names, as Python calls it; empty when none."""
    header = _HEADER_CHARSET.search(declared)
    meta = _META_CHARSET.search(content[:_SNIFFED].lower())
    for found in (header[1] if header else "", meta[1].decode("ascii", "ignore") if meta else ""):
        try:
            name = codecs.lookup(found).name.replace("_", "-") if found else ""
            b"".decode(name or "utf-8")
        except LookupError:
            continue
        if name and name not in _NOT_TEXT:
            # WHATWG Encoding: what calls itself Latin-1 or ASCII is windows-1252.
            return "cp1252" if name in {"iso8859-1", "ascii"} else name
    return ""


def _wide(content: bytes) -> str:
    """Return which UTF-16 a text without a mark is, by its zero bytes; empty when it is none."""
    for offset, name in ((0, "utf-16-be"), (1, "utf-16-le")):
        zeros = content[offset:_SNIFFED:2]
        others = content[1 - offset : _SNIFFED : 2]
        if zeros.count(0) > len(zeros) * _ZEROS and others.count(0) == 0:
            return name
    return ""


def _guessed(content: bytes) -> tuple[str, str, str]:
    repaired = content.decode("utf-8", "replace")
    n_bad = repaired.count("\ufffd")
    n_sound = sum(1 for c in repaired if c > "\x7f") - n_bad
    if n_bad <= n_sound * _MOST_DAMAGED:
        return repaired, "utf-8", f"{n_bad} damaged characters stand as U+FFFD"
    best = from_bytes(content[:_GUESSED_FROM]).best()
    if best is None:
        raise InputError(
            "its encoding cannot be told, and it declares none that fits",
            remedy="save it as UTF-8 and take it in again",
        )
    text = content.decode(best.encoding, "replace")
    return text, best.encoding, f"encoding guessed: {best.encoding}"
