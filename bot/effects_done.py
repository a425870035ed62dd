"""Effects carried out: the one place where what handlers want becomes rows, in the order they said it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.contacts import Person, Role
from bot.conversation import Option
from bot.effects import (
    AddAddress,
    Ask,
    AttachEvidence,
    ChangeDays,
    ChangePolicy,
    ChooseLanguage,
    CloseQuestion,
    CorrectPerson,
    Effect,
    GiveConsent,
    GiveSeat,
    IssueCode,
    Leave,
    Meet,
    NoteReceived,
    RaiseRequest,
    RemindAgain,
    Say,
    SettleRequest,
    TakeBack,
    TakeStep,
    UseInvite,
)
from bot.filing import file_answer
from bot.messages import Incoming
from bot.store.book import Book
from bot.store.unsaid import needless_by
from bot.tasks import Acceptance, State, Step, StepKind, settles_itself
from bot.wording import Wording
from scheduler.replanning import change_days, change_policy, change_seats


def carry_out(
    book: Book,
    effects: Sequence[Effect],
    *,
    inbox_id: int,
    incoming: Incoming | None,
    said_id: int | None,
    now: datetime,
    speaker: Person | None = None,
) -> None:
    """Do all of it, inside the caller's transaction. `speaker`: whose message it is, as the book knows them now."""
    _lock(book, effects)
    work = _Work(book, inbox_id, incoming, said_id, now, speaker)
    for effect in effects:
        work.do(effect)


def _lock(book: Book, effects: Sequence[Effect]) -> None:
    """All assignments that are about to be written, always in the same order: two messages never wait in a ring."""
    touched: set[int] = set()
    for effect in effects:
        match effect:
            case TakeStep() | AttachEvidence():
                touched.add(effect.assignment_id)
            case NoteReceived():
                touched.update(effect.assignment_ids)
            case TakeBack():
                touched.update(book.assignments.of_steps(effect.step_ids))
    if touched:
        book.assignments.lock(touched)


