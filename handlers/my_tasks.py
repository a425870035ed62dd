"""Somebody asks what is on their list, for one task's six clear points, or says that a letter was received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.case import Case
from bot.contacts import Action, Role, may, may_look
from bot.conversation import RequestKind
from bot.effects import Effect, Say
from bot.listing import open_list, standing_words, time_words
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
    asked = {one.id: _asked_until(case, one) for one in mine}
    says = open_list(mine, case.today, case.zone, with_unit=several, may_report=reports, asked=asked)
    return [Say(Outgoing(case.person.id, says, once="", numbered=numbered, about=about))]


def _asked_until(case: Case, one: Assignment) -> date | None:
    """The later deadline asked for, on which the office has not decided."""
    asked = case.book.talks.open_requests(RequestKind.EXTENSION, one.id) if one.extension_asked else ()
    return asked[-1].due if asked else None


def show_task(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """The six clear points of one task: by its number in the list, or by its code."""
    says = _which_unit(case, slots)
    if says is not None:
        return [Say(Outgoing(case.person.id, says, once=""))]
    found = _asked_for(case, slots)
    if found is None:
        key = "task.unknown" if case.person.units else "task.unknown_code"
        return [Say(Outgoing(case.person.id, text(key), once=""))]
    about = found.id if answerable(case, found) else None
    return [Say(Outgoing(case.person.id, six_points(found, case), once="", about=about))]


def answerable(case: Case, one: Assignment) -> bool:
    """Whether an answer to a letter about this can mean it: not where another unit's was only looked at."""
    return may(case.person, Action.SEE_UNIT, one.unit_id)


def _which_unit(case: Case, slots: Mapping[str, str]) -> Text | None:
    """One code stands for a task in all its units: where several are open to a person, it does not say which."""
    if "task" not in slots or "unit" in slots:
        return None
    of_task = case.book.assignments.of_task(slots["task"].upper())
    mine = [one for one in of_task if one.unit_id in {unit.id for unit in case.person.units}]
    if len(mine) > 1:
        units = tuple(one.unit_name for one in mine)
        return text("task.which_unit", code=mine[0].task.code, units=units, unit=units[0])
    if len(of_task) > 1 and not mine and _may_look(case, of_task[0]):
        return text(
            "task.which_followed", code=of_task[0].task.code, amount=str(len(of_task)), unit=of_task[0].unit_name
        )
    return None


def _may_look(case: Case, one: Assignment) -> bool:
    return may(case.person, Action.SEE_PROVINCE) or may_look(case.person, one.unit_id, one.task.follow_up_unit_id)


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
    if found is None or not _may_look(case, found):
        return None
    return found


def six_points(one: Assignment, case: Case) -> Text:
    """Người, việc, thời gian, trách nhiệm, sản phẩm, thẩm quyền; what the notice left open is said to be open."""
    task = one.task
    people = tuple(person.name for person in case.book.people.people(_holders(case, one.unit_id)))
    open_point = text("task.open_point")
    until = _asked_until(case, one)
    partners = text("task.co_units", units=task.co_units) if task.co_units else None
    phrase = text("task.due_phrase", phrase=task.due_phrase) if task.due_phrase else None
    return lines(
        text("task.head", code=task.code, title=task.title),
        text("task.people", unit=one.unit_name, people=people or text("task.nobody")),
        partners,
        text("task.time", due=time_words(one, case.today, case.zone)),
        phrase,
        text("task.responsibility", what=task.responsibility or open_point),
        text("task.product", what=task.product or open_point),
        text("task.authority", what=task.authority or open_point),
        text("task.resolutions", signs=task.resolutions) if task.resolutions else None,
        text("task.follow_up", unit=task.follow_up_unit) if task.follow_up_unit else None,
        text("task.state", state=standing_words(one)),
        text("task.extension_asked", due=until) if until else None,
    )


def _holders(case: Case, unit_id: int) -> list[int]:
    return [person.id for person in case.book.people.in_roles(Role.CONTACT, unit_id=unit_id)]
