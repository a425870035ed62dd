"""Units by the names people type: exact without marks, the longest first; near ones only ever as something to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.command_words import fold
from bot.contacts import Unit

_KINDS = ("uy ban nhan dan", "ubnd", "xa", "phuong", "dac khu", "so", "x.", "p.")
#: Names of departments as people shorten them, folded; the code itself always works.
_SHORT = {"khcn": "SKHCN", "gddt": "SGDDT", "tc": "STC", "nnmt": "SNNMT", "nn va mt": "SNNMT", "vhtt": "SVHTT"}


@dataclass(frozen=True, slots=True)
class Found:
    """What a typed name may mean: `unit` where it is certain, else `near` to choose from; `rest` is what follows it."""

    unit: Unit | None
    near: tuple[Unit, ...]
    rest: str


def find_unit(typed: str, units: Sequence[Unit]) -> Found:
    """The unit named at the beginning of a text."""
    words = typed.split()
    plain = [fold(word).strip(":,;.") for word in words]
    # A longer name with a slip in it goes before a shorter one that stands inside it: "Vĩnh Hòa Hưngg".
    for length in range(min(len(words), 9), 0, -1):
        name = " ".join(plain[:length])
        exact = _exact(name, units)
        near = _near(_bare(name), units) if exact is None and length <= 5 else ()
        if exact is not None or near:
            return Found(exact, near, " ".join(words[length:]).lstrip(":,;. "))
    return Found(None, (), typed)


def whole_unit(typed: str, units: Sequence[Unit]) -> Found:
    """The unit that the whole text names; what would be left over makes it none."""
    found = find_unit(typed.strip(" ?!.,"), units)
    return found if not found.rest else Found(None, (), typed)


def _exact(name: str, units: Sequence[Unit]) -> Unit | None:
    for unit in units:
        if name in (_plain(unit.code), _plain(unit.name).replace(",", "")):
            return unit
    bare = _bare(name)
    code = _SHORT.get(bare, "").lower()
    for unit in units:
        if bare == _bare_name(unit.name) or (code and _plain(unit.code) == code):
            return unit
    return None


@lru_cache(maxsize=8192)
def _plain(written: str) -> str:
    """A unit's name or code without marks: what is typed is compared with every one of them."""
    return fold(written)


@lru_cache(maxsize=8192)
def _bare_name(name: str) -> str:
    return _bare(_plain(name))


def _bare(name: str) -> str:
    for _ in range(2):
        for kind in _KINDS:
            if name.startswith(kind + " "):
                name = name[len(kind) + 1 :].strip()
    return name


def _near(name: str, units: Sequence[Unit]) -> tuple[Unit, ...]:
    if len(name) < 4:
        return ()
    return tuple(unit for unit in units if _one_apart(name, _bare_name(unit.name)))[:5]


def _one_apart(one: str, other: str) -> bool:
    """Whether one letter added, left out, changed or swapped makes them equal."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a == b[1:] or a[1:] == b or (a[:2] == b[1::-1] and a[2:] == b[2:])
