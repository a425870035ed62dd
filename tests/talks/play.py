"""A talk file played against the whole house: the real store, clerk, scheduler and post; only the wire is a list."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event
from starlette.routing import BaseRoute

from bot.assembly import House, assemble
from bot.channels.port import Door, Limits
from bot.clock import Clock
from bot.contacts import Role
from bot.imports import SAMPLE_BEGINS, found_sample
from bot.joining_codes import draw_code
from bot.messages import Address, FileRef, Incoming, Letter, Receipt, SendFailed
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.migrate import upgrade

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_SAYS = re.compile(r"(?P<who>\w+)(?: \[(?P<how>[^\]]+)\])? -> bot\s*(?P<text>.*)")
_HEARS = re.compile(r"bot -> (?P<who>\w+)\s+(?P<text>.*)")
_JOINS = re.compile(r"(?P<who>\w+) joins (?P<unit>\S+) as (?P<role>\w+)")
_CODE = re.compile(r"code (?P<name>[A-Z]) for (?P<unit>\S+) as (?P<role>\w+)")
_PHONE = re.compile(r"(?P<who>\w+) (?P<does>blocks|unblocks) the bot")
_STANDS = re.compile(
    r'"(?P<task>T\d+)" of (?P<unit>\S+) is (?P<status>\w+)(?: (?P<percent>\d+)%)?'
    r"(?:, document (?P<document>\S+?))?(?:, by (?P<by>\w+))?"
)
_COUNTS = re.compile(r"(?P<table>\w+) holds (?P<many>\d+) rows?")


class StillClock(Clock):
    """A clock that only moves when it is moved."""

    def __init__(self, begins: datetime) -> None:
        super().__init__()
        self._now = begins

    def now(self) -> datetime:
        return self._now

    def jump_to(self, moment: datetime) -> timedelta:
        self._now = max(self._now, moment)
        return timedelta()


class Wire:
    """The channel of a talk: letters are laid down for whoever they are for."""

    name = "talk"
    account = "main"
    limits = Limits(text=4096, buttons=True, files=True, per_second=1000, per_chat_second=1000)

    def __init__(self) -> None:
        self.letters: defaultdict[str, list[Letter]] = defaultdict(list)
        self.heard: defaultdict[str, int] = defaultdict(int)
        self.files: dict[str, bytes] = {}
        self.blocked: set[str] = set()
        self._sent = 0

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def probe(self) -> None: ...

    async def listen(self, door: Door) -> None: ...

    def routes(self, door: Door) -> Sequence[BaseRoute]:
        return ()

    def join_link(self, code: str) -> str | None:
        return None

    async def fetch(self, ref: FileRef, most: int) -> bytes:
        if ref.ref not in self.files:
            raise SendFailed("gone", permanent=True)
        return self.files[ref.ref]

    async def send(self, letter: Letter) -> Receipt:
        if letter.to.peer in self.blocked:
            raise SendFailed("blocked by the user", permanent=True)
        self._sent += 1
        self.letters[letter.to.peer].append(letter)
        return Receipt(f"p{letter.id}")


class Sample:
    """The sample province, founded once: every talk begins with its contents, in a store that stays open.

    What statements compile to is kept with the open store, and that is most of a talk's time.
    """

    def __init__(self, folder: Path) -> None:
        self.store = Store(f"sqlite:///{folder / 'talk.sqlite3'}")
        event.listen(self.store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        upgrade(self.store.engine)
        found_sample(self.store)
        self._contents = sqlite3.connect(":memory:")
        with closing(self.store.engine.raw_connection()) as live:
            assert live.driver_connection is not None
            live.driver_connection.backup(self._contents)

    def talk(self) -> Talk:
        """A talk in which nothing has been said."""
        with closing(self.store.engine.raw_connection()) as live:
            self._contents.backup(live.driver_connection)
        return Talk(self.store)

    def close(self) -> None:
        """Let go of the store."""
        self._contents.close()
        self.store.close()


class Talk:
    """One talk under way."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = StillClock(SAMPLE_BEGINS)
        self.wire = Wire()
        self.house: House = assemble(self.store, self.clock, [self.wire])
        self._said = 0
        self._last: dict[str, str] = {}
        self._joined: set[str] = set()
        self._codes: dict[str, str] = {}

    def play(self, script: str) -> None:
        """Every line in turn; an AssertionError names the line that does not hold."""
        with asyncio.Runner() as runner:
            for number, line in self._joined_up(script):
                try:
                    runner.run(self._line(line))
                except AssertionError as wrong:
                    raise AssertionError(f"line {number}: {line}\n{wrong}") from None
        for who, letters in self.wire.letters.items():
            unheard = letters[self.wire.heard[who] :]
            assert not unheard, f"{who} also heard, and the talk does not say so:\n{unheard[0].text}"

    @staticmethod
    def _joined_up(script: str) -> list[tuple[int, str]]:
        """Lines without remarks; a line that begins with | goes on with the one above."""
        found: list[tuple[int, str]] = []
        for number, raw in enumerate(script.splitlines(), 1):
            line = raw.strip()
            if line.startswith("|"):
                found[-1] = (found[-1][0], found[-1][1] + "\n" + line[1:].strip())
            elif line and not line.startswith("#"):
                found.append((number, line))
        return found

    async def _line(self, line: str) -> None:
        if line.startswith("at "):
            moment = datetime.strptime(line[3:], "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
            await self._at(moment)
        elif joins := _JOINS.fullmatch(line):
            await self._join(joins["who"], joins["unit"], Role(joins["role"]))
        elif code := _CODE.fullmatch(line):
            self._codes[code["name"]] = self._issue(code["unit"], Role(code["role"]))
        elif phone := _PHONE.fullmatch(line):
            (self.wire.blocked.add if phone["does"] == "blocks" else self.wire.blocked.discard)(phone["who"])
        elif hears := _HEARS.fullmatch(line) or re.fullmatch(_HEARS.pattern, line, re.DOTALL):
            self._hears(hears["who"], hears["text"])
        elif says := re.fullmatch(_SAYS.pattern, line, re.DOTALL):
            await self._says(says["who"], says["text"], says["how"] or "")
        elif stands := _STANDS.fullmatch(line):
            self._stands(stands)
        elif counts := _COUNTS.fullmatch(line):
            self._counts(counts["table"], int(counts["many"]))
        else:
            raise AssertionError("this line is not understood")

    async def _at(self, moment: datetime) -> None:
        if self._said:
            await self.house.jump(moment)
        else:  # nobody is there yet who could be told anything on the way
            self.clock.jump_to(moment)
            await self.house.tick(moment)

    def _issue(self, unit_code: str, role: Role) -> str:
        code = draw_code()

        def issue(book: Book) -> None:
            unit = book.people.unit(unit_code)
            assert unit is not None, f"no unit {unit_code}"
            book.joining.issue(code, unit.id, role, self.clock.now())

        self.store.write_now(issue)
        return code

    async def _join(self, who: str, unit_code: str, role: Role) -> None:
        await self._says(who, self._issue(unit_code, role), "")
        if who not in self._joined:
            await self._says(who, "1", "")
        self._joined.add(who)
        self.wire.heard[who] = len(self.wire.letters[who])

    async def _says(self, who: str, typed: str, how: str) -> None:
        self._said += 1
        message_id = f"{who}-{self._said}"
        typed = re.sub(r"\{([A-Z])(\.?)\}", self._code, typed)
        words = {"text": typed, "message_id": message_id} | self._manner(who, typed, *how.partition(" ")[::2])
        message_id = words["message_id"]
        self._last[who] = message_id
        external = f"{message_id}:edit{self._said}" if how == "edits" else message_id
        address = Address("talk", "main", who)
        incoming = Incoming(sender=address, id=external, at=self.clock.now(), sender_name=who.capitalize(), **words)
        await self.house.door.receive(incoming)
        await self.house.post.drain(self.clock.now())

    def _manner(self, who: str, typed: str, doing: str, what: str) -> dict[str, Any]:  # noqa: C901  (one line a manner)
        """What a message is beside its text, by what stands in the brackets."""
        match doing:
            case "":
                return {}
            case "edits":
                return {"message_id": self._last[who], "edits": self._last[who]}
            case "again":
                return {"message_id": self._last[who]}
            case "taps":
                return {"text": "", "button": self._button(who, what)}
            case "answers":
                return {"reply_to": self._letter_with(who, what)}
            case "file":
                return {"files": (self._file(what),)}
            case "album":
                return {"files": (self._file(what),), "album": f"album of {who}"}
            case "sends":
                return {"unsupported": what}
            case "in":
                return {"in_group": True}
            case "fills":
                return {"text": (typed + " ") * (int(what) // (len(typed) + 1))}
        raise AssertionError(f"nobody knows how to do {doing!r}")

    def _code(self, named: re.Match[str]) -> str:
        """{A} is a code as it was issued, {A.} as somebody copies it from paper: small, with points."""
        code = self._codes[named[1]]
        return ".".join(code[at : at + 4] for at in range(0, len(code), 4)).lower() if named[2] else code

    def _file(self, name: str) -> FileRef:
        kind = {"jpg": "image/jpeg", "pdf": "application/pdf", "txt": "text/plain"}.get(name.rpartition(".")[2], "x/y")
        inside = "MẬT\nnội dung" if "mat" in name else f"{name}-{self._said}"
        self.wire.files[name] = inside.encode()
        return FileRef(name, name, kind)

    def _button(self, who: str, label: str) -> str:
        for letter in reversed(self.wire.letters[who]):
            for button in letter.buttons:
                if button.label == label:
                    return button.data
        raise AssertionError(f"{who} was shown no button {label!r}")

    def _letter_with(self, who: str, words: str) -> str:
        for letter in reversed(self.wire.letters[who]):
            if words in letter.text:
                return f"p{letter.id}"
        raise AssertionError(f"{who} got no letter with {words!r}")

    def _hears(self, who: str, expected: str) -> None:
        letters = self.wire.letters[who]
        place = self.wire.heard[who]
        if expected == "nothing":
            assert len(letters) == place, f"but heard:\n{letters[place].text}"
            return
        assert len(letters) > place, "but heard nothing"
        self.wire.heard[who] += 1
        said = " ".join(letters[place].text.split())
        rest = said
        for part in filter(None, re.split(r"\s*…\s*", " ".join(expected.split()))):
            if re.fullmatch(r"\{[A-Z]\}", part):
                code = re.search(r"DK(?: \w{3,4}){3}", rest)
                assert code is not None, f"but no code in:\n{letters[place].text}"
                self._codes[part[1]] = code[0]
                continue
            assert part in rest, f"but heard:\n{letters[place].text}\n(missing: {part!r})"
            rest = rest.partition(part)[2]

    def _stands(self, wanted: re.Match[str]) -> None:
        found = self.store.read_now(lambda book: book.assignments.of_task(wanted["task"]))
        one = next(each for each in found if each.unit_code == wanted["unit"])
        assert one.state.status == wanted["status"], f"but is {one.state}"
        assert one.state.percent == (int(wanted["percent"]) if wanted["percent"] else one.state.percent), one.state
        assert wanted["document"] in (None, one.state.document), f"but is {one.state}"
        if wanted["by"]:
            sources = self.store.read_now(lambda book: book.sources.of([one.id]))
            assert sources[-1].name == wanted["by"].capitalize(), f"but by {sources[-1].name}"

    def _counts(self, table: str, many: int) -> None:
        with self.store.engine.connect() as connection:
            found = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
        assert found == many, f"but {found}"
