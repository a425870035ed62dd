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
    counts = {
        script: len(_LETTERS[script].findall(text)) * (_LATIN_COUNTS if script == "latin" else _OTHERS_COUNT)
        for script in scripts()
        if script in _LETTERS
    }
    script = max(counts, key=lambda name: (counts[name], name == "latin"))
    written = [load(lang) for lang in scripts()[script]]
    if len(written) == 1 or not counts[script]:
        return written[0]
    words = [token for token in row if token.form is Form.WORD and token.text.isalpha()][:_ENOUGH]
    marked = sum(token.key is not None for token in words)
    if any(token.key is not None and not token.text[0].isupper() for token in words):
        foreign = [sum(_is_its_own(lexicon, token, written[0]) for token in words) for lexicon in written]
        # marks in names and titles tell nothing: "nghị quyết 71: draft submitted yesterday"
        return written[foreign.index(max(foreign))] if max(foreign) > marked else written[0]
    words = [token for token in words if token.key is None] or words
    scores = [
        (
            sum(_owns(lexicon, token) for token in words),
            sum(token.bare in lexicon.keys or token.text.lower() in lexicon.short for token in words),
            all(_owns(lexicon, token) for token in words)
            and sum(_is_foreign(lexicon, token, written[0]) for token in words),
        )
        for lexicon in written
    ]
    return written[scores.index(max(scores))]


def _is_its_own(lexicon: Lexicon, token: Token, first: Lexicon) -> bool:
    return token.key is None and token.bare in lexicon.keys and token.bare not in first.words


def _is_foreign(lexicon: Lexicon, token: Token, first: Lexicon) -> bool:
    """'done', 'finished': lent to every language, but of one by its letters."""
    spelled_so = len(token.bare) >= _LONG and token.bare not in first.short and not SYLLABLE.fullmatch(token.bare)
    return lexicon is not first and spelled_so and token.bare in lexicon.keys


def _owns(lexicon: Lexicon, token: Token) -> bool:
    return token.bare in lexicon.words or token.text.lower() in lexicon.short
