"""How letters leave the ledger: claimed, begun, settled or in doubt. Every attempt and its outcome stays."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    or_,
    select,
    update,
)

from bot.contacts import Person
from bot.messages import Address, Button, LetterKind, Urgency
from bot.store.claiming import ACCOUNTS, IN_FLIGHT, NOWHERE, UNSETTLED, claiming
from bot.store.kept import Kept, Row, one_of
from bot.store.mail import attempt, letter
from bot.store.pace import Pace, account_name
from bot.store.part import Part
from bot.store.people import People
from bot.store.served import NOT_SERVED

#: Whoever claimed a letter, or began to send it, has this long; machine time.
LEASE = timedelta(seconds=60)
#: The same for a letter that carries a file: uploads take their time.
FILE_LEASE = timedelta(seconds=180)

#: A joining code opens a seat: once its reader has it, the ledger forgets it.
_CODE = re.compile(r"DK(?: [2-9BCFGHKLMNPQRSTVX]{3,4}){3}")
#: Channels whose pages show letters out of the ledger itself; only those who sit at this machine see them.
_SHOWS_THE_LEDGER = ("local", "console")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter in one sender's hands; `fence` tells this claim from all others of the same letter."""

    id: int
    once: str
    kind: LetterKind
    fence: int
    to: Address
    person_id: int | None
    text: str | None
    buttons: tuple[Button, ...]
    listing_id: int | None
    about_id: int | None
    attachment: Mapping[str, Any] | None
    recipe: Mapping[str, Any] | None
    answers_id: int | None
    reply_to: str | None
    planned_at: datetime
    not_before: datetime
    repeats: int = 0
    silent: bool = False
    urgency: Urgency = Urgency.UNASKED


@dataclass(frozen=True, slots=True)
class LetterToCompose:
    """What a composer needs to know of a letter that has no text yet."""

    id: int
    once: str
    kind: LetterKind
    person_id: int | None
    recipe: Mapping[str, Any]
    planned_at: datetime
    not_before: datetime


