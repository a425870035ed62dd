"""Taps that an outage swallowed: who may have tapped gets the buttons again, and nobody else is disturbed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.clerk import Clerk, Taken
from bot.messages import Address, Button, Incoming, Letter, LetterKind
from bot.phrases import phrasebook
from bot.post import Post
from bot.post_renewed import renew_after_outage
from bot.store.engine import Store
from bot.tasks import StepKind
from handlers.table import desk
from tests.opened_store import give_task
from tests.scripted_channel import ScriptedChannel, post_of
from tests.store import opening
from tests.store.opening import LAN, NOW, join

store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)
MINUTE = timedelta(minutes=1)


@dataclass
class Office:
    """A store, its post, and the hour."""

    store: Store
    channel: ScriptedChannel = field(default_factory=ScriptedChannel)
    clerk: Clerk = field(default_factory=lambda: Clerk(desk(), phrasebook()))

    @property
    def post(self) -> Post:
        return post_of(self.store, self.channel)

    def takes(self, at: datetime, typed: str = "", button: str | None = None, who: Address = LAN) -> Taken:
        """A message or a tap."""
        key = f"{who}:{at}"
        said = Incoming(who, key, typed, at, message_id=key, button=button)
        return self.store.write_now(lambda book: self.clerk.receive(book, said, at))[0]

    def heard(self, at: datetime, now: datetime | None = None) -> int:
        """The channel tells that it hears; how many keyboards were renewed."""
        return self.store.write_now(lambda book: renew_after_outage(book, self.channel.key, at, now or at))

    def hears_on(self, until: datetime) -> None:
        """Nothing was missed until then."""
        self.store.write_now(lambda book: book.prompts.heard(*self.channel.key, until))

    async def sent(self, at: datetime) -> list[Letter]:
        """What goes out now."""
        before = len(self.channel.arrived)
        await self.post.drain(at)
        return self.channel.arrived[before:]


@pytest.fixture
async def office(store: Store) -> Office:
    """Lan has been asked what her words mean, and the channel has been heard until a minute afterwards."""
    join(store, "Lan", str(LAN))
    store.write_now(give_task)
    office = Office(store)
    office.heard(NOW)
    office.takes(NOW, "chắc xong rồi")
    (asked,) = await office.sent(NOW)
    assert asked.buttons
    assert office.heard(NOW + MINUTE) == 0
    return office


async def test_a_swallowed_tap_can_be_made_again(office: Office) -> None:
    """Ten minutes out of reach: the question's buttons come once more, under it, and the first of them works."""
    back = NOW + 11 * MINUTE
    assert office.heard(back) == 1
    (renewed,) = await office.sent(back)
    (asked, _) = office.channel.arrived
    assert renewed.buttons == asked.buttons
    assert (renewed.reply_to, renewed.text[:30]) == ("1-1", "Vừa rồi hệ thống mất liên lạc ")
    assert office.heard(back + MINUTE) == 0

    office.takes(back + MINUTE, button=renewed.buttons[0].data)
    steps = office.store.read_now(lambda book: book.assignments.steps(book.assignments.of_task("T02")[0].id))
    assert [step.kind for step in steps] == [StepKind.DONE]


async def test_a_short_pause_renews_nothing(office: Office) -> None:
    """Two minutes: what was tapped meanwhile is still kept by the platform."""
    assert office.heard(NOW + 3 * MINUTE) == 0


@pytest.mark.parametrize("since", [10 * MINUTE, 12 * MINUTE], ids=["in the backlog", "just now"])
async def test_who_has_written_since_is_not_asked_again(office: Office, since: timedelta) -> None:
    """Lan's words were kept by the platform, or she typed before the buttons could go: none go."""
    back = NOW + 11 * MINUTE
    if since < back - NOW:
        office.takes(NOW + since, "1")
        assert office.heard(back) == 0
    else:
        assert office.heard(back) == 1
        office.takes(NOW + since, "1")
    assert [one.text for one in await office.sent(NOW + since) if one.text.startswith("Vừa rồi")] == []


async def test_an_old_keyboard_is_left_alone_and_an_open_question_is_not(office: Office) -> None:
    """Out of reach from the next day on: yesterday's list of buttons stays as it is, the open question comes again."""
    minh = join(office.store, "Minh", "telegram:1:12")
    buttons = [Button("Đã nhận", "9:0:0")]
    office.store.write_now(
        lambda book: book.letters.plan("nhắc", LetterKind.REMINDER, NOW, person_id=minh, text="Nhắc", buttons=buttons)
    )
    assert len(await office.sent(NOW)) == 1
    office.hears_on(NOW + timedelta(hours=26))
    assert office.heard(NOW + timedelta(hours=27)) == 1
    assert [one.to for one in await office.sent(NOW + timedelta(days=3))] == [LAN]


async def test_nobody_is_woken_for_a_reminders_buttons(office: Office) -> None:
    """Minh got his reminder before the outage began; its end is at night: the buttons wait for the morning."""
    minh = join(office.store, "Minh", "telegram:1:12")
    buttons = [Button("Đã nhận", "9:0:0")]
    evening = NOW.replace(hour=9, minute=50)
    office.store.write_now(
        lambda book: book.letters.plan("nhắc", LetterKind.REMINDER, evening, person_id=minh, text="A", buttons=buttons)
    )
    assert len(await office.sent(evening)) == 1
    office.hears_on(evening)
    night = evening + timedelta(hours=5)
    assert office.heard(night) == 2
    assert await office.sent(night) == []
    assert {one.to.peer for one in await office.sent(NOW + timedelta(days=3))} == {"11", "12"}


async def test_two_replicas_that_poll_in_turns_make_no_outage(office: Office) -> None:
    """B lost the polling to A a minute ago and tells so at each of its ticks; A hears all the time: nobody is told."""
    by_b = NOW + MINUTE
    for tick in range(1, 16):
        now = NOW + MINUTE + tick * timedelta(seconds=20)
        assert (office.heard(now), office.heard(by_b, now)) == (0, 0)
    assert await office.sent(NOW + 6 * MINUTE) == []


async def test_a_keyboard_is_renewed_once(office: Office) -> None:
    """A second outage, and a third, whether the renewed buttons have gone by then or not: they came once."""
    assert office.heard(NOW + 11 * MINUTE) == 1
    assert office.heard(NOW + 21 * MINUTE) == 0
    assert len(await office.sent(NOW + 21 * MINUTE)) == 1
    assert office.heard(NOW + 31 * MINUTE) == 0
    assert await office.sent(NOW + 31 * MINUTE) == []
