"""Slips of a clerk in a hurry and tries of somebody who may not: nothing happens that was not plainly said."""

from __future__ import annotations

import re

import pytest

from bot.contacts import Role
from bot.conversation import RequestKind, Verdict
from bot.tasks import Status
from tests.handlers.conftest import Talk
from tests.handlers.test_office_requests import due_of, extension, newcomer, raise_request, verdict

GIVEN = (("T02", "30001"), ("T04", "30001"), ("T02", "30003"), ("T04", "30003"), ("T02", "30002"), ("T16", "STC"))


@pytest.fixture
def reported(talk: Talk) -> Talk:
    """An Phú has reported T02, Bình Hòa both of its tasks; chị Hoa was shown them as 1, 2 and 3."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong KH 45/KH-UBND, 2 xong QĐ 12/QĐ-UBND")
    talk.says("Tâm", "danh sách")
    talk.says("Tâm", "1 xong KH 07/KH-UBND")
    talk.says("Hoa", "cần duyệt")
    return talk


def standing(talk: Talk) -> dict[tuple[str, str], Status]:
    """Where everything stands."""
    return {pair: talk.assignment(*pair).state.status for pair in GIVEN}


def in_all(talk: Talk, name: str = "Bảy") -> dict[str, int]:
    """The figures of the chair's total, by the light they stand behind, and the sum as «all»."""
    said = talk.says(name, "tổng hợp").split("Theo nghị quyết")[0]
    found = {light: int(amount) for light, amount in re.findall(r"^([🟢🟡🔵🔴⚪])[^:\n]+: (\d+)$", said, re.MULTILINE)}
    total = re.search(r"^Cộng: ([\d +]+)= (\d+) lượt giao", said, re.MULTILINE)
    assert total is not None, said
    assert sum(int(part) for part in total[1].split("+")) == int(total[2])
    return found | {"all": int(total[2])}


@pytest.mark.parametrize(
    "typed",
    ["xn", "xn 0", "xn 1-99", "xn 3-1", "xn T02 Bình Hỏi", "xn T99", "xn T02 Long Xuyên", "xn T16", "xn 1 2 nhé k"],
)
def test_a_slip_confirms_nothing(reported: Talk, typed: str) -> None:
    """What is half typed, out of the list or nearly a name leaves everything as it was, and no unit hears of it."""
    before = standing(reported)
    assert reported.says("Hoa", typed)
    assert standing(reported) == before
    assert {one.to for one in reported.read} == {"Hoa"}


@pytest.mark.parametrize("typed", ["trả lại 1", "trả lại 1,2", "thu hồi 3", "thu hồi T02 tất cả", "trả lại T02 An Phú"])
def test_no_decision_against_a_unit_without_a_reason(reported: Talk, typed: str) -> None:
    """The reason is asked for with the clerk's own words as the example, and nothing is done meanwhile."""
    before = standing(reported)
    assert f"«{typed} " in reported.says("Hoa", typed)
    assert standing(reported) == before
    assert {one.to for one in reported.read} == {"Hoa"}


@pytest.mark.parametrize("typed", ["xn 1", "xn T02 An Phú", "xn T2 an phu", "xn hết", "xác nhận 1,1,1"])
def test_the_same_confirmed_twice_is_told_once(reported: Talk, typed: str) -> None:
    """Typed again after a lost signal: the unit hears nothing more, and the first moment of acceptance stays."""
    reported.says("Hoa", typed)
    assert len(reported.heard("Tâm")) == 1
    first = reported.assignment("T02", "30003").state.accepted_at
    reported.later(minutes=10)
    reported.says("Hoa", typed)
    assert reported.heard("Tâm") == []
    assert reported.assignment("T02", "30003").state.accepted_at == first == reported.now.replace(minute=0)


