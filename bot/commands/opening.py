"""What every command begins with: the settings of the environment, and logs that keep their secrets."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot import logs
from bot.settings import Settings, load_settings


def begin(*, level: int = logging.INFO) -> Settings:
    """The settings, once logging is set up for them. Raises BrokenSetting."""
    settings = load_settings(os.environ)
    logs.configure(_secrets(settings), level=level)
    return settings


def _secrets(settings: Settings) -> Iterator[str]:
    for token in (*settings.telegram_tokens, *settings.zalo_tokens):
        yield token.get_secret_value()
    if settings.webhook_secret is not None:
        yield settings.webhook_secret.get_secret_value()
    password = urlsplit(settings.store_url).password
    if password:
        yield password
