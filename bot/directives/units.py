"""A list of units, as an office keeps it, becomes rows; nothing is taken while one row is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.contacts import UnitKind
from bot.directives.grid import read_rows
from bot.directives.headings import Record, folded, records
from bot.directives.problems import Problem, refuse_bad
from bot.messages import Text, text

_COLUMNS = {
    "code": ("mã đơn vị", "mã", "mã số", "unit code"),
    "name": ("tên đơn vị", "tên", "name_vi", "đơn vị", "tên xã, phường, đặc khu"),
    "type": ("loại", "loại hình", "cấp"),
    "kind": ("nhóm", "khối", "nhóm đơn vị"),
    "parent": ("trực thuộc", "mã cấp trên", "cấp trên"),
    "marks": ("đánh dấu", "dấu"),
}
#: Where a list has no `kind`, its `type` says it: the kinds of Vietnamese provincial bodies since 1/7/2025.
_KIND_OF_TYPE = {
    UnitKind.PROVINCE: ("tỉnh", "thành phố"),
    UnitKind.DEPARTMENT: ("sở", "văn phòng", "thanh tra"),
    UnitKind.SECTOR: ("ngành", "công an", "ban quản lý", "đơn vị", "ban"),
    UnitKind.PARTY: ("cơ quan đảng", "đảng"),
    UnitKind.COMMUNE: ("xã", "phường", "đặc khu"),
}
_KINDS = {folded(said): kind for kind, words in _KIND_OF_TYPE.items() for said in (kind.value, *words)}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit as listed; the code is its key."""

    code: str
    name: str
    type: str
    kind: UnitKind
    parent: str | None = None
    marks: tuple[str, ...] = ()


def read_units(source: Path | bytes) -> list[UnitRow]:
    """The units of a CSV (UTF-8; comma, semicolon or tab) or XLSX file. Raises BadList naming every bad row."""
    cells: list[Problem] = []
    found = records(read_rows(source, cells), _COLUMNS, ("code", "name"))
    problems: list[Problem] = []
    rows: list[UnitRow] = []
    seen: dict[str, int] = {}
    codes = {record["code"].casefold() for record in found}
    for record in found:
        kind = _KINDS.get(folded(record["kind"] or record["type"]))
        wrong = [*_wrong(record, codes, seen)]
        if kind is None:
            wrong.append(text("import.unknown_kind", kind=record["kind"] or record["type"]))
        else:
            rows.append(_row(record, kind))
        problems += (Problem(record.line, why) for why in wrong)
    refuse_bad(cells, problems)
    return rows


def _row(record: Record, kind: UnitKind) -> UnitRow:
    marks = tuple(mark.strip() for mark in record["marks"].split(";") if mark.strip())
    return UnitRow(record["code"], record["name"], record["type"], kind, record["parent"] or None, marks)


def _wrong(record: Record, codes: set[str], seen: dict[str, int]) -> list[Text]:
    """What is wrong with one row but its kind; `seen` keeps each code's and name's first line."""
    wrong = [text("import.missing", column=_COLUMNS[column][0]) for column in ("code", "name") if not record[column]]
    if record["code"] and not re.fullmatch(r"[\w.-]{1,20}", record["code"]):
        wrong.append(text("import.bad_code", code=record["code"][:40]))
    for key in (f"code {folded(record['code'])}", f"name {record['name'].casefold()}"):
        first = seen.setdefault(key, record.line)
        if first != record.line and key.partition(" ")[2]:
            wrong.append(text("import.twice", what=record[key.partition(" ")[0]], line=str(first)))
    if record["parent"] and record["parent"].casefold() not in codes:
        wrong.append(text("import.unknown_unit", unit=record["parent"][:80]))
    return wrong
