"""Webhooks: who may knock, how much a body may hold, and that 200 is said only after the commit."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels import telegram_webhook
from bot.channels.telegram import TelegramChannel
from bot.web.app import application, serve
from tests.channels.bench import LAN, Notebook
from tests.fake_bot_api.faults import Fault
from tests.fake_bot_api.server import TOKEN, FakeBotApi

SECRET = "a-secret-of-the-province_57"
UPDATE = {
    "update_id": 1,
    "message": {
        "message_id": 7,
        "from": LAN.user(),
        "chat": LAN.chat(),
        "date": 1757894400,
        "text": "1 xong",
    },
}


class Well:
    """A house in which nothing is wrong."""

    async def health(self) -> dict[str, object]:
        return {}

    ready = health

    async def figures(self) -> str:
        return ""


@pytest.fixture
def hooked(fake: FakeBotApi) -> TelegramChannel:
    """A channel with a webhook, not yet opened."""
    return TelegramChannel(TOKEN, api_url=fake.url, public_url="https://nhacviec.example/", webhook_secret=SECRET)


@pytest.fixture
async def web(hooked: TelegramChannel, door: Notebook) -> AsyncIterator[httpx.AsyncClient]:
    """Our web application, asked without a network."""
    app: Starlette = application(hooked.routes(door), Well())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://nhacviec.example") as client:
        yield client


def knock(web: httpx.AsyncClient, body: object, secret: str | None = SECRET, **more: Any) -> Any:
    headers = {b"X-Telegram-Bot-Api-Secret-Token": secret.encode()} if secret is not None else {}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return web.post("/telegram/7000000001", content=more.pop("content", content), headers=headers, **more)


async def test_a_message_is_taken_with_the_secret(web: httpx.AsyncClient, door: Notebook) -> None:
    """With the right secret the message is stored and Telegram told so."""
    answer = await knock(web, UPDATE)
    assert answer.status_code == 200
    assert [message.text for message in door.kept] == ["1 xong"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "bí mật"])
async def test_nobody_else_may_knock(web: httpx.AsyncClient, door: Notebook, secret: str | None) -> None:
    """Without exactly this secret nothing is read, whatever the body says."""
    answer = await knock(web, UPDATE, secret=secret)
    assert answer.status_code == 403
    assert door.tries == []


async def test_the_secret_is_compared_in_constant_time(web: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison is the standard library's, over the whole secret, so that its time tells nothing."""
    compared = []
    standard = hmac.compare_digest

    def spy(given: bytes, expected: bytes) -> bool:
        compared.append((given, expected))
        return standard(given, expected)

    monkeypatch.setattr(telegram_webhook.hmac, "compare_digest", spy)
    assert (await knock(web, UPDATE, secret="wrong")).status_code == 403
    assert compared == [(b"wrong", SECRET.encode())]


async def test_telegram_hears_200_only_after_the_commit(web: httpx.AsyncClient, door: Notebook) -> None:
    """While the store works, the request waits."""
    door.hold = asyncio.Event()
    asking = asyncio.create_task(knock(web, UPDATE))
    while not door.tries:
        await asyncio.sleep(0)
    assert not asking.done()
    door.hold.set()
    assert (await asking).status_code == 200


async def test_what_is_not_stored_is_asked_for_again(web: httpx.AsyncClient, door: Notebook) -> None:
    """503 and Retry-After where the store failed, so that Telegram keeps the message (up to 24 h)."""
    door.refusals = 1
    answer = await knock(web, UPDATE)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert (await knock(web, UPDATE)).status_code == 200
    assert len(door.kept) == 1


