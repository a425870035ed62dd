"""What was not certain is shown and asked: one number, or one tap, settles it; nothing is recorded before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from operator import attrgetter
from typing import Any

from bot.case import Case
from bot.conversation import QuestionKind
from bot.effects import Ask, Effect, Offer, Say
from bot.listing import open_list, short
from bot.messages import Choice, LetterKind, Outgoing, Text, lines, text
from bot.phrases import mentions, speaks_of
from bot.reading import OpenTask, read
from bot.reading.meaning import TALK, Item, Kind
from bot.tasks import Assignment
from handlers import undo, withdraw_request

_MOST_OFFERED = 9
#: What may be a task's number: no percent, no part of a date or of a document's sign.
_NUMBERS = re.compile(r"(?<![\w/.,])\d{1,2}(?![\w/%]|\s?%|[.,]\d)")
_NUMBER_ALONE = re.compile(r"#?(\d{1,2})\s?[.)]?")
#: Longer than this, "chưa có …" says more than that a number will follow.
_FEW_WORDS = 4
#: What an unclear word may have meant, in the order in which it is offered.
_LOOSE = TALK | {Kind.CORRECTION, Kind.HANDOVER}
_KINDS = (Kind.DONE, Kind.PROGRESS, Kind.NOT_STARTED, Kind.BLOCKED, Kind.EXTENSION)

#: So many requests are offered to be taken back, beside what was said last.
_MOST_WITHDRAWN = 2

#: The way out where nothing offered is what was meant: a person reads it.
_TO_OFFICE = Offer(text("ask.to_office"), {"office": True})


def ask(case: Case, items: Sequence[Item], origin: Mapping[str, Any]) -> Sequence[Effect]:
    """The question that fits what is missing: which task, what state, or "is this right?"."""
    kept = origin
    if len(items) == 1 and items[0].kind not in TALK:
        item = items[0]
        if item.task is None and len(case.open) == 1:
            item = replace(item, task=case.open[0].id)
        if item.task is None and item.kind is Kind.UNCLEAR:
            item = replace(item, task=_numbered_alone(case))
        if item.task is None:
            return which_task(case, item, kept, guess=mentions(case.text, "perhaps_done"))
        if item.kind is Kind.UNCLEAR:
            return which_state(case, (item,), kept)
        return _is_it_right(case, (item,), (), kept)
    clear = tuple(item for item in items if item.kind is not Kind.UNCLEAR and (item.task or item.kind in _LOOSE))
    if not clear:
        says = lines(text("ask.one_by_one"), _past_the_numbers(case, items))
        return [Say(Outgoing(case.person.id, says, once="", kind=LetterKind.QUESTION))]
    return _is_it_right(case, clear, tuple(item for item in items if item not in clear), kept)


def _numbered_alone(case: Case) -> int | None:
    """With nothing asked, a number that is all that was typed says which task it is of, and nothing of its state."""
    found = _NUMBER_ALONE.fullmatch(" ".join(case.text.split()))
    meant = case.numbered(int(found[1])) if found else None
    return meant if any(one.id == meant for one in case.open) else None


def which_task(case: Case, item: Item, kept: Mapping[str, Any], *, guess: bool = False) -> Sequence[Effect]:
    """Which task is meant; with a `guess`, words such as "chắc xong rồi" are settled by the same answer."""
    if len(case.open) > _MOST_OFFERED:
        says = lines(text("ask.say_number"), open_list(case.open, case.today, case.zone))
        return [Say(Outgoing(case.person.id, says, "", kind=LetterKind.QUESTION, numbered=_ids(case.open)))]
    unclear = item.kind is Kind.UNCLEAR
    guess &= unclear
    meant = replace(item, kind=Kind.DONE) if guess else item
    plain = _plain(meant)
    offers = tuple(Offer(_title(case, one), {"items": [{**plain, "task": one.id}]}) for one in case.open)
    not_so = (Offer(text("ask.not_so", what=_what(meant)), {"unguessed": _plain(item)}),) if guess else ()
    office = (_TO_OFFICE,) if unclear else ()
    head = text("ask.which_task") if unclear else text("ask.which_task_for", what=_what(item))
    head = text("ask.which_task_if", what=_what(meant)) if guess else head
    how = "option.how_several" if len(case.open) > 1 else "option.how"
    all_offers = (*offers, *not_so, *_to_take_back(case), *office)
    return _put(case, head, all_offers, kept, _ids(case.open), numbered=_ids(case.open), how=how)


def which_state(case: Case, items: Sequence[Item], kept: Mapping[str, Any]) -> Sequence[Effect]:
    """What an unclear word meant, for one task or for all those that were chosen for it."""
    about = tuple(item.task for item in items if item.task)
    titles = tuple(text("ask.quoted", title=_title(case, one, whole=False)) for one in _of(case, about))
    plain = [_plain(item) for item in items]
    offers = tuple(Offer(text(f"kind.{kind}"), {"items": [{**one, "kind": kind} for one in plain]}) for kind in _KINDS)
    all_offers = (*_to_take_back(case), *offers, _TO_OFFICE)
    return _put(case, text("ask.which_state", titles=titles), all_offers, kept, about)


def _of(case: Case, about: Sequence[int]) -> Sequence[Assignment | None]:
    return tuple(case.book.assignments.get(one) for one in about) or (None,)


def _is_it_right(case: Case, items: Sequence[Item], rest: Sequence[Item], kept: Mapping[str, Any]) -> Sequence[Effect]:
    """What is clear is put to be confirmed; `rest` is shown as unclear, and asked once that is settled."""
    both = (*items, *rest)
    by_id = {one.id: one for one in case.book.assignments.many(item.task for item in both if item.task)}
    said = tuple(
        text("ask.understood_line", title=_title(case, by_id.get(item.task or 0), whole=False), what=_what(item))
        for item in both
    )
    pick = {"items": [_plain(item) for item in items], "rest": [_plain(item) for item in rest]}
    yes = Offer(text("ask.yes_clear" if rest else "ask.yes"), pick)
    no = Offer(text("ask.no"), {"again": True})
    said = (*said, *((few,) if (few := _past_the_numbers(case, both)) else ()))
    return _put(case, lines(text("ask.understood"), *said), (yes, *_to_take_back(case), no), kept, tuple(by_id))


def _past_the_numbers(case: Case, items: Sequence[Item]) -> Text | None:
    """Where a number is that of an older, longer list: how many the last one had, and where all are seen."""
    shown = len(case.listing.numbered) if case.listing else 0
    typed = {int(number) for number in _NUMBERS.findall(case.text)}
    unplaced = any(item.task is None and item.kind not in _LOOSE for item in items)
    past = unplaced and 0 < shown < len(case.open) and any(shown < number <= len(case.open) for number in typed)
    return text("ask.numbered_few", n=shown) if past else None


def _to_take_back(case: Case) -> tuple[Offer, ...]:
    """Where the words speak of taking back: what "hoàn tác" would take back, and each request that waits."""
    if not mentions(case.text, "taking_back"):
        return ()
    words = undo.newest_words(case)
    newest = (Offer(text("withdraw.newest", said=undo.quoted(words)), {"take_back": True}),) if words else ()
    others = [one for one in undo.waiting(case) if one.text != words][-_MOST_WITHDRAWN:]
    return (*newest, *withdraw_request.offered(case, others))


def _put(
    case: Case,
    head: Text,
    offers: Sequence[Offer],
    kept: Mapping[str, Any],
    about: tuple[int, ...],
    numbered: tuple[int, ...] = (),
    how: str = "option.how",
) -> Sequence[Effect]:
    """Where tasks are offered by number they are `numbered` from now on, so that "2 xong" means the same 2."""
    listed = tuple(text("option", number=number, label=offer.label) for number, offer in enumerate(offers, 1))
    choices = tuple(Choice(_on_button(number, offer), str(number)) for number, offer in enumerate(offers, 1))
    says = lines(head, *listed, text(how))
    return [
        Say(Outgoing(case.person.id, says, "", kind=LetterKind.QUESTION, choices=choices, numbered=numbered)),
        Ask(case.person.id, QuestionKind.READING, tuple(offers), kept, about),
    ]


def _on_button(number: int, offer: Offer) -> Text:
    """A state in words; a task's title is too long for a button, so its number stands there."""
    short = offer.label.key.startswith(("kind.", "ask."))
    return offer.label if short else text("number", number=str(number))


