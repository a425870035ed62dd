"""Copies of a SQLite store: whole, private, checked, and never over something else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store.copies import CopyRefused, copy_out, is_there, put_back

SERVER = "postgresql+psycopg://lan@db/nhacviec"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A small store in WAL, as a running house keeps it."""
    file = tmp_path / "book.sqlite3"
    with closing(sqlite3.connect(file)) as store:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("CREATE TABLE province (name TEXT)")
        store.execute("INSERT INTO province VALUES ('An Giang')")
        store.commit()
    return file


@pytest.fixture
def running(book: Path) -> Iterator[sqlite3.Connection]:
    """Somebody at work in the store."""
    with closing(sqlite3.connect(book, isolation_level=None)) as connection:
        yield connection


def url(file: Path) -> str:
    return f"sqlite:///{file}"


def names(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as store:
        return [name for (name,) in store.execute("SELECT name FROM province ORDER BY rowid")]


def test_a_copy_holds_what_was_committed(book: Path, running: sqlite3.Connection, tmp_path: Path) -> None:
    """While the house works: what is committed, though only the WAL has it yet; nothing of what is half done."""
    running.execute("INSERT INTO province VALUES ('Cần Thơ')")
    running.execute("BEGIN IMMEDIATE")
    running.execute("INSERT INTO province VALUES ('dở dang')")
    size = copy_out(url(book), tmp_path / "copy")
    running.execute("ROLLBACK")

    assert names(tmp_path / "copy") == ["An Giang", "Cần Thơ"]
    assert size == (tmp_path / "copy").stat().st_size


def test_only_the_owner_reads_a_copy(book: Path, tmp_path: Path) -> None:
    """People's names are in it: neither the copy nor a store made of it is open to others on the machine."""
    copy_out(url(book), tmp_path / "copy")
    put_back(url(tmp_path / "again"), tmp_path / "copy")

    assert [(tmp_path / name).stat().st_mode & 0o077 for name in ("copy", "again")] == [0, 0]


@pytest.mark.parametrize("left", [b"", b"half a copy" * 2_000, b"SQLite format 3\0" + b"\1" * 5_000])
def test_what_a_killed_copy_left_is_no_hindrance(book: Path, tmp_path: Path, left: bytes) -> None:
    """The next copy is whole and private, whatever the one that was cut short had written, and leaves no rest."""
    rest = tmp_path / "copy.part"
    rest.write_bytes(left)
    rest.chmod(0o644)
    copy_out(url(book), tmp_path / "copy")

    assert names(tmp_path / "copy") == ["An Giang"]
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    assert not rest.exists()


def test_a_copy_put_back_is_the_store_again(book: Path, tmp_path: Path) -> None:
    """Where the store was lost its copy takes its place, even beside what the lost one had left in its WAL."""
    copy_out(url(book), tmp_path / "copy")
    with closing(sqlite3.connect(book)) as running:
        running.execute("INSERT INTO province VALUES ('sau bản sao')")
        running.commit()
        wal = Path(f"{book}-wal").read_bytes()
    book.unlink()
    Path(f"{book}-wal").write_bytes(wal)
    put_back(url(book), tmp_path / "copy")

    assert names(book) == ["An Giang"]


def refused(work: object, *args: object) -> str:
    with pytest.raises(CopyRefused) as why:
        work(*args)  # type: ignore[operator]
    return why.value.why


def test_nothing_is_written_over(book: Path, tmp_path: Path) -> None:
    """Neither an older copy nor a store that is there: both stay as they were."""
    copy_out(url(book), tmp_path / "old")
    before = (tmp_path / "old").read_bytes()
    with closing(sqlite3.connect(book)) as running:
        running.execute("INSERT INTO province VALUES ('Cần Thơ')")
        running.commit()

    assert refused(copy_out, url(book), tmp_path / "old") == "exists"
    assert refused(put_back, url(book), tmp_path / "old") == "exists"
    assert (tmp_path / "old").read_bytes() == before
    assert names(book) == ["An Giang", "Cần Thơ"]


@pytest.mark.parametrize("content", [b"", b"ma,ten\n30712,Binh Hoa\n", b"SQLite format 3\0" + b"\0" * 4_080])
def test_what_is_no_copy_becomes_no_store(tmp_path: Path, content: bytes) -> None:
    """An empty file, a spreadsheet, a torn copy: refused before a store is made of it."""
    (tmp_path / "copy").write_bytes(content)

    assert refused(put_back, url(tmp_path / "book"), tmp_path / "copy") == "damaged"
    assert not is_there(url(tmp_path / "book"))


def test_another_programs_database_is_no_copy(tmp_path: Path) -> None:
    """It is sound, and has no province in it."""
    with closing(sqlite3.connect(tmp_path / "copy")) as other:
        other.execute("CREATE TABLE bookmark (url TEXT)")

    assert refused(put_back, url(tmp_path / "book"), tmp_path / "copy") == "damaged"


def test_a_damaged_store_makes_no_copy(book: Path, running: sqlite3.Connection, tmp_path: Path) -> None:
    """A store with a page destroyed is not passed off as a copy that could be relied on."""
    running.executemany("INSERT INTO province VALUES (?)", [("x" * 900,)] * 40)
    running.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    running.close()
    with book.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 4096)

    assert refused(copy_out, url(book), tmp_path / "copy") == "damaged"
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize(("place", "why"), [("nowhere/copy", "no_place"), ("copy", "no_store")])
def test_a_place_that_is_not_there_is_named(book: Path, tmp_path: Path, place: str, why: str) -> None:
    """No folder for the copy, no store to copy: each its own word, and nothing is made."""
    source = book if why == "no_place" else tmp_path / "lost"
    before = sorted(tmp_path.iterdir())

    assert refused(copy_out, url(source), tmp_path / place) == why
    assert sorted(tmp_path.iterdir()) == before


def test_a_server_is_copied_by_its_own_tools(tmp_path: Path) -> None:
    """A server's database counts as there, and is neither copied nor put back here."""
    assert is_there(SERVER)
    assert refused(copy_out, SERVER, tmp_path / "copy") == "postgres"
    assert refused(put_back, SERVER, tmp_path / "copy") == "postgres"
    assert (is_there(url(tmp_path / "book")), is_there(url(tmp_path))) == (False, False)


def test_a_copy_is_not_put_back_where_there_is_no_folder(book: Path, tmp_path: Path) -> None:
    """The store's folder was mistyped: the operator reads that the place is missing, and nothing is made."""
    copy_out(url(book), tmp_path / "copy")

    assert refused(put_back, url(tmp_path / "sai" / "book"), tmp_path / "copy") == "no_place"
    assert not (tmp_path / "sai").exists()
