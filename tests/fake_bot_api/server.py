"""The fake Bot API on a loopback port: in a test's own loop, or as a process (`python -m tests.fake_bot_api`)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from email.utils import formatdate
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from tests.fake_bot_api import requests
from tests.fake_bot_api.account import Account, Person
from tests.fake_bot_api.faults import BEFORE, Fault, Timetable
from tests.fake_bot_api.journal import Journal
from tests.fake_bot_api.limits import Limits, unlimited
from tests.fake_bot_api.methods import Methods, Refused
from tests.fake_bot_api.pusher import Pusher

TOKEN = "7000000001:AAFakeCanary-not_a_real_token_0123456"
_VERBS = ("says", "edits", "taps", "sends", "blocks", "deactivates", "vanishes", "migrates", "hand_in", "restart_ids")
_WORDS = {"401": "Unauthorized", "403": "Forbidden: bot was blocked by the user", "404": "Not Found"}
_DEFAULT_WORDS = "Bad Request: can't parse entities"


class Heard(NamedTuple):
    """One call: when (steady seconds), whose, which method, to which chat, how it was answered and what befell it.

    0 as the status: it was cut before it was looked at.
    """

    at: float
    token: str
    method: str
    chat: int
    status: int
    fault: str


class FakeBotApi:
    """`async with FakeBotApi() as fake:` then `fake.url`, `fake.account.says(LAN, "1 xong")`, `fake.journal`."""

    def __init__(
        self,
        tokens: Sequence[str] = (TOKEN,),
        *,
        limits: Callable[[], Limits] = unlimited,
        faults: Sequence[Fault] = (),
        seed: int = 0,
        journal: Path | None = None,
        latency: tuple[float, float] = (0.0, 0.0),
        scale: float = 1.0,
        port: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.journal = Journal(journal)
        self.timetable = Timetable(list(faults), seed)
        self.calls: Counter[tuple[str, int]] = Counter()
        self.heard: list[Heard] = []
        self.accounts = {token: Account(token, clock) for token in tokens}
        self.account = self.accounts[tokens[0]]
        self.pushers: dict[str, Pusher] = {}
        self._methods = {
            token: Methods(account, limits(), self.journal, time.monotonic) for token, account in self.accounts.items()
        }
        self._latency, self._scale, self._port = latency, scale, port
        self._clock = clock
        self._dice = random.Random(seed)
        self._pushing: dict[str, asyncio.Task[None]] = {}
        for token, methods in self._methods.items():
            methods.webhook_changed = lambda token=token: self._change_webhook(token)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> FakeBotApi:
        await self.listen()
        return self

    async def listen(self) -> None:
        """Be there; after `stop_listening` at the same address again."""
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
        )
        config.load()
        self._state = ServerState()
        self._server = await asyncio.get_running_loop().create_server(
            lambda: H11Protocol(config=config, server_state=self._state, app_state={}), "127.0.0.1", self._port
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop_listening(self) -> None:
        """As if the host were gone: connections are cut, new ones refused."""
        self._server.close()
        for connection in list(self._state.connections):
            connection.transport.abort()
        await asyncio.sleep(0.01)  # the other side hears of it

    async def __aexit__(self, *_: object) -> None:
        await self.stop_listening()
        doomed = [*self._pushing.values(), *self._state.tasks]
        for task in doomed:
            task.cancel()
        await asyncio.gather(*doomed, return_exceptions=True)
        self.journal.close()

    # One request

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        async def dated(message: Any) -> None:
            if message["type"] == "http.response.start":
                date = (b"date", formatdate(self._clock(), usegmt=True).encode())
                message = {**message, "headers": [*message["headers"], date]}
            await send(message)

        dated.__self__ = send.__self__  # type: ignore[attr-defined]
        with contextlib.suppress(asyncio.CancelledError):  # long polls end with the server
            await self._route(scope, receive, dated)

    async def _route(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        kind = dict(scope["headers"]).get(b"content-type", b"").decode()
        first, _, rest = scope["path"].lstrip("/").partition("/")
        if first == "_test":
            await _reply(send, *self._control(rest, json.loads(body or b"null")))
        elif first == "file":
            await self._give_file(send, rest)
        elif first.startswith("bot"):
            values = requests.values(kind, scope["query_string"], body)
            await self._call(send, first.removeprefix("bot"), rest, values)
        else:
            await _reply(send, 404, b"Not Found")

    async def _call(self, send: Any, token: str, method: str, values: dict[str, Any]) -> None:
        await self._way()
        fault = self.timetable.strikes(method)
        befell, at = fault.kind if fault else "", time.monotonic()
        chat = int(values["chat_id"]) if "chat_id" in values else 0
        if befell in ("drop_before", "block_page"):
            self.heard.append(Heard(at, token, method, chat, 0, befell))
            if befell == "drop_before":
                return await _cut(send)
            return await _reply(send, 403, b"<html>Blocked</html>", "text/html")
        status, answer = await self._outcome(token, method, values, fault)
        self.calls[method, status] += 1
        self.heard.append(Heard(at, token, method, chat, status, befell))
        await self._way()
        await self._deliver(send, status, answer, fault)
        return None

    async def _way(self) -> None:
        """The network's way there, or back: half of the round trip each, and each with a delay of its own."""
        if self._latency[1]:
            await asyncio.sleep(self._dice.uniform(*self._latency) / 2)

    async def _outcome(self, token: str, method: str, values: dict[str, Any], fault: Fault | None) -> tuple[int, bytes]:
        try:
            if token not in self._methods or self.accounts[token].revoked:
                raise Refused(401, "Unauthorized")
            if fault and fault.kind in BEFORE:
                raise _refusal(fault)
            result = await self._methods[token].call(method, values)
        except Refused as refused:
            failed: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
            failed |= {"parameters": refused.parameters} if refused.parameters else {}
            return refused.code, json.dumps(failed).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()

    async def _deliver(self, send: Any, status: int, answer: bytes, fault: Fault | None) -> None:
        match fault.kind if fault else "":
            case "accept_then_drop":
                await _cut(send)
            case "stall":
                await asyncio.sleep(float(fault.value or 60))  # type: ignore[union-attr]
                await _cut(send)
            case "slow":
                await asyncio.sleep(float(fault.value or 1))  # type: ignore[union-attr]
                await _reply(send, status, answer)
            case "junk":
                await _reply(send, 200, b"<html>login</html>", "text/html")
            case "drip":
                await _drip(send, status, answer, float(fault.value or 1))  # type: ignore[union-attr]
            case _:
                await _reply(send, status, answer)

    async def _give_file(self, send: Any, path: str) -> None:
        bot, _, where = path.partition("/")
        account = self.accounts.get(bot.removeprefix("bot"))
        data = account.files.get(where.rpartition("/")[2]) if account else None
        await _reply(send, 200 if data is not None else 404, data or b"Not Found", "application/octet-stream")

    def _control(self, verb: str, told: Any) -> tuple[int, bytes]:
        """`POST /_test/says {"who": {"id": 1, "first_name": "Lan"}, "text": "1 xong"}`, and likewise each verb."""
        if verb == "state":
            calls = {f"{method} {status}": count for (method, status), count in sorted(self.calls.items())}
            waiting = sum(len(account.updates) for account in self.accounts.values())
            state = {"accepted": len(self.journal.entries), "calls": calls, "pending": waiting}
            return 200, json.dumps(state).encode()
        if verb == "plan":
            self.timetable.plan(Fault(**fault) for fault in told)
            return 200, b"null"
        if verb not in _VERBS:
            return 404, b"null"
        account = self.accounts[told.pop("token", self.account.token)]
        if isinstance(told.get("who"), dict):
            told["who"] = Person(**told["who"])
        return 200, json.dumps(getattr(account, verb)(**told)).encode()

    async def _change_webhook(self, token: str) -> None:
        if old := self._pushing.pop(token, None):
            old.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await old
        account = self.accounts[token]
        if account.webhook:
            pusher = Pusher(account, self._scale)
            if before := self.pushers.get(token):
                pusher.answers, pusher.taken, pusher.abrupt = before.answers, before.taken, before.abrupt
            self.pushers[token] = pusher
            self._pushing[token] = asyncio.create_task(self.pushers[token].run())


def _refusal(fault: Fault) -> Refused:
    if fault.kind == "migrate":
        words = "Bad Request: group chat was upgraded to a supergroup chat"
        return Refused(400, words, migrate_to_chat_id=int(fault.value or 0))
    code = int(fault.kind)
    if code == 429:
        pause = float(fault.value or 1)
        return Refused(429, f"Too Many Requests: retry after {pause:g}", retry_after=pause)
    return Refused(code, str(fault.value or _WORDS.get(fault.kind, _DEFAULT_WORDS)))


async def _reply(send: Any, status: int, body: bytes, kind: str = "application/json") -> None:
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _drip(send: Any, status: int, body: bytes, seconds: float) -> None:
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for place in range(len(body)):
        await asyncio.sleep(seconds)
        await send({"type": "http.response.body", "body": body[place : place + 1], "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _cut(send: Any) -> None:
    """Reset the connection under the answer: what uvicorn hands in is a method of its own request."""
    send.__self__.transport.abort()
    await asyncio.sleep(0.01)  # uvicorn hears of it, and then misses no answer
