"""Numbers written in words count and name like digits, and words that only look like numbers do not."""

import pytest

from bot.reading.letters import bare
from tests.reading.told import THREE, told

UNITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
AFTER_TENS = ["", "mốt", "hai", "ba", "tư", "lăm", "sáu", "bảy", "tám", "chín"]
ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve "
ENGLISH += "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
RUSSIAN = "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать "
RUSSIAN += "тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
RUSSIAN_TENS = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто"


def vietnamese(number: int) -> str:
    ten, one = divmod(number, 10)
    if not ten:
        return UNITS[one]
    lead = "mười" if ten == 1 else f"{UNITS[ten]} mươi"
    if not one:
        return lead
    return f"{lead} {'lăm' if one == 5 else UNITS[one] if ten == 1 else AFTER_TENS[one]}"


def by_tens(number: int, small: str, tens: str, joint: str) -> str:
    ten, one = divmod(number, 10)
    if ten < 2:
        return small.split()[number]
    return tens.split()[ten - 2] + (joint + small.split()[one] if one else "")


def test_every_percent_may_be_said_in_vietnamese() -> None:
    """From one to ninety-nine, 'đang làm được … phần trăm' is that percent."""
    said = {number: told(f"đang làm, được {vietnamese(number)} phần trăm") for number in range(1, 100)}
    assert said == {number: f"progress {number}%" for number in range(1, 100)}


def test_every_percent_may_be_said_without_marks() -> None:
    """'duoc bay muoi lam phan tram' is as good: no mark is needed to tell the number."""
    said = {number: told(bare(f"đang làm, được {vietnamese(number)} phần trăm")) for number in range(1, 100)}
    assert said == {number: f"progress {number}%" for number in range(1, 100)}


@pytest.mark.parametrize("joint", [" ", "-"])
def test_every_percent_may_be_said_in_english(joint: str) -> None:
    """'seventy-five percent' and 'seventy five percent' are 75."""
    said = {n: told(f"in progress, {by_tens(n, ENGLISH, ENGLISH_TENS, joint)} percent done") for n in range(1, 100)}
    assert said == {number: f"progress {number}%" for number in range(1, 100)}


def test_every_percent_may_be_said_in_russian() -> None:
    """'семьдесят пять процентов' is 75."""
    said = {n: told(f"в работе, {by_tens(n, RUSSIAN, RUSSIAN_TENS, ' ')} процентов") for n in range(1, 100)}
    assert said == {number: f"progress {number}%" for number in range(1, 100)}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("một trăm phần trăm rồi", "done 100%"),
        ("được 8 chục phần trăm", "progress 80%"),
        ("tám chục phần trăm", "progress 80%"),
        ("bẩy mươi phần trăm", "progress 70%"),
        ("hai mươi tư phần trăm", "progress 24%"),
        ("được năm phần trăm", "progress 5%"),
        ("không phần trăm", "not_started 0%"),
        ("tám trên mười chỉ tiêu", "progress 80%"),
        ("bảy trong mười chỉ tiêu rồi", "progress 70%"),
        ("five out of ten targets", "progress 50%"),
        ("семь из десяти показателей", "progress 70%"),
        ("xin thêm ba ngày", "extension due=2025-09-23"),
        ("xin thêm mười lăm ngày", "extension due=2025-10-05"),
        ("xin thêm hai mươi mốt ngày", "extension due=2025-10-11"),
        ("xin lùi hai tuần", "extension due=2025-10-04"),
        ("xin gia hạn một tháng", "extension due=2025-10-20"),
        ("ask for three more days", "extension due=2025-09-23"),
        ("прошу продлить на пять дней", "extension due=2025-09-25"),
        ("xin lùi đến ngày hai mươi lăm tháng chín", "extension due=2025-09-25"),
        ("twenty-five percent", "progress 25%"),
        ("កំពុងធ្វើ បានហុកសិបភាគរយ", "progress 60%"),
        ("សុំពន្យារពេល ប្រាំពីរ ថ្ងៃ", "extension due=2025-09-27"),
    ],
)
def test_numbers_in_words_measure_and_date(text: str, meaning: str) -> None:
    """A percent, a fraction, days and dates said in words are what the digits would be."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("việc hai xong", "done task=17"),
        ("nhiệm vụ ba đang làm", "progress task=88"),
        ("việc một vướng kinh phí", "blocked task=41"),
        ("cả ba việc xong", "done task=41 & done task=17 & done task=88"),
        ("task two is done", "done task=17"),
        ("задача два готова", "done task=17"),
    ],
)
def test_numbers_in_words_name_tasks(text: str, meaning: str) -> None:
    """'việc hai' is the second of the list."""
    assert told(text, THREE) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("năm nay xong rồi", "done"),
        ("tuần sau em gửi", "progress"),
        ("đang làm cho năm 2026", "progress"),
        ("chờ Sở Tư pháp hướng dẫn", "blocked"),
        ("anh Ba đang làm", "progress"),
        ("chị Tư với anh Năm đang soạn", "progress"),
        ("chú Chín xã đội đang làm", "progress"),
        ("đang họp hai bên", "progress"),
    ],
)
def test_words_that_only_look_like_numbers(text: str, meaning: str) -> None:
    """'năm nay' is no five, 'sau' no six, chị Tư nobody's fourth task."""
    assert told(text) == meaning
