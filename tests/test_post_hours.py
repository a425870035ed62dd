"""What nobody asked for goes in working hours alone; whoever just wrote is answered first, and at any hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.assembly import assemble
from bot.clerk import Clerk
from bot.clock import StillClock
from bot.contacts import Role
from bot.messages import Address, Incoming, LetterKind, SendFailed, Urgency
from bot.phrases import phrasebook
from bot.post import Post
from bot.store.book import Book
from bot.store.engine import Store
from bot.tasks import Step, StepKind
from handlers.table import desk
from scheduler.composers import COMPOSERS
from tests.opened_store import give_task
from tests.scheduler.office import Office, at
from tests.scripted_channel import ScriptedChannel, post_of
from tests.store import opening
from tests.store.opening import LAN, NOW, join, plan

store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)

#: Saturday 13/9/2025, two in the morning, and the Monday after it at half past seven.
NIGHT = NOW + timedelta(hours=18, minutes=30)
MONDAY = NOW + timedelta(days=3)
MINH = "telegram:1:12"
HOA = "telegram:1:13"


def says(store: Store, who: str, typed: str, at: datetime = NOW) -> None:
    """Somebody's words, taken in and answered."""
    said = Incoming(Address.parse(who), f"{who}{typed}", typed, at, message_id=f"{who}{typed}")
    clerk = Clerk(desk(), phrasebook())
    store.write_now(lambda book: clerk.receive(book, said, at))


def chats(channel: ScriptedChannel) -> Sequence[str]:
    """Who was written to, in order."""
    return [letter.to.peer for letter in channel.arrived]


async def test_what_the_network_kept_back_wakes_nobody(store: Store) -> None:
    """Friday's reminder, assignment and digest could not go; on Saturday at two nothing does, on Monday all of it."""
    lan = join(store, "Lan", str(LAN))
    for kind in (LetterKind.REMINDER, LetterKind.ASSIGNMENT, LetterKind.DIGEST, LetterKind.SUMMARY):
        plan(store, kind, lan, kind)
    channel = ScriptedChannel()
    post = post_of(store, channel)

    assert await post.drain(NIGHT) == 0
    assert await post.drain(MONDAY) == 4


async def test_at_night_who_wrote_is_answered_past_what_waits(store: Store) -> None:
    """Lan's reminder failed on Friday and waits for Monday; what she asks at two is answered at once."""
    plan(store, "nhắc", join(store, "Lan", str(LAN)))
    channel = ScriptedChannel()
    channel.complain_once(SendFailed("no route", written=False))
    assert await post_of(store, channel, patience=3600.0).drain(NOW) == 0
    store.write_now(lambda book: book.letters.pace.forget_old(NOW + timedelta(days=9999)))
    says(store, str(LAN), "trợ giúp", NIGHT)

    assert await post_of(store, channel).drain(NIGHT) == 1
    assert "Tin nhắc" not in channel.texts


async def test_a_request_made_at_night_reaches_the_office_in_the_morning(store: Store) -> None:
    """Lan asks for more time at two and hears at once that it is asked; the clerk reads it on Monday."""
    join(store, "Lan", str(LAN))
    join(store, "Hoa", HOA, unit="VPUBND", role=Role.OFFICE)
    store.write_now(give_task)
    says(store, str(LAN), "xin chuyển người làm đầu mối: chị Thu", NIGHT)
    channel = ScriptedChannel()
    post = post_of(store, channel)
    await post.drain(NIGHT)

    assert chats(channel) == [LAN.peer]
    await post.drain(MONDAY)
    assert chats(channel) == [LAN.peer, "13"]


async def test_the_chairs_summary_goes_before_what_is_broadcast(store: Store) -> None:
    """Twenty reminders wait; the chair asks for the total; it is taken first, and goes while a quota rests."""
    for number in range(20):
        plan(store, f"nhắc {number}", join(store, f"Lan {number}", f"telegram:1:5{number}"))
    join(store, "Hải", MINH, unit="VPUBND", role=Role.CHAIR)
    store.write_now(give_task)
    says(store, MINH, "tổng hợp")

    resting = opening.claim(store, answers_only=True, limit=1)
    assert [(one.to.peer, one.kind) for one in resting] == [("12", LetterKind.SUMMARY)]


async def test_news_for_units_goes_behind_another_persons_receipt(store: Store) -> None:
    """The clerk accepts everything, then Minh reports: the clerk's answer and Minh's receipt go before Lan's news."""
    join(store, "Lan", str(LAN))
    join(store, "Minh", MINH, unit="30760")
    join(store, "Hoa", HOA, unit="VPUBND", role=Role.OFFICE)

    def work(book: Book) -> None:
        done = give_task(book)
        give_task(book, "T03", ("30760",))
        book.assignments.record(done, Step(StepKind.DONE, NOW, None), NOW)

    store.write_now(work)
    says(store, HOA, "xác nhận tất cả")
    says(store, MINH, "xong")

    claimed = opening.claim(store)
    assert [one.to.peer for one in claimed] == ["13", "12", LAN.peer]
    assert [one.urgency for one in claimed] == [Urgency.ANSWER, Urgency.ANSWER, Urgency.UNASKED]


async def test_a_letter_left_over_does_not_overtake_the_slot(store: Store) -> None:
    """Friday's "one day left" did not go; on Monday, the due, it waits for the sweep: one letter, of Monday."""
    lan = join(store, "Lan", str(LAN))
    office, begin = Office(store), at("2025-09-12", "09:00")
    office.sweep(begin)
    office.give("T02", "2025-09-22", "30712", now=begin)
    channel = ScriptedChannel()
    channel.complain_once(SendFailed("no route", written=False))
    friday, monday = at("2025-09-19", "07:30"), at("2025-09-22", "07:30")
    office.sweep(friday)
    clock = StillClock(friday)
    assert await Post(store, {channel.key: channel}, COMPOSERS, {}, clock, machine=clock.now).drain(friday) == 0
    assert "còn 1 ngày" in channel.tried[0].text

    house = assemble(store, StillClock(monday), [channel])
    answer = {"person_id": lan, "text": "Đã ghi", "urgency": Urgency.ANSWER}
    store.write_now(lambda book: book.letters.plan("đáp", LetterKind.ANSWER, monday, **answer))
    await house.post.drain(monday)
    assert channel.texts == ["Đã ghi"]

    await house.tick(monday)
    await house.post.drain(monday)
    (_, said) = channel.texts
    assert "hôm nay" in said
    assert "còn 1 ngày" not in said
