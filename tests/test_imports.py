"""A list of tasks becomes directives, tasks and assignments, once; the sample is the case of 11/9/2025."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.assembly import clock_of
from bot.directives.sample import sample_tasks
from bot.imports import SAMPLE_BEGINS, found_sample, keep_tasks
from bot.store.engine import Store
from bot.store.migrate import upgrade


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty database with its tables."""
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    upgrade(store.engine)
    yield store
    store.close()


def test_the_sample_has_120_units_and_237_assignments(store: Store) -> None:
    """The province itself is no unit; T14, a draft, is assigned to nobody."""
    found_sample(store)

    assert len(store.read_now(lambda book: book.people.units())) == 120
    assert len(store.read_now(lambda book: book.assignments.all())) == 237
    assert store.read_now(lambda book: book.people.province()).sample


def test_tasks_are_kept_once(store: Store) -> None:
    """A second import of the same list adds nothing and names what was known."""
    found_sample(store, with_tasks=False)
    first = store.write_now(lambda book: keep_tasks(book, sample_tasks(), SAMPLE_BEGINS))
    second = store.write_now(lambda book: keep_tasks(book, sample_tasks(), SAMPLE_BEGINS))

    assert (len(first.task_ids), first.assignments, first.drafts, first.known) == (18, 237, 1, ())
    assert (second.task_ids, second.assignments, len(second.known)) == ((), 0, 18)
    assert len(store.read_now(lambda book: book.assignments.directives())) == 1


def test_a_list_imported_again_passes_a_task_on_and_changes_nothing_else(store: Store) -> None:
    """The office names another unit for T07: that one follows it up; title and T08, whose cell is empty, stay."""
    found_sample(store)
    listed = {row.code: row for row in sample_tasks()}
    again = [
        replace(listed["T07"], follow_up="SKHCN", title="khác"),
        replace(listed["T08"], follow_up=None),
        listed["T09"],
    ]
    kept = store.write_now(lambda book: keep_tasks(book, again, SAMPLE_BEGINS))

    assert (kept.known, kept.passed_on) == (("T07", "T08", "T09"), ("T07",))
    tasks = {one.task.code: one.task for one in store.read_now(lambda book: book.assignments.all())}
    assert (tasks["T07"].follow_up_unit, tasks["T07"].title) == ("Sở Khoa học và Công nghệ", listed["T07"].title)
    office = "Văn phòng Ủy ban nhân dân tỉnh"
    assert [tasks[code].follow_up_unit for code in ("T08", "T09")] == [office, office]
    drafts = store.read_now(lambda book: book.assignments.drafts())
    assert [one.follow_up_unit for one in drafts] == [office]


def test_a_samples_clock_begins_on_the_friday_and_goes_on(store: Store) -> None:
    """It stands at 07:00 on 12/9/2025 when first started, and is the same clock for whoever opens the store next."""
    found_sample(store)
    first, second = clock_of(store), clock_of(store)

    assert 0 <= (first.now() - SAMPLE_BEGINS).total_seconds() < 60
    assert abs((first.offset - second.offset).total_seconds()) < 0.001


def test_postgresql_answers_by_what_a_founded_sample_holds(postgres_database: str) -> None:
    """Counted in the founding itself, and none of our questions is compiled: that takes longer than to answer it."""
    with closing(Store(postgres_database, threads=2)) as store:
        upgrade(store.engine)
        found_sample(store)
        with store.engine.connect() as connection:
            known = dict(
                connection.exec_driver_sql("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'").all()
            )
            compiled = connection.exec_driver_sql("SHOW jit").scalar()

    assert (known["unit"], known["assignment"], compiled) == (120, 237, "off")
