"""Somebody joins: by a code, or by asking for a seat; the data notice comes first, then the unit's open list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.case import Case
from bot.contacts import Action, Person, Role, Seat, Unit, may
from bot.conversation import QuestionKind, RequestKind
from bot.desk import Admission
from bot.effects import AddAddress, Ask, Effect, GiveConsent, Leave, Meet, Offer, RaiseRequest, Say, UseInvite
from bot.joining_codes import find_code, plain_code
from bot.listing import open_list
from bot.messages import Choice, Incoming, LetterKind, Outgoing, Text, lines, text
from bot.phrases import phrasebook
from bot.store.book import Book
from bot.store.joining import InviteFound
from bot.tasks import urgency
from bot.unit_names import whole_unit
from bot.wording import languages

#: The version of the data notice in locales/, kept with each consent. Whoever changes its substance once people have
#: agreed to it has to ask them anew: nothing here does so yet.
NOTICE_VERSION = "2026-11-25"


def stranger(book: Book, incoming: Incoming, now: datetime) -> Admission | Text | None:
    """Somebody unknown: a code takes a seat, a unit's name asks for one; None where it was neither."""
    language = _language(book, incoming)
    name = incoming.sender_name.strip()
    code = find_code(incoming.text)
    if code is not None:
        found = _find(book, incoming, code, now)
        if isinstance(found, Text):
            return found
        if found.person_id is not None:
            return _second_address(book, incoming, found)
        return Admission([UseInvite(found.id, incoming.sender, name or found.unit.name, language)], welcome)
    for meaning in phrasebook().meanings(incoming.text):
        if meaning.name == "ask_seat":
            return _ask_seat(book, incoming, meaning.slots["unit"], now)
    return None


def _language(book: Book, incoming: Incoming) -> str:
    hint = (incoming.language_hint or "")[:2]
    return hint if hint in languages() else book.people.province().language


def _find(book: Book, incoming: Incoming, code: str, now: datetime) -> InviteFound | Text:
    if book.joining.too_many_tries(incoming.sender, now):
        return text("join.too_many")
    found = book.joining.find(code, now)
    if isinstance(found, InviteFound):
        return found
    book.joining.note_try(incoming.sender, now)
    return text(f"join.{found}")


def _ask_seat(book: Book, incoming: Incoming, typed: str, now: datetime) -> Admission | Text:
    """A seat asked for by the unit's name: the office decides; each asking counts as a try."""
    if book.joining.too_many_tries(incoming.sender, now):
        return text("join.too_many")
    book.joining.note_try(incoming.sender, now)
    found = whole_unit(typed, book.people.units())
    unit = found.unit
    if unit is None:
        names = tuple(near.name for near in found.near)
        return text("join.which_unit", name=typed, units=names) if names else text("join.unknown_unit")
    name = incoming.sender_name.strip() or unit.name
    met = Meet(incoming.sender, name, _language(book, incoming))
    return Admission([met], lambda person: _seat_request(book, person, unit))


def _second_address(book: Book, incoming: Incoming, found: InviteFound) -> Admission | Text:
    owner = book.people.person(found.person_id or 0)
    if owner is None:
        return text("join.wrong_code")
    added = text("join.address_added", name=owner.name)
    return Admission(
        [AddAddress(found.id, owner.id, incoming.sender)],
        lambda person: [Say(Outgoing(person.id, added, once=""))],
    )


def welcome(person: Person) -> Sequence[Effect]:
    """The data notice, and the question that records the answer."""
    seats = tuple(seat_words(seat.role, seat.unit) for seat in person.seats)
    says = lines(text("join.welcome", name=person.name, seats=seats), text("consent.notice"), text("consent.ask"))
    agree, refuse = text("consent.agree"), text("consent.refuse")
    choices = (Choice(agree, "1"), Choice(refuse, "2"))
    return [
        Say(Outgoing(person.id, says, once="", kind=LetterKind.QUESTION, choices=choices)),
        Ask(person.id, QuestionKind.CONSENT, (Offer(agree, {"agree": True}), Offer(refuse, {"agree": False}))),
    ]


def seat_words(role: Role, unit: Unit) -> Text:
    """A seat in words: what somebody is, and where."""
    return text(f"role.{role}", unit=unit.name)


