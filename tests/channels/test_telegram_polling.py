"""Polling: an update is confirmed only once its message is committed."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.channels.telegram import TelegramChannel
from bot.messages import Address, Button, Incoming, Letter, SendFailed
from tests.channels.bench import LAN, Notebook, heard
from tests.fake_bot_api.account import Person
from tests.fake_bot_api.faults import Fault
from tests.fake_bot_api.server import TOKEN, FakeBotApi

MINH = Person(602, "Minh")


async def until(true: object) -> None:
    """Wait for what another task brings about."""
    async with asyncio.timeout(20):
        while not true():  # type: ignore[operator]
            await asyncio.sleep(0.005)


async def test_telegram_is_told_only_after_the_commit(fake: FakeBotApi, door: Notebook, listening: None) -> None:
    """While the store still works, Telegram keeps the update; afterwards it lets go of it."""
    door.hold = asyncio.Event()
    fake.account.says(LAN, "1 xong")
    await until(lambda: door.tries)
    assert len(fake.account.updates) == 1
    door.hold.set()
    await door.until(1)
    await until(lambda: not fake.account.updates)


async def test_a_kill_between_commit_and_confirmation_brings_the_same_message_again(
    fake: FakeBotApi, telegram: TelegramChannel, door: Notebook
) -> None:
    """A poller that died after the commit leaves the update with Telegram, and its successor sees the same id."""
    fake.account.says(LAN, "1 xong")
    await telegram._poll(door, None)
    successor = TelegramChannel(TOKEN, api_url=fake.url, poll_seconds=1)
    await successor.open()
    await successor._poll(door, None)
    await successor.close()
    assert len(door.kept) == 2
    assert door.kept[0] == door.kept[1]


async def test_those_before_a_message_that_is_not_stored_are_confirmed(
    fake: FakeBotApi, telegram: TelegramChannel, door: Notebook
) -> None:
    """Trouble with the second message neither repeats the first nor loses the third."""
    for text in ("một", "hai", "ba"):
        fake.account.says(LAN, text)
    refused = iter([False, True, False, False])

    class Moody(Notebook):
        async def receive(self, incoming: Incoming) -> None:
            self.refusals = int(next(refused))
            await super().receive(incoming)

    moody = Moody()
    async with heard(telegram, moody):
        kept = await moody.until(3)
    assert [message.text for message in kept] == ["một", "hai", "ba"]
    assert [message.text for message in moody.tries] == ["một", "hai", "hai", "ba"]


async def test_an_outage_of_the_store_is_logged_once(
    fake: FakeBotApi, telegram: TelegramChannel, door: Notebook, caplog: pytest.LogCaptureFixture
) -> None:
    """However often messages come again, one traceback tells of it, and each refusal is counted."""
    door.refusals = 5
    fake.account.says(LAN, "1 xong")
    async with heard(telegram, door):
        await door.until(1)
    assert caplog.text.count("messages can't be stored") == 1
    assert telegram.counts["not_stored"] == 5


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    fake: FakeBotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Bot API server of the province's own, on the same host, is reached directly."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    channel = TelegramChannel(TOKEN, api_url=fake.url)
    await channel.open()
    await channel.close()
    assert channel.username == fake.account.username


async def test_one_chats_trouble_is_not_anothers(fake: FakeBotApi, telegram: TelegramChannel) -> None:
    """While Lan's message can't be stored, Minh's is; nothing after hers is confirmed, and no order is lost."""

    class LanFails(Notebook):
        async def receive(self, incoming: Incoming) -> None:
            self.refusals = int(incoming.sender.peer == str(LAN.id) and len(self.tries) < 6)
            await super().receive(incoming)

    door = LanFails()
    for who, text in ((LAN, "Lan 1"), (MINH, "Minh 1"), (LAN, "Lan 2"), (MINH, "Minh 2")):
        fake.account.says(who, text)
    async with heard(telegram, door):
        await until(lambda: not fake.account.updates)
    firsts = list(dict.fromkeys(message.text for message in door.kept))
    assert [text for text in firsts if "Lan" in text] == ["Lan 1", "Lan 2"]
    assert firsts[:2] == ["Minh 1", "Minh 2"]


async def test_a_malformed_update_holds_up_nobody(
    fake: FakeBotApi, telegram: TelegramChannel, door: Notebook, listening: None
) -> None:
    """Broken, unknown and hostile updates are counted and passed over; their neighbours arrive."""
    fake.account.says(LAN, "trước")
    for broken in (
        {"message": {"message_id": "x"}},
        {"message": 5},
        "no object at all",
        None,
        {"brand_new_kind": {}},
        {"message": {"message_id": 1, "from": {"id": 1, "is_bot": False}, "chat": {"id": 1}, "date": 10**40}},
    ):
        fake.account.hand_in(broken)
    fake.account.says(MINH, "sau")
    assert [message.text for message in await door.until(2)] == ["trước", "sau"]
    assert (telegram.counts["malformed"], telegram.counts["ignored"]) == (5, 1)
    await until(lambda: not fake.account.updates)


