"""Words as they come from phones are made whole, and what is right as it stands is left alone."""

import pytest

from bot.reading.letters import bare, key
from bot.reading.lexicon import load
from bot.reading.spelling import whole_words
from bot.reading.tokens import Form, tokens
from tests.reading.told import told

TEENCODE = [
    ("ko làm", "không làm"),
    ("k làm", "không làm"),
    ("kg có", "không có"),
    ("hok biết", "không biết"),
    ("hông kịp", "không kịp"),
    ("nộp dc k", "nộp được không"),
    ("đc 40%", "được 40%"),
    ("xong r", "xong rồi"),
    ("xong rùi", "xong rồi"),
    ("lm rồi", "làm rồi"),
    ("ht rồi", "hoàn thành rồi"),
    ("đg lm", "đang làm"),
    ("ch xong", "chưa xong"),
    ("kh 45", "kế hoạch 45"),
    ("kh45", "kế hoạch 45"),
    ("kh làm", "không làm"),
    ("bc 77", "báo cáo 77"),
    ("cv số 88", "công văn số 88"),
    ("thiếu kp", "thiếu kinh phí"),
    ("chờ ct ký", "chờ chủ tịch ký"),
    ("bcđ", "ban chỉ đạo"),
    ("cho so tai chinh", "chờ sở tài chính"),
    ("nv2", "nhiệm vụ 2"),
    ("viec2", "việc 2"),
]
TYPOS = [
    ("hoàn thàh", "hoàn thành"),
    ("hoàn thnàh", "hoàn thành"),
    ("hoan thnah", "hoan thanh"),
    ("đã ban hanhh", "đã ban hành"),
    ("xonng rồi", "xong rồi"),
    ("chưa trển khai", "chưa triển khai"),
    ("triẻn khai", "triển khai"),
    ("đanng làm", "đang làm"),
    ("dagn lam", "dang lam"),
    ("vuogn kinh phi", "vuong kinh phi"),
    ("hoàn tthành", "hoàn thành"),
    ("quyêt định", "quyết định"),
    ("đươc 40%", "được 40%"),
    ("gữi rồi", "gửi rồi"),
    ("đả gửi", "đã gửi"),
]
RIGHT = [
    "Đảng ủy xã Hòa Bình",
    "chùa Hang",
    "thanh niên",
    "song song",
    "vuông vức",
    "sân vuông",
    "đặng",
    "giữ nguyên",
    "sở y tế",
    "phòng văn hóa",
    "ấp Vĩnh Thành",
    "tỉnh An Giang",
    "lan",
    "nam",
    "hoa",
    "minh",
    "cam",
    "lai",
    "vinh",
    "trinh",
    "quang",
]


def written(text: str) -> str:
    """The words of a reply as the reader takes them, each with its marks where it knows them."""
    return " ".join(token.key or token.bare for token in whole_words(tokens(text), load("vi")))


def bare_words(text: str) -> str:
    return " ".join(token.bare for token in whole_words(tokens(text), load("vi")))


@pytest.mark.parametrize(("typed", "meant"), TEENCODE)
def test_short_forms_are_written_out(typed: str, meant: str) -> None:
    """What the young type on their phones is what their elders write."""
    assert bare_words(typed) == bare(meant).lower()


@pytest.mark.parametrize(("typed", "meant"), TYPOS)
def test_a_slip_of_one_letter_is_mended(typed: str, meant: str) -> None:
    """One letter too many, too few, wrong or in the wrong place, or a tone that is missing or the South's."""
    assert bare_words(typed) == bare(meant).lower()


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_left_alone(text: str) -> None:
    """Names and plain words that look like a word of status stay themselves, marks and all."""
    assert written(text) == " ".join(key(word.lower()) for word in text.split())


@pytest.mark.parametrize("word", ["rpi", "dxa", "lmk", "mau", "sua", "khi", "vao", "tim", "ben"])
def test_words_of_three_letters_are_not_guessed(word: str) -> None:
    """So short a word could be too many things: no letter of it is changed."""
    assert bare_words(f"em {word} anh").split()[1] == word


