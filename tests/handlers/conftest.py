"""A province in a database of its own, with people who have joined: they type, and what is read is seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from bot.clerk import Clerk, FetchedFile, Taken
from bot.contacts import Role, UnitKind
from bot.joining_codes import draw_code
from bot.messages import Address, FileRef, Incoming
from bot.phrases import phrasebook
from bot.store.assignments import NewTask
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.founding import found_province, keep_units
from bot.store.mail import inbox, letter
from bot.store.tables import metadata
from bot.tasks import Assignment, Due
from bot.wording import Wording
from handlers.table import desk

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ALL_FOUR = ("57-NQ/TW", "59-NQ/TW", "66-NQ/TW", "68-NQ/TW")


@dataclass(frozen=True)
class Row:
    """A unit as the office's list has it."""

    code: str
    name: str
    type: str = "xã"
    kind: UnitKind = UnitKind.COMMUNE
    marks: tuple[str, ...] = ()


UNITS = (
    Row("91", "Tỉnh An Giang", "tỉnh", UnitKind.PROVINCE),
    Row("VPUBND", "Văn phòng Ủy ban nhân dân tỉnh", "văn phòng", UnitKind.DEPARTMENT),
    Row("STC", "Sở Tài chính", "sở", UnitKind.DEPARTMENT),
    Row("30001", "Xã Bình Hòa"),
    Row("30002", "Xã Định Hòa"),
    Row("30003", "Xã An Phú"),
    Row("30004", "Xã Phú An"),
)
PEOPLE = (
    ("Hoa", "VPUBND", Role.OFFICE),
    ("Sơn", "VPUBND", Role.OFFICE),
    ("Bảy", "VPUBND", Role.CHAIR),
    ("Lan", "30001", Role.CONTACT),
    ("Minh", "30001", Role.DEPUTY),
    ("Tâm", "30003", Role.CONTACT),
)


@dataclass(frozen=True)
class Read:
    """One letter as its reader sees it."""

    to: str
    text: str
    buttons: tuple[tuple[str, str], ...]
    attachment: Mapping[str, Any] | None
    not_before: datetime


@dataclass
class Talk:
    """The people of the province and their chat; `now` is a Monday morning until somebody moves it."""

    store: Store
    clerk: Clerk
    now: datetime = datetime(2025, 9, 15, 9, tzinfo=ZONE)
    ids: dict[str, int] = field(default_factory=dict)
    read: list[Read] = field(default_factory=list)
    _wrote: dict[str, str] = field(default_factory=dict)
    _seen: int = 0
    _messages: int = 0

    def join(self, name: str, unit: str, role: Role, *, consent: bool = True, language: str = "vi") -> int:
        """Seat somebody by a code, as the clerk of messages does."""

        def work(book: Book) -> int:
            place = book.people.unit(unit)
            assert place is not None
            code = draw_code()
            book.joining.issue(code, place.id, role, self.now)
            found = book.joining.find(code, self.now)
            assert not isinstance(found, str)
            person_id = book.joining.use(found.id, self.address(name), name, language, self.now)
            if consent:
                book.people.consent(person_id, "1", self.now)
            return person_id

        self.ids[name] = self.store.write_now(work)
        return self.ids[name]

    @staticmethod
    def address(name: str) -> Address:
        """Where somebody's phone is."""
        return Address("local", "main", name)

    def says(
        self,
        name: str,
        typed: str,
        *,
        button: str | None = None,
        at: datetime | None = None,
        file: str | None = None,
        edits: bool = False,
    ) -> str:
        """What this person reads in answer; what others got is in `heard`. `edits` changes what they wrote last."""
        self._messages += 1
        key = f"m:{self._messages}"
        files = (FileRef(key, file, "image/jpeg"),) if file else ()
        before = self._wrote[name] if edits else None
        self._wrote[name] = before or key
        message = Incoming(
            self.address(name),
            key,
            typed,
            at or self.now,
            message_id=self._wrote[name],
            button=button,
            files=files,
            edits=before,
        )
        self.store.write_now(lambda book: self._receive(book, message))
        self._fetch()
        return "\n\n".join(one.text for one in self.heard(name))

    def knocks(self, name: str, typed: str, *, as_named: str = "") -> str:
        """What somebody whom the province does not know yet reads in answer; nothing where they are not let in."""
        self._messages += 1
        message = Incoming(
            self.address(name), f"m:{self._messages}", typed, self.now, sender_name=as_named or name.capitalize()
        )
        said = self.store.write_now(lambda book: self.clerk.admit(book, message, self.now))
        known = self.store.read_now(lambda book: book.people.by_address(self.address(name)))
        if known is not None:
            self.ids[name] = known.id
        self._fetch()
        return Wording("vi", ZONE).say(said) if said else "\n\n".join(one.text for one in self.heard(name))

    def _receive(self, book: Book, message: Incoming) -> None:
        taken, inbox_id = self.clerk.receive(book, message, self.now)
        if taken is Taken.WAITING:
            file_id, _ = book.inbox.keep_file(b"picture", "image/jpeg")
            fetched = [FetchedFile(one.name, file_id) for one in message.files]
            taken = self.clerk.apply(book, inbox_id, message, self.now, tries=0, files=fetched)
        if taken not in (Taken.APPLIED, Taken.STRANGER):
            row = book._connection.execute(select(inbox.c.why).where(inbox.c.id == inbox_id)).scalar()
            raise AssertionError(f"{message.text!r} failed: {row}")

    def _fetch(self) -> None:
        def work(book: Book) -> list[Any]:
            new = select(letter).where(letter.c.id > self._seen).order_by(letter.c.id)
            return list(book._connection.execute(new).mappings())

        rows = self.store.read_now(work)
        names = {person_id: name for name, person_id in self.ids.items()}
        self.read = [
            Read(
                to=names.get(row["person_id"], row["peer"] or ""),
                text=row["text"],
                buttons=tuple((label, data) for label, data in row["buttons"]),
                attachment=row["attachment"],
                not_before=row["not_before"].astimezone(ZONE),
            )
            for row in rows
        ]
        self._seen = rows[-1]["id"] if rows else self._seen

    def heard(self, name: str) -> list[Read]:
        """The letters this person got out of the last message."""
        return [one for one in self.read if one.to == name]

    def presses(self, name: str, label: str) -> str:
        """Press a button of the last letter that this person got."""
        data = next(data for one in self.heard(name) for shown, data in one.buttons if shown == label)
        return self.says(name, "", button=data)

    def assignment(self, code: str, unit: str) -> Assignment:
        """How a task stands in a unit."""
        found = self.store.read_now(lambda book: book.assignments.of_task(code))
        return next(one for one in found if one.unit_code == unit)

    def later(self, **by: int) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


