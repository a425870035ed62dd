"""Every update comes three times, and chats shuffled into one another (R10): the house ends as if they had not.

A seed makes one afternoon: what six people write, tap and correct. It is delivered once in order, then in disorder:
each chat's texts keep their order, a tap may come before or after what was written around it, a repetition at any time
after its first. A seed that fails replays with `--seed N --seeds 1`.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from bot.channels.telegram_updates import incoming
from bot.clerk import Clerk
from bot.contacts import UnitKind
from bot.imports import found_sample
from bot.messages import Incoming
from bot.phrases import phrasebook
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.mail import inbox, letter
from bot.store.migrate import upgrade
from bot.store.tables import person, question, request, said, step
from bot.tasks import Due
from handlers.table import desk
from tests.faults.verdict import Verdict, pass_or_fail
from tests.opened_store import NOW, Template, give_task, seat

_PEOPLE, _FIRST = 6, 1000
_ACCOUNT = "123456"
#: What leads to no question, and what does; each names its task.
_PLAIN = (
    "{} xong", "{} được {}%", "{} vướng kinh phí", "{} chưa làm", "đã nhận", "xin lùi việc {} đến 25/9", "việc của tôi",
)  # fmt: skip
_ASKED = "{} chắc xong rồi"
_TASKS = 3
_SEEN_IT = re.compile("👍.*")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that one person does; a tap presses the first button under the answer to their message `pressed`."""

    chat: int
    number: int
    words: str = ""
    edits: int | None = None
    pressed: int | None = None


def delivered(home: Path, told: argparse.Namespace) -> Verdict:
    """State, history, requests, questions and answers are those of a single delivery in order."""
    verdict = Verdict("R10", f"{told.seeds} seeds from {told.seed} on, every update three times")
    clerk, updates, taps, edits = Clerk(desk(), phrasebook()), 0, 0, 0
    with _office(home) as office:
        for seed in range(told.seed, told.seed + told.seeds):
            dice = random.Random(seed)
            events = list(_afternoon(dice))
            updates += 3 * len(events)
            taps += sum(one.pressed is not None for one in events)
            edits += sum(one.edits is not None for one in events)
            once = _ends(office.fresh(), clerk, events)
            thrice = _ends(office.fresh(), clerk, _disordered(events, dice))
            verdict.wrong += [
                f"seed {seed}: {what}: {once[what]} | {thrice[what]}" for what in once if once[what] != thrice[what]
            ]
    verdict.told("updates delivered in disorder", updates)
    verdict.told("taps among them, before they were repeated", taps)
    verdict.told("corrections", edits)
    verdict.exactly("seeds that ended otherwise", len({one.partition(":")[0] for one in verdict.wrong}), 0)
    return verdict


@contextmanager
def _office(home: Path) -> Iterator[Template]:
    """A store with six people, each in a commune with three tasks; put back for every run."""
    store, contents = Store(f"sqlite:///{home / 'store.sqlite3'}"), sqlite3.connect(":memory:", check_same_thread=False)
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    try:
        upgrade(store.engine)
        found_sample(store, with_tasks=False)
        store.write_now(_fill)
        with closing(store.engine.raw_connection()) as live:
            live.driver_connection.backup(contents)
        yield Template(store, contents)
    finally:
        contents.close()
        store.close()


def _fill(book: Book) -> None:
    communes = [unit.code for unit in book.people.units() if unit.kind is UnitKind.COMMUNE][:_PEOPLE]
    for number, unit in enumerate(communes):
        seat(book, f"Lan {number}", unit, at=f"telegram:{_ACCOUNT}:{_FIRST + number}")
    for number in range(1, _TASKS + 1):
        give_task(book, f"T{number:02d}", tuple(communes), Due(date(2025, 9, 19 + number)))


def _afternoon(dice: random.Random) -> Iterator[Event]:
    """What people do, chat by chat in order."""
    for chat in range(_FIRST, _FIRST + _PEOPLE):
        number = 0
        for _ in range(dice.randrange(2, 5)):
            number += 1
            task = dice.randrange(1, _TASKS + 1)
            if dice.random() < 0.3:
                yield Event(chat, number, _ASKED.format(task))
                yield Event(chat, number + 1, pressed=number)
                number += 1
                continue
            words = dice.choice(_PLAIN)
            yield Event(chat, number, words.format(task, dice.randrange(1, 95)))
            if "%" in words and dice.random() < 0.5:
                yield Event(chat, number + 1, f"{task} được {dice.randrange(1, 95)}%", edits=number)
                number += 1


