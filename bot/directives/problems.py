"""What is wrong with a list: each bad row by its line and reason, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.messages import Text, Value, text


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a list can't be taken; `line` as the office's spreadsheet counts, None for the file as a whole."""

    line: int | None
    why: Text

    @property
    def says(self) -> Text:
        """The whole sentence, with its line where there is one."""
        return self.why if self.line is None else text("import.row", line=str(self.line), why=self.why)


class BadList(Exception):  # noqa: N818  (a fact about the office's file, not a fault of ours)
    """Nothing of the list was taken; `problems` holds every bad row."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def refuse_bad(cells: Sequence[Problem], rows: Iterable[Problem]) -> None:
    """Raise BadList where anything is wrong, by line; of a row with a bad cell nothing but that cell is told."""
    spoiled = {one.line for one in cells}
    found = [*cells, *(one for one in rows if one.line not in spoiled)]
    if found:
        raise BadList(tuple(sorted(found, key=lambda one: one.line or 0)))


def refuse(key: str, **params: Value) -> BadList:
    """A list refused as a whole, before any row is looked at."""
    return BadList((Problem(None, text(key, **params)),))
