"""What stands between a person and the bot: listings, open questions, requests to the office. Frozen values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.contacts import Unit

#: An open question is no longer answered by a bare number after this.
QUESTION_LIVES = timedelta(days=3)
#: How a question ends that is put once more.
ASKED_AGAIN = "asked_again"


class QuestionKind(StrEnum):
    """What we asked, and so who gets the answer."""

    CONSENT = "consent"
    READING = "reading"
    EXTENSION_DATE = "extension_date"
    DOCUMENT = "document"
    OBSTACLE = "obstacle"
    EVIDENCE = "evidence"
    UNIT = "unit"
    TIMETABLE = "timetable"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Option:
    """One offered answer: the words shown, and what it stands for (`pick` is plain JSON of the question's kind)."""

    label: str
    pick: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """The one question a person has before them. `about` are the assignments it ends with."""

    id: int
    person_id: int
    kind: QuestionKind
    options: tuple[Option, ...]
    payload: Mapping[str, Any]
    about: tuple[int, ...]
    asked_at: datetime
    expires_at: datetime
    closed_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A numbered list as sent to one person: number n means `numbered[n - 1]`, an assignment."""

    id: int
    numbered: tuple[int, ...]
    choices: tuple[str, ...] = ()

    def assignment(self, number: int) -> int | None:
        """The assignment with that number."""
        return self.numbered[number - 1] if 1 <= number <= len(self.numbered) else None


class RequestKind(StrEnum):
    """What waits for the office."""

    EXTENSION = "extension"
    QUESTION = "question"
    HANDOVER = "handover"
    NOT_OURS = "not_ours"
    JOIN = "join"
    AFTER_ACCEPTANCE = "after_acceptance"


class Verdict(StrEnum):
    """How a request ended."""

    GRANTED = "granted"
    REFUSED = "refused"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    # Nobody took it back: a newer one took its place, or nothing was left to decide.
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Request:
    """Something one person asks the office, under a number of its own in the province."""

    id: int
    number: int
    kind: RequestKind
    person_id: int
    person_name: str
    unit: Unit | None
    assignment_id: int | None
    text: str | None
    due: date | None
    payload: Mapping[str, Any]
    asked_at: datetime
    settled_at: datetime | None = None
    verdict: Verdict | None = None
    said_id: int | None = None


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file kept as evidence; without an assignment it waits for its task."""

    id: int
    name: str
    kind: str
    size: int
    person_id: int
    assignment_id: int | None
    album: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Province:
    """One province: its zone, first language, settings, and the office's own days."""

    id: int
    code: str
    name: str
    zone: str
    language: str
    sample: bool
    settings: Mapping[str, Any] = field(default_factory=dict)
