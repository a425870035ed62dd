"""The spreadsheet that goes with a summary: totals, the usual tracking sheet, and the messages behind its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.messages import Text, text
from bot.reports import figures as reckoned
from bot.reports import parts
from bot.reports.book_file import Cells, Column, Page, packed
from bot.reports.figures import Figures, Group, as_percent
from bot.reports.names import order
from bot.reports.safe_text import pieces
from bot.tasks import Assignment, Cell, Directive, Due, Status, cell
from bot.wording import Wording


@dataclass(frozen=True, slots=True)
class Source:
    """The message behind a row, as typed; `by` is who said it, `channel` where."""

    assignment_id: int
    text: str
    by: str
    at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class _Book:
    """What every page needs."""

    rows: Sequence[Assignment]
    sources: Sequence[Source]
    directives: Mapping[int, Directive]
    now: datetime
    wording: Wording
    zone: ZoneInfo
    numbers: Mapping[int, int] = field(default_factory=dict)

    def say(self, key: str, **params: str | int | date | Text) -> str:
        return self.wording.say(text(f"reports.sheet.{key}", **params))


def workbook(
    assignments: Sequence[Assignment],
    sources: Sequence[Source],
    now: datetime,
    wording: Wording,
    zone: ZoneInfo,
    directives: Mapping[int, Directive] | None = None,
) -> bytes:
    """An XLSX of four pages; no cell is a formula, and the same input gives the same bytes."""
    rows = sorted(assignments, key=lambda each: (each.task.code, order(each.unit_name)))
    numbers = {each.id: number for number, each in enumerate(rows, 1)}
    book = _Book(rows, sources, directives or {}, now, wording, zone, numbers)
    pages = (_totals(book), _units(book), _tracking(book), _messages(book))
    return packed(pages, book.say("title"), now)


def _head(book: _Book, title: str) -> tuple[str, ...]:
    return book.say(title), book.wording.say(parts.moment(book.now))


def _totals(book: _Book) -> Page:
    figures = reckoned.count(book.rows, book.now, book.zone)
    groups = reckoned.by_resolution(book.rows, book.now, book.zone)
    kinds = reckoned.by_kind(book.rows, book.now, book.zone)
    say = book.wording.say
    sections: list[list[Cells]] = [
        [_line(Group("", "", figures), book.say("total"))],
        list(_cells(book, figures)),
        [("", book.say("by_resolution")), *(_line(group, say(parts.sign(group.key))) for group in groups)],
        [("", book.say("by_kind")), *(_line(group, book.say(f"kind.{group.key}")) for group in kinds)],
    ]
    if sum(group.figures.total for group in groups) > figures.total:
        sections[2].append(("", book.say("more_than_once")))
    body: list[Cells] = []
    strong: list[int] = []
    for section in sections:
        strong.append(len(body))
        body += [*section, ()]
    return Page(book.say("page.totals"), _head(book, "title"), _figure_columns(book, "what"), body, strong=strong)


def _cells(book: _Book, figures: Figures) -> Iterator[Cells]:
    """Every cell with its share; they add up to the total."""
    yield "", book.say("cells"), book.say("amount"), book.say("percent_of_total")
    for each in Cell:
        if each is not Cell.RECALLED:
            amount = figures.of(each)
            yield "", book.say(f"cell.{each}"), amount, as_percent(amount, figures.total)
    yield "", book.say("sum"), figures.total, as_percent(figures.total, figures.total)
    yield "", book.say("cell.recalled"), figures.recalled


def _figure_columns(book: _Book, what: str) -> list[Column]:
    widths = {
        "number": 6,
        what: 44,
        "given": 12,
        "accepted": 13,
        "reported": 13,
        "in_time": 13,
        "overdue": 13,
        "no_due": 13,
        "completion": 15,
        "silent": 13,
        "blocked": 13,
    }
    return [Column(book.say(f"column.{name}"), width) for name, width in widths.items()]


def _line(group: Group, name: str, number: int | str = "") -> Cells:
    figures = group.figures
    bands = [figures.of(*cells) for _, cells in parts.BANDS.values()]
    return number, name, figures.total, *bands, figures.completion.percent, figures.silent, figures.blocked


def _units(book: _Book) -> Page:
    groups = reckoned.by_unit(book.rows, book.now, book.zone)
    body = [_line(group, group.name, number) for number, group in enumerate(groups, 1)]
    return Page(book.say("page.units"), _head(book, "page.units"), _figure_columns(book, "unit"), body, filtered=True)


_TRACKING = {
    "number": 6,
    "task": 46,
    "document_number": 18,
    "issued_on": 12,
    "due": 14,
    "lead": 26,
    "co_units": 22,
    "leader": 20,
    "percent": 10,
    "status": 24,
    "result": 20,
    "remark": 26,
    "product": 14,
    "completed_on": 14,
    "days_late": 11,
    "obstacle": 26,
    "follow_up": 22,
}


def _tracking(book: _Book) -> Page:
    columns = [Column(book.say(f"column.{name}"), width) for name, width in _TRACKING.items()]
    body = [_row(book, each) for each in book.rows]
    fills = [parts.band_of(cell(each.state, book.now, book.zone)) for each in book.rows]
    head = (*_head(book, "page.tracking"), book.say("days_note"))
    place = list(_TRACKING).index("status")
    return Page(book.say("page.tracking"), head, columns, body, filtered=True, marks=fills, marked=place)


def _row(book: _Book, each: Assignment) -> Cells:
    task, state = each.task, each.state
    directive = book.directives.get(task.directive_id)
    return (
        book.numbers[each.id],
        f"{task.code}. {task.title}",
        directive.number if directive else None,
        directive.issued_on if directive else None,
        _due(each.due, book.zone),
        each.unit_name,
        ", ".join(task.co_units),
        task.responsibility,
        100 if state.status in (Status.REPORTED, Status.ACCEPTED) else state.percent,
        _status(book, each),
        state.document,
        _remark(book, each),
        task.product,
        _completed_on(each, book.zone),
        _days_late(book, each),
        _obstacle(book, each),
        task.follow_up_unit,
    )


def _due(due: Due | None, zone: ZoneInfo) -> date | datetime | None:
    if due is None or due.at is None:
        return due.on if due else None
    return datetime.combine(due.on, due.at, zone)


def _status(book: _Book, each: Assignment) -> str:
    """What the unit says, and how that stands to the deadline."""
    state = each.state
    stage = "silent" if state.status.chased and state.silent else str(state.status)
    where = cell(state, book.now, book.zone)
    if where is Cell.RECALLED:
        return book.say("status.recalled")
    return book.say("status", stage=book.say(f"status.{stage}"), when=book.say(f"when.{_when(where)}"))


def _when(where: Cell) -> str:
    stage, _, when = where.partition("_")
    return f"open_{when}" if stage == "open" and when == "in_time" else when


def _remark(book: _Book, each: Assignment) -> str:
    """The task's remark, what became of its deadline, and the last word that is no obstacle."""
    state, task = each.state, each.task
    old = task.due if state.extensions and task.due != state.due else None
    parts_of = [
        task.remark,
        book.say("extended", old=book.wording.say(parts.due(old))) if old else None,
        book.say("extension_asked") if each.extension_asked else None,
        state.note if state.status is not Status.BLOCKED else None,
    ]
    return "\n".join(part for part in parts_of if part)


