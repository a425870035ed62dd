"""Dates and deadlines in cells: whole ones are read in any usual form, everything else is asked about."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directives.civil_dates import read_date, read_due
from bot.messages import Text
from bot.tasks import Due

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
FORMS = ("{d}/{m}/{y}", "{d:02}/{m:02}/{y}", "{d}.{m}.{y}", "{d}-{m}-{y}", "{y}-{m:02}-{d:02}", "{d} / {m} / {y}")


@given(days, st.sampled_from(FORMS), st.sampled_from(["", "Trước ngày ", "hết ngày ", "Chậm nhất: "]))
def test_a_whole_date_is_that_day_in_any_form(day: date, form: str, before: str) -> None:
    """Day first, as offices write, or as a spreadsheet does; with words before it they are kept as they stood."""
    wrong: list[Text] = []
    cell = before + form.format(d=day.day, m=day.month, y=day.year)

    assert read_due(cell, wrong) == (Due(day), cell if before else None)
    assert wrong == []


@given(days, st.times(), st.sampled_from(["{h}h{m:02}", "{h:02}:{m:02}", "{h} giờ {m:02}", "{h:02}:{m:02}:00"]))
def test_an_hour_beside_it_is_the_hour(day: date, at: time, form: str) -> None:
    """Before or after the date."""
    hour, on = form.format(h=at.hour, m=at.minute), f"{day.day}/{day.month}/{day.year}"

    for cell in (f"{hour} {on}", f"{on} {hour}", f"{hour} ngày {on}"):
        wrong: list[Text] = []
        due, _ = read_due(cell, wrong)
        assert (due, wrong) == (Due(day, time(at.hour, at.minute)), [])


@pytest.mark.parametrize(
    "cell",
    [
        "29/2/2025", "31/4/2025", "0/9/2025", "20/13/2025", "20/9/1999", "20/9/2100", "20/9", "9/2025", "20/9/25",
        "20/9.2025", "24h 20/9/2025", "17h60 20/9/2025", "20/9/2025 hoặc 21/9/2025", "20-25/9/2025", "2025",
        "trong 5 ngày", "quý 4", "120/9/2025", "20/9/20255", "2025-9", "17h", "20/9/2025 17h 18h",
        "17 giờ hoặc 18 giờ 20/9/2025", "7h-8h 20/9/2025",
    ],
)  # fmt: skip
def test_what_is_half_or_double_is_asked_about(cell: str) -> None:
    """No day is invented, none of two is chosen, and the office is told of the very cell."""
    wrong: list[Text] = []

    assert read_due(cell, wrong) == (None, None)
    assert [problem.params["cell"] for problem in wrong] == [cell]


def test_a_word_with_h_behind_the_minutes_is_no_second_hour() -> None:
    """ "17h30 hôm 20/9/2025" is half past five."""
    assert read_due("trước 17h30 hôm 20/9/2025", [])[0] == Due(date(2025, 9, 20), time(17, 30))


@pytest.mark.parametrize("cell", ["thường xuyên", "Khẩn trương", "sớm nhất có thể"])
def test_words_alone_are_no_deadline_and_no_fault(cell: str) -> None:
    """They are kept as the notice has them."""
    wrong: list[Text] = []

    assert (read_due(cell, wrong), wrong) == ((None, cell), [])


@pytest.mark.parametrize(
    ("cell", "day"),
    [("12/9/2025", date(2025, 9, 12)), ("", None), ("ngày 12/9/2025", None), ("12/9", None), ("x", None)],
)
def test_a_day_of_issue_is_a_date_and_nothing_else(cell: str, day: date | None) -> None:
    """Here words beside it are a mistake; an empty cell is none."""
    wrong: list[Text] = []

    assert read_date(cell, wrong) == day
    assert len(wrong) == (day is None and cell != "")


@given(st.text(max_size=60))
def test_any_cell_ends_in_an_answer_or_a_question(cell: str) -> None:
    """A deadline, words that are kept, or one problem; never an error, and never a silent loss of figures."""
    wrong: list[Text] = []
    due, phrase = read_due(cell, wrong)

    assert len(wrong) <= 1
    assert due is not None or phrase is not None or wrong or not cell
