"""The printed conversation: what matters whole, what repeats folded, and never a code that opens a seat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.demo.player import Why
from bot.demo.transcript import WHOLE, Transcript
from bot.joining_codes import draw_code
from bot.messages import Address, Letter
from bot.wording import Wording

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2025, 9, 15, 7, 30, tzinfo=ZONE)


@dataclass(frozen=True)
class Phone:
    """Somebody on the stage."""

    peer: str
    name: str = "Lan"
    shown_as: str = "Xã Bình Hòa"
    language: str = "vi"

    def hear(self, letter: Letter, why: Why, now: datetime) -> tuple[()]:
        return ()


LAN, MINH, HOA = Phone("lan"), Phone("minh", shown_as="Xã An Châu"), Phone("hoa", shown_as="Văn phòng")


class Printed:
    """A transcript and the lines it has printed; Lan is told in nine lines, Hoa whole."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.script = Transcript(self.lines.append, Wording("vi", ZONE))
        self.script.whole = {"lan": 9, "hoa": WHOLE}

    def writes(self, who: Phone, text: str, why: Why = Why.CLOCK, **more: str) -> None:
        letter = Letter(1, Address("local", "main", who.peer), text, **more)  # type: ignore[arg-type]
        self.script.letter(who, letter, why, NOW)

    @property
    def all(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def printed() -> Printed:
    return Printed()


@pytest.mark.parametrize("between", ["", " ", ".", "-", " - "])
def test_no_code_is_printed_however_it_is_written(printed: Printed, between: str) -> None:
    """A transcript is shown to people: a code in a letter or typed by somebody is masked, spaced or not."""
    code = draw_code()
    written = between.join([code[:2], code[2:5], code[5:9], code[9:]])
    printed.writes(HOA, f"Mã mời xã Bình Hòa:\n{written}\nHết hạn 22/9.")
    printed.script.said(LAN, written, NOW)
    printed.script.said(MINH, written, NOW)
    printed.script.heading("left", name="x.png")

    signs = re.sub(r"[^0-9A-Z]", "", printed.all.upper())
    assert code[2:] not in signs
    assert printed.all.count("DK •••") == 2


def test_who_is_told_whole_reads_every_line(printed: Printed) -> None:
    """The office's answer of forty lines is there to its last; Lan's is shortened in the middle, and says so."""
    rows = [f"{n}. Xã số {n}" for n in range(1, 41)]
    printed.writes(HOA, "\n".join(rows), Why.ANSWER)
    assert [row.strip() for row in printed.lines[1:]] == rows[1:]

    printed.lines.clear()
    printed.writes(LAN, "\n".join(rows), Why.ANSWER)
    assert len(printed.lines) == 10
    assert "còn 31 dòng" in printed.all
    assert printed.lines[-1].strip() == rows[-1]


def test_letters_of_one_kind_are_told_once(printed: Printed) -> None:
    """A reminder to three at 07:30: the first printed is told, the others are named and counted in a line."""
    printed.script.whole |= {"minh": 9}
    for who in (LAN, MINH, Phone("tam"), Phone("ba")):
        printed.writes(who, "Còn 2 việc:\n1. Rà soát\n2. Số hóa")
    printed.script.sent_together()

    assert printed.all.count("Rà soát") == 1
    assert "Xã An Châu và 2 đơn vị khác" in printed.all
    assert printed.script.sent == 4


def test_nothing_is_folded_into_the_next_moment(printed: Printed) -> None:
    """What came in one moment is counted there and not again in the next."""
    for _ in range(2):
        for who in ("tam", "ba", "tu"):
            printed.writes(Phone(who), "Còn 2 việc")
        printed.script.sent_together()

    assert [line.strip() for line in printed.lines] == ["… và tin cùng loại cho 3 đơn vị khác"] * 2


def test_the_others_are_quoted_in_a_line(printed: Printed) -> None:
    """Thirty units answer: one line says how many and how some of them wrote; numbers and codes are no quotations."""
    for n in range(30):
        printed.script.said(Phone(f"p{n}"), f"xong, KH {n}/KH-UBND", NOW)
    printed.script.said(MINH, "1", NOW)
    printed.script.heading("left", name="x.png")
    told = printed.lines[0]

    assert "31 tin" in told
    assert 1 < told.count("«") <= 4
    assert "«1»" not in told
    assert printed.script.came == 31


def test_a_new_hour_begins_a_new_line(printed: Printed) -> None:
    """What many wrote at nine is told before what was written at ten."""
    for n in range(6):
        printed.script.said(Phone(f"p{n}"), f"sáng {n}", NOW)
    printed.script.said(MINH, "mười giờ", NOW + timedelta(hours=3))

    assert "6 tin" in printed.all
    assert "mười giờ" not in printed.all


def test_a_long_line_is_told_whole_twice(printed: Printed) -> None:
    """The same long sentence in every receipt is cut from the third on, and the cut is seen."""
    long = "Anh/chị có thể trả lời ngắn gọn bằng một trong các cách sau đây, ví dụ: 1 xong; 2 60%; 3 xin lùi đến 25/9."
    for n in range(3):
        printed.writes(LAN, f"✅ Đã ghi {n}\n{long}", Why.ANSWER)

    assert printed.all.count(long) == 2
    assert printed.lines[-1].endswith(" …")


def test_a_file_is_named_where_it_came(printed: Printed) -> None:
    """The picture that goes with a report stands in the transcript by its name; a letter without words too."""
    printed.writes(HOA, "", file_name="tong-hop.png")

    assert "[tệp tong-hop.png]" in printed.all
