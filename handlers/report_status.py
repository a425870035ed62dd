"""A unit says where its work stands; whatever else a reply holds is handed to the meaning it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.case import Case
from bot.contacts import Action, may
from bot.conversation import QUESTION_LIVES, QuestionKind, RequestKind
from bot.effects import Ask, AttachEvidence, CloseQuestion, Effect, NoteReceived, RaiseRequest, Say, TakeStep
from bot.listing import short, still_open
from bot.messages import Choice, LetterKind, Outgoing, Text, lines, text
from bot.phrases import mentions
from bot.reading.meaning import Item, Kind, Reading
from bot.reading.settled import kept
from bot.tasks import Assignment, Status, Step, StepKind, followed_by, refusal, reported_late
from handlers import ask_extension, ask_obstacle, ask_office, ask_reading, take_evidence, undo

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
    """The message a report comes from: its own words, and the platform time at which it was said without doubt.

    `read` is how it was read, and from what, as the questions about it keep it.
    """

    said_id: int | None
    words: str
    at: datetime
    by_tap: bool
    evidence_ids: tuple[int, ...]
    read: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, case: Case) -> Origin:
        """This very message; files that wait for their task come with it, unless they have waited too long."""
        unplaced = case.book.inbox.unplaced(case.person.id)
        waiting = tuple(one.id for one in unplaced if case.now - one.at < QUESTION_LIVES)
        read = kept(case.given, case.reading) if case.given and case.reading else None
        return cls(case.said_id, case.text, case.incoming.at, bool(case.incoming.button), waiting, read)

    @classmethod
    def kept(cls, payload: Mapping[str, Any]) -> Origin:
        """The message a question was about, out of the question's payload."""
        at = datetime.fromisoformat(payload["at"])
        evidence = tuple(payload["evidence"])
        return cls(payload["said"], payload["text"], at, payload["tap"], evidence, payload.get("read"))

    def plain(self) -> dict[str, Any]:
        """For a question's payload."""
        return {
            "said": self.said_id,
            "text": self.words,
            "at": self.at.isoformat(),
            "tap": self.by_tap,
            "evidence": list(self.evidence_ids),
            "read": self.read,
        }


@dataclass(frozen=True, slots=True)
class _Made:
    """What one item of a message came to: what is said of it, what is done, and the step where one was recorded."""

    words: tuple[Text, ...]
    effects: tuple[Effect, ...] = ()
    one: Assignment | None = None
    step: Step | None = None

    @property
    def done(self) -> bool:
        """A completion was recorded."""
        return self.step is not None and self.step.kind is StepKind.DONE


def reply(case: Case) -> Sequence[Effect]:
    """Everything that is neither a command nor the answer to a question."""
    reading = case.reading
    if not case.text or reading is None:
        return take_evidence.without_words(case)
    if not case.person.units:
        return _outside_units(case, reading)
    if case.evidence_ids and all(item.kind in (Kind.OTHER, Kind.ACK) for item in reading.items):
        return take_evidence.without_words(case)
    if not case.incoming.edits:
        return _understood(case, reading, certain=reading.certain)
    before = undo.under_message(case)
    said = _understood(case, reading, certain=reading.certain and undo.same_tasks(before, reading.items))
    return undo.edited(case, before, [effect for effect in said if isinstance(effect, TakeStep)]) + list(said)


def _understood(case: Case, reading: Reading, *, certain: bool) -> Sequence[Effect]:
    """A short answer to what was asked, or else the message as it was read."""
    if not (certain and _says_status(reading.items)):
        placed = take_evidence.named(case, reading.items)
        if placed is not None:
            return placed
        document = ask_reading.document_given(case)
        if document is not None:
            return settle(case, document, certain=True, origin=_still_of_its_day(case, document[0]))
        if ask_reading.no_document(case):
            return [Say(Outgoing(case.person.id, text("document.later"), once=""))]
        hindered = ask_obstacle.told(case, reading.items)
        if hindered is not None:
            return settle(case, hindered, certain=True, origin=Origin.of(case))
        dated = ask_extension.date_given(case)
        if dated is not None and case.question is not None:
            return settle(case, dated, certain=True, origin=Origin.kept(case.question.payload))
    return settle(case, reading.items, certain=certain, origin=Origin.of(case))


