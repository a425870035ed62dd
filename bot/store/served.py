"""The book's part on which of our accounts are served: who sits on none of them is reached by nothing we send."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, FromClause, and_, exists, false, or_, select, update

from bot.contacts import Role
from bot.store.mail import letter
from bot.store.part import Part
from bot.store.tables import address, person, seat, unit

#: Why a letter is held that goes by none of our accounts.
NOT_SERVED = "no account of ours reaches them"
#: What waited longer than this for an account is news no more when it comes back.
NEWS_FOR = timedelta(days=7)


def works(at: FromClause = address) -> ColumnElement[bool]:
    """Letters go to this address: the platform has not refused it for good, and its account is one we serve."""
    return and_(at.c.refused_at.is_(None), at.c.unserved_since.is_(None))


@dataclass(frozen=True, slots=True)
class CutOff:
    """Somebody (in one of their units) whom nothing reaches, though no platform refused them: their account is gone."""

    person_id: int
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class CutOffSeat:
    """The seat of somebody whom nothing reaches, for the same reason."""

    seat_id: int
    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Back:
    """Who is on a served account again, and since when the first of them was on none."""

    people: frozenset[int]
    since: datetime


class Served(Part):
    """Kept at the addresses, so that whoever plans reminders sees it, on whatever replica."""

    def note(self, accounts: Collection[tuple[str, str]], now: datetime) -> Back | None:
        """These (channel, account) are served from now on, and no other; who comes back by that, if anybody.

        What was held for them because nothing reached them goes, as far as it still is news.
        """
        here = address.c.province_id == self._province
        lost = update(address).where(here, address.c.unserved_since.is_(None), ~_on(accounts))
        self._connection.execute(lost.values(unserved_since=now))
        back = (here, address.c.unserved_since.is_not(None), _on(accounts))
        rows = self._rows(select(address.c.person_id, address.c.unserved_since).where(*back))
        if not rows:
            return None
        kept = (letter.c.province_id == self._province, letter.c.state == "held", letter.c.why == NOT_SERVED)
        theirs = letter.c.person_id.in_(select(address.c.person_id).where(*back))
        goes = update(letter).where(*kept, theirs, letter.c.planned_at >= now - NEWS_FOR)
        self._connection.execute(goes.values(state="planned", lease_until=None, why=None))
        self._connection.execute(update(address).where(*back).values(unserved_since=None))
        return Back(frozenset(row["person_id"] for row in rows), min(row["unserved_since"] for row in rows))

    def cut_off(self, accounts: Collection[tuple[str, str]] | None = None) -> tuple[CutOff, ...]:
        """Who has an address, but none on an account that is served (as noted last, or `accounts`), by unit."""
        served = address.c.unserved_since.is_(None) if accounts is None else _on(accounts)
        open_still = (address.c.person_id == person.c.id, address.c.refused_at.is_(None))
        rows = self._rows(
            select(person.c.id, person.c.name, unit.c.name.label("unit_name"), unit.c.position)
            .join(seat, and_(seat.c.person_id == person.c.id, seat.c.until.is_(None)))
            .join(unit, unit.c.id == seat.c.unit_id)
            .where(
                person.c.province_id == self._province,
                person.c.left_at.is_(None),
                person.c.consent_at.is_not(None),
                exists().where(*open_still),
                ~exists().where(*open_still, served),
            )
            .order_by(unit.c.position, person.c.id)
            .distinct()
        )
        return tuple(CutOff(row["id"], row["name"], row["unit_name"]) for row in rows)

    def seats_cut_off(self, unit_id: int, role: Role, since: datetime | None = None) -> tuple[CutOffSeat, ...]:
        """Who sits there in this role and is cut off, from that moment on or longer where one is given."""
        still = [address.c.person_id == person.c.id, address.c.refused_at.is_(None)]
        reached: ColumnElement[bool] = address.c.unserved_since.is_(None)
        if since is not None:
            reached = or_(reached, address.c.unserved_since > since)
        rows = self._rows(
            select(seat.c.id, seat.c.person_id, person.c.name)
            .join(person, person.c.id == seat.c.person_id)
            .where(seat.c.unit_id == unit_id, seat.c.role == role, seat.c.until.is_(None))
            .where(person.c.left_at.is_(None), person.c.consent_at.is_not(None))
            .where(exists().where(*still), ~exists().where(*still, reached))
            .order_by(seat.c.id)
        )
        return tuple(CutOffSeat(row["id"], row["person_id"], row["name"]) for row in rows)

    def cut_off_by_unit(self) -> dict[str, dict[int, str]]:
        """By their units' names: their names by their ids, for there are namesakes."""
        found: dict[str, dict[int, str]] = {}
        for one in self.cut_off():
            found.setdefault(one.unit, {})[one.person_id] = one.name
        return found


def _on(accounts: Collection[tuple[str, str]]) -> ColumnElement[bool]:
    ours = (and_(address.c.channel == channel, address.c.account == account) for channel, account in accounts)
    return or_(false(), *ours)
