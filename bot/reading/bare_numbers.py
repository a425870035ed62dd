"""Whether a number without any word of a task before it names one, or counts something."""

from collections.abc import Sequence

from bot.reading.meaning import OpenTask
from bot.reading.mentions import Mention
from bot.reading.numbered_tasks import by_number, of_resolution
from bot.reading.units import Unit, is_at, number_at

_JOINS = ("pause", "and")
_STARTS = (
    "line",
    "colon",
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
    "opening",
    "hail",
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
    "past_time",
)
_LINKS = ("colon", "dash", "stop", "bracket", "slash", "then", "courtesy", "yes", "person", "surely", "ack")
_STATES = frozenset(
    {
        "finished",
        "sent",
        "was_sent",
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
        "have_no",
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
        "pass_on",
        "not_mine",
        "likewise",
    }
)
SPENT = (
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
#: what a number at the head of a line may count
_THINGS = (*SPENT, "noun", "step", "resource", "person", "inside", "outside", "paper", "draft")
_HOURS = 24
#: a greater number is no day of a month
_DAYS = 31


def names_a_task(row: Sequence[Unit], at: int, before: Sequence[Unit], number: int, tasks: Sequence[OpenTask]) -> bool:
    """One of six signs is enough, in whatever order they are asked; each says what it takes for one."""
    return (
        _listed(row, at, before)
        or _prolonged(row, at, before, number, tasks)
        or _told_apart(row, at, before, number, tasks)
        or _worked_on(row, at, before, number, tasks)
        or _heads_a_line(row, at, tasks)
        or _is_all_that_is_done(row, at, number, tasks)
    )


def _is_all_that_is_done(row: Sequence[Unit], at: int, number: int, tasks: Sequence[OpenTask]) -> bool:
    """'xong 1', 'done 2' and nothing else, where there is such a place in a list."""
    if not is_at(row, at - 1, "finished") or not 1 < len(tasks) >= number > 0:
        return False
    rest = [unit for place, unit in enumerate(row) if place != at and not unit.of("courtesy", "person", "yes", "stop")]
    return len(rest) == 1 and row[at - 1] is rest[0]


def _heads_a_line(row: Sequence[Unit], at: int, tasks: Sequence[OpenTask]) -> bool:
    """'1 quay xong chưa dựng', and in the next line '2 đang dịch': a list by our numbers; '2 ấp xong' counts."""
    if at and row[at - 1].tag != "line":
        return False
    heads = [place for place in range(len(row)) if place == 0 or row[place - 1].tag == "line"]
    if len(heads) < 2 or any(is_at(row, place + 1, *_THINGS) for place in heads):
        return False
    numbers = [number_at(row, place) for place in heads]
    return all(number is not None and number <= len(tasks) for number in numbers)


def unread_name(row: Sequence[Unit], tasks: Sequence[OpenTask]) -> bool:
    """Whether a number that may name an open task was taken for nothing: its resolution, or a place after a pause."""
    if _heads_unread(row) or _opens_with_another(row) or (len(tasks) > 1 and _calls_unread(row)):
        return True
    if len(tasks) < 2:
        return False
    numbers = [(at, number_at(row, at)) for at, unit in enumerate(row) if unit.tag == "number"]
    return any(
        number is not None
        and (of_resolution(number, tasks).fits or (1 <= number <= len(tasks) and _stands_first(row, at)))
        and not is_at(row, at + 1, *SPENT)
        and not is_at(row, at - 1, "about", "number_word")
        for at, number in numbers
    )


def _heads_unread(row: Sequence[Unit]) -> bool:
    """'NQ57: 100%, ABC: vướng': what stands where the other names stand, and names nothing we know."""
    heads = [
        place
        for place in range(len(row) - 1)
        if row[place + 1].tag == "colon" and (place == 0 or row[place - 1].tag in {"line", "stop", "pause"})
    ]
    if not heads:
        return False
    named = [place for place in heads if row[place].tag == "mention"]
    return bool(named) and any(row[place].tag == "unknown" for place in heads)


def _calls_unread(row: Sequence[Unit]) -> bool:
    """'việc rác chuyển phòng kinh tế': a task called by words that we find in no title."""
    called = [at for at, unit in enumerate(row[:-1]) if unit.of("task_word")]
    return any(
        row[at + 1].tag in {"unknown", "working", "small_step"}
        and (at == 0 or row[at - 1].tag in _STARTS or row[at - 1].of("contact_person", "delay"))
        for at in called
    )


def _opens_with_another(row: Sequence[Unit]) -> bool:
    """'ban chỉ đạo xong rồi' where no open task is about one."""
    return is_at(row, 0, "often_a_task") and is_at(row, 1, "finished", "did", "then", "already")


def _stands_first(row: Sequence[Unit], at: int) -> bool:
    return is_at(row, at - 1, "pause", "line", "stop") and not is_at(row, at + 1, "noun", "unit_noun")


def _listed(row: Sequence[Unit], at: int, before: Sequence[Unit]) -> bool:
    """A bare number names a task at the start of a statement or in a list of them, not where it counts something."""
    if at + 1 < len(row) and row[at + 1].of(*SPENT) and not _is_who_acts(row, at + 1):
        return False
    if before and before[-1].of("mention", "likewise"):  # "same for 2", but no "cắt giảm 26 thủ tục"
        return not (at + 1 < len(row) and isinstance(row[at + 1].value, Mention))
    if len(before) > 1 and before[-1].tag in _JOINS and before[-2].tag == "mention":
        return True
    if is_at(row, at + 1, "bracket") and any(unit.tag == "mention" and unit.text.endswith(")") for unit in before):
        return True  # "1) xong 2) thiếu kinh phí 3) …"
    if before and before[-1].of(*_BOUND) and not before[-1].of("and", "but"):
        return False
    place = at + 1
    while place < len(row) and row[place].of(*_LINKS) and not _is_state(row[place]):
        place += 1
    while (
        place < len(row)
        and (row[place].tag in _JOINS or number_at(row, place) is not None)
        and not _is_state(row[place])
    ):
        place += 1
    follows = place < len(row) and (_is_state(row[place]) or (_may_be_resolution(row, at) and _is_till(row, place)))
    starts = not before or before[-1].of(*_STARTS)
    return follows or (starts and place > at + 1 and row[place - 1].tag != "pause")


def _is_state(unit: Unit) -> bool:
    return not _STATES.isdisjoint(unit.tags)


def _is_who_acts(row: Sequence[Unit], at: int) -> bool:
    """'57, 59, 66 xã đã phát hành đủ': 'xã' is who did it, and is not counted."""
    return row[at].of("person") and is_at(row, at + 1, "did", "sent", "finished", "not_yet", "in_hand", "ongoing")


def _told_apart(row: Sequence[Unit], at: int, before: Sequence[Unit], number: int, tasks: Sequence[OpenTask]) -> bool:
    """'riêng cái 66 xong', 'сделали 57, делаем 59': an open task's resolution, whatever word stands before it."""
    begun = bool(before) and before[-1].of("in_hand", "started", "working") and number > len(tasks)
    if begun and (at + 1 == len(row) or is_at(row, at + 1, "pause", "stop", "line")):
        return of_resolution(number, tasks).fits
    if is_at(before, len(before) - 1, "until") and before[-1].of("noun") and number > _DAYS:
        counted = at + 1 < len(row) and not row[at + 1].of("pause", "stop", "line", "courtesy", "did", "until", "ask")
        return not counted and of_resolution(number, tasks).fits  # "extension for 59 please"
    if bool(before) and before[-1].of("piece_word") and not is_at(row, at + 1, *SPENT):
        return number <= len(tasks) or of_resolution(number, tasks).fits  # "xin thêm ba bữa cho cái 3"
    led = bool(before) and before[-1].of("noun", "unknown", "unit_noun", "just") and number > len(tasks)
    state = at + 2 if is_at(row, at + 1, "did") else at + 1  # "only 57 is done"
    followed = is_at(row, state, "finished", "not_yet", "in_hand", "number") and not is_at(row, state + 1, *SPENT)
    return led and followed and of_resolution(number, tasks).fits


def _worked_on(row: Sequence[Unit], at: int, before: Sequence[Unit], number: int, tasks: Sequence[OpenTask]) -> bool:
    """'done: 1; working on 2 and 3; not done: 4': beside a task named so before, no count."""
    if not before or not before[-1].of("in_hand", "working", "colon") or not by_number(number, tasks).fits:
        return False
    ends = at + 1 == len(row) or row[at + 1].of("pause", "stop", "line", "and", "but")
    return ends and any(isinstance(unit.value, Mention) and unit.text.isdigit() for unit in before)


def _may_be_resolution(row: Sequence[Unit], at: int) -> bool:
    """Greater than any place and any day: '59 tới 30/9', but not '1 đến 3'."""
    return (number_at(row, at) or 0) > _DAYS or is_at(row, at - 1, "and", "delay")


def _is_till(row: Sequence[Unit], at: int) -> bool:
    """'xin lùi 57 tới 25/9 còn 59 tới 30/9', '59 chiều nay trình ký': a number that a time follows."""
    return row[at].of("day_today") or (row[at].of("until") and is_at(row, at + 1, "day_ahead", "day_today"))


def _prolonged(row: Sequence[Unit], at: int, before: Sequence[Unit], number: int, tasks: Sequence[OpenTask]) -> bool:
    """'xin gia hạn 66 tới 20/10', 'đầu mối 57 giờ là anh Phong': an open task's resolution right behind the word."""
    counts = is_at(row, at + 1, *SPENT) and not (number > _HOURS and is_at(row, at + 1, "hour_word"))
    return (
        bool(before)
        and before[-1].of("delay", "contact_person", "pass_on")
        and not counts
        and of_resolution(number, tasks).fits
    )
