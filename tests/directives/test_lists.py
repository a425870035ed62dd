"""Lists of units and tasks: read as offices write them, refused as a whole with every bad row named."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contacts import UnitKind
from bot.directives.problems import BadList
from bot.directives.sample import sample_units
from bot.directives.tasks import TaskRow, read_tasks
from bot.directives.units import read_units
from bot.tasks import Due
from bot.wording import Wording

UNITS = sample_units()
COLUMNS = (
    "Mã;Nội dung nhiệm vụ;Ngày ban hành;Thời hạn hoàn thành;Chủ trì thực hiện;Trừ;Đơn vị phối hợp;Nghị quyết;"
    "Theo dõi;Nháp"
)
SHEET = [
    ["UBND TỈNH AN GIANG"],
    ["DANH MỤC NHIỆM VỤ, năm 2025"],
    [],
    ["STT", "NOI DUNG NHIEM VU", "Chủ trì thực hiện ", "Thời hạn hoàn thành", "Số/ký hiệu văn bản", "Sản phẩm"],
    [1, "Rà soát văn bản", "Sở Tư pháp", datetime(2025, 9, 20), "345/TB-VPUBND", "Báo cáo"],  # noqa: DTZ001  (Excel)
    [2, "Số hóa hồ sơ", "SKHCN; SYT", "thường xuyên", "Thông báo số 345/TB-VPUBND ngày 12/9/2025", None],
]


def workbook(rows: list[list[Any]], before: Callable[[Any], None] = lambda book: None) -> bytes:
    """An .xlsx file with these rows on its active sheet."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    before(book)
    book.save(out)
    return out.getvalue()


def tasks_of(*rows: str) -> list[TaskRow]:
    """The tasks of a CSV list with the usual columns."""
    return read_tasks("\n".join([COLUMNS, *rows]).encode(), UNITS)


def reasons(read: Callable[[], object], language: str = "vi") -> list[str]:
    """What the office is told about a bad list."""
    with pytest.raises(BadList) as bad:
        read()
    words = Wording(language, ZoneInfo("Asia/Ho_Chi_Minh"))
    return [words.say(problem.says) for problem in bad.value.problems]


def test_a_unit_list_in_the_office_s_own_columns() -> None:
    """Any order, headings with marks or without, a title above, a byte order mark, semicolons."""
    written = "\ufeffDanh sách đơn vị\n\nTEN DON VI;Mã đơn vị;Loại\nPhường Long Xuyên;30307;phường\nSở Nội vụ;SNV;sở\n"

    assert [(unit.code, unit.name, unit.kind) for unit in read_units(written.encode())] == [
        ("30307", "Phường Long Xuyên", UnitKind.COMMUNE),
        ("SNV", "Sở Nội vụ", UnitKind.DEPARTMENT),
    ]


def test_a_unit_list_from_a_file(tmp_path: Path) -> None:
    """A spreadsheet's numeric codes are codes, not fractions."""
    path = tmp_path / "đơn vị.xlsx"
    path.write_bytes(
        workbook([["Mã", "Tên", "Loại", "Dấu"], [30307.0, "Phường Long Xuyên", "phường", "bcd-57; ven biển"]])
    )

    (unit,) = read_units(path)
    assert (unit.code, unit.marks) == ("30307", ("bcd-57", "ven biển"))


