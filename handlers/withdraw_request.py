"""The sender takes back what waits for the office: a later deadline asked for, or whatever else they put before it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.case import Case
from bot.conversation import QuestionKind, Request, RequestKind
from bot.effects import Ask, CloseQuestion, Effect, Offer, Say
from bot.listing import short
from bot.messages import Choice, LetterKind, Outgoing, Text, lines, text
from handlers import undo

#: So many are offered to choose from.
_MOST_OFFERED = 8


def extension(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """ "Thôi không xin lùi nữa", "rút lại xin lùi việc 2": the request goes, whatever was reported since.

    With the day still asked for, the question goes, and what waits already for that task with it.
    """
    waiting = tuple(one for one in undo.waiting(case) if one.kind is RequestKind.EXTENSION)
    meant: set[int | None] | None = None
    if "numbers" in slots:
        meant = {case.numbered(int(number)) for number in re.findall(r"\d+", slots["numbers"])}
        waiting = tuple(one for one in waiting if one.assignment_id in meant)
    question = undo.asked(case)
    if question is None or question.kind is not QuestionKind.EXTENSION_DATE:
        return _withdraw(case, waiting)
    if meant is not None and not meant & set(question.about):
        return _withdraw(case, waiting)
    of_it = tuple(one for one in waiting if one.assignment_id in question.about)
    if of_it:
        return [CloseQuestion(question.id, "withdrawn"), *undo.requests_withdrawn(case, of_it)]
    return undo.question_dropped(case, question, rest=_still(case, waiting))


def _still(case: Case, waiting: Sequence[Request]) -> Text | None:
    """What of other tasks goes on waiting, and how that goes too."""
    titles = {one.id: short(one.task.title) for one in case.assignments(one.assignment_id or 0 for one in waiting)}
    told = [text("withdraw.still", title=titles.get(one.assignment_id or 0, ""), due=one.due) for one in waiting]
    return lines(*told, text("withdraw.still_how")) if told else None


def request(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """ "Rút lại đề nghị", "rút lại mục số 3": any kind of request."""
    number = int(slots.get("number", 0))
    return _withdraw(case, tuple(one for one in undo.waiting(case) if number in (0, one.number)))


def _withdraw(case: Case, waiting: Sequence[Request]) -> Sequence[Effect]:
    if not waiting:
        return [Say(Outgoing(case.person.id, text("withdraw.none"), once=""))]
    one_message = len({one.said_id for one in waiting}) == 1 and len({one.kind for one in waiting}) == 1
    if len(waiting) == 1 or one_message:
        return undo.requests_withdrawn(case, waiting)
    offers = [*offered(case, waiting[-_MOST_OFFERED:]), Offer(text("withdraw.all"), pick_of(waiting))]
    listed = tuple(text("option", number=number, label=offer.label) for number, offer in enumerate(offers, 1))
    choices = tuple(Choice(text("number", number=str(number)), str(number)) for number in range(1, len(offers) + 1))
    says = lines(text("withdraw.which"), *listed, text("option.how"))
    about = tuple(one.assignment_id for one in waiting if one.assignment_id is not None)
    return [
        Say(Outgoing(case.person.id, says, once="", kind=LetterKind.QUESTION, choices=choices)),
        Ask(case.person.id, QuestionKind.WITHDRAWAL, tuple(offers), {"text": case.text}, about),
    ]


def pick_of(requests: Sequence[Request]) -> Mapping[str, list[int]]:
    """What an option to take these back stands for."""
    return {"withdraw": [one.number for one in requests]}


def offered(case: Case, waiting: Sequence[Request]) -> list[Offer]:
    """One option a request."""
    return [Offer(_label(case, one), pick_of([one])) for one in waiting]


def _label(case: Case, one: Request) -> Text:
    task = case.book.assignments.get(one.assignment_id) if one.assignment_id is not None else None
    if one.kind is RequestKind.EXTENSION and task is not None:
        return text("withdraw.extension", title=short(task.task.title), due=one.due)
    return text("withdraw.request", number=str(one.number), said=undo.quoted(one.text or ""))


def picked(case: Case, pick: Mapping[str, list[int]]) -> Sequence[Effect]:
    """What was chosen, as far as the office has not decided on it meanwhile."""
    chosen = tuple(one for one in undo.waiting(case) if one.number in pick["withdraw"])
    return undo.requests_withdrawn(case, chosen) if chosen else _withdraw(case, ())
