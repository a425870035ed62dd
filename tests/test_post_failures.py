"""What a channel complains about is neither lost nor called sent, and what a dead post left is taken up."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest

from bot.clock import wall
from bot.contacts import Role
from bot.messages import LetterKind, SendFailed
from bot.store.book import Book
from bot.store.engine import Store
from scheduler.composers import COMPOSERS
from tests.scheduler.office import Office, at
from tests.scripted_channel import ScriptedChannel, post_of, run_until, state
from tests.store import opening
from tests.store.opening import LAN, NOW, claim, join, outcomes, plan, row
from tests.store.provinces import in_can_tho

store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)


async def test_a_letter_that_failed_is_not_called_sent(store: Store) -> None:
    """No connection: the letter stays planned, the attempt is on record, and the next try brings it."""
    letter_id = plan(store, "nhắc", join(store, "Lan", str(LAN)))
    channel = ScriptedChannel()
    channel.complain_once(SendFailed("no route", written=False))
    post = post_of(store, channel)

    assert await post.drain(NOW) == 1
    assert outcomes(store, letter_id) == [(1, "not_sent"), (2, "accepted")]
    assert len(channel.arrived) == 1


async def test_a_failing_letter_is_not_overtaken_in_its_chat(store: Store) -> None:
    """The first of three letters to Lan fails for the moment: the drain ends, and later all three come in order."""
    lan = join(store, "Lan", str(LAN))
    ids = [plan(store, f"tin {n}", lan) for n in range(3)]
    channel = ScriptedChannel()
    channel.complain_once(SendFailed("no route", written=False))

    assert await post_of(store, channel, patience=3600.0).drain(NOW) == 0
    assert [state(store, one) for one in ids] == ["planned"] * 3
    store.write_now(_end_pauses)
    assert await post_of(store, channel).drain(NOW) == 3
    assert [letter.id for letter in channel.arrived] == ids


def _end_pauses(book: Book) -> None:
    book.letters.pace.forget_old(wall() + timedelta(days=30))
    with book.savepoint() as inside:
        inside.connection.exec_driver_sql("UPDATE letter SET lease_until = NULL")


async def test_a_pause_holds_for_every_sender(store: Store) -> None:
    """A 429 of a minute: neither this post nor another on the same store sends, to nobody, until it is over."""
    ids = [plan(store, f"tin {n}", join(store, f"Lan {n}", f"telegram:1:{n}")) for n in range(3)]
    channel, other = ScriptedChannel(), ScriptedChannel()
    channel.complain_once(SendFailed("Too Many Requests", retry_at=wall() + timedelta(minutes=1), written=False))
    assert await post_of(store, channel).drain(NOW) == 0
    assert await post_of(store, other).drain(NOW) == 0
    assert (len(channel.tried), other.tried) == (1, [])
    assert [state(store, one) for one in ids] == ["planned"] * 3

    store.write_now(_end_pauses)
    assert await post_of(store, other).drain(NOW) == 3


async def test_a_blocked_address_falls_over_and_the_clerk_hears(store: Store) -> None:
    """Lan blocked the bot on Telegram: the letter comes on Zalo, and Hoa is told once, however many letters."""
    lan = join(store, "Lan", str(LAN), "zalo:9:3f", phone="0912 345 678")
    join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE)
    ids = [plan(store, f"tin {n}", lan) for n in range(2)]
    telegram, zalo = ScriptedChannel(), ScriptedChannel("zalo", "9")
    telegram.script = lambda letter: SendFailed("bot was blocked", permanent=True) if letter.to == LAN else None
    post = post_of(store, telegram, zalo)
    await post.drain(NOW)

    assert [letter.id for letter in zalo.arrived] == ids
    assert len([letter for letter in telegram.tried if letter.to == LAN]) == 1
    (told,) = telegram.texts
    assert told.startswith("Không gửi được tin cho Lan (Bình Hòa) qua Telegram: người này đã chặn")
    assert told.endswith("Từ nay tin được gửi qua Zalo.")
    assert outcomes(store, ids[0]) == [(1, "refused"), (2, "accepted")]


@pytest.mark.parametrize("deputy", [True, False], ids=["a deputy", "nobody else"])
async def test_what_a_blocked_contact_could_not_hear_is_for_who_stands_in(store: Store, deputy: bool) -> None:
    """Lan blocked the bot, as her reminder of 07:30 finds: Minh gets it; with no deputy it stays with the clerk."""
    lan = join(store, "Lan", str(LAN))
    minh = join(store, "Minh", "telegram:1:12", role=Role.DEPUTY) if deputy else None
    join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE)
    office, begin, slot = Office(store), at("2025-09-12", "09:00"), at("2025-09-16", "07:30")
    office.sweep(begin)
    office.give("T02", "2025-09-15", "30712", now=begin)
    office.sweep(slot)
    channel = ScriptedChannel()
    channel.script = lambda letter: SendFailed("bot was blocked", permanent=True) if letter.to == LAN else None
    await post_of(store, channel, composers=COMPOSERS).drain(slot)

    arrived = {one.to.peer: one.text for one in channel.arrived}
    assert set(arrived) == ({"12", "50"} if deputy else {"50"})
    assert ("Việc T02" in arrived.get("12", "")) == deputy
    heard = [(row["person_id"], row["state"]) for row in office.reminders() if row["person_id"] in (lan, minh)]
    assert heard == ([(lan, "cancelled"), (minh, "sent")] if deputy else [(lan, "sent")])


async def test_a_reminder_behind_the_letter_that_found_out_is_not_lost_either(store: Store) -> None:
    """A letter to Lan finds that she blocked the bot; her reminder waited behind it: Minh gets that, she no more."""
    lan = join(store, "Lan", str(LAN))
    join(store, "Minh", "telegram:1:12", role=Role.DEPUTY)
    office, begin, slot = Office(store), at("2025-09-12", "09:00"), at("2025-09-16", "07:30")
    office.sweep(begin)
    office.give("T02", "2025-09-15", "30712", now=begin)
    store.write_now(
        lambda book: book.letters.plan("việc mới", LetterKind.ASSIGNMENT, slot, person_id=lan, text="Việc mới")
    )
    office.sweep(slot)
    channel = ScriptedChannel()
    channel.script = lambda letter: SendFailed("bot was blocked", permanent=True) if letter.to == LAN else None
    await post_of(store, channel, composers=COMPOSERS).drain(slot)

    assert [(one.to.peer, one.text) for one in channel.tried if one.to == LAN] == [(LAN.peer, "Việc mới")]
    assert [one.to.peer for one in channel.arrived] == ["12"]
    assert [row["state"] for row in office.letters() if row["person_id"] == lan] == ["refused", "held"]


async def test_nobody_left_to_reach_is_told_with_the_telephone(store: Store) -> None:
    """Lan's only address is gone: her letter is refused, and the clerk is asked to call, in working hours."""
    lan = join(store, "Lan", str(LAN), phone="0912 345 678")
    join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE)
    letter_id = plan(store, "trả lời", lan, LetterKind.ANSWER)
    channel = ScriptedChannel()
    channel.complain_once(SendFailed("chat not found", permanent=True))
    friday_night = NOW.replace(hour=14)
    await post_of(store, channel).drain(friday_night)
    assert (state(store, letter_id), channel.texts) == ("refused", [])

    await post_of(store, channel).drain(NOW + timedelta(days=3))
    assert [text.endswith("Xin liên hệ trực tiếp: 0912 345 678.") for text in channel.texts] == [True]


