"""The book's part on letters: the outbox is a ledger of what is planned, on its way, taken, or in doubt."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, exists, func, select, update

from bot.contacts import Role
from bot.messages import Address, Button, LetterKind, Urgency
from bot.store.claiming import UNSETTLED
from bot.store.dispatch import Claimed, Dispatch, LetterToCompose, buttons_from
from bot.store.kept import Kept
from bot.store.mail import IS_HELD, attempt, letter
from bot.store.tables import seat

__all__ = ["Claimed", "HeldLetter", "LetterToCompose", "Letters", "SentLetter"]

_PART = re.compile(r"(?P<base>.*)#(?P<number>\d+)", re.DOTALL)
#: What later parts of one text share with the first.
_SHARED = ("person_id", "channel", "account", "peer", "kind", "urgency", "listing_id", "about_id", "answers_id")


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter that the platform took, as it was sent."""

    id: int
    text: str
    buttons: tuple[Button, ...]
    platform_id: str
    settled_at: datetime
    attachment: Mapping[str, Any] | None
    reply_to: str | None


@dataclass(frozen=True, slots=True)
class HeldLetter:
    """A letter that waits for a person, and why."""

    id: int
    once: str
    kind: LetterKind
    person_id: int | None
    planned_at: datetime
    why: str


