"""The post brings letters to the channels: composed, divided, with their files, in order."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.channels.port import Limits
from bot.clock import Clock, wall
from bot.messages import Address, Attachment, Choice, LetterKind, Outgoing, text
from bot.post import Post
from bot.post_files import Renderer
from bot.store.book import Book
from bot.store.dispatch import Claimed, Dispatch
from bot.store.engine import Store
from bot.store.letters import LetterToCompose
from tests.scripted_channel import FAST, ScriptedChannel, post_of, run_until, slot, state
from tests.store import opening
from tests.store.opening import LAN, NOW, join, plan, row

store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)


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

    def gather(book: Book, recipe: Mapping[str, Any], _now: datetime) -> str:
        return f"{recipe['by']} {len(book.people.units())}"

    def render(values: str, now: datetime, language: str) -> bytes:
        return f"{values} {language} {now:%d/%m}".encode()

    channel = ScriptedChannel()
    making = {"chart": Renderer(gather, render)}
    await post_of(store, channel, composers={"slot": compose}, renderers=making).drain(NOW)

    assert [(letter.file_name, letter.file) for letter in channel.arrived] == [
        (None, None),
        ("bieu-do.png", b"unit 3 vi 12/09"),
    ]
    assert channel.texts[1] == ""


async def test_nobody_waits_while_a_file_is_made(store: Store) -> None:
    """While the chart is drawn, as many others as come can ask the book; none of its threads is kept for drawing."""
    file = {"name": "a.png", "kind": "image/png", "recipe": {"name": "chart"}, "language": "vi"}
    lan = join(store, "Lan", str(LAN))
    how = {"kind": LetterKind.FILE, "now": NOW, "person_id": lan, "text": "", "attachment": file}
    store.write_now(lambda book: book.letters.plan("biểu đồ", **how))
    drawing, goes_on = threading.Event(), threading.Event()

    def render(units: int, _now: datetime, _language: str) -> bytes:
        drawing.set()
        assert not threading.current_thread().name.startswith("store")
        assert goes_on.wait(20)
        return bytes(units)

    channel = ScriptedChannel()
    making = {"chart": Renderer(lambda book, _recipe, _now: len(book.people.units()), render)}
    sending = asyncio.create_task(post_of(store, channel, renderers=making).drain(NOW))
    assert await asyncio.to_thread(drawing.wait, 20)
    asked = await asyncio.gather(*(store.read(lambda book: book.people.knows(LAN)) for _ in range(20)))
    goes_on.set()

    assert all(asked)
    assert await sending == 1
    assert channel.arrived[0].file == bytes(3)


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


async def test_who_wrote_by_one_account_wakes_no_other(store: Store) -> None:
    """Lan's answer goes at once by the bot she wrote to; the other bots look for nothing until it is their turn."""
    channels = [ScriptedChannel(account=account) for account in ("1", "2")]
    post = Post(store, {channel.key: channel for channel in channels}, {}, {}, Clock(NOW - wall()), poll=3600)
    stop = asyncio.Event()
    running = asyncio.create_task(post.run(stop))
    await asyncio.sleep(0.05)
    for name, account in (("Lan", "1"), ("Minh", "2")):
        plan(store, name, join(store, name, f"telegram:{account}:11"), LetterKind.ANSWER)
    went = []
    for account in ("1", "2"):
        post.wake(("telegram", account))
        async with asyncio.timeout(5):
            while sum(len(channel.arrived) for channel in channels) == len(went):
                await asyncio.sleep(0.005)
        went.append([channel.texts for channel in channels])
    stop.set()
    await running

    assert went == [[["Tin Lan"], []], [["Tin Lan"], ["Tin Minh"]]]


async def test_bots_with_nothing_to_say_write_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three bots none claims while nothing is due: one look serves all. What the clock then planned for Lan goes
    without anybody's wake, and only her bot claims."""
    channels = [ScriptedChannel(account=account) for account in ("1", "2", "3")]
    claims: list[str] = []
    claim = Dispatch.claim

    def note(letters: Dispatch, channel: str, account: str, *more: Any, **named: Any) -> tuple[Claimed, ...]:
        claims.append(account)
        return claim(letters, channel, account, *more, **named)

    looks = 0
    look = Dispatch.accounts_due

    def count(letters: Dispatch, *moments: datetime) -> frozenset[tuple[str | None, str | None]]:
        nonlocal looks
        looks += 1
        return look(letters, *moments)

    monkeypatch.setattr(Dispatch, "claim", note)
    monkeypatch.setattr(Dispatch, "accounts_due", count)
    sender = post_of(store, *channels)
    at_first = len(channels)

    def done() -> bool:
        if looks >= 5 and len(claims) == at_first:
            to = Address("telegram", "2", "11")
            store.write_now(lambda book: book.letters.plan("nhắc", LetterKind.REMINDER, NOW, to=to, text="Tin nhắc"))
        return bool(channels[1].arrived)

    await run_until(sender, until=done)

    assert channels[1].texts == ["Tin nhắc"]
    assert sorted(claims[:at_first]) == ["1", "2", "3"]
    assert set(claims[at_first:]) == {"2"}


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
