"""`remind --on DATE`: who would get what on a day, and why; nothing is kept or sent."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from bot.assembly import CannotStart, open_store
from bot.commands.opening import begin
from bot.commands.words import said
from bot.contacts import Person, Role
from bot.messages import text
from bot.store.book import Book
from bot.store.falling import Preview
from scheduler.moments import Moment
from scheduler.sweep import due_preview, due_reports
from scheduler.timetable import Slot


def remind(
    on: Annotated[str, typer.Option("--on", metavar="YYYY-MM-DD", help=said("option.on"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=said("option.dry_run"))] = False,  # noqa: ARG001
) -> None:
    """Show what a day would bring; what is sent is the running house's affair, so every run is a dry one."""
    day = _day(on)
    store = open_store(begin(), sample_if_empty=False)
    try:
        rows, working, alone = store.read_now(lambda book: _preview(book, day))
        reports = store.read_now(lambda book: due_reports(book, day))
    finally:
        store.close()
    told = [(slot.name, _line(one)) for slot, one in rows]
    told += [(f"{moment.hour:%H:%M}", _report(moment, person)) for moment, person in reports]
    for hour, line in sorted(told, key=lambda one: one[0]):
        typer.echo(f"{hour}\t{line}")
    if not working:
        typer.echo(said("remind.day_off", day=day), err=True)
    typer.echo(said("remind.count", n=len(rows), day=day), err=True)
    if alone:
        typer.echo(said("remind.alone", n=alone), err=True)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise CannotStart(text("cli.remind.bad_day", typed=typed)) from None


def _preview(book: Book, day: date) -> tuple[tuple[tuple[Slot, Preview], ...], bool, int]:
    """The lines, whether it is a working day, and how many units have nobody who could be reminded."""
    working = book.people.calendar().is_working(day)
    return due_preview(book, day), working, len(book.people.units_without_contact())


def _report(moment: Moment, person: Person) -> str:
    unit = next((seat.unit.name for seat in person.seats if seat.role in (Role.OFFICE, Role.CHAIR)), "-")
    return f"{person.name}\t{unit}\t-\t-\t{said(f'occasion.{moment.what}')}"


def _line(one: Preview) -> str:
    why = said(f"rule.{one.rule}", days=abs(one.milestone))
    due = f"{one.due_on:%d/%m/%Y}" if one.due_on else "-"
    return f"{one.person_name}\t{one.unit_name}\t{one.task_code}\t{due}\t{why}"
