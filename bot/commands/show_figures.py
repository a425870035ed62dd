"""`summary` and `export`: the chair's questions and the spreadsheet, from the command line."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot import logs
from bot.assembly import clock_of, open_store
from bot.attachments import RENDERERS
from bot.case import Case
from bot.commands.words import said
from bot.contacts import Action, Person, Role, Seat
from bot.effects import Say
from bot.messages import Address, Incoming
from bot.phrases import phrasebook
from bot.settings import load_settings
from bot.store.book import Book
from bot.wording import Wording
from handlers.table import HANDLERS


class Form(StrEnum):
    """What `export` writes."""

    SHEET = "sheet"
    PICTURE = "picture"


def summary(words: Annotated[list[str] | None, typer.Argument(help=said("option.words"))] = None) -> None:
    """Answer as the bot answers the chair's office."""
    settings = load_settings(os.environ)
    logs.configure()
    store = open_store(settings, sample_if_empty=True)
    asked = " ".join(words or []) or "tổng hợp"
    try:
        now = clock_of(store).now()
        typer.echo(store.read_now(lambda book: _answer(book, asked, now, settings.language)))
    finally:
        store.close()


def _answer(book: Book, asked: str, now: datetime, language: str) -> str:
    province = book.people.province()
    zone = ZoneInfo(province.zone)
    asker = _operator(book, language, now)
    incoming = Incoming(Address("console", "main", "operator"), "operator", asked, now)
    case = Case(incoming, asked, now, now.astimezone(zone).date(), province, asker, book)
    readers = {one.name: one for one in HANDLERS if one.needs is Action.SUMMARISE or one.name.startswith("ask_")}
    for meaning in phrasebook().meanings(asked):
        handler = readers.get(meaning.name)
        effects = handler.handle(case, meaning.slots) if handler else None
        if effects:
            wording = Wording(language, zone)
            return "\n\n".join(wording.say(one.outgoing.says) for one in effects if isinstance(one, Say))
    return said("summary.not_understood")


def _operator(book: Book, language: str, now: datetime) -> Person:
    """Whoever has the command line reads everything, as the chair's office does."""
    unit = book.people.units()[0]
    seat = Seat(0, 0, replace(unit), Role.CHAIR)
    return Person(0, "", language, (seat,), consent_at=now)


def export(
    file: Annotated[Path, typer.Argument(help=said("option.export_file"))],
    form: Annotated[Form, typer.Option(help=said("option.form"))] = Form.SHEET,
) -> None:
    """Write the tracking sheet (XLSX) or the picture (PNG)."""
    settings = load_settings(os.environ)
    logs.configure()
    store = open_store(settings, sample_if_empty=True)
    try:
        now = clock_of(store).now()
        data = store.read_now(lambda book: RENDERERS[form](book, {}, now, settings.language))
    finally:
        store.close()
    file.write_bytes(data)
    typer.echo(said("export.written", file=str(file), size=len(data)), err=True)
