"""The sender takes back what they reported: by "hoàn tác", by a correction, or by editing the message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.case import Case
from bot.contacts import Role
from bot.conversation import OpenQuestion, Request, RequestKind, Verdict
from bot.effects import CloseQuestion, Effect, Say, SettleRequest, TakeBack, TakeStep
from bot.listing import open_list, short, state_words
from bot.messages import LetterKind, Outgoing, lines, text
from bot.reading.meaning import Item
from bot.store.standing import StandingStep
from bot.tasks import UNDO_FOR, Assignment, fold, urgency


def take_back(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """The last report of this person no longer stands, unless the office has decided on it or a day has passed."""
    seats = [seat.id for seat in case.person.seats]
    if case.book.standing.last_was_decision(seats):
        return [Say(Outgoing(case.person.id, text("undo.decision"), once=""))]
    last = case.book.standing.last_by(seats)
    asked = _last_asked(case)
    if asked is not None and (not last or asked.asked_at >= last[0].step.at):
        return _withdrawn(case, asked, [one for one in last if not one.decided and _in_one(case, one, asked)])
    if not last:
        return [Say(Outgoing(case.person.id, text("undo.nothing"), once=""))]
    if any(one.decided for one in last):
        return [Say(Outgoing(case.person.id, text("undo.decided"), once=""))]
    if case.now - last[0].step.at > UNDO_FOR:
        return [Say(Outgoing(case.person.id, text("undo.too_old"), once=""))]
    return [*_withdraw(last, "undo"), _told(case, last), *_units_told(case, last)]


def correction(case: Case, _item: Item) -> Sequence[Effect]:
    """ "Nhầm, bỏ tin trên": the same, asked for in words."""
    return take_back(case, {})


def under_message(case: Case) -> tuple[StandingStep, ...]:
    """What the earlier words of an edited message left."""
    return case.book.standing.under(case.book.talks.said_under(case.person.id, case.incoming.edits or ""))


def same_tasks(before: Sequence[StandingStep], items: Sequence[Item]) -> bool:
    """Whether an edited message still speaks of the tasks it spoke of: its numbers may be those of an older list."""
    known = {one.assignment_id for one in before}
    return not known or all(item.task is None or item.task in known for item in items)


def edited(case: Case, before: Sequence[StandingStep], anew: Sequence[TakeStep]) -> list[Effect]:
    """What the earlier words of an edited message had recorded no longer stands, unless decided on.

    Where the new words record nothing themselves, that is said.
    """
    gone = [one for one in before if not one.decided]
    effects: list[Effect] = [*_withdraw(gone, "edited")]
    question = case.question
    if question is not None and question.closed_at is None and _asked_of_it(case, question):
        effects.append(CloseQuestion(question.id, "edited"))
    return effects if anew or not gone else [*effects, _told(case, gone, "undo.edited")]


def _asked_of_it(case: Case, question: OpenQuestion) -> bool:
    said = question.payload.get("said")
    return said in case.book.talks.said_under(case.person.id, case.incoming.edits or "")


def _withdraw(steps: Sequence[StandingStep], why: str) -> Sequence[Effect]:
    return [TakeBack((one.step.id,), why, one.step.seat_id) for one in steps]


def _last_asked(case: Case) -> Request | None:
    """What this person last put before the office, if it still waits and is no older than a report may be."""
    kinds = (RequestKind.EXTENSION, RequestKind.HANDOVER, RequestKind.NOT_OURS, RequestKind.QUESTION)
    waiting = [
        one
        for kind in kinds
        for one in case.book.talks.requests_by(case.person.id, kind)
        if one.settled_at is None and case.now - one.asked_at <= UNDO_FOR
    ]
    return max(waiting, key=lambda one: one.number, default=None)


def _in_one(case: Case, one: StandingStep, asked: Request) -> bool:
    """Whether a report and a request came in one message ("mới 60%, xin lùi đến 25/9")."""
    said = [source.text for source in case.book.sources.of([one.assignment_id]) if source.at == one.step.at]
    return asked.text in said


def _withdrawn(case: Case, asked: Request, steps: Sequence[StandingStep]) -> Sequence[Effect]:
    seat = case.person.seats[0].id if case.person.seats else None
    said = text("undo.request", number=str(asked.number), said=asked.text)
    gone = SettleRequest(asked.id, Verdict.WITHDRAWN, seat)
    told = Say(Outgoing(case.person.id, said, once="", kind=LetterKind.RECEIPT))
    return [gone, told, *_withdraw(steps, "undo"), *([_told(case, steps)] if steps else [])]


def _units_told(case: Case, gone: Sequence[StandingStep]) -> list[Effect]:
    """A unit that was told of a report by telephone hears that it was taken back."""
    by_telephone = dict.fromkeys(one.assignment_id for one in gone if one.step.for_unit)
    return [
        Say(
            Outgoing(
                person.id, text("undo.by_office", title=short(one.task.title)), once=f"undo:{case.inbox_id}:{person.id}"
            )
        )
        for one in case.book.assignments.many(by_telephone)
        for person in case.book.people.in_roles(Role.CONTACT, Role.DEPUTY, unit_id=one.unit_id)
    ]


def _told(case: Case, gone: Sequence[StandingStep], head: str = "undo.done") -> Effect:
    """How things stand again. Where several tasks are open they are numbered anew: the numbers shown since the report
    were those of a list without it."""
    ids = {one.step.id for one in gone}
    now: dict[int, Assignment] = {}
    for one in case.book.assignments.many(dict.fromkeys(step.assignment_id for step in gone)):
        left = fold([step for step in case.book.assignments.steps(one.id) if step.id not in ids], one.task.due)
        now[one.id] = replace(one, state=left)
    words = [text("undo.now", title=short(one.task.title), state=state_words(one.state)) for one in now.values()]
    says = lines(text(head), *words, text("undo.again"))
    listed = sorted((now.get(one.id, one) for one in case.open), key=urgency)
    if len(listed) < 2 or not now.keys() <= {one.id for one in listed}:
        about = next(iter(now)) if len(now) == 1 else None
        return Say(Outgoing(case.person.id, says, once="", kind=LetterKind.RECEIPT, about=about))
    several = len(case.person.units) > 1
    says = lines(says, open_list(listed, case.today, with_unit=several))
    numbered = tuple(one.id for one in listed)
    return Say(Outgoing(case.person.id, says, once="", kind=LetterKind.RECEIPT, numbered=numbered))
