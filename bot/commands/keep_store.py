"""`migrate`, `backup`, `restore`: the store is kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.assembly import CannotStart
from bot.commands.words import said
from bot.settings import Settings, load_settings
from bot.store.copies import CopyRefused, copy_out, put_back
from bot.store.engine import Store
from bot.store.migrate import current, upgrade


def migrate() -> None:
    """Bring the store to this release's tables."""
    store = _store(load_settings(os.environ))
    try:
        upgrade(store.engine)
        typer.echo(said("migrate.done", revision=current(store.engine) or "-"))
    finally:
        store.close()


def backup(file: Annotated[Path, typer.Argument(help=said("option.backup_file"))]) -> None:
    """A copy of the whole store while it works."""
    settings = load_settings(os.environ)
    logs.configure()
    try:
        size = copy_out(settings.store_url, file)
    except CopyRefused as refused:
        raise CannotStart(said(f"backup.{refused.why}", file=str(file))) from None
    typer.echo(said("backup.done", file=str(file), size=size))


def restore(file: Annotated[Path, typer.Argument(help=said("option.backup_file"))]) -> None:
    """Put a copy in the place of an empty store; what it still had to send is held until somebody releases it."""
    settings = load_settings(os.environ)
    logs.configure()
    if settings.database_url is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        put_back(settings.store_url, file)
    except CopyRefused as refused:
        raise CannotStart(said(f"backup.{refused.why}", file=str(file))) from None
    store = _store(settings)
    try:
        upgrade(store.engine)
        held = store.write_now(lambda book: book.letters.hold_all("restored from a copy"))
        typer.echo(said("restore.done", file=str(file), n=held))
    finally:
        store.close()


def _store(settings: Settings) -> Store:
    logs.configure()
    if settings.database_url is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Store(settings.store_url)