async def test_a_store_that_does_not_answer_keeps_nobody_waiting(
    web: httpx.AsyncClient, door: Notebook, hooked: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writes wait for a standby that is gone, or for a lock: Telegram is told to come again, and the rest goes on."""
    monkeypatch.setattr(telegram_webhook, "PATIENCE", 0.01)
    door.hold = asyncio.Event()
    answer = await knock(web, UPDATE)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert hooked.counts["too_slow"] == 1
    door.hold = None
    assert (await knock(web, UPDATE)).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"[1]", b'{"message": 5}', b'{"update_id": 1}', b'"x"']
)
async def test_a_malformed_body_is_taken_off_the_queue(web: httpx.AsyncClient, door: Notebook, body: bytes) -> None:
    """What can never be read is answered 200, or it would block its chat for a day."""
    assert (await knock(web, body)).status_code == 200
    assert door.tries == []


async def test_a_body_over_256_kb_is_refused_unread(
    web: httpx.AsyncClient, door: Notebook, hooked: TelegramChannel
) -> None:
    """Whether its length is told or not, a body larger than any update is never parsed."""
    text = dict(UPDATE, filler="x" * 256 * 1024)
    assert (await knock(web, text)).status_code == 413

    async def dripped() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * 64 * 1024

    assert (await knock(web, b"", content=dripped())).status_code == 413
    assert door.tries == []
    assert hooked.counts["too_large"] == 2


async def test_telegram_learns_address_and_secret(fake: FakeBotApi, hooked: TelegramChannel, door: Notebook) -> None:
    """Opening sets the webhook, asking for the three kinds of update we read; there is nothing to poll then."""
    await hooked.open()
    async with asyncio.timeout(20):
        await hooked.listen(door)
    await hooked.close()
    assert fake.account.webhook["url"] == "https://nhacviec.example/telegram/7000000001"
    assert fake.account.webhook["secret_token"] == SECRET
    assert fake.account.allowed == ["message", "edited_message", "callback_query"]


async def test_a_webhook_is_set_as_soon_as_the_network_is_back(fake: FakeBotApi, door: Notebook) -> None:
    """A bot started without a network sets its webhook later, by itself."""
    fake.timetable.plan([Fault("drop_before", method="setWebhook", times=2)])
    channel = TelegramChannel(TOKEN, api_url=fake.url, public_url="https://nhacviec.example", patience=0.01)
    await channel.open()
    assert fake.account.webhook == {}
    await channel.listen(door)
    await channel.close()
    assert fake.account.webhook["url"] == "https://nhacviec.example/telegram/7000000001"


async def test_without_a_setting_the_secret_is_the_same_in_every_replica(fake: FakeBotApi, door: Notebook) -> None:
    """The derived secret depends on the token alone and does not contain it."""
    secrets = []
    for _ in range(2):
        replica = TelegramChannel(TOKEN, api_url=fake.url, public_url="https://nhacviec.example")
        await replica.open()
        await replica.close()
        secrets.append(fake.account.webhook["secret_token"])
    assert secrets[0] == secrets[1]
    assert len(secrets[0]) == 64
    assert TOKEN.partition(":")[2] not in secrets[0]


def test_a_secret_telegram_would_refuse_is_refused_here() -> None:
    """Telegram takes letters, digits, _ and - only."""
    with pytest.raises(ValueError, match="webhook secret"):
        TelegramChannel(TOKEN, webhook_secret="có dấu")


async def test_through_telegrams_own_retries_everything_arrives_once_in_order(fake: FakeBotApi, door: Notebook) -> None:
    """A store that fails for a while costs no message: the fake brings each again by Telegram's real rules."""
    door.refusals = 3
    stop, port = asyncio.Event(), asyncio.get_running_loop().create_future()
    channel = TelegramChannel(TOKEN, api_url=fake.url, public_url="http://127.0.0.1:1", webhook_secret=SECRET)
    serving = asyncio.create_task(
        serve(application(channel.routes(door), Well()), "127.0.0.1", 0, stop, bound=port.set_result)
    )
    channel._public_url = f"http://127.0.0.1:{await port}"
    await channel.open()
    for number in range(5):
        fake.account.says(LAN, f"việc {number}")
    kept = await door.until(5)
    await channel.close()
    stop.set()
    await serving
    assert [message.text for message in kept] == [f"việc {number}" for number in range(5)]
    assert fake.pushers[TOKEN].answers[503] == 3
