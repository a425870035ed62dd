"""Units that may be several things settled by their neighbours, before numbers and tasks are looked for."""

from collections.abc import Sequence
from dataclasses import replace

from bot.reading.numbers import value_of
from bot.reading.units import Unit, is_at, tags_of

_BREAKS = ("pause", "stop", "line", "ask_mark")
_DENIALS = ("not_yet", "not", "have_not", "not_received", "lack", "nothing_done", "cannot")
_OF_A_REPORT = ("month_word", "quarter_word", "year_word", "sent", "was_sent", "number_word", "sign")
_AFTER_YES = ("in_days", "day_word", "weekday", "person", "pause", "let")
_GIVING = ("sent", "was_sent", "submitted", "handed_up", "pass_on")
_YET_TO_COME = ("will", "let", "ask", "delay", "late", "not_yet", "not", "in_days", "if", "after", "once", "cannot")
#: without one of these nothing stands in another order, and no unit is another by its neighbours
_OUT_OF_ORDER = frozenset({"so_many", "stop", "day_number_word"})
_UNSETTLED = frozenset(
    {"yes", "task_of", "after", "not", "whether", "ask", "tell", "opening", "in_days", "task_word", "where"}
)
_SOFT = ("courtesy", "person", "yes", "sign_of_mood", "hail", "thanks", "bracket")


def settled(row: Sequence[Unit]) -> list[Unit]:
    row = _in_order(row)
    whole: list[Unit] = []
    start = 0
    for at, unit in enumerate(row):
        if _UNSETTLED.isdisjoint(unit.tags):
            whole.append(unit)
        else:
            clause = whole[start:]
            whole.append(_yes(row, at, clause) or _ours(row, at, clause) or _settled(row, at, clause))
        if unit.tag in _BREAKS:
            start = at + 1
    return whole


def _in_order(row: Sequence[Unit]) -> list[Unit]:
    """'28-го' is '28 го', and 'дней пять', 'недели на две' count them."""
    if _OUT_OF_ORDER.isdisjoint(tags_of(row)):
        return list(row)
    whole: list[Unit] = []
    loose: Unit | None = None
    for at, unit in enumerate(row):
        on_it = unit.of("about") and at + 1 < len(row) and row[at + 1].of("number", "numeral")
        if loose and not on_it and not unit.of("number", "numeral"):
            whole.append(loose)
            loose = None
        counted = at > 0 and row[at - 1].of("number", "numeral")
        ordinal = counted and at + 1 < len(row) and row[at + 1].of("day_number_word")
        bounded = at > 0 and row[at - 1].of("end_of", "start_of", "middle_of", "this", "coming")
        if unit.tag == "stop" and _is_shortened(row, at):
            continue
        if unit.of("so_many") and not counted and not bounded:
            loose = unit
        elif not (ordinal and unit.tag == "dash" and unit.end == row[at + 1].start):
            whole.append(unit)
    return [*whole, loose] if loose else whole


def _is_shortened(row: Sequence[Unit], at: int) -> bool:
    """'п. 2', 'исх. № 214'."""
    before, after = row[at - 1 : at], row[at + 1 : at + 2]
    short = bool(before) and len(before[0].text) <= 3 and before[0].of("number_word", "task_word", "resolution_word")
    return short and bool(after) and after[0].of("number", "number_word")


def _yes(row: Sequence[Unit], at: int, clause: Sequence[Unit]) -> Unit | None:
    """'da chieu em nop': 'dạ', for nothing is said so after 'đã'."""
    perhaps = row[at].tag == "did" and row[at].of("yes") and not clause and at + 1 < len(row)
    return replace(row[at], tags=("yes",)) if perhaps and row[at + 1].of(*_AFTER_YES) else None


