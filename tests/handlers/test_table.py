"""Every meaning, for every kind of person: an answer in both languages, never an exception, never a hole in a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import pytest

from bot.contacts import Role
from bot.conversation import RequestKind
from bot.phrases import phrasebook
from bot.store.book import Book
from handlers.table import HANDLERS
from tests.handlers.conftest import ZONE, Talk

#: One sentence for each meaning, as people type it.
SAID: Mapping[str, str] = {
    "add_code": "DK 234 5678 9BCF",
    "my_tasks": "danh sách",
    "show_task": "chi tiết 1",
    "followed_tasks": "việc theo dõi",
    "undo": "hoàn tác",
    "choose_language": "đổi ngôn ngữ",
    "my_data": "dữ liệu của tôi",
    "correct_name": "tên tôi là Lan Anh",
    "correct_post": "chức vụ của tôi là Phó Chủ tịch",
    "correct_phone": "sđt 0912 345 678",
    "withdraw": "rút đồng ý",
    "withdraw_surely": "rút đồng ý và xóa dữ liệu",
    "add_channel": "thêm kênh",
    "help": "giúp",
    "show_waiting": "việc cần làm",
    "confirm": "xác nhận 1",
    "confirm_all": "xác nhận tất cả",
    "return_report": "trả lại 1 thiếu phụ lục",
    "recall_task": "thu hồi 1 giao nhầm",
    "reopen_task": "mở lại 1",
    "grant": "duyệt 1",
    "grant_extensions": "duyệt hết gia hạn",
    "refuse_request": "không duyệt 1 chưa đủ lý do",
    "answer_request": "tl 1 nộp bản điện tử",
    "report_for_unit": "ghi hộ Định Hòa việc 1 xong",
    "invite_contact": "mã mời Định Hòa",
    "summary": "tổng hợp",
    "one_resolution": "nq57 tới đâu rồi",
    "one_task": "T02 tới đâu rồi",
    "late_units": "đơn vị nào trễ",
    "late_offices": "sở nào trễ",
    "late_communes": "xã nào trễ",
    "late_wards": "phường nào trễ",
    "silent_units": "ai chưa báo cáo",
    "by_resolution": "theo nghị quyết",
    "by_unit": "theo đơn vị",
    "overdue": "quá hạn",
    "obstacles": "vướng mắc",
    "unreached": "chưa có đầu mối",
    "picture": "biểu đồ",
    "sheet": "excel",
    "show_unit": "tình hình Định Hòa",
    "order_to_unit": "nhắc Định Hòa làm ngay",
    "sources": "tin gốc T02 Định Hòa",
    "remind_again": "nhắc lại chiều nay",
    "show_days": "lịch nghỉ",
    "days_off": "nghỉ 18/9/2025",
    "days_worked": "làm bù thứ bảy 20/9",
    "days_off_in_words": "nghỉ thứ hai tuần sau",
    "days_worked_in_words": "làm bù thứ bảy",
    "drop_days": "bỏ ngày nghỉ 18/9",
    "show_pace": "lịch nhắc",
    "pace_before": "nhắc trước 5, 3, 1 ngày",
    "pace_not_before": "T02 không nhắc trước",
    "pace_second_call": "nhắc lần hai",
    "pace_no_second_call": "không nhắc lần hai",
    "pace_overdue": "nhắc quá hạn 1, 3 rồi mỗi 5 ngày",
    "pace_leader": "báo lãnh đạo từ 2 ngày",
    "pace_office": "báo văn phòng từ 4 ngày",
    "pace_chair": "báo chủ tịch từ 9 ngày",
    "pace_standard": "lịch nhắc chuẩn",
    "pace_undo": "lịch nhắc như cũ",
    "drop_question": "thôi",
    "withdraw_extension": "thôi không xin lùi nữa",
    "withdraw_request": "rút lại đề nghị",
}
#: What is no command: replies of every kind.
REPLIES = (
    "xong rồi",
    "1 xong, 2 60%",
    "vướng kinh phí",
    "1 xin lùi đến 25/9",
    "1 xin lùi",
    "đã nhận",
    "hạn ngày nào?",
    "nộp ở đâu ạ?",
    "chuyển đầu mối sang đ/c Mai",
    "không phải việc của xã em",
    "nhầm, bỏ tin trên",
    "cảm ơn",
    "chắc xong rồi",
    "✅",
    "7/10",
    "1",
    "99 xong",
    "x" * 4000,
)
ROLES = {
    "contact": ("30003", Role.CONTACT),
    "deputy": ("30003", Role.DEPUTY),
    "leader": ("30003", Role.LEADER),
    "department": ("STC", Role.CONTACT),
    "office": ("VPUBND", Role.OFFICE),
    "chair": ("VPUBND", Role.CHAIR),
    "admin": ("VPUBND", Role.ADMIN),
}
_HOLE = re.compile(r"\{\w*[:}]|\bNone\b|(?<=\S)  |Text\(|\bTrue\b|\bFalse\b")


def test_every_meaning_is_tried_here() -> None:
    """A handler added to the table gets a sentence above."""
    assert {handler.name for handler in HANDLERS} == set(SAID)


def test_the_sentences_mean_what_they_stand_for() -> None:
    """Each sentence is a phrase of its meaning."""
    book = phrasebook()
    assert {
        name: [meaning.name for meaning in book.meanings(said)]
        for name, said in SAID.items()
        if name not in {meaning.name for meaning in book.meanings(said)}
    } == {}


@pytest.mark.parametrize(
    ("part", "language"), [*((part, "vi") for part in ROLES), ("contact", "en"), ("leader", "en"), ("office", "en")]
)
def test_everybody_is_answered(talk: Talk, part: str, language: str) -> None:
    """Whatever is said to the bot has an answer without a hole, before consent too."""
    unit, role = ROLES[part]
    talk.join("Tư", unit, role, language=language)
    talk.join("Năm", unit, role, language=language, consent=False)
    apart = ("withdraw_surely", "choose_language")
    sentences = [said for name, said in SAID.items() if name not in apart] + list(REPLIES)
    faults = {}
    for said in (*sentences, *(SAID[name] for name in reversed(apart))):
        answer = talk.says("Tư", said)
        if not talk.read or _HOLE.search(answer.replace("\n     ", "\n")):
            faults[said] = answer
    assert faults == {}
    assert "1" in talk.says("Năm", "xong rồi")


@pytest.mark.parametrize("role", [Role.LEADER, Role.OFFICE, Role.CHAIR, Role.ADMIN])
def test_only_who_reports_for_a_unit_changes_its_tasks(talk: Talk, role: Role) -> None:
    """A leader, the office, the chair: nothing they merely say becomes a unit's report."""
    talk.join("Tư", "30003" if role is Role.LEADER else "VPUBND", role)
    before = talk.assignment("T02", "30003")
    for said in REPLIES:
        talk.says("Tư", said)
    talk.says("Tư", "", file="anh.jpg")
    after = talk.assignment("T02", "30003")
    assert (after.state, after.received_at) == (before.state, before.received_at)
    assert talk.store.read_now(lambda book: book.inbox.placed([after.id])) == ()


def test_a_long_talk_keeps_request_numbers_plain(talk: Talk) -> None:
    """The number of a request is written as it is typed back: 1000, not 1.000."""
    talk.store.write_now(_thousand_requests)
    assert "mục số 1000)" in talk.says("Lan", "nộp bản giấy ở đâu ạ?")
    assert "#1000 " in talk.heard("Hoa")[0].text


def _thousand_requests(book: Book) -> None:
    book.talks.raise_request(999, RequestKind.QUESTION, 1, datetime(2025, 9, 15, 8, tzinfo=ZONE))
