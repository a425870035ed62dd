"""A negation, a hedge or a doubt decides what a claim of completion is worth."""

from collections.abc import Callable

import pytest

from bot.reading.letters import bare
from tests.reading.told import ONE, due_on, told

Form = Callable[[str], str]
TWICE = pytest.mark.parametrize("form", [str, bare], ids=["with marks", "without marks"])


@TWICE
@pytest.mark.parametrize(
    "text",
    [
        "chưa xong",
        "chưa xong đâu anh",
        "chưa làm xong",
        "vẫn chưa xong",
        "chưa hoàn thành",
        "gần xong",
        "sắp xong rồi",
        "gần như hoàn thành",
        "xong một phần",
        "cơ bản hoàn thành",
        "về cơ bản đã xong",
        "xong phần 1, còn phần 2",
        "xong dự thảo",
        "xong rồi nhưng chưa ký",
        "ký rồi nhưng chưa phát hành",
        "mới xong bước đầu",
        "không phải xong mà đang làm",
        "hoàn thành nhưng còn thiếu chữ ký",
        "đã gửi nhưng Sở trả lại, đang sửa",
        "chỉ còn đóng dấu nữa là xong",
    ],
)
def test_a_negation_or_hedge_makes_it_progress(text: str, form: Form) -> None:
    """No report that holds back is recorded as done, with diacritics or without."""
    assert told(form(text)) == "progress"


@TWICE
@pytest.mark.parametrize(
    "text",
    [
        "sẽ xong trước 20/9",
        "mai xong",
        "mai em gửi",
        "chiều nay nộp",
        "tuần sau em gửi",
        "phấn đấu xong tuần này",
        "dự kiến 25/9 hoàn thành",
        "cố gắng gửi trong hôm nay",
    ],
)
def test_a_promise_is_no_completion_and_no_request(text: str, form: Form) -> None:
    """What is to come is progress, and its date is no new deadline."""
    assert told(form(text)) == "progress"


@TWICE
@pytest.mark.parametrize(
    "text",
    [
        "chưa",
        "dạ chưa ạ",
        "chưa làm",
        "chưa triển khai",
        "chưa bắt đầu",
        "chưa làm gì hết",
        "chưa làm, mai em làm",
        "chưa, để chiều em họp",
        "0%",
    ],
)
def test_nothing_begun_is_not_started(text: str, form: Form) -> None:
    """'chưa' alone and 'chưa làm' say so, also with a promise beside them."""
    assert told(form(text)).startswith("not_started")


@TWICE
@pytest.mark.parametrize(
    "text",
    [
        "xong",
        "xong rồi ạ",
        "đã hoàn thành",
        "đã gửi",
        "nộp rồi anh",
        "đã ban hành",
        "hết vướng, xong rồi",
        "không vướng gì, xong rồi",
        "trễ 2 ngày nhưng xong rồi",
        "đã nộp trễ 2 ngày",
        "khỏi cần gia hạn, xong rồi",
        "hôm qua chưa xong, giờ xong rồi",
        "không cần gia hạn nữa, xong rồi",
        "vừa xong",
    ],
)
def test_a_plain_claim_is_done(text: str, form: Form) -> None:
    """Nothing is held against it: the task is finished."""
    assert told(form(text)) == "done"


@TWICE
@pytest.mark.parametrize(
    "text",
    [
        "chắc xong rồi",
        "hình như gửi rồi",
        "coi như xong",
        "tạm xong rồi",
        "có lẽ xong",
        "nghe nói xong rồi",
        "em nghĩ là xong rồi",
        "không chắc xong chưa",
        "cũng tạm",
        "đã trễ rồi",
        "không kịp rồi",
        "chưa có gì vướng",
        "không vướng gì",
    ],
)
def test_doubt_and_lateness_are_unclear(text: str, form: Form) -> None:
    """Whether it is finished is not known from such words: nothing is recorded, the bot asks."""
    assert told(form(text)) == "unclear ?"


