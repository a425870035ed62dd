"""The sender takes back what they reported: by "hoàn tác", by a correction, or by editing the message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.case import Case
from bot.effects import Effect, Say, TakeBack
from bot.listing import state_words
from bot.messages import LetterKind, Outgoing, lines, text
from bot.reading.meaning import Item
from bot.store.standing import StandingStep
from bot.tasks import UNDO_FOR, fold


def take_back(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """The last report of this person no longer stands, unless the office has decided on it or a day has passed."""
    seats = [seat.id for seat in case.person.seats]
    last = case.book.standing.last_by(seats)
    if not last:
        return [Say(Outgoing(case.person.id, text("undo.nothing"), once=""))]
    if any(one.decided for one in last):
        return [Say(Outgoing(case.person.id, text("undo.decided"), once=""))]
    if case.now - last[0].step.at > UNDO_FOR:
        return [Say(Outgoing(case.person.id, text("undo.too_old"), once=""))]
    return [*_withdraw(last, "undo"), _told(case, last)]


def correction(case: Case, _item: Item) -> Sequence[Effect]:
    """ "Nhầm, bỏ tin trên": the same, asked for in words."""
    return take_back(case, {})


def edited(case: Case) -> Sequence[Effect]:
    """The message was edited: what its earlier words had recorded no longer stands, unless decided on."""
    said_ids = case.book.talks.said_under(case.person.id, case.incoming.edits or "")
    before = [one for one in case.book.standing.under(said_ids) if not one.decided]
    return _withdraw(before, "edited")


def _withdraw(steps: Sequence[StandingStep], why: str) -> Sequence[Effect]:
    return [TakeBack((one.step.id,), why, one.step.seat_id) for one in steps]


def _told(case: Case, gone: Sequence[StandingStep]) -> Effect:
    ids = {one.step.id for one in gone}
    words = []
    for one in case.book.assignments.many(dict.fromkeys(step.assignment_id for step in gone)):
        left = fold([step for step in case.book.assignments.steps(one.id) if step.id not in ids], one.task.due)
        words.append(text("undo.now", title=one.task.title, state=state_words(left)))
    says = lines(text("undo.done"), *words, text("undo.again"))
    about = gone[0].assignment_id if len({one.assignment_id for one in gone}) == 1 else None
    return Say(Outgoing(case.person.id, says, once="", kind=LetterKind.RECEIPT, about=about))
