"""Taps that an outage swallowed: whoever may have tapped gets the buttons once more.

A platform keeps a text for a day and a tap for minutes (Telegram: 150 s). Nobody can tell who tapped meanwhile, so
everybody with an unanswered keyboard before them is told, once a keyboard, and only if nothing came from them since.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.messages import LetterKind, Urgency, text
from bot.store.book import Book
from bot.store.letters import Claimed
from bot.store.prompts import RENEWED
from bot.wording import Wording

#: So long a tap is sure to be kept.
KEPT = timedelta(seconds=120)
_RENEWS = "renews"


def renew_after_outage(book: Book, account: tuple[str, str], heard_at: datetime, now: datetime) -> int:
    """Note that people's messages have reached us up to that moment; after an outage renew keyboards. How many."""
    before = book.prompts.heard(*account, heard_at)
    if before is None or heard_at - before <= KEPT:
        return 0
    found = list(book.prompts.unanswered(*account, before, heard_at, now))
    people = {person.id: person for person in book.people.people({one.person_id for one in found})}
    zone, working = ZoneInfo(book.people.province().zone), book.people.calendar().next_working_moment(now)
    renewed = 0
    for one in found:
        person = people.get(one.person_id)
        if person is None or one.at not in person.addresses:
            continue
        planned = book.letters.plan(
            f"{RENEWED}{one.letter_id}",
            LetterKind.QUESTION,
            now,
            person_id=one.person_id,
            to=one.at,
            text=Wording(person.language, zone).say(text("taps_lost")),
            buttons=one.buttons,
            listing_id=one.listing_id,
            about_id=one.about_id,
            recipe={"name": _RENEWS, _RENEWS: one.letter_id},
            reply_to=one.platform_id,
            # Who was being answered when it happened is answered now; the others are left in peace until work begins.
            not_before=now if one.urgency is Urgency.ANSWER else working,
            urgency=one.urgency,
        )
        renewed += planned is not None
    return renewed


def needless(book: Book, one: Claimed) -> bool:
    """Whether a renewed keyboard's reader has written or tapped since."""
    recipe: Mapping[str, Any] = one.recipe or {}
    return recipe.get("name") == _RENEWS and book.prompts.answered_since(one.to, one.planned_at)
