"""A later deadline is asked for: a request with a reason, decided by the office; the clock runs on until then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.case import Case
from bot.conversation import QuestionKind, RequestKind, Verdict
from bot.effects import Ask, Effect, Offer, RaiseRequest, SettleRequest
from bot.messages import Text, lines, text
from bot.reading import OpenTask, read
from bot.reading.meaning import Item, Kind
from bot.tasks import Assignment, extension_refusal
from handlers import ask_office

#: The later dates offered where none was named, in working days after the present deadline (or today, where past).
_OFFERED = (2, 5, 10)


def request(
    case: Case, one: Assignment, item: Item, number: int, origin: Mapping[str, Any]
) -> tuple[Text, Sequence[Effect]]:
    """What to answer, and what is done: the request goes to the office, or the date is asked for first."""
    why = extension_refusal(one.state, item.due, case.today)
    if why == "not_later":
        return _ask_date(case, one, origin, text("refused.not_later", due=one.due.on if one.due else None))
    if why is not None:
        return text(f"refused.{why}", title=one.task.title), ()
    if item.due is None:
        return _ask_date(case, one, origin, text("extension.which_date", title=one.task.title))
    earlier = case.book.talks.open_requests(RequestKind.EXTENSION, one.id)
    seat = case.person.seat_for(one.unit_id)
    withdrawn = [SettleRequest(old.id, Verdict.WITHDRAWN, seat.id if seat else None) for old in earlier]
    old = one.due.on if one.due else None
    payload = {"from": old.isoformat() if old else None, "reason": item.reason}
    raised = RaiseRequest(number, RequestKind.EXTENSION, case.person.id, one.unit_id, one.id, item.due, payload)
    told = ask_office.tell_office(case, number, _for_office(case, one, item, number), accept=True)
    answer = text("extension.sent", title=one.task.title, due=item.due, old=old)
    return answer, [*withdrawn, raised, *told]


def _for_office(case: Case, one: Assignment, item: Item, number: int) -> Text:
    asked = text(
        "clerk.extension",
        number=number,
        unit=one.unit_name,
        name=case.person.name,
        code=one.task.code,
        title=one.task.title,
        old=one.due.on if one.due else None,
        due=item.due,
        percent=text("receipt.percent", percent=one.state.percent)
        if one.state.percent is not None
        else text("state.assigned"),
    )
    return lines(asked, text("clerk.in_words", said=case.text), text("clerk.how_to_decide", number=number))


def _ask_date(case: Case, one: Assignment, origin: Mapping[str, Any], says: Text) -> tuple[Text, Sequence[Effect]]:
    days = _offered(case, one)
    offers = tuple(Offer(text("extension.to", due=day), {"due": day.isoformat()}) for day in days)
    listed = tuple(text("option", number=number, label=offer.label) for number, offer in enumerate(offers, 1))
    payload = {"assignment": one.id, **origin}
    question = Ask(case.person.id, QuestionKind.EXTENSION_DATE, offers, payload, (one.id,))
    return lines(says, *listed, text("extension.or_type")), [question]


def _offered(case: Case, one: Assignment) -> tuple[date, ...]:
    calendar = case.book.people.calendar()
    start = max(one.due.on, case.today) if one.due else case.today
    if not calendar.is_working(start):
        start = calendar.step(start + timedelta(days=1), 0) if calendar.is_working(start + timedelta(days=1)) else start
    return tuple(calendar.step(start, days) for days in _OFFERED)


def date_given(case: Case) -> tuple[Item, ...] | None:
    """With the question of the date open, a bare date ("25/9", "thứ sáu") completes the request."""
    question = case.question
    if question is None or question.closed_at is not None or question.kind is not QuestionKind.EXTENSION_DATE:
        return None
    one = case.book.assignments.get(question.payload["assignment"])
    if one is None or case.now >= question.expires_at:
        return None
    asked = OpenTask(one.id, one.task.title, one.task.resolution, one.due.on if one.due else None)
    reading = read(f"xin gia hạn đến {case.text}", case.today, [asked], one.id)
    only = reading.items[0]
    complete = len(reading.items) == 1 and only.kind is Kind.EXTENSION and only.due is not None
    return reading.items if complete and reading.certain else None
