"""Defects that systems of this kind are known for, each against the whole house: what holds here instead."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from bot.assembly import assemble
from bot.clock import wall
from bot.messages import Letter, Receipt, SendFailed
from bot.reports import figures
from bot.store.book import Book
from bot.tasks import Cell, Status
from scheduler.sweep import sweep
from tests.field.a_house_under_way import (
    UNIT,
    ZONE,
    at,
    communes_of,
    lan_joins,
    ledger,
    let_pass,
    look_at,
    reached,
    requests,
)
from tests.opened_store import give_task, rows, seat
from tests.talks.play import Talk


class TestAFailedSendRecordedAsSent:
    """A letter is called sent when the platform has taken it, and at no other time."""

    @pytest.mark.parametrize(
        ("complaint", "stands"),
        [
            (SendFailed("no route", written=False), "planned"),
            (SendFailed("blocked by the user", permanent=True), "refused"),
        ],
        ids=lambda value: value.why if isinstance(value, SendFailed) else "",
    )
    def test_it_stands_as_what_became_of_it(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch, complaint: SendFailed, stands: str
    ) -> None:
        """Whatever a channel complains of, the ledger bears no receipt and does not say that Lan was reminded."""
        lan_joins(talk)

        async def fails(_: Letter) -> Receipt:
            raise complaint

        monkeypatch.setattr(talk.wire, "send", fails)
        look_at(talk, "2025-09-15 07:31")

        (reminder,) = [row for row in ledger(talk, "Lan") if row["kind"] == "reminder"]
        assert (reminder["state"], reminder["platform_id"]) == (stands, None)
        assert reached(talk, "Lan") == []

    def test_it_goes_out_when_the_way_is_free_again(self, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
        """The reminder that found no connection at 07:30 reaches Lan once, later that morning."""
        lan_joins(talk)
        heard = len(talk.wire.letters["lan"])

        async def fails(_: Letter) -> Receipt:
            raise SendFailed("no route", written=False)

        with monkeypatch.context() as down:
            down.setattr(talk.wire, "send", fails)
            look_at(talk, "2025-09-15 07:31")
        talk.store.write_now(_pauses_are_over)
        look_at(talk, "2025-09-15 08:10")

        assert len(talk.wire.letters["lan"]) == heard + 1
        assert reached(talk, "Lan") == ["15/09 08:10"]

    def test_the_office_hears_of_who_cannot_be_reached(self, talk: Talk) -> None:
        """Lan blocked the bot: chị Hoa is told her name and unit, the same morning."""
        talk.play(f"at 2025-09-12 08:00\nhoa joins VPUBND as office\nlan joins {UNIT} as contact\nlan blocks the bot")
        look_at(talk, "2025-09-15 07:31")

        assert "Không gửi được tin cho Lan (Xã Bình Hòa)" in talk.wire.letters["hoa"][-1].text


def _pauses_are_over(book: Book) -> None:
    book.letters.pace.forget_old(wall() + timedelta(days=30))
    with book.savepoint() as inside:
        inside.connection.exec_driver_sql("UPDATE letter SET lease_until = NULL")


class TestAChangedDeadline:
    """A new deadline has reminders of its own, and the old one has none any more."""

    def test_its_reminders_begin_anew_and_the_old_ones_end(self, talk: Talk) -> None:
        """Moved from 20/9 to 25/9: nothing is said of the 20th after the decision, and each day before the 25th is."""
        talk.play(
            f"""
            at 2025-09-12 08:00
            hoa joins VPUBND as office
            lan joins {UNIT} as contact
            at 2025-09-12 16:31
            bot -> hoa …
            lan -> bot xin lùi đến 25/9
            bot -> lan …
            bot -> hoa …
            hoa -> bot duyệt 1
            bot -> hoa …
            bot -> lan 25/9
            """
        )
        let_pass(talk, "2025-09-26 07:31")

        assert reached(talk, "Lan") == [
            "18/09 07:30",
            "23/09 07:30",
            "24/09 07:30",
            "25/09 07:30",
            "25/09 13:30",
            "26/09 07:30",
        ]
        said = [row["text"] for row in ledger(talk, "Lan") if row["kind"] == "reminder"]
        assert all("25/9" in text for text in said)
        assert not any("20/9" in text for text in said)


class TestRowsSkippedInFront:
    """Who can't or needn't be reminded stands before nobody who has to be."""

    def test_sixty_of_them_do_not_block_the_last(self, talk: Talk) -> None:
        """Sixty contacts before Lan have blocked the bot, left, or not agreed yet; Lan is reminded at 07:30."""
        communes = [unit.code for unit in talk.store.read_now(communes_of) if unit.code != UNIT][:60]

        def fill(book: Book) -> None:
            for place, code in enumerate(communes):
                person_id = seat(book, f"Người {place}", code, at=f"talk:main:p{place}", consent=place % 3 > 0)
                if place % 3 == 1:
                    book.people.erase(person_id, at("2025-09-12 07:00"))
            seat(book, "Lan", UNIT, at="talk:main:lan")

        talk.store.write_now(fill)
        talk.wire.blocked.update(f"p{place}" for place in range(60))
        talk.play("at 2025-09-12 08:00")
        let_pass(talk, "2025-09-15 07:31")

        assert reached(talk, "Lan") == ["15/09 07:30"]
        assert not any(talk.wire.letters[f"p{place}"] for place in range(60))


class TestNotDoneCountedAsDone:
    """A denied "hoàn thành" is none, however it is written."""

    @pytest.mark.parametrize(
        "typed",
        [
            "chưa hoàn thành",
            "chua hoan thanh",
            "CHƯA HOÀN THÀNH",
            "xã chưa hoàn thành ạ",
            "kế hoạch chưa xong anh ơi",
            "chua xong",
            "chưa thể hoàn thành",
            "vẫn chưa hoàn thành đâu",
            "chưa hoàn thành được, còn phụ lục",
            "không hoàn thành kịp",
            "gần hoàn thành",
            "sắp xong",
            "sẽ hoàn thành trước 19/9",
            "phấn đấu hoàn thành",
            "hoàn thành 60%",
            "chưa hoàn thành 100%",
            "xong chưa anh?",
            "not finished yet",
        ],
    )
    def test_it_is_not_counted(self, talk: Talk, typed: str) -> None:
        """The task stays open, and no figure of the chair's counts it as reported or completed."""
        lan_joins(talk)
        asyncio.run(talk._says("lan", typed, ""))

        def look(book: Book) -> tuple[Status, figures.Figures]:
            mine = next(one for one in book.assignments.of_task("T02") if one.unit_code == UNIT)
            return mine.state.status, figures.count(book.assignments.all(), talk.clock.now(), ZONE)

        status, counted = talk.store.read_now(look)
        assert status.chased
        assert {cell: many for cell, many in counted.cells.items() if many and not cell.startswith("open")} == {}

    def test_done_is(self, talk: Talk) -> None:
        """The same words without the denial are a finished report, so that the table above shows something."""
        lan_joins(talk)
        talk.play(f'lan -> bot đã hoàn thành\nbot -> lan …\n"T02" of {UNIT} is reported')


