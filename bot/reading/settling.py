"""Units that may be several things settled by their neighbours, before numbers and tasks are looked for."""

from collections.abc import Sequence
from dataclasses import replace

from bot.reading.units import Unit

_BREAKS = ("pause", "stop", "line", "ask_mark")
_DENIALS = ("not_yet", "not", "have_not", "not_received", "lack", "nothing_done", "cannot")


_GIVING = ("sent", "was_sent", "submitted", "handed_up", "pass_on")
_SOFT = ("courtesy", "person", "yes", "sign_of_mood", "hail", "thanks", "bracket")


def settled(row: Sequence[Unit]) -> list[Unit]:
    whole: list[Unit] = []
    denied = given = False
    asked = any(unit.tag == "ask_mark" for unit in row)
    for at, unit in enumerate(row):
        if unit.tag == "after" and unit.of("what") and asked:
            unit = replace(unit, tags=("what",))  # "when is it due?"
        if unit.tag in _BREAKS:
            denied = given = False
        elif unit.of(*_GIVING):
            given = True
        elif unit.tag == "not" and whole and whole[-1].tag not in _BREAKS and _ends_here(row, at):
            unit = replace(unit, tags=("whether",))
        elif unit.of(*_DENIALS):
            denied = True
        elif unit.tag == "ask" and unit.of("noun") and (given or _before_body(row, at)):
            unit = replace(unit, tags=("noun",))  # "gửi cho Sở" gives, it does not ask
        elif unit.tag == "opening" and at + 1 < len(row) and row[at + 1].of("month_word", "quarter_word", "year_word"):
            unit = replace(unit, tags=("paper",), value={"paper": "BC"})  # "dạ báo cáo tháng 10 gửi rồi" names it
        elif unit.of("where"):
            unit = _where(row, at, denied)
        whole.append(unit)
    return whole


def _before_body(row: Sequence[Unit], at: int) -> bool:
    return at + 1 < len(row) and row[at + 1].of("outside", "inside")


def _ends_here(row: Sequence[Unit], at: int) -> bool:
    """'có mẫu không ạ': a denial at the very end asks."""
    place = at + 1
    while place < len(row) and row[place].tag in _SOFT:
        place += 1
    return place >= len(row) or row[place].tag in _BREAKS


def _where(row: Sequence[Unit], at: int, denied: bool) -> Unit:
    """'đâu' asks for a place, but after a denial it only stresses it: 'chưa xong đâu'; 'dau thang 1' is 'đầu tháng 1'."""
    unit = row[at]
    if unit.of("start_of") and at + 1 < len(row) and row[at + 1].of("month_word", "week_word", "coming", "this"):
        return replace(unit, tags=("start_of",))
    return replace(unit, tags=("courtesy",) if denied else ("what",))
