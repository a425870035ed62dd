"""Somebody asks what is on their list, for one task's six clear points, or says that a letter was received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.case import Case
from bot.contacts import Action, Role, may
from bot.effects import Effect, Say
from bot.listing import due_words, open_list, state_words
from bot.messages import Outgoing, Text, lines, text
from bot.tasks import Assignment, urgency
from bot.unit_names import whole_unit


def show_list(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """The open list, numbered anew; somebody of the office or the chair has none of their own."""
    office = case.person.seat_as(Role.OFFICE, Role.CHAIR, Role.ADMIN)
    if office is not None and not case.person.units:
        says = lines(text("list.not_of_unit"), text(f"join.hint_{office.role}"))
        return [Say(Outgoing(case.person.id, says, once=""))]
    mine = tuple(sorted(case.open, key=urgency))
    numbered = tuple(one.id for one in mine)
    about = numbered[0] if len(numbered) == 1 else None
    several = len(case.person.units) > 1
    reports = any(may(case.person, Action.REPORT, one.unit_id) for one in mine)
    says = open_list(mine, case.today, with_unit=several, may_report=reports)
    return [Say(Outgoing(case.person.id, says, once="", numbered=numbered, about=about))]


def show_task(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """The six clear points of one task: by its number in the list, or by its code."""
    several = _own_of_code(case, slots)
    if len(several) > 1:
        units = tuple(one.unit_name for one in several)
        says = text("task.which_unit", code=several[0].task.code, units=units, unit=units[0])
        return [Say(Outgoing(case.person.id, says, once=""))]
    found = _asked_for(case, slots)
    if found is None:
        key = "task.unknown" if case.person.units else "task.unknown_code"
        return [Say(Outgoing(case.person.id, text(key), once=""))]
    return [Say(Outgoing(case.person.id, six_points(found, case), once="", about=found.id))]


def _own_of_code(case: Case, slots: Mapping[str, str]) -> Sequence[Assignment]:
    """One task given to two of a person's units bears one code: then the code alone does not say which."""
    if "task" not in slots or "unit" in slots:
        return ()
    mine = {one.id for one in case.person.units}
    return [one for one in case.book.assignments.of_task(slots["task"].upper()) if one.unit_id in mine]


def _asked_for(case: Case, slots: Mapping[str, str]) -> Assignment | None:
    book = case.book
    if "number" in slots:
        meant = case.numbered(int(slots["number"]))
        found = book.assignments.get(meant) if meant else None
    else:
        of_task = book.assignments.of_task(slots["task"].upper())
        unit = whole_unit(slots["unit"], book.people.units()).unit if "unit" in slots else None
        mine = {one.id for one in case.person.units}
        wanted = [one for one in of_task if (one.unit_id == unit.id if unit else one.unit_id in mine)]
        found = wanted[0] if wanted else (of_task[0] if len(of_task) == 1 and unit is None else None)
    if found is None or not (may(case.person, Action.SEE_PROVINCE) or may(case.person, Action.SEE_UNIT, found.unit_id)):
        return None
    return found


def six_points(one: Assignment, case: Case) -> Text:
    """Người, việc, thời gian, trách nhiệm, sản phẩm, thẩm quyền; what the notice left open is said to be open."""
    task = one.task
    people = tuple(person.name for person in case.book.people.people(_holders(case, one.unit_id)))
    open_point = text("task.open_point")
    partners = text("task.co_units", units=task.co_units) if task.co_units else None
    phrase = text("task.due_phrase", phrase=task.due_phrase) if task.due_phrase else None
    return lines(
        text("task.head", code=task.code, title=task.title),
        text("task.people", unit=one.unit_name, people=people or text("task.nobody")),
        partners,
        text("task.time", due=due_words(one.due, case.today)),
        phrase,
        text("task.responsibility", what=task.responsibility or open_point),
        text("task.product", what=task.product or open_point),
        text("task.authority", what=task.authority or open_point),
        text("task.resolutions", signs=task.resolutions) if task.resolutions else None,
        text("task.state", state=state_words(one.state)),
        text("task.extension_asked") if one.extension_asked else None,
    )


def _holders(case: Case, unit_id: int) -> list[int]:
    return [person.id for person in case.book.people.in_roles(Role.CONTACT, unit_id=unit_id)]