class TestSubstringsTakenForTimes:
    """A word is a time where it is one; a word that contains or resembles one is not."""

    @pytest.mark.parametrize(
        ("typed", "until"),
        [
            ("xin lùi đến ngày mai", date(2025, 9, 23)),
            ("xin lui den ngay mai", date(2025, 9, 23)),
            ("xin lùi đến mai", date(2025, 9, 23)),
            ("xin lùi đến thứ năm", date(2025, 9, 25)),
            ("xin lui den thu nam", date(2025, 9, 25)),
            ("xin lùi hạn, em gửi qua email", None),
            ("xin gia hạn, em đang chờ e-mail của sở", None),
            ("xin lùi hạn báo cáo năm 2026", None),
            ("xin gia han bao cao nam 2026", None),
            ("xin lùi hạn vì hai ấp chưa nộp", None),
            ("xin lùi hạn vì thiếu tư liệu", None),
            ("xin lùi hạn, anh Mai đi vắng", None),
        ],
    )
    def test_a_later_deadline_is_the_day_that_was_said(self, talk: Talk, typed: str, until: date | None) -> None:
        """On Monday 22/9 a day that was named reaches the office; where none was, Lan is asked for it."""
        lan_joins(talk, "2025-09-22 08:00")
        asyncio.run(talk._says("lan", typed, ""))

        assert [one.due for one in requests(talk)] == ([until] if until else [])
        if until is None:
            assert "đến ngày nào" in talk.wire.letters["lan"][-1].text


