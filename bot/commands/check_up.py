"""`doctor` says in plain words what is configured, what is missing and how to mend it; `bench` measures."""

from __future__ import annotations

import asyncio
import os
import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from bot import logs
from bot.assembly import clock_of
from bot.channels.table import configured
from bot.clock import Clock, wall
from bot.commands.words import said
from bot.contacts import Role
from bot.messages import SendFailed
from bot.settings import Settings, load_settings
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.migrate import current, upgrade

#: A letter that should have left this long ago is worth a word.
_STUCK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: well, or what to do about it."""

    well: bool
    says: str


def doctor() -> None:
    """Look at everything the house rests on; exit status 1 where something needs mending."""
    settings = load_settings(os.environ)
    logs.configure()
    ill = False
    for finding in _findings(settings):
        ill |= not finding.well
        typer.echo(f"{'✅' if finding.well else '❌'} {finding.says}")
    raise typer.Exit(int(ill))


def _findings(settings: Settings) -> Iterator[Finding]:
    yield _zone(settings)
    if settings.database_url is None and not (settings.data_dir / "nhacviec.sqlite3").exists():
        yield Finding(True, said("doctor.no_store_yet", folder=str(settings.data_dir)))
    else:
        yield from _store(settings)
    yield from _channels(settings)


def _zone(settings: Settings) -> Finding:
    zone = settings.timezone
    moment = wall().astimezone(zone)
    return Finding(True, said("doctor.zone", zone=zone.key, now=f"{moment:%H:%M %d/%m/%Y}"))


def _store(settings: Settings) -> Iterator[Finding]:
    store = Store(settings.store_url)
    away = store.away()
    if away is not None:
        yield Finding(False, said("doctor.store_away", why=away))
        return
    try:
        upgrade(store.engine)
        yield Finding(True, said("doctor.store", kind=store.engine.dialect.name, revision=current(store.engine) or "-"))
        if not store.read_now(lambda book: book.people.is_founded()):
            yield Finding(False, said("doctor.no_province"))
            return
        clock = clock_of(store)
        yield from store.read_now(lambda book: list(_book(book, clock)))
        sample = store.read_now(lambda book: book.people.province()).sample
        if sample and settings.outside_channels:
            yield Finding(False, said("doctor.sample_outside"))
    finally:
        store.close()


def _book(book: Book, clock: Clock) -> Iterator[Finding]:
    now = clock.now()
    province = book.people.province()
    units = book.people.units()
    without = book.people.units_without_contact()
    yield Finding(True, said("doctor.province", name=province.name, units=len(units), sample=_sample(province.sample)))
    yield Finding(not without, said("doctor.unreachable", n=len(without)))
    office = book.people.in_roles(Role.OFFICE)
    yield Finding(bool(office), said("doctor.office", n=len(office)) if office else said("doctor.no_office"))
    year = now.astimezone(ZoneInfo(province.zone)).year
    calendar = book.people.calendar()
    yield Finding(True, said("doctor.calendar", year=str(year), own=len(calendar.own)))
    yield from _letters(book, clock)
    broken = book.journal.broken()
    yield Finding(not broken, said("doctor.journal_broken", n=len(broken)) if broken else said("doctor.journal"))


def _letters(book: Book, clock: Clock) -> Iterator[Finding]:
    now = clock.now()
    counts = book.letters.counts()
    shown = ", ".join(f"{state} {many}" for state, many in sorted(counts.items())) or "0"
    oldest = book.letters.oldest_unsent(now)
    stuck = oldest is not None and now - oldest > _STUCK
    yield Finding(not stuck, said("doctor.letters_stuck" if stuck else "doctor.letters", counts=shown))
    held = counts.get("held", 0)
    if held:
        yield Finding(False, said("doctor.held", n=held))


def _sample(flag: bool) -> str:
    return said("doctor.sample") if flag else ""


def _channels(settings: Settings) -> Iterator[Finding]:
    if not settings.outside_channels:
        yield Finding(True, said("doctor.local_only", host=settings.listen.host, port=str(settings.listen.port)))
        return
    if settings.zalo_tokens:
        yield Finding(False, said("doctor.zalo_later"))
    for channel in configured(settings):
        try:
            asyncio.run(_reach(channel))
            yield Finding(True, said("doctor.channel", channel=channel.name, account=channel.account))
        except SendFailed as failed:
            key = "doctor.token_dead" if failed.unauthorized else "doctor.channel_away"
            yield Finding(False, said(key, channel=channel.name, account=channel.account, why=failed.why))


async def _reach(channel: object) -> None:
    probe = getattr(channel, "probe", None)
    if probe is not None:
        await probe()


def bench() -> None:
    """Run the benchmarks of a source checkout."""
    folder = Path(__file__).parents[2] / "benchmarks"
    if not folder.is_dir():
        typer.echo(said("bench.no_checkout"), err=True)
        raise typer.Exit(2)
    for script in sorted(folder.glob("*.py")):
        runpy.run_path(str(script), run_name="__main__")
