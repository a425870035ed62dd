"""How much is done: percents, fractions with their total, halves; quantities without a total are none."""

import re
from collections.abc import Sequence
from datetime import date

from bot.reading.moments import day_of
from bot.reading.numbers import value_of
from bot.reading.units import Unit

_FRACTION_BEFORE = (
    "about",
    "just",
    "progress_word",
    "partly",
    "working",
    "share_of",
    "near",
    "in_hand",
    "percent_before",
)
_WHOLE_PART = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+")


def measured(row: Sequence[Unit], today: date) -> list[Unit]:
    """Percents and fractions become 'amount' units (value: int, or None where only a bound is given)."""
    whole: list[Unit] = []
    at = 0
    while at < len(row):
        unit, after = _amount(row, at, whole, today)
        if unit:
            whole.append(_bounded(unit, whole))
            at = after
        else:
            whole.append(row[at])
            at += 1
    return whole


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
    elif unit.of("share"):
        value = int(value_of(unit, "share"))
    else:
        fraction = _fraction(row, at, before, today)
        if fraction is None:
            return None, at
        value, after = fraction
    value = _of_the_rest(row, before, value, after)
    return Unit(("amount",), value, unit.text, unit.start, row[after - 1].end), after


def _lower_end(text: str) -> int:
    """'70-80%' is 70 and '12,5%' is 12; '1.200%' is a thousand and two hundred."""
    return int(_WHOLE_PART.findall(text)[0].replace(".", ""))


def _of_the_rest(row: Sequence[Unit], before: Sequence[Unit], value: int, after: int) -> int:
    """'còn 20% nữa' is 80."""
    place = len(before) - 1
    while place > 0 and before[place].of("about", "just"):
        place -= 1
    left = before[place] if before else None
    follows = after < len(row) and row[after].tag == "rest"
    if ((left is not None and left.of("rest")) or follows) and 0 <= value <= 100:
        return 100 - value
    return value


def _fraction(row: Sequence[Unit], at: int, before: Sequence[Unit], today: date) -> tuple[int, int] | None:
    unit = row[at]
    after = at + 1
    if unit.tag == "number" and after + 1 < len(row) and row[after].of("out_of") and row[after + 1].tag == "number":
        parts = [int(str(unit.value).replace(".", "")), int(str(row[after + 1].value).replace(".", ""))]
        after += 2
    elif unit.tag == "pair" and ("/" in unit.text):
        parts = [int(part.replace(".", "")) for part in re.split(r"\s*/\s*", unit.text)]
        if not _reads_as_fraction(row, at, before, parts, today):
            return None
    else:
        return None
    if not parts[1] or parts[0] > parts[1]:
        return None
    return parts[0] * 100 // parts[1], after


def _reads_as_fraction(row: Sequence[Unit], at: int, before: Sequence[Unit], parts: list[int], today: date) -> bool:
    if parts[1] > 31 or (parts[1] > 12 and parts[0] <= parts[1]):
        return True
    if before and before[-1].of("until", "day_word", "from", "delay", "ask"):
        return before[-1].of("about") and _counts(row, at)
    if _counts(row, at) or (bool(before) and before[-1].of(*_FRACTION_BEFORE)):
        return True
    beside_finished = (bool(before) and before[-1].of("finished")) or (at + 1 < len(row) and row[at + 1].of("finished"))
    return beside_finished and not _near_today(parts, today)


def _near_today(parts: list[int], today: date) -> bool:
    """'20/9 xong' may be a date, '2/4 xong' in September hardly is one."""
    day = day_of(parts[0], parts[1], None, today) if 1 <= parts[1] <= 12 else None
    return day is not None and abs((day - today).days) <= 60


def _counts(row: Sequence[Unit], at: int) -> bool:
    return at + 1 < len(row) and row[at + 1].of("unit_noun", "step")
