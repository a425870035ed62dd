"""Requests to the office: extensions, questions, hand-overs, joining, reports after acceptance; each decided once."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from bot.contacts import Role
from bot.conversation import RequestKind, Verdict
from bot.store.book import Book
from bot.tasks import Due, Status
from handlers.decide_request import read_day
from tests.handlers.conftest import ZONE, Talk

DUE = date(2025, 9, 20)


def raise_request(talk: Talk, kind: RequestKind, name: str, **known: object) -> int:
    """Something before the office, as another room would have raised it; its number."""

    def work(book: Book) -> int:
        number = book.talks.next_request_number()
        said_id = book.talks.keep_said(talk.ids[name], "local", None, str(known.pop("said", "")), talk.now)
        unit = book.people.unit(str(known.pop("unit", "30001")))
        assert unit is not None
        book.talks.raise_request(number, kind, talk.ids[name], talk.now, unit_id=unit.id, said_id=said_id, **known)  # type: ignore[arg-type]
        return number

    return talk.store.write_now(work)


def extension(talk: Talk, due: date | None = date(2025, 9, 24), unit: str = "30001", name: str = "Lan") -> int:
    """Lan asks for more time for T02."""
    one = talk.assignment("T02", unit)
    return raise_request(
        talk, RequestKind.EXTENSION, name, assignment_id=one.id, due=due, unit=unit, said="xin lùi vì chờ sở"
    )


def verdict(talk: Talk, number: int) -> Verdict | None:
    """How a request ended."""
    found = talk.store.read_now(lambda book: book.talks.request(number))
    assert found is not None
    return found.verdict


def due_of(talk: Talk, unit: str = "30001") -> date:
    """The deadline of T02 in force."""
    due = talk.assignment("T02", unit).due
    assert due is not None
    return due.on


@pytest.mark.parametrize("typed", ["duyệt {}", "duyet #{}", "dạ duyệt {} nhé", "grant {}"])
def test_an_extension_is_granted_as_asked(talk: Talk, typed: str) -> None:
    """The deadline moves to the day asked for; contact and deputy read old and new."""
    number = extension(talk)
    answer = talk.says("Hoa", typed.format(number))
    assert "hạn mới thứ Tư 24/9" in answer.replace("Thứ", "thứ")
    assert talk.assignment("T02", "30001").due == Due(date(2025, 9, 24))
    assert verdict(talk, number) is Verdict.GRANTED
    for name in ("Lan", "Minh"):
        [letter] = talk.heard(name)
        assert "24/9/2025" in letter.text
        assert "20/9" in letter.text


@pytest.mark.parametrize("typed", ["duyệt {} đến 22/9", "duyệt {} đến ngày 22.9.2025", "duyet {} 22/9"])
def test_the_office_may_grant_another_day(talk: Talk, typed: str) -> None:
    """A day given by the clerk wins over the one asked for, and the clerk sees both."""
    number = extension(talk)
    answer = talk.says("Hoa", typed.format(number))
    assert due_of(talk) == date(2025, 9, 22)
    assert "Đơn vị xin đến" in answer


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("duyệt {} đến 31/9", "Không có ngày 31/9"),
        ("duyệt {} đến 19/9", "không sau hạn hiện nay"),
        ("duyệt {} đến 1/9", "không sau hạn hiện nay"),
    ],
)
def test_a_day_that_can_not_be_is_refused(talk: Talk, typed: str, said: str) -> None:
    """No such day, or a day before the deadline: nothing moves and the request stays."""
    number = extension(talk)
    assert said in talk.says("Hoa", typed.format(number))
    assert due_of(talk) == DUE
    assert verdict(talk, number) is None


def test_an_extension_without_a_day_asks_for_one(talk: Talk) -> None:
    """Where the unit named no day, the clerk has to."""
    number = extension(talk, due=None)
    assert f"«duyệt {number} đến <ngày>»" in talk.says("Hoa", f"duyệt {number}")
    assert due_of(talk) == DUE


def test_an_extension_of_a_closed_task_is_put_aside(talk: Talk) -> None:
    """Accepted meanwhile: there is nothing to extend, and the request no longer waits."""
    number = extension(talk)
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong KH 45/KH-UBND")
    talk.says("Hoa", "xác nhận T02 Bình Hòa")
    assert "đã đóng" in talk.says("Hoa", f"duyệt {number}")
    assert verdict(talk, number) is Verdict.LAPSED


def test_refusing_needs_a_reason(talk: Talk) -> None:
    """Without a reason nothing is refused; with one the unit reads it, and that the deadline stands."""
    number = extension(talk)
    assert "cần biết lý do" in talk.says("Hoa", f"không duyệt {number}")
    assert verdict(talk, number) is None
    talk.says("Hoa", f"khong duyet {number} việc gấp, không lùi")
    assert verdict(talk, number) is Verdict.REFUSED
    assert due_of(talk) == DUE
    [letter] = talk.heard("Lan")
    assert "việc gấp, không lùi" in letter.text
    assert "Hạn vẫn là" in letter.text


def test_all_extensions_at_once(talk: Talk) -> None:
    """«duyệt hết gia hạn» grants each until the day it asks for."""
    extension(talk)
    extension(talk, due=date(2025, 9, 26), unit="30003", name="Tâm")
    talk.says("Hoa", "duyet het gia han")
    assert (due_of(talk), due_of(talk, "30003")) == (date(2025, 9, 24), date(2025, 9, 26))
    assert "Không có đề nghị lùi hạn nào" in talk.says("Hoa", "duyệt hết gia hạn")


def test_several_numbers_and_one_unknown(talk: Talk) -> None:
    """Each number has its answer; an unknown one is said plainly."""
    first, second = extension(talk), extension(talk, unit="30003", name="Tâm")
    answer = talk.says("Hoa", f"duyệt {first}, {second}, 99")
    assert "Không có yêu cầu #99" in answer
    assert verdict(talk, first) is verdict(talk, second) is Verdict.GRANTED


def test_the_second_clerk_hears_that_it_was_decided(talk: Talk) -> None:
    """The first decision stands; nobody is told twice."""
    number = extension(talk)
    talk.says("Hoa", f"duyệt {number}")
    assert "đã được duyệt lúc" in talk.says("Sơn", f"không duyệt {number} trễ quá")
    assert due_of(talk) == date(2025, 9, 24)
    assert talk.heard("Lan") == []


def test_a_unit_may_not_decide(talk: Talk) -> None:
    """Lan can't grant her own request."""
    number = extension(talk)
    talk.says("Lan", f"duyệt {number}")
    assert verdict(talk, number) is None
    assert due_of(talk) == DUE


