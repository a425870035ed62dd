"""The chart that goes with a summary: one bar a resolution, a PNG to be read on a phone; words come from Wording."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.messages import Text, Value, text
from bot.reports import parts
from bot.reports.figures import Figures, Group
from bot.wording import Wording

#: Pixels. A phone shows the picture at about a third of its width, so nothing is written smaller than 26.
WIDTH = 1080
DPI = 100
POINTS = 72 / DPI
MARGIN = 44
BAR = 62
ROW = 172
HEADER = 330
FOOTER = 60
LINE = 40

_INK, _SOFT, _TRACK = "#1d2733", "#5a6675", "#edf0f3"
#: The colour of a band and of the number on it, in the order of `parts.BANDS`.
_COLOURS = {
    "accepted": ("#2a9d5c", "#ffffff"),
    "reported": ("#f4bf3c", "#3d2f00"),
    "in_time": ("#3f86d4", "#ffffff"),
    "overdue": ("#d43d3d", "#ffffff"),
    "no_due": ("#c3cad3", "#2d3742"),
}


def by_resolution_png(
    groups: Sequence[Group], figures: Figures, now: datetime, wording: Wording, title: Text | None = None
) -> bytes:
    """One stacked bar a resolution under one for the total (`figures`); the same input gives the same bytes."""
    say = wording.say
    rows = [_row(text("reports.chart.total"), figures, wording)]
    rows += [_row(parts.sign(group.key), group.figures, wording) for group in groups]
    notes = _notes(groups, figures, wording)
    page = _Page(HEADER + sum(row.height for row in rows) + LINE * len(notes) + FOOTER)
    page.write(MARGIN, 76, say(title or text("reports.by_resolution.title")), 44, bold=True)
    page.write(MARGIN, 130, say(parts.moment(now)), 30, colour=_SOFT)
    _legend(page, wording)
    top = HEADER
    for row in rows:
        _draw(page, top, row, wording)
        top += row.height
        if row is rows[0]:
            page.box(MARGIN, top - 14, WIDTH - 2 * MARGIN, 2, _TRACK)
    for note in notes:
        page.write(MARGIN, top + 12, note, 26, colour=_SOFT)
        top += LINE
    return page.png()


@dataclass(frozen=True, slots=True)
class _Row:
    """A bar: its label on as many lines as it needs beside what is done."""

    label: Sequence[str]
    done: str
    figures: Figures

    @property
    def height(self) -> int:
        return ROW + LINE * (len(self.label) - 1)


def _row(label: Text, figures: Figures, wording: Wording) -> _Row:
    share = parts.share_short(figures.completion)
    done = wording.say(text("reports.chart.done", share=share) if figures.total else share)
    room = WIDTH - 2 * MARGIN - 30 - _width(done, 30)
    return _Row(_wrapped(wording.say(label), 34, room), done, figures)


def _wrapped(words: str, size: int, room: float) -> list[str]:
    """Whole words on lines of at most this many pixels."""
    found: list[str] = []
    for word in words.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and _width(longer, size, bold=True) <= room:
            found[-1] = longer
        else:
            found.append(word)
    return found or [""]


def _notes(groups: Sequence[Group], figures: Figures, wording: Wording) -> list[str]:
    """What the reader must know to read the bars right, in lines that fit the width."""
    values: list[Value] = [text("reports.chart.note")]
    if sum(group.figures.total for group in groups) > figures.total:
        values.append(text("reports.chart.note_more_than_once"))
    if figures.recalled:
        values.append(text("reports.recalled", amount=figures.recalled))
    return [line for value in values for line in wording.value(value, "").splitlines()]


def _legend(page: _Page, wording: Wording) -> None:
    """Three bands on the first line, two on the second."""
    for place, name in enumerate(parts.BANDS):
        left = MARGIN + (place % 3) * 340
        top = 196 + (place // 3) * 52
        page.box(left, top - 24, 30, 30, _COLOURS[name][0])
        page.write(left + 42, top, wording.say(text(f"reports.chart.{name}")), 28)


def _draw(page: _Page, top: int, row: _Row, wording: Wording) -> None:
    page.write(WIDTH - MARGIN, top + 34, row.done, 30, colour=_SOFT, right=True)
    for line in row.label:
        page.write(MARGIN, top + 34, line, 34, bold=True)
        top += LINE
    top -= LINE
    width = WIDTH - 2 * MARGIN
    page.box(MARGIN, top + 52, width, BAR, _TRACK)
    left = float(MARGIN)
    narrow: list[_Spot] = []
    for name, (_, cells) in parts.BANDS.items():
        amount = row.figures.of(*cells)
        if not amount:
            continue
        part = width * amount / row.figures.total
        colour, ink = _COLOURS[name]
        number = wording.value(amount, "")
        page.box(left, top + 52, part, BAR, colour)
        if part >= _width(number, 32, bold=True) + 12:
            page.write(left + part / 2, top + 94, number, 32, colour=ink, bold=True, middle=True)
        else:
            narrow.append(_Spot(number, colour, left + part / 2 - 10, _width(number, 26, bold=True) + 44))
        left += part
    for spot, place in zip(narrow, _side_by_side(narrow), strict=True):
        page.box(place, top + 121, 20, 20, spot.colour)
        page.write(place + 27, top + 140, spot.number, 26, bold=True)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A number that its narrow band can't hold: it stands under the bar on a spot of the band's colour."""

    number: str
    colour: str
    left: float
    width: float


