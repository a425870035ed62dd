"""The chart: a PNG as wide as a phone wants, every number on it, the same bytes each time, no library until asked."""

from __future__ import annotations

import struct
import subprocess
import sys
import unicodedata
from itertools import pairwise

import pytest

from bot.messages import Text
from bot.reports import figures, parts, picture
from bot.reports.figures import Figures, Group
from bot.tasks import Cell
from bot.wording import Wording
from tests.reports.an_giang import ZONE, at, province

NOW = at(22, 7, 45)
VIETNAMESE = "aăâeêioôơuưyđ"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


class PageRead(picture._Page):
    """A page that also tells what was written on it and where (left, right, baseline)."""

    written: list[tuple[str, float, float, float]]

    def __init__(self, height: int) -> None:
        super().__init__(height)
        self.height = height
        PageRead.written = []

    def write(self, left: float, top: float, words: str, size: int, **how: bool | str) -> None:
        width = picture._width(words, size, bold=bool(how.get("bold")))
        begins = left - width if how.get("right") else left - width / 2 if how.get("middle") else left
        PageRead.written.append((words, begins, begins + width, top))
        super().write(left, top, words, size, **how)  # type: ignore[arg-type]
        assert top < self.height


@pytest.fixture
def vietnamese() -> Wording:
    """The chair's language."""
    return Wording("vi", ZONE)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> type[PageRead]:
    """What the next picture says."""
    monkeypatch.setattr(picture, "_Page", PageRead)
    return PageRead


def of(*cells: int) -> Figures:
    """Figures with these cells, in their order."""
    return Figures(NOW, dict(zip(Cell, cells, strict=False)))


def test_the_picture_is_a_png_for_a_phone(vietnamese: Wording) -> None:
    """1080 wide, not longer than Telegram takes (width + height at most 10,000), and the same bytes twice."""
    found = province()
    groups, total = figures.by_resolution(found, NOW, ZONE), figures.count(found, NOW, ZONE)
    image = picture.by_resolution_png(groups, total, NOW, vietnamese)
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", image[16:24])
    assert width == 1080
    assert 1000 < height < 3000
    assert len(image) < 400_000
    assert image == picture.by_resolution_png(groups, total, NOW, vietnamese)


def test_every_number_is_on_the_picture(vietnamese: Wording, written: type[PageRead]) -> None:
    """Title, moment, the bands by name, and in each bar the numbers that make its total."""
    found = province()
    groups, total = figures.by_resolution(found, NOW, ZONE), figures.count(found, NOW, ZONE)
    picture.by_resolution_png(groups, total, NOW, vietnamese)
    words = [word for word, *_ in written.written]
    assert words[:2] == ["TỔNG HỢP THEO NGHỊ QUYẾT", "Số liệu lúc 07:45 22/9/2025"]
    assert words[2:7] == ["Hoàn thành", "Chờ xác nhận", "Còn hạn", "Quá hạn", "Không thời hạn"]
    numbers = [int(word) for word in words if word.isdecimal()]
    assert sum(numbers) == total.total + sum(group.figures.total for group in groups)
    assert "hoàn thành 27,1% (48/177)" in words
    assert "Đã thu hồi: 1, không tính vào tổng." in words


def test_narrow_bands_and_long_names_stay_legible(vietnamese: Wording, written: type[PageRead]) -> None:
    """Numbers whose bands are hairs stand side by side on the page; a long sign takes more lines; nothing overlaps."""
    rows = [
        ("57-NQ/TW", of(996, 2, 0, 1, 0, 0, 1, 1, 1)),
        ("59-NQ/TW", of(1, 1, 0, 1, 1, 0, 1, 3, 400)),
        ("Nghị quyết số 12/2025/NQ-HĐND của Hội đồng nhân dân tỉnh", of(12345, 0, 0, 4000, 0, 0, 1, 999)),
        ("03-CTr/TU", of(0, 0, 0, 0, 0, 0, 0, 0, 0, 3)),
    ]
    total = of(13000, 0, 0, 4000, 0, 0, 1, 999)
    picture.by_resolution_png([Group(key, key, row) for key, row in rows], total, NOW, vietnamese)
    assert all(left >= 0 and right <= picture.WIDTH for _, left, right, _ in written.written)
    by_line: dict[float, list[tuple[float, float]]] = {}
    for _, left, right, top in written.written:
        by_line.setdefault(top, []).append((left, right))
    for spans in by_line.values():
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(spans)))
    assert {"chưa có gì để tính", "12.345", "999"} <= {word for word, *_ in written.written}


def test_signs_that_look_like_formulas_are_text(vietnamese: Wording) -> None:
    """A dollar sign starts mathematics in the library; here it is a dollar sign."""
    image = picture.by_resolution_png([Group("$\\frac{$", "", of(1))], of(1), NOW, vietnamese)
    assert image.startswith(b"\x89PNG")


def test_an_empty_book_has_a_picture(vietnamese: Wording, written: type[PageRead]) -> None:
    """Before the first task there is one empty bar that says so."""
    picture.by_resolution_png([], of(), NOW, vietnamese, title=Text("reports.total.title"))
    words = [word for word, *_ in written.written]
    assert words[0] == "TỔNG HỢP NHIỆM VỤ"
    assert "chưa có gì để tính" in words


def test_the_font_has_every_vietnamese_letter() -> None:
    """Each vowel with each tone, small and capital: a missing one would be an empty box on the chair's phone."""
    from matplotlib.ft2font import FT2Font

    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in VIETNAMESE for tone in TONES if vowel != "đ"}
    wanted = letters | {letter.upper() for letter in letters} | set("đĐ%×–“”()/.,:")
    for bold in (False, True):
        known = FT2Font(picture._font(bold)).get_charmap()
        assert [letter for letter in wanted if ord(letter) not in known] == []


def test_heavy_libraries_are_loaded_only_when_asked() -> None:
    """A bot that only sends text never loads the chart library (0.8 s, 60 MB) nor the spreadsheet's."""
    script = (
        "import sys, bot.reports.summary, bot.reports.picture, bot.reports.sheet\n"
        "print(sorted({'matplotlib', 'openpyxl', 'numpy'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_no_figure_is_kept(vietnamese: Wording) -> None:
    """pyplot, which keeps every figure it made, is never loaded."""
    picture.by_resolution_png([], of(1), NOW, vietnamese)
    assert "matplotlib.pyplot" not in sys.modules


def test_each_band_has_its_colour() -> None:
    """A band of the totals that the picture didn't know would be left out of the bars."""
    assert set(picture._COLOURS) == set(parts.BANDS)
