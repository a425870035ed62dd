"""How fast an account may send: rows shared by all replicas, on machine time. Nothing about letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from heapq import heapify, heapreplace

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.messages import Address
from bot.store.kept import Kept
from bot.store.mail import rate
from bot.store.part import Part

#: A turn taken this late still counts from its own slot, so that small delays don't add up; seconds.
_CREDIT = 0.02
#: A pacing row further ahead than this is left over from before the clock was set back; seconds.
_AHEAD = 1.0
#: A turn is given at least so many seconds before its moment: time to commit what has to be written down first.
LEAD = 0.05
#: Whoever took a place and is not heard of again holds it so much longer; seconds.
_LOST = 2.0
#: Whoever is later than this for its turn has none any more: at the platform others may stand in its place; seconds.
LATE = _LOST / 2
#: Places come free as answers do, so who waits for one asks again after so many seconds.
_AGAIN = 0.1


@dataclass(frozen=True, slots=True)
class Gait:
    """Turns at least `every` seconds apart, and at most `places` of them in any `window` seconds at the platform.

    `reach`: seconds that the way there and back takes this sender at the very least. `lead`: how long before its moment
    a turn is given. Without `places` the distance is all that counts.
    """

    every: float
    places: int = 0
    window: float = 1.0
    reach: float = 0.0
    lead: float = LEAD


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that was taken: its moment, in seconds of machine time, and the place it holds until then."""

    moment: float
    place: str | None = None
    held_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Turns:
    """Those that were taken, in the order of their moments, and in how many seconds it is worth asking for more."""

    taken: tuple[Turn, ...]
    wait: float


def account_name(channel: str, account: str) -> str:
    """The name of an account's row."""
    return f"{channel}:{account}"


def pause_name(channel: str, account: str) -> str:
    """The name of the row that holds until when the whole account pauses."""
    return f"{channel}:{account}!pause"


def quota_name(channel: str, account: str) -> str:
    """The name of the row that holds until when only answers may go."""
    return f"{channel}:{account}!quota"


