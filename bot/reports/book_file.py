"""Pages of plain values become the bytes of an XLSX: the only file that knows openpyxl; no figure, no words."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.reports.safe_text import cell_text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

CellValue: TypeAlias = "str | int | float | date | datetime | None"
Cells: TypeAlias = tuple[CellValue, ...]

#: The type face of administrative papers (Decree 30/2020/NĐ-CP, annex I).
_FACE = "Times New Roman"
_HEADER, _RULE = "1F4E79", "D5DCE4"
_FONTS = {"heading": "FFFFFF"}
_MARKS = {"accepted": "DDF2E4", "reported": "FDF1CF", "in_time": "DFEBF8", "overdue": "F8DADA", "no_due": "ECEFF2"}


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and its width in characters."""

    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: lines above the table, its columns and rows.

    `marks` (one a row) colour the column numbered `marked`; rows whose numbers stand in `strong` are bold.
    """

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
    looks = _Looks()
    for number, line in enumerate(page.head, 1):
        looks.dress(_put(sheet, number, 1, line), "title" if number == 1 else "note")
    top = len(page.head) + 2
    for place, column in enumerate(page.columns, 1):
        heading = _put(sheet, top, place, column.heading)
        looks.dress(heading, "heading")
        sheet.column_dimensions[heading.column_letter].width = column.width
    for number, values in enumerate(page.body):
        mark = page.marks[number] if page.marks else None
        for place, value in enumerate(values):
            cell = _put(sheet, top + 1 + number, place + 1, value)
            look = "strong" if number in page.strong else "plain"
            looks.dress(cell, look, _format(value), mark if place == page.marked else None)
    _print_setup(sheet, page, top)


def _put(sheet: Worksheet, row: int, place: int, value: CellValue) -> Any:
    """The value in its cell: text as text whatever it looks like, moments without their zone (they are local)."""
    cell: Any = sheet.cell(row, place)
    if isinstance(value, str):
        cell.value = cell_text(value) or None
        cell.data_type = "s" if cell.value else "n"
    elif isinstance(value, datetime):
        cell.value = value.replace(tzinfo=None)
    else:
        cell.value = value
    return cell


def _format(value: CellValue) -> str:
    if isinstance(value, datetime):
        return "hh:mm dd/mm/yyyy"
    if isinstance(value, date):
        return "dd/mm/yyyy"
    return "0.0" if isinstance(value, float) else "General"


class _Looks:
    """How cells look. openpyxl hashes every part of a style for every cell; here each look is made once a sheet."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str, str | None], Any] = {}

    def dress(self, cell: Any, look: str, number_format: str = "General", mark: str | None = None) -> None:
        key = (look, number_format, mark)
        if key not in self._made:
            _dress(cell, look, number_format, mark)
            self._made[key] = cell._style  # noqa: SLF001  (no public way shares a style: three times as fast)
        cell._style = self._made[key]  # noqa: SLF001


def _dress(cell: Any, look: str, number_format: str, mark: str | None) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    size = 14 if look == "title" else 12
    cell.font = Font(name=_FACE, size=size, bold=look not in ("plain", "note"), color=_FONTS.get(look))
    if look in ("plain", "strong"):
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.border = Border(bottom=Side(style="thin", color=_RULE))
    if look == "heading":
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.fill = PatternFill("solid", fgColor=_HEADER)
    if mark:
        cell.fill = PatternFill("solid", fgColor=_MARKS[mark])
    cell.number_format = number_format


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
