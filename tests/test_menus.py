"""The menu of a platform: the same meanings in every language, each a command that is understood."""

from __future__ import annotations

from bot.menus import menus
from bot.phrases import phrasebook


def test_every_entry_is_understood_as_the_same_meaning() -> None:
    """The list, the summary, help, undo, language and data stand in each language's menu, with a label."""
    meant = {
        language: [next(phrasebook().meanings(f"/{command}")).name for command, _ in entries]
        for language, entries in menus().items()
    }

    wanted = ["my_tasks", "summary", "help", "undo", "choose_language", "my_data"]
    assert meant == {"vi": wanted, "en": wanted}
    assert all(label for entries in menus().values() for _, label in entries)
