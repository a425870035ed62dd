"""Summaries in chat, one unit's list, the messages behind a figure, invitations and help."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from bot.contacts import Role
from bot.store.book import Book
from tests.handlers.conftest import ZONE, Talk


@pytest.fixture
def underway(talk: Talk) -> Talk:
    """Lan is done with T02, Tâm blocked on it; on the 22nd the others are late."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong KH 45/KH-UBND")
    talk.says("Tâm", "danh sách")
    talk.says("Tâm", "1 vướng kinh phí")
    talk.now = datetime(2025, 9, 22, 9, tzinfo=ZONE)
    return talk


ASKED = (
    ("tổng hợp", "TỔNG HỢP NHIỆM VỤ"),
    ("/tonghop", "TỔNG HỢP NHIỆM VỤ"),
    ("tong hop", "TỔNG HỢP NHIỆM VỤ"),
    ("báo cáo tổng hợp", "TỔNG HỢP NHIỆM VỤ"),
    ("tinh hinh", "TỔNG HỢP NHIỆM VỤ"),
    ("NQ57 tới đâu rồi", "TÌNH HÌNH THỰC HIỆN NQ 57"),
    ("nq 57 toi dau roi?", "TÌNH HÌNH THỰC HIỆN NQ 57"),
    ("NQ 57", "TÌNH HÌNH THỰC HIỆN NQ 57"),
    ("nghị quyết 57 tới đâu", "TÌNH HÌNH THỰC HIỆN NQ 57"),
    ("xã nào trễ", "XÃ, PHƯỜNG, ĐẶC KHU CÓ VIỆC QUÁ HẠN"),
    ("xa nao tre", "XÃ, PHƯỜNG, ĐẶC KHU CÓ VIỆC QUÁ HẠN"),
    ("đơn vị nào trễ", "ĐƠN VỊ CÓ VIỆC QUÁ HẠN"),
    ("quá hạn", "ĐƠN VỊ CÓ VIỆC QUÁ HẠN"),
    ("ai chưa báo cáo", "CHƯA BÁO CÁO"),
    ("don vi nao chua bao cao", "CHƯA BÁO CÁO"),
    ("theo nghị quyết", "TỔNG HỢP THEO NGHỊ QUYẾT"),
    ("theo don vi", "TỔNG HỢP THEO ĐƠN VỊ"),
    ("T02 tới đâu rồi", "T02. Xây dựng kế hoạch"),
    ("vướng mắc", "VƯỚNG MẮC (1 việc)"),
    ("đơn vị nào chưa tham gia", "CHƯA LIÊN LẠC ĐƯỢC VỚI AI"),
)


@pytest.mark.parametrize("name", ["Hoa", "Bảy"])
def test_the_chair_and_the_office_ask_in_their_own_words(underway: Talk, name: str) -> None:
    """Every phrase, with or without marks, has its answer."""
    answers = {typed: (said, underway.says(name, typed)) for typed, said in ASKED}
    assert {typed: answer for typed, (said, answer) in answers.items() if said not in answer} == {}


def test_departments_and_communes_are_asked_for_apart(underway: Talk) -> None:
    """«Sở nào trễ» names no commune, «xã nào trễ» does, «phường nào trễ» names wards alone: there is none here."""
    offices, communes, wards = (underway.says("Bảy", f"{kind} nào trễ") for kind in ("sở", "xã", "phường"))
    assert ("Xã An Phú" in communes, "Xã" in offices, "Xã" in wards) == (True, False, False)
    assert offices.startswith("SỞ, BAN, NGÀNH CÓ VIỆC QUÁ HẠN")
    assert wards.startswith("PHƯỜNG CÓ VIỆC QUÁ HẠN")


ASKED_IN_ENGLISH = (
    ("summary", "Completed"),
    ("resolution 57", "57"),
    ("who is late", "Bình"),
    ("who has not reported", "T16"),
    ("T02 status", "T02"),
    ("obstacles", "OBSTACLES (1 task)"),
    ("unit Binh Hoa", "Xã Bình Hòa"),
    ("to confirm", "TO BE CONFIRMED (1)"),
    ("confirm all", "Confirmed, 1 task"),
)


def test_the_same_in_english(underway: Talk) -> None:
    """A clerk who reads English asks and is answered in it."""
    underway.join("Ann", "VPUBND", Role.OFFICE, language="en")
    answers = {typed: (said, underway.says("Ann", typed)) for typed, said in ASKED_IN_ENGLISH}
    assert {typed: answer for typed, (said, answer) in answers.items() if said not in answer} == {}


