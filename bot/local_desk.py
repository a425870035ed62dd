"""What the local chat asks of the store: its phones, their conversations, codes to join with, and a sample's clock."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.channels.local import ACCOUNT, NAME, Bubble, BubbleFile, ClockView, PhoneEntry
from bot.contacts import Person, Role, Unit, UnitKind
from bot.messages import Address
from bot.phrases import fold
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.inbox import InboxRow
from bot.store.joining import draw_code
from bot.store.letters import SentLetter

if TYPE_CHECKING:
    from bot.assembly import House

#: Bytes of sent files held until their message has been taken in.
_SPOOL = 64 * 1024 * 1024
_STAFF = ((Role.OFFICE, "van-phong"), (Role.CHAIR, "lanh-dao"))


class StoreDesk:
    """The local chat's `LocalDesk` over a store. `house` is given once the house stands around it."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._codes: dict[str, tuple[str, Role, str]] = {}
        self._spool: OrderedDict[str, bytes] = OrderedDict()
        self.house: House | None = None

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
        people = book.people.in_roles(*Role)
        joined = [entry for person in people for entry in _joined(person)]
        taken = {(entry.unit_code, entry.role) for entry in joined}
        office = book.people.unit("VPUBND")
        places = [(office, role, name) for role, name in _STAFF if office is not None]
        places += [
            (unit, Role.CONTACT, _slug(unit)) for unit in book.people.units() if unit.kind is not UnitKind.PROVINCE
        ]
        free = [
            self._free(unit, role, name)
            for unit, role, name in places
            if unit is not None and (unit.code, role) not in taken
        ]
        staff = {role for role, _ in _STAFF}
        return sorted([*joined, *free], key=lambda entry: (entry.role not in staff, not entry.joined))

    def _free(self, unit: Unit, role: Role, name: str) -> PhoneEntry:
        _, _, code = self._codes.get(name, ("", role, None))
        return PhoneEntry(name=name, unit_code=unit.code, unit=unit.name, role=role, code=code)

    async def phone(self, name: str) -> PhoneEntry | None:
        """One of them."""
        return next((entry for entry in await self.phones() if entry.name == name), None)

    async def new_phone(self, unit_code: str, role: Role) -> PhoneEntry:
        """A phone nobody uses yet, with a code just issued. Raises ValueError for an unknown unit."""
        now = self._now()
        code = draw_code()

        def issue(book: Book) -> PhoneEntry:
            unit = book.people.unit(unit_code)
            if unit is None:
                raise ValueError(f"no unit {unit_code}")
            book.joining.issue(code, unit.id, role, now)
            return PhoneEntry(name=_slug(unit), unit_code=unit.code, unit=unit.name, role=role, code=code)

        made = await self._store.write(issue)
        used = {entry.name for entry in await self.phones() if entry.joined}
        wanted = next((name for of, name in _STAFF if of is role), made.name)
        name = next(one for one in (wanted, *(f"{wanted}-{n}" for n in range(2, 100))) if one not in used)
        self._codes[name] = (unit_code, role, code)
        return PhoneEntry(name=name, unit_code=made.unit_code, unit=made.unit, role=role, code=code)

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


def _slug(unit: Unit) -> str:
    """The name of a unit's phone: its own name in plain letters."""
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in fold(unit.name))
    return "-".join(part for part in plain.split("-") if part)[:40].strip("-")
