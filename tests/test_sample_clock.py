"""A sample's clock is moved while the post is at work: what fell due on the way arrives in its own minute, in order."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from bot.assembly import House, assemble
from bot.channels.port import Limits
from bot.clock import Clock, wall
from bot.contacts import Role, UnitKind
from bot.imports import SAMPLE_BEGINS
from bot.messages import Letter, Receipt
from bot.store.book import Book
from bot.store.engine import Store
from tests.opened_store import Template, rows, seat
from tests.scripted_channel import ScriptedChannel

MINUTE = timedelta(minutes=1)


class Unhurried(ScriptedChannel):
    """A platform that takes a moment over each letter, and notes what the sample's clock showed when it came."""

    def __init__(self, clock: Clock, per_second: float) -> None:
        super().__init__("talk", "main", Limits(4096, True, True, per_second, per_chat_second=50))
        self.clock = clock
        self.came: dict[int, datetime] = {}

    async def send(self, letter: Letter) -> Receipt:
        await asyncio.sleep(0.005)
        self.came[letter.id] = self.clock.now()
        return await super().send(letter)


def crowd(book: Book) -> None:
    """A contact in each of thirty communes, and a clerk."""
    communes = [unit for unit in book.people.units() if unit.kind is UnitKind.COMMUNE]
    for number, unit in enumerate(communes[:30]):
        seat(book, f"contact-{number}", unit.code)
    seat(book, "hoa", "VPUBND", Role.OFFICE)


@asynccontextmanager
async def at_work(store: Store, per_second: float) -> AsyncIterator[tuple[House, Unhurried]]:
    """A house whose post runs beside whoever moves the clock."""
    store.write_now(crowd)
    clock = Clock(SAMPLE_BEGINS - wall())
    channel = Unhurried(clock, per_second)
    house = assemble(store, clock, [channel])
    stop = asyncio.Event()
    posting = asyncio.create_task(house.post.run(stop))
    try:
        await house.tick(clock.now())
        yield house, channel
    finally:
        stop.set()
        await posting


def out_of_time(store: Store, channel: Unhurried) -> list[str]:
    """What did not come in the minute it fell due, and chats in which something overtook what came before it."""
    found: list[str] = []
    chats: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in rows(store, "letter"):
        came = channel.came.get(one["id"])
        if came is None or came - one["not_before"] >= MINUTE:
            found.append(f"{one['once']} of {one['not_before']} came {came}")
        else:
            chats[one["peer"]].append((came, one["not_before"]))
    found += [f"{peer} out of order" for peer, order in chats.items() if order != sorted(order)]
    return found


@pytest.mark.parametrize("per_second", [30, 500])
async def test_each_letter_comes_in_the_minute_it_fell_due(sample_province: Template, per_second: int) -> None:
    """Thirty contacts and jumps over days, one after the other: whatever pace the account has, nothing comes late."""
    store = sample_province.fresh()
    async with at_work(store, per_second) as (house, channel):
        for hours in (3, 24, 24 * 4, 2):
            await house.jump(house.clock.now() + timedelta(hours=hours))

    assert len(channel.came) > 30
    assert out_of_time(store, channel) == []


async def test_two_who_move_the_clock_at_once(sample_province: Template) -> None:
    """The page is open twice and both move time on: the further jump does not run past the slots of the nearer."""
    store = sample_province.fresh()
    async with at_work(store, 100) as (house, channel):
        begins = house.clock.now()
        await asyncio.gather(*(house.jump(begins + timedelta(days=days)) for days in (3, 6, 4)))

    assert len(channel.came) > 30
    assert out_of_time(store, channel) == []
