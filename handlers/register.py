"""Somebody joins: by a code, or by asking for a seat; the data notice comes first, then the unit's open list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.case import Case
from bot.contacts import Person, Role, Unit
from bot.conversation import QuestionKind, RequestKind
from bot.effects import AddAddress, Ask, Effect, GiveConsent, Leave, Offer, RaiseRequest, Say, UseInvite
from bot.listing import open_list
from bot.messages import Choice, Incoming, LetterKind, Outgoing, Text, lines, text
from bot.store.book import Book
from bot.store.joining import InviteFound
from bot.tasks import urgency
from bot.unit_names import whole_unit

#: The version of the data notice in locales/; changing its substance means a new version and a new consent.
NOTICE_VERSION = "2026-11"


def join(book: Book, incoming: Incoming, code: str, now: datetime, language: str) -> Sequence[Effect] | Text:
    """Take the seat of a code typed at this address; a Text says why it can't be done."""
    if book.joining.too_many_tries(incoming.sender, now):
        return text("join.too_many")
    found = book.joining.find(code, now)
    if isinstance(found, str):
        book.joining.note_try(incoming.sender, now)
        return text(f"join.{found}")
    if found.person_id is not None:
        return _second_address(book, incoming, found)
    name = incoming.sender_name.strip()[:80] or found.unit.name
    return [UseInvite(found.id, incoming.sender, name, language)]


def _second_address(book: Book, incoming: Incoming, found: InviteFound) -> Sequence[Effect] | Text:
    owner = book.people.person(found.person_id or 0)
    if owner is None:
        return text("join.wrong_code")
    if incoming.sender in owner.addresses:
        return text("join.same_address")
    added = Outgoing(incoming.sender, text("join.address_added", name=owner.name), once="")
    return [AddAddress(found.id, owner.id, incoming.sender), Say(added)]


def apply_for_seat(book: Book, typed: str, name: str) -> Unit | Text:
    """The unit that a stranger asks to be let into by name, or what to answer."""
    found = whole_unit(typed, book.people.units())
    if found.unit is not None:
        return found.unit
    if found.near:
        return text("join.which_unit", name=name, units=tuple(unit.name for unit in found.near))
    return text("join.unknown_unit")


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


def agree(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Consent recorded; the unit's open list comes at once."""
    person = case.person
    effects: list[Effect] = [GiveConsent(person.id, NOTICE_VERSION)]
    own = tuple(sorted(case.book.assignments.open_of(unit.id for unit in person.units), key=urgency))
    office = person.seat_as(Role.OFFICE, Role.CHAIR, Role.ADMIN)
    says = [text("consent.thanks", name=person.name)]
    if own or not office:
        says.append(open_list(own, case.today))
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


def add_code(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """Somebody who has joined types another code: a further seat, or their own second address."""
    found = join(case.book, case.incoming, slots["text"], case.now, case.person.language)
    if isinstance(found, Text):
        return [Say(Outgoing(case.person.id, found, once=""))]
    return [*found, Say(Outgoing(case.person.id, text("join.seat_added"), once=""))]


def seat_request(case_book: Book, person: Person, unit: Unit, now: datetime) -> Sequence[Effect]:
    """Ask the office to let a person into a unit."""
    number = case_book.talks.next_request_number()
    asked = text("clerk.join", number=number, name=person.name, unit=unit.name)
    letters = [
        Say(Outgoing(clerk.id, asked, once=f"request:{number}:{clerk.id}"))
        for clerk in case_book.people.in_roles(Role.OFFICE)
    ]
    confirmed = Say(Outgoing(person.id, text("join.asked", unit=unit.name, at=now), once=""))
    return [RaiseRequest(number, RequestKind.JOIN, person.id, unit.id), confirmed, *letters]
