"""`remind --on DATE --dry-run`: who would get what on a day, and why; nothing is kept or sent."""

from __future__ import annotations

import os
from datetime import date, datetime
from typing import Annotated

import typer

from bot import logs
from bot.assembly import open_store
from bot.commands.words import said
from bot.settings import load_settings
from bot.store.falling import Preview
from scheduler.sweep import due_preview


def remind(
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help=said("option.on"))],
    dry_run: Annotated[bool, typer.Option("--dry-run/--send", help=said("option.dry_run"))] = True,
) -> None:
    """Show what a day would bring."""
    settings = load_settings(os.environ)
    logs.configure()
    if not dry_run:
        typer.echo(said("remind.only_shows"), err=True)
        raise typer.Exit(2)
    store = open_store(settings, sample_if_empty=True)
    day: date = on.date()
    try:
        rows = store.read_now(lambda book: due_preview(book, day))
    finally:
        store.close()
    for slot, one in rows:
        typer.echo(f"{slot.name}\t{_line(one)}")
    typer.echo(said("remind.count", n=len(rows), day=day), err=True)


def _line(one: Preview) -> str:
    why = said(f"rule.{one.rule}", days=abs(one.milestone))
    due = f"{one.due_on:%d/%m/%Y}" if one.due_on else "-"
    return f"{one.person_name}\t{one.unit_name}\t{one.task_code}\t{due}\t{why}"
