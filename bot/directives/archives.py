"""Zipped office files opened with care: bounded in number and unpacked size, and never an XML entity."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat  # nosec: doctypes, and with them all entities, are refused below

_MOST_PARTS = 2_000
_CHUNK = 64 * 1024


class Unreadable(Exception):  # noqa: N818  (a fact about somebody's file, not a fault of ours)
    """The file can't be looked into: broken, locked, or built to harm."""


class Archive:
    """A zipped file whose parts may unpack to at most `most` bytes altogether, whatever its directory claims."""

    def __init__(self, data: bytes, most: int) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as broken:
            raise Unreadable("no zipped file") from broken
        if len(self._zip.infolist()) > _MOST_PARTS:
            raise Unreadable("too many parts")
        self._left = most

    @property
    def names(self) -> list[str]:
        """The parts, in their order."""
        return self._zip.namelist()

    def chunks(self, name: str) -> Iterator[bytes]:
        """One part, unpacked piece by piece. Raises Unreadable where it is broken, locked or too large."""
        try:
            with self._zip.open(name) as part:
                while piece := part.read(_CHUNK):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise Unreadable("unpacks to too much")
                    yield piece
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError, KeyError) as broken:
            raise Unreadable(f"broken part {name!r}") from broken

    def parse(
        self,
        name: str,
        starts: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
        ends: Callable[[str], None] | None = None,
    ) -> None:
        """Walk an XML part; names come without their prefix. Raises Unreadable for a doctype and for broken XML."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_doctype
        if starts:
            parser.StartElementHandler = lambda element, _: starts(element.rpartition(":")[2])
        if text:
            parser.CharacterDataHandler = text
        if ends:
            parser.EndElementHandler = lambda element: ends(element.rpartition(":")[2])
        try:
            for piece in self.chunks(name):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as broken:
            raise Unreadable(f"broken XML in {name!r}") from broken


def _no_doctype(*_: object) -> None:
    raise Unreadable("declares XML entities")
