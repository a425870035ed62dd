"""What the statements of one block amount to: its kind by precedence, its slots, and whether all of it follows from the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.reading.blocks import Block
from bot.reading.grammar import Statement
from bot.reading.meaning import Kind
from bot.reading.moments import When
from bot.reading.units import Unit

_REMAINS = frozenset({"open", "unsent", "inside", "waiting"})
#: tags that change what a sentence means: one that no construction explains makes the reading uncertain
WEIGHTY = frozenset(
    {
        "not", "not_yet", "near", "doubt", "thought", "if", "once", "partly", "rest", "late", "cannot", "delay", "mistake",
        "withdraw", "obstacle", "lack", "have_not", "have_no", "after", "fault", "waiting", "finished", "what", "whether", "returned", "below",
        "cross", "where", "pass_on", "takes_over", "not_mine",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    percent: int | None = None
    document: str | None = None
    certain: bool = True


_ELABORATES = frozenset({"not", "not_yet", "have_not", "not_received", "have_no", "lack", "rest", "near", "partly", "where", "late", "cannot", "every", "what", "whether"})
#: what may stay unexplained beside a kind without putting it in doubt
HARMLESS: dict[Kind, frozenset[str]] = {
    Kind.BLOCKED: _ELABORATES | {"waiting", "finished"},
    Kind.EXTENSION: _ELABORATES | {"waiting", "obstacle", "fault", "once", "after", "doubt"},
    Kind.PROGRESS: frozenset({"not_yet", "rest", "near", "partly", "finished", "late", "returned"}),
    Kind.NOT_STARTED: frozenset({"not_yet", "have_not", "have_no", "late"}),
    Kind.QUESTION: WEIGHTY,
    Kind.HANDOVER: WEIGHTY - {"doubt", "if"},
    Kind.CORRECTION: frozenset({"not", "finished"}),
}


def verdict(block: Block, *, replied: bool, duty_is_drafting: bool) -> Verdict:
    said = [statement.says for statement in block.said]
    amounts = _amounts(block)
    percent = next((value for value in amounts if isinstance(value, int)), None)
    asked = any(unit.tag == "ask_mark" for unit in block.units)
    kind, certain = _kind(said, percent, amounts, replied=replied, duty_is_drafting=duty_is_drafting, asked=asked)
    if percent is not None and percent > 100:
        return Verdict(Kind.UNCLEAR, certain=False)
    documents = list(dict.fromkeys(str(unit.value) for unit in block.units if unit.tag == "document"))
    certain = certain and len(set(amounts)) <= 1 and len(documents) <= 1 and not _unexplained(block, kind)
    doubtful_date = any(isinstance(unit.value, When) and not unit.value.sure for unit in block.units)
    if kind is Kind.UNCLEAR or (doubtful_date and kind is not Kind.EXTENSION):
        certain = False
    return Verdict(kind, percent, documents[0] if documents else None, certain)


def _amounts(block: Block) -> list[object]:
    """What is stated of today: 'bữa trước 30%, giờ được 55%' is 55."""
    found: list[tuple[object, bool]] = []
    gone = False
    for at, unit in enumerate(block.units):
        if at and unit.tag in {"amount"} and block.units[at - 1].tag in {"not", "cross"}:
            continue  # "70%, not 90%"
        if unit.tag in {"pause", "stop", "line", "now", "day_today", "but"}:
            gone = False
        elif unit.tag == "past_time":
            gone = True
        elif unit.tag == "amount":
            found.append((unit.value, gone))
    return [value for value, old in found if not old] or [value for value, _ in found]


def _kind(
    said: Sequence[str], percent: int | None, amounts: Sequence[object], *, replied: bool, duty_is_drafting: bool, asked: bool
) -> tuple[Kind, bool]:
    says = set(said)
    if "asked_later" in says:
        return Kind.EXTENSION, True
    if "returned" in says:
        return Kind.PROGRESS, True
    if duty_is_drafting and says & {"handed_in", "draft_sent", "sent_out"}:
        return Kind.DONE, True
    if "blocked" in says and "anyway" not in says:
        return Kind.BLOCKED, not says & {"draft_sent"}
    if "lacks" in says and "anyway" not in says:
        return (Kind.PROGRESS, False) if "inside" in says else (Kind.BLOCKED, True)
    if "lacking" in says and not says & {"handover", "done"}:
        return Kind.BLOCKED, False
    status = _status(said, percent, amounts, duty_is_drafting=duty_is_drafting)
    if status:
        return status
    return _rest(said, replied=replied, asked=asked)


def _status(
    said: Sequence[str], percent: int | None, amounts: Sequence[object], *, duty_is_drafting: bool
) -> tuple[Kind, bool] | None:
    says = set(said)
    if "doubted" in says:
        return Kind.UNCLEAR, False
    is_open = bool(says & _REMAINS) or ("remains" in says and "none" not in says) or "anyway" in says or (percent is not None and 0 < percent < 100)
    is_done = bool(says & {"done", "sent_out"}) or percent == 100
    if is_open:
        return Kind.PROGRESS, "waiting" not in says or len(says) > 1
    if says & {"thought"}:
        return Kind.UNCLEAR, False
    if "none" in says or percent == 0:
        return Kind.NOT_STARTED, not is_done
    if is_done:
        return Kind.DONE, True
    if "promised" in says:
        return Kind.PROGRESS, True
    if amounts:
        return Kind.PROGRESS, True
    return None


def _rest(said: Sequence[str], *, replied: bool, asked: bool) -> tuple[Kind, bool]:
    says = set(said)
    for word, kind in (("handover", Kind.HANDOVER), ("corrected", Kind.CORRECTION)):
        if word in says:
            return kind, True
    if "offered" in says or "question" in says:
        return Kind.QUESTION, "late" not in says or asked
    if "already" in says:
        return (Kind.DONE, True) if replied else (Kind.UNCLEAR, False)
    if says & {"late", "free", "kept"}:
        return Kind.UNCLEAR, False
    if "sent" in says:
        return Kind.DONE, False
    if says & {"signed", "worked", "handed_in", "draft_sent", "submitting"}:
        return Kind.PROGRESS, False
    if "ack" in says:
        return Kind.ACK, True
    if says & {"social", "hailed"}:
        return Kind.OTHER, True
    return (Kind.PROGRESS, False) if "working" in says else (Kind.UNCLEAR, False)


def offers_later(block: Block, due: date | None, today: date) -> bool:
    """'thứ 3 em nộp được không' asks for more time where that day is later than the deadline."""
    stated = _stated(block) if statement_of(block, "offered") else None
    if not stated or not due:
        return False
    day = stated[0].counted_from(today) if stated[0].span else stated[0].day
    return day is not None and day > due


def _unexplained(block: Block, kind: Kind) -> bool:
    covered = {at for statement in block.said for at in range(statement.first, statement.after)}
    weighty = WEIGHTY - HARMLESS.get(kind, frozenset())
    return any(unit.tag in weighty for at, unit in enumerate(block.units) if at not in covered)


def asked_due(block: Block, due: date | None, today: date, *, told: bool) -> tuple[date | None, bool]:
    """The new deadline asked for, and whether it is sure."""
    stated = _stated(block)
    if stated is None:
        return None, True
    when, alone = stated
    if not when.span:
        late_enough = when.day is None or (when.day >= today and (due is None or when.day > due))
        return when.day, alone and when.sure and late_enough
    if when.further and not _prolongs(block):
        return when.counted_from(today), alone and when.sure
    if not told:
        return None, False
    start = due if due is not None and due >= today else today
    return when.counted_from(start), alone and when.sure and due is not None


def _prolongs(block: Block) -> bool:
    return any(unit.of("more", "delay", "late") for unit in block.units)


def _stated(block: Block) -> tuple[When, bool] | None:
    """The time that goes with the request: not the old deadline, and after the request where several are given."""
    request = next((s.first for s in block.said if s.says in {"asked_later", "offered"}), 0)
    times = [(at, unit) for at, unit in enumerate(block.units) if isinstance(unit.value, When) and not _is_old(block.units, at)]
    after = [pair for pair in times if pair[0] >= request] or times
    if not after:
        return None
    values = [unit.value for _, unit in after if isinstance(unit.value, When)]
    return values[0], len(set(values)) == 1


def _is_old(units: Sequence[Unit], at: int) -> bool:
    return at > 0 and (units[at - 1].of("from", "cannot", "not", "past_time") or (units[at - 1].of("until") and at > 1 and units[at - 2].of("cannot")))


def statement_of(block: Block, says: str) -> Statement | None:
    return next((statement for statement in block.said if statement.says == says), None)
