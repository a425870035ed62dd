"""The door: two pure checks, then the clerk's transaction; files are fetched outside it, strangers only join."""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from bot.channels.port import Channel
from bot.clerk import Clerk, FetchedFile, Taken
from bot.clock import Clock
from bot.directives.archives import Unreadable
from bot.directives.secrecy import secret_mark
from bot.directives.text_layer import text_layer
from bot.messages import Address, FileRef, Incoming, Letter, SendFailed, Text, text
from bot.post import Post
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.inbox import InboxRow
from bot.wording import Wording

#: The largest file taken, in bytes: also the most that Telegram lets a bot fetch.
LARGEST_FILE = 20 * 1024 * 1024
#: What is kept of one message's text; no platform lets more through, a page might.
LONGEST_TEXT = 8000
#: What is kept of a file's name, from its end: that is where its kind stands.
_LONGEST_NAME = 150
#: They make the words after them (another person's, the office's) read backwards.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: A file that can't be had is tried so often (once a tick); then its message goes on without it.
_FETCHES = 15
#: A replica that fetches what somebody sent has so long; what they write meanwhile is heard after it.
_FETCHING = timedelta(seconds=15)
#: Whoever waits for that looks again after so many seconds, so often.
LOOK_AGAIN, _LOOKS = 0.25, 60
#: So many addresses are remembered of whom messages were taken.
_MOST_SEEN = 20_000
#: A stranger hears how to join at most this often.
_HINT_EVERY = timedelta(hours=1)
_KINDS = ("image/", "application/pdf", "application/msword", "application/vnd.", "text/", "application/zip")

log = logging.getLogger(__name__)