def test_figures_are_of_this_moment(underway: Talk) -> None:
    """Seven assignments of the sample and T16: the parts add up, and the moment stands above."""
    seen = underway.says("Bảy", "tổng hợp")
    assert "Số liệu lúc 09:00 22/9/2025" in seen
    assert "= 8 lượt giao" in seen
    assert "xã nào trễ" in seen


def test_an_unknown_resolution_or_task_is_said(underway: Talk) -> None:
    """What is not followed up is said, with what is."""
    assert "Không có nhiệm vụ nào phục vụ NQ 99" in underway.says("Bảy", "nq99 tới đâu rồi")
    assert "Không có nhiệm vụ mã T99" in underway.says("Bảy", "T99 tới đâu rồi")


def test_a_unit_sees_its_own_figures_alone(underway: Talk) -> None:
    """Lan asks the chair's questions and is answered on Bình Hòa."""
    seen = underway.says("Lan", "tổng hợp")
    assert "Số liệu của Xã Bình Hòa" in seen
    assert "= 2 lượt giao" in seen
    for typed in ("theo đơn vị", "ai chưa báo cáo", "T02 tới đâu rồi", "xã nào trễ", "nq57 tới đâu rồi"):
        assert "An Phú" not in underway.says("Lan", typed)
    assert "Không có nhiệm vụ mã T16" in underway.says("Lan", "T16 tới đâu rồi")


def test_a_unit_gets_nothing_of_the_province(underway: Talk) -> None:
    """What only the office may see is passed over for a unit's people, with not a word of another unit."""
    for typed in ("vướng mắc", "excel", "biểu đồ", "đơn vị An Phú", "An Phú nợ gì", "cần duyệt"):
        underway.says("Lan", typed)
        for letter in underway.heard("Lan"):
            assert "An Phú" not in letter.text.replace(typed, "")
            assert letter.attachment is None


