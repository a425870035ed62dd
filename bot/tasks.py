"""The task model: directives, tasks, assignments, and what may follow what. Pure; no store, no text, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

#: An assignment's extension is granted at most this often, unless the office decides otherwise.
EXTENSIONS_ALLOWED = 1
#: A sender may take a report back for this long, and only until the office has decided on it.
UNDO_FOR = timedelta(hours=24)
#: A tap has no platform time of its own: one that reaches us this long after the due is in time.
TAP_GRACE = timedelta(seconds=150)


class Status(StrEnum):
    """Where an assignment stands."""

    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    REPORTED = "reported"
    ACCEPTED = "accepted"
    RECALLED = "recalled"

    @property
    def open(self) -> bool:
        """Still on the unit's list."""
        return self not in _CLOSED

    @property
    def chased(self) -> bool:
        """Worth a reminder: what is reported waits for the office, not for the unit."""
        return self in _CHASED


_CLOSED = frozenset({Status.ACCEPTED, Status.RECALLED})
_CHASED = frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.BLOCKED})


class Acceptance(StrEnum):
    """Who turns `reported` into `accepted`."""

    OFFICE = "office"
    EVIDENCE = "evidence"
    AUTO = "auto"


class StepKind(StrEnum):
    """What can be said about an assignment: reports by the unit, decisions by the office."""

    NOT_STARTED = "not_started"
    PROGRESS = "progress"
    BLOCKED = "blocked"
    DONE = "done"
    ACCEPT = "accept"
    RETURN = "return"
    RECALL = "recall"
    REOPEN = "reopen"
    EXTEND = "extend"

    @property
    def is_report(self) -> bool:
        """Said by (or for) the unit."""
        return self in _REPORTS


_REPORTS = frozenset({StepKind.NOT_STARTED, StepKind.PROGRESS, StepKind.BLOCKED, StepKind.DONE})


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as people mean it: a day, or an hour of that day."""

    on: date
    at: time | None = None

    def ends(self, zone: ZoneInfo) -> datetime:
        """The first moment that is late: 00:00 of the day after, or the hour given."""
        if self.at is not None:
            return datetime.combine(self.on, self.at, zone)
        return datetime.combine(self.on + timedelta(days=1), time(), zone)


@dataclass(frozen=True, slots=True)
class Step:
    """One standing report or decision. `due` is the new deadline of an EXTEND, `follow_up` a blocker's date."""

    kind: StepKind
    at: datetime
    seat_id: int | None
    percent: int | None = None
    document: str | None = None
    note: str | None = None
    obstacle: str | None = None
    due: Due | None = None
    follow_up: date | None = None
    has_evidence: bool = False
    by_tap: bool = False
    for_unit: bool = False
    said_id: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """What the standing steps of an assignment add up to."""

    due: Due | None
    status: Status = Status.ASSIGNED
    percent: int | None = None
    document: str | None = None
    note: str | None = None
    obstacle: str | None = None
    follow_up: date | None = None
    last_report_at: datetime | None = None
    reported_at: datetime | None = None
    accepted_at: datetime | None = None
    reported_by_tap: bool = False
    extensions: int = 0
    has_evidence: bool = False

    @property
    def silent(self) -> bool:
        """No standing report."""
        return self.last_report_at is None


def fold(steps: Iterable[Step], due: Due | None) -> State:
    """The state after these standing steps, in order; `due` is the deadline the task was given."""
    state = State(due=due)
    for step in steps:
        state = followed_by(state, step)
    return state


def in_order(recorded: Iterable[Step]) -> tuple[Step, ...]:
    """Steps in the order in which they stand, out of the order in which they were recorded.

    Reports stand by the platform's time among themselves, but none goes behind a decision taken before it was known.
    """
    standing: list[Step] = []
    for step in recorded:
        place = len(standing)
        while place and standing[place - 1].at > step.at and step.kind.is_report and standing[place - 1].kind.is_report:
            place -= 1
        standing.insert(place, step)
    return tuple(standing)


def followed_by(state: State, step: Step) -> State:
    """The state once this step stands behind all others."""
    if step.kind.is_report:
        return _after_report(state, step)
    match step.kind:
        case StepKind.ACCEPT:
            # What was in the way no longer is; its words would read as a remark on what is finished.
            note = None if state.status is Status.BLOCKED else state.note
            return replace(state, status=Status.ACCEPTED, note=note, obstacle=None, follow_up=None, accepted_at=step.at)
        case StepKind.RETURN | StepKind.REOPEN:
            return replace(
                state,
                status=Status.IN_PROGRESS,
                note=step.note,
                obstacle=None,
                follow_up=None,
                reported_at=None,
                reported_by_tap=False,
                accepted_at=None,
            )
        case StepKind.RECALL:
            return replace(state, status=Status.RECALLED, note=step.note)
        case _:
            return replace(state, due=step.due, extensions=state.extensions + 1)


_REPORTED = {
    StepKind.NOT_STARTED: Status.ASSIGNED,
    StepKind.PROGRESS: Status.IN_PROGRESS,
    StepKind.BLOCKED: Status.BLOCKED,
    StepKind.DONE: Status.REPORTED,
}


