"""A text too long for one message becomes several: divided at line ends, never cut. Pure."""

from __future__ import annotations


def units(text: str) -> int:
    """Length as the platforms count it: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts(text: str, limit: int) -> tuple[str, ...]:
    """The text in parts of at most `limit` units (2 or more); joined they are the text again.

    Each part ends at a line's end, a line longer than a whole part at a space, a word longer than that anywhere but
    inside a sign.
    """
    found = []
    while units(text) > limit:
        end = _end(text, limit)
        found.append(text[:end])
        text = text[end:]
    return (*found, text)


def _end(text: str, limit: int) -> int:
    most = _reach(text, limit)
    for mark in ("\n", " "):
        at = text.rfind(mark, 0, most)
        # A part of blanks alone would be an empty message.
        if at > 0 and text[:at].strip():
            return at + 1
    return most


def _reach(text: str, limit: int) -> int:
    """How many signs fit."""
    left = limit
    for place, sign in enumerate(text):
        left -= 2 if sign > "\uffff" else 1
        if left < 0:
            return place
    return len(text)
