"""The clerk: one message in, effects carried out, letters planned, all in the caller's transaction."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from bot.case import JUST_SHOWN, Case, case_of, pressed
from bot.contacts import Action, Person, may
from bot.desk import Admission, Desk, Handler, set_aside
from bot.effects import Effect, Say
from bot.effects_done import carry_out
from bot.messages import Incoming, Outgoing, Text, text
from bot.phrases import Meaning, Phrasebook
from bot.reading import OpenTask, Reading, read
from bot.reading.meaning import Given
from bot.store.book import Book
from bot.store.inbox import TRIES
from bot.store.part import Overtaken, lost
from bot.tasks import Assignment

T = TypeVar("T")

log = logging.getLogger(__name__)

#: How often a message is looked at anew because somebody else's was quicker.
_OVERTAKEN = 5
#: A task's code as people type it, unless a word of time before it makes it a month.
_CODE = re.compile(
    r"(?<![\w/])(?<!tháng )(?<!thang )(?<!hết )(?<!het )(?<!cuối )(?<!cuoi )(?<!đầu )(?<!dau )(?<!giữa )(?<!giua )"
    r"(?<!đến )(?<!den )(?<!trong )(?<!qua )(?<!sang )(t\d{2,4})(?![\w/])",
    re.IGNORECASE,
)


_DECISIONS = frozenset({Action.CONFIRM, Action.DECIDE, Action.REPORT_FOR_UNIT, Action.INVITE})


class Taken(StrEnum):
    """What became of a message that was handed in."""

    KNOWN = "known"
    APPLIED = "applied"
    WAITING = "waiting"
    STRANGER = "stranger"
    FOLLOWS = "follows"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file that came with a message: kept under `file_id`, or why it could not be."""

    name: str
    file_id: int | None
    refused: str | None = None


