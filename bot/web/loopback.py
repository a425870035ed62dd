"""The guard of the local chat: it answers a browser on this very machine and nobody else. No page and no words here."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAMES = ("localhost", "127.0.0.1", "[::1]")
_PROXIES = ("forwarded", "via", "x-real-ip")
#: 'self' only: no script, style, picture or frame from anywhere else, and nobody else may frame us.
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def forwarded(headers: Headers) -> bool:
    """Whether a proxy passed this on, from wherever."""
    return any(name in _PROXIES or name.startswith("x-forwarded") for name in headers)


def stranger(scope: Scope) -> bool:
    """Whether a request may have come from elsewhere: another machine, a proxy, a rebound name, another site's page."""
    headers = Headers(scope=scope)
    if forwarded(headers):
        return True
    if not _is_loopback(scope.get("client")):
        return True
    host = headers.getlist("host")
    if len(host) != 1 or host[0].lower() not in _our_hosts(scope):
        return True
    return _from_elsewhere(scope, headers, f"{scope['scheme']}://{host[0].lower()}")


def _our_hosts(scope: Scope) -> set[str]:
    port = (scope.get("server") or ("", None))[1]
    return {f"{name}:{port}" for name in _NAMES} | (set(_NAMES) if port == 80 else set())


def _is_loopback(client: tuple[str, int] | None) -> bool:
    try:
        return client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _from_elsewhere(scope: Scope, headers: Headers, ours: str) -> bool:
    """What the browser says of the page that asks. Following a link to the page itself is allowed, nothing else is."""
    origin = headers.get("origin")
    if origin is None:
        if scope["method"] not in {"GET", "HEAD"}:
            return True
    elif origin != ours:
        return True
    follows_link = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return headers.get("sec-fetch-site", "none") not in {"same-origin", "none"} and not follows_link


class LoopbackOnly:
    """Refuses strangers with a sentence, and puts the page's own rules on every answer."""

    def __init__(self, app: ASGIApp, sentence: Callable[[Scope], str]) -> None:
        self._app = app
        self._sentence = sentence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if stranger(scope):
            await PlainTextResponse(self._sentence(scope), 403)(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)
