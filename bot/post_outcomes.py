"""What a channel's complaint means for the letter, its address, its account, and whom we tell. One transaction each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.contacts import Person, Role
from bot.filing import file_answer
from bot.messages import Address, LetterKind, Outgoing, SendFailed, Text, Value, text
from bot.post_rhythm import LIMITED
from bot.store.book import Book
from bot.store.letters import Claimed
from bot.store.pace import pause_name, quota_name

#: How a channel's reason begins where the platform refuses the letter itself, whoever it is for.
REFUSED_LETTER = "refused the letter"


@dataclass(frozen=True, slots=True)
class Failure:
    """A letter that did not go, and how long its account pauses for that."""

    one: Claimed
    failed: SendFailed
    pause: timedelta


def only_this_letter(failed: SendFailed) -> bool:
    """Whether the platform answered, and the account may go on as before."""
    return failed.permanent or failed.moved_to is not None or failed.why.startswith(REFUSED_LETTER)


def outcome(failed: SendFailed) -> str:
    """The complaint in one word, for whoever counts them."""
    if only_this_letter(failed):
        return "moved" if failed.moved_to is not None and not failed.permanent else "refused"
    if failed.unauthorized:
        return "unauthorized"
    if failed.quota:
        return "quota"
    if failed.retry_at is not None:
        return LIMITED
    return "doubtful" if failed.written else "not_sent"


def settle_failure(
    book: Book, failure: Failure, now: datetime, machine_now: datetime, served: Collection[tuple[str, str]]
) -> None:
    """Move the letter on."""
    one, failed = failure.one, failure.failed
    until = machine_now + failure.pause
    if not failed.permanent and failed.moved_to is not None and book.letters.moved(one, failed.moved_to, now):
        return
    # What would now be read by somebody else reaches its person there no more than what is refused.
    if failed.permanent or failed.moved_to is not None:
        other = book.letters.refused(one, failed.why, now, served)
        if other is None:
            pass_by(book, one, now)
        _tell_clerks(book, one, other, now)
    elif failed.unauthorized:
        book.letters.back_to_planned(one, failed.why, now)
    elif failed.quota:
        window = _window_ends(book, failure, machine_now)
        book.letters.pace.pause(quota_name(one.to.channel, one.to.account), window)
        book.letters.back_to_planned(one, failed.why, now, window)
    elif failed.why.startswith(REFUSED_LETTER):
        book.letters.refused_itself(one, failed.why, now)
    else:
        book.letters.pace.pause(pause_name(one.to.channel, one.to.account), until)
        if failed.retry_at is not None or not failed.written:
            book.letters.back_to_planned(one, failed.why, now, until)
        else:
            book.letters.doubtful(one, failed.why, now, until)


def _window_ends(book: Book, failure: Failure, machine_now: datetime) -> datetime:
    """When a used-up quota is worth another try: what the platform says, else the next local midnight."""
    if failure.failed.retry_at is not None:
        return machine_now + failure.pause
    zone = ZoneInfo(book.people.province().zone)
    tomorrow = machine_now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone)


def pass_by(book: Book, one: Claimed, now: datetime) -> None:
    """A reminder that nothing brings to its reader is for who stands in for them, today."""
    recipe = one.recipe or {}
    if one.person_id is not None and recipe.get("name") == "slot":
        book.reminders.pass_by(one.person_id, date.fromisoformat(recipe["day"]), recipe["slot"], now)


def _tell_clerks(book: Book, one: Claimed, other: Address | None, now: datetime) -> None:
    person = book.people.person(one.person_id) if one.person_id is not None else None
    if person is None:
        return
    province = book.people.province()
    calendar = book.people.calendar()
    says = _what_happened(person, one.to, other)
    for clerk in book.people.in_roles(Role.OFFICE):
        if clerk.id == person.id:
            continue
        once = f"unreachable:{one.to}:{calendar.day_of(now)}:{clerk.id}"
        when = calendar.next_working_moment(now)
        news = Outgoing(to=clerk.id, says=says, once=once, kind=LetterKind.REMINDER, not_before=when)
        file_answer(book, news, calendar.zone, province.language, now, None)


def _what_happened(person: Person, lost: Address, other: Address | None) -> Text:
    units = tuple(dict.fromkeys(seat.unit.name for seat in person.seats))
    values: dict[str, Value] = {"name": person.name, "units": units, "channel": lost.channel.capitalize()}
    if other is not None:
        return text("unreachable.elsewhere", **values, other=other.channel.capitalize())
    call = text("unreachable.phone", phone=person.phone) if person.phone else text("unreachable.no_phone")
    return text("unreachable.lost", **values, call=call)