def test_numbers_mean_the_list_seen_last(reported: Talk) -> None:
    """After a newer list a number is the newer one's: 1 was An Phú, is Bình Hòa, and 3 is nobody."""
    reported.says("Hoa", "xn 1")
    reported.says("Hoa", "cần duyệt")
    assert "không có số 3" in reported.says("Hoa", "xn 3")
    reported.says("Hoa", "xn 1")
    assert reported.assignment("T02", "30001").state.status is Status.ACCEPTED
    assert reported.assignment("T04", "30001").state.status is Status.REPORTED


def test_each_clerk_has_a_list_of_their_own(reported: Talk) -> None:
    """Anh Sơn was shown a shorter list later: chị Hoa's 1 stays An Phú's."""
    reported.says("Hoa", "xn 2")
    reported.says("Sơn", "cần duyệt")
    reported.says("Sơn", "xn 2")
    assert reported.assignment("T04", "30001").state.status is Status.ACCEPTED
    assert reported.assignment("T02", "30003").state.status is Status.REPORTED
    reported.says("Hoa", "xn 1")
    assert reported.assignment("T02", "30003").state.status is Status.ACCEPTED


def test_a_good_number_beside_a_bad_one_is_done_and_the_bad_one_named(reported: Talk) -> None:
    """«xn 1, 9» confirms the first and says that there is no ninth."""
    answer = reported.says("Hoa", "xn 1, 9")
    assert "Đã xác nhận hoàn thành 1 việc" in answer
    assert "không có số 9" in answer


@pytest.mark.parametrize("typed", ["thu hồi T02 An Phú trùng việc", "thu hồi 1 trùng việc", "trả lại 1 thiếu dấu"])
def test_what_is_accepted_is_neither_recalled_nor_returned(reported: Talk, typed: str) -> None:
    """The clerk reads since when it is accepted; the unit's finished work stays finished."""
    reported.says("Hoa", "xn 1")
    assert "đã được xác nhận hoàn thành lúc" in reported.says("Hoa", typed)
    assert reported.assignment("T02", "30003").state.status is Status.ACCEPTED
    assert reported.heard("Tâm") == []


def test_a_recall_of_all_leaves_what_is_accepted(reported: Talk) -> None:
    """«thu hồi T02 tất cả» takes the open ones, names the accepted one, and writes to nobody of that unit."""
    reported.says("Hoa", "xn 1")
    answer = reported.says("Hoa", "thu hồi T02 tất cả: giao lại bằng văn bản khác")
    assert "Xã An Phú: đã được xác nhận hoàn thành" in answer
    assert standing(reported)["T02", "30003"] is Status.ACCEPTED
    assert standing(reported)["T02", "30001"] is standing(reported)["T02", "30002"] is Status.RECALLED
    assert "giao lại bằng văn bản khác" in reported.heard("Lan")[0].text
    assert reported.heard("Tâm") == []


@pytest.mark.parametrize(("named", "other"), [("Bình Hòa", "30002"), ("Định Hòa", "30001"), ("dinh hoa", "30001")])
def test_of_two_names_one_letter_apart_only_the_named_is_meant(talk: Talk, named: str, other: str) -> None:
    """Bình Hòa and Định Hòa, An Phú and Phú An: a recall of the one never touches the other."""
    talk.says("Hoa", f"thu hồi T02 {named} nhầm đơn vị")
    assert talk.assignment("T02", other).state.status is Status.ASSIGNED
    assert talk.assignment("T02", "30002" if other == "30001" else "30001").state.status is Status.RECALLED
    talk.says("Hoa", "thu hồi T02 Phú An nhầm đơn vị")
    assert talk.assignment("T02", "30003").state.status is Status.ASSIGNED
    assert talk.assignment("T02", "30004").state.status is Status.RECALLED


@pytest.mark.parametrize("name", ["Bảy", "Tâm", "Minh"])
def test_only_a_clerk_decides(reported: Talk, name: str) -> None:
    """The chair, an officer and a deputy type every decision of the office: nothing moves, nobody else hears."""
    number = extension(reported, unit="30003", name="Tâm")
    before, codes = standing(reported), re.compile(r"DK \w{3} \w{4} \w{4}")
    for typed in (
        "xn hết",
        "xn T02 Bình Hòa",
        f"duyệt {number}",
        "duyệt hết gia hạn",
        f"không duyệt {number} không cần",
        "thu hồi T02 Định Hòa thừa",
        "trả lại T02 Bình Hòa thiếu dấu",
        "mã mời Định Hòa",
    ):
        assert not codes.search(reported.says(name, typed))
        assert {one.to for one in reported.read} == {name}, typed
    assert standing(reported) == before
    assert verdict(reported, number) is None
    assert due_of(reported, "30003").day == 20


