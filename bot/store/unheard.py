"""The book's part on reminders whose reader was lost meanwhile: nobody was told, so whoever stands in is."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, exists, literal, or_, select

from bot.store import due_now
from bot.store.asked import AGAIN
from bot.store.columns import Instant
from bot.store.kept import Kept
from bot.store.mail import attempt, letter, reminder
from bot.store.reminders import Reminders
from bot.store.tables import address, person
from bot.store.unsaid import in_letter

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

    def tell_stand_ins(self, day: date, since: datetime, now: datetime) -> int:
        """What was for people lost `since` (the day's beginning), and nobody else heard; how many letters it makes.

        Whom it finds has the row by then: doing it again adds nothing.
        """
        lost = select(address.c.person_id).where(*_LOST)
        mine = and_(
            reminder.c.province_id == self._province,
            reminder.c.day == day,
            reminder.c.person_id.in_(lost.params(province=self._province, since=since)),
            reminder.c.rule != AGAIN,
            ~_within_reach(reminder),
            _unsaid(),
            ~_heard_by_another(),
        )
        whom = due_now.stand_ins(mine).subquery()
        rows = select(*whom.c, literal(self._province), literal("planned"), literal(now, Instant))
        if not self._insert_from(reminder, rows, ", ".join([*whom.c.keys(), "province_id", "state", "planned_at"])):
            return 0
        fresh = (reminder.c.province_id == self._province, reminder.c.day == day, reminder.c.planned_at == now)
        slots = self._connection.execute(select(reminder.c.slot).where(*fresh).distinct()).scalars().all()
        return sum(self.plan_slot_letters(day, slot, now) for slot in slots)


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
