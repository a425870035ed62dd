"""The fake Bot API keeps Telegram's own rules, so that what is proved on it holds."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import channels
from tests.channels.bench import LAN
from tests.fake_bot_api import journal
from tests.fake_bot_api.account import Person
from tests.fake_bot_api.faults import Fault, Timetable
from tests.fake_bot_api.limits import Limits, StrictWindow, Unlimited
from tests.fake_bot_api.pusher import Pusher
from tests.fake_bot_api.server import TOKEN, FakeBotApi

ROOT = Path(channels.__file__).parents[2]
MINH = Person(602, "Minh")


@pytest.fixture
async def asked(fake: FakeBotApi) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{fake.url}/bot{TOKEN}", trust_env=False) as client:
        yield client


async def result(asked: httpx.AsyncClient, method: str, **values: Any) -> Any:
    answer = (await asked.post(method, json=values)).json()
    return answer["result"] if answer["ok"] else answer


async def test_an_update_stays_until_a_higher_offset_asks(fake: FakeBotApi, asked: httpx.AsyncClient) -> None:
    """Updates come again and again until one asks for what is after them."""
    fake.account.says(LAN, "một")
    fake.account.says(LAN, "hai")
    first = await result(asked, "getUpdates")
    assert await result(asked, "getUpdates") == first
    (second,) = await result(asked, "getUpdates", offset=first[1]["update_id"])
    assert second["message"]["text"] == "hai"
    assert await result(asked, "getUpdates", offset=second["update_id"] + 1) == []


async def test_a_long_poll_is_answered_when_somebody_writes(fake: FakeBotApi, asked: httpx.AsyncClient) -> None:
    """The poll waits, and ends with the news."""
    waiting = asyncio.create_task(result(asked, "getUpdates", timeout=5))
    while not fake.account.pollers:
        await asyncio.sleep(0.001)
    fake.account.says(LAN, "một")
    assert (await waiting)[0]["message"]["text"] == "một"


async def test_the_older_of_two_polls_hears_409(fake: FakeBotApi, asked: httpx.AsyncClient) -> None:
    """Telegram serves the newest poll and ends the older; with a webhook it serves none."""
    older = asyncio.create_task(result(asked, "getUpdates", timeout=5))
    while not fake.account.pollers:
        await asyncio.sleep(0.001)
    assert await result(asked, "getUpdates") == []
    assert (await older)["error_code"] == 409
    await result(asked, "setWebhook", url="http://127.0.0.1:1/")
    assert (await result(asked, "getUpdates"))["error_code"] == 409


async def test_limits_answer_429_and_write_nothing_down(fake: FakeBotApi, asked: httpx.AsyncClient) -> None:
    """What is refused for its pace is not in the journal."""
    fake._methods[TOKEN].limits = Limits(StrictWindow(2, lockout=3), Unlimited, Unlimited)
    answers = [await result(asked, "sendMessage", chat_id=chat, text="x") for chat in (1, 2, 3, 4)]
    assert [answer.get("error_code") for answer in answers] == [None, None, 429, 429]
    assert answers[2]["parameters"] == {"retry_after": 3}
    assert [entry["chat"] for entry in fake.journal.sent()] == [1, 2]


def test_a_seed_replays_its_faults() -> None:
    """Two runs with one seed go wrong at the same calls; another seed at others."""

    def struck(seed: int) -> list[bool]:
        timetable = Timetable([Fault("502", chance=0.3)], seed)
        return [timetable.strikes("sendMessage") is not None for _ in range(100)]

    assert struck(1) == struck(1) != struck(2)
    assert 10 < sum(struck(1)) < 50


def test_an_outage_lasts_from_then_till_then() -> None:
    """Every call of the outage fails, none before and none after; a share of them where a share is asked for."""
    now = 100.0
    timetable = Timetable([Fault("502", method="", since=10, until=20)], clock=lambda: now)
    struck = []
    for moment in (100.0, 109.9, 110.0, 119.9, 120.0):
        now = moment
        struck.append(timetable.strikes("getMe") is not None)
    assert struck == [False, False, True, True, False]

    timetable.plan([Fault("429", since=0, until=10, chance=0.5)])
    assert 20 < sum(timetable.strikes("sendMessage") is not None for _ in range(100)) < 80
    now += 10
    assert not any(timetable.strikes("sendMessage") for _ in range(100))


async def test_a_slow_answer_is_an_answer(fake: FakeBotApi, asked: httpx.AsyncClient) -> None:
    """Slow means late, not lost: the message is taken at once and the answer comes after the pause."""
    fake.timetable.plan([Fault("slow", value=0.05)])
    asking = asyncio.create_task(result(asked, "sendMessage", chat_id=1, text="x"))
    while not fake.journal.sent():
        await asyncio.sleep(0.001)
    assert not asking.done()
    assert (await asking)["message_id"] == 1


async def test_a_host_that_was_gone_is_back_at_its_address(fake: FakeBotApi, asked: httpx.AsyncClient) -> None:
    """While it is gone connections are refused; afterwards its state is as it was."""
    await result(asked, "sendMessage", chat_id=1, text="x")
    await fake.stop_listening()
    with pytest.raises(httpx.TransportError):
        await result(asked, "getMe")
    await fake.listen()
    assert (await result(asked, "sendMessage", chat_id=1, text="y"))["message_id"] == 2


async def test_a_webhook_that_fails_holds_up_its_own_chat_alone(fake: FakeBotApi) -> None:
    """One queue a chat: Lan's first message blocks her second, not Minh's."""
    came: list[str] = []
    lan_is_heard = asyncio.Event()

    async def hook(request: httpx.Request) -> httpx.Response:
        text = json.loads(request.content)["message"]["text"]
        came.append(text)
        return httpx.Response(503 if text == "Lan 1" and not lan_is_heard.is_set() else 200)

    pusher = Pusher(fake.account, scale=0.001)
    fake.account.webhook = {"url": "http://hook/", "secret_token": "s", "max_connections": 4}
    for who, text in ((LAN, "Lan 1"), (LAN, "Lan 2"), (MINH, "Minh 1")):
        fake.account.says(who, text)
    async with httpx.AsyncClient(transport=httpx.MockTransport(hook)) as client:
        slots = asyncio.Semaphore(4)
        for number, update in fake.account.updates:
            pusher._enqueue(client, "http://hook/", slots, number, update)
        while came.count("Lan 1") < 3:
            await asyncio.sleep(0.001)
        assert "Minh 1" in came
        assert "Lan 2" not in came
        lan_is_heard.set()
        await asyncio.gather(*pusher.tasks)
    assert came[-1] == "Lan 2"


async def test_a_tap_dies_sooner_than_a_text(fake: FakeBotApi) -> None:
    """Telegram keeps a tap 150 s and a text a day."""

    async def dead(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(503)

    pusher = Pusher(fake.account, scale=0.0001)
    fake.account.webhook = {"url": "http://hook/", "secret_token": "", "max_connections": 4}
    message = {"message_id": 5, "chat": LAN.chat(), "date": 0}
    tap = {"update_id": 1, "callback_query": {"id": "1", "from": LAN.user(), "message": message, "data": "x"}}
    text = {"update_id": 2, "message": {"message_id": 6, "chat": LAN.chat(), "date": 0, "text": "x"}}
    async with httpx.AsyncClient(transport=httpx.MockTransport(dead)) as client:
        for number, update in enumerate((tap, text)):
            pusher._enqueue(client, "http://hook/", asyncio.Semaphore(4), number, update)
        async with asyncio.timeout(20):
            while not pusher.expired:
                await asyncio.sleep(0.001)
        await pusher._put_back()
    assert pusher.expired == [tap]
    assert [update for _, update in fake.account.updates] == [text]


async def test_who_says_gone_for_a_day_loses_the_webhook(fake: FakeBotApi) -> None:
    """410 for 23 hours on end closes the webhook; any other answer in between begins the hours anew."""
    hours, answers = 0.0, 410

    async def hook(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(answers)

    pusher = Pusher(fake.account, clock=lambda: hours * 3600)
    fake.account.webhook = {"url": "http://hook/", "secret_token": "", "max_connections": 4}
    async with httpx.AsyncClient(transport=httpx.MockTransport(hook)) as client:
        for hour, answer, kept in ((0, 410, 1), (22, 503, 1), (23.5, 410, 1), (46, 410, 1), (47, 410, 0)):
            hours, answers = hour, answer
            await pusher._knock(client, "http://hook/", {}, 0)
            assert bool(fake.account.webhook) == kept


async def test_as_a_process_it_leaves_its_journal_behind(tmp_path: Path) -> None:
    """Started on its own it names its address, obeys the control routes, and keeps what it accepted in a file."""
    kept = tmp_path / "journal.jsonl"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fake_bot_api", "--journal", str(kept), "--token", TOKEN),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    url = (await process.stdout.readline()).decode().strip()
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        said = await client.post("/_test/says", json={"who": {"id": 501, "first_name": "Lan"}, "text": "1 xong"})
        await client.post("/_test/plan", json=[{"kind": "500", "first": 2}])
        for text in ("một", "hai"):
            await client.post(f"/bot{TOKEN}/sendMessage", data={"chat_id": "501", "text": text})
        state = (await client.get("/_test/state")).json()
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
    assert said.json() == 1
    assert state["pending"] == 1
    assert state["calls"] == {"sendMessage 200": 1, "sendMessage 500": 1}
    assert [entry["text"] for entry in journal.read(kept)] == ["một"]
