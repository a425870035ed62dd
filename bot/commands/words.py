"""What the command line says, in the operator's language (NHACVIEC_LANGUAGE)."""

from __future__ import annotations

import os
from zoneinfo import ZoneInfo

from bot.messages import Text, Value, text
from bot.wording import FIRST_LANGUAGE, Wording, languages


def said(key: str, **params: Value) -> str:
    """A text of the command line; `key` stands under `cli.` in locales/."""
    return worded(text(f"cli.{key}", **params))


def worded(says: Text) -> str:
    """Any text, as the operator reads it; a language we don't speak is for the settings to refuse."""
    wanted = os.environ.get("NHACVIEC_LANGUAGE", "").strip()
    language = wanted if wanted in languages() else FIRST_LANGUAGE
    return Wording(language, ZoneInfo("Asia/Ho_Chi_Minh")).say(says)
