"""The office's own days off and days worked instead: set, taken back and shown in chat; they win over the holidays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from bot.case import Case
from bot.command_words import fold, times
from bot.contacts import Action, may
from bot.effects import Effect
from bot.messages import Text, lines, text
from bot.reading.moments import next_weekday, weekday_in_week
from bot.store.timetable import Changed
from handlers.change_timetable import propose
from handlers.office_decision import answered
from handlers.timetable_words import day_words

_DAY = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})(?:\s?[/.-]\s?(\d{4}))?")
_UNTIL = re.compile(r"[-–]|den|toi|to|until|through")
#: More days at once are a slip of the pen.
_MOST = 31
#: So far ahead the days off of the whole country are shown.
_AHEAD = timedelta(days=365)
#: A day without its year that lies no further back is meant as past, not as next year's.
_JUST_PAST = timedelta(days=60)


def off(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """On these days nobody works."""
    return _set(case, slots["dates"], works=False)


def worked(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """These days are worked, whatever day of the week they are."""
    return _set(case, slots["dates"], works=True)


def drop(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """What the office said of these days does not hold any more."""
    return _set(case, slots["dates"], works=None)


def off_in_words(case: Case, slots: Mapping[str, str]) -> Sequence[Effect] | None:
    """The same, with a day that is no bare date: "mai", "thứ hai tuần sau"; None where no day stands in its place."""
    return _set_in_words(case, slots.get("text", case.text), works=False)


def worked_in_words(case: Case, slots: Mapping[str, str]) -> Sequence[Effect] | None:
    """Days worked, said in such words."""
    return _set_in_words(case, slots["text"], works=True)


def _set_in_words(case: Case, typed: str, *, works: bool) -> Sequence[Effect] | None:
    plain = fold(typed)
    if not _begins_with_day().match(plain):
        return None
    day = _day_in_words(plain, case.today)
    if day is None:
        return [answered(case, text("days.unreadable", typed=typed))]
    return _proposed(case, (day,), works=works, always=True)


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@cache
def _begins_with_day() -> re.Pattern[str]:
    words = times("tomorrow", *_WEEKDAYS)
    return re.compile(rf"(?:(?:{times('lead')})\s)*(?:\d{{1,2}}[/.]\d{{1,2}}|(?:{words})(?!\w))")


def _day_in_words(plain: str, today: date) -> date | None:
    """Where nothing but such words stand there: tomorrow, or a day of this week or the next."""
    lead, end = rf"(?:(?:{times('lead')})\s)*", r"\W*"
    if re.fullmatch(rf"{lead}(?:{times('tomorrow')})(?:\s(?:{times('off')}))?{end}", plain):
        return today + timedelta(days=1)
    for place, name in enumerate(_WEEKDAYS, 1):
        found = re.fullmatch(rf"{lead}(?:{times(name)})(?P<next>\s(?:{times('next_week')}))?{end}", plain)
        if found:
            return weekday_in_week(place, 1, today) if found["next"] else next_weekday(place, today)
    return None


def read_days(typed: str, today: date) -> tuple[date, ...]:
    """2/1/2026 · 16/2 đến 20/2 · 30/4, 2/5: in order; a year said last holds for what stands before it. () if none."""
    found = list(_DAY.finditer(typed))
    days: list[date] = []
    following: date | None = None
    for place in range(len(found) - 1, -1, -1):
        one = found[place]
        day = _day(one, following, today)
        if day is None:
            return ()
        between = fold(typed[one.end() : found[place + 1].start()]) if following else ""
        if following and _UNTIL.search(between):
            days += [day + timedelta(days=n) for n in range((following - day).days)]
        else:
            days.append(day)
        following = day
    return tuple(sorted(set(days)))


def _day(found: re.Match[str], following: date | None, today: date) -> date | None:
    """A day without its year is the next such day (or just past), or the last one before the day named after it."""
    day, month = int(found[1]), int(found[2])
    if found[3]:
        years = [int(found[3])]
    else:
        years = [following.year, following.year - 1] if following else [today.year - 1, today.year, today.year + 1]
    for year in years:
        try:
            one = date(year, month, day)
        except ValueError:
            continue
        if found[3] or (one <= following if following else one >= today - _JUST_PAST):
            return one
    return None


def _set(case: Case, typed: str, *, works: bool | None) -> Sequence[Effect]:
    days = read_days(typed, case.today)
    if not days or len(days) > _MOST:
        return [answered(case, text("days.unreadable", typed=typed))]
    return _proposed(case, days, works=works)


def _proposed(case: Case, days: Sequence[date], *, works: bool | None, always: bool = False) -> Sequence[Effect]:
    """What of it would change anything is asked about, the rest is told; `always`: even where no reminder moves."""
    calendar = case.book.people.calendar()
    own = case.book.timetable.own_days()
    unchanged: list[Text] = []
    changed: dict[str, bool | None] = {}
    for day in days:
        if day < case.today:
            unchanged.append(text("days.past_so_far", day=day))
        elif works is None and day not in own:
            unchanged.append(text("days.not_own", day=day))
        elif works is not None and calendar.is_working(day) is works:
            unchanged.append(text("days.worked_already" if works else "days.off_already", day=day))
        else:
            changed[day.isoformat()] = works
    if not changed:
        return [answered(case, lines(*unchanged, text("days.nothing")))]
    said = lines(*(day_words(case, date.fromisoformat(day), works) for day in changed), *unchanged)
    return propose(case, {"days": changed}, said, always=always)


def show(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """The office's own days from this month on, and the days off of everybody in the coming months."""
    own = {day: works for day, works in case.book.timetable.own_days().items() if day >= case.today.replace(day=1)}
    names = case.book.timetable.names()
    last = case.book.timetable.last_change(Changed.CALENDAR)
    by = text("days.by", name=last.by) if last and last.by else ""
    set_by = text("days.last", number=str(last.number), by=by, at=last.at) if last else None
    return [
        answered(
            case,
            lines(
                text("days.own") if own else text("days.none_own"),
                *(day_words(case, day, works, names.get(day)) for day, works in own.items()),
                set_by,
                *_general(case, own),
                text("days.how") if may(case.person, Action.TIMETABLE) else None,
            ),
        )
    ]


def _general(case: Case, own: Mapping[date, bool]) -> Iterator[Text]:
    calendar = case.book.people.calendar()
    first = case.today
    last = first + _AHEAD
    coming = [one for n in range((last - first).days + 1) if (one := first + timedelta(days=n)) not in own]
    off_days = [day for day in coming if day.weekday() < 5 and not calendar.is_working(day)]
    instead = [day for day in coming if day.weekday() >= 5 and calendar.is_working(day)]
    if off_days:
        yield text("days.general_off", until=last, days=tuple(_spans(off_days, first.year)))
    if instead:
        yield text("days.general_worked", until=last, days=tuple(_spans(instead, first.year)))


def _spans(days: Sequence[date], this_year: int) -> Iterator[Text]:
    """Days one after another as one span; the year stands where it is another."""
    spans: list[list[date]] = []
    for day in days:
        if spans and day == spans[-1][-1] + timedelta(days=1):
            spans[-1].append(day)
        else:
            spans.append([day])
    for first, *more in spans:
        last = more[-1] if more else first
        shape = "span" if more else "one"
        year = "" if last.year == this_year else "_of_year"
        yield text(f"days.on.{shape}{year}", first=first, last=last)
