"""The local chat as a channel: phones in a web page or a terminal, and the one port (`LocalDesk`) by which they see the
store. The page itself is bot/web/local_chat.py, the terminal console.py."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from starlette.routing import BaseRoute

from bot.channels.port import Door, Limits
from bot.clock import monotonic
from bot.contacts import Role
from bot.messages import Address, Button, FileRef, Incoming, Letter, Receipt, SendFailed

NAME = "local"
ACCOUNT = "main"
#: The largest file that a phone may send, in bytes.
LARGEST_FILE = 20 * 1024 * 1024
_PHONE_NAME = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
#: Letters that the phone itself remembers: answers to strangers stand in no ledger.
_REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class BubbleFile:
    """What a bubble says about its file; the bytes come by `LocalDesk.file`."""

    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as a phone shows it. `id` is the message's id on this channel: `Incoming.id`, or `l<letter id>`."""

    id: str
    mine: bool
    text: str
    at: datetime
    buttons: tuple[Button, ...] = ()
    file: BubbleFile | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class PhoneEntry:
    """A phone that can be opened. `code` is the joining code to offer while nobody joined on it, if one is at hand."""

    name: str
    person: str = ""
    unit_code: str = ""
    unit: str = ""
    role: Role | None = None
    joined: bool = False
    code: str | None = field(default=None, repr=False)
    last: str = ""
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockView:
    """The time of a sample store, and when it will next remind somebody."""

    now: datetime
    next_reminder: datetime | None


class LocalDesk(Protocol):
    """What the local chat may ask of the store; the assembly builds it."""

    def now(self) -> datetime:
        """The store's civil time."""

    async def conversation(self, peer: str, most: int) -> Sequence[Bubble]:
        """The newest `most` bubbles of a phone, both directions, oldest first.

        A letter belongs to it from the moment its sending was committed. A pressed button's text is its label.
        """

    async def phones(self) -> Sequence[PhoneEntry]:
        """Everybody whose phone can be opened: the office, the chair, then one entry or more for each unit."""

    async def phone(self, name: str) -> PhoneEntry | None:
        """One of them; None where nothing is known of a phone of that name."""

    async def new_phone(self, unit_code: str, role: Role) -> PhoneEntry:
        """A phone nobody uses yet, with a joining code just issued. Raises ValueError where there is no such seat."""

    async def put_file(self, name: str, kind: str, data: bytes) -> str:
        """Keep what a phone sends, under its digest; returns the ref for `FileRef`."""

    async def kept_file(self, ref: str) -> bytes:
        """What `put_file` kept. Raises LookupError where it is gone."""

    async def file(self, peer: str, bubble_id: str) -> tuple[str, str, bytes]:
        """Name, kind and bytes of a bubble's file. Raises LookupError where there is none."""

    async def clock(self) -> ClockView | None:
        """None: not a sample store, so time can't be moved."""

    async def jump(self, to: datetime) -> None:
        """Move a sample's time forward. Raises ValueError where `to` has passed."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Something changed: on one phone, or (None) in what all of them show, such as the clock."""

    count: int
    phone: str | None


