"""A secret mark is seen where it stands alone, and the word in a sentence is left in peace."""

from __future__ import annotations

import time
import unicodedata

import pytest

from bot.directives.secrecy import secret_mark

MARKED = [
    "MẬT",
    "TỐI MẬT",
    "TUYỆT MẬT",
    "mật",
    "Tối mật",
    "(MẬT)",
    "[TUYỆT MẬT]",
    "*** TỐI MẬT ***",
    "Độ mật: MẬT",
    "Độ mật: Tối mật",
    "ĐỘ MẬT: TUYỆT MẬT.",
    "Mức độ mật - mật",
    "Độ bảo mật: Mật",
    "M Ậ T",
    "T U Y Ệ T  M Ậ T",
    "TỐI\u00a0MẬT",
    "M\u200bẬT",
    "ＭẬＴ",
    "TỐI MẬT - Bản số: 03",
    "UBND TỈNH AN GIANG\nMẬT\nSố: 12/KH-UBND",
    "UBND TỈNH AN GIANG\tMẬT",
    "Số: 12/KH-UBND    TỐI MẬT",
    "| TUYỆT MẬT | Kế hoạch phòng thủ |",
    "Gửi anh kế hoạch (MẬT), xem giúp em",
    "MẬT: danh sách dự kiến",
    "Kế hoạch phòng thủ - TỐI MẬT",
    "Em gửi công văn, độ mật: mật.",
    "\r\nTUYỆT MẬT\r\n",
    "em gửi kèm tài liệu TỐI MẬT số 5",
    "KẾ HOẠCH TUYỆT MẬT VỀ PHÒNG THỦ",
    "Kính gửi VP, văn bản MẬT về an ninh",
]
PLAIN = [
    "",
    "Tăng cường công tác bảo mật thông tin",
    "KẾ HOẠCH BẢO MẬT THÔNG TIN",
    "mật độ dân số xã Vĩnh Tế",
    "MẬT ĐỘ DÂN SỐ",
    "Mật khẩu",
    "MẬT KHẨU: 123",
    "Em đổi MẬT KHẨU rồi, xong việc 1",
    "Đã tập huấn AN TOÀN BẢO MẬT cho cán bộ",
    "Sản phẩm OCOP: mật ong",
    "SẢN PHẨM OCOP: MẬT ONG",
    "Quán triệt Luật Bảo vệ bí mật nhà nước",
    "DANH MỤC BÍ MẬT NHÀ NƯỚC",
    "đảm bảo tuyệt mật, không để lộ",
    "Tài liệu này không thuộc diện mật, tối mật, tuyệt mật",
    "Độ mật:",
    "Độ mật: Thường",
    "ĐỘ MẬT: KHÔNG",
    "mat",
    "MẶT",
    "xong rồi, thân mật cảm ơn",
    "Cơ yếu, mật mã",
]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", MARKED)
def test_a_mark_standing_alone_is_seen(text: str, form: str) -> None:
    """Stamps are seen in brackets, in forms, beside the letterhead, composed and decomposed."""
    assert secret_mark(unicodedata.normalize(form, text))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", PLAIN)
def test_the_word_in_a_sentence_is_no_mark(text: str, form: str) -> None:
    """Passwords, densities, honey and the law on secrets are everyday subjects."""
    assert not secret_mark(unicodedata.normalize(form, text))


@pytest.mark.parametrize(
    "text", ["ật" * 500_000, ("." * 190 + "ật\n") * 5_000, "( MẬ" * 250_000, "độ mật: " * 120_000, " " * 999_999 + "Ậ"]
)
def test_a_megabyte_is_judged_at_once(text: str) -> None:
    """No text makes the door slow."""
    began = time.perf_counter()
    secret_mark(text)

    assert time.perf_counter() - began < 2
