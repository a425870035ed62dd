"""The post brings letters to the channels, and what it can't bring it neither loses nor calls sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.channels.port import Limits
from bot.clock import Clock, wall
from bot.contacts import Role
from bot.messages import Address, Attachment, Choice, LetterKind, Outgoing, SendFailed, text
from bot.post import Post, Renderer
from bot.post_ready import Composer
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.letters import LetterToCompose
from tests.scripted_channel import FAST, ScriptedChannel
from tests.store import opening
from tests.store.opening import LAN, NOW, claim, join, outcomes, plan, row

kept_database = pytest.fixture(scope="session")(opening.kept_database)
kept_file = pytest.fixture(scope="session")(opening.kept_file)
store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)


def post_of(
    store: Store,
    *channels: ScriptedChannel,
    composers: Mapping[str, Composer] | None = None,
    renderers: Mapping[str, Renderer] | None = None,
    patience: float = 0.0,
) -> Post:
    """A post whose civil time is the morning of 12/9/2025."""
    by_account = {channel.key: channel for channel in channels}
    clock = Clock(NOW - wall())
    return Post(store, by_account, composers or {}, renderers or {}, clock, poll=0.01, patience=patience)


def state(store: Store, letter_id: int) -> str:
    found: str = row(store, letter_id)["state"]
    return found


async def run_until(post: Post, *, until: Any, stop: asyncio.Event | None = None) -> None:
    """Let the post run until something holds; a minute at most."""
    stop = stop or asyncio.Event()
    running = asyncio.create_task(post.run(stop))
    try:
        async with asyncio.timeout(60):
            while not until():
                await asyncio.sleep(0.005)
    finally:
        stop.set()
        await running


async def test_what_is_due_goes_in_the_order_of_planning(store: Store) -> None:
    """A drain sends all of it, one after the other by id, and says how many; what falls due later stays."""
    people = [join(store, name, f"telegram:1:{name}") for name in ("Lan", "Minh")]
    ids = [plan(store, f"tin {n}", people[n % 2]) for n in range(7)]
    later = {"person_id": people[0], "text": "mai", "not_before": NOW + timedelta(days=1)}
    store.write_now(lambda book: book.letters.plan("mai", LetterKind.REMINDER, NOW, **later))
    channel = ScriptedChannel()

    assert await post_of(store, channel).drain(NOW) == 7
    assert [letter.id for letter in channel.arrived] == ids
    assert channel.texts[0] == "Tin tin 0"
    assert row(store, ids[0])["settled_at"] == NOW


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


async def test_nobody_left_to_reach_is_told_with_the_telephone(store: Store) -> None:
    """Lan's only address is gone: her letter is refused, and the clerk is asked to call, in working hours."""
    lan = join(store, "Lan", str(LAN), phone="0912 345 678")
    join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE)
    letter_id = plan(store, "nhắc", lan)
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


def slot(store: Store, person_id: int, name: str = "slot") -> int:
    letter_id = store.write_now(
        lambda book: book.letters.plan(
            f"{name}:{person_id}", LetterKind.REMINDER, NOW, person_id=person_id, recipe={"name": name}
        )
    )
    assert letter_id is not None
    return letter_id


async def test_a_slot_letter_is_put_together_at_the_claim(store: Store) -> None:
    """Worded for its reader with buttons; text, listing and buttons stand in the ledger afterwards."""
    lan = join(store, "Lan", str(LAN))
    letter_id = slot(store, lan)

    def compose(book: Book, letter: LetterToCompose, now: datetime) -> Outgoing:
        assert (letter.person_id, letter.recipe, now) == (lan, {"name": "slot"}, NOW)
        says = text("plain", text="1. Rà soát hộ nghèo")
        return Outgoing(lan, says, letter.once, LetterKind.REMINDER, (Choice(text("plain", text="Xong"), "1 xong"),))

    channel = ScriptedChannel()
    await post_of(store, channel, composers={"slot": compose}).drain(NOW)
    kept = row(store, letter_id)
    listing = store.read_now(lambda book: book.talks.listing(kept["listing_id"], lan))

    assert channel.texts == ["1. Rà soát hộ nghèo"]
    assert [button.label for button in channel.arrived[0].buttons] == ["Xong"]
    assert listing is not None
    assert listing.choices == ("1 xong",)
    assert kept["text"] == "1. Rà soát hộ nghèo"


