"""Contacts that block us, are gone or move, and a token withdrawn on the way (R11): 5 %, 1 %, 1 %, one of four bots."""

from __future__ import annotations

import argparse
import asyncio
import random
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from bot.store.mail import letter
from tests.fake_bot_api.limits import strict
from tests.faults.kill import BOTS, IN_FLIGHT
from tests.faults.officers import Officer
from tests.faults.run import Run, open_run
from tests.faults.verdict import Verdict, database, pass_or_fail

_MOVED = 1_000_000_000_000


def contacts(home: Path, told: argparse.Namespace) -> Verdict:
    """One call for each contact who can't be reached, one more for each who moved; a dead token keeps its letters."""
    verdict = Verdict("R11", f"{told.contacts} reminders by {BOTS} bots (seed {told.seed})")

    async def go() -> None:
        with database(told) as url:
            async with open_run(home, told.contacts, url, bots=BOTS, reminded=True, limits=strict) as run:
                blocked, gone, moved = _befall(run, random.Random(told.seed))
                await _token_withdrawn(run, verdict)
                await run.to_the_end()
                calls = Counter(one.chat for one in run.fake.heard if one.method == "sendMessage" and one.status != 401)
                arrived = Counter(one["chat"] for one in run.fake.journal.sent())
                dead = {*blocked, *gone}
                verdict.told("contacts dead", len(dead))
                verdict.exactly("calls for them", sum(calls[one] for one in dead), len(dead))
                verdict.exactly("most calls for one of them", max(calls[one] for one in dead), 1)
                verdict.told("chats moved", len(moved))
                verdict.exactly("letters at their new places", sum(arrived[-_MOVED - one] for one in moved), len(moved))
                verdict.exactly("calls for their old places", sum(calls[one] for one in moved), len(moved))
                well = told.contacts - len(dead) - len(moved)
                others = Counter({chat: many for chat, many in arrived.items() if chat > 0})
                verdict.exactly("letters to everybody else", others.total(), well)
                verdict.exactly("of them to different people", len(others), well)
                states = run.ledger.states()
                verdict.exactly("letters that stand as refused", states.pop("refused", 0), len(dead))
                verdict.exactly("letters that stand as accepted", states.pop("accepted", 0), told.contacts - len(dead))
                verdict.exactly("letters that stand otherwise", states.total(), 0)
                await _comes_back(run, blocked[0], verdict)

    asyncio.run(go())
    return verdict


def _befall(run: Run, dice: random.Random) -> tuple[list[int], list[int], list[int]]:
    """Who blocks us, who is deactivated, who moves."""
    many = len(run.officers)
    struck = dice.sample(run.officers, many * 7 // 100)
    blocked, gone, moved = struck[: many // 20], struck[many // 20 : many * 6 // 100], struck[many * 6 // 100 :]
    for one in blocked:
        run.fake.accounts[one.token].blocks(one.telephone)
    for one in gone:
        run.fake.accounts[one.token].deactivates(one.telephone)
    for one in moved:
        run.fake.accounts[one.token].migrates(one.telephone.id, to=-_MOVED - one.telephone.id)
    return [[one.telephone.id for one in group] for group in (blocked, gone, moved)]  # type: ignore[return-value]


async def _token_withdrawn(run: Run, verdict: Verdict) -> None:
    """Half-way one bot's token dies; its letters wait, the others' go on. It is good again before the next start."""
    many, token = len(run.officers), run.officers[0].token
    account = run.fake.accounts[token]
    async with run.running() as process:
        await run.until(lambda: len(run.fake.journal.entries) > many // 2, process)
        account.revoked = True
        mine = [one for one in run.officers if one.token == token]
        await run.until(lambda: run.ledger.states()["planned"] + run.ledger.states()["sending"] <= len(mine), process)
        await run.until(lambda: _under_way(run, but=token) == 0, process)
        told_off = sum(one.status == 401 and one.method == "sendMessage" for one in run.fake.heard)
        verdict.at_most("calls to send with the withdrawn token", told_off, IN_FLIGHT + 1)
        accepted = sum(one["account"] == account.id for one in run.fake.journal.sent())
        states = Counter(state for state, of in _letters(run) if of == str(account.id))
        verdict.told("letters of it accepted before", accepted)
        verdict.exactly("letters of it that stand as accepted", states["accepted"], accepted)
        verdict.exactly("letters of it that wait", states["planned"], len(mine) - accepted - states["refused"])
        verdict.exactly("letters of it held or in doubt", states["held"] + states["doubtful"], 0)
    account.revoked = False


def _letters(run: Run) -> list[tuple[str, str | None]]:
    with run.ledger.engine.connect() as connection:
        return [(row.state, row.account) for row in connection.execute(select(letter.c.state, letter.c.account))]


def _under_way(run: Run, but: str) -> int:
    other = but.partition(":")[0]
    return sum(state in ("planned", "claimed", "sending") and of != other for state, of in _letters(run))


async def _comes_back(run: Run, chat: int, verdict: Verdict) -> None:
    """Who blocked us and writes again is answered."""
    officer: Officer = next(one for one in run.officers if one.telephone.id == chat)
    before = len(run.fake.journal.entries)
    async with run.running() as process:
        run.fake.accounts[officer.token].says(officer.telephone, "/start")
        await run.until(lambda: len(run.fake.journal.entries) > before, process)
    answered = [one["chat"] for one in run.fake.journal.sent()[before:]]
    verdict.exactly("answers to one who comes back by /start", answered.count(chat), 1)


if __name__ == "__main__":
    pass_or_fail("tests.faults.dead_contacts", __doc__, [contacts], numbers={"contacts": 1000}, postgresql=True)
