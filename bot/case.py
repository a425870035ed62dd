"""One message before a handler: who speaks, from where, what they were last shown and asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.contacts import Person
from bot.conversation import Listing, OpenQuestion, Province
from bot.messages import Incoming
from bot.reading.meaning import Given, Reading
from bot.store.book import Book
from bot.tasks import Assignment


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
