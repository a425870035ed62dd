"""Numbers written in words ('bảy mươi lăm', 'two', 'двадцать') made numbers where they count or name something."""

from collections.abc import Sequence
from dataclasses import replace

from bot.reading.units import Unit, tags_of

_COUNTED = (
    "task_word",
    "other_task",
    "other_things",
    "percent_word",
    "day_word",
    "week_word",
    "month_word",
    "quarter_word",
    "working_day_word",
    "unit_noun",
    "further",
    "out_of",
    "more",
)
_NAMED_BEFORE = (
    "task_word",
    "day_word",
    "month_word",
    "quarter_word",
    "out_of",
    "all_of",
    "all_tasks",
    "hash",
    "resolution_word",
    "first_of",
)


#: no spoken number is without one of these
_NUMERALS = frozenset({"number", "numeral"})
_PARTS = _NUMERALS | {"ordinal_ending"}


def numbered(row: Sequence[Unit]) -> list[Unit]:
    if _NUMERALS.isdisjoint(tags_of(row)):
        return list(row)
    whole: list[Unit] = []
    at = 0
    while at < len(row):
        if _PARTS.isdisjoint(row[at].tags):
            whole.append(row[at])
            at += 1
            continue
        if row[at].of("ordinal_ending") and whole and whole[-1].tag == "number" and whole[-1].end == row[at].start:
            at += 1  # "the 25th"
            continue
        value, after = _spoken(row, at)
        if value is not None and _is_meant(row, at, after, whole):
            first, last = row[at], row[after - 1]
            whole.append(Unit(("number",), str(value), first.text, first.start, last.end))
            at = after
        else:
            unit = row[at]
            if "numeral" in unit.tags and unit.tags[0] == "numeral" and len(unit.tags) > 1:
                unit = replace(unit, tags=unit.tags[1:])
            whole.append(unit)
            at += 1
    return whole


def value_of(unit: Unit, tag: str) -> str:
    if isinstance(unit.value, dict):
        return str(unit.value.get(tag, ""))
    return str(unit.value)


def _spoken(row: Sequence[Unit], at: int) -> tuple[int | None, int]:
    """'bảy mươi lăm' is 7 ten 5; 'mười lăm' is 10 5; 'двадцать пять' is 20 5."""
    total: int | None = None
    place = at
    while place < len(row) and place - at < 6:
        unit = row[place]
        if unit.tag == "dash" and _joins_a_number(row, place, total):
            pass  # "twenty-five"
        elif unit.of("ten_word") and total is not None and 0 < total < 10:
            total *= 10
        elif place == at and unit.tag == "number" and str(unit.value) in "123456789":
            total = int(str(unit.value))
        elif unit.of("numeral"):
            number = int(value_of(unit, "numeral"))
            if number == 100 and total:
                total *= 100
            elif total is None:
                total = number
            elif total > 0 and ((total % 10 == 0 and number < 10) or (total % 100 == 0 and number < 100)):
                total += number
            else:
                break
        else:
            break
        place += 1
    return total, place


def _joins_a_number(row: Sequence[Unit], at: int, total: int | None) -> bool:
    """A dash between tens and ones, without spaces; 'hai mươi-ba mươi' is a range."""
    if not total or total % 10 or at + 1 >= len(row) or not row[at + 1].of("numeral"):
        return False
    glued = row[at - 1].end == row[at].start and row[at].end == row[at + 1].start
    tens_follow = at + 2 < len(row) and row[at + 2].of("ten_word")
    return glued and not tens_follow and 0 < int(value_of(row[at + 1], "numeral")) < 10


def _is_meant(row: Sequence[Unit], at: int, after: int, before: Sequence[Unit]) -> bool:
    if after - at > 1:
        return True
    if after < len(row) and row[after].of(*_COUNTED) and (row[at].tag == "numeral" or row[after].of("percent_word")):
        return True
    if row[at].tag not in {"numeral", "number"}:  # "tháng sau" is no sixth month
        day = bool(before) and before[-1].of("day_word") and after < len(row) and row[after].of("month_word")
        part = bool(before) and before[-1].of("out_of") and row[at].of("numeral")  # "bốn trên năm mục"
        return day or part or (bool(before) and before[-1].of("task_word", "hash"))  # "ngày năm tháng mười"
    if before and before[-1].of("percent_word") and not (len(before) > 1 and before[-2].of("number", "numeral")):
        return True  # "процентов сорок"
    return bool(before) and before[-1].of(*_NAMED_BEFORE)
