"""Pages of plain values become the bytes of an XLSX: the only file that knows openpyxl; no figure, no words."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from bot.reports.safe_text import cell_text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

type_of_cell = str | int | float | date | datetime | None
Cells = tuple[type_of_cell, ...]

_HEADER, _RULE = "1F4E79", "D5DCE4"
_MARKS = {"accepted": "DDF2E4", "reported": "FDF1CF", "in_time": "DFEBF8", "overdue": "F8DADA", "no_due": "ECEFF2"}


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and its width in characters."""

    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: lines above the table, its columns and rows; `marks` colour the column numbered `marked`, `strong` rows are bold."""

    name: str
    head: Sequence[str]
    columns: Sequence[Column]
    body: Sequence[Cells]
    filtered: bool = False
    marks: Sequence[str | None] = ()
    marked: int = 0
    strong: Sequence[int] = ()


def packed(pages: Sequence[Page], title: str, now: datetime) -> bytes:
    """The file; its dates are `now`, whatever a clock says."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for page in pages:
        _fill(book.create_sheet(page.name), page)
    book.properties.title = cell_text(title)
    book.properties.creator = ""
    out = io.BytesIO()
    book.save(out)
    return _undated(out.getvalue(), now)


def _fill(sheet: Worksheet, page: Page) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    for number, line in enumerate(page.head, 1):
        _put(sheet, number, 1, line).font = Font(bold=number == 1, size=14 if number == 1 else 11)
    top = len(page.head) + 2
    rule = Border(bottom=Side(style="thin", color=_RULE))
    for place, column in enumerate(page.columns, 1):
        heading = _put(sheet, top, place, column.heading)
        heading.font = Font(bold=True, color="FFFFFF")
        heading.fill = PatternFill("solid", fgColor=_HEADER)
        heading.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[heading.column_letter].width = column.width
    wrapped = Alignment(vertical="top", wrap_text=True)
    for number, values in enumerate(page.body, top + 1):
        for place, value in enumerate(values, 1):
            cell = _put(sheet, number, place, value)
            cell.alignment = wrapped
            cell.border = rule
            cell.font = Font(bold=number - top - 1 in page.strong)
    for number, mark in enumerate(page.marks, top + 1):
        if mark:
            sheet.cell(number, page.marked + 1).fill = PatternFill("solid", fgColor=_MARKS[mark])
    _print_setup(sheet, page, top)


def _put(sheet: Worksheet, row: int, place: int, value: type_of_cell) -> Any:
    """The value in its cell: text as text whatever it looks like, moments without their zone (they are local)."""
    cell: Any = sheet.cell(row, place)
    if isinstance(value, str):
        cell.value = cell_text(value) or None
        cell.data_type = "s" if cell.value else "n"
        return cell
    if isinstance(value, datetime):
        cell.value = value.replace(tzinfo=None)
        cell.number_format = "hh:mm dd/mm/yyyy"
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = "dd/mm/yyyy"
    elif isinstance(value, float):
        cell.value = value
        cell.number_format = "0.0"
    else:
        cell.value = value
    return cell


def _print_setup(sheet: Worksheet, page: Page, top: int) -> None:
    from openpyxl.utils import get_column_letter

    last = get_column_letter(len(page.columns))
    sheet.freeze_panes = f"C{top + 1}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
    if page.filtered and page.body:
        sheet.auto_filter.ref = f"A{top}:{last}{top + len(page.body)}"


def _undated(book: bytes, now: datetime) -> bytes:
    """The same file with `now` wherever openpyxl and zip wrote the wall clock's time."""
    stamp = now.astimezone(UTC)
    written = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            content = given.read(name)
            if name == "docProps/core.xml":
                content = written.sub(rb"\g<1>" + f"{stamp:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            entry = zipfile.ZipInfo(name, (max(stamp.year, 1980), *stamp.timetuple()[1:6]))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            made.writestr(entry, content)
    return out.getvalue()
