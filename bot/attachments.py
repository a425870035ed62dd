"""The files that go with letters, made when they are sent: the picture and the spreadsheet of a summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.reports import figures, picture, sheet
from bot.store.book import Book
from bot.wording import Wording


def summary_picture(book: Book, _recipe: Mapping[str, Any], now: datetime, language: str) -> bytes:
    """The bars by resolution, as PNG."""
    zone = ZoneInfo(book.people.province().zone)
    everything = book.assignments.all()
    whole = figures.count(everything, now, zone)
    groups = figures.by_resolution(everything, now, zone)
    return picture.by_resolution_png(groups, whole, now, Wording(language, zone))


def summary_sheet(book: Book, _recipe: Mapping[str, Any], now: datetime, language: str) -> bytes:
    """Every assignment with its state and the messages behind it, as XLSX."""
    zone = ZoneInfo(book.people.province().zone)
    everything = book.assignments.all()
    sources = [
        sheet.Source(one.assignment_id, one.text or "", one.name or one.unit_name or "", one.at, one.channel or "")
        for one in book.sources.of(assignment.id for assignment in everything)
    ]
    directives = {one.id: one for one in book.assignments.directives()}
    return sheet.workbook(everything, sources, now, Wording(language, zone), zone, directives)


RENDERERS: Mapping[str, Callable[[Book, Mapping[str, Any], datetime, str], bytes]] = {
    "picture": summary_picture,
    "sheet": summary_sheet,
}
