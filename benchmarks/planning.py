"""What a tick of the clock costs (B4): 3,321 people to remind this morning, beside few or millions of closed tasks.

`python -m benchmarks.planning [--history 3000000]`. A tick is the whole sweep: what was left unsaid is gathered, every
rule asks whom it concerns, reminders and one letter a person are written. Beside it: the bare statement that finds and
writes the same rows by one condition, and APScheduler with a job a reminder in a SQLite store of its own. Medians of 9;
each tick is undone, so that the next one has the same to do.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection, text

from benchmarks.stage import bars
from benchmarks.stage.officers import load, look_round, settled, tell
from bot.store.book import Book
from bot.store.columns import microseconds
from bot.store.engine import Store
from scheduler.sweep import NAME, sweep
from tests import postgres

UNITS, TIMES, JOBS = 3321, 9, 300
#: A Wednesday on which the one open task is due.
DAY, ZONE = date(2025, 9, 17), "Asia/Ho_Chi_Minh"
MORNING = datetime.combine(DAY, time(7, 30), ZoneInfo(ZONE))
GIVEN = MORNING - timedelta(days=30)

_BARE = text(
    "INSERT INTO reminder (province_id, assignment_id, person_id, due_version, rule, day, slot, milestone, state,"
    " planned_at) SELECT a.province_id, a.id, s.person_id, a.due_version, 'due_today', a.due_on, '07:30', 0, 'planned',"
    " :now FROM assignment a JOIN seat s ON s.unit_id = a.unit_id AND s.until IS NULL"
    " WHERE a.due_on = :day AND a.status IN ('assigned','in_progress','blocked')"
)
_TASKS = text(
    "INSERT INTO task (province_id, directive_id, code, title, resolutions, co_units, draft)"
    " SELECT province_id, directive_id, 'H' || :number, title, resolutions, co_units, draft FROM task"
    " WHERE code = 'T01'"
)
_CLOSED = text(
    "INSERT INTO assignment (province_id, task_id, unit_id, status, due_on, due_version, assigned_at, last_report_at,"
    " accepted_at, reported_by_tap, extensions, has_evidence)"
    " SELECT t.province_id, t.id, u.id, 'accepted', :day, 1, :given, :given, :given, FALSE, 0, FALSE"
    " FROM task t CROSS JOIN unit u WHERE t.code LIKE 'H%'"
)


def undone(store: Store, work: Callable[[Connection], object]) -> float:
    """The median of some rounds of this work, each taken back; seconds."""
    took = []
    for _ in range(TIMES):
        with store.engine.connect() as connection, connection.begin() as transaction:
            begun = perf_counter()
            work(connection)
            took.append(perf_counter() - begun)
            transaction.rollback()
    return median(took)


def ticks(store: Store) -> tuple[float, float, float]:
    """A tick with all to remind, the bare statement, and a tick with nothing to do."""

    def tick(connection: Connection) -> None:
        done = sweep(Book(connection, store.province_id), MORNING + timedelta(seconds=5))
        if done.letters != UNITS:
            raise RuntimeError(f"not everybody would hear: {done}")

    def bare(connection: Connection) -> None:
        connection.execute(_BARE, {"day": DAY, "now": microseconds(MORNING)})

    def idle(connection: Connection) -> None:
        sweep(Book(connection, store.province_id), MORNING - timedelta(minutes=5))

    return undone(store, tick), undone(store, bare), undone(store, idle)


def grow(store: Store, history: int) -> None:
    """So many closed assignments behind it, of tasks long done."""
    with store.engine.begin() as connection:
        for number in range(history // UNITS):
            connection.execute(_TASKS, {"number": number})
        given = microseconds(GIVEN - timedelta(days=300))
        connection.execute(_CLOSED, {"day": DAY - timedelta(days=250), "given": given})
    look_round(store)


def a_job_each(home: Path) -> float:
    """APScheduler's `add_job`, a reminder; seconds."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{home / 'jobs'}")})
    scheduler.start(paused=True)
    begun = perf_counter()
    for number in range(JOBS):
        at = datetime.now(UTC) + timedelta(days=1)
        scheduler.add_job(reminded, "date", run_date=at, args=(number,), id=str(number))
    took = perf_counter() - begun
    scheduler.shutdown()
    return took / JOBS


def reminded(_person: int) -> None:
    """What a job of its own would do."""


def on(name: str, url: str, history: int, each_job: float) -> None:
    store = Store(url)
    try:
        settled(store, UNITS, tasks=1, due=DAY, now=GIVEN, zone=ZONE)
        store.write_now(lambda book: book.reminders.begin(NAME, MORNING - timedelta(hours=1)))
        look_round(store)
        tick, bare, idle = ticks(store)
        grow(store, history)
        later, bare_later, idle_later = ticks(store)
    finally:
        store.close()
    for closed, whole, least, nothing in ((0, tick, bare, idle), (history, later, bare_later, idle_later)):
        tell(
            f"{name:10}  {closed:9,}  {whole * 1000:8.1f}  {whole / tick:10.2f}  {whole / least:11.2f}"
            f"  {each_job * UNITS / whole:13.0f}  {nothing * 1000:7.2f}"
        )
    bars.at_most(f"{name}: a tick with {history:,} closed assignments, of one with none", later / tick, 1.2)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.planning", description=__doc__)
    parser.add_argument("--history", type=int, default=300_000)
    told = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="nhacviec-planning-") as folder:
        each_job = a_job_each(Path(folder))
        tell(f"planning: {UNITS} people to remind; APScheduler takes {each_job * 1e6:.0f} µs a job; {load()}")
        tell("               closed   tick ms  of 0 closed  of the bare  jobs' time / it  idle ms")
        on("SQLite", f"sqlite:///{Path(folder) / 'store.sqlite3'}", told.history, each_job)
    try:
        with postgres.server() as server, postgres.fresh_database(server) as url:
            on("PostgreSQL", url, told.history, each_job)
    except postgres.NoServer as why:
        tell(f"PostgreSQL: not measured, {why}")


if __name__ == "__main__":
    main(sys.argv[1:])
