"""Tasks named by words of their titles; numbers and resolutions are told elsewhere."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.reading.letters import bare, toneless
from bot.reading.meaning import OpenTask
from bot.reading.mentions import Mention, mention_unit
from bot.reading.rawkeys import telex, vni
from bot.reading.units import Unit

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
    "system_word",
    "answer",
    "month_word",
    "quarter_word",
    "year_word",
)
#: words that stand in too many titles to name one against the task whose reminder was answered
GENERIC = frozenset(
    {
        "ke hoach",
        "bao cao",
        "van ban",
        "quyet dinh",
        "ho so",
        "danh sach",
        "thuc hien",
        "nghi quyet",
        "to trinh",
        "so lieu",
    }
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
_OPENING = ("pause", "stop", "line", "rest", "but", "and", "yes", "courtesy", "dash", "hail", "person", "opening")
#: what is asked or handed over, right before its name
_ASKED = ("delay", "pass_on")
_ARTICLES = ("unit_noun", "noun")
_TELLING = ("unknown", "resource", "outside_system", "noun", "working", "small_step")
_TELLING_LETTERS = 4
_LONGEST_SYLLABLE = 7
#: So many letters of a Russian word stay when its ending changes.
_STEM = 5
_BODIES = frozenset({"inside", "outside", "outside_system", "person"})


def titled(row: Sequence[Unit], tasks: Sequence[OpenTask]) -> list[Unit]:
    """Runs of words that stand together in a title name that task."""
    whole: list[Unit] = []
    at = 0
    while at < len(row):
        called = bool(whole) and whole[-1].of("task_word")  # "việc tham mưu": whatever stands there is a name
        mention, after = _title_run(row, at, tasks, called=called)
        if mention and not (whole and whole[-1].of("citing")):
            whole.append(mention_unit(mention, row, at, after))
            at = after
        else:
            whole.append(row[at])
            at += 1
    return whole


Named = tuple[Mention | None, int]


def _title_run(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask], *, called: bool) -> Named:
    """The longest run of name-like words that all stand in some task's title."""
    said: list[tuple[str, ...]] = []
    telling = at == 0 or not row[at - 1].of(*_ADDRESSING)
    best: tuple[tuple[int, ...], int, str] | None = None
    for place in range(at, min(at + 8, len(row))):
        if not row[place].of(*_NAMES) and not (called and place == at):
            break
        if place == at and row[place].of("month_word", "year_word", "quarter_word"):
            break
        if place == at and row[place].of("number") and not str(row[place].value).startswith("20"):
            break
        said.append(tuple(_spelled(row[place], tasks).split()))
        telling = telling or row[place].tag not in _BODIES
        fitting = tuple(task.id for task in tasks if _stand_in(said, _title(task.title)))
        if not fitting:
            break
        if (
            telling
            and sum(map(len, said)) >= 2
            and not row[place].of("number_word", "month_word", "quarter_word", "year_word")
        ):
            best = fitting, place + 1, " ".join(word for words in said for word in words)
    if not best:
        return _telling_word(row, at, tasks)
    fitting, after, name = best
    return Mention(fitting, weak=name in GENERIC), after


def _spelled(unit: Unit, tasks: Sequence[OpenTask]) -> str:
    """Its words without marks; one that no list knows, with its Telex or VNI keys typed out where a title has it so."""
    word = unit.spelled or bare(unit.text.lower())
    if unit.tag != "unknown" or any(word in _title(task.title) for task in tasks):
        return word
    typed = unit.text.lower()
    meant = [bare(toneless(key)) for key in (telex(typed), vni(typed)) if key]
    return next((one for one in meant if any(one in _title(task.title) for task in tasks)), word)


def _telling_word(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask]) -> Named:
    """'wifi thì chưa, VNeID xong': a word that opens a clause and stands in the title of one task alone."""
    unit = row[at]
    place = at - 1
    while place >= 0 and row[place].of(*_ARTICLES):
        place -= 1
    word = _spelled(unit, tasks)
    # Words that change their endings, and English ones, tell wherever they stand: they mean one thing.
    opens = place < 0 or row[place].of(*_OPENING, *_ASKED) or (" " not in word and not _is_syllable(word))
    if len(tasks) < 2 or not opens or not unit.of(*_TELLING) or len(unit.text) < _TELLING_LETTERS:
        return None, at
    words = tuple(word.split())
    fitting = tuple(task.id for task in tasks if _stand_in([words], _title(task.title)) or _inflected(word, task.title))
    return (Mention(fitting, weak=True), at + 1) if len(fitting) == 1 else (None, at)


def _is_syllable(word: str) -> bool:
    """Whether it may be a Vietnamese syllable, which means little alone."""
    return word.isascii() and len(word) < _LONGEST_SYLLABLE


def _inflected(word: str, title: str) -> bool:
    """'по туризму', 'бюджета': the same word of a title with another ending."""
    if word.isascii() or len(word) < _STEM + 1:
        return False
    return any(len(other) > _STEM and other[:_STEM] == word[:_STEM] for other in _title(title))


def _stand_in(said: Sequence[tuple[str, ...]], title: Sequence[str]) -> bool:
    """Each unit stands in the title as it was said, in whatever order and with whatever between them."""
    return all(any(title[at : at + len(words)] == words for at in range(len(title) - len(words) + 1)) for words in said)


@lru_cache(maxsize=1024)
def _title(title: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", bare(title.lower())))
