"""Files and folders an operator gets wrong: one line says which, status 2 or 1, and nothing is made or changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Typed


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe\x00", id="broken text"),
        pytest.param(b"PK\x03\x04 not a workbook", id="broken archive"),
    ],
)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_that_is_no_list_is_said(nhacviec: Typed, tmp_path: Path, content: bytes, ending: str) -> None:
    """Empty, damaged or of another kind: no traceback, no province founded."""
    path = tmp_path / f"don-vi.{ending}"
    path.write_bytes(content)
    result = nhacviec("import", "units", str(path))
    assert result.exit_code in (1, 2)
    assert result.stderr.strip()
    assert "Traceback" not in result.output
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("day", ["19/9/2025", "2025-13-01", "2025-02-30", "mai"])
def test_a_day_that_is_none_is_refused(nhacviec: Typed, day: str) -> None:
    """What was typed stands in the answer, one plain sentence."""
    result = nhacviec("remind", "--on", day)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Không hiểu ngày «{day}».")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("typed", "said", "english"),
    [
        (("remind",), "Thiếu --on.", "--on is missing."),
        (("import", "units"), "Thiếu FILE.", "FILE is missing."),
        (("remind", "--ngay", "x"), "Không có tùy chọn --ngay.", "There is no option --ngay."),
        (("nhac",), "Không có lệnh «nhac».", "There is no command “nhac”."),
        (("doctor", "thừa"), "Lệnh gõ chưa đúng", "The command was not typed as it should be"),
    ],
)
def test_what_was_typed_wrong_is_said_in_the_operators_language(
    nhacviec: Typed, typed: tuple[str, ...], said: str, english: str
) -> None:
    """One line, status 2: not the English of a library."""
    for language, sentence in (("vi", said), ("en", english)):
        result = nhacviec(*typed, language=language)
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
        assert result.stderr.startswith(sentence)


def test_an_unknown_role_or_list_is_refused(province: Typed) -> None:
    """No code is issued for a seat that there is not; which there are is told."""
    king, people = province("invite", "30607", "--role", "king"), province("import", "people", "x.csv")
    assert (king.exit_code, people.exit_code) == (2, 2)
    assert king.stderr.startswith("--role không nhận «king»; dùng một trong: contact")
    assert people.stderr == "WHAT không nhận «people»; dùng một trong: units, tasks, days.\n"


def test_one_unknown_unit_costs_no_code_of_the_others(province: Typed) -> None:
    """Bình Hòa is right, the second is not: nothing is issued, so no code already handed out becomes void."""
    result = province("invite", "30607", "Xã Bình Hỏi")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Xã Bình Hỏi" in result.stderr
