"""`nhacviec demo`: who comes when, what the office brings in, which questions end it; the rest is the real house."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.demo.company import Company
from bot.demo.player import Intention, Saying
from bot.demo.stage import Stage
from bot.demo.transcript import WHOLE, Transcript
from bot.directives.sample import sample_tasks
from bot.imports import SAMPLE_BEGINS, found_sample, keep_tasks
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.migrate import upgrade
from bot.wording import Wording
from scheduler.assigned import plan_assignment_letters

#: When the demonstration is over.
ENDS = datetime(2025, 9, 30, 17, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
#: The store's own name inside the folder.
STORE = "nhacviec.sqlite3"
_TASKS_AT = time(8, 0)
_DAY_ENDS = time(21, 0)
#: Marks a store as the demonstration's, in the province's settings.
_DEMO = "demo"
_SEED = 20250911
_LAST_QUESTIONS = ("tổng hợp", "biểu đồ", "excel")


class NotOurs(Exception):  # noqa: N818  (one plain line for the operator)
    """There is a store in the folder that no demonstration made."""


@contextmanager
def play(
    out: Path, say: Callable[[str], None], *, until: datetime = ENDS, contacts: int | None = None
) -> Iterator[Store]:
    """The An Giang case in a fresh store under `out`, told line by line; the store is yielded afterwards.

    `until` and `contacts` (how many without a story of their own join) shorten it. Raises NotOurs.
    """
    store = _fresh_store(out)
    try:
        asyncio.run(_play(store, out, say, until, contacts))
        yield store
    finally:
        store.close()


def _fresh_store(out: Path) -> Store:
    out.mkdir(parents=True, exist_ok=True)
    path = out / STORE
    if path.exists():
        if not _made_by_us(path):
            raise NotOurs(f"{path}: this store is not the demonstration's. Choose another folder with --out.")
        for name in (STORE, f"{STORE}-wal", f"{STORE}-shm"):
            (out / name).unlink(missing_ok=True)
    store = Store(f"sqlite:///{path}")
    upgrade(store.engine)
    found_sample(store, with_tasks=False)
    store.write_now(lambda book: book.people.save_settings({**book.people.province().settings, _DEMO: True}))
    return store


def _made_by_us(path: Path) -> bool:
    """Looked up read-only: a stranger's file stays as it is."""
    store = Store(f"sqlite:///file:{quote(str(path.resolve()))}?mode=ro&uri=true")
    try:
        return bool(store.read_now(lambda book: book.people.province()).settings.get(_DEMO))
    except Exception:  # noqa: BLE001  (whatever it is, it is no store of ours)
        return False
    finally:
        store.close()


async def _play(store: Store, out: Path, say: Callable[[str], None], until: datetime, contacts: int | None) -> None:
    province = store.read_now(lambda book: book.people.province())
    zone = ZoneInfo(province.zone)
    wording = Wording(province.language, zone)
    rng = Random(_SEED)  # noqa: S311  (a play's dice)
    transcript = Transcript(say, wording)
    stage = Stage(store, zone, SAMPLE_BEGINS, transcript, rng)
    calendar = store.read_now(lambda book: book.people.calendar())
    company = Company(stage, calendar, wording, rng)
    await company.gather(contacts)
    transcript.heading("begins", units=len(company.units), province=province.name)
    _plan_days(stage, store, transcript, until)
    _plan_end(stage, company, until)
    await stage.run(until)
    _leave_files(stage, out, transcript)


def _plan_days(stage: Stage, store: Store, transcript: Transcript, until: datetime) -> None:
    begins = SAMPLE_BEGINS.date()
    stage.at(datetime.combine(begins, _TASKS_AT, SAMPLE_BEGINS.tzinfo), lambda: _bring_tasks(stage, store, transcript))
    for number in range((until.date() - begins).days):
        day = begins + timedelta(days=number)
        stage.at(datetime.combine(day, _DAY_ENDS, SAMPLE_BEGINS.tzinfo), stage.day_ends)


async def _bring_tasks(stage: Stage, store: Store, transcript: Transcript) -> None:
    """The office imports the notice's tasks, as `nhacviec import tasks` does."""
    now = stage.clock.now()

    def work(book: Book) -> tuple[int, int, int]:
        kept = keep_tasks(book, sample_tasks(), now)
        plan_assignment_letters(book, kept.task_ids, now)
        return len(kept.task_ids), kept.assignments, kept.drafts

    tasks, assignments, drafts = await store.write(work)
    transcript.heading("tasks", n=tasks, assignments=assignments, drafts=drafts)
    await stage.deliver()


def _plan_end(stage: Stage, company: Company, until: datetime) -> None:
    """The chair's last questions; their answers are printed to the last line."""

    async def listen() -> None:
        stage.prints(company.chair.peer, WHOLE, aloud=True)

    stage.at(until - timedelta(minutes=len(_LAST_QUESTIONS) * 2), listen)
    for place, words in enumerate(_LAST_QUESTIONS):
        at = until - timedelta(minutes=len(_LAST_QUESTIONS) * 2 - place * 2)
        stage.means(company.chair, [Intention(at, partial(_asks, words))])
    stage.at(until, stage.day_ends)


def _asks(words: str, _now: datetime) -> Saying:
    return Saying(words)


def _leave_files(stage: Stage, out: Path, transcript: Transcript) -> None:
    """The picture and the spreadsheet that the chair was sent last."""
    for name, data in stage.files.values():
        (out / name).write_bytes(data)
        transcript.heading("left", name=name)
