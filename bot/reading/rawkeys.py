"""Telex and VNI keys left raw ('roofi', 'd9ang') turned into the word meant; which words exist is asked outside."""

from functools import lru_cache

from bot.reading.letters import TONES, key

_VOWELS = set("aeiouyăâêôơư")
_TELEX_TONES = {"s": "1", "f": "2", "r": "3", "x": "4", "j": "5"}
_HATS = {"a": "â", "e": "ê", "o": "ô"}
_HORNS = {"a": "ă", "o": "ơ", "u": "ư"}


@lru_cache(maxsize=4096)
def telex(word: str) -> str | None:
    """The canonical key of a word typed in raw Telex, None where nothing in it is a Telex key."""
    letters, tone = _toneless_letters(word)
    out: list[str] = []
    changed = False
    for letter in letters:
        voiced = any(c in _VOWELS for c in out)
        if letter in _TELEX_TONES and voiced:
            if tone:
                return None
            tone, changed = _TELEX_TONES[letter], True
        elif letter == "w" and (_horn(out) or not voiced):
            if not voiced:
                out.append("ư")
            changed = True
        elif letter == "d" and out and out[0] == "d":
            out[0], changed = "đ", True
        elif letter in _HATS and letter in out and out[-1] not in "iuy":
            _last(out, letter, _HATS[letter])
            changed = True
        else:
            out.append(letter)
    return "".join(out) + tone if changed else None


@lru_cache(maxsize=4096)
def vni(word: str) -> str | None:
    """The canonical key of a word typed in raw VNI, None where its digits are no VNI keys."""
    letters, tone = _toneless_letters(word)
    out: list[str] = []
    changed = False
    for letter in letters:
        if not letter.isdigit():
            out.append(letter)
        elif not _apply_digit(out, letter):
            if letter not in "12345" or tone or not any(c in _VOWELS for c in out):
                return None
            tone, changed = letter, True
        else:
            changed = True
    return "".join(out) + tone if changed else None


def _apply_digit(out: list[str], digit: str) -> bool:
    if digit == "9" and out and out[0] == "d":
        out[0] = "đ"
        return True
    if digit == "8" and "a" in out:
        _last(out, "a", "ă")
        return True
    if digit == "7":
        return _horn(out, "ou")
    if digit == "6":
        for plain in ("a", "e", "o"):
            if plain in out:
                _last(out, plain, _HATS[plain])
                return True
    return False


def _horn(out: list[str], among: str = "aou") -> bool:
    text = "".join(out)
    if "uo" in text:
        at = text.rindex("uo")
        out[at : at + 2] = "ươ"
        return True
    if "ưo" in text and "o" in among:
        _last(out, "o", "ơ")
        return True
    if text.endswith("ua") and not text.startswith("q") and "u" in among:
        out[-2] = "ư"
        return True
    for at in range(len(out) - 1, -1, -1):
        if out[at] in among:
            out[at] = _HORNS[out[at]]
            return True
    return False


def _last(out: list[str], plain: str, marked: str) -> None:
    at = len(out) - 1 - out[::-1].index(plain)
    out[at] = marked


def _toneless_letters(word: str) -> tuple[str, str]:
    if word.isascii():
        return word, ""
    canonical = key(word)
    return (canonical[:-1], canonical[-1]) if canonical[-1] in TONES.values() else (canonical, "")
