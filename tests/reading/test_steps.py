"""The single steps of reading, each by its own examples."""

from datetime import date

import pytest

from bot.reading.clean import LONGEST, own_words
from bot.reading.documents import is_resolution, official
from bot.reading.letters import bare, key
from bot.reading.moments import day_in_month, day_of, months_after, next_weekday, weekday_in_week
from bot.reading.rawkeys import telex, vni
from bot.reading.tokens import tokens

MONDAY = date(2025, 9, 15)


def test_quotes_forwards_and_signatures_are_not_the_officers_words() -> None:
    """Lines with '>', a forwarded block up to the next blank line, and what follows '--' are left out."""
    text = "> hạn 20/9\n[Chuyển tiếp từ Sở]\nđã xong\n\nđang làm\u200b ạ\r\n--\nLan"
    assert own_words(text) == ("đang làm ạ", True)


def test_more_than_anybody_types_is_cut() -> None:
    """A very long text is judged no further than its beginning, and says so."""
    words, whole = own_words("xong " * 1000)
    assert len(words) == LONGEST
    assert not whole


def test_both_placements_of_a_tone_are_one_word() -> None:
    """'hòa' and 'hoà' have one key, 'hoa' another."""
    assert key("hòa") == key("hoà") != key("hoa")
    assert bare("Đã gửi") == "Da gui"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("roofi", "rồi"),
        ("ddang", "đang"),
        ("lafm", "làm"),
        ("guwri", "gửi"),
        ("guwir", "gửi"),
        ("chuaw", "chưa"),
        ("vuowngs", "vướng"),
    ],
)
def test_raw_telex(typed: str, meant: str) -> None:
    """Telex keys in any usual order give the word."""
    assert telex(typed) == key(meant)


@pytest.mark.parametrize(
    ("typed", "meant"), [("d9ang", "đang"), ("la2m", "làm"), ("chu7a", "chưa"), ("vu7o71ng", "vướng"), ("roi62", "rồi")]
)
def test_raw_vni(typed: str, meant: str) -> None:
    """VNI digits inside a word or after it give the word."""
    assert vni(typed) == key(meant)


@pytest.mark.parametrize("typed", ["xong", "nq57", "ngay25"])
def test_what_is_no_raw_key_stays(typed: str) -> None:
    """Plain words and words with a number glued on are no raw keys."""
    assert telex(typed) is None or vni(typed) is None


@pytest.mark.parametrize(
    ("written", "sign"),
    [
        ("45 / kh-ubnd", "45/KH-UBND"),
        ("90/qd-ubnd", "90/QĐ-UBND"),
        ("12-kh/đu", "12-KH/ĐU"),
        ("128/ttr-sdl", "128/TTr-SDL"),
        ("6202/UBND-KT", "6202/UBND-KT"),
    ],
)
def test_signs_in_the_official_spelling(written: str, sign: str) -> None:
    """However it was typed, a sign is filed as the decree spells it."""
    assert official(written) == sign
    assert tokens(f"số {written} ngày 18/9")[1].text == written


def test_a_resolutions_sign_is_told_from_a_papers() -> None:
    """59-NQ/TW names the task, 45/KH-UBND the product."""
    assert is_resolution("59-NQ/TW")
    assert not is_resolution("45/KH-UBND")


def test_a_day_without_a_year() -> None:
    """The first such day from today; more than 180 days ahead, the last one."""
    assert day_of(25, 9, None, MONDAY) == date(2025, 9, 25)
    assert day_of(15, 1, None, MONDAY) == date(2026, 1, 15)
    assert day_of(20, 8, None, MONDAY) == date(2025, 8, 20)
    assert day_of(31, 2, None, MONDAY) is None
    assert day_in_month(10, MONDAY) == date(2025, 10, 10)


def test_weekdays_and_months() -> None:
    """A weekday is the next one after today; a month later keeps the day where it can."""
    assert next_weekday(1, MONDAY) == date(2025, 9, 22)
    assert next_weekday(5, MONDAY) == date(2025, 9, 19)
    assert weekday_in_week(5, 1, MONDAY) == date(2025, 9, 26)
    assert months_after(date(2025, 1, 31), 1) == date(2025, 2, 28)