def _still_of_its_day(case: Case, item: Item) -> Origin:
    """A number that only completes what was reported done makes that report no later."""
    one = case.book.assignments.get(item.task or 0)
    origin = Origin.of(case)
    return replace(origin, at=one.state.reported_at) if one and one.state.reported_at else origin


def _says_status(items: Sequence[Item]) -> bool:
    return any(item.kind in _STEPS or item.kind is Kind.EXTENSION for item in items)


def settle(case: Case, items: Sequence[Item], *, certain: bool, origin: Origin) -> Sequence[Effect]:
    """Record what is certain; put everything else as a question. A wrong record is worse than a question."""
    reports = _says_status(items)
    named = any(item.task is not None for item in items)
    if not case.open and not (certain and (named or not reports)):
        # Nothing that could be asked has an answer; one report on what is closed is the office's to judge all the same.
        closed = (items[0].task or _closed_meant(case)) if reports and len(items) == 1 else None
        if closed is None:
            return [Say(Outgoing(case.person.id, text("reply.nothing_open"), once=""))]
        return _record(case, [replace(items[0], task=closed)], origin)
    certain = certain and not _takes_back(case, items)
    if not certain and not ask_extension.refused_anyway(case, items):
        return ask_reading.ask(case, items, origin.plain())
    if reports:
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


def _takes_back(case: Case, items: Sequence[Item]) -> bool:
    """Whether words read as a request speak of taking one back, and one waits that they may mean."""
    kinds = {Kind.EXTENSION: (RequestKind.EXTENSION,), Kind.HANDOVER: (RequestKind.HANDOVER, RequestKind.NOT_OURS)}
    meant = {kind for item in items for kind in kinds.get(item.kind, ())}
    return bool(meant) and mentions(case.text, "taking_back") and any(one.kind in meant for one in undo.waiting(case))


def _closed_meant(case: Case) -> int | None:
    """With nothing open any more: the one task that was answered, edited, or last shown alone."""
    edited = {one.assignment_id for one in undo.under_message(case)} if case.incoming.edits else set()
    shown = set(case.listing.numbered) if case.listing else set()
    for meant in ({case.answered} if case.answered else set(), edited, shown):
        if len(meant) == 1:
            return next(iter(meant))
    return None


def _received(case: Case, item: Item) -> Sequence[Effect]:
    shown = case.listing.numbered if case.listing else ()
    mine = [one for one in case.open if one.id in shown] or list(case.open)
    fresh = tuple(
        one.id
        for one in mine
        if one.state.status is Status.ASSIGNED
        and one.received_at is None
        and may(case.person, Action.REPORT, one.unit_id)
    )
    if not fresh:
        return _small_talk(case, item)
    thanks = text("reply.received", n=len(fresh))
    return [NoteReceived(fresh), Say(Outgoing(case.person.id, thanks, once="", kind=LetterKind.RECEIPT))]


def _small_talk(case: Case, item: Item) -> Sequence[Effect]:
    kind = "reply.understood" if item.kind is Kind.ACK else "reply.small_talk"
    return [Say(Outgoing(case.person.id, lines(text(kind), text("reply.how")), once=""))]


def _outside_units(case: Case, reading: Reading) -> Sequence[Effect]:
    """The office and the chair have nothing to report; thanks are not a question that was not understood."""
    kind = reading.items[0].kind
    polite = {Kind.ACK: "reply.understood", Kind.OTHER: "reply.small_talk"}.get(kind, "reply.not_understood_office")
    return [Say(Outgoing(case.person.id, text(polite), once=""))]


def _record(case: Case, items: Sequence[Item], origin: Origin) -> Sequence[Effect]:
    by_id = {one.id: one for one in case.assignments(item.task for item in items if item.task is not None)}
    raised = 0
    made: list[_Made] = []
    # Which of several tasks the files belong to, nobody knows.
    said = origin if len(items) == 1 else replace(origin, evidence_ids=())
    for item in items:
        asked = any(isinstance(effect, Ask) for one in made for effect in one.effects)
        what = _one(case, by_id.get(item.task or 0), item, said, raised, not asked)
        raised += sum(isinstance(effect, RaiseRequest) for effect in what.effects)
        made.append(what)
    return [*_overtaken(case, made), *_answered(case, made, origin)]


def _next_number(case: Case, raised: int) -> int:
    """The number of the next request, where this message has raised so many that are not written down yet."""
    return case.book.talks.next_request_number() + raised


