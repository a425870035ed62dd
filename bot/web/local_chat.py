"""The web addresses of the local chat: the page of phones and what it asks for. What is said there is not read here."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from importlib.resources import files
from typing import Any, TypeAlias
from urllib.parse import quote

from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Scope

from bot.channels.local import LARGEST_FILE, Bell, Bubble, LocalChannel, PhoneEntry, Sent, phone_name
from bot.channels.port import Door
from bot.contacts import Role
from bot.messages import FileRef, text
from bot.web.asked import MESSAGE_ID, Refused, body, json_object, matching, number, optional_message_id, string
from bot.web.loopback import LoopbackOnly
from bot.wording import FIRST_LANGUAGE, Wording, catalogue, languages

#: The largest message without a file, in bytes of JSON.
LARGEST_MESSAGE = 64 * 1024
#: How many bubbles a page shows at first, and at most.
_SHOWN, _MOST_SHOWN = 100, 5000
#: Seconds of silence after which a live connection is shown to be alive.
_PATIENCE = 15.0
_STATIC = {"chat.css": "text/css", "chat.js": "text/javascript", "icon.svg": "image/svg+xml"}
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
_KIND = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}", re.ASCII)

Endpoint: TypeAlias = "Callable[[Request], Awaitable[Response]]"


def routes(channel: LocalChannel, door: Door) -> Sequence[BaseRoute]:
    """The page of phones and what it asks for, each behind the guard."""
    chat = LocalChat(channel, door)
    guard = [Middleware(LoopbackOnly, sentence=chat.keep_out)]

    def route(path: str, endpoint: Endpoint, method: str = "GET") -> Route:
        return Route(path, chat.answering(endpoint), methods=[method])

    asked = [
        route("/words", chat.words),
        route("/phones", chat.phones),
        route("/phones", chat.new_phone, "POST"),
        route("/phones/{name}", chat.phone),
        route("/phones/{name}/messages", chat.message, "POST"),
        route("/phones/{name}/files", chat.upload, "POST"),
        route("/phones/{name}/files/{bubble}", chat.file),
        route("/phones/{name}/seen", chat.seen, "POST"),
        route("/clock", chat.clock),
        route("/clock", chat.jump, "POST"),
        route("/events", chat.events),
        route("/{asset}", chat.asset),
    ]
    return [
        Route("/", chat.answering(chat.page), middleware=guard),
        Route("/phone/{name}", chat.answering(chat.page), middleware=guard),
        Mount("/local", routes=asked, middleware=guard),
    ]


class LocalChat:
    """What the page may ask, and the words it is answered with."""

    def __init__(self, channel: LocalChannel, door: Door) -> None:
        self._channel = channel
        self._door = door
        folder = files("bot.web") / "static"
        self._html = (folder / "chat.html").read_text("utf-8")
        self._assets = {name: (folder / name).read_bytes() for name in _STATIC}

    def _words(self, asking: HTTPConnection) -> Wording:
        return Wording(asking.cookies.get("lang", FIRST_LANGUAGE), self._channel.zone)

    def keep_out(self, scope: Scope) -> str:
        """The sentence for strangers."""
        server = scope.get("server") or ("", 8080)
        return self._words(HTTPConnection(scope)).say(text("web.only_here", port=str(server[1])))

    def answering(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint, with its refusals put into words."""

        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)
            except Refused as refusal:
                return PlainTextResponse(self._words(request).say(text(refusal.key)), refusal.status)

        return answer

    async def page(self, request: Request) -> Response:
        """One page for the list of phones and for each phone."""
        if "name" in request.path_params:
            _name(request)
        words = self._words(request)
        filled = self._html.replace("{{lang}}", words.language)
        for key in ("web.title", "web.needs_script"):
            filled = filled.replace("{{" + key + "}}", escape(words.say(text(key))))
        return Response(filled, media_type="text/html")

    async def asset(self, request: Request) -> Response:
        """The page's own style, script and icon."""
        name = request.path_params["asset"]
        if name not in self._assets:
            raise Refused(404, "web.nothing_here")
        return Response(self._assets[name], media_type=_STATIC[name])

    async def words(self, request: Request) -> Response:
        """All texts of the page in its language."""
        language = self._words(request).language
        said = {message.id: message.string for message in catalogue(language) if str(message.id).startswith("web.")}
        return JSONResponse({"language": language, "languages": languages(), "words": said})

    async def phones(self, request: Request) -> Response:
        """Everybody whose phone can be opened."""
        words = self._words(request)
        return JSONResponse([self._entry(entry, words) for entry in await self._channel.desk.phones()])

    async def new_phone(self, request: Request) -> Response:
        """One more phone for a unit, with a code to join by."""
        asked = await json_object(request, LARGEST_MESSAGE)
        try:
            entry = await self._channel.desk.new_phone(string(asked, "unit"), Role(string(asked, "role")))
        except ValueError as no_seat:
            raise Refused(400, "web.no_such_seat") from no_seat
        self._channel.bell.ring(None)
        return JSONResponse(self._entry(entry, self._words(request)), 201)

    def _entry(self, entry: PhoneEntry, words: Wording) -> dict[str, Any]:
        latest = self._channel.latest(entry.name)
        if latest and entry.last_at is None:
            entry = replace(entry, last=latest.text, last_at=latest.at)
        return {
            "name": entry.name,
            "person": entry.person,
            "unit": entry.unit,
            "unitCode": entry.unit_code,
            "role": entry.role,
            "roleName": words.say(text(f"web.role.{entry.role}")) if entry.role else "",
            "joined": entry.joined,
            "code": entry.code,
            "last": entry.last[:160],
            "lastAt": entry.last_at.isoformat() if entry.last_at else "",
            "lastTime": self._short_time(entry.last_at, words) if entry.last_at else "",
            "unread": self._channel.unread[entry.name],
        }

    def _short_time(self, at: datetime, words: Wording) -> str:
        zone = self._channel.zone
        today = self._channel.desk.now().astimezone(zone).date()
        return words.value(at, "hour" if at.astimezone(zone).date() == today else "short")

    async def phone(self, request: Request) -> Response:
        """Who sits at a phone and what stands on it: the newest `most` bubbles."""
        name, words = _name(request), self._words(request)
        most = number(request.query_params.get("most", ""), _SHOWN, _MOST_SHOWN)
        entry = await self._channel.desk.phone(name) or PhoneEntry(name)
        bubbles = await self._channel.conversation(name, most)
        return JSONResponse(
            {
                **self._entry(entry, words),
                "bubbles": [self._bubble(name, bubble, words) for bubble in bubbles],
                "more": len(bubbles) >= most,
            }
        )

    def _bubble(self, phone: str, bubble: Bubble, words: Wording) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": bubble.id,
            "mine": bubble.mine,
            "text": bubble.text,
            "replyTo": bubble.reply_to,
            "buttons": [{"label": button.label, "data": button.data} for button in bubble.buttons],
            **self._moment(bubble.at, words),
        }
        if bubble.file:
            shown["file"] = {
                "name": bubble.file.name,
                "size": words.say(_size(bubble.file.size)),
                "picture": bubble.file.kind in _PICTURES.values(),
                "url": f"/local/phones/{phone}/files/{quote(bubble.id, safe=':')}",
            }
        return shown

    def _moment(self, at: datetime, words: Wording) -> dict[str, str]:
        day = words.value(at.astimezone(self._channel.zone).date(), "long")
        return {"at": at.isoformat(), "time": words.value(at, "hour"), "day": day}

    async def message(self, request: Request) -> Response:
        """What was typed, or the button that was pressed; a second sending has no second effect."""
        asked = await json_object(request, LARGEST_MESSAGE)
        sent = Sent(
            id=matching(_CLIENT_ID, string(asked, "id")),
            text=string(asked, "text", ""),
            reply_to=optional_message_id(asked.get("replyTo")),
            button=string(asked, "button", "") or None,
            language=self._words(request).language,
        )
        if not sent.text.strip() and sent.button is None:
            raise Refused(400, "web.empty")
        return await self._receive(request, sent)

    async def upload(self, request: Request) -> Response:
        """A file with the words that go with it: the body is the file, all else stands in the query."""
        asked, name = request.query_params, _name(request)
        client_id = matching(_CLIENT_ID, asked.get("id", ""))
        album = asked.get("album") or None
        data = await body(request, LARGEST_FILE, "web.upload_too_large")
        if not data:
            raise Refused(400, "web.empty")
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        kind = kind if _KIND.fullmatch(kind) else "application/octet-stream"
        file_name = _plain_name(asked.get("name", ""))
        ref = await self._channel.desk.put_file(file_name, kind, data)
        sent = Sent(
            id=client_id,
            text=asked.get("text", ""),
            reply_to=optional_message_id(asked.get("replyTo")),
            files=(FileRef(ref, file_name, kind, len(data)),),
            album=f"{name}:{matching(_CLIENT_ID, album)}" if album else None,
            language=self._words(request).language,
        )
        return await self._receive(request, sent)

    async def _receive(self, request: Request, sent: Sent) -> Response:
        at = await self._channel.receive(self._door, _name(request), sent)
        return JSONResponse(self._moment(at, self._words(request)))

    async def seen(self, request: Request) -> Response:
        """Somebody looks at this phone: nothing on it is unread any more."""
        name = _name(request)
        if self._channel.unread.pop(name, 0):
            self._channel.bell.ring(name)
        return Response(status_code=204)

    async def file(self, request: Request) -> Response:
        """A bubble's file: pictures may be shown, all else is only handed over, never under a kind it claims."""
        bubble = matching(MESSAGE_ID, request.path_params["bubble"])
        try:
            name, _, data = await self._channel.desk.file(_name(request), bubble)
        except LookupError as gone:
            raise Refused(404, "web.file_gone") from gone
        picture = next((kind for begins, kind in _PICTURES.items() if data.startswith(begins)), None)
        handed = "inline" if picture and "save" not in request.query_params else "attachment"
        disposition = f"{handed}; filename*=UTF-8''{quote(_plain_name(name), safe='')}"
        return Response(
            data, media_type=picture or "application/octet-stream", headers={"Content-Disposition": disposition}
        )

    async def clock(self, request: Request) -> Response:
        """A sample store's time and its next reminder; null where time can't be moved."""
        view = await self._channel.clock()
        if view is None:
            return JSONResponse(None)
        words = self._words(request)
        local = view.now.astimezone(self._channel.zone)
        upcoming = view.next_reminder
        return JSONResponse(
            {
                **self._clock_time(view.now, words),
                "local": f"{local:%Y-%m-%dT%H:%M}",
                "next": self._clock_time(upcoming, words) if upcoming else None,
            }
        )

    def _clock_time(self, at: datetime, words: Wording) -> dict[str, str]:
        day = words.value(at.astimezone(self._channel.zone).date(), "day")
        return {"time": words.value(at, "hour"), "day": day}

    async def jump(self, request: Request) -> Response:
        """Move a sample's time forward, to its next reminder or to a civil moment of the province."""
        to = string(await json_object(request, LARGEST_MESSAGE), "to")
        view = await self._channel.clock()
        if view is None:
            raise Refused(404, "web.no_clock")
        try:
            if to != "next":
                moment = datetime.fromisoformat(to).replace(tzinfo=self._channel.zone)
            elif view.next_reminder:
                moment = view.next_reminder
            else:
                raise Refused(409, "web.no_next_to_jump")
            await self._channel.jump(moment)
        except ValueError as backwards:
            raise Refused(409, "web.only_forward") from backwards
        return await self.clock(request)

    async def events(self, request: Request) -> Response:
        """What changes, as it changes (Server-Sent Events); resumes after `Last-Event-ID`, or `after` in the query."""
        last = request.headers.get("last-event-id") or request.query_params.get("after", "")
        return StreamingResponse(changes(self._channel.bell, last), media_type="text/event-stream")