class FrontDoor:
    """Implements the channels' Door. Returns from `receive` only when the message is committed or was refused."""

    def __init__(
        self, store: Store, clerk: Clerk, channels: Mapping[tuple[str, str], Channel], post: Post, clock: Clock
    ) -> None:
        self._store = store
        self._clerk = clerk
        self._channels = channels
        self._post = post
        self._clock = clock
        self._hinted: dict[Address, datetime] = {}
        self._greeted: set[Address] = set()
        self._seen: set[Address] = set()
        self._fetching: set[asyncio.Task[None]] = set()
        self._turns: WeakValueDictionary[Address, asyncio.Lock] = WeakValueDictionary()
        #: A server answers the platform as soon as the message is committed, and fetches its files beside that.
        self.fetches_beside = False

    async def receive(self, incoming: Incoming) -> None:
        """Take one message in."""
        now = self._clock.now()
        files = tuple(replace(ref, name=harmless(ref.name)[-_LONGEST_NAME:]) for ref in incoming.files)
        name = harmless(incoming.sender_name)[:80]
        said = harmless(incoming.text)
        if (said, name, files) != (incoming.text, incoming.sender_name, incoming.files):
            incoming = replace(incoming, text=said, sender_name=name, files=files)
        if incoming.in_group:
            await self._greet_group(incoming.sender)
        elif secret_mark(incoming.text) or any(_named_secret(ref.name) for ref in files):
            await self._refuse_secret(incoming, now)
        elif not (await self._may_be_known(incoming) and await self._known(incoming, now)):
            await self._stranger(incoming, now)

    async def _may_be_known(self, incoming: Incoming) -> bool:
        """Whether somebody sits there. Who did a while ago is not looked for here, for the clerk does so again."""
        return incoming.sender in self._seen or await self._store.read(lambda book: book.people.knows(incoming.sender))

    async def _known(self, incoming: Incoming, now: datetime) -> bool:
        """One person's messages take effect in the order in which they came, also where one waits for its file.

        Once nobody, in whatever replica, fetches what they sent before. False where nobody sits there (any more).
        """
        taken = await self._taken(incoming, now, now - _FETCHING)
        for look in range(_LOOKS, 0, -1):
            if taken is not Taken.FOLLOWS:
                break
            await asyncio.sleep(LOOK_AGAIN)
            taken = await self._taken(incoming, now, now - _FETCHING if look > 1 else None)
        self._post.wake((incoming.sender.channel, incoming.sender.account))
        return taken is not Taken.STRANGER

    async def _taken(self, incoming: Incoming, now: datetime, since: datetime | None) -> Taken:
        turn = self._turn(incoming.sender)
        await turn.acquire()
        beside = False
        try:
            taken, inbox_id = await self._store.write(lambda book: self._clerk.receive(book, incoming, now, since))
            self._note_seen(incoming.sender, known=taken is not Taken.STRANGER)
            if taken is Taken.WAITING:
                beside = self.fetches_beside
                await self._fetch_for(turn, InboxRow(inbox_id, "waiting", 0, incoming))
        finally:
            if not beside:
                turn.release()
        return taken

    def _note_seen(self, sender: Address, *, known: bool) -> None:
        if not known:
            self._seen.discard(sender)
            return
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen.add(sender)

    def _turn(self, sender: Address) -> asyncio.Lock:
        lock = self._turns.get(sender)
        if lock is None:
            lock = self._turns[sender] = asyncio.Lock()
        return lock

    async def _fetch_for(self, turn: asyncio.Lock, row: InboxRow) -> None:
        """Fetch and apply, here or beside; beside, the turn is given back at the end."""
        if not self.fetches_beside:
            await self._with_files(row)
            return
        task = asyncio.create_task(self._with_files(row))
        self._fetching.add(task)
        task.add_done_callback(lambda ended: self._fetched(turn, ended))

    def _fetched(self, turn: asyncio.Lock, ended: asyncio.Task[None]) -> None:
        self._fetching.discard(ended)
        turn.release()
        if not ended.cancelled() and ended.exception() is not None:
            log.error("a message with a file waits for its next try", exc_info=ended.exception())
        self._post.wake()

    async def retry(self, now: datetime) -> int:
        """Give unfinished messages (a file not fetched, an effect that raised) their next try; how many there were.

        Whoever has a message under way keeps their order: theirs wait for the next round.
        """
        rows = await self._store.read(lambda book: book.inbox.unfinished())
        for row in rows:
            turn = self._turn(row.incoming.sender)
            if not turn.locked():
                await turn.acquire()
                await self._retry_one(turn, row, now)
        if rows:
            self._post.wake()
        return len(rows)

    async def _retry_one(self, turn: asyncio.Lock, row: InboxRow, now: datetime) -> None:
        beside = bool(row.incoming.files) and self.fetches_beside
        try:
            if row.incoming.files:
                await self._fetch_for(turn, row)
            else:
                await self._store.write(partial(self._again, inbox_id=row.id, now=now))
        except Exception:
            # One message's trouble is not its neighbours'.
            log.exception("message %s waits for its next try", row.id)
        finally:
            if not beside:
                turn.release()

    def _again(self, book: Book, inbox_id: int, now: datetime) -> None:
        row = book.inbox.row(inbox_id)
        if row is not None and row.state == "failed":
            self._clerk.apply(book, row.id, row.incoming, now, tries=row.tries)

    async def _with_files(self, row: InboxRow) -> None:
        """Fetch what came with a message, look for a mark in it, then give the message its effect, as of then."""
        inbox_id, incoming, tries = row.id, row.incoming, row.tries
        fetched: list[tuple[FileRef, bytes | str]] = []
        for ref in incoming.files:
            try:
                fetched.append((ref, await self._fetch(incoming.sender, ref)))
            except SendFailed as failed:
                if not failed.permanent and tries + 1 < _FETCHES:
                    log.warning("a file is not to be had yet: %s", failed.why)
                    await self._store.write(lambda book: book.inbox.mark(inbox_id, "waiting", tries=tries + 1))
                    return
                fetched.append((ref, "too_large" if "large" in failed.why else "gone"))
        secret = any(found == "secret" for _, found in fetched)
        now = self._clock.now()

        def work(book: Book) -> None:
            standing = book.inbox.row(inbox_id)
            if standing is None or standing.state not in ("waiting", "failed"):
                return
            # Fetching has tries of its own; the effect begins with none.
            tries = standing.tries if standing.state == "failed" else 0
            if secret:
                book.inbox.drop(inbox_id)
                book.inbox.note_refused(incoming.sender, incoming.id, "secret mark", now)
                bare = replace(incoming, text="", files=())
                self._clerk.apply(book, inbox_id, bare, now, tries=tries, files=[FetchedFile("", None, "secret")])
                return
            kept = [self._kept(book, ref, found) for ref, found in fetched]
            self._clerk.apply(book, inbox_id, incoming, now, tries=tries, files=kept)

        await self._store.write(work)

    async def _fetch(self, sender: Address, ref: FileRef) -> bytes | str:
        """The bytes, or why they are not kept (a key under `file.`). Raises SendFailed."""
        if ref.size is not None and ref.size > LARGEST_FILE:
            return "too_large"
        if not ref.kind.startswith(_KINDS):
            return "kind"
        channel = self._channels.get((sender.channel, sender.account))
        if channel is None:
            return "gone"
        try:
            data = await channel.fetch(ref, LARGEST_FILE)
        except SendFailed:
            raise
        except Exception as error:
            # A channel that breaks its promise has as many tries as one that keeps it: nobody waits for ever.
            log.exception("a file could not be fetched")
            raise SendFailed(type(error).__name__) from error
        try:
            words = await asyncio.to_thread(text_layer, ref.name, ref.kind, data)
        except Unreadable:
            words = ""
        except Exception as error:  # noqa: BLE001  (whatever a hostile file does to a reader, its message goes on)
            log.warning("a file of kind %s can't be looked through: %s", ref.kind, type(error).__name__)
            words = ""
        return "secret" if secret_mark(words) else data

    @staticmethod
    def _kept(book: Book, ref: FileRef, found: bytes | str) -> FetchedFile:
        if isinstance(found, str):
            return FetchedFile(ref.name, None, found)
        return FetchedFile(ref.name, book.inbox.keep_file(found, ref.kind)[0])

    async def _stranger(self, incoming: Incoming, now: datetime) -> None:
        said = await self._store.write(lambda book: self._clerk.admit(book, incoming, now))
        if said is not None:
            await self._whisper(incoming.sender, said)
        elif not await self._store.read(lambda book: book.people.knows(incoming.sender)):
            await self._hint(incoming.sender, text("join.hello"), now)
        self._post.wake((incoming.sender.channel, incoming.sender.account))

    async def _refuse_secret(self, incoming: Incoming, now: datetime) -> None:
        sender, message = incoming.sender, incoming.id
        await self._store.write(lambda book: book.inbox.note_refused(sender, message, "secret mark", now))
        await self._whisper(sender, text("door.secret"))

    async def _greet_group(self, group: Address) -> None:
        """Once, that we work in private; what is said in a group is never read."""
        if group not in self._greeted:
            self._greeted.add(group)
            await self._whisper(group, text("join.group"))

    async def _hint(self, to: Address, says: Text, now: datetime) -> None:
        last = self._hinted.get(to)
        if last is not None and now - last < _HINT_EVERY:
            return
        self._hinted = {at: when for at, when in self._hinted.items() if now - when < _HINT_EVERY} | {to: now}
        await self._whisper(to, says)

    async def _whisper(self, to: Address, says: Text) -> None:
        """Answer somebody of whom nothing is kept; what fails here is not tried again."""
        province = await self._store.read(lambda book: book.people.province())
        wording = Wording(province.language, ZoneInfo(province.zone))
        try:
            await self._channels[to.channel, to.account].send(Letter(0, to, wording.say(says)))
        except SendFailed as failed:
            log.info("a stranger could not be answered: %s", failed.why)
        except Exception:
            # Told to come again, what was taken already would come for ever.
            log.exception("a stranger could not be answered")


def _named_secret(name: str) -> bool:
    stem = name.rpartition(".")[0] or name
    return secret_mark(stem.replace("_", " | "))


def harmless(typed: str) -> str:
    """The text without what no keyboard types: control signs, halves of pairs, signs that turn a line round; cut."""
    if typed.isprintable():
        # None of these is, and most texts have nothing else that is not.
        return typed[:LONGEST_TEXT]
    kept = "".join(
        sign
        for sign in typed[: LONGEST_TEXT * 2]
        if sign in "\n\t" or (unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _TURNING)
    )
    return kept[:LONGEST_TEXT]
