"""What a reply can mean: the kinds, the open tasks it may speak of, the reading handed on; no understanding here."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    DONE = "done"
    PROGRESS = "progress"
    NOT_STARTED = "not_started"
    BLOCKED = "blocked"
    EXTENSION = "extension"
    ACK = "ack"
    QUESTION = "question"
    HANDOVER = "handover"
    CORRECTION = "correction"
    OTHER = "other"
    UNCLEAR = "unclear"


#: kinds that never speak of a task of their own
TALK = frozenset({Kind.ACK, Kind.QUESTION, Kind.OTHER})


@dataclass(frozen=True, slots=True)
class OpenTask:
    id: int
    title: str
    resolution: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    task: int | None
    kind: Kind
    percent: int | None = None
    due: date | None = None
    document: str | None = None
    # What chat keeps beside the contract; `parse` never prints these.
    reason: str | None = None
    obstacle: str | None = None
    promised: date | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    items: tuple[Item, ...]
    certain: bool
    lang: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a reading was made from: the words as the reader got them, and what was open in the order of its numbers."""

    text: str
    today: date
    tasks: tuple[OpenTask, ...] = ()
    reply_to: int | None = None
