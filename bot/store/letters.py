"""The book's part on letters: the outbox is a ledger of what is planned, on its way, taken, or in doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.messages import Address, Button, LetterKind
from bot.store.mail import letter
from bot.store.part import Part


class Letters(Part):
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
            urgency=kind.urgency,
            recipe=dict(recipe) if recipe else None,
            text=text,
            buttons=[[button.label, button.data] for button in buttons],
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
