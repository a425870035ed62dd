"""The sender takes back what they reported: by "hoàn tác", by a correction, or by editing the message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.case import Case
from bot.contacts import Action, Role, may
from bot.conversation import OpenQuestion, QuestionKind, Request, RequestKind, Verdict
from bot.effects import CloseQuestion, Effect, Say, SettleRequest, TakeBack, TakeStep
from bot.listing import short, state_words
from bot.messages import LetterKind, Outgoing, Text, lines, text
from bot.reading.meaning import Item
from bot.store.standing import StandingStep
from bot.store.timetable import Changed, TimetableChange
from bot.tasks import UNDO_FOR, Assignment, fold
from handlers.timetable_words import put_back_words

#: Asked with a receipt, to complete what was just recorded.
_COMPLETES = (QuestionKind.DOCUMENT, QuestionKind.OBSTACLE)


@dataclass(frozen=True, slots=True)
class _Left:
    """What one message of this person's left and may still go back: reports, and requests that wait for the office."""

    said_id: int | None
    at: datetime
    steps: tuple[StandingStep, ...] = ()
    requests: tuple[Request, ...] = ()

    @property
    def since(self) -> tuple[datetime, int]:
        """Since when; in one moment the later message decides."""
        return _since(self.at, self.said_id)


def take_back(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """The newest of this person's no longer stands: the question they were asked, or else all that one message left."""
    if "number" not in slots:
        return _back(case)
    meant = case.numbered(int(slots["number"]))
    return _back(case, meant) if meant else [Say(Outgoing(case.person.id, text("task.unknown"), once=""))]


def drop_question(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect] | None:
    """ "Thôi", "bỏ đi": with a question open it means that one; else it is read like everything else."""
    question = asked(case)
    if question is None:
        return None
    # What stands in the way was reported, and only what it is was asked: the report stays.
    return question_dropped(case, question) if question.kind is QuestionKind.OBSTACLE else _back(case)


def _back(case: Case, task: int | None = None) -> Sequence[Effect]:
    """With a task: what was asked about it, or was last said of it alone."""
    seats = [seat.id for seat in case.person.seats]
    left = _last_left(case, seats, task)
    question = asked(case)
    if question is not None and task is not None and question.about != (task,):
        question = None
    if question is not None and left is not None and _since(question.asked_at, _after(question)) < left.since:
        question = None
    if question is not None and (left is None or left.said_id != _after(question)):
        return question_dropped(case, question, left)
    office = _of_the_office(case, seats) if task is None else None
    if office is not None:
        return [Say(Outgoing(case.person.id, office, once=""))]
    if left is None:
        return [Say(Outgoing(case.person.id, _nothing(case, task), once=""))]
    why_not = _too_late(case, left)
    if why_not is not None:
        return [Say(Outgoing(case.person.id, text(why_not), once=""))]
    dropped = [CloseQuestion(question.id, "withdrawn")] if question is not None else []
    return [*dropped, *_withdrawn(case, left), *_units_told(case, left.steps)]


def _of_the_office(case: Case, seats: Sequence[int]) -> Text | None:
    """What goes back in other words, where that was done last: a change of days or of pace, a decision."""
    newest = case.book.standing.newest(seats)
    since = _since(*newest) if newest else None
    change = _last_change(case)
    if change is not None and (since is None or _since(change.at, change.said_id) > since):
        return put_back_words(change)
    return text("undo.decision") if case.book.standing.last_was_decision(seats) else None


def _last_change(case: Case) -> TimetableChange | None:
    """Their own, of the days or of the pace, where nobody changed that since, and while a report could go back."""
    if not may(case.person, Action.TIMETABLE):
        return None
    last = (case.book.timetable.last_change(what) for what in Changed)
    mine = [one for one in last if one and one.by == case.person.name and case.now - one.at <= UNDO_FOR]
    return max(mine, key=lambda one: _since(one.at, one.said_id), default=None)


def _nothing(case: Case, task: int | None) -> Text:
    one = case.book.assignments.get(task) if task is not None else None
    return text("undo.nothing_of", title=short(one.task.title)) if one else text("undo.nothing")


def _last_left(case: Case, seats: Sequence[int], task: int | None = None) -> _Left | None:
    """All that the newest message with an effect left, on one task where that is named."""
    asked = [one for one in waiting(case) if case.now - one.asked_at <= UNDO_FOR and task in (None, one.assignment_id)]
    newest = max(asked, key=lambda one: one.number, default=None)
    last = case.book.standing.last_by(seats, task)
    reported = _Left(last[-1].step.said_id, last[-1].recorded_at, last) if last else None
    if newest is not None and (reported is None or _since(newest.asked_at, newest.said_id) >= reported.since):
        under = case.book.standing.under([newest.said_id] if newest.said_id else [])
        mine = [one for one in under if one.step.seat_id in seats and task in (None, one.assignment_id)]
        still = tuple(one for one in mine if not one.decided and _fresh(case, one))
        return _Left(newest.said_id, newest.asked_at, still, _of_one_message(asked, newest.said_id) or (newest,))
    return replace(reported, requests=_of_one_message(asked, reported.said_id)) if reported else None


def _since(at: datetime, said_id: int | None) -> tuple[datetime, int]:
    return at, said_id or 0


def _of_one_message(asked: Sequence[Request], said_id: int | None) -> tuple[Request, ...]:
    return tuple(one for one in asked if said_id is not None and one.said_id == said_id)


def _fresh(case: Case, one: StandingStep) -> bool:
    return case.now - one.step.at <= UNDO_FOR


def _too_late(case: Case, left: _Left) -> str | None:
    if left.requests:
        return None
    if any(one.decided for one in left.steps):
        return "undo.decided"
    return None if all(_fresh(case, one) for one in left.steps) else "undo.too_old"


def asked(case: Case) -> OpenQuestion | None:
    """The question this person has before them; one for a report's document goes with its report."""
    question = case.question
    if question is None or question.closed_at is not None or case.now >= question.expires_at:
        return None
    return None if question.kind in (QuestionKind.CONSENT, QuestionKind.DOCUMENT) else question


def _after(question: OpenQuestion) -> int:
    """The message that led to it."""
    return question.payload.get("after") or 0


def question_dropped(
    case: Case, question: OpenQuestion, left: _Left | None = None, *, rest: Text | None = None
) -> Sequence[Effect]:
    """The question alone goes; what was recorded before it stands, and how that goes too is said (`rest`)."""
    key = {QuestionKind.EVIDENCE: "undo.question_file"}.get(question.kind, "undo.question_other")
    about = question.payload.get("text")
    says = text("undo.question", said=quoted(about)) if about else text(key)
    more = (
        left is not None
        and _too_late(case, left) is None
        and not case.book.standing.last_was_decision([seat.id for seat in case.person.seats])
    )
    if more and left:
        rest = text("undo.question_only", said=quoted(_words_of(case, left)))
    told = Say(Outgoing(case.person.id, lines(says, rest), once="", kind=LetterKind.RECEIPT))
    return [CloseQuestion(question.id, "withdrawn"), told]


def _words_of(case: Case, left: _Left) -> str:
    """What was typed; nothing where it was erased."""
    if left.requests:
        return left.requests[0].text or ""
    said = case.book.sources.of([left.steps[0].assignment_id])
    return next((one.text for one in said if one.said_id is not None and one.said_id == left.said_id), "")


def quoted(words: str) -> Text | str:
    """Somebody's words inside a sentence, as far as they are known."""
    return text("undo.said", said=short(" ".join(words.split()))) if words.strip() else ""


def correction(case: Case, item: Item) -> Sequence[Effect]:
    """ "Nhầm, bỏ tin trên", "việc 2 báo nhầm": the same, asked for in words."""
    return _back(case, item.task)


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
    effects: list[Effect] = [*_withdraw(case, gone, "edited")]
    question = case.question
    if question is not None and question.closed_at is None and _asked_of_it(case, question):
        effects.append(CloseQuestion(question.id, "edited"))
    return effects if anew or not gone else [*effects, _told(case, gone, text("undo.edited"), back="undo.again")]


def _asked_of_it(case: Case, question: OpenQuestion) -> bool:
    said = question.payload.get("said")
    return said in case.book.talks.said_under(case.person.id, case.incoming.edits or "")


def _withdraw(case: Case, steps: Sequence[StandingStep], why: str) -> Sequence[Effect]:
    """The reports go, and with them the question that only completes one."""
    gone = {one.assignment_id for one in steps}
    question = case.question
    asks = question is not None and question.closed_at is None and question.kind in _COMPLETES
    closed = [CloseQuestion(question.id, "withdrawn")] if question and asks and gone & set(question.about) else []
    return [*closed, *(TakeBack((one.step.id,), why, one.step.seat_id) for one in steps)]


def waiting(case: Case) -> tuple[Request, ...]:
    """What this person put before the office and still waits there, the newest last."""
    kinds = (RequestKind.EXTENSION, RequestKind.HANDOVER, RequestKind.NOT_OURS, RequestKind.QUESTION)
    asked = [one for kind in kinds for one in case.book.talks.requests_by(case.person.id, kind)]
    return tuple(sorted((one for one in asked if one.settled_at is None), key=lambda one: one.number))


def newest_words(case: Case) -> str | None:
    """The words that "hoàn tác" would take back; None where there are none any more."""
    seats = [seat.id for seat in case.person.seats]
    left = _last_left(case, seats)
    if left is None or _too_late(case, left) is not None or case.book.standing.last_was_decision(seats):
        return None
    return _words_of(case, left) or None


def requests_withdrawn(case: Case, requests: Sequence[Request]) -> Sequence[Effect]:
    """These requests go, and nothing else."""
    return _withdrawn(case, _Left(requests[0].said_id, case.now, (), tuple(requests)))


def _withdrawn(case: Case, left: _Left) -> Sequence[Effect]:
    """One letter for all of one message."""
    seat = case.person.seats[0].id if case.person.seats else None
    said = quoted(_words_of(case, left))
    gone = [SettleRequest(one.id, Verdict.WITHDRAWN, seat) for one in left.requests]
    told = _told(case, left.steps, head=text("undo.done", said="" if gone else said), before=_requests_gone(case, left))
    return [*gone, *_withdraw(case, left.steps, "undo"), told]


def _requests_gone(case: Case, left: _Left) -> Sequence[Text]:
    if not left.requests:
        return ()
    numbers = tuple(str(one.number) for one in left.requests)
    about = [one.assignment_id for one in left.requests if one.assignment_id is not None]
    titles = {one.id: one.task.title for one in case.book.assignments.many(about)}
    return (
        text(
            "undo.request",
            numbers=numbers,
            said=quoted(" … ".join(dict.fromkeys(one.text or "" for one in left.requests))),
        ),
        *(
            text("undo.extension", title=short(titles[one.assignment_id]), due=one.due)
            for one in left.requests
            if one.kind is RequestKind.EXTENSION and one.assignment_id in titles
        ),
    )


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


def _told(
    case: Case, gone: Sequence[StandingStep], head: Text, *, before: Sequence[Text] = (), back: str = "undo.back"
) -> Effect:
    """How things stand again, under the numbers they had all the time."""
    now = _as_before(case, gone)
    words = [text("undo.now", title=short(one.task.title), state=state_words(one.state)) for one in now.values()]
    files = text("undo.files_stay") if any(one.step.has_evidence for one in gone) else None
    says = lines(*before, *([head, *words] if words else ()), files, text(back))
    about = next(iter(now)) if len(now) == 1 else None
    return Say(Outgoing(case.person.id, says, once="", kind=LetterKind.RECEIPT, about=about))


def _as_before(case: Case, gone: Sequence[StandingStep]) -> dict[int, Assignment]:
    """The assignments of these steps as they stand without them."""
    ids = {one.step.id for one in gone}
    now: dict[int, Assignment] = {}
    for one in case.book.assignments.many(dict.fromkeys(step.assignment_id for step in gone)):
        left = fold([step for step in case.book.assignments.steps(one.id) if step.id not in ids], one.task.due)
        now[one.id] = replace(one, state=left)
    return now
