"""When the house next has something to do, as a sample's clock asks before it jumps."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.assembly import assemble
from bot.clock import StillClock
from bot.messages import LetterKind
from bot.store.engine import Store
from tests.opened_store import seat, template

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY = datetime(2025, 9, 12, 9, 0, tzinfo=ZONE)


def plan(store: Store, person_id: int, at: datetime) -> None:
    """A worded letter that nobody asked for, due at that moment."""
    how = {"person_id": person_id, "text": "Còn 2 việc", "not_before": at}
    store.write_now(lambda book: book.letters.plan(f"nhắc {at}", LetterKind.REMINDER, FRIDAY, **how))


async def test_a_letter_that_is_stuck_hides_no_later_one(tmp_path: Path) -> None:
    """One letter has been due for an hour and can't go; the one planned for 9:41 is still the next event."""
    with template(tmp_path) as sample:
        house = assemble(sample.store, StillClock(FRIDAY), [])
        await house.tick(FRIDAY)
        lan = sample.store.write_now(lambda book: seat(book, "lan", "30607"))
        plan(sample.store, lan, FRIDAY - timedelta(hours=1))
        plan(sample.store, lan, FRIDAY + timedelta(minutes=41))

        assert await house.next_event() == FRIDAY + timedelta(minutes=41)


async def test_what_waits_for_the_office_is_an_event(tmp_path: Path) -> None:
    """On Saturday a reminder of Friday still waits: Monday at half past seven it goes, and not later."""
    saturday = FRIDAY + timedelta(days=1)
    with template(tmp_path) as sample:
        house = assemble(sample.store, StillClock(saturday), [])
        await house.tick(saturday)
        lan = sample.store.write_now(lambda book: seat(book, "lan", "30607"))
        plan(sample.store, lan, FRIDAY)

        assert await house.next_event() == datetime(2025, 9, 15, 7, 30, tzinfo=ZONE)
