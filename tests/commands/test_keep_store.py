"""A store is copied, put back where none is, and what it still had to send waits for a person."""

from __future__ import annotations

from pathlib import Path

from bot.store.engine import Store
from bot.store.migrate import downgrade
from tests.commands.conftest import Typed, opened


def test_a_copy_put_back_is_the_same_province(province: Typed, tmp_path: Path) -> None:
    """Backup, restore into another folder: the same units, and nobody else may read the copy."""
    copy = tmp_path / "copy.db"

    assert province("backup", str(copy)).exit_code == 0
    assert copy.stat().st_mode & 0o077 == 0
    restored = province("restore", str(copy), data_dir=str(tmp_path / "other"))
    assert (restored.exit_code, restored.stdout) == (0, f"Đã phục hồi từ {copy}.\n")
    store = opened(tmp_path / "other")
    assert store.read_now(lambda book: book.people.province()).name == "Tỉnh Kiên Giang"
    store.close()


def test_letters_of_a_copy_are_held_until_released(sample: Typed, tmp_path: Path) -> None:
    """A restored copy sends nothing that the original may have sent, until somebody says so."""
    tasks = tmp_path / "viec.csv"
    tasks.write_text("mã,nhiệm vụ,đơn vị chủ trì\nV1,Làm kế hoạch,30607\n", "utf-8")
    sample("import", "tasks", str(tasks))
    copy, other = tmp_path / "copy.db", str(tmp_path / "other")
    sample("backup", str(copy))

    assert "1 thư" in sample("restore", str(copy), data_dir=other).stdout
    assert "nhacviec restore --release" in sample("doctor", data_dir=other).stdout
    assert "1 thư" in sample("restore", "--release", data_dir=other).stdout
    assert "0 thư" in sample("restore", "--release", data_dir=other).stdout


def test_nothing_is_overwritten(province: Typed, tmp_path: Path) -> None:
    """Neither a file by a copy, nor a store by a restored one."""
    copy = tmp_path / "copy.db"
    province("backup", str(copy))

    assert province("backup", str(copy)).exit_code == 2
    assert province("restore", str(copy)).exit_code == 2


def test_what_is_no_copy_is_refused(nhacviec: Typed, units_file: Path, tmp_path: Path) -> None:
    """A spreadsheet, a missing file, an empty folder, a place that is not there: one line each, no store made."""
    wrong = [
        nhacviec("restore", str(units_file)),
        nhacviec("restore", "khong-co.db"),
        nhacviec("backup", "copy.db"),
        nhacviec("restore"),
        nhacviec("restore", str(units_file), "--release"),
    ]

    assert [(one.exit_code, len(one.stderr.splitlines())) for one in wrong] == [(2, 1)] * 5
    assert not (tmp_path / "data" / "nhacviec.sqlite3").exists()


def test_a_copy_goes_nowhere_that_is_not_there(province: Typed) -> None:
    """One line that names the place."""
    result = province("backup", "/nirgends/copy.db")

    assert (result.exit_code, "/nirgends/copy.db" in result.stderr) == (2, True)


def test_migrate_brings_old_tables_up_to_date(province: Typed, tmp_path: Path) -> None:
    """Doctor says that they are old, and changes nothing; migrate does."""
    store = Store(f"sqlite:///{tmp_path / 'data' / 'nhacviec.sqlite3'}")
    downgrade(store.engine, "-1")
    store.close()

    assert "nhacviec migrate" in province("doctor").stdout
    assert "nhacviec migrate" in province("doctor").stdout
    assert province("migrate").exit_code == 0
    assert "nhacviec migrate" not in province("doctor").stdout


def test_a_store_of_a_later_release_is_left_alone(province: Typed, tmp_path: Path) -> None:
    """One line, and the tables stay as they are."""
    store = Store(f"sqlite:///{tmp_path / 'data' / 'nhacviec.sqlite3'}")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()

    assert province("doctor").exit_code == 1
    result = province("migrate")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
