"""Finds the table in an office's sheet: the row of headings and which column is which, under any usual name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.directives.grid import Row
from bot.directives.problems import refuse
from bot.reading.letters import bare

#: A title and the name of the office may stand above the table, no more.
_TITLE_ROWS = 20


@dataclass(frozen=True, slots=True)
class Record:
    """One row below the headings, by column name; columns the sheet lacks read as ""."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def folded(words: str) -> str:
    """Words as compared: no marks, no capitals, single spaces, no punctuation at the ends."""
    plain = re.sub(r"[^\w;/&]+", " ", bare(words).lower().replace("_", " "))
    return plain.strip()


def records(rows: list[Row], columns: Mapping[str, tuple[str, ...]], required: tuple[str, ...]) -> list[Record]:
    """The rows under the headings. Raises BadList where no row of headings has the required columns."""
    names = {folded(heading): column for column, headings in columns.items() for heading in (column, *headings)}
    best: dict[str, int] = {}
    for place, row in enumerate(rows[:_TITLE_ROWS]):
        found = _columns(row, names)
        if all(column in found for column in required):
            return [
                Record(below.line, {name: below.cells[at] for name, at in found.items() if at < len(below.cells)})
                for below in rows[place + 1 :]
            ]
        best = max(best, found, key=len)
    missing = [columns[column][0] for column in required if column not in best]
    raise refuse("import.no_column", columns=tuple(missing))


def _columns(row: Row, names: Mapping[str, str]) -> dict[str, int]:
    """Column name -> place; the first of two columns with one meaning counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        if column := names.get(folded(cell)):
            found.setdefault(column, place)
    return found
