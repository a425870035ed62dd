"""The local chat in a terminal, one phone at a time, the same phones as the page. What is said is not read here."""

from __future__ import annotations

import asyncio
import codecs
import mimetypes
import os
import sys
import threading
import unicodedata
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from starlette.routing import BaseRoute

from bot.channels.local import (
    ACCOUNT,
    LARGEST_FILE,
    NAME,
    Bubble,
    LocalChannel,
    LocalDesk,
    PhoneEntry,
    Sent,
    arrived,
    as_incoming,
    fetch_kept,
    phone_name,
)
from bot.channels.port import Door
from bot.messages import Button, FileRef, Letter, Receipt, Text, text
from bot.wording import Wording

#: How much of a conversation is shown when its phone is taken up.
_RECALLED = 6
_NAMED = 5

Lines = Callable[[], Awaitable[str | None]]


class ConsoleChannel:
    """The same addresses as the page's, so a person has one phone, whichever way it is held.

    `settled` returns once what has been handed in is answered: a script then reads in order.
    """

    name = NAME
    account = ACCOUNT
    limits = LocalChannel.limits

    def __init__(
        self,
        desk: LocalDesk,
        wording: Wording,
        settled: Callable[[], Awaitable[None]],
        *,
        lines: Lines | None = None,
        write: Callable[[str], object] = sys.stdout.write,
        echo: bool | None = None,
    ) -> None:
        self._desk = desk
        self._wording = wording
        self._settled = settled
        self._lines = lines or typed_lines(sys.stdin.fileno())
        self._echo = not sys.stdin.isatty() if echo is None else echo
        self._write = write
        self._entry = PhoneEntry("")
        self._buttons: dict[str, tuple[Button, ...]] = {}
        self._elsewhere: Counter[str] = Counter()
        self._elsewhere_told = 0
        self._waiting = False

    async def open(self) -> None:
        """Nothing to connect to."""

    async def probe(self) -> None:
        """Always there."""

    async def close(self) -> None:
        """Nothing to let go of."""

    def routes(self, door: Door) -> Sequence[BaseRoute]:  # noqa: ARG002  (the port's signature)
        """No web addresses."""
        return ()

    async def fetch(self, ref: FileRef, most: int) -> bytes:
        """What a phone sent, from where `put_file` kept it."""
        return await fetch_kept(self._desk, ref, most)

    def join_link(self, code: str) -> str | None:  # noqa: ARG002  (the port's signature)
        """A terminal has no links."""
        return None

    async def send(self, letter: Letter) -> Receipt:
        """Print the letter, or say later that another phone has one."""
        bubble, peer = arrived(letter, self._desk.now()), letter.to.peer
        if letter.buttons:
            self._buttons[peer] = letter.buttons
        if peer != self._entry.name:
            self._elsewhere[peer] += 1
        else:
            interrupted = self._waiting and not self._echo
            self._print(("\n" if interrupted else "") + self._shown(bubble))
            if interrupted:
                self._prompt()
        return Receipt(bubble.id)

    async def listen(self, door: Door) -> None:
        """Read lines until they end or `/quit`."""
        self._say("console.usage")
        await self._take_up(await self._first())
        while True:
            self._tell_elsewhere()
            self._prompt()
            self._waiting = True
            line = await self._lines()
            self._waiting = False
            if line is None or line.strip() == "/quit":
                self._print("")
                return
            if self._echo:
                self._print(line)
            await self._obey(door, line.strip())

    async def _first(self) -> str:
        entries = await self._desk.phones()
        joined = [entry.name for entry in entries if entry.joined]
        return next(iter([*joined, *(entry.name for entry in entries)]), "may-1")

    async def _obey(self, door: Door, line: str) -> None:
        """A command of the terminal; every other line, with or without a slash, is for the bot."""
        command, _, rest = line.partition(" ")
        if command == "/phone":
            await self._choose(rest.strip())
        elif command == "/phones":
            await self._list()
        elif command == "/jump":
            await self._jump(rest.strip())
        elif command == "/file":
            await self._send_file(door, rest.strip())
        elif command == "/join" and self._entry.code and not self._entry.joined:
            await self._hand_in(door, text_of=self._entry.code)
        elif command[1:].isdecimal() and command.startswith("/"):
            await self._press(door, int(command[1:]))
        elif line:
            await self._hand_in(door, text_of=line)

    async def _hand_in(
        self, door: Door, *, text_of: str = "", button: str | None = None, files: tuple[FileRef, ...] = ()
    ) -> None:
        sent = Sent(uuid4().hex, text_of, button=button, files=files, language=self._wording.language)
        try:
            await door.receive(await as_incoming(self._desk, self._entry.name, sent))
        except Exception as fault:  # noqa: BLE001  (a terminal stays open, whatever the store says)
            self._say("console.not_stored", why=type(fault).__name__)
            return
        await self._settled()
        self._entry = await self._desk.phone(self._entry.name) or self._entry

    async def _press(self, door: Door, number: int) -> None:
        buttons = self._buttons.get(self._entry.name, ())
        if 1 <= number <= len(buttons):
            await self._hand_in(door, button=buttons[number - 1].data)
        else:
            self._say("console.no_button")

    async def _send_file(self, door: Door, given: str) -> None:
        path = Path(given).expanduser()
        try:
            size = path.stat().st_size
            if not 0 < size <= LARGEST_FILE:
                self._say("console.file_size", name=path.name)
                return
            data = await asyncio.to_thread(path.read_bytes)
        except OSError:
            self._say("console.no_file", name=given)
            return
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        ref = await self._desk.put_file(path.name, kind, data)
        await self._hand_in(door, files=(FileRef(ref, path.name, kind, len(data)),))

    async def _jump(self, given: str) -> None:
        view = await self._desk.clock()
        if view is None:
            self._say("web.no_clock")
            return
        try:
            to = datetime.fromisoformat(given).replace(tzinfo=self._wording.zone) if given else view.next_reminder
            if to is None:
                self._say("console.no_next")
                return
            await self._desk.jump(to)
        except ValueError:
            self._say("console.only_forward")
            return
        await self._settled()
        self._say("console.now", at=self._desk.now())

    async def _choose(self, given: str) -> None:
        try:
            await self._take_up(phone_name(given))
        except ValueError:
            self._say("web.no_such_phone")

    async def _take_up(self, name: str) -> None:
        self._entry = await self._desk.phone(name) or PhoneEntry(name)
        self._elsewhere.pop(name, None)
        self._print(f"── {self._titled(self._entry)} ──")
        for bubble in await self._desk.conversation(name, _RECALLED):
            if bubble.buttons:
                self._buttons[name] = bubble.buttons
            self._print(self._shown(bubble))
        if not self._entry.joined:
            self._say("console.join" if self._entry.code else "console.no_code", code=self._entry.code or "")

    async def _list(self) -> None:
        for entry in await self._desk.phones():
            mark = "●" if entry.joined else "○"
            new = f"  ({self._elsewhere[entry.name]})" if self._elsewhere[entry.name] else ""
            self._print(f"{mark} {entry.name:<24} {self._titled(entry)}{new}")

    def _titled(self, entry: PhoneEntry) -> str:
        role = self._wording.say(text(f"web.role.{entry.role}")) if entry.role else ""
        return " · ".join(part for part in (entry.person, role, entry.unit) if part) or entry.name

    def _tell_elsewhere(self) -> None:
        if self._elsewhere and self._elsewhere.total() != self._elsewhere_told:
            named = ", ".join(f"{name} {count}" for name, count in self._elsewhere.most_common(_NAMED))
            self._say("console.elsewhere", phones=named + (" …" if len(self._elsewhere) > _NAMED else ""))
        self._elsewhere_told = self._elsewhere.total()

    def _shown(self, bubble: Bubble) -> str:
        time = self._wording.value(bubble.at, "hour")
        said = bubble.text.splitlines()
        if bubble.file:
            said.append(f"[{bubble.file.name}, {self._wording.value(max(1, bubble.file.size // 1024), '')} kB]")
        if bubble.buttons:
            said.append("   ".join(f"/{number} {button.label}" for number, button in enumerate(bubble.buttons, 1)))
        first, *others = said or [""]
        side = ">" if bubble.mine else "│"
        return "\n".join([f"{time} {side} {first}", *(f"      {side} {line}" for line in others)])

    def _say(self, key: str, **params: str | datetime) -> None:
        self._print(self._wording.say(Text(key, params)))

    def _prompt(self) -> None:
        self._put(f"{self._entry.name}> ")

    def _print(self, line: str) -> None:
        self._put(line + "\n")

    def _put(self, said: str) -> None:
        """To the terminal, without the signs that could command it."""
        self._write("".join(sign if sign in "\n\t" or unicodedata.category(sign) != "Cc" else "·" for sign in said))
        if self._write == sys.stdout.write:
            sys.stdout.flush()


def typed_lines(source: int) -> Lines:
    """The lines of a terminal, pipe or file, one whenever asked; None at the end.

    A thread reads only while somebody waits, and without Python's own buffers, so that ending never hangs on it.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    held: list[str] = [""]

    def read() -> str | None:
        while "\n" not in held[0]:
            data = os.read(source, 65536)
            held[0] += decoder.decode(data, final=not data)
            if not data:
                rest, held[0] = held[0], ""
                return rest or None
        line, held[0] = held[0].split("\n", 1)
        return line.removesuffix("\r")

    async def line() -> str | None:
        loop = asyncio.get_running_loop()
        read_line: asyncio.Future[str | None] = loop.create_future()

        def settle(came: str | None) -> None:
            if not read_line.done():
                read_line.set_result(came)

        def hand_over() -> None:
            try:
                came = read()
            except OSError:
                came = None
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, came)

        threading.Thread(target=hand_over, daemon=True, name="typed-lines").start()
        return await read_line

    return line
