"""What a reply costs until it is durable (B7): known already, words, reading, status, journal, answer; 64 waiting.

`python -m benchmarks.replies [--replies 1024] [--seconds 5]`. On SQLite beside one commit a reply, beside SQLAlchemy's
ORM, and beside how often the disk can be waited for; on PostgreSQL beside pgbench, which runs the statements of one
reply, taken down as they went out, over as many connections and without a line of Python.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import event

from benchmarks.stage import bars, orm_reply
from benchmarks.stage.officers import Officers, cost, door_of, load, look_round, settled, tell
from bot.store.engine import Store
from tests import postgres

WAITING, CLIENTS, OFFICERS = 64, 8, 1024
ROUNDS = 3
#: A checkpoint of the log waits for the log, for the file, and for the log begun anew.
_SYNCS_A_CHECKPOINT = 3

Takes = Callable[[int, str], Awaitable[None]]


async def in_groups(take: Takes, replies: int, round_: int, at_once: int) -> None:
    """So many replies, always that many of them waiting."""
    for start in range(0, replies, at_once):
        group = range(start, min(start + at_once, replies))
        await asyncio.gather(*(take(number % OFFICERS, f"{round_}:{at_once}:{number}") for number in group))


def ours(store: Store, officers: Officers) -> Takes:
    door = door_of(store)

    async def take(number: int, key: str) -> None:
        await door.receive(officers.reply(number, key, datetime.now(UTC)))

    return take


def by_the_orm(store: Store, officers: Officers, threads: ThreadPoolExecutor | None) -> Takes:
    today = datetime.now(UTC).date()

    async def take(number: int, key: str) -> None:
        now = datetime.now(UTC)
        work = (orm_reply.take, store.engine, officers.reply(number, f"o{key}", now), now, today)
        if threads is None:
            orm_reply.take(*work[1:])
        else:
            await asyncio.get_running_loop().run_in_executor(threads, *work)

    return take


async def measured(take: Takes, replies: int, round_: int, at_once: int) -> tuple[float, float]:
    """Replies a second, and milliseconds of the processor each."""
    begun = perf_counter()
    with cost() as spent:
        await in_groups(take, replies, round_, at_once)
    return replies / (perf_counter() - begun), spent.cpu / replies * 1000


def disk_waits(home: Path, seconds: float = 0.5) -> float:
    """How often a second 4 KiB can be written over and waited for."""
    with (home / "probe").open("wb", buffering=0) as file:
        file.write(bytes(4096))
        os.fsync(file.fileno())
        count, begun = 0, perf_counter()
        while perf_counter() - begun < seconds:
            file.seek(0)
            file.write(count.to_bytes(8, "big") * 512)
            os.fdatasync(file.fileno())
            count += 1
        return count / (perf_counter() - begun)


@contextmanager
def waits_counted(store: Store, log: Path) -> Iterator[list[int]]:
    """How often the store waited for the disk meanwhile: once a commit, three times a checkpoint of its log."""
    commits = 0

    def note(_connection: object) -> None:
        nonlocal commits
        commits += 1

    def checkpoints() -> int:
        return int(struct.unpack(">I", log.read_bytes()[12:16])[0])

    before = checkpoints()
    event.listen(store.engine, "commit", note)
    found: list[int] = []
    yield found
    event.remove(store.engine, "commit", note)
    found.append(commits + _SYNCS_A_CHECKPOINT * (checkpoints() - before))


async def on_sqlite(replies: int) -> None:
    with tempfile.TemporaryDirectory(prefix="nhacviec-replies-") as folder:
        home = Path(folder)
        store = Store(f"sqlite:///{home / 'store.sqlite3'}")
        try:
            officers = settled(store, OFFICERS)
            mine, orm = ours(store, officers), by_the_orm(store, officers, None)
            await in_groups(mine, OFFICERS, -1, WAITING)
            rows: dict[str, list[tuple[float, float, float]]] = {}
            for round_ in range(ROUNDS):
                disk = disk_waits(home)
                with waits_counted(store, home / "store.sqlite3-wal") as waited:
                    found = await measured(mine, replies, round_, WAITING)
                rows.setdefault(f"ours, {WAITING} waiting", []).append((*found, found[0] / disk))
                rows.setdefault("waits", []).append((replies / waited[0], disk, 0))
                found = await measured(mine, replies // 4, round_, 1)
                rows.setdefault("ours, one commit a reply", []).append((*found, found[0] / disk))
                found = await measured(orm, replies // 4, round_, 1)
                rows.setdefault("SQLAlchemy ORM", []).append((*found, found[0] / disk))
        finally:
            store.close()
    waits, disk, _ = _middle(rows.pop("waits"))
    tell(f"replies on SQLite (FULL), {replies} of {OFFICERS} people; the disk can be waited for {disk:.0f}/s; {load()}")
    tell("                            a second  CPU ms each  of the disk's waits")
    for name, several in rows.items():
        rate, cpu, share = _middle(several)
        tell(f"{name:26}  {rate:8.0f}  {cpu:11.2f}  {share:10.3f}")
    tell(f"replies to one wait for the disk, {WAITING} waiting: {waits:.1f}")
    bars.at_least("SQLite: replies to one wait for the disk", waits, 16)
    bars.at_most("SQLite: ms of processor a reply", _middle(rows[f"ours, {WAITING} waiting"])[1], 1)


async def on_postgres(replies: int, seconds: int) -> None:
    try:
        with postgres.server(durable=True) as server, postgres.fresh_database(server) as url:
            store = Store(url, threads=CLIENTS)
            try:
                officers = settled(store, OFFICERS)
                look_round(store)
                await _beside_pgbench(store, officers, url, replies, seconds)
            finally:
                store.close()
    except postgres.NoServer as why:
        tell(f"replies on PostgreSQL: not measured, {why}")


async def _beside_pgbench(store: Store, officers: Officers, url: str, replies: int, seconds: int) -> None:
    mine = ours(store, officers)
    await in_groups(mine, OFFICERS, -1, WAITING)
    script = await taken_down(store, officers)
    program = shutil.which("pgbench")
    with ThreadPoolExecutor(CLIENTS) as threads:
        orm = by_the_orm(store, officers, threads)
        rows: dict[str, list[tuple[float, float]]] = {}
        for round_ in range(ROUNDS):
            rows.setdefault(f"ours, {WAITING} waiting", []).append(await measured(mine, replies, round_, WAITING))
            rows.setdefault("SQLAlchemy ORM", []).append(await measured(orm, replies // 2, round_, WAITING))
            if program:
                limit = await asyncio.to_thread(pgbench, program, script, url, seconds)
                rows.setdefault("pgbench, same statements", []).append((limit, 0.0))
    limit = median(rate for rate, _ in rows.get("pgbench, same statements", [(float("nan"), 0)]))
    tell(f"replies on PostgreSQL (synchronous_commit=on), {CLIENTS} connections; {load()}")
    tell("                            a second  CPU ms each  of pgbench")
    for name, several in rows.items():
        rate, cpu = median(one[0] for one in several), median(one[1] for one in several)
        tell(f"{name:26}  {rate:8.0f}  {cpu:11.2f}  {rate / limit:10.2f}")
        if name.startswith("ours"):
            bars.at_least("PostgreSQL: replies, of pgbench's", rate / limit, 0.6)


async def taken_down(store: Store, officers: Officers) -> str:
    """The statements of one reply as a script of pgbench, which draws an officer at random for each run of it."""
    lines: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _several: bool) -> None:
        lines.append(_line(statement, dict(values or {})))

    event.listen(store.engine, "before_cursor_execute", note)
    await ours(store, officers)(0, "taken down")
    event.remove(store.engine, "before_cursor_execute", note)
    begin = next(place for place, line in enumerate(lines) if line.startswith("INSERT INTO inbox"))
    drawn = [
        f"\\set n random(0, {OFFICERS - 1})",
        "\\set key random(1, 9000000000000000)",
        "\\set number random(1000, 2000000000)",
        f"\\set person {officers.person} + :n",
        f"\\set unit {officers.unit} + :n",
        f"\\set seat {officers.seat} + :n",
        "\\set peer 10000 + :n",
        f"\\set assignment {OFFICERS + 1} + :n",
    ]
    return "\n".join([*drawn, "BEGIN;", *lines[begin:], "COMMIT;"]) + "\n"


_PLACES = {
    r"person(_id)?(_\d+)?": ":person::bigint",
    r"units?(_id)?(_1_\d+)?": ":unit::bigint",
    r"seat_id": ":seat::bigint",
    r"peer": ":peer::bigint::text",
    r"assignment(_id)?|ids_1_\d+|about_id": ":assignment::bigint",
    r"external_id": "'m:' || :key::bigint",
    r"once": "'answer:' || :inbox_id::bigint || ':1'",
    r"answers_id": ":inbox_id::bigint",
    r"said(_id)?": ":said_id::bigint",
    r"step_id": ":step_id::bigint",
    r"number": ":number::bigint",
}


def _line(statement: str, values: dict[str, Any]) -> str:
    """One statement with its values written out, and what differs from run to run in variables."""

    def written(found: re.Match[str]) -> str:
        name, value = found[1], getattr(values[found[1]], "obj", values[found[1]])
        place = next((put for known, put in _PLACES.items() if re.fullmatch(known, name)), None)
        return f"({place})" if place and value is not None else _literal(value)

    line = " ".join(re.sub(r"%\((\w+)\)s", written, statement).replace("%%", "%").split())
    inserted = re.match(r"INSERT INTO (\w+) .*RETURNING", line)
    return f"{line} \\gset {inserted[1]}_" if inserted else f"{line};"


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case bytes():
            return f"'\\x{value.hex()}'::bytea"
        case date():
            return f"'{value.isoformat()}'::date"
        case _:
            quoted = str(value).replace("'", "''").replace("\n", " ")
            # A colon before a word is a variable to pgbench, wherever it stands.
            parted = re.sub(r":(?=\w)", ":'||'", quoted)
            return f"('{parted}')"


def pgbench(program: str, script: str, url: str, seconds: int) -> float:
    """Runs a second of the script over as many connections as we have."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write(script)
        file.flush()
        plain = url.replace("+psycopg", "", 1)
        told = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-f", file.name, plain]
        ended = subprocess.run([program, *told], check=False, capture_output=True, text=True)  # noqa: S603
    found = re.search(r"tps = ([\d.]+)", ended.stdout)
    if found is None or "aborted" in ended.stderr:
        raise RuntimeError(f"pgbench: {ended.stderr[-2000:]}")
    return float(found[1])


def _middle(several: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Each column's median."""
    first, second, third = (median(column) for column in zip(*several, strict=True))
    return first, second, third


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replies", description=__doc__)
    parser.add_argument("--replies", type=int, default=1024)
    parser.add_argument("--seconds", type=int, default=3, help="of each run of pgbench")
    told = parser.parse_args(argv)
    asyncio.run(on_sqlite(told.replies))
    asyncio.run(on_postgres(told.replies, told.seconds))


if __name__ == "__main__":
    main(sys.argv[1:])
