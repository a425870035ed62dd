"""Sixty-four people of one unit reply to one task at the same moment, again and again (R12)."""

from __future__ import annotations

import argparse
import asyncio
import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import func, select

from bot.clerk import Clerk
from bot.clock import Clock, wall
from bot.front_door import FrontDoor
from bot.messages import Address, Incoming
from bot.phrases import phrasebook
from bot.post import Post
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.founding import found_province, keep_units
from bot.store.mail import inbox, letter
from bot.store.migrate import upgrade
from bot.store.tables import journal, said
from bot.tasks import Due, Step, StepKind, fold
from handlers.table import desk
from tests.faults.verdict import Verdict, database, pass_or_fail
from tests.opened_store import give_task
from tests.store.opening import NOW, UNITS, join

_PEOPLE = 64
_SAYS = ("đang làm {}%", "xong", "vướng kinh phí", "chưa làm", "mới được {}%")


@dataclass(slots=True)
class House:
    """As many doors to one database as there are replicas."""

    stores: list[Store]
    doors: list[FrontDoor]


def at_once(home: Path, told: argparse.Namespace) -> Verdict:
    """Every reply stands in the history once, and the state is what these replies make one after another."""
    kind = "two replicas on PostgreSQL" if told.server else "SQLite"
    verdict = Verdict("R12", f"{told.rounds} rounds of {_PEOPLE} replies at once, {kind} (seed {told.seed})")
    dice = random.Random(told.seed)
    with database(told) as url:
        house = _opened(url or f"sqlite:///{home / 'store.sqlite3'}", 2 if told.server else 1)
        store = house.stores[0]
        for number in range(told.rounds):
            one = store.write_now(lambda book, code=f"T{number:04d}": give_task(book, code, due=Due(date(2026, 12, 1))))
            asyncio.run(_round(house, number, dice))
            verdict.wrong += [
                f"round {number}: {what}" for what in store.read_now(lambda book, one=one: _wrong(book, one))
            ]
            store.write_now(
                lambda book, one=one: book.assignments.record(one, Step(StepKind.RECALL, wall(), None), NOW)
            )
        _tell(store, told.rounds, verdict)
        for opened in house.stores:
            opened.close()
    return verdict


def _opened(url: str, replicas: int) -> House:
    store = Store(url)
    upgrade(store.engine)
    store.province_id = found_province(store, code="91", name="An Giang")
    store.write_now(lambda book: keep_units(book, UNITS))
    for number in range(_PEOPLE):
        join(store, f"Lan {number}", f"telegram:1:{number}")
    stores = [store, *(Store(url, store.province_id) for _ in range(replicas - 1))]
    clock = Clock(NOW - wall())
    return House(
        stores, [FrontDoor(one, Clerk(desk(), phrasebook()), {}, Post(one, {}, {}, {}, clock), clock) for one in stores]
    )


async def _round(house: House, number: int, dice: random.Random) -> None:
    """All at once, to whichever replica."""
    said_by = []
    for person in range(_PEOPLE):
        says = dice.choice(_SAYS).format(dice.randrange(1, 95))
        key = f"{number}-{person}"
        at = NOW + timedelta(hours=number, seconds=dice.randrange(60))
        said_by.append(Incoming(Address("telegram", "1", str(person)), key, says, at, message_id=key))
    await asyncio.gather(*(dice.choice(house.doors).receive(one) for one in said_by))


def _wrong(book: Book, assignment_id: int) -> list[str]:
    """What is not as a serial order of all replies would have left it."""
    stands, steps = book.assignments.get(assignment_id), book.assignments.steps(assignment_id)
    assert stands is not None
    found = []
    if len(steps) != _PEOPLE:
        found.append(f"{len(steps)} steps")
    if stands.state != fold(steps, stands.task.due):
        found.append(f"state {stands.state}")
    with book.savepoint() as inside:
        mine = select(journal).where(journal.c.assignment_id == assignment_id).order_by(journal.c.number)
        rows = list(inside.connection.execute(mine).mappings())
    if [row["number"] for row in rows] != list(range(1, _PEOPLE + 1)):
        found.append("history with gaps")
    if any(later["before"] != earlier["after"] for earlier, later in pairwise(rows)):
        found.append("a change that does not begin where the one before it ended")
    return found


def _tell(store: Store, rounds: int, verdict: Verdict) -> None:
    with store.engine.connect() as connection:
        states = dict(connection.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state)).all())
        replies = connection.execute(select(func.count()).select_from(said)).scalar_one()
        answers = connection.execute(select(func.count(func.distinct(letter.c.answers_id)))).scalar_one()
    verdict.exactly("replies applied", states.pop("applied", 0), rounds * _PEOPLE)
    verdict.exactly("replies that failed, were parked or wait", sum(states.values()), 0)
    verdict.exactly("texts kept", replies, rounds * _PEOPLE)
    verdict.exactly("replies answered", answers, rounds * _PEOPLE)
    verdict.exactly("rounds that no serial order explains", len(verdict.wrong), 0)
    verdict.exactly("chains of the journal that are broken", len(store.read_now(lambda book: book.journal.broken())), 0)


if __name__ == "__main__":
    pass_or_fail("tests.faults.replies_at_once", __doc__, [at_once], numbers={"rounds": 250}, postgresql=True)
