"""`summary`, `export` and `remind`: what the book says, asked from the command line; nothing is changed."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import Typed


def test_a_day_is_looked_ahead_at(sample: Typed) -> None:
    """On 19/9/2025 Lan hears at 07:30 and at 13:30 of both her tasks that fall due; who has nobody is counted."""
    result = sample("remind", "--on", "2025-09-19", "--dry-run")
    rows = [line.split("\t") for line in result.stdout.splitlines()]

    assert {(row[0], row[1], row[2]) for row in rows} == {
        ("07:30", "Lan", "Xã Bình Hòa"),
        ("13:30", "Lan", "Xã Bình Hòa"),
    }
    assert "T02" in {row[3] for row in rows}
    assert "119 đơn vị" in result.stderr


def test_a_day_off_reminds_nobody(sample: Typed) -> None:
    """Saturday 20/9/2025 is said to be no working day."""
    result = sample("remind", "--on", "2025-09-20")

    assert result.stdout == ""
    assert "không phải ngày làm việc" in result.stderr


def test_the_summary_is_the_bots_own(sample: Typed) -> None:
    """Without words the whole; with words what was asked, with or without marks."""
    assert "237 lượt giao" in sample("summary").stdout
    assert "NQ 71" in sample("summary", "nq71", "toi", "dau", "roi").stdout
    assert "T02" in sample("summary", "ai", "chưa", "báo", "cáo").stdout


def test_the_command_line_only_asks(sample: Typed) -> None:
    """A decision of the office, an invitation and nonsense are not understood there."""
    for words in ("xác nhận tất cả", "mã mời Bình Hòa", "làm thơ đi"):
        assert sample("summary", *words.split()).exit_code == 1


def test_sheet_and_picture_are_written(sample: Typed, tmp_path: Path) -> None:
    """An XLSX and a PNG, told by their first bytes."""
    assert sample("export", "bang.xlsx").exit_code == 0
    assert sample("export", "anh.png", "--form", "picture").exit_code == 0
    assert (tmp_path / "bang.xlsx").read_bytes()[:2] == b"PK"
    assert (tmp_path / "anh.png").read_bytes()[:4] == b"\x89PNG"


def test_a_file_that_cannot_be_written_is_one_line(sample: Typed) -> None:
    """It names the file."""
    result = sample("export", "/nirgends/bang.xlsx")

    assert (result.exit_code, "/nirgends/bang.xlsx" in result.stderr) == (2, True)


def test_an_empty_store_is_not_made_a_sample_by_asking(nhacviec: Typed) -> None:
    """Who asks before anything is imported hears what to do first."""
    asking = (["summary"], ["export", "a.xlsx"], ["export", "readings"], ["learn"], ["remind", "--on", "2025-09-19"])
    for words in (*asking, ["invite", "VPUBND"]):
        result = nhacviec(*words)
        assert result.exit_code == 2
        assert "nhacviec import units" in result.stderr
