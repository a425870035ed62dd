"""The whole way from a typed reply to its reading: each step is a room of its own, this is their order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from bot.reading.amounts import measured
from bot.reading.bare_numbers import unread_name
from bot.reading.blocks import Block, blocks, joined
from bot.reading.clean import own_words
from bot.reading.dates import dated
from bot.reading.deadline import asked_due, offers_later
from bot.reading.documents import documented
from bot.reading.grammar import Statement
from bot.reading.kept import with_kept
from bot.reading.language import told_apart
from bot.reading.letters import bare
from bot.reading.lexicon import Lexicon
from bot.reading.meaning import TALK, Item, Kind, OpenTask, Reading
from bot.reading.not_ours import tells_of_another
from bot.reading.numbered_tasks import resolutions_of
from bot.reading.numbers import numbered
from bot.reading.opinion import clues, opinion, weighed
from bot.reading.settling import settled
from bot.reading.spelling import whole_words
from bot.reading.tasks import mentioned
from bot.reading.title_words import title_words
from bot.reading.tokens import Token, tokens
from bot.reading.units import Unit, units
from bot.reading.verdict import verdict

#: no reply that can be judged is longer
_MOST = 120
#: a later deadline asked for, and the units that state which
_ASKS = "asked_later"
_REASONS = {"blocked", "faulty", "lacks", "lacking", "waiting", "inside", "worked", "working", "step_done", "free"}
_NEW_DAY = ("day_ahead", "day_today", "span")


def read(text: str, today: date, tasks: Sequence[OpenTask], reply_to: int | None = None) -> Reading:
    """What a reply means, by the text, the day and the open list alone."""
    words, whole = own_words(text)
    raw = tokens(words)
    whole = whole and len(raw) <= _MOST
    raw = raw[:_MOST]
    lexicon = told_apart(words, raw)
    row = prepared(raw, lexicon, today, tasks)
    asked = Asked(words, today, tasks, reply_to)
    items, certain = _items(blocks(row), asked)
    return Reading(items, certain and whole and not unread_name(row, tasks), lexicon.lang)


def prepared(raw: Sequence[Token], lexicon: Lexicon, today: date, tasks: Sequence[OpenTask]) -> list[Unit]:
    """The reply as a row of units, its numbers, papers, amounts, dates and tasks recognised."""
    row = settled(units(whole_words(raw, lexicon), lexicon))
    resolutions = frozenset[int]().union(*map(resolutions_of, tasks))
    row = dated(measured(documented(numbered(row), resolutions), today), today)
    return mentioned(row, tasks)


@dataclass(frozen=True, slots=True)
class Asked:
    """One reply as it is to be judged: its own words, the day, and what is open."""

    words: str
    today: date
    tasks: Sequence[OpenTask]
    reply_to: int | None


def _items(parts: Sequence[Block], asked: Asked) -> tuple[tuple[Item, ...], bool]:
    items: list[Item] = []
    withdrawn: set[int | None] = set()  # by name
    certain, nodded = True, False
    for ids, part, named in owned(parts, asked.tasks, asked.reply_to):
        for task_id in ids:
            item, sure = _item(task_id, part, asked)
            if not any(_same(item, other) for other in items):
                items.append(item)
            if item.kind is Kind.CORRECTION and part.mentions:
                withdrawn.add(task_id)
            nodded = nodded or (item.kind in TALK and part.nods)
            certain = certain and sure and (named or item.kind in TALK or item.task is None)
    kept = tuple(items)
    if len(items) != 1:
        kept = _once_each(_spoken(items, withdrawn))
        certain = certain and not (nodded and any(item.kind not in TALK for item in kept)) and not _at_odds(items, kept)
    return kept, certain and bool(items) and all(item.kind is not Kind.UNCLEAR for item in kept)


def _same(one: Item, other: Item) -> bool:
    """Equal in all that the contract counts: 'đổi đầu mối, mọi việc liên hệ anh Khoa' is one handover."""
    return (one.task, one.kind, one.percent, one.due, one.document) == (
        other.task,
        other.kind,
        other.percent,
        other.due,
        other.document,
    )


def _at_odds(items: Sequence[Item], kept: Sequence[Item]) -> bool:
    """Two states of one task; 'gia hạn 2 việc hôm trước, tỉnh duyệt chưa?': a request only asked about."""
    told = [item.task for item in kept if item.task is not None]
    asks = any(item.kind is Kind.QUESTION for item in items)
    return len(told) > len(set(told)) or (asks and any(item.kind is Kind.EXTENSION and not item.due for item in kept))


def _spoken(items: Sequence[Item], withdrawn: set[int | None]) -> tuple[Item, ...]:
    """Talk adds nothing beside a status, and a withdrawal nothing beside what is newly stated of its task."""
    items = [item for item in items if item.task is not None or not _names_it_elsewhere(item, items)]
    for silent in (TALK | {Kind.CORRECTION}, TALK):
        spoken = tuple(item for item in items if item.kind not in silent or _stands_alone(item, withdrawn))
        if any(item.kind not in silent for item in spoken):
            return spoken
    order = (Kind.QUESTION, Kind.ACK, Kind.OTHER)
    return tuple(sorted(items, key=lambda item: order.index(item.kind))[:1]) or (Item(None, Kind.UNCLEAR),)


def _once_each(items: Sequence[Item]) -> tuple[Item, ...]:
    """'cả hai đang soạn, việc 1 được 60%': what is said of all and of one is one, where it is the same state."""
    more = {(item.task, item.kind) for item in items if item.percent is not None or item.due or item.document}
    bare = {(item.task, item.kind) for item in items} & more
    return tuple(
        item
        for item in items
        if (item.task, item.kind) not in bare or item.percent is not None or item.due or item.document
    )


def _stands_alone(item: Item, withdrawn: set[int | None]) -> bool:
    """'bỏ tin của việc 2; việc 1 xong': withdrawn by name."""
    return item.kind is Kind.CORRECTION and item.task in withdrawn


def _names_it_elsewhere(item: Item, items: Sequence[Item]) -> bool:
    """'nhầm rồi, bỏ báo cáo việc 2': one withdrawal, whose task is told behind it."""
    loose = item.kind in {Kind.CORRECTION, Kind.HANDOVER}
    return loose and any(other.kind is item.kind and other.task is not None for other in items)


def owned(
    parts: Sequence[Block], tasks: Sequence[OpenTask], reply_to: int | None
) -> list[tuple[tuple[int | None, ...], Block, bool]]:
    """The blocks with the tasks they speak of; what is said of the same task in two places is one."""
    owned: dict[tuple[int | None, ...], list[Block]] = {}
    sure: dict[tuple[int | None, ...], bool] = {}
    for part in _said_alike(parts if reply_to is not None else _led_to_its_task(parts)):
        ids, told = _whose(part, tasks, reply_to)
        told = told and not _partly_told(part)
        before = owned.setdefault(tuple(ids), [])
        sure[tuple(ids)] = sure.get(tuple(ids), True) and told and not any(_parts_differ(one, part) for one in before)
        before.append(part)
    return [(ids, group[0] if len(group) == 1 else joined(group), sure[ids]) for ids, group in owned.items()]


def _said_alike(parts: Sequence[Block]) -> list[Block]:
    """'xin lùi việc 1 đến 25/9, việc 2 đến 30/9', '57 xong, 59 cũng vậy': a name and little else says what the one
    before said."""
    whole: list[Block] = []
    for part in parts:
        whole.append(_alike(part, whole[-1]) if whole else part)
    return whole


def _alike(part: Block, before: Block) -> Block:
    if not part.mentions or part.speaks:
        return part
    if part.has("likewise"):
        if before.measures or len(before.says) != 1 or part.has("ask_mark", "whether"):
            return part  # "57 xong 80%, 59 cũng vậy": how far, is asked
        plain = tuple(replace(unit, tags=("likewise",)) if unit.of("likewise") else unit for unit in part.units)
        return replace(part, units=plain, said=tuple(Statement(says, 0, 0) for says in before.says))
    if not part.said and _ASKS in before.says and part.has(*_NEW_DAY):
        return replace(part, said=(Statement(_ASKS, 0, 0),))
    return part


def _says_the_same(part: Block) -> bool:
    """'59 cũng vậy': what it says stands elsewhere, so that its own words tell nothing."""
    told = part.has("likewise") and any(unit.tag == "likewise" for unit in part.units)
    return told and all(not statement.after for statement in part.said)


def _led_to_its_task(parts: Sequence[Block]) -> list[Block]:
    """'mạng sập, báo cáo chưa gửi được': a reason given first is that of the one task named behind it."""
    if len(parts) != 2 or parts[0].mentions or not parts[1].mentions or not parts[1].speaks:
        return list(parts)
    reasons = parts[0].says
    return [joined(parts)] if reasons and reasons <= _REASONS else list(parts)


def _parts_differ(one: Block, other: Block) -> bool:
    """Different states for several resolutions of one task."""
    names = {mention.name for part in (one, other) for mention in part.mentions if mention.name}
    return len(names) > 1 and _told(one) != _told(other)


def _partly_told(part: Block) -> bool:
    """'57 xong 59 chưa' of one task that both ask for."""
    names = {mention.name for mention in part.mentions if mention.name}
    if len(names) < 2 or len({mention.tasks for mention in part.mentions}) != 1:
        return False
    return {"finished", "not_yet"} <= {unit.tag for unit in part.units}


def _told(part: Block) -> set[str]:
    """What is said of it; 'phần 66 xong, phần 68 đang làm' differ though both are unfinished."""
    return {*part.says, *(unit.tag for unit in part.units if unit.tag == "finished")}


def _item(task_id: int | None, part: Block, asked: Asked) -> tuple[Item, bool]:
    task = next((task for task in asked.tasks if task.id == task_id), None)
    deadline = task.due if task else None
    told = verdict(part, replied=asked.reply_to is not None, duty_is_drafting=is_drafting(task))
    if not _says_the_same(part):
        told = weighed(
            told, part, opinion().of(clues(part, replied=asked.reply_to is not None, drafting=is_drafting(task)))
        )
    kind, due = told.kind, None
    certain = told.certain and told.clear and not tells_of_another(part, kind) and not _partly_told(part)
    if kind is not Kind.DONE and offers_later(part, deadline, asked.today):
        kind = Kind.EXTENSION
    if kind is Kind.EXTENSION:
        due, dated_well = asked_due(part, deadline, asked.today, told=task is not None)
        certain = certain and dated_well
        if part.has("confirming"):
            certain = False  # "hạn mới là 25/9 đúng không"
    if kind in TALK:
        return Item(None, kind), certain
    if task and told.percent and len(part.said) > 1 and re.search(rf"\b{told.percent} ?%", task.title):
        certain = False  # "cắt giảm 30% thời gian thì đang rà": the title's own figure, or how far it is
    named = any(not (mention.default or (mention.weak and kind is Kind.CORRECTION)) for mention in part.mentions)
    loose = kind in {Kind.CORRECTION, Kind.HANDOVER} and not named and asked.reply_to is None
    loose = loose or (kind is Kind.HANDOVER and _names_all(part, asked.tasks))
    item = Item(None if loose else task_id, kind, told.percent, due, told.document)
    return with_kept(item, part, asked.words), certain and (loose or task_id is not None)


def _names_all(part: Block, tasks: Sequence[OpenTask]) -> bool:
    """'mọi việc anh liên hệ chị Thúy': another person for everything, and no task in particular."""
    return len(tasks) > 1 and any(mention.together and len(mention.tasks) == len(tasks) for mention in part.mentions)


def is_drafting(task: OpenTask | None) -> bool:
    """Where drafting for a higher body is the whole duty, handing it in fulfils it."""
    return task is not None and _is_to_be_drafted(task.title)


@lru_cache(maxsize=1024)
def _is_to_be_drafted(title: str) -> bool:
    return any(word in bare(title.lower()) for word in title_words().drafting)


def _whose(part: Block, tasks: Sequence[OpenTask], reply_to: int | None) -> tuple[list[int | None], bool]:
    meant = _meant(tasks, reply_to)
    if not part.mentions:
        return [meant], meant is not None
    ids: list[int | None] = []
    for mention in part.mentions:
        if not mention.fits:
            return [None], False
        alone = sum(other.tasks == mention.tasks for other in part.mentions) == 1
        if mention.weak and alone and reply_to is not None and reply_to not in mention.tasks:
            return [None], False
        if mention.default:
            ids.append(meant)
            continue
        if mention.together or len(mention.tasks) == 1:
            ids += mention.tasks
        elif reply_to in mention.tasks:
            ids.append(reply_to)
        else:
            return [None], False
    sure = not any(mention.doubtful for mention in part.mentions)
    return (list(dict.fromkeys(ids)), sure) if ids else ([None], False)


def _meant(tasks: Sequence[OpenTask], reply_to: int | None) -> int | None:
    """Where nothing is named: the task whose reminder was answered, if it is open, or the only one that is."""
    if reply_to is not None:
        return reply_to if any(task.id == reply_to for task in tasks) else None
    return tasks[0].id if len(tasks) == 1 else None
