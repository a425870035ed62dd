"""The book's part on what stands behind a figure: every report and decision with the words it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from bot.contacts import Role
from bot.store.part import Part
from bot.store.tables import person, request, said, seat, step, unit
from bot.tasks import StepKind

#: So many ids go into one question: a database takes only so many parameters.
_AT_ONCE = 1000


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
    said_id: int | None = None

    @property
    def by(self) -> str:
        """Who said it; the unit alone where the name was erased."""
        return ", ".join(part for part in (self.name, self.unit_name) if part)


class Sources(Part):
    """Steps with their messages."""

    def of(self, assignment_ids: Iterable[int]) -> tuple[Source, ...]:
        """Everything said about these assignments, taken back or not, in order."""
        wanted = sorted(set(assignment_ids))
        portions = [wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE)]
        return tuple(one for some in portions for one in self._found(step.c.assignment_id.in_(some)))

    def all(self) -> tuple[Source, ...]:
        """Everything said about any assignment of the province."""
        return self._found()

    def spoken_of(self, said_ids: Iterable[int]) -> dict[int, set[int]]:
        """The assignments that each of these messages reports on or puts a request about."""
        found: dict[int, set[int]] = {}
        wanted = sorted(set(said_ids))
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            for table in (step, request):
                pairs = select(table.c.said_id, table.c.assignment_id).where(
                    table.c.province_id == self._province, table.c.said_id.in_(some)
                )
                for row in self._rows(pairs):
                    if row["assignment_id"] is not None:
                        found.setdefault(row["said_id"], set()).add(row["assignment_id"])
        return found

    def _found(self, *conditions: ColumnElement[bool]) -> tuple[Source, ...]:
        whole = (
            select(
                step.c.assignment_id,
                step.c.kind,
                step.c.at,
                step.c.for_unit,
                step.c.superseded_at,
                step.c.said_id,
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
            .where(step.c.province_id == self._province, *conditions)
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
                said_id=row["said_id"],
            )
            for row in self._rows(whole)
        )
