"""`import` and `invite`: the office's lists go in, joining codes come out."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.assembly import clock_of, open_store
from bot.commands.invite_sheet import sheet
from bot.commands.words import said
from bot.contacts import Invite, Role, Unit, UnitKind
from bot.directives.problems import BadList
from bot.directives.tasks import read_tasks
from bot.directives.units import UnitRow, read_units
from bot.imports import keep_tasks
from bot.settings import Settings, load_settings
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.founding import found_province, keep_units
from bot.store.joining import draw_code
from bot.store.migrate import upgrade
from bot.wording import Wording
from scheduler.assigned import plan_assignment_letters


def import_lists(
    what: Annotated[str, typer.Argument(help=said("option.what"))],
    file: Annotated[Path, typer.Argument(help=said("option.list_file"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=said("option.check_only"))] = False,
) -> None:
    """Import a list of units or tasks; with one wrong row nothing is imported."""
    settings = load_settings(os.environ)
    logs.configure()
    if what not in ("units", "tasks"):
        typer.echo(said("import.what"), err=True)
        raise typer.Exit(2)
    wording = Wording(settings.language, settings.timezone)
    try:
        if what == "units":
            _units(settings, read_units(file), dry_run)
        else:
            _tasks(settings, file, dry_run)
    except BadList as bad:
        for problem in bad.problems:
            typer.echo(wording.say(problem.says), err=True)
        raise typer.Exit(1) from None


def _units(settings: Settings, rows: list[UnitRow], dry_run: bool) -> None:
    if not dry_run:
        store = _store_of(settings)
        try:
            _found(store, settings, rows)
            store.write_now(lambda book: keep_units(book, rows))
        finally:
            store.close()
    typer.echo(said("import.units", n=len(rows)))


def _store_of(settings: Settings) -> Store:
    if settings.database_url is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    store = Store(settings.store_url)
    upgrade(store.engine)
    return store


def _found(store: Store, settings: Settings, rows: list[UnitRow]) -> None:
    """The first list of units founds the province, by its row of kind province."""
    if store.read_now(lambda book: book.people.is_founded()):
        return
    itself = next((row for row in rows if row.kind is UnitKind.PROVINCE), None)
    code, name = (itself.code, itself.name) if itself else ("province", "Tỉnh")
    zone = settings.timezone.key
    store.province_id = found_province(store, code=code, name=name, zone=zone, language=settings.language)


def _tasks(settings: Settings, file: Path, dry_run: bool) -> None:
    store = open_store(settings, sample_if_empty=False)
    try:
        units = store.read_now(lambda book: book.people.units())
        rows = read_tasks(file, units)
        if dry_run:
            typer.echo(said("import.tasks_checked", n=len(rows)))
            return
        now = clock_of(store).now()

        def work(book: Book) -> str:
            kept = keep_tasks(book, rows, now)
            plan_assignment_letters(book, kept.task_ids, now)
            counts = {"assignments": kept.assignments, "drafts": kept.drafts}
            added = said("import.tasks", n=len(kept.task_ids), **counts)
            known = said("import.tasks_known", codes=kept.known) if kept.known else ""
            return "\n".join(part for part in (added, known) if part)

        typer.echo(store.write_now(work))
    finally:
        store.close()


def invite(
    units: Annotated[list[str], typer.Argument(help=said("option.unit_codes"))],
    role: Annotated[Role, typer.Option(help=said("option.role"))] = Role.CONTACT,
    out: Annotated[Path | None, typer.Option("--sheet", help=said("option.sheet"))] = None,
    link: Annotated[str, typer.Option(help=said("option.link"))] = "",
) -> None:
    """Issue new joining codes (unused ones of the seat become void); each is shown once and can't be printed again."""
    settings = load_settings(os.environ)
    logs.configure()
    store = open_store(settings, sample_if_empty=False)
    wording = Wording(settings.language, settings.timezone)
    try:
        now = clock_of(store).now()
        issued = store.write_now(lambda book: _issue(book, units, role, now))
    finally:
        store.close()
    if isinstance(issued, str):
        typer.echo(said("invite.unknown_unit", code=issued), err=True)
        raise typer.Exit(1)
    for one in issued:
        typer.echo(f"{one.unit.code}\t{one.unit.name}\t{one.code}")
    typer.echo(said("invite.valid_until", until=issued[0].expires_at), err=True)
    if out is not None:
        out.write_text(sheet(issued, wording, link), "utf-8")
        typer.echo(said("invite.sheet", file=str(out)), err=True)


def _issue(book: Book, codes: list[str], role: Role, now: datetime) -> list[Invite] | str:
    """New codes, or the first unit code that is unknown."""
    known = {unit.code.upper(): unit for unit in book.people.units() if unit.kind is not UnitKind.PROVINCE}
    wanted: list[Unit] = []
    for code in codes:
        if code.lower() == "all":
            wanted += known.values()
        elif code.upper() in known:
            wanted.append(known[code.upper()])
        else:
            return code
    issued = []
    for unit in wanted:
        code = draw_code()
        book.joining.revoke_open(unit.id, role, now)
        issued.append(Invite(unit, role, code, book.joining.issue(code, unit.id, role, now)))
    return issued
