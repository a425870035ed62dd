"""What the chair and the office read: figures with their moment and denominator, every name, in both languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from importlib.resources import files

import pytest
from hypothesis import given as given_any
from hypothesis import settings

from bot.calendar import WorkingCalendar
from bot.messages import Text, text
from bot.reports import figures, parts, summary
from bot.reports.names import short_name
from bot.tasks import Assignment, Change, Due, State, StepKind, Task
from bot.wording import Wording
from tests.reports.an_giang import COMMUNES, T02, T03, T04, T18, ZONE, at, given, province, step
from tests.reports.any_assignments import assignments

NOW = at(22, 7, 45)
SINCE = at(19, 16, 30)
CHANGES = [
    Change(number, State(None), State(None), step(kind, NOW), NOW)
    for number, kind in enumerate([StepKind.DONE, StepKind.DONE, StepKind.BLOCKED, StepKind.ACCEPT])
]

FROM_3, FROM_7 = summary.NamedFrom(3), summary.NamedFrom(7)


def total(found: list[Assignment]) -> Text:
    return summary.total(figures.count(found, NOW, ZONE), figures.by_resolution(found, NOW, ZONE))


def by_resolution(found: list[Assignment]) -> Text:
    return summary.by_resolution(figures.by_resolution(found, NOW, ZONE), figures.count(found, NOW, ZONE))


def by_unit(found: list[Assignment]) -> Text:
    return summary.by_unit(figures.by_unit(found, NOW, ZONE), figures.count(found, NOW, ZONE))


def one_resolution(found: list[Assignment]) -> Text:
    return summary.one_resolution("57-NQ/TW", found, NOW, ZONE)


def overdue(found: list[Assignment]) -> Text:
    return summary.overdue(found, NOW, ZONE)


def silent(found: list[Assignment]) -> Text:
    return summary.silent(found, NOW, ZONE)


def waiting(found: list[Assignment]) -> Text:
    return summary.waiting(found, NOW, ZONE)


def one_task(found: list[Assignment]) -> Text:
    return summary.one_task([each for each in found if each.task is T02], NOW, ZONE)


def digest(found: list[Assignment]) -> Text:
    unreachable = ("Xã An Phú", "Phường Hà Tiên")
    return summary.office_digest(
        summary.OfficeDay(found, CHANGES, NOW, WorkingCalendar(), FROM_3, SINCE, undecided=2, unreachable=unreachable)
    )


def week(found: list[Assignment]) -> Text:
    first, last = date(2025, 9, 15), date(2025, 9, 19)
    period = summary.Period(summary.Every.WEEK, first, last, found, CHANGES, NOW, WorkingCalendar(), FROM_7)
    return summary.chair_report(period)


def month(found: list[Assignment]) -> Text:
    first, last = date(2025, 9, 1), date(2025, 9, 30)
    period = summary.Period(summary.Every.MONTH, first, last, found, (), NOW, WorkingCalendar(), FROM_7)
    return summary.chair_report(period)


ANSWERS = [
    total,
    by_resolution,
    by_unit,
    one_resolution,
    overdue,
    silent,
    waiting,
    one_task,
    digest,
    week,
    month,
]
Answer = Callable[[list[Assignment]], Text]


@pytest.fixture(params=["vi", "en"])
def wording(request: pytest.FixtureRequest) -> Wording:
    """The words of each language that must be complete."""
    return Wording(request.param, ZONE)


@pytest.fixture
def vietnamese() -> Wording:
    """The chair's language."""
    return Wording("vi", ZONE)


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_answer_says_its_moment_and_has_no_long_line(answer: Answer, wording: Wording) -> None:
    """All of it can be split at line ends under any channel's limit, and each figure has its moment."""
    said = wording.say(answer(province()))
    assert "07:45 22/9/2025" in said
    assert max(map(len, said.splitlines())) <= 300
    assert "None" not in said
    assert "{" not in said


