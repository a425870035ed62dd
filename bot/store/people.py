"""The book's part on people: units, seats, addresses, and who can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Connection, FromClause, Select, and_, bindparam, delete, select, update

from bot.calendar import WorkingCalendar
from bot.contacts import Person, Role, Seat, Unit, UnitKind
from bot.conversation import Province
from bot.messages import Address
from bot.store.erasing import Erasing
from bot.store.kept import Kept, Row
from bot.store.part import Part
from bot.store.served import works
from bot.store.tables import address, calendar_day, person, province, seat, unit


def unit_from(row: Row, prefix: str = "") -> Unit:
    """A unit out of a row whose columns may carry a prefix."""
    return Unit(
        id=row[f"{prefix}id"],
        code=row[f"{prefix}code"],
        name=row[f"{prefix}name"],
        type=row[f"{prefix}type"],
        kind=UnitKind(row[f"{prefix}kind"]),
        marks=tuple(row[f"{prefix}marks"]),
    )


class People(Part):
    """Who is who. What hardly ever changes is asked for once a transaction."""

    def __init__(self, connection: Connection, province_id: int) -> None:
        super().__init__(connection, province_id)
        self._kept_province: Province | None = None
        self._kept_calendar: WorkingCalendar | None = None

    def province(self) -> Province:
        """The province this book is about."""
        if self._kept_province is None:
            self._kept_province = self._load_province()
        return self._kept_province

    def _load_province(self) -> Province:
        row = self._first(_PROVINCE, {"province": self._province})
        if row is None:
            raise LookupError("the store holds no province yet")
        return _province_from(row)

    def is_founded(self) -> bool:
        """Whether the store holds this province yet."""
        return self._first(select(province.c.id).where(province.c.id == self._province)) is not None

    def save_settings(self, settings: dict[str, object]) -> None:
        """Replace the province's settings."""
        self._kept_province = None
        self._connection.execute(update(province).where(province.c.id == self._province).values(settings=settings))

    def calendar(self) -> WorkingCalendar:
        """The province's working days, its own days included."""
        if self._kept_calendar is None:
            days = self._rows(_DAYS, {"province": self._province})
            own: dict[date, bool] = {row["day"]: row["working"] for row in days}
            self._kept_calendar = WorkingCalendar(ZoneInfo(self.province().zone), own)
        return self._kept_calendar

    def look_again(self) -> None:
        """What was kept of the province and its calendar may have changed: ask anew."""
        self._kept_province = self._kept_calendar = None

    def units(self) -> tuple[Unit, ...]:
        """All units, in the order of the office's list."""
        mine = select(unit).where(unit.c.province_id == self._province).order_by(unit.c.position)
        return tuple(unit_from(row) for row in self._rows(mine))

    def unit(self, code: str) -> Unit | None:
        """The unit with exactly this code."""
        found = self._first(select(unit).where(unit.c.province_id == self._province, unit.c.code == code))
        return unit_from(found) if found else None

    def speaking(self, at: Address) -> Person | None:
        """Who sits at this address now; their messages take effect one after the other, whoever works beside us."""
        return self._one(_SPEAKING, self._place(at))

    def knows(self, at: Address) -> bool:
        """Whether somebody sits at this address."""
        return self._first(_KNOWN, self._place(at)) is not None

    def by_address(self, at: Address) -> Person | None:
        """Who sits at this address now."""
        return self._one(_SITTING_AT, self._place(at))

    def person(self, person_id: int) -> Person | None:
        """A person with the seats they hold now; None once they left."""
        return self._one(_PERSON, {"person": person_id, "province": self._province})

    def _place(self, at: Address) -> dict[str, object]:
        return {"province": self._province, "channel": at.channel, "account": at.account, "peer": at.peer}

    def people(self, ids: Iterable[int]) -> tuple[Person, ...]:
        """These people, as far as they are still there."""
        rows = self._rows(_PEOPLE, {"people": list(ids), "province": self._province})
        return self._whole(rows)

    def names(self) -> tuple[str, ...]:
        """By what name each of those is known who are still there."""
        here = select(person.c.name).where(person.c.province_id == self._province, person.c.left_at.is_(None))
        return tuple(self._connection.execute(here.order_by(person.c.id)).scalars())

    def in_roles(self, *roles: Role, unit_id: int | None = None) -> tuple[Person, ...]:
        """Everybody who holds such a seat now and has given consent, of one unit where one is named."""
        sitting = select(seat.c.person_id).where(
            seat.c.province_id == self._province, seat.c.until.is_(None), seat.c.role.in_(roles)
        )
        if unit_id is not None:
            sitting = sitting.where(seat.c.unit_id == unit_id)
        here = (person.c.province_id == self._province, person.c.left_at.is_(None), person.c.consent_at.is_not(None))
        return self._whole(self._rows(select(person).where(person.c.id.in_(sitting), *here).order_by(person.c.id)))

    def units_without_contact(self) -> tuple[Unit, ...]:
        """Units where nobody can be reached: no contact or deputy with consent and an address that works."""
        reached = (
            select(seat.c.unit_id)
            .join(person, person.c.id == seat.c.person_id)
            .join(address, address.c.person_id == person.c.id)
            .where(
                seat.c.until.is_(None),
                seat.c.role.in_([Role.CONTACT, Role.DEPUTY]),
                person.c.consent_at.is_not(None),
                works(),
            )
        )
        mine = (
            select(unit)
            .where(unit.c.province_id == self._province, unit.c.kind != UnitKind.PROVINCE, unit.c.id.not_in(reached))
            .order_by(unit.c.position)
        )
        return tuple(unit_from(row) for row in self._rows(mine))

    def refuse_address(self, at: Address, why: str, now: datetime) -> None:
        """The platform said for good that nothing reaches this address."""
        self._touch_address(at, refused_at=now, refused_why=why)

    def readmit_address(self, at: Address) -> None:
        """The person wrote from it: it works again."""
        self._touch_address(at, refused_at=None, refused_why=None)

    def move_address(self, at: Address, peer: str, whose: int | None = None) -> bool:
        """The platform gave the chat a new id; False where that is another person's chat, whatever the province.

        Where the same person joined from the new one before, the old one is dropped; `whose` it is tells its letter,
        where the old one is gone already.
        """
        place = (address.c.channel == at.channel, address.c.account == at.account)
        old = (address.c.province_id == self._province, *place, address.c.peer == at.peer)
        known = self._first(select(address.c.person_id).where(*place, address.c.peer == peer))
        if known is None:
            self._touch_address(at, peer=peer)
            return True
        mine = self._first(select(address.c.person_id).where(*old))
        if known["person_id"] != (mine["person_id"] if mine else whose):
            return False
        if peer != at.peer:
            self._connection.execute(delete(address).where(*old))
        return True

    def _touch_address(self, at: Address, **values: object) -> None:
        here = (address.c.channel == at.channel, address.c.account == at.account, address.c.peer == at.peer)
        mine = update(address).where(address.c.province_id == self._province, *here)
        self._connection.execute(mine.values(**values))

    def choose_language(self, person_id: int, language: str) -> None:
        """Speak this language to the person from now on."""
        self._touch(person_id, language=language)

    def correct(self, person_id: int, **values: str) -> None:
        """The person's own name, post or phone."""
        self._touch(person_id, **values)

    def consent(self, person_id: int, version: str, now: datetime) -> None:
        """The data notice of this version was agreed to."""
        self._touch(person_id, consent_at=now, consent_version=version)

    def _touch(self, person_id: int, **values: object) -> None:
        mine = (person.c.id == person_id, person.c.province_id == self._province)
        self._connection.execute(update(person).where(*mine).values(**values))

    def erase(self, person_id: int, now: datetime) -> None:
        """Who withdraws or is refused leaves nothing of themselves here; reports stay, under the unit."""
        Erasing(self._connection, self._province).erase(person_id, now)

    def forget_letters(self) -> None:
        """Empty the settled letters of those who left."""
        Erasing(self._connection, self._province).forget_letters()

    def _one(self, which: Kept, params: Mapping[str, object]) -> Person | None:
        rows = self._rows(which, params)
        if not rows:
            return None
        if self._kept_province is None:
            self._kept_province = _province_from(rows[0])
        # A row for each seat with each address.
        seats = {one["seat_id"]: _seat_from(one) for one in rows if one["seat_id"] is not None}
        addresses = dict.fromkeys(_address_from(one) for one in rows if one["peer"] is not None)
        return _person_from(rows[0], tuple(seats.values()), tuple(addresses))

    def _whole(self, rows: Sequence[Row]) -> tuple[Person, ...]:
        these = {"people": [row["id"] for row in rows]}
        seats: dict[int, list[Seat]] = {}
        for one in self._rows(_SEATS_OF_MANY, these):
            seats.setdefault(one["person_id"], []).append(_seat_from(one))
        addresses: dict[int, list[Address]] = {}
        for one in self._rows(_ADDRESSES_OF_MANY, these):
            addresses.setdefault(one["person_id"], []).append(_address_from(one))
        return tuple(
            _person_from(row, tuple(seats.get(row["id"], ())), tuple(addresses.get(row["id"], ()))) for row in rows
        )