def before_consent(case: Case) -> Sequence[Effect]:
    """Nothing is done for somebody who has not agreed to the notice; every other word brings it back."""
    if not case.person.seats:
        return [Say(Outgoing(case.person.id, text("join.waits_for_office"), once=""))]
    return welcome(case.person)


def code_before_consent(case: Case) -> Sequence[Effect] | None:
    """A code typed while consent, or the office's word on a seat, is still open: it takes its seat at once."""
    code = find_code(case.text)
    if code is None or plain_code(code) is None:
        return None
    found = _find(case.book, case.incoming, code, case.now)
    if isinstance(found, InviteFound) and found.person_id is not None:
        found = text("join.same_address")
    if isinstance(found, Text):
        return [Say(Outgoing(case.person.id, found, once=""))]
    person = case.person
    taken = UseInvite(found.id, case.incoming.sender, person.name, person.language)
    seat = Seat(0, person.id, found.unit, found.role)
    return [taken, *welcome(replace(person, seats=(*person.seats, seat)))]


def agree(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Consent recorded; the unit's open list comes at once."""
    person = case.person
    effects: list[Effect] = [GiveConsent(person.id, NOTICE_VERSION)]
    own = tuple(sorted(case.book.assignments.open_of(unit.id for unit in person.units), key=urgency))
    office = person.seat_as(Role.OFFICE, Role.CHAIR, Role.ADMIN)
    says = [text("consent.thanks", name=person.name)]
    if own or not office:
        reports = any(may(replace(person, consent_at=case.now), Action.REPORT, one.unit_id) for one in own)
        says.append(
            open_list(own, case.today, case.zone, with_unit=len(person.units) > 1, may_report=reports or not own)
        )
    if office is not None:
        says.append(text(f"join.hint_{office.role}"))
    numbered = tuple(one.id for one in own)
    about = numbered[0] if len(numbered) == 1 else None
    effects.append(Say(Outgoing(person.id, lines(*says), once="", numbered=numbered, about=about)))
    return effects


def refuse(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Consent refused: nothing is kept, the code may be used by somebody else."""
    bye = Outgoing(case.incoming.sender, text("consent.refused"), once="")
    return [Say(bye), Leave(case.person.id, reopen_invite=True)]


def add_code(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect] | None:
    """Somebody who has joined types another code: a further seat of theirs."""
    code = find_code(case.text)
    if code is None or plain_code(code) is None:
        return None
    found = _find(case.book, case.incoming, code, case.now)
    if isinstance(found, InviteFound) and found.person_id is not None:
        found = text("join.same_address")
    if isinstance(found, Text):
        return [Say(Outgoing(case.person.id, found, once=""))]
    taken = UseInvite(found.id, case.incoming.sender, case.person.name, case.person.language)
    return [taken, _seat_added(case, found)]


def _seat_added(case: Case, found: InviteFound) -> Say:
    """The new seat, with everything that is open in the person's units now."""
    person = case.person
    seated = replace(person, seats=(*person.seats, Seat(0, person.id, found.unit, found.role)))
    own = tuple(sorted(case.book.assignments.open_of(unit.id for unit in seated.units), key=urgency))
    added = text("join.seat_added", seat=seat_words(found.role, found.unit))
    reports = any(may(seated, Action.REPORT, one.unit_id) for one in own)
    listed = open_list(own, case.today, case.zone, with_unit=len(seated.units) > 1, may_report=reports) if own else None
    numbered = tuple(one.id for one in own)
    return Say(Outgoing(person.id, lines(added, listed), once="", numbered=numbered))


def _seat_request(book: Book, person: Person, unit: Unit) -> Sequence[Effect]:
    number = book.talks.next_request_number()
    asked = text("clerk.join", number=str(number), name=person.name, unit=unit.name)
    letters = [
        Say(Outgoing(clerk.id, asked, once=f"request:{number}:{clerk.id}"))
        for clerk in book.people.in_roles(Role.OFFICE)
    ]
    confirmed = Say(Outgoing(person.id, text("join.asked", unit=unit.name), once=""))
    return [RaiseRequest(number, RequestKind.JOIN, person.id, unit.id), confirmed, *letters]
