"""Meanings become words here: the only room that knows Babel. Texts live in locales/<lang>/*.po."""

from __future__ import annotations

import io
import string
from datetime import date, datetime, time
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypeAlias
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from bot.messages import Text, Value

#: The language everything exists in; others fall back to it.
FIRST_LANGUAGE = "vi"
#: How dates are written when the text asks `{due:day}`; the patterns are Babel's.
_PATTERNS = {
    "": "d/M/y",
    "day": "EEEE d/M",
    "short": "d/M",
    "long": "EEEE, d/M/y",
    "moment": "HH:mm d/M/y",
    "hour": "HH:mm",
    "month": "M/y",
}


@cache
def languages() -> tuple[str, ...]:
    """The languages that have texts, the first language first; found by listing the folders."""
    root = files("locales")
    found = {folder.name for folder in root.iterdir() if folder.is_dir() and _catalogues(folder.name)}
    return (FIRST_LANGUAGE, *sorted(found - {FIRST_LANGUAGE}))


def _catalogues(language: str) -> list[str]:
    folder = files("locales") / language
    return sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".po"))


@cache
def catalogue(language: str) -> Catalog:
    """All texts of a language, merged from its .po files. Raises ValueError where two files define one key."""
    merged = Catalog(locale=language)
    for name in _catalogues(language):
        data = (files("locales") / language / name).read_bytes()
        for message in read_po(io.BytesIO(data), locale=language):
            if not message.id:
                merged.mime_headers = [("Plural-Forms", plural_forms(language))]
                continue
            if message.id in merged:
                raise ValueError(f"{language}/{name}: {message.id!r} is defined twice")
            merged[message.id if isinstance(message.id, str) else message.id[0]] = message
    return merged


def plural_forms(language: str) -> str:
    """The plural rule of a language, as gettext writes it."""
    return Catalog(locale=language).plural_forms


@cache
def _translations(language: str) -> Translations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return Translations(fp=compiled)


#: Words as they stand, and the value that comes after them: its name, and how it is to be written.
_Piece: TypeAlias = tuple[str, str | None, str]


# Most texts are said over and over, and taking one apart takes longer than saying it.
@lru_cache(maxsize=8192)
def _pieces(language: str, key: str, count: int | None) -> tuple[_Piece, ...]:
    """A text taken apart at its places (`{due:day}`), in the plural of its count. Raises KeyError if there is none."""
    translations = _translations(language)
    pattern = translations.ugettext(key) if count is None else translations.ungettext(key, key, count)
    if pattern == key:
        raise KeyError(f"no text for {key!r} in {language}")
    return tuple((words, name, spec or "") for words, name, spec, _ in string.Formatter().parse(pattern))


class Wording:
    """The words of one language, for one time zone."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        known = languages()
        self.language = language if language in known else FIRST_LANGUAGE
        self.zone = zone

    def say(self, meaning: Text) -> str:
        """The words of a meaning. Raises KeyError where the language lacks the key (tests keep it from happening)."""
        if meaning.key == "lines":
            parts = meaning.params["parts"]
            return self.value(parts, "lines")
        params = meaning.params
        count = params.get("n")
        said = []
        for words, name, spec in _pieces(self.language, meaning.key, count if isinstance(count, int) else None):
            said.append(words)
            if name is not None:
                said.append(self.value(params[name], spec))
        return "".join(said)

    def value(self, value: Value, spec: str) -> str:  # noqa: PLR0911  (one line a type of value)
        """One value inside a text: dates and numbers as the language writes them, lists joined."""
        match value:
            case str() | bool():
                return str(value)
            case Text():
                return self.say(value)
            case None:
                return ""
            case int() | float():
                return _number(value, spec, self.language)
            case tuple():
                return {"": ", ", "lines": "\n"}.get(spec, spec).join([self.value(part, "") for part in value])
            case datetime():
                pattern = _PATTERNS[spec or "moment"]
                return format_datetime(value.astimezone(self.zone), pattern, locale=self.language)
            case date():
                return _day(value, _PATTERNS[spec], self.language)
            case time():
                return value.strftime("%H:%M")


# The same few stand in most texts, and Babel takes longer for one of them than for all else of a line.
@lru_cache(maxsize=1024)
def _day(value: date, pattern: str, language: str) -> str:
    return format_date(value, pattern, locale=language)


@lru_cache(maxsize=1024, typed=True)
def _number(value: float, spec: str, language: str) -> str:
    return format_decimal(value, spec or None, locale=language)
