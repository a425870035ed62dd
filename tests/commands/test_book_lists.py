"""Lists go in whole or not at all; codes come out once, for whoever the operator means."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg

from bot.assembly import clock_of
from tests.commands.conftest import UNITS, Typed, opened

CODE = re.compile(r"DK [2-9A-Z]{3} [2-9A-Z]{4} [2-9A-Z]{4}")


def test_the_first_list_founds_the_province(nhacviec: Typed, units_file: Path, tmp_path: Path) -> None:
    """Its row of kind province gives the name and is no unit; the way to the first clerk has the list's own code."""
    result = nhacviec("import", "units", str(units_file))

    assert "3 đơn vị" in result.stdout
    assert "nhacviec invite VP01 --role office" in result.stdout
    store = opened(tmp_path / "data")
    assert store.read_now(lambda book: book.people.province()).name == "Tỉnh Kiên Giang"
    assert [unit.code for unit in store.read_now(lambda book: book.people.units())] == ["VP01", "30607", "30608"]
    store.close()


def test_every_bad_row_is_named_and_nothing_imported(nhacviec: Typed, units_file: Path) -> None:
    """Line and reason of each; the store stays without a province."""
    units_file.write_text(UNITS + ",Xã Không Mã,xã\n30607,Xã Khác,xã\n7,Tên,lung tung\n", "utf-8")

    result = nhacviec("import", "units", str(units_file))

    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [
        "Dòng 6",
        "Dòng 7",
        "Dòng 8",
        "Chưa nhập gì.",
    ]
    assert nhacviec("summary").exit_code == 2


def test_a_first_list_without_the_province_is_refused(nhacviec: Typed, units_file: Path) -> None:
    """What the province is called can't be guessed: one line says which row is missing."""
    units_file.write_text("mã,tên,loại\n30607,Xã Bình Hòa,xã\n", "utf-8")

    result = nhacviec("import", "units", str(units_file))

    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_checking_a_list_writes_nothing(nhacviec: Typed, units_file: Path, tmp_path: Path) -> None:
    """--dry-run counts and makes no store."""
    assert "3 đơn vị" in nhacviec("import", "units", str(units_file), "--dry-run").stdout
    assert not (tmp_path / "data").exists()


def test_a_real_list_does_not_go_into_the_sample(sample: Typed, units_file: Path) -> None:
    """The sample stays what it is; a real province needs a store of its own."""
    result = sample("import", "units", str(units_file))

    assert result.exit_code == 2
    assert "NHACVIEC_DATA_DIR" in result.stderr


def test_tasks_are_imported_once(province: Typed, tmp_path: Path) -> None:
    """A group of addressees fans out; the same list again adds nothing and says what was known."""
    tasks = tmp_path / "viec.csv"
    tasks.write_text('mã,nhiệm vụ,đơn vị chủ trì,hạn\nV1,Làm kế hoạch,"các xã, phường, đặc khu",20/9/2027\n', "utf-8")

    assert "1 nhiệm vụ" in province("import", "tasks", str(tasks), "--dry-run").stdout
    assert "2 lượt giao" in province("import", "tasks", str(tasks)).stdout
    assert "V1" in province("import", "tasks", str(tasks)).stdout.splitlines()[-1]


def test_a_list_says_who_follows_up_from_now_on(province: Typed, tmp_path: Path) -> None:
    """Imported again with another unit in that column: the code is named once, and only when it changes."""
    tasks = tmp_path / "viec.csv"
    row = 'mã,nhiệm vụ,đơn vị chủ trì,cơ quan theo dõi\nV1,Làm kế hoạch,"các xã, phường, đặc khu",'
    tasks.write_text(row + "\n", "utf-8")
    province("import", "tasks", str(tasks))
    tasks.write_text(row + "VP01\n", "utf-8")

    first, second = (province("import", "tasks", str(tasks)).stdout for _ in range(2))
    assert "Đổi cơ quan theo dõi theo danh sách: V1" in first
    assert "theo dõi" not in second


def test_an_unknown_unit_in_a_task_is_named(province: Typed, tmp_path: Path) -> None:
    """With its line; nothing of the list is taken."""
    tasks = tmp_path / "viec.csv"
    tasks.write_text("nhiệm vụ,đơn vị chủ trì\nLàm kế hoạch,30607\nLàm báo cáo,Sở Không Có\n", "utf-8")

    result = province("import", "tasks", str(tasks))

    assert result.exit_code == 1
    assert result.stderr.startswith("Dòng 3")
    assert "1 lượt giao" not in province("summary").stdout