@pytest.mark.parametrize(
    ("typed", "recipe", "kind"),
    [
        ("biểu đồ", "picture", "image/png"),
        ("hinh", "picture", "image/png"),
        ("excel", "sheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("bảng", "sheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_picture_and_sheet_go_with_a_letter(underway: Talk, typed: str, recipe: str, kind: str) -> None:
    """A file is named in the letter and made when it is sent."""
    underway.says("Bảy", typed)
    [letter] = underway.heard("Bảy")
    assert letter.attachment is not None
    assert letter.attachment["recipe"] == {"name": recipe}
    assert letter.attachment["kind"] == kind


@pytest.mark.parametrize("typed", ["đơn vị Bình Hòa", "Bình Hòa nợ gì", "xa binh hoa con no gi", "tình hình Bình Hòa"])
def test_one_units_list(underway: Talk, typed: str) -> None:
    """Who its people are, its figures, and what is open in numbers the clerk can use."""
    seen = underway.says("Hoa", typed)
    assert "Đầu mối: Lan, Minh" in seen
    assert "Thành lập Ban Chỉ đạo" in seen
    underway.says("Hoa", "tin gốc 2")
    assert underway.heard("Hoa") != []


def test_a_unit_that_nobody_joined(underway: Talk) -> None:
    """The clerk sees whom to invite."""
    assert "mã mời 30002" in underway.says("Hoa", "đơn vị Định Hòa")
    assert "Không tìm thấy đơn vị" in underway.says("Hoa", "đơn vị Long Xuyên")


@pytest.mark.parametrize("typed", ["tin gốc T02 Bình Hòa", "tin goc t2 binh hoa", "sources T02 Bình Hòa"])
def test_the_messages_behind_a_figure(underway: Talk, typed: str) -> None:
    """As typed, by whom, when and on which channel; decisions stand there too."""
    underway.says("Hoa", "xác nhận T02 Bình Hòa")
    seen = underway.says("Bảy", typed)
    assert "09:00 15/9/2025 · báo xong · Lan (Xã Bình Hòa) · trang thử" in seen
    assert "«1 xong KH 45/KH-UBND»" in seen
    assert "xác nhận hoàn thành · Hoa" in seen


def test_sources_by_number_and_taken_back(underway: Talk) -> None:
    """A number of the list; what was taken back stays visible as such; silence is said."""
    underway.says("Tâm", "2 vướng nhân lực")
    underway.says("Tâm", "hoàn tác")
    assert "báo vướng mắc · Tâm (Xã An Phú) · trang thử · đã rút" in underway.says("Bảy", "tin gốc T04")
    seen = underway.says("Bảy", "tin gốc T02")
    assert "Chưa có báo cáo nào: " in seen
    underway.says("Hoa", "cần duyệt")
    assert "«1 xong KH 45/KH-UBND»" in underway.says("Hoa", "tin gốc 1")


def test_a_telephone_report_is_shown_as_such(underway: Talk) -> None:
    """Who wrote it down stands behind the figure."""
    underway.says("Hoa", "ghi hộ Định Hòa việc 1 xong KH 9/KH-UBND")
    assert "ghi hộ theo điện thoại" in underway.says("Bảy", "tin gốc T02 Định Hòa")


def test_sources_of_another_unit_are_not_shown(underway: Talk) -> None:
    """Lan reads her own unit's messages, not those of An Phú."""
    assert "«1 xong KH 45/KH-UBND»" in underway.says("Minh", "tin gốc T02 Bình Hòa")
    answer = underway.says("Lan", "tin gốc T02 An Phú")
    assert "không thuộc đơn vị" in answer
    assert "kinh phí" not in answer


CODE = re.compile(r"DK \w{3} \w{4} \w{4}")


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("mã mời Định Hòa", Role.CONTACT),
        ("ma moi dinh hoa", Role.CONTACT),
        ("mã mời Định Hòa phó đầu mối", Role.DEPUTY),
        ("mã mời Định Hòa lãnh đạo", Role.LEADER),
        ("invite Dinh Hoa deputy", Role.DEPUTY),
    ],
)
def test_a_code_for_a_seat(talk: Talk, typed: str, role: Role) -> None:
    """The code opens that unit's seat, and the clerk reads until when and how to pass it on."""
    answer = talk.says("Hoa", typed)
    code = CODE.search(answer)
    assert code is not None
    found = talk.store.read_now(lambda book: book.joining.find(code[0], talk.now))
    assert not isinstance(found, str)
    assert (found.unit.code, found.role) == ("30002", role)
    assert "09:00 25/9/2025" in answer


def test_a_new_code_voids_the_old(talk: Talk) -> None:
    """Of two codes for one seat only the newer can be used; another seat's stays."""

    def usable(code: str) -> bool:
        return not isinstance(talk.store.read_now(lambda book: book.joining.find(code, talk.now)), str)

    first, deputy, second = (
        CODE.findall(talk.says("Hoa", f"mã mời Định Hòa{role}"))[0] for role in ("", " phó đầu mối", "")
    )
    assert (usable(first), usable(deputy), usable(second)) == (False, True, True)


def test_an_invitation_to_a_taken_seat_says_who_sits_there(talk: Talk) -> None:
    """The clerk learns that it would be a second contact."""
    assert "Hiện đã có đầu mối: Lan" in talk.says("Hoa", "mã mời Bình Hòa")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("mã mời Long Xuyên", "Không tìm thấy đơn vị"),
        ("mã mời Bình Hỏi", "Có phải: Xã Bình Hòa"),
        ("mã mời Định Hòa văn thư", "không rõ «văn thư»"),
    ],
)
def test_no_code_without_a_unit_and_role(talk: Talk, typed: str, said: str) -> None:
    """An unclear name or role issues nothing."""
    answer = talk.says("Hoa", typed)
    assert said in answer
    assert CODE.search(answer) is None


@pytest.mark.parametrize("name", ["Lan", "Bảy"])
def test_only_who_may_invite_gets_a_code(talk: Talk, name: str) -> None:
    """Neither a contact nor the chair gets a code."""
    assert CODE.search(talk.says(name, "mã mời Định Hòa")) is None


@pytest.mark.parametrize("typed", ["giúp", "help", "/start", "?", "hướng dẫn"])
def test_help_is_by_role(talk: Talk, typed: str) -> None:
    """An officer reads how to report, a clerk how to confirm, the chair how to ask."""
    assert "1 xong, KH 45/KH-UBND" in talk.says("Lan", typed)
    assert "xác nhận" not in talk.heard("Lan")[0].text
    assert "xác nhận 1,2" in talk.says("Hoa", typed)
    assert "NQ57 tới đâu rồi" in talk.says("Bảy", typed)
    assert "xác nhận 1,2" not in talk.heard("Bảy")[0].text


def test_a_leader_looks_and_does_not_report(talk: Talk) -> None:
    """A unit's leader reads how to see the list."""
    talk.join("Quý", "30001", Role.LEADER)
    seen = talk.says("Quý", "giúp")
    assert "danh sách" in seen
    assert "hoàn tác" not in seen


