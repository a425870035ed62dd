"""Names of units: their kind, their order in the Vietnamese alphabet, and long lists of them over several lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

#: A line of names is about this long: the channel splits a text at line ends and never inside one.
LINE_OF_NAMES = 200


class NameKind(StrEnum):
    """What a unit is, as its name says (by law a unit's name begins with its type)."""

    OFFICE = "office"
    COMMUNE = "commune"
    WARD = "ward"
    ZONE = "zone"


_FIRST_WORDS = {"Xã ": NameKind.COMMUNE, "Phường ": NameKind.WARD, "Đặc khu ": NameKind.ZONE}


def kind_of(name: str) -> NameKind:
    """The kind of unit; everything that is no commune, ward or special zone is one of the offices."""
    composed = unicodedata.normalize("NFC", name)
    return next((kind for word, kind in _FIRST_WORDS.items() if composed.startswith(word)), NameKind.OFFICE)


def short_name(name: str) -> str:
    """The name without its type where a heading already says it: "Bình Hòa" for "Xã Bình Hòa"."""
    composed = unicodedata.normalize("NFC", name)
    return next((composed.removeprefix(word) for word in _FIRST_WORDS if composed.startswith(word)), composed)


_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_RANK = {unicodedata.normalize("NFD", letter): rank for rank, letter in enumerate(_LETTERS)}


@cache
def order(name: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Sort key of the Vietnamese alphabet: letters first (a ă â b … d đ …), tones only between equal letters."""
    letters: list[str] = []
    tones: list[int] = []
    for sign in unicodedata.normalize("NFD", name.lower()):
        if sign in _TONES:
            tones[-1:] = [_TONES.index(sign) + 1]
        elif unicodedata.combining(sign) and letters:
            letters[-1] += sign
        else:
            letters.append(sign)
            tones.append(0)
    return tuple(_RANK.get(letter, -1 if letter == " " else 1000) for letter in letters), tuple(tones), name


def by_kind(names: Iterable[str]) -> dict[NameKind, tuple[str, ...]]:
    """The names of each kind that occurs, in the alphabet's order, kinds in the order of `NameKind`."""
    ordered = sorted(names, key=order)
    found = {kind: tuple(name for name in ordered if kind_of(name) is kind) for kind in NameKind}
    return {kind: members for kind, members in found.items() if members}


def in_lines(names: Iterable[str], width: int = LINE_OF_NAMES) -> tuple[str, ...]:
    """All the names on lines of about `width` signs; none is left out and none is broken."""
    members = tuple(names)
    between = "; " if any("," in name for name in members) else ", "
    rows: list[str] = []
    for name in members:
        if rows and len(rows[-1]) + len(between) + len(name) <= width:
            rows[-1] += between + name
        else:
            rows[-1:] = [*(row + between.rstrip() for row in rows[-1:]), name]
    return tuple(rows)
