"""The contact asks to be reminded once more at a time of their own: in the nearest slot, never past the deadline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from bot.calendar import MORNING, SECOND_CALL, WorkingCalendar
from bot.case import Case
from bot.command_words import WEEKDAYS, fold, times
from bot.contacts import Action, may
from bot.effects import Effect, RemindAgain, Say
from bot.listing import short
from bot.messages import Outgoing, Text, lines, text
from bot.reading import OpenTask, read
from bot.reading.meaning import Kind
from bot.tasks import Assignment, Due
from handlers.decide_request import read_day

_DATE = re.compile(r"\d{1,2}[/.]\d{1,2}(?:[/.]\d{4})?")
_HALF = times("forenoon", "after_noon")
_HOUR = re.compile(rf"\b(\d{{1,2}})\s?(?:{times('hour')}|:)\s?(\d{{2}})?|\b(\d{{1,2}})\s?(?=(?:{_HALF})\b)")
_AHEAD = re.compile(
    rf"(?:\b(?P<after>{times('after')})\s)?\b(?P<many>\d{{1,2}})\s"
    rf"(?:(?P<days>{times('days')})|(?P<hours>{times('hours')})|(?P<weeks>{times('weeks')}))\b"
    rf"(?(after)|\s(?:{times('more')})\b)"
)
_WEEKDAYS = tuple(re.compile(rf"\b(?:{times(name)})\b") for name in WEEKDAYS)
_NEXT_WEEK = re.compile(rf"\b(?:{times('next_week')})\b")
_AFTER_TOMORROW = re.compile(rf"\b(?:{times('after_tomorrow')})\b")
_EVENING = re.compile(rf"\b(?:{times('tonight')})\b|\d\s?(?:{times('hour')}|:)?(?:\s?\d\d)?\s(?:{times('evening')})\b")
_TOMORROW = re.compile(rf"\b(?:{times('tomorrow')})\b")
_TODAY = re.compile(rf"\b(?:{times('today')})\b")
_AFTERNOON = re.compile(rf"\b(?:{times('afternoon', 'noon')})\b|(?:{times('after_noon')})\b")
_NOON = re.compile(rf"\b(?:{times('noon')})\b")
#: "Tối nay" without an hour; nobody is reminded then, and the nearest slot is told.
_IN_THE_EVENING = time(19)
_SLOTS = (MORNING, SECOND_CALL)
#: What words may be read as that hold no report and no request; "lúc nào rảnh" is a question by its sign alone.
_SAYS_NOTHING = frozenset({Kind.UNCLEAR, Kind.ACK, Kind.OTHER, Kind.QUESTION})
#: Nobody is reminded again of something without a deadline later than this.
_FURTHEST = timedelta(days=60)


def again(case: Case, slots: Mapping[str, str]) -> Sequence[Effect] | None:
    """Planned where it may be, and said where it may not; reminders of the timetable come all the same."""
    if "when" not in slots:
        return _no_time(case)
    meant, unknown = _meant(case, slots.get("numbers", ""))
    calendar = case.book.people.calendar()
    wish = wished(slots["when"], case.now, calendar)
    if wish is None or wish - case.now > _FURTHEST:
        return [_said(case, text("again.when"))]
    at = nearest_slot(wish, case.now, calendar)
    if not meant:
        return [_said(case, lines(*unknown, text("again.nothing") if not unknown else None))]
    refused = {one.id: why for one in meant if (why := _why_not(one, at, case.now, calendar)) is not None}
    kept = tuple(one for one in meant if one.id not in refused)
    done = None
    if kept:
        titles = tuple(short(one.task.title) for one in kept)
        done = lines(
            text("again.done", n=len(kept), at=at, titles=titles),
            text("again.slots") if at != wish else None,
            text("again.due_stands"),
        )
    answer = _said(case, lines(done, *refused.values(), *unknown))
    slot = at.astimezone(calendar.zone)
    asked = RemindAgain(tuple(one.id for one in kept), case.person.id, slot.date(), f"{slot:%H:%M}")
    return [answer, asked] if kept else [answer]


def _no_time(case: Case) -> Sequence[Effect] | None:
    """A plea whose time is not understood; words that say more than that are read like every reply."""
    if may(case.person, Action.SEE_PROVINCE) or "?" in case.text:
        return None
    tasks = [OpenTask(one.id, one.task.title, one.task.resolution) for one in case.open]
    kinds = {item.kind for item in read(case.text, case.today, tasks).items}
    return [_said(case, text("again.when"))] if kinds <= _SAYS_NOTHING else None


def _said(case: Case, says: Text) -> Say:
    return Say(Outgoing(case.person.id, says, once=""))


def _meant(case: Case, numbers: str) -> tuple[tuple[Assignment, ...], tuple[Text, ...]]:
    """By their numbers; else the one that was answered; else what was shown last, as far as it is still to be done."""
    chased = (one for one in case.open if one.state.status.chased)
    able = {one.id: one for one in chased if may(case.person, Action.REPORT, one.unit_id)}
    if numbers:
        typed = dict.fromkeys(int(number) for number in re.findall(r"\d+", numbers))
        found = {number: able.get(case.numbered(number) or 0) for number in typed}
        unknown = tuple(text("again.no_number", number=str(number)) for number, one in found.items() if one is None)
        return tuple(one for one in found.values() if one is not None), unknown
    if case.answered in able:
        return (able[case.answered],), ()
    shown = [able[one] for one in (case.listing.numbered if case.listing else ()) if one in able]
    return tuple(shown or able.values()), ()


def wished(typed: str, now: datetime, calendar: WorkingCalendar) -> datetime | None:
    """The moment that the words name: "chiều nay", "thứ 2", "2 tiếng nữa", "24/9"; None where they name none."""
    plain = fold(typed)
    ahead = _AHEAD.search(plain)
    if ahead and ahead["hours"]:
        return now + timedelta(hours=int(ahead["many"]))
    today = calendar.day_of(now)
    evening = _EVENING.search(plain)
    day, named = _day(plain, ahead, today)
    if day is None:
        return None
    afternoon, bound = bool(_AFTERNOON.search(plain) or evening), named or bool(_TODAY.search(plain))
    told = _HOUR.search(_DATE.sub(" ", plain))
    if told is None:
        if day == today and not afternoon and not bound:
            # "Sáng nhắc lại" is the next morning.
            day = today + timedelta(days=1)
        late = _IN_THE_EVENING if evening else SECOND_CALL
        return calendar.at(day, late if afternoon else MORNING)
    hour, minute = int(told[1] or told[3]), int(told[2] or 0)
    hour += 12 if afternoon and hour < 12 and not (hour == 11 and _NOON.search(plain)) else 0
    if hour > 23 or minute > 59:
        return None
    moment = calendar.at(day, time(hour, minute))
    tomorrow = not bound and day == today and moment <= now
    return calendar.at(day + timedelta(days=1), time(hour, minute)) if tomorrow else moment


def _day(plain: str, ahead: re.Match[str] | None, today: date) -> tuple[date | None, bool]:
    """The day, and whether it was named by its date or its name; no day where the date is none to come."""
    dated = _DATE.search(plain)
    if dated:
        named = read_day(dated[0], today)
        return (None if named is None or named < today else named), True
    if ahead:
        return today + timedelta(days=int(ahead["many"]) * (7 if ahead["weeks"] else 1)), True
    weekday = next((number for number, one in enumerate(_WEEKDAYS) if one.search(plain)), None)
    monday = today - timedelta(days=today.weekday())
    if _NEXT_WEEK.search(plain):
        return monday + timedelta(days=7 + (weekday or 0)), True
    if weekday is not None:
        return monday + timedelta(days=weekday + (7 if weekday <= today.weekday() else 0)), True
    if _AFTER_TOMORROW.search(plain):
        return today + timedelta(days=2), True
    return today + timedelta(days=1 if _TOMORROW.search(plain) else 0), False


def nearest_slot(wish: datetime, now: datetime, calendar: WorkingCalendar) -> datetime:
    """The slot of the wished day that lies nearest and is still to come; on a day off or too late, the next one."""
    day = calendar.day_of(wish)
    coming = [at for hour in _SLOTS if (at := calendar.at(day, hour)) > now]
    if calendar.is_working(day) and coming:
        return min(coming, key=lambda at: abs(at - wish))
    return calendar.at(calendar.step(max(day, calendar.day_of(now)), 1), MORNING)


def _why_not(one: Assignment, at: datetime, now: datetime, calendar: WorkingCalendar) -> Text | None:
    """A slot at or after the end of the deadline is none; the last one before it is named where there is one."""
    due = one.due
    if due is None or at < due.ends(calendar.zone):
        return None
    title = short(one.task.title)
    if now >= due.ends(calendar.zone):
        return text("again.overdue", title=title)
    last = _last_slot(due, now, calendar)
    if last is None:
        return text("again.no_slot_left", title=title, due=due.on)
    return text("again.past_due", title=title, due=due.on, last=last)


def _last_slot(due: Due, now: datetime, calendar: WorkingCalendar) -> datetime | None:
    day: date = calendar.step(due.on, 0)
    for back in (day, calendar.step(day, -1)):
        for hour in reversed(_SLOTS):
            at = calendar.at(back, hour)
            if now < at < due.ends(calendar.zone):
                return at
    return None
