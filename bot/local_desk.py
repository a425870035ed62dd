"""What the local chat asks of the store: its phones, their conversations, codes to join with, and a sample's clock."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from bot.channels.local import ACCOUNT, NAME, Bubble, BubbleFile, ClockView, PhoneEntry
from bot.command_words import fold
from bot.contacts import Person, Role, Unit
from bot.conversation import Province
from bot.joining_codes import draw_code
from bot.messages import Address
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.inbox import InboxRow
from bot.store.joining import InviteFound
from bot.store.letters import SentLetter

#: Bytes of sent files held until their message has been taken in.
_SPOOL = 64 * 1024 * 1024
_STAFF = {Role.OFFICE: "van-phong", Role.CHAIR: "lanh-dao"}
_BESIDE = {Role.DEPUTY: "-pho", Role.LEADER: "-lanh-dao", Role.ADMIN: "-quan-tri"}


class Timekeeper(Protocol):
    """What the desk asks of the house around it: whether its time can be moved, and to move it."""

    @property
    def province(self) -> Province: ...

    async def next_reminder(self) -> datetime | None:
        """When somebody will next be reminded."""

    async def jump(self, to: datetime) -> None:
        """Move time forward."""


@dataclass(frozen=True, slots=True)
class _Offer:
    """A code at hand for a phone that nobody has joined on."""

    unit: Unit
    role: Role
    code: str = field(repr=False)


class StoreDesk:
    """The local chat's `LocalDesk` over a store. `house` is given once the house stands around it."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._offers: dict[str, _Offer] = {}
        self._spool: OrderedDict[str, bytes] = OrderedDict()
        self.house: Timekeeper | None = None

    def now(self) -> datetime:
        """The store's civil time."""
        return self._now()

    async def conversation(self, peer: str, most: int) -> Sequence[Bubble]:
        """Both directions, oldest first."""
        at = Address(NAME, ACCOUNT, peer)

        def ask(book: Book) -> tuple[tuple[InboxRow, ...], tuple[SentLetter, ...]]:
            return book.inbox.of_peer(at, most), book.letters.of_peer(at, limit=most)

        came, went = await self._store.read(ask)
        labels = {button.data: button.label for letter in went for button in letter.buttons}
        bubbles = [*(_mine(row, labels) for row in came), *(self._theirs(letter) for letter in went)]
        return sorted(bubbles, key=lambda bubble: bubble.at)[-most:]

    def _theirs(self, letter: SentLetter) -> Bubble:
        file = None
        if letter.attachment is not None:
            made = letter.attachment
            file = BubbleFile(made["name"], made["kind"], made.get("size", 0))
        at = letter.settled_at or self._now()
        return Bubble(f"l{letter.id}", False, letter.text, at, letter.buttons, file, letter.reply_to)

    async def phones(self) -> Sequence[PhoneEntry]:
        """The office, the chair, then every unit: who joined by the local chat, and a place for who did not."""
        return await self._store.read(self._entries)

    def _entries(self, book: Book) -> list[PhoneEntry]:
        units = book.people.units()
        joined = [entry for person in book.people.in_roles(*Role) for entry in _joined(person)]
        taken = {(entry.unit_code, entry.role) for entry in joined}
        places = {name: (unit, role) for name, unit, role in _places(units) if (unit.code, role) not in taken}
        places |= {name: (offer.unit, offer.role) for name, offer in self._offers.items()}
        for entry in joined:
            places.pop(entry.name, None)
        free = [self._free(name, unit, role) for name, (unit, role) in places.items()]
        return sorted([*joined, *free], key=lambda entry: (entry.role not in _STAFF, not entry.joined))

    def _free(self, name: str, unit: Unit, role: Role) -> PhoneEntry:
        offer = self._offers.get(name)
        code = offer.code if offer else None
        return PhoneEntry(name=name, unit_code=unit.code, unit=unit.name, role=role, code=code)

    async def phone(self, name: str) -> PhoneEntry | None:
        """One of them; where nobody joined yet, with a code that works now."""
        entry = next((entry for entry in await self.phones() if entry.name == name), None)
        if entry is None or entry.joined:
            return entry
        known = await self._store.read(lambda book: self._as_it_stands(book, entry))
        return known or await self._store.write(lambda book: self._offered(book, entry))

    def _as_it_stands(self, book: Book, entry: PhoneEntry) -> PhoneEntry | None:
        """The entry where no new code is needed: its code still works, or somebody sits there and only has to agree."""
        person = book.people.by_address(Address(NAME, ACCOUNT, entry.name))
        if person is not None:
            return replace(entry, person=person.name, joined=True, code=None)
        works = entry.code and isinstance(book.joining.find(entry.code, self._now()), InviteFound)
        return entry if works else None

    def _offered(self, book: Book, entry: PhoneEntry) -> PhoneEntry:
        unit = book.people.unit(entry.unit_code)
        if unit is None or entry.role is None:
            return entry
        code = draw_code()
        book.joining.issue(code, unit.id, entry.role, self._now())
        self._offers[entry.name] = _Offer(unit, entry.role, code)
        return replace(entry, code=code)

    async def new_phone(self, unit_code: str, role: Role) -> PhoneEntry:
        """A phone nobody uses yet, with a code just issued. Raises ValueError for an unknown unit."""
        entries = await self.phones()
        unit = await self._store.read(lambda book: book.people.unit(unit_code))
        if unit is None:
            raise ValueError(f"no unit {unit_code}")
        free = (entry for entry in entries if not entry.joined and (entry.unit_code, entry.role) == (unit_code, role))
        entry = next(free, None)
        if entry is None:
            wanted, used = _phone_name(unit, role), {entry.name for entry in entries}
            name = next(one for one in (wanted, *(f"{wanted[:36]}-{n}" for n in range(2, 999))) if one not in used)
            entry = PhoneEntry(name=name, unit_code=unit.code, unit=unit.name, role=role)
        return await self._store.write(lambda book: self._offered(book, entry))

    async def put_file(self, name: str, kind: str, data: bytes) -> str:
        """Held in memory until its message is taken in: only then is it looked through, and kept or not."""
        ref = hashlib.sha256(name.encode() + kind.encode() + data).hexdigest()
        self._spool[ref] = data
        while sum(map(len, self._spool.values())) > _SPOOL and len(self._spool) > 1:
            self._spool.popitem(last=False)
        return ref

    async def kept_file(self, ref: str) -> bytes:
        """What `put_file` held. Raises LookupError where it is gone."""
        return self._spool[ref]

    async def file(self, peer: str, bubble_id: str) -> tuple[str, str, bytes]:
        """The file of a bubble, ours or theirs. Raises LookupError."""
        at = Address(NAME, ACCOUNT, peer)

        def ask(book: Book) -> tuple[str, str, bytes]:
            for letter in book.letters.of_peer(at, limit=1000):
                if f"l{letter.id}" == bubble_id and letter.attachment and "digest" in letter.attachment:
                    return _kept(book, letter.attachment["name"], letter.attachment["digest"])
            person = book.people.by_address(at)
            for row in book.inbox.of_peer(at, 1000):
                if row.incoming.id == bubble_id and row.incoming.files and person is not None:
                    name = row.incoming.files[0].name
                    return _kept(book, name, book.inbox.digest_sent(person.id, row.incoming.at, name))
            raise LookupError(bubble_id)

        return await self._store.read(ask)

    async def clock(self) -> ClockView | None:
        """The sample's time; None for any other store."""
        if self.house is None or not self.house.province.sample:
            return None
        return ClockView(self._now(), await self.house.next_reminder())

    async def jump(self, to: datetime) -> None:
        """Move a sample's time forward."""
        if self.house is None or to < self._now():
            raise ValueError("time only jumps forward")
        await self.house.jump(to)


