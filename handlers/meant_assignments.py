"""Which assignments the office means: by numbers of the list last shown, or by a task's code and a unit's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.case import Case
from bot.command_words import fold
from bot.contacts import Unit
from bot.messages import Text, text
from bot.tasks import Assignment
from bot.unit_names import Found, find_unit, whole_unit

_EVERYBODY = ("tat ca", "toan bo", "het", "moi don vi", "all", "everybody")


@dataclass(frozen=True, slots=True)
class Meant:
    """What was found, what was typed behind it (a reason), and what was not found, in words.

    `named`: the units were typed by their names, so that no number of another list can be meant.
    """

    assignments: tuple[Assignment, ...] = ()
    rest: str = ""
    unknown: tuple[Text, ...] = ()
    named: bool = False


def meant(case: Case, slots: Mapping[str, str]) -> Meant:
    """Out of the places of a command: `numbers`, or `task` with or without `unit`; `text` is a reason."""
    if "numbers" in slots:
        return _by_numbers(case, slots["numbers"], slots.get("text", ""))
    of_task = assignments_of(case, slots["task"])
    if not of_task:
        return Meant(unknown=(text("meant.no_task", code=slots["task"].upper()),))
    if "unit" in slots:
        return _in_units(case, of_task, slots["unit"])
    if "text" in slots:
        return _unit_then_reason(case, of_task, slots["text"])
    return Meant(of_task)


def assignments_of(case: Case, code: str) -> tuple[Assignment, ...]:
    """All units' assignments of a task; "t2" is T02."""
    digits = re.sub(r"\D", "", code)
    spelled = dict.fromkeys((code.upper(), f"T{int(digits):02d}" if digits else code.upper()))
    for one in spelled:
        found = case.book.assignments.of_task(one)
        if found:
            return found
    return ()


def _by_numbers(case: Case, typed: str, rest: str) -> Meant:
    if rest and re.search(r"\d\s+#?\d", typed):
        return Meant(unknown=(text("meant.commas"),))
    numbers = dict.fromkeys(int(number) for number in re.findall(r"\d+", typed))
    if case.listing is None:
        return Meant(rest=rest, unknown=(text("meant.no_list"),))
    ids = {number: case.numbered(number) for number in numbers}
    unknown = tuple(text("meant.no_number", number=str(number)) for number, one in ids.items() if one is None)
    return Meant(case.book.assignments.many(one for one in ids.values() if one is not None), rest, unknown)


def _in_units(case: Case, of_task: Sequence[Assignment], typed: str) -> Meant:
    if fold(typed).strip(" .!") in _EVERYBODY:
        return Meant(tuple(of_task))
    known = case.book.people.units()
    whole = whole_unit(typed, known)
    parts = [whole] if whole.unit else [whole_unit(part, known) for part in re.split(r"[,;]", typed) if part.strip()]
    found: list[Assignment] = []
    unknown: list[Text] = []
    for part in parts:
        if part.unit is None:
            unknown.append(not_found(part))
            continue
        theirs = [one for one in of_task if one.unit_id == part.unit.id]
        found += theirs
        if not theirs:
            unknown.append(_not_theirs(of_task[0], part.unit))
    return Meant(tuple(dict.fromkeys(found)), unknown=tuple(unknown), named=True)


def _unit_then_reason(case: Case, of_task: Sequence[Assignment], typed: str) -> Meant:
    plain = fold(typed)
    for word in _EVERYBODY:
        if plain == word or plain.startswith((word + " ", word + ",", word + ":")):
            return Meant(tuple(of_task), typed[len(word) :].lstrip(" ,:;."))
    found = find_unit(typed, case.book.people.units())
    if found.unit is None:
        return Meant(unknown=(not_found(found),))
    theirs = tuple(one for one in of_task if one.unit_id == found.unit.id)
    unknown = () if theirs else (_not_theirs(of_task[0], found.unit),)
    return Meant(theirs, found.rest, unknown, named=True)


def _not_theirs(one: Assignment, unit: Unit) -> Text:
    return text("meant.not_theirs", unit=unit.name, code=one.task.code)


def not_found(found: Found) -> Text:
    """That a name is no unit's, with the names that are nearly it."""
    if found.near:
        return text("meant.near_unit", units=tuple(unit.name for unit in found.near))
    return text("meant.no_unit", name=found.rest[:80])
