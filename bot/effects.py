"""What a handler wants done: values, carried out by the clerk in the message's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from bot.contacts import Role
from bot.conversation import QuestionKind, RequestKind, Verdict
from bot.messages import Address, Outgoing, Text
from bot.tasks import Status, Step


@dataclass(frozen=True, slots=True)
class Say:
    """Send this."""

    outgoing: Outgoing


@dataclass(frozen=True, slots=True)
class TakeStep:
    """Add a report or a decision to an assignment; a decision holds for the status it was `seen` in alone."""

    assignment_id: int
    step: Step
    seen: Status | None = None


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Steps that no longer stand; `why` goes into the journal (undo, correction, edited)."""

    step_ids: tuple[int, ...]
    why: str
    seat_id: int | None


@dataclass(frozen=True, slots=True)
class NoteReceived:
    """The unit has seen these assignments ("đã nhận")."""

    assignment_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """One possible answer of a question: its label, worded when asked, and what it stands for."""

    label: Text
    pick: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """Put a question to the person of this case; it replaces the one that is open."""

    person_id: int
    kind: QuestionKind
    offers: tuple[Offer, ...]
    payload: Mapping[str, Any] = field(default_factory=dict)
    about: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CloseQuestion:
    """The open question is settled; `outcome` says how (answered, overtaken, withdrawn)."""

    question_id: int
    outcome: str


@dataclass(frozen=True, slots=True)
class RaiseRequest:
    """Something for the office, under a number taken from the book before.

    `said_id` is the text it was asked in, where that is not the message of this case (a question came between).
    """

    number: int
    kind: RequestKind
    person_id: int
    unit_id: int | None = None
    assignment_id: int | None = None
    due: date | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    said_id: int | None = None


@dataclass(frozen=True, slots=True)
class SettleRequest:
    """The office's (or the asker's) word on a request."""

    request_id: int
    verdict: Verdict
    seat_id: int | None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class AttachEvidence:
    """Files that waited now belong to an assignment."""

    evidence_ids: tuple[int, ...]
    assignment_id: int


@dataclass(frozen=True, slots=True)
class Meet:
    """Somebody unknown asks for a seat: kept with name and address, without any right."""

    address: Address
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class UseInvite:
    """A joining code was typed: the seat is taken, consent still open."""

    invite_id: int
    address: Address
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class AddAddress:
    """A second channel of a person who has joined, by a code of their own."""

    invite_id: int
    person_id: int
    address: Address


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """The data notice of this version was agreed to."""

    person_id: int
    version: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Consent withdrawn or refused: seats end, addresses go, name and typed texts are erased."""

    person_id: int
    reopen_invite: bool = False


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Speak this language to the person from now on."""

    person_id: int
    language: str


@dataclass(frozen=True, slots=True)
class CorrectPerson:
    """The person's own data, corrected by themselves."""

    person_id: int
    name: str | None = None
    post: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class GiveSeat:
    """A seat for somebody who is here already and was let in by the office."""

    person_id: int
    unit_id: int
    role: Role


@dataclass(frozen=True, slots=True)
class IssueCode:
    """A joining code for a unit and role, drawn beforehand so that the letter can carry it."""

    code: str
    unit_id: int
    role: Role
    replaces_seat_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeDays:
    """The office's own days: True worked, False off, None as the state has them; reminders follow at once."""

    days: Mapping[date, bool | None]
    seat_id: int | None


@dataclass(frozen=True, slots=True)
class ChangePolicy:
    """How often people are reminded from now on (the province's settings["policy"]); reminders follow at once."""

    policy: Mapping[str, Any]
    seat_id: int | None


@dataclass(frozen=True, slots=True)
class RemindAgain:
    """This person asked to hear of these once more, in a slot of their choice."""

    assignment_ids: tuple[int, ...]
    person_id: int
    day: date
    slot: str


Effect: TypeAlias = (
    Say
    | TakeStep
    | TakeBack
    | NoteReceived
    | Ask
    | CloseQuestion
    | RaiseRequest
    | SettleRequest
    | AttachEvidence
    | Meet
    | UseInvite
    | AddAddress
    | GiveConsent
    | Leave
    | ChooseLanguage
    | CorrectPerson
    | GiveSeat
    | IssueCode
    | ChangeDays
    | ChangePolicy
    | RemindAgain
)
