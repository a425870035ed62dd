"""Tasks named by words of their titles; numbers and resolutions are told elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
#: bodies, and "các", name nothing alone
_WEAK = frozenset({"inside", "outside", "outside_system", "person", "several"})


#: what a name, or a word that tells one task from all others, may begin with
_BEGINNINGS = frozenset({*_NAMES, *_TELLING, "obstacle", "fault"})


@dataclass(frozen=True, slots=True)
class _Title:
    """A title as it is compared: its words without marks, alone and in a row."""

    words: tuple[str, ...]
    whole: str

    def holds(self, words: Sequence[str]) -> bool:
        """Whether these words stand in it one after the other."""
        if len(words) == 1:
            return words[0] in self.words
        return not words or f" {' '.join(words)} " in f" {self.whole} "


@dataclass(frozen=True, slots=True)
class _Titles:
    """The titles of an open list, and every word of them."""

    each: tuple[_Title, ...]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Said:
    """A reply beside the titles of its open list."""

    row: Sequence[Unit]
    tasks: Sequence[OpenTask]
    titles: _Titles
    spelled: Sequence[str]  # each unit as titles are compared

    def holders(self, at: int) -> tuple[int, ...]:
        """The places of the tasks whose titles hold this unit's words."""
        return _holders(self.spelled[at].split(), self.titles)

    def ids(self, places: Sequence[int]) -> tuple[int, ...]:
        return tuple([self.tasks[place].id for place in places])

    def words(self, at: int, after: int) -> str:
        return " ".join(self.spelled[at:after])


def titled(row: Sequence[Unit], tasks: Sequence[OpenTask]) -> list[Unit]:
    """Runs of words that stand together in a title name that task."""
    if not tasks:
        return list(row)
    whole: list[Unit] = []
    said = _said(row, tasks)
    at = 0
    while at < len(row):
        called = bool(whole) and whole[-1].of("task_word")  # "việc tham mưu": whatever stands there is a name
        mention: Mention | None = None
        after = at
        if called or not _BEGINNINGS.isdisjoint(row[at].tags):
            mention, after = _title_run(said, at, called=called)
        if mention and not (whole and whole[-1].of("citing", "enclosing")):
            start = at
            if (
                whole
                and whole[-1].of("number", "several", "all_of")
                and (several := _several(mention, whole[-1], tasks, said.words(at, after)))
            ):
                mention, start = several, at - 1
                whole.pop()
            whole.append(mention_unit(mention, row, start, after))
            at = after
        else:
            whole.append(row[at])
            at += 1
    return whole


def _said(row: Sequence[Unit], tasks: Sequence[OpenTask]) -> _Said:
    titles = _open_titles(tuple([task.title for task in tasks]))
    return _Said(row, tasks, titles, [_spelled(unit, titles) for unit in row])


def _holders(words: Sequence[str], titles: _Titles) -> tuple[int, ...]:
    if not titles.words.issuperset(words):
        return ()
    return tuple([place for place, title in enumerate(titles.each) if title.holds(words)])


def _several(mention: Mention, count: Unit, tasks: Sequence[OpenTask], said: str) -> Mention | None:
    """'hai kế hoạch xong', 'các báo cáo đang làm': all that are called so, where there are so many."""
    begins = tuple(task.id for task in tasks if task.id in mention.tasks and _begins(said, task.title))
    said_count = value_of(count, "all_of") if count.of("all_of") else str(count.value)
    for found in (mention.tasks, begins):
        if len(found) > 1 and (count.of("several") or said_count == str(len(found))):
            return replace(mention, tasks=found, together=True)
    return None


def _begins(said: str, title: str) -> bool:
    return _title(title).whole.startswith(said)


Named = tuple[Mention | None, int]


def _title_run(said: _Said, at: int, *, called: bool) -> Named:
    """The longest run of name-like words that all stand in some task's title."""
    row = said.row
    holders = said.holders(at)
    best = _longest_run(said, at, holders, called=called) if holders else None
    if not best:
        return _telling_word(said, at, holders, called=called)
    places, after = best
    name = " ".join(said.words(at, after).split())
    generic = name in title_words().generic
    if name in title_words().empty or (generic and at and _is_fraction(row[at - 1])):
        return None, at  # "45/60 văn bản"
    if len(places) > 1 and row[at].of("paper"):
        begins = tuple(place for place in places if said.titles.each[place].whole.startswith(name))
        places = begins if len(begins) == 1 else places  # "báo cáo": the one that is a report
    return Mention(said.ids(places), weak=generic), after


def _longest_run(said: _Said, at: int, holders: tuple[int, ...], *, called: bool) -> tuple[tuple[int, ...], int] | None:
    """The places of the tasks that the longest run from here names, and where it ends."""
    row = said.row
    telling = at == 0 or not row[at - 1].of(*_ADDRESSING) or value_of(row[at - 1], "paper") == "QĐ"
    telling = telling or is_at(row, at - 2, "established")  # "chưa thành lập được ban chỉ đạo"
    best: tuple[tuple[int, ...], int] | None = None
    fitting, count = holders, 0
    for place in range(at, min(at + 8, len(row))):
        unit = row[place]
        if not unit.of(*_NAMES) and not (called and place == at) and not _runs_on(said, at, place):
            break
        if place == at and _opens_no_name(unit):
            break
        count += len(said.spelled[place].split())
        telling = telling or unit.tag not in _WEAK
        if place > at:
            holders = said.holders(place)
            fitting = tuple([one for one in fitting if one in holders])
        if not fitting:
            break
        ends = not unit.of(*_PARTS_OF_A_YEAR) or (best is not None and len(fitting) < len(best[0]))
        if telling and count >= 2 and ends:
            best = fitting, place + 1
    return best


