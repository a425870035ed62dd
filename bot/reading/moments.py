"""What a date phrase means once it is recognised: arithmetic on days, weeks and months; no words here."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class When:
    """A stated day, or a span to be counted from the deadline; `day` None: stated too vaguely."""

    day: date | None = None
    days: int = 0
    months: int = 0
    span: bool = False
    further: bool = False  # "3 ngày nữa": from today unless something is being prolonged
    sure: bool = True

    def counted_from(self, start: date) -> date | None:
        try:
            return months_after(start, self.months) + timedelta(days=self.days)
        except (ValueError, OverflowError):
            return None


def months_after(start: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, last_day(year, month + 1)))


def last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def day_of(day: int, month: int, year: int | None, today: date) -> date | None:
    """No year: the first such day on or after today; more than 180 days ahead, the last such day."""
    if year is not None:
        return _valid(year, month, day)
    ahead = next(
        (found for y in range(today.year, today.year + 9) if (found := _valid(y, month, day)) and found >= today), None
    )
    if ahead is None or (ahead - today).days <= 180:
        return ahead
    return next(
        (found for y in range(today.year, today.year - 9, -1) if (found := _valid(y, month, day)) and found < today),
        None,
    )


def day_in_month(day: int, today: date) -> date | None:
    """'ngày 25': this month, or the next if past."""
    for ahead in range(3):
        first = months_after(today.replace(day=1), ahead)
        found = _valid(first.year, first.month, day)
        if found and found >= today:
            return found
    return None


def next_weekday(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.isoweekday() - 1) % 7 + 1)


def weekday_in_week(weekday: int, weeks: int, today: date) -> date:
    return today + timedelta(days=weekday - today.isoweekday() + 7 * weeks)


def end_of_month(month: int, year: int | None, today: date) -> date | None:
    if year is None:
        last = day_of(last_day(today.year, month), month, None, today)
        return date(last.year, month, last_day(last.year, month)) if last else None
    return date(year, month, last_day(year, month))


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None