def test_help_names_the_clerk_and_the_telephone(talk: Talk) -> None:
    """A clerk's own number, or the province's where one is set."""
    assert "Cần người giúp: Hoa, Văn phòng." in talk.says("Lan", "giúp")
    talk.store.write_now(lambda book: book.people.correct(talk.ids["Sơn"], phone="0912 345 678"))
    assert "Sơn, Văn phòng, điện thoại 0912 345 678" in talk.says("Lan", "giúp")

    def hotline(book: Book) -> None:
        book.people.save_settings({**book.people.province().settings, "hotline": "0296 3 952 352"})

    talk.store.write_now(hotline)
    assert "0296 3 952 352" in talk.says("Lan", "giúp")


@pytest.mark.parametrize("who", ["Bảy", "Hoa"])
def test_a_task_of_many_units_is_asked_for_by_unit(talk: Talk, who: str) -> None:
    """'chi tiết T02' is a task that exists: the chair hears how many units have it, and how to go on."""
    answer = talk.says(who, "chi tiết T02")
    assert "«chi tiết T02 " in answer
    assert "«T02 tới đâu rồi»" in answer


def test_who_joined_by_a_channel_that_is_gone_is_named_where_nobody_is_reached(talk: Talk) -> None:
    """The office asks whom it does not reach: Dũng's bot is served no more, and what helps stands there."""
    dung = talk.join("Dũng", "STC", Role.CONTACT)
    [theirs] = talk.store.read_now(lambda book: book.people.people([dung]))[0].addresses
    served = {(theirs.channel, "another")}
    talk.store.write_now(lambda book: book.served.note(served, talk.now))
    asked = talk.says("Hoa", "đơn vị nào chưa tham gia")

    assert "vì kênh của họ không còn dùng:" in asked
    assert "Dũng" in asked
    assert "Cấp mã mới để họ vào lại: «mã mời <đơn vị>», thêm «phó đầu mối» hoặc «lãnh đạo»" in asked


def cut_off(talk: Talk) -> None:
    """Everybody's account is served no more, but those of who follows."""
    talk.store.write_now(lambda book: book.served.note({("local", "another")}, talk.now))


def test_the_offices_code_says_whom_it_replaces(talk: Talk) -> None:
    """Dũng can't be written to: no word of a second contact, but that whoever uses the code takes his seat."""
    talk.join("Dũng", "STC", Role.CONTACT)
    cut_off(talk)
    offered = talk.says("Hoa", "mã mời STC")

    assert "Không nhắn được cho Dũng vì kênh cũ không còn dùng." in offered
    assert "sẽ thay hẳn vị trí đó; báo cáo cũ vẫn là của đơn vị" in offered
    assert "thứ hai" not in offered


def test_the_code_takes_the_seat_of_who_is_cut_off(talk: Talk) -> None:
    """Hoa gives the code she was advised to give, Dũng uses it on his new phone: he is there once, nobody is named."""
    old = talk.join("Dũng", "STC", Role.CONTACT)
    cut_off(talk)
    offered = talk.says("Hoa", "mã mời STC")
    code = re.search(r"DK(?: [0-9A-Z]{3,4}){3}", offered)
    assert code
    talk.knocks("Dũng mới", code[0])
    talk.says("Dũng mới", "1")

    assert talk.store.read_now(lambda book: book.people.person(old)) is None
    assert "Đầu mối: Dũng mới\n" in talk.says("Hoa", "đơn vị STC")


def test_a_units_list_shows_who_can_not_be_written_to(talk: Talk) -> None:
    """The clerk sees it beside the name, with the code that helps; the chair, who gives no codes, sees it too."""
    talk.join("Dũng", "STC", Role.CONTACT)
    talk.join("Yến", "STC", Role.DEPUTY)
    assert "⚠️" not in talk.says("Hoa", "đơn vị STC").split("Số liệu")[0]
    cut_off(talk)
    clerk, chair = talk.says("Hoa", "đơn vị STC"), talk.says("Bảy", "đơn vị STC")

    assert "Đầu mối: Dũng (⚠️ hiện không nhắn được), Yến (⚠️ hiện không nhắn được)" in clerk
    assert "«mã mời STC»" in clerk
    assert "«mã mời STC phó đầu mối»" in clerk
    assert "Dũng (⚠️ hiện không nhắn được)" in chair
    assert "mã mời" not in chair
