"""The local channel: what a phone remembers, how live pages are woken, how a message comes in."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.channels.local import Bell, Bubble, ClockView, LocalChannel, Sent, phone_name
from bot.messages import Address, Button, FileRef, Letter, SendFailed
from bot.web.local_chat import routes
from tests.web.fake_desk import BEGIN, CODE, ZONE, EchoDoor, FakeDesk, some_time_later

LAN_ADDRESS = Address("local", "main", "lan")


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def local(desk: FakeDesk) -> LocalChannel:
    """A local channel over a desk in memory."""
    return LocalChannel(desk, ZONE, routes)


@pytest.fixture
def echo(desk: FakeDesk, local: LocalChannel) -> EchoDoor:
    """A door that answers each message with its own words."""
    door = EchoDoor(desk)
    door.channel = local
    return door


async def test_a_letter_is_receipted_and_counted_unread(local: LocalChannel) -> None:
    """The platform's id is the ledger's; the phone has one more unread, and listeners hear which phone it was."""
    rings = local.bell.listen(0, 5)
    receipt = await local.send(Letter(12, LAN_ADDRESS, "Hạn thứ Bảy 20/9", (Button("Đã nhận", "1:0:ack"),)))
    ring = await anext(rings)
    assert receipt.platform_id == "l12"
    assert local.unread["lan"] == 1
    assert ring
    assert ring.phone == "lan"


async def test_what_the_phone_and_the_store_both_know_is_shown_once(desk: FakeDesk, local: LocalChannel) -> None:
    """A letter that stands in the ledger is not shown a second time from the phone's memory."""
    desk.lay("lan", Bubble("l12", False, "Hạn thứ Bảy 20/9", BEGIN))
    await local.send(Letter(12, LAN_ADDRESS, "Hạn thứ Bảy 20/9"))
    await local.send(Letter(13, LAN_ADDRESS, "Còn 1 việc"))
    assert [bubble.id for bubble in await local.conversation("lan", 10)] == ["l12", "l13"]


async def test_letters_to_strangers_are_remembered_by_their_phone(local: LocalChannel) -> None:
    """Letters without a place in the ledger each keep an id of their own, in the order they came."""
    stranger = Address("local", "main", "khach")
    await local.send(Letter(0, stranger, "Anh/chị gửi mã tham gia."))
    await local.send(Letter(0, stranger, "Mã không đúng."))
    bubbles = await local.conversation("khach", 10)
    assert [bubble.text for bubble in bubbles] == ["Anh/chị gửi mã tham gia.", "Mã không đúng."]
    assert len({bubble.id for bubble in bubbles}) == 2


async def test_the_newest_bubbles_win(desk: FakeDesk, local: LocalChannel) -> None:
    """No more than asked for, newest kept, and nothing remembered from before the store's window slips in."""
    await local.send(Letter(0, LAN_ADDRESS, "cũ"))
    some_time_later(desk, 5)
    for number in range(4):
        desk.lay("lan", Bubble(f"l{number}", False, str(number), desk.now()))
    assert [bubble.text for bubble in await local.conversation("lan", 3)] == ["1", "2", "3"]
    assert [bubble.text for bubble in await local.conversation("lan", 9)] == ["cũ", "0", "1", "2", "3"]


async def test_a_message_comes_in_at_the_stores_time(local: LocalChannel, echo: EchoDoor) -> None:
    """Its id is the phone's own, its moment the store's, its sender named as the book names her."""
    at = await local.receive(echo, "lan", Sent("0f3c-1", "1 xong", reply_to="l12", language="vi"))
    (incoming,) = echo.received
    assert at == incoming.at == BEGIN
    assert (incoming.id, incoming.sender, incoming.reply_to) == ("lan:0f3c-1", LAN_ADDRESS, "l12")
    assert (incoming.sender_name, incoming.language_hint) == ("Nguyễn Thị Lan", "vi")


async def test_a_phone_without_a_person_is_called_by_its_unit(local: LocalChannel, echo: EchoDoor) -> None:
    """Whoever has not joined is known by the unit, or by the phone alone."""
    await local.receive(echo, "khach", Sent("0f3c-1", "xin chào"))
    await local.receive(echo, "my-thoi", Sent("0f3c-2", CODE))
    assert [incoming.sender_name for incoming in echo.received] == ["khach", "Phường Mỹ Thới"]


async def test_a_file_comes_back_as_it_was_kept(desk: FakeDesk, local: LocalChannel) -> None:
    """What the desk keeps is fetched by its ref; more than allowed, or gone, is refused for good."""
    ref = FileRef(await desk.put_file("kh.pdf", "application/pdf", b"%PDF-1.7"), "kh.pdf", "application/pdf", 8)
    assert await local.fetch(ref, 8) == b"%PDF-1.7"
    with pytest.raises(SendFailed, match="too large") as large:
        await local.fetch(ref, 7)
    with pytest.raises(SendFailed, match="gone") as gone:
        await local.fetch(FileRef("other", "kh.pdf", "application/pdf"), 8)
    assert large.value.permanent
    assert gone.value.permanent


