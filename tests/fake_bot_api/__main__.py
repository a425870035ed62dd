"""The fake Bot API as a process: prints its address on the first line, runs until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
from pathlib import Path

from tests.fake_bot_api.faults import Fault
from tests.fake_bot_api.limits import MODELS
from tests.fake_bot_api.server import TOKEN, FakeBotApi


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_bot_api", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--token", action="append", dest="tokens")
    parser.add_argument("--limits", choices=sorted(MODELS), default="unlimited")
    parser.add_argument("--faults", type=Path, help="a JSON list of faults")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--latency", type=float, nargs=2, default=(0.0, 0.0), help="round trip: least and most seconds")
    parser.add_argument("--scale", type=float, default=1.0, help="factor on the webhook's pauses")
    asyncio.run(_serve(parser.parse_args()))


async def _serve(told: argparse.Namespace) -> None:
    faults = [Fault(**fault) for fault in json.loads(told.faults.read_text("utf-8"))] if told.faults else []
    fake = FakeBotApi(
        told.tokens or [TOKEN],
        limits=MODELS[told.limits],
        faults=faults,
        seed=told.seed,
        journal=told.journal,
        latency=tuple(told.latency),
        scale=told.scale,
        port=told.port,
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with fake:
        print(fake.url, flush=True)  # noqa: T201
        await stop.wait()


if __name__ == "__main__":
    main()