def _side_by_side(spots: Sequence[_Spot]) -> list[float]:
    """Where each may stand: as near to its band as the others and the edges of the page let it."""
    places: list[float] = []
    free = float(MARGIN)
    for spot in spots:
        places.append(max(free, spot.left))
        free = places[-1] + spot.width
    limit = float(WIDTH - MARGIN)
    for number in range(len(spots) - 1, -1, -1):
        places[number] = min(places[number], limit - spots[number].width)
        limit = places[number]
    return places


def _font(bold: bool) -> str:
    """The library's own font, by its path: it has every Vietnamese letter, and the machine's fonts change nothing."""
    from matplotlib import get_data_path

    return f"{get_data_path()}/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf"


def _width(words: str, size: int, *, bold: bool = False) -> float:
    """Pixels these words take."""
    from matplotlib.ft2font import FT2Font

    font = FT2Font(_font(bold))
    font.set_size(size * POINTS, DPI)
    font.set_text(words)
    return float(font.get_width_height()[0]) / 64


class _Page:
    """A white page in pixels from the top left, drawn without pyplot (which would keep every figure for ever)."""

    def __init__(self, height: int) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self._height = height
        self._figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor="white")
        FigureCanvasAgg(self._figure)

    def box(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        from matplotlib.patches import Rectangle
        from matplotlib.transforms import IdentityTransform

        at = (left, self._height - top - height)
        box = Rectangle(at, width, height, facecolor=colour, edgecolor="none", transform=IdentityTransform())
        self._figure.add_artist(box)

    def write(
        self,
        left: float,
        top: float,
        words: str,
        size: int,
        *,
        colour: str = _INK,
        bold: bool = False,
        middle: bool = False,
        right: bool = False,
    ) -> None:
        """Words whose baseline is at `top`, `size` pixels high."""
        from matplotlib.font_manager import FontProperties
        from matplotlib.transforms import IdentityTransform

        font = FontProperties(fname=_font(bold), size=size * POINTS)
        side = "center" if middle else "right" if right else "left"
        placed: dict[str, Any] = {"transform": IdentityTransform(), "va": "baseline", "ha": side, "parse_math": False}
        self._figure.text(left, self._height - top, words, fontproperties=font, color=colour, **placed)

    def png(self) -> bytes:
        """The bytes; no name and version of the library, which would change them."""
        out = io.BytesIO()
        self._figure.savefig(out, format="png", dpi=DPI, facecolor="white", metadata={"Software": None})
        return out.getvalue()
