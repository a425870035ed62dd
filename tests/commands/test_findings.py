"""What the doctor sees under the house: each trouble in one line that says how to mend it, and no false alarm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.calendar import WorkingCalendar
from bot.commands.findings import (
    Finding,
    Mark,
    clocks,
    known_days,
    little_room,
    platform_clock,
    province_zone,
    second_machine,
    zone_data,
)
from bot.store.engine import Store
from bot.store.standbys import Standbys, standbys
from tests.commands.conftest import Typed, opened
from tests.commands.test_check_up import TOKEN, bot_api

NOW = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)


def only(found: Iterator[Finding]) -> Finding:
    """The one finding there is."""
    (one,) = found
    return one


@pytest.mark.parametrize(
    ("apart", "mark"),
    [
        (timedelta(seconds=2), Mark.WELL),
        (timedelta(seconds=-29), Mark.WELL),
        (timedelta(seconds=40), Mark.LOOK),
        (timedelta(seconds=-40), Mark.LOOK),
        (timedelta(minutes=6), Mark.ILL),
        (timedelta(hours=-7), Mark.ILL),
    ],
)
def test_a_clock_that_goes_wrong_is_seen(apart: timedelta, mark: Mark) -> None:
    """A few seconds are nothing; minutes send reminders at wrong hours, whichever way the clock is off."""
    assert only(platform_clock("telegram", NOW + apart, NOW)).mark is mark


def test_a_platform_that_tells_no_time_is_no_fault() -> None:
    """Nothing to compare with, nothing said."""
    assert list(platform_clock("telegram", None, NOW)) == []


@pytest.mark.parametrize(
    ("database", "anchor", "marks"),
    [
        (timedelta(seconds=1), -timedelta(hours=3), []),
        (-timedelta(minutes=2), timedelta(), [Mark.LOOK]),
        (timedelta(), timedelta(hours=2), [Mark.ILL]),
    ],
)
def test_a_clock_set_back_is_seen_in_the_book(database: timedelta, anchor: timedelta, marks: list[Mark]) -> None:
    """The journal knows a later moment than now: set right first, or what is written will stand in the past."""
    assert [one.mark for one in clocks(database, anchor)] == marks


def test_zone_data_that_do_not_know_viet_nam_are_seen() -> None:
    """An old or broken package would move every reminder by hours."""

    class Broken(ZoneInfo):
        key = "Asia/Ho_Chi_Minh"

        def utcoffset(self, moment: datetime | None) -> timedelta:
            return timedelta(hours=8)

        def fromutc(self, moment: datetime) -> datetime:
            return moment + timedelta(hours=8)

    assert zone_data(Broken("UTC"), NOW).mark is Mark.ILL
    found = zone_data(ZoneInfo("Asia/Ho_Chi_Minh"), NOW)
    assert (found.mark, "09:00 15/09/2025" in found.says) == (Mark.WELL, True)


def test_a_zone_that_was_changed_afterwards_has_no_effect() -> None:
    """Whoever changes the setting later is told that the store keeps the zone it was founded with."""
    assert list(province_zone("Asia/Ho_Chi_Minh", "Asia/Ho_Chi_Minh")) == []
    assert "Asia/Bangkok" in only(province_zone("Asia/Bangkok", "Asia/Ho_Chi_Minh")).says


@pytest.mark.parametrize(
    ("own", "today", "mark"),
    [
        ({}, date(2025, 9, 15), Mark.WELL),
        ({}, date(2031, 3, 1), Mark.LOOK),
        ({date(2031, 4, 26): True}, date(2031, 3, 1), Mark.WELL),
        ({date(2031, 4, 26): True}, date(2031, 12, 1), Mark.LOOK),
        ({date(2031, 4, 26): True, date(2032, 1, 2): False}, date(2031, 12, 1), Mark.WELL),
    ],
)
def test_a_year_whose_swaps_are_not_decided_is_seen_in_time(own: dict[date, bool], today: date, mark: Mark) -> None:
    """Two months ahead: the state's decision comes in a new release, or the office sets days of its own."""
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=timezone(timedelta(hours=7)))
    assert known_days(WorkingCalendar(own=own), noon).mark is mark


def test_a_disk_that_fills_is_seen() -> None:
    """Before it is full and no message is taken in any more."""
    assert list(little_room(10**10)) == []
    assert "120 MB" in only(little_room(120 * 1024 * 1024)).says


def test_the_doctor_looks_at_clocks(province: Typed, tmp_path: object) -> None:
    """Telegram's clock agrees on this machine; an anchor of tomorrow in the book shows that time went back."""
    with bot_api(TOKEN) as url:
        result = province("doctor", telegram_tokens=TOKEN, telegram_api_url=url)
    assert "✅ Đồng hồ của máy này khớp với telegram" in result.stdout

    store = opened(tmp_path / "data")  # type: ignore[operator]
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    store.write_now(lambda book: book.journal.drop_anchor(tomorrow))
    store.close()
    assert "❌ Kho có mốc ghi sau giờ của máy này" in province("doctor").stdout


@pytest.mark.parametrize(
    ("stands", "several", "marks"),
    [
        (None, False, []),
        (Standbys(durable=True, waits=False, there=0), False, []),
        (Standbys(durable=True, waits=False, there=1), True, [Mark.LOOK]),
        (Standbys(durable=True, waits=True, there=1), True, [Mark.WELL]),
        (Standbys(durable=True, waits=True, there=0), True, [Mark.ILL]),
        (Standbys(durable=False, waits=False, there=0), False, [Mark.ILL]),
    ],
)
def test_a_second_machine_that_is_missing_is_seen(stands: Standbys | None, several: bool, marks: list[Mark]) -> None:
    """A file or a single server is well; of a pair one that follows nobody, or waits for nobody, is not."""
    assert [one.mark for one in second_machine(stands, several=several)] == marks


def test_a_server_tells_of_its_standbys(database_url: str) -> None:
    """A server tells how it was set, a file has no standbys at all."""
    store = Store(database_url, threads=1)
    told = standbys(store.engine)
    if told is not None:
        with store.engine.connect() as connection:
            commit = connection.exec_driver_sql("SHOW synchronous_commit").scalar()
            assert told.durable == (commit not in ("off", "local"))
    store.close()

    assert (told is None) == database_url.startswith("sqlite")
