"""The commands a platform shows in its menu, per language: taken from the phrases, labelled in the catalogues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.messages import text
from bot.phrases import slash_commands
from bot.wording import Wording, languages

#: The meanings worth a place in a menu, most used first.
_SHOWN = ("my_tasks", "summary", "help", "undo", "choose_language", "my_data")


def menus() -> Mapping[str, Sequence[tuple[str, str]]]:
    """For each language: (command without the slash, label)."""
    shown = {}
    for language in languages():
        wording = Wording(language, ZoneInfo("UTC"))
        commands = slash_commands(language)
        shown[language] = [(commands[name], wording.say(text(f"menu.{name}"))) for name in _SHOWN if name in commands]
    return shown
