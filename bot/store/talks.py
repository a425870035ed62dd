"""The book's part on what is said: typed texts, open questions, listings, and requests to the office."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.conversation import (
    ASKED_AGAIN,
    QUESTION_LIVES,
    Listing,
    OpenQuestion,
    Option,
    QuestionKind,
    Request,
    RequestKind,
    Verdict,
)
from bot.messages import Address, Urgency
from bot.store.files import evidence
from bot.store.kept import Kept, Row, one_of
from bot.store.mail import IS_HELD, attempt, letter, listing
from bot.store.part import Overtaken, Part
from bot.store.people import unit_from
from bot.store.tables import person, question, request, said, step, unit


def _before_their_eyes() -> ColumnElement[bool]:
    """Whether a listing may have been read: not where its letter waits still, or is known not to have arrived."""
    of_it = (letter.c.person_id == listing.c.person_id, letter.c.listing_id == listing.c.id)
    ended = exists().where(attempt.c.letter_id == letter.c.id)
    arrived = or_(
        one_of(letter.c.state, "sending", "accepted"), ended.where(one_of(attempt.c.outcome, "accepted", "doubtful"))
    )
    failed = ended.where(one_of(attempt.c.outcome, "not_sent", "refused"))
    # An answer is on its way at once; what nobody asked for may wait for hours.
    waits = or_(letter.c.urgency == Urgency.UNASKED, failed)
    # Each by its index: for an EXISTS PostgreSQL may first make a table of all letters, whose list is looked at or not.
    read, unread = (select(letter.c.id).where(*of_it, one).limit(1).scalar_subquery() for one in (arrived, waits))
    return or_(read.is_not(None), unread.is_(None))


_SEEN = _before_their_eyes()


@dataclass(frozen=True, slots=True)
class Before:
    """What stood before a person when they wrote: the list they were last shown, the question they were last put.

    `held`: letters to them wait for a word from them. `unplaced`: files of theirs wait for their task.
    """

    listing: Listing | None
    question: OpenQuestion | None
    held: bool
    unplaced: bool


class Talks(Part):
    """What was typed, asked, listed and requested."""

    def __init__(self, connection: Connection, province_id: int) -> None:
        super().__init__(connection, province_id)
        #: Of what was kept in this transaction.
        self.digests: dict[int, bytes] = {}
        self._last_number: int | None = None

    def before(self, person_id: int, at: datetime) -> Before:
        """What stood before this person at that moment, all of it asked at once."""
        row = self._rows(_STOOD, {"person": person_id, "at": at, "province": self._province})[0]
        self._last_number = row["last_number"] or 0
        return Before(
            listing=_listing_from(row, "shown_") if row["shown_id"] is not None else None,
            question=_question_from(row, "asked_") if row["asked_id"] is not None else None,
            held=bool(row["held"]),
            unplaced=bool(row["unplaced"]),
        )

    def keep_said(
        self,
        person_id: int | None,
        channel: str,
        message_id: str | None,
        text: str,
        at: datetime,
        listing_id: int | None = None,
    ) -> int:
        """A typed text, with the salted digest that the journal refers to; its numbers are those of that listing."""
        salt = secrets.token_bytes(16)
        digest = hashlib.sha256(salt + text.encode("utf-8", "surrogatepass")).digest()
        said_id = self._insert(
            said,
            province_id=self._province,
            person_id=person_id,
            channel=channel,
            message_id=message_id,
            at=at,
            text=text,
            salt=salt,
            listing_id=listing_id,
            digest=digest,
        )
        self.digests[said_id] = digest
        return said_id

    def said_under(self, person_id: int, message_id: str) -> tuple[int, ...]:
        """The texts kept under a message of this person (the message itself and its edits)."""
        mine = select(said.c.id).where(said.c.person_id == person_id, said.c.message_id == message_id)
        return tuple(self._connection.execute(mine.order_by(said.c.id)).scalars())

    def keep_listing(
        self, person_id: int | None, numbered: Sequence[int], choices: Sequence[str], now: datetime
    ) -> int:
        """A numbered list (and the sentences of its buttons) as it is about to be sent."""
        values = {"numbered": list(numbered), "choices": list(choices), "made_at": now}
        return self._insert(listing, province_id=self._province, person_id=person_id, **values)

    def listing(self, listing_id: int, person_id: int) -> Listing | None:
        """A listing of this person's."""
        row = self._first(_LISTING, {"listing": listing_id, "person": person_id})
        return _listing_from(row) if row else None

    def last_listing(self, person_id: int) -> Listing | None:
        """The last numbered list this person was sent."""
        row = self._first(_LAST_LISTING, {"person": person_id})
        return _listing_from(row) if row else None

    def listing_meant(self, person_id: int, message_id: str) -> int | None:
        """The listing whose numbers a message, since edited perhaps, meant when it was first written."""
        mine = select(said.c.listing_id).where(said.c.person_id == person_id, said.c.message_id == message_id)
        return self._connection.execute(mine.order_by(said.c.id).limit(1)).scalar()

    def letter_answered(self, person_id: int, at: Address, platform_id: str) -> Row | None:
        """`listing_id` and `about_id` of the letter of ours that a message answers; each chat numbers its own."""
        here = (letter.c.channel == at.channel, letter.c.account == at.account, letter.c.peer == at.peer)
        mine = (letter.c.person_id == person_id, *here, letter.c.platform_id == platform_id)
        return self._first(select(letter.c.listing_id, letter.c.about_id).where(*mine).limit(1))

    def letter_asking(self, person_id: int, listing_id: int | None) -> tuple[str, tuple[str, ...]]:
        """A question as it was sent, with the labels of its buttons; empty where its words were erased."""
        mine = (letter.c.person_id == person_id, letter.c.listing_id == listing_id)
        parts = self._rows(select(letter.c.text, letter.c.buttons).where(*mine).order_by(letter.c.id))
        labels = tuple(label for part in parts for label, _ in part["buttons"])
        return "\n".join(part["text"] or "" for part in parts), labels

    def said_between(self, person_id: int, after: int, before: int) -> int:
        """How much this person said after one message and before another."""
        mine = (said.c.person_id == person_id, said.c.id > after, said.c.id < before)
        return self._connection.execute(select(func.count()).select_from(said).where(*mine)).scalar_one()

    def ask(
        self,
        person_id: int,
        kind: QuestionKind,
        options: Sequence[Option],
        payload: Mapping[str, Any],
        about: Sequence[int],
        now: datetime,
    ) -> int:
        """Open a question; the one that was open is replaced."""
        self._done(_REPLACED, {"person": person_id, "at": now, "how": "replaced"})
        return self._insert(
            question,
            province_id=self._province,
            person_id=person_id,
            kind=kind,
            options=[{"label": option.label, "pick": dict(option.pick)} for option in options],
            payload=dict(payload),
            about=list(about),
            asked_at=now,
            expires_at=now + QUESTION_LIVES,
        )

    def last_question(self, person_id: int) -> OpenQuestion | None:
        """The newest question put to this person, open or not."""
        row = self._first(_LAST_QUESTION, {"person": person_id})
        return _question_from(row) if row else None

    def readings_asked(self) -> tuple[tuple[OpenQuestion, bool], ...]:
        """Every question about a reading, oldest first, and whether what was recorded of those words was taken back.

        What was put a second time is there once.
        """
        asked = select(question).where(
            question.c.province_id == self._province,
            question.c.kind == QuestionKind.READING,
            question.c.outcome.is_distinct_from(ASKED_AGAIN),
        )
        back = {
            *self._said_ids(step, step.c.superseded_at.is_not(None)),
            *self._said_ids(request, request.c.verdict == Verdict.WITHDRAWN),
        }
        found = (_question_from(row) for row in self._rows(asked.order_by(question.c.id)))
        return tuple((one, one.payload.get("said") in back) for one in found)

    def chosen(self, said_ids: Iterable[int]) -> dict[int, list[str]]:
        """What people chose when they were asked about these messages, in the words that were offered."""
        wanted = set(said_ids)
        theirs = select(said.c.person_id).where(said.c.id.in_(wanted))
        asked = select(question).where(
            question.c.province_id == self._province,
            question.c.person_id.in_(theirs),
            question.c.kind == QuestionKind.READING,
            or_(question.c.outcome.startswith("answered:"), question.c.outcome.startswith("several:")),
        )
        found: dict[int, list[str]] = {}
        for one in map(_question_from, self._rows(asked.order_by(question.c.id))):
            about, numbers = one.payload.get("said"), (one.outcome or "").partition(":")[2].split(",")
            if about in wanted and one.options:
                found.setdefault(about, []).extend(one.options[int(number) - 1].label for number in numbers)
        return found

    def _said_ids(self, table: Table, which: ColumnElement[bool]) -> set[int]:
        theirs = select(table.c.said_id).where(table.c.province_id == self._province, table.c.said_id.is_not(None))
        return set(self._connection.execute(theirs.where(which)).scalars())

    def close_question(self, question_id: int, outcome: str, now: datetime) -> None:
        """Settle one question."""
        self._done(_SETTLED, {"question": question_id, "at": now, "how": outcome})

    def next_request_number(self) -> int:
        """The number the next request of the province will bear."""
        if self._last_number is None:
            self._last_number = self._scalar(_LAST_NUMBER, {"province": self._province}) or 0
        return self._last_number + 1

    def raise_request(
        self,
        number: int,
        kind: RequestKind,
        person_id: int,
        now: datetime,
        *,
        unit_id: int | None = None,
        assignment_id: int | None = None,
        said_id: int | None = None,
        due: date | None = None,
        payload: Mapping[str, Any] | None = None,
    ) -> int:
        """Put something before the office. Raises Overtaken where the number was taken meanwhile."""
        values = {"unit_id": unit_id, "assignment_id": assignment_id, "said_id": said_id, "due_on": due}
        self._last_number = None
        request_id = self._insert_new(
            request,
            province_id=self._province,
            number=number,
            kind=kind,
            person_id=person_id,
            payload=dict(payload or {}),
            asked_at=now,
            **values,
        )
        if request_id is None:
            raise Overtaken(f"request {number}")
        return request_id

    def settle_request(
        self, request_id: int, verdict: Verdict, seat_id: int | None, answer: str | None, now: datetime
    ) -> int:
        """How a request ended, by whose seat; its number. Raises Overtaken where it had ended before."""
        values = {"settled_at": now, "verdict": verdict, "settled_by_id": seat_id, "answer": answer}
        still = (request.c.id == request_id, request.c.province_id == self._province, request.c.settled_at.is_(None))
        settled = update(request).where(*still).values(**values).returning(request.c.number)
        number = self._connection.execute(settled).scalar()
        if number is None:
            raise Overtaken(f"request of row {request_id}")
        return int(number)

    def request(self, number: int) -> Request | None:
        """The request with this number; a transaction that is deciding on it is waited for."""
        one = _whole_request().where(request.c.number == number)
        found = self._requests(one.with_for_update(of=request))
        return found[0] if found else None

    def open_requests(self, kind: RequestKind | None = None, assignment_id: int | None = None) -> tuple[Request, ...]:
        """What waits for the office, oldest first."""
        waiting = _whole_request().where(request.c.settled_at.is_(None))
        if kind is not None:
            waiting = waiting.where(request.c.kind == kind)
        if assignment_id is not None:
            waiting = waiting.where(request.c.assignment_id == assignment_id)
        return self._requests(waiting)

    def requests_by(self, person_id: int, kind: RequestKind) -> tuple[Request, ...]:
        """Everything of this kind that one person ever asked."""
        return self._requests(_whole_request().where(request.c.person_id == person_id, request.c.kind == kind))

    def _requests(self, which: Select[Any]) -> tuple[Request, ...]:
        mine = which.where(request.c.province_id == self._province).order_by(request.c.number)
        return tuple(_request_from(row) for row in self._rows(mine))


