"""How Telegram's library speaks HTTP for us: knows which bytes left, trusts only answers of the Bot API itself."""

from __future__ import annotations

import asyncio
import functools
import importlib.util
import json
import ssl
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.failpoints import hit
from bot.redaction import redact

# httpcore asks several times a request whether sniffio is there. Where it is not, each asking walks through every
# folder of modules: a quarter of a send's time (measured). This is Python's own way to know at once that it is not.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]

# Seconds that a request may last beyond its timeouts for connecting and reading: for writing, and for a file.
BEYOND, UPLOAD = 5.0, 100.0
_UNEXPLAINED_PAUSE = timedelta(seconds=5)
# PTB takes every other 4xx (413 for too large a file) for a network failure, which it is not: the letter was refused.
_KNOWN_TO_PTB = {400, 401, 403, 404, 409}


class NotWritten(NetworkError):  # noqa: N818  (this and the next two say what happened)
    """No byte of the request left this machine."""


class Paused(TelegramError):  # noqa: N818
    """429: nothing more from this account for a while."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__(f"Too Many Requests: pause of {pause.total_seconds():g} s")
        self.pause = pause


class TooLarge(TelegramError):  # noqa: N818
    """A file is larger than was asked for."""


class Wire(BaseRequest):
    """One pool of connections. Redirects are never followed; the answer of a block page is a network failure."""

    def __init__(
        self, connections: int, *, direct: bool, read_timeout: float = 15.0, connect_timeout: float = 5.0
    ) -> None:
        self._direct = direct
        self._read, self._connect = read_timeout, connect_timeout
        self._connections = connections
        self._client: httpx.AsyncClient | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds; what PTB adds a long poll's patience to."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool."""
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=self._patience(self._read),
                limits=httpx.Limits(max_connections=self._connections, max_keepalive_connections=self._connections),
                follow_redirects=False,
                trust_env=not self._direct,
                verify=_roots(),
            )

    async def shutdown(self) -> None:
        """Close the pool."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002  (this and the next two: one setting serves all)
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """One request. Raises NotWritten, TimedOut or NetworkError where no answer of the Bot API came."""
        files = (request_data.multipart_data if request_data else None) or None
        patience = self._read if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout or self._read
        # A whole request has a limit too: a server that drips a byte a second never trips the timeout between reads.
        whole = patience + self._connect + (UPLOAD if files else BEYOND)
        progress = _Progress(sends=url.rsplit("/", 1)[-1].startswith("send"))
        try:
            async with asyncio.timeout(whole):
                answer = await self._opened().request(
                    method,
                    url,
                    data=request_data.json_parameters if request_data else None,
                    files=files,
                    timeout=self._patience(patience),
                    extensions={"trace": progress.trace},
                )
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
            raise _unanswered(error, written=progress.written) from error
        progress.reached("answered")
        return _trusted(answer.status_code, answer.content)

    async def download(self, url: str, most: int, seconds: float = 60.0) -> bytes:
        """A file, as long as it is no larger than `most` bytes. Raises TooLarge, NetworkError."""
        try:
            async with asyncio.timeout(seconds), self._opened().stream("GET", url) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise NetworkError(f"the file server answered {answer.status_code}")
                return await _collected(answer, most)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
            raise _unanswered(error, written=True) from error

    def _patience(self, read: float) -> httpx.Timeout:
        return httpx.Timeout(read, connect=self._connect, pool=self._connect)

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            raise NotWritten("the channel is not open")
        return self._client

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Like PTB's own, but keeps the answer's words out of the log."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            raise NetworkError("an answer that is no JSON") from error
        if not isinstance(answer, dict) or (answer.get("ok") is True) != ("result" in answer):
            raise NetworkError("an answer that is none of the Bot API")
        return answer


@functools.cache
def _roots() -> ssl.SSLContext:
    """The certificates trusted; read once, which takes 50 ms."""
    return ssl.create_default_context()


class _Progress:
    """How far one request came, told by httpcore."""

    __slots__ = ("sends", "written")

    def __init__(self, *, sends: bool) -> None:
        self.sends = sends
        self.written = False

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            self.reached("connected")
            self.written = True
        elif event.endswith("send_request_body.complete") and self.written:
            self.reached("bytes_written")

    def reached(self, point: str) -> None:
        if self.sends:
            hit(point)


def _unanswered(error: Exception, *, written: bool) -> NetworkError:
    why = redact(f"{type(error).__name__} {error}".strip())
    if not written:
        return NotWritten(why)
    return TimedOut(why) if isinstance(error, TimeoutError | httpx.TimeoutException) else NetworkError(why)


def _trusted(status: int, body: bytes) -> tuple[int, bytes]:
    """Only what the Bot API said itself may end an address or a token; a firewall's 403 may not."""
    if status < 300:
        return status, body
    try:
        answer = json.loads(body)
        description, details = str(answer["description"]), answer.get("parameters") or {}
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise NetworkError(f"HTTP {status}, and not from the Bot API") from None
    if status == 429:
        raise Paused(_pause(details))
    if 400 <= status < 500 and status not in _KNOWN_TO_PTB:
        raise BadRequest(description)
    return status, body


def _pause(details: Mapping[str, object]) -> timedelta:
    seconds = details.get("retry_after")
    if isinstance(seconds, int | float) and 0 < seconds < 10_000_000:
        return timedelta(seconds=seconds)
    return _UNEXPLAINED_PAUSE


async def _collected(answer: httpx.Response, most: int) -> bytes:
    if int(answer.headers.get("content-length") or 0) > most:
        raise TooLarge(f"larger than {most} bytes")
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > most:
            raise TooLarge(f"larger than {most} bytes")
    return bytes(body)
