"""What the office gets at the end of a day and the chair at the end of a week or month, as meanings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.calendar import WorkingCalendar
from bot.messages import Text, Value, lines, text
from bot.reports import figures as reckoned
from bot.reports import parts
from bot.reports.parts import EMPTY_LINE
from bot.tasks import Assignment, Change, StepKind


@dataclass(frozen=True, slots=True)
class NamedFrom:
    """From how many working days after its deadline an overdue assignment is named; a task (by code) may differ.

    What is overdue for less is counted beside those named: it is still the unit's own affair.
    """

    days: int
    by_task: Mapping[str, int] = field(default_factory=dict)

    def holds(self, each: Assignment, today: date, calendar: WorkingCalendar) -> bool:
        """Whether it has been overdue for so long."""
        days = self.by_task.get(each.task.code, self.days)
        return each.due is not None and calendar.working_days_between(each.due.on, today) >= days


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """What the digest speaks of: all assignments, the day's changes, what else waits to be decided, units unreachable.

    `undecided` are extensions, `asked` whatever else was put before the office, `drafts` tasks that nobody was given,
    `cut_off` people by unit whose account is no longer served. The changes are those `since` the last digest that
    arrived; `missed` are working days since then that had none.
    """

    assignments: Sequence[Assignment]
    changes: Sequence[Change]
    now: datetime
    calendar: WorkingCalendar
    named_from: NamedFrom
    since: datetime
    missed: Sequence[date] = ()
    undecided: int = 0
    unreachable: Sequence[str] = ()
    cut_off: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    asked: int = 0
    drafts: int = 0


class Every(StrEnum):
    """How often the chair gets a report."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """What the chair's report speaks of: all assignments, and the changes from `first` to `last`."""

    every: Every
    first: date
    last: date
    assignments: Sequence[Assignment]
    changes: Sequence[Change]
    now: datetime
    calendar: WorkingCalendar
    named_from: NamedFrom


def office_digest(day: OfficeDay) -> Text:
    """The end of the office's day: what must be decided first, then what is late, due, silent, and what moved."""
    zone = day.calendar.zone
    figures = reckoned.count(day.assignments, day.now, zone)
    return lines(
        text("reports.digest.title", on=day.calendar.day_of(day.now)),
        parts.moment(day.now),
        _missed(day.missed),
        EMPTY_LINE,
        *_to_decide(day, figures.reported),
        text("reports.rate_all", share=parts.share(figures.completion)),
        EMPTY_LINE,
        text("reports.digest.since", since=day.since),
        *_moved(day.changes),
        *_coming(day),
        *_late(day),
        *_blocked(day.assignments),
        *_silent(day),
        *_unreachable(day.unreachable),
        *parts.cut_off(day.cut_off),
    )


def _missed(days: Sequence[date]) -> Text | None:
    """What this digest tells beside its own day."""
    if not days:
        return None
    if len(days) == 1:
        return text("reports.digest.missed_day", day=days[0])
    return text("reports.digest.missed_days", first=days[0], last=days[-1])


def _to_decide(day: OfficeDay, reported: int) -> Iterator[Value]:
    """The same that the office is shown when it asks what waits."""
    amounts = {"to_confirm": reported, "undecided": day.undecided, "asked": day.asked, "drafts": day.drafts}
    found = [text(f"reports.digest.{name}", amount=amount) for name, amount in amounts.items() if amount]
    yield from found or [text("reports.digest.nothing_to_decide")]


_MOVES = (
    StepKind.DONE,
    StepKind.PROGRESS,
    StepKind.NOT_STARTED,
    StepKind.BLOCKED,
    StepKind.ACCEPT,
    StepKind.RETURN,
    StepKind.EXTEND,
    StepKind.RECALL,
    StepKind.REOPEN,
)


def _moved(changes: Sequence[Change]) -> Iterator[Value]:
    amounts = reckoned.moved(changes)
    found = [text(f"reports.moved.{kind}", amount=amounts[kind]) for kind in _MOVES if amounts.get(kind)]
    yield from found or [text("reports.moved.nothing")]


def _coming(day: OfficeDay) -> Iterator[Value]:
    today = day.calendar.day_of(day.now)
    until = day.calendar.step(today, 1)
    coming = reckoned.due_within(day.assignments, day.now, day.calendar.zone, (until - today).days)
    yield EMPTY_LINE
    yield text("reports.digest.coming" if coming else "reports.digest.none_coming", until=until)
    for (code, due), members in parts.by_task_and_due(coming).items():
        units = text("reports.units", n=len(members))
        yield text("reports.task_heading", light=parts.YELLOW, code=code, due=parts.due(due), units=units)
        yield from parts.names(each.unit_name for each in members)


