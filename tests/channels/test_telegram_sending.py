"""Sending over real HTTP: what each of Telegram's answers, and each way of getting none, means for a letter."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_letters import goes_as_photo, keyboard
from bot.messages import Address, Button, FileRef, Letter, Receipt, SendFailed
from tests.channels.bench import LAN
from tests.fake_bot_api.faults import Fault
from tests.fake_bot_api.limits import StrictWindow, TolerantBucket
from tests.fake_bot_api.server import TOKEN, FakeBotApi

NOW = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)
LAN_THERE = Address("telegram", "7000000001", str(LAN.id))
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (800).to_bytes(4) + (600).to_bytes(4) + bytes(40)


def letter(text: str = "Chào chị Lan", to: Address = LAN_THERE, **more: object) -> Letter:
    return Letter(1, to, text, **more)  # type: ignore[arg-type]


async def fails(telegram: TelegramChannel, one: Letter) -> SendFailed:
    """How sending it fails."""
    with pytest.raises(SendFailed) as failed:
        await telegram.send(one)
    return failed.value


def facts(failed: SendFailed) -> dict[str, object]:
    """What is out of the ordinary about a failure; the ordinary: in doubt, to be tried again."""
    usual = SendFailed("")
    names = ("permanent", "retry_at", "quota", "written", "moved_to", "unauthorized")
    return {name: getattr(failed, name) for name in names if getattr(failed, name) != getattr(usual, name)}


REFUSED = {"written": False}
GONE = {"permanent": True, "written": False}


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("403"), GONE),
        (Fault("403", value="Forbidden: user is deactivated"), GONE),
        (Fault("403", value="Forbidden: bot can't initiate conversation with a user"), GONE),
        (Fault("403", value="Forbidden: bot was kicked from the supergroup chat"), GONE),
        (Fault("400", value="Bad Request: chat not found"), GONE),
        (Fault("400", value="Bad Request: user not found"), GONE),
        (Fault("400", value="Bad Request: PEER_ID_INVALID"), GONE),
        (Fault("400", value="Bad Request: not enough rights to send text messages to the chat"), GONE),
        (Fault("400", value="Bad Request: message is too long"), REFUSED),
        (Fault("400", value="Bad Request: BUTTON_DATA_INVALID"), REFUSED),
        (Fault("413", value="Request Entity Too Large"), REFUSED),
        (Fault("409"), REFUSED),
        (Fault("401"), {"unauthorized": True, "written": False}),
        (Fault("404"), {"unauthorized": True, "written": False}),
        (Fault("429", value=7), {"retry_at": NOW + timedelta(seconds=7), "written": False}),
        (Fault("migrate", value=-1002201), {"moved_to": "-1002201", "written": False}),
        (Fault("500"), {}),
        (Fault("502"), {}),
        (Fault("drop_before"), {}),
        (Fault("accept_then_drop"), {}),
        (Fault("junk"), {}),
        (Fault("block_page"), {}),
    ],
    ids=lambda value: f"{value.kind} {value.value or ''}" if isinstance(value, Fault) else "",
)
async def test_each_answer_means_one_thing(
    fault: Fault, expected: dict[str, object], fake: FakeBotApi, telegram: TelegramChannel
) -> None:
    """Refused by Telegram: not in doubt. No answer of its: in doubt. Only its own word ends an address."""
    telegram._now = lambda: NOW
    fake.timetable.plan([fault])
    failed = await fails(telegram, letter())
    assert facts(failed) == expected
    assert failed.why
    assert TOKEN not in repr(failed)


async def test_a_letter_refused_for_itself_says_so(fake: FakeBotApi, telegram: TelegramChannel) -> None:
    """The operator reads what was wrong with the letter; the next letter to the same person goes out."""
    fake.timetable.plan([Fault("400", value="Bad Request: message is too long")])
    assert (await fails(telegram, letter())).why.startswith("refused the letter")
    assert await telegram.send(letter()) == Receipt("1")


async def test_a_server_that_accepts_and_falls_silent_leaves_doubt(fake: FakeBotApi, telegram: TelegramChannel) -> None:
    """A time-out after the bytes left is never taken for a failure: the journal may hold the message."""
    telegram._wire._read = 0.05
    fake.timetable.plan([Fault("stall", value=5)])
    failed = await fails(telegram, letter())
    assert facts(failed) == {}
    assert len(fake.journal.sent()) == 1


async def test_an_answer_that_drips_is_not_waited_for_for_ever(
    fake: FakeBotApi, telegram: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte now and then keeps each read alive; the whole request ends all the same."""
    monkeypatch.setattr("bot.channels.telegram_wire.BEYOND", 0.05)
    telegram._wire._read = telegram._wire._connect = 0.05
    fake.timetable.plan([Fault("drip", value=0.02)])
    async with asyncio.timeout(20):
        assert facts(await fails(telegram, letter())) == {}