def _disordered(events: Sequence[Event], dice: random.Random) -> list[Event]:
    """Chats merged by chance, each update twice more at some later moment."""
    lanes: dict[int, list[Event]] = {}
    for one in events:
        lanes.setdefault(one.chat, []).append(one)
    for lane in lanes.values():
        for place in range(len(lane) - 1):
            # Its own queue brings a tap after the words that were written next, where those ask nothing.
            if lane[place].pressed is not None and _asks_nothing(lane[place + 1]) and dice.random() < 0.5:
                lane[place], lane[place + 1] = lane[place + 1], lane[place]
    merged: list[Event] = []
    while any(lanes.values()):
        merged.append(lanes[dice.choice([chat for chat, lane in lanes.items() if lane])].pop(0))
    for one in events:
        for _ in range(2):
            merged.insert(dice.randrange(merged.index(one) + 1, len(merged) + 1), one)
    return merged


def _asks_nothing(one: Event) -> bool:
    return one.pressed is None and one.edits is None and one.words == "đã nhận"


def _ends(store: Store, clerk: Clerk, events: Sequence[Event]) -> dict[str, Any]:
    """How everything stands once these were delivered."""
    dice = random.Random(len(events))
    for one in events:
        message = _read(store, one, dice)
        store.write_now(lambda book, message=message: clerk.receive(book, message, NOW))
    return store.read_now(_stands)


def _read(store: Store, one: Event, dice: random.Random) -> Incoming:
    """The update as Telegram would bring it, under any number; as the channel reads it."""
    who = {"id": one.chat, "first_name": "Lan", "is_bot": False}
    chat = {"id": one.chat, "type": "private"}
    date_ = int(NOW.timestamp()) + one.number
    if one.pressed is not None:
        held_by = {"message_id": 900 + one.pressed, "chat": chat}
        data = _button(store, one)
        update: dict[str, Any] = {
            "callback_query": {"id": f"{one.chat}{one.number}", "from": who, "message": held_by, "data": data}
        }
    else:
        message = {
            "message_id": one.edits or one.number,
            "from": who,
            "chat": chat,
            "date": date_,
            "text": one.words,
        }
        update = {"edited_message": message | {"edit_date": date_}} if one.edits else {"message": message}
    read = incoming({"update_id": dice.randrange(1, 1 << 31), **update}, _ACCOUNT, NOW)
    assert read is not None
    return read


def _button(store: Store, one: Event) -> str:
    """The first button under the answer to that message, if it has any."""
    asked = select(letter.c.buttons).join(inbox, inbox.c.id == letter.c.answers_id)
    mine = asked.where(inbox.c.external_id == f"m:{one.chat}:{one.pressed}:0")
    with store.engine.connect() as connection:
        rows = [buttons for buttons in connection.execute(mine).scalars() if buttons]
    return str(rows[0][0][1]) if rows else "0:0:0"


def _stands(book: Book) -> dict[str, Any]:
    """Everything that must not depend on how it was delivered."""
    with book.savepoint() as inside:
        rows = {
            table.name: list(inside.connection.execute(select(table)).mappings())
            for table in (said, request, question, letter, step, person)
        }
    found: dict[str, Any] = {}
    names = {row["id"]: row["name"] for row in rows["person"]}
    for one in book.assignments.all():
        steps = [
            (each.kind, each.percent, each.note, each.obstacle, each.document)
            for each in book.assignments.steps(one.id)
        ]
        found[f"{one.task.code} {one.unit_code}"] = (
            one.state.status,
            one.state.percent,
            one.state.note,
            one.extension_asked,
            steps,
        )
    found["said"] = sorted((names[row["person_id"]], str(row["message_id"]), row["text"]) for row in rows["said"])
    found["requests"] = sorted(
        (names[row["person_id"]], row["kind"], str(row["due_on"]), str(row["verdict"])) for row in rows["request"]
    )
    found["questions"] = sorted((names[row["person_id"]], row["kind"], str(row["outcome"])) for row in rows["question"])
    mine = [row for row in rows["letter"] if row["answers_id"] is not None]
    # Their first lines: what stands below them tells how the list is at that moment, which a tap's place may change.
    first_lines = ((names[row["person_id"]], (row["text"] or "").partition("\n")[0]) for row in mine)
    # Whether anything was still open as they said that they have it, too.
    found["answers"] = sorted((name, _SEEN_IT.sub("👍", re.sub(r"\d+", "#", words))) for name, words in first_lines)
    found["steps"] = len(rows["step"])
    found["journal"] = book.journal.broken()
    return found


if __name__ == "__main__":
    pass_or_fail("tests.faults.delivered_again", __doc__, [delivered], numbers={"seeds": 300})
