"""Joining codes as people type them: drawn, and found again in a text. The store keeps only their hash."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

#: Signs that neither Telex nor VNI keys change, and that are not taken for one another: 50 bits in eleven of them.
SIGNS = "23456789BCFGHKLMNPQRSTVX"
CODE_SIGNS = 11
_MEANT = re.compile(r"(?:(?:/START|JOIN|CODE|MÃ|MA)(?: THAM GIA)?:?\s+)?(DK(?:[\s.\-]?[\s.\-]?[0-9A-Z]){6,14})")
_WHOLE = re.compile(rf"(?<![0-9A-Z])(DK(?:[\s.\-]?[{SIGNS}]){{{CODE_SIGNS}}})(?![0-9A-Z])")


def draw_code(draw: Callable[[int], int] = secrets.randbelow) -> str:
    """A new code as people type it: DK 234 5678 9BCF. `draw(n)` gives a number below n."""
    signs = ""
    # One without a digit would not be told from words when it is typed.
    while not any(sign.isdigit() for sign in signs):
        signs = "".join(SIGNS[draw(len(SIGNS))] for _ in range(CODE_SIGNS))
    return f"DK {signs[:3]} {signs[3:7]} {signs[7:]}"


def find_code(typed: str) -> str | None:
    """The code that stands in a text, or that the whole of a text was meant to be (DK and six signs or more).

    "dk" is everyday shorthand (đăng ký, điều kiện): within a sentence only what has all the signs of a code is one.
    """
    loud = typed.upper()
    found = _MEANT.fullmatch(loud.strip(" .!\n")) or _WHOLE.search(loud)
    return found.group(1) if found and any(sign.isdigit() for sign in found.group(1)) else None


def plain_code(typed: str) -> str | None:
    """The signs of a typed code without case, spaces and marks; None where it is no code at all."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(signs) == CODE_SIGNS + 2 and signs.startswith("DK") and all(sign in SIGNS for sign in signs[2:]):
        return signs
    return None