class Clerk:
    """Knows nobody but the desk; commits nothing."""

    def __init__(self, desk: Desk, phrases: Phrasebook) -> None:
        self._desk = desk
        self._phrases = phrases
        self._handlers = {handler.name: handler for handler in desk.handlers}

    def receive(
        self, book: Book, incoming: Incoming, now: datetime, since: datetime | None = None
    ) -> tuple[Taken, int]:
        """Keep a message once and give it its effect; one with files waits for them first. Of strangers nothing is.

        Nor of what follows a file of the same sender that is here `since` then and is being fetched: it comes again.
        """
        state = "waiting" if incoming.files else "applied"
        inbox_id = book.inbox.take_if_known(incoming, state, now, since)
        if inbox_id is None:
            if not book.people.knows(incoming.sender):
                return Taken.STRANGER, 0
            if since is not None and book.inbox.follows_a_file(incoming, since):
                return Taken.FOLLOWS, 0
            inbox_id = book.inbox.take(incoming, state, now)
        if inbox_id is None:
            return Taken.KNOWN, 0
        if incoming.files:
            return Taken.WAITING, inbox_id
        done = self._done(book, inbox_id, incoming, now, 0, ())
        return (Taken.APPLIED if done else Taken.FAILED), inbox_id

    def admit(self, book: Book, incoming: Incoming, now: datetime) -> Text | None:
        """Somebody unknown: joins by a code or asks for a seat, else nothing is kept. A Text is to be answered."""
        return _unless_overtaken(book, lambda: self._admitted(book, incoming, now))

    def _admitted(self, book: Book, incoming: Incoming, now: datetime) -> Text | None:
        wanted = self._desk.stranger(book, incoming, now)
        if not isinstance(wanted, Admission):
            return wanted
        inbox_id = book.inbox.take(incoming, "applied", now)
        if inbox_id is None:
            return None
        carry_out(book, wanted.effects, inbox_id=inbox_id, incoming=incoming, said_id=None, now=now)
        person = book.people.by_address(incoming.sender)
        after = wanted.then(person) if person is not None else ()
        carry_out(book, after, inbox_id=inbox_id, incoming=incoming, said_id=None, now=now)
        return None

    def apply(
        self,
        book: Book,
        inbox_id: int,
        incoming: Incoming,
        now: datetime,
        *,
        tries: int,
        files: Sequence[FetchedFile] = (),
    ) -> Taken:
        """Give a kept message its effect. If that raises, nothing of it stays, and the message is tried again later."""
        if not self._done(book, inbox_id, incoming, now, tries, files):
            return Taken.FAILED
        book.inbox.mark(inbox_id, "applied")
        return Taken.APPLIED

    def _done(
        self,
        book: Book,
        inbox_id: int,
        incoming: Incoming,
        now: datetime,
        tries: int,
        files: Sequence[FetchedFile],
    ) -> bool:
        """Whether it has its effect now; else it is marked for another try, or parked."""
        try:
            _unless_overtaken(book, lambda: self._effect(book, inbox_id, incoming, now, files))
        except Exception as error:
            # Whatever a message triggers must not stop its neighbours; a lost transaction is run again by the store.
            if lost(error):
                raise
            self._failed(book, inbox_id, incoming, now, tries + 1, error)
            return False
        return True

    def _failed(
        self, book: Book, inbox_id: int, incoming: Incoming, now: datetime, tries: int, error: Exception
    ) -> None:
        why = f"{type(error).__name__} in {_place(error)}"
        log.error("message %s could not be processed (try %s): %s", inbox_id, tries, why)
        if tries < TRIES:
            book.inbox.mark(inbox_id, "failed", tries=tries, why=why)
            return
        book.inbox.mark(inbox_id, "parked", tries=tries, why=why)
        person = book.people.by_address(incoming.sender)
        if person is not None:
            sorry = Outgoing(person.id, text("parked"), once=f"parked:{inbox_id}")
            carry_out(book, [Say(sorry)], inbox_id=inbox_id, incoming=incoming, said_id=None, now=now)

    def _effect(
        self, book: Book, inbox_id: int, incoming: Incoming, now: datetime, files: Sequence[FetchedFile]
    ) -> None:
        person = book.people.speaking(incoming.sender)
        if person is None:
            return
        typed = self._sentence(book, incoming, person)
        before = book.talks.before(person.id, incoming.at + JUST_SHOWN)
        if not before.unplaced:
            book.inbox.none_unplaced(person.id)
        case = case_of(book, incoming, person, now, typed, before)
        seen = case.listing.id if case.listing is not None else None
        where = (person.id, incoming.sender.channel, incoming.message_id)
        said_id = book.talks.keep_said(*where, typed, incoming.at, seen)
        evidence_ids = tuple(
            book.inbox.keep_evidence(person.id, one.file_id, one.name, incoming.album, said_id, incoming.at)
            for one in files
            if one.file_id is not None
        )
        if incoming.sender not in person.addresses:
            book.people.readmit_address(incoming.sender)
        if before.held:
            book.letters.release_held(person.id)
        case = replace(case, said_id=said_id, inbox_id=inbox_id, evidence_ids=evidence_ids)
        effects: list[Effect] = [
            Say(Outgoing(person.id, text(f"file.{one.refused}", name=one.name), once=""))
            for one in files
            if one.refused
        ]
        if typed or evidence_ids or incoming.unsupported or not effects:
            effects += self._answer(case)
        carry_out(book, effects, inbox_id=inbox_id, incoming=incoming, said_id=said_id, now=now, speaker=person)

    def _answer(self, case: Case) -> Sequence[Effect]:
        if case.person.consent_at is None:
            return self._desk.before_consent(case)
        meant = self._meant(case)
        for handler, meaning in meant:
            if handler.needs is None or may(case.person, handler.needs):
                effects = handler.handle(case, meaning.slots)
                if effects is not None:
                    return [*set_aside(case, effects), *effects]
        if _for_the_office(case, [handler for handler, _ in meant]):
            return [Say(Outgoing(case.person.id, text("reply.office_only"), once=""))]
        picked = self._desk.pick(case)
        if picked is not None:
            return picked
        if case.incoming.unsupported:
            return [Say(Outgoing(case.person.id, text("unsupported"), once=""))]
        return self._desk.reply(_as_read(case) if case.text else case)

    def _meant(self, case: Case) -> list[tuple[Handler, Meaning]]:
        """Whatever this may be, whether the speaker has the right to it or not."""
        meanings = self._phrases.meanings(case.text) if case.text else ()
        return [(self._handlers[one.name], one) for one in meanings if one.name in self._handlers]

    @staticmethod
    def _sentence(book: Book, incoming: Incoming, person: Person) -> str:
        """What was typed, or the sentence that the pressed button stands for."""
        if not incoming.button:
            return incoming.text.strip()
        listing = pressed(book, incoming, person)
        place = incoming.button.rpartition(":")[2]
        if listing is None or not place.isdecimal() or int(place) >= len(listing.choices):
            return ""
        return listing.choices[int(place)]


def _for_the_office(case: Case, meant: Sequence[Handler]) -> bool:
    """Whether this is, to the letter, a decision that only the office takes: it must not be read as a report."""
    decisions = [one.needs for one in meant if one.needs in _DECISIONS and not one.units_say_it_too]
    return any(not may(case.person, right) for right in decisions if right is not None)


def _unless_overtaken(book: Book, work: Callable[[], T]) -> T:
    """Do it in a savepoint; where another transaction was quicker, undo it and look again at what now stands."""
    for _ in range(_OVERTAKEN - 1):
        with suppress(Overtaken), book.savepoint():
            return work()
    with book.savepoint():
        return work()


