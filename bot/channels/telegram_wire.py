"""How Telegram's library speaks HTTP for us: knows which bytes left, trusts only answers of the Bot API itself."""

from __future__ import annotations

import asyncio
import functools
import json
import ssl
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.clock import monotonic
from bot.failpoints import hit
from bot.redaction import redact

# Seconds that a request may last beyond its timeouts for connecting and reading: for writing, and for a file.
BEYOND, UPLOAD = 5.0, 100.0
_UNEXPLAINED_PAUSE = timedelta(seconds=5)
# PTB takes every other 4xx (413 for too large a file) for a network failure, which it is not: the letter was refused.
_KNOWN_TO_PTB = {400, 401, 403, 404, 409}
_JSON = {"Content-Type": "application/json"}
# ValueError: an address or a proxy that is none.
_FAILURES = (aiohttp.ClientError, OSError, TimeoutError, ValueError)


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
    """One pool of connections. Redirects are never followed; the answer of a block page is a network failure.

    On aiohttp, because the client that PTB brings takes eight times the processor's time for a send (measured).
    """

    def __init__(
        self, connections: int, *, direct: bool, read_timeout: float = 15.0, connect_timeout: float = 5.0
    ) -> None:
        self._direct = direct
        self._read, self._connect = read_timeout, connect_timeout
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        #: The server's clock as its last answer told it, and when that was on a steady clock.
        self.date: str | None = None
        self.dated_at = 0.0

    @property
    def read_timeout(self) -> float | None:
        """Seconds; what PTB adds a long poll's patience to."""
        return self._read

    @property
    def is_open(self) -> bool:
        """Whether there is a pool."""
        return self._session is not None

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ssl=_roots()),
                cookie_jar=aiohttp.DummyCookieJar(),
                trace_configs=[_progress_told()],
            )

    async def shutdown(self) -> None:
        """Close the pool."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

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
        files = request_data is not None and request_data.contains_files
        patience = self._read if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout or self._read
        # A whole request has a limit too: a server that drips a byte a second never trips the timeout between reads.
        whole = patience + self._connect + (UPLOAD if files else BEYOND)
        progress = _Progress(sends=url.rsplit("/", 1)[-1].startswith("send"))
        try:
            async with self._opened().request(
                method,
                url,
                data=_body(request_data),
                headers=None if files else _JSON,
                timeout=aiohttp.ClientTimeout(total=whole, connect=self._connect, sock_read=patience),
                allow_redirects=False,
                proxy=None if self._direct else _proxy(*urlsplit(url)[:2]),
                trace_request_ctx=progress,
            ) as answer:
                status, body, self.date = answer.status, await answer.read(), answer.headers.get("Date")
                self.dated_at = monotonic()
        except _FAILURES as error:
            # The library's errors hold the address, and the token stands in it: they stay here.
            raise _unanswered(error, written=progress.written) from None
        progress.reached("answered")
        return _trusted(status, body)

    async def download(self, url: str, most: int, seconds: float = 60.0) -> bytes:
        """A file, as long as it is no larger than `most` bytes. Raises TooLarge, NetworkError."""
        try:
            async with self._opened().get(
                url,
                timeout=aiohttp.ClientTimeout(total=seconds, connect=self._connect, sock_read=self._read),
                allow_redirects=False,
                proxy=None if self._direct else _proxy(*urlsplit(url)[:2]),
            ) as answer:
                if answer.status != 200:
                    raise NetworkError(f"the file server answered {answer.status}")
                return await _collected(answer, most)
        except _FAILURES as error:
            raise _unanswered(error, written=True) from None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise NotWritten("the channel is not open")
        return self._session

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


@functools.cache
def _proxy(scheme: str, host: str) -> str | None:
    """The environment's proxy for this host; asked once, for aiohttp would ask a thread of its own at each request."""
    if proxy_bypass(host.rpartition("@")[2]):
        return None
    proxies = getproxies()
    return proxies.get(scheme) or proxies.get("all")


def _body(request_data: RequestData | None) -> bytes | aiohttp.FormData | None:
    """The values as the Bot API takes them; files byte for byte, under names with all their marks.

    In JSON, because as a form each letter of Vietnamese is three signs put together in Python.
    """
    if request_data is None:
        return None
    if not request_data.contains_files:
        return json.dumps(request_data.parameters).encode()
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, data, kind) in request_data.multipart_data.items():
        form.add_field(name, data, filename=file_name, content_type=kind)
    return form


class _Progress:
    """How far one request came."""

    __slots__ = ("sends", "written")

    def __init__(self, *, sends: bool) -> None:
        self.sends = sends
        self.written = False

    def headers_leave(self) -> None:
        """From here on bytes may have reached the other side."""
        self.reached("connected")
        self.written = True

    def reached(self, point: str) -> None:
        """For the tests that kill us there; only what sends is of interest."""
        if self.sends:
            hit(point)


def _progress_told() -> aiohttp.TraceConfig:
    """aiohttp tells a request how far it came; of a proxy's own CONNECT it tells nothing."""

    async def headers_leave(_session: object, progress: Any, _params: object) -> None:
        if progress is not None:
            progress.headers_leave()

    async def body_leaves(_session: object, progress: Any, _params: object) -> None:
        if progress is not None:
            # Told just before the bytes go to the socket.
            asyncio.get_running_loop().call_soon(progress.reached, "bytes_written")

    told = aiohttp.TraceConfig(trace_config_ctx_factory=_own_progress)  # type: ignore[arg-type]
    told.on_request_headers_sent.append(headers_leave)
    told.on_request_chunk_sent.append(body_leaves)
    return told


def _own_progress(trace_request_ctx: _Progress | None = None) -> _Progress | None:
    return trace_request_ctx


def _unanswered(error: Exception, *, written: bool) -> NetworkError:
    why = redact(f"{type(error).__name__} {error}".strip())
    if not written:
        return NotWritten(why)
    return TimedOut(why) if isinstance(error, TimeoutError) else NetworkError(why)


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


async def _collected(answer: aiohttp.ClientResponse, most: int) -> bytes:
    if (answer.content_length or 0) > most:
        raise TooLarge(f"larger than {most} bytes")
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > most:
            raise TooLarge(f"larger than {most} bytes")
    return bytes(body)
