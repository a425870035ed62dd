"""`summary` and `export`: the chair's questions, the spreadsheet, the settled readings, from the command line."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.assembly import clock_of, open_store
from bot.attachments import RENDERERS
from bot.case import Case
from bot.commands.opening import begin
from bot.commands.teach_reader import export_readings
from bot.commands.words import said
from bot.contacts import Person, Role, Seat, Unit, UnitKind, may
from bot.conversation import Province
from bot.effects import Say
from bot.messages import Address, Incoming
from bot.phrases import phrasebook
from bot.store.book import Book
from bot.wording import Wording
from handlers.table import HANDLERS


class Form(StrEnum):
    """What `export` writes."""

    SHEET = "sheet"
    PICTURE = "picture"


def summary(words: Annotated[list[str] | None, typer.Argument(help=said("option.words"))] = None) -> None:
    """Answer as the bot answers the chair's office; what would change something is not understood here."""
    settings = begin()
    store = open_store(settings, sample_if_empty=False)
    asked = " ".join(words or []) or "tổng hợp"
    try:
        now = clock_of(store).now()
        answer = store.read_now(lambda book: _answer(book, asked, now, settings.language))
    finally:
        store.close()
    typer.echo(answer or said("summary.not_understood"), err=answer is None)
    raise typer.Exit(int(answer is None))


def _answer(book: Book, asked: str, now: datetime, language: str) -> str | None:
    province = book.people.province()
    zone = ZoneInfo(province.zone)
    asker = _operator(province, language, now)
    incoming = Incoming(Address("console", "main", "operator"), "operator", asked, now)
    case = Case(incoming, asked, now, now.astimezone(zone).date(), province, asker, book)
    handlers = {one.name: one for one in HANDLERS if one.needs is None or may(asker, one.needs)}
    for meaning in phrasebook().meanings(asked):
        handler = handlers.get(meaning.name)
        effects = handler.handle(case, meaning.slots) if handler else None
        spoken = [one for one in effects or () if isinstance(one, Say)]
        if effects and len(spoken) == len(effects):
            wording = Wording(language, zone)
            file = said("summary.file") if any(one.outgoing.attachment for one in spoken) else ""
            return "\n\n".join(filter(None, (*(wording.say(one.outgoing.says) for one in spoken), file)))
    return None


def _operator(province: Province, language: str, now: datetime) -> Person:
    """Whoever has the command line reads everything, as the chair's office does."""
    whole = Unit(0, province.code, province.name, "", UnitKind.PROVINCE)
    return Person(0, "", language, (Seat(0, 0, whole, Role.CHAIR),), consent_at=now)


def export(
    file: Annotated[str, typer.Argument(help=said("option.export_file"))],
    form: Annotated[Form, typer.Option(help=said("option.form"))] = Form.SHEET,
) -> None:
    """Write the tracking sheet (XLSX) or the picture (PNG); `readings` are printed (./readings is a file)."""
    settings = begin()
    if file == "readings":
        export_readings(settings)
        return
    store = open_store(settings, sample_if_empty=False)
    try:
        now = clock_of(store).now()
        renderer = RENDERERS[form]
        values = store.read_now(lambda book: renderer.gather(book, {}, now))
    finally:
        store.close()
    data = renderer.render(values, now, settings.language)
    Path(file).write_bytes(data)
    typer.echo(said("export.written", file=file, size=len(data)), err=True)
