"""What a reply tells of something or somebody else is never recorded as the unit's own without asking."""

from datetime import date

import pytest

from bot.reading.meaning import OpenTask
from tests.reading.told import told

PLAN = (OpenTask(41, "Kế hoạch thực hiện Nghị quyết 57", "57-NQ/TW", date(2025, 9, 20)),)


@pytest.mark.parametrize(
    "text",
    [
        "Sở vừa gửi công văn 88",
        "sở tài chính đã gửi công văn 88 cho xã",
        "tỉnh mới ban hành kế hoạch số 12",
        "đã gửi công văn 88 hỏi Sở",
        "xong rồi, qđ 12, 13",
        "hồ sơ này năm ngoái xã đã nộp rồi",
        "nghe nói tỉnh cho tới 30/9",
        "anh đã gia hạn cho em đến 25/9",
        "lần trước em xin lùi tới 25/9",
        "xin lùi cuộc họp sang 25/9",
        "xin nghỉ đến 25/9",
        "vượt 20% kế hoạch",
        "91% hộ có thẻ rồi, còn kế hoạch xã đã ban hành",
        "I heard the plan was sent",
    ],
)
def test_what_is_told_of_another_is_asked_about(text: str) -> None:
    """Another's paper, word, year, meeting or figure: the bot asks before it records anything."""
    assert told(text, PLAN).endswith("?")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("xã mới ban hành kế hoạch số 12", "done doc=12/KH"),
        ("kế hoạch 210/KH-UBND là của tỉnh, xã em là 34/KH-UBND, phát hành rồi", "done doc=34/KH-UBND"),
        ("đã gửi Sở công văn 88 rồi", "done doc=88/CV"),
        ("xin lùi đến 25/9, sáng em họp", "extension due=2025-09-25"),
        ("được 60% rồi, đang làm tiếp", "progress 60%"),
    ],
)
def test_the_units_own_stays_certain(text: str, meant: str) -> None:
    """Beside such words, what the unit says of its own work is read without a question."""
    assert told(text, PLAN, reply_to=41) == meant


@pytest.mark.parametrize(
    "text", ["gia hạn đến 25/9 đã được duyệt chưa", "xin lùi hạn được duyệt chưa anh", "đơn xin gia hạn duyệt chưa ạ"]
)
def test_whether_a_request_was_granted_is_a_question(text: str) -> None:
    """To ask after an earlier request is not to make another."""
    assert told(text, PLAN) == "question"


@pytest.mark.parametrize("text", ["em bệnh 3 ngày, xin gia hạn", "em nghỉ ốm 3 ngày, xin gia hạn ạ"])
def test_days_of_illness_are_not_days_asked_for(text: str) -> None:
    """A reason that lasts three days asks for no three days."""
    assert told(text, PLAN) == "extension"
