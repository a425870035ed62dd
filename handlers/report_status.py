"""A unit says where its work stands; whatever else a reply holds is handed to the meaning it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.case import Case
from bot.contacts import Action, may
from bot.conversation import QuestionKind, RequestKind
from bot.effects import Ask, AttachEvidence, CloseQuestion, Effect, NoteReceived, RaiseRequest, Say, TakeStep
from bot.listing import open_list
from bot.messages import LetterKind, Outgoing, Text, lines, text
from bot.reading.meaning import Item, Kind
from bot.tasks import Assignment, Status, Step, StepKind, fold, refusal, reported_late, urgency
from handlers import ask_extension, ask_office, ask_reading, take_evidence, undo

_STEPS = {
    Kind.DONE: StepKind.DONE,
    Kind.PROGRESS: StepKind.PROGRESS,
    Kind.NOT_STARTED: StepKind.NOT_STARTED,
    Kind.BLOCKED: StepKind.BLOCKED,
}
#: A blocker without a date of its own is asked after again so many working days later.
_FOLLOW_UP_DAYS = 3
#: So much of a blocker's own words is repeated in lists and letters.
_LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Origin:
    """The message a report comes from: its own words and platform time, also when a question came between."""

    said_id: int | None
    at: datetime
    by_tap: bool
    evidence_ids: tuple[int, ...]

    @classmethod
    def of(cls, case: Case) -> Origin:
        """This very message; files that still wait for their task come with it."""
        waiting = tuple(one.id for one in case.book.inbox.unplaced(case.person.id))
        return cls(case.said_id, case.incoming.at, bool(case.incoming.button), waiting)

    @classmethod
    def kept(cls, payload: Mapping[str, Any]) -> Origin:
        """The message a question was about, out of the question's payload."""
        at = datetime.fromisoformat(payload["at"])
        return cls(payload["said"], at, payload["tap"], tuple(payload["evidence"]))

    def plain(self) -> dict[str, Any]:
        """For a question's payload."""
        return {
            "said": self.said_id,
            "at": self.at.isoformat(),
            "tap": self.by_tap,
            "evidence": list(self.evidence_ids),
        }


def reply(case: Case) -> Sequence[Effect]:
    """Everything that is neither a command nor the answer to a question."""
    if not case.text:
        return take_evidence.without_words(case)
    if not case.person.units:
        return [Say(Outgoing(case.person.id, text("reply.not_understood_office"), once=""))]
    withdrawn = undo.edited(case) if case.incoming.edits else ()
    reading = case.reading
    if reading is None:
        return withdrawn
    filled = ask_reading.document_given(case) or ask_extension.date_given(case)
    if filled is not None and not (reading.certain and _says_status(reading.items)):
        return [*withdrawn, *settle(case, filled, certain=True, origin=Origin.of(case))]
    return [*withdrawn, *settle(case, reading.items, certain=reading.certain, origin=Origin.of(case))]


def _says_status(items: Sequence[Item]) -> bool:
    return any(item.kind in _STEPS or item.kind is Kind.EXTENSION for item in items)


def settle(case: Case, items: Sequence[Item], *, certain: bool, origin: Origin) -> Sequence[Effect]:
    """Record what is certain; put everything else as a question. A wrong record is worse than a question."""
    needs_task = any(item.kind in _STEPS or item.kind is Kind.EXTENSION for item in items)
    if needs_task and not case.open and all(item.task is None for item in items):
        return [Say(Outgoing(case.person.id, text("reply.nothing_open"), once=""))]
    if not certain:
        return ask_reading.ask(case, items, origin.plain())
    if needs_task:
        return _record(case, items, origin)
    item = items[0]
    talk: Mapping[Kind, Callable[[Case, Item], Sequence[Effect]]] = {
        Kind.ACK: _received,
        Kind.QUESTION: ask_office.question,
        Kind.HANDOVER: ask_office.handover,
        Kind.CORRECTION: undo.correction,
        Kind.OTHER: _small_talk,
    }
    return talk.get(item.kind, _small_talk)(case, item)


def _received(case: Case, _item: Item) -> Sequence[Effect]:
    shown = case.listing.numbered if case.listing else ()
    mine = [one for one in case.open if one.id in shown] or list(case.open)
    fresh = tuple(one.id for one in mine if one.state.status is Status.ASSIGNED)
    thanks = Say(Outgoing(case.person.id, text("reply.received", n=len(mine)), once="", kind=LetterKind.RECEIPT))
    return [NoteReceived(fresh), thanks] if fresh else [thanks]


def _small_talk(case: Case, _item: Item) -> Sequence[Effect]:
    return [Say(Outgoing(case.person.id, text("reply.small_talk"), once=""))]


def _record(case: Case, items: Sequence[Item], origin: Origin) -> Sequence[Effect]:
    by_id = {one.id: one for one in case.book.assignments.many(item.task for item in items if item.task is not None)}
    effects: list[Effect] = []
    words: list[Text] = []
    recorded: list[tuple[Assignment, Item]] = []
    numbers = case.book.talks.next_request_number()
    single = len(items) == 1
    for item in items:
        one = by_id.get(item.task or 0)
        if one is None or not may(case.person, Action.REPORT, one.unit_id):
            words.append(text("reply.may_not_report", unit=one.unit_name if one else ""))
        elif item.kind is Kind.EXTENSION:
            said, wanted = ask_extension.request(case, one, item, numbers, origin.plain())
            words.append(said)
            effects += wanted
            numbers += sum(isinstance(effect, RaiseRequest) for effect in wanted)
            if item.percent is not None:
                step = _step(case, one, replace(item, kind=Kind.PROGRESS), origin, False)
                effects.append(TakeStep(one.id, step))
        elif item.kind in _STEPS:
            made, said = _one(case, one, item, origin, numbers, single)
            effects += made
            words.append(said)
            numbers += sum(isinstance(effect, RaiseRequest) for effect in made)
            recorded.append((one, item))
        else:
            effects += ask_office.handover(case, item) if item.kind is Kind.HANDOVER else ()
    effects += _overtaken(case, {one.id for one, _ in recorded})
    return [*effects, *_receipt(case, words, recorded, origin)]


