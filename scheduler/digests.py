"""The office's digest and the chair's reports: planned as letters, put together from the figures when claimed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.calendar import OFFICE_DIGEST, WorkingCalendar
from bot.contacts import Role
from bot.conversation import RequestKind
from bot.messages import Attachment, LetterKind, Outgoing, text
from bot.reports.digest import Every, NamedFrom, OfficeDay, Period, chair_report, office_digest
from bot.store.book import Book
from scheduler.letter_parts import LetterToCompose, put_off, sits_as
from scheduler.moments import WEEKLY, Moment, Occasion, weekly_day
from scheduler.policy import Policy, policies_from

#: A digest that could not leave by now would tell of yesterday: it is dropped.
_DIGEST_UNTIL = time(20, 0)
#: What happened longer ago than this, and was in no digest, is for the chair's reports.
_CAUGHT_UP = timedelta(days=31)
#: Who reads letters of which kind.
_READERS = {Role.OFFICE: LetterKind.DIGEST, Role.CHAIR: LetterKind.SUMMARY}
#: What is older is no news for somebody who has just come; the next report follows.
_NEWS_FOR = timedelta(days=7)
#: The files that follow a report, in the order they are sent.
_FILES = {
    "picture": ("png", "image/png"),
    "sheet": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def plan_digest(book: Book, day: date, now: datetime) -> int:
    """The day's digest for every clerk of the office; how many letters were new."""
    recipe = {"name": "digest", "day": day.isoformat()}
    planned = [
        book.letters.plan(f"digest:{day}:{clerk.id}", LetterKind.DIGEST, now, person_id=clerk.id, recipe=recipe)
        for clerk in book.people.in_roles(Role.OFFICE)
    ]
    return sum(one is not None for one in planned)


def plan_report(book: Book, moment: Moment, calendar: WorkingCalendar, now: datetime) -> int:
    """The chair's weekly or monthly report, then its picture and its spreadsheet; how many letters were new."""
    period = _month(moment, calendar) if moment.what is Occasion.MONTH else _week(book, moment, calendar)
    # By the month it tells of, not by the day it goes: days that are declared off afterwards bring it no second time.
    told = period["first"][:7] if moment.what is Occasion.MONTH else str(moment.day)
    recipes: list[tuple[str, dict[str, Any]]] = [("", {"name": "report", **period})]
    recipes += [(f":{file}", {"name": "report_file", "file": file, "last": period["last"]}) for file in _FILES]
    planned = [
        book.letters.plan(
            f"{moment.what}:{told}:{chair.id}{which}", LetterKind.SUMMARY, now, person_id=chair.id, recipe=recipe
        )
        for chair in book.people.in_roles(Role.CHAIR)
        for which, recipe in recipes
    ]
    return sum(one is not None for one in planned)


def plan_for_successors(book: Book, now: datetime) -> None:
    """Reports and digests that waited for who holds the role no more are for those who hold it now."""
    for role, kind in _READERS.items():
        waited = [
            one
            for one in book.inherited.unread(kind, (role,), now - _NEWS_FOR)
            if one.recipe["name"] in ("digest", "report", "report_file")
        ]
        book.inherited.leave([one.id for one in waited], now)
        readers = book.people.in_roles(role) if waited else ()
        for one in waited:
            what, told, _former, *which = one.once.rstrip("+").split(":")
            for reader in readers:
                once = ":".join((what, told, str(reader.id), *which))
                book.letters.plan(once, kind, now, person_id=reader.id, recipe=one.recipe)
        if readers:
            book.inherited.note_handed_on(one.id for one in waited)


def _week(book: Book, moment: Moment, calendar: WorkingCalendar) -> dict[str, str]:
    """From the last report that was planned, on whatever day that was, to this one; the first tells of a week."""
    last = book.letters.last_to(Role.CHAIR, f"{moment.what}:", but=f"{moment.what}:{moment.day}:")
    before = date.fromisoformat(last["last"]) if last else _week_before(moment.day, calendar)
    first = before + timedelta(days=1)
    return _period(Every.WEEK, first, moment.day, calendar.at(before, WEEKLY), moment.at)


def _week_before(day: date, calendar: WorkingCalendar) -> date:
    """When the report of the week before went by the calendar, or of the last week with one."""
    earlier = (weekly_day(day - timedelta(weeks=back), calendar) for back in (1, 2, 3))
    return next((one for one in earlier if one is not None), day - timedelta(weeks=1))


def _month(moment: Moment, calendar: WorkingCalendar) -> dict[str, str]:
    """The month before this one."""
    ends = moment.day.replace(day=1)
    first = (ends - timedelta(days=1)).replace(day=1)
    return _period(Every.MONTH, first, ends - timedelta(days=1), calendar.at(first, time()), calendar.at(ends, time()))


