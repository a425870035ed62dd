"""A loopback address that passes on what comes: to the first of its targets that answers, in turn; it can be cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress


class Relay:
    """While it is cut, connections stay open and nothing passes, as where a cable is pulled."""

    def __init__(self, targets: Sequence[tuple[str, int]]) -> None:
        self._targets = list(targets)
        self._whole = asyncio.Event()
        self._whole.set()
        self._lines: set[asyncio.StreamWriter] = set()
        self._at_work: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """Nothing passes any more."""
        self._whole.clear()

    def mend(self) -> None:
        """What was open is gone; what is new passes."""
        for line in list(self._lines):
            line.transport.abort()
        self._whole.set()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, to its end."""
        task = asyncio.current_task()
        assert task
        self._at_work.add(task)
        self._lines.add(writer)
        try:
            with suppress(OSError, asyncio.CancelledError):
                there, away = await self._reached()
                self._lines.add(away)
                try:
                    await asyncio.gather(self._pass_on(reader, away), self._pass_on(there, writer))
                finally:
                    away.close()
                    self._lines.discard(away)
        finally:
            writer.close()
            self._lines.discard(writer)
            self._at_work.discard(task)

    async def _reached(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        await self._whole.wait()
        for _ in self._targets:
            target = self._targets.pop(0)
            self._targets.append(target)
            with suppress(OSError, TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection(*target), 2)
        raise ConnectionRefusedError

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self._whole.wait()
            writer.write(data)
            await writer.drain()
        writer.close()

    async def end(self) -> None:
        """Let go of everything."""
        self._whole.set()
        for task in list(self._at_work):
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)


@asynccontextmanager
async def relay(host: str, port: int, targets: Sequence[tuple[str, int]]) -> AsyncIterator[Relay]:
    """A relay that listens at this address."""
    passes = Relay(targets)
    server = await asyncio.start_server(passes.take, host, port)
    try:
        yield passes
    finally:
        server.close()
        await passes.end()
