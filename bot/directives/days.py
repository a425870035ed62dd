"""A list of the office's own days off and days worked instead becomes rows; nothing is taken while one is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.directives.civil_dates import read_date
from bot.directives.grid import read_rows
from bot.directives.headings import Record, folded, records
from bot.directives.problems import Problem, refuse_bad
from bot.messages import Text, text

_COLUMNS = {
    "day": ("ngày", "ngày tháng", "date"),
    "kind": ("loại", "loại ngày", "type"),
    "name": ("tên", "tên ngày", "nội dung", "lý do", "ghi chú"),
}
_WORDS = {
    False: ("nghỉ", "ngày nghỉ", "nghỉ lễ", "nghỉ bù", "off"),
    True: ("làm bù", "làm việc", "ngày làm bù", "đi làm", "worked"),
}
_WORKS: Mapping[str, bool] = {folded(said): works for works, words in _WORDS.items() for said in words}


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day as listed: worked or off, and by what name."""

    day: date
    works: bool
    name: str


def read_days(source: Path | bytes) -> list[DayRow]:
    """The days of a CSV or XLSX file. Raises BadList naming every bad row."""
    cells: list[Problem] = []
    problems: list[Problem] = []
    rows: list[DayRow] = []
    seen: dict[date, int] = {}
    for record in records(read_rows(source, cells), _COLUMNS, ("day", "kind")):
        wrong = [text("import.missing", column=_COLUMNS[column][0]) for column in ("day", "kind") if not record[column]]
        day, works = read_date(record["day"], wrong), _works(record, wrong)
        first = seen.setdefault(day, record.line) if day else record.line
        if first != record.line:
            wrong.append(text("import.twice", what=record["day"], line=str(first)))
        problems += (Problem(record.line, why) for why in wrong)
        if day is not None and works is not None:
            rows.append(DayRow(day, works, record["name"]))
    refuse_bad(cells, problems)
    return rows


def _works(record: Record, wrong: list[Text]) -> bool | None:
    works = _WORKS.get(folded(record["kind"]))
    if works is None and record["kind"]:
        wrong.append(text("import.unknown_day", kind=record["kind"][:40]))
    return works
