"""The one web application: every channel's and page's addresses, health, and how it is served in a running loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.loopback import forwarded

# The largest body any address takes: a file of 20 MB and its form around it. A webhook's own bound is far lower.
MOST_BYTES = 21 * 1024 * 1024

#: The text form of Prometheus.
FIGURES = "text/plain; version=0.0.4"

log = logging.getLogger(__name__)


class Watched(Protocol):
    """What is told to whoever watches the process."""

    async def ready(self) -> Mapping[str, object]:
        """Whether messages may be brought here; `ok` False where not."""

    async def health(self) -> Mapping[str, object]:
        """Whether all is well; `ok` False where a person should look."""

    async def figures(self) -> str:
        """Figures in the text form of Prometheus."""


def application(routes: Sequence[BaseRoute], watched: Watched, most_bytes: int = MOST_BYTES) -> Starlette:
    """All addresses in one application.

    /healthz/live: the process runs. /healthz/ready: it may be given work. /healthz: all is well. The last two answer
    503 where not, and where looking fails. /metrics: figures, for the house's own network alone, not through a proxy.
    """

    async def live(_request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def figures(request: Request) -> Response:
        if forwarded(request.headers):
            return Response(status_code=404)
        try:
            return PlainTextResponse(await watched.figures(), media_type=FIGURES)
        except Exception:
            log.exception("the figures could not be told")
            return Response(status_code=503)

    return Starlette(
        routes=[
            Route("/healthz/live", live),
            Route("/healthz/ready", _told(watched.ready)),
            Route("/healthz", _told(watched.health)),
            Route("/metrics", figures),
            *routes,
        ],
        middleware=[Middleware(BodyCap, most_bytes=most_bytes)],
    )


def _told(ask: Callable[[], Awaitable[Mapping[str, object]]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_request: Request) -> Response:
        try:
            state = await ask()
        except Exception:
            log.exception("the health check itself failed")
            return JSONResponse({"ok": False}, status_code=503)
        return JSONResponse({"ok": True, **state}, status_code=200 if state.get("ok", True) else 503)

    return answer


class BodyCap:
    """Refuses a larger body with 413, before or while it is read, whatever its headers say."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.most_bytes:
            await Response(status_code=413)(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > self.most_bytes:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)


class _Server(uvicorn.Server):
    """Leaves signals to whoever owns the loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(
    app: ASGIApp, host: str, port: int, stop: asyncio.Event, bound: Callable[[int], None] | None = None
) -> None:
    """Serve until `stop` is set; `bound` hears the real port (0 lets the system choose). Raises OSError: port taken."""
    door = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,  # addresses may carry one-time links
        server_header=False,
        proxy_headers=False,  # the local chat refuses whatever was forwarded, so it must see it
        limit_concurrency=500,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=32 * 1024,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[door]))
    stopping = asyncio.create_task(stop.wait())
    if bound:
        bound(door.getsockname()[1])
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.should_exit = True
        stopping.cancel()
        await serving