def _kept(book: Book, name: str, digest: str | None) -> tuple[str, str, bytes]:
    found = book.inbox.file(digest) if digest else None
    if found is None:
        raise LookupError(name)
    return name, *found


def _mine(row: InboxRow, labels: dict[str, str]) -> Bubble:
    one = row.incoming
    said = labels.get(one.button, "") if one.button else one.text
    file = BubbleFile(one.files[0].name, one.files[0].kind, one.files[0].size or 0) if one.files else None
    return Bubble(one.id, True, said, one.at, (), file, one.reply_to)


def _joined(person: Person) -> list[PhoneEntry]:
    here = [at for at in person.addresses if at.channel == NAME]
    seat = person.seats[0] if person.seats else None
    if seat is None:
        return []
    return [PhoneEntry(at.peer, person.name, seat.unit.code, seat.unit.name, seat.role, joined=True) for at in here]


def chairs_office(units: Sequence[Unit]) -> Unit | None:
    """The office of the people's committee, as far as the list of units tells: its usual code, else its usual name."""
    for unit in units:
        if unit.code.upper() == "VPUBND":
            return unit
    named = ("van phong uy ban nhan dan", "van phong ubnd")
    return next((unit for unit in units if fold(unit.name).startswith(named)), None)


def _places(units: Sequence[Unit]) -> list[tuple[str, Unit, Role]]:
    """A phone for the office, one for the chair, and one for every unit's contact."""
    office = chairs_office(units)
    found = [(name, office, role) for role, name in _STAFF.items()] if office else []
    names: set[str] = {name for name, _, _ in found}
    for unit in units:
        name = _phone_name(unit, Role.CONTACT)
        if name in names:
            name = f"{name[:20]}-{_plain(unit.code)[:19]}"
        names.add(name)
        found.append((name, unit, Role.CONTACT))
    return found


def _phone_name(unit: Unit, role: Role) -> str:
    """The unit's own name in plain letters, or the post's."""
    if role in _STAFF:
        return _STAFF[role]
    beside = _BESIDE.get(role, "")
    return (_plain(unit.name)[: 40 - len(beside)].strip("-") or _plain(unit.code)) + beside


def _plain(name: str) -> str:
    letters = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in fold(name))
    return "-".join(part for part in letters.split("-") if part)