class Letters(Dispatch):
    """The ledger."""

    def plan(
        self,
        once: str,
        kind: LetterKind,
        now: datetime,
        *,
        person_id: int | None = None,
        to: Address | None = None,
        text: str | None = None,
        buttons: Sequence[Button] = (),
        listing_id: int | None = None,
        about_id: int | None = None,
        attachment: Mapping[str, Any] | None = None,
        recipe: Mapping[str, Any] | None = None,
        answers_id: int | None = None,
        reply_to: str | None = None,
        not_before: datetime | None = None,
        urgency: Urgency = Urgency.UNASKED,
    ) -> int | None:
        """Put a letter into the outbox; None where one with this key is there already.

        With `recipe` it has no text yet: it is put together and worded when it is claimed. `to` pins the address
        (answers go back where the question came from); without it the person's best address is chosen at the claim.
        """
        return self._insert_new(
            letter,
            province_id=self._province,
            once=once,
            person_id=person_id,
            channel=to.channel if to else None,
            account=to.account if to else None,
            peer=to.peer if to else None,
            kind=kind,
            urgency=urgency,
            recipe=dict(recipe) if recipe else None,
            text=text,
            buttons=_kept(buttons),
            listing_id=listing_id,
            about_id=about_id,
            attachment=dict(attachment) if attachment else None,
            answers_id=answers_id,
            reply_to=reply_to,
            state="planned",
            planned_at=now,
            not_before=not_before or now,
            fence=0,
            repeats=0,
            silent=False,
        )

    def fill(
        self,
        letter_id: int,
        text: str,
        buttons: Sequence[Button],
        listing_id: int | None,
        about_id: int | None,
        attachment: Mapping[str, Any] | None,
    ) -> None:
        """File what a letter says, now that it was put together."""
        values = {"text": text, "buttons": _kept(buttons), "listing_id": listing_id, "about_id": about_id}
        filled = update(letter).where(letter.c.id == letter_id)
        self._connection.execute(filled.values(attachment=dict(attachment) if attachment else None, **values))

    def keep_parts(self, letter_id: int, parts: Sequence[str]) -> None:
        """A text too long for one message: the first part stays here, the others follow as letters of their own.

        Buttons and file go with the last part. Where a part that waits already has to be divided again (another
        channel holds less), its overflow goes to the front of the part after it.
        """
        row = self._connection.execute(select(letter).where(letter.c.id == letter_id)).mappings().one()
        found = _PART.fullmatch(row["once"])
        base, number = (found["base"], int(found["number"])) if found else (row["once"], 1)
        first, *rest = parts
        following = self._waiting(f"{base}#{number + 1}")
        if following is not None:
            whole = "".join(rest) + (following["text"] or "")
            self._connection.execute(update(letter).where(letter.c.id == following["id"]).values(text=whole))
            self._connection.execute(update(letter).where(letter.c.id == letter_id).values(text=first))
            return
        same = {name: row[name] for name in _SHARED}
        for place, part in enumerate(rest, number + 1):
            last = place == number + len(rest)
            self._insert_new(
                letter,
                province_id=self._province,
                once=f"{base}#{place}",
                text=part,
                buttons=row["buttons"] if last else [],
                attachment=row["attachment"] if last else None,
                state="planned",
                planned_at=row["planned_at"],
                not_before=row["not_before"],
                fence=0,
                repeats=0,
                silent=row["silent"],
                **same,
            )
        self.fill(letter_id, first, (), row["listing_id"], row["about_id"], None)

    def cancel(self, once: str, why: str, now: datetime) -> bool:
        """Take back a letter that nobody has begun to send, with its later parts; whether there was one."""
        either = (letter.c.once == once) | letter.c.once.startswith(f"{once}#", autoescape=True)
        return self._cancel(either, why, now) > 0

    def cancel_of(self, person_id: int, why: str, now: datetime, kinds: Collection[LetterKind] = ()) -> int:
        """Take back all that is planned for a person (of these kinds, where any are named); how many it was."""
        mine = letter.c.person_id == person_id
        return self._cancel(mine & letter.c.kind.in_(list(kinds)) if kinds else mine, why, now)

    def release_held(self, person_id: int | None = None) -> int:
        """Let held letters go now: a person's, because they wrote, or all, because the operator said so.

        What may have arrived before says that it is sent again.
        """
        ours = {"province": self._province}
        if person_id is None:
            return self._done(_RELEASED, ours)
        return self._done(_RELEASED_OF_ONE, {**ours, "person": person_id})

    def note_file(self, letter_id: int, digest: str, size: int) -> None:
        """What was sent with a letter is kept, so that it can be shown, and sent again, unchanged."""
        mine = letter.c.id == letter_id
        made = self._connection.execute(select(letter.c.attachment).where(mine)).scalar_one()
        kept = {**made, "digest": digest, "size": size}
        self._connection.execute(update(letter).where(mine).values(attachment=kept))

    def hold_all(self, why: str) -> int:
        """Hold every letter that is not settled: in a restored copy nobody knows what went out since. How many."""
        unsettled = [letter.c.province_id == self._province, letter.c.state.in_(["planned", "claimed", "sending"])]
        begun = select(letter.c.id).where(*unsettled, letter.c.state == "sending")
        open_still = attempt.c.outcome.is_(None) & attempt.c.letter_id.in_(begun)
        self._connection.execute(update(attempt).where(open_still).values(outcome="doubtful", why=why))
        held = update(letter).where(*unsettled).values(state="held", why=why, lease_until=None, worker=None)
        return self._connection.execute(held).rowcount

    def of_peer(self, address: Address, after: int = 0, limit: int = 200) -> tuple[SentLetter, ...]:
        """The newest letters that an address got after that letter's id, oldest first."""
        here = (
            letter.c.channel == address.channel,
            letter.c.account == address.account,
            letter.c.peer == address.peer,
            letter.c.platform_id.is_not(None),
            letter.c.id > after,
        )
        rows = self._rows(select(letter).where(*here).order_by(letter.c.id.desc()).limit(limit))
        return tuple(
            SentLetter(
                id=row["id"],
                text=row["text"] or "",
                buttons=buttons_from(row["buttons"]),
                platform_id=row["platform_id"],
                settled_at=row["settled_at"],
                attachment=row["attachment"],
                reply_to=row["reply_to"],
            )
            for row in rows[::-1]
        )

    def counts(self) -> dict[str, int]:
        """How many letters stand in each state."""
        mine = select(letter.c.state, func.count().label("many")).where(letter.c.province_id == self._province)
        return {row.state: row.many for row in self._connection.execute(mine.group_by(letter.c.state))}

    def under_way(self) -> dict[str, int]:
        """How many letters stand in each state that is no end; 0 too. Looks at nothing that is settled."""
        mine = select(letter.c.state, func.count().label("many")).where(
            UNSETTLED, letter.c.province_id == self._province
        )
        found = {row.state: row.many for row in self._connection.execute(mine.group_by(letter.c.state))}
        return {state: found.get(state, 0) for state in ("planned", "claimed", "sending")}

    def oldest_unsent(self, now: datetime, *, answers_only: bool = False) -> datetime | None:
        """Since when the letter that has waited longest has been due; None where nothing is due."""
        mine = [UNSETTLED, letter.c.province_id == self._province, letter.c.not_before <= now]
        if answers_only:
            mine.append(letter.c.urgency == Urgency.ANSWER)
        return self._connection.execute(select(func.min(letter.c.not_before)).where(*mine)).scalar()

    def next_due(self, after: datetime | None = None) -> datetime | None:
        """When the next planned letter falls due, later than `after` where that is given."""
        mine = [UNSETTLED, letter.c.province_id == self._province, letter.c.state == "planned"]
        if after is not None:
            mine.append(letter.c.not_before > after)
        return self._connection.execute(select(func.min(letter.c.not_before)).where(*mine)).scalar()

    def bring_forward(self, now: datetime, at: datetime) -> None:
        """What nobody asked for and waits, untried, for working hours later than `at` may go then."""
        waits = (letter.c.province_id == self._province, letter.c.state == "planned", letter.c.not_before > now)
        untried = (letter.c.urgency == Urgency.UNASKED, letter.c.fence == 0, letter.c.not_before > at)
        self._connection.execute(update(letter).where(*waits, *untried).values(not_before=at))

    def last_to(self, role: Role, beginning: str, but: str) -> Mapping[str, Any] | None:
        """The recipe of the last letter whose key begins so, but not like `but`, to whoever has held this role."""
        holders = select(seat.c.person_id).where(seat.c.province_id == self._province, seat.c.role == role.value)
        keyed = (letter.c.once.startswith(beginning), ~letter.c.once.startswith(but))
        theirs = select(letter.c.recipe).where(letter.c.person_id.in_(holders), *keyed)
        return self._connection.execute(theirs.order_by(letter.c.id.desc()).limit(1)).scalar()

    def last_accepted(self, role: Role, beginning: str, but: str, person_id: int) -> Mapping[str, Any] | None:
        """The same of letters that arrived, and of this person's own where there is any."""
        holders = select(seat.c.person_id).where(seat.c.province_id == self._province, seat.c.role == role.value)
        keyed = (letter.c.once.startswith(beginning), ~letter.c.once.startswith(but), letter.c.recipe.is_not(None))
        arrived = select(letter.c.recipe).where(*keyed, letter.c.state == "accepted").order_by(letter.c.id.desc())
        for readers in ([person_id], holders):
            mine = arrived.where(letter.c.person_id.in_(readers)).limit(1)
            if (found := self._connection.execute(mine).scalar()) is not None:
                return dict(found)
        return None

    def keep_with(self, once: str, recipe: Mapping[str, Any]) -> None:
        """What is to be known of a letter later than from its words."""
        mine = (letter.c.province_id == self._province, letter.c.once == once)
        self._connection.execute(update(letter).where(*mine).values(recipe=dict(recipe)))

    def held(self, limit: int = 100) -> tuple[HeldLetter, ...]:
        """What waits for a person, oldest first."""
        mine = (letter.c.province_id == self._province, IS_HELD)
        rows = self._rows(select(letter).where(*mine).order_by(letter.c.id).limit(limit))
        return tuple(
            HeldLetter(
                row["id"], row["once"], LetterKind(row["kind"]), row["person_id"], row["planned_at"], row["why"] or ""
            )
            for row in rows
        )

    def many_held(self) -> int:
        """How many wait for a person; looks at no other letter."""
        mine = select(func.count()).where(letter.c.province_id == self._province, IS_HELD)
        return self._connection.execute(mine).scalar_one()

    def _waiting(self, once: str) -> Any:
        mine = (letter.c.province_id == self._province, letter.c.once == once, letter.c.state == "planned")
        return self._first(select(letter.c.id, letter.c.text).where(*mine))

    def _cancel(self, which: ColumnElement[bool], why: str, now: datetime) -> int:
        mine = (letter.c.province_id == self._province, letter.c.state.in_(["planned", "held"]), which)
        cancelled = update(letter).where(*mine).values(state="cancelled", why=why, settled_at=now)
        return self._connection.execute(cancelled).rowcount


_DOUBTED = exists().where(attempt.c.letter_id == letter.c.id, attempt.c.outcome == "doubtful")
_LET_GO = (
    update(letter)
    .where(letter.c.province_id == bindparam("province"), IS_HELD)
    .values(state="planned", lease_until=None, why=None)
    .values(repeats=case((_DOUBTED, letter.c.repeats + 1), else_=letter.c.repeats))
)
_RELEASED = Kept(_LET_GO)
_RELEASED_OF_ONE = Kept(_LET_GO.where(letter.c.person_id == bindparam("person")))


def _kept(buttons: Sequence[Button]) -> list[list[str]]:
    return [[button.label, button.data] for button in buttons]
