"""The book's part on joining: codes (kept hashed), tries, and how a seat is taken, shared or handed over."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from bot.contacts import Role, Unit
from bot.joining_codes import plain_code
from bot.messages import Address
from bot.store.kept import Row
from bot.store.mail import letter
from bot.store.part import Part
from bot.store.people import unit_from
from bot.store.served import Served
from bot.store.tables import address, invite, join_try, person, province, seat, unit

CODE_LIVES = timedelta(days=10)
TRIES_AN_HOUR = 5
TRIES_AN_HOUR_OF_ACCOUNT = 100


@dataclass(frozen=True, slots=True)
class InviteFound:
    """A code that can be used now."""

    id: int
    unit: Unit
    role: Role
    person_id: int | None
    replaces_seat_id: int | None


class Joining(Part):
    """Codes and seats."""

    def issue(
        self,
        code: str,
        unit_id: int,
        role: Role,
        now: datetime,
        *,
        person_id: int | None = None,
        replaces_seat_id: int | None = None,
    ) -> datetime:
        """Keep a drawn code's hash; returns when it expires."""
        expires = now + self._lives()
        self._insert(
            invite,
            province_id=self._province,
            code_hash=self._hash(plain_code(code) or ""),
            unit_id=unit_id,
            role=role,
            person_id=person_id,
            replaces_seat_id=replaces_seat_id,
            issued_at=now,
            expires_at=expires,
        )
        return expires

    def invite(self, code: str, unit_id: int, role: Role, now: datetime) -> datetime:
        """The office's code for a seat: the unused ones are void. It replaces who is cut off there, which whoever
        asked for it is told; nobody else could ever end such a seat."""
        self.revoke_open(unit_id, role, now)
        gone = Served(self._connection, self._province).seats_cut_off(unit_id, role)
        return self.issue(code, unit_id, role, now, replaces_seat_id=gone[0].seat_id if gone else None)

    def revoke_open(self, unit_id: int, role: Role, now: datetime) -> None:
        """A new code for this seat makes the unused ones void."""
        unused = (invite.c.used_at.is_(None), invite.c.revoked_at.is_(None), invite.c.person_id.is_(None))
        here = update(invite).where(invite.c.unit_id == unit_id, invite.c.role == role, *unused)
        self._connection.execute(here.values(revoked_at=now))

    def find(self, code: str, now: datetime) -> InviteFound | str:
        """The invite of a typed code, or why it can't be used (a key under `join.`).

        Who types the same code in the same instant waits here, and then finds it used.
        """
        plain = plain_code(code)
        mine = select(invite).where(invite.c.province_id == self._province)
        row = self._first(mine.where(invite.c.code_hash == self._hash(plain)).with_for_update()) if plain else None
        if row is None or row["revoked_at"] is not None:
            return "wrong_code"
        if row["used_at"] is not None:
            return "used_code"
        if now >= row["expires_at"]:
            return "expired_code"
        place = self._connection.execute(select(unit).where(unit.c.id == row["unit_id"])).mappings().one()
        return InviteFound(row["id"], unit_from(place), Role(row["role"]), row["person_id"], row["replaces_seat_id"])

    def too_many_tries(self, at: Address, now: datetime) -> bool:
        """Whether this address, or its whole account, has used up its tries of the hour."""
        since = join_try.c.at > now - timedelta(hours=1)
        count = select(func.count()).select_from(join_try)
        by_address = self._connection.execute(count.where(join_try.c.address_hash == self._hash(str(at)), since))
        by_account = self._connection.execute(count.where(join_try.c.account == f"{at.channel}:{at.account}", since))
        return by_address.scalar_one() >= TRIES_AN_HOUR or by_account.scalar_one() >= TRIES_AN_HOUR_OF_ACCOUNT

    def note_try(self, at: Address, now: datetime) -> None:
        """Count a wrong code, under a keyed hash of the address."""
        where = {"address_hash": self._hash(str(at)), "account": f"{at.channel}:{at.account}"}
        self._insert(join_try, province_id=self._province, at=now, **where)

    def use(self, invite_id: int, at: Address, name: str, language: str, now: datetime) -> int:
        """Take the seat: the person of this address, new if need be. The seat replaced falls silent at once."""
        row = self._connection.execute(select(invite).where(invite.c.id == invite_id)).mappings().one()
        person_id = self.meet(at, name, language, now)
        replaced = self._replaced(row)
        ended = update(seat).where(seat.c.id.in_(replaced), seat.c.until.is_(None))
        if replaced:
            self._connection.execute(ended.values(until=now))
        self.give_seat(person_id, row["unit_id"], Role(row["role"]), now)
        for seat_id in replaced:
            self._silence_without_seat(seat_id, now)
        if replaced:
            # A seat moves once: what other codes would have moved is gone, and they must not seat anybody beside.
            others = (invite.c.replaces_seat_id.in_(replaced), invite.c.used_at.is_(None), invite.c.id != invite_id)
            self._connection.execute(update(invite).where(*others).values(revoked_at=now))
        self._connection.execute(
            update(invite).where(invite.c.id == invite_id).values(used_at=now, used_by_id=person_id)
        )
        return person_id

    def _replaced(self, row: Row) -> list[int]:
        """The seat that the code moves; where its holder is cut off, with those who were when the code was issued."""
        replaced = row["replaces_seat_id"]
        if replaced is None:
            return []
        served = Served(self._connection, self._province)
        cut_off = served.seats_cut_off(row["unit_id"], Role(row["role"]), row["issued_at"])
        gone = [one.seat_id for one in cut_off]
        return gone if replaced in gone else [replaced]

    def give_seat(self, person_id: int, unit_id: int, role: Role, now: datetime) -> None:
        """A seat for somebody who is here already; one they hold stays as it is."""
        taken = (seat.c.person_id == person_id, seat.c.unit_id == unit_id, seat.c.role == role)
        if self._first(select(seat.c.id).where(*taken, seat.c.until.is_(None))) is None:
            where = {"unit_id": unit_id, "role": role}
            self._insert(seat, province_id=self._province, person_id=person_id, since=now, **where)

    def meet(self, at: Address, name: str, language: str, now: datetime) -> int:
        """The person at this address, new if need be; without a seat nothing is open to them."""
        return self._sitting(at) or self._newcomer(at, name, language, now)

    def add_address(self, invite_id: int, person_id: int, at: Address, now: datetime) -> None:
        """A further address of somebody who has joined, after the ones they have."""
        rank = self._connection.execute(
            select(func.count()).select_from(address).where(address.c.person_id == person_id)
        ).scalar_one()
        self._new_address(person_id, at, rank)
        used = update(invite).where(invite.c.id == invite_id).values(used_at=now, used_by_id=person_id)
        self._connection.execute(used)

    def reopen(self, person_id: int) -> None:
        """The notice was declined: the code may be used again until it expires."""
        mine = update(invite).where(invite.c.used_by_id == person_id)
        self._connection.execute(mine.values(used_at=None, used_by_id=None))

    def _sitting(self, at: Address) -> int | None:
        here = (address.c.channel == at.channel, address.c.account == at.account, address.c.peer == at.peer)
        return self._connection.execute(select(address.c.person_id).where(*here)).scalar()

    def _newcomer(self, at: Address, name: str, language: str, now: datetime) -> int:
        values = {"name": name, "language": language, "joined_at": now}
        person_id = self._insert(person, province_id=self._province, **values)
        self._new_address(person_id, at, 0)
        return person_id

    def _new_address(self, person_id: int, at: Address, rank: int) -> None:
        where = {"channel": at.channel, "account": at.account, "peer": at.peer}
        self._insert(address, province_id=self._province, person_id=person_id, rank=rank, **where)

    def _silence_without_seat(self, seat_id: int, now: datetime) -> None:
        """Who held this seat and holds none any more is not written to, not even what was addressed already."""
        holder = self._connection.execute(select(seat.c.person_id).where(seat.c.id == seat_id)).scalar_one()
        if self._first(select(seat.c.id).where(seat.c.person_id == holder, seat.c.until.is_(None))) is None:
            self._connection.execute(address.delete().where(address.c.person_id == holder))
            self._connection.execute(update(person).where(person.c.id == holder).values(left_at=now))
            waiting = update(letter).where(letter.c.person_id == holder, letter.c.state.in_(["planned", "held"]))
            self._connection.execute(waiting.values(state="cancelled", why="left", settled_at=now))

    def _lives(self) -> timedelta:
        settings = self._connection.execute(
            select(province.c.settings).where(province.c.id == self._province)
        ).scalar_one()
        return timedelta(days=settings.get("invite_days", CODE_LIVES.days))

    def _hash(self, plain: str) -> bytes:
        secret = self._connection.execute(select(province.c.secret).where(province.c.id == self._province)).scalar_one()
        return hmac.digest(secret, plain.encode(), hashlib.sha256)
