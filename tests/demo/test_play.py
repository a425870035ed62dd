"""The demonstration played short: the same bytes each time, one letter a slot, nothing at night, sums that fit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.assembly import clock_of
from bot.demo.play import STORE, NotOurs, play
from bot.reports.figures import ACCEPTED, OPEN, REPORTED, count
from bot.store.engine import Store
from bot.store.mail import inbox, letter
from bot.tasks import Status

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
UNTIL = datetime(2025, 9, 15, 17, 0, tzinfo=ZONE)


@dataclass(frozen=True)
class Played:
    """One playing: what it told, and what its store and its folder hold."""

    told: list[str]
    store: Store
    out: Path

    def letters(self) -> list[Any]:
        """All letters of the ledger."""
        with self.store.engine.connect() as connection:
            return list(connection.execute(select(letter).order_by(letter.c.id)))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The first days with few units."""
    out = tmp_path_factory.mktemp("played")
    told: list[str] = []
    with play(out, told.append, until=UNTIL, contacts=6) as store:
        yield Played(told, store, out)


def test_two_playings_tell_the_same(played: Played, tmp_path: Path) -> None:
    """Byte for byte, in another folder and another process's time."""
    again: list[str] = []
    with play(tmp_path, again.append, until=UNTIL, contacts=6):
        pass

    assert "\n".join(again).encode() == "\n".join(played.told).encode()


def test_nothing_secret_or_local_is_told(played: Played) -> None:
    """No joining code and no path of this machine stands in the transcript."""
    whole = "\n".join(played.told)

    assert re.findall(r"DK[ ]?[2-9B-X]{3}", whole) == []
    assert str(played.out) not in whole
    assert "DK •••" in whole


def test_the_notice_becomes_237_assignments(played: Played) -> None:
    """119 and 55 and the departments' ones; the cells of the final summary add up to them."""
    given = played.store.read_now(lambda book: book.assignments.all())
    figures = count(given, UNTIL, ZONE)
    standing = [one for one in given if one.state.status is not Status.RECALLED]

    assert Counter(one.task.code for one in given)["T02"] == 119
    assert Counter(one.task.code for one in given)["T04"] == 55
    assert len(standing) == figures.total == 237
    assert figures.of(*ACCEPTED, *REPORTED, *OPEN) == 237
    assert figures.silent < 237


def test_the_last_summary_is_whole(played: Played) -> None:
    """The chair's last question is answered in full, and its parts add up to the total it names."""
    last = "\n".join(played.told[max(place for place, line in enumerate(played.told) if "TỔNG HỢP" in line) :])
    parts, total = re.findall(r"Cộng: ([\d +]+) = (\d+)", last)[0]

    assert sum(int(part) for part in parts.split("+")) == int(total) == 237


def test_nobody_gets_two_letters_in_a_slot(played: Played) -> None:
    """Unasked, a person hears the bot at most once a slot."""
    slots = Counter((*one.once.split(":")[1:-1], one.person_id) for one in slot_letters(played))

    assert slots
    assert max(slots.values()) == 1
    assert Counter(one.state for one in played.letters()) == {"accepted": len(played.letters())}


def slot_letters(played: Played) -> list[Any]:
    """The reminders of a slot."""
    return [one for one in played.letters() if one.once.startswith("slot:")]


def test_the_bot_speaks_first_in_working_hours_only(played: Played) -> None:
    """At night and on a weekend nothing goes out but answers."""
    calendar = played.store.read_now(lambda book: book.people.calendar())
    unasked = [one for one in played.letters() if one.answers_id is None]
    moments = [one.settled_at.astimezone(ZONE) for one in unasked]

    assert moments
    assert [at for at in moments if not calendar.is_working(at.date())] == []
    assert [at for at in moments if not "07:30" <= f"{at:%H:%M}" < "17:00"] == []


def test_every_message_had_its_effect(played: Played) -> None:
    """Nothing that an officer said was parked or had to be tried again."""
    with played.store.engine.connect() as connection:
        states = Counter(connection.execute(select(inbox.c.state)).scalars())

    assert set(states) == {"applied"}


def test_the_clock_goes_on_from_the_end(played: Played) -> None:
    """Who opens the local chat afterwards finds the time at which the demonstration ended."""
    now = clock_of(played.store).now()

    assert UNTIL <= now < UNTIL + timedelta(hours=1)


def test_a_picture_and_a_sheet_are_left(played: Played) -> None:
    """The chair's last chart and spreadsheet lie beside the store, and the transcript names them."""
    left = {path.suffix: path for path in played.out.iterdir()}

    assert left[".png"].read_bytes().startswith(b"\x89PNG")
    assert left[".xlsx"].read_bytes().startswith(b"PK")
    assert all(any(left[ending].name in line for line in played.told[-3:]) for ending in (".png", ".xlsx"))


def test_a_stranger_s_store_is_left_alone(tmp_path: Path) -> None:
    """A file that no demonstration made is neither replaced nor touched, and the folder's other files stay."""
    found = tmp_path / STORE
    found.write_bytes(b"not a store at all")
    (tmp_path / "thu.txt").write_text("giữ lại", encoding="utf-8")

    with pytest.raises(NotOurs), play(tmp_path, lambda _line: None, until=UNTIL, contacts=0):
        pass

    assert found.read_bytes() == b"not a store at all"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([STORE, "thu.txt"])


def test_an_earlier_demonstration_is_replaced(tmp_path: Path) -> None:
    """The same folder can be played in again; what else lies there stays."""
    early = datetime(2025, 9, 12, 7, 2, tzinfo=ZONE)
    (tmp_path / "thu.txt").write_text("giữ lại", encoding="utf-8")
    for _ in range(2):
        with play(tmp_path, lambda _line: None, until=early, contacts=0) as store:
            people = store.read_now(lambda book: len(book.people.units()))

    assert people == 120
    assert (tmp_path / "thu.txt").read_text(encoding="utf-8") == "giữ lại"
