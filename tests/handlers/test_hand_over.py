"""A seat changes hands, or the task is another's: what the asker reads, what the code does, and the way back."""

from __future__ import annotations

import re

import pytest

from bot.contacts import Role
from bot.conversation import RequestKind
from bot.store.book import Book
from bot.tasks import Status
from tests.handlers.conftest import Talk

CODE = re.compile(r"DK \w{3} \w{4} \w{4}")


def granted_code(talk: Talk, typed: str = "chuyển đầu mối sang đ/c Mai", name: str = "Lan") -> str:
    """The code that this person was given to pass on."""
    number = re.search(r"mục số (\d+)", talk.says(name, typed))
    assert number is not None
    talk.says("Hoa", f"duyệt {number[1]}")
    found = CODE.search(talk.heard(name)[0].text)
    assert found is not None
    return found[0]


def holders(talk: Talk, role: Role = Role.CONTACT) -> list[str]:
    """Who sits in Bình Hòa now, consent or not."""

    def work(book: Book) -> list[str]:
        known = {name: book.people.person(person_id) for name, person_id in talk.ids.items()}
        seats = {name: person.seats if person else () for name, person in known.items()}
        return [name for name, held in seats.items() if ("30001", role) in {(one.unit.code, one.role) for one in held}]

    return talk.store.read_now(work)


@pytest.mark.parametrize(
    ("typed", "successor"),
    [
        ("chuyển đầu mối sang đ/c Mai", "Mai"),
        ("chuyen dau moi sang dc Mai", "Mai"),
        ("từ nay đầu mối của xã là chị Mai", "Mai"),
        ("em chuyển công tác, xin đổi đầu mối", "người khác"),
    ],
)
def test_the_successor_is_named_where_one_is(talk: Talk, typed: str, successor: str) -> None:
    """The office reads the name and the sentence; the asker reads that nothing has changed yet."""
    answer = talk.says("Lan", typed)
    assert f"đổi đầu mối sang {successor}" in answer
    assert "đầu mối hiện nay vẫn nhận việc" in answer
    assert f"«{typed}»" in talk.heard("Hoa")[0].text
    assert holders(talk) == ["Lan"]


def test_until_the_code_is_used_the_old_contact_works_on(talk: Talk) -> None:
    """Granted, but not yet passed on: Lan still reports, and her list is hers."""
    granted_code(talk)
    assert "✅" in talk.says("Lan", "T02 xong, 45/KH-UBND")
    assert holders(talk) == ["Lan"]


def test_the_old_phone_is_silent_at_once(talk: Talk) -> None:
    """Mai has typed the code: Lan's words change nothing any more, even before Mai has agreed to the notice."""
    code = granted_code(talk)
    talk.knocks("Mai", code)
    talk.says("Lan", "T02 xong, 45/KH-UBND")
    assert talk.heard("Lan") == []
    assert talk.assignment("T02", "30001").state.silent
    assert holders(talk) == ["Mai"]


def test_history_stays_and_is_not_the_successors_to_undo(talk: Talk) -> None:
    """What Lan reported stands under the unit; Mai sees it, and her "hoàn tác" does not take it back."""
    talk.says("Lan", "T02 được 40%")
    talk.knocks("Mai", granted_code(talk))
    assert "đang làm (40%)" in talk.says("Mai", "1")
    assert "chưa có báo cáo nào" in talk.says("Mai", "hoàn tác")
    assert talk.assignment("T02", "30001").state.percent == 40


def test_there_and_back_again(talk: Talk) -> None:
    """Mai hands over to Lan when Lan returns: one contact at every moment, and Lan agrees to the notice anew."""
    talk.knocks("Mai", granted_code(talk))
    talk.says("Mai", "1")
    back = granted_code(talk, "chuyển đầu mối lại cho chị Lan", "Mai")
    assert "Thông báo về dữ liệu" in talk.knocks("Lan", back)
    assert holders(talk) == ["Lan"]
    assert "việc đang mở" in talk.says("Lan", "1")
    talk.says("Mai", "T02 xong")
    assert talk.assignment("T02", "30001").state.silent


def test_a_code_passed_to_the_deputy_moves_the_seat_to_him(talk: Talk) -> None:
    """Minh, who is deputy, uses it: he is contact too, Lan is out."""
    code = granted_code(talk, "chuyển đầu mối sang anh Minh")
    assert "nay cũng là đầu mối của Xã Bình Hòa" in talk.says("Minh", code)
    assert holders(talk) == ["Minh"]
    assert talk.says("Lan", "danh sách") == ""


def test_the_code_is_no_use_twice(talk: Talk) -> None:
    """Somebody else who got the letter forwarded can't take the seat from Mai."""
    code = granted_code(talk)
    talk.knocks("Mai", code)
    assert "đã được dùng" in talk.knocks("kẻ lạ", code)
    assert holders(talk) == ["Mai"]


