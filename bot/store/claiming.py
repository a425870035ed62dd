"""The statements by which letters are claimed: which may be taken, and in what order."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, bindparam, exists, func, literal_column, or_, select, tuple_, update

from bot.messages import Urgency
from bot.store.kept import Kept
from bot.store.mail import letter, rate

IN_FLIGHT = ("claimed", "sending")
#: Written out as the index has it: with parameters SQLite would not see that the index serves.
UNSETTLED: ColumnElement[Any] = literal_column("letter.state IN ('planned','claimed','sending')")
#: Written out as well: SQLite prepares a statement anew at each run, which takes twenty times as long, where a
#: parameter stands beside a column that a partial index is about.
_PLANNED: ColumnElement[str] = literal_column("'planned'")
_FLYING: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in IN_FLIGHT]
#: What is due and has no address yet.
NOWHERE = Kept(
    select(letter.c.id, letter.c.person_id)
    .where(
        letter.c.province_id == bindparam("of_province"),
        letter.c.state == _PLANNED,
        letter.c.not_before <= bindparam("civil_now"),
        *(where.is_(None) for where in (letter.c.channel, letter.c.account, letter.c.peer, letter.c.platform_id)),
    )
    .order_by(letter.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
#: By which accounts something is due.
ACCOUNTS = Kept(
    select(letter.c.channel, letter.c.account)
    .distinct()
    .where(
        UNSETTLED,
        func.coalesce(letter.c.province_id, 0) == bindparam("of_province"),
        letter.c.state == _PLANNED,
        letter.c.not_before <= bindparam("civil_now"),
        or_(letter.c.lease_until.is_(None), letter.c.lease_until <= bindparam("machine_now")),
    )
)
_ORDER = (letter.c.urgency, letter.c.not_before, letter.c.id)


@cache
def claiming(answers_only: bool, one_by_one: bool) -> Kept:
    """The statement of a claim; made once, for making it costs more than running it."""
    due: list[ColumnElement[bool]] = [
        UNSETTLED,
        # Not bare columns, or SQLite walks all that an account ever sent instead of what waits, in order.
        func.coalesce(letter.c.province_id, 0) == bindparam("of_province"),
        func.coalesce(letter.c.channel, "") == bindparam("of_channel"),
        func.coalesce(letter.c.account, "") == bindparam("of_account"),
        letter.c.state == _PLANNED,
        letter.c.not_before <= bindparam("civil_now"),
        or_(letter.c.lease_until.is_(None), letter.c.lease_until <= bindparam("machine_now")),
        ~_blocked(answers_only, one_by_one),
    ]
    if answers_only:
        due.append(letter.c.urgency == Urgency.ANSWER)
    if not one_by_one:
        due.append(~_chat_rests())
    order = (letter.c.id,) if one_by_one else _ORDER
    picked = select(letter.c.id).where(*due).order_by(*order).limit(bindparam("at_most"))
    return Kept(
        update(letter)
        .where(letter.c.id.in_(select(picked.with_for_update(skip_locked=True).cte("picked").c.id)))
        .values(
            state="claimed",
            worker=bindparam("by_worker"),
            fence=letter.c.fence + 1,
            lease_until=bindparam("until"),
        )
        .returning(letter)
    )


def _blocked(answers_only: bool, one_by_one: bool) -> ColumnElement[bool]:
    """Whether another letter of the same chat is on its way or comes first."""
    other = letter.alias("other")
    waits = and_(other.c.state == _PLANNED, other.c.not_before <= bindparam("civil_now"))
    if answers_only:
        # What is held back now must not hold back an answer.
        waits = and_(waits, other.c.urgency == Urgency.ANSWER)
    if one_by_one:
        first = and_(waits, other.c.lease_until > bindparam("machine_now"))
    else:
        first = and_(waits, tuple_(other.c.urgency, other.c.not_before, other.c.id) < tuple_(*_ORDER))
    return exists().where(
        other.c.channel == letter.c.channel,
        other.c.account == letter.c.account,
        other.c.peer == letter.c.peer,
        # Nothing unsettled has one: the index then leaves the chat's history aside.
        other.c.platform_id.is_(None),
        other.c.id != letter.c.id,
        or_(other.c.state.in_(_FLYING), first),
    )


def _chat_rests() -> ColumnElement[bool]:
    """Whether the letter's chat was written to a moment ago."""
    name = letter.c.channel + ":" + letter.c.account + ":" + letter.c.peer
    moment = bindparam("moment", type_=Float)
    return exists().where(rate.c.name == name, rate.c.next_at > moment, rate.c.next_at <= moment + 60)
