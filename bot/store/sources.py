"""The book's part on what stands behind a figure: every report and decision with the words it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.contacts import Role
from bot.store.part import Part
from bot.store.tables import person, said, seat, step, unit
from bot.tasks import StepKind


@dataclass(frozen=True, slots=True)
class Source:
    """One step as it came: `text` is empty where there were no words, or where they were erased with their sender."""

    assignment_id: int
    kind: StepKind
    at: datetime
    text: str
    name: str
    role: Role | None
    unit_name: str
    channel: str
    for_unit: bool
    superseded: bool

    @property
    def by(self) -> str:
        """Who said it; the unit alone where the name was erased."""
        return ", ".join(part for part in (self.name, self.unit_name) if part)


class Sources(Part):
    """Steps with their messages."""

    def of(self, assignment_ids: Iterable[int]) -> tuple[Source, ...]:
        """Everything said about these assignments, taken back or not, in order."""
        whole = (
            select(
                step.c.assignment_id,
                step.c.kind,
                step.c.at,
                step.c.for_unit,
                step.c.superseded_at,
                said.c.text,
                said.c.channel,
                seat.c.role,
                person.c.name,
                unit.c.name.label("unit_name"),
            )
            .outerjoin(said, said.c.id == step.c.said_id)
            .outerjoin(seat, seat.c.id == step.c.seat_id)
            .outerjoin(person, person.c.id == seat.c.person_id)
            .outerjoin(unit, unit.c.id == seat.c.unit_id)
            .where(step.c.province_id == self._province, step.c.assignment_id.in_(list(assignment_ids)))
            .order_by(step.c.assignment_id, step.c.at, step.c.id)
        )
        return tuple(
            Source(
                assignment_id=row["assignment_id"],
                kind=StepKind(row["kind"]),
                at=row["at"],
                text=row["text"] or "",
                name=row["name"] or "",
                role=Role(row["role"]) if row["role"] else None,
                unit_name=row["unit_name"] or "",
                channel=row["channel"] or "",
                for_unit=row["for_unit"],
                superseded=row["superseded_at"] is not None,
            )
            for row in self._rows(whole)
        )
