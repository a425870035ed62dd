"""What chat keeps beside the contract: a reason, an obstacle's category, a promised day, a successor's name."""

from dataclasses import replace
from datetime import date

from bot.reading.blocks import Block
from bot.reading.meaning import Item, Kind
from bot.reading.moments import When
from bot.reading.numbers import value_of

_HINDRANCES = frozenset({"blocked", "lacks", "lacking", "faulty"})
_POLITE = frozenset({"courtesy", "hail", "thanks", "sign_of_mood"})
_BREAKS = frozenset({"pause", "stop", "line", "ask_mark", "so", "but"})


def with_kept(item: Item, block: Block, words: str) -> Item:
    if item.kind is Kind.BLOCKED:
        return replace(item, reason=_reason(block, words), obstacle=_obstacle(block))
    if item.kind is Kind.EXTENSION:
        return replace(item, reason=_reason(block, words))
    if item.kind is Kind.PROGRESS:
        return replace(item, promised=_promised(block)) if "promised" in block.says else item
    if item.kind is Kind.HANDOVER:
        return replace(item, successor=_successor(block))
    return item


def _reason(block: Block, words: str) -> str | None:
    """The clause that tells what stands in the way, as it was typed."""
    first = next((said.first for said in block.said if said.says in _HINDRANCES), None)
    if first is None:
        because = [at + 1 for at, unit in enumerate(block.units[:-1]) if unit.tag == "because"]
        if not because:
            return None
        first = because[0]
    after = first
    while after < len(block.units) and block.units[after].tag not in _BREAKS:
        after += 1
    while after - 1 > first and block.units[after - 1].tag in _POLITE:
        after -= 1
    return words[block.units[first].start : block.units[max(first, after - 1)].end]


def _obstacle(block: Block) -> str:
    category = next((value_of(unit, "resource") for unit in block.units if unit.of("resource")), "")
    if category:
        return category
    return "system" if block.has("fault", "outside_system") else "other"


def _promised(block: Block) -> date | None:
    for said in block.said:
        if said.says == "promised":
            days = [unit.value.day for unit in block.units[said.first : said.after] if isinstance(unit.value, When)]
            return days[0] if days else None
    return None


def _successor(block: Block) -> str | None:
    """The name after the form of address: 'chuyển cho chị Lan'."""
    named = [unit.text for unit in block.units if unit.tag == "name"]
    return " ".join(named) if named else None
