"""Reports by telephone: a clerk writes them down for a unit; only what is certain is kept, and the unit hears it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.contacts import Role
from bot.conversation import QuestionKind, RequestKind
from bot.store.book import Book
from bot.tasks import Status
from tests.handlers.conftest import Talk


@pytest.mark.parametrize(
    "typed",
    [
        "ghi hộ Bình Hòa việc 2 xong QĐ 12/QĐ-UBND",
        "ghi ho binh hoa viec 2 xong qd 12/QĐ-UBND",
        "ghi hộ xã Bình Hòa: việc 2 xong, QĐ 12/QĐ-UBND",
        "ghi hộ Bình Hòa T04 xong QĐ 12/QĐ-UBND",
    ],
)
def test_a_report_is_kept_as_the_clerks_and_told_to_the_unit(talk: Talk, typed: str) -> None:
    """The task by its number or code; the step bears the clerk's seat and that it was for the unit."""
    answer = talk.says("Hoa", typed)
    one = talk.assignment("T04", "30001")
    assert one.state.status is Status.REPORTED
    assert one.state.document == "12/QĐ-UBND"
    assert "Đã ghi hộ Xã Bình Hòa" in answer
    assert "Thành lập Ban Chỉ đạo phát triển KHCN" in answer
    [step] = talk.store.read_now(lambda book: book.assignments.steps(one.id))
    clerk = talk.store.read_now(lambda book: book.people.person(talk.ids["Hoa"]))
    assert clerk is not None
    assert step.for_unit
    assert step.seat_id == clerk.seats[0].id
    for name in ("Lan", "Minh"):
        [letter] = talk.heard(name)
        assert "Hoa (Văn phòng) đã ghi" in letter.text
        assert "12/QĐ-UBND" in letter.text


def test_numbers_are_those_the_contact_sees(talk: Talk) -> None:
    """After Lan's list was numbered anew, «việc 1» on the telephone is what she has as number 1."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong KH 45/KH-UBND")
    talk.says("Lan", "danh sách")
    talk.says("Hoa", "ghi hộ Bình Hòa việc 1 được 60%")
    assert talk.assignment("T04", "30001").state.percent == 60
    assert talk.assignment("T02", "30001").state.status is Status.REPORTED


def test_the_clerk_sees_the_same_numbers(talk: Talk) -> None:
    """One unit's list as shown to the clerk has the contact's numbers, so that both mean the same."""
    talk.says("Lan", "danh sách")
    talk.says("Hoa", "ghi hộ Bình Hòa việc 1 xong KH 45/KH-UBND")
    talk.says("Hoa", "xác nhận T02 Bình Hòa")
    seen = talk.says("Hoa", "đơn vị Bình Hòa")
    assert "1. Xây dựng kế hoạch" in seen
    assert "2. Thành lập Ban Chỉ đạo" in seen
    talk.says("Hoa", "ghi hộ Bình Hòa việc 2 được 60%")
    assert talk.assignment("T04", "30001").state.percent == 60


def test_what_is_not_certain_is_not_kept(talk: Talk) -> None:
    """An answer that could mean several things records nothing, and shows the list and how to write it."""
    answer = talk.says("Hoa", "ghi hộ Bình Hòa xong rồi")
    assert "Chưa ghi gì" in answer
    assert "1. Xây dựng kế hoạch" in answer
    assert "«ghi hộ Xã Bình Hòa việc 1 xong KH 45/KH-UBND»" in answer
    assert talk.assignment("T02", "30001").state.silent
    assert talk.heard("Lan") == []


def test_only_a_name_asks_what_they_report(talk: Talk) -> None:
    """A unit alone is no report."""
    assert "báo gì?" in talk.says("Hoa", "ghi hộ Bình Hòa")


def test_a_name_that_is_nearly_a_units_is_asked_about(talk: Talk) -> None:
    """One letter off: the clerk picks from the units it may be, and only then something is kept."""
    asked = talk.says("Hoa", "ghi hộ Bình Hỏi việc 2 xong QĐ 12/QĐ-UBND")
    assert "1. Xã Bình Hòa" in asked
    assert talk.assignment("T04", "30001").state.silent
    question = talk.store.read_now(lambda book: book.talks.last_question(talk.ids["Hoa"]))
    assert question is not None
    assert question.kind is QuestionKind.UNIT
    assert "Đã ghi hộ Xã Bình Hòa" in talk.says("Hoa", "1")
    assert talk.assignment("T04", "30001").state.status is Status.REPORTED


def test_a_name_of_no_unit_is_said(talk: Talk) -> None:
    """Nobody of that name: nothing is kept."""
    assert "Không tìm thấy đơn vị" in talk.says("Hoa", "ghi hộ Long Xuyên việc 1 xong")


def test_an_extension_by_telephone_becomes_a_request(talk: Talk) -> None:
    """The request is the contact's; the clerk sees its number, the unit that it waits."""
    answer = talk.says("Hoa", "ghi hộ Bình Hòa việc 1 xin gia hạn đến 25/9")
    [request] = talk.store.read_now(lambda book: book.talks.open_requests(RequestKind.EXTENSION))
    assert request.person_id == talk.ids["Lan"]
    assert request.due == date(2025, 9, 25)
    assert f"«duyệt {request.number}»" in answer
    [letter] = talk.heard("Lan")
    assert "chờ Văn phòng quyết định" in letter.text
    assert "duyệt" not in letter.text.replace("quyết", "")
    talk.says("Hoa", f"duyệt {request.number}")
    due = talk.assignment("T02", "30001").due
    assert due is not None
    assert due.on == date(2025, 9, 25)


