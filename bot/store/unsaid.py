"""What was planned or put into words and is not said any more: taken back, with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    exists,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from bot.calendar import WorkingCalendar
from bot.store import due_now
from bot.store.claiming import UNSETTLED
from bot.store.falling import Call
from bot.store.kept import Kept, one_of
from bot.store.mail import attempt, letter, listing, reminder
from bot.store.part import Part
from bot.tasks import Step

#: A report of the unit's does not settle what the office still has to decide.
_FOR_OFFICE = "undecided"
#: Written out, not bound: the partial index is used only where the database sees its own condition.
PLANNED: ColumnElement[bool] = literal_column("reminder.state = 'planned'")

#: Why a change of the timetable took something back: a later change may want it again.
WITHDRAWN = ("new calendar", "new policy")


def slot_key(day: date, slot: str) -> str:
    """The beginning of a slot letter's key; the person's id follows."""
    return f"slot:{day.isoformat()}:{slot}:"


def needless_by(step: Step) -> str:
    """Why a step made reminders needless: they are found by it when it is taken back."""
    return f"{step.kind.value} {step.id}"


def in_letter(of: FromClause) -> ColumnElement[bool]:
    """On these reminders and a slot letter: whether that is where it is said."""
    key = literal("slot:") + cast(of.c.day, String) + literal(":") + of.c.slot + literal(":")
    return and_(of.c.person_id == letter.c.person_id, key + cast(of.c.person_id, String) == letter.c.once)


IN_THIS_LETTER = in_letter(reminder)
#: On a slot letter: whether a reminder waits to be put into it.
_SOMETHING_TO_SAY = exists().where(IN_THIS_LETTER, PLANNED)
#: A reminder whose words were taken back waits again, unless something was told that makes it needless.
WAITS_AGAIN = case((reminder.c.why.is_(None), "planned"), else_="cancelled")


#: Where a reminder is said: whose letter of which slot.
_PLACE = (reminder.c.person_id, reminder.c.day, reminder.c.slot)
_ABOUT = (reminder.c.assignment_id == bindparam("assignment"), reminder.c.rule != _FOR_OFFICE)
_CANCELLED = Kept(
    update(reminder)
    .where(reminder.c.province_id == bindparam("province"), *_ABOUT, PLANNED)
    .values(state="cancelled", why=bindparam("because"))
    .returning(*_PLACE)
)
# Written out: where an index has a condition on the state, SQLite would plan a bound one anew at each run.
_IS_SENT: ColumnElement[bool] = literal_column("reminder.state = 'sent'")
_TOLD = Kept(select(*_PLACE).where(*_ABOUT, _IS_SENT))


def _spoken_of() -> ColumnElement[bool]:
    # A value, not a condition: it is looked up by the letter's key, once a reminder. Of a condition PostgreSQL makes a
    # join, and while it knows nothing yet of the tables' sizes, one that reads all letters of the province.
    state = select(letter.c.state).where(letter.c.province_id == bindparam("province"), IN_THIS_LETTER)
    unsaid = one_of(state.scalar_subquery(), "planned", "claimed", "sending", "held")
    return or_(exists().where(*_ABOUT, PLANNED), exists().where(*_ABOUT, _IS_SENT, unsaid))


#: Of the bound assignment: whether a reminder of it waits, or stands in a letter that is not sent.
SPOKEN_OF = _spoken_of()


class Unsaid(Part):
    """Reminders that no longer hold, and the letters they stood in."""

    def drop(self, ids: Iterable[int], why: str) -> None:
        """These no longer hold."""
        gone = update(reminder).where(reminder.c.id.in_(list(ids)))
        self._connection.execute(gone.values(state="cancelled", why=why))

    def cancel(self, assignment_id: int, why: str) -> None:
        """Nothing planned about this assignment is said any more; a slot letter left empty goes with it."""
        # First, for it waits for a claim that is putting the same reminders into words.
        values = {"province": self._province, "assignment": assignment_id, "because": why}
        left = {(row["person_id"], row["day"], row["slot"]) for row in self._rows(_CANCELLED, values)}
        if told := self._told_in(assignment_id):
            keys = {f"{slot_key(day, slot)}{whom}": (whom, day, slot) for whom, day, slot in told}
            still = (letter.c.text.is_not(None), letter.c.state.in_(["planned", "claimed", "sending", "held"]))
            unsaid = select(letter.c.once).where(
                letter.c.province_id == self._province, letter.c.once.in_(keys), *still
            )
            for once in self._connection.execute(unsaid).scalars().all():
                # A letter on its way may come back: what it must not say then is known by its reason.
                about = (reminder.c.assignment_id == assignment_id, reminder.c.rule != _FOR_OFFICE)
                of_it = (column == value for column, value in zip(_PLACE, keys[once], strict=True))
                sent = update(reminder).where(*about, *of_it, reminder.c.state == "sent")
                self._connection.execute(sent.values(why=why))
            self._unword(letter.c.once.in_(keys), why)
        self._drop_empty([f"{slot_key(day, slot)}{whom}" for whom, day, slot in left.union(told)], why)

    def restore(self, assignment_id: int, why: str, after: datetime) -> None:
        """What was cancelled for this and is to be said later than `after`, local, is said after all.

        Letters that did not go yet tell of it as it stands now.
        """
        about = (reminder.c.province_id == self._province, reminder.c.assignment_id == assignment_id)
        mine = update(reminder).where(*about, reminder.c.why == why)
        self._connection.execute(mine.where(reminder.c.state == "sent").values(why=None))
        keys = [f"{slot_key(day, slot)}{whom}" for whom, day, slot in self._told_in(assignment_id)]
        self._unword(letter.c.once.in_(keys), why)
        other = reminder.alias("other")
        same = (other.c[name] == reminder.c[name] for name in ("assignment_id", "person_id", "rule"))
        instead = exists().where(*same, other.c.state == "planned")
        today = and_(reminder.c.day == after.date(), reminder.c.slot > f"{after:%H:%M}")
        coming = (reminder.c.state == "cancelled", or_(reminder.c.day > after.date(), today), ~instead)
        self._connection.execute(mine.where(*coming).values(state="planned", why=None))

    def outdated(self, letter_id: int, person_id: int | None, recipe: Mapping[str, Any]) -> bool:
        """Whether a claimed slot letter was worded before something in it was told; its words are then taken back."""
        if recipe.get("name") != "slot":
            return False
        told = select(reminder.c.id).where(
            reminder.c.person_id == person_id,
            reminder.c.day == date.fromisoformat(recipe["day"]),
            reminder.c.slot == recipe["slot"],
            reminder.c.state == "sent",
            reminder.c.why.is_not(None),
        )
        if self._first(told) is None:
            return False
        self._unword(letter.c.id == letter_id, "told since", "claimed")
        return True

    def unsay_claimed(self, letter_id: int, recipe: Mapping[str, Any]) -> None:
        """A slot letter that came back, and goes to its reader no more: what stood in it waits again."""
        if recipe.get("name") == "slot":
            self._unword(letter.c.id == letter_id, "left", "claimed")

    def put_back(self, day: date, slot: str, why: str) -> None:
        """What waits to leave in this slot is put together anew."""
        self._unword(letter.c.once.startswith(slot_key(day, slot)), why)

    def withdraw(self, call: Call, day: date, calendar: WorkingCalendar, why: str) -> None:
        """What this call planned for the day is not said, as far as it was not said yet."""
        whom, of_it = self._meant(call, day, calendar)
        meant = exists().where(*of_it, whom.c.milestone == reminder.c.milestone)
        self._connection.execute(update(reminder).where(PLANNED, meant).values(state="cancelled", why=why))

    def reopen(self, day: date, slot: str) -> None:
        """A slot letter that was given up as empty, and never left, has something to say again."""
        given_up = (
            letter.c.once.startswith(slot_key(day, slot)),
            letter.c.state == "cancelled",
            letter.c.text.is_(None),
        )
        left = exists().where(attempt.c.letter_id == letter.c.id)
        again = update(letter).where(letter.c.province_id == self._province, *given_up, ~left, _SOMETHING_TO_SAY)
        self._connection.execute(again.values(state="planned", why=None, settled_at=None))

    def revive(self, call: Call, day: date, slot: str, calendar: WorkingCalendar) -> None:
        """What was withdrawn that day is said after all, as the milestone that it now is."""
        whom, of_it = self._meant(call, day, calendar)
        gone = and_(reminder.c.state == "cancelled", reminder.c.why.in_(WITHDRAWN))
        milestone = select(whom.c.milestone).where(*of_it).scalar_subquery()
        again = update(reminder).where(gone, exists().where(*of_it))
        self._connection.execute(again.values(state="planned", why=None, slot=slot, milestone=milestone))

    def _meant(self, call: Call, day: date, calendar: WorkingCalendar) -> tuple[Subquery, list[ColumnElement[bool]]]:
        """Whom the call is for, and the condition under which a row of that day is theirs."""
        on_sqlite = self._connection.dialect.name == "sqlite"
        whom = due_now.recipients(self._province, call, calendar, on_sqlite=on_sqlite).subquery()
        columns = ("assignment_id", "person_id", "due_version")
        mine = [reminder.c.province_id == self._province, reminder.c.day == day, reminder.c.rule == call.rule]
        return whom, [*mine, *(reminder.c[name] == whom.c[name] for name in columns)]

    def _told_in(self, assignment_id: int) -> set[tuple[int, date, str]]:
        """Whose letters of which slots put this assignment into words."""
        told = self._rows(_TOLD, {"assignment": assignment_id})
        return {(row["person_id"], row["day"], row["slot"]) for row in told}

    def _unword(self, which: ColumnElement[bool], why: str, state: str = "planned") -> None:
        """Slot letters that were worded and did not go are put together anew, from the reminders that then hold."""
        # A later part of a long letter has no recipe of its own: it goes with its letter.
        whole = ~letter.c.once.contains("#")
        waits = (UNSETTLED, letter.c.province_id == self._province, letter.c.state == state, whole)
        worded = update(letter).where(*waits, which, letter.c.text.is_not(None)).values(text=None)
        put_back = worded.returning(
            letter.c.id, letter.c.once, letter.c.person_id, letter.c.recipe, letter.c.listing_id
        )
        for row in self._connection.execute(put_back).all():
            arrived = exists().where(attempt.c.letter_id == row.id, attempt.c.outcome == "doubtful")
            unseen = update(listing).where(listing.c.id == row.listing_id, ~arrived)
            self._connection.execute(unseen.values(numbered=[]))
            self._drop_parts(row, why)
            again = update(reminder).where(
                reminder.c.person_id == row.person_id,
                reminder.c.day == date.fromisoformat(row.recipe["day"]),
                reminder.c.slot == row.recipe["slot"],
                reminder.c.state == "sent",
            )
            self._connection.execute(again.values(state=WAITS_AGAIN))

    def _drop_parts(self, first: Any, why: str) -> None:
        """Later parts of the old words don't follow, and leave their keys to the parts of the new ones."""
        parts = update(letter).where(
            letter.c.province_id == self._province,
            # What its reader got since is little; by its key alone it would be looked for in all that was ever sent.
            letter.c.person_id == first.person_id,
            letter.c.id > first.id,
            letter.c.once.startswith(f"{first.once}#", autoescape=True),
        )
        waits = letter.c.state.in_(["planned", "held"])
        self._connection.execute(parts.where(waits).values(state="cancelled", why=why))
        aside = letter.c.once + "~" + cast(letter.c.id, String)
        self._connection.execute(parts.where(~letter.c.once.contains("~")).values(once=aside))

    def _drop_empty(self, keys: Sequence[str], why: str) -> None:
        """Slot letters that have no words yet and nothing left to say."""
        if not keys:
            return
        empty = update(letter).where(
            letter.c.province_id == self._province,
            letter.c.once.in_(keys),
            letter.c.state == "planned",
            letter.c.text.is_(None),
            ~_SOMETHING_TO_SAY,
        )
        self._connection.execute(empty.values(state="cancelled", why=why))
