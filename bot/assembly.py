"""The only room that knows everybody: settings become a store, channels, clerk, door, post and clock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.attachments import APART, RENDERERS
from bot.channels.port import Channel
from bot.channels.table import configured
from bot.clerk import Clerk
from bot.clock import Clock, monotonic
from bot.conversation import Province
from bot.front_door import FrontDoor
from bot.imports import SAMPLE_BEGINS, found_sample
from bot.menus import menus
from bot.messages import SendFailed, Text, text
from bot.phrases import phrasebook
from bot.post import Post
from bot.post_clock import astray
from bot.post_files import Renderer
from bot.post_renewed import renew_after_outage
from bot.settings import Settings
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.migrate import Standing, standing, upgrade
from bot.store.served import NEWS_FOR
from bot.vitals import Pulse, Vitals
from bot.web.app import application, serve
from handlers.table import desk
from scheduler.clockwork import Clockwork
from scheduler.composers import COMPOSERS
from scheduler.sweep import behind, catch_up, next_event, next_reminder, sweep

#: Where a sample keeps how far its clock is from the wall, in microseconds.
_OFFSET = "clock_offset"
_ANCHOR_EVERY = timedelta(hours=1)
#: A sample's clock stands for letters on their way as long as some arrive; so many seconds without one are enough.
_STANDS, _LOOK_EVERY = 10.0, 0.02

log = logging.getLogger(__name__)


class CannotStart(Exception):  # noqa: N818  (one plain line for the operator)
    """Why the house can't be opened, and what to do; worded where it is told."""

    def __init__(self, says: Text) -> None:
        super().__init__(says.key)
        self.says = says


@dataclass(frozen=True, slots=True)
class House:
    """Everything, put together for one store."""

    store: Store
    clock: Clock
    province: Province
    channels: Mapping[tuple[str, str], Channel]
    post: Post
    door: FrontDoor
    pulse: Pulse
    #: Who moves a sample's clock does it alone, or one would run past the other's slots.
    moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def tick(self, now: datetime) -> None:
        """What the clock does: plan what fell due, try again what failed, keep the house."""
        begun = monotonic()
        if await self._astray(now):
            log.error(
                "this machine's clock and a platform's are apart: nothing goes out unasked; see `nhacviec doctor`"
            )
        else:
            done = await self.store.write(lambda book: sweep(book, now))
            if done.letters:
                log.info("swept: %s", done)
        await self._renew_keyboards(now)
        await self.door.retry(now)
        await self.store.write(lambda book: _keep_house(book, now))
        self.post.wake()
        self.pulse.beat(begun)

    async def _astray(self, now: datetime) -> bool:
        """Whether our clock is wrong by a platform's, which is asked once more before that is believed."""
        for channel in self.channels.values():
            if astray(channel, now):
                with suppress(SendFailed):
                    await channel.probe()
                if astray(channel, now):
                    return True
        return False

    async def _renew_keyboards(self, now: datetime) -> None:
        """Each channel that knows says until when people have reached us by it."""
        for key, channel in self.channels.items():
            heard_at = getattr(channel, "heard_at", None)
            if heard_at is None:
                continue
            renewed = await self.store.write(partial(renew_after_outage, account=key, heard_at=heard_at, now=now))
            if renewed:
                log.warning("%s:%s was out of reach: %s keyboards renewed", *key, renewed)

    async def next_event(self) -> datetime:
        """When a sweep will next have something to do, or a planned letter falls due."""
        now = self.clock.now()

        def ask(book: Book) -> datetime:
            found = [next_event(book, now), book.letters.next_due(after=now)]
            if book.letters.oldest_unsent(now) is not None:
                # What nobody asked for waits until offices are at work.
                works = book.people.calendar().next_working_moment(now)
                found.append(works if works > now else None)
            return min(one for one in found if one is not None)

        return await self.store.read(ask)

    async def next_reminder(self) -> datetime | None:
        """When somebody will next be reminded."""
        now = self.clock.now()
        return await self.store.read(lambda book: next_reminder(book, now))

    async def jump(self, to: datetime) -> None:
        """Move a sample's time forward and do what falls due on the way. Raises ValueError for any other store."""
        if not self.province.sample:
            raise ValueError("only a sample's clock can be moved")
        async with self.moving:
            while (stop := await self.next_event()) < to:
                await self._step(stop)
            await self._step(to)

    async def _step(self, to: datetime) -> None:
        if to > self.clock.now():
            offset = self.clock.jump_to(to)
            await self.store.write(lambda book: _keep_offset(book, offset))
        await self.tick(self.clock.now())
        await self._all_sent()

    async def _all_sent(self) -> None:
        """Send what is due, and wait for what the running post has in hand: its letters are of this moment."""
        seen: Mapping[str, int] = {}
        since = monotonic()
        while monotonic() - since < _STANDS:
            before = await self.store.read(lambda book: book.letters.under_way())
            await self.post.drain(self.clock.now())
            after = await self.store.read(lambda book: book.letters.under_way())
            in_hand = after["claimed"] + after["sending"]
            if before == after and not in_hand:
                return
            if after != seen:
                seen, since = after, monotonic()
            await asyncio.sleep(_LOOK_EVERY if in_hand else 0)


