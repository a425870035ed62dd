"""The book's part on keyboards: until when taps have reached us, and which may have been tapped in vain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select, update

from bot.messages import Address, Button, Urgency
from bot.store.dispatch import buttons_from
from bot.store.mail import inbox, letter, sweep
from bot.store.part import Part
from bot.store.tables import question

#: Whoever got a keyboard this long before an outage, and did not answer, may have tapped it in vain.
_READ_WITHIN = timedelta(hours=1)
#: How the keys of renewed keyboards begin; the number of the letter that had the keyboard follows.
RENEWED = "renewed:"


@dataclass(frozen=True, slots=True)
class Prompt:
    """The last letter with buttons that a person has before them, unanswered."""

    letter_id: int
    person_id: int
    at: Address
    platform_id: str
    buttons: tuple[Button, ...]
    listing_id: int | None
    about_id: int | None
    urgency: Urgency


class Prompts(Part):
    """Keyboards, and the way in."""

    def heard(self, channel: str, account: str, at: datetime) -> datetime | None:
        """Note that taps reached us up to this moment; up to when they had before, None where that is not known.

        Replicas that poll in turns each tell of their own polls: an older one takes nothing back.
        """
        name = f"inbound:{channel}:{account}"
        mine = (sweep.c.province_id == self._province, sweep.c.name == name)
        before: datetime | None = self._connection.execute(
            select(sweep.c.reached).where(*mine).with_for_update()
        ).scalar()
        if before is None:
            self._insert_new(sweep, province_id=self._province, name=name, reached=at)
        elif before < at:
            self._connection.execute(update(sweep).where(*mine).values(reached=at))
        return before

    def unanswered(
        self, channel: str, account: str, since: datetime, until: datetime, now: datetime
    ) -> Iterator[Prompt]:
        """Of each person the newest keyboard on this account, where nothing came from them after it.

        None that was renewed already: its reader knows, and is left alone. It arrived shortly before this time, or
        within it, or belongs to a question that is open still.
        """
        closed, still_open = self._questions(since - _READ_WITHIN, now)
        came = exists().where(
            inbox.c.channel == channel,
            inbox.c.account == account,
            inbox.c.peer == letter.c.peer,
            inbox.c.received_at > letter.c.settled_at,
        )
        recent = letter.c.settled_at >= since - _READ_WITHIN
        mine = select(letter).where(
            letter.c.province_id == self._province,
            letter.c.channel == channel,
            letter.c.account == account,
            letter.c.state == "accepted",
            letter.c.buttons != [],
            letter.c.person_id.is_not(None),
            letter.c.settled_at <= until,
            or_(recent, letter.c.listing_id.in_(still_open)),
            ~came,
        )
        newest = {row["person_id"]: row for row in self._rows(mine.order_by(letter.c.id))}
        for row in newest.values():
            if row["listing_id"] not in closed and not row["once"].startswith(RENEWED):
                fresh = row["settled_at"] >= since - _READ_WITHIN
                yield _prompt(row, Urgency(row["urgency"]) if fresh else Urgency.UNASKED)

    def answered_since(self, at: Address, since: datetime) -> bool:
        """Whether something came from there after that moment."""
        here = (inbox.c.channel == at.channel, inbox.c.account == at.account, inbox.c.peer == at.peer)
        return self._first(select(inbox.c.id).where(*here, inbox.c.received_at > since).limit(1)) is not None

    def _questions(self, since: datetime, now: datetime) -> tuple[set[int], set[int]]:
        """The listings of questions that were closed, and of those that are open."""
        live = and_(question.c.closed_at.is_(None), question.c.expires_at > now)
        asked = select(question.c.payload, question.c.closed_at, question.c.expires_at)
        mine = asked.where(question.c.province_id == self._province, or_(question.c.asked_at >= since, live))
        rows = self._rows(mine)
        over = {row["payload"].get("listing") for row in rows if row["closed_at"] or row["expires_at"] <= now}
        return over, {row["payload"].get("listing") for row in rows} - over - {None}


def _prompt(row: Any, urgency: Urgency) -> Prompt:
    return Prompt(
        letter_id=row["id"],
        person_id=row["person_id"],
        at=Address(row["channel"], row["account"], row["peer"]),
        platform_id=row["platform_id"],
        buttons=buttons_from(row["buttons"]),
        listing_id=row["listing_id"],
        about_id=row["about_id"],
        urgency=urgency,
    )
