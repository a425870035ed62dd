"""Names of people taken out of texts, however they were typed: which names, and out of what, is decided elsewhere."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import partial

from bot.reading.letters import bare

#: Nobody sees these: soft hyphen, zero-width signs (all of the category Cf), the joiner of marks, variation selectors.
_UNSEEN = re.compile("[\u034f\ufe00-\ufe0f]")


def without(names: Iterable[str], instead: str) -> Callable[[str], str]:
    """Puts `instead` where a text has one of the names: composed or not, spaced anyhow, in any case.

    A name of several words is found without its marks too; of one word alone it would be found in other words ("lần").
    """
    every = {tuple(name.split()) for name in names}
    passes = [
        (fold, found)
        for fold, some in (
            (_unmarked, [words for words in every if len(words) > 1]),
            (_marked, [words for words in every if len(words) == 1]),
        )
        if (found := _any_of(fold, some))
    ]
    return partial(_replaced, passes, instead)


_Fold = Callable[[str], str]


def _marked(letter: str) -> str:
    seen = "".join(sign for sign in letter if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", _UNSEEN.sub("", seen)).casefold()


def _unmarked(letter: str) -> str:
    return bare(_marked(letter))


def _any_of(fold: _Fold, names: Iterable[tuple[str, ...]]) -> re.Pattern[str] | None:
    spelt = {r"\s+".join(re.escape("".join(map(fold, _letters(word)))) for word in words) for words in names}
    if not spelt:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(spelt, key=len, reverse=True))})(?!\w)")


def _letters(text: str) -> list[str]:
    """Each letter together with the marks and unseen signs typed behind it."""
    letters: list[str] = []
    for sign in text:
        if letters and unicodedata.category(sign) in {"Mn", "Cf"}:
            letters[-1] += sign
        else:
            letters.append(sign)
    return letters


def _replaced(passes: Iterable[tuple[_Fold, re.Pattern[str]]], instead: str, text: str) -> str:
    for fold, found in passes:
        letters = _letters(text)
        folded = [fold(letter) for letter in letters]
        places = [at for at, some in enumerate(folded) for _ in some]
        kept, after = [], 0
        for match in found.finditer("".join(folded)):
            first, last = places[match.start()], places[match.end() - 1]
            kept += [*letters[after:first], instead]
            after = last + 1
        text = "".join([*kept, *letters[after:]])
    return text
