"""`doctor` says in plain words what is configured, what is missing and how to mend it; `bench` measures."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.assembly import clock_of
from bot.channels.port import Channel
from bot.channels.table import configured
from bot.clock import Clock, wall
from bot.commands.findings import (
    Finding,
    Mark,
    clocks,
    known_days,
    little_room,
    nearest,
    platform_clock,
    province_zone,
    second_machine,
    zone_data,
)
from bot.commands.opening import begin
from bot.commands.words import said
from bot.contacts import Role
from bot.local_desk import chairs_office
from bot.messages import SendFailed
from bot.post_ready import oldest_waiting
from bot.settings import Settings
from bot.store.book import Book
from bot.store.copies import is_there
from bot.store.engine import Store
from bot.store.migrate import Standing, current, standing
from bot.store.standbys import standbys

#: A letter that should have left this long ago is worth a word.
_STUCK = timedelta(minutes=10)
#: More people than this are counted, not named.
_NAMED = 10


def doctor() -> None:
    """Look at everything the house rests on, and change nothing; exit status 1 where it could not do its work."""
    settings = begin()
    ill = False
    for finding in _findings(settings):
        ill |= finding.mark is Mark.ILL
        typer.echo(f"{finding.mark} {finding.says}")
    raise typer.Exit(int(ill))


def _findings(settings: Settings) -> Iterator[Finding]:
    yield zone_data(settings.timezone, wall())
    yield from _store(settings)
    yield from _channels(settings)


def _store(settings: Settings) -> Iterator[Finding]:
    if settings.database_url is None:
        if why := _no_folder(settings.data_dir):
            yield Finding(Mark.ILL, said("start.no_folder", folder=str(settings.data_dir), why=why))
            return
        yield from little_room(shutil.disk_usage(nearest(settings.data_dir)).free)
    if not is_there(settings.store_url):
        well = Mark.ILL if settings.outside_channels else Mark.WELL
        yield Finding(well, said("doctor.no_store_yet", place=settings.store_url.removeprefix("sqlite:///")))
        return
    try:
        store = Store(settings.store_url)
    except ModuleNotFoundError as missing:
        yield Finding(Mark.ILL, said("start.no_driver", name=missing.name))
        return
    try:
        yield from _standing(store, settings)
    finally:
        store.close()


def _no_folder(folder: Path) -> str | None:
    """Why the store's folder can't be used; where it is not there yet, why it can't be made."""
    try:
        with tempfile.TemporaryFile(dir=nearest(folder)):  # has no name, and leaves nothing
            return None
    except OSError as error:
        return error.strerror


def _standing(store: Store, settings: Settings) -> Iterator[Finding]:
    away = store.away()
    if away is not None:
        yield Finding(Mark.ILL, said("start.store_away", why=away))
        return
    stands = standing(store.engine)
    if stands in (Standing.AHEAD, Standing.BEHIND):
        mark = Mark.ILL if stands is Standing.AHEAD else Mark.LOOK
        yield Finding(mark, said(f"start.store_{stands}"))
        return
    kind, revision = store.engine.dialect.name, current(store.engine) or "-"
    yield Finding(Mark.WELL, said("doctor.store", kind=kind, revision=revision))
    yield from second_machine(standbys(store.engine), several=settings.store_url.count("host=") > 1)
    if stands is Standing.EMPTY or not store.read_now(lambda book: book.people.is_founded()):
        yield Finding(Mark.ILL, said("start.no_province"))
        return
    clock = clock_of(store)
    yield from store.read_now(lambda book: list(_book(book, clock, settings)))


def _book(book: Book, clock: Clock, settings: Settings) -> Iterator[Finding]:
    province, units = book.people.province(), book.people.units()
    sample = said("doctor.sample") if province.sample else ""
    yield Finding(Mark.WELL, said("doctor.province", name=province.name, units=len(units), sample=sample))
    if province.sample and settings.outside_channels:
        yield Finding(Mark.ILL, said("start.sample_outside"))
    yield from _people(book, sample=province.sample)
    yield from _cut_off(book, settings)
    yield from province_zone(province.zone, settings.timezone.key)
    host = wall()
    anchor = book.journal.last_anchor()
    yield from clocks(book.letters.pace.machine_time(host) - host, anchor - clock.now() if anchor else timedelta())
    yield known_days(book.people.calendar(), clock.now())
    yield from _letters(book, clock)
    broken = book.journal.broken()
    said_so = said("doctor.journal_broken", n=len(broken)) if broken else said("doctor.journal")
    yield Finding(Mark.ILL if broken else Mark.WELL, said_so)