def _period(every: Every, first: date, last: date, since: datetime, until: datetime) -> dict[str, str]:
    days = {"first": first.isoformat(), "last": last.isoformat()}
    return {"every": every.value, **days, "since": since.isoformat(), "until": until.isoformat()}


def compose_digest(book: Book, letter: LetterToCompose, now: datetime) -> Outgoing | None:
    """The office's end of the day; None once the day is over, and for who is in the office no more.

    It tells of what changed up to OFFICE_DIGEST, so that what comes later falls into the next one.
    """
    if letter.person_id is None or not sits_as(book, letter.person_id, Role.OFFICE):
        return None
    calendar = book.people.calendar()
    local = now.astimezone(calendar.zone)
    same_day = letter.recipe["day"] == local.date().isoformat()
    if not same_day or not OFFICE_DIGEST <= local.time() < _DIGEST_UNTIL:
        return None
    requests = book.talks.open_requests()
    today = local.date()
    last, told = _last_told(book, letter.person_id, today, calendar)
    since = calendar.at(last, OFFICE_DIGEST)
    book.letters.keep_with(letter.once, {**letter.recipe, "told": book.reminders.last_step()})
    day = OfficeDay(
        assignments=book.assignments.all(),
        changes=book.reminders.moved(since, calendar.at(today, OFFICE_DIGEST), told),
        now=now,
        calendar=calendar,
        named_from=_named_from(book, lambda policy: policy.office_from),
        since=since,
        missed=[day for day in _days_between(last, today) if calendar.is_working(day)],
        undecided=sum(one.kind is RequestKind.EXTENSION for one in requests),
        asked=sum(one.kind is not RequestKind.EXTENSION for one in requests),
        drafts=len(book.assignments.drafts()),
        unreachable=[unit.name for unit in book.people.units_without_contact()],
        cut_off=book.served.cut_off_by_unit(),
    )
    return Outgoing(letter.person_id, office_digest(day), letter.once, letter.kind)


def _last_told(book: Book, person_id: int, today: date, calendar: WorkingCalendar) -> tuple[date, int | None]:
    """The day of the last digest that arrived, at this clerk or else at any; of none, the working day before.

    With the newest step that was written down when it was put together.
    """
    last = book.letters.last_accepted(Role.OFFICE, "digest:", f"digest:{today}:", person_id)
    told = date.fromisoformat(last["day"]) if last else calendar.step(today, -1)
    return max(told, today - _CAUGHT_UP), last.get("told") if last else None


def _days_between(earlier: date, later: date) -> list[date]:
    """Neither of both."""
    return [earlier + timedelta(days=n) for n in range(1, (later - earlier).days)]


def _named_from(book: Book, rung: Callable[[Policy], int]) -> NamedFrom:
    policies = policies_from(book.people.province().settings)
    days = rung(policies.standard)
    own = {code: rung(policy) for code, policy in policies.by_task.items()}
    return NamedFrom(days, {code: pace for code, pace in own.items() if pace != days})


def compose_report(book: Book, letter: LetterToCompose, now: datetime) -> Outgoing | None:
    """The chair's report of a week or a month; outside working hours it is put off to the next ones."""
    calendar = book.people.calendar()
    if letter.person_id is None or not sits_as(book, letter.person_id, Role.CHAIR):
        return None
    if put_off(book, letter, calendar, now):
        return None
    recipe = letter.recipe
    period = Period(
        every=Every(recipe["every"]),
        first=date.fromisoformat(recipe["first"]),
        last=date.fromisoformat(recipe["last"]),
        assignments=book.assignments.all(),
        changes=book.reminders.moved(datetime.fromisoformat(recipe["since"]), datetime.fromisoformat(recipe["until"])),
        now=now,
        calendar=calendar,
        named_from=_named_from(book, lambda policy: policy.chair_from),
    )
    return Outgoing(letter.person_id, chair_report(period), letter.once, letter.kind)


def compose_report_file(book: Book, letter: LetterToCompose, now: datetime) -> Outgoing | None:
    """The picture or the spreadsheet that follows a report, with a line that says what it is."""
    if letter.person_id is None or not sits_as(book, letter.person_id, Role.CHAIR):
        return None
    if put_off(book, letter, book.people.calendar(), now):
        return None
    file = letter.recipe["file"]
    ending, kind = _FILES[file]
    made = Attachment(f"tong-hop-{letter.recipe['last']}.{ending}", kind, {"name": file})
    return Outgoing(letter.person_id, text(f"remind.file.{file}"), letter.once, letter.kind, attachment=made)