def test_the_chair_neither_answers_nor_reports_for_a_unit(talk: Talk) -> None:
    """«tl» and «ghi hộ» by the chair: the question still waits, the task is silent, and no officer is written to."""
    number = raise_request(talk, RequestKind.QUESTION, "Lan", said="mẫu nào?")
    talk.says("Bảy", f"tl {number} mẫu 2")
    assert talk.heard("Lan") == []
    talk.says("Bảy", "ghi hộ Bình Hòa việc 1 xong KH 45/KH-UBND")
    assert talk.heard("Lan") == []
    assert talk.assignment("T02", "30001").state.silent
    assert verdict(talk, number) is None


def test_a_clerk_who_is_a_units_contact_too_keeps_both(talk: Talk) -> None:
    """Anh Sơn also reports for Định Hòa: his «1 xong» is a unit's report, his «xn» the office's word."""

    def second_seat(book: object) -> None:
        place = book.people.unit("30002")  # type: ignore[attr-defined]
        book.joining.give_seat(talk.ids["Sơn"], place.id, Role.CONTACT, talk.now)  # type: ignore[attr-defined]

    talk.store.write_now(second_seat)
    talk.says("Sơn", "danh sách")
    talk.says("Sơn", "1 xong KH 9/KH-UBND")
    assert talk.assignment("T02", "30002").state.status is Status.REPORTED
    talk.says("Sơn", "xn T02 Định Hòa")
    assert talk.assignment("T02", "30002").state.status is Status.ACCEPTED


def test_figures_add_up_after_every_decision(reported: Talk) -> None:
    """Each decision moves one assignment from one part of the total to another; a recall takes it out, a re-opening
    brings it back."""
    assert in_all(reported) == {"🟡": 3, "🔵": 4, "⚪": 1, "all": 8}
    for typed, stands in (
        ("xn 1", {"🟢": 1, "🟡": 2, "🔵": 4, "⚪": 1, "all": 8}),
        ("trả lại 2 thiếu dấu", {"🟢": 1, "🟡": 1, "🔵": 5, "⚪": 1, "all": 8}),
        ("thu hồi 2 trùng việc", {"🟢": 1, "🟡": 1, "🔵": 4, "⚪": 1, "all": 7}),
        ("mở lại 2 nhầm", {"🟢": 1, "🟡": 1, "🔵": 5, "⚪": 1, "all": 8}),
        ("xn hết", {"🟢": 2, "🔵": 5, "⚪": 1, "all": 8}),
        ("mở lại 1 phụ lục sai", {"🟢": 1, "🔵": 6, "⚪": 1, "all": 8}),
    ):
        reported.says("Hoa", typed)
        assert in_all(reported) == stands, typed


def test_an_extension_takes_a_late_task_out_of_the_red(talk: Talk) -> None:
    """Granted on the 22nd until the 24th: one less is overdue, at once and in the chair's own figures."""
    number = extension(talk)
    talk.later(days=7)
    late = in_all(talk)
    assert late["🔴"] == 7
    talk.says("Hoa", f"duyệt {number}")
    assert in_all(talk) == late | {"🔴": 6, "🔵": late.get("🔵", 0) + 1}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nq99 tới đâu", "Không có nhiệm vụ nào phục vụ NQ 99"),
        ("T99 tới đâu", "Không có nhiệm vụ mã T99"),
        ("đơn vị Long Xuyên", "Không tìm thấy đơn vị"),
        ("đơn vị Bình Hỏi", "Có phải: Xã Bình Hòa"),
        ("tin gốc T99", "Không có nhiệm vụ mã T99"),
        ("tin gốc T16 Bình Hòa", "không được giao T16"),
    ],
)
def test_the_chair_asks_for_what_is_not_there(talk: Talk, typed: str, said: str) -> None:
    """No such resolution, task or unit is said in so many words, never answered with another's figures."""
    assert said in talk.says("Bảy", typed)