def _late(of: OfficeDay | Period) -> Iterator[Value]:
    """Who has been overdue for long, by name and with all that is overdue there; how much is fresh, as a number."""
    late = reckoned.overdue(of.assignments, of.now, of.calendar.zone)
    today = of.calendar.day_of(of.now)
    named = [each for each in late if of.named_from.holds(each.assignment, today, of.calendar)]
    fresh = len(late) - len(named)
    if not late:
        yield EMPTY_LINE
        yield text("reports.head.none_overdue", light=parts.GREEN)
    else:
        amount = text("reports.assignments", n=len(late))
        split = {"named": len(named), "fresh": fresh, "days": of.named_from.days}
        yield EMPTY_LINE
        yield text(_how_late(of.named_from, len(named), fresh), light=parts.RED, amount=amount, **split)
    if fresh:
        yield text("reports.digest.ask_late")
    units = {each.assignment.unit_id for each in named}
    yield from parts.late_ranks([each for each in late if each.assignment.unit_id in units])


def _how_late(named_from: NamedFrom, named: int, fresh: int) -> str:
    """The total is told whoever it is made of; where a task has a pace of its own, no one number of days is true."""
    key = "overdue" if named and fresh else "overdue_named" if named else "overdue_fresh"
    return f"reports.digest.{key}.own_pace" if named_from.by_task else f"reports.digest.{key}"


def _blocked(assignments: Sequence[Assignment]) -> Iterator[Value]:
    found = reckoned.blocked(assignments)
    if not found:
        return
    kinds: dict[str | None, list[Assignment]] = {}
    for each in found:
        kinds.setdefault(each.state.obstacle, []).append(each)
    yield EMPTY_LINE
    yield text("reports.blocked.heading", amount=len(found))
    for obstacle, members in sorted(kinds.items(), key=lambda entry: (-len(entry[1]), entry[0] or "")):
        yield text("reports.blocked.kind", obstacle=parts.obstacle(obstacle), amount=len(members))
        yield from parts.names_with_codes(members)


def _silent(day: OfficeDay) -> Iterator[Value]:
    quiet = reckoned.silent(day.assignments)
    yield EMPTY_LINE
    if not quiet:
        yield text("reports.digest.none_silent")
        return
    yield text("reports.digest.silent", amount=len(quiet))
    for (code, due), members in parts.by_task_and_due(quiet).items():
        yield text("reports.task_count", code=code, due=parts.due(due), units=text("reports.units", n=len(members)))
    yield text("reports.digest.ask_who")


def _unreachable(units: Sequence[str]) -> Iterator[Value]:
    if not units:
        return
    yield EMPTY_LINE
    yield text("reports.digest.unreachable", units=text("reports.units", n=len(units)))
    yield from parts.names(units)


def chair_report(period: Period) -> Text:
    """I totals and what moved, II what is overdue, III obstacles, IV what comes due before the next report."""
    zone = period.calendar.zone
    figures = reckoned.count(period.assignments, period.now, zone)
    groups = reckoned.by_resolution(period.assignments, period.now, zone)
    return lines(
        text(f"reports.chair.title.{period.every}", first=period.first, last=period.last),
        parts.moment(period.now),
        EMPTY_LINE,
        *parts.headline(figures),
        text("reports.head.waiting", amount=figures.reported, total=figures.total) if figures.reported else None,
        EMPTY_LINE,
        *parts.bands(figures),
        EMPTY_LINE,
        text(f"reports.chair.moved.{period.every}"),
        *_moved(period.changes),
        *parts.resolutions(groups, figures),
        *_late(period),
        *_blocked(period.assignments),
        *_next(period),
    )


def _next(period: Period) -> Iterator[Value]:
    days = 7 if period.every is Every.WEEK else 31
    coming = reckoned.due_within(period.assignments, period.now, period.calendar.zone, days)
    yield EMPTY_LINE
    yield text("reports.chair.coming" if coming else "reports.chair.none_coming", n=days)
    for (code, due), members in parts.by_task_and_due(coming).items():
        yield text("reports.task_count", code=code, due=parts.due(due), units=text("reports.units", n=len(members)))
        yield text("plain", text=members[0].task.title)
