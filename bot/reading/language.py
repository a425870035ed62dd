"""Which language a reply is written in, told by its letters and its words."""

import re

from bot.reading.lexicon import Lexicon, lexicons
from bot.reading.tokens import Form, tokens

_SCRIPTS = {
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "khmer": re.compile("[\u1780-\u17ff]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}


def told_apart(text: str) -> Lexicon:
    known = lexicons()
    counts = {script: len(pattern.findall(text)) for script, pattern in _SCRIPTS.items()}
    script = max(counts, key=lambda name: (counts[name] * (3 if name != "latin" else 1), name == "latin"))
    written = [lexicon for lexicon in known.values() if lexicon.script == script]
    if not written or not any(counts.values()):
        return next(iter(known.values()))
    if len(written) == 1:
        return written[0]
    words = [token for token in tokens(text) if token.form is Form.WORD][:60]
    scores = [sum(_weight(lexicon, token.key is not None) for token in words if _owns(lexicon, token)) for lexicon in written]
    return written[max(range(len(written)), key=lambda at: (scores[at], -at))]


def _owns(lexicon: Lexicon, token: object) -> bool:
    from bot.reading.tokens import Token

    assert isinstance(token, Token)
    return lexicon.knows(token) or token.text.lower() in lexicon.short


def _weight(lexicon: Lexicon, marked: bool) -> int:
    return 3 if marked else 1
