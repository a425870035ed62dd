"""The web address at which Telegram hands in updates: who may knock, how much it may carry, what is answered."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections import Counter
from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

MOST_BYTES = 256 * 1024
RETRY_AFTER = "5"
#: A message that is not committed after so many seconds is asked for again: it may still be, and then counts once.
PATIENCE = 10.0


def webhook(path: str, secret: str, hand_in: Callable[[object], Awaitable[bool]], counts: Counter[str]) -> Route:
    """The route: 200 only where `hand_in` says it is committed, else 503, so that Telegram brings it again."""
    expected = secret.encode()

    async def knock(request: Request) -> Response:
        given = request.headers.get("x-telegram-bot-api-secret-token", "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, expected):
            counts["forged"] += 1
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            counts["too_large"] += 1
            return Response(status_code=413)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            # Told to come again it would come as malformed as before, and hold up the rest of its chat.
            counts["malformed"] += 1
            return Response()
        try:
            async with asyncio.timeout(PATIENCE):
                if await hand_in(update):
                    return Response()
        except TimeoutError:
            counts["too_slow"] += 1
        return Response(status_code=503, headers={"Retry-After": RETRY_AFTER})

    return Route(path, knock, methods=["POST"])


async def _body(request: Request) -> bytes | None:
    """The body, or None as soon as it is seen to be too large."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return None
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BYTES:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)
