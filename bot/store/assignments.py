"""The book's part on tasks and assignments: what is open, what was said of it, and how a step is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, literal_column, select, update

from bot.store.files import evidence
from bot.store.journal import HEAD, Head, Journal, head_of
from bot.store.kept import Kept
from bot.store.part import Overtaken, Part
from bot.store.tables import assignment, directive, province, step, task
from bot.store.task_rows import (
    OF_STATE,
    OF_STEP,
    TASKS,
    WHOLE,
    assignment_of,
    columns_of,
    state_of,
    step_from,
    step_of,
    task_of,
)
from bot.store.unsaid import SPOKEN_OF
from bot.tasks import Assignment, Change, Directive, Due, State, Status, Step, Task, fold, in_order, refusal

#: Written out as the index has it, or SQLite would not see that it serves.
_IS_OPEN: ColumnElement[bool] = literal_column("assignment.status IN ('assigned','in_progress','blocked','reported')")


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be kept; `units` are the ids it is assigned to."""

    directive_id: int
    code: str
    title: str
    resolutions: tuple[str, ...]
    units: tuple[int, ...]
    due: Due | None = None
    due_phrase: str | None = None
    responsibility: str | None = None
    product: str | None = None
    authority: str | None = None
    co_units: tuple[str, ...] = ()
    recurs: str | None = None
    remark: str | None = None
    draft: bool = False
    follow_up_unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """What a step needs of an assignment: its standing steps as they were recorded, its chain, what is said of it."""

    id: int
    state: State
    first_due: Due | None
    due_version: int
    steps: tuple[Step, ...]
    head: Head
    spoken_of: bool


def _held(lines: Sequence[Sequence[Any]]) -> _Held:
    number, due_version, first_on, first_time, head_number, head_digest, spoken_of, *state = lines[0][len(OF_STEP) :]
    steps = (line[: len(OF_STEP)] for line in lines)
    return _Held(
        id=number,
        state=state_of(state),
        first_due=Due(first_on, first_time) if first_on else None,
        due_version=due_version,
        # Their kind comes first; of an assignment without any there is none.
        steps=tuple(step_of(one) for one in steps if one[0] is not None),
        head=head_of(head_number, head_digest),
        spoken_of=bool(spoken_of),
    )


