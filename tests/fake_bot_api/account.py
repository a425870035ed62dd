"""One bot as Telegram keeps it: its updates, its chats and files, and what people do to it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

OPTIONAL = {"message", "edited_message", "channel_post", "callback_query", "my_chat_member", "message_reaction"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a telephone."""

    id: int
    first_name: str
    last_name: str = ""
    language_code: str = "vi"

    def user(self) -> dict[str, Any]:
        shown = {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": self.language_code}
        return shown | ({"last_name": self.last_name} if self.last_name else {})

    def chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": self.first_name}


class Account:
    """One token's state. `clock` gives Unix seconds."""

    def __init__(self, token: str, clock: Callable[[], float], username: str | None = None) -> None:
        self.token = token
        self.id = int(token.partition(":")[0])
        self.username = username or f"nhacviec{self.id}_bot"
        self.clock = clock
        self.updates: list[tuple[int, object]] = []
        self.news = asyncio.Event()
        self.pollers = 0
        self.webhook: dict[str, Any] = {}
        self.allowed: list[str] = []
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.unreachable: dict[int, str] = {}
        self.migrated: dict[int, int] = {}
        self.answered_taps: list[str] = []
        self.revoked = False
        self._message_id = 0
        self._update_id = 100_000_000

    def me(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": "Nhắc Việc",
            "username": self.username,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def restart_ids(self, at: int) -> None:
        """As after a week without updates: the next update's id is any number."""
        self._update_id = at

    # What the platform does

    def next_message_id(self) -> int:
        self._message_id += 1
        return self._message_id

    def keep(self, message: dict[str, Any]) -> dict[str, Any]:
        self.messages[message["chat"]["id"], message["message_id"]] = message
        return message

    def keep_file(self, data: bytes) -> str:
        file_id = f"AgAC{secrets.token_urlsafe(24)}"
        self.files[file_id] = data
        return file_id

    def hand_in(self, update: object) -> None:
        """Queue an update as it is, however malformed."""
        self._update_id += 1
        number = self._update_id
        if isinstance(update, dict):
            kind = next((key for key in update if key != "update_id"), "")
            if self.allowed and kind in OPTIONAL and kind not in self.allowed:
                return
            update = {"update_id": number, **update}
            number = update["update_id"] if isinstance(update["update_id"], int) else number
        self.updates.append((number, update))
        self.news.set()

    def confirm(self, offset: int) -> None:
        """Forget the updates before this one."""
        self.updates = [(number, update) for number, update in self.updates if number >= offset]

    # What people do

    def sends(self, who: Person, group: int | None = None, date: int | None = None, **content: Any) -> int:
        """Any message: `text=…`, `sticker={…}`; returns its id."""
        message = {
            "message_id": self.next_message_id(),
            "from": who.user(),
            "chat": {"id": group, "type": "supergroup", "title": "Tổ công tác"} if group else who.chat(),
            "date": int(self.clock()) if date is None else date,
            **content,
        }
        self.unreachable.pop(who.id, None)
        self.hand_in({"message": self.keep(message)})
        return int(message["message_id"])

    def says(self, who: Person, text: str, reply_to: int | None = None, **more: Any) -> int:
        if reply_to is not None:
            chat = more.get("group") or who.id
            more["reply_to_message"] = self.messages.get((chat, reply_to)) or {"message_id": reply_to}
        return self.sends(who, text=text, **more)

    def edits(self, who: Person, message_id: int, text: str, date: int | None = None) -> None:
        message = self.messages[who.id, message_id]
        message |= {"text": text, "edit_date": int(self.clock()) if date is None else date}
        self.hand_in({"edited_message": dict(message)})

    def taps(self, who: Person, message_id: int, label: str) -> str:
        """Press the button of that label under a message of ours; returns the callback's id."""
        message = self.messages[who.id, message_id]
        keys = [key for row in message["reply_markup"]["inline_keyboard"] for key in row]
        data = next(key["callback_data"] for key in keys if key["text"] == label)
        tap = {"id": str(secrets.randbits(62)), "from": who.user(), "message": message, "data": data}
        self.hand_in({"callback_query": tap | {"chat_instance": "1"}})
        return str(tap["id"])

    def photo(self, who: Person, data: bytes, caption: str = "", album: str | None = None, **more: Any) -> int:
        """A photo in three sizes; the largest is the one sent."""
        sizes = [(90, 67, data[: len(data) // 4]), (1280, 960, data), (320, 240, data[: len(data) // 2])]
        content: dict[str, Any] = {
            "photo": [
                {
                    "file_id": self.keep_file(part),
                    "file_unique_id": secrets.token_hex(6),
                    "width": width,
                    "height": height,
                    "file_size": len(part),
                }
                for width, height, part in sizes
            ]
        }
        content |= {"caption": caption} if caption else {}
        content |= {"media_group_id": album} if album else {}
        return self.sends(who, **content, **more)

    def document(self, who: Person, name: str, kind: str, data: bytes, caption: str = "", **more: Any) -> int:
        sent = {"file_id": self.keep_file(data), "file_unique_id": secrets.token_hex(6), "file_size": len(data)}
        content: dict[str, Any] = {"document": sent | {"file_name": name, "mime_type": kind}}
        return self.sends(who, **content, **({"caption": caption} if caption else {}), **more)

    def blocks(self, who: Person) -> None:
        self.unreachable[who.id] = "Forbidden: bot was blocked by the user"

    def deactivates(self, who: Person) -> None:
        self.unreachable[who.id] = "Forbidden: user is deactivated"

    def vanishes(self, chat: int) -> None:
        self.unreachable[chat] = "Bad Request: chat not found"

    def migrates(self, group: int, to: int) -> None:
        self.migrated[group] = to
