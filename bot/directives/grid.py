"""A spreadsheet or CSV file as rows of plain strings with their line numbers. Knows no columns and no domain words."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bot.directives.archives import Archive, Unreadable
from bot.directives.problems import BadList, Problem, refuse
from bot.directives.secrecy import secret_mark
from bot.directives.text_layer import decoded
from bot.messages import Text, text

#: A list of a province's tasks is a few hundred kilobytes; what is larger is something else.
MOST_BYTES = 5 * 1024 * 1024
_MOST_UNPACKED = 30 * 1024 * 1024
MOST_ROWS = 5_000
_MOST_COLUMNS = 60
_MOST_LETTERS = 4_000
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as written: its line in the file, its cells as trimmed text."""

    line: int
    cells: tuple[str, ...]


def read_rows(source: Path | bytes, problems: list[Problem]) -> list[Row]:
    """The rows that hold something; every formula and overlong cell is a problem. Raises BadList for the whole file."""
    data = _bytes(source)
    rows: list[Row] = []
    for line, raw in _cells(data):
        if len(rows) >= MOST_ROWS or line > 4 * MOST_ROWS:
            raise refuse("import.too_many_rows", n=MOST_ROWS)
        cells = tuple(_UNSEEN.sub("", cell).strip() for cell in raw[:_MOST_COLUMNS])
        if not any(cells):
            continue
        if secret_mark("\n".join(cells)):
            raise BadList((Problem(line, text("import.secret")),))
        problems += (Problem(line, why) for why in map(_wrong_cell, cells) if why)
        rows.append(Row(line, cells))
    if not rows:
        raise refuse("import.empty")
    return rows


def _bytes(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        try:
            with source.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError:
            raise refuse("import.no_file", path=str(source)) from None
    if len(data) > MOST_BYTES:
        raise refuse("import.too_large", megabytes=MOST_BYTES // 1024 // 1024)
    return data


def _wrong_cell(cell: str) -> Text | None:
    if cell.startswith(("=", "@")):
        return text("import.formula", cell=cell[:40])
    if len(cell) > _MOST_LETTERS:
        return text("import.long_cell", n=_MOST_LETTERS, cell=cell[:40])
    return None


def _cells(data: bytes) -> Iterator[tuple[int, list[str]]]:
    if data.startswith(b"PK\x03\x04"):
        return _workbook_cells(data)
    if data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF-")):
        raise refuse("import.other_file")
    return _csv_cells(decoded(data))


def _csv_cells(written: str) -> Iterator[tuple[int, list[str]]]:
    if "\x00" in written:
        raise refuse("import.other_file")
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=_separator(written))
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise BadList((Problem(begins, text("import.broken_row")),)) from None


def _separator(written: str) -> str:
    """The sign that gives most of the first rows the same number of cells; a sentence's commas don't."""

    def evenness(sign: str) -> tuple[int, int]:
        widths: Counter[int] = Counter()
        with contextlib.suppress(csv.Error):
            for cells in itertools.islice(csv.reader(io.StringIO(written, newline=""), delimiter=sign), 40):
                widths[len(cells)] += len(cells) > 1
        return max((times, width) for width, times in (widths or {0: 0}).items())

    return max(",;\t", key=evenness)


def _workbook_cells(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The first sheet that holds something, formulas as they were typed."""
    try:
        archive = Archive(data, _MOST_UNPACKED)
        for name in archive.names:
            if name.endswith((".xml", ".rels")):
                archive.parse(name)
    except Unreadable:
        raise refuse("import.other_file") from None
    try:
        yield from _sheet_cells(data)
    except BadList:
        raise
    except Exception:  # noqa: BLE001  (a hostile workbook may raise anything inside openpyxl)
        raise refuse("import.other_file") from None


def _sheet_cells(data: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # features of Excel that openpyxl leaves out are no concern of a list
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheets = (sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        for sheet in itertools.islice(sheets, 20):
            rows = sheet.iter_rows(max_row=4 * MOST_ROWS + 2, max_col=_MOST_COLUMNS, values_only=True)
            filled = [(line, [_written(cell) for cell in row]) for line, row in enumerate(rows, 1) if any(row)]
            if filled:
                yield from filled
                return


def _written(value: Any) -> str:
    """A cell's value as a person would type it; dates in ISO form."""
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
