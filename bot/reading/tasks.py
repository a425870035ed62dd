"""Which open task a word names: its number in the list, its resolution, all of them, or words of its title."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.reading.meaning import OpenTask
from bot.reading.mentions import Mention, mention_unit
from bot.reading.numbers import value_of
from bot.reading.titles import titled
from bot.reading.units import Unit

_THINGS = frozenset({"noun", "unit_noun", "unknown", "paper", "resource", "step"})
_JOINS = ("pause", "and")
_STARTS = (
    "line",
    "pause",
    "stop",
    "rest",
    "and",
    "but",
    "then",
    "dash",
    "already",
    "finished",
    "courtesy",
    "amount",
    "yes",
)
#: what keeps a number from being a name: it belongs to the word before it
_BOUND = (
    "about",
    "just",
    "until",
    "number_word",
    "day_word",
    "month_word",
    "year_word",
    "paper",
    "below",
    "from",
    "more",
    "quarter_word",
    "near",
    "noun",
    "unit_noun",
    "unknown",
    "name",
    "resource",
    "week_word",
    "step",
    "draft",
)
_LINKS = ("colon", "dash", "stop", "bracket", "slash", "then", "courtesy", "yes", "person", "surely", "ack")
_STATES = (
    "finished",
    "sent",
    "established",
    "signed",
    "submitted",
    "small_step",
    "working",
    "in_hand",
    "started",
    "nothing_done",
    "not_yet",
    "not",
    "have_not",
    "lack",
    "ongoing",
    "near",
    "just",
    "did",
    "already",
    "amount",
    "obstacle",
    "waiting",
    "ask",
    "delay",
    "more",
    "rest",
    "will",
    "draft",
    "partly",
    "doubt",
    "fault",
    "cannot",
    "late",
    "returned",
    "day_ahead",
    "tick",
)
_SPENT = (
    "unit_noun",
    "percent_word",
    "day_word",
    "week_word",
    "month_word",
    "hour_word",
    "out_of",
    "money",
    "working_day_word",
    "ten_word",
)


def mentioned(row: Sequence[Unit], tasks: Sequence[OpenTask]) -> list[Unit]:
    whole: list[Unit] = []
    row = titled(row, tasks)
    at = 0
    while at < len(row):
        titled_so = row[at].value
        mention, after = (titled_so, at + 1) if isinstance(titled_so, Mention) else _named(row, at, tasks, whole)
        if mention:
            if whole and whole[-1].tag == "except":
                mention = Mention((), fits=False)  # "all but 2": which ones, is asked
            if whole and whole[-1].tag == "rest":  # "57 xong còn 59 vướng": as for 59
                whole[-1] = replace(whole[-1], tags=("but",))
            whole.append(mention_unit(mention, row, at, after))
            at = after
        else:
            whole.append(row[at])
            at += 1
    return whole


def resolutions_of(task: OpenTask) -> set[int]:
    return {int(number) for number in re.findall(r"(?<![\d/])0*(\d{1,4})\s*[-/]", (task.resolution or "") + " ")} | {
        int(number) for number in re.findall(r"^\s*0*(\d{1,4})\s*$", task.resolution or "")
    }


Named = tuple[Mention | None, int]


def _named(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask], before: Sequence[Unit]) -> Named:
    mention, after = _by_word(row, at, tasks)
    if mention is None and (number := _number(row, at)) is not None:
        if _is(row, at + 1, "task_word") and _number(row, at + 2) is None:
            return _counted_tasks(number, tasks), at + 2
        if _listed(row, at, before) or _prolonged(row, at, before, number, tasks):
            return _bare(number, tasks), at + 1 + _dot(row, at + 1)
    return mention, after


def _by_word(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask]) -> Named:
    """'việc 2', 'NQ57', 'the second', 'việc này', 'tất cả'."""
    unit = row[at]
    mention: Mention | None = None
    after = at + 1
    number = _number(row, at + 1)
    if unit.tag == "resolution":
        mention = _resolution(int(str(unit.value)), tasks)
    elif unit.of("task_word") and number is not None and _is_range(row, at + 2, tasks):
        mention, after = Mention((), fits=False), at + 4  # "việc 1 đến 3": three tasks, or the first till the third day
    elif number is not None and _numbers_a_task(row, at, number, len(tasks)):
        mention, after = _place(number, tasks), at + 2
    elif unit.of("ordinal_task") and not _is_ordinal_of_a_part(row, at):
        mention = _place(int(value_of(unit, "ordinal_task")), tasks)
    elif unit.tag == "other_task":
        mention = Mention((), fits=False)
    elif unit.tag == "this_task":
        mention = Mention((), default=True)
    elif unit.of("all_tasks", "all_of"):
        mention, after = _all(row, at, tasks)
    return mention, after


def _numbers_a_task(row: Sequence[Unit], at: int, number: int, most: int) -> bool:
    """'việc 2', '#2'; 'số 2: 35%, số 1 với số 3 hoàn thành' where no paper is being numbered."""
    if row[at].of("task_word", "hash"):
        return not _is(row, at + 2, "percent_word", "day_word")
    opens = at == 0 or row[at - 1].of("pause", "line", "stop", "and")
    follows = _is(row, at + 2, "colon", "and", "finished", "amount", "not_yet")
    return row[at].tag == "number_word" and 1 < most >= number and opens and follows


def _is_ordinal_of_a_part(row: Sequence[Unit], at: int) -> bool:
    return _is(row, at + 1, "step", "draft", "week_word") or any(unit.of("partly") for unit in row)


def _is_range(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask]) -> bool:
    return _is(row, at, "until") and at + 1 < len(row) and row[at + 1].text in {str(n + 1) for n in range(len(tasks))}


def _is(row: Sequence[Unit], at: int, *tags: str) -> bool:
    return 0 <= at < len(row) and row[at].of(*tags)


def _number(row: Sequence[Unit], at: int) -> int | None:
    if at < len(row) and row[at].tag == "number" and str(row[at].value).isdigit() and len(str(row[at].value)) <= 4:
        return int(str(row[at].value))
    return None


def _dot(row: Sequence[Unit], at: int) -> int:
    """'2. xong', '2: xong', '2) xong', '2- xong': the mark belongs to the number."""
    return 1 if at + 1 < len(row) and row[at].tag in {"stop", "colon", "bracket", "dash"} else 0


def _listed(row: Sequence[Unit], at: int, before: Sequence[Unit]) -> bool:
    """A bare number names a task at the start of a statement or in a list of them, not where it counts something."""
    if at + 1 < len(row) and row[at + 1].of(*_SPENT):
        return False
    if before and before[-1].tag == "mention":
        return True
    if len(before) > 1 and before[-1].tag in _JOINS and before[-2].tag == "mention":
        return True
    if before and before[-1].of(*_BOUND):
        return False
    place = at + 1
    while place < len(row) and row[place].of(*_LINKS) and not row[place].of(*_STATES):
        place += 1
    while (
        place < len(row)
        and (_number(row, place) is not None or row[place].tag in _JOINS)
        and not row[place].of(*_STATES)
    ):
        place += 1
    follows = place < len(row) and row[place].of(*_STATES)
    starts = not before or before[-1].of(*_STARTS)
    return follows or (starts and place > at + 1 and row[place - 1].tag != "pause")


def _prolonged(row: Sequence[Unit], at: int, before: Sequence[Unit], number: int, tasks: Sequence[OpenTask]) -> bool:
    """'xin gia hạn 66 tới 20/10': an open task's resolution right behind the request."""
    counts = at + 1 < len(row) and row[at + 1].of(*_SPENT)
    return bool(before) and before[-1].of("delay") and not counts and _resolution(number, tasks).fits


