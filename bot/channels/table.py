"""Which channels there are, by name, and how the settings make their accounts. Local ones are the assembly's to add."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.channels.port import Channel
from bot.settings import Settings


def _telegram(settings: Settings) -> Sequence[Channel]:
    from bot.channels.telegram import TelegramChannel

    secret = settings.webhook_secret
    return [
        TelegramChannel(
            token.get_secret_value(),
            api_url=settings.telegram_api_url,
            public_url=settings.public_url,
            webhook_secret=secret.get_secret_value() if secret else None,
        )
        for token in settings.telegram_tokens
    ]


CHANNELS: Mapping[str, Callable[[Settings], Sequence[Channel]]] = {
    "telegram": _telegram,
}


def configured(settings: Settings) -> list[Channel]:
    """One channel for each account that the settings name."""
    return [channel for build in CHANNELS.values() for channel in build(settings)]
