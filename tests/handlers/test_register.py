"""Joining: codes as people copy them, what is refused and counted, seats asked for by name, consent before anything."""

from __future__ import annotations

import pytest

from bot.contacts import Role
from bot.joining_codes import draw_code
from bot.store.book import Book
from bot.tasks import Status
from tests.handlers.conftest import Talk

WRONG = "DK 234 5678 9BCF"


def issued(talk: Talk, unit: str = "30002", role: Role = Role.CONTACT) -> str:
    """A code of the office's, as it is typed."""
    code = draw_code()

    def keep(book: Book) -> None:
        place = book.people.unit(unit)
        assert place is not None
        book.joining.issue(code, place.id, role, talk.now)

    talk.store.write_now(keep)
    return code


def seats(talk: Talk, name: str) -> list[tuple[str, Role]]:
    """What somebody holds."""
    person = talk.store.read_now(lambda book: book.people.by_address(talk.address(name)))
    return [(seat.unit.code, seat.role) for seat in person.seats] if person else []


@pytest.mark.parametrize(
    "how",
    [
        "{code}",
        "/start {code}",
        "anh ơi mã của em là {code} ạ",
        "{small}",
        "  {dashed} ",
        "Mã: {tight}.",
        "em nhập mã\n{tight}\ncảm ơn",
    ],
)
def test_a_code_is_found_as_people_send_it(talk: Talk, how: str) -> None:
    """Alone or in a sentence, small, with dashes or without spaces: the notice names the seat, and "1" takes it."""
    code = issued(talk)
    dashed, tight = code.replace(" ", "-"), code.replace(" ", "")
    notice = talk.knocks("Mai", how.format(code=code, small=code.lower(), dashed=dashed, tight=tight))
    assert "đầu mối của Xã Định Hòa" in notice
    assert "Thông báo về dữ liệu" in notice
    assert "1 việc đang mở" in talk.says("Mai", "1")
    assert seats(talk, "Mai") == [("30002", Role.CONTACT)]


@pytest.mark.parametrize("typed", ["1", "1 ạ", "đồng ý", "dong y", "ĐỒNG Ý!", "dạ đồng ý ạ", "Dạ vâng đồng ý"])
def test_consent_is_given_in_many_words(talk: Talk, typed: str) -> None:
    """The number or the words, with courtesy around them."""
    talk.knocks("Mai", issued(talk))
    assert "anh/chị đã tham gia" in talk.says("Mai", typed)


@pytest.mark.parametrize("typed", ["ok", "đã nhận", "3", "đồng ý nhưng em hỏi chút", "không phải em", "xong rồi", "👍"])
def test_nothing_but_a_plain_yes_is_consent(talk: Talk, typed: str) -> None:
    """A vague word brings the notice back; nothing is open, nothing recorded."""
    talk.knocks("Mai", issued(talk))
    assert "Thông báo về dữ liệu" in talk.says("Mai", typed)
    person = talk.store.read_now(lambda book: book.people.by_address(talk.address("Mai")))
    assert person is not None
    assert person.consent_at is None
    assert talk.assignment("T02", "30002").state.silent


@pytest.mark.parametrize("typed", ["2", "không đồng ý", "Dạ không đồng ý ạ"])
def test_who_declines_is_forgotten_and_the_code_lives(talk: Talk, typed: str) -> None:
    """Nothing of Mai is kept; Nga may use the same code."""
    code = issued(talk)
    talk.knocks("Mai", code)
    assert "không có dữ liệu nào" in "".join((talk.says("Mai", typed), *(one.text for one in talk.read)))
    assert seats(talk, "Mai") == []
    assert "đầu mối của Xã Định Hòa" in talk.knocks("Nga", code)


def test_a_code_serves_once(talk: Talk) -> None:
    """Mai has used it: Nga is told so, gets no seat and learns nothing of who did."""
    code = issued(talk)
    talk.knocks("Mai", code)
    talk.says("Mai", "1")
    answer = talk.knocks("Nga", code)
    assert "đã được dùng" in answer
    assert "Mai" not in answer
    assert seats(talk, "Nga") == []


@pytest.mark.parametrize(("days", "minutes", "taken"), [(9, 1439, True), (10, 0, False), (30, 0, False)])
def test_a_code_holds_ten_days(talk: Talk, days: int, minutes: int, taken: bool) -> None:
    """To the last minute of the tenth day; then it says that it has expired, which counts as no seat."""
    code = issued(talk)
    talk.later(days=days, minutes=minutes)
    assert ("đã hết hạn" in talk.knocks("Mai", code)) is not taken
    assert bool(seats(talk, "Mai")) is taken