def _completed_on(each: Assignment, zone: ZoneInfo) -> date | None:
    """The day of the report that was accepted: by it the deadline was kept or not."""
    moment = each.state.reported_at or each.state.accepted_at
    if each.state.status is not Status.ACCEPTED or moment is None:
        return None
    return moment.astimezone(zone).date()


def _days_late(book: _Book, each: Assignment) -> int | None:
    """Days after the deadline until the report, or until now where there is none; nothing where in time."""
    where = cell(each.state, book.now, book.zone)
    if each.due is None or where not in (Cell.OPEN_OVERDUE, Cell.REPORTED_LATE, Cell.ACCEPTED_LATE):
        return None
    reported = None if where is Cell.OPEN_OVERDUE else each.state.reported_at or each.state.accepted_at
    return reckoned.days_late(each.due.on, reported or book.now, book.zone)


def _obstacle(book: _Book, each: Assignment) -> str | None:
    state = each.state
    if state.status is not Status.BLOCKED:
        return None
    said = book.wording.say(parts.obstacle(state.obstacle))
    return f"{said}: {state.note}" if state.note else said


def _messages(book: _Book) -> Page:
    widths = {"row": 10, "code": 10, "unit": 28, "typed": 70, "by": 24, "at": 18, "channel": 14}
    columns = [Column(book.say(f"column.{name}"), width) for name, width in widths.items()]
    known = {each.id: each for each in book.rows}
    told = sorted(book.sources, key=lambda source: (book.numbers.get(source.assignment_id, 0), source.at, source.text))
    body: list[Cells] = []
    for source in told:
        each = known.get(source.assignment_id)
        behind = (book.numbers[each.id], each.task.code, each.unit_name) if each else (None, None, None)
        at = source.at.astimezone(book.zone)
        body += [(*behind, piece, source.by, at, source.channel) for piece in pieces(source.text)]
    return Page(book.say("page.messages"), _head(book, "page.messages"), columns, body, filtered=True)
