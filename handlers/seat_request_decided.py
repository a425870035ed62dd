"""Requests for a seat decided: somebody is let into a unit or not, or hands a seat over by a code to pass on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.case import Case
from bot.contacts import Person, Role, Seat
from bot.conversation import Request, Verdict
from bot.effects import Effect, GiveSeat, IssueCode, Leave, Say, SettleRequest
from bot.joining_codes import draw_code
from bot.messages import Outgoing, Text, lines, text
from handlers.invite_contact import code_until
from handlers.office_decision import office_seat
from handlers.register import welcome


def let_in(case: Case, request: Request) -> tuple[Text, Sequence[Effect]]:
    """A seat in the unit: its contact where it has none, else a deputy. The data notice comes before anything else."""
    number, newcomer, unit = str(request.number), case.book.people.person(request.person_id), request.unit
    if newcomer is None or unit is None:
        return text("decide.asker_left", number=number), [_settle(case, request, Verdict.LAPSED)]
    contacts = case.book.people.in_roles(Role.CONTACT, unit_id=unit.id)
    role = Role.DEPUTY if contacts else Role.CONTACT
    seated = replace(newcomer, seats=(*newcomer.seats, Seat(0, newcomer.id, unit, role)))
    notice = _awaited(welcome(seated)) if newcomer.consent_at is None else [_seat_added(seated)]
    names = tuple(one.name for one in contacts)
    says = lines(
        text(f"decide.let_in_{role}", number=number, name=newcomer.name, unit=unit.name, contacts=names),
        text("decide.must_consent") if newcomer.consent_at is None else None,
    )
    return says, [GiveSeat(newcomer.id, unit.id, role), _settle(case, request, Verdict.GRANTED), *notice]


def _awaited(effects: Sequence[Effect]) -> list[Effect]:
    return [Say(replace(one.outgoing, awaited=True)) if isinstance(one, Say) else one for one in effects]


def _seat_added(seated: Person) -> Say:
    return Say(Outgoing(seated.id, text("decide.seat_added", unit=seated.seats[-1].unit.name), once="", awaited=True))


def keep_out(case: Case, request: Request, reason: str) -> tuple[Text, Sequence[Effect]]:
    """Not let in: told why, and somebody who holds no other seat is forgotten."""
    number, stranger = str(request.number), case.book.people.person(request.person_id)
    settled = _settle(case, request, Verdict.REFUSED, reason)
    if stranger is None:
        return text("decide.asker_left", number=number), [settled]
    unit = request.unit.name if request.unit else ""
    says = text("decide.refused", number=number, name=stranger.name, reason=reason)
    effects: list[Effect] = [settled]
    # The letter goes to the address itself: leaving takes the person's addresses away.
    told = text("decide.seat_refused" if stranger.seats else "decide.join_refused", unit=unit, reason=reason)
    effects += [Say(Outgoing(address, told, once="", awaited=True)) for address in stranger.addresses[:1]]
    if not stranger.seats:
        effects.append(Leave(stranger.id))
    return says, effects


def hand_over(case: Case, request: Request) -> tuple[Text, Sequence[Effect]]:
    """A code that moves the seat to whoever uses it; it goes to who asked, and the clerk sees it too."""
    number, seat = str(request.number), _seat_to_move(case, request)
    asker = case.book.people.person(request.person_id)
    if seat is None or asker is None:
        return text("decide.no_seat", number=number), ()
    code, until = draw_code(), code_until(case)
    successor = request.payload.get("successor") or text("decide.your_successor")
    letter = text("decide.handover_letter", unit=seat.unit.name, successor=successor, code=code, until=until)
    says = text("decide.handover_granted", number=number, name=asker.name, unit=seat.unit.name, code=code, until=until)
    return says, [
        IssueCode(code, seat.unit.id, seat.role, replaces_seat_id=seat.id),
        _settle(case, request, Verdict.GRANTED),
        Say(Outgoing(asker.id, letter, once="", awaited=True)),
    ]


def _seat_to_move(case: Case, request: Request) -> Seat | None:
    """The asker's own reporting seat in the unit; a leader hands over the contact's."""
    asker = case.book.people.person(request.person_id)
    seat = asker.seat_for(request.unit.id) if asker and request.unit else None
    if seat is None or seat.role is not Role.LEADER:
        return seat
    contacts = case.book.people.in_roles(Role.CONTACT, unit_id=seat.unit.id)
    return contacts[0].seat_for(seat.unit.id) if contacts else None


def _settle(case: Case, request: Request, verdict: Verdict, words: str | None = None) -> SettleRequest:
    return SettleRequest(request.id, verdict, office_seat(case), words)
