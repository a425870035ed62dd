"""Which open task a word names: its number in the list, its resolution, all of them, or words of its title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.reading.letters import bare
from bot.reading.meaning import OpenTask
from bot.reading.numbers import value_of
from bot.reading.units import Unit

_JOINS = ("pause", "and")
_STARTS = ("line", "pause", "stop", "rest", "and", "but", "then", "dash", "already", "finished", "courtesy", "amount", "yes")
#: what keeps a number from being a name: it belongs to the word before it
_BOUND = ("about", "just", "until", "number_word", "day_word", "month_word", "year_word", "paper", "below", "from", "more", "quarter_word", "near", "noun", "unit_noun", "unknown", "name", "resource", "week_word")
_LINKS = ("colon", "dash", "stop", "bracket", "slash", "then", "courtesy", "yes", "person", "surely")
_STATES = (
    "finished", "sent", "established", "signed", "submitted", "small_step", "working", "in_hand", "started", "nothing_done",
    "not_yet", "not", "have_not", "lack", "ongoing", "near", "just", "did", "already", "amount", "obstacle", "waiting", "ask",
    "delay", "more", "rest", "will", "draft", "partly", "doubt", "fault", "cannot", "late", "returned", "day_ahead", "tick",
)  # fmt: skip
_NAMES = ("noun", "unit_noun", "paper", "unknown", "resource", "step", "inside", "outside", "outside_system", "number", "money", "draft", "contact_person", "system_word", "answer", "month_word", "quarter_word", "year_word")
_SPENT = ("unit_noun", "percent_word", "day_word", "week_word", "month_word", "hour_word", "out_of", "money", "working_day_word", "ten_word")
#: words that stand in too many titles to name one against the task whose reminder was answered
GENERIC = frozenset({"ke hoach", "bao cao", "van ban", "quyet dinh", "ho so", "danh sach", "thuc hien", "nghi quyet", "to trinh", "so lieu"})


@dataclass(frozen=True, slots=True)
class Mention:
    """The tasks a word may name; `together` where it names all of them, else it names one of them."""

    tasks: tuple[int, ...]
    together: bool = False
    fits: bool = True
    weak: bool = False  # words that stand in many a title
    default: bool = False  # "việc này": the task answered, or the only one
    name: str = ""  # the resolution's number, where that names it


def mentioned(row: Sequence[Unit], tasks: Sequence[OpenTask]) -> list[Unit]:
    whole: list[Unit] = []
    row = _titled(row, tasks)
    at = 0
    while at < len(row):
        mention, after = _named(row, at, tasks, whole)
        if mention:
            if whole and whole[-1].tag == "rest":  # "57 xong còn 59 vướng": as for 59
                whole[-1] = replace(whole[-1], tags=("but",))
            whole.append(_unit(mention, row, at, after))
            at = after
        else:
            whole.append(row[at])
            at += 1
    return whole


def _unit(mention: Mention, row: Sequence[Unit], at: int, after: int) -> Unit:
    text = " ".join(unit.text for unit in row[at:after])
    return Unit(("mention",), mention, text, row[at].start, row[after - 1].end)


def resolutions_of(task: OpenTask) -> set[int]:
    return {int(number) for number in re.findall(r"(?<![\d/])0*(\d{1,4})\s*[-/]", (task.resolution or "") + " ")} | {
        int(number) for number in re.findall(r"^\s*0*(\d{1,4})\s*$", task.resolution or "")
    }


def _named(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask], before: Sequence[Unit]) -> tuple[Mention | None, int]:
    unit = row[at]
    if unit.tag == "resolution":
        return _resolution(int(str(unit.value)), tasks), at + 1
    if unit.of("task_word", "hash") and (number := _number(row, at + 1)) is not None:
        if not (at + 2 < len(row) and row[at + 2].of("percent_word", "day_word")):
            return _place(number, tasks), at + 2
    if unit.of("ordinal_task") and not any(other.of("partly") for other in row) and not (at + 1 < len(row) and row[at + 1].of("step", "draft", "week_word")):
        return _place(int(value_of(unit, "ordinal_task")), tasks), at + 1
    if unit.tag == "this_task":
        return Mention((), default=True), at + 1
    if unit.of("all_tasks", "all_of"):
        return _all(row, at, tasks)
    if (number := _number(row, at)) is not None:
        if at + 1 < len(row) and row[at + 1].of("task_word") and not (at + 2 < len(row) and _number(row, at + 2)):
            return _counted_tasks(number, tasks), at + 2
        if _listed(row, at, before):
            return _bare(number, tasks), at + 1 + _dot(row, at + 1, before)
    return None, at


def _number(row: Sequence[Unit], at: int) -> int | None:
    if at < len(row) and row[at].tag == "number" and str(row[at].value).isdigit() and len(str(row[at].value)) <= 4:
        return int(str(row[at].value))
    return None


def _dot(row: Sequence[Unit], at: int, before: Sequence[Unit]) -> int:
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
    while place < len(row) and (_number(row, place) is not None or row[place].tag in _JOINS) and not row[place].of(*_STATES):
        place += 1
    follows = place < len(row) and row[place].of(*_STATES)
    starts = not before or before[-1].of(*_STARTS)
    return follows or (starts and place > at + 1 and row[place - 1].tag != "pause")


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


def _all(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask]) -> tuple[Mention | None, int]:
    """'cả 3 việc', 'tất cả', 'both': every open task, where the count is the list's."""
    every = Mention(tuple(task.id for task in tasks), together=True)
    count = _number(row, at + 1)
    named = value_of(row[at], "all_of")
    if named.isdigit():
        if count is not None:
            return None, at  # "both 1 and 2"
        after = at + 2 if at + 1 < len(row) and row[at + 1].of("task_word") else at + 1
        return _counted_tasks(int(named), tasks), after
    if count is not None and at + 2 < len(row) and row[at + 2].of("resolution_word"):
        serving = tuple(task.id for task in tasks if len(resolutions_of(task)) == count)
        return (Mention(serving) if len(serving) == 1 else _counted_tasks(count, tasks)), at + 3
    if count is not None and not (at + 2 < len(row) and row[at + 2].of("unit_noun", "day_word")):
        after = at + 3 if at + 2 < len(row) and row[at + 2].of("task_word") else at + 2
        return _counted_tasks(count, tasks), after
    if not row[at].of("all_tasks"):
        return None, at
    after = at + 2 if at + 1 < len(row) and row[at + 1].of("task_word") else at + 1
    if after < len(row) and row[after].tag in {"noun", "unit_noun", "unknown", "paper", "resource", "step"}:
        return None, at
    return every, after


