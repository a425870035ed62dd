"""The new deadline that is asked for: every way of saying a day, counted over many days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.moments import day_of
from tests.reading.told import MONDAY, due_on, told

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
AHEAD = st.integers(1, 180)
MONTHS = [date(2025, month, 11) for month in range(1, 13)]
WEEK = [MONDAY + timedelta(days) for days in range(7)]
WEEKDAYS = {"hai": 1, "ba": 2, "tư": 3, "năm": 4, "sáu": 5, "bảy": 6}
WAYS = [
    "xin lùi đến {0.day}/{0.month}",
    "xin gia hạn tới {0:%d/%m}",
    "xin lùi đến ngày {0.day}/{0.month}",
    "xin lùi sang {0.day}.{0.month}.{0.year}",
    "xin gia hạn đến {0.day}-{0.month}-{0.year}",
    "xin lùi đến {0:%d/%m/%Y}",
    "xin lùi đến {0:%d/%m/%y}",
    "xin gia hạn đến {0:%Y-%m-%d}",
    "xin lùi đến ngày {0.day} tháng {0.month}",
    "xin lùi đến ngày {0.day} tháng {0.month} năm {0.year}",
    "xin lui den ngay {0.day} thang {0.month}",
    "trễ đến {0.day}/{0.month} được không ạ",
    "cho em đến {0.day}/{0.month} nhé anh",
    "please extend to {0.day}/{0.month}",
    "please extend until {0.day} {0:%B}",
    "please extend until {0:%B} {0.day}",
    "please extend to {0:%d %b %Y}",
    "прошу продлить до {0:%d.%m.%Y}",
    "прошу продлить до {0.day}.{0.month}",
]


def asked(text: str, today: date = MONDAY, due: date | None = None) -> date | str:
    """The day asked for, from an officer whose deadline is today unless told; else how the reply was read."""
    meaning = told(text, due_on(due or today), today)
    kind, _, day = meaning.partition(" due=")
    return date.fromisoformat(day) if kind == "extension" and len(day) == 10 else meaning


@settings(deadline=None, max_examples=60)
@given(DAYS, AHEAD, st.sampled_from(WAYS))
def test_any_day_is_read_back(today: date, ahead: int, way: str) -> None:
    """A day up to 180 days ahead, however it is written, is the day that is asked for."""
    day = today + timedelta(ahead)
    assert asked(way.format(day), today) == day


@settings(deadline=None, max_examples=60)
@given(DAYS, st.integers(1, 28), st.integers(1, 12))
def test_a_day_without_a_year_is_near(today: date, day: int, month: int) -> None:
    """The first such day from today; where that is more than 180 days ahead, the last one before."""
    found = day_of(day, month, None, today)
    assert found is not None
    assert (found.day, found.month) == (day, month)
    later = found.replace(year=found.year + 1)
    assert 0 <= (found - today).days <= 180 or (found < today and (later - today).days > 180)


@settings(deadline=None, max_examples=60)
@given(st.dates(date(2024, 3, 1), date(2027, 12, 31)))
def test_the_29th_of_february_is_a_day_only_in_leap_years(today: date) -> None:
    """'29/2' means one that exists, never the 28th or the 1st of March."""
    found = day_of(29, 2, None, today)
    assert found in {date(2024, 2, 29), date(2028, 2, 29)}


@pytest.mark.parametrize("day", ["31/2", "32/9", "31/9", "0/9", "15/13", "29/2/2025", "31-4-2026"])
def test_a_day_that_does_not_exist_is_not_recorded(day: str) -> None:
    """No deadline is made up from a slip of the finger: no date, and nothing close to it."""
    assert "due=" not in told(f"xin lùi đến {day}")


@pytest.mark.parametrize(
    ("today", "text", "meaning"),
    [
        (date(2025, 12, 30), "15/1", "2026-01-15"),
        (date(2025, 11, 28), "20/5", "2026-05-20"),
        (date(2025, 11, 28), "27/5", "2026-05-27"),
        (date(2025, 11, 28), "28/5", "2025-05-28 ?"),
        (date(2025, 11, 28), "15/6", "2025-06-15 ?"),
        (date(2025, 9, 15), "14/9", "2025-09-14 ?"),
        (date(2025, 9, 15), "15/9", "2025-09-15 ?"),
        (date(2025, 9, 15), "16/9", "2025-09-16"),
        (date(2026, 2, 20), "31/8", "2025-08-31 ?"),
        (date(2025, 9, 15), "25/9/2024", "2024-09-25 ?"),
        (date(2025, 9, 15), "25/9/2027", "2027-09-25"),
    ],
)
def test_the_year_that_is_not_said(today: date, text: str, meaning: str) -> None:
    """New Year and the 180 days; what is past or no later than the deadline stays as stated and is asked about."""
    assert told(f"xin lùi đến {text}", due_on(today), today) == f"extension due={meaning}"


@settings(deadline=None, max_examples=60)
@given(
    DAYS, st.integers(1, 31), st.sampled_from(["xin lùi đến ngày {}", "cho em tới ngày {} nha", "xin lùi đến mùng {}"])
)
def test_a_day_of_the_month(today: date, day: int, way: str) -> None:
    """'ngày 25' is this month's, or the next one's that has such a day."""
    found = asked(way.format(day), today, today - timedelta(40))
    assert isinstance(found, date)
    assert found.day == day
    assert 0 <= (found - today).days <= 61
    assert found.month == today.month or found.day < today.day or day > 28


@pytest.mark.parametrize("today", WEEK)
@pytest.mark.parametrize(("name", "weekday"), [*WEEKDAYS.items(), ("chủ nhật", 7)])
def test_a_weekday_is_the_next_one(today: date, name: str, weekday: int) -> None:
    """'thứ sáu' is the next Friday after today: said on a Friday, the one in a week."""
    said = name if weekday == 7 else f"thứ {name}"
    found = asked(f"xin lùi đến {said}", today, today - timedelta(3))
    assert isinstance(found, date)
    assert found.isoweekday() == weekday
    assert 1 <= (found - today).days <= 7


@pytest.mark.parametrize("today", WEEK)
@pytest.mark.parametrize(
    ("text", "weekday"),
    [
        ("xin lùi đến thứ hai tuần sau", 1),
        ("xin lui den thu 3 tuan sau", 2),
        ("cho em tới t5 tuần tới", 4),
        ("xin lùi đến chủ nhật tuần sau", 7),
        ("xin gia hạn đến cuối tuần sau", 5),
        ("xin lùi tới đầu tuần sau", 1),
        ("xin lùi đến thứ ba tuần sau nữa", 9),
        ("xin lùi đến cuối tuần sau nữa", 12),
        ("please extend to Friday next week", 5),
        ("прошу продлить до пятницы следующей недели", 5),
    ],
)
def test_a_day_of_next_week(today: date, text: str, weekday: int) -> None:
    """With 'tuần sau' the day is in the week after this one, Monday first, on whatever day it is said."""
    monday = today - timedelta(today.weekday()) + timedelta(7)
    assert asked(text, today) == monday + timedelta(weekday - 1)


@pytest.mark.parametrize("today", WEEK)
@pytest.mark.parametrize("text", ["xin lùi đến cuối tuần này", "xin gia hạn hết tuần này", "cho em den het tuan"])
def test_the_end_of_this_week(today: date, text: str) -> None:
    """It is Friday; said on a Saturday or Sunday it is no day at all."""
    friday = today - timedelta(today.weekday()) + timedelta(4)
    assert asked(text, today, today - timedelta(7)) == (friday if today.weekday() < 5 else "extension")


@pytest.mark.parametrize("today", MONTHS)
def test_the_edges_of_a_month(today: date) -> None:
    """'cuối tháng' is its last day, 'giữa' the 15th, 'đầu' the 1st, also over New Year and in February."""
    following = (today.replace(day=1) + timedelta(32)).replace(day=1)
    last = following - timedelta(1)
    assert asked("xin lùi đến cuối tháng", today) == last
    assert asked("xin gia hạn hết tháng này", today) == last
    assert asked(f"xin gia hạn đến hết tháng {today.month}", today) == last
    assert asked(f"xin lùi đến đầu tháng {following.month}", today) == following
    assert asked(f"xin lùi đến giữa tháng {following.month}", today) == following.replace(day=15)
    assert asked("xin lùi đến cuối tháng sau", today) == (following + timedelta(32)).replace(day=1) - timedelta(1)


@pytest.mark.parametrize("today", MONTHS)
def test_the_end_of_a_quarter(today: date) -> None:
    """'hết quý' is the last day of the third month, of this quarter or of the one named."""
    quarter = (today.month + 2) // 3
    ends = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}
    assert asked("xin lùi đến hết quý này", today) == date(2025, *ends[quarter])
    assert asked(f"xin gia hạn hết quý {quarter}", today) == date(2025, *ends[quarter])
    following = quarter % 4 + 1
    year = 2025 if following > 1 else 2026
    assert asked(f"xin gia hạn đến hết quý {following}", today) == date(year, *ends[following])


@settings(deadline=None, max_examples=60)
@given(DAYS, st.integers(-60, 60), st.integers(1, 60))
def test_more_days_are_counted_from_the_deadline(today: date, late: int, days: int) -> None:
    """From the deadline, or from today where the deadline is past."""
    due = today + timedelta(late)
    start = max(due, today)
    for way in ("xin thêm {} ngày", "xin lùi {} ngày nữa", "gia hạn {} ngay", "trễ {} ngày được không"):
        assert asked(way.format(days), today, due) == start + timedelta(days)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("xin thêm 1 tuần", "2025-09-27"),
        ("thêm một tuần nữa nha anh", "2025-09-27"),
        ("xin lùi 2 tuần", "2025-10-04"),
        ("xin thêm nửa tháng", "2025-10-05"),
        ("xin thêm 1 tháng", "2025-10-20"),
        ("xin gia hạn 3 tháng", "2025-12-20"),
        ("xin lùi thêm 10 bữa", "2025-09-30"),
        ("xin lùi 2 tháng sau", "2025-11-20"),
        ("xin lùi 1 tháng rưỡi", "2025-10-20 ?"),
        ("xin lùi đến 25 tháng này", "2025-09-25"),
        ("xin lùi đến 20 tháng này", "2025-09-20 ?"),
        ("xin lùi đến ngày 5 tháng sau", "2025-10-05"),
        ("cho em 3 hôm nữa", "2025-09-18 ?"),
        ("please give us one more week", "2025-09-27"),
        ("need 5 more days", "2025-09-25"),
        ("please extend by two weeks", "2025-10-04"),
        ("прошу продлить на неделю", "2025-09-27"),
        ("нужно ещё 3 дня", "2025-09-23"),
        ("7 ngày nữa em nộp được không anh", "2025-09-22"),
        ("6 ngày nữa em nộp được không anh", "2025-09-21"),
        ("mai em nộp, cho em xin lùi", "2025-09-16 ?"),
        ("xin lùi đến ngày kia", "2025-09-17 ?"),
    ],
)
def test_spans_and_where_they_are_counted_from(text: str, day: str) -> None:
    """'thêm' counts from the deadline of the 20th; 'mai', 'ngày kia' and a bare 'ngày nữa' from the 15th, today."""
    assert told(text) == f"extension due={day}"


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        (date(2026, 1, 31), "xin thêm 1 tháng", date(2026, 2, 28)),
        (date(2025, 12, 15), "xin thêm 1 tháng", date(2026, 1, 15)),
        (date(2025, 12, 31), "mai em nộp được không, xin lùi", date(2026, 1, 1)),
        (date(2025, 12, 30), "xin lùi đến mốt", date(2026, 1, 1)),
        (date(2024, 2, 28), "xin thêm 1 ngày", date(2024, 2, 29)),
        (date(2025, 12, 31), "xin lùi đến thứ sáu", date(2026, 1, 2)),
        (date(2025, 9, 1), "xin thêm 1 ngày", date(2025, 9, 2)),
        (date(2026, 4, 29), "xin lùi thêm 2 ngày", date(2026, 5, 1)),
    ],
)
def test_edges_of_months_and_years_and_holidays(today: date, text: str, day: date) -> None:
    """Counting runs over the ends of months and years, and a holiday is a day like any other."""
    assert asked(text, today) == day


@pytest.mark.parametrize(
    "text",
    [
        "xin gia hạn",
        "xin lùi đến tuần sau",
        "cho em tuần tới nhé, xin lùi",
        "xin lùi sang tháng sau",
        "xin thêm vài ngày",
        "xin thêm ít hôm",
        "xin thêm thời gian",
        "khi nào có số liệu em nộp, xin lùi",
        "please extend to next week",
        "просим продлить срок",
    ],
)
def test_a_vague_day_is_no_day(text: str) -> None:
    """The request is certain, the day is asked for: none is made up."""
    assert told(text) == "extension"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("xin lùi từ 20/9 sang 25/9", "2025-09-25"),
        ("không kịp 20/9, xin 26/9 nộp", "2025-09-26"),
        ("xin đến 28/9 chứ không phải 25/9", "2025-09-28"),
        ("văn bản ngày 12/9, xin lùi đến 30/9", "2025-09-30"),
        ("theo công văn 12 ngày 8/9 của Sở, xin gia hạn đến 1/10", "2025-10-01"),
        ("xin gia hạn đến 17h ngày 26/9", "2025-09-26"),
        ("xin lùi đến 25/9 hoặc 30/9", "2025-09-25 ?"),
        ("xin lùi đến thứ sáu 26/9", "2025-09-26"),
        ("xin lùi đến thứ hai ngày 6/10", "2025-10-06"),
        ("xin lùi đến chiều 25/9", "2025-09-25"),
        ("xin lùi đến chiều thứ hai", "2025-09-22"),
    ],
)
def test_which_of_several_days_is_asked_for(text: str, day: str) -> None:
    """Not the old deadline, not the date of a paper; of two that could be meant the bot asks."""
    assert told(text) == f"extension due={day}"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("thứ 7 em nộp được không", "question"),
        ("thứ hai em nộp được không", "extension due=2025-09-22"),
        ("19/9 em nộp được không anh", "question"),
        ("21/9 em nộp được không anh", "extension due=2025-09-21"),
        ("mai nộp được không anh", "question"),
        ("sẽ xong trước 25/9", "progress"),
        ("mai em gửi", "progress"),
        ("phấn đấu xong tuần này", "progress"),
    ],
)
def test_a_day_offered_or_promised(text: str, meaning: str) -> None:
    """An offered day is a request only where it is later than the deadline; a promise is none at all."""
    assert told(text) == meaning


def test_a_task_without_a_deadline_counts_from_today() -> None:
    """It is asked about; and a day that is stated in full is certain all the same."""
    assert told("xin thêm 5 ngày", due_on(None)) == "extension due=2025-09-20 ?"
    assert told("xin lùi đến 25/9", due_on(None)) == "extension due=2025-09-25"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("cho xã lùi qua 24/9 nha anh, cuối tuần anh em đi dập cháy hết", "extension due=2025-09-24"),
        ("25/9 hội đồng mới họp nên xin cho lùi tới 30/9", "extension due=2025-09-30"),
        ("gia hạn tới 25/9 là em ghi lộn, sửa thành 30/9 giúp em", "extension due=2025-09-30"),
        ("xin lùi đến ngày năm tháng mười", "extension due=2025-10-05"),
    ],
)
def test_the_day_beside_the_request_is_the_one_asked_for(text: str, meaning: str) -> None:
    """Of several days, the one in the request's own clause counts, and of a mistake and its correction the latter."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "xin lùi vì ngày 25/9 mới họp",
        "chủ tịch đi công tác đến 25/9 mới về, xin lùi",
        "xin gia hạn vì kế toán nghỉ đến 1/10",
        "we meet on 25/9, so we need an extension",
        "hạn mới là 25/9 đúng không",
    ],
)
def test_anothers_day_is_never_recorded_as_the_deadline_asked_for(text: str) -> None:
    """A day told of somebody's doings, or asked about, is left out or asked, not recorded."""
    meant = told(text)
    assert meant.endswith("?") or "due=" not in meant


@pytest.mark.parametrize("courtesy", ["nha", "nhe a", "nghen", "ạ", "a oi"])
def test_courtesy_behind_a_day_of_the_month_counts_nothing(courtesy: str) -> None:
    """'xin lui toi 25 nha' asks for the 25th, with marks or without."""
    assert told(f"xin lui toi 25 {courtesy}") == "extension due=2025-09-25"
