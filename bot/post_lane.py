"""What one account has in hand: letters ready to go, the most urgent first, and those on their way. No store."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from heapq import heappop, heappush
from typing import Any

from bot.messages import Letter
from bot.store.letters import Claimed

#: So many claimed letters wait for their turn at most: few, so that other replicas find work too.
IN_HAND = 16
#: So many letters of one account are on the wire at once.
ON_THE_WIRE = 48
#: So many letters at most take turns at once: as many as are near where the last ones were taken late.
FEW = 4
#: So many answers may be claimed at once over what is in hand.
URGENT = 4


class Lane:
    """Filled by claims, emptied turn by turn. `woken` tells that there may be more to claim."""

    def __init__(self) -> None:
        self.woken = asyncio.Event()
        #: Somebody may just have been answered.
        self.news = False
        #: There may be more to claim, whoever it is for.
        self.due = True
        self.probing = False
        #: Before this no turn comes; seconds on a steady clock.
        self.next_turn = float("-inf")
        #: By urgency, id and fence: a letter may be in hand twice, where the first claim outlived its lease.
        self._ready: list[tuple[int, int, int, Claimed, Letter]] = []
        self._busy: set[asyncio.Task[None]] = set()

    @property
    def room(self) -> int:
        """How many letters to claim now; 0 while enough are in hand. After a failure one goes at a time."""
        if self.probing:
            return 0 if self._ready or self._busy else 1
        if len(self._ready) > IN_HAND // 2:
            return 0
        return min(IN_HAND - len(self._ready), ON_THE_WIRE - len(self._busy))

    @property
    def room_for_answers(self) -> int:
        """How many answers to claim beside what waits: who just wrote does not wait for a broadcast's letters."""
        return 0 if self.probing else min(URGENT, ON_THE_WIRE - len(self._busy))

    @property
    def can_send(self) -> bool:
        """Whether a letter is ready and the wire takes another."""
        return bool(self._ready) and len(self._busy) < (1 if self.probing else ON_THE_WIRE)

    def look_again(self) -> None:
        """There may be more to claim: it is looked for as soon as there is room."""
        self.due = True
        self.woken.set()

    def add(self, one: Claimed, letter: Letter) -> None:
        """This letter is ready to go."""
        heappush(self._ready, (one.urgency, one.id, one.fence, one, letter))

    def next(self) -> tuple[Claimed, Letter]:
        """The letter that goes first."""
        *_, one, letter = heappop(self._ready)
        return one, letter

    def next_few(self) -> list[tuple[Claimed, Letter]]:
        """The letters that go first, as many as may take turns together."""
        most = 1 if self.probing else min(FEW, ON_THE_WIRE - len(self._busy))
        return [self.next() for _ in range(min(most, len(self._ready)))]

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Let this go on beside the others."""
        task = asyncio.create_task(work)
        self._busy.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._busy.discard(task)
        self.woken.set()

    async def settled(self) -> list[Claimed]:
        """Wait for what is on its way; the letters that did not go any more."""
        while self._busy:
            await asyncio.wait(self._busy)
        left = [one for *_, one, _ in self._ready]
        self._ready.clear()
        return left
