"""A report meant for Friday that runs on another day: against the whole house, with the chair in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from bot.assembly import assemble
from bot.channels.port import Limits
from bot.store.tables import calendar_day
from tests.field.a_house_under_way import ZONE, at, lan_joins, ledger, let_pass, look_at
from tests.talks.play import Talk

WEEKLY = "BÁO CÁO TUẦN"


@pytest.fixture
def chair(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """A house on whose channel no file travels, so that none is drawn."""
    words_alone = Limits(text=4096, buttons=True, files=False, per_second=1000, per_chat_second=1000)
    monkeypatch.setattr(talk.wire, "limits", words_alone)
    return talk


def joins(talk: Talk, moment: str) -> None:
    """Phước, who leads the province, joins at that moment."""
    talk.play(f"at {moment}\nphuoc joins VPUBND as chair")


def weekly(talk: Talk) -> list[tuple[str, str]]:
    """When each weekly report reached Phước, and the line it begins with."""
    return [
        (f"{row['settled_at'].astimezone(ZONE):%a %d/%m/%Y %H:%M}", row["text"].splitlines()[0])
        for row in ledger(talk, "Phuoc")
        if row["state"] == "accepted" and (row["text"] or "").startswith(WEEKLY)
    ]


def days(talk: Talk) -> list[str]:
    return [when for when, _ in weekly(talk)]


def off(talk: Talk, *on: str) -> None:
    """The office's own days off."""
    with talk.store.engine.begin() as connection:
        rows = [{"province_id": 1, "day": date.fromisoformat(day), "working": False, "label": "lễ hội"} for day in on]
        connection.execute(insert(calendar_day), rows)


def test_it_comes_on_fridays_at_three_and_on_no_other_day(chair: Talk) -> None:
    """Ten days go by with nobody looking: each Friday its report, each of its own week."""
    joins(chair, "2025-09-18 08:00")
    let_pass(chair, "2025-09-27 08:00")

    assert weekly(chair) == [
        ("Fri 19/09/2025 15:00", "BÁO CÁO TUẦN 13/9 – 19/9/2025"),
        ("Fri 26/09/2025 15:00", "BÁO CÁO TUẦN 20/9 – 26/9/2025"),
    ]


def test_looking_often_brings_no_second(chair: Talk) -> None:
    """The house looks every half hour from Friday noon into the night: one report, at the first look from 15:00."""
    joins(chair, "2025-09-19 08:00")
    for half_hours in range(18):
        moment = at("2025-09-19 12:10") + timedelta(minutes=30 * half_hours)
        look_at(chair, f"{moment:%Y-%m-%d %H:%M}")

    assert days(chair) == ["Fri 19/09/2025 15:10"]


@pytest.mark.parametrize(
    ("begins", "ends", "own", "expected"),
    [
        ("2025-09-18 08:00", "2025-09-22 08:00", ["2025-09-19"], "Thu 18/09/2025 15:00"),
        ("2025-09-17 08:00", "2025-09-22 08:00", ["2025-09-18", "2025-09-19"], "Wed 17/09/2025 15:00"),
        ("2025-12-31 08:00", "2026-01-05 08:00", [], "Wed 31/12/2025 15:00"),
        ("2026-04-29 08:00", "2026-05-04 08:00", [], "Wed 29/04/2026 15:00"),
    ],
)
def test_on_a_friday_off_it_comes_on_the_working_day_before(
    chair: Talk, begins: str, ends: str, own: list[str], expected: str
) -> None:
    """The office's own day off, New Year with its bridge, the end of April: once that week, on the day before them."""
    if own:
        off(chair, *own)
    joins(chair, begins)
    let_pass(chair, ends)

    assert days(chair) == [expected]


def test_a_week_without_a_working_day_has_no_report(chair: Talk) -> None:
    """At Tết nobody works for a week: none comes then, and the next tells of everything since the last."""
    joins(chair, "2026-02-13 08:00")
    let_pass(chair, "2026-02-27 16:00")

    assert weekly(chair) == [
        ("Fri 13/02/2026 15:00", "BÁO CÁO TUẦN 7/2 – 13/2/2026"),
        ("Fri 27/02/2026 15:00", "BÁO CÁO TUẦN 14/2 – 27/2/2026"),
    ]


@pytest.mark.parametrize("back", ["2025-09-19 15:40", "2025-09-19 16:59", "2025-09-22 07:30", "2025-09-23 10:00"])
def test_a_house_that_was_down_tells_of_that_week_once(chair: Talk, back: str) -> None:
    """Down when Friday's report was due: it comes in the first working hour after, and still tells of that week."""
    joins(chair, "2025-09-18 08:00")
    chair.clock.jump_to(at(back))
    chair.house = assemble(chair.store, chair.clock, list(chair.house.channels.values()))
    for _ in range(2):
        look_at(chair, back)

    assert weekly(chair) == [(f"{at(back):%a %d/%m/%Y %H:%M}", "BÁO CÁO TUẦN 13/9 – 19/9/2025")]


def test_back_at_the_weekend_it_waits_for_monday(chair: Talk) -> None:
    """A house that comes back on Saturday disturbs nobody: Phước reads on Monday at half past seven."""
    joins(chair, "2025-09-18 08:00")
    chair.clock.jump_to(at("2025-09-20 10:00"))
    chair.house = assemble(chair.store, chair.clock, list(chair.house.channels.values()))
    look_at(chair, "2025-09-20 10:00")
    assert days(chair) == []
    let_pass(chair, "2025-09-22 09:00")

    assert days(chair) == ["Mon 22/09/2025 07:30"]


def test_nobody_but_the_chair_gets_it(chair: Talk) -> None:
    """On Friday neither Lan of Bình Hòa nor chị Hoa of the office is sent the chair's report."""
    joins(chair, "2025-09-19 08:00")
    lan_joins(chair, "2025-09-19 08:00")
    chair.play("hoa joins VPUBND as office")
    let_pass(chair, "2025-09-19 17:30")

    assert days(chair) == ["Fri 19/09/2025 15:00"]
    assert not [row for name in ("Lan", "Hoa") for row in ledger(chair, name) if WEEKLY in (row["text"] or "")]