def _ours(row: Sequence[Unit], at: int, clause: Sequence[Unit]) -> Unit | None:
    """'việc của phường em' is a list that is asked for, 'không đúng việc của phường em' hands a task over."""
    denied = any(unit.of("not", "not_yet") for unit in clause)
    ours = row[at].of("task_of") and is_at(row, at + 1, "person") and not denied
    return replace(row[at], tags=("noun",)) if ours else None


def _settled(row: Sequence[Unit], at: int, clause: Sequence[Unit]) -> Unit:
    """One unit, by what follows it and what its clause has said before it."""
    unit = row[at]
    tags = unit.tags
    if unit.tag == "after" and unit.of("what") and any(other.tag == "ask_mark" for other in row):
        tags = ("what",)  # "when is it due?"
    elif unit.tag == "not" and any(u.tag not in _SOFT for u in clause) and _ends_here(row, at):
        tags = ("whether",)
    elif unit.tag == "whether" and unit.of("courtesy") and not (clause and _ends_here(row, at)):
        tags = ("courtesy",)  # "à, em xong rồi"
    elif unit.tag == "ask" and unit.of("noun") and (_before_body(row, at) or any(u.of(*_GIVING) for u in clause)):
        tags = ("noun",)  # "gửi cho Sở" gives, it does not ask
    elif unit.tag == "tell" and not any(u.tag == "finished" for u in clause):
        tags = ("courtesy",)  # "báo anh: xong rồi", but "xong em báo anh" is yet to come
    elif unit.tag == "opening" and at + 1 < len(row) and row[at + 1].of(*_OF_A_REPORT):
        # "dạ báo cáo tháng 10 gửi rồi" names the report, it does not report
        return replace(unit, tags=("paper",), value={"paper": "BC"}, spelled=" ".join(unit.spelled.split()[-2:]))
    elif unit.of("in_days") and value_of(unit, "in_days") == "0" and (_is_told_past(row, at) or _is_over(unit, clause)):
        tags = ("past_time",)
    elif unit.of("task_word") and 1 < at < len(row) - 1 and row[at - 2].of("from") and row[at - 1].of("number"):
        tags = ("until",) if row[at + 1].of("number") else tags  # "с 1 по 3"
    elif unit.of("where"):
        tags = _where(row, at, denied=any(u.of(*_DENIALS) for u in clause))
    return unit if tags is unit.tags else replace(unit, tags=tags)


def _before_body(row: Sequence[Unit], at: int) -> bool:
    return at + 1 < len(row) and row[at + 1].of("outside", "inside")


def _is_told_past(row: Sequence[Unit], at: int) -> bool:
    """'сегодня закончили': the form of the verb tells that the day is no promise."""
    first, after = at, at
    while first and row[first - 1].tag not in _BREAKS:
        first -= 1
    while after < len(row) and row[after].tag not in _BREAKS:
        after += 1
    return any(value_of(unit, unit.tag) == "past" for unit in row[first:after] if unit.of("finished", "started"))


def _is_over(unit: Unit, clause: Sequence[Unit]) -> bool:
    """'phường gửi qua trục sáng nay' tells what was done, where nothing promises it."""
    sent = any(other.tag in {"sent", "was_sent"} for other in clause)
    return unit.of("morning") and sent and not any(other.of(*_YET_TO_COME) for other in clause)


def _ends_here(row: Sequence[Unit], at: int) -> bool:
    """'có mẫu không ạ': a denial at the very end asks."""
    place = at + 1
    while place < len(row) and row[place].tag in _SOFT:
        place += 1
    return place >= len(row) or row[place].tag in _BREAKS


def _where(row: Sequence[Unit], at: int, *, denied: bool) -> tuple[str, ...]:
    """'đâu' asks for a place; after a denial it only stresses it ('chưa xong đâu'); 'dau thang 1' is 'đầu tháng 1'."""
    if row[at].of("start_of") and at + 1 < len(row) and row[at + 1].of("month_word", "week_word", "coming", "this"):
        return ("start_of",)
    return ("courtesy",) if denied else ("what",)
