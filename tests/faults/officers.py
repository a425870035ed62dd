"""The people of a fault run and the process they write to: a commune each, a task, and letters that wait for them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.contacts import Role, UnitKind
from bot.joining_codes import draw_code
from bot.messages import Address, LetterKind
from bot.store.assignments import NewTask
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.founding import found_province, keep_units
from bot.store.migrate import upgrade
from bot.store.tables import calendar_day
from bot.tasks import Due
from scheduler.sweep import sweep
from tests.fake_bot_api.account import Person

#: The release that is tested; another one lies in a folder of its own.
OURS = Path(__file__).resolve().parents[2]
_ACCOUNT = 123456
TOKEN = f"{_ACCOUNT}:TEST"
#: Communes of one province; where more people are reminded, several sit in one.
_COMMUNES = 250


def tokens_of(bots: int) -> list[str]:
    """The tokens of so many bots."""
    return [f"{_ACCOUNT + number}:TEST" for number in range(bots)]


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune of the list."""

    code: str
    name: str
    type: str = "xã"
    kind: UnitKind = UnitKind.COMMUNE
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who joined: what they will report, and which letter waits for them."""

    number: int
    #: Of the bot they write to.
    token: str = TOKEN

    @property
    def address(self) -> Address:
        """Where they are written to."""
        return Address("telegram", self.token.partition(":")[0], str(self.telephone.id))

    @property
    def telephone(self) -> Person:
        """As Telegram knows them."""
        return Person(10_000 + self.number, f"Lan {self.number}")

    @property
    def phone(self) -> str:
        """Their number, which no log may tell."""
        return f"0912{self.number:06d}"

    @property
    def percent(self) -> int:
        """What they report."""
        return 5 + self.number % 90

    @property
    def says(self) -> str:
        """How they say it."""
        return f"đang làm {self.percent}%"

    @property
    def letter(self) -> tuple[LetterKind, str]:
        """What is planned for them beforehand: every fifth is an assignment, which must not come twice by itself."""
        kind = LetterKind.REMINDER if self.number % 5 else LetterKind.ASSIGNMENT
        return kind, f"Nhắc việc thứ {self.number}"


def found(
    url: str, officers: int, now: datetime, tokens: Sequence[str] = (TOKEN,), *, reminded: bool = False
) -> list[Officer]:
    """A store with so many officers; each has a letter waiting, or else (`reminded`) the reminder of a task due today.

    Reminders are planned by a sweep, as in life: none of these letters has been put together yet.
    """
    store = Store(url, threads=2)
    try:
        upgrade(store.engine)
        store.province_id = found_province(store, code="91", name="An Giang", zone=zone_at_work(now))
        work_on(store, now)
        people = [Officer(number, tokens[number % len(tokens)]) for number in range(officers)]
        if reminded:
            store.write_now(lambda book: sweep(book, now - timedelta(hours=4)))
        store.write_now(
            lambda book: _fill(book, people, now - timedelta(days=3) if reminded else now, reminded=reminded)
        )
        if reminded:
            store.write_now(lambda book: sweep(book, now))
        return people
    finally:
        store.close()


def zone_at_work(now: datetime) -> str:
    """Where it is ten in the morning now: the real process reads the real clock, and letters wait for the morning."""
    ahead = (10 - now.astimezone(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}"


def work_on(store: Store, now: datetime) -> None:
    """The office works around today, whatever day of the week it is."""
    days = (now.date() + timedelta(days=ahead) for ahead in (-1, 0, 1))
    rows = [{"province_id": store.province_id, "day": day, "working": True} for day in days]
    with store.engine.begin() as connection:
        connection.execute(calendar_day.insert(), rows)


def _fill(book: Book, officers: Sequence[Officer], now: datetime, *, reminded: bool) -> None:
    # Who reports has a commune of their own, so that their reports can be told apart.
    many = min(_COMMUNES, len(officers)) if reminded else len(officers)
    communes = [Unit(f"{30_000 + number}", f"Xã {number}") for number in range(many)]
    keep_units(book, communes)
    ids = {unit.code: unit.id for unit in book.people.units()}
    seats = [ids[one.code] for one in communes]
    directive_id = book.assignments.keep_directive("1/TB", "Thông báo kết luận", now.date(), ["57"])
    due = book.people.calendar().day_of(now + timedelta(days=3)) if reminded else date(now.year + 1, 12, 31)
    task = NewTask(directive_id, "T01", "Báo cáo chuyển đổi số", ("57",), tuple(seats), due=Due(due))
    book.assignments.keep_task(task, now)
    for officer in officers:
        code = draw_code()
        book.joining.issue(code, seats[officer.number % len(seats)], Role.CONTACT, now)
        invite = book.joining.find(code, now)
        assert not isinstance(invite, str)
        person_id = book.joining.use(invite.id, officer.address, officer.telephone.first_name, "vi", now)
        book.people.correct(person_id, phone=officer.phone)
        book.people.consent(person_id, "1", now)
        if not reminded:
            kind, words = officer.letter
            book.letters.plan(f"kill:{officer.number}", kind, now, person_id=person_id, text=words)


def start(
    url: str,
    api_url: str,
    log: Path,
    failpoint: str = "",
    settings: Mapping[str, str] | None = None,
    command: str = "run",
    release: Path = OURS,
) -> subprocess.Popen[bytes]:
    """The real process: `python -m bot run` (or another command) of a release, for this store and this Bot API."""
    environ = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(log.parent),
        "NHACVIEC_DATABASE_URL": url,
        "NHACVIEC_TELEGRAM_TOKENS": TOKEN,
        "NHACVIEC_TELEGRAM_API_URL": api_url,
        "NHACVIEC_LISTEN": "127.0.0.1:0",
        **({"FAILPOINT": failpoint} if failpoint else {}),
        **(settings or {}),
    }
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", command],
            cwd=release,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
