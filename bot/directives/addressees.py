"""Which units a cell of a task list means: codes, whole names, and the groups that fan out. Never a near miss."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from bot.contacts import UnitKind
from bot.directives.headings import folded
from bot.messages import Text, text

_GROUPS: Mapping[str, frozenset[UnitKind]] = {
    "communes": frozenset({UnitKind.COMMUNE}),
    "departments": frozenset({UnitKind.DEPARTMENT, UnitKind.SECTOR}),
    "all": frozenset({UnitKind.COMMUNE, UnitKind.DEPARTMENT, UnitKind.SECTOR}),
}
#: Whole cells, or parts between semicolons; the words are those of notices.
_GROUP_WORDS: Mapping[str, tuple[str, ...]] = {
    "communes": (
        "các xã, phường, đặc khu",
        "xã, phường, đặc khu",
        "UBND các xã, phường, đặc khu",
        "Ủy ban nhân dân các xã, phường, đặc khu",
        "UBND cấp xã",
        "cấp xã",
        "các địa phương",
    ),
    "departments": ("các sở, ban, ngành", "sở, ban, ngành", "các sở, ban, ngành tỉnh", "các sở, ngành", "sở, ngành"),
    "all": ("tất cả", "tất cả các đơn vị"),
}
_GROUP_OF = {folded(said): group for group, words in _GROUP_WORDS.items() for said in (group, *words)}
_MARK = re.compile(r"(?:mark|dấu)\s*:\s*(.+)", re.IGNORECASE)


class Listed(Protocol):
    """What is needed of a unit here; rows of a list and units of the store both have it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> UnitKind: ...
    @property
    def marks(self) -> tuple[str, ...]: ...


class Addressees:
    """The units of a province, found by what an office writes in a cell."""

    def __init__(self, units: Iterable[Listed]) -> None:
        self._units = tuple(units)
        written = [(key, unit.code) for unit in self._units for key in (unit.code, unit.name)]
        self._exact = {key.casefold(): code for key, code in written}
        seen = Counter(folded(key) for key, _ in written)
        self._folded = {folded(key): code for key, code in written if seen[folded(key)] == 1}

    def meant(self, cell: str, problems: list[Text]) -> tuple[str, ...]:
        """The codes that a cell names, in the order of the list of units where a group is named; "mark:…" allowed."""
        codes: list[str] = []
        for part in re.split(r"[;\n]", cell):
            if part := part.strip():
                codes += self._part(part, problems)
        return tuple(dict.fromkeys(codes))

    def _part(self, part: str, problems: list[Text]) -> list[str]:
        if (whole := self._whole(part)) is not None:
            return whole
        pieces = [self._whole(piece) for piece in part.split(",")]
        if all(piece is not None for piece in pieces):
            return [code for piece in pieces for code in piece or ()]
        problems.append(text("import.unknown_unit", unit=part[:80]))
        return []

    def _whole(self, part: str) -> list[str] | None:
        """The codes of a group, a mark or one unit; None where the words are nobody's."""
        if group := _GROUP_OF.get(folded(part)):
            return [unit.code for unit in self._units if unit.kind in _GROUPS[group]]
        if mark := _MARK.fullmatch(part):
            wanted = folded(mark[1])
            marked = [unit.code for unit in self._units if any(mark_name(said) == wanted for said in unit.marks)]
            return marked or None
        code = self._exact.get(part.strip().casefold()) or self._folded.get(folded(part))
        return [code] if code else None


def mark_name(mark: str) -> str:
    """The name of a unit's mark, without the remark in brackets: "bcd-57 (giả định)" -> "bcd 57"."""
    return folded(mark.partition("(")[0])
