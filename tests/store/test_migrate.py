"""Migrations make exactly the tables the book knows, and go up and down on tables that hold something."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Boolean, Date, Engine, Float, LargeBinary, Table, Time, func, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.store import mail
from bot.store.columns import Id, Instant, Json
from bot.store.engine import Store
from bot.store.migrate import BrokenReference, current, downgrade, upgrade
from bot.store.tables import metadata

ALLOWED = {
    ("inbox", "state"): "applied",
    ("reminder", "state"): "planned",
    ("letter", "state"): "held",
    ("seat", "role"): "contact",
    ("assignment", "status"): "assigned",
    ("step", "kind"): "done",
    ("timetable_change", "what"): "calendar",
}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The engine of a store whose database is still empty."""
    store = Store(database_url, threads=2)
    yield store.engine
    store.close()


def test_migrated_tables_are_those_the_book_knows(engine: Engine) -> None:
    """Alembic finds no difference; neither do the names of keys and checks, nor the conditions of indexes."""
    upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    migrated = described(engine)
    downgrade(engine, "base")
    metadata.create_all(engine)

    assert migrated == described(engine)
    assert len(migrated) == len(metadata.tables) >= 25
    assert mail.letter.name in migrated


def described(engine: Engine) -> dict[str, Any]:
    """All that the database itself tells of its tables."""
    found = inspect(engine)
    return {
        name: {
            "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(name)],
            "primary": found.get_pk_constraint(name),
            "unique": sorted(map(str, found.get_unique_constraints(name))),
            "foreign": sorted(map(str, found.get_foreign_keys(name))),
            "checks": sorted(map(str, found.get_check_constraints(name))),
            "indexes": sorted(map(index_described, found.get_indexes(name))),
        }
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def index_described(index: Any) -> tuple[str, list[str | None], bool, list[str]]:
    """An index with its condition, in words that compare."""
    options = [f"{name} {value}" for name, value in index.get("dialect_options", {}).items()]
    return index["name"], index["column_names"], bool(index["unique"]), options


def test_filled_tables_go_down_and_up(engine: Engine) -> None:
    """With a row in every table each step down takes its tables alone, and up again all of them are back, empty."""
    upgrade(engine)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.insert().values(a_row_of(table)))
    downgrade(engine, "0001")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar() == 1
    assert "letter" not in inspect(engine).get_table_names()

    downgrade(engine, "base")
    assert current(engine) is None
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}

    upgrade(engine)
    with engine.connect() as connection:
        assert all(not connection.execute(select(func.count()).select_from(t)).scalar() for t in metadata.sorted_tables)


def test_the_follow_up_unit_comes_and_goes_and_nothing_else(engine: Engine) -> None:
    """Where tasks and reports stand, it takes its column (and later tables) alone; references are held as before."""
    upgrade(engine)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(table.insert().values(a_row_of(table)))
        whole = {table.name: connection.execute(select(table)).mappings().all() for table in metadata.sorted_tables}
    downgrade(engine, "0003")
    assert "follow_up_unit_id" not in {column["name"] for column in inspect(engine).get_columns("task")}
    upgrade(engine)

    with engine.begin() as connection:
        back = {table.name: connection.execute(select(table)).mappings().all() for table in metadata.sorted_tables}
        assert {name for name, rows in whole.items() if rows != back[name]} == {"address", "task", "timetable_change"}
        assert dict(back["task"][0]) == {**whole["task"][0], "follow_up_unit_id": None}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE task SET follow_up_unit_id = 99"))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE assignment SET task_id = 99"))


def test_a_migration_that_would_lose_a_reference_is_undone(tmp_path: Path) -> None:
    """SQLite checks references at the end alone: a row that refers to nothing by then takes the whole step back."""
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    engine = store.engine
    upgrade(engine)
    with engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        connection.execute(metadata.tables["assignment"].insert().values(a_row_of(metadata.tables["assignment"])))
        connection.commit()
    head = current(engine)

    with pytest.raises(BrokenReference, match="assignment refers to no row of"):
        downgrade(engine, "0003")
    assert current(engine) == head
    store.close()


def a_row_of(table: Table) -> dict[str, Any]:
    """A row with something in every column, of the right type, referring to the first rows elsewhere."""
    values: dict[type, Any] = {
        Instant: datetime(2025, 9, 12, tzinfo=UTC),
        Json: ["Bình Hòa"],
        Boolean: True,
        Date: date(2025, 9, 20),
        Time: time(17),
        LargeBinary: b"\x00",
        Float: 1.5,
        type(Id): 1,
    }
    row = {}
    for column in table.columns:
        plain = next((value for kind, value in values.items() if isinstance(column.type, kind)), None)
        number = 1 if "INT" in str(column.type).upper() else "Đặc khu Thổ Châu"
        row[column.name] = ALLOWED.get((table.name, column.name), number if plain is None else plain)
    return row


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    """`run` may migrate at each start."""
    upgrade(engine)
    head = current(engine)
    before = described(engine)
    upgrade(engine)

    assert head is not None
    assert (current(engine), described(engine)) == (head, before)


def test_a_migration_that_fails_leaves_nothing_behind(engine: Engine) -> None:
    """A table of that name is in the way: none of the others is made."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE letter (x INTEGER)"))
    with pytest.raises(DBAPIError):
        upgrade(engine)

    assert inspect(engine).get_table_names() == ["letter"]


def test_replicas_that_start_together_migrate_once(database_url: str) -> None:
    """Two of them upgrade an empty database at the same moment, and both find it ready."""
    stores = [Store(database_url, threads=2) for _ in range(2)]
    for store in stores:
        store.engine.connect().close()
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda store: upgrade(store.engine), stores))

    assert {current(store.engine) for store in stores} == {current(stores[0].engine)} != {None}
    for store in stores:
        store.close()
