"""The readable text of a file somebody sent, for the check at the door; pictures and scans have none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.directives.archives import Archive, Unreadable

_MOST_UNPACKED = 64 * 1024 * 1024
_PDF_SECONDS = 20.0
_PDF_TEXT = Path(__file__).with_name("pdf_text.py")
_TEXT_NAMES = (".txt", ".csv", ".tsv", ".md", ".log", ".json", ".xml", ".html", ".htm", ".eml")
_OFFICE_PARTS = ("word/", "xl/", "ppt/", "content.xml")
#: What ends a line, and what only sets words apart, in the XML of office files.
_LINE_ENDS = frozenset({"p", "h", "si", "is", "br", "cr", "oddHeader", "oddFooter"})
_WORDS = frozenset({"t", "oddHeader", "oddFooter"})


def text_layer(name: str, kind: str, data: bytes) -> str:
    """The text of a txt, csv, docx, xlsx, pptx, odt, ods or pdf file, else "".

    Looks at the bytes before it believes the name or the kind (a MIME type). Raises Unreadable for a file that is
    locked, broken or built to harm, and nothing else.
    """
    if data.startswith(b"PK\x03\x04"):
        return _office_text(data)
    if b"%PDF-" in data[:1024]:
        return _pdf_text(data)
    if kind.startswith("text/") or name.lower().endswith(_TEXT_NAMES):
        return decoded(data)
    return ""


def decoded(data: bytes) -> str:
    """Text in whatever encoding a Vietnamese office's machine wrote it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1258", "replace")


def _office_text(data: bytes) -> str:
    archive = Archive(data, _MOST_UNPACKED)
    found = _Words()
    for name in archive.names:
        if name.endswith(".xml") and name.startswith(_OFFICE_PARTS):
            found.open_document = name == "content.xml"
            archive.parse(name, found.starts, found.text, found.ends)
    return "".join(found.pieces)


class _Words:
    """Collects what a person would read; in an OpenDocument file that is every paragraph's text."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.open_document = False
        self._inside = 0

    def starts(self, element: str) -> None:
        if element in (_LINE_ENDS if self.open_document else _WORDS):
            self._inside += 1
        if element == "tab":
            self.pieces.append("\t")

    def text(self, letters: str) -> None:
        if self._inside:
            self.pieces.append(letters)

    def ends(self, element: str) -> None:
        if element in (_LINE_ENDS if self.open_document else _WORDS):
            self._inside -= 1
        if element in _LINE_ENDS:
            self.pieces.append("\n")


def _pdf_text(data: bytes) -> str:
    try:
        read = subprocess.run(  # noqa: S603  (our own file, run by our own interpreter)
            [sys.executable, "-I", str(_PDF_TEXT)],
            input=data,
            capture_output=True,
            timeout=_PDF_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("a PDF that takes too long") from None
    if read.returncode:
        raise Unreadable("a PDF that is locked or broken")
    return read.stdout.decode("utf-8", "replace")
