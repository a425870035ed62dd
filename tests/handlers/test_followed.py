"""The unit that follows a task up looks at it in all units, whoever of it asks; others do not; it changes nothing."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.contacts import Role
from bot.store.book import Book
from bot.tasks import Status
from tests.handlers.conftest import ZONE, Talk


@pytest.fixture
def followed(talk: Talk) -> Talk:
    """Sở Tài chính follows up T02; on the 22nd Lan is done with it and T04, Tâm is stuck, the others are late."""

    def pass_on(book: Book) -> None:
        finance = book.people.unit("STC")
        assert finance is not None
        book.following.pass_on({"T02": finance.id})

    talk.store.write_now(pass_on)
    talk.join("Quân", "STC", Role.CONTACT)
    talk.join("Dũng", "STC", Role.DEPUTY)
    talk.join("Giám đốc", "STC", Role.LEADER)
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong KH 45/KH-UBND, 2 xong QĐ 12/QĐ-UBND")
    talk.says("Tâm", "danh sách")
    talk.says("Tâm", "1 vướng kinh phí")
    talk.now = datetime(2025, 9, 22, 9, tzinfo=ZONE)
    return talk


#: What is asked, what the follower reads of it, and what stands in it of the asker's own unit's tasks (T02 and T16).
ASKED = (
    ("tổng hợp", "= 6 lượt giao"),
    ("NQ57 tới đâu rồi", "(0/5 lượt giao)"),
    ("NQ68 tới đâu rồi", "(0/6 lượt giao)"),
    ("đơn vị nào trễ", "Quá hạn 66,7% (4/6 lượt giao)"),
    ("ai chưa báo cáo", "Xã (2): Định Hòa, Phú An"),
    ("theo đơn vị", "Xã An Phú: hoàn thành 0% (0/1 lượt giao)"),
    ("T02 tới đâu rồi", "Bình Hòa (45/KH-UBND)"),
    ("tin gốc T02 Bình Hòa", "báo xong · Lan"),
    ("tin gốc T02", "1 vướng kinh phí"),
    ("chi tiết T02 Bình Hòa", "Cơ quan theo dõi: Sở Tài chính"),
    ("việc theo dõi", "T02: hoàn thành 0% (0/5 lượt giao)"),
)


@pytest.mark.parametrize("name", ["Quân", "Dũng", "Giám đốc"])
def test_a_followed_task_is_seen_in_all_units(followed: Talk, name: str) -> None:
    """Figures, names, words and points of T02 everywhere, with the own T16: to contact, deputy and leader alike."""
    answers = {typed: (said, followed.says(name, typed)) for typed, said in ASKED}
    assert {typed: answer for typed, (said, answer) in answers.items() if said not in answer} == {}


def test_words_about_other_tasks_are_not_theirs(followed: Talk) -> None:
    """Lan's one message reports T02 and T04: Quân follows T02, and reads that it is done, not the sentence."""
    assert "QĐ 12/QĐ-UBND" not in followed.says("Quân", "tin gốc T02 Bình Hòa")
    assert "QĐ 12/QĐ-UBND" in followed.says("Lan", "tin gốc T02 Bình Hòa")
    assert "QĐ 12/QĐ-UBND" in followed.says("Hoa", "tin gốc T02 Bình Hòa")


def test_a_request_in_the_same_message_closes_its_words(followed: Talk) -> None:
    """'1 vẫn vướng, 2 xin lùi' says something of T04, though it reports nothing there."""
    followed.says("Tâm", "danh sách")
    followed.says("Tâm", "1 được 40%, 2 xin lùi đến 30/9 vì chờ mặt bằng")
    assert "mặt bằng" not in followed.says("Quân", "tin gốc T02 An Phú")


def test_telephone_numbers_stay_with_the_unit(followed: Talk) -> None:
    """What is said of T02 alone is read by who follows it, but whom to call is the office's to know."""
    followed.says("Tâm", "T02 vướng kinh phí, gọi em 0912 345 678")
    seen = followed.says("Quân", "tin gốc T02 An Phú")
    assert ("gọi em" in seen, "345 678" in seen) == (True, False)
    assert "0912 345 678" in followed.says("Hoa", "tin gốc T02 An Phú")


