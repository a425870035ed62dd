"""A small real picture, such as an officer's phone takes of a signed page."""

from __future__ import annotations

import struct
import zlib

_WIDTH, _HEIGHT = 96, 128
_PAPER, _INK = 0xF6, 0x30


def page(lines: int) -> bytes:
    """A PNG of a page with so many lines on it."""
    rows = b"".join(b"\x00" + _row(y, lines) for y in range(_HEIGHT))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _row(y: int, lines: int) -> bytes:
    line, inside = divmod(y - 12, 8)
    if not (0 <= line < lines and inside in (0, 1)):
        return bytes([_PAPER]) * _WIDTH
    ink = 40 + line * 13 % 40
    return bytes([_PAPER]) * 8 + bytes([_INK]) * ink + bytes([_PAPER]) * (_WIDTH - 8 - ink)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