def test_every_bad_unit_is_named() -> None:
    """All bad rows at once, each with its line and what is wrong with it."""
    written = (
        "code,name,type,kind,parent\n"
        "SNV,Sở Nội vụ,sở,department,\n"
        ",Xã Không Mã,xã,commune,\n"
        "snv,Sở Nội vụ 2,sở,department,\n"
        "S T P,Sở Tư pháp,sở,department,\n"
        "SYT,Sở Y tế,sở,ministry,\n"
        "STC,Sở Tài chính,sở,department,ABC\n"
        "SXD,Sở Nội vụ,sở,department,SNV\n"
    )

    assert reasons(lambda: read_units(written.encode())) == [
        "Dòng 3: Thiếu mã đơn vị.",
        "Dòng 4: “snv” đã có ở dòng 2. Anh/chị bỏ một dòng.",
        "Dòng 5: Mã “S T P” không hợp lệ; mã gồm tối đa 20 chữ, số, dấu chấm hoặc gạch nối.",
        "Dòng 6: Không rõ nhóm đơn vị “ministry”; dùng một trong: province, department, sector, party, commune.",
        "Dòng 7: Không có đơn vị “ABC” trong danh sách. Anh/chị dùng mã hoặc tên đầy đủ của đơn vị.",
        "Dòng 8: “Sở Nội vụ” đã có ở dòng 2. Anh/chị bỏ một dòng.",
    ]


def test_a_task_sheet_as_offices_keep_it() -> None:
    """The usual columns under a title, units by name or code, Excel's own dates."""
    review, records = read_tasks(workbook(SHEET), UNITS)

    assert (review.title, review.units) == ("Rà soát văn bản", ("STP",))
    assert (review.due, review.number, review.product) == (Due(date(2025, 9, 20)), "345/TB-VPUBND", "Báo cáo")
    assert (records.units, records.due, records.due_phrase) == (("SKHCN", "SYT"), None, "thường xuyên")
    assert (records.number, records.product) == ("345/TB-VPUBND", None)


def test_a_task_without_a_code_gets_one_of_its_own() -> None:
    """The same list imported again means the same tasks; another list never means them by accident."""
    first, second = (task.code for task in read_tasks(workbook(SHEET), UNITS))
    (other,) = tasks_of(";Việc khác;;;SNV;;;;;")

    assert [task.code for task in read_tasks(workbook(SHEET), UNITS)] == [first, second]
    assert len({first, second, other.code}) == 3


def test_commas_inside_a_sentence_are_no_columns() -> None:
    """The separator is the sign that makes even rows."""
    (task,) = tasks_of("A1;Rà soát, cắt giảm, công khai, báo cáo, tổng hợp, đề xuất;;;SNV;;;;;")

    assert task.title == "Rà soát, cắt giảm, công khai, báo cáo, tổng hợp, đề xuất"


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("communes", 102),
        ("các xã, phường, đặc khu", 102),
        ("UBND cấp xã", 102),
        ("các sở, ban, ngành", 17),
        ("Cac so nganh", 17),
        ("tất cả", 119),
        ("SNV, STC", 2),
        ("sgddt", 1),
        ("Báo và Phát thanh, Truyền hình An Giang", 1),
        ("phường long xuyên", 1),
    ],
)
def test_whom_a_cell_means(cell: str, count: int) -> None:
    """Groups fan out; codes and whole names are found with marks or without."""
    (task,) = tasks_of(f"A1;Việc;;;{cell};;;;;")

    assert len(task.units) == count


def test_semicolons_join_units() -> None:
    """A quoted cell may name a group and a unit; each unit is counted once."""
    (task,) = tasks_of('A1;Việc;;;"departments; VPTU; SNV";;;;;')

    assert (len(task.units), task.units[-1]) == (18, "VPTU")


def test_exceptions_come_off() -> None:
    """By name, or by a mark of the list of units."""
    by_name, by_mark = tasks_of("A1;Việc;;;communes;Phường Long Xuyên;;;;", "A2;Việc;;;communes;mark:bcd-57;;;;")

    assert (len(by_name.units), len(by_mark.units)) == (101, 55)
    assert "30307" not in by_name.units


def test_a_lead_is_no_co_unit() -> None:
    """A group among the co-units leaves the leading unit out."""
    (task,) = tasks_of("A1;Việc;;;VPUBND;;departments;;SNV;")

    assert len(task.co_units) == 16
    assert task.follow_up == "SNV"


