"""What a request asks, read and checked: bodies under a cap, objects, strings, ids. Addresses are not known here."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.requests import Request

#: Ids of messages as the page knows them: `l12`, `lan:3f0c…`.
MESSAGE_ID = re.compile(r"[A-Za-z0-9:-]{1,120}", re.ASCII)


class Refused(Exception):  # noqa: N818  (an answer, not a fault of ours)
    """A request that is answered with a sentence of locales/<lang>/web.po."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


async def body(request: Request, most: int, too_large: str) -> bytes:
    """The body, read no further than `most` bytes."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > most:
        raise Refused(413, too_large)
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > most:
            raise Refused(413, too_large)
    return bytes(data)


async def json_object(request: Request, most: int) -> dict[str, Any]:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Refused(415, "web.not_understood")
    try:
        asked = json.loads(await body(request, most, "web.too_long"))
    except (ValueError, RecursionError) as unreadable:
        raise Refused(400, "web.not_understood") from unreadable
    if not isinstance(asked, dict):
        raise Refused(400, "web.not_understood")
    return asked


def string(asked: dict[str, Any], key: str, default: str | None = None) -> str:
    """A string of the request that can be stored: a lone half of a sign can't."""
    value = asked.get(key, default)
    if not isinstance(value, str):
        raise Refused(400, "web.not_understood")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def matching(pattern: re.Pattern[str], value: str) -> str:
    if not pattern.fullmatch(value):
        raise Refused(400, "web.not_understood")
    return value


def optional_message_id(value: object) -> str | None:
    if value in (None, ""):
        return None
    return matching(MESSAGE_ID, value if isinstance(value, str) else "")


def number(value: str, default: int, most: int) -> int:
    return min(int(value), most) if value.isdecimal() and value.isascii() and len(value) < 9 and int(value) else default