async def changes(bell: Bell, last: str, patience: float = _PATIENCE) -> AsyncIterator[str]:
    """The stream of changes after the event `last`; where that is forgotten it begins by saying that all may have."""
    mark, _, count = last.partition("-")
    if count.isdecimal() and count.isascii() and bell.resumable(mark, int(count)):
        after = int(count)
        yield ":\n\n"
    else:
        after = bell.count
        yield _event(bell, after, {"all": True})
    async for ring in bell.listen(after, patience):
        yield _event(bell, ring.count, {"phone": ring.phone} if ring.phone else {"all": True}) if ring else ":\n\n"


def _event(bell: Bell, count: int, data: dict[str, Any]) -> str:
    return f"retry: 1000\nid: {bell.mark}-{count}\ndata: {json.dumps(data)}\n\n"


def _name(request: Request) -> str:
    try:
        return phone_name(request.path_params["name"])
    except ValueError as not_a_name:
        raise Refused(404, "web.no_such_phone") from not_a_name


def _plain_name(given: str) -> str:
    """A file's name without folders and signs that show nothing; at most 100 characters, its ending kept."""
    shown = "".join(sign for sign in re.split(r"[/\\]", given)[-1] if unicodedata.category(sign)[0] != "C").strip()
    stem, dot, ending = shown.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: 100 - len(ending) - 1]}.{ending}" if stem else shown
    return shown[:100] or "file"


def _size(count: int) -> Any:
    if count < 1024 * 1024:
        return text("web.kilobytes", size=max(1, round(count / 1024)))
    return text("web.megabytes", size=round(count / 1024 / 1024, 1))