def _one(case: Case, one: Assignment | None, item: Item, origin: Origin, raised: int, may_ask: bool) -> _Made:
    if item.kind is Kind.HANDOVER:
        return _Made((), tuple(ask_office.handover(case, item, _next_number(case, raised))))
    if one is None or not may(case.person, Action.REPORT, one.unit_id):
        return _Made((text("reply.may_not_report"),))
    if item.kind is Kind.EXTENSION:
        return _extension(case, one, item, origin, raised, may_ask)
    return _status(case, one, item, origin, raised)


def _extension(case: Case, one: Assignment, item: Item, origin: Origin, raised: int, may_ask: bool) -> _Made:
    """A later deadline asked for; how far the work is, is kept where it was said."""
    number = _next_number(case, raised)
    said, wanted = ask_extension.request(case, one, item, number, origin.plain(), may_ask=may_ask)
    if item.percent is None or not one.state.status.open:
        return _Made((said,), tuple(wanted))
    so_far = _reported(case, one, replace(item, kind=Kind.PROGRESS), origin)
    return replace(so_far, words=(*so_far.words, said), effects=(*so_far.effects, *wanted))


def _status(case: Case, one: Assignment, item: Item, origin: Origin, raised: int) -> _Made:
    why = refusal(one.state, _STEPS[item.kind])
    if why == "already_accepted" and not _said_again(one, item, origin):
        return _after_acceptance(case, one, origin, _next_number(case, raised))
    if why is not None:
        return _Made((text(f"refused.{why}", title=short(one.task.title)),))
    return _reported(case, one, item, origin)


def _said_again(one: Assignment, item: Item, origin: Origin) -> bool:
    """A second "xong" that adds nothing to what was confirmed: there is nothing for the office to judge."""
    adds = origin.evidence_ids or item.document not in (None, one.state.document)
    return item.kind is Kind.DONE and not adds


def _after_acceptance(case: Case, one: Assignment, origin: Origin, number: int) -> _Made:
    """What is said of a finished task is the office's to judge."""
    kind, shown = RequestKind.AFTER_ACCEPTANCE, str(number)
    asked = RaiseRequest(number, kind, case.person.id, one.unit_id, one.id, said_id=origin.said_id)
    known = {"number": shown, "unit": one.unit_name, "code": one.task.code, "title": one.task.title}
    told = ask_office.tell_office(case, number, text("clerk.after_acceptance", **known, said=origin.words))
    return _Made((text("reply.already_accepted", title=short(one.task.title), number=shown),), (asked, *told))


def _reported(case: Case, one: Assignment, item: Item, origin: Origin) -> _Made:
    said = one.state.last_report_at
    if said is not None and origin.at < said < case.incoming.at:
        # A colleague completed the report that this number completes too: the later number is to stand, but what was
        # reported done is no later for it.
        origin = replace(origin, at=said + timedelta(microseconds=1))
    step = _step(case, one, item, origin)
    effects: list[Effect] = [TakeStep(one.id, step)]
    if origin.evidence_ids:
        effects.append(AttachEvidence(origin.evidence_ids, one.id))
    after = replace(one, state=followed_by(one.state, step))
    return _Made((_receipt_line(case, after, step, len(origin.evidence_ids)),), tuple(effects), after, step)


def _step(case: Case, one: Assignment, item: Item, origin: Origin) -> Step:
    seat = case.person.seat_for(one.unit_id)
    blocked, untold = item.kind is Kind.BLOCKED, ask_obstacle.untold(item, origin.words)
    return Step(
        kind=_STEPS[item.kind],
        at=origin.at,
        seat_id=seat.id if seat else None,
        percent=item.percent,
        document=item.document,
        note=(item.reason or origin.words)[:_LONGEST_NOTE] if blocked and not untold else None,
        obstacle=item.obstacle if blocked else None,
        follow_up=case.book.people.calendar().step(case.today, _FOLLOW_UP_DAYS) if blocked else None,
        has_evidence=bool(origin.evidence_ids),
        by_tap=origin.by_tap,
        said_id=origin.said_id,
    )


