"""What waited for somebody who has left a seat is for who sits there now."""

from __future__ import annotations

from datetime import date, datetime

from bot.store.book import Book
from bot.store.falling import Audience
from scheduler.assigned import plan_for_new_contacts
from scheduler.digests import plan_for_successors
from scheduler.timetable import BY_NAME

_RULES = {to: [rule.name for rule in BY_NAME.values() if rule.to is to] for to in Audience}


def hand_on(book: Book, now: datetime) -> frozenset[tuple[date, str]]:
    """Planned reminders of people without the seat they were for; the slots that this touches."""
    return frozenset().union(*(book.inherited.hand_on(to, names, now) for to, names in _RULES.items()))


def hand_on_letters(book: Book, now: datetime) -> None:
    """What was planned as a letter of its own."""
    plan_for_new_contacts(book, now)
    plan_for_successors(book, now)


def take_back_words(book: Book, now: datetime) -> None:
    """Letters with words for who sits there no more are put together anew, as far as they have not gone."""
    book.inherited.take_back_words(_RULES, now)