def test_an_answer_to_somebody_who_left_is_said_and_settled_once(talk: Talk) -> None:
    """Tâm withdrew: the clerk hears that nobody gets the answer; the second clerk that it is done with."""
    number = raise_request(talk, RequestKind.QUESTION, "Tâm", unit="30003", said="nộp ở đâu?")
    talk.says("Tâm", "rút đồng ý và xóa dữ liệu")
    assert "không còn nhận tin ở đây" in talk.says("Hoa", f"tl {number} nộp ở phòng 3")
    assert {one.to for one in talk.read} == {"Hoa"}
    assert "không cần xử lý nữa" in talk.says("Sơn", f"tl {number} nộp ở phòng 3")


@pytest.mark.parametrize("typed", ["duyệt {0}", "duyệt hết gia hạn"])
def test_an_extension_of_somebody_who_left_still_moves_the_units_deadline(talk: Talk, typed: str) -> None:
    """The request was Bình Hòa's: Lan withdrew, Minh reads the new date, and the date holds."""
    number = extension(talk)
    talk.says("Lan", "rút đồng ý và xóa dữ liệu")
    talk.says("Hoa", typed.format(number))
    assert verdict(talk, number) is Verdict.GRANTED
    assert due_of(talk).day == 24
    assert ["24/9" in one.text for one in talk.heard("Minh")] == [True]
    assert [one for one in talk.read if one.to not in ("Hoa", "Minh")] == []


def test_a_decision_is_not_turned_round_by_a_second_word(talk: Talk) -> None:
    """Refused stays refused and granted stays granted, whoever says the opposite afterwards."""
    refused, granted = extension(talk), extension(talk, unit="30003", name="Tâm")
    talk.says("Hoa", f"từ chối {refused} hạn của Chủ tịch")
    talk.says("Hoa", f"duyệt {granted}")
    assert "đã bị từ chối" in talk.says("Sơn", f"duyệt {refused} đến 30/9")
    assert "đã được duyệt" in talk.says("Sơn", f"từ chối {granted} không nên")
    assert (due_of(talk).day, due_of(talk, "30003").day) == (20, 24)


def test_one_letter_refuses_and_nothing_else(talk: Talk) -> None:
    """«không duyệt 1 2 lý do» might be one or two: nothing is refused, the comma is asked for."""
    first, second = extension(talk), extension(talk, unit="30003", name="Tâm")
    assert "dấu phẩy" in talk.says("Hoa", f"không duyệt {first} {second} chưa đủ căn cứ")
    assert verdict(talk, first) is verdict(talk, second) is None
    talk.says("Hoa", f"không duyệt {first}, {second} chưa đủ căn cứ")
    assert "chưa đủ căn cứ" in talk.heard("Lan")[0].text
    assert "chưa đủ căn cứ" in talk.heard("Tâm")[0].text


def test_a_newcomer_is_let_in_once(talk: Talk) -> None:
    """Two clerks let Thu in: she has one seat and one notice."""
    number = newcomer(talk)
    talk.says("Hoa", f"duyệt {number}")
    assert "đã được duyệt" in talk.says("Sơn", f"duyệt {number}")
    assert talk.heard("Thu") == []
    person = talk.store.read_now(lambda book: book.people.person(talk.ids["Thu"]))
    assert person is not None
    assert len(person.seats) == 1


def test_a_newcomer_who_gave_up_is_not_seated(talk: Talk) -> None:
    """Thu was forgotten meanwhile: letting her in says so, and Định Hòa still has nobody."""
    number = newcomer(talk)
    talk.store.write_now(lambda book: book.people.erase(talk.ids["Thu"], talk.now))
    assert "không còn nhận tin ở đây" in talk.says("Hoa", f"duyệt {number}")
    assert "Xã Định Hòa" in [one.name for one in talk.store.read_now(lambda book: book.people.units_without_contact())]


