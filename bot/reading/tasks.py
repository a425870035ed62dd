"""Which open task a word names: its number in the list, its resolution, all of them, or words of its title."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.reading.bare_numbers import SPENT, names_a_task
from bot.reading.meaning import OpenTask
from bot.reading.mentions import Mention, mention_unit
from bot.reading.numbered_tasks import at_place, by_number, of_resolution, resolutions_of
from bot.reading.numbers import value_of
from bot.reading.other_names import are_named, left_to_others, settled_by_others
from bot.reading.titles import titled
from bot.reading.units import Unit, is_at, number_at

#: what may be said of 'số 2' or 'mục 4' right behind it, where that is a task
_TOLD = ("colon", "and", "finished", "amount", "not_yet", "did", "in_hand", "ongoing", "obstacle", "person", "sent")
#: without one of these a unit names nothing
_NAMING = frozenset(
    {"task_word", "hash", "number_word", "item_word", "number", "resolution", "this_task", "other_task", "other_things"}
    | {"all_tasks", "all_of", "first_of", "ordinal_task", "ordinal_alone", "left_over", "mention"}
)
_THINGS = frozenset({"several", "inside", "noun", "unit_noun", "unknown", "paper", "resource", "step"})

#: what a number before it counts, so that it counts no tasks
_COUNTED = (*SPENT, "step", "unknown", "paper", "draft", "resource")


def mentioned(row: Sequence[Unit], tasks: Sequence[OpenTask]) -> list[Unit]:
    whole: list[Unit] = []
    row = titled(row, tasks)
    at = 0
    while at < len(row):
        if _NAMING.isdisjoint(row[at].tags):
            whole.append(row[at])
            at += 1
            continue
        titled_so = row[at].value
        mention, after = (titled_so, at + 1) if isinstance(titled_so, Mention) else _named(row, at, tasks, whole)
        if mention and row[at].of("all_of") and not mention.fits and are_named(row[at], whole):
            mention = None  # "1 and 2: can we move both": those just named
        if mention is None and (left := left_to_others(row, at, whole, len(tasks))):
            mention, after = left, at + 1
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
    return settled_by_others(whole, tasks)


Named = tuple[Mention | None, int]


def _named(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask], before: Sequence[Unit]) -> Named:
    mention, after = _by_word(row, at, tasks)
    number = number_at(row, at)
    if mention is not None or number is None:
        return mention, after
    counted, beyond = _counting(row, at, number, tasks)
    if counted is not None:
        return counted, beyond
    if names_a_task(row, at, before, number, tasks):
        return by_number(number, tasks), at + 1 + _dot(row, at + 1)
    return None, at


def _counting(row: Sequence[Unit], at: int, number: int, tasks: Sequence[OpenTask]) -> Named:
    """'hai cái 57', '4 nghị quyết', '2 cái đầu', 'hai việc kia', '3 việc': a number that says how many."""
    mention, after = None, at + 2
    if is_at(row, at + 1, "unit_noun", "task_word") and is_at(row, at + 2, "resolution", "number"):
        found = of_resolution(int(re.sub(r"\D", "", str(row[at + 2].value)) or 0), tasks)
        if len(found.tasks) == number > 1:
            return replace(found, together=True), at + 3
    if (few := _first_or_last(row, at, number, tasks)) is not None:
        mention, after = few, at + 3
    elif is_at(row, at + 1, "resolution_word"):
        mention = _serving(number, tasks)
    elif is_at(row, at + 1, "other_task", "other_things"):
        mention = Mention((), others=True, count=number, things=row[at + 1].of("other_things"))
    elif is_at(row, at + 1, "task_word") and number_at(row, at + 2) is None and not _heads_or_counts(row, at + 2):
        mention = _counted_tasks(number, tasks)
    return mention, after


def _heads_or_counts(row: Sequence[Unit], at: int) -> bool:
    """'em báo cáo ba việc: 57 …' heads a list; 'còn 2 vụ ấp Hòa Lợi chưa trả lời' counts cases, not tasks."""
    return at < len(row) and row[at].tag in {"colon", "inside", "outside", "unknown"}


def _by_word(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask]) -> Named:
    """'việc 2', 'NQ57', 'the second', 'việc này', 'tất cả'."""
    unit = row[at]
    mention: Mention | None = None
    after = at + 1
    number = number_at(row, at + 1)
    if run := _run(row, at, tasks):
        mention, after = run, at + 2
    elif unit.tag == "resolution":
        mention = of_resolution(int(str(unit.value)), tasks)
    elif unit.of("task_word") and number is not None and (last := _last_of_range(row, at)) is not None:
        mention, after = _span(number, last, tasks), at + 5
    elif unit.of("task_word") and number is not None and _is_range(row, at + 2, tasks):
        mention, after = Mention((), fits=False), at + 4  # "việc 1 đến 3": three tasks, or the first till the third day
    elif number is not None and _numbers_a_task(row, at, number, len(tasks)):
        mention, after = at_place(number, tasks), at + 2
    elif (tag := _ordinal(row, at)) and not _is_ordinal_of_a_part(row, at):
        said = value_of(unit, tag)
        mention = at_place(len(tasks) if said == "last" else int(said), tasks)
    elif unit.tag in {"other_task", "other_things"}:
        count = value_of(unit, unit.tag)
        mention = Mention((), others=True, count=int(count) if count else None, things=unit.tag == "other_things")
    elif unit.tag == "this_task":
        mention = Mention((), default=True)
    elif unit.of("all_tasks", "all_of"):
        mention, after = _all(row, at, tasks)
    return mention, after


def _numbers_a_task(row: Sequence[Unit], at: int, number: int, most: int) -> bool:
    """'việc 2', '#2'; 'số 2: 35%, số 1 với số 3 hoàn thành' where no paper is being numbered."""
    if row[at].of("task_word", "hash"):
        return not is_at(row, at + 2, "percent_word", "day_word")
    opens = at == 0 or row[at - 1].of("pause", "line", "stop", "and")
    follows = is_at(row, at + 2, *_TOLD)
    return row[at].of("number_word", "item_word") and 1 < most >= number and opens and follows


def _ordinal(row: Sequence[Unit], at: int) -> str:
    """'the second task'; 'first done, second in progress' where each opens its clause."""
    if row[at].of("ordinal_task"):
        return "ordinal_task"
    if not row[at].of("ordinal_alone"):
        return ""
    opening = [
        place for place in range(len(row)) if place == 0 or row[place - 1].of("pause", "stop", "line", "and", "but")
    ]
    told = [place for place in opening if row[place].of("ordinal_alone", "ordinal_task")]
    return "ordinal_alone" if at in told and len(told) > 1 else ""


def _is_ordinal_of_a_part(row: Sequence[Unit], at: int) -> bool:
    return is_at(row, at + 1, "step", "draft", "week_word") or any(unit.of("partly") for unit in row)


def _last_of_range(row: Sequence[Unit], at: int) -> int | None:
    """'việc 1 tới việc 3': the word stands before both."""
    both = is_at(row, at + 2, "until", "dash") and is_at(row, at + 3, "task_word")
    return number_at(row, at + 4) if both else None


def _run(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask]) -> Mention | None:
    """'việc 1-3', which alone might be a day in March; 'the first two are done'."""
    if row[at].of("task_word") and at + 1 < len(row):
        ends = re.fullmatch(r"(\d{1,2})\s?[-–]\s?(\d{1,2})", row[at + 1].text)
        return _span(int(ends[1]), int(ends[2]), tasks) if ends else None
    count = number_at(row, at + 1)
    if not row[at].of("first_of") or count is None or not 1 < count <= len(tasks) or is_at(row, at + 2, *_COUNTED):
        return None
    return (
        _span(1, count, tasks)
        if value_of(row[at], "first_of") == "1"
        else _span(len(tasks) - count + 1, len(tasks), tasks)
    )


def _span(first: int, last: int, tasks: Sequence[OpenTask]) -> Mention:
    if not 1 <= first < last <= len(tasks):
        return Mention((), fits=False)
    return Mention(tuple(task.id for task in tasks[first - 1 : last]), together=True)


def _is_range(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask]) -> bool:
    if not is_at(row, at, "until") or at + 1 >= len(row):
        return False
    return row[at + 1].text in {str(n + 1) for n in range(len(tasks))}


def _dot(row: Sequence[Unit], at: int) -> int:
    """'2. xong', '2: xong', '2) xong', '2- xong': the mark belongs to the number."""
    return 1 if at + 1 < len(row) and row[at].tag in {"stop", "colon", "bracket", "dash"} else 0


def _first_or_last(row: Sequence[Unit], at: int, number: int, tasks: Sequence[OpenTask]) -> Mention | None:
    """'2 cái đầu chưa làm', 'hai việc cuối xong'."""
    if not is_at(row, at + 1, "unit_noun", "task_word") or not 0 < number < len(tasks):
        return None
    if not is_at(row, at + 2, "start_of", "end_of") or is_at(row, at + 3, "week_word", "month_word", "quarter_word"):
        return None
    few = tasks[:number] if row[at + 2].of("start_of") else tasks[-number:]
    return Mention(tuple(task.id for task in few), together=True)


def _counted_tasks(count: int, tasks: Sequence[OpenTask]) -> Mention:
    """'xong 3 việc': all of them where there are three."""
    if count == len(tasks):
        return Mention(tuple(task.id for task in tasks), together=True)
    return Mention((), fits=False)


def _all(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask]) -> Named:
    """'cả 3 việc', 'tất cả', 'both': every open task, where the count is the list's."""
    count = number_at(row, at + 1)
    named = value_of(row[at], "all_of")
    if named.isdigit():  # "both", but not in "both 1 and 2"
        return (_counted_tasks(int(named), tasks), _past_word(row, at + 1)) if count is None else (None, at)
    if count is not None and is_at(row, at + 2, "resolution_word"):
        return _serving(count, tasks) or _counted_tasks(count, tasks), at + 3
    itemised = count == len(tasks) and is_at(row, at + 2, "item_word")
    if itemised:
        return _counted_tasks(len(tasks), tasks), at + 3  # "cả 5 mục hoàn tất"
    if count is not None and not is_at(row, at + 2, "unit_noun", "day_word"):
        return _counted_tasks(count, tasks), _past_word(row, at + 2)
    return _uncounted(row, at, tasks)


def _uncounted(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask]) -> Named:
    """'tất cả xong' is all tasks, 'tất cả các ấp xong' is not."""
    after = _past_word(row, at + 1)
    if not row[at].of("all_tasks") or (after < len(row) and row[after].tag in _THINGS):
        return None, at
    if is_at(row, after, "mention"):
        return Mention((), fits=False), after + 1  # where a title speaks of hamlets too
    return Mention(tuple(task.id for task in tasks), together=True), after


def _serving(count: int, tasks: Sequence[OpenTask]) -> Mention | None:
    """'kế hoạch 4 nghị quyết': the one task that so many resolutions ask for."""
    serving = tuple(task.id for task in tasks if len(resolutions_of(task)) == count > 1)
    return Mention(serving) if len(serving) == 1 else None


def _past_word(row: Sequence[Unit], at: int) -> int:
    return at + 1 if is_at(row, at, "task_word") else at
