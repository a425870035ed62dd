"""What the demonstration's people say and who they are, out of bot/sample/*.toml; drawn from one seeded source."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any


@cache
def table(name: str) -> Mapping[str, Any]:
    """A table of bot/sample."""
    return tomllib.loads((files("bot") / "sample" / f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Fate:
    """How a unit's work goes. Days are of the month; the ranges end with their last day."""

    name: str
    replies: float
    tells: float
    finish: tuple[int, int] | None = None
    blocked: tuple[int, int] | None = None
    asks: tuple[int, int] | None = None
    until: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Something that a person with a story of their own says at a set moment; see bot/sample/stories.toml."""

    at: Any
    says: str = ""
    photo: str = ""
    tap: str = ""
    answers_last: bool = False
    edits_last: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """A person whose every word is written down, or (without lines) only the name."""

    unit: str
    name: str
    role: str = "contact"
    joins: Any = None
    aloud: bool = False
    language: str = "vi"
    lines: tuple[Line, ...] = field(default=())


def draw_name(rng: Random) -> str:
    """A person's name."""
    names = table("people")["names"]
    return " ".join(rng.choice(names[part]) for part in ("family", "middle", "given"))


def draw_fate(rng: Random, table_name: str = "fate") -> Fate:
    """How a unit's work will go; `undated` is work without a deadline."""
    rows: Sequence[Mapping[str, Any]] = table("people")[table_name]
    row = rng.choices(rows, weights=[row["weight"] for row in rows])[0]
    spans = {key: (row[key][0], row[key][1]) for key in ("finish", "blocked", "asks", "until") if key in row}
    return Fate(row["name"], row["replies"], row["tells"], **spans)


@cache
def stories() -> tuple[Story, ...]:
    """Everybody with a story of their own, in the order they are written down."""
    return tuple(
        Story(**{**row, "lines": tuple(Line(**line) for line in row.get("lines", ()))})
        for row in table("stories")["story"]
    )


def phrase(rng: Random, intent: str, form: str, **places: object) -> str:
    """One way to say it; `form` is `lone` (the whole message) or `line` (what follows a number)."""
    return str(rng.choice(table("answers")[intent][form])).format(**places)


def without_marks(typed: str) -> str:
    """As typed on a phone without Vietnamese keys."""
    plain = unicodedata.normalize("NFD", typed.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