@pytest.mark.parametrize(
    ("cell", "due", "phrase"),
    [
        ("20/9/2025", Due(date(2025, 9, 20)), None),
        ("20.09.2025", Due(date(2025, 9, 20)), None),
        ("2025-09-20", Due(date(2025, 9, 20)), None),
        ("17:00 20/9/2025", Due(date(2025, 9, 20), time(17)), None),
        ("trước 17h30 ngày 20/9/2025", Due(date(2025, 9, 20), time(17, 30)), "trước 17h30 ngày 20/9/2025"),
        ("Trước ngày 20/9/2025", Due(date(2025, 9, 20)), "Trước ngày 20/9/2025"),
        ("khẩn trương", None, "khẩn trương"),
        ("", None, None),
    ],
)
def test_deadlines_as_cells_hold_them(cell: str, due: Due | None, phrase: str | None) -> None:
    """A whole date is a deadline, words without a date are kept as words, nothing is invented."""
    (task,) = tasks_of(f"A1;Việc;;{cell};SNV;;;;;")

    assert (task.due, task.due_phrase) == (due, phrase)


@pytest.mark.parametrize(
    "cell", ["20/9", "31/9/2025", "20/9/2025 đến 25/9/2025", "quý IV 2025", "25h 20/9/2025", "20/9/25"]
)
def test_a_half_date_is_asked_about(cell: str) -> None:
    """A deadline that can't be read is never dropped in silence."""
    (why,) = reasons(lambda: tasks_of(f"A1;Việc;;{cell};SNV;;;;;"))

    assert why.startswith(f"Dòng 2: Không rõ ngày “{cell}”.")


@pytest.mark.parametrize(
    ("cell", "signs"),
    [
        ("57", ("57-NQ/TW",)),
        ("NQ57; nghị quyết số 59", ("57-NQ/TW", "59-NQ/TW")),
        ("57-nq/tw, 57", ("57-NQ/TW",)),
        ("Nghị quyết 12/2025/NQ-HĐND", ("12/2025/NQ-HĐND",)),
    ],
)
def test_resolutions_by_sign_or_number(cell: str, signs: tuple[str, ...]) -> None:
    """A bare number is one of the Politburo's; a sign stays as written."""
    (task,) = tasks_of(f'A1;Việc;;;SNV;;;"{cell}";;')

    assert task.resolutions == signs


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_bad_task_is_named(language: str) -> None:
    """All bad rows at once, in the reader's language, and nothing of the list is taken."""
    said = reasons(
        lambda: tasks_of(
            "A1;Việc;;;SNV;;;;;",
            "A2;;;;SNV;;;;;",
            "A3;Việc 3;;;Xã Vĩnh Hoà Hưn;;;;;",
            "a1;Việc 4;;;SNV;;;;;",
            "A5;Việc 5;;;;;;;;",
            "A6;Việc 6;12/9/2025;10/9/2025;SNV;;;;;",
            "A7;Việc 7;;;SNV;STC;;;;",
            "A8;Việc 8;;;SNV;;;nhiều;;",
            "A9;Việc 9;hôm qua;;SNV;;;;;",
            "B 1;Việc 10;;;SNV;;;;all;có lẽ",
        ),
        language,
    )

    lines = [line.split(":")[0].split()[-1] for line in said]
    assert lines == ["3", "4", "5", "6", "7", "8", "9", "10", "11", "11", "11"]
    assert all(line.startswith({"vi": "Dòng ", "en": "Line "}[language]) for line in said)


def test_a_task_without_unit_may_be_a_draft() -> None:
    """The office's list keeps what names nobody."""
    (task,) = tasks_of("T14;Tăng cường đối ngoại;;;;;;;;x")

    assert (task.units, task.draft) == ((), True)