def _province_from(row: Row) -> Province:
    return Province(
        id=row["province_id"],
        code=row["province_code"],
        name=row["province_name"],
        zone=row["province_zone"],
        language=row["province_language"],
        sample=row["province_sample"],
        settings=row["province_settings"],
    )


def _person_from(row: Row, seats: tuple[Seat, ...], addresses: tuple[Address, ...]) -> Person:
    return Person(
        id=row["id"],
        name=row["name"],
        language=row["language"],
        seats=seats,
        addresses=addresses,
        post=row["post"],
        phone=row["phone"],
        consent_at=row["consent_at"],
    )


def _seat_from(row: Row) -> Seat:
    return Seat(row["seat_id"], row["person_id"], unit_from(row, "unit_"), Role(row["role"]))


def _address_from(row: Row) -> Address:
    return Address(row["channel"], row["account"], row["peer"])


#: Built once: putting these together costs more than running them.
_THESE: BindParameter[int] = bindparam("people", expanding=True)
_THIS: BindParameter[int] = bindparam("person")
_OURS: BindParameter[int] = bindparam("province")
_OF_PROVINCE = [
    province.c[name].label(f"province_{name}")
    for name in ("id", "code", "name", "zone", "language", "sample", "settings")
]
_PROVINCE = Kept(select(*_OF_PROVINCE).where(province.c.id == _OURS))
_DAYS = Kept(select(calendar_day).where(calendar_day.c.province_id == _OURS))
_HERE = (
    address.c.province_id == _OURS,
    *(address.c[name] == bindparam(name) for name in ("channel", "account", "peer")),
)
_KNOWN = Kept(select(address.c.id).where(*_HERE))
_OF_PERSON = [person.c[name] for name in ("id", "name", "post", "phone", "language", "consent_at")]
_OF_UNIT = [unit.c[name].label(f"unit_{name}") for name in ("id", "code", "name", "type", "kind", "marks")]
_OF_SEAT = [seat.c.id.label("seat_id"), seat.c.person_id, seat.c.role, *_OF_UNIT]
_PEOPLE = (
    select(*_OF_PERSON)
    .where(person.c.province_id == _OURS, person.c.left_at.is_(None), person.c.id.in_(_THESE))
    .order_by(person.c.id)
)
_SEATS_OF_MANY = (
    select(*_OF_SEAT)
    .join(unit, unit.c.id == seat.c.unit_id)
    .where(seat.c.until.is_(None), seat.c.person_id.in_(_THESE))
    .order_by(seat.c.id)
)
_REACHED_AT = [address.c[name] for name in ("channel", "account", "peer")]
_ADDRESSES_OF_MANY = (
    select(address.c.person_id, *_REACHED_AT)
    .where(address.c.refused_at.is_(None), address.c.person_id.in_(_THESE))
    .order_by(address.c.rank, address.c.id)
)


def _whole_person(begin: FromClause) -> Select[Any]:
    """Everything of one person, with their province: a row for each seat with each address."""
    reached = address.alias("reached")
    return (
        select(*_OF_PERSON, *_OF_PROVINCE, *_OF_SEAT, *(reached.c[one.name] for one in _REACHED_AT))
        .select_from(begin)
        .join(province, province.c.id == person.c.province_id)
        .outerjoin(seat, and_(seat.c.person_id == person.c.id, seat.c.until.is_(None)))
        .outerjoin(unit, unit.c.id == seat.c.unit_id)
        .outerjoin(reached, and_(reached.c.person_id == person.c.id, reached.c.refused_at.is_(None)))
        .where(person.c.province_id == _OURS, person.c.left_at.is_(None))
        .order_by(seat.c.id, reached.c.rank, reached.c.id)
    )


_PERSON = Kept(_whole_person(person).where(person.c.id == _THIS))
_AT_ADDRESS = _whole_person(address.join(person, person.c.id == address.c.person_id)).where(*_HERE)
_SITTING_AT = Kept(_AT_ADDRESS)
_SPEAKING = Kept(_AT_ADDRESS.with_for_update(of=person, key_share=True))
