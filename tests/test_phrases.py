"""Commands as people type them: with or without marks, politely, in capitals; and what only looks like one."""

from __future__ import annotations

import unicodedata

import pytest

from bot.command_words import fold, tables
from bot.phrases import Phrasebook, phrasebook, slash_commands, speaks_of

COMMANDS: list[tuple[str, str, dict[str, str]]] = [
    ("danh sách", "my_tasks", {}),
    ("DANH SÁCH", "my_tasks", {}),
    ("danh sach", "my_tasks", {}),
    ("ds", "my_tasks", {}),
    ("việc của tôi", "my_tasks", {}),
    ("viec toi", "my_tasks", {}),
    ("Cho em danh sách ạ", "my_tasks", {}),
    ("cho em xin danh sách với!", "my_tasks", {}),
    ("/viec", "my_tasks", {}),
    ("my tasks", "my_tasks", {}),
    ("My tasks, please", "my_tasks", {}),
    ("còn việc nào?", "my_tasks", {}),
    ("chi tiết 1", "show_task", {"number": "1"}),
    ("chi tiet #12", "show_task", {"number": "12"}),
    ("ct 3 ạ", "show_task", {"number": "3"}),
    ("Chi tiết T02", "show_task", {"task": "T02"}),
    ("chi tiết t02 Bình Hòa", "show_task", {"task": "t02", "unit": "Bình Hòa"}),
    ("việc 2 là gì?", "show_task", {"number": "2"}),
    ("show 4", "show_task", {"number": "4"}),
    ("hoàn tác", "undo", {}),
    ("hoan tac", "undo", {}),
    ("Hoàn tác giúp", "undo", {}),
    ("/hoantac", "undo", {}),
    ("rút lại nhé", "undo", {}),
    ("take back", "undo", {}),
    ("bỏ cái báo cáo vừa rồi giúp em", "undo", {}),
    ("huy bao cao em vua gui nhe chi", "undo", {}),
    ("rút lại việc 2 ạ", "undo", {"number": "2"}),
    ("thoi khong xin lui nua", "withdraw_extension", {}),
    ("Thôi em không xin gia hạn nữa ạ", "withdraw_extension", {}),
    ("rút lại xin lùi việc 2", "withdraw_extension", {"numbers": "2"}),
    ("huy de nghi gia han giup em", "withdraw_extension", {}),
    ("việc 1, 3 không xin lùi nữa", "withdraw_extension", {"numbers": "1, 3"}),
    ("bỏ xin lùi việc 2 đi", "withdraw_extension", {"numbers": "2"}),
    ("cancel my extension request for task 2", "withdraw_extension", {"numbers": "2"}),
    ("rút lại đề nghị vừa rồi", "withdraw_request", {}),
    ("rút lại mục số 3", "withdraw_request", {"number": "3"}),
    ("thôi ạ", "drop_question", {}),
    ("giúp", "help", {}),
    ("?", "help", {}),
    ("/start", "help", {}),
    ("tiếng anh", "choose_language", {}),
    ("English", "choose_language", {}),
    ("dữ liệu của tôi", "my_data", {}),
    ("rút đồng ý", "withdraw", {}),
    ("rút đồng ý và xóa dữ liệu", "withdraw_surely", {}),
    ("tên tôi là Nguyễn Thị Lan", "correct_name", {"text": "Nguyễn Thị Lan"}),
    ("sđt 0912 345 678", "correct_phone", {"text": "0912 345 678"}),
    ("sdt 0912345678", "correct_phone", {"text": "0912345678"}),
    ("thêm zalo", "add_channel", {}),
    ("chờ xác nhận", "show_waiting", {}),
    ("việc cần làm", "show_waiting", {}),
    ("xác nhận 1", "confirm", {"numbers": "1"}),
    ("xn 1,2 và 5", "confirm", {"numbers": "1,2 và 5"}),
    ("xac nhan 1 2 3", "confirm", {"numbers": "1 2 3"}),
    ("xác nhận T04", "confirm", {"task": "T04"}),
    ("xn T04 Mỹ Hòa Hưng", "confirm", {"task": "T04", "unit": "Mỹ Hòa Hưng"}),
    ("xác nhận tất cả", "confirm_all", {}),
    ("XN HET", "confirm_all", {}),
    ("trả lại 2", "return_report", {"numbers": "2"}),
    ("trả lại 2 thiếu phụ lục", "return_report", {"numbers": "2", "text": "thiếu phụ lục"}),
    ("tra lai T02 chua ky", "return_report", {"task": "T02", "text": "chua ky"}),
    ("thu hồi T09 đã giao nhầm", "recall_task", {"task": "T09", "text": "đã giao nhầm"}),
    ("mở lại 3", "reopen_task", {"numbers": "3"}),
    ("duyệt 1", "grant", {"numbers": "1"}),
    ("duyệt 1, 2, 3", "grant", {"numbers": "1, 2, 3"}),
    ("duyệt 2 đến 25/9", "grant", {"number": "2", "date": "25/9"}),
    ("duyet 2 den ngay 25/9/2025", "grant", {"number": "2", "date": "25/9/2025"}),
    ("approve 2 until 25/9", "grant", {"number": "2", "date": "25/9"}),
    ("duyệt hết gia hạn", "grant_extensions", {}),
    ("không duyệt 4", "refuse_request", {"numbers": "4"}),
    ("không duyệt 4 hạn này Chủ tịch đã chốt", "refuse_request", {"numbers": "4", "text": "hạn này Chủ tịch đã chốt"}),
    ("ko duyet 4", "refuse_request", {"numbers": "4"}),
    ("từ chối 4 vì trễ", "refuse_request", {"numbers": "4", "text": "vì trễ"}),
    ("tl 3 hạn vẫn là 20/9", "answer_request", {"number": "3", "text": "hạn vẫn là 20/9"}),
    ("trả lời 3: đúng rồi", "answer_request", {"number": "3", "text": "đúng rồi"}),
    ("TL #3 gửi Sở Nội vụ", "answer_request", {"number": "3", "text": "gửi Sở Nội vụ"}),
    ("ghi hộ Bình Hòa việc 2 xong", "report_for_unit", {"text": "Bình Hòa việc 2 xong"}),
    ("mã mời xã Bình Hòa", "invite_contact", {"text": "xã Bình Hòa"}),
    ("tổng hợp", "summary", {}),
    ("tong hop", "summary", {}),
    ("/tonghop", "summary", {}),
    ("Tình hình thực hiện?", "summary", {}),
    ("NQ57 tới đâu rồi", "one_resolution", {"resolution": "57"}),
    ("nq 57 den dau roi?", "one_resolution", {"resolution": "57"}),
    ("nghị quyết 68", "one_resolution", {"resolution": "68"}),
    ("tổng hợp NQ 59", "one_resolution", {"resolution": "59"}),
    ("T02 tới đâu rồi", "one_task", {"task": "T02"}),
    ("đơn vị nào trễ", "late_units", {}),
    ("xã nào trễ", "late_communes", {}),
    ("xa nao tre nhat?", "late_communes", {}),
    ("những sở nào trễ hạn", "late_offices", {}),
    ("sở nào quá hạn?", "late_offices", {}),
    ("phường nào chậm", "late_wards", {}),
    ("ai chưa báo cáo", "silent_units", {}),
    ("AI CHUA BAO CAO", "silent_units", {}),
    ("theo nghị quyết", "by_resolution", {}),
    ("xếp hạng", "by_unit", {}),
    ("quá hạn", "overdue", {}),
    ("vướng mắc", "obstacles", {}),
    ("đơn vị nào chưa có đầu mối", "unreached", {}),
    ("biểu đồ", "picture", {}),
    ("gửi excel giúp", "sheet", {}),
    ("đơn vị Bình Hòa còn nợ gì", "show_unit", {"unit": "Bình Hòa"}),
    ("Sở Tài chính nợ gì?", "show_unit", {"unit": "Sở Tài chính"}),
    ("tin gốc 2", "sources", {"numbers": "2"}),
    ("xin tham gia xã Bình Hòa", "ask_seat", {"unit": "xã Bình Hòa"}),
    ("đăng ký Sở Nội vụ ạ", "ask_seat", {"unit": "Sở Nội vụ"}),
]


