"""The clerk: one message, one effect, or none; numbers, buttons and questions mean what the person saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.case import Case
from bot.clerk import Clerk, Taken
from bot.contacts import Role
from bot.desk import Desk, Handler
from bot.effects import Effect
from bot.phrases import phrasebook
from bot.store.engine import Store
from bot.store.inbox import TRIES
from bot.tasks import Status, Step, StepKind
from handlers.table import desk
from tests.opened_store import NOW, Template, everything, give_task, message, rows, seat

UNIT, OTHER = "30607", "30589"


@dataclass
class Office:
    """The clerk at work in a store; everybody types through `says`."""

    store: Store
    clerk: Clerk
    now: datetime = NOW
    _count: int = 0

    def says(self, who: str, typed: str, **more: Any) -> str:
        """What this person reads in answer."""
        self._count += 1
        seen = len(self.letters())
        key = more.pop("key", f"m{self._count}")
        said = message(who, key, typed, more.pop("at", self.now), **more)
        self.store.write_now(lambda book: self.clerk.receive(book, said, self.now))
        person = self.store.read_now(lambda book: book.people.by_address(said.sender))
        mine = [row["text"] for row in self.letters()[seen:] if person is None or row["person_id"] == person.id]
        return "\n".join(mine)

    def letters(self) -> Sequence[Mapping[str, Any]]:
        return rows(self.store, "letter")

    def stands(self, unit: str = UNIT) -> dict[str, Status]:
        def ask(book: Any) -> dict[str, Status]:
            place = book.people.unit(unit)
            return {one.task.code: one.state.status for one in book.assignments.all() if one.unit_id == place.id}

        return self.store.read_now(ask)

    def shown(self, who: str = "lan") -> list[str]:
        """The codes that stand behind the numbers last shown."""

        def ask(book: Any) -> list[str]:
            person = book.people.by_address(message(who, "", "").sender)
            listing = book.talks.last_listing(person.id)
            return [one.task.code for one in book.assignments.many(listing.numbered)]

        return self.store.read_now(ask)

    def accept(self, code: str) -> None:
        def work(book: Any) -> None:
            one = next(one for one in book.assignments.of_task(code) if one.unit_code == UNIT)
            book.assignments.record(one.id, Step(StepKind.DONE, self.now, None), self.now)
            book.assignments.record(one.id, Step(StepKind.ACCEPT, self.now, None), self.now)

        self.store.write_now(work)


@pytest.fixture
def office(sample_province: Template) -> Office:
    """Lan is contact of Bình Hòa with four tasks before her, Hoa a clerk."""
    store = sample_province.fresh()
    store.write_now(lambda book: seat(book, "lan", UNIT))
    store.write_now(lambda book: seat(book, "hoa", "VPUBND", Role.OFFICE))
    for number in (91, 92, 93):
        store.write_now(lambda book, number=number: give_task(book, f"T{number}", (UNIT,)))  # type: ignore[misc]
    return Office(store, Clerk(desk(), phrasebook()))


def breaking(office: Office, *, times: int) -> list[str]:
    """From now on the office's desk does half its work and raises, so many times; the words it saw."""
    whole = desk()
    seen: list[str] = []

    def reply(case: Case) -> Sequence[Effect]:
        seen.append(case.text)
        if "bom" in case.text and len(seen) <= times:
            case.book.people.correct(case.person.id, post="nửa chừng")
            raise RuntimeError(f"never tell anybody: {case.text}")
        return whole.reply(case)

    office.clerk = Clerk(replace(whole, reply=reply), phrasebook())
    return seen


def states(office: Office) -> list[tuple[str, int]]:
    return [(row["state"], row["tries"]) for row in rows(office.store, "inbox")]


def again(office: Office) -> None:
    def work(book: Any) -> None:
        for row in book.inbox.unfinished():
            office.clerk.apply(book, row.id, row.incoming, office.now, tries=row.tries)

    office.store.write_now(work)


def test_an_effect_that_raises_leaves_nothing(office: Office) -> None:
    """No row but the message itself, marked as failed; the error's words, which hold what was typed, are not kept."""
    before = everything(office.store)
    breaking(office, times=9)
    assert office.says("lan", "bom hẹn giờ") == ""
    after = everything(office.store)

    assert {name for name in after if after[name] != before[name]} == {"inbox"}
    assert states(office) == [("failed", 1)]
    assert "bom" not in repr([row["why"] for row in after["inbox"]])


def test_three_tries_and_then_the_person_is_told(office: Office) -> None:
    """Parked after the third; Lan hears once that this message could not be processed."""
    breaking(office, times=9)
    office.says("lan", "bom hẹn giờ")
    for tries in range(2, TRIES + 1):
        assert len(office.letters()) == 0
        again(office)
        assert states(office)[0][1] == tries
    again(office)

    assert states(office) == [("parked", TRIES)]
    assert [row["once"] for row in office.letters()] == ["parked:1"]


