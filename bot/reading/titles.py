"""Tasks named by words of their titles; numbers and resolutions are told elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.reading.letters import SYLLABLE, bare, key, toneless
from bot.reading.meaning import OpenTask
from bot.reading.mentions import Mention, mention_unit
from bot.reading.numbers import value_of
from bot.reading.rawkeys import telex, vni
from bot.reading.title_words import title_words
from bot.reading.units import TURNS, Unit, is_at

_NAMES = (
    "noun",
    "unit_noun",
    "paper",
    "unknown",
    "resource",
    "step",
    "inside",
    "outside",
    "outside_system",
    "number",
    "money",
    "draft",
    "contact_person",
    "answer",
    "month_word",
    "quarter_word",
    "year_word",
)
#: who is written to or waited for names no task, though a title may hold the word: "đã gửi UBND tỉnh"
_ADDRESSING = (
    "sent",
    "was_sent",
    "submitted",
    "handed_up",
    "until",
    "waiting",
    "noun",
    "of_word",
    "ask",
    "citing",
    "did",
    "draft",
    "paper",
)
#: where a clause begins, and what may stand between that and a name
_OPENING = (*TURNS, "rest", "and", "yes", "courtesy", "hail", "person", "opening")
#: what is asked or handed over, right before its name
_ASKED = ("delay", "pass_on")
_ARTICLES = ("unit_noun", "noun")
_TELLING = ("unknown", "resource", "outside_system", "noun", "working", "small_step")
_TELLING_LETTERS = 4
#: what is said right behind a name that would mean something else alone
_TOLD_OF = ("finished", "then", "colon", "amount", "not_yet", "did", "in_hand", "ongoing", "just")
#: So many letters of a Russian word stay when its ending changes.
_STEM = 5
#: end no name, but where they tell which: "báo cáo quý"
_PARTS_OF_A_YEAR = ("number_word", "month_word", "quarter_word", "year_word")
#: marks of a text that stand in no title
_BREAKS = ("pause", "stop", "line", "ask_mark", "dash", "colon", "bracket", "mention")
_BODIES = frozenset({"inside", "outside", "outside_system", "person"})


def titled(row: Sequence[Unit], tasks: Sequence[OpenTask]) -> list[Unit]:
    """Runs of words that stand together in a title name that task."""
    whole: list[Unit] = []
    at = 0
    while at < len(row):
        called = bool(whole) and whole[-1].of("task_word")  # "việc tham mưu": whatever stands there is a name
        mention, after = _title_run(row, at, tasks, called=called)
        if mention and not (whole and whole[-1].of("citing", "enclosing")):
            start = at
            said = " ".join(_spelled(unit, tasks) for unit in row[at:after])
            if (
                whole
                and whole[-1].of("number", "several", "all_of")
                and (several := _several(mention, whole[-1], tasks, said))
            ):
                mention, start = several, at - 1
                whole.pop()
            whole.append(mention_unit(mention, row, start, after))
            at = after
        else:
            whole.append(row[at])
            at += 1
    return whole


def _several(mention: Mention, count: Unit, tasks: Sequence[OpenTask], said: str) -> Mention | None:
    """'hai kế hoạch xong', 'các báo cáo đang làm': all that are called so, where there are so many."""
    begins = tuple(task.id for task in tasks if task.id in mention.tasks and _begins(said, task.title))
    said_count = value_of(count, "all_of") if count.of("all_of") else str(count.value)
    for found in (mention.tasks, begins):
        if len(found) > 1 and (count.of("several") or said_count == str(len(found))):
            return replace(mention, tasks=found, together=True)
    return None


def _begins(said: str, title: str) -> bool:
    return " ".join(_title(title)).startswith(said)


Named = tuple[Mention | None, int]


def _title_run(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask], *, called: bool) -> Named:
    """The longest run of name-like words that all stand in some task's title."""
    said: list[tuple[str, ...]] = []
    telling = at == 0 or not row[at - 1].of(*_ADDRESSING) or value_of(row[at - 1], "paper") == "QĐ"
    telling = telling or is_at(row, at - 2, "established")  # "chưa thành lập được ban chỉ đạo"
    best: tuple[tuple[int, ...], int, str] | None = None
    for place in range(at, min(at + 8, len(row))):
        if not row[place].of(*_NAMES) and not (called and place == at) and not _runs_on(row, at, place, tasks):
            break
        if place == at and row[place].of("month_word", "year_word", "quarter_word"):
            break
        if place == at and row[place].of("number") and not str(row[place].value).startswith("20"):
            break
        said.append(tuple(_spelled(row[place], tasks).split()))
        telling = telling or row[place].tag not in _BODIES | {"several"}
        fitting = tuple(task.id for task in tasks if _stand_in(said, _title(task.title)))
        if not fitting:
            break
        if (
            telling
            and sum(map(len, said)) >= 2
            and (not row[place].of(*_PARTS_OF_A_YEAR) or (best is not None and len(fitting) < len(best[0])))
        ):
            best = fitting, place + 1, " ".join(word for words in said for word in words)
    if not best:
        return _telling_word(row, at, tasks, called=called)
    fitting, after, name = best
    generic = name in title_words().generic
    if name in title_words().empty or (generic and at and _is_fraction(row[at - 1])):
        return None, at  # "45/60 văn bản"
    if len(fitting) > 1 and row[at].of("paper"):
        begins = tuple(task.id for task in tasks if task.id in fitting and _begins(name, task.title))
        fitting = begins if len(begins) == 1 else fitting  # "báo cáo": the one that is a report
    return Mention(fitting, weak=generic), after


