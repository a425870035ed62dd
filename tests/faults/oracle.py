"""What must hold after any kill: compares the store with the journal of what the fake Bot API accepted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, func, select

from bot.store.mail import attempt, inbox, letter
from bot.store.tables import address, assignment, said, seat, step
from tests.faults.officers import Officer

_MARK = "(Gửi lại)\n"


@dataclass(slots=True)
class Findings:
    """What one run showed; `wrong` is empty where everything held."""

    wrong: list[str] = field(default_factory=list)
    messages: int = 0
    letters: int = 0
    copies: int = 0
    doubtful: int = 0

    def add(self, other: Findings) -> None:
        """Count another run in."""
        self.wrong += other.wrong
        self.messages += other.messages
        self.letters += other.letters
        self.copies += other.copies
        self.doubtful += other.doubtful


class Ledger:
    """The store of a run, looked at from outside while the process writes it."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = create_engine(url)

    def close(self) -> None:
        """Let go of it."""
        self._engine.dispose()

    def unfinished(self, messages: int) -> int:
        """How much is still to be done: messages not yet applied, letters not yet settled."""
        on_their_way = letter.c.state.in_(["planned", "claimed", "sending"])
        with self._engine.connect() as connection:
            applied = _count(connection, select(func.count()).where(inbox.c.state == "applied"))
            return max(0, messages - applied) + _count(connection, select(func.count()).where(on_their_way))

    def held_peers(self) -> list[int]:
        """The chats of letters that wait for their person's next message."""
        held = select(address.c.peer).join(letter, letter.c.person_id == address.c.person_id)
        with self._engine.connect() as connection:
            peers = connection.execute(held.where(letter.c.state == "held").distinct().order_by(address.c.peer))
            return [int(peer) for peer in peers.scalars()]

    def judge(self, officers: list[Officer], journal: list[dict[str, Any]]) -> Findings:
        """Each message had its effect once, every answer and letter arrived, every copy is flagged."""
        found = Findings()
        with self._engine.connect() as connection:
            _effects(connection, officers, found)
            _answers(connection, found)
            _arrivals(connection, journal, found)
        return found


def _count(connection: Connection, question: Any) -> int:
    return int(connection.execute(question).scalar_one())


def _effects(connection: Connection, officers: list[Officer], found: Findings) -> None:
    """One report with the right percentage for each officer, kept once."""
    mine = (
        select(step.c.percent, address.c.peer)
        .join(assignment, assignment.c.id == step.c.assignment_id)
        .join(seat, seat.c.unit_id == assignment.c.unit_id)
        .join(address, address.c.person_id == seat.c.person_id)
    )
    reports = Counter((int(peer), percent) for percent, peer in connection.execute(mine))
    wanted = Counter((one.telephone.id, one.percent) for one in officers)
    if reports != wanted:
        found.wrong.append(f"reports differ: {reports - wanted} too many, {wanted - reports} missing")
    words = Counter(connection.execute(select(said.c.person_id, said.c.message_id)).all())
    found.wrong += [f"said twice: {key}" for key, count in words.items() if count > 1]
    found.messages = _count(connection, select(func.count()).select_from(inbox))


def _answers(connection: Connection, found: Findings) -> None:
    """Every message has an answer, and no letter is left behind."""
    answered = select(letter.c.answers_id).where(letter.c.state == "accepted", letter.c.answers_id.is_not(None))
    silent = select(inbox.c.external_id).where(inbox.c.id.not_in(answered))
    found.wrong += [f"no answer: {key}" for key in connection.execute(silent).scalars()]
    left = select(letter.c.once, letter.c.state, letter.c.why).where(letter.c.state != "accepted")
    found.wrong += [f"not accepted: {tuple(row)}" for row in connection.execute(left)]
    found.letters = _count(connection, select(func.count()).select_from(letter))


def _arrivals(connection: Connection, journal: list[dict[str, Any]], found: Findings) -> None:
    """What people saw is what the ledger knows: each text at least once, and no copy without a doubtful attempt."""
    arrived = Counter((entry["chat"], entry["text"].removeprefix(_MARK)) for entry in journal)
    platform_ids = {(entry["chat"], str(entry["message_id"])) for entry in journal}
    tries = select(letter.c.text, attempt.c.peer, attempt.c.outcome, attempt.c.platform_id, attempt.c.ended_at).join(
        letter, letter.c.id == attempt.c.letter_id
    )
    accepted: Counter[tuple[int, str]] = Counter()
    doubted: Counter[tuple[int, str]] = Counter()
    for row in connection.execute(tries):
        key = (int(row.peer), (row.text or "").removeprefix(_MARK).rstrip())
        if row.outcome is None:
            found.wrong.append(f"an attempt without an outcome: {key}")
        accepted[key] += row.outcome == "accepted"
        doubted[key] += row.outcome == "doubtful"
        if row.outcome == "accepted" and (key[0], row.platform_id) not in platform_ids:
            found.wrong.append(f"called accepted, never arrived: {key}")
    for key in arrived.keys() | accepted.keys():
        copies = arrived[key] - accepted[key]
        if accepted[key] > arrived[key]:
            found.wrong.append(f"{accepted[key]} accepted, {arrived[key]} arrived: {key}")
        if copies > doubted[key]:
            found.wrong.append(f"{copies} copies, {doubted[key]} known as doubtful: {key}")
        found.copies += max(0, copies)
    found.doubtful = doubted.total()
