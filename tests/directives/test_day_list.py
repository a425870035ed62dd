"""A list of days off and days worked instead: read as an office writes it, refused as a whole."""

from __future__ import annotations

from datetime import date

import pytest

from bot.directives.days import DayRow, read_days
from bot.directives.problems import BadList

HEAD = "Ngày;Loại;Tên\n"


def test_days_are_read_as_an_office_writes_them() -> None:
    """With capitals, without marks, with a title above the table; the name may be missing."""
    listed = "LỊCH NGHỈ NĂM 2026;;\n" + HEAD + "2/1/2026;Nghỉ;Nghỉ bù Tết dương lịch\n10.1.2026;LAM BU;\n"

    assert read_days(listed.encode()) == [
        DayRow(date(2026, 1, 2), works=False, name="Nghỉ bù Tết dương lịch"),
        DayRow(date(2026, 1, 10), works=True, name=""),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2/1;nghỉ;", "import.bad_date"),
        ("31/2/2026;nghỉ;", "import.bad_date"),
        (";nghỉ;", "import.missing"),
        ("2/1/2026;;", "import.missing"),
        ("2/1/2026;nửa ngày;", "import.unknown_day"),
        ("3/1/2026;nghỉ;\n3/1/2026;làm bù;", "import.twice"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_taken(row: str, why: str) -> None:
    """Line and reason; a right row beside it is not taken either."""
    with pytest.raises(BadList) as bad:
        read_days(f"{HEAD}1/2/2026;nghỉ;\n{row}\n".encode())

    [problem] = bad.value.problems
    assert (problem.why.key, problem.line) == (why, 4 if "\n" in row else 3)


def test_all_wrong_rows_are_named_beside_a_formula() -> None:
    """A formula on line 3, no such day on line 2, no such kind on line 4: one run tells the office all three."""
    with pytest.raises(BadList) as bad:
        read_days(f"{HEAD}31/2/2026;nghỉ;\n=A2+1;nghỉ;\n3/2/2026;nửa ngày;\n".encode())

    told = [(problem.line, problem.why.key) for problem in bad.value.problems]
    assert told == [(2, "import.bad_date"), (3, "import.formula"), (4, "import.unknown_day")]


def test_a_list_without_its_columns_is_refused() -> None:
    """It says which are missing."""
    with pytest.raises(BadList) as bad:
        read_days(b"T\xc3\xaan;S\xe1\xbb\x91\nT\xe1\xba\xbft;1\n")

    assert bad.value.problems[0].why.key == "import.no_column"
