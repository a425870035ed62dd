"""Every text the bot says exists in every language, with the same values, and nothing is left over."""

from __future__ import annotations

import ast
import io
import re
import string
import tomllib
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.contacts import Role
from bot.tasks import Status
from bot.wording import FIRST_LANGUAGE, catalogue, languages

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = languages()
OTHERS = [language for language in LANGUAGES if language != FIRST_LANGUAGE]
#: Calls whose first argument is the key of a text, all of them in the shape of `text("key", value=…)`.
NAMES_A_TEXT = ("text", "Text", "refuse")
#: There `text` is SQL's; the store says nothing to people.
NO_TEXTS = ("bot/store/",)
#: Not in any catalogue: a bundle of other texts.
BUILT_IN = ("lines",)
#: Families that are an enumeration of the house: every member has its text.
COMPLETE: dict[str, type[StrEnum]] = {"state.": Status, "role.": Role}


@cache
def messages(language: str) -> dict[str, Message]:
    """Key -> entry of a language."""
    return {key_of(message): message for message in catalogue(language) if message.id}


def key_of(message: Message) -> str:
    """The key, also of an entry with plural forms."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    """All the wordings of an entry."""
    said = message.string
    return tuple(map(str, said)) if isinstance(said, (list, tuple)) else (str(said or ""),)


def places(message: Message) -> set[tuple[str, str]]:
    """(name, format) of every value an entry uses; one grammatical number may do without the count."""
    return {
        (name, spec or "")
        for form in forms(message)
        for _, name, spec, _ in string.Formatter().parse(form)
        if name is not None
    }


def commands(language: str) -> dict[str, dict[str, list[str]]]:
    """The command phrases of a language, table by table."""
    return tomllib.loads((ROOT / "locales" / language / "commands.toml").read_text(encoding="utf-8"))


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """Every product file as Python sees it."""
    files = sorted(path for room in ("bot", "handlers", "scheduler") for path in (ROOT / room).rglob("*.py"))
    return tuple((str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))) for path in files)


def named_texts() -> Iterator[tuple[str, ast.Call, ast.expr]]:
    """(file, call, key) of every place that names a text."""
    for name, tree in trees():
        for node in ast.walk(tree) if not name.startswith(NO_TEXTS) else ():
            if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") in NAMES_A_TEXT:
                yield name, node, node.args[0]


@cache
def page_texts() -> tuple[set[str], tuple[str, ...]]:
    """(keys, families) in the local chat's own files, which know them without their `web.`: say("send")."""
    written = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "bot" / "web" / "static").glob("*"))
        if path.suffix in (".js", ".html")
    )
    keys = {f"web.{key}" for key in re.findall(r"""["'`]([a-z][a-z_.]*)["'`]""", written)}
    return keys, tuple(f"web.{begin}" for begin in re.findall(r"`([a-z_]+\.)\$\{", written))


def keys_named(key: ast.expr) -> list[str]:
    """The keys an expression may be: a literal, or one of two."""
    if isinstance(key, ast.IfExp):
        return keys_named(key.body) + keys_named(key.orelse)
    return [key.value] if isinstance(key, ast.Constant) and isinstance(key.value, str) else []


