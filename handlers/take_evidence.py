"""A file without words waits for its task: attached where only one can be meant, else one question settles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.case import Case
from bot.contacts import Action, may
from bot.conversation import OpenQuestion, QuestionKind
from bot.effects import Ask, AttachEvidence, CloseQuestion, Effect, Offer, Say
from bot.listing import short
from bot.messages import Choice, LetterKind, Outgoing, Text, lines, text
from bot.reading.meaning import Item, Kind
from bot.tasks import Assignment, Status

#: So many tasks are offered by number; somebody with more types the number of the list.
_MOST_OFFERED = 9


def without_words(case: Case) -> Sequence[Effect]:
    """Where this file belongs."""
    if not case.evidence_ids:
        return [Say(Outgoing(case.person.id, text("reply.empty"), once=""))]
    if case.incoming.album:
        place = case.book.inbox.album_place(case.person.id, case.incoming.album)
        if place is not None:
            return [AttachEvidence(case.evidence_ids, place)]
    mine = _own(case)
    if not mine:
        return [Say(Outgoing(case.person.id, text(_nowhere(case)), once=""))]
    meant = case.answered if case.answered in {one.id for one in mine} else None
    if meant is None and len(mine) == 1:
        meant = mine[0].id
    if meant is not None:
        return attach(case, {"task": meant}, case.evidence_ids)
    if case.incoming.album is not None and _asked(case) is not None:
        return []  # the pictures of one album come one by one; the question is put once for all of them
    return ask(case)


def _nowhere(case: Case) -> str:
    """Why a file can belong to nothing."""
    if not case.person.units:
        return "evidence.no_unit"
    return "reply.may_not_report" if case.open else "evidence.nothing_open"


def named(case: Case, items: Sequence[Item]) -> Sequence[Effect] | None:
    """With the question of the file's task open, words that only name a task ("ảnh của việc 3") answer it."""
    known = {item.task for item in items} - {None}
    if _asked(case) is None or len(known) != 1 or len(items) != 1 or items[0].kind is not Kind.UNCLEAR:
        return None
    if len(case.text.split()) <= 1:
        return None
    return attach(case, {"task": known.pop()})


def _own(case: Case) -> tuple[Assignment, ...]:
    return tuple(one for one in case.open if may(case.person, Action.REPORT, one.unit_id))


def _asked(case: Case) -> OpenQuestion | None:
    question = case.question
    waits = question is not None and question.closed_at is None and question.kind is QuestionKind.EVIDENCE
    return question if waits else None


def ask(case: Case) -> Sequence[Effect]:
    """Which task the files that wait belong to; the list is numbered anew, so that "2 xong" means the same 2."""
    offered = _own(case)[:_MOST_OFFERED]
    offers = tuple(Offer(_title(case, one), {"task": one.id}) for one in offered)
    listed = tuple(text("option", number=number, label=offer.label) for number, offer in enumerate(offers, 1))
    choices = tuple(Choice(text("number", number=str(number)), str(number)) for number in range(1, len(offers) + 1))
    says = lines(text("evidence.which"), *listed, text("option.how"))
    numbered = tuple(one.id for one in offered)
    return [
        Say(Outgoing(case.person.id, says, "", kind=LetterKind.QUESTION, choices=choices, numbered=numbered)),
        Ask(case.person.id, QuestionKind.EVIDENCE, offers, {}, numbered),
    ]


def _title(case: Case, one: Assignment) -> Text:
    if len(case.person.units) > 1:
        return text("list.unit_title", title=one.task.title, unit=one.unit_name)
    return text("plain", text=one.task.title)


def attach(case: Case, pick: Mapping[str, Any], evidence_ids: Sequence[int] = ()) -> Sequence[Effect]:
    """Put the files that wait with the task; the state of the task is not touched."""
    waiting = tuple(evidence_ids) or tuple(one.id for one in case.book.inbox.unplaced(case.person.id))
    one = case.book.assignments.get(pick["task"])
    if one is None or not waiting or not may(case.person, Action.REPORT, one.unit_id):
        return [Say(Outgoing(case.person.id, text("evidence.gone"), once=""))]
    reported = one.state.status is Status.REPORTED
    kept = "evidence.kept_reported" if reported else "evidence.kept"
    question = _asked(case)
    return [
        AttachEvidence(waiting, one.id),
        *([CloseQuestion(question.id, "answered")] if question is not None else []),
        Say(
            Outgoing(
                case.person.id,
                text(kept, n=len(waiting), title=short(one.task.title)),
                once="",
                kind=LetterKind.RECEIPT,
                about=one.id,
            )
        ),
    ]
