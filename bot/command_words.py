"""The words of commands in every language as they are written down: locales/<language>/commands.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

#: The lists of [times] that name days of the week, from the first.
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@cache
def tables() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    """Each language's sections: [questions], [times], [commands]."""
    found = {}
    for folder in sorted(files("locales").iterdir(), key=lambda entry: entry.name):
        table = folder / "commands.toml"
        if folder.is_dir() and table.is_file():
            found[folder.name] = tomllib.loads(table.read_text("utf-8"))
    return found


def fold(text: str) -> str:
    """Lower case without marks, one sign for one sign of the composed text, so that places in both agree."""
    return text.lower() if text.isascii() else "".join(map(_plain, unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    if sign in "đĐ":
        return "d"
    bare = unicodedata.normalize("NFD", sign)[0].lower()
    return bare if len(bare) == 1 else sign


@cache
def times(*names: str) -> str:
    """A pattern for any word of these lists of [times], in any language, without marks."""
    listed = [table.get("times", {}) for table in tables().values()]
    words = {fold(word) for lists in listed for name in names for word in lists.get(name, ())}
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))
