"""What a change of the office's days or policy moves: counted beforehand, and put right in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Any

from bot.calendar import MORNING, SECOND_CALL, WorkingCalendar
from bot.store.book import Book
from bot.store.falling import Call, Falling
from bot.tasks import Due
from scheduler.digests import plan_report
from scheduler.handed_on import hand_on, hand_on_letters, take_back_words
from scheduler.moments import Moment, Occasion, moments_of, weekly_day
from scheduler.policy import CHASED_FOR, Policies, distance_by, policies_from
from scheduler.sweep import NAME
from scheduler.timetable import BY_NAME, Slot, calls, fallen

#: A change of policy is counted over so many days; one of the calendar from so long before its days to so long after.
COUNTED_DAYS = 30
_BEFORE = timedelta(days=40)
_AFTER = timedelta(days=14)
#: A milestone near the edge of what is counted may have moved past it.
_EDGE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Pace:
    """What decides when people are reminded: the calendar and the policies."""

    calendar: WorkingCalendar
    policies: Policies


@dataclass(frozen=True, slots=True)
class Moves:
    """How many reminders go at another time than before, how many no longer go, how many come in addition, up to when.

    Two counts that agree are the same whatever day they end on.
    """

    moved: int = 0
    dropped: int = 0
    added: int = 0
    until: date | None = field(default=None, compare=False)

    @property
    def any(self) -> bool:
        """Whether anybody would notice."""
        return bool(self.moved or self.dropped or self.added)


#: (codes, whether all but these are meant, rule, date counted from, milestone): the same reminder under any pace.
_Key = tuple[tuple[str, ...], bool, str, date, int]


def pace(book: Book) -> Pace:
    """As it holds now."""
    return Pace(book.people.calendar(), policies_from(book.people.province().settings))


def with_days(now: Pace, days: Mapping[date, bool | None]) -> Pace:
    """The same with these days worked or not, or (None) as the state has them."""
    own = {**now.calendar.own, **days}
    calendar = replace(now.calendar, own={day: works for day, works in own.items() if works is not None})
    return replace(now, calendar=calendar)


def with_policy(now: Pace, policy: Mapping[str, Any]) -> Pace:
    """The same with this policy. Raises BrokenPolicy."""
    return replace(now, policies=policies_from({"policy": policy}))


def moves(book: Book, after: Pace, now: datetime, days: Sequence[date] = ()) -> Moves:
    """What would go otherwise than by the pace that holds: around these days, or else in the next COUNTED_DAYS."""
    before = pace(book)
    today = before.calendar.day_of(now)
    first, last = today, today + timedelta(days=COUNTED_DAYS)
    if days:
        first, last = max(today, min(days) - _BEFORE), max(today, *days) + _AFTER
    counted = sorted(book.reminders.dates_counted_from(before.calendar) - {None})
    codes = _codes(before, after)
    old, new = (dict(milestones(one, counted, first, last + _EDGE, codes)) for one in (before, after))
    # What has gone by now is over; what a change brings into a slot of today that is over is told in the next one.
    over = {key for key, slot in old.items() if before.calendar.at(slot.day, slot.at) <= now}
    old = {key: slot for key, slot in old.items() if key not in over}
    new = {key: slot for key, slot in new.items() if key not in over}
    moved = [key for key in old.keys() & new.keys() if old[key] != new[key] and min(old[key], new[key]).day <= last]
    dropped = [key for key in old.keys() - new.keys() if old[key].day <= last]
    added = [key for key in new.keys() - old.keys() if new[key].day <= last]
    went, gone, come = (_people(book, after, keys, now) for keys in (moved, dropped, added))
    return Moves(went, gone, come, until=last)


def _codes(*paces: Pace) -> tuple[str, ...]:
    """The tasks that have a policy of their own under one of these."""
    return tuple(sorted({code for one in paces for code in one.policies.by_task}))


def milestones(
    one: Pace, counted: Sequence[date], first: date, last: date, codes: tuple[str, ...]
) -> Iterator[tuple[_Key, Slot]]:
    between = _counting(one.calendar, min([first, *counted]) - timedelta(days=1), max([last, *counted]))
    scopes = [(codes, True, one.policies.standard)]
    scopes += [((code,), False, one.policies.by_task.get(code, one.policies.standard)) for code in codes]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for day in (day for day in days if one.calendar.is_working(day)):
        for on in counted:
            if day - on > CHASED_FOR:
                continue
            at = distance_by(between, on, day)
            for tasks, others, policy in scopes:
                for hour in (MORNING, SECOND_CALL):
                    for rule, milestone in fallen(at, hour, policy):
                        yield (tasks, others, rule.name, on, milestone), Slot(day, hour)


def _counting(calendar: WorkingCalendar, first: date, last: date) -> Any:
    """`calendar.working_days_between` for many dates in this span, each day looked at once."""
    days = range((last - first).days + 2)
    worked = list(accumulate(calendar.is_working(first + timedelta(days=n)) for n in days))

    def between(earlier: date, later: date) -> int:
        return max(0, worked[(later - first).days] - worked[(earlier - first).days])

    return between


def _people(book: Book, after: Pace, keys: Sequence[_Key], now: datetime) -> int:
    """How many reminders these milestones are: one for each assignment and person."""
    by_rule: dict[tuple[tuple[str, ...], bool, str], list[Falling]] = {}
    for tasks, others, rule, on, milestone in keys:
        fresh = Falling(on, milestone, now + timedelta(days=1))
        by_rule.setdefault((tasks, others, rule), []).append(fresh)
    return sum(
        len(book.reminders.preview(_call(rule, falling, tasks, others), after.calendar))
        for (tasks, others, rule), falling in by_rule.items()
    )


def _call(rule: str, falling: Sequence[Falling], tasks: tuple[str, ...], others: bool) -> Call:
    return Call(
        rule=rule,
        since=BY_NAME[rule].since,
        to=BY_NAME[rule].to,
        falling=tuple(falling),
        unless_asked=BY_NAME[rule].rests_while_asked,
        tasks=tasks,
        other_tasks=others,
    )


def change_days(
    book: Book, days: Mapping[date, bool | None], seat_id: int | None, said_id: int | None, now: datetime
) -> bool:
    """The office's days from now on, and what was planned by the old ones put right; whether anything changed."""
    before = _held(book)
    if not book.timetable.keep_days(days, seat_id, said_id, now):
        return False
    book.people.look_again()
    after = pace(book)
    _replan(book, before, after, now, "new calendar")
    _report_overtaken_week(book, before.calendar, after.calendar, now)
    book.letters.bring_forward(now, after.calendar.next_working_moment(now))
    for one in book.asked.waiting(after.calendar.day_of(now)):
        if not after.calendar.is_working(one.day):
            slot = _nearest(one.day, one.due, after.calendar, now)
            book.asked.move(one.id, slot.day, slot.name)
    return True


