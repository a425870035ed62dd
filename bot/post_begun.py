"""Letters are begun: each takes a turn of its account, several in one transaction where several turns are near."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.clock import monotonic
from bot.messages import Letter
from bot.post_rhythm import Departure, Rhythm
from bot.store.book import Book
from bot.store.letters import Claimed
from bot.store.pace import Turn

MachineTime: TypeAlias = Callable[[Book], datetime]
Ready: TypeAlias = tuple[Claimed, Letter]

#: Who would wait longer than this for a turn gives the letter back instead; seconds.
_PATIENT = 2.0


@dataclass(frozen=True, slots=True)
class Begun:
    """What became of letters that asked for turns. `next_turn`: when it is worth asking again, on our clock."""

    going: tuple[tuple[Claimed, Letter, Departure], ...] = ()
    #: Their turn is not near yet.
    waiting: tuple[Ready, ...] = ()
    #: Not to go now: the claim is lost, or the account pauses.
    returned: tuple[Claimed, ...] = ()
    next_turn: float = float("-inf")


def begin_in_turn(
    book: Book, ready: Sequence[Ready], rhythm: Rhythm, now: datetime, machine_time: MachineTime
) -> Begun:
    """Take turns for as many of these as are near, and note that their bytes are about to leave."""
    before, machine_now, after = monotonic(), machine_time(book), monotonic()
    chats = [(one.to, rhythm.chat_rest(one.to.peer)) for one, _ in ready]
    turns = book.letters.pace.take_turns(chats, rhythm.gait, machine_now)
    next_turn = after + turns.wait
    if not turns.taken and turns.wait > _PATIENT:
        return Begun(returned=tuple(one for one, _ in ready), next_turn=next_turn)
    going, returned = [], []
    for (one, letter), turn in zip(ready, turns.taken, strict=False):
        if book.letters.begin(one, now, machine_now):
            going.append((one, letter, Departure(turn, machine_now.timestamp(), before, after)))
        else:
            returned.append(one)
    return Begun(tuple(going), tuple(ready[len(turns.taken) :]), tuple(returned), next_turn)


def begin_at_once(book: Book, one: Claimed, now: datetime, machine_time: MachineTime) -> Departure | None:
    """The same out of turn; None where the claim is lost."""
    before, machine_now, after = monotonic(), machine_time(book), monotonic()
    moment = machine_now.timestamp()
    return Departure(Turn(moment), moment, before, after) if book.letters.begin(one, now, machine_now) else None
