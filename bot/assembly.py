"""The only room that knows everybody: settings become a store, channels, clerk, door, post and clock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.attachments import RENDERERS
from bot.channels.port import Channel
from bot.channels.table import configured
from bot.clerk import Clerk
from bot.clock import Clock
from bot.conversation import Province
from bot.front_door import FrontDoor
from bot.imports import SAMPLE_BEGINS, found_sample
from bot.menus import menus
from bot.phrases import phrasebook
from bot.post import Post
from bot.settings import Settings
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.migrate import upgrade
from bot.web.app import application, serve
from handlers.table import desk
from scheduler.clockwork import Clockwork
from scheduler.composers import COMPOSERS
from scheduler.sweep import next_event, next_reminder, sweep

#: Where a sample keeps how far its clock is from the wall, in microseconds.
_OFFSET = "clock_offset"
_ANCHOR_EVERY = timedelta(hours=1)

log = logging.getLogger(__name__)


class CannotStart(Exception):  # noqa: N818  (one plain line for the operator)
    """Why the house can't be opened, and what to do."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything, put together for one store."""

    store: Store
    clock: Clock
    province: Province
    channels: Mapping[tuple[str, str], Channel]
    post: Post
    door: FrontDoor

    async def tick(self, now: datetime) -> None:
        """What the clock does: plan what fell due, try again what failed, keep the house."""
        done = await self.store.write(lambda book: sweep(book, now))
        if done.letters:
            log.info("swept: %s", done)
        await self.door.retry(now)
        await self.store.write(lambda book: _keep_house(book, now))
        self.post.wake()

    async def next_event(self) -> datetime:
        """When a sweep will next have something to do, or a planned letter falls due."""
        now = self.clock.now()

        def ask(book: Book) -> datetime:
            planned = book.letters.next_due()
            soon = next_event(book, now)
            return min(soon, planned) if planned is not None and planned > now else soon

        return await self.store.read(ask)

    async def next_reminder(self) -> datetime | None:
        """When somebody will next be reminded."""
        now = self.clock.now()
        return await self.store.read(lambda book: next_reminder(book, now))

    async def jump(self, to: datetime) -> None:
        """Move a sample's time forward and do what falls due on the way. Raises ValueError for any other store."""
        if not self.province.sample:
            raise ValueError("only a sample's clock can be moved")
        while (stop := await self.next_event()) < to:
            await self._step(stop)
        await self._step(to)

    async def _step(self, to: datetime) -> None:
        if to > self.clock.now():
            offset = self.clock.jump_to(to)
            await self.store.write(lambda book: _keep_offset(book, offset))
        await self.tick(self.clock.now())
        await self.post.drain(self.clock.now())


def _keep_offset(book: Book, offset: timedelta) -> None:
    settings = dict(book.people.province().settings)
    book.people.save_settings({**settings, _OFFSET: offset // timedelta(microseconds=1)})


def _keep_house(book: Book, now: datetime) -> None:
    last = book.journal.last_anchor()
    if last is None or now - last >= _ANCHOR_EVERY:
        book.journal.drop_anchor(now)
        book.inbox.forget_old(now)


def open_store(settings: Settings, *, sample_if_empty: bool) -> Store:
    """The store that the settings name, migrated; an empty one becomes the sample where that is wanted."""
    if settings.database_url is None:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    store = Store(settings.store_url)
    upgrade(store.engine)
    if store.read_now(lambda book: book.people.is_founded()):
        return store
    if not sample_if_empty:
        store.close()
        raise CannotStart(
            "This store holds no province yet. Import its list of units first: nhacviec import units FILE"
        )
    found_sample(store)
    return store


def clock_of(store: Store) -> Clock:
    """The wall, or a sample's own clock as it was left."""
    province = store.read_now(lambda book: book.people.province())
    if not province.sample:
        return Clock()
    clock = Clock()
    if _OFFSET in province.settings:
        clock.offset = timedelta(microseconds=province.settings[_OFFSET])
    else:
        clock.offset = SAMPLE_BEGINS - clock.now()
        offset = clock.offset
        store.write_now(lambda book: _keep_offset(book, offset))
    return clock


def assemble(store: Store, clock: Clock, channels: Sequence[Channel]) -> House:
    """Put the house together around these channels."""
    province = store.read_now(lambda book: book.people.province())
    by_account = {(channel.name, channel.account): channel for channel in channels}
    post = Post(store, by_account, COMPOSERS, RENDERERS, clock)
    clerk = Clerk(desk(), phrasebook())
    door = FrontDoor(store, clerk, by_account, post, clock)
    return House(store, clock, province, by_account, post, door)


def outside_house(settings: Settings) -> House:
    """The house for the channels that the settings name. Raises CannotStart."""
    store = open_store(settings, sample_if_empty=False)
    if store.read_now(lambda book: book.people.province()).sample:
        store.close()
        raise CannotStart(
            "This store is the sample; it never runs beside an outside channel."
            " Set NHACVIEC_DATABASE_URL or NHACVIEC_DATA_DIR to another place."
        )
    return assemble(store, clock_of(store), configured(settings))


async def run(
    house: House, settings: Settings, stop: asyncio.Event, bound: Callable[[int], None] | None = None
) -> None:
    """Everything at once until told to stop: channels, post, clock and web doors."""
    async with AsyncExitStack() as stack:
        for channel in house.channels.values():
            await channel.open()
            stack.push_async_callback(channel.close)
            await _show_commands(channel)
        routes = [route for channel in house.channels.values() for route in channel.routes(house.door)]
        app = application(routes, _health(house))
        clockwork = Clockwork(lambda: house.tick(house.clock.now()))
        async with asyncio.TaskGroup() as group:
            listening = [group.create_task(channel.listen(house.door)) for channel in house.channels.values()]
            group.create_task(house.post.run(stop))
            group.create_task(serve(app, settings.listen.host, settings.listen.port, stop, bound))
            clockwork.start()
            stack.callback(clockwork.stop)
            await stop.wait()
            for task in listening:
                task.cancel()


async def _show_commands(channel: Channel) -> None:
    show = getattr(channel, "show_commands", None)
    if show is not None:
        await show(menus())


def _health(house: House) -> Callable[[], Awaitable[Mapping[str, object]]]:
    async def health() -> Mapping[str, object]:
        now = house.clock.now()
        oldest = await house.store.read(lambda book: book.letters.oldest_unsent(now))
        stopped = [f"{channel}:{account}" for channel, account in sorted(house.post.stopped)]
        waits = (now - oldest).total_seconds() if oldest else 0
        return {"ok": not stopped, "oldest_unsent_seconds": round(waits), "stopped_accounts": stopped}

    return health