def _after_report(state: State, step: Step) -> State:
    done = step.kind is StepKind.DONE
    # What is added to a finished report (a number, a file, a second "xong") does not make it a later one.
    added = done and state.status is Status.REPORTED
    blocked = step.kind is StepKind.BLOCKED
    keep = state.percent if step.kind in (StepKind.PROGRESS, StepKind.BLOCKED) else None
    return State(
        due=state.due,
        status=_REPORTED[step.kind],
        percent=step.percent if step.percent is not None else keep,
        document=step.document or state.document,
        note=step.note,
        obstacle=step.obstacle if blocked else None,
        follow_up=step.follow_up if blocked else None,
        last_report_at=step.at,
        reported_at=state.reported_at if added else step.at if done else None,
        accepted_at=state.accepted_at,
        reported_by_tap=state.reported_by_tap if added else done and step.by_tap,
        extensions=state.extensions,
        has_evidence=state.has_evidence or step.has_evidence,
    )


def settles_itself(policy: Acceptance, state: State) -> bool:
    """Whether a finished report is accepted without a clerk."""
    if state.status is not Status.REPORTED:
        return False
    if policy is Acceptance.AUTO:
        return True
    return policy is Acceptance.EVIDENCE and (state.document is not None or state.has_evidence)


def refusal(state: State, kind: StepKind) -> str | None:
    """Why this step can't follow this state (a key under `refused.`), or None where it may.

    The office may decide on all that is open, whether the unit has reported or not.
    """
    if kind.is_report:
        return {Status.ACCEPTED: "already_accepted", Status.RECALLED: "recalled"}.get(state.status)
    if kind is StepKind.REOPEN:
        return "still_open" if state.status.open else None
    return None if state.status.open else "closed"


def extension_refusal(state: State, asked: date | None, now_on: date) -> str | None:
    """Why an extension can't even be asked for (a key under `refused.`): rules known at once."""
    if not state.status.open:
        return "closed"
    if state.due is None:
        return "no_deadline"
    if state.extensions >= EXTENSIONS_ALLOWED:
        return "extended_before"
    if asked is not None and (asked <= state.due.on or asked < now_on):
        return "not_later"
    return None


class Cell(StrEnum):
    """The cells of every total; each assignment stands in exactly one, `recalled` outside all totals."""

    ACCEPTED_IN_TIME = "accepted_in_time"
    ACCEPTED_LATE = "accepted_late"
    ACCEPTED_NO_DUE = "accepted_no_due"
    REPORTED_IN_TIME = "reported_in_time"
    REPORTED_LATE = "reported_late"
    REPORTED_NO_DUE = "reported_no_due"
    OPEN_IN_TIME = "open_in_time"
    OPEN_OVERDUE = "open_overdue"
    OPEN_NO_DUE = "open_no_due"
    RECALLED = "recalled"


def cell(state: State, now: datetime, zone: ZoneInfo) -> Cell:
    """Where an assignment counts at this moment. Late is judged by the platform's time of the standing report."""
    if state.status is Status.RECALLED:
        return Cell.RECALLED
    stage = {Status.ACCEPTED: "accepted", Status.REPORTED: "reported"}.get(state.status, "open")
    if state.due is None:
        return Cell(f"{stage}_no_due")
    if stage == "open":
        return Cell.OPEN_OVERDUE if now >= state.due.ends(zone) else Cell.OPEN_IN_TIME
    late = reported_late(state, zone)
    return Cell(f"{stage}_late" if late else f"{stage}_in_time")


def reported_late(state: State, zone: ZoneInfo) -> bool:
    """Whether the standing "done" came after the deadline; a tap has a little grace.

    Where the office accepted what nobody had reported as done, the moment of its acceptance takes that place.
    """
    moment = state.reported_at or state.accepted_at
    if state.due is None or moment is None:
        return False
    ends = state.due.ends(zone)
    return moment > ends + TAP_GRACE if state.reported_by_tap else moment >= ends


@dataclass(frozen=True, slots=True)
class Directive:
    """A notice, dispatch or plan from which tasks come."""

    id: int
    number: str | None
    title: str
    issued_on: date
    resolutions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One duty with its six clear points: people, work, time, responsibility, product, authority."""

    id: int
    code: str
    directive_id: int
    title: str
    resolutions: tuple[str, ...]
    due: Due | None = None
    due_phrase: str | None = None
    responsibility: str | None = None
    product: str | None = None
    authority: str | None = None
    co_units: tuple[str, ...] = ()
    recurs: str | None = None
    remark: str | None = None
    draft: bool = False
    #: The unit that follows it up in all units, and its name.
    follow_up_unit_id: int | None = None
    follow_up_unit: str | None = None

    @property
    def resolution(self) -> str | None:
        """The signs it serves, as the reader of replies wants them."""
        return ", ".join(self.resolutions) or None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task given to one unit, and where it stands."""

    id: int
    task: Task
    unit_id: int
    unit_code: str
    unit_name: str
    state: State
    assigned_at: datetime
    due_version: int = 1
    received_at: datetime | None = None
    extension_asked: bool = False

    @property
    def due(self) -> Due | None:
        """The deadline in force."""
        return self.state.due


@dataclass(frozen=True, slots=True)
class Change:
    """What one step did to one assignment; the journal keeps it."""

    assignment_id: int
    before: State
    after: State
    step: Step
    recorded_at: datetime


def urgency(assignment: Assignment) -> tuple[bool, bool, date, str]:
    """Sort key of a unit's list: reported last, dated before undated, nearest deadline first."""
    due = assignment.due
    return (
        assignment.state.status is Status.REPORTED,
        due is None,
        due.on if due else date.max,
        assignment.task.code,
    )