def _receipt_line(case: Case, after: Assignment, step: Step, files: int) -> Text:
    zone = ZoneInfo(case.province.zone)
    late = step.kind is StepKind.DONE and reported_late(after.state, zone)
    extras = tuple(
        part
        for part in (
            text("receipt.percent", percent=step.percent) if step.percent is not None else None,
            text("receipt.document", document=step.document) if step.document else None,
            text("receipt.reason", reason=step.note) if step.note else None,
            text("receipt.files", n=files) if files else None,
            text("receipt.late", n=max(1, _days_late(after.due.on if after.due else None, step.at, zone)))
            if late
            else None,
        )
        if part is not None
    )
    title: str | Text = short(after.task.title)
    if _several(case):
        title = text("list.unit_title", title=title, unit=after.unit_name)
    return text(f"receipt.{step.kind}", title=title, extras=text("receipt.extras", extras=extras) if extras else "")


def _days_late(due: date | None, at: datetime, zone: ZoneInfo) -> int:
    return (at.astimezone(zone).date() - due).days if due else 0


def _several(case: Case) -> bool:
    return len(case.person.units) > 1


def _overtaken(case: Case, made: Sequence[_Made]) -> Sequence[Effect]:
    question = case.question
    if question is None or question.closed_at is not None or question.kind is QuestionKind.CONSENT:
        return ()
    settled = {what.one.id for what in made if what.one is not None}
    asked = (effect for what in made for effect in what.effects if isinstance(effect, RaiseRequest))
    settled |= {effect.assignment_id for effect in asked if effect.assignment_id is not None}
    return (CloseQuestion(question.id, "overtaken"),) if settled & set(question.about) else ()


def _answered(case: Case, made: Sequence[_Made], origin: Origin) -> Sequence[Effect]:
    """One letter for the whole message: what was understood, what is still asked, how to take it back.

    What it asks comes after it: a question remembers the letter in which it was put.
    """
    asks = [effect for what in made for effect in what.effects if isinstance(effect, Ask)]
    rest = [effect for what in made for effect in what.effects if not isinstance(effect, Ask)]
    parts: list[Text] = [words for what in made for words in what.words]
    recorded = {what.one.id: what.one for what in made if what.one is not None}
    wants = [what.one for what in made if _wants_document(case, what)]
    if not asks and len(recorded) == 1 and wants and wants[0] is not None:
        one = wants[0]
        parts.append(text("receipt.ask_document", product=one.task.product))
        asks = [Ask(case.person.id, QuestionKind.DOCUMENT, (), {"assignment": one.id}, (one.id,))]
    hindered = [what.one for what in made if _untold(what)]
    if not asks and len(made) == 1 and hindered and hindered[0] is not None:
        asks = [ask_obstacle.ask(case, hindered[0])]
    if hindered:
        parts.append(text("receipt.ask_obstacle" if asks else "receipt.say_obstacle"))
    if recorded or any(isinstance(effect, RaiseRequest) for effect in rest):
        parts.append(text("receipt.undo"))
    left = _still_open(case, recorded) if any(what.done for what in made) else []
    if left:
        parts.append(still_open(left, case.numbering, case.today, case.zone, with_unit=_several(case)))
    if not parts:
        return rest
    numbered = case.numbering if left else ()
    about = next(iter(recorded)) if len(recorded) == 1 and not numbered else None
    offers = asks[0].offers if asks else ()
    choices = tuple(Choice(offer.label, str(number)) for number, offer in enumerate(offers, 1))
    kind = LetterKind.QUESTION if choices else LetterKind.RECEIPT
    says = Outgoing(case.person.id, lines(*parts), "", kind=kind, about=about, numbered=numbered, choices=choices)
    files = take_evidence.ask(case) if recorded and len(made) > 1 and origin.evidence_ids and not asks else ()
    return [*rest, Say(says), *asks[:1], *files]


def _untold(what: _Made) -> bool:
    return what.step is not None and what.step.kind is StepKind.BLOCKED and what.step.note is None


def _still_open(case: Case, recorded: Mapping[int, Assignment]) -> list[Assignment]:
    left = (recorded.get(one.id, one) for one in case.open)
    return [one for one in left if one.state.status is not Status.REPORTED]


def _wants_document(case: Case, what: _Made) -> bool:
    """Whether a product is due of which neither a number nor a file came with a report."""
    one, step = what.one, what.step
    if one is None or step is None or not what.done or not one.task.product or one.state.document:
        return False
    return not any(told.has_evidence for told in (step, *case.book.assignments.steps(one.id)))
