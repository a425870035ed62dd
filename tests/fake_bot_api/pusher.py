"""How Telegram brings updates to a webhook (tdlib/telegram-bot-api 10.0, WebhookActor).

One queue for each chat, texts and taps apart; the head blocks its queue; it is tried again at once, then after pauses
that double; given up when too old. Who answers 410 for 23 hours loses the webhook.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.fake_bot_api.account import Account

TEXT_LIFE, TAP_LIFE = 86_400.0, 150.0
GONE_FOR = 23 * 3600.0


@dataclass
class Pusher:
    """Serves one account's webhook. All of Telegram's times are multiplied by `scale`."""

    account: Account
    scale: float = 1.0
    answers: Counter[int] = field(default_factory=Counter)
    expired: list[object] = field(default_factory=list)
    lanes: dict[object, deque[tuple[float, int, object]]] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    #: What was answered 200, and when.
    taken: list[tuple[float, object]] = field(default_factory=list)
    #: Refusals that did not say when to come again.
    abrupt: int = 0
    gone_since: float | None = None
    clock: Callable[[], float] = time.monotonic

    async def run(self) -> None:
        """Bring updates until cancelled; what was not taken stays with the account."""
        hook = self.account.webhook
        slots = asyncio.Semaphore(hook["max_connections"])
        async with httpx.AsyncClient(timeout=30, headers=self._headers(hook), trust_env=False) as client:
            try:
                while True:
                    for number, update in self.account.updates:
                        self._enqueue(client, hook["url"], slots, number, update)
                    self.account.updates.clear()
                    self.account.news.clear()
                    await self.account.news.wait()
            finally:
                await self._put_back()

    def _headers(self, hook: dict[str, Any]) -> dict[str, str]:
        return {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]} if hook["secret_token"] else {}

    def _enqueue(
        self, client: httpx.AsyncClient, url: str, slots: asyncio.Semaphore, number: int, update: object
    ) -> None:
        lane = _lane(update)
        if lane not in self.lanes:
            self.lanes[lane] = deque()
        self.lanes[lane].append((self.clock(), number, update))
        if len(self.lanes[lane]) == 1:
            task = asyncio.create_task(self._serve(client, url, slots, lane))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _serve(self, client: httpx.AsyncClient, url: str, slots: asyncio.Semaphore, lane: Any) -> None:
        queue = self.lanes[lane]
        life = (TAP_LIFE if lane[1] else TEXT_LIFE) * self.scale
        tries = 0
        while queue and self.account.webhook:
            since, _number, update = queue[0]
            if self.clock() - since > life:
                self.expired.append(update)
                queue.popleft()
                tries = 0
                continue
            async with slots:
                taken, pause = await self._knock(client, url, update, tries)
            if taken:
                self.taken.append((self.clock(), update))
                queue.popleft()
                tries = 0
            else:
                tries += 1
                await asyncio.sleep(pause * self.scale)

    async def _knock(self, client: httpx.AsyncClient, url: str, update: object, tries: int) -> tuple[bool, float]:
        try:
            answer = await client.post(url, json=update)
        except httpx.HTTPError:
            self.answers[0] += 1
            return False, _doubled(tries)
        self.answers[answer.status_code] += 1
        self._note_gone(gone=answer.status_code == 410)
        told = answer.headers.get("retry-after", "")
        self.abrupt += not answer.is_success and not told
        return answer.is_success, min(3600.0, float(told)) if told.isdigit() else _doubled(tries)

    def _note_gone(self, *, gone: bool) -> None:
        if not gone:
            self.gone_since = None
            return
        self.gone_since = self.gone_since if self.gone_since is not None else self.clock()
        if self.clock() - self.gone_since > GONE_FOR * self.scale:
            self.account.webhook = {}

    async def _put_back(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        waiting = [(number, update) for queue in self.lanes.values() for _since, number, update in queue]
        self.account.updates = sorted(waiting + self.account.updates, key=lambda one: one[0])
        self.lanes.clear()


def _lane(update: object) -> tuple[object, bool]:
    """The chat, and whether it is a tap."""
    if not isinstance(update, dict):
        return None, False
    tap = "callback_query" in update
    holder = update["callback_query"].get("message", {}) if tap else next(iter(list(update.values())[1:]), {})
    return (holder.get("chat", {}).get("id") if isinstance(holder, dict) else None), tap


def _doubled(tries: int) -> float:
    """At once, then 1 s, 2 s, 4 s … up to a random minute or two."""
    return 0.0 if tries == 0 else min(2.0 ** (tries - 1), random.uniform(60, 120))
