"""`run`, `demo`, `talk`, `parse`: the house opens its doors."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.assembly import House, assemble, clock_of, open_store, outside_house
from bot.assembly import run as run_house
from bot.channels.local import LocalChannel
from bot.commands.words import said
from bot.local_desk import StoreDesk
from bot.settings import Settings, load_settings
from bot.store.engine import Store


def run() -> None:
    """Everything configured; with nothing configured, the sample province and the local chat."""
    settings = load_settings(os.environ)
    logs.configure()
    house = outside_house(settings) if settings.outside_channels else local_house(settings)
    try:
        asyncio.run(_until_stopped(house, settings))
    finally:
        house.store.close()


def local_house(settings: Settings) -> House:
    """The house around the local chat; an empty store becomes the sample."""
    store = open_store(settings, sample_if_empty=True)
    return house_with_phones(store)


def house_with_phones(store: Store) -> House:
    """The house of a store that has only the local chat."""
    from bot.web.local_chat import routes

    clock = clock_of(store)
    desk = StoreDesk(store, clock.now)
    zone = load_settings(os.environ).timezone
    house = assemble(store, clock, [LocalChannel(desk, zone, routes)])
    desk.house = house
    return house


async def _until_stopped(house: House, settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await run_house(house, settings, stop, _say_where(settings) if _is_local(house) else None)


def _is_local(house: House) -> bool:
    return any(name == "local" for name, _ in house.channels)


def _say_where(settings: Settings) -> Callable[[int], None]:
    def say(port: int) -> None:
        host = settings.listen.host if settings.listen.host != "0.0.0.0" else "127.0.0.1"  # noqa: S104  (compared, not bound)
        typer.echo(said("run.where", url=f"http://{host}:{port}/"))

    return say


def demo(
    out: Annotated[Path, typer.Option(help=said("option.demo_out"))] = Path("demo"),
    no_serve: Annotated[bool, typer.Option("--no-serve", help=said("option.no_serve"))] = False,
) -> None:
    """The An Giang case from the notice to the report, then the local chat on the same data."""
    from bot.demo.play import play

    settings = load_settings(os.environ)
    logs.configure()
    with play(out, typer.echo) as store:
        if no_serve or not sys.stdout.isatty():
            return
        house = house_with_phones(store)
        asyncio.run(_until_stopped(house, settings))


def talk() -> None:
    """The local chat in the terminal."""
    from bot.commands.talk import talk_on

    settings = load_settings(os.environ)
    logs.configure()
    store = open_store(settings, sample_if_empty=True)
    try:
        asyncio.run(talk_on(store))
    finally:
        store.close()


def parse() -> None:
    """Read replies as JSON lines and print their readings."""
    from bot.commands.parse import parse as parse_input

    raise typer.Exit(parse_input(sys.stdin.buffer, sys.stdout))