@pytest.mark.parametrize("api_url", ["http://127.0.0.1:1", "http://nowhere.invalid", "http://[::1]:1"])
async def test_without_a_connection_nothing_was_written(api_url: str) -> None:
    """No such host, nobody listening: certain that no byte left."""
    channel = TelegramChannel(TOKEN, api_url=api_url)
    await channel.open()
    assert facts(await fails(channel, letter())) == REFUSED
    await channel.close()
    assert facts(await fails(channel, letter())) == REFUSED


async def test_a_letter_carries_all_it_was_given(fake: FakeBotApi, telegram: TelegramChannel) -> None:
    """Buttons, the message answered and silence reach Telegram; each letter is one request."""
    typed = fake.account.says(LAN, "việc của tôi")
    buttons = (Button("Đã xong", "41:1:done"), Button("Đang làm", "41:1:doing"))
    await telegram.send(letter("1. Báo cáo", buttons=buttons, reply_to=str(typed), silent=True))
    (sent,) = fake.journal.sent()
    assert (sent["buttons"], sent["reply_to"], sent["silent"]) == (["Đã xong", "Đang làm"], typed, True)
    assert fake.calls["sendMessage", 200] == 1


async def test_the_answered_message_may_be_gone(fake: FakeBotApi, telegram: TelegramChannel) -> None:
    """A letter that answers a deleted message, or one of another platform's, is sent all the same."""
    for reply_to in ("999", "l5", ""):
        await telegram.send(letter(reply_to=reply_to))
    assert len(fake.journal.sent()) == 3


@pytest.mark.parametrize(
    ("name", "kind", "data", "method"),
    [
        ("tổng hợp.png", "image/png", PNG, "sendPhoto"),
        ("ảnh.jpg", "image/jpeg", b"\xff\xd8" + bytes(100), "sendPhoto"),
        ("tổng hợp.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK", "sendDocument"),
        ("dài.png", "image/png", PNG[:16] + (9000).to_bytes(4) + (100).to_bytes(4), "sendDocument"),
        ("giả.png", "image/png", b"no picture at all", "sendDocument"),
    ],
)
async def test_a_file_goes_with_its_text(
    name: str, kind: str, data: bytes, method: str, fake: FakeBotApi, telegram: TelegramChannel
) -> None:
    """Pictures are shown as such where Telegram would take them; everything else is a document, byte for byte."""
    buttons = (Button("Xem", "41:1:see"),)
    await telegram.send(letter("Bảng tổng hợp", file=data, file_name=name, file_kind=kind, buttons=buttons))
    (sent,) = fake.journal.sent()
    assert (sent["method"], sent["text"], sent["buttons"]) == (method, "Bảng tổng hợp", ["Xem"])
    assert fake.account.files.popitem()[1] == data
    assert sent["file"]["name"] == name


async def test_a_caption_is_never_cut(fake: FakeBotApi, telegram: TelegramChannel) -> None:
    """A file with more text than a caption holds is refused with the reason, not sent short."""
    failed = await fails(telegram, letter("ạ" * 1025, file=b"x", file_name="a.txt", file_kind="text/plain"))
    assert (facts(failed), fake.journal.sent()) == (REFUSED, [])
    await telegram.send(letter("ạ" * 1024, file=b"x", file_name="a.txt", file_kind="text/plain"))
    assert fake.journal.sent()[0]["text"] == "ạ" * 1024