def _fill(book: Book, now: datetime) -> None:
    units = {unit.code: unit.id for unit in book.people.units()}
    notice = book.assignments.keep_directive("01/TB-VPUBND", "Kết luận của Chủ tịch", date(2025, 9, 11), ALL_FOUR)
    due = Due(date(2025, 9, 20))
    tasks = (
        (
            "T02",
            "Xây dựng kế hoạch triển khai 4 nghị quyết",
            ALL_FOUR,
            ("STC", "30001", "30002", "30003", "30004"),
            due,
        ),
        ("T04", "Thành lập Ban Chỉ đạo phát triển KHCN", ("57-NQ/TW",), ("30001", "30003"), due),
        ("T16", "Tham mưu Đề án phát triển kinh tế tư nhân", ("68-NQ/TW",), ("STC",), None),
    )
    for code, title, signs, given, until in tasks:
        new = NewTask(notice, code, title, signs, tuple(units[unit] for unit in given), due=until)
        book.assignments.keep_task(new, now)
    draft = NewTask(notice, "T14", "Tăng cường đối ngoại", ("59-NQ/TW",), (), remark="chưa rõ đơn vị", draft=True)
    book.assignments.keep_task(draft, now)


@dataclass(frozen=True)
class Founded:
    """The province as every test finds it: one open store, its contents to return to, the people's ids by name."""

    store: Store
    contents: sqlite3.Connection
    ids: Mapping[str, int]


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Founded]:
    """Made once: what statements compile to is kept with the open store, and that is most of a test's time."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('province') / 'talk.sqlite3'}")
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    contents = sqlite3.connect(":memory:")
    try:
        metadata.create_all(store.engine)
        store.province_id = found_province(store, code="91", name="An Giang")
        store.write_now(lambda book: keep_units(book, UNITS))
        here = Talk(store, Clerk(desk(), phrasebook()))
        store.write_now(lambda book: _fill(book, here.now))
        for name, unit, role in PEOPLE:
            here.join(name, unit, role)
        with closing(store.engine.raw_connection()) as live:
            live.driver_connection.backup(contents)
        yield Founded(store, contents, here.ids)
    finally:
        contents.close()
        store.close()


@pytest.fixture
def talk(founded: Founded) -> Talk:
    """The office (chị Hoa, anh Sơn), the chair (ông Bảy), Lan and Minh of Bình Hòa, Tâm of An Phú."""
    with closing(founded.store.engine.raw_connection()) as live:
        founded.contents.backup(live.driver_connection)
    return Talk(founded.store, Clerk(desk(), phrasebook()), ids=dict(founded.ids))
