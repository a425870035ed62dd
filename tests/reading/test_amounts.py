"""How much is done: what is a percent, what its figure is, and what is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading.told import told


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 99), st.sampled_from(["{}%", "được {} %", "khoảng {}%", "hơn {} phần trăm", "tiến độ {}%"]))
def test_a_stated_percent_is_kept(percent: int, way: str) -> None:
    """From 1 to 99, said in any of the usual ways, the figure is the one typed."""
    assert told("đang làm, " + way.format(percent)) == f"progress {percent}%"


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 31), st.integers(32, 99))
def test_a_fraction_with_its_total_is_rounded_down(part: int, total: int) -> None:
    """'24/160 hồ sơ' is 15: never more than what was done."""
    assert told(f"đang làm, được {part}/{total} hồ sơ") == f"progress {part * 100 // total}%"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("80%", "progress 80%"),
        ("80 %", "progress 80%"),
        ("80pt", "progress 80%"),
        ("80 phan tram", "progress 80%"),
        ("khoảng 80 phần trăm", "progress 80%"),
        ("hơn 80%", "progress 80%"),
        ("gần 80 phần trăm", "progress 80%"),
        ("tầm 80%", "progress 80%"),
        ("ước đạt 80%", "progress 80%"),
        ("12,5%", "progress 12%"),
        ("99,9% rồi", "progress 99%"),
        ("8/10 chỉ tiêu", "progress 80%"),
        ("tiến độ 8/10", "progress 80%"),
        ("8/10 ấp", "progress 80%"),
        ("2/3 ấp", "progress 66%"),
        ("7 trên 9 ấp", "progress 77%"),
        ("1.200/4.800 hồ sơ", "progress 25%"),
        ("hoàn thành 6/10 nội dung", "progress 60%"),
        ("một nửa", "progress 50%"),
        ("nửa chừng", "progress 50%"),
        ("được hơn nửa rồi", "progress 50%"),
        ("làm được hai phần ba", "progress 66%"),
        ("half done", "progress 50%"),
        ("сделали половину", "progress 50%"),
        ("tài liệu in được 500 cuốn trên tổng 2000 cuốn", "progress 25%"),
        ("mới làm được bốn trên năm mục", "progress 80%"),
    ],
)
def test_what_is_done_as_a_percent(text: str, meaning: str) -> None:
    """Percents, fractions with their total and halves, rounded down, 'about' and 'more than' left aside."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("còn 20% nữa", "progress 80%"),
        ("còn 20%", "progress 80%"),
        ("chỉ còn khoảng 5% nữa thôi", "progress 95%"),
        ("con 30 phan tram nua", "progress 70%"),
        ("còn hai mươi phần trăm nữa", "progress 80%"),
        ("20% left", "progress 80%"),
        ("осталось 20%", "progress 80%"),
        ("70-80%", "progress 70%"),
        ("70 - 80%", "progress 70%"),
        ("70–80 phần trăm", "progress 70%"),
        ("từ 40 đến 50%", "progress 40%"),
        ("khoảng 60 đến 70 phần trăm", "progress 60%"),
        ("60 tới 70% gì đó", "progress 60%"),
        ("100% nhưng còn chờ lấy số văn thư", "progress 100%"),
    ],
)
def test_the_rest_and_the_lower_end(text: str, meaning: str) -> None:
    """What is left is taken from a hundred; of a range the lower end counts."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "dưới 50%",
        "chưa tới 50%",
        "chưa được 50%",
        "chưa đến 50% đâu anh",
        "chua toi 50%",
        "không quá 50%",
        "tối đa 50%",
        "chưa 100%",
        "chưa đạt 50%",
        "less than 50%",
        "меньше 50%",
        "chưa xong 100%",
    ],
)
def test_a_bound_from_above_is_no_figure(text: str) -> None:
    """'under 50%' says that work goes on, not how far it is."""
    assert told(text) == "progress"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("100%", "done 100%"),
        ("xong 100%", "done 100%"),
        ("10/10 chỉ tiêu", "done 100%"),
        ("100% nhưng chưa ký", "progress 100%"),
        ("gần 100%", "progress 100%"),
        ("được gần 100% rồi", "progress 100%"),
        ("almost 100%", "progress 100%"),
        ("100% rồi, còn chờ chủ tịch ký", "progress 100%"),
        ("0%", "not_started 0%"),
        ("0 phần trăm", "not_started 0%"),
        ("0/10 ấp", "not_started 0%"),
        ("70%, đang vướng kinh phí", "blocked 70%"),
        ("mới được 50%, xin lùi đến 30/9", "extension 50% due=2025-09-30"),
        ("chưa xong, 90% rồi", "progress 90%"),
        ("101%", "unclear ?"),
        ("150 phần trăm", "unclear ?"),
        ("1.200%", "unclear ?"),
        ("hai trăm phần trăm", "unclear ?"),
        ("50%, à 60%", "progress 50% ?"),
        ("bữa trước 30%, giờ được 55%", "progress 55%"),
        ("không phải 80% mà 60%", "progress 60%"),
    ],
)
def test_what_the_figure_makes_of_the_status(text: str, meaning: str) -> None:
    """100 is done and 0 not started, unless something is said against it; above 100 nobody is believed."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "đang làm, đã chi 50 triệu",
        "đã giải ngân 1,2 tỷ, đang làm tiếp",
        "đang làm, có 3 cán bộ",
        "đang làm với 12 người",
        "đã tập huấn 45 người, đang làm tiếp",
        "đang quét được 200 hồ sơ",
        "đang làm cho 15 hộ",
        "đang sửa 5 trang",
        "đang họp 7 ấp",
        "đang làm nghị quyết 57",
        "đang làm từ 12/9",
        "đang làm, số 0912345678",
        "đang làm tới 16h30",
        "working on it with 12 people",
        "в работе, 45 человек",
    ],
)
def test_money_people_and_other_quantities_are_no_percent(text: str) -> None:
    """A quantity without a total says nothing of how far the work is."""
    assert told(text) == "progress"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("7/10", "unclear ?"),
        ("3/4", "unclear ?"),
        ("xin lùi đến 7/10", "extension due=2025-10-07"),
        ("7/10 em nộp", "progress"),
        ("đã nộp 12/9", "done"),
        ("7/10 chỉ tiêu", "progress 70%"),
        ("15/40", "progress 37%"),
        ("đang tổng hợp, được 3/4 rồi", "progress 75%"),
        ("còn 1/4 nữa là xong", "progress 75%"),
    ],
)
def test_a_fraction_is_told_from_a_date(text: str, meaning: str) -> None:
    """'7/10' is a day after 'đến' and a share before 'chỉ tiêu'; alone it is asked about."""
    assert told(text) == meaning


@pytest.mark.parametrize("text", ["8/10 ấp chưa nộp", "20% hộ chưa nộp", "chưa làm 3/4", "9 ấp thì 6 ấp chưa nộp"])
def test_how_much_is_not_done_is_never_recorded_as_done(text: str) -> None:
    """A share that is denied is asked about, or left out; it is not how far the work is."""
    read = told(text)
    assert read.endswith("?") or "%" not in read
