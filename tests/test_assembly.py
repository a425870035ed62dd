"""Settings become a house, or one plain reason why not; a store that is not ours to open is left as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.assembly import CannotStart, _opened, assemble, clock_of, connect, open_store, outside_house, watch
from bot.clock import StillClock, wall
from bot.imports import SAMPLE_BEGINS
from bot.messages import LetterKind, SendFailed
from bot.settings import Settings, load_settings
from bot.store.engine import Store
from bot.store.founding import found_province, keep_units
from bot.wording import Wording
from tests.opened_store import NOW, Template, rows, seat
from tests.scripted_channel import ScriptedChannel
from tests.store.opening import UNITS

TOKEN = "123456:TEST-lan-and-minh"


def settings(folder: Path, **more: str) -> Settings:
    return load_settings({"NHACVIEC_DATA_DIR": str(folder), **{f"NHACVIEC_{k.upper()}": v for k, v in more.items()}})


def why(failed: pytest.ExceptionInfo[CannotStart]) -> str:
    return failed.value.says.key


def real_province(folder: Path) -> None:
    """A province that is no sample, in the folder's store."""
    with closing(connect(settings(folder))) as store:
        store.province_id = found_province(store, code="91", name="An Giang")
        store.write_now(lambda book: keep_units(book, UNITS))


def test_a_store_ahead_of_the_program_is_left_alone(tmp_path: Path) -> None:
    """A later release made it: the operator is told so, and not a byte of it is changed."""
    with closing(connect(settings(tmp_path))) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'from_the_future'")
    file = tmp_path / "nhacviec.sqlite3"
    before = file.read_bytes()
    with pytest.raises(CannotStart) as failed:
        connect(settings(tmp_path))

    assert why(failed) == "cli.start.store_ahead"
    assert file.read_bytes() == before


@pytest.mark.parametrize("inside", [b"PK\x03\x04 this is a zip file, somehow", b"SQLite format 3\x00" + bytes(40)])
def test_a_file_that_is_no_store_is_one_line_and_stays(tmp_path: Path, inside: bytes) -> None:
    """Somebody else's file, or a torn one, under our name: it can't be opened, which is said, and it is kept."""
    file = tmp_path / "nhacviec.sqlite3"
    file.write_bytes(inside)
    with pytest.raises(CannotStart) as failed:
        connect(settings(tmp_path))

    assert why(failed) == "cli.start.store_away"
    assert file.read_bytes() == inside


def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "data").write_text("")
    with pytest.raises(CannotStart) as failed:
        connect(settings(tmp_path / "data" / "below"))

    said = Wording("en", SAMPLE_BEGINS.tzinfo).say(failed.value.says)  # type: ignore[arg-type]
    assert str(tmp_path / "data" / "below") in said


def test_a_database_that_is_away_shows_no_password(tmp_path: Path) -> None:
    """Nobody listens there: the reason is told, the password in the address is not."""
    pytest.importorskip("psycopg")
    with pytest.raises(CannotStart) as failed:
        connect(settings(tmp_path, database_url="postgresql://lan:hush-hush@127.0.0.1:1/nhacviec"))

    assert why(failed) == "cli.start.store_away"
    assert "hush-hush" not in str(failed.value.says.params)


def test_the_store_folder_is_its_owners_alone(tmp_path: Path) -> None:
    """What people typed stands in it: no other user of the machine looks in."""
    connect(settings(tmp_path / "data")).close()

    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_an_empty_store_becomes_the_sample_only_where_that_is_wanted(tmp_path: Path) -> None:
    """Beside a bot an empty store is a mistake; tried at home it is the sample."""
    with pytest.raises(CannotStart) as failed:
        open_store(settings(tmp_path), sample_if_empty=False)
    assert why(failed) == "cli.start.no_province"

    with closing(open_store(settings(tmp_path), sample_if_empty=True)) as store:
        assert store.read_now(lambda book: book.people.province()).sample
    with pytest.raises(CannotStart) as failed:
        outside_house(settings(tmp_path, telegram_tokens=TOKEN))
    assert why(failed) == "cli.start.sample_outside"


def test_the_hotline_of_the_setting_replaces_the_old_one(tmp_path: Path) -> None:
    """Set anew it is what people read; unset it stays; the province's other settings are not touched."""
    real_province(tmp_path)
    for given in ("chị Hoa 0296 111", "anh Minh 0296 222", ""):
        with closing(open_store(settings(tmp_path, hotline=given), sample_if_empty=False)) as store:
            kept = store.read_now(lambda book: book.people.province()).settings
    assert kept["hotline"] == "anh Minh 0296 222"


