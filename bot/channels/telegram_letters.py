"""How a letter of ours looks as a request to the Bot API. Pure; it sends nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from telegram import InputFile

from bot.channels.telegram_updates import clean
from bot.messages import Button, Letter, SendFailed

CAPTION = 1024
_ROW_SIGNS = 30
_ROW_BUTTONS = 4
_PHOTO_BYTES = 10_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
#: A preview would open one-time links of the office before the person does.
_NO_PREVIEW = {"is_disabled": True}


def request(letter: Letter) -> tuple[str, dict[str, Any]]:
    """The Bot API method that carries this letter, and its values. Raises SendFailed where none could.

    Plain values, as they go: the library's objects would be made and taken apart again for each letter.
    """
    values: dict[str, Any] = {"chat_id": _chat(letter.to.peer), "disable_notification": letter.silent}
    if letter.buttons:
        values["reply_markup"] = keyboard(letter.buttons)
    if letter.reply_to and letter.reply_to.isdecimal():
        answered = {"message_id": int(letter.reply_to), "allow_sending_without_reply": True}
        values["reply_parameters"] = answered
    if letter.file is None:
        return "sendMessage", {**values, "text": clean(letter.text), "link_preview_options": _NO_PREVIEW}
    if _length(letter.text) > CAPTION:
        raise SendFailed(f"refused the letter: a file's text holds at most {CAPTION} signs", written=False)
    file = InputFile(letter.file, filename=letter.file_name or "file")
    as_photo = goes_as_photo(letter.file, letter.file_kind)
    values |= {"caption": clean(letter.text) or None, "photo" if as_photo else "document": file}
    return ("sendPhoto" if as_photo else "sendDocument"), values


def keyboard(buttons: Sequence[Button]) -> dict[str, list[list[dict[str, str]]]]:
    """Short labels side by side, long ones each on a row: cells of a row are equally wide on a phone."""
    rows: list[list[Button]] = []
    for button in buttons:
        row = [*rows[-1], button] if rows else []
        if row and len(row) <= _ROW_BUTTONS and max(_length(each.label) for each in row) * len(row) <= _ROW_SIGNS:
            rows[-1] = row
        else:
            rows.append([button])
    return {"inline_keyboard": [[{"text": each.label, "callback_data": each.data} for each in row] for row in rows]}


def goes_as_photo(content: bytes, kind: str | None) -> bool:
    """Whether Telegram shows it as a picture; what it would refuse as one goes as a document."""
    if kind not in {"image/png", "image/jpeg"} or len(content) > _PHOTO_BYTES:
        return False
    if content[:8] != _PNG:
        return kind == "image/jpeg"
    width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))
    return 0 < width + height <= 10_000 and max(width, height) <= 20 * min(width, height)


def _chat(peer: str) -> int:
    if not re.fullmatch(r"-?\d{1,20}", peer):
        raise SendFailed("a Telegram chat is a number", permanent=True, written=False)
    return int(peer)


def _length(text: str) -> int:
    """In UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