def _people(book: Book, *, sample: bool) -> Iterator[Finding]:
    without = len(book.people.units_without_contact())
    reached = said("doctor.unreachable", n=without) if without else said("doctor.all_reachable")
    yield Finding(Mark.LOOK if without else Mark.WELL, reached)
    clerks = len(book.people.in_roles(Role.OFFICE))
    if clerks:
        yield Finding(Mark.WELL, said("doctor.office", n=clerks))
        return
    office = chairs_office(book.people.units())
    how = said("doctor.no_office", code=office.code if office else "…")
    yield Finding(Mark.LOOK if sample else Mark.ILL, how)


def _cut_off(book: Book, settings: Settings) -> Iterator[Finding]:
    """Who joined by an account that the settings do not name: the next start of the house will not reach them."""
    accounts = [(channel.name, channel.account) for channel in configured(settings)]
    found = book.served.cut_off(accounts or None)
    if found:
        named = tuple(f"{one.name} ({one.unit})" for one in found[:_NAMED])
        # Who sits in two units is named with each, and is one all the same.
        everybody, these = ({one.person_id for one in part} for part in (found, found[:_NAMED]))
        left = len(everybody - these)
        more = said("doctor.cut_off_more", n=left) if left else ""
        yield Finding(Mark.LOOK, said("doctor.cut_off", n=len(everybody), people=named, more=more))


def _letters(book: Book, clock: Clock) -> Iterator[Finding]:
    now = clock.now()
    counts = book.letters.counts()
    shown = ", ".join(f"{said(f'letter.{state}')} {many}" for state, many in sorted(counts.items())) or "0"
    oldest = oldest_waiting(book, now)
    if oldest is not None and now - oldest > _STUCK:
        yield Finding(Mark.LOOK, said("doctor.letters_stuck", counts=shown))
    else:
        yield Finding(Mark.WELL, said("doctor.letters", counts=shown))
    held = counts.get("held", 0)
    if held:
        yield Finding(Mark.LOOK, said("doctor.held", n=held))


def _channels(settings: Settings) -> Iterator[Finding]:
    if not settings.outside_channels:
        host, port = settings.listen
        yield Finding(Mark.WELL, said("doctor.local_only", host=host, port=str(port)))
        return
    if settings.zalo_tokens:
        yield Finding(Mark.ILL, said("start.zalo_later"))
    for channel in configured(settings):
        yield asyncio.run(_reached(channel))
        yield from platform_clock(channel.name, getattr(channel, "their_clock", None), wall())


async def _reached(channel: Channel) -> Finding:
    named = {"channel": channel.name, "account": channel.account}
    try:
        await channel.probe()
    except SendFailed as failed:
        key = "doctor.token_dead" if failed.unauthorized else "doctor.channel_away"
        return Finding(Mark.ILL, said(key, **named, why=failed.why))
    return Finding(Mark.WELL, said("doctor.channel", **named))


def bench(picture: Annotated[Path | None, typer.Option(help=said("option.bars_picture"))] = None) -> None:
    """Run the benchmarks of a source checkout."""
    folder = Path(__file__).parents[2] / "benchmarks"
    scripts = sorted(folder.glob("*.py"))
    if not scripts:
        typer.echo(said("bench.no_checkout"), err=True)
        raise typer.Exit(2)
    with tempfile.TemporaryDirectory(prefix="nhacviec-bench-") as home:
        noted = Path(home, "bars")

        def run(module: str, *words: str) -> None:
            # Each in a process of its own, as it is run alone: what one has loaded is no cost of the next.
            command = [sys.executable, "-m", module, *words]
            environ = {**os.environ, "NHACVIEC_BARS": str(noted)}
            subprocess.run(command, cwd=folder.parent, check=True, env=environ)  # noqa: S603

        for script in scripts:
            run(f"benchmarks.{script.stem}")
        if picture:
            run("benchmarks.stage.bars", str(noted), str(picture.absolute()))
