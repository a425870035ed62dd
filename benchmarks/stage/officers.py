"""A province for the benchmarks: units, tasks, and people who have something to report."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from time import process_time
from typing import Any

from sqlalchemy import Table, text

from bot.clerk import Clerk
from bot.clock import Clock
from bot.front_door import FrontDoor
from bot.messages import Address, Incoming
from bot.phrases import phrasebook
from bot.post import Post
from bot.store.engine import Store
from bot.store.founding import found_province
from bot.store.migrate import upgrade
from bot.store.tables import address, assignment, directive, person, seat, task, unit
from handlers.table import desk
from tests.faults.officers import zone_at_work

TITLES = (
    "Báo cáo kết quả chuyển đổi số",
    "Xây dựng kế hoạch thực hiện Nghị quyết 57",
    "Rà soát quỹ đất công",
    "Hoàn thành cấp mã định danh",
    "Thống kê hộ nghèo đa chiều",
)
REPLIES = (
    "2 đang làm 60%",
    "1 xong, KH 45/KH-UBND",
    "3 vướng kinh phí",
    "xong việc 4",
    "việc 5 đang triển khai, đạt 30%",
)
DUE = date(2030, 12, 31)
_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Officers:
    """So many people of one account, each the contact of a unit. The rows' first ids; they count up by officer."""

    count: int
    account: str
    person: int
    unit: int
    seat: int

    def address(self, number: int) -> Address:
        """Where officer `number` is written to."""
        return Address("telegram", self.account, str(10_000 + number))

    def reply(self, number: int, key: str, at: datetime) -> Incoming:
        """What officer `number` says, in words of their own."""
        return Incoming(self.address(number), f"m:{number}:{key}", REPLIES[number % len(REPLIES)], at, message_id=key)


def settled(
    store: Store,
    count: int,
    *,
    account: str = "1",
    units: int = 0,
    tasks: int = len(TITLES),
    due: date = DUE,
    now: datetime | None = None,
    zone: str = "",
) -> Officers:
    """Found the province: every unit has every task, the officers are spread over the units (one each unless told).

    Unless a zone is named, it lies where offices are at work now.
    """
    units = units or count
    now = now or datetime.now(UTC)
    upgrade(store.engine)
    store.province_id = found_province(store, code="91", name="An Giang", zone=zone or zone_at_work(now))
    of = {"province_id": store.province_id}
    commune = {"type": "xã", "kind": "commune", "marks": [], **of}
    places = [{"code": f"{30_000 + n}", "name": f"Xã {n}", "position": n, **commune} for n in range(units)]
    first_unit = _kept(store, unit, places)
    notice = _kept(
        store, directive, [{"number": "1/TB", "title": "Thông báo", "issued_on": DUE, "resolutions": ["57"], **of}]
    )
    _give(store, first_unit, units, _tasks(store, tasks, notice, due), due, now)
    joined = {"language": "vi", "consent_at": now, "consent_version": "1", "joined_at": now, **of}
    people = _kept(store, person, [{"name": f"Lan {n}", **joined} for n in range(count)])
    seats = [
        {"person_id": people + n, "unit_id": first_unit + n % units, "role": "contact", "since": now, **of}
        for n in range(count)
    ]
    officers = Officers(count, account, people, first_unit, _kept(store, seat, seats))
    where = {"channel": "telegram", "account": account, "rank": 0, **of}
    _kept(
        store,
        address,
        [{"person_id": people + n, "peer": officers.address(n).peer, **where} for n in range(count)],
    )
    return officers


def _tasks(store: Store, many: int, notice: int, due: date) -> Sequence[int]:
    same = {"province_id": store.province_id, "directive_id": notice, "resolutions": ["57-NQ/TW"], "due_on": due}
    rows = [
        {"code": f"T{n + 1:02}", "title": TITLES[n % len(TITLES)], "co_units": [], "draft": False, **same}
        for n in range(many)
    ]
    first = _kept(store, task, rows)
    return range(first, first + many)


def _give(store: Store, first_unit: int, units: int, tasks: Sequence[int], due: date, now: datetime) -> None:
    same = {
        "province_id": store.province_id,
        "status": "assigned",
        "due_on": due,
        "due_version": 1,
        "assigned_at": now - timedelta(days=30),
        "reported_by_tap": False,
        "extensions": 0,
        "has_evidence": False,
    }
    for task_id in tasks:
        _kept(store, assignment, [{"task_id": task_id, "unit_id": first_unit + n, **same} for n in range(units)])


def _kept(store: Store, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """These rows put in; the id of the first (they count up)."""
    with store.engine.begin() as connection:
        first = connection.execute(table.insert(), rows[0]).inserted_primary_key[0]
        for start in range(1, len(rows), _ROWS):
            connection.execute(table.insert(), rows[start : start + _ROWS])
    return int(first)


def look_round(store: Store) -> None:
    """As PostgreSQL does by itself, a minute later."""
    if store.engine.dialect.name == "postgresql":
        store.engine.dispose()  # a connection that was used before comes with its transaction begun
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def door_of(store: Store) -> FrontDoor:
    """The way in, as `run` puts it together, with nobody to write to."""
    clock = Clock()
    return FrontDoor(store, Clerk(desk(), phrasebook()), {}, Post(store, {}, {}, {}, clock), clock)


@dataclass(slots=True)
class Cost:
    """What a stretch of work took of the processor; seconds."""

    cpu: float = 0.0


@contextmanager
def cost() -> Iterator[Cost]:
    """Measures this process."""
    found, begun = Cost(), process_time()
    yield found
    found.cpu = process_time() - begun


def tell(line: str) -> None:
    """A line of the table, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def load() -> str:
    """How busy the machine is: others' work makes every figure smaller, and the ratios less so."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
