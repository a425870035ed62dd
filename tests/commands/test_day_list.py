"""The year's days off as a list: what moves is seen first, and what holds is what the chat shows."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bot.store.timetable import Changed
from tests.commands.conftest import Typed, opened

#: On the sample's clock it is Friday 12/9/2025.
DAYS = """ngày,loại,tên
11/9/2025,nghỉ,Hôm qua
19/9/2025,nghỉ,Ngày hội của tỉnh
20/9/2025,làm bù,Làm bù ngày hội
21/9/2025,nghỉ,Chủ nhật
"""


@pytest.fixture
def days(tmp_path: Path) -> str:
    """The office's list."""
    path = tmp_path / "ngay-nghi.csv"
    path.write_text(DAYS, "utf-8")
    return str(path)


def own_days(folder: Path) -> dict[date, bool]:
    """What the store holds."""
    with closing(opened(folder)) as store:
        return store.read_now(lambda book: book.timetable.own_days())


def test_what_would_move_is_shown_and_nothing_kept(sample: Typed, days: str, tmp_path: Path) -> None:
    """--dry-run counts the reminders that go at another time, day by day as they would stand."""
    told = sample("import", "days", days, "--dry-run").stdout

    assert told.startswith("Danh sách đúng, đổi 2 ngày. Chưa ghi gì:\n• Thứ Sáu, 19/9/2025: nghỉ (Ngày hội của tỉnh)\n")
    assert "1 ngày vốn đã như vậy.\n1 ngày đã qua, bỏ qua.\nTính theo sổ hiện nay, đến hết 4/10/2025: " in told
    assert own_days(tmp_path / "data") == {}


def test_a_list_of_days_holds_as_if_it_was_said_in_chat(sample: Typed, days: str, tmp_path: Path) -> None:
    """Both days with their names, one change in the history; the same list again changes nothing."""
    seen = sample("import", "days", days, "--dry-run").stdout
    done = sample("import", "days", days).stdout
    again = sample("import", "days", days).stdout

    assert done.splitlines()[1:] == seen.splitlines()[1:]
    assert done.startswith("Đã đổi 2 ngày:\n")
    assert again == "Không ngày nào đổi.\n3 ngày vốn đã như vậy.\n1 ngày đã qua, bỏ qua.\n"
    assert own_days(tmp_path / "data") == {date(2025, 9, 19): False, date(2025, 9, 20): True}
    with closing(opened(tmp_path / "data")) as store:
        last = store.read_now(lambda book: book.timetable.last_change(Changed.CALENDAR))
        names = store.read_now(lambda book: book.timetable.names())
    assert last is not None
    assert (last.number, last.by) == (1, None)
    assert names[date(2025, 9, 20)] == "Làm bù ngày hội"


def test_one_wrong_day_and_none_is_taken(sample: Typed, days: str, tmp_path: Path) -> None:
    """Its line is named on standard error."""
    Path(days).write_text(DAYS + "30/2/2026,nghỉ,Không có\n", "utf-8")
    result = sample("import", "days", days)

    assert result.exit_code == 1
    assert result.stderr.startswith("Dòng 6: ")
    assert result.stderr.endswith("\nChưa nhập gì.\n")
    assert own_days(tmp_path / "data") == {}


@pytest.mark.parametrize("look", [(), ("--dry-run",)])
def test_a_list_of_no_days_is_said_to_be_empty(sample: Typed, days: str, look: tuple[str, ...]) -> None:
    """Headings alone: no bare colon, and nothing about reminders."""
    Path(days).write_text(DAYS.splitlines()[0] + "\n", "utf-8")
    assert sample("import", "days", days, *look).stdout == "Danh sách không có ngày nào, không đổi gì.\n"
