"""The stage: the real house with a clock that stands still between events, and people who hear and say."""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import TypeAlias
from zoneinfo import ZoneInfo

from starlette.routing import BaseRoute

from bot.assembly import House, assemble
from bot.channels.local import ACCOUNT, NAME, LocalChannel
from bot.channels.port import Door
from bot.clock import StillClock
from bot.demo.photo import page
from bot.demo.player import Intention, Newcomer, Player, Saying, Why
from bot.demo.transcript import Transcript
from bot.local_desk import StoreDesk
from bot.messages import Address, FileRef, Incoming, Letter, Receipt
from bot.reports.figures import count as counted
from bot.store.engine import Store

#: Something that happens by itself.
Happening: TypeAlias = Callable[[], Awaitable[None]]


class NotingChannel(LocalChannel):
    """The local chat, noting what it lays on the phones."""

    def __init__(self, desk: StoreDesk, zone: ZoneInfo) -> None:
        super().__init__(desk, zone, _no_page)
        self.noted: list[Letter] = []

    async def send(self, letter: Letter) -> Receipt:
        """Lay the letter on its phone."""
        receipt = await super().send(letter)
        self.noted.append(letter)
        return receipt


def _no_page(_channel: LocalChannel, _door: Door) -> tuple[BaseRoute, ...]:
    return ()


