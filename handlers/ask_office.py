"""A question, a hand-over, or "not our task": the book answers what it can, the office gets the rest, numbered."""

from __future__ import annotations

from collections.abc import Sequence

from bot.case import Case
from bot.contacts import Action, Role, may
from bot.conversation import RequestKind
from bot.effects import Effect, RaiseRequest, Say
from bot.listing import due_words, short
from bot.messages import Choice, LetterKind, Outgoing, Text, lines, text
from bot.phrases import speaks_of
from bot.reading.meaning import Item
from bot.tasks import Assignment
from handlers import my_tasks


def question(case: Case, _item: Item) -> Sequence[Effect]:
    """Deadline, wording and list are answered from the book; any other question goes to the office."""
    topic = speaks_of(case.text)
    meant = _meant(case)
    if topic == "list" or (topic == "due" and not meant):
        return my_tasks.show_list(case, {})
    if topic == "due" and meant:
        words = tuple(text("question.due", title=one.task.title, due=due_words(one.due, case.today)) for one in meant)
        about = meant[0].id if len(meant) == 1 else None
        return [Say(Outgoing(case.person.id, lines(*words), once="", about=about))]
    if topic == "wording" and len(meant) == 1:
        return [Say(Outgoing(case.person.id, my_tasks.six_points(meant[0], case), once="", about=meant[0].id))]
    return to_office(case, RequestKind.QUESTION, meant[0] if len(meant) == 1 else None)


def _meant(case: Case) -> tuple[Assignment, ...]:
    if case.answered is not None:
        found = tuple(one for one in case.open if one.id == case.answered)
        if found:
            return found
    return case.open


def handover(case: Case, item: Item, number: int | None = None) -> Sequence[Effect]:
    """Somebody else is the contact, or the task is another's: both are the office's to decide."""
    one = case.book.assignments.get(item.task) if item.task else None
    if one is None and case.answered is not None:
        one = case.book.assignments.get(case.answered)
    if speaks_of(case.text) == "not_ours":
        one = case.open[0] if one is None and len(case.open) == 1 else one
        return to_office(case, RequestKind.NOT_OURS, one, number=number)
    if not may(case.person, Action.HAND_OVER, one.unit_id if one else None):
        return [Say(Outgoing(case.person.id, text("reply.may_not_hand_over"), once=""))]
    return to_office(case, RequestKind.HANDOVER, one, successor=item.successor, number=number)


def to_office(
    case: Case,
    kind: RequestKind,
    one: Assignment | None,
    *,
    successor: str | None = None,
    said: tuple[int | None, str] | None = None,
    number: int | None = None,
) -> Sequence[Effect]:
    """Put it before the office under a number, and tell the asker that it was.

    `said` is the kept text and its words where those are not this message's.
    """
    said_id, words = said or (case.said_id, case.text)
    number = number or case.book.talks.next_request_number()
    shown = str(number)
    unit = one.unit_id if one else (case.person.units[0].id if case.person.units else None)
    payload = {"successor": successor} if successor else {}
    raised = RaiseRequest(number, kind, case.person.id, unit, one.id if one else None, None, payload, said_id)
    unit_name = one.unit_name if one else ", ".join(one.name for one in case.person.units)
    to = successor or text("clerk.somebody")
    head = text(f"clerk.{kind}", number=shown, unit=unit_name, name=case.person.name, successor=to)
    task = text("clerk.about_task", code=one.task.code, title=one.task.title) if one else None
    how = text("clerk.how_to_answer" if kind is not RequestKind.HANDOVER else "clerk.how_to_decide", number=shown)
    says = lines(head, task, text("clerk.in_words", said=words), how)
    about = text("sent.about", title=short(one.task.title)) if one else text(f"sent.{kind}_no_task")
    answer = lines(text(f"sent.{kind}", number=shown, successor=to, about=about), text("receipt.undo"))
    return [
        raised,
        Say(Outgoing(case.person.id, answer, once="", kind=LetterKind.RECEIPT)),
        *tell_office(case, number, says, accept=kind is RequestKind.HANDOVER),
    ]


def tell_office(case: Case, number: int, says: Text, *, accept: bool = False) -> Sequence[Effect]:
    """The same words to every clerk, with the buttons of a decision where one is wanted."""
    choices = (
        (Choice(text("clerk.grant"), f"duyệt {number}"), Choice(text("clerk.refuse"), f"không duyệt {number}"))
        if accept
        else ()
    )
    return [
        Say(Outgoing(clerk.id, says, once=f"request:{number}:{clerk.id}", kind=LetterKind.QUESTION, choices=choices))
        for clerk in case.book.people.in_roles(Role.OFFICE)
    ]
