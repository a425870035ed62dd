"""The office invites somebody to a unit's seat: a new code, until when it holds, and how to pass it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.case import Case
from bot.command_words import fold
from bot.contacts import Role, Unit, UnitKind
from bot.effects import Effect, IssueCode
from bot.joining_codes import draw_code
from bot.messages import Text, lines, text
from bot.store.joining import CODE_LIVES
from bot.unit_names import find_unit
from handlers.meant_assignments import not_found
from handlers.office_decision import answered

_ROLES = {
    "": Role.CONTACT,
    "dau moi": Role.CONTACT,
    "contact": Role.CONTACT,
    "pho": Role.DEPUTY,
    "pho dau moi": Role.DEPUTY,
    "dau moi phu": Role.DEPUTY,
    "deputy": Role.DEPUTY,
    "lanh dao": Role.LEADER,
    "leader": Role.LEADER,
}


def invite(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """A code for one unit and role; the unused ones for that seat are void from now on."""
    found = find_unit(slots["text"], case.book.people.units())
    if found.unit is None:
        return [answered(case, not_found(found))]
    role = _ROLES.get(fold(found.rest).strip(" .,:"))
    if role is None or found.unit.kind is UnitKind.PROVINCE:
        return [answered(case, text("invite.which_role", typed=found.rest, unit=found.unit.name))]
    code = draw_code()
    return [IssueCode(code, found.unit.id, role), answered(case, _words(case, code, found.unit, role))]


def _words(case: Case, code: str, unit: Unit, role: Role) -> Text:
    gone = case.book.served.seats_cut_off(unit.id, role)
    cut_off = {one.person_id for one in gone}
    there = case.book.people.in_roles(role, unit_id=unit.id)
    holders = tuple(person.name for person in there if person.id not in cut_off)
    return lines(
        text(f"invite.head_{role}", unit=unit.name),
        text("invite.code", code=code),
        text("invite.until", until=code_until(case)),
        text("invite.how"),
        text(f"invite.holders_{role}", names=holders) if holders else None,
        text("invite.replaces", names=tuple(one.name for one in gone)) if gone else None,
    )


def code_until(case: Case) -> datetime:
    """When a code issued now expires."""
    return case.now + timedelta(days=case.province.settings.get("invite_days", CODE_LIVES.days))
