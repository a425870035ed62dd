"""What the command line says, in the operator's language (NHACVIEC_LANGUAGE)."""

from __future__ import annotations

import os
from zoneinfo import ZoneInfo

from bot.messages import Value, text
from bot.wording import FIRST_LANGUAGE, Wording


def said(key: str, **params: Value) -> str:
    """A text of the command line; `key` stands under `cli.` in locales/."""
    language = os.environ.get("NHACVIEC_LANGUAGE", FIRST_LANGUAGE)
    return Wording(language, ZoneInfo("Asia/Ho_Chi_Minh")).say(text(f"cli.{key}", **params))
