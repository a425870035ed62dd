"""What each message asks of a ledger that has grown is found by an index, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.store.book import Book
from bot.store.engine import Store
from tests.opened_store import give_task
from tests.store.opening import NOW, join

#: So many people have got so many letters each.
PEOPLE, MANY = 60, 300


@pytest.fixture
def lan(store: Store) -> int:
    """Lan, one of many with a long past: each letter had a list, all arrived."""
    person_id = join(store, "Lan", "telegram:1:11")
    with store.engine.begin() as connection:
        connection.execute(text(_PEOPLE), [{"n": n} for n in range(1, PEOPLE)])
        connection.execute(text(_LISTINGS), [{"n": n} for n in range(MANY)])
        connection.execute(text(_LETTERS))
        if connection.dialect.name == "postgresql":  # which does that by itself
            connection.execute(text("ANALYZE"))
    return person_id


_PEOPLE = (
    "INSERT INTO person (province_id, name, language, joined_at)"
    " SELECT province_id, 'Minh ' || CAST(:n AS INTEGER), language, joined_at FROM person WHERE name = 'Lan'"
)
_LISTINGS = (
    "INSERT INTO listing (province_id, person_id, numbered, choices, made_at)"
    " SELECT province_id, id, '[1]', '[]', CAST(:n AS INTEGER) FROM person"
)
_LETTERS = (
    "INSERT INTO letter (province_id, once, person_id, kind, urgency, buttons, state, planned_at, not_before, fence,"
    " repeats, silent, listing_id) SELECT province_id, 'nhắc:' || id, person_id, 'reminder', 1, '[]', 'accepted', 1, 1,"
    " 1, 0, FALSE, id FROM listing"
)


def plan_of(store: Store, work: Callable[[Book], Any]) -> str:
    """How the database goes about what this piece of work asks."""
    asked: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, words: str, given: Any, *_: Any) -> None:
        asked.append((words, given))

    def told(book: Book) -> str:
        work(book)
        event.remove(store.engine, "before_cursor_execute", hear)
        words, given = asked[-1]
        how = "EXPLAIN QUERY PLAN " if store.engine.dialect.name == "sqlite" else "EXPLAIN "
        with book.savepoint() as inside:
            return "\n".join(str(row) for row in inside.connection.exec_driver_sql(how + words, given))

    event.listen(store.engine, "before_cursor_execute", hear)
    return store.write_now(told)


def test_the_list_last_shown_is_found_by_its_letter(store: Store, lan: int) -> None:
    """Not by walking all that Lan ever got, list by list."""
    plan = plan_of(store, lambda book: book.talks.before(lan, NOW))

    assert "ix_letter_listing" in plan
    assert "ix_letter_person_id_id" not in plan


def test_what_is_held_for_somebody_is_found_among_what_is_held(store: Store, lan: int) -> None:
    """Each message lets it go: none of the many that arrived is looked at."""
    assert "ix_letter_held" in plan_of(store, lambda book: book.letters.release_held(lan))


def test_what_is_held_is_counted_alone(store: Store, lan: int) -> None:
    """Once a minute, by every replica: one of Lan's letters is held and is the only one looked at."""
    held = text("UPDATE letter SET state = 'held' WHERE id = (SELECT min(id) FROM letter)")
    with store.engine.begin() as connection:
        connection.execute(held)

    assert store.read_now(lambda book: book.letters.many_held()) == 1
    assert "ix_letter_held" in plan_of(store, lambda book: book.letters.many_held())


def test_whether_a_task_is_spoken_of_is_found_by_the_letters_key(store: Store) -> None:
    """Before the database has counted its tables too: no letter of anybody else is looked at."""
    join(store, "Lan", "telegram:1:11")
    one = store.write_now(lambda book: give_task(book, "T01"))
    with store.engine.begin() as connection:
        connection.execute(text(_LISTINGS), [{"n": n} for n in range(MANY)])
        connection.execute(text(_LETTERS))

    plan = plan_of(store, lambda book: book.assignments.steps(one))
    _, letters = re.split(r"uq_letter_province_id_once on letter|SEARCH letter", plan)
    assert "once" in "".join(letters.splitlines()[:2])
