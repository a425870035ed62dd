"""The file that goes with a letter: made when it is sent, once, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.store.book import Book
from bot.store.engine import Store


@dataclass(frozen=True, slots=True)
class Renderer:
    """How one kind of file is made: `gather` reads what it shows, `render` makes it, long after that reading ended."""

    gather: Callable[[Book, Mapping[str, Any], datetime], Any]
    render: Callable[[Any, datetime, str], bytes]


class Files:
    """Makes files, one after the other: each takes a processor for itself."""

    def __init__(self, store: Store, renderers: Mapping[str, Renderer]) -> None:
        self._store = store
        self._renderers = renderers
        self._rendering = asyncio.Lock()

    async def made(self, letter_id: int, attachment: Mapping[str, Any], now: datetime) -> bytes:
        """Made once and kept: a second sending, and whoever looks at it later, gets the same bytes."""
        recipe, known = attachment["recipe"], attachment.get("digest")
        kept = await self._store.read(lambda book: book.inbox.file(known)) if known else None
        if kept is not None:
            return kept[1]
        renderer = self._renderers[recipe["name"]]
        values = await self._store.read(lambda book: renderer.gather(book, recipe, now))
        async with self._rendering:
            data = await asyncio.to_thread(renderer.render, values, now, attachment["language"])

        def keep(book: Book) -> None:
            _, digest = book.inbox.keep_file(data, attachment["kind"])
            book.letters.note_file(letter_id, digest, len(data))

        await self._store.write(keep)
        return data