class _Work:
    def __init__(
        self,
        book: Book,
        inbox_id: int,
        incoming: Incoming | None,
        said_id: int | None,
        now: datetime,
        speaker: Person | None,
    ) -> None:
        self._book = book
        self._inbox_id = inbox_id
        self._incoming = incoming
        self._said_id = said_id
        self._now = now
        self._speaker = speaker
        self._province = book.people.province()
        self._letters = 0
        self._listing_id: int | None = None

    def do(self, effect: Effect) -> None:
        """Carry out one effect."""
        book, now = self._book, self._now
        match effect:
            case Say():
                self._say(effect)
            case TakeStep():
                self._step(effect)
            case TakeBack():
                self._take_back(effect)
            case NoteReceived():
                book.assignments.note_received(effect.assignment_ids, now)
            case Ask():
                self._ask(effect)
            case CloseQuestion():
                book.talks.close_question(effect.question_id, effect.outcome, now)
            case AttachEvidence():
                book.inbox.attach(effect.evidence_ids, effect.assignment_id)
                self._settle(effect.assignment_id, book.assignments.weigh_evidence(effect.assignment_id), None)
            case RaiseRequest() | SettleRequest():
                self._request(effect)
            case ChangeDays() | ChangePolicy() | RemindAgain():
                self._timetable(effect)
            case _:
                self._person(effect)

    def _timetable(self, effect: ChangeDays | ChangePolicy | RemindAgain) -> None:
        book, said_id, now = self._book, self._said_id, self._now
        match effect:
            case ChangeDays():
                change_days(book, effect.days, effect.seat_id, said_id, now)
            case ChangePolicy():
                change_policy(book, effect.policy, effect.seat_id, said_id, now)
            case RemindAgain():
                book.asked.ask(effect.assignment_ids, effect.person_id, effect.day, effect.slot, now)

    def _say(self, effect: Say) -> None:
        self._letters += 1
        outgoing = effect.outgoing
        if not outgoing.once:
            outgoing = replace(outgoing, once=f"answer:{self._inbox_id}:{self._letters}")
        answers = (self._inbox_id, self._incoming) if self._incoming is not None else None
        zone = ZoneInfo(self._province.zone)
        language = self._province.language
        self._listing_id = file_answer(self._book, outgoing, zone, language, self._now, answers, self._speaker)

    def _step(self, effect: TakeStep) -> None:
        said_id = effect.step.said_id or self._said_id
        step = effect.step if effect.step.said_id == said_id else replace(effect.step, said_id=said_id)
        change = self._book.assignments.record(effect.assignment_id, step, self._now, seen=effect.seen)
        if self._book.assignments.spoken_of(effect.assignment_id):
            self._book.reminders.cancel(effect.assignment_id, needless_by(change.step))
        self._settle(effect.assignment_id, change.after, effect.step.at)

    def _take_back(self, effect: TakeBack) -> None:
        here = self._now.astimezone(ZoneInfo(self._province.zone))
        for step_id in effect.step_ids:
            change = self._book.assignments.take_back(step_id, effect.why, effect.seat_id, self._now)
            if change is not None:
                self._book.reminders.restore(change.assignment_id, needless_by(change.step), here)

    def _settle(self, assignment_id: int, state: State | None, at: datetime | None) -> None:
        """Accept what the province's policy accepts by itself: as of the report, or of the file that completes it."""
        policy = Acceptance(self._province.settings.get("acceptance", Acceptance.OFFICE))
        if state is not None and settles_itself(policy, state):
            moment = at or max(self._incoming.at if self._incoming else self._now, state.last_report_at or self._now)
            self._book.assignments.record(assignment_id, Step(StepKind.ACCEPT, moment, None), self._now)

    def _ask(self, effect: Ask) -> None:
        known = self._speaker is not None and self._speaker.id == effect.person_id
        person = self._speaker if known else self._book.people.person(effect.person_id)
        language = person.language if person else self._province.language
        wording = Wording(language, ZoneInfo(self._province.zone))
        options = [Option(wording.say(offer.label), offer.pick) for offer in effect.offers]
        # The buttons of an older question must not answer this one: it remembers the letter it was put in, and the
        # message that led to it, which may be an answer to the question before.
        payload = {**effect.payload, "listing": self._listing_id, "after": self._said_id}
        self._book.talks.ask(effect.person_id, effect.kind, options, payload, effect.about, self._now)

    def _request(self, effect: RaiseRequest | SettleRequest) -> None:
        talks = self._book.talks
        if isinstance(effect, SettleRequest):
            number = talks.settle_request(effect.request_id, effect.verdict, effect.seat_id, effect.answer, self._now)
            for clerk in self._book.people.in_roles(Role.OFFICE):
                # What waits for working hours must not put before a clerk what is decided, or not asked any more.
                self._book.letters.cancel(f"request:{number}:{clerk.id}", effect.verdict.value, self._now)
            return
        talks.raise_request(
            effect.number,
            effect.kind,
            effect.person_id,
            self._now,
            unit_id=effect.unit_id,
            assignment_id=effect.assignment_id,
            said_id=effect.said_id or self._said_id,
            due=effect.due,
            payload=effect.payload,
        )

    def _person(self, effect: Effect) -> None:  # noqa: C901  (one line an effect)
        joining, people, now = self._book.joining, self._book.people, self._now
        # Whatever it is, they are no longer who they were.
        self._speaker = None
        match effect:
            case Meet():
                joining.meet(effect.address, effect.name, effect.language, now)
            case UseInvite():
                joining.use(effect.invite_id, effect.address, effect.name, effect.language, now)
            case AddAddress():
                joining.add_address(effect.invite_id, effect.person_id, effect.address, now)
            case GiveConsent():
                people.consent(effect.person_id, effect.version, now)
            case Leave():
                if effect.reopen_invite:
                    joining.reopen(effect.person_id)
                people.erase(effect.person_id, now)
            case ChooseLanguage():
                people.choose_language(effect.person_id, effect.language)
            case CorrectPerson():
                given = {"name": effect.name, "post": effect.post, "phone": effect.phone}
                people.correct(effect.person_id, **{field: value for field, value in given.items() if value})
            case GiveSeat():
                joining.give_seat(effect.person_id, effect.unit_id, effect.role, now)
            case IssueCode(person_id=None, replaces_seat_id=None):
                joining.invite(effect.code, effect.unit_id, effect.role, now)
            case IssueCode():
                whose = {"person_id": effect.person_id, "replaces_seat_id": effect.replaces_seat_id}
                joining.issue(effect.code, effect.unit_id, effect.role, now, **whose)
        if isinstance(effect, UseInvite | GiveConsent | GiveSeat | Leave):
            change_seats(self._book, now)
