"""One unit's list as the office sees it: in the numbers its contact was last shown, so that both mean the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.case import Case
from bot.contacts import Action, Role, Unit, may
from bot.effects import Effect, Say
from bot.listing import numbered
from bot.messages import Outgoing, Text, lines, text
from bot.reports import figures, parts
from bot.tasks import Assignment, urgency
from bot.unit_names import whole_unit
from handlers.meant_assignments import not_found
from handlers.office_decision import answered


def as_contact_sees(case: Case, unit: Unit) -> tuple[Assignment, ...]:
    """The unit's open list by the contact's last numbering, closed ones in their places; by urgency without one.

    Where the contact has none, the asker's own last list of the unit keeps its numbers while it is worked through.
    """
    book = case.book
    own = book.assignments.open_of([unit.id])
    contacts = book.people.in_roles(Role.CONTACT, Role.DEPUTY, unit_id=unit.id)
    for listing in (*(book.talks.last_listing(contact.id) for contact in contacts), case.listing):
        shown = book.assignments.many(listing.numbered) if listing else ()
        if any(one.state.status.open for one in shown) and all(one.unit_id == unit.id for one in shown):
            known = {one.id for one in shown}
            return (*shown, *sorted((one for one in own if one.id not in known), key=urgency))
    return tuple(sorted(own, key=urgency))


def show_unit(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """What a unit still owes, with its people and its figures."""
    found = whole_unit(slots["unit"], case.book.people.units())
    if found.unit is None:
        return [answered(case, not_found(found))]
    unit = found.unit
    given = case.book.assignments.of_units([unit.id])
    listed = as_contact_sees(case, unit)
    reckoned = figures.count(given, case.now, case.zone)
    writes = may(case.person, Action.REPORT_FOR_UNIT)
    says = lines(
        text("unit.head", unit=unit.name),
        *_people(case, unit),
        parts.moment(case.now),
        *(parts.headline(reckoned) if reckoned.total else (text("unit.no_tasks"),)),
        "" if listed else None,
        numbered(listed, case.today, case.zone) if listed else (text("unit.nothing_open") if reckoned.total else None),
        text("unit.how" if writes else "unit.how_look", unit=unit.name) if listed else None,
    )
    ids = tuple(one.id for one in listed)
    return [Say(Outgoing(case.person.id, says, once="", numbered=ids))]


def _people(case: Case, unit: Unit) -> Iterator[Text]:
    """Who reports for the unit, and what helps where nobody does or somebody can't be written to."""
    cut_off = {one.person_id for one in case.book.served.cut_off()}
    there = case.book.people.in_roles(Role.CONTACT, Role.DEPUTY, unit_id=unit.id)
    invites = may(case.person, Action.INVITE)
    if not there:
        yield text("unit.nobody" if invites else "unit.nobody_look", code=unit.code)
        return
    people = []
    for person in there:
        phone = text("unit.phone", phone=person.phone) if person.phone else ""
        deaf = person.id in cut_off or not person.addresses
        people.append(text("unit.person_deaf" if deaf else "unit.person", name=person.name, phone=phone))
    yield text("unit.people", people=tuple(people))
    # A code replaces who is cut off in its own role alone.
    gone = {seat.role for one in there if one.id in cut_off for seat in one.seats if seat.unit.id == unit.id}
    if invites and Role.CONTACT in gone:
        yield text("unit.cut_off_how", code=unit.code)
    if invites and Role.DEPUTY in gone:
        yield text("unit.cut_off_how_deputy", code=unit.code)
