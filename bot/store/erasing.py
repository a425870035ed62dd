"""What goes with a person who withdraws: their words, name and addresses, wherever they stand. Reports stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    update,
)

from bot.messages import LetterKind, Urgency
from bot.reading.person_names import without
from bot.store.files import evidence, file, file_chunk
from bot.store.mail import attempt, inbox, letter, listing, rate, refused_mark
from bot.store.part import Part
from bot.store.tables import address, assignment, person, question, request, said, seat, step

#: Letters that nobody will send any more.
_SETTLED = ("accepted", "refused", "cancelled", "doubtful")
#: What their successors read instead of them: which tasks, which week. It names nobody.
_INHERITED = and_(
    letter.c.why == "left", letter.c.kind.in_([LetterKind.ASSIGNMENT, LetterKind.DIGEST, LetterKind.SUMMARY])
)
_EMPTY: dict[str, Any] = {
    "text": None,
    "buttons": [],
    "recipe": case((_INHERITED, letter.c.recipe), else_=null()),
    "attachment": None,
}
#: A name or number shorter than this stands in other words as well.
_TELLING = 2


class Erasing(Part):
    """Takes words out of rows that have to stay."""

    def erase(self, person_id: int, now: datetime) -> None:
        """End the seats; keep nothing that this person typed or is known by."""
        if not self._is_ours(person_id):
            return
        self._letters_to(person_id, now)
        self._letters_about(person_id)
        self._questions_about(person_id)
        self._messages(person_id)
        self._talk(person_id, now)
        self._notes(person_id)
        self._files(person_id)
        self._run(update(seat).where(seat.c.person_id == person_id, seat.c.until.is_(None)).values(until=now))
        self._run(delete(address).where(address.c.person_id == person_id))
        gone = {"name": "", "post": None, "phone": None, "left_at": now}
        self._run(update(person).where(person.c.id == person_id).values(**gone))
        self.forget_letters()

    def forget_letters(self) -> None:
        """Letters to those who left keep no word and no address once they are settled; the goodbye goes first."""
        left = select(person.c.id).where(person.c.province_id == self._province, person.c.left_at.is_not(None))
        mine = (letter.c.person_id.in_(left), letter.c.state.in_(_SETTLED), letter.c.peer.is_not(None))
        ids = list(self._connection.execute(select(letter.c.id).where(*mine)).scalars())
        if not ids:
            return
        self._run(update(letter).where(*mine).values(**_EMPTY, peer=None))
        theirs = select(letter.c.id).where(letter.c.person_id.in_(left), letter.c.peer.is_(None))
        self._run(update(attempt).where(attempt.c.letter_id.in_(theirs)).values(peer=""))

    def _is_ours(self, person_id: int) -> bool:
        return (
            self._first(select(person.c.id).where(person.c.id == person_id, person.c.province_id == self._province))
            is not None
        )

    def _letters_to(self, person_id: int, now: datetime) -> None:
        mine = letter.c.person_id == person_id
        unasked = (mine, letter.c.state.in_(["planned", "held"]), letter.c.urgency != Urgency.ANSWER)
        self._run(update(letter).where(*unasked).values(state="cancelled", why="left", settled_at=now))
        # One that never had an address is nowhere else found again.
        bare = (mine, letter.c.state.in_(_SETTLED), letter.c.peer.is_(None))
        self._run(update(letter).where(*bare).values(**_EMPTY))

    def _letters_about(self, person_id: int) -> None:
        """What others were told of them: nothing stays of letters they caused, elsewhere not their name and number."""
        others = (
            letter.c.province_id == self._province,
            letter.c.state.in_(_SETTLED),
            or_(letter.c.person_id.is_(None), letter.c.person_id != person_id),
        )
        caused = letter.c.answers_id.in_(select(inbox.c.id).where(self._sent_by(person_id)))
        self._run(update(letter).where(*others, caused).values(text=None, buttons=[]))
        known = self._connection.execute(select(person.c.name, person.c.phone).where(person.c.id == person_id)).one()
        for word in (*known, *self._typed_notes(person_id)):
            if word and len(word) >= _TELLING:
                naming = (*others, letter.c.text.contains(word, autoescape=True))
                self._run(update(letter).where(*naming).values(text=func.replace(letter.c.text, word, "…")))

    def _questions_about(self, person_id: int) -> None:
        """What others typed and were asked is kept with their questions: the name and number go out of it."""
        known = self._connection.execute(select(person.c.name, person.c.phone).where(person.c.id == person_id)).one()
        unnamed = without([word for word in known if word and len(word) >= _TELLING], "…")
        others = (question.c.province_id == self._province, question.c.person_id != person_id)
        for row in self._rows(select(question.c.id, question.c.options, question.c.payload).where(*others)):
            told = {name: _rewritten(row[name], unnamed) for name in ("options", "payload")}
            if told != {name: row[name] for name in told}:
                self._run(update(question).where(question.c.id == row["id"]).values(**told))

    def _sent_by(self, person_id: int) -> ColumnElement[bool]:
        own = select(address.c.channel, address.c.account, address.c.peer).where(address.c.person_id == person_id)
        answered = select(letter.c.answers_id).where(
            letter.c.person_id == person_id, letter.c.urgency == Urgency.ANSWER, letter.c.answers_id.is_not(None)
        )
        return or_(tuple_(inbox.c.channel, inbox.c.account, inbox.c.peer).in_(own), inbox.c.id.in_(answered))

    def _messages(self, person_id: int) -> None:
        for row in self._rows(select(address).where(address.c.person_id == person_id)):
            where = {"channel": row["channel"], "account": row["account"]}
            told = refused_mark.c.external_id.contains(f":{row['peer']}:", autoescape=True)
            nameless = literal("erased:") + cast(refused_mark.c.id, String)
            self._run(update(refused_mark).filter_by(**where).where(told).values(external_id=nameless))
            self._run(delete(rate).where(rate.c.name == f"{row['channel']}:{row['account']}:{row['peer']}"))
        unread = and_(self._sent_by(person_id), inbox.c.state.in_(["waiting", "failed"]))
        self._run(update(inbox).where(unread).values(state="applied"))
        nameless = literal("erased:") + cast(inbox.c.id, String)
        empty = update(inbox).where(self._sent_by(person_id))
        self._run(empty.values(incoming=None, peer="", external_id=nameless))
        words = update(said).where(said.c.person_id == person_id)
        self._run(words.values(text=None, salt=None, message_id=None))

    def _talk(self, person_id: int, now: datetime) -> None:
        open_still = (question.c.person_id == person_id, question.c.closed_at.is_(None))
        self._run(update(question).where(*open_still).values(closed_at=now, outcome="left"))
        self._run(update(question).where(question.c.person_id == person_id).values(options=[], payload={}))
        self._run(update(listing).where(listing.c.person_id == person_id).values(choices=[]))
        self._run(update(request).where(request.c.person_id == person_id).values(payload={}))

    def _notes(self, person_id: int) -> None:
        """Their own words in reports and decisions; the kind of an obstacle stays."""
        for note in self._typed_notes(person_id):
            theirs = select(step.c.assignment_id).where(step.c.note == note, self._steps_of(person_id))
            shown = (assignment.c.note == note, assignment.c.id.in_(theirs))
            self._run(update(assignment).where(*shown).values(note=None))
        self._run(update(step).where(self._steps_of(person_id)).values(note=None))

    def _typed_notes(self, person_id: int) -> list[str]:
        theirs = select(step.c.note).where(self._steps_of(person_id), step.c.note.is_not(None)).distinct()
        return list(self._connection.execute(theirs).scalars())

    @staticmethod
    def _steps_of(person_id: int) -> ColumnElement[bool]:
        seats = select(seat.c.id).where(seat.c.person_id == person_id)
        words = select(said.c.id).where(said.c.person_id == person_id)
        return or_(step.c.seat_id.in_(seats), step.c.said_id.in_(words))

    def _files(self, person_id: int) -> None:
        mine = (evidence.c.person_id == person_id, evidence.c.assignment_id.is_(None))
        ids = list(self._connection.execute(select(evidence.c.file_id).where(*mine)).scalars())
        self._run(delete(evidence).where(*mine))
        unused = and_(file.c.id.in_(ids), ~exists().where(evidence.c.file_id == file.c.id))
        self._run(delete(file_chunk).where(file_chunk.c.file_id.in_(select(file.c.id).where(unused))))
        self._run(delete(file).where(unused))

    def _run(self, statement: Any) -> None:
        self._connection.execute(statement)


def _rewritten(kept: Any, change: Callable[[str], str]) -> Any:
    """The same JSON with every text in it changed; what names a field stays."""
    if isinstance(kept, str):
        return change(kept)
    if isinstance(kept, dict):
        return {name: _rewritten(value, change) for name, value in kept.items()}
    return [_rewritten(value, change) for value in kept] if isinstance(kept, list) else kept