@pytest.mark.parametrize("cell", ["=1+1", "=HYPERLINK(A1)", "@SUM(A1)"])
def test_formulas_are_refused(cell: str) -> None:
    """A formula in a list is either a mistake or an attack."""
    (in_csv,) = reasons(lambda: tasks_of(f"A1;{cell};;;SNV;;;;;"))
    (in_workbook,) = reasons(lambda: read_tasks(workbook([*SHEET, [3, cell, "SNV"]]), UNITS))

    assert in_csv == f"Dòng 2: Ô có công thức “{cell}”. Anh/chị thay bằng giá trị."
    assert in_workbook.startswith("Dòng 7: ")


def test_a_secret_mark_refuses_the_list_without_its_words() -> None:
    """Nothing of a marked list is repeated."""
    (why,) = reasons(lambda: tasks_of("A1;Kế hoạch phòng thủ (MẬT);;;SNV;;;;;", "A2;=x;;;SNV;;;;;"))

    assert why.startswith("Dòng 2: Có dấu chỉ độ mật")
    assert "phòng thủ" not in why


def test_a_missing_column_is_named() -> None:
    """A sheet without the needed columns says which."""
    (why,) = reasons(lambda: read_tasks("STT,Nội dung nhiệm vụ\n1,Việc".encode(), UNITS))

    assert why.startswith("Không tìm thấy cột: chủ trì thực hiện.")


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * (40 * 1024 * 1024))
    return out.getvalue()


def _entities() -> bytes:
    good, out = workbook(SHEET), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            body = before.read(name)
            doctype = b'<!DOCTYPE x [<!ENTITY a "SNV">]>' if name.endswith("workbook.xml") else b""
            after.writestr(name, doctype + body)
    return out.getvalue()


def _far_corner(book: Any) -> None:
    book.active.cell(1_048_576, 16_384, "SNV")


HOSTILE = {
    "bomb": (_bomb, "Tệp này không phải bảng"),
    "entities": (_entities, "Tệp này không phải bảng"),
    "a zip": (lambda: b"PK\x03\x04" + bytes(100), "Tệp này không phải bảng"),
    "a zip of something else": (lambda: _entities()[:200] + bytes(50), "Tệp này không phải bảng"),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0" + bytes(100), "Tệp này không phải bảng"),
    "binary": (lambda: bytes(range(256)) * 20, "Tệp này không phải bảng"),
    "6 MB": (lambda: b"a,b\n" * 1_600_000, "Tệp lớn hơn 5 MB"),
    "many rows": (lambda: b"a;b\n" * 6_000, "Bảng có hơn 5.000 dòng"),
    "nothing": (lambda: b"", "Tệp không có dòng nào"),
    "an empty sheet": (lambda: workbook([]), "Tệp không có dòng nào"),
    "a long cell": (f"Mã;Tên;Loại\nSNV;{'ă' * 5_000};sở".encode, "Dòng 2: Ô dài hơn 4.000 ký tự"),
    "an open quotation": (('Mã;Tên\nA1;"' + "Việc\n" * 30_000).encode, "Dòng 2"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_list_is_refused_in_words(name: str) -> None:
    """Whatever is sent, the answer is a sentence and nothing is taken."""
    make, expected = HOSTILE[name]

    assert reasons(lambda: read_units(make()))[0].startswith(expected)


def test_a_cell_in_the_far_corner_costs_nothing() -> None:
    """A sheet that claims a million rows is read where the table is."""
    assert len(read_tasks(workbook(SHEET, _far_corner), UNITS)) == 2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The path that can't be read stands in the answer."""
    (why,) = reasons(lambda: read_units(tmp_path / "không có.csv"))

    assert "không có.csv" in why


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)), st.integers(0, 4_000))
def test_rubbish_never_raises_anything_else(rubbish: bytes, place: int) -> None:
    """Any bytes, alone or inside a good workbook, end in rows or in BadList."""
    good = GOOD_WORKBOOK
    for data in (rubbish, good[:place] + rubbish + good[place + len(rubbish) :]):
        with contextlib.suppress(BadList):
            assert all(task.title for task in read_tasks(data, UNITS))


GOOD_WORKBOOK = workbook(SHEET)
