"""Which language a reply is written in, told by its letters and its words."""

import re
from collections.abc import Sequence

from bot.reading.letters import SYLLABLE
from bot.reading.lexicon import Lexicon, load, scripts
from bot.reading.tokens import Form, Token

_LETTERS = {
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "khmer": re.compile("[\u1780-\u17ff]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}
#: a reply in other letters names papers and places in Latin ones, so those count less
_LATIN_COUNTS = 1
_OTHERS_COUNT = 3
#: so short a word ("ok") is nobody's
_LONG = 4
#: a reply of more words than this has told its language by then
_ENOUGH = 40


def told_apart(text: str, row: Sequence[Token]) -> Lexicon:
    script, seen = _script(text)
    written = [load(lang) for lang in scripts()[script]]
    if len(written) == 1 or not seen:
        return written[0]
    words = [token for token in row if token.form is Form.WORD and token.text.isalpha()][:_ENOUGH]
    unmarked = [token for token in words if token.key is None]
    marked = [token for token in words if token.key is not None]
    if marked and not all(token.text[0].isupper() for token in marked):
        strange = [token.bare for token in unmarked if token.bare not in written[0].words]
        foreign = [len([word for word in strange if word in lexicon.keys]) for lexicon in written]
        # marks in names and titles tell nothing: "nghị quyết 71: draft submitted yesterday"
        return written[foreign.index(max(foreign))] if max(foreign) > len(marked) else written[0]
    scores = [_score(lexicon, unmarked or words, written[0]) for lexicon in written]
    return written[scores.index(max(scores))]


def _script(text: str) -> tuple[str, bool]:
    """In which letters most of the text is written, and whether it has any of them."""
    known = [script for script in scripts() if script in _LETTERS]
    if not any(script != "latin" and _LETTERS[script].search(text) for script in known):
        return "latin", _LETTERS["latin"].search(text) is not None
    counts = {
        script: len(_LETTERS[script].findall(text)) * (_LATIN_COUNTS if script == "latin" else _OTHERS_COUNT)
        for script in known
    }
    script = max(counts, key=lambda name: (counts[name], name == "latin"))
    return script, bool(counts[script])


def _score(lexicon: Lexicon, words: Sequence[Token], first: Lexicon) -> tuple[int, int, int]:
    """How many of the words the language has, how many of them as they are typed, how many are nobody else's."""
    owned = len([token for token in words if _owns(lexicon, token)])
    typed = len([token for token in words if token.bare in lexicon.keys or token.text.lower() in lexicon.short])
    foreign = len([token for token in words if _is_foreign(lexicon, token, first)]) if owned == len(words) else 0
    return owned, typed, foreign


def _is_foreign(lexicon: Lexicon, token: Token, first: Lexicon) -> bool:
    """'done', 'finished': lent to every language, but of one by its letters."""
    spelled_so = len(token.bare) >= _LONG and token.bare not in first.short and not SYLLABLE.fullmatch(token.bare)
    return lexicon is not first and spelled_so and token.bare in lexicon.keys


def _owns(lexicon: Lexicon, token: Token) -> bool:
    return token.bare in lexicon.words or token.text.lower() in lexicon.short
