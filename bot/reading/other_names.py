"""Names that hang on the other names of a reply: what they leave over, and what they tell more narrowly."""

from collections.abc import Sequence
from dataclasses import replace

from bot.reading.meaning import OpenTask
from bot.reading.mentions import Mention
from bot.reading.numbers import value_of
from bot.reading.units import Unit

_PARTS = (
    "unit_noun",
    "noun",
    "step",
    "signature",
    "number",
    "numeral",
    "unknown",
    "paper",
    "draft",
    "inside",
    "several",
    "partly",
)
_CLAUSE_ENDS = frozenset({"pause", "stop", "line", "ask_mark", "but"})


def settled_by_others(row: Sequence[Unit], tasks: Sequence[OpenTask]) -> list[Unit]:
    """The row, once all names of the reply are known."""
    if not any(unit.tag == "mention" for unit in row):
        return list(row)
    return _narrowed(_others_told(row, tasks))


def _narrowed(row: Sequence[Unit]) -> list[Unit]:
    """'nghị quyết 59 đã ban hành kế hoạch': a name that fits several is no name beside one that tells which."""
    clauses: list[list[Unit]] = [[]]
    for unit in row:
        clauses[-1].append(unit)
        if unit.tag in _CLAUSE_ENDS:
            clauses.append([])
    return [
        replace(unit, tags=("noun",), value=None) if _is_told(unit, clause) else unit
        for clause in clauses
        for unit in clause
    ]


def _is_told(unit: Unit, clause: Sequence[Unit]) -> bool:
    mine = unit.value
    if not isinstance(mine, Mention) or mine.together or len(mine.tasks) < 2:
        return False
    others = [other.value for other in clause if other is not unit and isinstance(other.value, Mention)]
    return any(0 < len(other.tasks) < len(mine.tasks) and set(other.tasks) <= set(mine.tasks) for other in others)


def are_named(unit: Unit, before: Sequence[Unit]) -> bool:
    named = {task for one in before if isinstance(one.value, Mention) for task in one.value.tasks}
    return value_of(unit, "all_of") == str(len(named))


def leaves_others(row: Sequence[Unit], at: int, before: Sequence[Unit]) -> bool:
    """'1 và 3 xong hết rồi, còn lại đang làm': what is left beside tasks that are finished is other tasks."""
    if not row[at].of("left_over") or not before or before[-1].tag not in {"pause", "stop", "line", "but", "and"}:
        return False
    if at + 1 < len(row) and row[at + 1].of(*_PARTS):
        return False  # "57 xong, còn lại chữ ký chủ tịch": of 57 itself
    named = [place for place, unit in enumerate(before) if unit.tag == "mention"]
    told = before[named[-1] :] if named else []
    if named and at + 1 < len(row) and row[at + 1].of("finished"):
        return True  # "57 xin lùi, còn lại xong hết": what is finished is no part of it
    finished = any(unit.of("finished", "sent", "was_sent") for unit in told)
    return finished and not any(unit.of("not_yet", "near", "partly", "amount", "ongoing", "draft") for unit in told)


def _others_told(row: Sequence[Unit], tasks: Sequence[OpenTask]) -> list[Unit]:
    """'việc 1 xong, hai việc kia chưa': the others are those that nothing else in the reply names."""
    named = {task for unit in row if isinstance(unit.value, Mention) for task in unit.value.tasks}
    left = tuple(task.id for task in tasks if task.id not in named)
    if len(tasks) == 1 and not named:  # "8 files scanned, the rest are in progress"
        return [replace(unit, tags=("noun",), value=None) if _is_others(unit) else unit for unit in row]
    return [
        _remaining(unit, unit.value, left, len(tasks))
        if isinstance(unit.value, Mention) and unit.value.others
        else unit
        for unit in row
    ]


def _is_others(unit: Unit) -> bool:
    return isinstance(unit.value, Mention) and unit.value.others and unit.value.count is None


def _remaining(unit: Unit, mention: Mention, left: tuple[int, ...], most: int) -> Unit:
    too_many = mention.count is not None and mention.count >= most
    if too_many and (most == 1 or mention.things):
        return replace(unit, tags=("noun",), value=None)  # "rà xong 12 cái, 4 cái còn lại": no tasks
    fits = 0 < len(left) < most and mention.count in {None, len(left)}
    return replace(unit, value=replace(mention, tasks=left if fits else (), together=fits, fits=fits))
