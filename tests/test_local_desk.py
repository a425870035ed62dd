"""The desk under the local chat: who has a phone, codes that work, and a clock that only moves forward."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.assembly import House, assemble
from bot.channels.local import LocalChannel, PhoneEntry, Sent
from bot.clock import StillClock
from bot.contacts import Role, Unit, UnitKind
from bot.imports import SAMPLE_BEGINS, found_sample
from bot.local_desk import StoreDesk, chairs_office
from bot.messages import Button, FileRef
from bot.store.engine import Store
from bot.store.migrate import upgrade


class Phones:
    """A sample house whose only channel is the local one; people type on its phones."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(f"sqlite:///{folder / 'store.sqlite3'}")
        upgrade(self.store.engine)
        found_sample(self.store)
        self.clock = StillClock(SAMPLE_BEGINS)
        self.desk = StoreDesk(self.store, self.clock.now)
        self.channel = LocalChannel(self.desk, SAMPLE_BEGINS.tzinfo, lambda _channel, _door: ())  # type: ignore[arg-type]
        self.house: House = assemble(self.store, self.clock, [self.channel])
        self.desk.house = self.house
        self._sent = 0

    async def type(self, phone: str, words: str, **more: object) -> None:
        """Send from a phone, a second after what was before, and let the answers arrive."""
        self._sent += 1
        self.clock.jump_to(self.clock.now() + timedelta(seconds=1))
        await self.channel.receive(self.house.door, phone, Sent(f"client-{self._sent}", words, **more))  # type: ignore[arg-type]
        await self.house.post.drain(self.clock.now())

    async def join(self, phone: str) -> None:
        """Tap the offered code, and agree."""
        entry = await self.desk.phone(phone)
        assert entry
        assert entry.code
        await self.type(phone, entry.code)
        await self.type(phone, "1")


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[Phones]:
    phones = Phones(tmp_path)
    yield phones
    phones.store.close()


async def test_everybody_has_a_phone(phones: Phones) -> None:
    """The office, the chair, and each of the 120 units, under names of their own that fit an address."""
    entries = await phones.desk.phones()

    assert [entry.role for entry in entries[:3]] == [Role.OFFICE, Role.CHAIR, Role.CONTACT]
    assert len({entry.name for entry in entries}) == len(entries) == 122
    assert all(len(entry.name) <= 40 for entry in entries)


async def test_opening_a_phone_offers_a_code_that_works(phones: Phones) -> None:
    """The same one as long as it works; sending it and agreeing joins, and the phone stays where it was."""
    first, again = await phones.desk.phone("xa-binh-hoa"), await phones.desk.phone("xa-binh-hoa")
    assert first == again
    await phones.join("xa-binh-hoa")

    entry = await phones.desk.phone("xa-binh-hoa")
    assert isinstance(entry, PhoneEntry)
    assert (entry.joined, entry.code, entry.role) == (True, None, Role.CONTACT)
    assert len(await phones.desk.phones()) == 122


async def test_an_expired_code_is_replaced(phones: Phones) -> None:
    """After a jump of eleven days the offered code is a new one."""
    before = await phones.desk.phone("xa-binh-hoa")
    phones.clock.jump_to(SAMPLE_BEGINS + timedelta(days=11))
    after = await phones.desk.phone("xa-binh-hoa")

    assert before
    assert after
    assert before.code != after.code
    await phones.join("xa-binh-hoa")


async def test_who_has_not_agreed_yet_is_offered_no_second_code(phones: Phones) -> None:
    """The code was taken; what is open is the notice."""
    entry = await phones.desk.phone("xa-binh-hoa")
    assert entry
    await phones.type("xa-binh-hoa", entry.code or "")

    after = await phones.desk.phone("xa-binh-hoa")
    assert after
    assert after.code is None


async def test_a_further_phone_of_a_unit(phones: Phones) -> None:
    """A deputy, and a second contact, get phones beside the first, which can be opened again."""
    await phones.join("xa-binh-hoa")
    deputy = await phones.desk.new_phone("30607", Role.DEPUTY)
    second = await phones.desk.new_phone("30607", Role.CONTACT)

    assert (deputy.name, second.name) == ("xa-binh-hoa-pho", "xa-binh-hoa-2")
    assert await phones.desk.phone(second.name) == second
    with pytest.raises(ValueError, match="no unit"):
        await phones.desk.new_phone("99999", Role.CONTACT)


async def test_the_conversation_has_both_sides_in_order(phones: Phones) -> None:
    """What Lan typed and what came back, oldest first; a picture she sent can be had again."""
    await phones.join("xa-binh-hoa")
    data = b"\x89PNG\r\n\x1a\nphoto"
    ref = await phones.desk.put_file("anh.png", "image/png", data)
    await phones.type("xa-binh-hoa", "1 xong", files=(FileRef(ref, "anh.png", "image/png", len(data)),))
    bubbles = await phones.desk.conversation("xa-binh-hoa", 50)

    assert [bubble.mine for bubble in bubbles] == [True, False, True, False, True, False]
    assert all(isinstance(button, Button) for bubble in bubbles for button in bubble.buttons)
    sent = bubbles[4]
    assert sent.file
    assert await phones.desk.file("xa-binh-hoa", sent.id) == ("anh.png", "image/png", data)
    with pytest.raises(LookupError):
        await phones.desk.file("xa-binh-hoa", "l999999")


async def test_time_jumps_forward_alone(phones: Phones) -> None:
    """The next reminder is shown once somebody joined; going back is refused."""
    await phones.join("xa-binh-hoa")
    view = await phones.desk.clock()
    assert view
    assert view.next_reminder
    await phones.desk.jump(view.next_reminder)

    assert phones.desk.now() == view.next_reminder
    with pytest.raises(ValueError, match="forward"):
        await phones.desk.jump(SAMPLE_BEGINS)


def test_the_office_is_found_by_its_usual_name() -> None:
    """By VPUBND, else by a name that begins so; an office of something else is none."""
    units = [
        Unit(1, "01", "Văn phòng Đoàn đại biểu Quốc hội", "văn phòng", UnitKind.DEPARTMENT),
        Unit(2, "02", "Văn phòng UBND tỉnh Kiên Giang", "văn phòng", UnitKind.DEPARTMENT),
        Unit(3, "vpubnd", "Văn phòng", "văn phòng", UnitKind.DEPARTMENT),
    ]

    assert chairs_office(units) == units[2]
    assert chairs_office(units[:2]) == units[1]
    assert chairs_office(units[:1]) is None
