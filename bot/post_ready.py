"""A claimed letter is made ready inside the claim's transaction: addressed, put together, worded, under the limit."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.channels.port import Limits
from bot.contacts import Person
from bot.filing import word
from bot.messages import Letter, Outgoing, Urgency, text
from bot.post_outcomes import pass_by
from bot.post_parts import parts, units
from bot.post_renewed import needless
from bot.store.book import Book
from bot.store.letters import Claimed, LetterToCompose
from bot.store.part import lost
from bot.wording import Wording

Composer: TypeAlias = Callable[[Book, LetterToCompose, datetime], Outgoing | None]

#: What a letter sent again says first has to fit in as well; UTF-16 units.
MARK_ROOM = 32
#: A text that goes with a file is a caption; longer ones go before it as messages of their own.
CAPTION = 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Making:
    """What one account's letters are made with."""

    limits: Limits
    composers: Mapping[str, Composer]
    served: Collection[tuple[str, str]]


def make_ready(book: Book, claimed: tuple[Claimed, ...], making: Making, now: datetime) -> tuple[Claimed, ...]:
    """The letters that can go now; the others were put back, held or dropped."""
    if not claimed:
        return ()
    readers = {one.person_id for one in claimed if one.person_id is not None}
    people = {person.id: person for person in book.people.people(readers)} if readers else {}
    province = book.people.province()
    house = _wording(province.language, province.zone)
    ready = []
    for one in claimed:
        reader = people.get(one.person_id) if one.person_id is not None else None
        if _still_there(book, one, reader, making, now):
            made = _made(book, one, reader, house, making, now)
            ready += [made] if made is not None else []
    return tuple(ready)


def plain(one: Claimed, limits: Limits) -> Letter:
    """A claimed letter as it goes, without its file."""
    return Letter(
        id=one.id,
        to=one.to,
        text=(one.text or "").rstrip(),
        buttons=one.buttons if limits.buttons else (),
        reply_to=one.reply_to,
        silent=one.silent,
    )


def oldest_waiting(book: Book, now: datetime) -> datetime | None:
    """Since when the letter that has waited longest could have gone; None where nothing waits that may go now."""
    return book.letters.oldest_unsent(now, answers_only=not book.people.calendar().works_at(now))


@cache
def _wording(language: str, zone: str) -> Wording:
    return Wording(language, ZoneInfo(zone))


def _still_there(book: Book, one: Claimed, reader: Person | None, making: Making, now: datetime) -> bool:
    """Whether the letter's address is its reader's still; puts it elsewhere where it is not."""
    if reader is None:
        # Who left gets the answer to their last words, and nothing more.
        if one.person_id is None or one.urgency is Urgency.ANSWER:
            return True
        book.reminders.unsay_claimed(one.id, one.recipe or {})
        book.letters.drop(one, "left", now)
        return False
    if needless(book, one):
        book.letters.drop(one, "answered since", now)
        return False
    if one.to in reader.addresses:
        return True
    if book.letters.readdress(one.id, reader, making.served) is None:
        pass_by(book, one, now)
    return False


def _made(
    book: Book, one: Claimed, reader: Person | None, house: Wording, making: Making, now: datetime
) -> Claimed | None:
    wording = _wording(reader.language, house.zone.key) if reader else house
    try:
        with book.savepoint():
            said = one.text is not None and not book.reminders.outdated(one.id, one.person_id, one.recipe or {})
            composed = one if said else _composed(book, one, reader, wording, making, now)
            return _fitted(book, composed, wording, making.limits) if composed is not None else None
    except Exception as error:
        # One letter that can't be made must not keep back the others of its claim; a lost transaction keeps all.
        if lost(error):
            raise
        log.exception("letter %s could not be put together", one.id)
        book.letters.hold(one, "could not be put together")
        return None


def _composed(
    book: Book, one: Claimed, reader: Person | None, wording: Wording, making: Making, now: datetime
) -> Claimed | None:
    recipe = one.recipe or {}
    compose = making.composers.get(str(recipe.get("name")))
    if compose is None:
        book.letters.hold(one, f"nobody puts {recipe.get('name')!r} together")
        return None
    asked = LetterToCompose(one.id, one.once, one.kind, one.person_id, recipe, one.planned_at, one.not_before)
    outgoing = compose(book, asked, now)
    if outgoing is None:
        book.letters.drop(one, "nothing left to say", now)
        return None
    said = word(book, outgoing, reader, wording.language, wording.zone, now)
    book.letters.fill(one.id, said.text, said.buttons, said.listing_id, said.about_id, said.attachment)
    return replace(
        one,
        text=said.text,
        buttons=said.buttons,
        listing_id=said.listing_id,
        about_id=said.about_id,
        attachment=said.attachment,
    )


def _fitted(book: Book, one: Claimed, wording: Wording, limits: Limits) -> Claimed:
    """The letter marked where it is sent again, and divided where the channel holds less; the ledger knows both."""
    whole = one.text or ""
    if one.repeats and not whole.startswith(wording.say(text("resent", text="")).rstrip()):
        whole = wording.say(text("resent", text=whole))
        book.letters.fill(one.id, whole, one.buttons, one.listing_id, one.about_id, one.attachment)
    room = 0 if one.repeats else MARK_ROOM
    pieces = [piece for piece in parts(whole, limits.text - room) if piece.strip()] or [""]
    if one.attachment and pieces[-1] and units(pieces[-1]) > CAPTION - room:
        pieces.append("")
    if len(pieces) == 1:
        return replace(one, text=whole)
    book.letters.keep_parts(one.id, pieces)
    return replace(one, text=pieces[0], buttons=(), attachment=None)