@pytest.mark.parametrize("peer", ["lan", "@lan", "12 OR 1", "", "1" * 30])
async def test_an_address_of_another_kind_is_dead_here(peer: str, fake: FakeBotApi, telegram: TelegramChannel) -> None:
    """A chat is a number; anything else never reaches Telegram."""
    assert facts(await fails(telegram, letter(to=Address("telegram", "7000000001", peer)))) == GONE
    assert not fake.calls["sendMessage", 400]


def test_buttons_stand_side_by_side_while_they_fit() -> None:
    """Numbers share rows of four; long labels have rows of their own; none is lost and the order stays."""
    labels = ["1", "2", "3", "4", "5", "Xin gia hạn đến 25/9", "Đã xong", "Đang làm"]
    rows = keyboard([Button(label, label) for label in labels])["inline_keyboard"]
    assert [[key["text"] for key in row] for row in rows] == [
        ["1", "2", "3", "4"], ["5"], ["Xin gia hạn đến 25/9"], ["Đã xong", "Đang làm"]
    ]  # fmt: skip


def test_only_what_telegram_shows_goes_as_a_photo() -> None:
    """Telegram refuses photos over 10 MB, over 10,000 in width and height, or twenty times as wide as high."""
    assert goes_as_photo(PNG, "image/png")
    assert not goes_as_photo(PNG + bytes(10_000_000), "image/png")
    assert not goes_as_photo(PNG, "image/gif")
    assert not goes_as_photo(PNG[:16] + (6000).to_bytes(4) + (5000).to_bytes(4), "image/png")


async def test_a_file_over_the_bound_is_cut_off_while_it_comes(fake: FakeBotApi, telegram: TelegramChannel) -> None:
    """Whatever size was told, no more than the bound is read into memory."""
    file_id = fake.account.keep_file(bytes(300_000))
    with pytest.raises(SendFailed) as failed:
        await telegram.fetch(FileRef(file_id, "x", "y", size=10), most=100_000)
    assert failed.value.permanent


@pytest.mark.parametrize("path", ["/etc/passwd", "../../x", "http://169.254.169.254/x", "a\\..\\b", "//evil.example/x"])
async def test_a_file_comes_from_the_configured_host_alone(
    path: str, fake: FakeBotApi, telegram: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path that would lead elsewhere is not followed."""

    async def led_astray(_bot: object, _file_id: str) -> str:
        return path

    monkeypatch.setattr(type(telegram._bot), "raw_file", led_astray)
    with pytest.raises(SendFailed) as failed:
        await telegram.fetch(FileRef("x", "x", "y"), most=1000)
    assert failed.value.permanent


async def test_no_log_names_the_token(
    fake: FakeBotApi, telegram: TelegramChannel, capfd: pytest.CaptureFixture[str], redacting: Callable[[], str]
) -> None:
    """At the chattiest level, through sends, failures, downloads and tracebacks, the token stays out of every log."""
    telegram._now = lambda: NOW
    await telegram.send(letter())
    for kind in ("403", "404", "500", "drop_before", "junk", "block_page"):
        fake.timetable.plan([Fault(kind)])
        failed = await fails(telegram, letter())
        logging.getLogger("bot.post").error("not sent", exc_info=failed)
    with pytest.raises(SendFailed):
        await telegram.fetch(FileRef("none", "x", "y"), 10)
    logging.getLogger("anything").warning("asked %s", f"{fake.url}/bot{TOKEN}/getMe")
    written = redacting()
    assert "not sent" in written
    assert "getMe" in written
    assert TOKEN.partition(":")[2] not in written


def test_the_strict_model_locks_out_who_oversteps() -> None:
    """The fake's strict limit: any trailing second, then a lock-out that calls do not lengthen."""
    meter = StrictWindow(2)
    assert [meter.admit(at) for at in (0.0, 0.5, 0.9)] == [0, 0, 5.0]
    assert meter.admit(5.8) > 0
    assert meter.admit(5.95) == 0


def test_the_tolerant_model_forgives_a_burst() -> None:
    """The fake's other limit: a bucket, which costs the waiting for one token."""
    meter = TolerantBucket(2, 1)
    assert [meter.admit(at) for at in (0.0, 0.0)] == [0, 0]
    assert meter.admit(0.5) == pytest.approx(0.5)
    assert meter.admit(1.0) == 0