def meant(typed: str) -> tuple[str, dict[str, str]] | None:
    """The first meaning beside the one that takes anything."""
    found = next((one for one in phrasebook().meanings(typed) if one.name != "add_code"), None)
    return (found.name, dict(found.slots)) if found else None


@pytest.mark.parametrize(("typed", "name", "slots"), COMMANDS)
def test_a_command_is_understood(typed: str, name: str, slots: dict[str, str]) -> None:
    """Each is one meaning, and what stood in its places comes out as it was typed, marks and all."""
    assert meant(typed) == (name, slots)


@pytest.mark.parametrize("typed", [typed for typed, _, _ in COMMANDS])
def test_marks_however_they_are_encoded(typed: str) -> None:
    """Decomposed letters, as a phone of another make sends them, mean the same; so do no marks at all."""
    apart = meant(unicodedata.normalize("NFD", typed))
    without = meant(fold(typed))
    expected = meant(typed)

    assert expected is not None
    assert apart == expected
    assert without is not None
    assert without[0] == expected[0]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "danh sáchh",
        "danhsach",
        "danh sách xã",
        "1 xong",
        "xong",
        "hoàn tá",
        "hoàn thành",
        "duyệtt 1",
        "duyệt",
        "xác nhận",
        "xác nhận đã xong",
        "tổng hợpp",
        "đã tổng hợp số liệu, mai gửi",
        "xã nào",
        "ai",
        "nq",
        "giúp xã hoàn thành",
        "không",
        "việc 2",
        "chi tiết",
        "quá hạn rồi em xin lỗi",
        "tl 3",
        "xong danh sách",
    ],
)
def test_what_only_looks_like_a_command(typed: str) -> None:
    """A typing error or a sentence around it is no command: the reader of replies has it."""
    assert meant(typed) is None


