"""Which statements of a block stand: what was so yesterday, or is said inside a question, does not count."""

from collections.abc import Sequence
from functools import lru_cache

from bot.reading.blocks import Block
from bot.reading.constructions import constructions
from bot.reading.grammar import Statement
from bot.reading.units import TURNS, Unit

_TODAY = frozenset({"now", "day_today"})
_INSTEAD = frozenset({"done", "sent_out", "open", "none", "blocked", "asked_later", "promised", "step_done"})
_CLAIMS = frozenset({"done", "sent_out"})
#: what may stand before "xong" in its clause without putting it in doubt
_PLAIN = frozenset(
    {"did", "already", "just", "and", "so", "because", "then", "ack", "thanks", "greeting", "received"}
    | {"finished", "sent", "was_sent", "established", "signed", "surely"}
)


@lru_cache(maxsize=1)
def _undoubted() -> frozenset[str]:
    return (constructions().neutral - {"unknown"}) | _PLAIN


def standing(block: Block) -> list[Statement]:
    if "past_time" not in block.tags and "corrected" not in block.says and not {"promised", "question"} <= block.says:
        return list(block.said)
    clauses = _clause_numbers(block.units)
    gone = _gone_clauses(block, clauses)
    taken_back = _taken_back(block, clauses)
    asked = {clauses[s.first] for s in block.said if s.says == "question"}
    return [
        statement
        for statement in block.said
        if clauses[statement.first] not in gone
        and (statement.says == "corrected" or clauses[statement.first] not in taken_back)
        and not (statement.says == "promised" and clauses[statement.first] in asked)
    ]


def _taken_back(block: Block, clauses: Sequence[int]) -> set[int]:
    """'em nhắn nhầm là đang làm, thực ra xong rồi': what was said by mistake, where something is said instead."""
    last = max((clauses[said.first] for said in block.said if said.says in _INSTEAD), default=-1)
    return {clauses[said.first] for said in block.said if said.says == "corrected" and clauses[said.first] < last}


def _clause_numbers(units: Sequence[Unit]) -> list[int]:
    numbers: list[int] = []
    clause = 0
    for unit in units:
        clause += unit.tag in TURNS
        numbers.append(clause)
    return numbers


def _gone_clauses(block: Block, clauses: Sequence[int]) -> set[int]:
    """'hôm qua chưa xong, giờ xong rồi': what was so before, where it is said what is so now."""
    units = block.units
    today = max((clauses[at] for at, unit in enumerate(units) if unit.of(*_TODAY)), default=-1)
    today = max([today, *(clauses[said.first] for said in _good_ends(block))])
    return {clauses[at] for at, unit in enumerate(units) if unit.tag == "past_time" and clauses[at] < today}


def _good_ends(block: Block) -> list[Statement]:
    """'hồi đầu tháng bị ngập, nhưng cũng xong rồi'"""
    turn = next((at for at, unit in enumerate(block.units) if unit.of("but")), len(block.units))
    return [said for said in block.said if said.says in _CLAIMS and said.first >= turn]


def led_by_doubt(block: Block) -> bool:
    """Whether something unknown, or more than plain words, stands around a claim of completion in its clause."""
    claims = [said for said in block.said if said.says in _CLAIMS]
    if not claims and "already" in block.says:
        return block.has("unknown", "fault")  # "máy hư, quét lại rồi"
    return any(_is_doubtful(block.units, said) for said in claims)


def _is_doubtful(units: Sequence[Unit], said: Statement) -> bool:
    claim = _claim(units, said)
    start = said.first
    while start > 0 and units[start - 1].tag not in TURNS:
        start -= 1
    plain = _undoubted()
    if any(unit.of("did", "already") for unit in units[said.first : said.after + 1]):
        plain |= {"unknown"}  # "đã …", "… rồi" say it of whatever stands there
    led = any(units[at].tag not in plain for at in range(start, said.first))
    strange = "unknown" not in plain and any(unit.tag == "unknown" for unit in units[said.first : claim])
    after = units[said.after] if said.after < len(units) else None
    told_later = after is not None and after.tag == "tell"
    some = units[claim].of("finished") and _counts(units, claim + 1)  # "đã xong 3 ấp"
    return led or strange or told_later or some or _of_another(units, start, claim)


def _of_another(units: Sequence[Unit], start: int, claim: int) -> bool:
    """'bên Sở xong rồi' tells of another's work, '5 ấp đã xong' of a part of ours."""
    given = False
    for at in range(start, claim):
        given = given or units[at].of("sent", "was_sent", "submitted", "citing")
        another = units[at].tag == "outside" and not given
        if another or (at + 1 < claim and _counts(units, at)):
            return True
    return False


def _counts(units: Sequence[Unit], at: int) -> bool:
    return at + 1 < len(units) and units[at].tag == "number" and units[at + 1].of("unit_noun")


def _claim(units: Sequence[Unit], said: Statement) -> int:
    """The place of the word that claims completion; what is unknown after it is only its object."""
    for at in range(said.first, said.after):
        if units[at].of("finished", "sent", "was_sent", "established"):
            return at
    return said.first