class Assignments(Part):
    """Who was given what, and where it stands."""

    def __init__(
        self, connection: Connection, province_id: int, digests: Mapping[int, bytes] = MappingProxyType({})
    ) -> None:
        super().__init__(connection, province_id)
        self._kept_zone: ZoneInfo | None = None
        #: Of the texts kept in this transaction.
        self._digests = digests
        #: On SQLite nobody writes beside us.
        self._alone = connection.dialect.name == "sqlite"
        self._locked: frozenset[int] = frozenset()
        #: As they stand, where nobody else writes to them; each is used once, before it is written to.
        self._in_hand: dict[int, _Held] = {}
        self._spoken_of: dict[int, bool] = {}

    def keep_directive(self, number: str | None, title: str, issued_on: Any, resolutions: Sequence[str]) -> int:
        """A new directive; its id."""
        values = {"number": number, "title": title, "issued_on": issued_on, "resolutions": list(resolutions)}
        return self._insert(directive, province_id=self._province, **values)

    def directives(self) -> tuple[Directive, ...]:
        """All directives, oldest first."""
        mine = select(directive).where(directive.c.province_id == self._province).order_by(directive.c.id)
        return tuple(
            Directive(row["id"], row["number"], row["title"], row["issued_on"], tuple(row["resolutions"]))
            for row in self._rows(mine)
        )

    def keep_task(self, new: NewTask, now: datetime) -> int:
        """A new task and, unless it is a draft, its assignments; the task's id."""
        due = {"due_on": new.due.on if new.due else None, "due_time": new.due.at if new.due else None}
        task_id = self._insert(
            task,
            province_id=self._province,
            directive_id=new.directive_id,
            code=new.code,
            title=new.title,
            resolutions=list(new.resolutions),
            due_phrase=new.due_phrase,
            responsibility=new.responsibility,
            product=new.product,
            authority=new.authority,
            co_units=list(new.co_units),
            recurs=new.recurs,
            remark=new.remark,
            draft=new.draft,
            confirmed_at=None if new.draft else now,
            follow_up_unit_id=new.follow_up_unit_id,
            **due,
        )
        if not new.draft:
            self._assign(task_id, new.units, new.due, now)
        return task_id

    def _assign(self, task_id: int, units: Sequence[int], due: Due | None, now: datetime) -> None:
        same = {
            "province_id": self._province,
            "task_id": task_id,
            "status": Status.ASSIGNED,
            "due_on": due.on if due else None,
            "due_time": due.at if due else None,
            "due_at": due.ends(self._zone()) if due else None,
            "due_version": 1,
            "assigned_at": now,
            "extensions": 0,
            "has_evidence": False,
            "reported_by_tap": False,
        }
        if units:
            self._connection.execute(assignment.insert(), [{**same, "unit_id": unit_id} for unit_id in units])

    def task_codes(self) -> frozenset[str]:
        """The codes that are taken."""
        mine = select(task.c.code).where(task.c.province_id == self._province)
        return frozenset(self._connection.execute(mine).scalars())

    def drafts(self) -> tuple[Task, ...]:
        """Tasks that nobody has been given yet."""
        mine = TASKS.where(task.c.province_id == self._province, task.c.draft.is_(True))
        return tuple(task_of(*line) for line in self._lines(mine.order_by(task.c.code)))

    def open_of(self, unit_ids: Iterable[int]) -> tuple[Assignment, ...]:
        """What these units still have before them."""
        units = list(unit_ids)
        if len(units) == 1:
            return self._found(_OPEN_OF_ONE, unit=units[0])
        return self._found(_OPEN_OF, units=units)

    def many(self, ids: Iterable[int]) -> tuple[Assignment, ...]:
        """These assignments, in the order of the ids."""
        wanted = list(ids)
        found = {one.id: one for one in self._found(_MANY, ids=wanted)}
        return tuple(found[one] for one in wanted if one in found)

    def of_units(self, unit_ids: Iterable[int]) -> tuple[Assignment, ...]:
        """Everything these units were ever given."""
        return self._found(_OF_UNITS, units=list(unit_ids))

    def get(self, assignment_id: int) -> Assignment | None:
        """One assignment."""
        found = self.many([assignment_id])
        return found[0] if found else None

    def all(self) -> tuple[Assignment, ...]:
        """Every assignment of the province."""
        return self._where()

    def in_status(self, *statuses: Status) -> tuple[Assignment, ...]:
        """Every assignment that stands so."""
        return self._where(assignment.c.status.in_(statuses))

    def of_task(self, code: str) -> tuple[Assignment, ...]:
        """All units' assignments of the task with this code."""
        return self._where(task.c.code == code)

    def steps(self, assignment_id: int) -> tuple[Step, ...]:
        """The standing reports and decisions, in order."""
        held = self._read(assignment_id)
        if held is not None and self._alone:
            self._in_hand[assignment_id] = held
        return in_order(held.steps) if held else ()

    def spoken_of(self, assignment_id: int) -> bool:
        """Whether a reminder of it waited, or stood in a letter that is not sent, when a step of it was recorded."""
        return self._spoken_of.get(assignment_id, True)

    def record(self, assignment_id: int, new: Step, now: datetime, *, seen: Status | None = None) -> Change:
        """Add a step, fold again, keep the journal. Steps stand in the order of their platform times.

        Raises Overtaken where it can no longer follow because somebody else's decision came first, or where it was made
        on another status than the one that now stands.
        """
        before = self._held(assignment_id)
        if seen is not None and before.state.status is not seen:
            raise Overtaken(f"assignment {assignment_id}")
        if refusal(before.state, new.kind) is not None:
            raise Overtaken(f"assignment {assignment_id}")
        step_id = self._insert(
            step,
            province_id=self._province,
            assignment_id=assignment_id,
            kind=new.kind,
            at=new.at,
            seat_id=new.seat_id,
            said_id=new.said_id,
            percent=new.percent,
            document=new.document,
            note=new.note,
            obstacle=new.obstacle,
            due_on=new.due.on if new.due else None,
            due_time=new.due.at if new.due else None,
            follow_up=new.follow_up,
            has_evidence=new.has_evidence,
            by_tap=new.by_tap,
            for_unit=new.for_unit,
            recorded_at=now,
        )
        added = replace(new, id=step_id, at=new.at.astimezone(UTC))
        return self._refold(before, (*before.steps, added), added, new.kind.value, now)

    def take_back(self, step_id: int, why: str, seat_id: int | None, now: datetime) -> Change | None:
        """A step that no longer stands; None where it had been taken back before."""
        still = (step.c.id == step_id, step.c.province_id == self._province, step.c.superseded_at.is_(None))
        row = self._first(select(step).where(*still))
        if row is None:
            return None
        before = self._held(row["assignment_id"])
        # Whoever held the lock before us may have taken it back.
        if not self._connection.execute(update(step).where(*still).values(superseded_at=now)).rowcount:
            return None
        if row["said_id"] is not None:
            # The files that came with these words wait for a task again.
            placed = (evidence.c.assignment_id == before.id, evidence.c.said_id == row["said_id"])
            if self._connection.execute(update(evidence).where(*placed).values(assignment_id=None)).rowcount:
                self.weigh_evidence(before.id)
                before = self._held(before.id)
        left = tuple(one for one in before.steps if one.id != step_id)
        return self._refold(before, left, step_from(row), why, now, seat_id=seat_id)

    def note_received(self, ids: Iterable[int], now: datetime) -> None:
        """The unit said that it has these."""
        mine = (assignment.c.province_id == self._province, assignment.c.id.in_(list(ids)))
        fresh = update(assignment).where(*mine, assignment.c.received_at.is_(None))
        self._connection.execute(fresh.values(received_at=now))

    def of_steps(self, step_ids: Iterable[int]) -> frozenset[int]:
        """The assignments that these steps are about."""
        mine = step.c.province_id == self._province
        theirs = select(step.c.assignment_id).where(mine, step.c.id.in_(list(step_ids)))
        return frozenset(self._connection.execute(theirs).scalars())

    def lock(self, ids: Iterable[int]) -> None:
        """Nobody else writes to these until the transaction ends, or the savepoint is undone."""
        if self._alone:
            return
        self._locked = frozenset(ids)
        self._in_hand.clear()
        if len(self._locked) == 1:
            self._rows(_LOCKED_ONE, {"assignment": next(iter(self._locked)), "province": self._province})
        else:
            self._rows(_LOCKED, {"ids": list(self._locked), "province": self._province})

    def weigh_evidence(self, assignment_id: int) -> State | None:
        """Note whether files are kept with it, now that some came; its state, None where there is no such."""
        mine = (assignment.c.province_id == self._province, assignment.c.id == assignment_id)
        self._connection.execute(update(assignment).where(*mine).values(has_evidence=_HAS_FILES))
        self._in_hand.pop(assignment_id, None)
        found = self.get(assignment_id)
        return found.state if found else None

    def _refold(
        self, before: _Held, steps: Sequence[Step], new: Step, what: str, now: datetime, seat_id: int | None = None
    ) -> Change:
        after = fold(in_order(steps), before.first_due)
        if after.has_evidence != before.state.has_evidence:
            after = replace(after, has_evidence=before.state.has_evidence)
        values: dict[str, Any] = {"assignment": before.id, **columns_of(after)}
        if after.due == before.state.due:
            self._done(_REFOLDED, values)
        else:
            due_at = after.due.ends(self._zone()) if after.due else None
            moved = {"due_at": due_at, "due_version": before.due_version + 1}
            self._done(_MOVED, {**values, **moved})
        change = Change(before.id, before.state, after, new, now)
        digest = self._digests.get(new.said_id) if new.said_id is not None else None
        book = Journal(self._connection, self._province)
        book.add(change, new.id, what, seat_id or new.seat_id, before.head, digest)
        return change

    def _held(self, assignment_id: int) -> _Held:
        """Ours alone from here on, as it stands; used once, for after it something else stands there."""
        if not self._alone and assignment_id not in self._locked:
            self.lock([assignment_id, *self._locked])
        found = self._in_hand.pop(assignment_id, None) or self._read(assignment_id)
        if found is None:
            raise LookupError(f"no assignment {assignment_id} in this province")
        self._spoken_of[assignment_id] = found.spoken_of
        return found

    def _read(self, assignment_id: int) -> _Held | None:
        lines = self._lines(_HELD, {"assignment": assignment_id, "province": self._province})
        return _held(lines) if lines else None

    def _zone(self) -> ZoneInfo:
        if self._kept_zone is None:
            zone = select(province.c.zone).where(province.c.id == self._province)
            self._kept_zone = ZoneInfo(self._connection.execute(zone).scalar_one())
        return self._kept_zone

    def _where(self, *conditions: ColumnElement[bool]) -> tuple[Assignment, ...]:
        return self._found(WHOLE.where(*conditions))

    def _found(self, statement: Select[Any] | Kept, **params: object) -> tuple[Assignment, ...]:
        lines = self._lines(statement, {"province": self._province, **params})
        return tuple(assignment_of(line) for line in lines)