def test_an_extension_that_the_rule_forbids_is_refused_at_once(talk: Talk) -> None:
    """A task without a deadline has nothing to move."""
    assert "chưa có hạn" in talk.says("Hoa", "ghi hộ Sở Tài chính T16 xin gia hạn đến 25/9")
    assert talk.store.read_now(lambda book: book.talks.open_requests()) == ()


def test_several_tasks_in_one_call(talk: Talk) -> None:
    """Each is kept, and the unit reads them in one letter."""
    talk.says("Hoa", "ghi hộ Bình Hòa việc 1 được 60%, việc 2 xong QĐ 12/QĐ-UBND")
    assert talk.assignment("T02", "30001").state.percent == 60
    assert talk.assignment("T04", "30001").state.status is Status.REPORTED
    assert len(talk.heard("Lan")) == 1


def test_what_is_accepted_is_not_reported_again(talk: Talk) -> None:
    """A call on an accepted task changes nothing."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong KH 45/KH-UBND")
    talk.says("Hoa", "xác nhận T02 Bình Hòa")
    talk.says("Lan", "danh sách")
    talk.says("Hoa", "ghi hộ Bình Hòa T02 được 60%")
    assert talk.assignment("T02", "30001").state.status is Status.ACCEPTED
    assert talk.assignment("T04", "30001").state.silent
    assert talk.heard("Lan") == []


def test_a_photo_with_the_words_is_evidence(talk: Talk) -> None:
    """The paper that the clerk photographs goes to the task it was written down for."""
    talk.says("Hoa", "ghi hộ Bình Hòa việc 2 xong QĐ 12/QĐ-UBND", file="quyet-dinh.jpg")
    one = talk.assignment("T04", "30001")
    assert one.state.has_evidence
    [file] = talk.store.read_now(lambda book: book.inbox.placed([one.id]))
    assert file.name == "quyet-dinh.jpg"


def test_a_clerk_takes_it_back(talk: Talk) -> None:
    """«hoàn tác» by the clerk who wrote it down."""
    talk.says("Hoa", "ghi hộ Bình Hòa việc 2 xong QĐ 12/QĐ-UBND")
    talk.says("Hoa", "hoàn tác")
    assert talk.assignment("T04", "30001").state.status is Status.ASSIGNED


def test_a_unit_may_not_write_for_another(talk: Talk) -> None:
    """Tâm writes for Bình Hòa: nothing of it is kept there."""
    talk.says("Tâm", "ghi hộ Bình Hòa việc 2 xong QĐ 12/QĐ-UBND")
    assert talk.assignment("T04", "30001").state.silent


def test_a_unit_without_anybody_is_named(talk: Talk) -> None:
    """The report is kept; that nobody could be told is said."""
    answer = talk.says("Hoa", "ghi hộ Định Hòa việc 1 xong KH 9/KH-UBND")
    assert "Chưa báo được cho Xã Định Hòa" in answer
    assert talk.assignment("T02", "30002").state.status is Status.REPORTED


def test_a_contact_of_two_units_does_not_mix_them(talk: Talk) -> None:
    """Where the contact's list holds two units, the telephone's numbers are those of the named unit alone."""

    def second_seat(book: Book) -> None:
        place = book.people.unit("30002")
        assert place is not None
        book.joining.give_seat(talk.ids["Lan"], place.id, Role.CONTACT, talk.now)

    talk.store.write_now(second_seat)
    talk.says("Lan", "danh sách")
    talk.says("Hoa", "ghi hộ Định Hòa việc 1 được 40%")
    assert talk.assignment("T02", "30002").state.percent == 40