async def test_update_numbers_may_start_anew_below_the_old_ones(
    fake: FakeBotApi, telegram: TelegramChannel, door: Notebook
) -> None:
    """After a quiet week numbers begin anywhere; a poller that starts then misses nothing."""
    fake.account.says(LAN, "tuần trước")
    offset = await telegram._poll(door, None)
    await telegram._bot.raw_updates(offset, 0)
    fake.account.restart_ids(at=5)
    fake.account.says(LAN, "tuần này")
    await telegram._poll(door, None)
    assert [message.text for message in door.kept] == ["tuần trước", "tuần này"]


async def test_a_webhook_left_over_is_removed_and_nothing_waiting_is_dropped(fake: FakeBotApi, door: Notebook) -> None:
    """A bot that once had a webhook can be polled at once, with what people wrote meanwhile."""
    fake.account.webhook = {"url": "https://old.example/telegram", "secret_token": "", "max_connections": 1}
    fake.account.says(LAN, "1 xong")
    channel = TelegramChannel(TOKEN, api_url=fake.url, poll_seconds=1)
    await channel.open()
    await channel._poll(door, None)
    await channel.close()
    assert [message.text for message in door.kept] == ["1 xong"]
    assert fake.account.webhook == {}


async def test_a_second_poller_stands_by_and_takes_over(
    fake: FakeBotApi, telegram: TelegramChannel, door: Notebook, listening: None
) -> None:
    """409 is no failure, and no outage: who is replaced waits, tries again, and serves once the other is gone."""
    await until(lambda: fake.account.pollers == 1)
    other = TelegramChannel(TOKEN, api_url=fake.url, poll_seconds=0)
    await other.open()
    await other._poll(Notebook(), None)
    await until(lambda: telegram.counts["conflict"])
    assert telegram.heard_at is not None
    await other.close()
    fake.account.says(LAN, "1 xong")
    assert (await door.until(1))[0].text == "1 xong"