@pytest.mark.parametrize("answer", [answer for answer in ANSWERS if answer is not one_task])
def test_an_empty_book_is_answered(answer: Answer, wording: Wording) -> None:
    """Before the first task the chair gets a sentence, never a share of nothing."""
    said = wording.say(answer([]))
    assert said.strip()
    assert "0/0" not in said
    assert "%" not in said


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_percentage_names_its_denominator(answer: Answer, vietnamese: Wording) -> None:
    """A percentage is followed by part/whole, and is right; a unit's own word (60%) stands in brackets by its name."""
    said = vietnamese.say(answer(province()))
    shares = re.findall(r"([\d,]+)% \((\d+)/(\d+)", said)
    assert all(figures.as_percent(int(part), int(whole)) == float(p.replace(",", ".")) for p, part, whole in shares)
    assert said.count("%") == len(shares) + len(re.findall(r"\(\d+%\)", said)) + said.count("30%")


@pytest.mark.parametrize("answer", [answer for answer in ANSWERS if answer is not one_task])
@given_any(assignments())
@settings(max_examples=15, deadline=None)
def test_whatever_happened_can_be_said(answer: Answer, found: list[Assignment]) -> None:
    """No state of any assignment makes an answer fail, in either language."""
    for language in ("vi", "en"):
        assert Wording(language, ZONE).say(answer(found))


def test_the_total_in_words(vietnamese: Wording) -> None:
    """The chair's first question, word for word."""
    found = [
        given(1, T02, "Xã An Phú", step(StepKind.DONE, at(18)), step(StepKind.ACCEPT, at(19))),
        given(2, T02, "Xã Óc Eo", step(StepKind.DONE, at(21)), step(StepKind.ACCEPT, at(21))),
        given(3, T02, "Sở Y tế", step(StepKind.DONE, at(19))),
        given(4, T02, "Sở Tư pháp"),
        given(5, T03, "Sở Giáo dục và Đào tạo", step(StepKind.BLOCKED, at(19), obstacle="funding")),
        given(6, T18, "Sở Nội vụ", step(StepKind.RECALL, at(15))),
    ]
    assert vietnamese.say(summary.total(figures.count(found, NOW, ZONE))).splitlines() == [
        "TỔNG HỢP NHIỆM VỤ",
        "Số liệu lúc 07:45 22/9/2025",
        "",
        "Hoàn thành 40% (2/5 lượt giao)",
        "🔴 Quá hạn: 1/5",
        "Chưa báo cáo lần nào: 1/5",
        "Đang vướng mắc: 1/5",
        "",
        "🟢 Hoàn thành: 2",
        "    đúng hạn 1, trễ hạn 1",
        "🟡 Báo xong, chờ xác nhận: 1",
        "    đúng hạn 1",
        "🔵 Chưa xong, còn hạn: 1",
        "🔴 Chưa xong, quá hạn: 1",
        "Cộng: 2 + 1 + 1 + 1 = 5 lượt giao",
        "Gồm 2 nhiệm vụ, 5 đơn vị; một nhiệm vụ giao một đơn vị là một lượt.",
        "Đã thu hồi: 1, không tính vào tổng.",
    ]


def test_the_sum_in_words_is_right(wording: Wording) -> None:
    """What stands before the equals sign adds up to what stands behind it, in every answer that has one."""
    for answer in (total, one_resolution, one_task, week):
        terms, whole = re.findall(r": ([\d +]+) = (\d+)", wording.say(answer(province())))[0]
        assert sum(map(int, terms.split(" + "))) == int(whole)


def test_lines_by_resolution_say_why_they_exceed_the_total(vietnamese: Wording) -> None:
    """534 in the lines and 177 in the total is explained where it is shown."""
    said = vietnamese.say(by_resolution(province()))
    assert "Các dòng cộng lại 534, tổng là 177" in said
    assert "tính một lần" in said


def test_an_unknown_resolution_names_those_followed(vietnamese: Wording) -> None:
    """ "NQ 99 tới đâu rồi": there is none, and these are the ones there are."""
    said = vietnamese.say(summary.one_resolution("99-NQ/TW", province(), NOW, ZONE))
    assert said.splitlines() == [
        "Không có nhiệm vụ nào phục vụ NQ 99.",
        "Đang theo dõi: NQ 57, NQ 59, NQ 66, NQ 68, NQ 71.",
    ]