def test_waiting_requests_keep_their_own_numbers(talk: Talk) -> None:
    """The office's list names the request, the task, the days and the words it came with; buttons grant."""
    number = extension(talk)
    seen = talk.says("Hoa", "cần duyệt")
    assert f"#{number} Xã Bình Hòa xin lùi hạn T02" in seen
    assert "từ 20/9 đến 24/9" in seen
    assert "«xin lùi vì chờ sở»" in seen
    talk.presses("Hoa", f"Duyệt #{number}")
    assert verdict(talk, number) is Verdict.GRANTED


@pytest.mark.parametrize("typed", ["tl {} Làm theo mẫu số 2 nhé", "trả lời {}: Làm theo mẫu số 2 nhé"])
def test_an_answer_goes_to_who_asked(talk: Talk, typed: str) -> None:
    """The asker reads the question and the office's words; nobody else does."""
    number = raise_request(talk, RequestKind.QUESTION, "Lan", said="dùng mẫu nào ạ?")
    assert "cho Lan" in talk.says("Hoa", typed.format(number))
    [letter] = talk.heard("Lan")
    assert "dùng mẫu nào ạ?" in letter.text
    assert "Làm theo mẫu số 2 nhé" in letter.text
    assert talk.heard("Minh") == []
    assert verdict(talk, number) is Verdict.ANSWERED
    assert "đã được trả lời" in talk.says("Sơn", f"tl {number} mẫu 3")