def test_five_wrong_codes_close_the_door_for_an_hour(talk: Talk) -> None:
    """The right code is refused too until the hour is over; another phone is not kept out."""
    code = issued(talk)
    for _ in range(5):
        assert "không đúng" in talk.knocks("kẻ lạ", WRONG)
    assert "quá nhiều lần" in talk.knocks("kẻ lạ", code)
    assert seats(talk, "kẻ lạ") == []
    talk.later(minutes=59)
    assert "quá nhiều lần" in talk.knocks("kẻ lạ", code)
    talk.later(minutes=2)
    assert "Xã Định Hòa" in talk.knocks("kẻ lạ", code)


def test_a_crowd_of_phones_is_stopped_too(talk: Talk) -> None:
    """A hundred wrong codes in an hour from ever new phones of one account: the next is not looked at."""
    code = issued(talk)

    def tried(book: Book) -> None:
        for number in range(99):
            book.joining.note_try(talk.address(f"máy {number}"), talk.now)

    talk.store.write_now(tried)
    assert "không đúng" in talk.knocks("máy 100", WRONG)
    assert "quá nhiều lần" in talk.knocks("máy 101", code)
    assert seats(talk, "máy 101") == []


def test_who_has_joined_is_throttled_alike(talk: Talk) -> None:
    """Lan trying codes from inside gets five tries an hour and no seat."""
    code = issued(talk)
    for _ in range(5):
        assert "không đúng" in talk.says("Lan", WRONG)
    assert "quá nhiều lần" in talk.says("Lan", code)
    assert seats(talk, "Lan") == [("30001", Role.CONTACT)]


@pytest.mark.parametrize("typed", ["DK 234", "đk 120 hộ mới", "dk đi học 2 người", "xong", "/start", "?", "1"])
def test_a_stranger_without_a_code_costs_no_try(talk: Talk, typed: str) -> None:
    """Everyday shorthand is no code: nothing is answered here, and five of them do not close the door."""
    for _ in range(5):
        talk.knocks("Mai", typed)
    assert "Xã Định Hòa" in talk.knocks("Mai", issued(talk))


def test_a_second_seat_comes_with_its_tasks(talk: Talk) -> None:
    """Lan types a code for An Phú within a sentence: the list now names both units, and numbers mean it."""
    answer = talk.says("Lan", f"em nhập mã {issued(talk, '30003', Role.DEPUTY)} nhé anh")
    assert "nay cũng là đầu mối phụ của Xã An Phú" in answer
    assert (answer.count("— Xã An Phú"), answer.count("— Xã Bình Hòa")) == (2, 2)
    place = next(line for line in answer.splitlines() if "kế hoạch" in line and "An Phú" in line)
    number = place.split(".")[0].split()[-1]
    assert "— Xã An Phú" in talk.says("Lan", f"{number} xong 45/KH-UBND")
    assert talk.assignment("T02", "30003").state.status is Status.REPORTED
    assert talk.assignment("T02", "30001").state.silent


def test_a_code_for_a_seat_one_holds_adds_none(talk: Talk) -> None:
    """Lan types a further code for her own seat: she does not sit there twice."""
    talk.says("Lan", issued(talk, "30001", Role.CONTACT))
    assert seats(talk, "Lan") == [("30001", Role.CONTACT)]


def test_a_seat_asked_for_by_a_name_that_fits_two_is_not_given(talk: Talk) -> None:
    """ "Phú An" and "An Phú" are two communes; a name of neither is asked back, and the office hears nothing."""
    for typed in ("xin tham gia Bình Hào", "xin tham gia Sở Không Có"):
        talk.knocks("Nga", typed)
        assert talk.heard("Hoa") == []
    assert "Xã Phú An" in talk.knocks("Nga", "xin tham gia phu an")
    assert "Xã Phú An" in talk.heard("Hoa")[0].text
    assert seats(talk, "Nga") == []


def test_who_waits_for_the_office_is_heard_in_nothing_else(talk: Talk) -> None:
    """Until the office has decided, reports, lists and "1" get one answer; a code taken meanwhile is heard."""
    talk.knocks("Nga", "xin tham gia Định Hòa")
    for typed in ("1", "danh sách", "T02 xong", "đồng ý"):
        assert "đang chờ Văn phòng duyệt" in talk.says("Nga", typed)
    assert talk.assignment("T02", "30002").state.silent
    assert "đầu mối của Xã Định Hòa" in talk.says("Nga", issued(talk))


def test_asking_for_seats_counts_as_trying(talk: Talk) -> None:
    """Names asked for one after another do not list the province's units for a stranger."""
    for number in range(5):
        talk.knocks("kẻ lạ", f"xin tham gia xã số {number}")
    assert "quá nhiều lần" in talk.knocks("kẻ lạ", "xin tham gia Định Hòa")
    assert talk.heard("Hoa") == []


def test_a_name_from_outside_is_only_a_name(talk: Talk) -> None:
    """A phone that calls itself with braces and lines is greeted, and its name breaks no text."""
    talk.knocks("Mai", issued(talk), as_named="{name} %s <b>Mai</b>")
    assert "<b>Mai</b>" in talk.says("Mai", "1")
