"""Names that hang on the other names of a reply: what they leave over, and what they tell more narrowly."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.reading.meaning import OpenTask
from bot.reading.mentions import Mention
from bot.reading.numbers import value_of
from bot.reading.units import Unit, is_at

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
_ENDS_A_STATE = (
    *("pause", "stop", "line", "but", "and"),
    *("amount", "finished", "already", "in_hand", "ongoing", "working", "not_yet", "sent"),
)
_POLITE = ("courtesy", "person", "sign_of_mood", "then")
_UNFINISHED = ("not_yet", "near", "partly", "amount", "ongoing", "draft")
_STATES = (
    *("finished", "sent", "was_sent", "amount", "ongoing", "in_hand", "working", "small_step", "not_yet", "near"),
    *("nothing_done", "started", "draft", "waiting", "lack", "obstacle", "fault", "ask", "delay", "late", "signed"),
)
_THINGS = ("unknown", "noun", "paper", "resource")
_LACKING = ("waiting", "lack", "obstacle", "fault")
_CLAUSE_ENDS = frozenset({"pause", "stop", "line", "ask_mark", "but"})


def settled_by_others(row: Sequence[Unit], tasks: Sequence[OpenTask]) -> list[Unit]:
    """The row, once all names of the reply are known."""
    if not any(unit.tag == "mention" for unit in row):
        return list(row)
    return _narrowed(_reckoned(_others_told(row, tasks)))


def _reckoned(row: Sequence[Unit]) -> list[Unit]:
    """'1 60%, còn lại 30%': of other tasks that is how far they are, not how much of them is left."""
    return [_as_stated(unit) if at and _is_doubtful(row[at - 1]) else unit for at, unit in enumerate(row)]


def _as_stated(unit: Unit) -> Unit:
    figure = re.match(r"\d+", unit.text)
    if unit.tag != "amount" or not isinstance(unit.value, int) or not figure:
        return unit
    turned = int(figure[0]) == 100 - unit.value
    return replace(unit, value=100 - unit.value) if turned else unit


def _is_doubtful(unit: Unit) -> bool:
    return isinstance(unit.value, Mention) and unit.value.doubtful


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


def left_to_others(row: Sequence[Unit], at: int, before: Sequence[Unit], most: int) -> Mention | None:
    """'1 và 3 xong hết rồi, còn lại đang làm': what is left beside tasks that are finished is other tasks.

    Beside unfinished ones it is either other tasks or the rest of these: others that are asked about.
    """
    if not row[at].of("left_over") or at + 1 >= len(row) or row[at + 1].of(*_PARTS):
        return None  # "57 xong, còn lại chữ ký chủ tịch": of 57 itself
    last = next((unit for unit in reversed(before) if not unit.of(*_POLITE)), None)
    if last is None or not last.of(*_ENDS_A_STATE):
        return None  # "57 xong mấy ấp còn lại"
    named = [place for place, unit in enumerate(before) if unit.tag == "mention"]
    if not named:
        return None
    told = before[named[-1] :]
    follows = row[at + 1]
    if _leaves_none_of_its_own(told, follows):
        return Mention((), others=True)
    if _is_the_rest_of_it(told, follows) or not 0 < len(_named(before)) < most:
        return None
    return Mention((), others=True, doubtful=True)


def _leaves_none_of_its_own(told: Sequence[Unit], follows: Unit) -> bool:
    if follows.of("finished"):  # "57 xin lùi, còn lại xong hết", but not "57 chưa ký, còn lại xong hết"
        unsigned = any(unit.of("signed") for unit in told) and any(unit.of("not_yet") for unit in told)
        return not unsigned and not any(unit.of(*_LACKING) for unit in told)
    finished = any(unit.of("finished", "sent", "was_sent") for unit in told) and follows.tag != "amount"
    return finished and not any(unit.of(*_UNFINISHED) for unit in told)


def _is_the_rest_of_it(told: Sequence[Unit], follows: Unit) -> bool:
    """'57 xong 80%, còn lại mai em làm', '57 60%, còn lại 40%', '57 được 8/10 ấp, còn lại đang làm'."""
    if not any(unit.of(*_STATES) for unit in told):
        return True  # "85% thủ tục rồi, số còn lại vướng": what was named last is what was counted
    amounts = [at for at, unit in enumerate(told) if unit.tag == "amount"]
    if follows.tag == "amount":
        return follows.value in {told[at].value for at in amounts} or not follows.text[0].isdigit()
    if follows.of("day_ahead", "will") and any(unit.of("finished") for unit in told):
        return bool(amounts)
    return any(is_at(told, at + 1, "unit_noun") or _counts_things(told, at) for at in amounts)


def _counts_things(told: Sequence[Unit], at: int) -> bool:
    """'in được 500 cuốn trên tổng 2000 cuốn'."""
    return told[at].text.isdigit() and is_at(told, at + 1, *_THINGS)


def _named(before: Sequence[Unit]) -> set[int]:
    mentions = [unit.value for unit in before if isinstance(unit.value, Mention)]
    return {task for mention in mentions if not mention.weak for task in mention.tasks}


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
