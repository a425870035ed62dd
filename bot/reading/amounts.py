"""How much is done: percents, fractions with their total, halves; quantities without a total are none."""

import re
from collections.abc import Sequence
from datetime import date

from bot.reading.moments import day_of
from bot.reading.numbers import value_of
from bot.reading.units import Unit, is_at, number_at, tags_of

#: no amount begins with anything else
_FIGURES = frozenset({"percent", "number", "pair", "share"})
_FRACTION_BEFORE = (
    "about",
    "just",
    "progress_word",
    "partly",
    "working",
    "near",
    "in_hand",
)
_COUNTED = ("unit_noun", "noun", "unknown", "step", "resource")
_WHOLE_PART = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+")


def measured(row: Sequence[Unit], today: date) -> list[Unit]:
    """Percents and fractions become 'amount' units (value: int, or None where only a bound is given)."""
    if _FIGURES.isdisjoint(tags_of(row)):
        return list(row)
    whole: list[Unit] = []
    at = 0
    while at < len(row):
        if _FIGURES.isdisjoint(row[at].tags):
            whole.append(row[at])
            at += 1
            continue
        unit, after = _amount(row, at, whole, today)
        if unit:
            whole.append(_bounded(unit, whole))
            at = after
        else:
            whole.append(row[at])
            at += 1
    return [_denied(whole, at) for at in range(len(whole))]


def _denied(row: Sequence[Unit], at: int) -> Unit:
    """'не 80, а 60%': what is set against an amount is one."""
    unit = row[at]
    if unit.tag != "number" or not at or row[at - 1].tag != "not":
        return unit
    beside = [other for other in row[at + 1 : at + 4] if other.tag != "pause"][:2]
    if not beside or beside[-1].tag != "amount":
        return unit
    if len(beside) == 2 and not beside[0].of("and", "but"):
        return unit
    return Unit(("amount",), _lower_end(str(unit.value)), unit.text, unit.start, unit.end)


def _bounded(unit: Unit, before: list[Unit]) -> Unit:
    """'khoảng 80%' is 80, 'gần 100%' not done; 'dưới 50%' and 'chưa 100%' no figure; 'từ 40 đến 50%' its lower end."""
    value = unit.value
    if before and before[-1].tag == "not_yet":
        value = None
    if len(before) > 1 and before[-1].of("until") and before[-2].tag == "number":
        before.pop()
        value = _lower_end(str(before.pop().value))
    if len(before) > 2 and before[-1].of("and") and before[-2].tag == "number" and before[-3].of("from"):
        before.pop()  # "between 45 and 55%"
        value = _lower_end(str(before.pop().value))
    while before and before[-1].of("about", "below", "near"):
        if before[-1].of("below"):
            value = None
        elif before[-1].tag not in {"about", "near"} or (before[-1].tag == "near" and value == 100):
            break
        before.pop()
    if len(before) > 1 and before[-1].of("finished") and before[-2].of("not_yet"):
        value = None
    return Unit(("amount",), value, unit.text, unit.start, unit.end)


def _amount(row: Sequence[Unit], at: int, before: Sequence[Unit], today: date) -> tuple[Unit | None, int]:
    unit = row[at]
    after = at + 1
    value: int | None
    if unit.tag == "percent":
        value = _lower_end(unit.text)
    elif unit.tag in {"number", "pair"} and after < len(row) and row[after].of("percent_word"):
        value, after = _lower_end(str(unit.value)), after + 1
    elif unit.tag in {"number", "pair"} and before and before[-1].of("percent_word"):
        value = _lower_end(str(unit.value))  # "процентов 80-85"
    elif unit.of("share") and not _is_hundreds(unit, before):
        value = int(value_of(unit, "share"))
    else:
        fraction = _some_of_all(row, at) or _fraction(row, at, before, today)
        if fraction is None:
            return None, at
        value, after = fraction
    if is_at(row, after, "time_word"):  # "cắt giảm 32% thời gian": how much is cut, not how much is done
        return Unit(("noun",), None, unit.text, unit.start, unit.end), after
    value = _of_the_rest(row, before, value, after)
    return Unit(("amount",), value, unit.text, unit.start, row[after - 1].end), after


def _is_hundreds(unit: Unit, before: Sequence[Unit]) -> bool:
    """'hai trăm phần trăm' is no hundred."""
    return value_of(unit, "share") == "100" and bool(before) and before[-1].of("numeral", "number")


