"""Units that may be several things settled by their neighbours, before numbers and tasks are looked for."""

from collections.abc import Sequence
from dataclasses import replace

from bot.reading.units import Unit

_BREAKS = ("pause", "stop", "line", "ask_mark")
_DENIALS = ("not_yet", "not", "have_not", "not_received", "lack", "nothing_done", "cannot")
_OF_A_REPORT = ("month_word", "quarter_word", "year_word", "sent", "was_sent", "number_word", "sign")
_GIVING = ("sent", "was_sent", "submitted", "handed_up", "pass_on")
_SOFT = ("courtesy", "person", "yes", "sign_of_mood", "hail", "thanks", "bracket")


def settled(row: Sequence[Unit]) -> list[Unit]:
    whole: list[Unit] = []
    start = 0
    for at, unit in enumerate(row):
        whole.append(_settled(row, at, whole[start:]))
        if unit.tag in _BREAKS:
            start = at + 1
    return whole


def _settled(row: Sequence[Unit], at: int, clause: Sequence[Unit]) -> Unit:
    """One unit, by what follows it and what its clause has said before it."""
    unit = row[at]
    tags = unit.tags
    if unit.tag == "after" and unit.of("what") and any(other.tag == "ask_mark" for other in row):
        tags = ("what",)  # "when is it due?"
    elif unit.tag == "not" and clause and _ends_here(row, at):
        tags = ("whether",)
    elif unit.tag == "whether" and unit.of("courtesy") and not (clause and _ends_here(row, at)):
        tags = ("courtesy",)  # "à, em xong rồi"
    elif unit.tag == "ask" and unit.of("noun") and (_before_body(row, at) or any(u.of(*_GIVING) for u in clause)):
        tags = ("noun",)  # "gửi cho Sở" gives, it does not ask
    elif unit.tag == "tell" and not any(u.tag == "finished" for u in clause):
        tags = ("courtesy",)  # "báo anh: xong rồi", but "xong em báo anh" is yet to come
    elif unit.tag == "opening" and at + 1 < len(row) and row[at + 1].of(*_OF_A_REPORT):
        # "dạ báo cáo tháng 10 gửi rồi" names the report, it does not report
        return replace(unit, tags=("paper",), value={"paper": "BC"}, spelled=" ".join(unit.spelled.split()[-2:]))
    elif unit.of("where"):
        tags = _where(row, at, denied=any(u.of(*_DENIALS) for u in clause))
    return unit if tags is unit.tags else replace(unit, tags=tags)


def _before_body(row: Sequence[Unit], at: int) -> bool:
    return at + 1 < len(row) and row[at + 1].of("outside", "inside")


def _ends_here(row: Sequence[Unit], at: int) -> bool:
    """'có mẫu không ạ': a denial at the very end asks."""
    place = at + 1
    while place < len(row) and row[place].tag in _SOFT:
        place += 1
    return place >= len(row) or row[place].tag in _BREAKS


def _where(row: Sequence[Unit], at: int, *, denied: bool) -> tuple[str, ...]:
    """'đâu' asks for a place; after a denial it only stresses it ('chưa xong đâu'); 'dau thang 1' is 'đầu tháng 1'."""
    if row[at].of("start_of") and at + 1 < len(row) and row[at + 1].of("month_word", "week_word", "coming", "this"):
        return ("start_of",)
    return ("courtesy",) if denied else ("what",)
