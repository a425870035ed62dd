"""What people typed, made fit for a spreadsheet's cell: never a formula, never a sign that breaks the file."""

from __future__ import annotations

import re

#: What a spreadsheet may hold in one cell.
MOST = 32_767
#: Not allowed in XML 1.0, or half a character; a tab and a line end are kept.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
#: A program that opens the sheet, or a CSV made from it, may take what begins so as a formula (OWASP, CSV injection);
#: signs that can't be seen, and the full-width forms, don't make it harmless.
_LIVE = re.compile(
    "[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]"
)

#: How XLSX writes a sign by its code (ECMA-376, ST_Xstring); typed by a person it must stay what was typed.
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def cell_text(typed: str) -> str:
    """The text for a cell: forbidden signs removed, a beginning that could be a formula put behind an apostrophe."""
    clean = _FORBIDDEN.sub("", typed.replace("\r\n", "\n").replace("\r", "\n"))
    clean = _CODED.sub("_x005F_", clean)
    risky = _LIVE.match(clean) or typed[:1] in ("\t", "\r", "\x00")
    return f"'{clean}" if risky else clean


def pieces(typed: str) -> list[str]:
    """The text over as many cells as it needs, for `cell_text`; at least one."""
    room = MOST // 3  # where every sign is half a pair or part of a code, the cell's text grows that much
    return [typed[start : start + room] for start in range(0, len(typed), room)] or [""]
