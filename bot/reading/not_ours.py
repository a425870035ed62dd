"""What a block tells of something or somebody else, so that no likelihood makes it sure: hearsay, another's doing, a
meeting put off, a figure beyond the whole, several papers in one breath."""

from collections.abc import Sequence

from bot.reading.blocks import Block
from bot.reading.meaning import TALK, Kind
from bot.reading.mentions import Mention
from bot.reading.units import TURNS, Unit, is_at

#: between a body and what it does: "Sở vừa mới gửi"
_BETWEEN = ("did", "just", "already", "past_time", "day_past", "now", "noun")
#: what a share is a share of, where it is not of the task
_MATTER = ("unit_noun", "resource", "money", "unknown", "outside")
_ASIDE = frozenset({"ack", "promised", "social"})
_ACTS = ("sent", "was_sent", "established", "finished")


def tells_of_another(block: Block, kind: Kind) -> bool:
    """Whether what was read may belong to another body, another matter or another's word."""
    units = block.units
    if kind in TALK:
        return False
    if block.has("hearsay") or (block.has("beyond") and _goes_beyond(units)):
        return True
    if block.has("document") and _several_papers(units):
        return True
    if _figure_of_the_matter(block) or (
        kind is Kind.PROGRESS and (_inside_or_outside(block) or _waits_for_somebody(block) or _is_away(block))
    ):
        return True
    if kind is Kind.EXTENSION:
        return _moves_an_event(block) or _tells_of_a_request(block)
    return kind is Kind.DONE and (_done_by_another(block) or _asks_another(block) or _long_ago(block))


def _asks_another(block: Block) -> bool:
    """'đã gửi công văn 88 hỏi Sở': a paper that asks is not the one that was asked for."""
    units = block.units if block.has("querying") else ()
    for at, unit in enumerate(units):
        if unit.tag in {"document", "cited"} and any(other.of("querying") for other in units[at + 1 : at + 3]):
            return True
    return False


def _done_by_another(block: Block) -> bool:
    """'tỉnh mới ban hành kế hoạch': the body that acts begins its clause."""
    units = block.units if block.has("outside") else ()
    return any(
        unit.tag == "outside"
        and (at == 0 or units[at - 1].tag in TURNS)
        and _acts(units, at + 1)
        and not _speaks_of_itself(units, at)
        for at, unit in enumerate(units)
    )


def _speaks_of_itself(units: Sequence[Unit], at: int) -> bool:
    """'Sở đã gửi phương án sang Sở Tài chính', 'Sở đã ban hành 233/KH-SYT': an officer of the department writes."""
    if not units[at].of("own_body"):
        return False
    return any(unit.tag == "outside" or (unit.tag == "document" and "-" in str(unit.value)) for unit in units[at + 1 :])


def _acts(units: Sequence[Unit], at: int) -> bool:
    while is_at(units, at, *_BETWEEN) and not units[at].of(*_ACTS):
        at += 1
    return is_at(units, at, *_ACTS)


def _long_ago(block: Block) -> bool:
    """'hồ sơ này năm ngoái xã đã nộp rồi'"""
    return block.has("bygone") and not block.has("now", "day_today", "this")


def _goes_beyond(units: Sequence[Unit]) -> bool:
    """'vượt 20% kế hoạch' is no twenty percent."""
    return any(unit.of("beyond") and is_at(units, at + 1, "amount") for at, unit in enumerate(units))


def _several_papers(units: Sequence[Unit]) -> bool:
    """'quyết định 12, 13'"""
    return any(
        unit.tag == "document"
        and is_at(units, at + 1, "pause", "and")
        and is_at(units, at + 2, "number")
        and (at + 3 == len(units) or units[at + 3].tag in (*TURNS, "and"))
        for at, unit in enumerate(units)
    )


def _figure_of_the_matter(block: Block) -> bool:
    """'91% hộ có thẻ rồi, kế hoạch đang viết': the figure is the matter's, the state that of the paper on it."""
    if not block.has("amount") or not block.has(*_MATTER):
        return False
    units = block.units
    clause = [0]
    for unit in units:
        clause.append(clause[-1] + (unit.tag in TURNS))
    figures = {clause[at + 1] for at, unit in enumerate(units) if unit.tag == "amount"}
    matters = {clause[at + 1] for at, unit in enumerate(units) if unit.of(*_MATTER)} & figures
    told = {clause[said.first + 1] for said in block.said} - figures
    papers = {clause[at + 1] for at, unit in enumerate(units) if unit.of("paper") or _names_one(unit)} & told
    return bool(matters and papers) and max(papers) > min(matters)


def _inside_or_outside(block: Block) -> bool:
    """'Trung tâm nước tỉnh chưa cho số liệu': a word of our own house in another's name."""
    return "inside" in block.says and any(
        said.says == "inside" and is_at(block.units, at, "inside") and is_at(block.units, at + step, "outside")
        for said in block.said
        for at in range(said.first, said.after)
        for step in (1, 2)
        if at + step < said.after
    )


def _is_away(block: Block) -> bool:
    """'em đang họp', 'đang đi công tác': where somebody is, not how far the work is."""
    if not block.has("event", "absent") or block.has("working", "amount", "mention", "paper", "answer"):
        return False
    told = [said for said in block.said if said.says not in _ASIDE]
    away = any(unit.of("event", "absent") and _ends(block.units, at) for at, unit in enumerate(block.units))
    return (
        away
        and bool(told)
        and all(said.says == "open" and block.units[said.after - 1].of("event", "absent", "ongoing") for said in told)
    )


def _waits_for_somebody(block: Block) -> bool:
    """'đang chờ nhà in gửi bản màu': for whom we do not know, inside or outside."""
    if "waiting" not in block.says or block.says & {"inside", "open"}:
        return False
    ours = block.has("inside", "signed", "person", "submitted")
    return not ours and any(unit.tag == "unknown" for unit in block.units)


def _names_one(unit: Unit) -> bool:
    return isinstance(unit.value, Mention) and not (unit.value.others or unit.value.default)


def _tells_of_a_request(block: Block) -> bool:
    """'lần trước em xin lùi tới 10/10', 'gia hạn đã được duyệt chưa', 'chị Mai có xin gia hạn chưa anh'."""
    if "prolonged" in block.says:
        return True
    first = min((said.first for said in block.said if said.says == "asked_later"), default=0)
    start = first
    while start > 0 and block.units[start - 1].tag not in TURNS:
        start -= 1
    if any(unit.of("past_time") for unit in block.units[start:first]):
        return True
    after = first
    while after < len(block.units) and block.units[after].tag not in TURNS:
        after += 1
    clause = block.units[first:after]
    if is_at(block.units, after, "ask_mark"):
        return any(unit.of("already", "signed", "answer") or unit.tag == "what" for unit in clause)
    return any(unit.tag == "not_yet" and _ends(clause, at) for at, unit in enumerate(clause))


def _ends(units: Sequence[Unit], at: int) -> bool:
    after = at + 1
    while after < len(units) and units[after].of("courtesy", "person", "hail"):
        after += 1
    return after == len(units) or units[after].tag in TURNS


def _moves_an_event(block: Block) -> bool:
    """'xin lùi cuộc họp sang 25/9' asks for another day of the meeting."""
    requests = [said for said in block.said if said.says == "asked_later"]
    return bool(requests) and all(
        any(
            unit.of("delay") and (is_at(block.units, at + 1, "event") or is_at(block.units, at - 1, "event"))
            for at, unit in enumerate(block.units)
            if said.first <= at < said.after
        )
        for said in requests
    )
