"""People's names, set apart so that chị Hồng is no 'không' and Nguyễn Văn Xong is not finished."""

from collections.abc import Sequence

from bot.reading.letters import bare
from bot.reading.lexicon import Lexicon
from bot.reading.tokens import Form, Token


def set_apart(row: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """Capitalised words after a form of address, and runs that begin with a family name, become names."""
    capital = [_capital(token) for token in row]
    if True not in capital:
        return list(row)
    if sum(capital) * 2 > sum(token.form is Form.WORD for token in row) + 2:
        return list(row)  # a phone that capitalises everything says nothing about names
    apart = list(row)
    at = 0
    while at < len(apart):
        run = _run(capital, at)
        if run and _is_name(apart, at, run, lexicon):
            for place in range(at, at + run):
                apart[place] = _name(apart[place])
        at += max(run, 1)
    return apart


def _name(token: Token) -> Token:
    return Token(token.text, Form.NAME, token.start, token.end, token.bare, token.key)


def _capital(token: Token) -> bool:
    return token.form is Form.WORD and token.text[:1].isupper() and not token.text.isupper()


def _run(capital: Sequence[bool], at: int) -> int:
    place = at
    while place < len(capital) and capital[place]:
        place += 1
    return place - at


def _is_name(row: Sequence[Token], at: int, run: int, lexicon: Lexicon) -> bool:
    if run > 1 and bare(row[at].text.lower()) in lexicon.families:
        return True
    if run > 1 and at + 1 < len(row) and bare(row[at + 1].text.lower()) in lexicon.families:
        return True
    entries, after = lexicon.longest(row, at)
    if entries and after > at + 1:
        return False
    return at > 0 and row[at - 1].text.islower() and row[at - 1].bare in lexicon.titles
