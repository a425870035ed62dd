"""What a person sees in a letter's text: its numbers, the answers it offers, a code, how it begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo

from bot.messages import Text
from bot.wording import Wording

_NUMBERED = re.compile(r"^(?:\W{1,3} )?(\d{1,3})\. (.+)$", re.MULTILINE)
#: A joining code as letters print it.
CODE = re.compile(r"\bDK(?:[ .\-]*[0-9A-Z]){11}(?![0-9A-Z])")
_UNSAID = "\x00"
_COUNT = 97531


class _Blanks(dict[str, str | int]):
    """Every place of a text left blank."""

    def __missing__(self, key: str) -> str:
        return _UNSAID


@cache
def opening(key: str, language: str = "vi") -> str:
    """How every letter of this key begins, before the first thing that differs from one to the other."""
    wording = Wording(language, ZoneInfo("Asia/Ho_Chi_Minh"))
    try:
        whole = wording.say(Text(key, _Blanks()))
    except KeyError:
        whole = wording.say(Text(key, _Blanks(n=_COUNT)))
    count = wording.value(_COUNT, "")
    return whole.split(_UNSAID)[0].split(count)[0].split("\n")[0].strip()


def holds(letter: str, key: str) -> bool:
    """Whether a line of the letter begins like this key."""
    begins = opening(key)
    return any(line.strip().startswith(begins) for line in letter.splitlines())


def numbers(letter: str, codes: Mapping[str, str]) -> dict[str, int]:
    """The number under which each task stands in the letter; `codes` by title."""
    found: dict[str, int] = {}
    for number, rest in _NUMBERED.findall(letter):
        code = next((code for title, code in codes.items() if rest.startswith(title)), None)
        if code is not None:
            found[code] = int(number)
    return found


def spoken_of(letter: str, codes: Mapping[str, str]) -> tuple[str, ...]:
    """The tasks whose titles stand anywhere in the letter."""
    return tuple(code for title, code in codes.items() if title in letter)


def options(letter: str) -> dict[str, int]:
    """The numbered answers that a question offers, by their words; nothing where it is no such question."""
    if not any(holds(letter, key) for key in ("option.how", "extension.or_type")):
        return {}
    return {words.strip(): int(number) for number, words in _NUMBERED.findall(letter)}


def code_in(letter: str) -> str | None:
    """A joining code that the letter hands over."""
    found = CODE.search(letter)
    return found.group() if found else None