def change_policy(
    book: Book, policy: Mapping[str, Any], seat_id: int | None, said_id: int | None, now: datetime
) -> bool:
    """The policy from now on, and what was planned by the old one put right; whether anything changed."""
    before = _held(book)
    if not book.timetable.keep_policy(policy, seat_id, said_id, now):
        return False
    book.people.look_again()
    _replan(book, before, pace(book), now, "new policy")
    return True


def change_seats(book: Book, now: datetime) -> None:
    """Who took a seat over hears what was planned for its last holder and did not go yet.

    No sweep runs beside it: it would plan for who sat there before, unseen from here.
    """
    reached = book.reminders.hold(NAME)
    calendar = book.people.calendar()
    today = calendar.day_of(now)
    hand_on_letters(book, now)
    take_back_words(book, now)
    for day, slot in sorted(hand_on(book, now)):
        if reached is not None and day == today and calendar.at(day, time.fromisoformat(slot)) <= reached:
            book.reminders.reopen(day, slot)
            book.reminders.plan_slot_letters(day, slot, now)


def _held(book: Book) -> Pace:
    """The pace that holds, which nobody else changes or plans by until this transaction ends."""
    book.timetable.hold()
    book.reminders.hold(NAME)
    book.people.look_again()
    return pace(book)


def _nearest(day: date, due: Due | None, calendar: WorkingCalendar, now: datetime) -> Slot:
    """The first slot after a day that is off now; where that is past the due, the last one before it."""
    later = Slot(calendar.step(day, 1), MORNING)
    earlier = Slot(calendar.step(day, -1), SECOND_CALL)
    past_due = due is not None and calendar.at(later.day, later.at) >= due.ends(calendar.zone)
    return earlier if past_due and calendar.at(earlier.day, earlier.at) > now else later


