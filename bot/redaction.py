"""The one step that takes secrets and people's numbers and addresses out of what is logged or exported; no more."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable, Mapping, MutableMapping
from types import TracebackType

# A bot's token as Telegram and Zalo write it, also inside an address; the number before the colon is no secret.
_TOKEN = re.compile(r"(?<!\d)(\d{3,20})(:|%3[Aa])[A-Za-z0-9_-]{25,}")
# Vietnamese mobile (03 05 07 08 09) and fixed (02) numbers, with 0, 84 or +84 in front.
_PHONE = re.compile(r"(?<![\w.+-])(?:\+?84|0)[ -]?(?:[35789](?:[ .-]?\d){8}|2(?:[ .-]?\d){9})(?!\d)")
# The same with the code of the place or net in brackets: "(0297) 3862 111", "(+84) 912 345 678".
_BRACKETED_PHONE = re.compile(r"\((?:\+?84|0[235789]\d{1,3})\)(?:[ .-]?\d){6,10}(?!\d)")
# A citizen's number: twelve digits, of which the first three, 001 to 096, are a province.
_CITIZEN = re.compile(r"(?<![\w.+-])0\d{2}([ .]?)\d{3}\1\d{3}\1\d{3}(?![\w/])")
# What stands behind // is who logs on to a database, not where somebody is written to.
_EMAIL = re.compile(r"(?<![\w.+-])(?<!//)[\w.+-]+@(?:[\w-]+\.)+[^\W\d_]{2,}")
# user:password@ of an address
_PASSWORD = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+@")

# PostgreSQL's errors show the row that they are about: names, typed words.
_ROW_SHOWN = re.compile(
    r"^DETAIL: .*?(?=^(?:HINT|CONTEXT|\[SQL|\(Background|The above exception|Traceback)|\Z)", re.MULTILINE | re.DOTALL
)

# These name whole addresses (with the token in them) or whole messages on their chattier levels.
_TALKATIVE = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "telegram": logging.INFO,
    "uvicorn.access": logging.WARNING,
}

_known: set[str] = set()


def keep_secret(*secrets: str) -> None:
    """These very strings are never to be logged; shorter than 8 signs they would blank out ordinary words."""
    _known.update(secret for secret in secrets if len(secret) >= 8)


def redact(text: str) -> str:
    """The same text without tokens, passwords, known secrets, e-mail addresses, citizens' and telephone numbers."""
    for secret in _known:
        if secret in text:
            text = text.replace(secret, "<secret>")
    text = _ROW_SHOWN.sub("DETAIL: <row>\n", _TOKEN.sub(r"\1\2<token>", text))
    text = _PASSWORD.sub(r"\1:<password>@", text)
    text = _EMAIL.sub("<email>", text)
    text = _CITIZEN.sub("<citizen>", text)
    return _PHONE.sub("<phone>", _BRACKETED_PHONE.sub("<phone>", text))


def processor(_logger: object, _name: str, event: MutableMapping[str, object]) -> MutableMapping[str, object]:
    """structlog's shape of the same step: put it last before the renderer."""
    for key, value in event.items():
        event[key] = _redacted(value)
    return event


def _redacted(value: object) -> object:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {key: _redacted(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact(str(value))


class Redacted(logging.LogRecord):
    """A log record that holds nothing unredacted, so no handler, however it was added, can print what it must not."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        try:
            message = self.getMessage()
        except (TypeError, ValueError, KeyError):
            message = f"{self.msg} {self.args!r}"
        if self.exc_info and self.exc_info[0] is not None:
            # As part of the message no formatter can drop it, and with exc_info gone none can format it anew.
            message += "\n" + "".join(traceback.format_exception(*self.exc_info)).rstrip()
            self.exc_info = None
        self.msg, self.args = redact(message), None
        if self.stack_info:
            self.stack_info = redact(self.stack_info)


def install(secrets: Iterable[str] = ()) -> None:
    """Redact everything this process logs from now on, and what it prints when it dies of an exception."""
    keep_secret(*secrets)
    logging.setLogRecordFactory(Redacted)
    for name, level in _TALKATIVE.items():
        logging.getLogger(name).setLevel(level)
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
    sys.stderr.write(redact("".join(traceback.format_exception(kind, error, where))))
