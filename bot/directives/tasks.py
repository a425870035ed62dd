"""A list of tasks, as an office keeps it, becomes rows whose units are fanned out; all rows or none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.directives.addressees import Addressees, Listed
from bot.directives.civil_dates import read_date, read_due
from bot.directives.grid import read_rows
from bot.directives.headings import Record, folded, records
from bot.directives.problems import Problem, refuse_bad
from bot.messages import Text, text
from bot.tasks import Due

_COLUMNS = {
    "code": ("mã nhiệm vụ", "mã"),
    "title": ("nội dung nhiệm vụ", "nhiệm vụ", "nội dung", "tên nhiệm vụ", "nội dung công việc"),
    "document": ("số/ký hiệu văn bản", "số/ký hiệu", "số ký hiệu văn bản", "văn bản giao", "văn bản"),
    "issued_on": ("ngày ban hành", "ngày văn bản", "ngày ban hành văn bản"),
    "due": ("thời hạn hoàn thành", "hạn hoàn thành", "thời hạn", "hạn", "thời gian hoàn thành"),
    "due_phrase": ("thời hạn theo văn bản", "thời hạn như văn bản"),
    "units": ("chủ trì thực hiện", "đơn vị chủ trì", "cơ quan chủ trì", "chủ trì", "đơn vị thực hiện"),
    "except": ("trừ", "ngoại trừ"),
    "co_units": ("đơn vị phối hợp", "cơ quan phối hợp", "phối hợp"),
    "resolutions": ("nghị quyết", "phục vụ nghị quyết"),
    "product": ("sản phẩm", "sản phẩm dự kiến"),
    "authority": ("thẩm quyền", "cấp có thẩm quyền", "cấp ban hành"),
    "responsibility": ("lãnh đạo phụ trách", "trách nhiệm", "người chịu trách nhiệm"),
    "follow_up": ("cơ quan theo dõi", "đơn vị theo dõi", "theo dõi"),
    "remark": ("ghi chú",),
    "draft": ("dự thảo", "nháp"),
}
_YES = frozenset({"x", "co", "yes", "true", "1", "nhap", "du thao", "draft"})
_NO = frozenset({"", "khong", "no", "false", "0"})
_SIGN = re.compile(r"\d{1,5}(?:/\d{4})?[/-][A-ZĐ][\wĐ]*(?:[-/][\wĐ]+)+")
_RESOLUTION = re.compile(r"(?:nghị quyết|nq)?\s*(?:số)?\s*(\d{1,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as listed; `units` and `co_units` are codes, groups fanned out and exceptions taken off."""

    code: str
    title: str
    units: tuple[str, ...]
    document: str = ""
    issued_on: date | None = None
    due: Due | None = None
    due_phrase: str | None = None
    co_units: tuple[str, ...] = ()
    resolutions: tuple[str, ...] = ()
    product: str | None = None
    authority: str | None = None
    responsibility: str | None = None
    follow_up: str | None = None
    remark: str | None = None
    draft: bool = False

    @property
    def number(self) -> str | None:
        """The sign of the document ("345/TB-VPUBND"), where it bears one."""
        sign = _SIGN.match(self.document) or re.search(r"\bsố:?\s*(" + _SIGN.pattern + ")", self.document)
        return sign[sign.lastindex or 0] if sign else None


def read_tasks(source: Path | bytes, units: Iterable[Listed]) -> list[TaskRow]:
    """The tasks of a CSV (UTF-8; comma, semicolon or tab) or XLSX file, for these units. Raises BadList."""
    addressees = Addressees(units)
    cells: list[Problem] = []
    problems: list[Problem] = []
    rows: list[TaskRow] = []
    seen: dict[str, int] = {}
    for record in records(read_rows(source, cells), _COLUMNS, ("title", "units")):
        wrong: list[Text] = []
        row = _row(record, addressees, wrong)
        for key in (f"code {folded(row.code)}", f"row {row.document} {row.title} {row.units}".casefold()):
            if (first := seen.setdefault(key, record.line)) != record.line:
                wrong.append(text("import.twice", what=row.code, line=str(first)))
                break
        rows.append(row)
        problems += (Problem(record.line, why) for why in wrong)
    refuse_bad(cells, problems)
    return rows


def _row(record: Record, addressees: Addressees, wrong: list[Text]) -> TaskRow:
    draft = _draft(record["draft"], wrong)
    units = _units(record, draft, addressees, wrong)
    issued_on = read_date(record["issued_on"], wrong)
    due, phrase = read_due(record["due"], wrong)
    if not record["title"]:
        wrong.append(text("import.missing", column=_COLUMNS["title"][0]))
    if due and issued_on and due.on < issued_on:
        wrong.append(text("import.due_before_issue", due=due.on, issued_on=issued_on))
    return TaskRow(
        code=_code(record, wrong),
        title=record["title"],
        units=units,
        document=record["document"],
        issued_on=issued_on,
        due=due,
        due_phrase=record["due_phrase"] or phrase,
        co_units=tuple(code for code in addressees.meant(record["co_units"], wrong) if code not in units),
        resolutions=_resolutions(record["resolutions"], wrong),
        product=record["product"] or None,
        authority=record["authority"] or None,
        responsibility=record["responsibility"] or None,
        follow_up=_follow_up(record["follow_up"], addressees, wrong),
        remark=record["remark"] or None,
        draft=draft,
    )


def _code(record: Record, wrong: list[Text]) -> str:
    """The code as written, else one made of the row's own words: the same again when the list is imported again."""
    written = record["code"]
    if written and not re.fullmatch(r"[\w./-]{1,20}", written):
        wrong.append(text("import.bad_code", code=written[:40]))
    if written:
        return written
    words = "\n".join(record[column] for column in ("document", "title", "units", "due"))
    return "NV" + hashlib.blake2s(words.encode(), digest_size=4).hexdigest().upper()


def _draft(cell: str, wrong: list[Text]) -> bool:
    said = folded(cell)
    if said not in _YES | _NO:
        wrong.append(text("import.bad_draft", cell=cell[:40]))
    return said in _YES


def _units(record: Record, draft: bool, addressees: Addressees, wrong: list[Text]) -> tuple[str, ...]:
    before = len(wrong)
    units = addressees.meant(record["units"], wrong)
    out = addressees.meant(record["except"], wrong)
    if not units and not draft and len(wrong) == before:
        wrong.append(text("import.no_unit"))
    if units and (strangers := [code for code in out if code not in units]):
        wrong.append(text("import.excepts_stranger", unit=", ".join(strangers[:5])))
    return tuple(code for code in units if code not in out)


def _follow_up(cell: str, addressees: Addressees, wrong: list[Text]) -> str | None:
    codes = addressees.meant(cell, wrong)
    if len(codes) > 1:
        wrong.append(text("import.one_follow_up"))
    return codes[0] if codes else None


def _resolutions(cell: str, wrong: list[Text]) -> tuple[str, ...]:
    """Signs as written; a bare number is a resolution of the Politburo or the Central Committee (57 -> 57-NQ/TW)."""
    signs: list[str] = []
    for part in re.split(r"[;,\n]", cell):
        if sign := _SIGN.search(part.upper()):
            signs.append(sign[0])
        elif number := _RESOLUTION.fullmatch(part.strip()):
            signs.append(f"{number[1]}-NQ/TW")
        elif part.strip():
            wrong.append(text("import.bad_resolution", cell=part.strip()[:40]))
    return tuple(dict.fromkeys(signs))
