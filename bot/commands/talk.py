"""`talk`: the local chat in a terminal."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.assembly import assemble, clock_of
from bot.channels.console import ConsoleChannel
from bot.local_desk import StoreDesk
from bot.store.engine import Store
from bot.wording import Wording


async def talk_on(store: Store) -> None:
    """One phone after another, until the person quits or the input ends."""
    clock = clock_of(store)
    desk = StoreDesk(store, clock.now)
    province = store.read_now(lambda book: book.people.province())

    async def settled() -> None:
        await house.post.drain(clock.now())

    channel = ConsoleChannel(desk, Wording(province.language, ZoneInfo(province.zone)), settled)
    house = assemble(store, clock, [channel])
    desk.house = house
    await house.tick(clock.now())
    await settled()
    await channel.open()
    try:
        await channel.listen(house.door)
    finally:
        await channel.close()
