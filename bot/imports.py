"""Lists go into the book: units, and tasks with their assignments; a task that is there already is left as it stands.

One thing alone a list may change of such a task: the unit that follows it up, where the list names one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.directives.sample import sample_province, sample_tasks, sample_units
from bot.directives.tasks import TaskRow
from bot.store.assignments import NewTask
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.founding import found_province, keep_units, take_stock

#: A sample's own clock starts here: the Friday after the meeting of 11/9/2025.
SAMPLE_BEGINS = datetime(2025, 9, 12, 7, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import of tasks added; `known` are codes that were there before.

    They were left alone, but for those in `passed_on`, which another unit follows up from now on.
    """

    task_ids: tuple[int, ...]
    assignments: int
    drafts: int
    known: tuple[str, ...]
    passed_on: tuple[str, ...] = ()


def keep_tasks(book: Book, rows: Sequence[TaskRow], now: datetime) -> Imported:
    """Directives, tasks and assignments of a list, in one transaction of the caller's."""
    units = {unit.code: unit.id for unit in book.people.units()}
    present = book.assignments.task_codes()
    directives = {(one.number, one.title): one.id for one in book.assignments.directives()}
    task_ids: list[int] = []
    fresh = [row for row in rows if row.code not in present]
    for row in fresh:
        name = (row.number, row.document or row.title)
        if name not in directives:
            issued = row.issued_on or _day(book, now)
            signs = sorted({sign for one in fresh if one.document == row.document for sign in one.resolutions})
            directives[name] = book.assignments.keep_directive(row.number, name[1], issued, signs)
        task_ids.append(book.assignments.keep_task(_new_task(row, directives[name], units), now))
    return Imported(
        task_ids=tuple(task_ids),
        assignments=sum(len(row.units) for row in fresh if not row.draft),
        drafts=sum(row.draft for row in fresh),
        known=tuple(row.code for row in rows if row.code in present),
        passed_on=book.following.pass_on(
            {row.code: units[row.follow_up] for row in rows if row.code in present and row.follow_up}
        ),
    )


def _day(book: Book, now: datetime) -> date:
    return book.people.calendar().day_of(now)


def _new_task(row: TaskRow, directive_id: int, units: dict[str, int]) -> NewTask:
    return NewTask(
        directive_id=directive_id,
        code=row.code,
        title=row.title,
        resolutions=row.resolutions,
        units=tuple(units[code] for code in row.units),
        due=row.due,
        due_phrase=row.due_phrase,
        responsibility=row.responsibility,
        product=row.product,
        authority=row.authority,
        co_units=row.co_units,
        remark=row.remark,
        draft=row.draft,
        follow_up_unit_id=units[row.follow_up] if row.follow_up else None,
    )


def found_sample(store: Store, *, with_tasks: bool = True) -> int:
    """The sample province in an empty store; its id. Its clock stands at SAMPLE_BEGINS until somebody starts it."""
    itself = sample_province()
    province_id = found_province(store, code=itself.code, name=itself.name, sample=True)
    store.province_id = province_id

    def fill(book: Book) -> None:
        keep_units(book, sample_units())
        if with_tasks:
            keep_tasks(book, sample_tasks(), SAMPLE_BEGINS)
        take_stock(book)

    store.write_now(fill)
    return province_id