def test_a_second_try_that_works_is_as_if_nothing_had_been(office: Office) -> None:
    """The effect is had once, the answer goes once."""
    breaking(office, times=1)
    office.says("lan", "bom hẹn giờ")
    again(office)
    again(office)

    assert states(office) == [("applied", 1)]
    assert len(office.letters()) == 1


def test_neighbours_in_the_same_transaction_are_served(office: Office) -> None:
    """Before and behind the message that breaks, in one commit: both have their effect."""
    breaking(office, times=9)
    three = [message("lan", f"x{n}", typed) for n, typed in enumerate(["danh sách", "bom", "giúp"])]
    taken = office.store.write_now(lambda book: [office.clerk.receive(book, one, NOW)[0] for one in three])

    assert taken == [Taken.APPLIED, Taken.FAILED, Taken.APPLIED]
    assert len(office.letters()) == 2


def test_a_known_message_is_not_looked_at(office: Office) -> None:
    """The same id again: known, whatever it says now."""
    office.says("lan", "danh sách", key="same")
    said = message("lan", "same", "1 xong")

    assert office.store.write_now(lambda book: office.clerk.receive(book, said, NOW)) == (Taken.KNOWN, 0)
    assert len(office.letters()) == 1


# --- numbers


def test_a_number_means_what_was_shown(office: Office) -> None:
    """The list has gaps after an acceptance: "3 xong" still means the third as Lan saw it."""
    office.says("lan", "danh sách")
    shown = office.shown()
    office.accept(shown[0])
    office.accept(shown[1])
    office.says("lan", "3 xong")

    assert office.stands()[shown[2]] is Status.REPORTED
    assert [code for code, status in office.stands().items() if status is Status.REPORTED] == [shown[2]]


def test_a_closed_number_is_not_its_neighbours(office: Office) -> None:
    """ "1 xong" on a task that has been accepted meanwhile reports nothing on another."""
    office.says("lan", "danh sách")
    first = office.shown()[0]
    office.accept(first)
    office.says("lan", "1 xong")

    assert Status.REPORTED not in office.stands().values()
    assert office.stands()[first] is Status.ACCEPTED


def test_one_task_left_needs_no_number(office: Office) -> None:
    """All but one accepted: "xong" means that one."""
    office.says("lan", "danh sách")
    *others, last = office.shown()
    for code in others:
        office.accept(code)
    office.says("lan", "xong")

    assert office.stands()[last] is Status.REPORTED


def test_several_tasks_left_and_no_number_is_a_question(office: Office) -> None:
    """ "xong" with several open: asked, nothing recorded."""
    before = office.stands()
    answer = office.says("lan", "xong")

    assert "1." in answer
    assert office.stands() == before


def test_next_week_follows_the_day_on_which_it_was_said(office: Office) -> None:
    """Lan says "next Friday" on a Sunday evening; we were away over night, and hear it on Monday."""
    office.says("lan", "việc của tôi")
    sunday = office.now + timedelta(days=9, hours=13)
    office.now = sunday + timedelta(hours=12)
    office.says("lan", "việc 1 xin lùi đến thứ sáu tuần sau", at=sunday)

    assert [row["due_on"] for row in rows(office.store, "request")] == [date(2025, 9, 26)]


def test_an_answer_to_an_older_list_means_that_list(office: Office) -> None:
    """The platform says which letter is answered: its numbers count, not those of a later one."""
    office.says("lan", "danh sách")
    older = office.shown()
    (letter,) = office.letters()

    def send(book: Any) -> None:
        book.letters._connection.exec_driver_sql(
            f"UPDATE letter SET state='accepted', platform_id='p1' WHERE id={letter['id']}"
        )
        lan = book.people.by_address(message("lan", "", "").sender)
        ids = {one.task.code: one.id for one in book.assignments.open_of(unit.id for unit in lan.units)}
        book.talks.keep_listing(lan.id, [ids[code] for code in reversed(older)], [], NOW)

    office.store.write_now(send)
    assert office.shown() == older[::-1]
    office.says("lan", "1 xong", reply_to="p1")
    assert office.stands()[older[0]] is Status.REPORTED
    assert office.stands()[older[-1]] is Status.ASSIGNED


def test_numbers_of_somebody_else_mean_nothing(office: Office) -> None:
    """Tâm of another commune types Lan's number: only his own tasks can be meant."""
    office.store.write_now(lambda book: seat(book, "tam", OTHER))
    office.says("lan", "danh sách")
    before = office.stands()
    office.says("tam", "3 xong")

    assert office.stands() == before


# --- buttons and questions


def button(office: Office, place: int = 0) -> str:
    return str(next(row for row in reversed(office.letters()) if row["buttons"])["buttons"][place][1])


def test_a_button_is_the_sentence_it_stands_for(office: Office) -> None:
    """Recorded as if typed, and marked as a tap."""
    office.says("lan", "xong")
    office.says("lan", "", button=button(office))
    (step,) = rows(office.store, "step")

    assert step["kind"] == "done"
    assert [code for code, status in office.stands().items() if status is Status.REPORTED]


