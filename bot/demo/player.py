"""What everybody on the stage has in common: a phone that hears letters and says something at a moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol, TypeAlias

from bot.messages import Letter


class Why(Enum):
    """Why a letter came: the clock, this person's own message, or somebody else's."""

    CLOCK = auto()
    ANSWER = auto()
    OTHERS = auto()


@dataclass(frozen=True, slots=True)
class Saying:
    """One message as the phone sends it; `photo` names a picture that goes with it, `tap` a button's label."""

    text: str = ""
    photo: str = ""
    tap: str = ""
    answers_last: bool = False
    edits_last: bool = False


#: Thought over when its moment comes: something to say, or nothing any more.
Thought: TypeAlias = Callable[[datetime], Saying | None]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody is handed a joining code."""

    code: str
    unit: str
    name: str


@dataclass(frozen=True, slots=True)
class Intention:
    """What a person will do at a moment."""

    at: datetime
    does: Thought | Newcomer


class Player(Protocol):
    """One person with one phone."""

    @property
    def peer(self) -> str:
        """The phone's name."""

    @property
    def name(self) -> str:
        """The person's name, as the phone tells it."""

    @property
    def shown_as(self) -> str:
        """What the transcript calls them."""

    @property
    def language(self) -> str:
        """The phone's language."""

    def hear(self, letter: Letter, why: Why, now: datetime) -> Sequence[Intention]:
        """A letter arrives; what the person then means to do."""