def test_an_answer_in_a_talk_goes_at_once_and_else_in_working_hours(talk: Talk) -> None:
    """Asked a moment ago: answered even at night; asked in the afternoon: in the morning."""
    talk.now = datetime(2025, 9, 15, 16, tzinfo=ZONE)
    early = raise_request(talk, RequestKind.QUESTION, "Tâm", said="mẫu nào?")
    talk.now = datetime(2025, 9, 15, 21, tzinfo=ZONE)
    number = raise_request(talk, RequestKind.QUESTION, "Lan", said="mẫu nào?")
    talk.later(minutes=5)
    talk.says("Hoa", f"tl {number} mẫu 2")
    assert talk.heard("Lan")[0].not_before == talk.now
    talk.says("Hoa", f"tl {early} mẫu 2")
    assert talk.heard("Tâm")[0].not_before == datetime(2025, 9, 16, 7, 30, tzinfo=ZONE)


def test_a_question_wants_words_and_an_extension_a_decision(talk: Talk) -> None:
    """The wrong verb says which one is right, and settles nothing."""
    question = raise_request(talk, RequestKind.QUESTION, "Lan", said="mẫu nào?")
    wanted = extension(talk)
    assert f"«tl {question} <câu trả lời>»" in talk.says("Hoa", f"duyệt {question}")
    assert "không ghi ngày" in talk.says("Hoa", f"duyệt {question} đến 24/9")
    assert f"«duyệt {wanted}»" in talk.says("Hoa", f"tl {wanted} đồng ý")
    assert verdict(talk, question) is verdict(talk, wanted) is None


def test_not_ours_is_answered_or_refused(talk: Talk) -> None:
    """The office answers in words; with a reason the task stays where it is."""
    one = talk.assignment("T02", "30001")
    number = raise_request(talk, RequestKind.NOT_OURS, "Lan", assignment_id=one.id, said="việc này của sở")
    assert "«thu hồi" in talk.says("Hoa", f"duyệt {number}")
    talk.says("Hoa", f"từ chối {number} xã vẫn phải có kế hoạch riêng")
    assert "xã vẫn phải có kế hoạch riêng" in talk.heard("Lan")[0].text
    assert verdict(talk, number) is Verdict.REFUSED


def test_a_hand_over_gives_a_code_that_moves_the_seat(talk: Talk) -> None:
    """Lan gets a code for her successor; whoever uses it sits in her place, and she no longer does."""
    number = raise_request(talk, RequestKind.HANDOVER, "Lan", payload={"successor": "chị Thu"}, said="đổi đầu mối")
    shown = talk.says("Hoa", f"duyệt {number}")
    [letter] = talk.heard("Lan")
    code = re.search(r"DK \w{3} \w{4} \w{4}", letter.text)
    assert code is not None
    assert code[0] in shown
    assert "chị Thu" in letter.text

    def use(book: Book) -> None:
        found = book.joining.find(code[0], talk.now)
        assert not isinstance(found, str)
        book.joining.use(found.id, talk.address("Thu"), "Thu", "vi", talk.now)

    talk.store.write_now(use)
    sitting = talk.store.read_now(lambda book: book.people.by_address(talk.address("Thu")))
    assert sitting is not None
    assert [(seat.unit.code, seat.role) for seat in sitting.seats] == [("30001", Role.CONTACT)]
    assert talk.store.read_now(lambda book: book.people.by_address(talk.address("Lan"))) is None


def test_somebody_who_left_has_nothing_to_hand_over(talk: Talk) -> None:
    """The asker's seat is gone: the clerk is told how to invite instead."""
    number = raise_request(talk, RequestKind.HANDOVER, "Tâm", unit="30001")
    assert "không còn là đầu mối" in talk.says("Hoa", f"duyệt {number}")
    assert verdict(talk, number) is None