class Dispatch(Part):
    """The way of a letter from planned to settled."""

    @property
    def pace(self) -> Pace:
        """Turns and pauses of the accounts."""
        return Pace(self._connection, self._province)

    def address_due(self, now: datetime, served: Collection[tuple[str, str]], limit: int = 200) -> int:
        """Give due letters that have none their person's best address; hold those of nobody reachable. How many."""
        rows = self._rows(NOWHERE, {"of_province": self._province, "civil_now": now, "at_most": limit})
        known = self._known(rows)
        for row in rows:
            person = known.get(row["person_id"])
            if person is None:
                self._settle(row["id"], state="cancelled", why="left", settled_at=now)
            else:
                self.readdress(row["id"], person, served)
        return len(rows)

    def readdress(self, letter_id: int, person: Person, served: Collection[tuple[str, str]]) -> Address | None:
        """Plan a letter for the person's best address; hold it and return None where nothing reaches them."""
        here = [one for one in person.addresses if (one.channel, one.account) in served]
        if not here:
            why = NOT_SERVED if person.addresses else "unreachable"
            self._settle(letter_id, state="held", why=why)
            return None
        best = here[0]
        self._settle(
            letter_id, state="planned", reply_to=None, channel=best.channel, account=best.account, peer=best.peer
        )
        return best

    def readdress_unserved(self, now: datetime, served: Collection[tuple[str, str]]) -> None:
        """Letters that wait for an account we no longer serve go by another way, or are held."""
        if not served:
            return  # a house that serves nobody yet drops nobody
        ours = or_(*(and_(letter.c.channel == channel, letter.c.account == account) for channel, account in served))
        lost = (UNSETTLED, *self._planned(now), letter.c.channel.is_not(None), ~ours)
        rows = self._rows(select(letter.c.id, letter.c.person_id).where(*lost).with_for_update(skip_locked=True))
        known = self._known(rows)
        for row in rows:
            person = known.get(row["person_id"])
            if person is None:
                self._settle(row["id"], state="held", why=NOT_SERVED)
            else:
                self.readdress(row["id"], person, served)

    def _known(self, rows: Sequence[Row]) -> Mapping[int, Person]:
        """Whom these letters are for, as far as they are still there; most often there are no letters."""
        wanted = [row["person_id"] for row in rows if row["person_id"] is not None]
        found = People(self._connection, self._province).people(wanted) if wanted else ()
        return {person.id: person for person in found}

    def accounts_due(self, now: datetime, machine_now: datetime) -> frozenset[tuple[str | None, str | None]]:
        """Channel and account of whatever may be claimed where its chat is free; None where it has none yet."""
        rows = self._rows(ACCOUNTS, {"of_province": self._province, "civil_now": now, "machine_now": machine_now})
        return frozenset((row["channel"], row["account"]) for row in rows)

    def claim(
        self,
        channel: str,
        account: str,
        now: datetime,
        machine_now: datetime,
        *,
        worker: str,
        limit: int,
        answers_only: bool = False,
        one_by_one: bool = False,
    ) -> tuple[Claimed, ...]:
        """Take letters that are due, at most one a chat, first things first.

        Two senders never hold letters of one chat: claims of one account take place one after the other. With
        `one_by_one` (the caller sends strictly in the order of ids) several of one chat may be taken, and chats'
        turns don't count.
        """
        self.pace.hold(account_name(channel, account))
        values = {
            "of_province": self._province,
            "of_channel": channel,
            "of_account": account,
            "civil_now": now,
            "machine_now": machine_now,
            "moment": machine_now.timestamp(),
            "by_worker": worker,
            "until": machine_now + LEASE,
            "at_most": limit,
        }
        taken = self._rows(claiming(answers_only, one_by_one), values)
        order = ("id",) if one_by_one else ("urgency", "not_before", "id")
        rows = sorted(taken, key=lambda row: [row[name] for name in order])
        return tuple(_claimed_from(row) for row in rows)

    def begin(self, one: Claimed, now: datetime, machine_now: datetime) -> bool:
        """Note that bytes are about to leave; False where the claim is lost. Commit before they do."""
        lease = FILE_LEASE if one.attachment else LEASE
        mine = {"letter": one.id, "with_fence": one.fence}
        if not self._done(_BEGUN, {**mine, "until": machine_now + lease}):
            return False
        where = {"channel": one.to.channel, "account": one.to.account, "peer": one.to.peer}
        self._done(_ATTEMPTED, {"letter_id": one.id, "fence": one.fence, "begun_at": now, **where})
        return True

    def accepted(self, one: Claimed, platform_id: str, now: datetime) -> None:
        """The platform took it. A late word counts as well, unless a newer attempt is under way."""
        self._end_attempt(one, "accepted", None, now, platform_id)
        values = {"letter": one.id, "with_fence": one.fence, "platform_id": platform_id, "settled_at": now}
        where = {"channel": one.to.channel, "account": one.to.account, "peer": one.to.peer}
        self._done(_ACCEPTED, {**values, **where})
        masked = _CODE.sub("DK …", one.text or "")
        if masked != one.text and one.to.channel not in _SHOWS_THE_LEDGER and one.text:
            taken = (letter.c.id == one.id, letter.c.platform_id == platform_id)
            self._connection.execute(update(letter).where(*taken).values(text=masked))

    def refused(self, one: Claimed, why: str, now: datetime, served: Collection[tuple[str, str]]) -> Address | None:
        """Nothing reaches this address: mark it, plan the letter for the person's next one and return that."""
        people = People(self._connection, self._province)
        people.refuse_address(one.to, why, now)
        self._end_attempt(one, "refused", why, now)
        person = people.person(one.person_id) if one.person_id is not None else None
        if person is None or not person.addresses:
            self._settle(one.id, fence=one.fence, state="refused", why=why, settled_at=now)
            return None
        if not self._settle(one.id, fence=one.fence, state="planned"):
            return None
        return self.readdress(one.id, person, served)

    def refused_itself(self, one: Claimed, why: str, now: datetime) -> None:
        """The platform will not take this letter, whoever it is for."""
        self._end_attempt(one, "refused", why, now)
        self._settle(one.id, fence=one.fence, state="refused", why=why, settled_at=now)

    def moved(self, one: Claimed, peer: str, now: datetime) -> bool:
        """The chat has a new id; the letter goes there. False, and nothing done, where somebody else sits there."""
        if not People(self._connection, self._province).move_address(one.to, peer, one.person_id):
            return False
        self._end_attempt(one, "moved", None, now)
        self._settle(one.id, fence=one.fence, state="planned", peer=peer, reply_to=None)
        return True

    def back_to_planned(self, one: Claimed, why: str, now: datetime, retry_at: datetime | None = None) -> None:
        """It certainly did not arrive (or was never begun): it goes again, not before `retry_at` of machine time."""
        self._end_attempt(one, "not_sent", why, now)
        self._settle(one.id, fence=one.fence, state="planned", why=why, lease_until=retry_at)

    def doubtful(self, one: Claimed, why: str, now: datetime, retry_at: datetime | None = None) -> None:
        """It may have arrived. What may be repeated goes once more, silently; anything else waits for a person."""
        self._end_attempt(one, "doubtful", why, now)
        if one.kind.repeatable and one.repeats == 0:
            again = {"repeats": 1, "silent": True, "lease_until": retry_at}
            self._settle(one.id, fence=one.fence, state="planned", why=f"doubtful: {why}", **again)
        else:
            self._settle(one.id, fence=one.fence, state="held", why=f"doubtful: {why}")

    def hold(self, one: Claimed, why: str) -> None:
        """Keep it back until the operator or the person's next message."""
        self._settle(one.id, fence=one.fence, state="held", why=why)

    def drop(self, one: Claimed, why: str, now: datetime) -> None:
        """It need not be said any more."""
        self._settle(one.id, fence=one.fence, state="cancelled", why=why, settled_at=now)

    def senders(self) -> frozenset[str]:
        """Who holds letters now."""
        holding = select(letter.c.worker).where(UNSETTLED, letter.c.state.in_(IN_FLIGHT)).distinct()
        return frozenset(self._connection.execute(holding).scalars())

    def recover(self, now: datetime, machine_now: datetime, gone: Collection[str] = ()) -> int:
        """Take letters out of the hands of senders that are gone or over their lease; how many there were."""
        expired = or_(letter.c.lease_until <= machine_now, letter.c.worker.in_(list(gone)))
        mine = (UNSETTLED, letter.c.province_id == self._province, letter.c.state.in_(IN_FLIGHT), expired)
        stuck = select(letter).where(*mine).order_by(letter.c.id).with_for_update(skip_locked=True)
        rows = self._rows(stuck)
        for row in rows:
            one = _claimed_from(row)
            if row["state"] == "claimed":
                self._settle(one.id, fence=one.fence, state="planned", lease_until=None)
            else:
                self.doubtful(one, "the sender ended in between", now)
        return len(rows)

    def _planned(self, now: datetime) -> list[ColumnElement[bool]]:
        return [letter.c.province_id == self._province, letter.c.state == "planned", letter.c.not_before <= now]

    def _end_attempt(self, one: Claimed, outcome: str, why: str | None, now: datetime, platform_id: Any = None) -> None:
        mine = {"letter": one.id, "with_fence": one.fence}
        said = {"outcome": outcome, "why": why, "ended_at": now, "platform_id": platform_id}
        self._done(_ENDED, {**mine, **said})

    def _settle(self, letter_id: int, *, fence: int | None = None, **values: Any) -> bool:
        """Move a letter on; False where another claim of it has begun since."""
        mine = [letter.c.id == letter_id]
        if fence is not None:
            mine += [letter.c.fence == fence, letter.c.state.in_(IN_FLIGHT)]
        moved = update(letter).where(*mine).values({"lease_until": None, "worker": None, **values})
        return self._connection.execute(moved).rowcount > 0