def test_every_late_unit_is_named_worst_first(vietnamese: Wording) -> None:
    """74 late units, each by name once, those with two tasks first; the days are said to be calendar days."""
    found = province()
    said = vietnamese.say(overdue(found))
    late = figures.overdue_units(figures.overdue(found, NOW, ZONE))
    assert len(late) == 74
    assert all(len(re.findall(rf"(?<!\w ){short_name(unit.name)}(?=[,;\n]|$)", said)) == 1 for unit in late)
    assert said.index("2 việc, trễ nhiều nhất 2 ngày: 5 đơn vị") < said.index("1 việc, trễ 2 ngày: 69 đơn vị")
    assert "tính cả ngày nghỉ" in said


def test_one_late_unit_is_one_line(vietnamese: Wording) -> None:
    """A rank of one unit needs no list; a deadline's hour that passed today is no day."""
    task = Task(9, "T09", 1, "Báo cáo nhanh", (), due=Due(date(2025, 9, 22), at(22, 7, 30).time()))
    said = vietnamese.say(overdue([given(1, task, "Xã An Phú"), given(2, T02, "Xã Óc Eo")]))
    assert "🔴 Xã Óc Eo: 1 việc, trễ 2 ngày" in said
    assert "🔴 Xã An Phú: 1 việc, quá giờ hôm nay" in said


def test_nobody_late_is_said(vietnamese: Wording) -> None:
    """No empty list: nothing is overdue, out of how many."""
    said = vietnamese.say(summary.overdue(province(), at(19), ZONE))
    assert "Không có việc nào quá hạn (0/177 lượt giao)." in said


def test_every_silent_unit_is_named_under_its_task(vietnamese: Wording) -> None:
    """Who has not reported: by task, the passed deadline first, what has none last; nobody who reported is there."""
    found = province()
    said = vietnamese.say(silent(found))
    assert said.index("🔴 T02, hạn 20/9: 22 đơn vị") < said.index("🔴 T04, hạn 20/9: 10 đơn vị")
    assert said.index("T04") < said.index("⚪ T18, không thời hạn: 1 đơn vị")
    assert all(short_name(each.unit_name) in said for each in figures.silent(found))
    assert "Chưa báo cáo việc nào cả: 12 đơn vị." in said
    heard = {each.unit_name for each in found} - {each.unit_name for each in figures.silent(found)}
    assert "Sở Y tế" in heard
    assert "Sở Y tế" not in said


def test_everybody_who_was_given_a_task_stands_once_under_it(vietnamese: Wording) -> None:
    """102 communes and one task: each name exactly once, and the headings' counts make 102."""
    progress = step(StepKind.PROGRESS, at(16), percent=60)
    done = step(StepKind.DONE, at(18), document="45/KH-UBND")
    stories = [(), (progress,), (done,), (done, step(StepKind.ACCEPT, at(19))), (step(StepKind.BLOCKED, at(18)),)]
    found = [given(number, T02, unit, *stories[number % 5]) for number, unit in enumerate(COMMUNES)]
    said = vietnamese.say(one_task(found))
    stages = said.split("\n\n")[3:]
    assert sum(int(number) for number in re.findall(r"(\d+)/102", "\n\n".join(stages))) == 102
    names = re.findall(r"(?:\): |, |\n)((?:[^\W\d]+ ?)+)(?= \(|,|\n|$)", "\n".join(stages))
    assert sorted(name for name in names if f"Xã {name}" in COMMUNES) == sorted(
        short_name(unit) for unit in COMMUNES if unit.startswith("Xã ")
    )
    assert stages[0].startswith("Chưa báo cáo: 21/102 (🔴 trễ 2 ngày)")
    assert stages[-1].startswith("Hoàn thành: 20/102")


def test_an_extension_is_seen_in_the_task(vietnamese: Wording) -> None:
    """Who has more time stands apart, with the new deadline, and is not called late."""
    longer = step(StepKind.EXTEND, at(19), due=Due(date(2025, 9, 26)))
    found = [given(1, T02, "Xã An Phú", step(StepKind.PROGRESS, at(18)), longer), given(2, T02, "Xã Óc Eo")]
    said = vietnamese.say(one_task(found))
    assert "Chưa báo cáo: 1/2 (🔴 trễ 2 ngày)\nXã (1): Óc Eo" in said
    assert "Đang thực hiện: 1/2 (hạn 26/9)\nXã (1): An Phú" in said


