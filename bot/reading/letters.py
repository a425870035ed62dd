"""Letters with and without their marks: one canonical key for a written word, and its bare form."""

import re
import unicodedata
from functools import lru_cache

TONES = {"\u0300": "2", "\u0301": "1", "\u0303": "4", "\u0309": "3", "\u0323": "5"}
_MARKS = {"\u0306", "\u0302", "\u031b", "\u0308"}
_ONSET = "ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|[bcdghklmnpqrstvx]"
#: a Vietnamese syllable without its marks
SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:[aeiouy]{{1,3}})(?:ch|ng|nh|[cmnpt])?")


@lru_cache(maxsize=8192)
def bare(word: str) -> str:
    """The word as typed on a phone without marks: 'đã' -> 'da'."""
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(c for c in plain if c not in TONES and c not in _MARKS))


@lru_cache(maxsize=8192)
def key(word: str) -> str:
    """The word with its tone moved to the end, so that 'hòa' and 'hoà' are one: 'hoa2'."""
    if word.isascii():
        return word
    letters, tone = [], ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in TONES:
            tone = TONES[letter]
        else:
            letters.append(letter)
    return unicodedata.normalize("NFC", "".join(letters)) + tone


def toneless(word_key: str) -> str:
    return word_key.rstrip("12345")
