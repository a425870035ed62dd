"""The office's day and the chair's week as read: empty days, long provinces, nothing cut, figures that agree."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given as given_any
from hypothesis import settings

from bot.calendar import WorkingCalendar
from bot.post_parts import parts as divided
from bot.reports import figures
from bot.reports.digest import Every, NamedFrom, OfficeDay, Period, chair_report, office_digest
from bot.reports.names import short_name
from bot.tasks import Assignment, Change, Due, State, StepKind, Task
from bot.wording import Wording
from tests.reports.an_giang import COMMUNES, T02, T03, T04, T18, ZONE, at, given, province, step
from tests.reports.any_assignments import assignments

CALENDAR = WorkingCalendar()
#: Everything overdue is named.
ALL = NamedFrom(0)
NOW = at(22, 16, 30)
SINCE = at(19, 16, 30)
BOTH = ["vi", "en"]


def day(found: list[Assignment], now: object = NOW, language: str = "vi", **more: object) -> str:
    """The office's digest of these assignments in words."""
    told = OfficeDay(found, more.pop("changes", ()), now, CALENDAR, ALL, SINCE, **more)  # type: ignore[arg-type]
    return Wording(language, ZONE).say(office_digest(told))


def period(found: list[Assignment], every: Every = Every.WEEK, changes: tuple[Change, ...] = ()) -> str:
    """The chair's report of these assignments in words."""
    first, last = (
        (date(2025, 9, 13), date(2025, 9, 19)) if every is Every.WEEK else (date(2025, 9, 1), date(2025, 9, 30))
    )
    return Wording("vi", ZONE).say(chair_report(Period(every, first, last, found, changes, NOW, CALENDAR, ALL)))


@pytest.mark.parametrize("language", BOTH)
def test_a_province_without_tasks_has_a_digest_and_reports(language: str) -> None:
    """The first day: no share of nothing is reckoned, nobody is called late, and no place is left unfilled."""
    empty = OfficeDay((), (), NOW, CALENDAR, ALL, SINCE)
    said = [Wording(language, ZONE).say(office_digest(empty))]
    for every in Every:
        told = Period(every, date(2025, 9, 1), date(2025, 9, 30), (), (), NOW, CALENDAR, ALL)
        said.append(Wording(language, ZONE).say(chair_report(told)))
    for one in said:
        assert "🔴" not in one
        assert "%" not in one
        assert not re.search(r"[{}]|None|nan", one)


def test_all_recalled_is_no_percentage() -> None:
    """Everything was taken back: there is nothing to be a percentage of."""
    found = [given(1, T02, "Xã An Phú", step(StepKind.RECALL, at(15)))]
    assert "%" not in day(found).partition("Từ 16:30")[0]
    assert "Xã" not in day(found)


@pytest.mark.parametrize(("waiting", "undecided"), [(0, 0), (1, 0), (0, 3), (2, 5)])
def test_what_waits_for_a_decision_is_never_called_nothing(waiting: int, undecided: int) -> None:
    """«Không có việc nào chờ» stands there exactly where neither a report nor an extension waits."""
    found = [given(n, T02, COMMUNES[n], step(StepKind.DONE, at(18))) for n in range(waiting)]
    said = day(found, undecided=undecided)
    assert ("Không có việc nào chờ anh/chị quyết định" in said) is (waiting + undecided == 0)
    assert (f"Chờ anh/chị xác nhận: {waiting} việc" in said) is (waiting > 0)
    assert (f"Xin gia hạn chưa quyết định: {undecided}" in said) is (undecided > 0)


def test_questions_newcomers_and_drafts_wait_for_a_decision_too() -> None:
    """What "cần duyệt" lists is not called nothing in the evening."""
    said = day([], asked=2, drafts=1)
    assert "Yêu cầu, câu hỏi khác chờ trả lời: 2" in said
    assert "Dự thảo chưa giao: 1" in said
    assert "Không có việc nào chờ" not in said


