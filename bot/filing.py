"""An Outgoing becomes a letter in the ledger: worded in its reader's language, with its listing and buttons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.contacts import Person
from bot.messages import Address, Button, Incoming, Outgoing, Urgency
from bot.store.book import Book
from bot.wording import Wording


@dataclass(frozen=True, slots=True)
class Worded:
    """A letter's contents, ready for the ledger."""

    text: str
    buttons: tuple[Button, ...]
    listing_id: int | None
    about_id: int | None
    attachment: dict[str, Any] | None


def word(book: Book, outgoing: Outgoing, person: Person | None, language: str, zone: ZoneInfo, now: datetime) -> Worded:
    """The words of an Outgoing; keeps its numbering and the sentences of its buttons as a listing."""
    wording = Wording(language, zone)
    listing_id = None
    if person is not None and (outgoing.numbered or outgoing.choices):
        says = [choice.says for choice in outgoing.choices]
        listing_id = book.talks.keep_listing(person.id, outgoing.numbered, says, now)
    buttons = tuple(
        Button(wording.say(choice.label), f"{listing_id}:0:{place}") for place, choice in enumerate(outgoing.choices)
    )
    attachment = None
    if outgoing.attachment is not None:
        made = outgoing.attachment
        attachment = {"name": made.name, "kind": made.kind, "recipe": dict(made.recipe), "language": language}
    return Worded(wording.say(outgoing.says), buttons, listing_id, outgoing.about, attachment)


def file_answer(
    book: Book,
    outgoing: Outgoing,
    zone: ZoneInfo,
    language: str,
    now: datetime,
    answers: tuple[int, Incoming] | None,
    speaker: Person | None = None,
) -> int | None:
    """Word an Outgoing now and plan its letter; what answers a message goes back to where that came from.

    Returns the listing that the letter's numbers and buttons stand in. Who is the `speaker` is not looked up again.
    """
    if speaker is not None and outgoing.to == speaker.id:
        person: Person | None = speaker
    elif isinstance(outgoing.to, int):
        person = book.people.person(outgoing.to)
    else:
        person = book.people.by_address(outgoing.to)
    if person is None and isinstance(outgoing.to, int):
        return None
    reader = person.language if person else language
    worded = word(book, outgoing, person, reader, zone, now)
    to = outgoing.to if isinstance(outgoing.to, Address) else None
    reply_to = None
    inbox_id = None
    asked = outgoing.awaited
    if answers is not None:
        inbox_id, incoming = answers
        asked = asked or to == incoming.sender or (person is not None and incoming.sender in person.addresses)
        if to is None and person is not None and incoming.sender in person.addresses:
            to = incoming.sender
        reply_to = incoming.message_id if to == incoming.sender and not incoming.button else None
    book.letters.plan(
        outgoing.once,
        outgoing.kind,
        now,
        person_id=person.id if person else None,
        to=to,
        text=worded.text,
        buttons=worded.buttons,
        listing_id=worded.listing_id,
        about_id=worded.about_id,
        attachment=worded.attachment,
        answers_id=inbox_id,
        reply_to=reply_to,
        not_before=outgoing.not_before
        if asked
        else book.people.calendar().next_working_moment(outgoing.not_before or now),
        urgency=Urgency.ANSWER if asked else Urgency.UNASKED,
    )
    return worded.listing_id
