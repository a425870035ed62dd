"""The book's part on taking back: the steps a person's words left, and whether the office has decided since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from bot.store.part import Part
from bot.store.tables import step
from bot.store.task_rows import step_from
from bot.tasks import Step, StepKind

_DECISIONS = [kind for kind in StepKind if not kind.is_report]
#: What ends a sender's right to take a report back: a person of the office judged it. A new deadline judges nothing.
_DECIDED = [StepKind.ACCEPT, StepKind.RETURN, StepKind.RECALL, StepKind.REOPEN]


@dataclass(frozen=True, slots=True)
class StandingStep:
    """A step that still stands; `decided` where the office has spoken on its assignment since."""

    assignment_id: int
    step: Step
    decided: bool
    recorded_at: datetime


class Standing(Part):
    """Steps by who said them, or by what was typed."""

    def last_by(self, seat_ids: Iterable[int], assignment_id: int | None = None) -> tuple[StandingStep, ...]:
        """The steps that the newest standing report of these seats left (one text may have left several).

        With an assignment: those on it alone.
        """
        on_it = (step.c.assignment_id == assignment_id,) if assignment_id is not None else ()
        standing = (step.c.superseded_at.is_(None), step.c.kind.not_in(_DECISIONS))
        mine = (step.c.seat_id.in_(list(seat_ids)), *standing, *on_it)
        newest = self._connection.execute(select(func.max(step.c.id)).where(*mine)).scalar()
        if newest is None:
            return ()
        said_id = self._connection.execute(select(step.c.said_id).where(step.c.id == newest)).scalar()
        same = step.c.id == newest if said_id is None else step.c.said_id == said_id
        return self._steps(*mine, same)

    def last_was_decision(self, seat_ids: Iterable[int]) -> bool:
        """Whether the newest standing step of these seats is a decision of the office's, not a report."""
        mine = (step.c.seat_id.in_(list(seat_ids)), step.c.superseded_at.is_(None))
        newest = select(step.c.kind).where(*mine).order_by(step.c.id.desc()).limit(1)
        return self._connection.execute(newest).scalar() in _DECISIONS

    def newest(self, seat_ids: Iterable[int]) -> tuple[datetime, int | None] | None:
        """When the newest standing step of these seats was recorded, report or decision, and what was typed for it."""
        mine = (step.c.seat_id.in_(list(seat_ids)), step.c.superseded_at.is_(None))
        last = select(step.c.recorded_at, step.c.said_id).where(*mine).order_by(step.c.id.desc()).limit(1)
        row = self._connection.execute(last).one_or_none()
        return (row.recorded_at, row.said_id) if row else None

    def under(self, said_ids: Iterable[int]) -> tuple[StandingStep, ...]:
        """The steps that these typed texts left."""
        return self._steps(
            step.c.said_id.in_(list(said_ids)), step.c.superseded_at.is_(None), step.c.kind.not_in(_DECISIONS)
        )

    def _steps(self, *conditions: ColumnElement[bool]) -> tuple[StandingStep, ...]:
        later = step.alias("later")
        decided = exists().where(
            later.c.assignment_id == step.c.assignment_id,
            later.c.id > step.c.id,
            later.c.superseded_at.is_(None),
            later.c.kind.in_(_DECIDED),
            later.c.seat_id.is_not(None),
        )
        rows = self._rows(select(step, decided.label("decided")).where(*conditions).order_by(step.c.id))
        return tuple(
            StandingStep(row["assignment_id"], step_from(row), row["decided"], row["recorded_at"]) for row in rows
        )