def test_a_real_provinces_clock_is_the_wall(tmp_path: Path) -> None:
    """Even where an offset stands among its settings, as after a copy: time is never moved, and can't be."""
    real_province(tmp_path)
    with closing(open_store(settings(tmp_path), sample_if_empty=False)) as store:
        store.write_now(lambda book: book.people.save_settings({"clock_offset": -(10**15)}))
        clock = clock_of(store)
        house = assemble(store, clock, [])
        assert abs(clock.now() - wall()) < timedelta(minutes=1)
        with pytest.raises(ValueError, match="sample"):
            asyncio.run(house.jump(wall() + timedelta(days=1)))


async def test_a_samples_time_only_jumps_forward(sample_province: Template) -> None:
    """Asked to go back it stays where it is, and nothing falls due a second time."""
    store = sample_province.fresh()
    clock = StillClock(SAMPLE_BEGINS)
    house = assemble(store, clock, [ScriptedChannel()])
    await house.jump(SAMPLE_BEGINS + timedelta(hours=3))
    before = rows(store, "sweep")
    await house.jump(SAMPLE_BEGINS)

    assert clock.now() == SAMPLE_BEGINS + timedelta(hours=3)
    assert rows(store, "sweep") == before


class Dead(ScriptedChannel):
    """An account whose token was revoked."""

    closed = False

    async def open(self) -> None:
        raise SendFailed("Telegram does not accept this bot's token", unauthorized=True)

    async def close(self) -> None:
        self.closed = True


async def test_a_dead_account_stops_no_other(sample_province: Template, caplog: pytest.LogCaptureFixture) -> None:
    """The second bot serves; health names the first; both are closed at the end."""
    dead, living = Dead(account="1"), ScriptedChannel(account="2")
    house = assemble(sample_province.fresh(), StillClock(NOW), [dead, living])
    async with AsyncExitStack() as stack:
        served: Sequence[Any] = await _opened(house, stack)
        health = await watch(house).health()

    assert served == [living]
    assert (health["ok"], health["stopped_accounts"]) == (False, ["telegram:1"])
    assert dead.closed
    assert "telegram:1" in caplog.text


@pytest.mark.parametrize(
    ("hour", "waits"), [(datetime(2025, 9, 12, 3, 0, tzinfo=UTC), 3600), (datetime(2025, 9, 12, 15, 0, tzinfo=UTC), 0)]
)
async def test_health_tells_what_waits_that_should_not(sample_province: Template, hour: datetime, waits: int) -> None:
    """A reminder due for an hour in working hours is a sign of trouble; at ten in the evening it waits rightly."""
    store = sample_province.fresh()
    lan = store.write_now(lambda book: seat(book, "lan", "30607"))
    due = {"person_id": lan, "text": "Còn 2 việc", "not_before": hour - timedelta(hours=1)}
    store.write_now(lambda book: book.letters.plan("nhắc", LetterKind.REMINDER, due["not_before"], **due))  # type: ignore[arg-type]
    house = assemble(store, StillClock(hour), [])

    assert (await watch(house).health())["oldest_unsent_seconds"] == waits


async def test_the_house_is_kept_once_an_hour(sample_province: Template) -> None:
    """However often the clock ticks, an anchor over the journal is dropped once an hour, and twice in two."""
    store: Store = sample_province.fresh()
    house = assemble(store, StillClock(NOW), [])
    for minutes in (0, 1, 30, 59, 60, 61, 119):
        await house.tick(NOW + timedelta(minutes=minutes))

    assert len(rows(store, "anchor")) == 2


def test_a_house_says_which_accounts_it_serves(sample_province: Template) -> None:
    """The bot that Lan joined by is in the settings no more: from the start on she counts as out of reach."""
    store = sample_province.fresh()
    store.write_now(lambda book: seat(book, "lan", "30607", at="telegram:1:11"))
    assemble(store, StillClock(NOW), [ScriptedChannel(account="2")])
    assert [one.name for one in store.read_now(lambda book: book.served.cut_off())] == ["lan"]
    assemble(store, StillClock(NOW), [ScriptedChannel(account="1"), ScriptedChannel(account="2")])
    assert store.read_now(lambda book: book.served.cut_off()) == ()


async def test_who_is_cut_off_is_counted_for_who_keeps_the_machines(sample_province: Template) -> None:
    """One person, whatever the number of their units; nobody is named in figures."""
    store = sample_province.fresh()
    store.write_now(lambda book: [seat(book, "lan", unit, at="telegram:1:11") for unit in ("30607", "VPUBND")])
    house = assemble(store, StillClock(NOW), [ScriptedChannel(account="2")])

    assert "nhacviec_people_cut_off 1\n" in await watch(house).figures()
