"""What the statements of one block amount to: its kind by precedence, its slots, whether it follows from the words."""

from dataclasses import dataclass

from bot.reading.blocks import Block
from bot.reading.meaning import Kind
from bot.reading.moments import When
from bot.reading.precedence import ruled, supported
from bot.reading.standing import led_by_doubt, standing

#: tags that change what a sentence means: one that no construction explains makes the reading uncertain
WEIGHTY = frozenset(
    {
        "not",
        "not_yet",
        "near",
        "doubt",
        "thought",
        "if",
        "once",
        "partly",
        "rest",
        "late",
        "cannot",
        "delay",
        "mistake",
        "withdraw",
        "obstacle",
        "lack",
        "have_not",
        "have_no",
        "after",
        "fault",
        "waiting",
        "finished",
        "what",
        "whether",
        "returned",
        "below",
        "cross",
        "except",
        "where",
        "pass_on",
        "takes_over",
        "not_mine",
    }
)


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    percent: int | None = None
    document: str | None = None
    certain: bool = True  # the kind follows from the words
    clear: bool = True  # so do percent and document
    by_duty: bool = False  # handing in was the whole duty: nothing said beside it changes that
    spoken_for: frozenset[Kind] = frozenset()  # what else some of the words say


_ELABORATES = frozenset(
    {
        "not",
        "not_yet",
        "have_not",
        "not_received",
        "have_no",
        "lack",
        "rest",
        "near",
        "partly",
        "where",
        "late",
        "cannot",
        "every",
        "what",
        "whether",
    }
)
#: what may stand beside the sign of a paper that is all the answer
_BESIDE_A_PAPER = (
    "document",
    "mention",
    "colon",
    "pause",
    "stop",
    "line",
    "dash",
    "and",
    "courtesy",
    "person",
    "yes",
    "hail",
    "opening",
    "then",
    "here",
    "bracket",
    "sign_of_mood",
    "tick",
)
_NOT_DONE = ("not_yet", "not", "have_not", "returned", "obstacle", "cannot")
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
#: what puts a kind in doubt where it stays unexplained
_IN_DOUBT: dict[Kind, frozenset[str]] = {kind: WEIGHTY - HARMLESS.get(kind, frozenset()) for kind in Kind}


def verdict(block: Block, *, replied: bool, duty_is_drafting: bool) -> Verdict:
    amounts = _amounts(block)
    percent = next((value for value in amounts if isinstance(value, int)), None)
    facts = {statement.says for statement in standing(block)} | _measures(amounts, percent)
    if duty_is_drafting and (facts & {"handed_in", "draft_sent", "sent_out"} or _is_up_above(block, facts)):
        facts.add("duty_done")
    if "duty_done" not in facts and "waiting" in facts and facts & {"handed_in", "draft_sent"}:
        facts.add("blocked")  # "đã gửi dự thảo cho Sở Tư pháp, chờ thẩm định"
    if not block.said and _is_paper_alone(block):
        facts.add("sent_out")
    if {"none", "done"} <= facts and block.has("partly", "step"):
        facts = facts - {"none"} | {"open"}  # "phần khảo sát xong, phần nhập liệu thì chưa"
    facts |= _manner(block, facts, replied=replied)
    kind, certain = ruled(frozenset(facts))
    if percent is not None and percent > 100:
        return Verdict(kind, certain=False, clear=False)
    documents = list(dict.fromkeys(str(unit.value) for unit in block.units if unit.tag == "document"))
    clear = len(set(amounts)) <= 1 and len(documents) <= 1 and not _fraction_or_date(block, kind)
    clear = clear and not _left_over(block) and not _of_what_is_not_done(block)
    plain = not _unexplained(block, kind)
    if kind is Kind.DONE:
        plain = plain and not led_by_doubt(block)
    if facts - {"unreplied"} == {"amount", "part_done"} and any(unit.tag == "unknown" for unit in block.units):
        plain = plain and any(unit.tag == "amount" and unit.text[0].isdigit() for unit in block.units)
    return Verdict(
        kind,
        percent,
        documents[0] if documents else None,
        certain and plain,
        clear,
        by_duty=kind is Kind.DONE and "duty_done" in facts,
        spoken_for=supported(frozenset(facts)),
    )


def _is_paper_alone(block: Block) -> bool:
    """'Báo cáo số 19/BC-UBND ngày 12/01', 'NQ57: 45/KH-UBND': a full sign in answer is a product issued."""
    signed = [unit for unit in block.units if unit.tag == "document" and "-" in str(unit.value)]
    named = any(not mention.default for mention in block.mentions)
    plain = all(unit.of(*_BESIDE_A_PAPER) for unit in block.units)
    return bool(signed) and plain and (named or all(unit.of("told_paper") for unit in signed))


