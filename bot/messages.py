"""What travels between people and the bot: addresses, what came in, what is meant to go out. No text, no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import IntEnum, StrEnum
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where one person can be reached; `account` is the platform's own id of the bot (of ours)."""

    channel: str
    account: str
    peer: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.account}:{self.peer}"

    @classmethod
    def parse(cls, printed: str) -> Address:
        """The address that `str` printed. Raises ValueError where a part is missing."""
        channel, account, peer = printed.split(":", 2)
        if not (channel and account and peer):
            raise ValueError(f"not an address: {printed!r}")
        return cls(channel, account, peer)


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file a person sent, before it is fetched: `ref` means something to its channel alone."""

    ref: str
    name: str
    kind: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """All that a channel may tell about one message.

    `id` is unique within (channel, account); `at` is the platform's own time (an edit's: its edit date; a button's: its
    receipt). `reply_to` and `edits` are message ids of the platform; `button` is the data of the button pressed.
    `unsupported` names what we can't read (voice, sticker, location).
    """

    sender: Address
    id: str
    text: str
    at: datetime
    message_id: str | None = None
    reply_to: str | None = None
    edits: str | None = None
    button: str | None = None
    files: tuple[FileRef, ...] = ()
    album: str | None = None
    unsupported: str | None = None
    in_group: bool = False
    sender_name: str = ""
    language_hint: str | None = None


class LetterKind(StrEnum):
    """Decides what may be repeated when a crash leaves its arrival in doubt."""

    ANSWER = "answer"
    QUESTION = "question"
    RECEIPT = "receipt"
    REMINDER = "reminder"
    ASSIGNMENT = "assignment"
    DIGEST = "digest"
    SUMMARY = "summary"
    FILE = "file"

    @property
    def repeatable(self) -> bool:
        """A doubtful one goes once more by itself; the others wait for a person."""
        return self in _REPEATABLE


_REPEATABLE = frozenset({LetterKind.ANSWER, LetterKind.QUESTION, LetterKind.RECEIPT, LetterKind.REMINDER})


class Urgency(IntEnum):
    """Lower goes first. An answer is for somebody who just wrote, at any hour; the rest keeps to working hours."""

    ANSWER = 0
    UNASKED = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A meaning to be worded in the reader's language: a key of locales/<lang>/*.po and its values."""

    key: str
    params: Mapping[str, Value] = field(default_factory=dict)


Value: TypeAlias = "str | int | float | date | datetime | time | Text | tuple[Value, ...] | None"


def text(key: str, **params: Value) -> Text:
    """`text("receipt.done", title=…)`: the everyday way to write a Text."""
    return Text(key, params)


def lines(*parts: Value) -> Text:
    """Several meanings, each on lines of its own; None is left out."""
    return Text("lines", {"parts": tuple(part for part in parts if part is not None)})


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: its label, and the sentence the person would have typed instead."""

    label: Text
    says: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of ours that goes with a letter; `recipe` says how to make it (see reports) when it is sent."""

    name: str
    kind: str
    recipe: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be said: meaning, not text.

    `to` is a person's id, or an address where nobody known sits (joining). `once` is the key under which this is said
    at most once. `numbered` are the assignments the text numbers 1, 2, 3 …; `about` is the one assignment it speaks of.
    What is `awaited` (the reader asked for it a moment ago, somebody else answers) goes at once like an answer.
    """

    to: int | Address
    says: Text
    once: str
    kind: LetterKind = LetterKind.ANSWER
    choices: tuple[Choice, ...] = ()
    numbered: tuple[int, ...] = ()
    about: int | None = None
    attachment: Attachment | None = None
    not_before: datetime | None = None
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A button as sent: `data` is `<listing>:<number>:<choice>` and stands for a sentence kept in the store."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way: worded, addressed, under its channel's limit."""

    id: int
    to: Address
    text: str
    buttons: tuple[Button, ...] = ()
    reply_to: str | None = None
    silent: bool = False
    file_name: str | None = None
    file_kind: str | None = None
    file: bytes | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform took it: its own id of the message."""

    platform_id: str


class SendFailed(Exception):  # noqa: N818  (a fact about a letter, not a fault of ours)
    """The only way a channel may complain about a letter.

    permanent: never again to this address. retry_at: the platform's pause for the whole account. quota: nothing more
    until the next window. `written` is False only where it is certain that the platform did not take it.
    `moved_to` is the peer's new id (a group that became a supergroup). `unauthorized`: the account's token is dead.
    """

    def __init__(
        self,
        why: str,
        *,
        permanent: bool = False,
        retry_at: datetime | None = None,
        quota: bool = False,
        written: bool = True,
        moved_to: str | None = None,
        unauthorized: bool = False,
    ) -> None:
        super().__init__(why)
        self.why = why
        self.permanent = permanent
        self.retry_at = retry_at
        self.quota = quota
        self.written = written
        self.moved_to = moved_to
        self.unauthorized = unauthorized