def test_the_unit_hears_of_a_call_taken_back_and_what_was_before_holds(talk: Talk) -> None:
    """Lan said 40%, the clerk noted «xong» for her by mistake: taken back, it is 40% again and both were told."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 được 40%")
    talk.says("Hoa", "ghi hộ Bình Hòa việc 1 xong KH 45/KH-UBND")
    talk.says("Hoa", "hoàn tác")
    one = talk.assignment("T02", "30001").state
    assert (one.status, one.percent, one.document) == (Status.IN_PROGRESS, 40, None)
    for name in ("Lan", "Minh"):
        assert "đã rút lại báo cáo ghi hộ" in talk.heard(name)[0].text


def test_a_call_is_not_taken_back_by_another_clerk(talk: Talk) -> None:
    """Anh Sơn's «hoàn tác» is about his own: chị Hoa's note stays."""
    talk.says("Hoa", "ghi hộ Bình Hòa việc 1 xong KH 45/KH-UBND")
    talk.says("Sơn", "hoàn tác")
    assert talk.assignment("T02", "30001").state.status is Status.REPORTED
    assert talk.heard("Lan") == []


@pytest.mark.parametrize("first", ["đơn vị Bình Hòa", "ghi hộ Bình Hòa xong rồi"])
def test_numbers_of_the_list_the_clerk_reads_stay_while_she_notes(talk: Talk, first: str) -> None:
    """Lan was shown nothing yet: the clerk notes 1 and then 2 of the list before her, in two messages."""
    assert "2. Thành lập Ban Chỉ đạo" in talk.says("Hoa", first)
    talk.says("Hoa", "ghi hộ Bình Hòa việc 1 xong KH 45/KH-UBND")
    talk.says("Hoa", "ghi hộ Bình Hòa việc 2 được 60%")
    assert talk.assignment("T02", "30001").state.status is Status.REPORTED
    assert talk.assignment("T04", "30001").state.percent == 60


def test_one_wrong_number_in_a_call_keeps_nothing_of_it(talk: Talk) -> None:
    """«việc 1 xong, việc 9 xong»: not even the first is kept, so that the clerk says it whole."""
    assert "Chưa ghi gì" in talk.says("Hoa", "ghi hộ Bình Hòa việc 1 xong KH 45/KH-UBND, việc 9 xong")
    assert talk.assignment("T02", "30001").state.silent
    assert talk.heard("Lan") == []


def test_what_waits_names_everything_and_its_button_is_what_is_shown(reported: Talk) -> None:
    """A list as long as a province: every unit's report and every request stands in it, with a number of its own."""
    numbers = [extension(reported), extension(reported, unit="30003", name="Tâm")]
    numbers += [raise_request(reported, RequestKind.QUESTION, "Lan", said=f"câu hỏi {n}?") for n in range(5)]
    seen = reported.says("Hoa", "cần duyệt")
    assert "3 báo cáo, 7 yêu cầu, 1 dự thảo" in seen
    assert all(f"#{number} " in seen for number in numbers)
    assert all(f"câu hỏi {n}?" in seen for n in range(5))
    reported.presses("Hoa", next(label for label, _ in reported.heard("Hoa")[0].buttons if str(numbers[1]) in label))
    assert (due_of(reported, "30003").day, due_of(reported).day) == (24, 20)


def test_sources_show_the_words_and_not_what_was_erased(reported: Talk) -> None:
    """Tâm's words stand behind the figure until Tâm withdraws; the report stays, its words are gone."""
    assert "1 xong KH 07/KH-UBND" in reported.says("Bảy", "tin gốc T02 An Phú")
    reported.says("Tâm", "rút đồng ý và xóa dữ liệu")
    seen = reported.says("Bảy", "tin gốc T02 An Phú")
    assert "1 xong KH 07/KH-UBND" not in seen
    assert "Tâm" not in seen
    assert "báo xong" in seen
