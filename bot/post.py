"""The post takes letters from the ledger to the channels: claim, wait for a turn, begin, send, settle."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, takewhile
from typing import TypeAlias

from bot.channels.port import Channel, Limits
from bot.clock import Clock, monotonic, wall
from bot.failpoints import hit
from bot.messages import Letter, SendFailed
from bot.post_begun import Begun, Ready, begin_at_once, begin_in_turn
from bot.post_clock import astray
from bot.post_files import Files, Renderer
from bot.post_lane import Lane
from bot.post_ledger import Ledger, Write, tried
from bot.post_look import Lookout
from bot.post_outcomes import Failure, only_this_letter, outcome, settle_failure
from bot.post_ready import Composer, Making, make_ready, plain
from bot.post_rhythm import Departure, Rhythm
from bot.post_sender import own_name, surely_gone
from bot.post_silence import Silence
from bot.post_together import gatherers
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.letters import Claimed
from bot.store.pace import LATE, account_name, pause_name, quota_name
from bot.store.part import database_failed

Account: TypeAlias = tuple[str, str]
Now: TypeAlias = Callable[[], datetime]
Behind: TypeAlias = Callable[[Book, datetime], bool]

#: A drain claims so many letters at once.
_AT_ONCE = 32
#: Letters left behind by senders that ended are looked for this often: so soon after a lease they go on; seconds.
RECOVER_EVERY = 1.5
#: Each so many looks the rows of chats long at rest are dropped.
_FORGET_EACH = 2400

log = logging.getLogger(__name__)


class Post:
    """Sends what is due. `patience`: seconds of the shortest pause after a failure; `poll`: between looks when idle.

    `machine`: the clock of leases and turns for tests; without it PostgreSQL's own serves, or the host's.
    `behind`: whether reminders fell due that are not planned yet; until they are, what nobody asked for may be of
    yesterday, and waits.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[Account, Channel],
        composers: Mapping[str, Composer],
        renderers: Mapping[str, Renderer],
        clock: Clock,
        *,
        machine: Now | None = None,
        behind: Behind | None = None,
        poll: float = 0.5,
        patience: float = 1.0,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._channels = dict(channels)
        self._composers = composers
        self._files = Files(store, renderers)
        self._clock = clock
        self._machine = machine
        self._behind = behind
        self._poll = poll
        self._patience = patience
        self._draw = draw
        self._name = own_name()
        self._lanes = {key: Lane() for key in self._channels}
        self._silences = {key: Silence(store, channel, self.machine_time) for key, channel in self._channels.items()}
        self.rhythms = {key: Rhythm(channel.limits) for key, channel in self._channels.items()}
        self._ledger = Ledger(store)
        self._together = gatherers(store, tuple(self._channels))
        self._lookout = Lookout(store, self._lanes, lambda book: (clock.now(), self.machine_time(book)), poll)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending = False
        self._setbacks: Counter[Account] = Counter()
        #: Accounts whose token the platform no longer takes; their letters stay planned.
        self.stopped: set[Account] = set()

    def wake(self, account: Account | None = None) -> None:
        """There may be something to send, by this account where one is named; any thread may say so.

        Whoever is written to by another account for that is found by its next look.
        """
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, account)

    def _wake(self, account: Account | None = None) -> None:
        for key, lane in self._lanes.items():
            if account in (None, key):
                lane.news = True
                lane.woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop; letters on their way are settled first."""
        self._loop = asyncio.get_running_loop()
        self._ending, self._ledger.waits = False, True
        async with asyncio.TaskGroup() as group:
            for key, channel in self._channels.items():
                group.create_task(self._serve(key, channel, stop))
            group.create_task(self._recover_often(stop))
            group.create_task(self._lookout.look_often(stop))
            await stop.wait()
            self._ending, self._ledger.waits = True, False
            self._wake()

    async def drain(self, now: datetime) -> int:
        """Send all that is due at this moment, one letter at a time in the order of their ids; how many went."""
        sent = 0
        await self._recover(now)
        while await self._something_due(now) and (batch := await self._claim_everywhere(now)):
            for place, one in enumerate(batch, 1):
                went = bool(await tried(one.id, self._deliver(one, lambda: now)))
                sent += went
                if not went:
                    # What comes after it in the same chat must not overtake it.
                    await self._ledger.give_back(*batch[place:], now=now)
                    break
        return sent

    async def _something_due(self, now: datetime) -> bool:
        """A look that writes nothing: most often there is nothing left."""
        due = await self._store.read(lambda book: book.letters.next_due())
        return due is not None and due <= now

    async def _claim_everywhere(self, now: datetime) -> list[Claimed]:
        found: list[Claimed] = []
        for key, channel in self._channels.items():
            found += await self._claim(key, channel, now, _AT_ONCE, one_by_one=True)
        return sorted(found, key=lambda one: one.id)

    async def _serve(self, key: Account, channel: Channel, stop: asyncio.Event) -> None:
        """One account's letters: the urgent first, several on their way at once, never two of one chat."""
        lane = self._lanes[key]
        short_rests = self.rhythms[key].chat_rest("") < self._poll
        while not stop.is_set() and key not in self.stopped:
            lane.probing = self._setbacks[key] > 0
            news, lane.news = lane.news, False
            # A letter that is done frees its chat, which rests for a while, so that only a short rest is worth a look.
            lane.due = lane.due or news or (lane.woken.is_set() and short_rests)
            lane.woken.clear()
            if lane.due and lane.room:
                room, lane.due = lane.room, False
                claimed = await self._try_claim(key, channel, room)
                lane.due = lane.due or len(claimed) == room
                for one in claimed:
                    self._take_in_hand(lane, one)
            elif news and lane.room_for_answers:
                for one in await self._try_claim(key, channel, lane.room_for_answers, answers_only=True):
                    self._take_in_hand(lane, one)
            if lane.can_send:
                await self._send_next(lane, key)
            elif not (lane.due and lane.room):
                await lane.woken.wait()
        for one in await lane.settled():
            await tried(one.id, self._ledger.give_back(one, now=self._clock.now()))

    def _take_in_hand(self, lane: Lane, one: Claimed) -> None:
        if one.attachment is None:
            lane.add(one, plain(one, self._limits(one)))
        else:
            lane.start(self._make_then_add(lane, one))

    async def _make_then_add(self, lane: Lane, one: Claimed) -> None:
        letter = await tried(one.id, self._letter(one, self._clock.now()))
        if letter is not None:
            lane.add(one, letter)

    async def _send_next(self, lane: Lane, key: Account) -> None:
        # Whoever is answered meanwhile goes first; and the ledger is not asked in vain.
        await asyncio.sleep(max(0.0, lane.next_turn - monotonic()))
        if self._ending or key in self.stopped:
            return
        ready, setbacks = lane.next_few(), self._setbacks[key]
        begun = await tried(ready[0][0].id, self._begin(ready, key))
        if begun is None:
            return
        lane.next_turn = begun.next_turn
        for one, letter in begun.waiting:
            lane.add(one, letter)
        for one, letter, departure in begun.going:
            lane.start(self._send_beside(one, letter, key, departure, setbacks))
        await tried(ready[0][0].id, self._ledger.give_back(*begun.returned, now=self._clock.now()))

    async def _send_beside(
        self, one: Claimed, letter: Letter, key: Account, departure: Departure, setbacks: int
    ) -> None:
        await asyncio.sleep(max(0.0, departure.at - monotonic()))
        if self._setbacks[key] > setbacks or monotonic() - departure.at > LATE:
            # In between the platform asked for a pause, or is gone; or we were frozen, and others took our turn.
            await tried(one.id, self._ledger.give_back(one, now=self._clock.now()))
            return
        await tried(one.id, self._send(one, letter, key, self._clock.now, departure, self._together[key].write))

    async def _try_claim(
        self, key: Account, channel: Channel, limit: int, *, answers_only: bool = False
    ) -> tuple[Claimed, ...]:
        try:
            if not await self._silences[key].over(self._pause(key)):
                return ()
            return await self._claim(key, channel, self._clock.now(), limit, answers_only=answers_only)
        except Exception:
            # A database that is away comes back; what is planned waits there.
            log.exception("%s: letters could not be claimed", account_name(*key))
            return ()

    async def _claim(
        self,
        key: Account,
        channel: Channel,
        now: datetime,
        limit: int,
        *,
        answers_only: bool = False,
        one_by_one: bool = False,
    ) -> tuple[Claimed, ...]:
        """Letters ready to go; none only where nothing at all can go now."""
        making = Making(channel.limits, self._composers, tuple(self._channels))

        def work(book: Book) -> tuple[Claimed, ...] | None:
            machine_now = self.machine_time(book)
            pace = book.letters.pace
            # One that fell silent since it was asked may be doubted in this very transaction.
            if pace.paused_for(pause_name(*key), machine_now) or (self._silences[key].doubted and not one_by_one):
                return None
            addressed = book.letters.address_due(now, making.served)
            at_work = book.people.calendar().works_at(now) and not astray(channel, now)
            claimed = book.letters.claim(
                *key,
                now,
                machine_now,
                worker=self._name,
                limit=limit,
                answers_only=answers_only
                or not at_work
                or pace.paused_for(quota_name(*key), machine_now) > 0
                or (self._behind is not None and self._behind(book, now)),
                one_by_one=one_by_one,
            )
            return make_ready(book, claimed, making, now) if claimed or addressed else None

        ready: tuple[Claimed, ...] | None = ()
        # Letters that turn out to be for nobody, or to say nothing, must not hide those behind them.
        while key not in self.stopped and ready == ():
            hit("before_claim")
            ready = await (self._store.write(work) if one_by_one else self._together[key].write(work))
        if ready:
            hit("after_claim")
        return ready or ()

    async def _deliver(self, one: Claimed, now: Now) -> bool:
        """Bring one claimed letter to its end out of turn; whether it went."""
        key = (one.to.channel, one.to.account)
        letter = await self._letter(one, now())
        departure = await self._begin_at_once(one, now()) if letter is not None else None
        if letter is None or departure is None:
            return False
        return await self._send(one, letter, key, now, departure, self._store.write)

    def _limits(self, one: Claimed) -> Limits:
        return self._channels[one.to.channel, one.to.account].limits

    async def _letter(self, one: Claimed, now: datetime) -> Letter | None:
        """The letter with its file made; None where that failed, the letter is held then."""
        limits, attachment = self._limits(one), one.attachment
        letter = plain(one, limits)
        if attachment is None or not limits.files:
            return letter
        try:
            data = await self._files.made(one.id, attachment, now)
        except Exception:
            log.exception("letter %s: its file could not be made", one.id)
            await self._store.write(lambda book: book.letters.hold(one, "its file could not be made"))
            return None
        return replace(letter, file_name=attachment["name"], file_kind=attachment["kind"], file=data)

    async def _begin(self, ready: Sequence[Ready], key: Account) -> Begun:
        """Take the account's turns that are near, and note which bytes are about to leave."""

        def work(book: Book) -> Begun:
            return begin_in_turn(book, ready, self.rhythms[key], self._clock.now(), self.machine_time)

        asked = monotonic()
        try:
            begun = await self._together[key].write(work)
        except Exception as error:
            if not database_failed(error):
                raise
            # Whether that is written down or not: nothing has left.
            return Begun(returned=tuple(one for one, _ in ready))
        self.rhythms[key].wrote(monotonic() - asked)
        return begun

    async def _begin_at_once(self, one: Claimed, now: datetime) -> Departure | None:
        """None where this is not to go now."""
        try:
            departure = await self._store.write(lambda book: begin_at_once(book, one, now, self.machine_time))
        except Exception as error:
            if not database_failed(error):
                raise
            departure = None
        if departure is None:
            await self._ledger.give_back(one, now=now)
        return departure

    async def _send(
        self, one: Claimed, letter: Letter, key: Account, now: Now, departure: Departure, write: Write
    ) -> bool:
        left = monotonic()
        try:
            receipt = await self._channels[key].send(letter)
        except SendFailed as failed:
            await self._failed(one, failed, key, now, departure)
            return False
        except Exception as error:
            log.exception("letter %s: the channel broke its promise", one.id)
            await self._failed(one, SendFailed(type(error).__name__), key, now, departure)
            return False
        answered, rhythm = monotonic(), self.rhythms[key]
        rhythm.took(answered - left)
        self._setbacks.pop(key, None)
        self._silences[key].after("accepted")

        def work(book: Book) -> None:
            book.letters.accepted(one, receipt.platform_id, now())
            book.letters.pace.leave(departure.turn, rhythm.gait, departure.machine_time(answered))

        await self._ledger.settle(work, write)
        hit("committed")
        return True

    async def _failed(self, one: Claimed, failed: SendFailed, key: Account, now: Now, departure: Departure) -> None:
        ended = departure.machine_time(monotonic())
        if failed.unauthorized:
            self.stopped.add(key)
        if only_this_letter(failed):
            self._setbacks.pop(key, None)
        else:
            self._setbacks[key] += 1
            log.warning("%s: letter %s did not go: %s", account_name(*key), one.id, failed.why)
        self._silences[key].after(outcome(failed))
        pause = self._pause(key)
        if failed.retry_at is not None:
            # A moment that has passed already would be tried again at once, for ever.
            pause = max(timedelta(seconds=self._patience), failed.retry_at - wall())
        self.rhythms[key].failed(outcome(failed), monotonic(), pause.total_seconds())

        def work(book: Book) -> None:
            settle_failure(book, Failure(one, failed, pause), now(), self.machine_time(book), tuple(self._channels))
            book.letters.pace.leave(departure.turn, self.rhythms[key].gait, ended)

        await self._ledger.settle(work)
        # What goes by another chat now need not wait for the next look.
        self._lanes[key].due |= only_this_letter(failed)

    def _pause(self, key: Account) -> timedelta:
        # Spread, so that replicas do not come back together.
        return timedelta(seconds=self._patience * (1 + min(3, self._setbacks[key]) * self._draw()))

    async def _recover_often(self, stop: asyncio.Event) -> None:
        for number in takewhile(lambda _: not stop.is_set(), count()):
            try:
                await self._recover(self._clock.now())
                if number % _FORGET_EACH == 0:
                    await self._store.write(lambda book: book.letters.pace.forget_old(self.machine_time(book)))
            except Exception:
                log.exception("letters left behind could not be looked for")
            with suppress(TimeoutError):
                async with asyncio.timeout(RECOVER_EVERY):
                    await stop.wait()

    async def _recover(self, now: datetime) -> None:
        def work(book: Book) -> int:
            book.letters.readdress_unserved(now, tuple(self._channels))
            gone = [name for name in book.letters.senders() if surely_gone(name)]
            return book.letters.recover(now, self.machine_time(book), gone)

        if await self._store.write(work):
            self._wake()

    def machine_time(self, book: Book) -> datetime:
        """The clock of leases, turns and pauses."""
        return self._machine() if self._machine is not None else book.letters.pace.machine_time(wall())