async def test_a_used_up_quota_leaves_answers_their_way(store: Store) -> None:
    """The month's messages are used up: reminders wait for the next window, an answer is still tried and arrives."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    reminders = [plan(store, f"nhắc {n}", lan) for n in range(2)]
    channel = ScriptedChannel()
    channel.complain_once(SendFailed("quota exceeded", quota=True, written=False))
    post = post_of(store, channel)
    assert await post.drain(NOW) == 0
    answer = plan(store, "trả lời", minh, LetterKind.ANSWER)

    assert await post.drain(NOW) == 1
    assert state(store, answer) == "accepted"
    assert [state(store, one) for one in reminders] == ["planned", "planned"]


async def test_a_dead_token_stops_its_account_alone(store: Store) -> None:
    """401: that bot sends nothing more and all its letters stay planned; the other bot goes on."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "zalo:9:12")
    dead = [plan(store, f"tin {n}", lan) for n in range(3)]
    alive = plan(store, "của Minh", minh)
    telegram, zalo = ScriptedChannel(), ScriptedChannel("zalo", "9")
    telegram.script = lambda letter: SendFailed("Unauthorized", unauthorized=True, written=False)
    post = post_of(store, telegram, zalo)
    await run_until(post, until=lambda: zalo.arrived and post.stopped)

    assert post.stopped == {("telegram", "1")}
    assert [state(store, one) for one in dead] == ["planned"] * 3
    assert (len(telegram.tried), state(store, alive)) == (1, "accepted")

    renewed = ScriptedChannel()
    assert await post_of(store, renewed).drain(NOW) == 3


async def test_a_group_that_moved_is_followed_once(store: Store) -> None:
    """The platform gives a new chat id: the same letter goes there, once."""
    letter_id = plan(store, "nhắc", join(store, "Lan", str(LAN)))
    channel = ScriptedChannel()
    channel.complain_once(SendFailed("migrated", moved_to="-100777", written=False))
    assert await post_of(store, channel).drain(NOW) == 1
    assert [letter.to.peer for letter in channel.arrived] == ["-100777"]
    assert outcomes(store, letter_id) == [(1, "moved"), (2, "accepted")]


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_a_group_that_moved_to_another_persons_takes_no_letter_there(store: Store, elsewhere: bool) -> None:
    """Minh, of this province or the next, sits in the new chat: Lan's letter is not read there, and Hoa hears."""
    with in_can_tho(store) if elsewhere else nullcontext():
        join(store, "Minh", "telegram:1:-200", unit="30760")
    lan = join(store, "Lan", str(LAN), "zalo:9:3f")
    join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE)
    letter_id = plan(store, "nhắc", lan)
    telegram, zalo = ScriptedChannel(), ScriptedChannel("zalo", "9")
    telegram.script = lambda one: SendFailed("moved", moved_to="-200", written=False) if one.to == LAN else None
    await post_of(store, telegram, zalo).drain(NOW)

    assert [one.id for one in zalo.arrived] == [letter_id]
    assert [one.to.peer for one in telegram.arrived] == ["50"]
    assert outcomes(store, letter_id) == [(1, "refused"), (2, "accepted")]


