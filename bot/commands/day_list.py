"""`import days`: the office's own days off and days worked instead, changed as the chat changes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bot.assembly import clock_of, open_store
from bot.commands.words import said, worded
from bot.directives.days import DayRow, read_days
from bot.messages import text
from bot.settings import Settings
from bot.store.book import Book
from handlers.timetable_words import moved_words
from scheduler.replanning import change_days, moves, pace, with_days


@dataclass(frozen=True, slots=True)
class _Sorted:
    """What a list changes, what stands so already, and what is over."""

    fresh: tuple[DayRow, ...]
    known: tuple[DayRow, ...]
    past: tuple[DayRow, ...]


def take_days(settings: Settings, file: Path, dry_run: bool) -> str:
    """Read the list; count what it moves; unless only that was asked, let it hold, all in one transaction."""
    rows = read_days(file)
    store = open_store(settings, sample_if_empty=False)
    try:
        now = clock_of(store).now()
        if dry_run:
            return store.read_now(lambda book: _told(book, _sorted(book, rows, now), now, done=False))
        return store.write_now(lambda book: _keep(book, rows, now))
    finally:
        store.close()


def _keep(book: Book, rows: Sequence[DayRow], now: datetime) -> str:
    # Nobody else changes a day between the count and the change.
    book.timetable.hold()
    book.people.look_again()
    found = _sorted(book, rows, now)
    says = _told(book, found, now, done=True)
    change_days(book, _days(found), None, None, now)
    book.timetable.name_days({row.day: row.name for row in (*found.fresh, *found.known) if row.name})
    return says


def _sorted(book: Book, rows: Sequence[DayRow], now: datetime) -> _Sorted:
    calendar = book.people.calendar()
    today = calendar.day_of(now)
    coming = [row for row in rows if row.day >= today]
    known = tuple(row for row in coming if calendar.is_working(row.day) is row.works)
    fresh = tuple(row for row in coming if row not in known)
    return _Sorted(fresh, known, tuple(row for row in rows if row.day < today))


def _days(found: _Sorted) -> dict[date, bool | None]:
    return {row.day: row.works for row in found.fresh}


def _told(book: Book, found: _Sorted, now: datetime, *, done: bool) -> str:
    return "\n".join(_lines(book, found, now, done=done))


def _lines(book: Book, found: _Sorted, now: datetime, *, done: bool) -> Iterator[str]:
    yield _head(found, done=done)
    for row in sorted(found.fresh, key=lambda row: row.day):
        name = text("days.name", name=row.name) if row.name else ""
        yield worded(text("days.line_worked" if row.works else "days.line_off", day=row.day, name=name))
    if found.known:
        yield said("import.days_known", n=len(found.known))
    if found.past:
        yield said("import.days_past", n=len(found.past))
    if days := _days(found):
        yield worded(moved_words(moves(book, with_days(pace(book), days), now, list(days))))


def _head(found: _Sorted, *, done: bool) -> str:
    """What the list comes to, before its days are told."""
    if not (found.fresh or found.known or found.past):
        return said("import.days_none")
    if not found.fresh:
        return said("import.days_same")
    return said("import.days" if done else "import.days_checked", n=len(found.fresh))
