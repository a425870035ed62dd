"""The office confirms what units report as done, singly or all at once, or returns it with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.case import Case
from bot.effects import Effect
from bot.messages import text
from bot.tasks import Assignment, Status, StepKind
from handlers.meant_assignments import Meant, meant
from handlers.office_decision import answered, decide


def confirm(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """By numbers; of one task in all units, where only what is reported counts; of one task in named units."""
    what = meant(case, slots)
    if "task" in slots and "unit" not in slots and what.assignments:
        reported = _reported(what.assignments)
        if not reported:
            return [answered(case, text("confirm.none_of_task", code=what.assignments[0].task.code))]
        what = Meant(reported)
    return decide(case, what, StepKind.ACCEPT)


def confirm_all(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Everything reported that the clerk was shown; where nothing of it was shown, everything that is reported.

    The button under a list means that list alone, however old it is.
    """
    waiting = case.book.assignments.in_status(Status.REPORTED)
    if not waiting:
        return [answered(case, text("confirm.none"))]
    shown = set(case.listing.numbered) if case.listing else set()
    seen = tuple(one for one in waiting if one.id in shown)
    if case.incoming.button and not seen:
        return [answered(case, text("confirm.list_settled", n=len(waiting)))]
    left = len(waiting) - len(seen) if seen else 0
    hint = text("confirm.more_waiting", n=left) if left else None
    return decide(case, Meant(seen or waiting), StepKind.ACCEPT, hint=hint)


def return_report(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """Back to the unit, which has to be told why."""
    return with_reason(case, slots, StepKind.RETURN)


def with_reason(case: Case, slots: Mapping[str, str], kind: StepKind) -> Sequence[Effect]:
    """A decision that the unit has to be told the reason of; without one it is asked for, and nothing is done."""
    what = meant(case, slots)
    if set(slots) == {"task"} and len(what.assignments) > 1:
        return [answered(case, text(f"decision.{kind}.which_unit", code=what.assignments[0].task.code))]
    if what.assignments and not what.rest.strip():
        return [answered(case, text(f"decision.{kind}.reason", typed=case.text), what.assignments)]
    return decide(case, what, kind, what.rest.strip() or None)


def _reported(assignments: Sequence[Assignment]) -> tuple[Assignment, ...]:
    return tuple(one for one in assignments if one.state.status is Status.REPORTED)
