"""How an officer's short chat reply is understood; it knows no store and no channel."""

from bot.reading.meaning import Item, Kind, OpenTask, Reading
from bot.reading.reader import read

__all__ = ["Item", "Kind", "OpenTask", "Reading", "read"]
