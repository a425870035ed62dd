"""The spreadsheet's bytes as a hostile or careless text meets them: typed words stay words, the file stays whole."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.reports.book_file import CellValue, Column, Page, packed
from bot.reports.safe_text import MOST, cell_text, pieces

NOW = datetime(2025, 9, 22, 9, tzinfo=UTC)


def kept(*values: CellValue, head: str = "Theo dõi") -> list[object]:
    """The values of one row as a program that opens the file finds them."""
    page = Page("Theo dõi", [head], [Column(f"Cột {n}", 12) for n in range(len(values))], [values])
    sheet = load_workbook(io.BytesIO(packed([page], "Bảng", NOW)))["Theo dõi"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return [cell.value for cell in sheet[4]]


@pytest.mark.parametrize(
    "typed",
    [
        '=HYPERLINK("http://x","bấm")',
        "+84 296 3852 000",
        "-1 xong",
        "@SUM(A1)",
        "\t=1+1",
        "\n=1+1",
        " =1+1",
        "\u200b=1+1",
        "＝1+1",
        "=cmd|'/C calc'!A0",
    ],
)
def test_what_could_be_a_formula_is_read_as_typed_behind_an_apostrophe(typed: str) -> None:
    """The officer's words are all there; the program that opens them computes nothing."""
    [value] = kept(typed)
    assert isinstance(value, str)
    assert value.startswith("'")
    assert value.lstrip("'").strip() == typed.strip()


@pytest.mark.parametrize(
    "typed", ["60%", "KH 45/KH-UBND", "1=1", "a@b.vn", "'trích'", "01/TB", "007", "TRUE", "#N/A", "1e5", "12/9"]
)
def test_ordinary_words_and_numbers_typed_stay_text(typed: str) -> None:
    """No program makes a date of «12/9», a number of «007» or an error of «#N/A»: what was typed is what is read."""
    assert kept(typed) == [typed]


@given(st.text(max_size=80))
@settings(max_examples=8, deadline=None)
def test_any_words_in_any_place_leave_a_file_that_opens(typed: str) -> None:
    """In a cell or above the table: the file is whole, and beside signs that no file may hold nothing is lost."""
    [value] = kept(typed, head=typed)
    clean = cell_text(typed)
    assert (value or "").replace("\r\n", "\n").strip() in (clean.strip(), clean.replace("_x005F_", "_").strip())


@pytest.mark.parametrize("sign", ["a", "à", "🌾", "=", "_x0041_", "\n"])
@pytest.mark.parametrize("many", [1, MOST - 1, MOST + 1])
def test_a_long_message_is_over_several_cells_and_whole(sign: str, many: int) -> None:
    """Joined, the pieces are the message; each fits its cell whatever has to be written for its signs."""
    typed = sign * many
    found = pieces(typed)
    assert "".join(found) == typed
    assert all(len(cell_text(piece).encode("utf-16-le")) // 2 <= MOST for piece in found)


def test_moments_are_moments_and_dates_are_dates() -> None:
    """A filter by date works in the office's program; an hour is the local one as given."""
    moment = datetime(2025, 9, 20, 16, 5)  # noqa: DTZ001  (as a sheet holds it)
    assert kept(moment.replace(tzinfo=UTC), moment.date(), 7, 12.5, None) == [
        moment,
        datetime(2025, 9, 20),  # noqa: DTZ001
        7,
        12.5,
        None,
    ]


def test_the_file_tells_nothing_of_the_machine() -> None:
    """No author, and no time but the report's own in any of its parts."""
    data = packed([Page("A", ["x"], [Column("B", 9)], [("c",)])], "=Bảng", NOW)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2025, 9, 22, 9, 0, 0)}
    properties = load_workbook(io.BytesIO(data)).properties
    assert not properties.creator
    assert not properties.lastModifiedBy
    assert properties.title == "'=Bảng"
    assert properties.created == properties.modified == NOW.replace(tzinfo=None)


def test_a_filter_never_covers_a_table_without_rows() -> None:
    """An empty table with a filter over it is a file that some programs call damaged."""
    pages = [
        Page("Rỗng", ["x"], [Column("B", 9)], [], filtered=True),
        Page("Đầy", ["x"], [Column("B", 9)], [("c",)], filtered=True),
    ]
    book = load_workbook(io.BytesIO(packed(pages, "Bảng", NOW)))
    assert book["Rỗng"].auto_filter.ref is None
    assert book["Đầy"].auto_filter.ref == "A3:A4"
