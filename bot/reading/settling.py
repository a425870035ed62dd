"""Units that may be several things settled by their neighbours, before numbers and tasks are looked for."""

from collections.abc import Sequence
from dataclasses import replace

from bot.reading.units import Unit

_BREAKS = ("pause", "stop", "line", "ask_mark")
_DENIALS = ("not_yet", "not", "have_not", "lack", "nothing_done", "cannot")


def settled(row: Sequence[Unit]) -> list[Unit]:
    whole: list[Unit] = []
    denied = False
    for unit in row:
        if unit.tag in _BREAKS:
            denied = False
        elif unit.of(*_DENIALS):
            denied = True
        elif unit.of("where"):
            unit = _where(unit, denied)
        whole.append(unit)
    return whole


def _where(unit: Unit, denied: bool) -> Unit:
    """'đâu' asks for a place, but after a denial it only stresses it: 'chưa xong đâu'."""
    return replace(unit, tags=("courtesy",) if denied else ("what",))
