"""What must hold after any fault: compares the store with the journal of what the fake Bot API accepted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, func, select

from bot.store.mail import attempt, inbox, letter
from bot.store.tables import address, assignment, said, seat, step
from tests.faults.verdict import Verdict

_MARK = "(Gửi lại)\n"
#: Percentages by chat (None: done), in the order in which they have to stand in the journal of changes.
Reports = Mapping[int, Sequence[int | None]]


@dataclass(slots=True)
class Findings:
    """What one run showed; `wrong` is empty where everything held.

    `lost` counts letters that neither arrived nor stand in the ledger as held; `copies` arrived once more than once,
    `worst` is how often one text did at most; `unflagged` are the copies that no doubtful attempt tells of.
    """

    wrong: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    messages: int = 0
    letters: int = 0
    lost: int = 0
    held: int = 0
    copies: int = 0
    unflagged: int = 0
    misreported: int = 0
    unanswered: int = 0
    worst: int = 0
    doubtful: int = 0

    def add(self, other: Findings) -> None:
        """Count another run in."""
        self.wrong += other.wrong
        self.leaks += other.leaks
        self.worst = max(self.worst, other.worst)
        for name in (
            "messages",
            "letters",
            "lost",
            "held",
            "copies",
            "unflagged",
            "doubtful",
            "misreported",
            "unanswered",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def tell(self, verdict: Verdict, *, most_copies: int, worst: float = 2) -> None:
        """The figures that every run of letters has to keep."""
        verdict.exactly("letters lost", self.lost, 0)
        verdict.exactly("copies that the ledger does not know of", self.unflagged, 0)
        verdict.at_most("copies", self.copies, most_copies)
        verdict.at_most("the same text to one chat, at most", self.worst, worst)
        verdict.told("attempts flagged doubtful", self.doubtful)
        verdict.told("letters held: doubtful twice, or not to be repeated", self.held)
        verdict.exactly("lines of the log that tell a token, name, number or words", len(self.leaks), 0)
        verdict.wrong += self.wrong + [f"told: {line}" for line in self.leaks]


class Ledger:
    """The store of a run, looked at from outside while the process writes it."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = create_engine(url)

    def close(self) -> None:
        """Let go of it."""
        self.engine.dispose()

    def unfinished(self, messages: int) -> int:
        """How much is still to be done: messages not yet applied, letters not yet settled."""
        on_their_way = letter.c.state.in_(["planned", "claimed", "sending"])
        with self.engine.connect() as connection:
            return self.unapplied(messages) + _count(connection, select(func.count()).where(on_their_way))

    def unapplied(self, messages: int) -> int:
        """How many of so many messages have not had their effect yet."""
        with self.engine.connect() as connection:
            applied = _count(connection, select(func.count()).where(inbox.c.state == "applied"))
            return max(0, messages - applied)

    def reports(self) -> int:
        """How many reports of progress stand in the journal of changes."""
        with self.engine.connect() as connection:
            return _count(connection, select(func.count()).where(step.c.percent.is_not(None)))

    def states(self) -> Counter[str]:
        """How many letters stand in each state."""
        with self.engine.connect() as connection:
            found = connection.execute(select(letter.c.state, func.count()).group_by(letter.c.state))
            return Counter(dict(found.all()))

    def held_peers(self) -> list[int]:
        """The chats of letters that wait for their person's next message."""
        held = select(address.c.peer).join(letter, letter.c.person_id == address.c.person_id)
        with self.engine.connect() as connection:
            peers = connection.execute(held.where(letter.c.state == "held").distinct().order_by(address.c.peer))
            return [int(peer) for peer in peers.scalars()]

    def judge(self, reports: Reports, journal: Sequence[Mapping[str, Any]], *, may_be_held: bool = False) -> Findings:
        """Each message had its effect once and in order, every answer and letter arrived, every copy is flagged."""
        found = Findings()
        with self.engine.connect() as connection:
            _effects(connection, reports, found)
            _answers(connection, found)
            _arrivals(connection, journal, found)
            _fates(connection, journal, found, may_be_held=may_be_held)
        return found


def _count(connection: Connection, question: Any) -> int:
    return int(connection.execute(question).scalar_one())


def _effects(connection: Connection, wanted: Reports, found: Findings) -> None:
    """The reports of each person, once each and in the order in which they were said."""
    mine = (
        select(address.c.peer, step.c.percent)
        .join(assignment, assignment.c.id == step.c.assignment_id)
        .join(seat, seat.c.unit_id == assignment.c.unit_id)
        .join(address, address.c.person_id == seat.c.person_id)
        .order_by(step.c.id)
    )
    reports: dict[int, list[int | None]] = defaultdict(list)
    for peer, percent in connection.execute(mine):
        reports[int(peer)].append(percent)
    for peer in reports.keys() | wanted.keys():
        there, due = reports.get(peer, []), list(wanted.get(peer, ()))
        if there != due:
            missing, more = Counter(due) - Counter(there), Counter(there) - Counter(due)
            how = f"{missing} missing, {more} too many" if missing or more else f"in another order: {there}"
            found.wrong.append(f"reports of {peer} differ: {how}")
            found.misreported += 1
    words = Counter(connection.execute(select(said.c.person_id, said.c.message_id)).all())
    found.wrong += [f"said twice: {key}" for key, count in words.items() if count > 1]
    found.messages = _count(connection, select(func.count()).select_from(inbox))


def _answers(connection: Connection, found: Findings) -> None:
    """Every message has an answer."""
    answered = select(letter.c.answers_id).where(
        letter.c.state.in_(["accepted", "held"]), letter.c.answers_id.is_not(None)
    )
    silent = select(inbox.c.external_id).where(inbox.c.id.not_in(answered))
    left = [f"no answer: {key}" for key in connection.execute(silent).scalars()]
    found.unanswered = len(left)
    found.wrong += left


def _fates(connection: Connection, journal: Sequence[Mapping[str, Any]], found: Findings, *, may_be_held: bool) -> None:
    """No letter is left behind: it was accepted and did arrive, or it is held, where that may be."""
    arrived = {(entry["chat"], str(entry["message_id"])) for entry in journal}
    columns = (letter.c.once, letter.c.state, letter.c.why, letter.c.peer, letter.c.platform_id)
    for row in connection.execute(select(*columns)):
        found.letters += 1
        if row.state == "held" and may_be_held:
            found.held += 1
        elif row.state != "accepted":
            found.wrong.append(f"not accepted: {(row.once, row.state, row.why)}")
            found.lost += 1
        elif (int(row.peer), row.platform_id) not in arrived:
            found.lost += 1


def _arrivals(connection: Connection, journal: Sequence[Mapping[str, Any]], found: Findings) -> None:
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
            found.unflagged += copies - doubted[key]
        # A text that arrived, and is held as doubtful, arrived once.
        found.copies += max(0, arrived[key] - max(1, accepted[key]))
        found.worst = max(found.worst, arrived[key] - max(0, accepted[key] - 1))
    found.doubtful = doubted.total()
