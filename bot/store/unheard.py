"""The book's part on reminders whose reader was lost meanwhile: nobody was told, so whoever stands in is."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, exists, literal, or_, select, update

from bot.store import due_now
from bot.store.asked import AGAIN
from bot.store.columns import Instant
from bot.store.kept import Kept
from bot.store.mail import attempt, letter, reminder
from bot.store.reminders import Reminders
from bot.store.tables import address, person
from bot.store.unsaid import PLANNED, in_letter, slot_key

_LOST = (
    address.c.province_id == bindparam("province"),
    or_(address.c.refused_at >= bindparam("since"), address.c.unserved_since >= bindparam("since")),
)
#: Each tick asks it.
_ANYBODY = Kept(select(address.c.id).where(*_LOST).limit(1))
_WHAT = ("assignment_id", "due_version", "rule", "day")


class Unheard(Reminders):
    """Where two who stand in for each other are lost at once, each still seems within reach to who finds the other."""

    def any_lost(self, since: datetime) -> bool:
        """Whether anybody's address was lost since then."""
        return self._first(_ANYBODY, {"province": self._province, "since": since}) is not None

    def tell_stand_ins(self, day: date, slot: str, since: datetime, now: datetime) -> int:
        """What was for people lost `since` (the day's beginning), and nobody else heard; how many letters it makes.

        They are of the slot that holds now, so that nobody gets two of one, or one of a slot that is over. Whom it
        finds has the row by then: doing it again adds nothing.
        """
        lost = select(address.c.person_id).where(*_LOST)
        mine = and_(
            reminder.c.province_id == self._province,
            reminder.c.day == day,
            reminder.c.person_id.in_(lost.params(province=self._province, since=since)),
            _unsaid(),
        )
        return self.plan_slot_letters(day, slot, now) if self._stand_in(mine, now, slot) else 0

    def gather(self, day: date, slot: str, now: datetime) -> None:
        """Bring what earlier slots left unsaid into this one, once an assignment and rule; old letters stay empty.

        What was for who is lost by now comes to who stands in for them.
        """
        old = and_(letter.c.once.startswith("slot:"), ~letter.c.once.contains("#"))
        self._unword(and_(old, ~letter.c.once.startswith(slot_key(day, slot))), "superseded")
        earlier = and_(
            PLANNED,
            reminder.c.province_id == self._province,
            or_(reminder.c.day < day, and_(reminder.c.day == day, reminder.c.slot < slot)),
        )
        lost = (earlier, ~_within_reach(reminder))
        # Seldom anybody: whom it would find is looked for only then.
        if self._first(select(reminder.c.id).where(*lost).limit(1)) is not None:
            self._stand_in(earlier, now)
            gone = update(reminder).where(*lost)
            self._connection.execute(gone.values(state="cancelled", why="unreachable"))
        twin = reminder.alias("twin")
        newer = exists().where(
            twin.c.assignment_id == reminder.c.assignment_id,
            twin.c.due_version == reminder.c.due_version,
            twin.c.rule == reminder.c.rule,
            twin.c.person_id == reminder.c.person_id,
            or_(twin.c.day > reminder.c.day, and_(twin.c.day == reminder.c.day, twin.c.id > reminder.c.id)),
        )
        self._connection.execute(update(reminder).where(earlier, newer).values(state="cancelled", why="superseded"))
        self._connection.execute(update(reminder).where(earlier).values(day=day, slot=slot))

    def _stand_in(self, told: ColumnElement[bool], now: datetime, slot: str | None = None) -> int:
        """Plan these, where their person is lost and nobody else hears, for who stands in; how many rows were new."""
        lost = and_(told, reminder.c.rule != AGAIN, ~_within_reach(reminder), ~_heard_by_another())
        whom = due_now.stand_ins(lost).subquery()
        kept = [column for column in whom.c if slot is None or column.key != "slot"]
        values = {"province_id": literal(self._province), "state": literal("planned")}
        values["planned_at"] = literal(now, Instant)
        if slot is not None:
            values["slot"] = literal(slot)
        names = ", ".join([*(column.key for column in kept), *values])
        return self._insert_from(reminder, select(*kept, *values.values()), names)


def _within_reach(of: FromClause) -> ColumnElement[bool]:
    # Its own person, not who is looked for around it.
    return exists().where(person.c.id == of.c.person_id, due_now.reachable()).correlate_except(person)


def _unsaid() -> ColumnElement[bool]:
    """Nobody read it: it waits, was passed by, or stands in a letter that certainly did not arrive."""
    doubt = exists().where(attempt.c.letter_id == letter.c.id, attempt.c.outcome == "doubtful")
    failed = exists().where(in_letter(reminder), letter.c.state.in_(["refused", "held"]), ~doubt)
    return or_(
        reminder.c.state == "planned",
        and_(reminder.c.state == "cancelled", reminder.c.why == "unreachable"),
        and_(reminder.c.state == "sent", failed),
    )


def _heard_by_another() -> ColumnElement[bool]:
    """Somebody else hears the same, or read it before they were lost too."""
    twin = reminder.alias("twin")
    arrived = exists().where(in_letter(twin), letter.c.state == "accepted")
    hears = or_(and_(twin.c.state.in_(["planned", "sent"]), _within_reach(twin)), and_(twin.c.state == "sent", arrived))
    same = (twin.c[name] == reminder.c[name] for name in _WHAT)
    return exists().where(*same, twin.c.person_id != reminder.c.person_id, hears)