_LISTING = Kept(select(listing).where(listing.c.id == bindparam("listing"), listing.c.person_id == bindparam("person")))
_LISTINGS = (
    select(listing)
    .where(listing.c.person_id == bindparam("person"), listing.c.numbered != [], _SEEN)
    .order_by(listing.c.id.desc())
    .limit(1)
)
_LAST_LISTING = Kept(_LISTINGS)
_QUESTIONS = select(question).where(question.c.person_id == bindparam("person")).order_by(question.c.id.desc()).limit(1)
_LAST_QUESTION = Kept(_QUESTIONS)
_LAST_NUMBERS = select(func.max(request.c.number)).where(request.c.province_id == bindparam("province"))
_LAST_NUMBER = Kept(_LAST_NUMBERS)


def _stood() -> Select[Any]:
    shown, asked = listing.alias("shown"), question.alias("asked")
    last_shown = _LISTINGS.where(listing.c.made_at <= bindparam("at")).with_only_columns(listing.c.id).scalar_subquery()
    last_asked = _QUESTIONS.with_only_columns(question.c.id).scalar_subquery()
    ours = (letter.c.province_id == bindparam("province"), letter.c.person_id == bindparam("person"))
    waits = (evidence.c.province_id == bindparam("province"), evidence.c.person_id == bindparam("person"))
    return (
        select(
            *(shown.c[name].label(f"shown_{name}") for name in ("id", "numbered", "choices")),
            *(column.label(f"asked_{column.name}") for column in asked.c),
            select(letter.c.id).where(*ours, IS_HELD).exists().label("held"),
            select(evidence.c.id).where(*waits, evidence.c.assignment_id.is_(None)).exists().label("unplaced"),
            _LAST_NUMBERS.scalar_subquery().label("last_number"),
        )
        .select_from(person)
        .outerjoin(shown, shown.c.id == last_shown)
        .outerjoin(asked, asked.c.id == last_asked)
        .where(person.c.id == bindparam("person"))
    )


