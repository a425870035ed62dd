"""What waits for the office: reports to confirm, requests to decide, drafts that nobody has been given. Complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.case import Case
from bot.conversation import Request, RequestKind
from bot.effects import Effect, Say
from bot.messages import Choice, Outgoing, Text, Value, lines, text
from bot.reports import parts
from bot.reports.names import order
from bot.tasks import Assignment, Status, Task, reported_late
from handlers.request_words import request_words

#: So many requests get a button of their own; the others are decided by typing.
_BUTTONS = 3
_GRANTABLE = (RequestKind.EXTENSION, RequestKind.JOIN, RequestKind.HANDOVER, RequestKind.AFTER_ACCEPTANCE)


def show_waiting(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """Reports are numbered 1, 2, 3; requests keep the numbers of their own."""
    reports = sorted(case.book.assignments.in_status(Status.REPORTED), key=_place)
    requests = case.book.talks.open_requests()
    drafts = case.book.assignments.drafts()
    if not (reports or requests or drafts):
        return [Say(Outgoing(case.person.id, text("waiting.nothing"), once=""))]
    says = lines(
        text("waiting.head", reports=str(len(reports)), requests=str(len(requests)), drafts=str(len(drafts))),
        *_report_lines(reports, ZoneInfo(case.province.zone)),
        *_request_lines(case, requests),
        *_draft_lines(drafts),
    )
    numbered = tuple(one.id for one in reports)
    return [Say(Outgoing(case.person.id, says, once="", numbered=numbered, choices=_choices(reports, requests)))]


def _place(one: Assignment) -> tuple[Any, ...]:
    """By task; units with a later deadline of their own stand behind the others, under that deadline."""
    return one.task.code, one.due != one.task.due, one.due.on if one.due else date.max, order(one.unit_name)


def _report_lines(reports: Sequence[Assignment], zone: ZoneInfo) -> Iterator[Value]:
    if not reports:
        return
    yield from ("", text("waiting.reports", n=len(reports)))
    headed = None
    for number, one in enumerate(reports, 1):
        if (one.task.code, one.due) != headed:
            headed = one.task.code, one.due
            yield text("waiting.task", code=one.task.code, title=one.task.title, due=parts.due(one.due))
        yield _report_line(number, one, zone)
    yield text("waiting.how_to_confirm")


def _report_line(number: int, one: Assignment, zone: ZoneInfo) -> Text:
    state = one.state
    in_time = "waiting.late" if reported_late(state, zone) else "waiting.in_time"
    details = tuple(
        part
        for part in (
            text("waiting.document", document=state.document) if state.document else text("waiting.no_document"),
            text(in_time if state.due else "waiting.reported", at=state.reported_at),
            text("waiting.evidence") if state.has_evidence else None,
        )
        if part is not None
    )
    return text("waiting.report", number=str(number), unit=one.unit_name, details=details)


def _request_lines(case: Case, requests: Sequence[Request]) -> Iterator[Value]:
    if not requests:
        return
    yield from ("", text("waiting.requests", n=len(requests)))
    about = {
        one.id: one
        for one in case.book.assignments.many(
            request.assignment_id for request in requests if request.assignment_id is not None
        )
    }
    for request in requests:
        yield request_words(request, about.get(request.assignment_id or 0))
    yield from _how_to_decide(requests)


def _how_to_decide(requests: Sequence[Request]) -> Iterator[Text]:
    """By the first of its kind: what is granted or refused, and what is answered in words."""
    granted = next((one for one in requests if one.kind in _GRANTABLE), None)
    if granted is not None:
        yield text("waiting.how_to_decide", number=str(granted.number))
    asked = next((one for one in requests if one.kind not in _GRANTABLE), None)
    if asked is not None:
        yield text("waiting.how_to_answer", number=str(asked.number))


def _draft_lines(drafts: Sequence[Task]) -> Iterator[Value]:
    if not drafts:
        return
    yield from ("", text("waiting.drafts", n=len(drafts)))
    for task in drafts:
        remark = text("waiting.remark", remark=task.remark) if task.remark else ""
        yield text("waiting.draft", code=task.code, title=task.title, remark=remark)


def _choices(reports: Sequence[Assignment], requests: Sequence[Request]) -> tuple[Choice, ...]:
    whole = (Choice(text("waiting.confirm_all"), "xác nhận tất cả"),) if reports else ()
    numbers = [request.number for request in requests if request.kind in _GRANTABLE][:_BUTTONS]
    return (
        *whole,
        *(Choice(text("waiting.grant", number=str(number)), f"duyệt {number}") for number in numbers),
    )
