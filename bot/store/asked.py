"""The book's part on what a contact asked to be reminded of once more, in a slot of their own choice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.falling import Preview
from bot.store.mail import reminder
from bot.store.part import Part
from bot.store.tables import assignment, person, task, unit
from bot.store.unsaid import PLANNED
from bot.tasks import Due

#: The rule by whose name these stand among the reminders.
AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Asked:
    """One such reminder that was not said yet, and the due it must not go past."""

    id: int
    day: date
    slot: str
    due: Due | None


class AskedAgain(Part):
    """Rows like all reminders; nobody plans them but who asked."""

    def ask(self, assignment_ids: Collection[int], person_id: int, day: date, slot: str, now: datetime) -> None:
        """Remind this person of these in that slot; what they asked before about them gives way."""
        mine = (reminder.c.province_id == self._province, reminder.c.rule == AGAIN, reminder.c.person_id == person_id)
        other = or_(reminder.c.day != day, reminder.c.slot != slot)
        before = update(reminder).where(PLANNED, *mine, reminder.c.assignment_id.in_(assignment_ids), other)
        self._connection.execute(before.values(state="cancelled", why="asked anew"))
        versions = select(assignment.c.id, assignment.c.due_version).where(
            assignment.c.province_id == self._province, assignment.c.id.in_(assignment_ids)
        )
        rows = [
            {
                "province_id": self._province,
                "assignment_id": row["id"],
                "person_id": person_id,
                "due_version": row["due_version"],
                "rule": AGAIN,
                "day": day,
                "slot": slot,
                "milestone": 0,
                "state": "planned",
                "planned_at": now,
            }
            for row in self._rows(versions.order_by(assignment.c.id))
        ]
        if not rows:
            return
        insert = (postgresql if self._connection.dialect.name == "postgresql" else sqlite).insert(reminder).values(rows)
        key = ["assignment_id", "due_version", "rule", "day", "person_id"]
        again = {"state": "planned", "why": None, "slot": slot, "planned_at": now}
        self._connection.execute(insert.on_conflict_do_update(index_elements=key, set_=again))

    def waiting(self, first: date) -> tuple[Asked, ...]:
        """Everything asked for that day or later and not said yet, in order."""
        whole = (
            select(reminder.c.id, reminder.c.day, reminder.c.slot, assignment.c.due_on, assignment.c.due_time)
            .join(assignment, assignment.c.id == reminder.c.assignment_id)
            .where(PLANNED, reminder.c.province_id == self._province, reminder.c.rule == AGAIN, reminder.c.day >= first)
        )
        return tuple(
            Asked(row["id"], row["day"], row["slot"], Due(row["due_on"], row["due_time"]) if row["due_on"] else None)
            for row in self._rows(whole.order_by(reminder.c.day, reminder.c.slot, reminder.c.id))
        )

    def move(self, reminder_id: int, day: date, slot: str) -> None:
        """Say it then; where the same is said that day already, not twice, and what was given up there holds again."""
        other = reminder.alias("other")
        columns = ("assignment_id", "due_version", "rule", "person_id")
        same = (other.c[name] == reminder.c[name] for name in columns)
        twin = select(other.c.id).where(*same, other.c.id != reminder.c.id)
        mine = update(reminder).where(PLANNED, reminder.c.id == reminder_id)
        waits = twin.where(other.c.id == reminder_id, other.c.state == "planned").exists()
        given_up = update(reminder).where(reminder.c.state == "cancelled", reminder.c.day == day, waits)
        self._connection.execute(given_up.values(state="planned", why=None, slot=slot))
        there = twin.where(other.c.day == day).exists()
        self._connection.execute(mine.where(there).values(state="cancelled", why="superseded"))
        self._connection.execute(mine.values(day=day, slot=slot))

    def preview(self, day: date, slots: Sequence[str]) -> tuple[tuple[str, Preview], ...]:
        """Who asked to hear of what in these slots of a day."""
        here = and_(reminder.c.rule == AGAIN, reminder.c.day == day, reminder.c.slot.in_(slots))
        whole = (
            select(
                reminder.c.slot,
                reminder.c.person_id,
                person.c.name.label("person_name"),
                unit.c.name.label("unit_name"),
                reminder.c.assignment_id,
                task.c.code.label("task_code"),
                task.c.title.label("task_title"),
                assignment.c.due_on,
                reminder.c.rule,
                reminder.c.milestone,
            )
            .join(assignment, assignment.c.id == reminder.c.assignment_id)
            .join(unit, unit.c.id == assignment.c.unit_id)
            .join(task, task.c.id == assignment.c.task_id)
            .join(person, person.c.id == reminder.c.person_id)
            .where(PLANNED, reminder.c.province_id == self._province, here)
        )
        order = (reminder.c.slot, reminder.c.person_id, assignment.c.due_on, task.c.code, unit.c.position)
        found = [dict(row) for row in self._rows(whole.order_by(*order))]
        return tuple((row.pop("slot"), Preview(**row)) for row in found)
