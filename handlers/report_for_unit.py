"""A report by telephone: a clerk writes it down for the unit; it is kept as the clerk's and told to the unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.case import Case
from bot.contacts import Person, Role, Unit
from bot.conversation import QuestionKind, RequestKind, Verdict
from bot.effects import Ask, AttachEvidence, Effect, Offer, RaiseRequest, Say, SettleRequest, TakeStep
from bot.messages import Choice, LetterKind, Outgoing, Text, lines, text
from bot.reading import Item, Kind, OpenTask, Reading, read
from bot.tasks import Assignment, Step, StepKind, extension_refusal, refusal
from bot.unit_names import find_unit
from handlers.meant_assignments import not_found
from handlers.office_decision import answered, office_seat
from handlers.request_words import extension_words
from handlers.unit_letters import tell_units
from handlers.unit_list import as_contact_sees

_STEPS = {
    Kind.DONE: StepKind.DONE,
    Kind.PROGRESS: StepKind.PROGRESS,
    Kind.NOT_STARTED: StepKind.NOT_STARTED,
    Kind.BLOCKED: StepKind.BLOCKED,
}
#: A task's code: where the subject stands in any spelling, elsewhere only as T02 ("t6" may be Friday, or June).
_CODE = re.compile(r"(?:^|(?<=[,;]))\s*[Tt]\d{1,4}[a-z]?\b|(?<!\S)T\d{2,4}[a-z]?\b")
#: A blocker without a date of its own is asked after again so many working days later.
_FOLLOW_UP_DAYS = 3


@dataclass(frozen=True, slots=True)
class _Noted:
    """One assignment of the report: what the clerk reads of it; where it was kept, what the unit reads."""

    says: Text
    effects: tuple[Effect, ...] = ()
    one: Assignment | None = None
    for_unit: Text | None = None


def write_down(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """The unit by its name, the rest as a reply of its own; nothing uncertain is recorded."""
    found = find_unit(slots["text"], case.book.people.units())
    if found.unit is not None:
        return _for(case, found.unit, found.rest)
    if not found.near:
        return [answered(case, not_found(found))]
    return _which_unit(case, found.near, found.rest)


def unit_picked(case: Case, pick: Mapping[str, Any]) -> Sequence[Effect]:
    """The clerk chose the unit that was meant."""
    unit = case.book.people.unit(pick["unit"])
    if unit is None:
        return [answered(case, text("meant.no_unit", name=pick["unit"]))]
    return _for(case, unit, pick["rest"])


def _which_unit(case: Case, near: Sequence[Unit], rest: str) -> Sequence[Effect]:
    offers = tuple(Offer(text("plain", text=unit.name), {"unit": unit.code, "rest": rest}) for unit in near)
    listed = tuple(
        text("phone.option", number=str(number), unit=unit.name, rest=rest) for number, unit in enumerate(near, 1)
    )
    choices = tuple(Choice(offer.label, str(number)) for number, offer in enumerate(offers, 1))
    says = lines(text("phone.which_unit"), *listed, text("phone.choose"))
    return [
        Say(Outgoing(case.person.id, says, once="", kind=LetterKind.QUESTION, choices=choices)),
        Ask(case.person.id, QuestionKind.UNIT, offers, {"typed": rest}),
    ]


def _for(case: Case, unit: Unit, rest: str) -> Sequence[Effect]:
    listed = as_contact_sees(case, unit)
    if not any(one.state.status.open for one in listed):
        return [answered(case, text("phone.nothing_open", unit=unit.name))]
    if not rest.strip():
        return [answered(case, text("phone.what", unit=unit.name))]
    open_codes = {_plain(one.task.code) for one in listed}
    other = [code for code in _CODE.findall(rest) if _plain(code) not in open_codes]
    if other:
        return [answered(case, text("phone.not_on_list", code=other[0].strip().upper(), unit=unit.name))]
    reading = _read(case, listed, rest)
    if not reading.certain or not all(_recordable(item, listed) for item in reading.items):
        # Its numbers are what the clerk answers by: they are kept like those of every list.
        ids = tuple(one.id for one in listed)
        return [Say(Outgoing(case.person.id, _uncertain(unit, listed, reading), once="", numbered=ids))]
    return _recorded(case, unit, listed, reading.items)


def _plain(code: str) -> str:
    return re.sub(r"^t0*", "t", code.strip().lower())


def _read(case: Case, listed: Sequence[Assignment], rest: str) -> Reading:
    places = {_plain(one.task.code): number for number, one in enumerate(listed, 1)}
    said = _CODE.sub(lambda code: f" việc {places[_plain(code[0])]}", rest)
    open_tasks = [
        OpenTask(one.id, one.task.title, one.task.resolution, one.due.on if one.due else None) for one in listed
    ]
    return read(said, case.today, open_tasks)


def _recordable(item: Item, listed: Sequence[Assignment]) -> bool:
    return item.task in {one.id for one in listed} and (item.kind in _STEPS or item.kind is Kind.EXTENSION)


def _uncertain(unit: Unit, listed: Sequence[Assignment], reading: Reading) -> Text:
    """What was understood as far as it goes, the list, and a sentence that would be certain."""
    by_id = {one.id: one for one in listed}
    understood = tuple(
        text(
            "phone.understood",
            title=by_id[item.task].task.title if item.task in by_id else text("phone.no_task"),
            kind=text(f"kind.{item.kind}"),
        )
        for item in reading.items
        if item.kind is not Kind.UNCLEAR
    )
    shown = tuple(
        text("phone.list_line", number=str(number), code=one.task.code, title=one.task.title)
        for number, one in enumerate(listed, 1)
    )
    return lines(
        text("phone.uncertain"),
        *understood,
        text("phone.list", unit=unit.name),
        *shown,
        text("phone.how", unit=unit.name),
    )


def _recorded(case: Case, unit: Unit, listed: Sequence[Assignment], items: Sequence[Item]) -> Sequence[Effect]:
    by_id = {one.id: one for one in listed}
    number = case.book.talks.next_request_number()
    noted: list[_Noted] = []
    for item in items:
        one = by_id[item.task or 0]
        if item.kind is Kind.EXTENSION:
            made = _extension(case, one, item, number)
            number += sum(isinstance(effect, RaiseRequest) for effect in made.effects)
        else:
            made = _step(case, one, item, alone=len(items) == 1)
        noted.append(made)
    kept = [made.one for made in noted if made.one is not None]
    words = {made.one.id: made.for_unit for made in noted if made.one is not None}
    told = tell_units(
        case,
        kept,
        lambda theirs: lines(
            text("phone.letter", name=case.person.name),
            *(words[one.id] for one in theirs),
            text("phone.letter_correct"),
        ),
    )
    head = text("phone.done", unit=unit.name) if kept else text("phone.not_done", unit=unit.name)
    undo = text("phone.undo") if any(isinstance(e, TakeStep) for made in noted for e in made.effects) else None
    answer = answered(case, lines(head, *(made.says for made in noted), told.words(), undo), kept)
    return [*(effect for made in noted for effect in made.effects), answer, *told.letters]


def _step(case: Case, one: Assignment, item: Item, *, alone: bool) -> _Noted:
    kind = _STEPS[item.kind]
    why = refusal(one.state, kind)
    if why is not None:
        return _Noted(text(f"phone.refused_{why}", title=one.task.title))
    blocked = kind is StepKind.BLOCKED
    files = case.evidence_ids if alone else ()
    step = Step(
        kind,
        at=case.incoming.at,
        seat_id=office_seat(case),
        percent=item.percent,
        document=item.document,
        note=item.reason if blocked else None,
        obstacle=item.obstacle if blocked else None,
        follow_up=case.book.people.calendar().step(case.today, _FOLLOW_UP_DAYS) if blocked else None,
        has_evidence=bool(files),
        for_unit=True,
    )
    details = tuple(
        part
        for part in (
            text("phone.percent", percent=str(item.percent)) if item.percent is not None else None,
            text("phone.document", document=item.document) if item.document else None,
            text("phone.reason", reason=step.note) if step.note else None,
        )
        if part is not None
    )
    says = text(
        "phone.line",
        title=one.task.title,
        kind=text(f"kind.{item.kind}"),
        details=text("phone.details", details=details) if details else "",
    )
    attached = (AttachEvidence(files, one.id),) if files else ()
    return _Noted(says, (TakeStep(one.id, step), *attached), one, says)


def _extension(case: Case, one: Assignment, item: Item, number: int) -> _Noted:
    why = extension_refusal(one.state, item.due, case.today)
    if why is not None:
        return _Noted(text(f"phone.extension_{why}", title=one.task.title, due=one.due.on if one.due else None))
    if item.due is None:
        return _Noted(text("phone.extension_which_day", title=one.task.title))
    asker = _contact_of(case, one.unit_id) or case.person
    earlier = case.book.talks.open_requests(RequestKind.EXTENSION, one.id)
    replaced = [SettleRequest(old.id, Verdict.LAPSED, office_seat(case)) for old in earlier]
    old = one.due.on.isoformat() if one.due else None
    payload = {"from": old, "reason": item.reason, "written_by": case.person.name}
    raised = RaiseRequest(number, RequestKind.EXTENSION, asker.id, one.unit_id, one.id, item.due, payload)
    asked = extension_words(str(number), one, item.due, asker.name)
    says = lines(asked, text("phone.how_to_decide", number=str(number)))
    for_unit = text("phone.extension_line", title=one.task.title, due=item.due)
    return _Noted(says, (*replaced, raised), one, for_unit)


def _contact_of(case: Case, unit_id: int) -> Person | None:
    contacts = case.book.people.in_roles(Role.CONTACT, unit_id=unit_id)
    return contacts[0] if contacts else None