def _titled(row: Sequence[Unit], tasks: Sequence[OpenTask]) -> list[Unit]:
    """Runs of words that stand together in a title name that task."""
    whole: list[Unit] = []
    at = 0
    while at < len(row):
        called = bool(whole) and whole[-1].of("task_word")  # "việc tham mưu": whatever stands there is a name
        mention, after = _title_run(row, at, tasks, called=called)
        if mention and not (whole and whole[-1].of("citing")):
            whole.append(_unit(mention, row, at, after))
            at = after
        else:
            whole.append(row[at])
            at += 1
    return whole


def _title_run(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask], *, called: bool) -> tuple[Mention | None, int]:
    """The longest run of name-like words that all stand in some task's title."""
    said: list[tuple[str, ...]] = []
    best: tuple[tuple[int, ...], int, str] | None = None
    for place in range(at, min(at + 8, len(row))):
        if not row[place].of(*_NAMES) and not (called and place == at):
            break
        if place == at and row[place].of("month_word", "year_word", "quarter_word"):
            break
        if place == at and row[place].of("number") and not str(row[place].value).startswith("20"):
            break
        said.append(tuple(bare(row[place].text.lower()).split()))
        fitting = tuple(task.id for task in tasks if _stand_in(said, _title(task.title)))
        if not fitting:
            break
        if sum(map(len, said)) >= 2 and not row[place].of("number_word", "month_word", "quarter_word", "year_word"):
            best = fitting, place + 1, " ".join(word for words in said for word in words)
    if not best:
        return None, at
    fitting, after, name = best
    return Mention(fitting, weak=name in GENERIC), after


def _stand_in(said: Sequence[tuple[str, ...]], title: Sequence[str]) -> bool:
    """Each unit stands in the title as it was said, in whatever order and with whatever between them."""
    return all(
        any(title[at : at + len(words)] == words for at in range(len(title) - len(words) + 1)) for words in said
    )


@lru_cache(maxsize=1024)
def _title(title: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", bare(title.lower())))