def _as_read(case: Case) -> Case:
    given, reading = reading_of(case)
    return replace(case, given=given, reading=reading)


def reading_of(case: Case) -> tuple[Given, Reading]:
    """The reply as read against the list the person has before them, and what was given to be read.

    What has closed meanwhile, or is not (any more) theirs, keeps its place, so that "3 xong" still means the third
    that was shown; only where nothing in the text names a task is the list of what is open read alone.
    """
    shown = case.assignments(case.listing.numbered) if case.listing else ()
    mine = {unit.id for unit in case.person.units}
    foreign = frozenset(one.id for one in shown if one.unit_id not in mine)
    ids = {one.id for one in shown}
    unseen = (*(one for one in case.open if one.id not in ids), *_closed_by_code(case, (*shown, *case.open)))
    given, reading = _read(case, (*shown, *unseen), foreign)
    nobodys = foreign | _past_the_list(case, reading, shown, unseen, foreign)
    if any(item.task in nobodys for item in reading.items):
        unplaced = tuple(replace(item, task=None) if item.task in nobodys else item for item in reading.items)
        return given, Reading(unplaced, certain=False, lang=reading.lang)
    alone = len(case.open) == 1 and all(item.task is None for item in reading.items)
    return _read(case, case.open) if alone else (given, reading)


def _closed_by_code(case: Case, known: Sequence[Assignment]) -> tuple[Assignment, ...]:
    """What is closed, and named by its code all the same: it is that task that is spoken of, not the one still open."""
    codes = {code.upper() for code in _CODE.findall(case.text)} - {one.task.code for one in known}
    mine = {unit.id for unit in case.person.units}
    return tuple(one for code in sorted(codes) for one in case.book.assignments.of_task(code) if one.unit_id in mine)


def _past_the_list(
    case: Case,
    reading: Reading,
    shown: Sequence[Assignment],
    unseen: Sequence[Assignment],
    foreign: frozenset[int],
) -> frozenset[int]:
    """The tasks that nothing names but a number past the end of the list: it may be that of an older, longer one.

    Read again with a gap between what was shown and what was not, such a number falls into the gap.
    """
    named = {item.task for item in reading.items if item.task is not None} & {one.id for one in unseen}
    if not shown or not named:
        return frozenset()
    gap = tuple(replace(one, id=-one.id, task=replace(one.task, code="")) for one in unseen)
    empty = frozenset(one.id for one in gap)
    _, read_again = _read(case, (*shown, *gap, *unseen), foreign | empty)
    again = {item.task for item in read_again.items}
    return frozenset(named - again) if again & empty else frozenset()


def _read(case: Case, tasks: Sequence[Assignment], foreign: frozenset[int] = frozenset()) -> tuple[Given, Reading]:
    """Who sits in several units may name a task by its unit; what is kept of the list says the task alone."""
    several_units = len({one.unit_id for one in tasks if one.id not in foreign}) > 1
    open_tasks = [
        OpenTask(one.id, "")
        if one.id in foreign
        else OpenTask(
            id=one.id,
            title=f"{one.task.title} ({one.unit_name})" if several_units else one.task.title,
            resolution=one.task.resolution,
            due=one.due.on if one.due else None,
        )
        for one in tasks
    ]
    answered = case.answered if case.answered in {one.id for one in open_tasks} else None
    typed, unknown = _codes_as_numbers(case.text, [one.task.code for one in tasks])
    # "Mai" is the day after that on which it was said, however late we hear it.
    said_on = case.incoming.at.astimezone(case.zone).date()
    reading = read(typed, said_on, open_tasks, answered)
    bare = tuple(
        replace(known, title=one.task.title) if known.title and known.title != one.task.title else known
        for known, one in zip(open_tasks, tasks, strict=True)
    )
    given = Given(typed, said_on, bare, answered)
    if not unknown:
        return given, reading
    placeless = tuple(replace(item, task=None) for item in reading.items)
    return given, Reading(placeless, certain=False, lang=reading.lang)


def _codes_as_numbers(typed: str, codes: Sequence[str]) -> tuple[str, bool]:
    """A task's code ("T09") as its number in the list; whether a code stands there that is not in the list.

    "hết T10" is a month: after a word of time it is left alone.
    """
    unknown = False

    def number(found: re.Match[str]) -> str:
        nonlocal unknown
        code = found.group(1).upper()
        if code in codes:
            # One task given to two of a person's units bears one code: then the code alone does not say which.
            unknown |= codes.count(code) > 1
            return f"việc {codes.index(code) + 1}"
        unknown = True
        return found.group()

    return _CODE.sub(number, typed), unknown


def _place(error: Exception) -> str:
    """Where it was raised, never what it said: an error's words may hold what a person typed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "?"
