"""Date phrases found in a row of units ('thứ sáu tuần sau', '25/9', 'hết quý 3') and made `When` values."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from bot.reading.moments import (
    When,
    day_in_month,
    day_of,
    end_of_month,
    months_after,
    next_weekday,
    weekday_in_week,
)
from bot.reading.numbers import value_of
from bot.reading.units import Unit, is_at

Found = tuple[When, int] | None
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def dated(row: Sequence[Unit], today: date) -> list[Unit]:
    """Date phrases become 'day' units (a stated day, perhaps vague) or 'span' units (so many days)."""
    whole: list[Unit] = []
    at = 0
    while at < len(row):
        if _BEGINNINGS.isdisjoint(row[at].tags):
            whole.append(row[at])
            at += 1
            continue
        before = whole[-1] if whole else None
        if before is not None and before.of("about") and is_at(whole, len(whole) - 2, "delay"):
            before = whole[-2]  # "перенести на 25"
        found = _found(row, at, today, before)
        if not found:
            whole.append(row[at])
            at += 1
            continue
        when, after = found
        text = " ".join(unit.text for unit in row[at:after])
        tag = "span" if when.span else _when_tag(when.day, today)
        whole.append(Unit((tag,), when, text, row[at].start, row[after - 1].end))
        at = after
    return whole


def _found(row: Sequence[Unit], at: int, today: date, before: Unit | None) -> Found:
    for beginnings, rule in _RULES:
        if not beginnings.isdisjoint(row[at].tags) and (hit := rule(row, at, today, before)):
            return hit
    return None


def _when_tag(day: date | None, today: date) -> str:
    if day is None:
        return "day_ahead"
    return "day_today" if day == today else "day_ahead" if day > today else "day_past"


def _number(row: Sequence[Unit], at: int) -> int | None:
    if is_at(row, at, "number") and str(row[at].value).isdigit():
        return int(str(row[at].value))
    return None


def _day_number(row: Sequence[Unit], at: int) -> int | None:
    """'25', 'двадцать пятого'."""
    if is_at(row, at, "day_ordinal"):
        return int(value_of(row[at], "day_ordinal"))
    return _number(row, at)


def _written(row: Sequence[Unit], at: int, today: date, before: Unit | None) -> Found:
    """25/9, 25-9, 18.9, 25/9/2025, 2025-09-25, each perhaps after 'ngày'."""
    place = at + 1 if is_at(row, at, "day_word") else at
    if is_at(row, place, "full_date"):
        parts = [int(part) for part in re.split(r"\D+", row[place].text)]
        day, month, year = reversed(parts) if parts[0] > 31 else parts
        found = day_of(day, month, year + (2000 if year < 100 else 0), today)
        return (When(found), place + 1) if found else None
    if not is_at(row, place, "pair"):
        return None
    first, second = (int(part.replace(".", "") or 0) for part in re.split(r"\s*[/.–-]\s*", row[place].text)[:2])
    if second == today.year or second > 2000:
        return None
    found_day = day_of(first, second, None, today) if 1 <= second <= 12 else None
    marked = (
        place > at
        or first > 12
        or (before is not None and before.of("until", "delay", "ask", "from", "sent", "past_time", "late"))
    )
    return (When(found_day, sure=marked), place + 1) if found_day else None


def _day_and_month(row: Sequence[Unit], at: int, today: date, before: Unit | None) -> Found:
    """'ngày 25 tháng 9 năm 2025', '25 September', 'September 25', '25 сентября'."""
    place = at + 1 if is_at(row, at, "day_word") else at
    day = _day_number(row, place)
    if day is not None and is_at(row, place + 1, "dated") and is_at(row, place + 2, "month_name", "this"):
        place += 1  # "the 1st of October"
    if day is not None and (near := _near_month(row, place + 1, today, named=place > at or _is_until(before))):
        first, after = near
        return When(day_of(day, first.month, first.year, today)), after
    if day is not None and is_at(row, place + 1, "month_word") and (month := _number(row, place + 2)):
        after = place + 3
    elif day is not None and is_at(row, place + 1, "month_name"):
        month, after = int(value_of(row[place + 1], "month_name")), place + 2
    elif is_at(row, at, "month_name") and (day := _number(row, at + 1)):
        month, after = int(value_of(row[at], "month_name")), at + 2
    else:
        return None
    if not 1 <= month <= 12:
        return None
    year, after = _year(row, after)
    found = day_of(day, month, year, today)
    return (When(found), after) if found else None


def _near_month(row: Sequence[Unit], at: int, today: date, *, named: bool) -> tuple[date, int] | None:
    """'25 tháng này', 'ngày 5 tháng sau'; but '2 tháng sau' alone is so many months."""
    if not is_at(row, at, "month_word") or not (is_at(row, at + 1, "this") or (named and is_at(row, at + 1, "coming"))):
        return None
    return months_after(today.replace(day=1), 0 if is_at(row, at + 1, "this") else 1), at + 2


def _is_until(before: Unit | None) -> bool:
    return before is not None and before.of("until")


def _year(row: Sequence[Unit], at: int) -> tuple[int | None, int]:
    place = at + 1 if is_at(row, at, "year_word") else at
    year = _number(row, place)
    return (year, place + 1) if year and 2000 < year < 2100 else (None, at)


def _edge_of_month(row: Sequence[Unit], at: int, today: date, _before: Unit | None) -> Found:
    """'cuối tháng', 'hết tháng 9', 'đầu tháng 10', 'giữa tháng 10'."""
    if not is_at(row, at, "end_of", "start_of", "middle_of"):
        return None
    month, year, after = _month(row, at + 1, today)
    if after == at + 1:
        return None
    if is_at(row, at, "end_of"):
        return When(end_of_month(month, year, today)), after
    if month == today.month and year == today.year and not is_at(row, at, "middle_of"):
        return When(None), after
    return When(day_of(1 if is_at(row, at, "start_of") else 15, month, year, today)), after


def _month(row: Sequence[Unit], at: int, today: date) -> tuple[int, int | None, int]:
    if is_at(row, at, "month_name"):
        year, after = _year(row, at + 1)
        return int(value_of(row[at], "month_name")), year, after
    if is_at(row, at, "coming") and is_at(row, at + 1, "month_word"):
        later = months_after(today.replace(day=1), 1)
        return later.month, later.year, at + 2
    if not is_at(row, at, "month_word"):
        return today.month, today.year, at + 2 if is_at(row, at, "this") and is_at(row, at + 1, "month_word") else at
    named = _number(row, at + 1)
    if named and 1 <= named <= 12:
        year, after = _year(row, at + 2)
        return named, year, after
    if is_at(row, at + 1, "coming"):
        later = months_after(today.replace(day=1), 1)
        return later.month, later.year, at + 2
    return today.month, today.year, at + 2 if is_at(row, at + 1, "this") else at + 1


def _edge_of_week(row: Sequence[Unit], at: int, today: date, _before: Unit | None) -> Found:
    """'cuối tuần này' is its Friday, 'đầu tuần sau' its Monday."""
    if not is_at(row, at, "end_of", "start_of", "middle_of", "in_week"):
        return None
    weeks, after = _week(row, at + 1)
    if after == at + 1:
        return None
    if is_at(row, at, "end_of"):
        weekend = today.isoweekday() > 5 and not weeks
        return When(None if weekend else weekday_in_week(5, weeks, today)), after
    if is_at(row, at, "start_of") and weeks:
        return When(weekday_in_week(1, weeks, today)), after
    return When(None), after


def _week(row: Sequence[Unit], at: int) -> tuple[int, int]:
    if is_at(row, at, "coming") and is_at(row, at + 1, "week_word"):
        return 1, at + 2
    if is_at(row, at, "this") and is_at(row, at + 1, "week_word"):
        return 0, at + 2
    if not is_at(row, at, "week_word"):
        return 0, at
    if is_at(row, at + 1, "coming"):
        return (2, at + 3) if is_at(row, at + 2, "further") else (1, at + 2)
    return 0, at + 2 if is_at(row, at + 1, "this") else at + 1


def _weekday_and_date(row: Sequence[Unit], at: int, today: date, before: Unit | None) -> Found:
    """'thứ sáu 26/9', 'thứ hai ngày 22/9': the date says which."""
    place = at + 2 if is_at(row, at + 1, "pause") else at + 1
    if not is_at(row, at, "weekday"):
        return None
    found = _written(row, place, today, before) or _day_and_month(row, place, today, before)
    if not found:
        return None
    return When(found[0].day), found[1]


def _weekday(row: Sequence[Unit], at: int, today: date, before: Unit | None) -> Found:
    """'thứ sáu', 'thứ 2 tuần sau', 'next Monday', 'в пятницу на следующей неделе'."""
    lead, place = 0, at
    if is_at(row, at, "day_word") and is_at(row, at + 1, "weekday"):  # "hôm thứ tư" is the last one
        gone = next_weekday(int(value_of(row[at + 1], "weekday")), today) - timedelta(days=7)
        return When(gone), at + 2
    if is_at(row, at, "coming") and is_at(row, at + 1, "week_word") and is_at(row, at + 2, "weekday"):
        lead, place = 1, at + 2
    elif is_at(row, at, "coming", "this") and is_at(row, at + 1, "weekday"):
        place = at + 1
    if not is_at(row, place, "weekday"):
        return None
    weekday = int(value_of(row[place], "weekday"))
    weeks, after = _week(row, place + 1)
    if lead or (weeks and after > place + 1):
        return When(weekday_in_week(weekday, max(lead, weeks), today)), max(after, place + 1)
    if after > place + 1:
        return When(weekday_in_week(weekday, 0, today)), after
    after = place + 2 if is_at(row, place + 1, "this", "coming") else place + 1
    if before is not None and before.tag == "from":
        return When(next_weekday(weekday, today) - timedelta(days=7)), after
    return When(next_weekday(weekday, today)), after


def _vague(row: Sequence[Unit], at: int, _today: date, _before: Unit | None) -> Found:
    """'tuần sau', 'tháng sau': a later time, but no day."""
    weeks, after = _week(row, at)
    if after > at + 1 or (weeks and after > at):
        return When(None), after
    if is_at(row, at, "month_word") and is_at(row, at + 1, "coming", "this"):
        return When(None), at + 2
    if is_at(row, at, "coming", "this") and is_at(row, at + 1, "month_word"):
        return When(None), at + 2
    return None


def _quarter(row: Sequence[Unit], at: int, today: date, _before: Unit | None) -> Found:
    if not is_at(row, at, "end_of"):
        return None
    named = _number(row, at + 1)
    if named is not None and 1 <= named <= 4 and is_at(row, at + 2, "quarter_word"):  # "конец 3 квартала"
        year, after = _year(row, at + 3)
        return When(end_of_month(named * 3, year, today)), after
    if not is_at(row, at + 1, "quarter_word"):
        return None
    quarter = _number(row, at + 2) or (_ROMAN.get(row[at + 2].text.lower()) if at + 2 < len(row) else None)
    if quarter and 1 <= quarter <= 4:
        year, after = _year(row, at + 3)
        return When(end_of_month(quarter * 3, year, today)), after
    after = at + 3 if is_at(row, at + 2, "this") else at + 2
    return When(end_of_month((today.month + 2) // 3 * 3, today.year, today)), after


def _in_days(row: Sequence[Unit], at: int, today: date, _before: Unit | None) -> Found:
    if not is_at(row, at, "in_days") or is_at(row, at + 1, "weekday", "pair", "full_date"):  # "chiều thứ hai"
        return None
    return When(When(days=int(value_of(row[at], "in_days"))).counted_from(today)), at + 1


def _span(row: Sequence[Unit], at: int, _today: date, before: Unit | None) -> Found:
    """'3 ngày', '1 tuần nữa', 'nửa tháng', '3 more days', 'ещё три дня'."""
    if is_at(row, at, "half_month"):
        return _prolonged(row, at + 1, before, When(days=15, span=True))
    count = _number(row, at)
    place = at if count is None else at + 1
    further = is_at(row, place, "more", "further")
    place += further
    if count is not None and _is_glued(row, place) and is_at(row, place + 1, "day_word", "week_word", "month_word"):
        place += 1  # "a 5-day extension"
    alone = is_at(row, place, "one_week", "one_month", "one_day") and place == at
    another = further and is_at(row, place, "week_word", "month_word") and not is_at(row, place, "one_week")
    if count is None and not (alone or another):
        return None
    if before is not None and before.of("task_word", "hash") and _says_when(row, place):
        return None  # "việc 1 tuần này dứt điểm", "việc 2 ngày 25 nộp"
    count = 1 if count is None else count
    sure = count < 1000
    if is_at(row, place, "working_day_word"):
        span = When(days=count, span=True, sure=False)
    elif is_at(row, place, "day_word", "one_day"):
        span = When(days=count, span=True, sure=sure)
    elif is_at(row, place, "week_word", "one_week"):
        span = When(days=7 * count, span=True, sure=sure)
    elif is_at(row, place, "month_word", "one_month") and _number(row, place + 1) is None:
        span = When(months=count, span=True, sure=sure)
    else:
        return None
    return _prolonged(row, place + 1, before, span)


def _says_when(row: Sequence[Unit], at: int) -> bool:
    """'tuần này', 'tháng sau', 'ngày 25': a time of its own, that the number before it does not count."""
    if is_at(row, at, "day_word"):
        return is_at(row, at + 1, "number", "pair", "full_date")
    return is_at(row, at, "week_word", "month_word") and is_at(row, at + 1, "this", "coming")


def _is_glued(row: Sequence[Unit], at: int) -> bool:
    glued = 0 < at < len(row) - 1 and row[at - 1].end == row[at].start and row[at].end == row[at + 1].start
    return glued and row[at].tag == "dash"


def _prolonged(row: Sequence[Unit], after: int, before: Unit | None, span: When) -> Found:
    if is_at(row, after, "and_half"):  # "1 tháng rưỡi": how many days that is, is asked
        return When(days=span.days, months=span.months, span=True, sure=False), after + 1
    ahead = before is not None and before.of("ahead_word")
    if is_at(row, after, "further") or ahead:
        further = When(days=span.days, months=span.months, span=True, further=True, sure=span.sure)
        return further, after + (0 if ahead and not is_at(row, after, "further") else 1)
    return span, after


def _day_of_month(row: Sequence[Unit], at: int, today: date, before: Unit | None) -> Found:
    """'ngày 25', 'mùng 5', and a bare '25' after 'đến' or 'lùi'."""
    named = is_at(row, at, "day_word", "day_number_word")
    day = _day_number(row, at + 1 if named else at)
    if day is None or not 1 <= day <= 31:
        return None
    after = at + 2 if named else at + 1
    if not named and is_at(row, after, "day_number_word"):  # "25 числа"
        named, after = True, after + 1
    led = before is not None and before.of("until", "delay", "from") and not _counted(row, after)
    offered = before is not None and before.of("ask") and day >= 10 and is_at(row, after, "ask_mark")  # "можно 25?"
    if not named and not led and not offered:
        return None
    if not named and day < 10 and before is not None and not before.of("until"):
        return None
    found = day_in_month(day, today)
    return (When(found), after) if found else None


def _counted(row: Sequence[Unit], at: int) -> bool:
    """'đến 25 hộ', but not 'đến 25 nha'."""
    return not is_at(row, at, "courtesy") and is_at(
        row,
        at,
        "unit_noun",
        "noun",
        "percent_word",
        "day_word",
        "week_word",
        "month_word",
        "hour_word",
        "unknown",
        "money",
    )


#: The rules in the order in which they are tried, each with what its phrases begin with.
_RULES: tuple[tuple[frozenset[str], Callable[[Sequence[Unit], int, date, Unit | None], Found]], ...] = (
    (frozenset({"pair", "full_date", "day_word"}), _written),
    (frozenset({"day_word", "number", "day_ordinal", "month_name"}), _day_and_month),
    (frozenset({"end_of"}), _quarter),
    (frozenset({"end_of", "start_of", "middle_of"}), _edge_of_month),
    (frozenset({"end_of", "start_of", "middle_of", "in_week"}), _edge_of_week),
    (frozenset({"half_month", "number", "more", "further", "one_week", "one_month", "one_day"}), _span),
    (frozenset({"weekday"}), _weekday_and_date),
    (frozenset({"day_word", "coming", "this", "weekday"}), _weekday),
    (frozenset({"in_days"}), _in_days),
    (frozenset({"coming", "this", "week_word", "month_word"}), _vague),
    (frozenset({"day_word", "day_number_word", "number", "day_ordinal"}), _day_of_month),
)
_BEGINNINGS = frozenset().union(*(beginnings for beginnings, _ in _RULES))
