"""A spreadsheet as rows of plain strings: what a person sees in it, and nothing a program hid in it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest

from bot.directives.grid import Row, read_rows
from bot.directives.problems import Problem
from tests.directives.test_lists import workbook


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (30307.0, "30307"),
        (2.5, "2.5"),
        (0.1 + 0.2, "0.3"),
        (datetime(2025, 9, 20), "2025-09-20"),  # noqa: DTZ001  (Excel knows no zone)
        (datetime(2025, 9, 20, 17, 0), "2025-09-20 17:00"),  # noqa: DTZ001
        (time(7, 30), "07:30:00"),
        ("#REF!", "#REF!"),
    ],
)
def test_a_cell_reads_as_a_person_would_type_it(value: Any, written: str) -> None:
    """No ".0" behind a code, no midnight behind a date, no dust of binary fractions."""
    (row,) = read_rows(workbook([["mã", value]]), [])

    assert row.cells[:2] == ("mã", written)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_passed_over(state: str) -> None:
    """The list is what the office sees on opening the file, not what lies under it."""

    def hide(book: Any) -> None:
        book.active.sheet_state = state
        book.create_sheet("Danh mục").append(["thấy được"])

    (row,) = read_rows(workbook([["đã ẩn"]], hide), [])
    assert row.cells[0] == "thấy được"


@pytest.mark.parametrize("before", ["", "\t", " ", "\u200b", "\ufeff", "\u202e", "\x07"])
@pytest.mark.parametrize("sign", ["=", "@"])
def test_no_invisible_sign_hides_a_formula(before: str, sign: str) -> None:
    """A formula behind a sign that nobody sees would be one again in the next spreadsheet."""
    problems: list[Problem] = []
    read_rows(f"mã;nội dung\nA1;{before}{sign}HYPERLINK(1)\n".encode(), problems)

    assert [(problem.line, problem.why.key) for problem in problems] == [(2, "import.formula")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_the_office_sees_them(end: str) -> None:
    """Whatever machine wrote the file; a cell of two lines moves what is below it down by one."""
    written = end.join(["a;b", f'"c{end}c";d', "", "e;f", ""])

    assert [row.line for row in read_rows(written.encode(), [])] == [1, 2, 5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_reads_alike_in_any_usual_encoding(encoding: str) -> None:
    """Saved by Excel, Notepad or LibreOffice."""
    assert read_rows("mã;đơn vị\n".encode(encoding), []) == [Row(1, ("mã", "đơn vị"))]


def test_a_row_too_wide_is_cut_at_the_columns_nobody_has() -> None:
    """Ten thousand columns cost as much as sixty."""
    (row,) = read_rows(("a;" * 10_000).encode(), [])

    assert len(row.cells) == 60