def _place(number: int, tasks: Sequence[OpenTask]) -> Mention:
    """'việc 2': its place in the list; where there is no such place, perhaps a resolution's number."""
    if 1 <= number <= len(tasks):
        return Mention((tasks[number - 1].id,))
    return _resolution(number, tasks)


def _resolution(number: int, tasks: Sequence[OpenTask]) -> Mention:
    found = tuple(task.id for task in tasks if number in resolutions_of(task))
    return Mention(found, fits=bool(found), name=str(number))


def _bare(number: int, tasks: Sequence[OpenTask]) -> Mention:
    by_resolution = _resolution(number, tasks)
    if not 1 <= number <= len(tasks):
        return by_resolution
    place = Mention((tasks[number - 1].id,))
    if by_resolution.fits and by_resolution.tasks != place.tasks:
        return Mention((), fits=False)
    return place


def _counted_tasks(count: int, tasks: Sequence[OpenTask]) -> Mention:
    """'xong 3 việc': all of them where there are three."""
    if count == len(tasks):
        return Mention(tuple(task.id for task in tasks), together=True)
    return Mention((), fits=False)


def _all(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask]) -> Named:
    """'cả 3 việc', 'tất cả', 'both': every open task, where the count is the list's."""
    count = _number(row, at + 1)
    named = value_of(row[at], "all_of")
    if named.isdigit():  # "both", but not in "both 1 and 2"
        return (_counted_tasks(int(named), tasks), _past_word(row, at + 1)) if count is None else (None, at)
    if count is not None and _is(row, at + 2, "resolution_word"):
        serving = tuple(task.id for task in tasks if len(resolutions_of(task)) == count)
        return (Mention(serving) if len(serving) == 1 else _counted_tasks(count, tasks)), at + 3
    if count is not None and not _is(row, at + 2, "unit_noun", "day_word"):
        return _counted_tasks(count, tasks), _past_word(row, at + 2)
    after = _past_word(row, at + 1)
    of_something = after < len(row) and row[after].tag in _THINGS
    if not row[at].of("all_tasks") or of_something:
        return None, at
    return Mention(tuple(task.id for task in tasks), together=True), after


def _past_word(row: Sequence[Unit], at: int) -> int:
    return at + 1 if _is(row, at, "task_word") else at