def test_a_file_that_is_not_there_is_one_line(nhacviec: Typed) -> None:
    """Its name, no traceback."""
    result = nhacviec("import", "units", "khong-co.csv")

    assert result.exit_code == 1
    assert "khong-co.csv" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_the_first_clerk_gets_a_code(province: Typed) -> None:
    """One line with unit and code on standard output, until when on standard error."""
    result = province("invite", "VP01", "--role", "office")

    assert len(CODE.findall(result.stdout)) == 1
    assert "VP01" in result.stdout
    assert "dùng một lần" in result.stderr


def test_a_code_that_replaces_somebody_says_so(sample: Typed, tmp_path: Path) -> None:
    """Lan's account is served no more: her unit's code takes her seat, which is said beside it, and for no other."""
    store = opened(tmp_path / "data")
    store.write_now(lambda book: book.served.note([("telegram", "1")], clock_of(store).now()))
    store.close()
    result = sample("invite", "30607", "30685")

    assert result.stderr.count("không nhắn được cho Lan vì kênh cũ không còn dùng") == 1
    assert len(CODE.findall(result.stdout)) == 2


def test_the_usual_code_of_the_office_may_not_be_this_lists(province: Typed) -> None:
    """VPUBND is not in the list: the office that is there is named, with the command to type."""
    result = province("invite", "VPUBND", "--role", "office")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "nhacviec invite VP01 --role office" in result.stderr


def test_a_near_miss_is_asked_never_taken(province: Typed) -> None:
    """30606 is no unit; the ones nearest to it are offered."""
    result = province("invite", "30606")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "30607 Xã Bình Hòa" in result.stderr


def test_a_unit_named_twice_gets_one_code(province: Typed) -> None:
    """By code and by name: the second would make the first void."""
    result = province("invite", "30607", "Xã Bình Hòa", "30608")

    assert len(set(CODE.findall(result.stdout))) == 2


def test_the_sheet_holds_every_code_once(province: Typed, tmp_path: Path) -> None:
    """One card a unit, its code as printed in the terminal; readable for its owner alone, and nothing from outside."""
    sheet = tmp_path / "ma.html"
    result = province("invite", "all", "--sheet", str(sheet), "--link", "@BotThu")
    page = sheet.read_text("utf-8")

    codes = CODE.findall(result.stdout)
    assert len(codes) == 3
    assert [page.count(f"<b>{code}</b>") for code in codes] == [1, 1, 1]
    assert page.count("<svg") == 3
    assert sheet.stat().st_mode & 0o077 == 0
    assert re.findall(r'(?:src|href)="', page) == []


def test_a_sheet_that_cannot_be_written_costs_no_code(province: Typed) -> None:
    """The file is tried before codes are issued."""
    result = province("invite", "all", "--sheet", "/nirgends/ma.html")

    assert result.exit_code == 2
    assert CODE.findall(result.output) == []


def test_the_hotline_reaches_the_province(province: Typed, tmp_path: Path) -> None:
    """What NHACVIEC_HOTLINE names is what help tells people to call."""
    province("summary", hotline="0296 3852 000")

    store = opened(tmp_path / "data")
    assert store.read_now(lambda book: book.people.province()).settings["hotline"] == "0296 3852 000"
    store.close()


def test_postgresql_knows_at_once_how_much_was_imported(
    nhacviec: Typed, units_file: Path, tmp_path: Path, postgres_database: str
) -> None:
    """The clock's first tick is not planned by guesses: units, tasks and people are counted in the import itself."""
    tasks = tmp_path / "nhiem-vu.csv"
    tasks.write_text("mã,nội dung nhiệm vụ,đơn vị chủ trì,thời hạn\nT01,Lập kế hoạch,30607,30/12/2030\n", "utf-8")
    for what, file in (("units", units_file), ("tasks", tasks)):
        assert nhacviec("import", what, str(file), database_url=postgres_database).exit_code == 0
    with psycopg.connect(postgres_database.replace("+psycopg", "", 1)) as asked:
        known = dict(asked.execute("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'").fetchall())

    counted = {"unit": 3, "task": 1, "assignment": 1, "person": 0, "seat": 0, "address": 0}
    assert {name: known[name] for name in counted} == counted
