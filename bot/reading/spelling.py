"""Words as they come from phones made whole: glued numbers, short forms, raw keys, typos of one letter."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.reading.letters import SYLLABLE, bare, key, toneless
from bot.reading.lexicon import Lexicon, load
from bot.reading.names import set_apart
from bot.reading.rawkeys import telex, vni
from bot.reading.tokens import Form, Token

_GLUED = re.compile(r"([^\W\d_]+)(\d+)")
_BARE_VOWELS = set("aeiouy")
#: Who marks so many words of a reply, and leaves out none that needs it, types marks.
_SOME_MARKS = 3
#: Shorter words of other languages are too near to each other: "halt" is no "half".
_WHOLE_WORD = 5
#: correcting is the slowest step; nobody mistypes more words than this in one reply
_MOST_CORRECTIONS = 40
#: A key that is no tone: whoever types "d9" or "o7" types all in VNI.
_VNI_LETTER = re.compile(r"d9|a[68]|e6|o[67]|u7")


def spelled(row: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    if lexicon.unspaced:
        row = [part for token in row for part in _segmented(token, lexicon)]
    whole: list[Token] = []
    budget = _MOST_CORRECTIONS
    phrase_until = 0
    for at, token in enumerate(row):
        found = _restored(row, at, lexicon) if token.form is Form.WORD and at >= phrase_until - 1 else None
        phrase_until = max(phrase_until, 0 if found else _end_of_phrase(row, at, lexicon))
        if token.form is not Form.WORD or (at < phrase_until and not found):
            whole.append(token)
            continue
        found = found or _expanded(token, lexicon)
        if not found and lexicon.knows(token):
            found = [token]
        found = found or _unglued(row, at, lexicon) or _slipped(row, at, lexicon) or _retyped(token, lexicon)
        if not found and budget:
            budget -= 1
            found = _corrected(row, at, lexicon)
        whole.extend(found or [token])
    return whole


def _end_of_phrase(row: Sequence[Token], at: int, lexicon: Lexicon) -> int:
    """Words that already stand together in the list are not touched: 'sở KH&CN' is no 'không'."""
    if at + 1 == len(row) or not lexicon.may_join(row[at], row[at + 1]):
        return 0
    _, after = lexicon.longest(row, at)
    return after if after > at + 1 else 0


def _as(token: Token, word: str) -> Token:
    return token.meant(bare(word), key(word))


def _expanded(token: Token, lexicon: Lexicon) -> list[Token] | None:
    """'đc' -> 'được', 'ht' -> 'hoàn thành'."""
    full = lexicon.short.get(token.text.lower())
    return [_as(token, word) for word in full.split()] if full else None


def _unglued(row: Sequence[Token], at: int, lexicon: Lexicon) -> list[Token] | None:
    """'kh45' -> 'kh 45', unless the digits are VNI keys."""
    token = row[at]
    match = _GLUED.fullmatch(token.text)
    if not match or vni(token.text.lower()) in lexicon.keys:
        return None
    cut = token.start + match.end(1)
    word = Token.word(match[1], token.start, cut)
    number = Token(match[2], Form.NUMBER, cut, token.end, match[2], None)
    known = _restored([word, number], 0, lexicon) or _expanded(word, lexicon)
    if known is None and (word.bare not in lexicon.words or _types_vni(row)) and vni(token.text.lower()):
        return None  # "nat1": a word of some title typed in VNI, and no number
    return [*(known or [word]), number]


def _types_vni(row: Sequence[Token]) -> bool:
    return any(token.form is Form.WORD and _VNI_LETTER.search(token.text) for token in row)


def _retyped(token: Token, lexicon: Lexicon) -> list[Token] | None:
    if lexicon.script != "latin":
        return None
    low = token.text.lower()
    meant = vni(low) if any(c.isdigit() for c in low) else telex(low)
    if meant and meant not in lexicon.keys and meant[-1] in "12345":
        hatted = lexicon.loose.get(bare(toneless(meant)) + meant[-1], meant)  # "nopj": the tone, but no hat
        meant = hatted if _keeps_marks(meant, hatted) else meant
    if (
        meant
        and meant not in lexicon.keys
        and meant[-1] not in "12345"
        and _lacks_its_tone(bare(meant), meant, lexicon)
    ):
        return [token.meant(bare(meant), None)]  # "duwowi": the hats, but no tone
    if meant and (meant in lexicon.keys or (not SYLLABLE.fullmatch(low) and SYLLABLE.fullmatch(bare(toneless(meant))))):
        return [token.meant(bare(toneless(meant)), meant)]
    return None


def _keeps_marks(typed: str, whole: str) -> bool:
    """'nop' may be 'nôp', but 'đo' is never 'dơ'."""
    return all(letter in {meant, bare(meant)} for letter, meant in zip(typed, whole, strict=False))


def _corrected(row: Sequence[Token], at: int, lexicon: Lexicon) -> list[Token] | None:
    token = row[at]
    if token.key is not None and token.key == toneless(token.key) and _lacks_its_tone(token.bare, token.key, lexicon):
        return [token.meant(token.bare, None)]  # "đươc": the tone is missing
    if token.key is not None and token.bare in lexicon.words and token.key[-1] in "34":
        other = toneless(token.key) + ("3" if token.key[-1] == "4" else "4")
        if other in lexicon.keys:
            return [token.meant(token.bare, other)]  # the South writes hỏi for ngã
    least = 3 if lexicon.always_marked else _WHOLE_WORD
    named = at > 0 and token.text[0].isupper() and token.text[1:].islower()
    if len(token.bare) < least or named:
        return None
    near = _near(token.bare, lexicon.lang)
    valid = bool(SYLLABLE.fullmatch(token.bare))
    beside = {
        word for word in near if _stands_beside(word, row, at, lexicon) and not (valid and len(word) <= len(token.bare))
    }
    if len(beside) == 1:
        return [token.meant(beside.pop(), None)]
    if len(near) == 1 and not valid:
        return [token.meant(next(iter(near)), None)]
    return None


def _slipped(row: Sequence[Token], at: int, lexicon: Lexicon) -> list[Token] | None:
    """'hoan thanj': no raw key, for nothing but 'thanh' follows 'hoan'."""
    token = row[at]
    if token.key in lexicon.keys or len(token.bare) < 4 or telex(token.text.lower()) in lexicon.keys:
        return None
    near = _near(token.bare, lexicon.lang)
    if not near:
        return None
    before = row[at - 1].bare if at else ""
    after = row[at + 1].bare if at + 1 < len(row) else ""
    beside = {word for word in near if (before, word) in lexicon.together or (word, after) in lexicon.together}
    return [token.meant(beside.pop(), None)] if len(beside) == 1 else None


def _lacks_its_tone(plain: str, typed: str, lexicon: Lexicon) -> bool:
    """'đươc' may be 'được', but 'vuông' is never 'vướng'."""
    meant = (lexicon.loose.get(plain + tone) for tone in "12345")
    return any(word is not None and _keeps_marks(typed, word) for word in meant)


def _stands_beside(word: str, row: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """'hoàn thàh': of all near words only 'thanh' is ever said after 'hoan'."""
    before = at > 0 and (row[at - 1].bare, word) in lexicon.pairs
    return before or (at + 1 < len(row) and (word, row[at + 1].bare) in lexicon.pairs)


@lru_cache(maxsize=1024)
def _near(typed: str, lang: str) -> frozenset[str]:
    """The listed words that one slip makes of this one."""
    corrections = load(lang).corrections
    near = {word for less in _less_one(typed) for word in corrections.get(less, ())}
    return frozenset(word for word in near if _one_slip(typed, word))


def _less_one(word: str) -> list[str]:
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


def _one_slip(typed: str, meant: str) -> bool:
    if len(typed) == len(meant):
        differ = [at for at in range(len(typed)) if typed[at] != meant[at]]
        return len(differ) == 1 or (
            len(differ) == 2
            and differ[1] == differ[0] + 1
            and typed[differ[0]] == meant[differ[1]]
            and typed[differ[1]] == meant[differ[0]]
        )
    longer, shorter = (typed, meant) if len(typed) > len(meant) else (meant, typed)
    return len(longer) == len(shorter) + 1 and any(
        longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))
    )


def _segmented(token: Token, lexicon: Lexicon) -> list[Token]:
    """A run of a script without spaces, cut into listed words; what lies between stays one unknown word."""
    if token.form is not Form.WORD or token.text.isascii():
        return [token]
    parts: list[Token] = []
    unknown = place = 0
    text = token.text
    while place < len(text):
        word = next((w for w in lexicon.unspaced.get(text[place], ()) if text.startswith(w, place)), "")
        if word and unknown < place:
            parts.append(_between(text[unknown:place], token.start + unknown))
        if word:
            parts.append(Token.word(word, token.start + place, token.start + place + len(word)))
        place += len(word) or 1
        unknown = place if word else unknown
    if unknown < place:
        parts.append(_between(text[unknown:place], token.start + unknown))
    return parts


def _between(text: str, start: int) -> Token:
    if text.isdecimal():
        return Token(text, Form.NUMBER, start, start + len(text), text, None)
    return Token.word(text, start, start + len(text))


def _restored(row: Sequence[Token], at: int, lexicon: Lexicon) -> list[Token] | None:
    """A word that could be two, told by what comes after it: 'cho so' is 'chờ sở', 'kh 45' is 'kế hoạch 45'."""
    token = row[at]
    if token.key is not None or token.bare not in lexicon.restores:
        return None
    if set(token.bare) & _BARE_VOWELS and _types_marks(row, lexicon):
        return None
    earlier = _earlier(row, at)
    for rule in lexicon.restores[token.bare]:
        led = at > 0 and _sign(row[at - 1]) in rule.after
        followed = at + 1 < len(row) and (_sign(row[at + 1]) in rule.before or _typed_out(row[at + 1]) in rule.before)
        barred = earlier & rule.unless_after or (at > 0 and row[at - 1].bare in rule.unless_just_after)
        if led or (followed and not barred):
            return [_as(token, word) for word in rule.words]
    return None


def _earlier(row: Sequence[Token], at: int) -> set[str]:
    """The words before this one in its clause, the nearest eight."""
    found: set[str] = set()
    for token in reversed(row[max(0, at - 8) : at]):
        if token.form is Form.MARK:
            break
        found.add(token.bare)
    return found


def _types_marks(row: Sequence[Token], lexicon: Lexicon) -> bool:
    """Who types marks everywhere means 'cho' when typing 'cho'; one marked 'ạ' in a bare text says nothing."""
    if not [token for token in row if token.key is not None]:
        return False
    return not [token for token in row if token.key is None and token.bare in lexicon.always_marked]


def _typed_out(token: Token) -> str:
    """'soos' is 'số'"""
    meant = telex(token.text.lower()) or vni(token.text.lower()) if token.form is Form.WORD else None
    return bare(toneless(meant)) if meant else ""


def _sign(token: Token) -> str:
    return "#" if token.form in {Form.NUMBER, Form.SIGN} else token.bare


def _as_typed(row: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Who types marks everywhere means what is typed: in 'chưa làm do mới nhận' stands no 'dở'."""
    marked = len([token for token in row if token.key is not None])
    if marked < _SOME_MARKS:
        return list(row)
    bare_ones = len([token for token in row if token.bare in lexicon.toned and _is_plain(token, lexicon)])
    if marked < 3 * bare_ones or not _types_marks(row, lexicon):
        return list(row)
    return [token.meant(token.bare, key(token.bare)) if _is_plain(token, lexicon) else token for token in row]


def _is_plain(token: Token, lexicon: Lexicon) -> bool:
    if token.key is not None or token.form is not Form.WORD or not token.text.isalpha():
        return False
    return token.bare not in lexicon.short and token.bare not in lexicon.restores


def whole_words(row: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    return spelled(_as_typed(set_apart(row, lexicon), lexicon), lexicon)
