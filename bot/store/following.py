"""The book's part on tasks that a unit follows up: it looks at them in all units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, func, or_, select, update

from bot.store.part import Part
from bot.store.tables import assignment, task
from bot.store.task_rows import WHOLE, assignment_of
from bot.tasks import Assignment


class Following(Part):
    """Which unit follows up what."""

    def of(self, unit_ids: Iterable[int]) -> tuple[Assignment, ...]:
        """All units' assignments of the tasks that these units follow up."""
        return self._found(task.c.follow_up_unit_id.in_(list(unit_ids)))

    def with_own(self, unit_ids: Iterable[int]) -> tuple[Assignment, ...]:
        """The same, and everything that these units were given themselves; each once."""
        wanted = list(unit_ids)
        return self._found(or_(assignment.c.unit_id.in_(wanted), task.c.follow_up_unit_id.in_(wanted)))

    def tasks(self, unit_ids: Iterable[int]) -> int:
        """How many tasks these units follow up; drafts, which nobody was given, are none yet."""
        theirs = (task.c.province_id == self._province, task.c.follow_up_unit_id.in_(list(unit_ids)))
        many = select(func.count()).select_from(task).where(*theirs, task.c.draft.is_(False))
        return int(self._connection.execute(many).scalar_one())

    def pass_on(self, to: Mapping[str, int]) -> tuple[str, ...]:
        """Tasks, by code, that these units follow up from now on; the codes of those for which that is new."""
        mine = select(task.c.code, task.c.follow_up_unit_id).where(task.c.province_id == self._province)
        before = {row["code"]: row["follow_up_unit_id"] for row in self._rows(mine)}
        changed = {code: unit_id for code, unit_id in to.items() if before.get(code, unit_id) != unit_id}
        for code, unit_id in changed.items():
            one = update(task).where(task.c.province_id == self._province, task.c.code == code)
            self._connection.execute(one.values(follow_up_unit_id=unit_id))
        return tuple(changed)

    def _found(self, which: ColumnElement[bool]) -> tuple[Assignment, ...]:
        return tuple(assignment_of(line) for line in self._lines(WHOLE.where(which), {"province": self._province}))