async def test_time_only_jumps_forward(desk: FakeDesk, local: LocalChannel) -> None:
    """A jump tells every page; one backwards is refused and tells nobody."""
    await local.jump(BEGIN + timedelta(hours=1))
    with pytest.raises(ValueError, match="forward"):
        await local.jump(BEGIN)
    assert local.bell.count == 1
    assert desk.now() == BEGIN + timedelta(hours=1)


async def test_the_next_reminder_is_looked_up_once_until_something_changes(
    desk: FakeDesk, local: LocalChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time goes on meanwhile; a letter, or the reminder's own moment, asks the store again."""
    asked = []
    clock = desk.clock

    async def counted() -> ClockView | None:
        asked.append(desk.now())
        return await clock()

    monkeypatch.setattr(desk, "clock", counted)
    monkeypatch.setattr("bot.channels.local.monotonic", lambda: 1.0)
    await asyncio.gather(local.clock(), local.clock())
    some_time_later(desk, 1)
    view = await local.clock()
    assert view == ClockView(desk.now(), desk.next_reminder)
    assert len(asked) == 1
    await local.send(Letter(1, LAN_ADDRESS, "Hạn thứ Bảy 20/9"))
    await local.clock()
    assert len(asked) == 2
    desk.time, desk.next_reminder = datetime(2025, 9, 16, 7, 0, tzinfo=ZONE), None
    assert await local.clock() == await local.clock() == ClockView(desk.time, None)
    assert len(asked) == 3


async def test_a_slow_search_for_the_next_reminder_leaves_the_store_in_peace(
    desk: FakeDesk, local: LocalChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search of 2 s is not made again for 20 s, whatever is said meanwhile; a jump asks at once."""
    seconds = [100.0]
    clock = desk.clock

    async def slow() -> ClockView | None:
        seconds[0] += 2
        return await clock()

    monkeypatch.setattr(desk, "clock", slow)
    monkeypatch.setattr("bot.channels.local.monotonic", lambda: seconds[0])
    for pause, spent in ((0, 2), (19, 0), (1, 2)):
        await local.send(Letter(0, LAN_ADDRESS, "chào"))
        seconds[0] += pause
        before = seconds[0]
        await local.clock()
        assert seconds[0] - before == spent
    await local.jump(desk.now())
    await local.clock()
    assert seconds[0] == 126


async def test_the_channel_feeds_itself_by_routes_alone(local: LocalChannel, echo: EchoDoor) -> None:
    """There is nothing to poll, no link to join by, and addresses for the page."""
    await local.open()
    async with asyncio.timeout(1):
        await local.listen(echo)
    assert local.join_link(CODE) is None
    assert local.routes(echo)


async def test_a_bell_tells_what_was_missed() -> None:
    """Who comes back after a ring hears those after it, in order, and then what follows."""
    bell = Bell()
    for phone in ("lan", "minh", "hoa"):
        bell.ring(phone)
    rings = bell.listen(1, 5)
    heard = [await anext(rings), await anext(rings)]
    bell.ring(None)
    heard.append(await anext(rings))
    assert [ring.phone if ring else "-" for ring in heard] == ["minh", "hoa", None]


async def test_a_bell_knows_what_it_forgot() -> None:
    """Only a place of this very bell that is still remembered can be resumed."""
    bell = Bell()
    assert bell.resumable(bell.mark, 0)
    for _ in range(1001):
        bell.ring("lan")
    assert bell.resumable(bell.mark, 1)
    assert not bell.resumable(bell.mark, 0)
    assert not bell.resumable(bell.mark, 1002)
    assert not bell.resumable("another", 1)


async def test_a_closed_bell_lets_everybody_go() -> None:
    """Listeners end when the channel closes; in silence they are shown that the line lives."""
    bell = Bell()
    rings = bell.listen(0, 0.01)
    silence = await anext(rings)
    bell.close()
    assert silence is None
    assert [ring async for ring in rings] == []


@pytest.mark.parametrize("name", ["lan", "a", "xa-binh-hoa-2", "a" * 40])
def test_names_of_phones(name: str) -> None:
    """A phone is named by 1 to 40 of a-z, 0-9 and hyphens."""
    assert phone_name(name) == name


@pytest.mark.parametrize("name", ["", "Lan", "lan/..", "lan ", "a" * 41, "lan:2", "bình", "lan\n"])
def test_names_that_are_none(name: str) -> None:
    """Everything else is refused."""
    with pytest.raises(ValueError, match="name"):
        phone_name(name)