def _is_fraction(unit: Unit) -> bool:
    return unit.tag == "amount" and "/" in unit.text


def _runs_on(row: Sequence[Unit], at: int, place: int, tasks: Sequence[OpenTask]) -> bool:
    """'tai lieu gioi thieu tinh': no 'thiếu', where a title has these very words one after the other."""
    if place == at or row[place].tag in _BREAKS:
        return False
    said = " ".join(_spelled(unit, tasks) for unit in row[at : place + 1])
    opens = at == 0 or row[at - 1].of(*_OPENING)
    enough = said.count(" ") >= (1 if opens else 2)  # "nhà tạm thì tắc" is no doubt
    return enough and any(f" {said} " in f" {' '.join(_title(task.title))} " for task in tasks)


def _spelled(unit: Unit, tasks: Sequence[OpenTask]) -> str:
    """Its words without marks; one that no list knows, with its Telex or VNI keys typed out where a title has it so."""
    word = unit.spelled or bare(unit.text.lower())
    if unit.tag == "paper" and not any(_stand_in([tuple(word.split())], _title(task.title)) for task in tasks):
        return title_words().papers.get(value_of(unit, "paper"), word)  # "the plan" of a list in Vietnamese
    if unit.tag != "unknown" or any(word in _title(task.title) for task in tasks):
        return word
    typed = unit.text.lower()
    meant = [bare(toneless(key)) for key in (telex(typed), vni(typed)) if key]
    return next((one for one in meant if any(one in _title(task.title) for task in tasks)), word)


def _telling_word(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask], *, called: bool) -> Named:
    """'wifi thì chưa, VNeID xong': a word that opens a clause and stands in the title of one task alone."""
    unit = row[at]
    place = at - 1
    while place >= 0 and row[place].of(*_ARTICLES):
        place -= 1
    word = _spelled(unit, tasks)
    # Words that change their endings, and English ones, tell wherever they stand: they mean one thing.
    opens = place < 0 or row[place].of(*_OPENING, *_ASKED) or (" " not in word and not _is_syllable(word))
    lacked = place >= 0 and row[place].of("have_no", "lack", "have_not", "waiting")
    rare = not _is_syllable(word) and unit.tag == "unknown"  # "IUU xong"
    letters = _TELLING_LETTERS - (called or rare or is_at(row, at + 1, "then"))  # "rác thì xong", "việc rác"
    tells = _tells(unit, word) or (unit.of("obstacle", "fault") and is_at(row, at + 1, *_TOLD_OF))  # "sạt lở xong rồi"
    if len(tasks) < 2 or not (opens or called) or lacked or not tells or len(unit.text) < letters:
        return None, at
    words = tuple(word.split())
    fitting = tuple(
        task.id
        for task in tasks
        if _stand_in([words], _title(task.title)) or _inflected(word, task.title) or _initials(word, task.title)
    )
    if len(fitting) != 1 or not _is_marked_so(unit, next(task.title for task in tasks if task.id in fitting)):
        return None, at
    return Mention(fitting, weak=True), at + 1


def _is_marked_so(unit: Unit, title: str) -> bool:
    """'phần' is not the 'Phân' of a title, 'phan' may be."""
    typed = unit.text.lower()
    if typed.isascii() or " " in typed:
        return True
    alike = [word for word in re.findall(r"\w+", title.lower()) if bare(word) == bare(typed)]
    return not alike or any(word.isascii() or key(word) == key(typed) for word in alike)


def _tells(unit: Unit, word: str) -> bool:
    if unit.of("partly", "out_of", "step"):
        return False  # "phần 2 xong": a part of something, no "phần mềm"
    return unit.of(*_TELLING) or (unit.of("unit_noun") and not _is_syllable(word))  # "camera 30%"


def _is_syllable(word: str) -> bool:
    """Whether it may be a Vietnamese syllable, which means little alone."""
    return word.isascii() and SYLLABLE.fullmatch(word) is not None


def _inflected(word: str, title: str) -> bool:
    """'по туризму', 'бюджета', 'cameras': the same word of a title with another ending."""
    if word.isascii():
        return word.endswith("s") and len(word) > _STEM and not _is_syllable(word[:-1]) and word[:-1] in _title(title)
    if len(word) < _STEM + 1:
        return False
    return any(len(other) > _STEM and other[:_STEM] == word[:_STEM] for other in _title(title))


def _initials(word: str, title: str) -> bool:
    """'bhyt' for a title with 'bảo hiểm y tế'."""
    short = word.isascii() and word.isalpha() and len(word) >= _TELLING_LETTERS and not _is_syllable(word)
    return short and word in "".join(part[0] for part in _title(title))


def _stand_in(said: Sequence[tuple[str, ...]], title: Sequence[str]) -> bool:
    """Each unit stands in the title as it was said, in whatever order and with whatever between them."""
    return all(any(title[at : at + len(words)] == words for at in range(len(title) - len(words) + 1)) for words in said)


@lru_cache(maxsize=1024)
def _title(title: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", bare(title.lower())))
