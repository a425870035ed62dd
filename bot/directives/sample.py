"""The sample province of bot/sample: An Giang's 120 units, the 18 tasks of its chair's meeting of 11/9/2025."""

from __future__ import annotations

from importlib.resources import files

from bot.contacts import UnitKind
from bot.directives.tasks import TaskRow, read_tasks
from bot.directives.units import UnitRow, read_units


def sample_province() -> UnitRow:
    """The province itself, which the list of units holds as its first row."""
    return next(unit for unit in _listed() if unit.kind is UnitKind.PROVINCE)


def sample_units() -> list[UnitRow]:
    """The units; 47 communes bear the mark "bcd-57 (giả định)": those with the lowest codes, as nobody named them."""
    return [unit for unit in _listed() if unit.kind is not UnitKind.PROVINCE]


def sample_tasks() -> list[TaskRow]:
    """The tasks T01 to T18, fanned out over the sample's units."""
    return read_tasks(_file("tasks.csv"), sample_units())


def _listed() -> list[UnitRow]:
    return read_units(_file("units.csv"))


def _file(name: str) -> bytes:
    return (files("bot") / "sample" / name).read_bytes()
