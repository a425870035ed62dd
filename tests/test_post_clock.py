"""A host's clock that was set wrong sends nothing at a wrong hour; what was due comes once it is right again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.assembly import assemble
from bot.clock import StillClock
from bot.messages import LetterKind, Urgency
from bot.store.engine import Store
from tests.opened_store import Template, rows, seat
from tests.scheduler.office import at
from tests.scripted_channel import ScriptedChannel

THURSDAY = at("2025-09-18", "08:00")


class Told(ScriptedChannel):
    """A platform that tells the right time whenever it is asked."""

    right = THURSDAY

    async def probe(self) -> None:
        await super().probe()
        self.their_clock = self.right


def founded(sample_province: Template) -> Store:
    store = sample_province.fresh()
    store.write_now(lambda book: seat(book, "lan", "30607", at="telegram:1:11"))
    return store


@pytest.mark.parametrize("hours", [2, -2, 25, -25])
async def test_a_jump_of_the_clock_plans_and_sends_nothing(sample_province: Template, hours: int) -> None:
    """For two ticks the clock is wrong: nothing is planned, only an answer goes; then all is as without the jump."""
    planned = []
    for jumps in (False, True):
        store, channel = founded(sample_province), Told()
        channel.their_clock = THURSDAY
        await assemble(store, StillClock(THURSDAY), [channel]).tick(THURSDAY)
        lan = rows(store, "person")[0]["id"]
        due = THURSDAY + timedelta(days=1)
        answer = {"person_id": lan, "text": "Đã ghi", "urgency": Urgency.ANSWER}
        store.write_now(
            lambda book, due=due, lan=lan: book.letters.plan("mai", LetterKind.REMINDER, due, person_id=lan, text="A")
        )
        store.write_now(
            lambda book, answer=answer: book.letters.plan(
                "đáp", LetterKind.ANSWER, THURSDAY - timedelta(days=2), **answer
            )
        )
        if jumps:
            before = rows(store, "reminder"), rows(store, "sweep")
            await _wrong_for_two_ticks(store, channel, THURSDAY + timedelta(hours=hours))
            assert (rows(store, "reminder"), rows(store, "sweep")) == before
            assert channel.texts == ["Đã ghi"]
        friday = THURSDAY + timedelta(days=1)
        channel.right = channel.their_clock = friday
        house = assemble(store, StillClock(friday), [channel])
        await house.tick(friday)
        await house.post.drain(friday)
        due_rows = [
            {name: row[name] for name in ("rule", "day", "slot", "assignment_id")} for row in rows(store, "reminder")
        ]
        planned.append((due_rows, sorted(channel.texts)))
        assert due_rows
        assert {"A", "Đã ghi"} < set(channel.texts)
    assert planned[0] == planned[1]


async def _wrong_for_two_ticks(store: Store, channel: Told, wrong: datetime) -> None:
    house = assemble(store, StillClock(wrong), [channel])
    for _ in range(2):
        await house.tick(wrong)
        await house.post.drain(wrong)
    assert channel.probed >= 2
