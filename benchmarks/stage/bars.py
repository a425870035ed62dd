"""Each benchmark's figures beside their bars: noted while the benchmarks run, drawn together in the end.

`python -m benchmarks.stage.bars NOTED PICTURE` draws what several benchmarks noted.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path

#: Where to note it, if anywhere: a file that each benchmark, in a process of its own, writes on.
_NOTED_IN = "NHACVIEC_BARS"
_MET, _MISSED = "tab:green", "tab:red"


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and what it has to be at least, or at most."""

    what: str
    found: float
    bar: float
    at_most: bool = False

    @property
    def share(self) -> float:
        """How many times over the bar is met: 1 is just so, less than 1 is not."""
        over, under = (self.bar, self.found) if self.at_most else (self.found, self.bar)
        return over / under if under else float("inf")


def at_least(what: str, found: float, bar: float) -> None:
    """Note a figure that should be this high."""
    _note(Bar(what, found, bar))


def at_most(what: str, found: float, bar: float) -> None:
    """Note a figure that should not be higher."""
    _note(Bar(what, found, bar, at_most=True))


def _note(bar: Bar) -> None:
    if file := os.environ.get(_NOTED_IN):
        with Path(file).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(bar)) + "\n")


def noted(file: Path) -> list[Bar]:
    """What was noted there, in order."""
    return [Bar(**json.loads(line)) for line in file.read_text("utf-8").splitlines()]


def draw(bars: list[Bar], picture: Path) -> None:
    """A line a figure; right of the black line its bar is met."""
    from matplotlib.figure import Figure

    shown = [bar for bar in reversed(bars) if isfinite(bar.share)]
    figure = Figure(figsize=(9, 0.8 + 0.3 * len(shown)), layout="constrained")
    axes = figure.subplots()
    colours = [_MET if bar.share >= 1 else _MISSED for bar in shown]
    axes.barh(range(len(shown)), [bar.share for bar in shown], color=colours, height=0.7)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_yticks(range(len(shown)), [bar.what for bar in shown])
    for place, bar in enumerate(shown):
        label = f" {bar.found:.3g} ({'≤' if bar.at_most else '≥'} {bar.bar:g})"
        axes.text(max(bar.share, 1), place, label, va="center", fontsize=8)
    axes.set_xlim(min(0.1, *(bar.share for bar in shown)), max(bar.share for bar in shown) * 4)
    axes.set_xlabel("times over its bar")
    figure.savefig(picture, dpi=100)


if __name__ == "__main__":
    draw(noted(Path(sys.argv[1])), Path(sys.argv[2]))