# Made once, as the claim is: each letter needs them, and making them costs more than running them.
_ATTEMPTED = Kept(attempt.insert())
_BEGUN = Kept(
    update(letter)
    .where(letter.c.id == bindparam("letter"), letter.c.fence == bindparam("with_fence"), letter.c.state == "claimed")
    .values(state="sending", lease_until=bindparam("until"))
)
_ENDED = Kept(
    update(attempt)
    .where(
        attempt.c.letter_id == bindparam("letter"),
        attempt.c.fence == bindparam("with_fence"),
        # A doubt may still be cleared up by a late answer; nothing else is said twice.
        or_(attempt.c.outcome.is_(None), attempt.c.outcome == "doubtful"),
    )
    .values({name: bindparam(name) for name in ("outcome", "why", "ended_at", "platform_id")})
)
_ACCEPTED = Kept(
    update(letter)
    .where(
        letter.c.id == bindparam("letter"),
        or_(letter.c.fence == bindparam("with_fence"), ~one_of(letter.c.state, "sending", "accepted")),
    )
    .values(state="accepted", lease_until=None, why=None)
    .values({name: bindparam(name) for name in ("platform_id", "settled_at", "channel", "account", "peer")})
)


def _claimed_from(row: Row) -> Claimed:
    return Claimed(
        id=row["id"],
        once=row["once"],
        kind=LetterKind(row["kind"]),
        fence=row["fence"],
        to=Address(row["channel"], row["account"], row["peer"]),
        person_id=row["person_id"],
        text=row["text"],
        buttons=buttons_from(row["buttons"]),
        listing_id=row["listing_id"],
        about_id=row["about_id"],
        attachment=row["attachment"],
        recipe=row["recipe"],
        answers_id=row["answers_id"],
        reply_to=row["reply_to"],
        planned_at=row["planned_at"],
        not_before=row["not_before"],
        repeats=row["repeats"],
        silent=row["silent"],
        urgency=Urgency(row["urgency"]),
    )


def buttons_from(kept: Sequence[Sequence[str]]) -> tuple[Button, ...]:
    """Buttons as the ledger keeps them."""
    return tuple(Button(label, data) for label, data in kept)
