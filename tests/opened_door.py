"""The door with its store, a channel that keeps files, and a clock that stands."""

from __future__ import annotations

from datetime import datetime

from bot.clerk import Clerk
from bot.clock import Clock
from bot.contacts import Role
from bot.front_door import FrontDoor
from bot.messages import FileRef, SendFailed
from bot.phrases import phrasebook
from bot.store.engine import Store
from handlers.table import desk
from tests.opened_store import NOW, Template, rows, seat
from tests.scripted_channel import ScriptedChannel


class StoppedClock(Clock):
    """Civil time that stands until a test moves it."""

    def __init__(self) -> None:
        super().__init__()
        self.at = NOW

    def now(self) -> datetime:
        return self.at


class Files(ScriptedChannel):
    """A channel with files behind it, or with complaints."""

    def __init__(self) -> None:
        super().__init__("talk", "main")
        self.files: dict[str, bytes | SendFailed] = {}

    async def fetch(self, ref: FileRef, most: int) -> bytes:
        found = self.files[ref.ref]
        if isinstance(found, SendFailed):
            raise found
        return found


class Bell:
    """Stands for the post: the door only wakes it."""

    def wake(self, account: tuple[str, str] | None = None) -> None:
        """Nothing to do."""


class House:
    """The door with its store, channel and clock."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.channel = Files()
        self.clock = StoppedClock()
        clerk = Clerk(desk(), phrasebook())
        self.door = FrontDoor(store, clerk, {self.channel.key: self.channel}, Bell(), self.clock)  # type: ignore[arg-type]

    def letters(self) -> list[str]:
        return [row["text"] for row in rows(self.store, "letter")]


def opened_house(sample_province: Template) -> House:
    """Lan has joined as contact of Bình Hòa, Hoa as a clerk."""
    store = sample_province.fresh()
    store.write_now(lambda book: seat(book, "lan", "30607"))
    store.write_now(lambda book: seat(book, "hoa", "VPUBND", Role.OFFICE))
    return House(store)
