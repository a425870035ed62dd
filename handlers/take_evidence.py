"""A file without words waits for its task: attached where only one can be meant, else one question settles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.case import Case
from bot.conversation import QuestionKind
from bot.effects import Ask, AttachEvidence, Effect, Offer, Say
from bot.messages import Choice, LetterKind, Outgoing, lines, text

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
    if not case.open:
        return [Say(Outgoing(case.person.id, text("evidence.nothing_open"), once=""))]
    meant = case.answered if case.answered in {one.id for one in case.open} else None
    if meant is None and len(case.open) == 1:
        meant = case.open[0].id
    if meant is not None:
        return attach(case, {"task": meant}, case.evidence_ids)
    if _asked_already(case):
        return []
    return _ask(case)


def _asked_already(case: Case) -> bool:
    """The other pictures of one album come one by one; the question is put once for all of them."""
    question = case.question
    waits = question is not None and question.closed_at is None and question.kind is QuestionKind.EVIDENCE
    return waits and case.incoming.album is not None


def _ask(case: Case) -> Sequence[Effect]:
    offered = case.open[:_MOST_OFFERED]
    offers = tuple(Offer(text("plain", text=one.task.title), {"task": one.id}) for one in offered)
    listed = tuple(text("option", number=number, label=offer.label) for number, offer in enumerate(offers, 1))
    choices = tuple(Choice(text("number", number=str(number)), str(number)) for number in range(1, len(offers) + 1))
    says = lines(text("evidence.which"), *listed, text("option.how"))
    numbered = tuple(one.id for one in offered)
    return [
        Say(Outgoing(case.person.id, says, "", kind=LetterKind.QUESTION, choices=choices, numbered=numbered)),
        Ask(case.person.id, QuestionKind.EVIDENCE, offers, {}, numbered),
    ]


def attach(case: Case, pick: Mapping[str, Any], evidence_ids: Sequence[int] = ()) -> Sequence[Effect]:
    """Put the files that wait with the task; the state of the task is not touched."""
    waiting = tuple(evidence_ids) or tuple(one.id for one in case.book.inbox.unplaced(case.person.id))
    one = case.book.assignments.get(pick["task"])
    if one is None or not waiting:
        return [Say(Outgoing(case.person.id, text("evidence.gone"), once=""))]
    says = text("evidence.kept", n=len(waiting), title=one.task.title)
    return [
        AttachEvidence(waiting, one.id),
        Say(Outgoing(case.person.id, says, once="", kind=LetterKind.RECEIPT, about=one.id)),
    ]