def test_two_codes_for_one_seat_seat_one(talk: Talk) -> None:
    """Asked and granted twice; once the first is used, the second must not put a stranger beside Mai."""
    first, second = granted_code(talk), granted_code(talk)
    talk.knocks("Mai", first)
    talk.says("Mai", "1")
    talk.knocks("kẻ lạ", second)
    assert holders(talk) == ["Mai"]


@pytest.mark.parametrize("typed", ["chuyển đầu mối sang đ/c Mai", "đầu mối mới là chị Mai"])
def test_a_deputy_does_not_give_the_seat_away(talk: Talk, typed: str) -> None:
    """Minh is told who may; the office hears nothing."""
    assert "do đầu mối hoặc lãnh đạo đơn vị đề nghị" in talk.says("Minh", typed)
    assert talk.heard("Hoa") == []


def test_a_leader_hands_over_the_contacts_seat(talk: Talk) -> None:
    """The commune's chairman asks: the code goes to him, and moves Lan's seat, not his."""
    talk.join("Quý", "30001", Role.LEADER)
    code = granted_code(talk, name="Quý")
    talk.knocks("Mai", code)
    assert (holders(talk), holders(talk, role=Role.LEADER)) == (["Mai"], ["Quý"])


def test_a_refused_hand_over_leaves_everything(talk: Talk) -> None:
    """Lan reads the reason and goes on."""
    talk.says("Lan", "chuyển đầu mối sang đ/c Mai")
    talk.says("Hoa", "không duyệt 1 chờ quyết định phân công")
    assert "chờ quyết định phân công" in talk.heard("Lan")[0].text
    assert holders(talk) == ["Lan"]


@pytest.mark.parametrize(
    "typed",
    [
        "việc 2 không phải của xã em",
        "viec nay khong phai cua xa em",
        "không thuộc nhiệm vụ của xã",
        "nhầm đơn vị rồi ạ",
    ],
)
def test_not_ours_keeps_the_task_until_the_office_has_spoken(talk: Talk, typed: str) -> None:
    """A deputy may say it too; the task stays on the list."""
    talk.says("Minh", "danh sách")
    assert "việc vẫn nằm trong danh sách" in talk.says("Minh", typed)
    assert "↪️" in talk.heard("Hoa")[0].text
    assert "2 việc đang mở" in talk.says("Minh", "danh sách")


def test_a_leavers_open_request_names_nobody(talk: Talk) -> None:
    """Lan asked and then withdrew: the clerk's list says that the person has left, and keeps no word of hers."""
    talk.says("Lan", "nộp bản giấy ở đâu ạ?")
    talk.says("Lan", "rút đồng ý và xóa dữ liệu")
    seen = talk.says("Hoa", "cần duyệt")
    assert "người đã rời, 09:00 15/9/2025" in seen
    assert "bản giấy" not in seen
    assert "Lan" not in seen
    answer = talk.says("Hoa", "tl 1 ở tầng 2")
    assert "không còn nhận tin ở đây" in answer
    assert "0 yêu cầu" in talk.says("Hoa", "cần duyệt")


def test_leaving_in_the_middle_of_a_question_ends_it(talk: Talk) -> None:
    """Asked "việc nào?", Lan withdraws instead: her late "1" is nobody's report, and the seat is told to be empty."""
    talk.says("Lan", "xong rồi")
    data = talk.heard("Lan")[0].buttons[0][1]
    talk.says("Lan", "rút đồng ý")
    assert "Ghế trống: đầu mối của Xã Bình Hòa" in _after_leaving(talk)
    talk.says("Lan", "1")
    talk.says("Lan", "", button=data)
    assert [talk.assignment(code, "30001").state.status for code in ("T02", "T04")] == [Status.ASSIGNED] * 2
    assert holders(talk) == []


def _after_leaving(talk: Talk) -> str:
    talk.presses("Lan", "Rút và xóa")
    return talk.heard("Hoa")[0].text


def test_an_extension_of_a_leaver_can_still_be_decided(talk: Talk) -> None:
    """The unit's later deadline does not go with the person who asked: granted, it is told to the deputy."""
    talk.says("Lan", "T02 xin lùi đến 25/9")
    talk.says("Lan", "rút đồng ý và xóa dữ liệu")
    [waiting] = talk.store.read_now(lambda book: book.talks.open_requests(RequestKind.EXTENSION))
    assert "Đã duyệt" in talk.says("Hoa", f"duyệt {waiting.number}")
    assert "25/9" in talk.heard("Minh")[0].text
    assert talk.assignment("T02", "30001").state.extensions == 1