def _lower_end(text: str) -> int:
    """'70-80%' is 70 and '12,5%' is 12; '1.200%' is a thousand and two hundred."""
    return int(_WHOLE_PART.findall(text)[0].replace(".", ""))


def _some_of_all(row: Sequence[Unit], at: int) -> tuple[int, int] | None:
    """'9 ấp thì 6 ấp nộp rồi': so many things, and of the same things so many."""
    place = at + 3 if is_at(row, at + 2, "then") else at + 2
    counted = is_at(row, at, "number") and is_at(row, at + 1, "unit_noun") and is_at(row, place, "number")
    if not counted or not is_at(row, place + 1, "unit_noun") or row[place + 1].spelled != row[at + 1].spelled:
        return None
    if is_at(row, place + 2, "not_yet", "not", "have_not", "returned", "obstacle", "cannot"):
        return None  # "9 ấp thì 6 ấp chưa nộp"
    whole, part = number_at(row, at), number_at(row, place)
    return (part * 100 // whole, place + 2) if whole and part is not None and part <= whole else None


def _of_the_rest(row: Sequence[Unit], before: Sequence[Unit], value: int, after: int) -> int:
    """'còn 20% nữa' is 80."""
    place = len(before) - 1
    while place > 0 and before[place].of("about", "just", "percent_word", "more", "further"):
        place -= 1
    left = before[place] if before else None
    follows = is_at(row, after, "rest_behind")  # "20% left", but "80% còn hộ nghèo chưa" goes on to another
    if ((left is not None and left.of("rest")) or follows) and 0 <= value <= 100:
        third = row[after - 1].of("share") and value in {33, 66}
        return 100 - value - third
    return value


def _fraction(row: Sequence[Unit], at: int, before: Sequence[Unit], today: date) -> tuple[int, int] | None:
    unit = row[at]
    after = at + 1
    if unit.tag == "number" and (after + 2 < len(row)) and row[after].of(*_COUNTED) and row[after + 1].of("out_of"):
        after += 1  # "500 cuốn trên tổng 2000 cuốn"
    if unit.tag == "number" and after + 1 < len(row) and row[after].of("out_of") and row[after + 1].tag == "number":
        parts = [int(str(unit.value).replace(".", "")), int(str(row[after + 1].value).replace(".", ""))]
        after += 2
    elif unit.tag == "pair" and ("/" in unit.text):
        parts = [int(part.replace(".", "")) for part in re.split(r"\s*/\s*", unit.text)]
        if parts == [24, 24] and not _counts(row, at):
            return None  # "trực chốt 24/24": round the clock
        no_date = parts[1] > 31 or (parts[1] > 12 and parts[0] <= parts[1])
        if not no_date and not _reads_as_fraction(row, at, before, parts, today):
            return None
    else:
        return None
    if not parts[1] or parts[0] > parts[1]:
        return None
    return parts[0] * 100 // parts[1], after


def _reads_as_fraction(row: Sequence[Unit], at: int, before: Sequence[Unit], parts: list[int], today: date) -> bool:
    if len(before) > 1 and before[-1].of("about") and before[-2].of("working", "small_step"):
        return True  # "viết được 3/4"
    if before and before[-1].of("about") and is_at(row, at + 1, "already", "number_word"):
        return not (len(before) > 1 and before[-2].of("delay", "ask"))  # "được 3/4 rồi"
    if before and before[-1].of("until", "day_word", "from", "delay", "ask"):
        return before[-1].of("about") and _counts(row, at)
    if before and before[-1].of("rest") and at + 1 < len(row) and row[at + 1].of("further"):
        return True  # "còn 1/4 nữa là xong"
    if _counts(row, at) or (bool(before) and before[-1].of(*_FRACTION_BEFORE)):
        return True
    beside_finished = (bool(before) and before[-1].of("finished")) or (at + 1 < len(row) and row[at + 1].of("finished"))
    return beside_finished and not _near_today(parts, today)


def _near_today(parts: list[int], today: date) -> bool:
    """'20/9 xong' may be a date, '2/4 xong' in September hardly is one."""
    day = day_of(parts[0], parts[1], None, today) if 1 <= parts[1] <= 12 else None
    return day is not None and abs((day - today).days) <= 60


def _counts(row: Sequence[Unit], at: int) -> bool:
    after = at + 2 if at + 1 < len(row) and row[at + 1].of("out_of", "of_word") else at + 1  # "3/4 of the files"
    return after < len(row) and row[after].of("unit_noun", "step", "number_word")