def newcomer(talk: Talk, name: str = "Thu") -> int:
    """Somebody who is known by an address only, and asked to be let into Định Hòa."""
    talk.join(name, "30002", Role.CONTACT, consent=False)

    def stand_up(book: Book) -> None:
        from bot.store.tables import seat

        book._connection.execute(seat.delete().where(seat.c.person_id == talk.ids[name]))

    talk.store.write_now(stand_up)
    return raise_request(talk, RequestKind.JOIN, name, unit="30002")


def test_a_newcomer_is_let_in_and_shown_the_notice(talk: Talk) -> None:
    """The first of a unit becomes its contact, and has to agree to the notice before anything else."""
    number = newcomer(talk)
    assert "Thu là đầu mối của Xã Định Hòa" in talk.says("Hoa", f"duyệt {number}")
    person = talk.store.read_now(lambda book: book.people.person(talk.ids["Thu"]))
    assert person is not None
    assert [(seat.unit.code, seat.role) for seat in person.seats] == [("30002", Role.CONTACT)]
    assert person.consent_at is None
    [notice] = talk.heard("Thu")
    assert len(notice.buttons) == 2
    assert "việc đang mở" in talk.says("Thu", "1")


def test_the_next_one_becomes_a_deputy(talk: Talk) -> None:
    """A unit that has a contact gets a deputy, and the clerk reads who the contact is."""
    talk.join("Dũng", "30002", Role.CONTACT)
    number = newcomer(talk)
    answer = talk.says("Hoa", f"duyệt {number}")
    assert "phó đầu mối" in answer
    assert "Dũng" in answer


def test_a_stranger_who_is_not_let_in_is_forgotten(talk: Talk) -> None:
    """The reason is sent to the address; name and address are not kept."""
    number = newcomer(talk)
    talk.says("Hoa", f"từ chối {number} không phải cán bộ xã")
    assert "không phải cán bộ xã" in talk.heard("Thu")[0].text
    assert talk.store.read_now(lambda book: book.people.by_address(talk.address("Thu"))) is None
    assert verdict(talk, number) is Verdict.REFUSED


def test_a_report_after_acceptance_opens_the_task_again(talk: Talk) -> None:
    """Lan reports on what is accepted; the office grants it, and the task is hers again."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong KH 45/KH-UBND")
    talk.says("Hoa", "xác nhận T02 Bình Hòa")
    one = talk.assignment("T02", "30001")
    number = raise_request(talk, RequestKind.AFTER_ACCEPTANCE, "Lan", assignment_id=one.id, said="1 được 90%")
    assert "mở lại T02 của Xã Bình Hòa" in talk.says("Hoa", f"duyệt {number}")
    assert talk.assignment("T02", "30001").state.status is Status.IN_PROGRESS
    assert "theo đề nghị của đơn vị" in talk.heard("Lan")[0].text


def test_unknown_numbers_are_said(talk: Talk) -> None:
    """No such request: said, with where to look."""
    for typed in ("duyệt 77", "không duyệt 77 trễ", "tl 77 được"):
        assert "Không có yêu cầu #77" in talk.says("Hoa", typed)


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [
        ("24/9", date(2025, 9, 15), date(2025, 9, 24)),
        ("5-1", date(2025, 12, 20), date(2026, 1, 5)),
        ("24.9.2026", date(2025, 9, 15), date(2026, 9, 24)),
        ("31/9", date(2025, 9, 15), None),
        ("29/2", date(2025, 12, 20), None),
        ("29/2", date(2027, 12, 20), date(2028, 2, 29)),
    ],
)
def test_days_are_read_with_the_nearest_year(typed: str, today: date, day: date | None) -> None:
    """A day without a year is the one ahead; a day that does not exist is none."""
    assert read_day(typed, today) == day
