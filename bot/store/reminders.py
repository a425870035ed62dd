"""The book's part on reminders: planned by set-based statements, one row a milestone and person, never twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, exists, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.schema import Column, Table

from bot.calendar import WorkingCalendar
from bot.conversation import RequestKind
from bot.messages import LetterKind, Urgency
from bot.store import due_now
from bot.store.asked import AGAIN
from bot.store.columns import Instant
from bot.store.falling import Call, Given, Preview, Reminder
from bot.store.kept import Kept
from bot.store.mail import letter, reminder, sweep
from bot.store.tables import assignment, request, seat, step, task, unit
from bot.store.task_rows import step_from
from bot.store.unsaid import PLANNED, Unsaid, slot_key
from bot.tasks import Change, Due, Status, fold, in_order

#: So long after it came in a report may still wait to be written down.
_WRITTEN_WITHIN = timedelta(days=1)
_CHASED = [status for status in Status if status.chased]
#: Each claim of letters asks for it.
_REACHED = Kept(
    select(sweep.c.reached).where(sweep.c.province_id == bindparam("province"), sweep.c.name == bindparam("sweep"))
)


class Reminders(Unsaid):
    """What is due to be said without being asked."""

    def reached(self, name: str) -> datetime | None:
        """Up to when this sweep has done its work; None before its first time."""
        found: datetime | None = self._scalar(_REACHED, {"province": self._province, "sweep": name})
        return found

    def hold(self, name: str) -> datetime | None:
        """`reached`, and no other replica's sweep of this name until this transaction ends."""
        return self._connection.execute(select(sweep.c.reached).where(*self._named(name)).with_for_update()).scalar()

    def begin(self, name: str, now: datetime) -> None:
        """This sweep's time begins now: what was before the book existed is nobody's milestone."""
        self._insert_new(sweep, province_id=self._province, name=name, reached=now)

    def note_reached(self, name: str, at: datetime) -> None:
        """The work up to this moment is done."""
        self._connection.execute(update(sweep).where(*self._named(name)).values(reached=at))

    def _named(self, name: str) -> tuple[ColumnElement[bool], ...]:
        return sweep.c.province_id == self._province, sweep.c.name == name

    def plan(
        self,
        call: Call,
        day: date,
        slot: str,
        calendar: WorkingCalendar,
        now: datetime,
        only: Collection[int] | None = None,
    ) -> int:
        """One row for each assignment and person (of `only` these) the call is for; how many were new."""
        if not call.falling:
            return 0
        whom = due_now.recipients(self._province, call, calendar, on_sqlite=self._on_sqlite).subquery()
        rows = select(
            *(whom.c[name] for name in ("assignment_id", "person_id", "due_version", "milestone")),
            literal(self._province),
            literal(call.rule),
            literal(day),
            literal(slot),
            literal("planned"),
            literal(now, Instant),
        )
        return self._insert_from(
            reminder,
            rows if only is None else rows.where(whom.c.person_id.in_(only)),
            "assignment_id, person_id, due_version, milestone, province_id, rule, day, slot, state, planned_at",
        )

    def preview(self, call: Call, calendar: WorkingCalendar) -> tuple[Preview, ...]:
        """Whom `plan` would write down, without keeping anything."""
        if not call.falling:
            return ()
        whom = due_now.recipients(self._province, call, calendar, on_sqlite=self._on_sqlite).subquery()
        named = (
            select(whom, unit.c.name.label("unit_name"), task.c.code, task.c.title, assignment.c.due_on)
            .join(assignment, assignment.c.id == whom.c.assignment_id)
            .join(unit, unit.c.id == assignment.c.unit_id)
            .join(task, task.c.id == assignment.c.task_id)
            .order_by(whom.c.person_id, assignment.c.due_on, task.c.code, unit.c.position)
        )
        return tuple(
            Preview(
                row["person_id"],
                row["person_name"],
                row["unit_name"],
                row["assignment_id"],
                row["code"],
                row["title"],
                row["due_on"],
                call.rule,
                row["milestone"],
            )
            for row in self._rows(named)
        )

    def dates_counted_from(self, calendar: WorkingCalendar) -> frozenset[date]:
        """Every date a reminder may still count from: open deadlines, obstacles' dates, days extensions were asked."""
        mine = (assignment.c.province_id == self._province, assignment.c.status.in_(_CHASED))
        asked = select(request.c.asked_at).where(
            request.c.province_id == self._province,
            request.c.kind == RequestKind.EXTENSION.value,
            request.c.settled_at.is_(None),
        )
        moments = self._connection.execute(asked).scalars()
        return frozenset(
            {
                *self._connection.execute(select(assignment.c.due_on).where(*mine).distinct()).scalars(),
                *self._connection.execute(select(assignment.c.follow_up).where(*mine).distinct()).scalars(),
                *(calendar.day_of(moment) for moment in moments),
            }
        )

    def plan_slot_letters(self, day: date, slot: str, now: datetime) -> int:
        """One letter for each person with something planned in this slot; how many were new."""
        planned = (
            select(reminder.c.person_id)
            .where(
                reminder.c.province_id == self._province,
                reminder.c.day == day,
                reminder.c.slot == slot,
                PLANNED,
            )
            .distinct()
        )
        recipe = {"name": "slot", "day": day.isoformat(), "slot": slot}
        return self.plan_letters(slot_key(day, slot), LetterKind.REMINDER, planned, recipe, now, now)

    def plan_unit_letters(
        self,
        key: str,
        kind: LetterKind,
        unit_ids: Sequence[int],
        recipe: Mapping[str, Any],
        now: datetime,
        at: datetime,
    ) -> int:
        """One letter for each person who hears for one of these units, not before `at`; how many were new."""
        whom = due_now.unit_people(self._province, seat.c.unit_id.in_(unit_ids))
        return self.plan_letters(key, kind, whom, recipe, now, at)

    def plan_letters(
        self, key: str, kind: LetterKind, whom: Select[Any], recipe: Mapping[str, Any], now: datetime, at: datetime
    ) -> int:
        """One letter for each person_id of `whom`, keyed `key` and that id, not before `at`; how many were new."""
        each = whom.order_by("person_id").subquery()
        constants: dict[Column[Any], object] = {
            letter.c.province_id: self._province,
            letter.c.kind: kind.value,
            letter.c.urgency: Urgency.UNASKED,
            letter.c.recipe: dict(recipe),
            letter.c.buttons: [],
            letter.c.state: "planned",
            letter.c.planned_at: now,
            letter.c.not_before: at,
            letter.c.fence: 0,
            letter.c.repeats: 0,
            letter.c.silent: False,
        }
        once = literal(key) + cast(each.c.person_id, String)
        return self._insert_from(
            letter,
            select(once, each.c.person_id, *(literal(value, column.type) for column, value in constants.items())),
            ", ".join(["once", "person_id", *(column.name for column in constants)]),
        )

    @property
    def _on_sqlite(self) -> bool:
        return self._connection.dialect.name == "sqlite"

    def _insert_from(self, table: Table, rows: Select[Any], names: str) -> int:
        dialect = sqlite if self._on_sqlite else postgresql
        # SQLite takes the ON of ON CONFLICT for a join's, where no WHERE stands between.
        parted = rows.where(literal(1) == 1)
        statement = dialect.insert(table).from_select(names.split(", "), parted).on_conflict_do_nothing()
        return int(self._connection.execute(statement.execution_options(preserve_rowcount=True)).rowcount)

    def given(self, task_ids: Iterable[int]) -> tuple[Given, ...]:
        """These tasks as far as they were given to units."""
        whole = (
            select(task, assignment.c.unit_id, unit.c.name.label("unit_name"))
            .join(assignment, assignment.c.task_id == task.c.id)
            .join(unit, unit.c.id == assignment.c.unit_id)
            .where(task.c.province_id == self._province, task.c.id.in_(list(task_ids)))
            .order_by(task.c.code, unit.c.position)
        )
        found = []
        for task_id, each in groupby(self._rows(whole), key=lambda row: int(row["id"])):
            rows = list(each)
            one = rows[0]
            found.append(
                Given(
                    id=task_id,
                    directive_id=one["directive_id"],
                    title=one["title"],
                    due=Due(one["due_on"], one["due_time"]) if one["due_on"] else None,
                    co_units=tuple(one["co_units"]),
                    unit_ids=tuple(row["unit_id"] for row in rows),
                    unit_names=tuple(row["unit_name"] for row in rows),
                )
            )
        return tuple(found)

    def last_step(self) -> int:
        """The newest step that is written down; 0 where there is none."""
        mine = select(step.c.id).where(step.c.province_id == self._province)
        newest: int | None = self._connection.execute(mine.order_by(step.c.id.desc()).limit(1)).scalar()
        return newest or 0

    def moved(self, since: datetime, until: datetime, newer_than: int | None = None) -> tuple[Change, ...]:
        """What the standing steps recorded from `since` up to `until` did, assignment by assignment, in order.

        With those of the hours before, where they were written down later than the step `newer_than`: a report whose
        file was long in coming bears the time at which it came in.
        """
        mine = step.c.province_id == self._province
        late = since if newer_than is None else since - _WRITTEN_WITHIN
        fresh = or_(step.c.recorded_at >= since, step.c.id > (newer_than or 0))
        within = (step.c.recorded_at >= late, step.c.recorded_at < until, fresh)
        recent = select(step.c.assignment_id).where(mine, *within)
        whole = (
            select(step, task.c.due_on.label("first_on"), task.c.due_time.label("first_time"))
            .select_from(step)
            .join(assignment, assignment.c.id == step.c.assignment_id)
            .join(task, task.c.id == assignment.c.task_id)
        )
        standing = whole.where(step.c.assignment_id.in_(recent), step.c.superseded_at.is_(None))
        found: list[Change] = []
        rows = self._rows(standing.order_by(step.c.assignment_id, step.c.id))
        for assignment_id, each in groupby(rows, key=lambda row: int(row["assignment_id"])):
            told = list(each)
            due = Due(told[0]["first_on"], told[0]["first_time"]) if told[0]["first_on"] else None
            known = {int(row["id"]): row["recorded_at"] for row in told}
            steps = in_order(map(step_from, told))
            for place, one in enumerate(steps):
                written = since if newer_than is None or one.id <= newer_than else late
                if written <= known[one.id] < until:
                    before, after = fold(steps[:place], due), fold(steps[: place + 1], due)
                    found.append(Change(assignment_id, before, after, one, known[one.id]))
        return tuple(found)

    def of_slot(self, person_id: int, day: date, slot: str) -> tuple[Reminder, ...]:
        """What is planned for a person's letter of a slot and was not said yet."""
        mine = select(reminder).where(
            reminder.c.province_id == self._province,
            reminder.c.person_id == person_id,
            reminder.c.day == day,
            reminder.c.slot == slot,
            PLANNED,
        )
        return tuple(
            Reminder(
                row["id"],
                row["assignment_id"],
                row["person_id"],
                row["due_version"],
                row["rule"],
                row["milestone"],
                row["day"],
                row["slot"],
            )
            for row in self._rows(mine.order_by(reminder.c.id))
        )

    def given_back(self, assignment_ids: Collection[int]) -> frozenset[int]:
        """Those of these whose last report the office did not leave standing."""
        theirs = select(assignment.c.id).where(assignment.c.id.in_(assignment_ids), due_now.given_back())
        return frozenset(self._connection.execute(theirs).scalars())

    def note_told(self, ids: Iterable[int]) -> None:
        """These stand in a letter now; whether it arrived is the letter's own state."""
        self._connection.execute(update(reminder).where(reminder.c.id.in_(list(ids))).values(state="sent"))

    def pass_by(self, person_id: int, day: date, slot: str, now: datetime) -> int:
        """Nothing reaches this person: what their letter of a slot says is for who stands in; how many letters."""
        told = and_(
            reminder.c.province_id == self._province,
            reminder.c.person_id == person_id,
            reminder.c.day == day,
            reminder.c.slot == slot,
            reminder.c.state.in_(["planned", "sent"]),
            # What somebody asked for themselves says nothing to others.
            reminder.c.rule != AGAIN,
        )
        whom = due_now.stand_ins(told).subquery()
        self._insert_from(
            reminder,
            select(*whom.c, literal(self._province), literal("planned"), literal(now, Instant)),
            ", ".join([*whom.c.keys(), "province_id", "state", "planned_at"]),
        )
        twin = reminder.alias("twin")
        heard = exists().where(
            *(twin.c[name] == reminder.c[name] for name in ("assignment_id", "due_version", "rule", "day")),
            twin.c.person_id != person_id,
        )
        self._connection.execute(update(reminder).where(told, heard).values(state="cancelled", why="unreachable"))
        return self.plan_slot_letters(day, slot, now)
