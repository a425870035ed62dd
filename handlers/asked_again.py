"""A bare number long after its question may mean something else: the question is shown once more before it counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.case import Case
from bot.conversation import ASKED_AGAIN, OpenQuestion, QuestionKind
from bot.effects import Ask, CloseQuestion, Effect, Offer, Say
from bot.messages import Choice, LetterKind, Outgoing, lines, text

#: After so long, or so many messages of one's own, a question is no longer before the eyes.
_FRESH_FOR = timedelta(hours=2)
_MANY_BETWEEN = 2
#: What ends with a record; the others are the office's, or are asked by a letter that says more than the question.
_KINDS = (QuestionKind.READING, QuestionKind.EVIDENCE, QuestionKind.WITHDRAWAL)


def out_of_sight(case: Case, question: OpenQuestion) -> bool:
    """Whether a number typed now can hardly be meant for it; a button or an answer to its letter always is."""
    if question.kind not in _KINDS or case.incoming.button or _answers_its_letter(case, question):
        return False
    if case.now - question.asked_at > _FRESH_FOR:
        return True
    after, here = question.payload.get("after") or 0, case.said_id or 0
    return case.book.talks.said_between(case.person.id, after, here) >= _MANY_BETWEEN


def _answers_its_letter(case: Case, question: OpenQuestion) -> bool:
    to, sender = case.incoming.reply_to, case.incoming.sender
    found = case.book.talks.letter_answered(case.person.id, sender, to) if to else None
    return found is not None and found["listing_id"] == question.payload["listing"]


def again(case: Case, question: OpenQuestion) -> Sequence[Effect]:
    """The same question in the same words; nothing where they were erased, so that it lapses."""
    listing_id = question.payload["listing"]
    words, labels = case.book.talks.letter_asking(case.person.id, listing_id)
    if not words:
        late = Say(Outgoing(case.person.id, text("question.expired"), once=""))
        return [CloseQuestion(question.id, "expired"), late]
    listing = case.book.talks.listing(listing_id, case.person.id)
    numbered = listing.numbered if listing else ()
    choices = tuple(Choice(text("plain", text=label), str(number)) for number, label in enumerate(labels, 1))
    says = lines(text("question.again"), words)
    offers = tuple(Offer(text("plain", text=option.label), option.pick) for option in question.options)
    return [
        CloseQuestion(question.id, ASKED_AGAIN),
        Say(Outgoing(case.person.id, says, "", kind=LetterKind.QUESTION, choices=choices, numbered=numbered)),
        Ask(case.person.id, question.kind, offers, question.payload, question.about),
    ]