async def test_a_letter_the_platform_will_not_take_blocks_nobody(store: Store) -> None:
    """Refused for its own content: it is given up with the reason, and the next letter goes at once."""
    lan = join(store, "Lan", str(LAN))
    bad, good = plan(store, "hỏng", lan), plan(store, "lành", lan)
    channel = ScriptedChannel()
    channel.complain_once(SendFailed("refused the letter: message is too odd", written=False))

    await post_of(store, channel).drain(NOW)
    await post_of(store, channel).drain(NOW)
    assert (state(store, bad), state(store, good)) == ("refused", "accepted")
    assert row(store, bad)["why"] == "refused the letter: message is too odd"


async def test_a_doubtful_reminder_comes_once_more_and_says_so(store: Store) -> None:
    """The answer was lost after the bytes left: it goes again silently, marked, in the reader's language."""
    lan = join(store, "Lan", str(LAN))
    jane = join(store, "Jane", "telegram:1:12", language="en")
    plan(store, "nhắc", lan)
    plan(store, "reminder", jane, says="Due Saturday.")
    channel = ScriptedChannel()
    seen: set[int] = set()
    channel.script = lambda letter: None if letter.id in seen else seen.add(letter.id) or SendFailed("timed out")
    assert await post_of(store, channel).drain(NOW) == 2

    assert [(letter.text, letter.silent) for letter in channel.arrived] == [
        ("(Gửi lại)\nTin nhắc", True),
        ("(Sent again)\nDue Saturday.", True),
    ]
    shown = store.read_now(lambda book: book.letters.of_peer(LAN))
    assert [one.text for one in shown] == ["(Gửi lại)\nTin nhắc"]


async def test_a_broken_channel_leaves_doubt_not_loss(store: Store) -> None:
    """An error no channel may raise counts like a lost answer: an assignment is held, nothing is called sent."""
    letter_id = plan(store, "giao việc", join(store, "Lan", str(LAN)), LetterKind.ASSIGNMENT)
    channel = ScriptedChannel()
    channel.script = lambda letter: ZeroDivisionError()
    assert await post_of(store, channel).drain(NOW) == 0
    assert (state(store, letter_id), row(store, letter_id)["why"]) == ("held", "doubtful: ZeroDivisionError")


@pytest.mark.parametrize("left_as", ["planned", "claimed", "sending"])
async def test_a_new_post_takes_up_what_the_dead_one_left(store: Store, left_as: str) -> None:
    """Whichever state a sender died in, the next one on this machine brings every letter, at once."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    ids = [plan(store, "nhắc Lan", lan), plan(store, "nhắc Minh", minh)]
    dead = opening.dead_sender()
    if left_as != "planned":
        for one in claim(store, at=wall(), worker=dead):
            if left_as == "sending":
                assert opening.begin(store, one, wall())
    channel = ScriptedChannel()
    assert await post_of(store, channel).drain(NOW) == 2

    mark = "(Gửi lại)\n" if left_as == "sending" else ""
    assert channel.texts == [f"{mark}Tin nhắc Lan", f"{mark}Tin nhắc Minh"]
    first = [(1, "doubtful")] if left_as == "sending" else []
    assert [outcomes(store, one)[:-1] for one in ids] == [first, first]


async def test_a_living_senders_letters_are_left_alone(store: Store) -> None:
    """What another post has in its hands is not taken from it before its lease is over."""
    plan(store, "nhắc", join(store, "Lan", str(LAN)))
    (one,) = claim(store, at=wall())
    assert opening.begin(store, one, wall())
    channel = ScriptedChannel()

    assert await post_of(store, channel).drain(NOW) == 0
    assert channel.tried == []


async def test_a_silent_platform_is_asked_before_another_letter_is_risked(store: Store) -> None:
    """A reminder's answer never came: the platform itself is asked until it is there; then it goes once more."""
    letter_id = plan(store, "nhắc", join(store, "Lan", str(LAN)))
    channel = ScriptedChannel()
    channel.complain_once(SendFailed("no answer"))
    channel.away = 5
    await run_until(post_of(store, channel), until=lambda: channel.arrived)

    assert (channel.probed, len(channel.tried)) == (6, 2)
    assert outcomes(store, letter_id) == [(1, "doubtful"), (2, "accepted")]