class Stage:
    """Runs time from event to event. `cast(newcomer)` gives the player for somebody who was handed a code."""

    def __init__(self, store: Store, zone: ZoneInfo, begins: datetime, transcript: Transcript, rng: Random) -> None:
        self.clock = StillClock(begins)
        self.desk = StoreDesk(store, self.clock.now)
        self.channel = NotingChannel(self.desk, zone)
        self.house: House = assemble(store, self.clock, [self.channel])
        self.desk.house = self.house
        self.players: dict[str, Player] = {}
        self.cast: Callable[[Newcomer], Player | None] = lambda _newcomer: None
        self.files: dict[str, tuple[str, bytes]] = {}
        self._zone = zone
        self._transcript = transcript
        self._rng = rng
        self._acts: list[tuple[datetime, int, Player | None, Intention | Happening]] = []
        self._order = count()
        self._unsworn: set[str] = set()
        self._quiet: dict[str, int] = {}
        self._last: dict[str, Letter] = {}
        self._wrote: dict[str, str] = {}

    def prints(self, peer: str, lines: int, *, aloud: bool) -> None:
        """This phone's talk is printed, so many lines of one letter; its joining only where it is `aloud`."""
        (self._transcript.whole if aloud else self._quiet)[peer] = lines

    def enters(self, player: Player, code: str, at: datetime) -> None:
        """Somebody types a joining code, reads the notice and agrees."""
        self.players[player.peer] = player
        self._unsworn.add(player.peer)
        self.means(player, [Intention(at, lambda _: Saying(code))])

    def means(self, player: Player | None, intentions: Iterable[Intention]) -> None:
        """What somebody will do, each at its moment."""
        for one in intentions:
            heapq.heappush(self._acts, (max(one.at, self.clock.now()), next(self._order), player, one))

    def at(self, moment: datetime, do: Happening) -> None:
        """Something else that happens then."""
        heapq.heappush(self._acts, (max(moment, self.clock.now()), next(self._order), None, do))

    async def run(self, until: datetime) -> None:
        """Everything that falls due or is meant, up to and including that moment."""
        await self.house.tick(self.clock.now())
        while True:
            stop = await self.house.next_event()
            act = self._acts[0][0] if self._acts else None
            if stop <= until and (act is None or stop <= act):
                await self._tick(stop.astimezone(self._zone))
            elif act is not None and act <= until:
                await self._minute(act)
            else:
                break
        # One minute on, so that the house keeps how far its clock has come.
        await self.house.jump(until + timedelta(minutes=1))

    async def _tick(self, now: datetime) -> None:
        self.clock.jump_to(max(now, self.clock.now()))
        await self.house.tick(now)
        await self.deliver()

    async def _minute(self, at: datetime) -> None:
        """What is meant for one moment, one message after the other; then the letters of it go.

        Never side by side: the order must be the same in every playing.
        """
        self.clock.jump_to(at)
        spoke: set[str] = set()
        while self._acts and self._acts[0][0] <= at and self._whose(self._acts[0]) not in spoke:
            _, _, player, act = heapq.heappop(self._acts)
            saying = await self._does(act, at)
            if player is not None and saying is not None:
                spoke.add(player.peer)
                await self.house.door.receive(await self._message(player, saying))
                if player.peer in self._transcript.whole:
                    break
        await self.deliver(spoke)

    @staticmethod
    def _whose(act: tuple[datetime, int, Player | None, object]) -> str | None:
        return act[2].peer if act[2] else None

    async def _does(self, act: Intention | Happening, at: datetime) -> Saying | None:
        """One act; what is said by it."""
        if not isinstance(act, Intention):
            await act()
            return None
        if isinstance(act.does, Newcomer):
            newcomer = self.cast(act.does)
            if newcomer is not None:
                self.enters(newcomer, act.does.code, at)
            return None
        return act.does(at)

    async def _message(self, player: Player, saying: Saying) -> Incoming:
        """The message as this phone's channel tells it."""
        now = self.clock.now()
        key = f"{player.peer}:{next(self._order)}"
        last = self._last.get(player.peer)
        button = next((one for one in last.buttons if one.label == saying.tap), None) if last and saying.tap else None
        message = self._wrote.get(player.peer, key) if saying.edits_last else key
        self._wrote[player.peer] = message
        self._transcript.said(player, _shown(saying), now)
        return Incoming(
            sender=Address(NAME, ACCOUNT, player.peer),
            id=key,
            text="" if button else saying.text or saying.tap,
            at=now,
            message_id=message,
            reply_to=f"l{last.id}" if saying.answers_last and last else None,
            edits=message if saying.edits_last else None,
            button=button.data if button else None,
            files=await self._photo(saying.photo),
            sender_name=player.name,
            language_hint=player.language,
        )

    async def _photo(self, name: str) -> tuple[FileRef, ...]:
        if not name:
            return ()
        data = page(4 + len(name) % 9)
        ref = await self.desk.put_file(name, "image/png", data)
        return (FileRef(ref, name, "image/png", len(data)),)

    async def deliver(self, spoke: Collection[str] = ()) -> None:
        """Send what is due, and let everybody hear it; `spoke` are those who have just written."""
        now = self.clock.now()
        await self.house.post.drain(now)
        letters, self.channel.noted = self.channel.noted, []
        for letter in letters:
            player = self.players.get(letter.to.peer)
            if player is not None:
                self._hears(player, letter, _why(letter, spoke), now)
        self._transcript.sent_together()

    def _hears(self, player: Player, letter: Letter, why: Why, now: datetime) -> None:
        self._last[player.peer] = letter
        if letter.file is not None and letter.file_name:
            self.files[letter.file_kind or ""] = (letter.file_name, letter.file)
        self._transcript.letter(player, letter, why, now)
        if player.peer in self._unsworn and letter.buttons:
            self._unsworn.discard(player.peer)
            agreed = self._rng.choice((Saying("1"), Saying("đồng ý"), Saying(tap=letter.buttons[0].label)))
            self.means(player, [Intention(now + timedelta(minutes=self._rng.randint(1, 3)), lambda _: agreed)])
            return
        if player.peer in self._quiet:
            self._transcript.whole[player.peer] = self._quiet.pop(player.peer)
        self.means(player, player.hear(letter, why, now))

    async def day_ends(self) -> None:
        """The line of progress."""
        now = self.clock.now()
        given = await self.house.store.read(lambda book: book.assignments.all())
        self._transcript.day(now, counted(given, now, self._zone))


def _why(letter: Letter, spoke: Collection[str]) -> Why:
    """Answers carry the message they answer; a tap's answer carries none."""
    if letter.to.peer in spoke and (letter.reply_to or len(spoke) == 1):
        return Why.ANSWER
    return Why.OTHERS if spoke else Why.CLOCK


def _shown(saying: Saying) -> str:
    photo = f"[📷 {saying.photo}]" if saying.photo else ""
    tap = f"[{saying.tap}]" if saying.tap else ""
    edited = "✏️" if saying.edits_last else ""
    return " ".join(part for part in (edited, photo, tap, saying.text) if part)