def _ids(assignments: Sequence[Assignment]) -> tuple[int, ...]:
    return tuple(one.id for one in assignments)


def _title(case: Case, one: Assignment | None, *, whole: bool = True) -> Text:
    """Whole where tasks are listed to choose from, short where one is spoken of."""
    if one is None:
        return text("ask.some_task")
    title = one.task.title if whole else short(one.task.title)
    if len(case.person.units) > 1:
        return text("list.unit_title", title=title, unit=one.unit_name)
    return text("plain", text=title)


def _what(item: Item) -> Text:
    extras = tuple(
        part
        for part in (
            text("receipt.percent", percent=item.percent) if item.percent is not None else None,
            text("extension.to", due=item.due) if item.due else None,
            text("receipt.document", document=item.document) if item.document else None,
        )
        if part is not None
    )
    kind = text(f"kind.{item.kind}")
    return text("state.with", state=kind, details=extras) if extras else kind


_SAID = tuple(field.name for field in fields(Item))
_said = attrgetter(*_SAID)


def _plain(item: Item) -> dict[str, Any]:
    known = ((name, value) for name, value in zip(_SAID, _said(item), strict=True) if value is not None)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in known}


def item_from(plain: Mapping[str, Any]) -> Item:
    """An item out of a question's pick."""
    values = dict(plain)
    for name in ("due", "promised"):
        if name in values:
            values[name] = date.fromisoformat(values[name])
    return Item(**{"task": None, **values, "kind": Kind(values["kind"])})


def no_document(case: Case) -> bool:
    """With the question of the document's number open, "chưa có" says only that it will follow."""
    question = case.question
    waits = question is not None and question.closed_at is None and question.kind is QuestionKind.DOCUMENT
    return waits and len(case.text.split()) <= _FEW_WORDS and speaks_of(case.text) == "no_document"


def document_given(case: Case) -> tuple[Item, ...] | None:
    """With the question of the document's number open, a bare number and sign ("45/KH-UBND") completes the report."""
    question = case.question
    if question is None or question.closed_at is not None or question.kind is not QuestionKind.DOCUMENT:
        return None
    one = case.book.assignments.get(question.payload["assignment"])
    if one is None or not one.state.status.open or case.now >= question.expires_at:
        return None
    asked = OpenTask(one.id, one.task.title, one.task.resolution, one.due.on if one.due else None)
    reading = read(f"đã ban hành {case.text}", case.today, [asked], one.id)
    only = reading.items[0]
    complete = len(reading.items) == 1 and only.kind is Kind.DONE and only.document is not None
    return reading.items if complete and reading.certain else None
