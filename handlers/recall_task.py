"""The office takes a task back from a unit, or opens again what was accepted; both with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.case import Case
from bot.effects import Effect
from bot.tasks import StepKind
from handlers.confirm_report import with_reason


def recall(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """The unit need not do it any more."""
    return with_reason(case, slots, StepKind.RECALL)


def reopen(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """What was accepted or recalled is the unit's again."""
    return with_reason(case, slots, StepKind.REOPEN)