def _one(
    case: Case, one: Assignment, item: Item, origin: Origin, number: int, single: bool
) -> tuple[list[Effect], Text]:
    kind = _STEPS[item.kind]
    why = refusal(one.state, kind)
    if why == "already_accepted":
        asked = RaiseRequest(number, RequestKind.AFTER_ACCEPTANCE, case.person.id, one.unit_id, one.id)
        told = ask_office.tell_office(case, number, text("clerk.after_acceptance", **_office_words(case, one, number)))
        return [asked, *told], text("reply.already_accepted", title=one.task.title, number=number)
    if why is not None:
        return [], text(f"refused.{why}", title=one.task.title)
    evidence = origin.evidence_ids if single else ()
    step = _step(case, one, item, origin, bool(evidence))
    effects: list[Effect] = [TakeStep(one.id, step)]
    if evidence:
        effects.append(AttachEvidence(evidence, one.id))
    return effects, _receipt_line(case, one, step, len(evidence))


def _office_words(case: Case, one: Assignment, number: int) -> dict[str, str | int]:
    return {"number": number, "unit": one.unit_name, "title": one.task.title, "said": case.text, "code": one.task.code}


def _step(case: Case, one: Assignment, item: Item, origin: Origin, has_evidence: bool) -> Step:
    seat = case.person.seat_for(one.unit_id)
    blocked = item.kind is Kind.BLOCKED
    return Step(
        kind=_STEPS[item.kind],
        at=origin.at,
        seat_id=seat.id if seat else None,
        percent=item.percent,
        document=item.document,
        note=(item.reason or case.text[:_LONGEST_NOTE]) if blocked else None,
        obstacle=item.obstacle if blocked else None,
        follow_up=case.book.people.calendar().step(case.today, _FOLLOW_UP_DAYS) if blocked else None,
        has_evidence=has_evidence,
        by_tap=origin.by_tap,
        said_id=origin.said_id,
    )


def _receipt_line(case: Case, one: Assignment, step: Step, files: int) -> Text:
    after = fold((*case.book.assignments.steps(one.id), step), one.task.due)
    zone = ZoneInfo(case.province.zone)
    late = step.kind is StepKind.DONE and reported_late(after, zone)
    note = step.note if step.note and step.note.strip() != one.task.title else None
    extras = tuple(
        part
        for part in (
            text("receipt.percent", percent=step.percent) if step.percent is not None else None,
            text("receipt.document", document=step.document) if step.document else None,
            text("receipt.reason", reason=note) if note else None,
            text("receipt.files", n=files) if files else None,
            text("receipt.late", n=max(1, _days_late(after.due.on if after.due else None, step.at, zone)))
            if late
            else None,
        )
        if part is not None
    )
    title = text("list.unit_title", title=one.task.title, unit=one.unit_name) if _several(case) else one.task.title
    return text(f"receipt.{step.kind}", title=title, extras=text("receipt.extras", extras=extras) if extras else "")


def _days_late(due: date | None, at: datetime, zone: ZoneInfo) -> int:
    return (at.astimezone(zone).date() - due).days if due else 0


def _several(case: Case) -> bool:
    return len(case.person.units) > 1


def _overtaken(case: Case, ids: set[int]) -> Sequence[Effect]:
    question = case.question
    if question is None or question.closed_at is not None or question.kind is QuestionKind.CONSENT:
        return ()
    return (CloseQuestion(question.id, "overtaken"),) if ids & set(question.about) else ()


def _receipt(
    case: Case, words: Sequence[Text], recorded: Sequence[tuple[Assignment, Item]], origin: Origin
) -> Sequence[Effect]:
    """One letter for the whole message: what was understood, what is still asked, how to take it back."""
    parts: list[Text] = list(words)
    after: list[Effect] = []
    wants = [one for one, item in recorded if _wants_document(one, item, origin)]
    if len(recorded) == 1 and wants:
        one = wants[0]
        parts.append(text("receipt.ask_document", product=one.task.product))
        payload = {"assignment": one.id}
        after.append(Ask(case.person.id, QuestionKind.DOCUMENT, (), payload, (one.id,)))
    if recorded:
        parts.append(text("receipt.undo"))
    left = _still_open(case, {one.id for one, item in recorded if item.kind is Kind.DONE})
    numbered: tuple[int, ...] = ()
    if recorded and left and any(item.kind is Kind.DONE for _, item in recorded):
        parts.append(open_list(left, case.today))
        numbered = tuple(one.id for one in left)
    about = recorded[0][0].id if len(recorded) == 1 and not numbered else None
    says = Say(Outgoing(case.person.id, lines(*parts), "", kind=LetterKind.RECEIPT, about=about, numbered=numbered))
    return [says, *after]


def _still_open(case: Case, done: set[int]) -> list[Assignment]:
    left = [one for one in case.open if one.id not in done and one.state.status is not Status.REPORTED]
    return sorted(left, key=urgency)


def _wants_document(one: Assignment, item: Item, origin: Origin) -> bool:
    known = item.document or one.state.document or origin.evidence_ids
    return item.kind is Kind.DONE and bool(one.task.product) and not known
