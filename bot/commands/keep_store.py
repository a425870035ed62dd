"""`migrate`, `backup`, `restore`: the store is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.assembly import CannotStart, connect, open_store
from bot.commands.opening import begin
from bot.commands.words import said
from bot.messages import text
from bot.settings import Settings
from bot.store.copies import CopyRefused, copy_out, put_back
from bot.store.migrate import current


def migrate() -> None:
    """Bring the store to this release's tables."""
    store = connect(begin())
    try:
        typer.echo(said("migrate.done", revision=current(store.engine) or "-"))
    finally:
        store.close()


def backup(file: Annotated[Path, typer.Argument(help=said("option.backup_file"))]) -> None:
    """A copy of the whole store while it works."""
    settings = begin()
    try:
        size = copy_out(settings.store_url, file)
    except CopyRefused as refused:
        raise CannotStart(text(f"cli.backup.{refused.why}", file=str(file))) from None
    typer.echo(said("backup.done", file=str(file), size=size))


def restore(
    file: Annotated[Path | None, typer.Argument(help=said("option.backup_file"))] = None,
    release: Annotated[bool, typer.Option("--release", help=said("option.release"))] = False,
) -> None:
    """Put a copy in the place of an empty store; what it still had to send is held until somebody releases it."""
    settings = begin()
    if release and file is None:
        _release(settings)
    elif file is not None and not release:
        _restore(settings, file)
    else:
        raise CannotStart(text("cli.restore.which"))


def _restore(settings: Settings, file: Path) -> None:
    if settings.database_url is None:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        put_back(settings.store_url, file)
    except CopyRefused as refused:
        key = "cli.restore.exists" if refused.why == "exists" else f"cli.backup.{refused.why}"
        raise CannotStart(text(key, file=str(file))) from None
    store = connect(settings)
    try:
        held = store.write_now(lambda book: book.letters.hold_all("restored from a copy"))
        typer.echo(said("restore.done", file=str(file)))
        if held:
            typer.echo(said("restore.held", n=held))
    finally:
        store.close()


def _release(settings: Settings) -> None:
    store = open_store(settings, sample_if_empty=False)
    try:
        typer.echo(said("restore.released", n=store.write_now(lambda book: book.letters.release_held())))
    finally:
        store.close()