def _is_up_above(block: Block, facts: set[str]) -> bool:
    """'tỉnh chưa ký nhưng em trình rồi': handed in, and only a body outside is spoken of."""
    spoken = {unit.tag for unit in block.units}
    return "put_up" in facts and "outside" in spoken and "inside" not in spoken


def _measures(amounts: list[object], percent: int | None) -> set[str]:
    if percent is None:
        return {"amount"} if amounts else set()
    if percent > 100:
        return {"too_much"}
    return {"amount", "all_done" if percent == 100 else "part_done" if percent else "nothing_done"}


def _manner(block: Block, facts: set[str], *, replied: bool) -> set[str]:
    """What the setting adds: a question mark after words, whether a reminder was answered."""
    asked = "ask_mark" in block.tags and any(unit.tag == "ask_mark" for unit in block.units)
    asked = asked and any(unit.tag not in {"ask_mark", "sign_of_mood", "line", "stop"} for unit in block.units)
    manner = {"asked"} if asked else set()
    if not replied:
        manner.add("unreplied")
    if _begins_unbegun(block):
        manner.add("unbegun")
    if "late" in facts and not asked:
        manner.add("late_unasked")
    return manner


def _begins_unbegun(block: Block) -> bool:
    """'chưa làm, chờ họp xong', but neither 'chưa, đang chờ ký' nor 'chưa họp được'."""
    if not block.said or block.said[0].says not in {"none", "nothing_done"}:
        return False
    said = block.units[block.said[0].first : block.said[0].after]
    return any(unit.of("working", "nothing_done") for unit in said)


def _amounts(block: Block) -> list[object]:
    """What is stated of today: 'bữa trước 30%, giờ được 55%' is 55; '70%, not 90%' is 70."""
    if "amount" not in block.tags:
        return []
    found: list[tuple[object, bool]] = []
    gone = False
    for at, unit in enumerate(block.units):
        if unit.tag in {"pause", "stop", "line", "now", "day_today", "but"}:
            gone = False
        elif unit.of("past_time", "withdraw", "mistake"):
            gone = True
        elif unit.tag == "amount" and not (at and block.units[at - 1].tag in {"not", "cross"}):
            found.append((unit.value, gone))
    return [value for value, old in found if not old] or [value for value, _ in found]


def _unexplained(block: Block, kind: Kind) -> bool:
    """Whether a word of weight stands where no construction accounts for it."""
    weighty = _IN_DOUBT[kind]
    if weighty.isdisjoint(block.tags):
        return False
    covered = {at for statement in block.said for at in range(statement.first, statement.after)}
    return any(unit.tag in weighty for at, unit in enumerate(block.units) if at not in covered)


def _fraction_or_date(block: Block, kind: Kind) -> bool:
    """'xong 7/10' may be seventy percent or a day in October; beside a plain progress it does not matter."""
    for at, unit in enumerate(block.units):
        if isinstance(unit.value, When) and not unit.value.sure:
            beside = block.units[max(0, at - 1) : at] + block.units[at + 1 : at + 2]
            if kind is Kind.DONE or any(other.of("finished", "already") for other in beside):
                return True
    return False


def _of_what_is_not_done(block: Block) -> bool:
    """'8/10 ấp chưa nộp', 'chưa làm 3/4': how much is not done, or how much of it is, is asked."""
    if "amount" not in block.tags:
        return False
    for at, unit in enumerate(block.units):
        if unit.tag != "amount" or unit.value in {None, 100}:
            continue
        after = at + 1
        while after < len(block.units) and block.units[after].of("unit_noun", "inside", "of_word", "did"):
            after += 1
        follows = after > at + 1 and after < len(block.units) and block.units[after].of(*_NOT_DONE)
        leads = at > 1 and block.units[at - 1].of("working", "small_step") and block.units[at - 2].tag == "not_yet"
        if follows or leads:
            return True
    return False


def _left_over(block: Block) -> bool:
    """'3 việc xong 2': a number that ends a clause after a claim of completion names or counts something; so does one
    after what was wrong: 'that 100% was a mistake, we're on 70'."""
    if "number" not in block.tags:
        return False
    mistaken = False
    for at, unit in enumerate(block.units):
        mistaken = mistaken or unit.of("mistake")
        ends = at + 1 == len(block.units) or block.units[at + 1].tag in {"pause", "stop", "line"}
        claims = ("finished", "sent", "was_sent") + (("until", "about", "did") if mistaken else ())
        if unit.tag == "number" and ends and at and block.units[at - 1].of(*claims):
            return True
    return False
