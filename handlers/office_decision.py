"""One decision of the office on many assignments: recorded where it may follow, told, and the rest named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.case import Case
from bot.contacts import Role
from bot.effects import Effect, Say, TakeStep
from bot.listing import due_words, state_words
from bot.messages import Outgoing, Text, Value, lines, text
from bot.reports import parts
from bot.tasks import Assignment, Status, Step, StepKind, refusal
from handlers.meant_assignments import Meant
from handlers.unit_letters import tell_units

_SPOKEN_OF_SINGLY = 3
#: Decisions on a report; on what was not reported they are taken too, but never in passing and never unsaid.
_ON_REPORTS = (StepKind.ACCEPT, StepKind.RETURN)


def decide(case: Case, what: Meant, kind: StepKind, note: str | None = None, hint: Text | None = None) -> list[Effect]:
    """Everything that is done, and one answer that says what was and what was not.

    What a unit has not reported is accepted or returned where the clerk types its name: a number may be that of another
    list, or of a report taken back since.
    """
    allowed: list[Assignment] = []
    refused: list[Text] = list(what.unknown)
    for one in what.assignments:
        why = refusal(one.state, kind)
        if why is None and not what.named and _unreported(one, kind):
            why = "not_reported"
        if why is None:
            allowed.append(one)
        else:
            refused.append(text("decision.refused", unit=one.unit_name, code=one.task.code, why=_why(one, why)))
    effects: list[Effect] = [
        TakeStep(one.id, step_of_office(case, one, kind, note=note), seen=one.state.status) for one in allowed
    ]
    told = tell_units(case, allowed, lambda theirs: for_unit(case, theirs, kind, note))
    answer = lines(
        *done_words(allowed, kind, note),
        told.words(),
        text("decision.not_done") if refused else None,
        *refused,
        text("decision.nothing") if not allowed and not refused else None,
        hint,
    )
    return [*effects, answered(case, answer, tuple(allowed)), *told.letters]


def answered(case: Case, says: Text, about: Sequence[Assignment] = ()) -> Say:
    """The clerk's own answer."""
    return Say(Outgoing(case.person.id, says, once="", about=about[0].id if len(about) == 1 else None))


def step_of_office(case: Case, one: Assignment, kind: StepKind, *, note: str | None = None) -> Step:
    """A decision as of now; never before the report it is about, whatever the platforms' clocks say."""
    return Step(kind, at=decided_at(case, one), seat_id=office_seat(case), note=note)


def decided_at(case: Case, one: Assignment) -> datetime:
    """The moment a decision stands at."""
    return max(case.now, one.state.last_report_at or case.now)


def office_seat(case: Case) -> int | None:
    """The seat from which this clerk decides."""
    seat = case.person.seat_as(Role.OFFICE)
    return seat.id if seat else None


def done_words(allowed: Sequence[Assignment], kind: StepKind, note: str | None) -> tuple[Value, ...]:
    """What was done: few by one line each, many by task with all the units' names."""
    unreported = [one for one in allowed if _unreported(one, kind)]
    reported = [one for one in allowed if not _unreported(one, kind)]
    found: list[Value] = []
    if reported:
        found += (text(f"decision.{kind}.done", n=len(reported), note=note), *_listed(reported))
    if unreported:
        found += (text(f"decision.{kind}.done_unreported", n=len(unreported), note=note), *_listed(unreported))
        first = unreported[0]
        how = {"code": first.task.code, "unit": first.unit_name}
        found.append(text(f"decision.{kind}.was_unreported", **how))
    return tuple(found)


def _unreported(one: Assignment, kind: StepKind) -> bool:
    return kind in _ON_REPORTS and one.state.status is not Status.REPORTED


def _listed(done: Sequence[Assignment]) -> Iterator[Value]:
    if len(done) <= _SPOKEN_OF_SINGLY:
        yield from (_one(one) for one in done)
        return
    by_task: dict[str, list[Assignment]] = {}
    for one in done:
        by_task.setdefault(one.task.code, []).append(one)
    for code, members in by_task.items():
        yield text("decision.task", code=code, title=members[0].task.title, amount=str(len(members)))
        yield from parts.names(one.unit_name for one in members)


def _one(one: Assignment) -> Text:
    document = text("decision.document", document=one.state.document) if one.state.document else ""
    return text("decision.one", code=one.task.code, unit=one.unit_name, title=one.task.title, document=document)


def _why(one: Assignment, why: str) -> Text:
    if one.state.status is Status.ACCEPTED and why != "still_open":
        return text("decision.why.accepted", at=one.state.accepted_at)
    if one.state.status is Status.RECALLED and why != "still_open":
        return text("decision.why.recalled")
    return text(f"decision.why.{why}", state=state_words(one.state))


def for_unit(case: Case, theirs: Sequence[Assignment], kind: StepKind, note: str | None) -> Text:
    """What the unit's people read of it; what they had not reported stands apart."""
    several = len({one.unit_id for one in theirs}) > 1
    again = kind in (StepKind.RETURN, StepKind.REOPEN)
    found: list[Value] = []
    for key, some in (
        ("letter", [one for one in theirs if not _unreported(one, kind)]),
        ("letter_unreported", [one for one in theirs if _unreported(one, kind)]),
    ):
        if some:
            found.append(text(f"decision.{kind}.{key}", n=len(some), note=note))
        found += (
            text(
                "decision.letter_line",
                title=one.task.title,
                unit=text("decision.letter_unit", unit=one.unit_name) if several else "",
                tail=text("decision.with_due", due=due_words(one.due, case.today)) if again else _document(one),
            )
            for one in some
        )
    return lines(*found, text(f"decision.{kind}.closing") if kind is not StepKind.RECALL else None)


def _document(one: Assignment) -> Text | None:
    return text("decision.with_document", document=one.state.document) if one.state.document else None
