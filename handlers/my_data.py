"""People see, correct and withdraw what is kept about them; and choose the language they are spoken to in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.case import Case
from bot.command_words import fold
from bot.contacts import Role
from bot.effects import ChooseLanguage, CorrectPerson, Effect, IssueCode, Leave, Say
from bot.joining_codes import draw_code
from bot.messages import Choice, LetterKind, Outgoing, lines, text
from handlers.register import seat_words


def show(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Everything kept about this person."""
    person = case.person
    says = lines(
        text("data.head", name=person.name),
        text("data.post", post=person.post or text("data.nothing")),
        text("data.phone", phone=person.phone or text("data.nothing")),
        text("data.seats", seats=tuple(seat_words(seat.role, seat.unit) for seat in person.seats)),
        text("data.channels", channels=tuple(at.channel for at in person.addresses)),
        text("data.consent", at=person.consent_at),
        text("data.how"),
    )
    return [Say(Outgoing(person.id, says, once=""))]


def correct_name(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """Their own name."""
    return _corrected(case, CorrectPerson(case.person.id, name=slots["text"][:80]), "name", slots["text"][:80])


def correct_post(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """Their own post."""
    return _corrected(case, CorrectPerson(case.person.id, post=slots["text"][:120]), "post", slots["text"][:120])


def correct_phone(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """Their own work phone: digits, spaces, points and a plus, else it is refused in words."""
    digits = "".join(sign for sign in slots["text"] if sign.isdecimal())
    if not 8 <= len(digits) <= 15 or any(sign.isalpha() for sign in slots["text"]):
        return [Say(Outgoing(case.person.id, text("data.bad_phone"), once=""))]
    return _corrected(case, CorrectPerson(case.person.id, phone=slots["text"][:20]), "phone", slots["text"][:20])


def _corrected(case: Case, effect: CorrectPerson, what: str, value: str) -> Sequence[Effect]:
    return [effect, Say(Outgoing(case.person.id, text(f"data.corrected_{what}", value=value), once=""))]


def ask_withdraw(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Withdrawing is one sentence more, so that it never happens by accident."""
    surely = Choice(text("data.withdraw_button"), "rút đồng ý và xóa dữ liệu")
    says = text("data.withdraw_ask")
    return [Say(Outgoing(case.person.id, says, once="", kind=LetterKind.QUESTION, choices=(surely,)))]


def withdraw(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Seats end, name and typed texts are erased; reports stay under the unit. The office hears which seat is empty."""
    bye = Say(Outgoing(case.incoming.sender, text("data.withdrawn"), once=""))
    empty = tuple(seat_words(seat.role, seat.unit) for seat in case.person.seats)
    told = [
        Say(Outgoing(clerk.id, text("clerk.seat_empty", seats=empty), once=f"left:{case.person.id}:{clerk.id}"))
        for clerk in case.book.people.in_roles(Role.OFFICE)
        if clerk.id != case.person.id
    ]
    return [bye, *told, Leave(case.person.id)]


def choose_language(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """By naming it, or the other one where just "language" was said."""
    plain = fold(case.text)
    named = "en" if "anh" in plain or "english" in plain else "vi" if "viet" in plain else None
    language = named or ("vi" if case.person.language == "en" else "en")
    return [ChooseLanguage(case.person.id, language), Say(Outgoing(case.person.id, text("language.chosen"), once=""))]


def add_channel(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """A code of one's own, to be typed on the other channel: both then reach the same person."""
    seat = case.person.seats[0]
    code = draw_code()
    issued = IssueCode(code, seat.unit.id, seat.role, person_id=case.person.id)
    return [issued, Say(Outgoing(case.person.id, text("data.channel_code", code=code), once=""))]
