"""Meanings become words: every text in every language, and nothing a person typed is ever formatted."""

from __future__ import annotations

import string
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.messages import Text, lines, text
from bot.wording import FIRST_LANGUAGE, Wording, catalogue, languages

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
VI, EN = Wording("vi", ZONE), Wording("en", ZONE)
HOSTILE = ["{0.__class__}", "{name}", "{}", "{n!r}", "{{", "}", "%(name)s %s %n", "{0[0]}", "{__globals__}", "\\n"]


def values(pattern: str) -> dict[str, Any]:
    """A value of the right kind for each place of a pattern."""
    found: dict[str, Any] = {}
    for _, name, spec, _ in string.Formatter().parse(pattern):
        if name is not None:
            found[name] = datetime(2025, 9, 20, 5, tzinfo=UTC) if spec in ("moment", "hour") else "x"
            if spec in ("day", "short", "long", "month"):
                found[name] = date(2025, 9, 20)
    return found


def each_way(wording: Wording, message: Any) -> Iterator[str]:
    """What a text says with a value in each place, in each plural."""
    key = message.id if isinstance(message.id, str) else message.id[0]
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    given: dict[str, Any] = {}
    for form in forms:
        given |= values(str(form))
    for count in (0, 1, 2, 5) if "n" in given else (None,):
        yield wording.say(Text(key, given if count is None else given | {"n": count}))


@pytest.mark.parametrize("language", languages())
def test_every_text_can_be_said(language: str) -> None:
    """With a value in each place, in each plural, the words come out and no place is left open."""
    wording = Wording(language, ZONE)
    wrong = {}
    for message in catalogue(language):
        for said in each_way(wording, message) if message.id else ():
            if not said or "{" in said:
                wrong[str(message.id)] = said

    assert wrong == {}


@pytest.mark.parametrize("typed", HOSTILE)
def test_braces_in_what_was_typed_are_only_braces(typed: str) -> None:
    """A name or a note that looks like a pattern comes out as it was typed, alone, nested and in a list."""
    assert typed in VI.say(text("consent.thanks", name=typed))
    assert typed in EN.say(text("consent.thanks", name=typed))
    nested = lines(text("consent.thanks", name=typed), typed)
    assert VI.say(nested).count(typed) == 2


def test_an_unknown_key_is_an_error_that_names_it() -> None:
    """Nobody is sent the name of a text instead of its words."""
    with pytest.raises(KeyError, match=r"no\.such\.text"):
        VI.say(text("no.such.text"))


def test_an_unknown_language_is_answered_in_the_first() -> None:
    """A phone set to French reads Vietnamese."""
    assert Wording("fr", ZONE).language == FIRST_LANGUAGE == "vi"
    assert languages()[0] == "vi"


@pytest.mark.parametrize(
    ("value", "spec", "vi", "en"),
    [
        (None, "", "", ""),
        ("Lan", "", "Lan", "Lan"),
        (1234, "", "1.234", "1,234"),
        (0, "", "0", "0"),
        (True, "", "True", "True"),
        (date(2025, 9, 20), "", "20/9/2025", "20/9/2025"),
        (date(2025, 9, 20), "short", "20/9", "20/9"),
        (date(2025, 9, 20), "day", "Thứ Bảy 20/9", "Saturday 20/9"),
        (date(2025, 9, 20), "long", "Thứ Bảy, 20/9/2025", "Saturday, 20/9/2025"),
        (time(17, 5), "", "17:05", "17:05"),
        (datetime(2025, 9, 19, 17, tzinfo=UTC), "", "00:00 20/9/2025", "00:00 20/9/2025"),
        (datetime(2025, 9, 19, 16, 59, tzinfo=UTC), "hour", "23:59", "23:59"),
        (datetime(2025, 9, 19, 17, tzinfo=UTC), "short", "20/9", "20/9"),
        (("Lan", "Minh"), "", "Lan, Minh", "Lan, Minh"),
        (("Lan", "Minh"), "lines", "Lan\nMinh", "Lan\nMinh"),
        ((), "", "", ""),
    ],
)
def test_values_as_the_reader_writes_them(value: Any, spec: str, vi: str, en: str) -> None:
    """Dates day first, moments in the province's zone, numbers with the language's signs."""
    assert (VI.value(value, spec), EN.value(value, spec)) == (vi, en)


def test_lines_hold_one_meaning_each() -> None:
    """A bundle of texts is one text over several lines; bundles may hold bundles."""
    assert VI.say(lines("một", lines("hai", None, "ba"))) == "một\nhai\nba"


def test_nested_texts_are_said_in_the_same_language() -> None:
    """A state inside a line of a list is in the reader's language, too."""
    inner = text("state.in_progress")

    assert EN.say(inner) in EN.say(lines(inner, "x"))
    assert EN.say(inner) != VI.say(inner)


def test_each_count_and_each_language_has_its_own_words() -> None:
    """A text said once in one plural, or to one reader, is said to the next as if for the first time."""
    said = {(wording.language, n): wording.say(text("list.left", n=n)) for n in (1, 2, 1000) for wording in (EN, VI)}

    assert len(set(said.values())) == len(said)
    for (language, n), words in said.items():
        assert Wording(language, ZONE).say(text("list.left", n=n)) == words
