"""A Bot API that costs next to nothing, for runs in which the tests' own fake would be the bottleneck.

It understands what sending needs, keeps Telegram's 30 a second of each account (strictly: one too many locks it out
for 5 s) and answers after a round trip of its own. `GET /_state` tells what arrived.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.request import urlopen

from tests.fake_bot_api.limits import StrictWindow

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 30


class _State:
    def __init__(self) -> None:
        self.arrived: dict[str, list[float]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self.meters: dict[str, StrictWindow] = defaultdict(lambda: StrictWindow(LIMIT))

    def answer(self, token: str, method: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if method == "getMe":
            me = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Nhắc Việc", "username": "b_bot"}
            return 200, {"ok": True, "result": me}
        if method != "sendMessage":
            return 200, {"ok": True, "result": True}
        now = time.monotonic()
        pause = self.meters[token].admit(now)
        if pause:
            self.refused[token] += 1
            told = {"retry_after": int(pause) + 1}
            return 429, {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": told}
        self.arrived[token].append(now)
        chat = {"id": _chat(body), "type": "private"}
        number = len(self.arrived[token])
        return 200, {"ok": True, "result": {"message_id": number, "date": int(time.time()), "chat": chat}}

    def told(self) -> dict[str, Any]:
        return {"arrived": self.arrived, "refused": sum(self.refused.values()), "cpu": time.process_time()}


def _chat(body: bytes) -> int:
    """Whom it is for: our wire sends JSON, the library's own a form."""
    return int(json.loads(body)["chat_id"] if body.startswith(b"{") else parse_qs(body.decode())["chat_id"][0])


class _Connection(asyncio.Protocol):
    """One request after the other; what arrives is counted when half of the round trip is over."""

    def __init__(self, state: _State, trip: float, jitter: float) -> None:
        self._state, self._trip, self._jitter = state, trip, jitter
        self._came = b""
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        head, found, rest = self._came.partition(b"\r\n\r\n")
        if not found:
            return
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"), 0)
        if len(rest) < length:
            return
        self._came = rest[length:]
        path = head.split(b" ", 2)[1].decode()
        if path == "/_state":
            self._reply(200, self._state.told())
            return
        self._loop.call_later(self._half(), self._arrives, path, rest[:length])

    def _half(self) -> float:
        return (self._trip + random.uniform(-self._jitter, self._jitter)) / 2  # noqa: S311

    def _arrives(self, path: str, body: bytes) -> None:
        token, _, method = path.removeprefix("/bot").partition("/")
        self._loop.call_later(self._half(), self._reply, *self._state.answer(token, method, body))

    def _reply(self, status: int, answer: dict[str, Any]) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        body = json.dumps(answer).encode()
        head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


@dataclass(frozen=True, slots=True)
class LightBotApi:
    """It runs in a process of its own."""

    url: str

    def state(self) -> dict[str, Any]:
        """`arrived`: token -> moments; `refused`: how many 429; `cpu`: seconds it took itself."""
        with urlopen(f"{self.url}/_state") as answer:  # noqa: S310  (our own loopback)
            found: dict[str, Any] = json.load(answer)
            return found


@asynccontextmanager
async def light_bot_api(trip: float, jitter: float) -> AsyncIterator[LightBotApi]:
    """One with this round trip, each way delayed by half of up to `jitter` more or less; seconds."""
    told = (sys.executable, "-m", "benchmarks.stage.light_bot_api", "--trip", str(trip), "--jitter", str(jitter))
    process = await asyncio.create_subprocess_exec(*told, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout  # noqa: S101
    try:
        yield LightBotApi((await process.stdout.readline()).decode().strip())
    finally:
        process.terminate()
        await process.wait()


async def serve(trip: float, jitter: float) -> None:
    state = _State()
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(state, trip, jitter), "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stage.light_bot_api", description=__doc__)
    parser.add_argument("--trip", type=float, default=0.07)
    parser.add_argument("--jitter", type=float, default=0.02)
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.trip, chosen.jitter))
