"""One message before a handler: who speaks, from where, what they were last shown and asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.contacts import Person
from bot.conversation import Listing, OpenQuestion, Province
from bot.messages import Incoming
from bot.reading.meaning import Given, Reading
from bot.store.book import Book
from bot.store.talks import Before
from bot.tasks import Assignment, urgency

#: What stands in 64 bits has fewer digits: a made-up button may hold any number.
_ID_DIGITS = 19
#: Platforms tell whole seconds: a list sent in the same moment was before the person's eyes.
JUST_SHOWN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Case:
    """All that a handler may know; it answers with effects and writes nothing itself.

    `text` is what was typed, or the sentence the pressed button stands for. `open` is what the person's units have
    before them, in the numbering last shown; `listing` is that numbering; `answered` is the one assignment that the
    answered message spoke of. `given` is what `reading` was made from. `evidence_ids` are the files that came with it.
    """

    incoming: Incoming
    text: str
    now: datetime
    today: date
    province: Province
    person: Person
    book: Book
    open: tuple[Assignment, ...] = ()
    listing: Listing | None = None
    answered: int | None = None
    question: OpenQuestion | None = None
    reading: Reading | None = None
    given: Given | None = None
    said_id: int | None = None
    inbox_id: int = 0
    evidence_ids: tuple[int, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Where the province is."""
        return ZoneInfo(self.province.zone)

    def assignments(self, ids: Iterable[int]) -> tuple[Assignment, ...]:
        """These assignments, in the order of the ids; the open ones are known already."""
        wanted = tuple(ids)
        known = {one.id: one for one in self.open}
        if unknown := [one for one in wanted if one not in known]:
            known |= {one.id: one for one in self.book.assignments.many(unknown)}
        return tuple(known[one] for one in wanted if one in known)

    def numbered(self, number: int) -> int | None:
        """The assignment that a typed number means."""
        return self.listing.assignment(number) if self.listing else None

    @property
    def numbering(self) -> tuple[int, ...]:
        """The numbers last shown, and behind them what is open and was not shown: those a receipt goes on with.

        Where nothing shown is theirs (a clerk's list), their own begins at 1.
        """
        shown = self.listing.numbered if self.listing else ()
        mine = tuple(one.id for one in self.open)
        return (*shown, *(one for one in mine if one not in shown)) if set(shown) & set(mine) else mine


def pressed(book: Book, incoming: Incoming, person: Person) -> Listing | None:
    """The listing that the pressed button stands in."""
    number = (incoming.button or "").partition(":")[0]
    return book.talks.listing(int(number), person.id) if number.isdecimal() and len(number) < _ID_DIGITS else None


def case_of(book: Book, incoming: Incoming, person: Person, now: datetime, typed: str, before: Before) -> Case:
    """Everything a handler may know about this message."""
    province = book.people.province()
    open_list = book.assignments.open_of(unit.id for unit in person.units)
    answered = None
    listing = None
    if incoming.reply_to:
        letter = book.talks.letter_answered(person.id, incoming.sender, incoming.reply_to)
        if letter is not None:
            answered = letter["about_id"]
            listing = book.talks.listing(letter["listing_id"], person.id) if letter["listing_id"] else None
    if incoming.button:
        listing = pressed(book, incoming, person)
    if listing is None or not listing.numbered:
        listing = _listing_before(book, incoming, person, before)
    return Case(
        incoming=incoming,
        text=typed,
        now=now,
        today=now.astimezone(ZoneInfo(province.zone)).date(),
        province=province,
        person=person,
        book=book,
        open=_as_numbered(open_list, listing),
        listing=listing,
        answered=answered,
        question=before.question,
    )


def _listing_before(book: Book, incoming: Incoming, person: Person, before: Before) -> Listing | None:
    """The numbers these words mean: the list then before the writer's eyes, for an edit as for what it replaces."""
    meant = book.talks.listing_meant(person.id, incoming.edits) if incoming.edits else None
    return book.talks.listing(meant, person.id) if meant is not None else before.listing


def _as_numbered(open_list: Sequence[Assignment], listing: Listing | None) -> tuple[Assignment, ...]:
    """The open list in the order of the numbers last shown; what was not shown follows by urgency."""
    place = {one: number for number, one in enumerate(listing.numbered)} if listing else {}
    return tuple(sorted(open_list, key=lambda one: (place.get(one.id, len(place)), *urgency(one))))
