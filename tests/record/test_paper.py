"""PDFs: paragraphs, running heads, and every way one can be broken."""

from io import BytesIO

import pytest
from pypdf import PdfWriter

from overt.errors import InputError
from overt.record.paper import read


def pdf(*sheets: list[str]) -> bytes:
    """Return a PDF with these lines on its pages."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in sheets:
        shown = "".join(f"({line}) Tj T* " for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td {shown}ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        font = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources {font}"
            f" /Contents {len(objects)} 0 R >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body = "%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return (body + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + table + tail).encode()


SHEET = [
    "IN THE HIGH COURT OF ORBIA",
    "The respondent is directed to withdraw the letter of the fourth of March within",
    "one week from today, failing which this court will pass appropriate orders.",
    "2. The matter is adjourned to the twentieth of March, and the parties shall be",
    "heard on that day.",
]


def test_lines_become_paragraphs() -> None:
    found = [p.text for p in read(pdf(SHEET)).pieces]

    assert found[0] == "IN THE HIGH COURT OF ORBIA"
    assert found[-1].startswith("2. The matter") and found[-1].endswith("heard on that day.")


def test_what_stands_on_every_page_is_a_running_head() -> None:
    words = ("first", "second", "third", "fourth")
    sheets = [
        ["Petition 33 of 2031", f"The {w} ground of the petition is", f"the {w}.", f"Page {n} of 4"]
        for n, w in enumerate(words, 1)
    ]
    page = read(pdf(*sheets))

    hinted = {p.text for p in page.pieces if p.hint}
    assert hinted == {"Petition 33 of 2031", *(f"Page {n} of 4" for n in range(1, 5))}


def test_a_pdf_of_images_says_what_to_do() -> None:
    with pytest.raises(InputError, match="only images"):
        read(pdf([]))


def test_a_locked_pdf_is_told() -> None:
    writer = PdfWriter(clone_from=BytesIO(pdf(SHEET)))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = BytesIO()
    writer.write(locked)

    with pytest.raises(InputError, match="password"):
        read(locked.getvalue())


@pytest.mark.parametrize("cut", [9, 200, 700])
def test_a_broken_pdf_is_told(cut: int) -> None:
    with pytest.raises(InputError):
        read(pdf(SHEET)[:cut])
