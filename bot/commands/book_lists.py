"""`import` and `invite`: the office's lists go in, joining codes come out."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.assembly import CannotStart, clock_of, connect, open_store
from bot.commands.day_list import take_days
from bot.commands.invite_sheet import sheet
from bot.commands.opening import begin
from bot.commands.words import said, worded
from bot.contacts import Invite, Role, Unit, UnitKind
from bot.directives.problems import BadList
from bot.directives.tasks import TaskRow, read_tasks
from bot.directives.units import UnitRow, read_units
from bot.imports import keep_tasks
from bot.joining_codes import draw_code
from bot.local_desk import chairs_office
from bot.messages import text
from bot.settings import Settings
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.founding import found_province, keep_units, take_stock
from bot.unit_names import whole_unit
from bot.wording import Wording
from scheduler.assigned import plan_assignment_letters


class ListOf(StrEnum):
    """What can be imported."""

    UNITS = "units"
    TASKS = "tasks"
    DAYS = "days"


def import_lists(
    what: Annotated[ListOf, typer.Argument(help=said("option.what"))],
    file: Annotated[Path, typer.Argument(help=said("option.list_file"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=said("option.check_only"))] = False,
) -> None:
    """Import a list of units, tasks or days; with one wrong row nothing is imported."""
    settings = begin()
    try:
        typer.echo(_TAKEN[what](settings, file, dry_run))
    except BadList as bad:
        for problem in bad.problems:
            typer.echo(worded(problem.says), err=True)
        if any(problem.line is not None for problem in bad.problems):
            typer.echo(said("import.nothing"), err=True)
        raise typer.Exit(1) from None


def _units(settings: Settings, file: Path, dry_run: bool) -> str:
    listed = read_units(file)
    rows = [row for row in listed if row.kind is not UnitKind.PROVINCE]
    if dry_run:
        return said("import.units_checked", n=len(rows))
    store = connect(settings)
    try:
        if store.read_now(lambda book: book.people.is_founded()):
            if store.read_now(lambda book: book.people.province()).sample:
                raise CannotStart(text("cli.import.sample"))
        else:
            _found(store, settings, [row for row in listed if row.kind is UnitKind.PROVINCE])
        store.write_now(lambda book: _keep_units(book, rows))
        office = chairs_office(store.read_now(lambda book: book.people.units()))
    finally:
        store.close()
    hint = said("import.next", code=office.code) if office else ""
    return "\n".join(filter(None, (said("import.units", n=len(rows)), hint)))


def _keep_units(book: Book, rows: Sequence[UnitRow]) -> None:
    keep_units(book, rows)
    take_stock(book)


def _found(store: Store, settings: Settings, itself: Sequence[UnitRow]) -> None:
    """The first list of units founds the province, by its one row of kind province."""
    if len(itself) != 1:
        raise CannotStart(text("cli.import.which_province"))
    row, zone = itself[0], settings.timezone.key
    store.province_id = found_province(store, code=row.code, name=row.name, zone=zone, language=settings.language)


def _tasks(settings: Settings, file: Path, dry_run: bool) -> str:
    store = open_store(settings, sample_if_empty=False)
    try:
        rows = read_tasks(file, store.read_now(lambda book: book.people.units()))
        if dry_run:
            return said("import.tasks_checked", n=len(rows))
        now = clock_of(store).now()
        return store.write_now(lambda book: _keep(book, rows, now))
    finally:
        store.close()


def _keep(book: Book, rows: Sequence[TaskRow], now: datetime) -> str:
    kept = keep_tasks(book, rows, now)
    plan_assignment_letters(book, kept.task_ids, now)
    take_stock(book)
    added = said("import.tasks", n=len(kept.task_ids), assignments=kept.assignments, drafts=kept.drafts)
    as_before = tuple(code for code in kept.known if code not in kept.passed_on)
    known = said("import.tasks_known", codes=as_before) if as_before else ""
    passed_on = said("import.tasks_passed_on", codes=kept.passed_on) if kept.passed_on else ""
    return "\n".join(filter(None, (added, known, passed_on)))


_TAKEN = {ListOf.UNITS: _units, ListOf.TASKS: _tasks, ListOf.DAYS: take_days}


def invite(
    units: Annotated[list[str], typer.Argument(help=said("option.unit_codes"))],
    role: Annotated[Role, typer.Option(help=said("option.role"))] = Role.CONTACT,
    out: Annotated[Path | None, typer.Option("--sheet", help=said("option.sheet"))] = None,
    link: Annotated[str, typer.Option(help=said("option.link"))] = "",
) -> None:
    """Issue new joining codes (unused ones of the seat become void); each is shown once and can't be printed again."""
    settings = begin()
    store = open_store(settings, sample_if_empty=False)
    try:
        known = store.read_now(lambda book: book.people.units())
        wanted = _meant(units, known)
        if out is not None:
            out.touch()
            out.chmod(0o600)
        now = clock_of(store).now()
        issued = store.write_now(lambda book: [_issue(book, unit, role, now) for unit in wanted])
    finally:
        store.close()
    for one in issued:
        typer.echo(f"{one.unit.code}\t{one.unit.name}\t{one.code}")
        if one.replaces:
            typer.echo(said("invite.replaces", unit=one.unit.name, names=one.replaces), err=True)
    typer.echo(said("invite.valid_until", until=issued[0].expires_at), err=True)
    if out is not None:
        out.write_text(sheet(issued, Wording(settings.language, settings.timezone), link.lstrip("@")), "utf-8")
        typer.echo(said("invite.sheet", file=str(out)), err=True)


def _meant(asked: Sequence[str], known: Sequence[Unit]) -> list[Unit]:
    """The units asked for, each once, in the order they were named. Exits where one of them is none."""
    wanted: dict[str, Unit] = {}
    unknown = []
    for typed in asked:
        if typed.lower() == "all":
            wanted |= {unit.code: unit for unit in known}
        elif unit := whole_unit(typed, known).unit:
            wanted[unit.code] = unit
        else:
            unknown.append(typed)
    if unknown:
        for typed in unknown:
            typer.echo(said("invite.unknown_unit", code=typed, near=_near(typed, known)).strip(), err=True)
        office = chairs_office(known)
        if office is not None:
            typer.echo(said("invite.the_office", name=office.name, code=office.code), err=True)
        raise typer.Exit(1)
    return list(wanted.values())


def _near(typed: str, known: Sequence[Unit]) -> str:
    """Units of nearly that code or name, to choose from: nothing is taken for another by itself."""
    named = whole_unit(typed, known).near
    codes = difflib.get_close_matches(typed.upper(), [unit.code.upper() for unit in known], n=3)
    near = dict.fromkeys([*named, *(unit for unit in known if unit.code.upper() in codes)])
    return said("invite.near", units=tuple(f"{unit.code} {unit.name}" for unit in near)) if near else ""


def _issue(book: Book, unit: Unit, role: Role, now: datetime) -> Invite:
    code = draw_code()
    gone = tuple(one.name for one in book.served.seats_cut_off(unit.id, role))
    return Invite(unit, role, code, book.joining.invite(code, unit.id, role, now), gone)