def family(key: ast.expr) -> re.Pattern[str] | None:
    """What keys put together at run time look like: f"role.{role}" -> role\\..+"""
    if not isinstance(key, ast.JoinedStr):
        return None
    parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in key.values)
    return re.compile("".join(parts))


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_everything(language: str) -> None:
    """No key is missing in a language, and none exists in it alone."""
    first, other = set(messages(FIRST_LANGUAGE)), set(messages(language))

    assert {"missing": sorted(first - other), "only here": sorted(other - first)} == {"missing": [], "only here": []}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_uses_the_same_values(language: str) -> None:
    """A name, date or number said in one language is said in all, written in the same way."""
    first, other = messages(FIRST_LANGUAGE), messages(language)
    wrong = {
        key: sorted(places(first[key]) ^ places(other[key]))
        for key in first.keys() & other.keys()
        if places(first[key]) != places(other[key])
    }

    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_doubtful(language: str) -> None:
    """Each entry, and each of its plural forms, has words that somebody stood up for."""
    wrong = [
        key for key, message in messages(language).items() if message.fuzzy or not all(map(str.strip, forms(message)))
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_are_written_as_the_wording_can(language: str) -> None:
    """Every pattern can be parsed, and each value has a plain name."""
    wrong = [
        key
        for key, message in messages(language).items()
        for name, _ in places(message)
        if not re.fullmatch(r"[a-z][a-z_0-9]*", name)
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_counted_nouns_have_plural_forms(language: str) -> None:
    """A text that counts with {n} has a form for every grammatical number, and only such a text has."""
    wrong = [
        key
        for key, message in messages(language).items()
        if ("n" in {name for name, _ in places(message)}) != (not isinstance(message.id, str))
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    """Vietnamese has one form, English two; each entry has exactly as many."""
    count = Catalog(locale=language).num_plurals
    wrong = [
        key for key, said in messages(language).items() if not isinstance(said.id, str) and len(forms(said)) != count
    ]

    assert wrong == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "locales").rglob("*.po")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_catalogues_are_well_kept(path: Path) -> None:
    """Letters are composed (NFC), and each catalogue belongs to the folder it stands in."""
    written = path.read_text(encoding="utf-8")
    catalog = read_po(io.BytesIO(written.encode()))

    assert unicodedata.is_normalized("NFC", written)
    assert str(catalog.locale) == path.parent.name
    assert not catalog.obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_can_be_said_in_every_language(language: str) -> None:
    """Each command and each question has at least one phrase; none exists in one language alone."""
    said, first = commands(language), commands(FIRST_LANGUAGE)

    assert {table: set(names) for table, names in said.items()} == {table: set(names) for table, names in first.items()}
    assert [name for names in said.values() for name, phrases in names.items() if not phrases] == []


def test_every_text_named_in_the_code_exists() -> None:
    """A key that the code names is a key of the catalogues."""
    known = {*messages(FIRST_LANGUAGE), *BUILT_IN}
    wrong = [
        f"{name}:{call.lineno} {key}"
        for name, call, node in named_texts()
        for key in keys_named(node)
        if key not in known
    ]

    assert wrong == []


def test_every_text_named_on_the_page_exists() -> None:
    """The local chat's script and page ask for no label that is not there."""
    page = ROOT / "bot" / "web" / "static"
    script, html = (page / name for name in ("chat.js", "chat.html"))
    asked = set(re.findall(r"""\bsay\(["']([a-z_.]+)["']""", script.read_text(encoding="utf-8")))
    asked |= set(re.findall(r"""\bdata-(?:say|label|hint)=["']([a-z_.]+)["']""", html.read_text(encoding="utf-8")))

    assert asked
    assert {f"web.{key}" for key in asked} - messages(FIRST_LANGUAGE).keys() == set()


def test_texts_that_count_are_called_with_a_count() -> None:
    """`n` is given exactly where the text has plural forms."""
    first = messages(FIRST_LANGUAGE)
    wrong = [
        f"{name}:{call.lineno} {key}"
        for name, call, node in named_texts()
        if not any(word.arg is None for word in call.keywords)
        for key in keys_named(node)
        if key in first
        if ("n" in {word.arg for word in call.keywords}) != (not isinstance(first[key].id, str))
    ]

    assert wrong == []


def test_the_code_gives_every_value_a_text_needs() -> None:
    """A text called with literal names gets all the values of its pattern."""
    first = messages(FIRST_LANGUAGE)
    wrong = [
        f"{name}:{call.lineno} {key} lacks {sorted(missing)}"
        for name, call, node in named_texts()
        if len(call.args) == 1 and not any(word.arg is None for word in call.keywords)
        for key in keys_named(node)
        if key in first
        if (missing := {place for place, _ in places(first[key])} - {word.arg for word in call.keywords if word.arg})
    ]

    assert wrong == []


def test_texts_put_together_at_run_time_exist() -> None:
    """f"role.{role}" is a key whose family can be seen where it is written, and the family has members."""
    wrong = [
        f"{name}:{call.lineno} {ast.unparse(node)}"
        for name, call, node in named_texts()
        if (pattern := family(node))
        if not re.match(r"[a-z_]+\\\.", pattern.pattern) or not any(map(pattern.fullmatch, messages(FIRST_LANGUAGE)))
    ]

    assert wrong == []


@pytest.mark.parametrize("prefix", COMPLETE)
def test_every_member_of_an_enumeration_has_its_text(prefix: str) -> None:
    """No status and no role is without words."""
    assert {prefix + member for member in COMPLETE[prefix]} <= set(messages(FIRST_LANGUAGE))


def test_no_text_is_left_over() -> None:
    """A key nobody says any more leaves the catalogues."""
    said = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    on_page, page_families = page_texts()
    families = [pattern for _, _, node in named_texts() if (pattern := family(node))]
    left = [
        key
        for key in messages(FIRST_LANGUAGE)
        if key not in said | on_page and not key.startswith(page_families)
        if not any(pattern.fullmatch(key) for pattern in families)
    ]

    assert left == []