def test_a_stale_button_answers_no_newer_question(office: Office) -> None:
    """The buttons of a question that was answered are pressed again: told so, nothing recorded twice."""
    office.says("lan", "xong")
    pressed = button(office)
    office.says("lan", "", button=pressed)
    answer = office.says("lan", "", button=pressed)

    assert answer
    assert len(rows(office.store, "step")) == 1


def test_nobody_presses_somebody_elses_button(office: Office) -> None:
    """The listing belongs to Lan: in Tâm's hands its data means nothing."""
    office.store.write_now(lambda book: seat(book, "tam", OTHER))
    office.says("lan", "xong")
    office.says("tam", "", button=button(office))

    assert rows(office.store, "step") == []


@pytest.mark.parametrize(("days", "recorded"), [(2, 1), (3, 0), (30, 0)])
def test_a_question_lives_three_days(office: Office, days: int, recorded: int) -> None:
    """On the second day its button answers it; from the third on Lan hears that it is too late."""
    office.says("lan", "xong")
    office.now = NOW + timedelta(days=days)

    assert office.says("lan", "", button=button(office))
    assert len(rows(office.store, "step")) == recorded


def test_an_edited_message_replaces_its_words(office: Office) -> None:
    """ "1 xong" edited to "1 50%": the first report no longer stands."""
    office.says("lan", "danh sách")
    first = office.shown()[0]
    office.says("lan", "1 xong", key="10")
    assert office.stands()[first] is Status.REPORTED
    office.says("lan", "1 50%", key="10e", edits="10")

    assert office.stands()[first] is not Status.REPORTED
    assert all(row["superseded_at"] for row in rows(office.store, "step") if row["kind"] == "done")


# --- who speaks


def test_a_person_of_two_units_is_asked_which(office: Office) -> None:
    """Minh sits in two communes that have one task: its code alone says not which, so nothing is recorded."""
    office.store.write_now(lambda book: seat(book, "minh", UNIT, Role.DEPUTY))
    office.store.write_now(lambda book: seat(book, "minh", OTHER))
    office.says("minh", "T02 xong")

    assert Status.REPORTED not in {office.stands()["T02"], office.stands(OTHER)["T02"]}


@pytest.mark.parametrize("typed", ["1 xong", "danh sách", "tổng hợp", "duyệt 1", "rút đồng ý"])
def test_before_consent_only_the_notice_is_heard(office: Office, typed: str) -> None:
    """Whatever is typed brings the notice back, and nothing is done."""
    office.store.write_now(lambda book: seat(book, "ha", OTHER, consent=False))
    answer = office.says("ha", typed)

    assert "dữ liệu" in answer.lower()
    assert rows(office.store, "step") == []


@pytest.mark.parametrize("typed", ["tổng hợp", "xác nhận tất cả", "duyệt 1", "thu hồi T02", "mời Bình Hòa", "ghi hộ"])
def test_a_contact_gives_no_order_of_the_offices(office: Office, typed: str) -> None:
    """Lan types what only the office may: nothing changes for anybody."""
    before = {unit: office.stands(unit) for unit in (UNIT, OTHER)}
    office.says("lan", typed)
    kept = everything(office.store)

    assert {unit: office.stands(unit) for unit in (UNIT, OTHER)} == before
    assert len(kept["invite"]) == 2


@pytest.mark.parametrize("typed", ["", "👍", "🙏🙏", "...", "?", "!!!", "\n", "ok", "\u200b"])
def test_no_words_record_nothing(office: Office, typed: str) -> None:
    """A thumb, dots or nothing at all: never a report, never a failure."""
    office.says("lan", typed)

    assert states(office) == [("applied", 0)]
    assert rows(office.store, "step") == []


def test_a_voice_message_is_asked_to_be_typed(office: Office) -> None:
    """What we can't read is said to be so."""
    assert "gõ" in office.says("lan", "", unsupported="voice")


def test_a_handler_without_the_right_is_passed_over(office: Office) -> None:
    """The next meaning of the same words is tried; the handler never runs."""
    ran: list[str] = []

    def handle(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
        ran.append(case.person.name)
        return []

    whole: Desk = desk()
    guarded = [Handler(one.name, handle, one.needs) for one in whole.handlers if one.name == "confirm_all"]
    office.clerk = Clerk(replace(whole, handlers=tuple(guarded)), phrasebook())
    office.says("lan", "xác nhận tất cả")
    office.says("hoa", "xác nhận tất cả")

    assert ran == ["hoa"]


def test_who_left_is_not_heard(office: Office) -> None:
    """Of a message that was on its way when its sender left, nothing is kept and nothing comes."""
    said = message("lan", "late", "danh sách")
    lan = office.store.read_now(lambda book: book.people.by_address(said.sender))
    assert lan is not None
    office.store.write_now(lambda book: book.people.erase(lan.id, NOW))
    taken, _ = office.store.write_now(lambda book: office.clerk.receive(book, said, NOW))

    assert taken is Taken.STRANGER
    assert office.letters() == []
    assert rows(office.store, "inbox") == []