_STILL_OPEN = WHOLE.where(_IS_OPEN)
_OPEN_OF = _STILL_OPEN.where(assignment.c.unit_id.in_(bindparam("units", expanding=True)))
_OPEN_OF_ONE = Kept(_STILL_OPEN.where(assignment.c.unit_id == bindparam("unit")))
_OF_UNITS = WHOLE.where(assignment.c.unit_id.in_(bindparam("units", expanding=True)))
_MANY = WHOLE.where(assignment.c.id.in_(bindparam("ids", expanding=True)))
_TO_LOCK = (
    select(assignment.c.id)
    .where(assignment.c.province_id == bindparam("province"))
    .order_by(assignment.c.id)
    .with_for_update(key_share=True)
)
_LOCKED = _TO_LOCK.where(assignment.c.id.in_(bindparam("ids", expanding=True)))
_LOCKED_ONE = Kept(_TO_LOCK.where(assignment.c.id == bindparam("assignment")))
_FOLDED = (
    update(assignment)
    .where(assignment.c.id == bindparam("assignment"))
    .values({name: bindparam(name) for name in OF_STATE})
)
_REFOLDED = Kept(_FOLDED)
_MOVED = Kept(_FOLDED.values({name: bindparam(name) for name in ("due_at", "due_version")}))
_HAS_FILES = exists().where(evidence.c.assignment_id == assignment.c.id)
_HELD = Kept(
    select(
        *(step.c[name] for name in OF_STEP),
        *(assignment.c[name].label(f"its_{name}") for name in ("id", "due_version")),
        task.c.due_on.label("first_on"),
        task.c.due_time.label("first_time"),
        *HEAD,
        SPOKEN_OF.label("spoken_of"),
        *(assignment.c[name].label(f"its_{name}") for name in OF_STATE),
    )
    .select_from(assignment)
    .join(task, task.c.id == assignment.c.task_id)
    .outerjoin(step, and_(step.c.assignment_id == assignment.c.id, step.c.superseded_at.is_(None)))
    .where(assignment.c.id == bindparam("assignment"), assignment.c.province_id == bindparam("province"))
    .order_by(step.c.id)
)