class TestOneRestartLosesTheReminder:
    """A reminder is due from its minute on, not in its minute."""

    @pytest.mark.parametrize("back", ["07:30", "07:31", "09:00", "11:29", "16:59"])
    def test_a_house_that_was_down_makes_up_for_it(self, talk: Talk, back: str) -> None:
        """The process ends at 07:29 and comes back later that day: Lan is reminded then, and once."""
        lan_joins(talk)
        look_at(talk, "2025-09-15 07:29")
        talk.clock.jump_to(at(f"2025-09-15 {back}"))

        talk.house = assemble(talk.store, talk.clock, list(talk.house.channels.values()))
        for _ in range(3):
            look_at(talk, f"2025-09-15 {back}")

        assert reached(talk, "Lan") == [f"15/09 {back}"]

    def test_a_house_that_ends_between_planning_and_sending_sends_once(self, talk: Talk) -> None:
        """The sweep of 07:30 has written down what to send, then the process ends: the next one sends it, once."""
        lan_joins(talk)
        look_at(talk, "2025-09-15 07:29")
        talk.clock.jump_to(at("2025-09-15 07:30"))
        talk.store.write_now(lambda book: sweep(book, talk.clock.now()))
        assert reached(talk, "Lan") == []

        talk.house = assemble(talk.store, talk.clock, list(talk.house.channels.values()))
        look_at(talk, "2025-09-15 07:32")

        assert len(reached(talk, "Lan")) == 1

    def test_a_week_down_is_one_reminder(self, talk: Talk) -> None:
        """After a week away the latest milestone is said, not the backlog of all that were missed."""
        lan_joins(talk)
        look_at(talk, "2025-09-12 17:00")
        talk.clock.jump_to(at("2025-09-19 09:00"))

        talk.house = assemble(talk.store, talk.clock, list(talk.house.channels.values()))
        look_at(talk, "2025-09-19 09:05")

        assert reached(talk, "Lan") == ["19/09 09:05"]


class TestACheckThatRunsWhenSomebodyLooks:
    """The clock looks by itself, and no deadline is no deadline."""

    def test_nobody_looks_and_the_ladder_climbs(self, talk: Talk) -> None:
        """Nobody opens anything after Friday 12/9; late work is said to the contact, the leader and the office."""
        talk.play(
            f"at 2025-09-12 08:00\nhoa joins VPUBND as office\nlan joins {UNIT} as contact\nba joins {UNIT} as leader"
        )
        let_pass(talk, "2025-09-24 16:31")

        assert reached(talk, "Lan") == [
            "15/09 07:30",
            "18/09 07:30",
            "19/09 07:30",
            "19/09 13:30",
            "22/09 07:30",
            "24/09 07:30",
        ]
        assert reached(talk, "Ba") == ["22/09 07:30", "24/09 07:30"]
        assert "quá hạn" in talk.wire.letters["hoa"][-1].text.lower()

    def test_what_has_no_deadline_has_none_in_any_column(self, talk: Talk) -> None:
        """No date stands for "none": the column is empty, the list says so, and after two years nothing is overdue."""
        talk.store.write_now(lambda book: give_task(book, "T99", (UNIT,)))
        lan_joins(talk)
        talk.play("lan -> bot ds\nbot -> lan T99 … chưa có hạn")
        undated = [row for row in rows(talk.store, "assignment") if row["due_on"] is None]

        assert len(undated) > 1
        assert all(row["due_at"] is None for row in undated if "due_at" in row)
        found = talk.store.read_now(lambda book: book.assignments.of_task("T99"))
        assert figures.count(found, at("2027-12-31 23:59"), ZONE).cells[Cell.OPEN_NO_DUE] == 1

    def test_all_deadlines_are_those_of_the_notice(self, talk: Talk) -> None:
        """The notice names 20/9 and 25/9/2025, and the book holds no other day."""
        days = {row["due_on"] for row in rows(talk.store, "assignment")}

        assert days == {None, date(2025, 9, 20), date(2025, 9, 25)}
