"""What an update of the Bot API means in our words. Pure: raw JSON in, one `Incoming` (or nothing for us) out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.messages import Address, FileRef, Incoming

ALLOWED = ("message", "edited_message", "callback_query")

# Neither store holds a NUL or half a surrogate pair, and no other control character but these two means anything.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

_UNREADABLE = (
    "voice", "audio", "video_note", "video", "animation", "sticker", "location", "venue", "contact", "poll",
    "checklist", "dice", "game", "story", "paid_media", "rich_message", "invoice",
)  # fmt: skip
_SERVICE = re.compile(
    "new_chat_|left_chat_|delete_chat_photo|group_chat_created|supergroup_chat_created|channel_chat_created|migrate_|"
    "pinned_message|message_auto_delete_timer_changed|successful_payment|refunded_payment|users_shared|chat_shared|"
    "connected_website|write_access_allowed|proximity_alert|boost_added|chat_background_set|checklist_tasks_|"
    "direct_message_price|forum_topic_|general_forum_topic_|giveaway|paid_message_price|suggested_post_|video_chat_|"
    "gift|unique_gift|chat_owner_"
)


class Malformed(ValueError):  # noqa: N818  (what the update is)
    """An update that does not look as the Bot API says."""


def incoming(update: object, account: str, now: datetime) -> Incoming | None:
    """What one update tells; None where it is nothing that a person said to us. Raises Malformed."""
    kinds = _part(update)
    try:
        if "message" in kinds:
            return _message(_part(kinds["message"]), account)
        if "edited_message" in kinds:
            return _message(_part(kinds["edited_message"]), account, edited=True)
        if "callback_query" in kinds:
            return _tap(_part(kinds["callback_query"]), account, now)
    except (KeyError, OverflowError, OSError) as error:
        raise Malformed(f"{type(error).__name__} {error}") from error
    return None


def _message(message: Mapping[str, Any], account: str, *, edited: bool = False) -> Incoming | None:
    sender, chat = _part(message.get("from", {})), _part(message["chat"])
    if not sender or sender.get("is_bot") or any(_SERVICE.match(key) for key in message):
        return None
    chat_id, number = _whole(chat["id"]), _whole(message["message_id"])
    changed = _whole(message["edit_date"]) if edited else 0
    files = _files(message, number)
    text = clean(message.get("text", message.get("caption", "")))
    if edited and not (text or files):
        return None  # a live location is edited every few seconds, which nobody said
    return Incoming(
        sender=Address("telegram", account, str(chat_id)),
        id=f"m:{chat_id}:{number}:{changed}",
        text=text,
        at=_moment(changed or message["date"]),
        message_id=str(number),
        reply_to=_answered(message),
        edits=str(number) if edited else None,
        files=files,
        album=clean(message["media_group_id"]) if "media_group_id" in message else None,
        unsupported=_unreadable(message, readable=bool(text or files)),
        in_group=chat.get("type") != "private",
        sender_name=_name(sender),
        language_hint=_language(sender),
    )


def _tap(tap: Mapping[str, Any], account: str, now: datetime) -> Incoming | None:
    """A button pressed. The platform gives a tap no time of its own: its time is its receipt."""
    if "data" not in tap or "message" not in tap:
        return None
    sender, held_by = _part(tap["from"]), _part(tap["message"])
    chat = _part(held_by["chat"])
    return Incoming(
        sender=Address("telegram", account, str(_whole(chat["id"]))),
        id=f"c:{clean(tap['id'])}",
        text="",
        at=now,
        reply_to=str(_whole(held_by["message_id"])),
        button=clean(tap["data"]),
        in_group=chat.get("type", "private") != "private",
        sender_name=_name(sender),
        language_hint=_language(sender),
    )


def _files(message: Mapping[str, Any], number: int) -> tuple[FileRef, ...]:
    if "photo" in message:
        sizes = message["photo"]
        if not isinstance(sizes, list) or not sizes:
            raise Malformed("a photo without sizes")
        best = max(map(_part, sizes), key=lambda size: _whole(size["width"]) * _whole(size["height"]))
        return (FileRef(clean(best["file_id"]), f"photo-{number}.jpg", "image/jpeg", _size(best)),)
    # An animation comes with a document of the same content beside it; it is none that was sent as a file.
    if "document" in message and "animation" not in message:
        sent = _part(message["document"])
        name = clean(sent.get("file_name") or f"file-{number}").replace("/", "_").replace("\\", "_").strip()
        kind = clean(sent.get("mime_type") or "application/octet-stream").lower()
        return (FileRef(clean(sent["file_id"]), name[:200] or f"file-{number}", kind, _size(sent)),)
    return ()


def _unreadable(message: Mapping[str, Any], *, readable: bool) -> str | None:
    """What we can't read in it; kept beside the words of a caption, so that both can be answered."""
    named = next((kind for kind in _UNREADABLE if kind in message), None)
    return named or (None if readable or "text" in message else "other")


def _answered(message: Mapping[str, Any]) -> str | None:
    """The message this one answers. In a topic Telegram fills in the topic's first message, which nobody answered."""
    if "reply_to_message" not in message:
        return None
    answered = _whole(_part(message["reply_to_message"])["message_id"])
    if message.get("is_topic_message") and answered == message.get("message_thread_id"):
        return None
    return str(answered)


def _name(person: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (clean(person.get(key) or "").strip() for key in ("first_name", "last_name"))))


def _language(person: Mapping[str, Any]) -> str | None:
    code = person.get("language_code")
    return clean(code)[:16].lower() if code else None


def _size(file: Mapping[str, Any]) -> int | None:
    return _whole(file["file_size"]) if file.get("file_size") is not None else None


def _moment(seconds: object) -> datetime:
    try:
        return datetime.fromtimestamp(_whole(seconds), UTC)
    except ValueError as error:
        raise Malformed("a date outside the calendar") from error


def _part(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("a part that is no object")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Malformed("a number that is none")
    return value


def clean(text: object) -> str:
    """Text that every store and every channel can hold."""
    if not isinstance(text, str):
        raise Malformed("a text that is none")
    return _HARMFUL.sub("", text.replace("\r\n", "\n"))