def test_waiting_reports_carry_their_document(vietnamese: Wording) -> None:
    """The clerk sees what to look for, and who has waited longest."""
    found = [
        given(1, T04, "Xã An Phú", step(StepKind.DONE, at(18), document="45/KH-UBND")),
        given(2, T04, "Xã Óc Eo", step(StepKind.DONE, at(17, 8))),
    ]
    said = vietnamese.say(waiting(found))
    assert "Xã (2): An Phú (45/KH-UBND), Óc Eo" in said
    assert "Chờ lâu nhất: Xã Óc Eo, từ 08:00 17/9/2025." in said


def test_the_same_figures_share_a_line(vietnamese: Wording) -> None:
    """119 units are all named, but units that stand alike share their figures, worst first."""
    found = [given(number, T04, unit) for number, unit in enumerate(COMMUNES[:3])]
    found.append(given(9, T04, COMMUNES[3], step(StepKind.DONE, at(18)), step(StepKind.ACCEPT, at(19))))
    said = vietnamese.say(by_unit(found))
    assert "🔴 3 đơn vị, mỗi đơn vị: hoàn thành 0% (0/1 lượt giao)\n    quá hạn 1, chưa báo cáo 1" in said
    assert f"🟢 {COMMUNES[3]}: hoàn thành 100% (1/1 lượt giao)" in said
    assert all(short_name(unit) in said for unit in COMMUNES[:4])


def test_the_digest_begins_with_what_to_decide(vietnamese: Wording) -> None:
    """The clerk reads what waits for a decision before anything else, then the day, the late, the unreachable."""
    said = vietnamese.say(digest(province()))
    rows = said.splitlines()
    assert rows[0] == "CUỐI NGÀY Thứ Hai, 22/9/2025"
    assert rows[3:5] == ["Chờ anh/chị xác nhận: 32 việc", "Xin gia hạn chưa quyết định: 2"]
    assert "• báo xong: 2\n• báo vướng mắc: 1\n• đã xác nhận hoàn thành: 1" in said
    assert "Kinh phí: 16" in said
    assert "T02, hạn 20/9: 22 đơn vị" in said
    assert said.endswith("Chưa liên lạc được với ai: 2 đơn vị\nXã (1): An Phú\nPhường (1): Hà Tiên")


LATE_AND_OLDER = [
    given(1, T02, "Xã An Phú"),
    given(2, T02, "Xã Óc Eo"),
    given(3, Task(9, "T09", 1, "Báo cáo nhanh", (), due=Due(date(2025, 9, 12))), "Xã Bình Hòa"),
    given(4, Task(8, "T08", 1, "Rà soát", (), due=Due(date(2025, 9, 17))), "Xã Hòa Hưng"),
]


@pytest.mark.parametrize(
    ("moment", "named_from", "amounts", "named"),
    [
        (at(22), FROM_3, "4 lượt giao: 2 đã từ 3 ngày làm việc trở lên, 2 mới", "BH"),
        (at(23), FROM_7, "4 lượt giao: 1 đã từ 7 ngày làm việc trở lên, 3 mới", "B"),
        (at(22), FROM_7, "4 lượt giao, đều chưa tới 7 ngày làm việc nên chưa nêu tên.", ""),
        (at(24), FROM_3, "", "ABHO"),
        (at(22), summary.NamedFrom(7, {"T02": 1}), "4 lượt giao: 2 đã tới mức nêu tên, 2 mới", "AO"),
    ],
)
def test_who_is_late_for_long_is_named_and_the_others_are_counted(
    vietnamese: Wording, moment: datetime, named_from: summary.NamedFrom, amounts: str, named: str
) -> None:
    """A unit is named once it has been late for so many working days; before that it is one of a number."""
    names = {"A": "Xã An Phú", "B": "Xã Bình Hòa", "H": "Xã Hòa Hưng", "O": "Xã Óc Eo"}
    day = summary.OfficeDay(LATE_AND_OLDER, (), moment, WorkingCalendar(), named_from, SINCE)
    period = summary.Period(
        summary.Every.WEEK,
        date(2025, 9, 15),
        date(2025, 9, 19),
        LATE_AND_OLDER,
        (),
        moment,
        WorkingCalendar(),
        named_from,
    )
    for answer in (summary.office_digest(day), summary.chair_report(period)):
        said = vietnamese.say(answer)
        late = said.partition("Đơn vị quá hạn")[2].partition("\n\n")[0]
        assert [sign for sign, name in names.items() if short_name(name) in late] == list(named)
        assert amounts in said
        assert ("mới quá hạn" in said or "chưa nêu tên" in said) == bool(amounts)


