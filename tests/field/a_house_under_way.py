"""A whole house with Lan in it, whose time is let pass: what the tests beside this look at."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.contacts import UnitKind
from bot.conversation import Request
from bot.store.book import Book
from bot.store.mail import letter
from bot.store.tables import person
from tests.talks.play import Talk

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: Bình Hòa, whose T02 is due on Saturday 20/9/2025.
UNIT = "30607"


def at(day: str) -> datetime:
    """`at("2025-09-15 07:30")` in An Giang."""
    return datetime.fromisoformat(day).replace(tzinfo=ZONE)


def ledger(talk: Talk, name: str) -> Sequence[Mapping[str, Any]]:
    """All that the book says was written for one person, in order."""
    theirs = select(person.c.id).where(person.c.name == name)
    with talk.store.engine.connect() as connection:
        mine = select(letter).where(letter.c.person_id.in_(theirs)).order_by(letter.c.id)
        return [dict(row) for row in connection.execute(mine).mappings()]


def reached(talk: Talk, name: str) -> list[str]:
    """When the reminders that a person got were taken by the platform: `15/09 07:30`."""
    return [
        f"{row['settled_at'].astimezone(ZONE):%d/%m %H:%M}"
        for row in ledger(talk, name)
        if row["kind"] == "reminder" and row["state"] == "accepted"
    ]


def requests(talk: Talk) -> tuple[Request, ...]:
    """What waits for the office."""
    return talk.store.read_now(lambda book: book.talks.open_requests())


def lan_joins(talk: Talk, day: str = "2025-09-12 08:00") -> None:
    """Lan is the contact of Bình Hòa from then on."""
    talk.play(f"at {day}\nlan joins {UNIT} as contact")


def let_pass(talk: Talk, until: str) -> None:
    """Time goes on by itself; nobody writes and nobody looks."""
    asyncio.run(talk.house.jump(at(until)))


def look_at(talk: Talk, moment: str) -> None:
    """It is that moment now, whatever was before, and the house does what is due."""

    async def once() -> None:
        talk.clock.jump_to(at(moment))
        await talk.house.tick(talk.clock.now())
        await talk.house.post.drain(talk.clock.now())

    asyncio.run(once())


def communes_of(book: Book) -> Sequence[Any]:
    """The 102 communes of the sample."""
    return [unit for unit in book.people.units() if unit.kind is UnitKind.COMMUNE]
