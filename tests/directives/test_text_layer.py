"""The text of the files people send, and the files built to harm."""

from __future__ import annotations

import io
import zipfile
import zlib

import openpyxl
import pytest
from pypdf import PdfWriter

from bot.directives.archives import Unreadable
from bot.directives.secrecy import secret_mark
from bot.directives.text_layer import text_layer

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(**parts: str | bytes) -> bytes:
    """A zipped file; `__` in a name stands for a slash, its ending is .xml."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def docx(*paragraphs: str, part: str = "word__document") -> bytes:
    """The heart of a .docx file, each paragraph in two runs as Word likes to write them."""
    runs = "".join(
        f"<w:p><w:r><w:t>{words[:1]}</w:t></w:r><w:r><w:t>{words[1:]}</w:t></w:r></w:p>" for words in paragraphs
    )
    return zipped(**{part: f'<w:document xmlns:w="{WORD}"><w:body>{runs}</w:body></w:document>'})


def pdf(text: str) -> bytes:
    """A one-page PDF with one line of plain letters."""
    stream = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 6\n0000000000 65535 f \n" + rows
    return body + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)


def test_a_word_file_reads_line_by_line() -> None:
    """Runs of one paragraph are one line, so a mark in a letterhead stands alone."""
    text = text_layer("kh.docx", "application/octet-stream", docx("UBND TỈNH AN GIANG", "TỐI MẬT", "Kế hoạch"))

    assert text.split() == ["UBND", "TỈNH", "AN", "GIANG", "TỐI", "MẬT", "Kế", "hoạch"]
    assert secret_mark(text)


def test_a_mark_in_a_header_is_read() -> None:
    """A stamp in the page header counts like one on the page."""
    assert secret_mark(text_layer("kh.docx", "", docx("MẬT", part="word__header1")))


def test_a_spreadsheet_reads_cell_by_cell() -> None:
    """Each cell is a line of its own."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Nội dung", "Độ mật: MẬT"])
    book.save(out)

    text = text_layer("ds.xlsx", "", out.getvalue())
    assert "Nội dung\n" in text
    assert secret_mark(text)


def test_an_open_document_is_read() -> None:
    """LibreOffice's files are read too."""
    content = '<o:body xmlns:o="urn:o" xmlns:t="urn:t"><t:p>TUYỆT <t:span>MẬT</t:span></t:p></o:body>'

    assert text_layer("kh.odt", "", zipped(content=content)) == "TUYỆT MẬT\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plain_text_in_any_usual_encoding(encoding: str) -> None:
    """Notepad's files are read as written."""
    assert secret_mark(text_layer("kh.txt", "text/plain", "Số 12\nMẬT\n".encode(encoding)))


def test_a_vietnamese_windows_file_is_read() -> None:
    """An old machine's code page writes the dot as a sign of its own."""
    assert secret_mark(text_layer("kh.txt", "", "M\xc2\u0323T".encode("cp1258")))


def test_a_pdf_with_letters_is_read() -> None:
    """The text layer of a PDF counts, whatever the file is called."""
    assert text_layer("anh.jpg", "image/jpeg", pdf("Ke hoach 45")).strip() == "Ke hoach 45"


def test_a_picture_has_no_text() -> None:
    """What we can't read is no error: the data notice says that photographs aren't read."""
    assert text_layer("anh.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 MAT") == ""


def _locked_pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt("lan", algorithm="RC4-40")
    writer.write(out)
    return out.getvalue()


ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "MAT"><!ENTITY b "&a;&a;&a;&a;">]><x><t>&b;</t></x>'
HOSTILE = {
    "bomb": lambda: zipped(word__document=b"<a>" + b" " * (80 * 1024 * 1024)),
    "entities": lambda: zipped(word__document=ENTITIES),
    "entities in UTF-16": lambda: zipped(
        word__document=ENTITIES.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")
    ),
    "cut": lambda: docx("MẬT" * 100)[:-40],
    "not XML": lambda: zipped(word__document="<a><b></a>"),
    "no zip": lambda: b"PK\x03\x04" + bytes(200),
    "locked PDF": _locked_pdf,
    "broken PDF": lambda: b"%PDF-1.7\n" + zlib.compress(b"\0" * 5_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_unreadable_and_nothing_worse(name: str) -> None:
    """Bombs, entities, locks and rubbish end in one kind of refusal."""
    with pytest.raises(Unreadable):
        text_layer("kh.docx", "", HOSTILE[name]())


def test_a_pdf_that_loops_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of a PDF has a process and a time of its own."""
    monkeypatch.setattr("bot.directives.text_layer._PDF_SECONDS", 0.01)

    with pytest.raises(Unreadable, match="too long"):
        text_layer("kh.pdf", "", pdf("x"))