def _opens_no_name(unit: Unit) -> bool:
    """'tháng 9' is a time, '45' a count; '2025' may be the year of a plan."""
    if unit.of("month_word", "year_word", "quarter_word"):
        return True
    return unit.of("number") and not str(unit.value).startswith("20")


def _is_fraction(unit: Unit) -> bool:
    return unit.tag == "amount" and "/" in unit.text


def _runs_on(said: _Said, at: int, place: int) -> bool:
    """'tai lieu gioi thieu tinh': no 'thiếu', where a title has these very words one after the other."""
    if place == at or said.row[place].tag in _BREAKS:
        return False
    words = said.words(at, place + 1)
    opens = at == 0 or said.row[at - 1].of(*_OPENING)
    enough = words.count(" ") >= (1 if opens else 2)  # "nhà tạm thì tắc" is no doubt
    return enough and any(f" {words} " in f" {title.whole} " for title in said.titles.each)


def _spelled(unit: Unit, titles: _Titles) -> str:
    """Its words without marks; one that no list knows, with its Telex or VNI keys typed out where a title has it so."""
    word = unit.spelled or bare(unit.text.lower())
    if unit.tag != "unknown":
        if unit.tag == "paper" and not _holders(word.split(), titles):
            return title_words().papers.get(value_of(unit, "paper"), word)  # "the plan" of a list in Vietnamese
        return word
    if word in titles.words:
        return word
    typed = unit.text.lower()
    meant = [bare(toneless(key)) for key in (telex(typed), vni(typed)) if key]
    return next((one for one in meant if one in titles.words), word)


def _telling_word(said: _Said, at: int, holders: tuple[int, ...], *, called: bool) -> Named:
    """'wifi thì chưa, VNeID xong': a word that opens a clause and stands in the title of one task alone."""
    row, unit, word = said.row, said.row[at], said.spelled[at]
    tells = _tells(unit, word) or (unit.of("obstacle", "fault") and is_at(row, at + 1, *_TOLD_OF))  # "sạt lở xong rồi"
    if len(said.tasks) < 2 or not tells:
        return None, at
    fitting = _told_by(said, at, holders)
    if len(fitting) != 1 or not _tells_here(said, at, called=called):
        return None, at
    if not _is_marked_so(unit, said.tasks[fitting[0]].title):
        return None, at
    return Mention(said.ids(fitting), weak=True), at + 1


def _told_by(said: _Said, at: int, holders: tuple[int, ...]) -> tuple[int, ...]:
    """The places of the tasks whose titles have this word, with another ending or in short."""
    word = said.spelled[at]
    if _is_syllable(word):
        return holders
    return tuple(
        place
        for place, title in enumerate(said.titles.each)
        if place in holders or _inflected(word, title) or _initials(word, title)
    )


def _tells_here(said: _Said, at: int, *, called: bool) -> bool:
    """Whether a word of a title tells which task is meant where it stands, by what stands around it."""
    row, unit, word = said.row, said.row[at], said.spelled[at]
    place = at - 1
    while place >= 0 and row[place].of(*_ARTICLES):
        place -= 1
    # Words that change their endings, and English ones, tell wherever they stand: they mean one thing.
    opens = place < 0 or row[place].of(*_OPENING, *_ASKED) or (" " not in word and not _is_syllable(word))
    lacked = place >= 0 and row[place].of("have_no", "lack", "have_not", "waiting")
    rare = not _is_syllable(word) and unit.tag == "unknown"  # "IUU xong"
    letters = _TELLING_LETTERS - (called or rare or is_at(row, at + 1, "then"))  # "rác thì xong", "việc rác"
    return (opens or called) and not lacked and len(unit.text) >= letters


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


def _inflected(word: str, title: _Title) -> bool:
    """'по туризму', 'бюджета', 'cameras': the same word of a title with another ending."""
    if word.isascii():
        return word.endswith("s") and len(word) > _STEM and not _is_syllable(word[:-1]) and word[:-1] in title.words
    if len(word) < _STEM + 1:
        return False
    return any(len(other) > _STEM and other[:_STEM] == word[:_STEM] for other in title.words)


def _initials(word: str, title: _Title) -> bool:
    """'bhyt' for a title with 'bảo hiểm y tế'."""
    short = word.isascii() and word.isalpha() and len(word) >= _TELLING_LETTERS and not _is_syllable(word)
    return short and word in "".join(part[0] for part in title.words)


@lru_cache(maxsize=64)
def _open_titles(titles: tuple[str, ...]) -> _Titles:
    """Whoever reports reports again, and many have the same tasks."""
    each = tuple(map(_title, titles))
    return _Titles(each, frozenset(word for title in each for word in title.words))


@lru_cache(maxsize=1024)
def _title(title: str) -> _Title:
    words = tuple(re.findall(r"\w+", bare(title.lower())))
    return _Title(words, " ".join(words))
