"""The files that go with letters, made when they are sent: the picture and the spreadsheet of a summary.

`python -m bot.attachments NAME` makes one out of what stands pickled on its standard input: a process of its own, for
what draws and tabulates takes a hundred megabytes that no replica should hold ever after.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.post_files import Renderer
from bot.reports import figures, picture, sheet
from bot.store.book import Book
from bot.tasks import Assignment, Directive
from bot.wording import Wording

#: A file that takes longer is not made; seconds.
_PATIENCE = 300


@dataclass(frozen=True, slots=True)
class _Picture:
    groups: Sequence[figures.Group]
    whole: figures.Figures
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class _Sheet:
    everything: Sequence[Assignment]
    sources: Sequence[sheet.Source]
    directives: Mapping[int, Directive]
    zone: ZoneInfo


def _counted(book: Book, _recipe: Mapping[str, Any], now: datetime) -> _Picture:
    zone = ZoneInfo(book.people.province().zone)
    everything = book.assignments.all()
    return _Picture(figures.by_resolution(everything, now, zone), figures.count(everything, now, zone), zone)


def _drawn(values: _Picture, now: datetime, language: str) -> bytes:
    """The bars by resolution, as PNG."""
    return picture.by_resolution_png(values.groups, values.whole, now, Wording(language, values.zone))


def _listed(book: Book, _recipe: Mapping[str, Any], _now: datetime) -> _Sheet:
    sources = [
        sheet.Source(one.assignment_id, one.text or "", one.name or one.unit_name or "", one.at, one.channel or "")
        for one in book.sources.all()
    ]
    directives = {one.id: one for one in book.assignments.directives()}
    return _Sheet(book.assignments.all(), sources, directives, ZoneInfo(book.people.province().zone))


def _tabled(values: _Sheet, now: datetime, language: str) -> bytes:
    """Every assignment with its state and the messages behind it, as XLSX."""
    wording = Wording(language, values.zone)
    return sheet.workbook(values.everything, values.sources, now, wording, values.zone, values.directives)


def _apart(name: str) -> Callable[[Any, datetime, str], bytes]:
    """The same by a child process, which ends with it. Raises RuntimeError, TimeoutExpired."""

    def render(values: Any, now: datetime, language: str) -> bytes:
        command = [sys.executable, "-m", "bot.attachments", name]
        given = pickle.dumps((values, now, language))
        ended = subprocess.run(command, input=given, capture_output=True, check=False, timeout=_PATIENCE)  # noqa: S603
        if ended.returncode:
            # The kind of its error alone: the words may hold what people typed.
            kind = ended.stderr.decode(errors="replace").rstrip().rpartition("\n")[2].partition(":")[0]
            raise RuntimeError(f"the process that makes a {name} ended with {ended.returncode}: {kind}")
        return ended.stdout

    return render


RENDERERS: Mapping[str, Renderer] = {"picture": Renderer(_counted, _drawn), "sheet": Renderer(_listed, _tabled)}
#: The same for a process that serves for months.
APART: Mapping[str, Renderer] = {name: Renderer(one.gather, _apart(name)) for name, one in RENDERERS.items()}


if __name__ == "__main__":
    # Our own parent wrote it, down a pipe that nobody else can reach.
    sys.stdout.buffer.write(RENDERERS[sys.argv[1]].render(*pickle.load(sys.stdin.buffer)))  # noqa: S301
