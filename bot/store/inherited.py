"""The book's part on what waited for people whose seat is another's now, or nobody's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.contacts import Role
from bot.messages import LetterKind
from bot.store import due_now
from bot.store.claiming import UNSETTLED
from bot.store.falling import Audience
from bot.store.mail import letter, reminder
from bot.store.tables import assignment, person, seat
from bot.store.unsaid import IN_THIS_LETTER, WAITS_AGAIN, Unsaid, slot_key

#: Why a reminder is said to somebody no more: a seat that comes back wants it again.
_NO_SEAT = "no seat"
#: Why a letter was given up with its reader's leaving.
_LEFT = "left"


#: What later parts of a letter are found by.
_FIRST_PART = (letter.c.id, letter.c.once, letter.c.person_id)


@dataclass(frozen=True, slots=True)
class Unread:
    """A letter that waited for somebody who has left their seat in this unit."""

    id: int
    once: str
    recipe: Mapping[str, Any]
    unit_id: int


class Inherited(Unsaid):
    """Handed on from who sat there to who sits there."""

    def take_back_words(self, rules: Mapping[Audience, Collection[str]], now: datetime) -> None:
        """What was put into words for somebody who sits there no more, and has not gone, waits to be said again.

        Of those who left at `now` it is what was cancelled with their leaving.
        """
        unit_id = assignment.c.unit_id.expression
        unseated = or_(
            *(
                and_(reminder.c.rule.in_(names), ~due_now.sits(to, reminder.c.person_id.expression, unit_id))
                for to, names in rules.items()
            )
        )
        told = select(letter.c.id).join(reminder, IN_THIS_LETTER)
        worded = told.join(assignment, assignment.c.id == reminder.c.assignment_id).where(
            UNSETTLED,
            letter.c.province_id == self._province,
            letter.c.state == "planned",
            letter.c.text.is_not(None),
            reminder.c.state == "sent",
            unseated,
        )
        self._unword(letter.c.id.in_(list(self._connection.execute(worded.distinct()).scalars())), _NO_SEAT)
        left = select(person.c.id).where(person.c.province_id == self._province, person.c.left_at == now)
        gone = list(self._connection.execute(left).scalars())
        with_them = exists().where(
            letter.c.province_id == self._province,
            IN_THIS_LETTER,
            letter.c.state == "cancelled",
            letter.c.why == _LEFT,
            letter.c.settled_at == now,
        )
        unheard = update(reminder).where(reminder.c.person_id.in_(gone), reminder.c.state == "sent", with_them)
        self._connection.execute(unheard.values(state=WAITS_AGAIN))

    def unread(self, kind: LetterKind, roles: Collection[Role], since: datetime) -> tuple[Unread, ...]:
        """Letters of this kind planned since then that waited for somebody when their seat ended; one a seat lost.

        A letter that was given up with its reader's leaving is one of them until it is noted as handed on.
        """
        ended, kept = seat.alias("ended"), seat.alias("kept")
        in_role = [role.value for role in roles]
        holds = exists().where(
            kept.c.person_id == ended.c.person_id,
            kept.c.unit_id == ended.c.unit_id,
            kept.c.until.is_(None),
            kept.c.role.in_(in_role),
        )
        waited = or_(
            letter.c.state.in_(["planned", "held"]), and_(letter.c.state == "cancelled", letter.c.why == _LEFT)
        )
        found = (
            select(letter.c.id, letter.c.once, letter.c.recipe, ended.c.unit_id)
            .join(ended, ended.c.person_id == letter.c.person_id)
            .where(letter.c.province_id == self._province, letter.c.kind == kind.value, waited)
            .where(letter.c.recipe.is_not(None), letter.c.planned_at >= since)
            .where(ended.c.role.in_(in_role), ended.c.until >= letter.c.planned_at, ended.c.until >= since, ~holds)
            .order_by(letter.c.id, ended.c.unit_id)
            .distinct()
        )
        return tuple(Unread(row["id"], row["once"], row["recipe"], row["unit_id"]) for row in self._rows(found))

    def unsay(self, ids: Iterable[int]) -> None:
        """What these letters said is put together anew for who reads them then."""
        worded = (letter.c.id.in_(list(ids)), letter.c.state.in_(["planned", "held"]), letter.c.text.is_not(None))
        taken_back = update(letter).where(*worded).values(text=None).returning(*_FIRST_PART)
        for first in self._connection.execute(taken_back).all():
            self._drop_parts(first, _NO_SEAT)

    def leave(self, ids: Iterable[int], now: datetime) -> None:
        """These are not for their readers any more."""
        waits = (letter.c.id.in_(list(ids)), letter.c.state.in_(["planned", "held"]))
        gone = update(letter).where(*waits).values(state="cancelled", why=_LEFT, settled_at=now)
        for first in self._connection.execute(gone.returning(*_FIRST_PART)).all():
            self._drop_parts(first, _LEFT)

    def note_handed_on(self, ids: Iterable[int]) -> None:
        """Somebody else reads these."""
        handed = update(letter).where(letter.c.id.in_(list(ids)), letter.c.why == _LEFT)
        self._connection.execute(handed.values(why="handed on"))

    def hand_on(self, to: Audience, rules: Collection[str], now: datetime) -> frozenset[tuple[date, str]]:
        """What is planned for who hears as this audience no more is for those who do; the slots that this touches."""
        whom = [(row["reminder_id"], row["person_id"]) for row in self._rows(due_now.heirs(self._province, to, rules))]
        if not whom:
            return frozenset()
        old = {
            row["id"]: row for row in self._rows(select(reminder).where(reminder.c.id.in_({one for one, _ in whom})))
        }
        fresh = [{**old[one], "person_id": person_id, "planned_at": now} for one, person_id in whom]
        new = (sqlite if self._connection.dialect.name == "sqlite" else postgresql).insert(reminder)
        again = new.on_conflict_do_update(
            index_elements=["assignment_id", "due_version", "rule", "day", "person_id"],
            set_={name: new.excluded[name] for name in ("state", "why", "slot", "planned_at")},
            # Who gave the seat away and has it back hears of it after all.
            where=and_(reminder.c.state == "cancelled", reminder.c.why == _NO_SEAT),
        )
        self._connection.execute(again, [{name: value for name, value in row.items() if name != "id"} for row in fresh])
        self.drop(old, _NO_SEAT)
        letters = {f"{slot_key(old[one]['day'], old[one]['slot'])}{person_id}" for one, person_id in whom}
        self._unword(letter.c.once.in_(letters), "new seat")
        return frozenset((row["day"], row["slot"]) for row in old.values())