_STOOD = Kept(_stood())
_CLOSED = (
    update(question).where(question.c.closed_at.is_(None)).values(closed_at=bindparam("at"), outcome=bindparam("how"))
)
_REPLACED = Kept(_CLOSED.where(question.c.person_id == bindparam("person")))
_SETTLED = Kept(_CLOSED.where(question.c.id == bindparam("question")))


def _whole_request() -> Select[Any]:
    unit_columns = [c.label(f"unit_{c.name}") for c in unit.c if c.name != "id"]
    return (
        select(request, person.c.name.label("person_name"), said.c.text.label("said_text"), *unit_columns)
        .join(person, person.c.id == request.c.person_id)
        .outerjoin(said, said.c.id == request.c.said_id)
        .outerjoin(unit, unit.c.id == request.c.unit_id)
    )


def _question_from(row: Row, prefix: str = "") -> OpenQuestion:
    return OpenQuestion(
        id=row[f"{prefix}id"],
        person_id=row[f"{prefix}person_id"],
        kind=QuestionKind(row[f"{prefix}kind"]),
        options=tuple(Option(option["label"], option["pick"]) for option in row[f"{prefix}options"]),
        payload=row[f"{prefix}payload"],
        about=tuple(row[f"{prefix}about"]),
        asked_at=row[f"{prefix}asked_at"],
        expires_at=row[f"{prefix}expires_at"],
        closed_at=row[f"{prefix}closed_at"],
        outcome=row[f"{prefix}outcome"],
    )


def _listing_from(row: Row, prefix: str = "") -> Listing:
    return Listing(row[f"{prefix}id"], tuple(row[f"{prefix}numbered"]), tuple(row[f"{prefix}choices"]))


def _request_from(row: Row) -> Request:
    return Request(
        id=row["id"],
        number=row["number"],
        kind=RequestKind(row["kind"]),
        person_id=row["person_id"],
        person_name=row["person_name"],
        unit=unit_from(row, "unit_") if row["unit_id"] is not None else None,
        assignment_id=row["assignment_id"],
        text=row["said_text"],
        due=row["due_on"],
        payload=row["payload"],
        asked_at=row["asked_at"],
        settled_at=row["settled_at"],
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        said_id=row["said_id"],
    )
