"""`nhacviec parse`: JSON lines of replies in, JSON lines of readings out; no store, no network, quick to start."""

from __future__ import annotations

from typing import BinaryIO, TextIO

from bot.reading.parse import parse_lines


def parse(source: BinaryIO, sink: TextIO) -> int:
    """Read every line; 1 where one of them was not valid, else 0."""
    sink.reconfigure(encoding="utf-8")  # type: ignore[attr-defined]  # a real standard output has it
    bad = False
    for line, ok in parse_lines(source):
        sink.write(line + "\n")
        sink.flush()
        bad |= not ok
    return int(bad)