@TWICE
@pytest.mark.parametrize(
    "text",
    [
        "nếu chủ tịch ký thì xong",
        "lẽ ra hôm qua xong",
        "tưởng xong rồi",
        "khi nào ký thì xong",
        "bên Sở xong rồi",
        "5 ấp đã xong",
        "đã xong 3 ấp",
        "kh xong",
        "xong hay chưa em không rõ",
        "đừng ghi xong nha anh",
    ],
)
def test_what_is_only_supposed_is_asked_about(text: str, form: Form) -> None:
    """A condition, a wish, another's work or a part of ours is never recorded as our completion."""
    assert told(form(text)).endswith("?")


@pytest.mark.parametrize("text", ["đã ký", "đã thông qua", "đã duyệt"])
def test_a_signature_alone_is_asked_about(text: str) -> None:
    """Signed or approved is not yet issued: work goes on, and the bot makes sure."""
    assert told(text) == "progress ?"


@pytest.mark.parametrize("text", ["rồi", "rồi ạ", "rùi anh", "roi a"])
def test_a_bare_roi_answers_a_reminder(text: str) -> None:
    """'rồi' is done only in answer to a reminder; out of the blue it could be anything."""
    assert told(text, reply_to=41) == "done"
    assert told(text) == "unclear ?"


@pytest.mark.parametrize("text", ["✅", "7/10", "✅✅", "cũng tạm", "110%"])
def test_a_reminder_answered_does_not_clear_everything(text: str) -> None:
    """What could be two things stays unclear also under a reminder."""
    assert told(text, ONE, reply_to=41) == "unclear ?"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("đang chờ chủ tịch ký", "progress"),
        ("chờ kế toán đối chiếu", "progress"),
        ("chờ văn thư vào số", "progress"),
        ("chờ họp Đảng ủy xã", "progress"),
        ("chờ HĐND xã họp", "progress"),
        ("chờ công an xã gửi số liệu", "progress"),
        ("các ấp chưa gửi số liệu", "progress"),
        ("thiếu chữ ký chủ tịch", "progress"),
        ("waiting for our chairman to sign", "progress"),
        ("ждём подписи председателя", "progress"),
        ("chờ Sở Tài chính thẩm định", "blocked"),
        ("cho so tai chinh tham dinh", "blocked"),
        ("chưa có hướng dẫn của tỉnh", "blocked"),
        ("chờ UBND tỉnh phê duyệt", "blocked"),
        ("chờ công an tỉnh cấp số liệu", "blocked"),
        ("mạng trục liên thông lỗi chưa gửi được", "blocked"),
        ("chờ nhà thầu giao máy", "blocked"),
        ("waiting for the Department of Finance", "blocked"),
        ("ждём указаний департамента финансов", "blocked"),
    ],
)
def test_waiting_inside_and_outside_the_house(text: str, meaning: str) -> None:
    """Inside the same commune it is progress, for anyone outside or another's system it is an obstacle."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    "text",
    ["đã trình UBND tỉnh", "đã gửi dự thảo cho Sở Tài chính", "đã trình, chờ UBND tỉnh ký", "da trinh ubnd tinh"],
)
@pytest.mark.parametrize(
    ("title", "meaning"),
    [
        ("Tham mưu UBND tỉnh ban hành Kế hoạch", "done"),
        ("Đề xuất danh mục dự án", "done"),
        ("Trình UBND tỉnh phê duyệt đề án", "done"),
    ],
)
def test_drafting_is_done_when_handed_in(text: str, title: str, meaning: str) -> None:
    """Where the duty was to draft, what was submitted above is finished; the signature there adds nothing."""
    assert told(text, due_on(None, title)) == meaning


@pytest.mark.parametrize("text", ["đã trình UBND tỉnh", "đã trình, chờ UBND tỉnh ký", "đã gửi dự thảo"])
def test_other_duties_are_not_done_when_handed_in(text: str) -> None:
    """Where something was to be issued or carried out, a draft sent above is not the end of it."""
    assert not told(text, due_on(None, "Rà soát thủ tục hành chính")).startswith("done")


@pytest.mark.parametrize("text", ["đang trình chủ tịch xã ký", "đã trình Đảng ủy xã", "UBND tỉnh trả lại, đang sửa"])
def test_a_draft_still_in_the_house_is_progress(text: str) -> None:
    """Before it leaves the house, or when it came back, drafting is not done."""
    assert told(text, due_on(None, "Tham mưu UBND tỉnh ban hành Kế hoạch")) == "progress"
