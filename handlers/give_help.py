"""Help: short, by what the reader may do, with the clerk's name and telephone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.case import Case
from bot.contacts import Action, Role, may
from bot.effects import Effect, Say
from bot.messages import Outgoing, Text, lines, text


def show_help(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """What can be written, one paragraph for each part the reader plays, and whom to call."""
    person = case.person
    parts: list[Text | str] = [text("help.head", name=person.name)]
    if any(may(person, Action.REPORT, unit.id) for unit in person.units):
        parts += ["", text("help.report")]
    elif person.units:
        parts += ["", text("help.look")]
    if case.book.following.tasks(unit.id for unit in person.units):
        parts += ["", text("help.follow")]
    if may(person, Action.CONFIRM):
        parts += ["", text("help.office")]
    if may(person, Action.SUMMARISE):
        parts += ["", text("help.summary")]
    elif may(person, Action.INVITE):
        parts += ["", text("help.admin")]
    parts += ["", text("help.everybody"), clerk_and_telephone(case)]
    return [Say(Outgoing(person.id, lines(*parts), once=""))]


def clerk_and_telephone(case: Case) -> Text:
    """Whom to call: the province's number if one is set, else the first clerk's."""
    clerks = [one for one in case.book.people.in_roles(Role.OFFICE) if one.id != case.person.id]
    clerk = next((one for one in clerks if one.phone), clerks[0] if clerks else None)
    hotline = case.province.settings.get("hotline")
    phone = str(hotline) if hotline else (clerk.phone if clerk else None)
    if clerk is None:
        return text("help.call_office", phone=phone) if phone else text("help.nobody")
    return text("help.call", name=clerk.name, phone=phone) if phone else text("help.clerk", name=clerk.name)