def _keep_offset(book: Book, offset: timedelta) -> None:
    _keep_setting(book, _OFFSET, offset // timedelta(microseconds=1))


def _keep_setting(book: Book, name: str, value: object) -> None:
    settings = dict(book.people.province().settings)
    if settings.get(name) != value:
        book.people.save_settings({**settings, name: value})


def _keep_house(book: Book, now: datetime) -> None:
    book.people.forget_letters()
    last = book.journal.last_anchor()
    if last is None or now - last >= _ANCHOR_EVERY:
        book.journal.drop_anchor(now)
        book.inbox.forget_old(now)


def connect(settings: Settings) -> Store:
    """The store that the settings name, at this release's tables. Raises CannotStart where it can't be reached."""
    try:
        if settings.database_url is None:
            settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        store = Store(settings.store_url)
    except OSError as error:
        raise CannotStart(text("cli.start.no_folder", folder=str(settings.data_dir), why=error.strerror)) from None
    except ModuleNotFoundError as missing:
        raise CannotStart(text("cli.start.no_driver", name=missing.name)) from None
    away = store.away()
    if away is None and standing(store.engine) is not Standing.AHEAD:
        upgrade(store.engine)
        return store
    store.close()
    raise CannotStart(text("cli.start.store_away", why=away) if away else text("cli.start.store_ahead"))


def open_store(settings: Settings, *, sample_if_empty: bool) -> Store:
    """The same, with a province in it; an empty one becomes the sample where that is wanted. Raises CannotStart."""
    store = connect(settings)
    if not store.read_now(lambda book: book.people.is_founded()):
        if not sample_if_empty:
            store.close()
            raise CannotStart(text("cli.start.no_province"))
        found_sample(store)
    if settings.hotline:
        store.write_now(lambda book: _keep_setting(book, "hotline", settings.hotline))
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


def assemble(
    store: Store, clock: Clock, channels: Sequence[Channel], renderers: Mapping[str, Renderer] = RENDERERS
) -> House:
    """Put the house together around these channels."""
    province = store.read_now(lambda book: book.people.province())
    by_account = {(channel.name, channel.account): channel for channel in channels}
    store.write_now(lambda book: _note_served(book, by_account, clock.now()))
    post = Post(store, by_account, COMPOSERS, renderers, clock, behind=behind)
    clerk = Clerk(desk(), phrasebook())
    door = FrontDoor(store, clerk, by_account, post, clock)
    return House(store, clock, province, by_account, post, door, Pulse())


def _note_served(book: Book, accounts: Collection[tuple[str, str]], now: datetime) -> None:
    """Which accounts are served; an account left out by mistake costs its people no reminder once it is back."""
    back = book.served.note(accounts, now)
    if back is not None:
        catch_up(book, back.people, max(back.since, now - NEWS_FOR), now)


def outside_house(settings: Settings) -> House:
    """The house for the channels that the settings name. Raises CannotStart."""
    channels = configured(settings)
    if not channels:
        raise CannotStart(text("cli.start.zalo_later"))
    store = open_store(settings, sample_if_empty=False)
    if store.read_now(lambda book: book.people.province()).sample:
        store.close()
        raise CannotStart(text("cli.start.sample_outside"))
    return assemble(store, clock_of(store), channels, APART)


async def run(
    house: House, settings: Settings, stop: asyncio.Event, bound: Callable[[int], None] | None = None
) -> None:
    """Everything at once until told to stop: channels, post, clock and web doors."""
    house.door.fetches_beside = True
    async with AsyncExitStack() as stack:
        served = await _opened(house, stack)
        routes = [route for channel in served for route in channel.routes(house.door)]
        app = application(routes, watch(house))
        clockwork = Clockwork(lambda: house.tick(house.clock.now()))
        async with asyncio.TaskGroup() as group:
            listening = [group.create_task(channel.listen(house.door)) for channel in served]
            group.create_task(house.post.run(stop))
            group.create_task(serve(app, settings.listen.host, settings.listen.port, stop, bound))
            clockwork.start()
            stack.callback(clockwork.stop)
            await stop.wait()
            for task in listening:
                task.cancel()


async def _opened(house: House, stack: AsyncExitStack) -> list[Channel]:
    """The channels that could be opened; an account whose token is dead is left out, the others go on without it."""
    served: list[Channel] = []
    for key, channel in house.channels.items():
        stack.push_async_callback(channel.close)
        try:
            await channel.open()
        except SendFailed as failed:
            log.error("%s:%s can't be opened: %s; put a new token in its setting", *key, failed.why)
            house.post.stopped.add(key)
            continue
        await _show_commands(channel)
        served.append(channel)
    return served


async def _show_commands(channel: Channel) -> None:
    show = getattr(channel, "show_commands", None)
    if show is not None:
        await show(menus())


def watch(house: House) -> Vitals:
    """The watch over this house."""
    return Vitals(house.store, house.clock, house.post, house.channels, house.pulse)
