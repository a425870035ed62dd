"""Answers to the questions of the chair and the office, as meanings: figures and lists in, `Text` out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.messages import Text, Value, lines, text
from bot.reports import figures as reckoned
from bot.reports import parts
from bot.reports.digest import Every, NamedFrom, OfficeDay, Period, chair_report, office_digest
from bot.reports.figures import Figures, Group
from bot.reports.names import order
from bot.reports.parts import EMPTY_LINE
from bot.tasks import Assignment, Due, Status

__all__ = [
    "Every",
    "NamedFrom",
    "OfficeDay",
    "Period",
    "by_resolution",
    "by_unit",
    "chair_report",
    "office_digest",
    "one_resolution",
    "one_task",
    "overdue",
    "silent",
    "total",
    "waiting",
]


def total(figures: Figures, groups: Sequence[Group] = ()) -> Text:
    """Everything in one view: rate, what is late and silent, the bands that add up; `groups` are the resolutions."""
    title = text("reports.total.title")
    if not figures.total:
        return lines(title, parts.moment(figures.at), EMPTY_LINE, text("reports.nothing"), _recalled(figures))
    return lines(
        title,
        parts.moment(figures.at),
        EMPTY_LINE,
        *parts.headline(figures),
        EMPTY_LINE,
        *parts.bands(figures),
        text(
            "reports.base", tasks=text("reports.tasks", n=figures.tasks), units=text("reports.units", n=figures.units)
        ),
        _recalled(figures),
        *parts.resolutions(groups, figures),
    )


def _recalled(figures: Figures) -> Text | None:
    return text("reports.recalled", amount=figures.recalled) if figures.recalled else None


def by_resolution(groups: Sequence[Group], figures: Figures) -> Text:
    """One line a resolution, and why the lines exceed the total."""
    return lines(
        text("reports.by_resolution.title"),
        parts.moment(figures.at),
        EMPTY_LINE,
        text("reports.rate_all", share=parts.share(figures.completion)),
        *parts.resolutions(groups, figures),
        *(() if groups else (text("reports.nothing"),)),
    )


def one_resolution(sign: str, assignments: Iterable[Assignment], now: datetime, zone: ZoneInfo) -> Text:
    """How far one resolution is: its figures, its tasks, its late units; `assignments` are those of all resolutions."""
    given = tuple(assignments)
    served = tuple(each for each in given if sign in each.task.resolutions)
    figures = reckoned.count(served, now, zone)
    if not figures.total:
        return _unknown_resolution(sign, given)
    tasks = [group for group in reckoned.by_task(served, now, zone) if group.figures.total]
    return lines(
        text("reports.resolution.title", sign=parts.sign(sign)),
        parts.moment(now),
        EMPTY_LINE,
        *parts.headline(figures),
        EMPTY_LINE,
        *parts.bands(figures),
        _recalled(figures),
        EMPTY_LINE,
        text("reports.by_task.heading", tasks=text("reports.tasks", n=len(tasks))),
        *(line for group in tasks for line in (parts.group_line(group, group.key), _title(group.name))),
        *parts.late_ranks(reckoned.overdue(served, now, zone)),
    )


def _unknown_resolution(sign: str, given: Sequence[Assignment]) -> Text:
    known = {each: None for a in given if a.state.status is not Status.RECALLED for each in a.task.resolutions}
    signs = tuple(parts.sign(each) for each in sorted(known, key=reckoned.sign_order))
    asked = text("reports.resolution.unknown", sign=parts.sign(sign))
    return lines(asked, text("reports.resolution.known", signs=signs) if signs else text("reports.nothing"))


def _title(title: str) -> Text:
    return text("plain", text=title)


def by_unit(groups: Sequence[Group], figures: Figures) -> Text:
    """All units, worst first; units with the same figures share a line of figures, none is left out."""
    standing = [group for group in groups if group.figures.total]
    return lines(
        text("reports.by_unit.title"),
        parts.moment(figures.at),
        EMPTY_LINE,
        text("reports.rate_all", share=parts.share(figures.completion)),
        *(line for same in _alike(standing) for line in _unit_lines(same)),
        *(() if standing else (text("reports.nothing"),)),
    )


def _alike(groups: Sequence[Group]) -> list[list[Group]]:
    found: dict[tuple[int, ...], list[Group]] = {}
    for group in groups:
        f = group.figures
        found.setdefault((f.total, f.accepted, f.reported, f.overdue, f.silent, f.blocked), []).append(group)
    return list(found.values())


def _unit_lines(same: Sequence[Group]) -> Iterator[Value]:
    yield EMPTY_LINE
    first = same[0]
    if len(same) == 1:
        yield parts.group_line(first, first.name)
        return
    yield parts.group_line(first, text("reports.units_each", n=len(same)))
    yield from parts.names(group.name for group in same)


def overdue(assignments: Iterable[Assignment], now: datetime, zone: ZoneInfo, called: str = "all") -> Text:
    """Which units are late: most overdue first, then longest late. `called`: which of them these assignments are of."""
    given = tuple(assignments)
    figures = reckoned.count(given, now, zone)
    late = reckoned.overdue(given, now, zone)
    head = (text(f"reports.overdue.title.{called}"), parts.moment(now), EMPTY_LINE)
    if not late:
        return lines(*head, _none("reports.overdue.none", figures))
    by_task = Counter(each.assignment.task.code for each in late)
    return lines(
        *head,
        text(
            "reports.overdue.count",
            share=parts.share(figures.share(figures.overdue)),
            units=text("reports.units", n=len(reckoned.overdue_units(late))),
        ),
        *parts.late_ranks(late),
        EMPTY_LINE,
        text("reports.overdue.by_task"),
        *(
            text("reports.task_overdue", code=code, units=text("reports.units", n=amount))
            for code, amount in sorted(by_task.items())
        ),
    )


def _none(key: str, figures: Figures) -> Text:
    """That there is none of it; or that there is nothing at all yet."""
    return text(key, total=figures.total) if figures.total else text("reports.nothing")


def silent(assignments: Iterable[Assignment], now: datetime, zone: ZoneInfo) -> Text:
    """Who has not reported at all: by task, those with a deadline first, every unit by name."""
    given = tuple(assignments)
    figures = reckoned.count(given, now, zone)
    quiet = reckoned.silent(given)
    head = (text("reports.silent.title"), parts.moment(now), EMPTY_LINE)
    if not quiet:
        return lines(*head, _none("reports.silent.none", figures))
    units = {each.unit_id for each in quiet}
    heard = {each.unit_id for each in given if not each.state.silent and each.state.status is not Status.RECALLED}
    return lines(
        *head,
        text(
            "reports.silent.count",
            share=parts.share(figures.share(figures.silent)),
            units=text("reports.units", n=len(units)),
        ),
        text("reports.silent.never", units=text("reports.units", n=len(units - heard))),
        *_quiet_tasks(quiet, now, zone),
    )


def _quiet_tasks(quiet: Sequence[Assignment], now: datetime, zone: ZoneInfo) -> Iterator[Value]:
    for (code, due), members in parts.by_task_and_due(quiet).items():
        passed = due is not None and now >= due.ends(zone)
        yield EMPTY_LINE
        yield text(
            "reports.task_heading",
            light=parts.RED if passed else parts.BLUE if due else parts.WHITE,
            code=code,
            due=parts.due(due),
            units=text("reports.units", n=len(members)),
        )
        yield _title(members[0].task.title)
        yield from parts.names(each.unit_name for each in members)


def waiting(assignments: Iterable[Assignment], now: datetime, zone: ZoneInfo) -> Text:
    """What is reported done and waits for the office, by task, with the documents named in the reports."""
    given = tuple(assignments)
    figures = reckoned.count(given, now, zone)
    found = reckoned.waiting(given)
    head = (text("reports.waiting.title"), parts.moment(now), EMPTY_LINE)
    if not found:
        return lines(*head, _none("reports.waiting.none", figures))
    oldest = found[0].state.reported_at
    return lines(
        *head,
        text("reports.waiting.count", share=parts.share(figures.share(figures.reported))),
        text("reports.waiting.oldest", at=oldest, unit=found[0].unit_name) if oldest else None,
        *_waiting_tasks(found),
    )


def _waiting_tasks(found: Sequence[Assignment]) -> Iterator[Value]:
    by_code = sorted(found, key=lambda each: (each.task.code, order(each.unit_name)))
    for (code, due), members in parts.by_task_and_due(by_code).items():
        yield EMPTY_LINE
        units = text("reports.units", n=len(members))
        yield text("reports.task_heading", light=parts.YELLOW, code=code, due=parts.due(due), units=units)
        yield _title(members[0].task.title)
        yield from parts.names_with(members, lambda each: each.state.document)


def one_task(assignments: Iterable[Assignment], now: datetime, zone: ZoneInfo) -> Text:
    """One task in all its units: how many have finished, and everybody by name under what they stand at."""
    standing = [each for each in assignments if each.state.status is not Status.RECALLED]
    if not standing:
        return text("reports.nothing")
    figures = reckoned.count(standing, now, zone)
    task = standing[0].task
    return lines(
        text("reports.task.title", code=task.code, title=task.title),
        parts.due(task.due),
        text("reports.serves", signs=tuple(parts.sign(each) for each in task.resolutions or ("",))),
        parts.moment(now),
        EMPTY_LINE,
        *parts.headline(figures),
        EMPTY_LINE,
        *parts.bands(figures),
        *_stages(standing, now, zone),
    )


def _stages(standing: Sequence[Assignment], now: datetime, zone: ZoneInfo) -> Iterator[Value]:
    """Every unit under exactly one heading: who is missing first, who has finished last."""
    stages: dict[tuple[int, date, Due | None], list[Assignment]] = {}
    for each in standing:
        due = each.due if each.state.status.chased else None
        stages.setdefault((_STAGES.index(_stage(each)), due.on if due else date.max, due), []).append(each)
    for (stage, _, due), members in sorted(stages.items(), key=lambda entry: entry[0][:2]):
        yield EMPTY_LINE
        heading = text(f"reports.stage.{_STAGES[stage]}", amount=len(members), total=len(standing))
        yield text("reports.stage", heading=heading, late=_lateness(due, now, zone))
        yield from parts.names_with(members, _detail)


_STAGES = ("silent", "blocked", "not_started", "in_progress", "reported", "accepted")


def _stage(assignment: Assignment) -> str:
    state = assignment.state
    return "silent" if state.status.chased and state.silent else _STAGE_OF[state.status]


_STAGE_OF = {
    Status.ASSIGNED: "not_started",
    Status.IN_PROGRESS: "in_progress",
    Status.BLOCKED: "blocked",
    Status.REPORTED: "reported",
    Status.ACCEPTED: "accepted",
}


def _lateness(due: Due | None, now: datetime, zone: ZoneInfo) -> Text | None:
    if due is None:
        return None
    if now < due.ends(zone):
        return text("reports.stage_due", due=parts.due(due))
    return text("reports.stage_late", light=parts.RED, days=parts.days(reckoned.days_late(due.on, now, zone)))


def _detail(assignment: Assignment) -> str | None:
    state = assignment.state
    if state.status is Status.IN_PROGRESS and state.percent is not None:
        return f"{state.percent}%"
    return state.document if state.status in (Status.REPORTED, Status.ACCEPTED) else None
