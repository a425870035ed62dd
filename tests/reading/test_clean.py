"""Of a typed message only the officer's own words are judged."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.clean import LONGEST, own_words
from tests.reading.told import told


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("> hạn 20/9\n[Chuyển tiếp từ Sở]\nđã xong\n\nđang làm ạ\n--\nLan", "đang làm ạ"),
        ("> Kế hoạch 57 xong chưa?\nchưa anh", "chưa anh"),
        ("đang làm\n> đã xong\nđược 40%", "đang làm\nđược 40%"),
        ("> > đã xong\n> hạn 20/9\nvướng kinh phí", "vướng kinh phí"),
        ("  >đã xong\nđang làm", "đang làm"),
        ("mới > 50% ạ", "mới > 50% ạ"),
        ("[Forwarded from Sở Nội vụ]\nHoàn thành trước 20/9\nGấp\n\nđang làm", "đang làm"),
        ("[forwarded]\nđã xong\n   \nđang làm", "đang làm"),
        ("[CHUYỂN TIẾP từ chị Hoa]\nđã xong", ""),
        ("[Chuyen tiep tu nhom]\nda xong\n\nchua lam", "chua lam"),
        ("[ Chuyển tiếp tin của Minh ] đã xong\nvẫn tin ấy\n\nchưa", "chưa"),
        ("đang làm\n[Chuyển tiếp]\nmột\n\n[Chuyển tiếp]\nhai\n\ncòn 20% nữa", "đang làm\ncòn 20% nữa"),
        ("[Переслано от Хоа]\nготово\n\nв работе", "в работе"),
        ("[x] xong", "[x] xong"),
        ("đang làm\n--\nTrần Thị Lan\nĐã hoàn thành", "đang làm"),
        ("đang làm\n-- \nLan", "đang làm"),
        ("đang làm\n—\nGửi từ iPhone", "đang làm"),
        ("xong -- em gửi rồi", "xong -- em gửi rồi"),
        ("- xong\n- chưa", "- xong\n- chưa"),
        ("dạ\n\n\nem xong rồi", "dạ\nem xong rồi"),
    ],
)
def test_quotes_forwards_and_signatures_are_not_the_officers_words(text: str, own: str) -> None:
    """Lines with '>', a forwarded block up to the next blank line and what follows '--' go, and nothing else does."""
    assert own_words(text) == (own, True)


@pytest.mark.parametrize("sign", [*"\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202e\ufe0f"])
def test_invisible_signs_split_no_word(sign: str) -> None:
    """What a phone's keyboard or a copied text hides inside a word is gone."""
    assert own_words(f"{sign}hoàn th{sign}ành{sign}") == ("hoàn thành", True)


@pytest.mark.parametrize("space", [*"\t\u00a0\u2003\u202f\u3000"])
def test_every_space_is_one_space(space: str) -> None:
    """Tabs and the wide spaces of a copied table stand between words like any other."""
    assert own_words(f"{space}đã{space}{space} xong{space}") == ("đã xong", True)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\u2028", "\u2029", "\x0b", "\x85"])
def test_every_line_break_ends_a_quote(end: str) -> None:
    """Whatever a phone uses to break a line, the quote ends there and the answer does not go with it."""
    assert own_words(f"> đã xong?{end}chưa ạ") == ("chưa ạ", True)


@settings(deadline=None, max_examples=60)
@given(st.text("ăâđêôơưàảãáạặậểỗờự xong", max_size=40))
def test_both_forms_of_a_letter_are_one(text: str) -> None:
    """Composed, decomposed or mixed: the same words."""
    half = len(text) // 2
    mixed = unicodedata.normalize("NFD", text[:half]) + text[half:]
    assert own_words(text) == own_words(unicodedata.normalize("NFD", text)) == own_words(mixed)


def test_a_decomposed_heading_still_marks_a_forward() -> None:
    """An iPhone's '[Chuyển tiếp' is as good as Android's."""
    assert own_words(unicodedata.normalize("NFD", "[Chuyển tiếp từ Sở]\nđã xong\n\nchưa")) == ("chưa", True)


def test_more_than_anybody_types_is_cut() -> None:
    """A very long text is judged no further than its beginning, and says so."""
    words, whole = own_words("xong " * 1000)
    assert len(words) == LONGEST
    assert not whole


def test_a_long_quote_does_not_make_a_reply_long() -> None:
    """Only the officer's own words count towards the length: a short answer under a long notice is whole."""
    assert own_words("> đề nghị báo cáo\n" * 300 + "đang làm") == ("đang làm", True)


@pytest.mark.parametrize(
    "text", ["> đã xong", "[Chuyển tiếp từ chị Hoa]\nđã xong 100%", "--\nđã xong", "> 57 xong\n> 59 xong"]
)
def test_anothers_words_alone_are_no_report(text: str) -> None:
    """A message of nothing but somebody else's words is asked about, not recorded as done."""
    assert told(text) == "unclear task=- ?"


def test_khmer_digits_are_digits() -> None:
    """A task's number and a percent are read in whichever digits they are typed."""
    assert own_words("ការងារទី២ បាន ៨០%")[0] == "ការងារទី2 បាន 80%"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("dc 6o%", "dc 60%"),
        ("1 dc 6O phan tram", "1 dc 60 phan tram"),
        ("1o0%", "100%"),
        ("на 6о%", "на 60%"),
        ("lui den 2o/9", "lui den 20/9"),
        ("1 o xa", "1 o xa"),
        ("2ok", "2ok"),
        ("o6 xong", "o6 xong"),
    ],
)
def test_a_letter_among_figures_is_the_zero_beside_it(text: str, own: str) -> None:
    """An 'o' typed for a zero is that zero, and a letter that belongs to a word is left alone."""
    assert own_words(text) == (own, True)


@pytest.mark.parametrize(
    ("text", "meant"), [("dc 6o%", "progress 60%"), ("1 dc 6o%", "progress 60%"), ("xin lùi đến 2o/10", None)]
)
def test_an_amount_with_a_letter_for_a_zero_is_read(text: str, meant: str | None) -> None:
    """What was a nod, or the second of October, is the amount or the day that was typed."""
    assert told(text) == (meant or "extension due=2025-10-20")
