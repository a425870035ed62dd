"""The fail points kill exactly where they say, also inside a request."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from bot import failpoints
from tests.fake_bot_api.server import TOKEN, FakeBotApi

ROOT = Path(failpoints.__file__).parents[1]
SENDER = """
import asyncio, sys
from bot.channels.telegram import TelegramChannel
from bot.messages import Address, Letter
async def main():
    channel = TelegramChannel(sys.argv[1], api_url=sys.argv[2])
    await channel.open()
    for number in range(1, 5):
        await channel.send(Letter(number, Address("telegram", channel.account, "501"), f"thư {number}"))
        print(number, flush=True)
    await channel.close()
asyncio.run(main())
"""


async def sender(fake: FakeBotApi, failpoint: str) -> tuple[int | None, list[str]]:
    """A process that sends four letters, and what it had been told of before its end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SENDER, TOKEN, fake.url),
        cwd=ROOT,
        env={**os.environ, "FAILPOINT": failpoint},
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    return process.returncode, told.decode().split()


@pytest.mark.parametrize(
    ("failpoint", "accepted", "told"), [("connected:3", 2, 2), ("bytes_written:3", 3, 2), ("answered:3", 3, 2)]
)
async def test_a_process_dies_at_its_fail_point(failpoint: str, accepted: int, told: int) -> None:
    """Killed once connected: Telegram saw nothing of the third letter. Once written, or answered: it has it."""
    async with FakeBotApi() as fake:
        died, heard = await sender(fake, failpoint)
        async with asyncio.timeout(20):
            while len(fake.journal.sent()) < accepted:
                await asyncio.sleep(0.005)
    assert died == -signal.SIGKILL
    assert (len(fake.journal.sent()), len(heard)) == (accepted, told)


async def test_a_fail_point_never_reached_changes_nothing() -> None:
    """A run that reaches the point too seldom ends untouched: the sign for a harness that it has tried them all."""
    async with FakeBotApi() as fake:
        died, heard = await sender(fake, "connected:5")
    assert (died, heard) == (0, ["1", "2", "3", "4"])


def test_without_the_variable_every_point_is_inert() -> None:
    """In ordinary life a fail point does nothing at all."""
    for point in failpoints.POINTS:
        failpoints.hit(point)
    assert failpoints._hits == 0
