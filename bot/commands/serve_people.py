"""`run`, `demo`, `talk`, `parse`: the house opens its doors."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.assembly import CannotStart, House, assemble, clock_of, open_store, outside_house
from bot.assembly import run as run_house
from bot.channels.local import LocalChannel
from bot.commands.opening import begin
from bot.commands.words import said
from bot.local_desk import StoreDesk
from bot.messages import SendFailed, text
from bot.settings import Settings
from bot.store.engine import Store

#: Why an address can't be listened on: somebody else is there, not allowed, not ours.
_NOT_OURS = (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL)
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  (compared, not bound)


def run() -> None:
    """Everything configured; with nothing configured, the sample province and the local chat."""
    settings = begin()
    if settings.outside_channels:
        house = outside_house(settings)
    else:
        house = house_with_phones(open_store(settings, sample_if_empty=True))
    try:
        _serve(house, settings)
    finally:
        house.store.close()


def house_with_phones(store: Store) -> House:
    """The house of a store that has only the local chat."""
    from bot.web.local_chat import routes

    clock = clock_of(store)
    desk = StoreDesk(store, clock.now)
    zone = store.read_now(lambda book: book.people.province()).zone
    house = assemble(store, clock, [LocalChannel(desk, ZoneInfo(zone), routes)])
    desk.house = house
    return house


def _serve(house: House, settings: Settings) -> None:
    """Until a signal comes. Raises CannotStart where the address is taken or a token is dead."""
    try:
        asyncio.run(_until_stopped(house, settings))
    except SendFailed as failed:
        raise CannotStart(text("cli.start.token_dead", why=failed.why)) from None
    except BaseExceptionGroup as several:
        taken = next((one for one in _each(several) if _is_taken(one)), None)
        if taken is None:
            raise
        host, port = settings.listen
        why = taken.strerror or str(taken)
        raise CannotStart(text("cli.start.address_taken", address=f"{host}:{port}", why=why)) from None


def _each(several: BaseExceptionGroup[BaseException]) -> list[OSError]:
    flat: list[OSError] = []
    for one in several.exceptions:
        flat += _each(one) if isinstance(one, BaseExceptionGroup) else [one] if isinstance(one, OSError) else []
    return flat


def _is_taken(error: OSError) -> bool:
    return error.errno in _NOT_OURS or isinstance(error, socket.gaierror)


async def _until_stopped(house: House, settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    local = any(name == "local" for name, _ in house.channels)
    await run_house(house, settings, stop, _say_where(settings) if local else None)


def _say_where(settings: Settings) -> Callable[[int], None]:
    host = "127.0.0.1" if settings.listen.host in _EVERYWHERE else settings.listen.host
    shown = f"[{host}]" if ":" in host else host

    def say(port: int) -> None:
        typer.echo(said("run.where", url=f"http://{shown}:{port}/"))

    return say


def demo(
    out: Annotated[Path, typer.Option(help=said("option.demo_out"))] = Path("demo"),
    no_serve: Annotated[bool, typer.Option("--no-serve", help=said("option.no_serve"))] = False,
) -> None:
    """The An Giang case from the notice to the report, then the local chat on the same data."""
    from bot.demo.play import NotOurs, play

    settings = _alone(begin(level=logging.WARNING))
    try:
        with play(out, typer.echo) as store:
            if not no_serve and sys.stdout.isatty():
                _serve(house_with_phones(store), settings)
    except NotOurs as wrong:
        raise CannotStart(text("plain", text=str(wrong))) from None


def _alone(settings: Settings) -> Settings:
    """The local chat and the sample never stand beside an outside channel. Raises CannotStart."""
    if settings.outside_channels:
        raise CannotStart(text("cli.start.local_beside_outside"))
    return settings


def talk() -> None:
    """The local chat in the terminal."""
    from bot.commands.talk import talk_on

    store = open_store(_alone(begin(level=logging.WARNING)), sample_if_empty=True)
    try:
        asyncio.run(talk_on(store))
    finally:
        store.close()


def parse() -> None:
    """Read replies as JSON lines and print their readings."""
    from bot.commands.parse import parse as parse_input

    raise typer.Exit(parse_input(sys.stdin.buffer, sys.stdout))