@pytest.mark.parametrize(
    ("today", "until", "named"),
    [
        (at(18, 16, 30), "Thứ Sáu 19/9", False),
        (at(19, 16, 30), "Thứ Hai 22/9", True),
        (at(20, 16, 30), "Thứ Hai 22/9", True),
    ],
)
def test_what_comes_due_is_told_up_to_the_next_working_day(today: object, until: str, named: bool) -> None:
    """Due Saturday 20/9: not yet on Thursday, named on Friday, because nobody works in between."""
    said = day([given(1, T02, "Xã An Phú")], today)
    assert until in said
    assert ("🟡 T02, hạn 20/9: 1 đơn vị" in said) is named


def test_the_digest_before_the_national_day_looks_over_it() -> None:
    """Friday 29/8/2025: 30/8 to 2/9 are off, so that what is due on any of them is told now."""
    friday = at(1).replace(month=8, day=29, hour=16, minute=30)
    assert "Thứ Tư 3/9" in day([given(1, T02, "Xã An Phú")], friday)


def test_every_unit_in_the_digest_is_named() -> None:
    """A whole province late on the 22nd: every commune's name stands in the digest, none behind «…»."""
    found = [given(n, T02, unit) for n, unit in enumerate(COMMUNES, 1)]
    said = day(found, unreachable=COMMUNES)
    late, _, unreachable = said.partition("Chưa liên lạc được")
    for told in (late, unreachable):
        named = {name.strip() for row in told.splitlines() for name in re.split(r"[,;]", row.rpartition(": ")[2])}
        assert {short_name(unit) for unit in COMMUNES} <= named
    assert f"{len(COMMUNES)} đơn vị" in late


@pytest.mark.parametrize("limit", [400, 2000, 4096])
def test_a_long_digest_is_split_at_line_ends_and_nothing_is_cut(limit: int) -> None:
    """As a channel sends it: the parts together are the digest, and no line of it is torn."""
    said = day(province(), unreachable=COMMUNES)
    found = divided(said, limit)
    assert "".join(found) == said
    assert all(part.endswith("\n") for part in found[:-1])
    assert len(found) > 1 or limit == 4096


@given_any(assignments())
@settings(max_examples=15, deadline=None)
def test_the_digest_and_the_reports_give_the_same_figures(found: list[Assignment]) -> None:
    """Whatever happened: what the office and the chair are told of waiting, rate and silence is one reckoning."""
    reckoned = figures.count(found, NOW, ZONE)
    office, chair = day(found), period(found)
    if reckoned.reported:
        assert f"Chờ anh/chị xác nhận: {reckoned.reported} việc" in office
    rate = next((line for line in office.splitlines() if line.startswith("Hoàn thành")), None)
    assert rate is not None
    assert rate in chair.splitlines()
    assert f"= {reckoned.total} lượt giao" in chair or reckoned.total == 0 or f": {reckoned.total} lượt giao" in chair


def test_what_moved_is_told_by_assignment() -> None:
    """One unit reported three times that day: one report, not three."""
    changes = tuple(
        Change(1, State(None), State(None), step(StepKind.PROGRESS, at(22, hour), percent=hour), at(22, hour))
        for hour in (9, 10, 11)
    )
    said = day([given(1, T02, "Xã An Phú")], changes=changes)
    [row] = [line for line in said.splitlines() if line.startswith("• ")]
    assert row.endswith(": 1")


def test_recalled_work_is_told_nowhere_as_late_or_silent() -> None:
    """Định Hòa's task was recalled before its deadline: no list of the digest or report names it."""
    found = [given(1, T02, "Xã Bình Hòa"), given(2, T02, "Xã Định Hòa", step(StepKind.RECALL, at(16)))]
    for said in (day(found), period(found), period(found, Every.MONTH)):
        assert "Bình Hòa" in said
        assert "Định Hòa" not in said


