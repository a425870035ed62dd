"""One Telegram bot as a channel: polls or takes webhooks, sends, fetches files. What an update means is next door."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.routing import BaseRoute
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError

from bot import clock
from bot.channels.port import Door, Limits
from bot.channels.telegram_errors import failure
from bot.channels.telegram_letters import request
from bot.channels.telegram_updates import ALLOWED, Malformed, incoming
from bot.channels.telegram_webhook import webhook
from bot.channels.telegram_wire import Paused, TooLarge, Wire
from bot.messages import FileRef, Incoming, Letter, Receipt, SendFailed
from bot.redaction import keep_secret

API_URL = "https://api.telegram.org"
_TOKEN = re.compile(r"(\d{1,20}):[\w-]{1,100}", re.ASCII)
_SECRET = re.compile(r"[\w-]{1,256}", re.ASCII)

log = logging.getLogger(__name__)


class TelegramChannel:
    """One bot account. `patience`: seconds of the shortest pause after something failed; the longest is 4 times it."""

    name = "telegram"
    limits = Limits(text=4096, buttons=True, files=True, per_second=30.0, per_chat_second=1.0, group_mark="-")

    def __init__(
        self,
        token: str,
        *,
        api_url: str = API_URL,
        public_url: str | None = None,
        webhook_secret: str | None = None,
        poll_seconds: int = 25,
        patience: float = 1.0,
        now: Callable[[], datetime] = clock.wall,
    ) -> None:
        named = _TOKEN.fullmatch(token)
        if not named:
            raise ValueError("a Telegram token is a number, a colon and letters, as BotFather gave it")
        if webhook_secret and not _SECRET.fullmatch(webhook_secret):
            raise ValueError("a Telegram webhook secret has 1 to 256 signs out of A-Z a-z 0-9 _ -")
        keep_secret(token, webhook_secret or "")
        self.account = named[1]
        self.username: str | None = None
        self.counts: Counter[str] = Counter()
        self._now = now
        self._poll_seconds = poll_seconds
        self._patience = patience
        self._public_url = public_url.rstrip("/") if public_url else None
        self._secret = webhook_secret or _derived_secret(token)
        self._file_url = f"{api_url.rstrip('/')}/file/bot{token}"
        # A proxy of the environment leads out of the house, not to a server on this machine.
        direct = urlsplit(api_url).hostname in {"localhost", "127.0.0.1", "::1"}
        self._wire = Wire(connections=64, direct=direct)
        self._bot = _RawBot(
            token,
            base_url=f"{api_url.rstrip('/')}/bot",
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            request=self._wire,
            get_updates_request=Wire(connections=2, direct=direct),
        )
        self._introduced = self._store_fails = False
        self._polled_at: datetime | None = None
        self._menus: Mapping[str, Sequence[tuple[str, str]]] = {}
        self._toasts: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        return f"TelegramChannel({self.account})"

    async def open(self) -> None:
        """Connect. A dead token is an error; a dead network is none: `listen` goes on trying."""
        for wire in self._bot.wires:
            await wire.initialize()
        try:
            await self._introduce()
        except TelegramError as error:
            failed = failure(error, self._now())
            if failed.unauthorized:
                raise failed from None
            log.warning("telegram %s: not reached yet: %s", self.account, failed.why)

    async def probe(self) -> None:
        """Ask once whether Telegram is there and knows the token; changes nothing. Raises SendFailed."""
        was_open = self._wire.is_open
        try:
            for wire in self._bot.wires:
                await wire.initialize()
            await self._bot.get_me()
        except TelegramError as error:
            raise failure(error, self._now()) from None
        finally:
            if not was_open:
                await self.close()

    @property
    def their_clock(self) -> datetime | None:
        """What time it is there, by Telegram's last answer; None where it did not say."""
        try:
            moment = parsedate_to_datetime(self._wire.date or "")
        except ValueError:
            return None
        since = timedelta(seconds=clock.monotonic() - self._wire.dated_at)
        return moment + since if moment.tzinfo is not None else None

    @property
    def heard_at(self) -> datetime | None:
        """Until when people's messages have reached us, as far as can be told; None where they don't, or not yet."""
        if not self._public_url:
            return self._polled_at
        return self._now() if self._introduced and not self._store_fails else None

    async def close(self) -> None:
        """Let go of connections; answers to taps that are still under way get a moment."""
        if self._toasts:
            await asyncio.wait(self._toasts, timeout=1)
        for toast in self._toasts:
            toast.cancel()
        for wire in self._bot.wires:
            await wire.shutdown()

    async def listen(self, door: Door) -> None:
        """Poll until cancelled; with webhooks only until Telegram knows our address."""
        tries, offset = 0, None
        while not (self._introduced and self._public_url):
            try:
                await self._introduce()
                offset = await self._poll(door, offset)
                tries, self._polled_at = 0, self._now()
            except _NotStored as error:
                offset, tries = error.offset, tries + 1
                await asyncio.sleep(self._pause(tries))
            except TelegramError as error:
                tries += 1
                await asyncio.sleep(self._trouble(error, tries))

    async def _introduce(self) -> None:
        """Learn our name, and tell Telegram how it is to reach us. What waits there is never dropped."""
        if self._introduced:
            return
        self.username = (await self._bot.get_me()).username
        if self._public_url:
            await self._bot.set_webhook(
                f"{self._public_url}{self._path}",
                secret_token=self._secret,
                allowed_updates=ALLOWED,
                max_connections=40,
                drop_pending_updates=False,
            )
        else:
            await self._bot.delete_webhook(drop_pending_updates=False)
        self._introduced = True
        await self._set_menus()

    @property
    def _path(self) -> str:
        return f"/telegram/{self.account}"

    async def _poll(self, door: Door, offset: int | None) -> int | None:
        """One long poll; the next offset, which confirms all that was committed. Raises _NotStored with it.

        Chats are handed in side by side, so that the store may commit them together; each keeps its own order.
        """
        updates = await self._bot.raw_updates(offset, self._poll_seconds)
        lanes: dict[str, list[tuple[int, Incoming]]] = {}
        for place, update in enumerate(updates):
            if message := self._read(update):
                lanes.setdefault(message.sender.peer, []).append((place, message))
        stuck = await asyncio.gather(*(self._lane(lane, door) for lane in lanes.values()))
        first = min((place for place in stuck if place is not None), default=None)
        numbers = [update.get("update_id") for update in updates[:first] if isinstance(update, dict)]
        offset = max((number + 1 for number in numbers if isinstance(number, int)), default=offset)
        if first is not None:
            raise _NotStored(offset)
        return offset

    async def _lane(self, lane: Sequence[tuple[int, Incoming]], door: Door) -> int | None:
        """One chat's messages in their order; where the first stands that could not be committed."""
        for place, message in lane:
            if not await self._hand_in(message, door):
                return place
        return None

    def _read(self, update: object) -> Incoming | None:
        """What an update says to us; None where it says nothing or can't be read."""
        try:
            message = incoming(update, self.account, self._now())
        except Malformed as error:
            self.counts["malformed"] += 1
            log.warning("telegram %s: skipped a malformed update: %s", self.account, error)
            return None
        self.counts["ignored"] += message is None
        return message

    async def _hand_in(self, message: Incoming, door: Door) -> bool:
        """Whether the message is committed; where it is not, it must come again, whatever the reason."""
        try:
            await door.receive(message)
        except Exception:
            self.counts["not_stored"] += 1
            if not self._store_fails:  # one traceback an outage, not one a message
                log.exception("telegram %s: messages can't be stored, they will come again", self.account)
            self._store_fails = True
            return False
        self._store_fails = False
        self.counts["received"] += 1
        if message.button is not None:
            self._stop_spinner(message)
        return True

    def _stop_spinner(self, tap: Incoming) -> None:
        toast = asyncio.create_task(self._answer_tap(tap.id.removeprefix("c:")))
        self._toasts.add(toast)
        toast.add_done_callback(self._toasts.discard)

    async def _answer_tap(self, tap_id: str) -> None:
        try:
            await self._bot.answer_callback_query(tap_id)
        except TelegramError as error:
            log.info("telegram %s: a tap's spinner was not stopped: %s", self.account, failure(error, self._now()).why)

    def _pause(self, tries: int) -> float:
        """Seconds before the next try: never under `patience`, spread so that replicas do not come together."""
        return self._patience * (1 + min(3, tries) * random.random())  # noqa: S311  (spreads replicas, guards nothing)

    def _trouble(self, error: TelegramError, tries: int) -> float:
        """How long to wait after a failed poll; told once, then quietly tried on."""
        if tries == 1:
            log.warning("telegram %s: polling: %s", self.account, failure(error, self._now()).why)
        match error:
            case Paused():
                return error.pause.total_seconds() + self._pause(tries)
            case Conflict():
                self.counts["conflict"] += 1
                if "other getUpdates" in str(error):
                    # Telegram is there, and another replica takes what people write: no outage.
                    self._polled_at = self._now()
                return 10 * self._pause(tries)
            case InvalidToken():
                return 60 * self._pause(tries)
            case _:
                return self._pause(tries)

    def routes(self, door: Door) -> Sequence[BaseRoute]:
        """The webhook's address, where the platform reaches us by one."""
        if not self._public_url:
            return ()

        async def hand_in(update: object) -> bool:
            message = self._read(update)
            return message is None or await self._hand_in(message, door)

        return (webhook(self._path, self._secret, hand_in, self.counts),)

    async def send(self, letter: Letter) -> Receipt:
        """One letter by one request. Raises SendFailed and nothing else."""
        try:
            return Receipt(str(await self._bot.raw_send(*request(letter))))
        except Exception as error:  # noqa: BLE001  (the port promises SendFailed and nothing else)
            raise failure(error, self._now()) from None

    async def fetch(self, ref: FileRef, most: int) -> bytes:
        """The bytes of a file, from the configured host alone. Raises SendFailed; permanent=True: too large or gone."""
        if ref.size is not None and ref.size > most:
            raise SendFailed(f"the file is larger than {most} bytes", permanent=True, written=False)
        try:
            where = await self._bot.raw_file(ref.ref)
            if re.search(r"^/|\\|\.\.|://", where):
                raise SendFailed("the file is not on the file server", permanent=True)
            return await self._wire.download(f"{self._file_url}/{quote(where)}", most)
        except TooLarge as error:
            raise SendFailed(str(error), permanent=True) from None
        except TelegramError as error:
            if isinstance(error, BadRequest) and re.search("too big|invalid file", str(error), re.IGNORECASE):
                gone = "too large" if "big" in str(error) else "gone"
                raise SendFailed(f"the file is {gone}: {error}", permanent=True, written=False) from None
            raise failure(error, self._now()) from None

    def join_link(self, code: str) -> str | None:
        """A link that joins with this code by one tap."""
        payload = re.sub(r"[^A-Za-z0-9]", "", code)
        if not (self.username and 0 < len(payload) <= 64):
            return None
        return f"https://t.me/{self.username}?start={payload}"

    async def show_commands(self, menus: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """The commands menu of private chats: language -> (command, label); the first is for everybody else too.

        Set at once, or as soon as Telegram is reached; one that fails stops nothing.
        """
        self._menus = menus
        if self._introduced:
            await self._set_menus()

    async def _set_menus(self) -> None:
        scope = BotCommandScopeAllPrivateChats()
        everybody: list[str | None] = [None]
        for language, menu in self._menus.items():
            commands = [BotCommand(command, label[:256]) for command, label in menu]
            for code in [*everybody, language]:
                try:
                    await self._bot.set_my_commands(commands, scope=scope, language_code=code)
                except TelegramError as error:
                    why = failure(error, self._now()).why
                    log.warning("telegram %s: no commands menu in %s: %s", self.account, language, why)
            everybody.clear()


class _NotStored(Exception):  # noqa: N818  (says what happened, to one caller)
    """An update could not be committed; `offset` confirms those before it."""

    def __init__(self, offset: int | None) -> None:
        super().__init__()
        self.offset = offset


class _RawBot(Bot):
    """PTB's bot, with three answers left as they came.

    One malformed update must not spoil the hundred around it, and of what was sent only the number is wanted: making
    objects of the rest takes a tenth of a send's time, and would fail on a shape younger than the library.
    """

    @property
    def wires(self) -> tuple[Any, ...]:
        return self._request

    async def raw_updates(self, offset: int | None, seconds: int) -> list[Any]:
        values = {"timeout": seconds, "offset": offset, "limit": 100, "allowed_updates": ALLOWED}
        updates = await self._post("getUpdates", values, read_timeout=seconds + 10)
        return updates if isinstance(updates, list) else []

    async def raw_send(self, method: str, values: dict[str, Any]) -> int:
        answer = await self._post(method, values)
        if not isinstance(answer, dict) or not isinstance(answer.get("message_id"), int):
            raise NetworkError("taken, but under no number")
        return int(answer["message_id"])

    async def raw_file(self, file_id: str) -> str:
        answer = await self._post("getFile", {"file_id": file_id})
        where = answer.get("file_path") if isinstance(answer, dict) else None
        if not isinstance(where, str):
            raise SendFailed("the file is gone", permanent=True)
        return where


def _derived_secret(token: str) -> str:
    """The same in every replica, without a setting more to keep."""
    return hmac.new(token.encode(), b"the webhook's secret", hashlib.sha256).hexdigest()
