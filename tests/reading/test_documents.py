"""The sign of the paper that the unit itself issued, told from what is cited and from resolutions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.documents import is_resolution, official
from bot.reading.tokens import Form, tokens
from tests.reading.told import ONE, THREE, told


@pytest.mark.parametrize(
    ("written", "sign"),
    [
        ("45 / kh-ubnd", "45/KH-UBND"),
        ("45/ KH - UBND", "45/KH-UBND"),
        ("90/qd-ubnd", "90/QĐ-UBND"),
        ("90/QĐ-UBND", "90/QĐ-UBND"),
        ("12-kh/đu", "12-KH/ĐU"),
        ("12-kh/du", "12-KH/ĐU"),
        ("128/ttr-sdl", "128/TTr-SDL"),
        ("128/TTR-UBND", "128/TTr-UBND"),
        ("7/bc-hdnd", "7/BC-HĐND"),
        ("9/tb-vp", "9/TB-VP"),
        ("6202/UBND-KT", "6202/UBND-KT"),
        ("356/ubnd-kgvx", "356/UBND-KGVX"),
        ("07/KH-UBND", "07/KH-UBND"),
    ],
)
def test_signs_in_the_official_spelling(written: str, sign: str) -> None:
    """However it was typed, a sign is one word of the reply and filed as the decree spells it."""
    assert official(written) == sign
    assert tokens(f"số {written} ngày 18/9")[1].text == written


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 9999), st.sampled_from(["KH", "QĐ", "BC", "TB", "TTr", "CTr"]), st.sampled_from(["UBND", "HĐND"]))
def test_any_sign_is_filed_as_issued(number: int, kind: str, body: str) -> None:
    """Any number, kind and body, in capitals or not, spaced or not."""
    sign = f"{number}/{kind}-{body}"
    for written in (sign, sign.lower(), sign.upper(), f"{number} / {kind} - {body}"):
        assert told(f"đã ban hành văn bản số {written}") == f"done doc={sign}"


@pytest.mark.parametrize("text", ["7/10", "25/9", "25/9/2025", "1/2 xong", "8/10 ấp", "80%", "2-3"])
def test_dates_and_fractions_are_no_signs(text: str) -> None:
    """What has no letters of a kind of paper is no paper."""
    assert all(token.form is not Form.SIGN for token in tokens(text))


@pytest.mark.parametrize(("sign", "names"), [("59-NQ/TW", True), ("02-nq/đu", True), ("12/NQ-HĐND", True)])
def test_a_resolutions_sign_names_a_task(sign: str, names: bool) -> None:
    """59-NQ/TW is a resolution of the Party, 12/NQ-HĐND of a council."""
    assert is_resolution(sign) is names


@pytest.mark.parametrize("sign", ["45/KH-UBND", "12-KH/ĐU", "6202/UBND-KT", "88/CV"])
def test_other_papers_signs_name_no_task(sign: str) -> None:
    """A plan's, a dispatch's sign is the product's."""
    assert not is_resolution(sign)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("số 45 / kh-ubnd ngày 18/9, đã gửi", "done doc=45/KH-UBND"),
        ("đã ban hành 90/qd-ubnd", "done doc=90/QĐ-UBND"),
        ("đã ban hành kế hoạch số 45", "done doc=45/KH"),
        ("kh 45 ban hành rồi", "done doc=45/KH"),
        ("đã gửi công văn 88", "done doc=88/CV"),
        ("da gui cv 88", "done doc=88/CV"),
        ("đã ban hành quyết định 31", "done doc=31/QĐ"),
        ("đã trình tờ trình số 5", "progress doc=5/TTr"),
        ("đã nộp báo cáo số 77", "done doc=77/BC"),
        ("thông báo số 9 đã gửi các ấp, xong", "done doc=9/TB"),
        ("ban hành số 45 rồi", "done doc=45"),
        ("ĐÃ BAN HÀNH KẾ HOẠCH SỐ 45/KH-UBND", "done doc=45/KH-UBND"),
        ("ddax ban hanhf kees hoachj soos 57", "done doc=57/KH"),
        ("issued plan 45/KH-UBND", "done doc=45/KH-UBND"),
        ("план 45/KH-UBND утверждён и отправлен", "done doc=45/KH-UBND"),
        ("đã phát hành theo Quyết định số 1127/QĐ-SKHCN", "done doc=1127/QĐ-SKHCN"),
        ("công văn 302 xã gửi đi hôm qua rồi", "done doc=302/CV"),
        ("trả lời bằng công văn 310 ngày 4/2 rồi", "done doc=310/CV"),
    ],
)
def test_the_products_number_and_sign(text: str, meaning: str) -> None:
    """A full sign, a kind with its number, or the bare number after 'ban hành số'."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("đang trình ký kế hoạch số 45/KH-UBND", "progress doc=45/KH-UBND"),
        ("45/KH-UBND ban hành rồi nhưng vướng kinh phí", "blocked doc=45/KH-UBND"),
        ("báo cáo 60/BC-UBND bị trả lại, đang sửa", "progress doc=60/BC-UBND"),
        ("đã gửi 88/KH-UBND, 90/TB-UBND", "done doc=88/KH-UBND ?"),
        ("đã ban hành 12-KH/ĐU và 45/KH-UBND", "done doc=12-KH/ĐU ?"),
        ("đã gửi 45/KH-UBND, nhắc lại là 45/kh-ubnd", "done doc=45/KH-UBND"),
    ],
)
def test_a_paper_with_any_status_and_several_papers(text: str, meaning: str) -> None:
    """It is kept whatever the status is; of several products the first, and the bot asks."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("theo CV 12 của tỉnh, xã đang làm", "progress"),
        ("căn cứ QĐ 1234/QĐ-UBND của tỉnh, xã đang xây dựng kế hoạch", "progress"),
        ("thực hiện công văn số 356/UBND-KGVX của UBND tỉnh, xã đã hoàn thành", "done"),
        ("theo kế hoạch 103/KH-UBND thì xã em xong rồi", "done"),
        ("căn cứ KH 12/KH-UBND, xã đã ban hành KH 45/KH-UBND", "done doc=45/KH-UBND"),
        ("phúc đáp công văn 88/STC-NS, đang làm 40%", "progress 40%"),
        ("công văn 12 của tỉnh em nhận rồi, đang làm", "progress"),
        ("chưa nhận được công văn 2211/SNV-CCHC nên chưa làm được", "blocked"),
        ("theo kết luận 155-TB/TU, phường đang xây dựng", "progress"),
    ],
)
def test_what_is_cited_is_not_the_product(text: str, meaning: str) -> None:
    """Another's paper that the work rests on is never filed as the unit's own."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("NQ 59 xong", "done task=17"),
        ("59-NQ/TW xong", "done task=17"),
        ("nghị quyết số 59 đang làm", "progress task=17"),
        ("kh 59 xong", "done task=17"),
        ("kế hoạch 59 đang làm", "progress task=17"),
        ("kh 45 ban hành rồi", "done doc=45/KH ?"),
        ("kế hoạch số 59 ban hành rồi", "done doc=59/KH ?"),
        ("59/KH-UBND ban hành rồi", "done doc=59/KH-UBND ?"),
    ],
)
def test_a_plan_of_a_resolution_is_a_task(text: str, meaning: str) -> None:
    """'kh 59' names the task of Resolution 59; with 'số' or a full sign it is the paper."""
    assert told(text, THREE) == meaning.replace(" ?", " task=- ?")


@pytest.mark.parametrize(
    "text", ["cv 15.000", "nghị quyết 1.200", "kế hoạch số 1.200", "từ 1.200 đến 50%", "1.234.567%"]
)
def test_a_dotted_thousand_stops_nothing(text: str) -> None:
    """A quantity beside a paper's name is no paper, and the reply is asked about."""
    assert told(text, ONE).endswith("?")
    assert "doc=" not in told(text, ONE)