class Bell:
    """Tells listeners what changed, and remembers the last rings, so that a listener who lost the line can catch up."""

    def __init__(self) -> None:
        self.mark = secrets.token_hex(4)
        self.count = 0
        self._rings: deque[Ring] = deque(maxlen=1000)
        self._next = asyncio.Event()
        self._closed = False

    def ring(self, phone: str | None) -> None:
        """Wake everybody who listens."""
        self.count += 1
        self._rings.append(Ring(self.count, phone))
        self._wake()

    def close(self) -> None:
        """Let all listeners go."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        woken, self._next = self._next, asyncio.Event()
        woken.set()

    def resumable(self, mark: str, count: int) -> bool:
        """Whether every ring after `count` of that mark is still remembered."""
        oldest = self._rings[0].count if self._rings else self.count + 1
        return mark == self.mark and oldest - 1 <= count <= self.count

    async def listen(self, after: int, patience: float) -> AsyncIterator[Ring | None]:
        """The rings after `after`, for ever; None whenever `patience` seconds went by in silence."""
        while not self._closed:
            coming = self._next
            for ring in [ring for ring in self._rings if ring.count > after]:
                after = ring.count
                yield ring
            if after < self.count or coming.is_set():
                continue
            try:
                await asyncio.wait_for(coming.wait(), patience)
            except TimeoutError:
                yield None


def phone_name(given: str) -> str:
    """The name of a phone, checked. Raises ValueError unless 1 to 40 of a-z, 0-9 and '-'."""
    if not _PHONE_NAME.fullmatch(given):
        raise ValueError("not the name of a phone")
    return given


@dataclass(frozen=True, slots=True)
class Sent:
    """What a phone sends, as the page or the terminal took it; `id` makes a second sending harmless."""

    id: str
    text: str = ""
    reply_to: str | None = None
    button: str | None = None
    files: tuple[FileRef, ...] = ()
    album: str | None = None
    language: str | None = None


class LocalChannel:
    """All phones of the local chat; their page is given by whoever assembles the house."""

    name = NAME
    account = ACCOUNT
    limits = Limits(text=4096, buttons=True, files=True, per_second=500, per_chat_second=50)

    def __init__(
        self, desk: LocalDesk, zone: ZoneInfo, page: Callable[[LocalChannel, Door], Sequence[BaseRoute]]
    ) -> None:
        self.desk = desk
        self.zone = zone
        self.bell = Bell()
        self.unread: Counter[str] = Counter()
        self._page = page
        self._clock: ClockView | None = None
        self._clock_at = -1
        self._clock_rests = 0.0
        self._asking_clock = asyncio.Lock()
        self._arrived: defaultdict[str, deque[Bubble]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))

    async def open(self) -> None:
        """Nothing to connect to."""

    async def probe(self) -> None:
        """Always there."""

    async def close(self) -> None:
        """Let the pages' live connections go."""
        self.bell.close()

    async def listen(self, door: Door) -> None:
        """The page hands messages in."""

    def routes(self, door: Door) -> Sequence[BaseRoute]:
        """The page and what it asks for."""
        return self._page(self, door)

    async def send(self, letter: Letter) -> Receipt:
        """Lay the letter on its phone."""
        bubble = arrived(letter, self.desk.now())
        self._arrived[letter.to.peer].append(bubble)
        self.unread[letter.to.peer] += 1
        self.bell.ring(letter.to.peer)
        return Receipt(bubble.id)

    async def fetch(self, ref: FileRef, most: int) -> bytes:
        """What a phone sent, from where `put_file` kept it."""
        return await fetch_kept(self.desk, ref, most)

    def join_link(self, code: str) -> str | None:  # noqa: ARG002  (the port's signature)
        """The page offers codes itself."""
        return None

    async def receive(self, door: Door, phone: str, sent: Sent) -> datetime:
        """Hand in what a phone sent; returns its moment."""
        incoming = await as_incoming(self.desk, phone, sent)
        await door.receive(incoming)
        self.bell.ring(phone)
        return incoming.at

    async def conversation(self, phone: str, most: int) -> Sequence[Bubble]:
        """What the store holds, and the letters it does not: those to strangers, and one just being noted as sent."""
        held = list(await self.desk.conversation(phone, most))
        known = {bubble.id for bubble in held}
        begins = held[0].at if len(held) >= most else None
        only_here = [
            bubble
            for bubble in self._arrived.get(phone, ())
            if bubble.id not in known and (begins is None or bubble.at >= begins)
        ]
        return sorted([*held, *only_here], key=lambda bubble: bubble.at)[-most:] if only_here else held

    def latest(self, phone: str) -> Bubble | None:
        """The last letter that arrived on a phone since the program began."""
        here = self._arrived.get(phone)
        return here[-1] if here else None

    async def clock(self) -> ClockView | None:
        """The desk's clock. Pages ask often, and looking for the next reminder may take the store long: it is looked
        for again only after something changed, and never for more than a tenth of the time."""
        async with self._asking_clock:
            upcoming = self._clock.next_reminder if self._clock else None
            stale = self._clock_at != self.bell.count or (upcoming is not None and upcoming <= self.desk.now())
            if stale and monotonic() >= self._clock_rests:
                began, self._clock_at = monotonic(), self.bell.count
                self._clock = await self.desk.clock()
                self._clock_rests = monotonic() + 10 * (monotonic() - began)
        return self._clock and replace(self._clock, now=self.desk.now())

    async def jump(self, to: datetime) -> None:
        """Move a sample's time forward, and let every page know."""
        await self.desk.jump(to)
        self._clock_rests = 0.0
        self.bell.ring(None)


def arrived(letter: Letter, now: datetime) -> Bubble:
    """A letter as its phone shows it. One that stands in no ledger (id 0) gets an id of its own."""
    number = f"l{letter.id}" if letter.id > 0 else f"h{secrets.token_hex(6)}"
    shown = BubbleFile(letter.file_name or "", letter.file_kind or "", len(letter.file)) if letter.file else None
    return Bubble(number, False, letter.text, now, letter.buttons, shown, letter.reply_to)


async def as_incoming(desk: LocalDesk, phone: str, sent: Sent) -> Incoming:
    """What a phone sent, as every channel tells it; its moment is the store's."""
    entry = await desk.phone(phone)
    key = f"{phone}:{sent.id}"
    return Incoming(
        sender=Address(NAME, ACCOUNT, phone),
        id=key,
        text=sent.text,
        at=desk.now(),
        message_id=key,
        reply_to=sent.reply_to,
        button=sent.button,
        files=sent.files,
        album=sent.album,
        sender_name=(entry and (entry.person or entry.unit)) or phone,
        language_hint=sent.language,
    )


async def fetch_kept(desk: LocalDesk, ref: FileRef, most: int) -> bytes:
    """Bytes that `put_file` kept. Raises SendFailed(permanent) where they are gone or more than `most`."""
    try:
        data = await desk.kept_file(ref.ref)
    except LookupError as gone:
        raise SendFailed("the file is gone", permanent=True) from gone
    if len(data) > most:
        raise SendFailed("the file is too large", permanent=True)
    return data