class Pace(Part):
    """Turns and pauses."""

    def machine_time(self, host: datetime) -> datetime:
        """The clock that leases and turns run on: PostgreSQL's own, else the host's."""
        if self._connection.dialect.name != "postgresql":
            return host
        there: datetime = self._connection.execute(select(func.clock_timestamp())).scalar_one()
        return there

    def hold(self, name: str) -> None:
        """Nobody else takes turns or claims under this name until the transaction ends. SQLite's writer is alone."""
        if self._connection.dialect.name != "sqlite":
            self.lock(name)

    def lock(self, name: str) -> float:
        """Hold this row until the transaction ends; its moment in seconds, 0 where nobody took a turn yet."""
        reached: float | None = self._scalar(_HELD, {"named": name})
        if reached is None:
            self._connection.execute(_unused(self._connection.dialect.name), {"named": name})
            reached = self._scalar(_HELD, {"named": name})
        return reached or 0.0

    def take_turns(self, chats: Sequence[tuple[Address, float]], gait: Gait, machine_now: datetime) -> Turns:
        """Take an account's next turns for these chats, in their order: as many as are near.

        Each chat then rests for so many seconds. Who comes late takes several at once: what is near is taken in time.
        """
        account = chats[0][0]
        name, pause = (named(account.channel, account.account) for named in (account_name, pause_name))
        self.hold(name)
        now = machine_now.timestamp()
        places = [f"{name}#{number}" for number in range(gait.places)]
        held = self._moments([name, pause, *places])
        if held.get(pause, 0.0) > now:
            return Turns((), held[pause] - now)
        moment = held.get(name, 0.0)
        if not now - _CREDIT <= moment <= now + max(_AHEAD, gait.every):
            moment = now
        latest = now + gait.lead + gait.window + _LOST + _AHEAD
        # What lies after `latest` is left from before a clock was set.
        known = [(held.get(place, 0.0), place) for place in places]
        free = [(free_at if free_at <= latest else 0.0, place) for free_at, place in known]
        heapify(free)
        taken: list[Turn] = []
        rows: dict[str, float] = {}
        for to, rest in chats:
            # A place's moment is counted as if letters were half of the way there and back on their way there.
            moment = max(moment, free[0][0] - gait.reach / 2) if free else moment
            if moment > now + gait.lead:
                break
            held_until = moment + gait.window + _LOST
            place = heapreplace(free, (held_until, free[0][1]))[1] if free else None
            taken.append(Turn(moment, place, held_until))
            rows |= {str(to): moment + rest} if place is None else {str(to): moment + rest, place: held_until}
            moment += gait.every
        if taken:
            self._keep({**rows, name: moment})
        return Turns(tuple(taken), _until_next(moment, free, gait, now))

    def leave(self, turn: Turn, gait: Gait, answered: float) -> None:
        """The letter of this turn was answered at that moment of machine time, so it had arrived by then."""
        if turn.place is not None and answered < turn.held_until:
            self._set(turn.place, answered - gait.reach / 2 + gait.window)

    def pause(self, name: str, until: datetime) -> None:
        """Nothing more under this name until then; a longer pause that is set already stays."""
        moment = until.timestamp()
        if self.lock(name) < moment:
            self._set(name, moment)

    def paused_for(self, name: str, machine_now: datetime) -> float:
        """Seconds left of a pause; 0.0 outside of one."""
        until = self._scalar(_LOOKED_AT, {"named": name})
        return max(0.0, (until or 0.0) - machine_now.timestamp())

    def forget_old(self, machine_now: datetime) -> None:
        """Drop rows that bound nobody for a day."""
        old = (machine_now - timedelta(days=1)).timestamp()
        self._connection.execute(rate.delete().where(rate.c.next_at < old))

    def _set(self, name: str, moment: float) -> None:
        self._done(_SET, {"named": name, "moment": moment})

    def _moments(self, names: Sequence[str]) -> dict[str, float]:
        rows = self._rows(_several(len(names)), {f"named{n}": name for n, name in enumerate(names)})
        return {row["name"]: row["next_at"] for row in rows}

    def _keep(self, rows: Mapping[str, float]) -> None:
        values: dict[str, object] = {}
        for number, (name, moment) in enumerate(rows.items()):
            values[f"named{number}"], values[f"moment{number}"] = name, moment
        self._done(_kept(self._connection.dialect.name, len(rows)), values)


def _until_next(moment: float, free: Sequence[tuple[float, str]], gait: Gait, now: float) -> float:
    """Seconds until the turn after this moment is near."""
    if not free:
        return max(0.0, moment - now - gait.lead)
    return max(0.0, min(max(moment, free[0][0] - gait.reach / 2) - now - gait.lead, _AGAIN))


# Made once: these run several times a letter, and making them costs more than running them.
_MOMENT = select(rate.c.next_at).where(rate.c.name == bindparam("named"))
_LOOKED_AT = Kept(_MOMENT)
_HELD = Kept(_MOMENT.with_for_update())
_SET = Kept(update(rate).where(rate.c.name == bindparam("named")).values(next_at=bindparam("moment")))


@cache
def _several(many: int) -> Kept:
    """So many rows; an expanding parameter would be written out anew each time."""
    named = rate.c.name.in_([bindparam(f"named{n}") for n in range(many)])
    return Kept(select(rate.c.name, rate.c.next_at).where(named))


@cache
def _kept(dialect: str, many: int) -> Kept:
    """So many rows put in; what is there is replaced."""
    columns = {"named": rate.c.name, "moment": rate.c.next_at}
    rows = [
        {kept.name: bindparam(f"{name}{n}", type_=kept.type) for name, kept in columns.items()} for n in range(many)
    ]
    new = _new(dialect).values(rows)
    return Kept(new.on_conflict_do_update(index_elements=[rate.c.name], set_={"next_at": new.excluded.next_at}))


@cache
def _unused(dialect: str) -> postgresql.Insert | sqlite.Insert:
    """A row put in that nobody took a turn of; what is there stays."""
    new = _new(dialect).values(name=bindparam("named"), next_at=0.0)
    return new.on_conflict_do_nothing(index_elements=[rate.c.name])


def _new(dialect: str) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(rate) if dialect == "postgresql" else sqlite.insert(rate)
