"""The pieces that summaries are made of: moment, share, cells, names of units; no figure is reckoned here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.messages import Text, Value, text
from bot.reports.figures import Figures, Group, Late, LateUnit, Share, overdue_units
from bot.reports.names import by_kind, in_lines, short_name
from bot.tasks import Assignment, Cell, Due

GREEN, YELLOW, BLUE, RED, WHITE = "🟢", "🟡", "🔵", "🔴", "⚪"
#: Stands between two sections.
EMPTY_LINE = ""

#: Categories of obstacles that have words in reports.po.
OBSTACLES = frozenset({"funding", "staff", "guidance", "legal", "system", "data", "land", "waiting", "other"})

_PARTY_SIGN = re.compile(r"0*(\d+)-NQ/TW")

#: The five parts of every total as text and picture show them, with their colours; together they are the total.
BANDS: Mapping[str, tuple[str, tuple[Cell, ...]]] = {
    "accepted": (GREEN, (Cell.ACCEPTED_IN_TIME, Cell.ACCEPTED_LATE, Cell.ACCEPTED_NO_DUE)),
    "reported": (YELLOW, (Cell.REPORTED_IN_TIME, Cell.REPORTED_LATE, Cell.REPORTED_NO_DUE)),
    "in_time": (BLUE, (Cell.OPEN_IN_TIME,)),
    "overdue": (RED, (Cell.OPEN_OVERDUE,)),
    "no_due": (WHITE, (Cell.OPEN_NO_DUE,)),
}


def band_of(cell: Cell) -> str | None:
    """The band in which a cell counts; None for what is recalled."""
    return next((name for name, (_, cells) in BANDS.items() if cell in cells), None)


def light(figures: Figures) -> str:
    """Red where something is overdue, green where all is accepted, yellow between."""
    if figures.overdue:
        return RED
    return GREEN if figures.accepted == figures.total else YELLOW


def moment(at: datetime) -> Text:
    """When the figures held."""
    return text("reports.moment", at=at)


def share(of: Share) -> Text:
    """A percentage with its denominator."""
    if of.percent is None:
        return text("reports.share_of_nothing")
    return text("reports.share", percent=of.percent, part=of.part, whole=of.whole)


def share_short(of: Share) -> Text:
    """The same where the place already says what is counted."""
    if of.percent is None:
        return text("reports.share_of_nothing")
    return text("reports.share_short", percent=of.percent, part=of.part, whole=of.whole)


def sign(of: str) -> Text:
    """A resolution as people say it: "NQ 57" for 57-NQ/TW, other signs as written."""
    if not of:
        return text("reports.no_resolution")
    party = _PARTY_SIGN.fullmatch(of)
    return text("reports.sign", number=party.group(1)) if party else text("plain", text=of)


def due(of: Due | None) -> Text:
    """A deadline, in words where there is none."""
    if of is None:
        return text("reports.due_none")
    if of.at is None:
        return text("reports.due", on=of.on)
    return text("reports.due_hour", on=of.on, at=of.at)


def bands(figures: Figures) -> Iterator[Text]:
    """One line a band that has something in it, then the line that adds them up."""
    for name, (light_of_band, cells) in BANDS.items():
        amount = figures.of(*cells)
        if amount:
            yield text(f"reports.band.{name}", light=light_of_band, amount=amount, split=_split(figures, cells))
    amounts = tuple(amount for _, cells in BANDS.values() if (amount := figures.of(*cells)))
    yield text("reports.sum", amounts=amounts, total=text("reports.assignments", n=figures.total))


def _split(figures: Figures, cells: Sequence[Cell]) -> Text | None:
    parts = [
        text(f"reports.part.{cell.partition('_')[2]}", amount=figures.of(cell)) for cell in cells if figures.of(cell)
    ]
    return text("reports.split", parts=tuple(parts)) if len(cells) > 1 and parts else None


def names(of: Iterable[str], details: Mapping[str, str] | None = None) -> Iterator[Text]:
    """All these units, by kind, over as many lines as they need; a detail stands in brackets behind its name."""
    for kind, members in by_kind(of).items():
        labels = [_label(name, (details or {}).get(name)) for name in members]
        first, *rest = in_lines(labels)
        yield text(f"reports.names.{kind}", amount=len(members), names=first)
        yield from (text("plain", text=row) for row in rest)


def cut_off(people: Mapping[str, Mapping[int, str]]) -> Iterator[Value]:
    """Who sits on no account that is served, by unit (a name for each id), and how they get in again."""
    if not people:
        return
    yield EMPTY_LINE
    yield text("reports.digest.cut_off", n=len({one for members in people.values() for one in members}))
    yield from names(people, {unit: ", ".join(members.values()) for unit, members in people.items()})
    yield text("reports.digest.cut_off_how")


def _label(name: str, detail: str | None) -> str:
    return f"{short_name(name)} ({detail})" if detail else short_name(name)


def names_with(members: Sequence[Assignment], detail: Callable[[Assignment], str | None]) -> Iterator[Text]:
    """The units of these assignments of one task, each with its detail where it has one."""
    details = {each.unit_name: said for each in members if (said := detail(each))}
    return names((each.unit_name for each in members), details)


def remarks(figures: Figures) -> Value:
    """What a line on a group adds to its share: overdue, waiting, blocked, silent; None where there is none of it."""
    found = {
        "overdue": figures.overdue,
        "reported": figures.reported,
        "blocked": figures.blocked,
        "silent": figures.silent,
    }
    parts = tuple(text(f"reports.remark.{name}", amount=amount) for name, amount in found.items() if amount)
    return text("reports.remarks", parts=parts) if parts else None


def headline(figures: Figures) -> Iterator[Text]:
    """What is asked first: the rate, what is overdue, who is silent, what is blocked."""
    yield text("reports.rate_all", share=share(figures.completion))
    if figures.overdue:
        yield text("reports.head.overdue", light=RED, amount=figures.overdue, total=figures.total)
    else:
        yield text("reports.head.none_overdue", light=GREEN)
    if figures.silent:
        yield text("reports.head.silent", amount=figures.silent, total=figures.total)
    if figures.blocked:
        yield text("reports.head.blocked", amount=figures.blocked, total=figures.total)


def group_line(group: Group, name: Value) -> Text:
    """One line of a view: light, name, share, and what stands out."""
    figures = group.figures
    return text(
        "reports.group", light=light(figures), name=name, share=share(figures.completion), remarks=remarks(figures)
    )


def resolutions(groups: Sequence[Group], figures: Figures) -> Iterator[Value]:
    """One line a resolution, and why the lines exceed the total; nothing where there is no resolution."""
    if not groups:
        return
    yield EMPTY_LINE
    yield text("reports.by_resolution.heading")
    for group in groups:
        yield group_line(group, sign(group.key))
    counted = sum(group.figures.total for group in groups)
    if counted != figures.total:
        yield text("reports.by_resolution.more_than_once", counted=counted, total=figures.total)


def days(of: int) -> Text:
    """How late, in calendar days; 0 is an hour that passed on the same day."""
    return text("reports.days_late", n=of) if of else text("reports.hour_passed")


def late_ranks(late: Sequence[Late]) -> Iterator[Value]:
    """All units with something overdue, worst rank first; units of the same rank stand under one heading."""
    ranks: dict[tuple[int, int], list[LateUnit]] = {}
    for unit in overdue_units(late):
        ranks.setdefault((unit.count, unit.days), []).append(unit)
    if ranks:
        yield EMPTY_LINE
        yield text("reports.overdue.heading")
    for (count, most), units in ranks.items():
        late_by = days(most) if count == 1 or not most else text("reports.days_late_most", n=most)
        rank = text("reports.overdue.rank", tasks=text("reports.works", n=count), days=late_by)
        if len(units) == 1:
            yield text("reports.overdue.unit", light=RED, name=units[0].name, rank=rank)
            continue
        yield text("reports.overdue.units", light=RED, rank=rank, units=text("reports.units", n=len(units)))
        yield from names(unit.name for unit in units)


def by_task_and_due(assignments: Iterable[Assignment]) -> dict[tuple[str, Due | None], list[Assignment]]:
    """The assignments of each task and deadline, in the order they come."""
    found: dict[tuple[str, Due | None], list[Assignment]] = {}
    for each in assignments:
        found.setdefault((each.task.code, each.due), []).append(each)
    return found


def names_with_codes(members: Sequence[Assignment]) -> Iterator[Text]:
    """The units of these assignments of several tasks, each with the codes of its tasks."""
    codes: dict[str, list[str]] = {}
    for each in members:
        codes.setdefault(each.unit_name, []).append(each.task.code)
    return names(codes, {name: ", ".join(sorted(found)) for name, found in codes.items()})


def obstacle(kind: str | None) -> Text:
    """The category of an obstacle; one that has no words of its own stands as it is kept."""
    if kind is None:
        return text("reports.obstacle.unknown")
    return text(f"reports.obstacle.{kind}") if kind in OBSTACLES else text("plain", text=kind)