def test_accepted_late_is_not_late_any_more() -> None:
    """Reported on the 21st, accepted on the 22nd: counted as late, and no longer among those who owe."""
    late = given(1, T02, "Xã Bình Hòa", step(StepKind.DONE, at(21)), step(StepKind.ACCEPT, at(22)))
    said = period([late])
    assert "🟢 Hoàn thành: 1\n    trễ hạn 1" in said
    assert "Không có việc nào quá hạn" in said


@pytest.mark.parametrize(
    ("named_from", "total"),
    [
        (NamedFrom(1), "🔴 Quá hạn: 2 lượt giao, đều đã từ 1 ngày làm việc trở lên."),
        (NamedFrom(1, {"T09": 5}), "🔴 Quá hạn: 2 lượt giao, đều đã tới mức nêu tên."),
        (NamedFrom(3), "🔴 Quá hạn: 2 lượt giao, đều chưa tới 3 ngày làm việc nên chưa nêu tên."),
    ],
)
def test_the_total_of_what_is_overdue_is_always_told(named_from: NamedFrom, total: str) -> None:
    """Nothing went overdue freshly, or all of it did: how much is overdue stands there all the same."""
    found = [given(n, T02, unit) for n, unit in enumerate(("Xã An Phú", "Xã Óc Eo"), 1)]
    wording = Wording("vi", ZONE)
    office = wording.say(office_digest(OfficeDay(found, (), NOW, CALENDAR, named_from, SINCE)))
    first, last = date(2025, 9, 1), date(2025, 9, 30)
    chair = wording.say(chair_report(Period(Every.MONTH, first, last, found, (), NOW, CALENDAR, named_from)))
    for said in (office, chair):
        assert total in said.splitlines()


def test_several_late_tasks_are_late_by_the_oldest_at_most() -> None:
    """Óc Eo owes one task for 2 days and one for a day: 2 days is the most, and said to be so."""
    later = Task(9, "T09", 1, "Báo cáo nhanh", (), due=Due(date(2025, 9, 21)))
    said = day([given(1, later, "Xã Óc Eo"), given(2, T02, "Xã Óc Eo")])
    assert "🔴 Xã Óc Eo: 2 việc, trễ nhiều nhất 2 ngày" in said


def test_obstacles_stand_with_their_units_and_the_commonest_first() -> None:
    """Three lack money, one lacks people: money first, and each unit with the codes of all its blocked tasks."""
    stuck = [
        given(n, task, unit, step(StepKind.BLOCKED, at(18), obstacle=why))
        for n, (task, unit, why) in enumerate(
            [
                (T02, "Xã Óc Eo", "staff"),
                (T02, "Xã An Phú", "funding"),
                (T04, "Xã An Phú", "funding"),
                (T02, "Xã Bình Hòa", "funding"),
            ]
        )
    ]
    said = day(stuck)
    assert said.index("Kinh phí: 3") < said.index("Óc Eo (T02)")
    assert "An Phú (T02, T04); Bình Hòa (T02)" in said


def test_a_task_without_deadline_is_neither_late_nor_coming() -> None:
    """T18 has none: it is silent, and no day is named for it."""
    said = period([given(1, T18, "Sở Nội vụ")], Every.MONTH)
    assert "Không có việc nào quá hạn" in said
    assert "T18, hạn" not in said
    assert "⚪ Chưa xong, không thời hạn: 1" in said


def test_the_weeks_report_looks_a_week_ahead_and_the_months_a_month() -> None:
    """NQ 71's task is due on 25/9: in both; one of 15/10 stands in the month's alone."""
    later = given(2, T04, "Xã An Phú", step(StepKind.EXTEND, at(18), due=T04.due and type(T04.due)(date(2025, 10, 15))))
    found = [given(1, T03, "Sở Giáo dục và Đào tạo"), later]
    assert "T03, hạn 25/9: 1 đơn vị" in period(found)
    assert "T04, hạn 15/10" not in period(found)
    assert "T04, hạn 15/10: 1 đơn vị" in period(found, Every.MONTH)