@pytest.mark.parametrize("around", ["{}", "{}!", "dạ em xin {} ạ", "anh, {} nhé...", "\t{},\tplease ?!"])
def test_every_phrase_is_found_by_its_words(around: str) -> None:
    """Whichever phrase of the lists is typed, politely or with marks behind it, its command is among the meanings."""
    for table in tables().values():
        for name, phrases in table["commands"].items():
            for phrase in phrases:
                if not set("{[|_") & set(phrase):
                    typed = around.format(phrase)
                    assert name in [meaning.name for meaning in phrasebook().meanings(typed)], typed


def test_the_most_exact_meaning_comes_first() -> None:
    """ "xác nhận 2" is a command before it is anything; what may hold any words is tried last."""
    names = [one.name for one in phrasebook().meanings("xác nhận 2")]

    assert (names[0], names[-1]) == ("confirm", "add_code")


def test_an_optional_word_may_be_left_out() -> None:
    """What stands in brackets, with and without; a slot in the middle keeps its text."""
    book = Phrasebook({"vi": {"a": ["việc [của] tôi"], "b": ["xã {unit} nợ gì"]}})

    assert [one.name for one in book.meanings("VIỆC TÔI")] == ["a"]
    assert [one.name for one in book.meanings("viec cua toi")] == ["a"]
    assert [dict(one.slots) for one in book.meanings("xã Bình  Hòa nợ gì")] == [{"unit": "Bình Hòa"}]
    assert list(book.meanings("việc của của tôi")) == []


def test_lines_of_an_answer_stay_lines() -> None:
    """The office's answer over several lines comes out as it was typed."""
    found = meant("tl 3 dòng một\ndòng hai")

    assert found == ("answer_request", {"number": "3", "text": "dòng một\ndòng hai"})


@pytest.mark.parametrize(
    "sign", [" ", ",", ".", "!", "\n", "\t", "1 ", ", ", "a ", "xã ", "? ", "\u0301", "đ", "1,", "đến "]
)
@pytest.mark.parametrize("begin", ["", "duyệt 1", "ghi hộ x", "đơn vị ", "a", "duyệt 1 đến 1"])
def test_no_pattern_runs_away(begin: str, sign: str) -> None:
    """Two thousand times one sign comes back at all, and means no more than the text anybody may type."""
    names = {one.name for one in phrasebook().meanings((begin + sign * 2000)[:1990] + "x")}

    assert names <= {"add_code", "report_for_unit", "ask_seat", "show_unit"}


def test_long_texts_are_no_commands() -> None:
    """Over 2,000 characters nobody types a command."""
    assert list(phrasebook().meanings("tl 3 " + "x" * 2000)) == []


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("hạn là ngày nào", "due"),
        ("khi nao phai xong vay", "due"),
        ("when is it due?", "due"),
        ("em phải làm gì", "wording"),
        ("còn việc nào của xã", "list"),
        ("đây không phải việc của xã em", "not_ours"),
        ("trời hôm nay đẹp", None),
        ("", None),
    ],
)
def test_what_a_question_is_about(typed: str, topic: str | None) -> None:
    """Words of the table, with or without marks."""
    assert speaks_of(typed) == topic


def test_folding_keeps_places() -> None:
    """Without marks a text is as long as it was, so that a found place is a place in both."""
    typed = "Đồng chí Nguyễn Thị Lan, UBND xã Mỹ Hòa Hưng — 70 % ẮẰẲẴẶ ﬁ İ"

    assert len(fold(typed)) == len(unicodedata.normalize("NFC", typed))
    assert fold("Đặc khu Thổ Châu") == "dac khu tho chau"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_menus_offer_what_is_understood(language: str) -> None:
    """Each slash command of the menu means what it stands for."""
    commands = slash_commands(language)

    assert commands
    assert {name: (meant(f"/{command}") or ("",))[0] for name, command in commands.items()} == {n: n for n in commands}


@pytest.mark.parametrize(
    "typed", ["rút lại đề nghị gia hạn", "huy yeu cau vua gui", "bỏ cái ý kiến đó", "hủy mục số 3"]
)
def test_words_that_may_stand_for_each_other_are_written_once(typed: str) -> None:
    """ "a|b" takes either word, each as it stands and nothing between them."""
    names = {meaning.name for meaning in phrasebook().meanings(typed)}
    assert names & {"withdraw_request", "withdraw_extension"}
    assert "withdraw_request" not in {meaning.name for meaning in phrasebook().meanings("rút|hủy đề nghị")}