async def test_a_slot_letter_with_nothing_left_to_say_is_cancelled(store: Store) -> None:
    """The reminders behind it were cancelled (reported, a new due): no letter goes, and it is not tried again."""
    letter_id = slot(store, join(store, "Lan", str(LAN)))
    channel = ScriptedChannel()
    post = post_of(store, channel, composers={"slot": lambda book, letter, now: None})

    assert (await post.drain(NOW), await post.drain(NOW)) == (0, 0)
    assert (state(store, letter_id), channel.tried) == ("cancelled", [])


async def test_a_letter_that_cannot_be_made_keeps_back_no_other(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """A composer that fails, and one that is missing: both letters are held with the reason, Minh's goes."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    broken, missing = slot(store, lan), slot(store, lan, "poem")
    plan(store, "của Minh", minh)

    def fail(book: Book, letter: LetterToCompose, now: datetime) -> Outgoing:
        book.letters.plan("rác", LetterKind.ANSWER, now, person_id=minh, text="rác")
        raise LookupError("no such assignment")

    channel = ScriptedChannel()
    await post_of(store, channel, composers={"slot": fail}).drain(NOW)

    assert channel.texts == ["Tin của Minh"]
    assert (state(store, broken), state(store, missing)) == ("held", "held")
    assert row(store, missing)["why"] == "nobody puts 'poem' together"


async def test_a_text_over_the_limit_is_divided_never_cut(store: Store) -> None:
    """A list of 102 communes over a channel's limit: every line arrives, in order, each message under the limit."""
    whole = "\n".join(f"{number}. Xã Mỹ Hòa Hưng {number}: chưa báo cáo" for number in range(1, 103))
    plan(store, "xã nào trễ", join(store, "Lan", str(LAN)), LetterKind.ANSWER, says=whole)
    channel = ScriptedChannel(limits=Limits(500, buttons=True, files=True, per_second=2000, per_chat_second=5000))
    await post_of(store, channel).drain(NOW)

    assert "\n".join(channel.texts) == whole
    assert len(channel.texts) > 5
    assert all(len(part.encode("utf-16-le")) // 2 <= 500 for part in channel.texts)


async def test_a_file_is_made_when_it_is_sent(store: Store) -> None:
    """A summary with its chart: a text longer than a caption goes before it, the file last, made for the reader."""
    lan = join(store, "Lan", str(LAN))
    slot(store, lan)
    chart = Attachment("bieu-do.png", "image/png", {"name": "chart", "by": "unit"})

    def compose(book: Book, letter: LetterToCompose, now: datetime) -> Outgoing:
        says = text("plain", text="xã " * 500)
        return Outgoing(lan, says, letter.once, LetterKind.SUMMARY, attachment=chart)

    def render(book: Book, recipe: Mapping[str, Any], now: datetime, language: str) -> bytes:
        return f"{recipe['by']} {language} {len(book.people.units())} {now:%d/%m}".encode()

    channel = ScriptedChannel()
    await post_of(store, channel, composers={"slot": compose}, renderers={"chart": render}).drain(NOW)

    assert [(letter.file_name, letter.file) for letter in channel.arrived] == [
        (None, None),
        ("bieu-do.png", b"unit vi 3 12/09"),
    ]
    assert channel.texts[1] == ""


async def test_a_file_that_cannot_be_made_is_held(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """The chart fails: nothing is sent, the letter waits with the reason, the clerk's next one goes."""
    lan = join(store, "Lan", str(LAN))
    file = {"name": "a.png", "kind": "image/png", "recipe": {"name": "chart"}, "language": "vi"}
    letter_id = store.write_now(
        lambda book: book.letters.plan("biểu đồ", LetterKind.FILE, NOW, person_id=lan, text="", attachment=file)
    )
    assert letter_id is not None
    plan(store, "sau", lan)
    channel = ScriptedChannel()
    post = post_of(store, channel)
    await post.drain(NOW)
    await post.drain(NOW)

    assert (state(store, letter_id), channel.texts) == ("held", ["Tin sau"])


async def test_who_left_stands_in_nobodys_way(store: Store) -> None:
    """Over two hundred letters to people who withdrew stand in front: all are cancelled, Lan's behind them goes."""
    lan, gone = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")

    def crowd(book: Book) -> None:
        for number in range(210):
            book.letters.plan(f"cũ {number}", LetterKind.REMINDER, NOW, person_id=gone, text="cũ")

    store.write_now(crowd)
    plan(store, "nhắc", lan)
    store.write_now(lambda book: book.people.erase(gone, NOW))
    channel = ScriptedChannel()
    await post_of(store, channel).drain(NOW)

    assert channel.texts == ["Tin nhắc"]
    assert store.read_now(lambda book: book.letters.counts()) == {"accepted": 1, "cancelled": 210}


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


async def test_chats_go_side_by_side_each_in_order(store: Store) -> None:
    """Five letters to each of four people: several on their way at once, never two to one, none out of order."""
    people = [join(store, f"Lan {n}", f"telegram:1:{n}") for n in range(4)]
    for number in range(20):
        plan(store, f"tin {number}", people[number % 4])
    channel = ScriptedChannel()
    channel.meet = 3
    await run_until(post_of(store, channel), until=lambda: len(channel.arrived) == 20)

    assert not channel.overtaken
    assert channel.most_under_way >= 3
    for peer in {letter.to.peer for letter in channel.arrived}:
        mine = [letter.id for letter in channel.arrived if letter.to.peer == peer]
        assert mine == sorted(mine)


async def test_two_posts_on_one_store_never_send_twice(store: Store) -> None:
    """Two replicas share thirty letters: each arrives once, on one of them."""
    people = [join(store, f"Lan {n}", f"telegram:1:{n}") for n in range(10)]
    ids = [plan(store, f"tin {number}", people[number % 10]) for number in range(30)]
    other = Store(store.url, store.province_id, threads=4)
    one, two = ScriptedChannel(), ScriptedChannel()
    stop = asyncio.Event()

    def done() -> bool:
        return len(one.tried) + len(two.tried) >= 30

    async with asyncio.TaskGroup() as group:
        group.create_task(run_until(post_of(store, one), until=done, stop=stop))
        group.create_task(run_until(post_of(other, two), until=done, stop=stop))
    other.close()

    assert sorted(letter.id for letter in one.tried + two.tried) == ids
    assert store.read_now(lambda book: book.letters.counts()) == {"accepted": 30}


async def test_a_post_that_stops_gives_back_what_it_holds(store: Store) -> None:
    """Stopped in the middle of a slow account: what is on its way is settled, the rest is planned, nothing claimed."""
    slow = Limits(4096, buttons=True, files=True, per_second=2, per_chat_second=100)
    for number in range(5):
        plan(store, f"tin {number}", join(store, f"Lan {number}", f"telegram:1:{number}"))
    channel = ScriptedChannel(limits=slow)
    await run_until(post_of(store, channel), until=lambda: len(channel.arrived) == 1)

    counts = store.read_now(lambda book: book.letters.counts())
    assert counts == {"accepted": len(channel.arrived), "planned": 5 - len(channel.arrived)}
    assert counts["planned"] >= 3


async def test_a_wake_brings_an_answer_at_once(store: Store) -> None:
    """Nothing is polled for an hour; the clerk's wake, from any thread, brings the answer."""
    lan = join(store, "Lan", str(LAN))
    channel = ScriptedChannel()
    clock = Clock(NOW - wall())
    post = Post(store, {channel.key: channel}, {}, {}, clock, poll=3600)
    stop = asyncio.Event()
    running = asyncio.create_task(post.run(stop))
    await asyncio.sleep(0.05)
    plan(store, "trả lời", lan, LetterKind.ANSWER)
    await asyncio.to_thread(post.wake)
    async with asyncio.timeout(5):
        while not channel.arrived:
            await asyncio.sleep(0.005)
    stop.set()
    await running

    assert channel.texts == ["Tin trả lời"]


async def test_buttons_go_only_where_there_are_buttons(store: Store) -> None:
    """A channel without buttons gets the text alone; answering goes to the message that asked."""
    lan = join(store, "Lan", "zalo:9:3f")
    bare = Limits(2000, buttons=False, files=False, per_second=2000, per_chat_second=5000)
    to = Address.parse("zalo:9:3f")
    store.write_now(
        lambda book: book.letters.plan(
            "hỏi", LetterKind.QUESTION, NOW, person_id=lan, to=to, text="1. Có 2. Không", reply_to="m5"
        )
    )
    zalo = ScriptedChannel("zalo", "9", limits=bare)
    await post_of(store, zalo).drain(NOW)

    assert [(letter.buttons, letter.reply_to) for letter in zalo.arrived] == [((), "m5")]
    assert FAST.buttons


async def test_a_stranger_is_answered(store: Store) -> None:
    """A letter to an address where nobody known sits goes there, in the province's language."""
    to = Address.parse("telegram:1:99")
    store.write_now(lambda book: book.letters.plan("lạ", LetterKind.ANSWER, NOW, to=to, text="Mã không đúng."))
    channel = ScriptedChannel()
    await post_of(store, channel).drain(NOW)

    assert [(letter.to, letter.text) for letter in channel.arrived] == [(to, "Mã không đúng.")]