@pytest.mark.parametrize("kind", ["500", "502", "429", "drop_before", "accept_then_drop", "junk", "block_page", "401"])
async def test_polling_outlives_every_trouble(
    kind: str, fake: FakeBotApi, telegram: TelegramChannel, door: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After any failed poll the next one brings what was waiting, once each."""
    fake.timetable.plan([Fault(kind, method="getUpdates", times=2, value=0.01 if kind == "429" else None)])
    fake.account.says(LAN, "1 xong")
    telegram._patience = 0.0001
    async with heard(telegram, door):
        assert [message.text for message in await door.until(1)] == ["1 xong"]


async def test_a_tap_is_kept_then_its_spinner_stopped(
    fake: FakeBotApi, telegram: TelegramChannel, door: Notebook, listening: None
) -> None:
    """A tap arrives with the button's data and the message it stood under; only then Telegram hears an answer."""
    lan = Address("telegram", telegram.account, str(LAN.id))
    sent = await telegram.send(Letter(1, lan, "1. Báo cáo", (Button("Đã xong", "41:1:done"),)))
    door.refusals = 1
    tap = fake.account.taps(LAN, int(sent.platform_id), "Đã xong")
    (message,) = await door.until(1)
    assert (message.id, message.button, message.reply_to) == (f"c:{tap}", "41:1:done", sent.platform_id)
    await until(lambda: fake.account.answered_taps == [tap])


async def test_a_spinner_that_can_not_be_stopped_disturbs_nobody(
    fake: FakeBotApi, telegram: TelegramChannel, door: Notebook, listening: None
) -> None:
    """The tap's effect does not hang on Telegram's taking the answer (after a while it refuses)."""
    fake.timetable.plan([Fault("400", method="answerCallbackQuery", times=9, value="Bad Request: query is too old")])
    lan = Address("telegram", telegram.account, str(LAN.id))
    sent = await telegram.send(Letter(1, lan, "1. Báo cáo", (Button("Đã xong", "41:1:done"),)))
    fake.account.taps(LAN, int(sent.platform_id), "Đã xong")
    fake.account.says(LAN, "2 xong")
    assert [message.button for message in await door.until(2)] == ["41:1:done", None]


async def test_an_album_arrives_as_one_set(
    fake: FakeBotApi, telegram: TelegramChannel, door: Notebook, listening: None
) -> None:
    """Each photo of an album names it, comes in its best resolution, and is fetched byte for byte."""
    pages = [bytes([number]) * 4000 for number in (1, 2)]
    fake.account.photo(LAN, pages[0], caption="1 xong", album="77")
    fake.account.photo(LAN, pages[1], album="77")
    first, second = await door.until(2)
    assert (first.album, second.album, first.text) == ("77", "77", "1 xong")
    assert [await telegram.fetch(message.files[0], 10_000) for message in (first, second)] == pages


async def test_an_edit_is_a_message_of_its_own(fake: FakeBotApi, door: Notebook, listening: None) -> None:
    """A corrected text comes after the first one, under another id, naming what it corrects."""
    typed = fake.account.says(LAN, "1 70%", date=1757894400)
    fake.account.edits(LAN, typed, "1 xong", date=1757894460)
    first, second = await door.until(2)
    assert (first.id, second.id) == (f"m:{LAN.id}:{typed}:0", f"m:{LAN.id}:{typed}:1757894460")
    assert (second.edits, second.text) == (str(typed), "1 xong")


async def test_a_dead_token_is_told_at_once(fake: FakeBotApi) -> None:
    """A revoked or mistyped token stops the account when it opens, and the failure does not name it."""
    wrong = "7000000009:AAWrong_token_that_nobody_ever_gave_out"
    channel = TelegramChannel(wrong, api_url=fake.url)
    with pytest.raises(SendFailed) as failed:
        await channel.open()
    await channel.close()
    assert failed.value.unauthorized
    assert wrong not in repr(failed.value)


async def test_a_probe_tells_and_changes_nothing(fake: FakeBotApi) -> None:
    """Asked by doctor: whether the token is known, whether Telegram is there; a webhook in use stays as it is."""
    fake.account.webhook = {"url": "https://nhacviec.example/telegram/7000000001"}
    await TelegramChannel(TOKEN, api_url=fake.url).probe()
    assert list(fake.calls) == [("getMe", 200)]
    with pytest.raises(SendFailed) as dead:
        await TelegramChannel("7000000009:AAWrong_token_of_nobody", api_url=fake.url).probe()
    with pytest.raises(SendFailed) as away:
        await TelegramChannel(TOKEN, api_url="http://127.0.0.1:1").probe()
    assert (dead.value.unauthorized, away.value.unauthorized) == (True, False)


async def test_a_dead_network_at_the_start_is_waited_out(
    fake: FakeBotApi, door: Notebook, caplog: pytest.LogCaptureFixture
) -> None:
    """A bot started before its network comes up says so once, and serves as soon as it can."""
    fake.timetable.plan([Fault("drop_before", method="getMe", times=3)])
    channel = TelegramChannel(TOKEN, api_url=fake.url, patience=0.01, poll_seconds=1)
    with caplog.at_level(logging.WARNING):
        await channel.open()
    await channel.show_commands({"vi": [("tonghop", "Tổng hợp")]})
    assert channel.join_link("DK2345") is None
    fake.account.says(LAN, "1 xong")
    async with heard(channel, door):
        await door.until(1)
    await channel.close()
    assert channel.join_link("DK 23-45") == f"https://t.me/{fake.account.username}?start=DK2345"
    assert "not reached yet" in caplog.text
    assert set(fake.account.commands) == {"", "vi"}


async def test_the_commands_menu_comes_in_every_language(fake: FakeBotApi, telegram: TelegramChannel) -> None:
    """The first language serves everybody whose own language has no menu."""
    await telegram.show_commands({"vi": [("tonghop", "Tổng hợp")], "en": [("tonghop", "Summary")]})
    labels = {code: [one["description"] for one in menu] for code, menu in fake.account.commands.items()}
    assert labels == {"": ["Tổng hợp"], "vi": ["Tổng hợp"], "en": ["Summary"]}


async def test_a_menu_that_fails_stops_nothing(fake: FakeBotApi, telegram: TelegramChannel) -> None:
    """Menus are a convenience: where one can't be set, the others are."""
    fake.timetable.plan([Fault("400", method="setMyCommands", times=1)])
    await telegram.show_commands({"vi": [("tonghop", "Tổng hợp")], "en": [("tonghop", "Summary")]})
    assert set(fake.account.commands) == {"vi", "en"}


@pytest.mark.parametrize("token", ["", "abc", "123", "123:", "x:AAA", "1:A B", "١:AAAA"])
def test_what_is_no_token_is_refused_without_being_shown(token: str) -> None:
    """A broken setting is told in words, never by its value."""
    with pytest.raises(ValueError, match="BotFather") as refused:
        TelegramChannel(token)
    assert token not in str(refused.value) or len(token) < 4
