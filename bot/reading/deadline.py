"""The new deadline that a request for more time states, counted as the contract counts."""

from collections.abc import Sequence
from datetime import date

from bot.reading.blocks import Block
from bot.reading.moments import When
from bot.reading.units import Unit, is_at

_BREAKS = frozenset({"pause", "stop", "line", "ask_mark", "because", "so"})
#: what tells of another's doings in a clause, so that its day is theirs
_DOINGS = frozenset(
    {"inside", "outside", "outside_system", "working", "small_step", "signed", "submitted", "started", "in_hand"}
    | {"waiting", "not_yet", "obstacle", "answer", "resource", "established", "lack", "unit_noun"}
)
_REQUESTS = frozenset({"asked_later", "offered"})


def asked_due(block: Block, due: date | None, today: date, *, told: bool) -> tuple[date | None, bool]:
    """The day asked for, None where it is vague or its task unknown, and whether it is sure."""
    stated = _stated(block)
    if stated is None:
        return None, True
    when, alone = stated
    if not when.span and when.day is None:
        return None, True
    if not when.span:
        return when.day, alone and when.sure and _is_later(when.day, due, today)
    if when.further and not _prolongs(block, when):
        day = when.counted_from(today)
        return day, alone and when.sure and _is_later(day, due, today)
    if not told:
        return None, False
    if any(
        unit.of("from") and is_at(block.units, at + 1, "day_ahead", "day_today") for at, unit in enumerate(block.units)
    ):
        alone = False  # "thêm 3 ngày kể từ 25/9"
    start = due if due is not None and due >= today else today
    return when.counted_from(start), alone and when.sure and due is not None


def _is_later(day: date | None, due: date | None, today: date) -> bool:
    """A day that is past, or no later than the present deadline, is asked about."""
    return day is None or (day >= today and (due is None or day > due))


def offers_later(block: Block, due: date | None, today: date) -> bool:
    """'thứ 3 em nộp được không' asks for more time where that day is later than the deadline."""
    if not due or "offered" not in block.says:
        return False
    if block.has("confirming"):
        return False  # "hạn đến 25/9 phải không" asks which day it is, not for another
    stated = _stated(block)
    if not stated:
        return False
    day = stated[0].counted_from(today) if stated[0].span else stated[0].day
    return day is not None and day > due


def _prolongs(block: Block, when: When) -> bool:
    """'lùi 3 ngày nữa', but not '3 ngày nữa em nộp, xin phép trễ hạn'."""
    place = next(at for at, unit in enumerate(block.units) if unit.value is when)
    return any(unit.of("more", "delay", "late") for unit in _clause(block.units, place))


def _clause(units: Sequence[Unit], at: int) -> Sequence[Unit]:
    start, after = at, at
    while start > 0 and units[start - 1].tag not in _BREAKS:
        start -= 1
    while after < len(units) and units[after].tag not in _BREAKS:
        after += 1
    return units[start:after]


def _stated(block: Block) -> tuple[When, bool] | None:
    """The time that goes with the request: what it holds itself, else what follows it; never the old deadline."""
    requests = [said for said in block.said if said.says in _REQUESTS]
    with_a_plea = (said for said in requests if any(unit.of("ask") for unit in block.units[said.first : said.after]))
    asked = next(with_a_plea, requests[0] if requests else None)  # "kỳ họp dời qua 12/12 nên xin tới 16/12"
    request = asked.first if asked else 0
    clause = _clause(block.units, request) if asked and asked.after else ()
    times = [
        (at, unit.value)
        for at, unit in enumerate(block.units)
        if isinstance(unit.value, When) and not _is_old(block.units, at)
    ]
    held = [when for at, when in times if asked and asked.first <= at < asked.after]
    if times and "corrected" in block.says:
        return times[-1][1], True  # "tới 10/7 là em ghi lộn, sửa thành 20/7"
    later = [(at, when) for at, when in times if at >= request]
    beside = [[when for at, when in some if block.units[at] in clause] for some in (later, times)]
    near = next((some for some in (held, *beside) if some), [])
    if near:
        return near[0], len(set(near)) == 1
    elsewhere = later or times
    alone = len({when for _, when in elsewhere}) == 1 and all(_is_bare(block.units, at) for at, _ in elsewhere)
    if not later and any(when.span and not when.further and not _prolongs(block, when) for _, when in elsewhere):
        alone = False  # "mất điện 3 ngày, xin gia hạn"
    return (elsewhere[0][1], alone) if elsewhere else None


def _is_bare(units: Sequence[Unit], at: int) -> bool:
    """'xin lùi nha anh, tới 25/9' is the day asked for; 'chủ tịch đi đến 25/9, xin lùi' tells of the chairman's."""
    return not any(unit.of(*_DOINGS) for unit in _clause(units, at))


def _is_old(units: Sequence[Unit], at: int) -> bool:
    """'từ 20/9', 'không kịp 20/9', 'chứ không phải 20/9', 'đi công tác đến 20/9'."""
    if at and units[at - 1].of("from", "cannot", "not", "past_time", "absent"):
        return True
    return at > 1 and units[at - 1].of("until", "about") and units[at - 2].of("cannot", "absent")