def test_a_named_unit_stands_with_all_that_is_overdue_there(vietnamese: Wording) -> None:
    """An Phú is named for T08, six days late, and T09, one day late, counts in its line as it does everywhere."""
    fresh = Task(10, "T10", 1, "Báo cáo tuần", (), due=Due(date(2025, 9, 19)))
    found = [*LATE_AND_OLDER, given(5, fresh, "Xã Hòa Hưng")]
    said = vietnamese.say(summary.office_digest(summary.OfficeDay(found, (), at(22), WorkingCalendar(), FROM_3, SINCE)))
    assert "Xã Hòa Hưng: 2 việc" in said


def test_fridays_digest_looks_over_the_weekend(vietnamese: Wording) -> None:
    """On Friday 19/9 what is due on Saturday is named, up to Monday."""
    day = summary.OfficeDay(province(), (), at(19, 16, 30), WorkingCalendar(), FROM_3, SINCE)
    said = vietnamese.say(summary.office_digest(day))
    assert "Đến hạn từ nay đến hết Thứ Hai 22/9:\n🟡 T02, hạn 20/9: 54 đơn vị" in said
    assert "không có thay đổi nào" in said


def test_an_obstacle_without_words_of_its_own_stands_as_kept(vietnamese: Wording) -> None:
    """A category that the texts don't know is shown, not an error; none given is said so."""
    blocked = [step(StepKind.BLOCKED, at(18), obstacle="máy chủ hỏng"), step(StepKind.BLOCKED, at(18))]
    found = [given(1, T02, "Xã An Phú", blocked[0]), given(2, T02, "Xã Óc Eo", blocked[1])]
    said = vietnamese.say(digest(found))
    assert "máy chủ hỏng: 1\nXã (1): An Phú (T02)" in said
    assert "Chưa rõ loại: 1\nXã (1): Óc Eo (T02)" in said


def test_the_chairs_reports_name_their_period(vietnamese: Wording) -> None:
    """A week by its days, a month by its name, and what comes due before the next one."""
    weekly, monthly = vietnamese.say(week(province())), vietnamese.say(month(province()))
    assert weekly.startswith("BÁO CÁO TUẦN 15/9 – 19/9/2025\n")
    assert monthly.startswith("BÁO CÁO THÁNG 9/2025\n")
    assert "Đến hạn trong 7 ngày tới:\nT03, hạn 25/9: 1 đơn vị" in weekly
    assert "Đến hạn trong 31 ngày tới:" in monthly


def test_a_task_with_no_unit_left_is_answered(vietnamese: Wording) -> None:
    """Recalled everywhere: there is nothing to show, and no error."""
    found = [given(1, T02, "Xã An Phú", step(StepKind.RECALL, at(15)))]
    assert vietnamese.say(one_task(found)) == "Chưa có nhiệm vụ nào được giao."


def test_a_quiet_day_is_said(vietnamese: Wording) -> None:
    """All confirmed: nothing to decide, nothing late, nobody silent, each in a sentence."""
    found = [given(1, T02, "Xã An Phú", step(StepKind.DONE, at(18)), step(StepKind.ACCEPT, at(19)))]
    said = vietnamese.say(summary.office_digest(summary.OfficeDay(found, (), NOW, WorkingCalendar(), FROM_3, SINCE)))
    assert "Không có việc nào chờ anh/chị quyết định." in said
    assert "Mọi việc đang mở đều đã có báo cáo." in said
    assert "Không có việc nào quá hạn" in said
    assert "(tổng 1 lượt giao)" in vietnamese.say(silent(found))
    assert "(0/1 lượt giao)" in vietnamese.say(waiting(found))


def test_every_step_and_obstacle_has_words(wording: Wording) -> None:
    """What can happen to an assignment, and what can be in its way as replies are read, is said in words."""
    for kind in StepKind:
        assert wording.say(text(f"reports.moved.{kind}", amount=1))
    phrases = tomllib.loads((files("locales") / "vi" / "phrases.toml").read_text(encoding="utf-8"))
    assert set(phrases["resource"]) <= parts.OBSTACLES
    assert all(wording.say(parts.obstacle(kind)) != kind for kind in parts.OBSTACLES)