def _replan(book: Book, before: Pace, after: Pace, now: datetime, why: str) -> None:
    """Today's slots that were swept, as the new pace has them; later ones are planned by it when they come.

    What is taken back and what is added are told by their milestones alone, so that doing it twice adds nothing.
    """
    reached = book.reminders.reached(NAME)
    today = before.calendar.day_of(now)
    if reached is None or not (before.calendar.is_working(today) and after.calendar.is_working(today)):
        return
    slots = [Slot(today, hour) for hour in (MORNING, SECOND_CALL) if before.calendar.at(today, hour) <= reached]
    if not slots:
        return
    codes = _codes(before, after)
    old, new = _by_scope(before, slots, codes), _by_scope(after, slots, codes)
    present = max(slots)
    if gone := [lessened for key, call in old.items() if (lessened := _without(call, new.get(key)))]:
        book.reminders.put_back(present.day, present.name, why)
        for call in gone:
            book.reminders.withdraw(call, today, before.calendar, why)
    for key, call in new.items():
        if more := _without(call, old.get(key)):
            book.reminders.revive(more, today, present.name, after.calendar)
            book.reminders.plan(more, today, present.name, after.calendar, now)
    book.reminders.reopen(present.day, present.name)
    book.reminders.plan_slot_letters(present.day, present.name, now)


def _report_overtaken_week(book: Book, before: WorkingCalendar, after: WorkingCalendar, now: datetime) -> None:
    """This week's report, where it was still to come and the new days put it where no sweep looks any more."""
    reached = book.reminders.reached(NAME)
    if reached is None:
        return
    old, new = (_weekly(now, calendar) for calendar in (before, after))
    if old and new and new.at <= reached < old.at:
        plan_report(book, new, after, now)


def _weekly(now: datetime, calendar: WorkingCalendar) -> Moment | None:
    """The moment of this week's report."""
    day = weekly_day(calendar.day_of(now), calendar)
    return next((one for one in moments_of(day, calendar) if one.what is Occasion.WEEK), None) if day else None


def _by_scope(
    one: Pace, slots: Sequence[Slot], codes: tuple[str, ...]
) -> dict[tuple[tuple[str, ...], bool, str], Call]:
    """All that falls in these slots, each by itself, with the tasks of both paces told apart in the same way."""
    own = {code: one.policies.by_task.get(code, one.policies.standard) for code in codes}
    found: dict[tuple[tuple[str, ...], bool, str], Call] = {}
    for slot in slots:
        for call in calls((slot,), one.calendar, Policies(one.policies.standard, own)):
            found[call.tasks, call.other_tasks, call.rule] = call
    return found


def _without(call: Call, other: Call | None) -> Call | None:
    """What of a call the other one does not say; None where that is nothing."""
    known = {(one.on, one.milestone) for one in other.falling} if other else set()
    left = tuple(one for one in call.falling if (one.on, one.milestone) not in known)
    return replace(call, falling=left) if left else None