@pytest.mark.parametrize(
    "sign",
    ["45/KH-UBND", "12-KH/ĐU", "59-NQ/TW", "128/TTr-SDL", "6202/UBND-KT", "90/qd-ubnd", "25/9", "70-80%", "16h30"],
)
def test_signs_dates_and_figures_are_left_alone(sign: str) -> None:
    """No letter of a paper's sign and no digit of a date is mended."""
    row = whole_words(tokens(f"da gui {sign} roi"), load("vi"))
    assert [token.text for token in row if token.form is not Form.WORD] == [sign]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("chị Hồng đang làm", "Hồng"),
        ("anh Nguyễn Văn Xong đang làm", "Nguyễn Văn Xong"),
        ("đồng chí Thành đang làm", "Thành"),
        ("chị Hoàn đang làm", "Hoàn"),
        ("Trần Thị Rồi đang làm", "Trần Thị Rồi"),
        ("bạn Gửi đang làm", "Gửi"),
        ("a Khong dang lam", "Khong"),
    ],
)
def test_a_persons_name_means_nothing_else(text: str, name: str) -> None:
    """Chị Hồng is no 'không', and anh Nguyễn Văn Xong has not finished."""
    row = whole_words(tokens(text), load("vi"))
    assert " ".join(token.text for token in row if token.form is Form.NAME) == name
    assert told(text) == "progress"


@pytest.mark.parametrize("text", ["Em Đã Xong Rồi", "Đã Gửi Rồi Anh", "XONG RỒI ANH", "Chị Ơi Xong Rồi"])
def test_a_phone_that_capitalises_everything_names_nobody(text: str) -> None:
    """Where every word has its capital, none of them is a name."""
    assert told(text) == "done"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("chua xong", "progress"),
        ("chùa xong rồi", "done"),
        ("dang lam", "progress"),
        ("vuong kinh phi", "blocked"),
        ("xong roi", "done"),
        ("da gui", "done"),
        ("cho so tai chinh tham dinh", "blocked"),
        ("gửi cho sở tài chính rồi", "done"),
        ("nop cho phong kinh te roi", "done"),
    ],
)
def test_words_without_marks_mean_the_likely_word(text: str, meaning: str) -> None:
    """'chua' is 'chưa', 'cho' before an office is 'chờ'; not where marks, or a 'gửi' before it, say otherwise."""
    assert told(text) == meaning


def test_both_placements_of_a_tone_are_one_word() -> None:
    """'hòa' and 'hoà' have one key, 'hoa' another."""
    assert key("hòa") == key("hoà") != key("hoa")
    assert bare("Đã gửi") == "Da gui"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("xin lui den ngay30", "extension due=2025-09-30"),
        ("xin lui den ngay30/9", "extension due=2025-09-30"),
        ("xin lùi hết tháng10", "extension due=2025-10-31"),
        ("xin lui toi ngay10", "extension due=2025-10-10"),
        ("cho em toi thu6, xin lui", "extension due=2025-09-19 ?"),
        ("xin them 10ngay", "extension due=2025-09-30"),
        ("dang lam, dc50%", "progress 50%"),
        ("xong100%", "done 100%"),
        ("ban hanh kh100 roi", "done doc=100/KH"),
        ("da gui cv1200", "done doc=1200/CV"),
    ],
)
def test_a_number_glued_to_its_word(text: str, meaning: str) -> None:
    """It counts in full, a nought in it too: 'ngay30' is the 30th, not the 3rd."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    ("text", "meant"),
    [("chưa làm do mới nhận việc hôm qua", "not_started"), ("đã số hóa được 3/8 kho rồi", "progress 37%")],
)
def test_who_types_marks_everywhere_means_what_is_typed(text: str, meant: str) -> None:
    """Between words with their marks, 'do' is no 'dở' and 'kho' no 'khó'."""
    assert told(text) == meant
