"""A desk in memory and a door that answers at once: what the local chat's tests talk to instead of the store."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.channels.local import Bubble, BubbleFile, ClockView, LocalChannel, PhoneEntry
from bot.contacts import Role
from bot.messages import Address, Button, Incoming, Letter

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BEGIN = datetime(2025, 9, 12, 7, 0, tzinfo=ZONE)
CODE = "DK7K3 MPQR 49XT"
OFFICE = PhoneEntry("van-phong", "Trần Thị Hoa", "VPUBND", "Văn phòng UBND tỉnh", Role.OFFICE, True)
CHAIR = PhoneEntry("chu-tich", "Hồ Văn Minh", "VPUBND", "Văn phòng UBND tỉnh", Role.CHAIR, True)
LAN = PhoneEntry("lan", "Nguyễn Thị Lan", "BINHHOA", "Xã Bình Hòa", Role.CONTACT, True)
KHANH = PhoneEntry("my-thoi", "", "MYTHOI", "Phường Mỹ Thới", Role.CONTACT, False, CODE)


class FakeDesk:
    """Keeps everything in dictionaries; its clock stands still until it is jumped."""

    def __init__(self, *entries: PhoneEntry, sample: bool = True) -> None:
        self.entries = {entry.name: entry for entry in entries or (OFFICE, CHAIR, LAN, KHANH)}
        self.bubbles: dict[str, list[Bubble]] = {}
        self.files: dict[str, bytes] = {}
        self.bubble_files: dict[tuple[str, str], str] = {}
        self.time = BEGIN
        self.sample = sample
        self.next_reminder: datetime | None = datetime(2025, 9, 15, 7, 30, tzinfo=ZONE)

    def now(self) -> datetime:
        return self.time

    def lay(self, peer: str, bubble: Bubble) -> None:
        self.bubbles.setdefault(peer, []).append(bubble)
        if peer in self.entries:
            self.entries[peer] = replace(self.entries[peer], last=bubble.text, last_at=bubble.at)

    async def conversation(self, peer: str, most: int) -> Sequence[Bubble]:
        return self.bubbles.get(peer, [])[-most:]

    async def phones(self) -> Sequence[PhoneEntry]:
        return tuple(self.entries.values())

    async def phone(self, name: str) -> PhoneEntry | None:
        return self.entries.get(name)

    async def new_phone(self, unit_code: str, role: Role) -> PhoneEntry:
        unit = next((entry.unit for entry in self.entries.values() if entry.unit_code == unit_code), None)
        if unit is None or role is Role.ADMIN:
            raise ValueError("no such seat")
        entry = PhoneEntry(f"may-{len(self.entries)}", "", unit_code, unit, role, False, "DK222 3334 4455")
        self.entries[entry.name] = entry
        return entry

    async def put_file(self, name: str, kind: str, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        self.files[digest] = data
        return digest

    async def kept_file(self, ref: str) -> bytes:
        return self.files[ref]

    async def file(self, peer: str, bubble_id: str) -> tuple[str, str, bytes]:
        bubble = next(bubble for bubble in self.bubbles.get(peer, []) if bubble.id == bubble_id and bubble.file)
        assert bubble.file
        return bubble.file.name, bubble.file.kind, self.files[self.bubble_files[peer, bubble_id]]

    async def clock(self) -> ClockView | None:
        return ClockView(self.time, self.next_reminder) if self.sample else None

    async def jump(self, to: datetime) -> None:
        if to < self.time:
            raise ValueError("time only jumps forward")
        self.time = to
        if self.next_reminder and self.next_reminder <= to:
            self.next_reminder = None


class EchoDoor:
    """Takes each message once and answers it with its own words; strangers are told how to join, nothing is kept."""

    def __init__(self, desk: FakeDesk) -> None:
        self.desk = desk
        self.channel: LocalChannel | None = None
        self.received: list[Incoming] = []
        self.broken = False
        self._seen: set[str] = set()
        self._letters = 0

    async def receive(self, incoming: Incoming) -> None:
        if self.broken:
            raise OSError("the disk is full")
        self.received.append(incoming)
        if incoming.id in self._seen:
            return
        self._seen.add(incoming.id)
        entry = self.desk.entries.get(incoming.sender.peer)
        if entry is None or not (entry.joined or incoming.text == entry.code):
            await self.say(incoming.sender, "Anh/chị gửi mã tham gia.", kept=False)
            return
        if not entry.joined:
            self.desk.entries[entry.name] = replace(entry, joined=True, code=None)
        self._keep(incoming)
        what = incoming.text or incoming.button or incoming.files[0].name
        await self.say(incoming.sender, f"Đã nhận: {what}")

    def _keep(self, incoming: Incoming) -> None:
        peer = incoming.sender.peer
        shown = None
        if incoming.files:
            first = incoming.files[0]
            shown = BubbleFile(first.name, first.kind, first.size or 0)
            self.desk.bubble_files[peer, incoming.id] = first.ref
        said = incoming.text or ("Xác nhận" if incoming.button else "")
        self.desk.lay(peer, Bubble(incoming.id, True, said, incoming.at, (), shown, incoming.reply_to))

    async def say(self, to: Address, words: str, *buttons: Button, kept: bool = True) -> None:
        """Send a letter as the post would: filed first, then handed to the channel."""
        assert self.channel
        self._letters += 1
        letter = Letter(self._letters if kept else 0, to, words, buttons)
        if kept:
            self.desk.lay(to.peer, Bubble(f"l{letter.id}", False, words, self.desk.now(), buttons))
        await self.channel.send(letter)


def some_time_later(desk: FakeDesk, minutes: int) -> None:
    """Move the fake's clock on."""
    desk.time += timedelta(minutes=minutes)
