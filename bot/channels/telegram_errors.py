"""What Telegram's complaint about one letter means for the letter, its address and its account."""

from __future__ import annotations

from datetime import datetime

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken

from bot.channels.telegram_wire import NotWritten, Paused
from bot.messages import SendFailed
from bot.redaction import redact

# The Bot API's words (a 400 has no finer code) for: nobody is reachable there, whatever the letter says.
_NOBODY_THERE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "user is deactivated",
    "input_user_deactivated",
    "group chat was deactivated",
    "chat_id is empty",
    "chat_write_forbidden",
    "have no rights to send",
    "not enough rights to send",
    "user_is_blocked",
    "bot is not a member",
    "channel_private",
)


def failure(error: Exception, now: datetime) -> SendFailed:  # noqa: PLR0911  (a table: one line, one complaint)
    """The one complaint the rest of the house knows.

    Whatever the Bot API itself refused was not accepted, for certain: like a request that never left, it carries
    `written=False` and is never in doubt. A letter refused for its own content leaves address and account alone: its
    reason begins with "refused the letter", and the same letter will be refused again.
    """
    why = redact(str(error)) or type(error).__name__
    match error:
        case SendFailed():
            return error
        case NotWritten():
            return SendFailed(f"Telegram could not be reached: {why}", written=False)
        case Paused():
            return SendFailed(why, retry_at=now + error.pause, written=False)
        case ChatMigrated():
            return SendFailed(why, moved_to=str(error.new_chat_id), written=False)
        case InvalidToken():
            return SendFailed("Telegram does not accept this bot's token", unauthorized=True, written=False)
        case Forbidden():
            return SendFailed(why, permanent=True, written=False)
        case BadRequest():
            gone = any(words in why.lower() for words in _NOBODY_THERE)
            return SendFailed(why if gone else f"refused the letter: {why}", permanent=gone, written=False)
        case Conflict():
            return SendFailed(why, written=False)
        case _:
            return SendFailed(f"no answer from Telegram: {why}")