def test_figures_say_whose_they_are(followed: Talk) -> None:
    """The head names the own unit and how many tasks of others are counted with it, and how to see them."""
    seen = followed.says("Quân", "tổng hợp")
    assert "(Số liệu của Sở Tài chính, cùng mọi đơn vị ở 1 nhiệm vụ Sở Tài chính theo dõi" in seen
    assert "nhiệm vụ đơn vị theo dõi" in followed.says("Quân", "giúp").lower()
    assert "việc theo dõi" not in followed.says("Lan", "giúp")


@pytest.mark.parametrize(
    "typed", [typed for typed, _ in ASKED] + ["tin gốc T04 An Phú", "chi tiết T04 An Phú", "T04 tới đâu rồi"]
)
def test_another_unit_learns_nothing(followed: Talk, typed: str) -> None:
    """Lan is given T02 as others are: of An Phú's or Định Hòa's share she reads not a word."""
    seen = followed.says("Lan", typed)
    for unit in ("An Phú", "Định Hòa", "Phú An", "vướng kinh phí"):
        assert unit not in seen.replace(typed, "")


@pytest.mark.parametrize("typed", ["tin gốc T04 Bình Hòa", "chi tiết T04 Bình Hòa", "T04 tới đâu rồi"])
def test_a_task_followed_by_nobody_stays_closed(followed: Talk, typed: str) -> None:
    """T02 opens T02 alone: T04 of the same unit is not Quân's to see."""
    seen = followed.says("Quân", typed)
    assert "12/QĐ-UBND" not in seen
    assert "Thành lập Ban Chỉ đạo" not in seen


def test_looking_changes_nothing(followed: Talk) -> None:
    """What Quân types after he looked is his own unit's, or the office's; no other unit's assignment moves."""
    before = {unit: followed.assignment("T02", unit) for unit in ("30001", "30002", "30003", "30004")}
    followed.says("Quân", "danh sách")
    for typed in ("tin gốc T02 An Phú", "chi tiết T02 An Phú", "việc theo dõi"):
        followed.says("Quân", typed)
        followed.says("Quân", "xong")
    for typed in ("xác nhận T02 An Phú", "trả lại T02 An Phú thiếu dấu", "ghi hộ An Phú việc 1 xong"):
        followed.says("Quân", typed)
    followed.says("Quân", "1 xong")
    assert {unit: followed.assignment("T02", unit) for unit in before} == before
    assert followed.assignment("T02", "STC").state.status is Status.REPORTED


def test_a_code_alone_asks_for_the_unit(followed: Talk) -> None:
    """T02 of which unit: a follower who has no share of it is asked for a name, with the view of all."""

    def pass_on(book: Book) -> None:
        finance = book.people.unit("STC")
        assert finance is not None
        book.following.pass_on({"T04": finance.id})

    followed.store.write_now(pass_on)
    assert "giao cho 2 đơn vị" in followed.says("Quân", "chi tiết T04")
    assert "không tìm thấy việc đó" in followed.says("Lan", "chi tiết T16")


def test_the_office_sees_what_its_own_unit_follows(followed: Talk) -> None:
    """Hoa may look at everything; asked for what is followed she is shown her own unit's part, which is none."""
    assert "không được giao theo dõi nhiệm vụ nào" in followed.says("Hoa", "việc theo dõi")


@pytest.mark.parametrize("typed", ["tin gốc T04 Phú An", "tin gốc T04 Bình Hòa", "tin gốc T99 Bình Hòa", "tin gốc T04"])
def test_nobody_learns_who_has_which_task(followed: Talk, typed: str) -> None:
    """Given or not, there or not: who may look at none of it gets one and the same answer."""
    assert followed.says("Quân", typed) == "Việc này không thuộc đơn vị của anh/chị."
