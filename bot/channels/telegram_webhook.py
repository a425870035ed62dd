"""The web address at which Telegram hands in updates: who may knock, how much it may carry, what is answered."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

MOST_BYTES = 256 * 1024
RETRY_AFTER = "5"
#: A message that is not committed after so many seconds is asked for again: it may still be, and then counts once.
PATIENCE = 10.0


_SECRET = b"x-telegram-bot-api-secret-token"
_COME_AGAIN = (b"retry-after", RETRY_AFTER.encode())


def webhook(path: str, secret: str, hand_in: Callable[[object], Awaitable[bool]], counts: Counter[str]) -> Route:
    """The route: 200 only where `hand_in` says it is committed, else 503, so that Telegram brings it again."""
    return Route(path, _Webhook(secret.encode(), hand_in, counts), methods=["POST"])


class _Webhook:
    """Speaks ASGI itself: what makes requests and responses of it costs as much as reading the message."""

    def __init__(self, secret: bytes, hand_in: Callable[[object], Awaitable[bool]], counts: Counter[str]) -> None:
        self._secret = secret
        self._hand_in = hand_in
        self._counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = await self._knock(dict(scope["headers"]), receive)
        headers = [(b"content-length", b"0")]
        if status == 503:
            headers.append(_COME_AGAIN)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _knock(self, headers: Mapping[bytes, bytes], receive: Receive) -> int:
        if not hmac.compare_digest(headers.get(_SECRET, b""), self._secret):
            self._counts["forged"] += 1
            return 403
        body = await _body(headers, receive)
        if body is None:
            self._counts["too_large"] += 1
            return 413
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            # Told to come again it would come as malformed as before, and hold up the rest of its chat.
            self._counts["malformed"] += 1
            return 200
        try:
            async with asyncio.timeout(PATIENCE):
                if await self._hand_in(update):
                    return 200
        except TimeoutError:
            self._counts["too_slow"] += 1
        return 503


async def _body(headers: Mapping[bytes, bytes], receive: Receive) -> bytes | None:
    """The body, or None as soon as it is seen to be too large; nothing of one that was broken off."""
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > MOST_BYTES:
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)
